/*
    Source text of an Office macro, as it comes out of a document, that starts by itself, fetches something
    from the network and runs or saves it.
*/

rule macro_downloader : macro office
{
    meta:
        description = "VBA macro that starts with the document, downloads and executes"
        severity = "high"
        author = "Mailhound"
        false_positives = "add-ins that update themselves"

    strings:
        $vba_attribute = "Attribute VB_" ascii wide
        $vba_end = "End Sub" nocase ascii wide

        // at the start of a line, so that text about macros does not count
        $auto = /(\A|\n)[ \t]{0,16}((Private|Public)\s{1,4})?Sub\s{1,4}(Auto_?(Open|Close|Exec|New)|Document_?(Open|Close|New)|Workbook_?(Open|Activate|BeforeClose))\s{0,4}\(/ nocase ascii wide

        $fetch_api = "URLDownloadToFile" nocase ascii wide
        $fetch_xml = /\bMSXML2\.(Server)?XMLHTTP/ nocase ascii wide
        $fetch_win = "WinHttp.WinHttpRequest" nocase ascii wide
        $fetch_ps = /\b(DownloadFile|DownloadString|Invoke-WebRequest)\b/ nocase ascii wide
        $fetch_tool = /\b(bitsadmin|certutil)\b/ nocase ascii wide

        $run_shell = /\bShell\s{0,4}(\(|")/ nocase ascii wide
        $run_wscript = "WScript.Shell" nocase ascii wide
        $run_com = "Shell.Application" nocase ascii wide
        $run_stream = "ADODB.Stream" nocase ascii wide
        $run_execute = "ShellExecute" nocase ascii wide

        $message = /\n(Received|Message-ID|MIME-Version): / nocase

    condition:
        filesize < 5MB
        and ($vba_attribute or $vba_end)
        and $auto
        and any of ($fetch_*)
        and any of ($run_*)
        and not $message in (0..4096)
}
