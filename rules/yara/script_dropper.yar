/*
    Script file that fetches a file, saves it or keeps it in memory, and runs it: VBScript, JScript, PowerShell, batch, HTA.
    Text about such scripts is kept out by the size, by the need for the language's own constructs and by leaving out messages and pages.
*/

rule script_dropper : script dropper
{
    meta:
        description = "Script that downloads a file and runs it"
        severity = "high"
        author = "Mailhound"
        false_positives = "installers and administration scripts; they seldom come by mail"

    strings:
        // an assignment, so that text about scripts does not count
        $wsh_object = /\b(Set|var|let|const)\s{1,4}\w{1,60}\s{0,4}=\s{0,4}(new\s{1,4})?(WScript\.|Server\.)?(CreateObject|ActiveXObject)\s{0,4}\(/ nocase ascii wide
        $wsh_fetch = /["'](MSXML2\.(Server)?XMLHTTP(\.\d\.0)?|Microsoft\.XMLHTTP|WinHttp\.WinHttpRequest(\.5\.1)?)["']/ nocase ascii wide
        $wsh_run = /["'](WScript\.Shell|Shell\.Application)["']/ nocase ascii wide
        $wsh_call = /\.(Run|Exec|ShellExecute)\s{0,4}[\("']/ nocase ascii wide
        $wsh_save = /\.SaveToFile\b/ nocase ascii wide

        $ps_fetch = /(\b(Invoke-WebRequest|iwr|Start-BitsTransfer)\s{1,4}(-\w{1,20}\s{1,4})?["'$(h]|\.Download(File|String|Data)\s{0,4}\()/ nocase ascii wide
        $ps_run = /(\bStart-Process\b|\bInvoke-Expression\b|\biex\s{0,4}[\(\$]|\|\s{0,4}iex\b)/ nocase ascii wide
        $ps_quiet = /-(w(indowstyle)?\s{1,4}h(idden)?|nop(rofile)?|ep\s{1,4}bypass|executionpolicy\s{1,4}bypass|enc(odedcommand)?\s{1,4}[A-Za-z0-9+\/=]{40,})\b/ nocase ascii wide

        $cmd_fetch = /\b(certutil(\.exe)?\s[^\r\n]{0,80}-urlcache|bitsadmin(\.exe)?\s[^\r\n]{0,40}\/transfer|curl(\.exe)?\s[^\r\n]{0,120}\s-o\s)/ nocase ascii
        $cmd_run = /(\r|\n|&)\s{0,8}@?(start|call|cmd(\.exe)?\s{1,4}\/c|rundll32(\.exe)?|regsvr32(\.exe)?|mshta(\.exe)?)\s/ nocase ascii

        $message = /\n(Received|Message-ID|MIME-Version): / nocase
        $page = /<(!doctype\s+html|html)\b/ nocase

    condition:
        filesize < 512KB
        and not $message in (0..4096)
        and (
            ($wsh_object and $wsh_fetch and $wsh_run and ($wsh_call or $wsh_save))
            or (not $page in (0..512) and $ps_fetch and $ps_run and $ps_quiet)
            or (not $page in (0..512) and $cmd_fetch and $cmd_run)
        )
}
