/*
    PDF that runs a script or a program when it is opened and reaches outside with it.
    Names may be written with #xx escapes (ISO 32000-1, 7.3.5); the plain and the commonest escaped spellings are known.
*/

rule pdf_script_on_open : pdf
{
    meta:
        description = "PDF with an open action whose script leaves the document, or that launches a program"
        severity = "high"
        author = "Mailhound"
        false_positives = "forms that send themselves by mail when they are opened"

    strings:
        $header = "%PDF-"

        $open_action = /\/(OpenAction|Open#41ction|#4fpenAction|AA)\b/ nocase
        $script = /\/(JavaScript|JS|J#53|#4a#53|#4aavaScript)\b/ nocase

        $leave_url = /\bapp\.launchURL\s{0,4}\(/
        $leave_submit = /\b(this|doc)\.submitForm\s{0,4}\(/
        $leave_get = /\b(this|doc)\.getURL\s{0,4}\(/
        $leave_export = /\bexportDataObject\s{0,4}\(/
        $hide_eval = /\beval\s{0,4}\(/
        $hide_unescape = /\bunescape\s{0,4}\(/
        $hide_codes = "String.fromCharCode"

        $launch = /\/Launch\b/
        $launch_target = /\/(Win|F)\s{0,4}(<<|\()[^)]{0,200}\.(exe|cmd|bat|vbs|js|hta|lnk|ps1)\b/ nocase

    condition:
        $header in (0..1024)
        and filesize < 30MB
        and (
            ($open_action and $script and (any of ($leave_*) or 2 of ($hide_*)))
            or ($launch and $launch_target)
        )
}
