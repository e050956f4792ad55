/*
    HTML smuggling: a page that carries a file as encoded text and hands it to the browser as a download.
    All three steps must be there: decode, build, save.
*/

rule html_smuggling_blob : html smuggling
{
    meta:
        description = "HTML page that decodes embedded data, builds a blob from it and starts a download"
        severity = "high"
        author = "Mailhound"
        false_positives = "saved web pages with an export button that also decode base64 data"

    strings:
        $html = /<(!doctype\s+html|html|head|body|script|svg)\b/ nocase
        $script = "<script" nocase

        $decode_atob = /\batob\s{0,4}\(/
        $decode_codes = "fromCharCode"
        $decode_bytes = ".charCodeAt("

        $build_blob = /\bnew\s{1,4}(Blob|File)\s{0,4}\(/
        $build_array = /\bnew\s{1,4}(Uint8Array|ArrayBuffer)\s{0,4}\(/

        $save_url = "createObjectURL"
        $save_ie = "msSaveOrOpenBlob"
        $save_name = /\.download\s{0,4}=/
        $save_attribute = /setAttribute\(\s{0,4}["']download["']/

        // the whole message is the subject of other rules
        $message = /\n(Received|Message-ID|MIME-Version): / nocase

    condition:
        filesize < 20MB
        and $html in (0..4096)
        and $script
        and any of ($decode_*)
        and $build_blob
        and ($build_array or $decode_atob)
        and ($save_ie or ($save_url and ($save_name or $save_attribute)))
        and not $message in (0..4096)
}
