/*
    ZIP archive whose directory names a Windows shortcut or an Internet shortcut file beside few others.
    The name stands in clear in the central directory, also when the members are encrypted.
*/

rule zip_with_shortcut : archive lnk
{
    meta:
        description = "ZIP archive that holds a Windows shortcut (.lnk) or search connector"
        severity = "high"
        author = "Mailhound"
        false_positives = "backups of a desktop folder"

    strings:
        // central directory header (APPNOTE.TXT 4.3.12): signature, 42 bytes of fixed fields, then the name
        $entry = { 50 4B 01 02 }
        $shortcut = /PK\x01\x02.{42}[^\x00-\x1f]{1,160}\.(lnk|library-ms|search-ms)/is

    condition:
        uint32(0) == 0x04034b50
        and filesize < 50MB
        and $shortcut
        and #entry <= 25
}
