//! Link protection of mail security services.

use super::{Target, Wrapper, decode, param_url};
use crate::url::{Url, percent_decode};

pub(super) static WRAPPERS: &[Wrapper] = &[
    Wrapper {
        name: "proofpoint",
        hosts: &["urldefense.proofpoint.com", "*.urldefense.*"],
        path: "",
        target: Target::Decode(proofpoint),
        examples: &[
            ("https://urldefense.proofpoint.com/v1/url?u=https://example.com/path%3Fa%3D1%26b%3D2&k=x", "https://example.com/path?a=1&b=2"),
            (
                "https://urldefense.proofpoint.com/v2/url?u=https-3A__example.com_path-3Fa-3D1-26b-3D2&d=DwMF&c=x",
                "https://example.com/path?a=1&b=2",
            ),
            ("https://urldefense.com/v3/__https://example.com/path?a=1&b=2__;!!abc!def$", "https://example.com/path?a=1&b=2"),
            ("https://urldefense.com/v3/__https://example.com/a*b**Ac__;KyMj!!abc!def$", "https://example.com/a+b##c"),
            ("https://urldefense.us/v3/__https://example.com/x__;!!abc!def$", "https://example.com/x"),
            ("https://eu.urldefense.io/v3/__https://example.com/x__;!!abc!def$", "https://example.com/x"),
        ],
    },
    Wrapper {
        name: "azure_safelink",
        hosts: &["*.safelinks.protection.outlook.com", "*.safelinks.o365.us", "*.safelinks.protection.office365.us"],
        path: "",
        target: Target::Param(&["url"]),
        examples: &[(
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&data=05%7C01&reserved=0",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "azure_safelink",
        hosts: &["statics.teams.cdn.office.net", "statics.teams.microsoft.com"],
        path: "/evergreen-assets/safelinks",
        target: Target::Param(&["url"]),
        examples: &[(
            "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&locale=en-us",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "barracuda",
        hosts: &["linkprotect.cudasvc.com", "*.linkprotect.cudasvc.com"],
        path: "/url",
        target: Target::Param(&["a"]),
        examples: &[(
            "https://linkprotect.cudasvc.com/url?a=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&c=E,1,abc&typo=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "cisco",
        hosts: &["secure-web.cisco.com"],
        path: "/",
        target: Target::Decode(last_segment),
        examples: &[(
            "https://secure-web.cisco.com/1abcDEF-x_y/https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "checkpoint",
        hosts: &["protect.checkpoint.com", "*.avanan.click", "*.checkpoint.com"],
        path: "/v2/",
        target: Target::Decode(checkpoint),
        examples: &[
            ("https://protect.checkpoint.com/v2/___https://example.com/path?a=1&b=2___.YXAzOmFiYw", "https://example.com/path?a=1&b=2"),
            ("https://url.avanan.click/v2/r01/___myyux://jcfruqj.htr/ufym___.YXAzOmFiYw", "https://example.com/path"),
        ],
    },
    Wrapper {
        name: "sophos",
        hosts: &["*.protection.sophos.com"],
        path: "",
        target: Target::Decode(sophos),
        examples: &[(
            "https://eu-west-1.protection.sophos.com?d=example.com&u=aHR0cHM6Ly9leGFtcGxlLmNvbS9wYXRoP2E9MSZiPTI%3D&i=abc&t=def",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "fireeye",
        hosts: &["protect.fireeye.com", "protect2.fireeye.com", "*.fireeye.com", "protection.fireeyecloud.com", "*.fireeyecloud.com"],
        path: "",
        target: Target::Param(&["u"]),
        examples: &[(
            "https://protect2.fireeye.com/url?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "trend_micro",
        hosts: &["*.trendmicro.com"],
        path: "",
        target: Target::Decode(trend_micro),
        examples: &[
            (
                "https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
                "https://example.com/path?a=1&b=2",
            ),
            ("https://us-ctp.trendmicro.com/other?url=https%3A%2F%2Fexample.com%2Fx", "https://example.com/x"),
        ],
    },
    Wrapper {
        name: "fortimail",
        hosts: &["*"],
        path: "",
        target: Target::Decode(fortimail),
        examples: &[(
            "https://mail.example.org/fmlurlsvc/?fewReq=:B:abc&url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "edgepilot",
        hosts: &["link.edgepilot.com"],
        path: "/s/",
        target: Target::Param(&["u"]),
        examples: &[(
            "https://link.edgepilot.com/s/1a2b3c/abc?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "esvalabs",
        hosts: &["urlsand.esvalabs.com"],
        path: "",
        target: Target::Param(&["u"]),
        examples: &[(
            "https://urlsand.esvalabs.com/?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "inky",
        hosts: &["*.inky.com"],
        path: "/link",
        target: Target::Decode(inky),
        examples: &[
            (
                "https://shared.outlook.inky.com/link?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
                "https://example.com/path?a=1&b=2",
            ),
            (
                "https://shared.outlook.inky.com/link?domain=example.com&t=eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiAiaHR0cHM6Ly9leGFtcGxlLmNvbS9wYXRoP2E9MSZiPTIifQ.c2ln",
                "https://example.com/path?a=1&b=2",
            ),
        ],
    },
    Wrapper {
        name: "titanhq",
        hosts: &["*.titanhq.com"],
        path: "",
        target: Target::Param(&["url", "u"]),
        examples: &[(
            "https://linklock.titanhq.com/analyse?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "topsec",
        hosts: &["*.topsec.com"],
        path: "",
        target: Target::Param(&["u", "url"]),
        examples: &[(
            "https://scanner.topsec.com/?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "securence",
        hosts: &["*.securence.com"],
        path: "",
        target: Target::Param(&["u", "url"]),
        examples: &[(
            "https://www.securence.com/scan?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "exclaimer",
        hosts: &["*.exclaimer.net"],
        path: "/url",
        target: Target::Param(&["url", "u"]),
        examples: &[(
            "https://eu.content.exclaimer.net/url?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "cloudflare",
        hosts: &["*.cloudflare-email.net", "*.cf-emailsecurity.com", "*.area1security.com"],
        path: "",
        target: Target::Decode(param_or_path),
        examples: &[(
            "https://us.cloudflare-email.net/redirect?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "sublime",
        hosts: &["*.sublimesecurity.com", "*.sublime.security"],
        path: "",
        target: Target::Param(&["url", "u", "target"]),
        examples: &[(
            "https://links.sublimesecurity.com/click?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
];

/// All three generations of the service (the vendor's "URL Defense decoder" describes them).
fn proofpoint(url: &Url) -> Option<String> {
    let path = url.path.as_deref()?;
    if path.starts_with("/v1/") {
        return decode::param(url, &["u"]);
    }
    if path.starts_with("/v2/") {
        let (_, raw) = crate::url::pairs(url.query_params.as_deref()?).find(|(name, _)| *name == "u")?;
        return Some(percent_decode(&raw.replace('-', "%").replace('_', "/")).into_owned());
    }
    let (_, after) = url.url.split_once("/v3/__")?;
    let (target, tail) = after.rsplit_once("__;")?;
    let replaced = decode::base64_bytes(tail.split('!').next()?)?;
    let replaced = String::from_utf8(replaced).ok()?;
    Some(fill_stars(target, &mut replaced.chars()))
}

/// Puts back what the third generation took out: `*` is one character, `**X` a run of 2 + the place of X in the alphabet of base64url.
fn fill_stars(target: &str, replaced: &mut impl Iterator<Item = char>) -> String {
    let mut filled = String::with_capacity(target.len());
    let mut rest = target.chars();
    while let Some(c) = rest.next() {
        if c != '*' {
            filled.push(c);
            continue;
        }
        let mut ahead = rest.clone();
        let run = match (ahead.next(), ahead.next()) {
            (Some('*'), Some(length)) => run_length(length),
            _ => None,
        };
        match run {
            Some(length) => {
                rest = ahead;
                filled.extend(replaced.by_ref().take(length));
            }
            None => filled.extend(replaced.next()),
        }
    }
    filled
}

fn run_length(c: char) -> Option<usize> {
    let place = match c {
        'A'..='Z' => c as usize - 'A' as usize,
        'a'..='z' => c as usize - 'a' as usize + 26,
        '0'..='9' => c as usize - '0' as usize + 52,
        '-' => 62,
        '_' => 63,
        _ => return None,
    };
    Some(2 + place)
}

fn last_segment(url: &Url) -> Option<String> {
    let path = url.path.as_deref()?;
    let (_, last) = path.rsplit_once('/').filter(|(before, _)| !before.is_empty())?;
    Some(percent_decode(last).into_owned())
}

/// The target stands between `___` and `___`; behind `/r01/` its letters are rotated, so that `http` tells by how many.
fn checkpoint(url: &Url) -> Option<String> {
    let (before, after) = url.url.split_once("___")?;
    let (target, _) = after.rsplit_once("___")?;
    if before.ends_with("/v2/") {
        return Some(percent_decode(target).into_owned());
    }
    let first = target.bytes().next().filter(u8::is_ascii_alphabetic)?.to_ascii_lowercase();
    let shift = (26 + first - b'h') % 26;
    let back = |c: char| match c {
        'a'..='z' => (b'a' + (c as u8 - b'a' + 26 - shift) % 26) as char,
        'A'..='Z' => (b'A' + (c as u8 - b'A' + 26 - shift) % 26) as char,
        _ => c,
    };
    let target: String = target.chars().map(back).collect();
    target.starts_with("http").then(|| percent_decode(&target).into_owned())
}

fn sophos(url: &Url) -> Option<String> {
    let (_, raw) = crate::url::pairs(url.query_params.as_deref()?).find(|(name, _)| *name == "u")?;
    decode::base64_text(&percent_decode(raw))
}

/// The click-time service, by its path or by its hosts (`…-ctp`).
fn trend_micro(url: &Url) -> Option<String> {
    let by_path = url.path.as_deref().unwrap_or_default().to_ascii_lowercase().starts_with("/wis/clicktime/");
    (by_path || url.host().ends_with("-ctp.trendmicro.com")).then(|| param_url(url, &["url"]))?
}

fn fortimail(url: &Url) -> Option<String> {
    url.path.as_deref()?.contains("/fmlurlsvc/").then(|| decode::param(url, &["url"]))?
}

fn inky(url: &Url) -> Option<String> {
    param_url(url, &["url"]).or_else(|| decode::jwt_member(&decode::param(url, &["t"])?, &["url", "originalUrl", "original_url"]))
}

fn param_or_path(url: &Url) -> Option<String> {
    param_url(url, &["url", "u", "target"]).or_else(|| decode::embedded(url))
}
