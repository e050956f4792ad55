//! Click tracking of mailing and marketing services.

use super::{Target, Wrapper, decode, param_url};
use crate::url::{Url, percent_decode};

pub(super) static WRAPPERS: &[Wrapper] = &[
    Wrapper {
        name: "mandrill",
        hosts: &["mandrillapp.com", "*.mandrillapp.com"],
        path: "/track/click/",
        target: Target::Decode(mandrill),
        examples: &[(
            "https://mandrillapp.com/track/click/123/example.com?p=eyJzIjogIngiLCAidiI6IDEsICJwIjogIntcInVcIjogMSwgXCJ2XCI6IDEsIFwidXJsXCI6IFwiaHR0cHM6Ly9leGFtcGxlLmNvbS9wYXRoP2E9MSZiPTJcIn0ifQ",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "mailgun",
        hosts: &["*"],
        path: "/c/ej",
        target: Target::Decode(mailgun),
        examples: &[(
            "https://email.mg.example.org/c/eJzLsE1MSlbLsc0oKSkoVjV2VDVyA6LUisTcgpxUveT8XCCvILEkQ9XYLVHV2MVQ1cgsCUgbqRXZVgAARDYSGg",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "mailjet",
        hosts: &["*.mjt.lu"],
        path: "/lnk/",
        target: Target::Decode(base64_segment),
        examples: &[("https://0abc.mjt.lu/lnk/AAAA/2/xyz/aHR0cHM6Ly9leGFtcGxlLmNvbS9wYXRoP2E9MSZiPTI", "https://example.com/path?a=1&b=2")],
    },
    Wrapper {
        name: "aws_ses",
        hosts: &["*.awstrack.me"],
        path: "/l0/",
        target: Target::Decode(second_segment),
        examples: &[(
            "https://abc123.r.us-east-1.awstrack.me/L0/https:%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2/1/0100018f/sig=12",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "aws_ses",
        hosts: &["*.awstrack.me"],
        path: "/cl0/",
        target: Target::Decode(second_segment),
        examples: &[("https://abc123.r.eu-west-1.awstrack.me/CL0/https:%2F%2Fexample.com%2Fx/1/0100018f/sig=12", "https://example.com/x")],
    },
    Wrapper {
        name: "azurecomm",
        hosts: &["*.azurecomm.net"],
        path: "",
        target: Target::Param(&["url", "target", "u"]),
        examples: &[(
            "https://us.azurecomm.net/t/c?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "convertkit",
        hosts: &[
            "*.convertkit-mail.com",
            "*.convertkit-mail2.com",
            "*.convertkit-mail3.com",
            "*.convertkit-mail4.com",
            "*.kit-mail2.com",
            "*.kit-mail3.com",
            "*.kit-mail6.com",
        ],
        path: "/",
        target: Target::Decode(base64_segment),
        examples: &[(
            "https://click.convertkit-mail2.com/abc/def/aHR0cHM6Ly9leGFtcGxlLmNvbS9wYXRoP2E9MSZiPTI=",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "postmark",
        hosts: &["click.pstmrk.it"],
        path: "/",
        target: Target::Decode(postmark),
        examples: &[("https://click.pstmrk.it/3s/example.com%2Fpath%3Fa%3D1%26b%3D2/abc/def/ghi", "https://example.com/path?a=1&b=2")],
    },
    Wrapper {
        name: "squarespace",
        hosts: &["*.squarespace-mail.com"],
        path: "/r",
        target: Target::Param(&["u", "url"]),
        examples: &[(
            "https://engage.squarespace-mail.com/r?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "sqclick",
        hosts: &["*.sqclick.com", "*.sqclick.net", "*.sqclick.io"],
        path: "",
        target: Target::Param(&["u", "url"]),
        examples: &[(
            "https://click.sqclick.com/r?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "wix",
        hosts: &["shoutout.wix.com", "*.shoutout.wix.com", "*.wix.com"],
        path: "/so/",
        target: Target::Decode(wix),
        examples: &[(
            "https://shoutout.wix.com/so/abcOdef/c?w=eyJ1IjogImh0dHBzOi8vZXhhbXBsZS5jb20vcGF0aD9hPTEmYj0yIiwgInIiOiAiMSIsICJtIjogIm1haWwifQ",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "vtiger",
        hosts: &["*.vtiger.com"],
        path: "",
        target: Target::Param(&["u", "url"]),
        examples: &[(
            "https://acme.od1.vtiger.com/modules/Emails/TrackAccess.php?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "microsoft_dynamics",
        hosts: &["*.dynamics.com"],
        path: "/api/orgs/",
        target: Target::Decode(dynamics),
        examples: &[(
            "https://public-usa.mkt.dynamics.com/api/orgs/0a/r/bc?target=%7B%22TargetUrl%22%3A%20%22https%253A%252F%252Fexample.com%252Fpath%253Fa%253D1%2526b%253D2%22%2C%20%22RedirectOptions%22%3A%20%7B%7D%7D&digest=x",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "monday_tracker",
        hosts: &["trackingservice.monday.com", "*.trackingservice.monday.com"],
        path: "/tracker/link",
        target: Target::Decode(monday),
        examples: &[(
            "https://trackingservice.monday.com/tracker/link?token=eyJhbGciOiJIUzI1NiJ9.eyJvcmlnaW5hbFVybCI6ICJodHRwczovL2V4YW1wbGUuY29tL3BhdGg_YT0xJmI9MiIsICJlbWFpbElkIjogIjEifQ.c2ln",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "messagegears",
        hosts: &["*.messagegears.net", "*.messagegears.com"],
        path: "",
        target: Target::Decode(param_or_path),
        examples: &[(
            "https://click.messagegears.net/c?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "go_acoustic",
        hosts: &["*.goacoustic.com"],
        path: "",
        target: Target::Decode(param_or_path),
        examples: &[(
            "https://links.mkt.goacoustic.com/ctt?r=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "pylonlinks",
        hosts: &["*.pylonlinks.com"],
        path: "",
        target: Target::Decode(param_or_path),
        examples: &[(
            "https://app.pylonlinks.com/l?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "ppcprotect",
        hosts: &["*.ppcprotect.com"],
        path: "",
        target: Target::Decode(ppcprotect),
        examples: &[(
            "https://monitor.ppcprotect.com/v1.0/template?lpurl=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "exactag",
        hosts: &["*.exactag.com"],
        path: "",
        target: Target::Decode(param_or_path),
        examples: &[(
            "https://m.exactag.com/cl.aspx?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "adobe",
        hosts: &["*.adobe.com", "*.adobesystems.com", "*.everesttech.net", "*.demdex.net"],
        path: "",
        target: Target::Decode(adobe),
        examples: &[(
            "https://pixel.everesttech.net/1234/c?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "appspot",
        hosts: &["*.appspot.com"],
        path: "",
        target: Target::Decode(param_or_path),
        examples: &[("https://track-x.appspot.com/r/https://example.com/path?a=1&b=2", "https://example.com/path?a=1&b=2")],
    },
    Wrapper {
        name: "branch_io",
        hosts: &["*.app.link", "*.bnc.lt"],
        path: "",
        target: Target::Param(&["$fallback_url", "$desktop_url", "$canonical_url", "$android_url", "$ios_url"]),
        examples: &[(
            "https://acme.app.link/?%24fallback_url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2",
            "https://example.com/path?a=1&b=2",
        )],
    },
];

/// `p` is base64 of a JSON object whose member `p` is again JSON, as text, with the `url`.
fn mandrill(url: &Url) -> Option<String> {
    let outer = decode::json(&decode::param(url, &["p"])?)?;
    let inner: serde_json::Value = serde_json::from_str(outer.get("p")?.as_str()?).ok()?;
    inner.get("url")?.as_str().map(str::to_owned)
}

/// The path is a query string, deflated and in base64; `l` is the target.
fn mailgun(url: &Url) -> Option<String> {
    let packed = decode::base64_bytes(segments(url).nth(1)?)?;
    let query = decode::inflate(&packed)?;
    crate::url::first_param(&query, &["l"])
}

fn base64_segment(url: &Url) -> Option<String> {
    decode::base64_text(&percent_decode(segments(url).last()?))
}

fn second_segment(url: &Url) -> Option<String> {
    Some(percent_decode(segments(url).nth(1)?).into_owned())
}

/// `/3s/` or `/3ts/`, then the target without its scheme.
fn postmark(url: &Url) -> Option<String> {
    let is_version = segments(url).next()?.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('t') == "s";
    let target = percent_decode(segments(url).nth(1)?).into_owned();
    is_version.then(|| if target.contains("://") { target } else { format!("https://{target}") })
}

fn wix(url: &Url) -> Option<String> {
    decode::param(url, &["w"])?.split('.').filter_map(decode::json).find_map(|json| json.get("u")?.as_str().map(str::to_owned))
}

fn dynamics(url: &Url) -> Option<String> {
    let target: serde_json::Value = serde_json::from_str(&decode::param(url, &["target"])?).ok()?;
    let target = target.get("TargetUrl")?.as_str()?;
    Some(if target.contains("://") { target.to_owned() } else { percent_decode(target).into_owned() })
}

fn monday(url: &Url) -> Option<String> {
    decode::jwt_member(&decode::param(url, &["token"])?, &["originalUrl"])
}

fn param_or_path(url: &Url) -> Option<String> {
    param_url(url, &["url", "u", "r", "link"]).or_else(|| decode::embedded(url))
}

fn ppcprotect(url: &Url) -> Option<String> {
    param_url(url, &["lpurl", "adurl"]).or_else(|| param_or_path(url))
}

fn adobe(url: &Url) -> Option<String> {
    param_url(url, &["p1", "d_rd"]).or_else(|| param_or_path(url))
}

fn segments(url: &Url) -> impl Iterator<Item = &str> {
    url.path.as_deref().unwrap_or_default().trim_start_matches('/').split('/')
}
