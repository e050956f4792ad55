//! Redirectors and proxies of Google.

use super::{Target, Wrapper, decode, param_url};
use crate::url::Url;

pub(super) static WRAPPERS: &[Wrapper] = &[
    Wrapper {
        name: "google_meet_redirect",
        hosts: &["meet.google.com"],
        path: "/linkredirect",
        target: Target::Param(&["dest"]),
        examples: &[(
            "https://meet.google.com/linkredirect?dest=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "google_notifications",
        hosts: &["notifications.google.com", "notifications.googleapis.com"],
        path: "",
        target: Target::Param(&["url", "q", "u", "continue", "target", "dest"]),
        examples: &[(
            "https://notifications.google.com/g/p/x?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "google_travel_redirect",
        hosts: &["google.*", "www.google.*"],
        path: "/travel/clk",
        target: Target::Param(&["pcurl"]),
        examples: &[(
            "https://www.google.co.uk/travel/clk/f?pcurl=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "google_amp",
        hosts: &["google.*", "www.google.*"],
        path: "/amp/",
        target: Target::Decode(amp),
        examples: &[
            ("https://www.google.com/amp/s/example.com/path?a=1&b=2", "https://example.com/path?a=1&b=2"),
            ("https://google.de/amp/example.com/x", "http://example.com/x"),
        ],
    },
    Wrapper {
        name: "google_open_redirect",
        hosts: &["google.*", "www.google.*", "maps.google.*", "images.google.*"],
        path: "/url",
        target: Target::Param(&["q", "url", "adurl"]),
        examples: &[
            ("https://www.google.com.br/url?q=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1", "https://example.com/path?a=1&b=2"),
            ("https://images.google.de/url?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1", "https://example.com/path?a=1&b=2"),
        ],
    },
    Wrapper {
        name: "google_amp_project",
        hosts: &["*.cdn.ampproject.org"],
        path: "/",
        target: Target::Decode(amp_project),
        examples: &[("https://example-com.cdn.ampproject.org/c/s/example.com/path?a=1&b=2", "https://example.com/path?a=1&b=2")],
    },
    Wrapper {
        name: "google_adservices",
        hosts: &["www.googleadservices.com", "googleadservices.com"],
        path: "/pagead/aclk",
        target: Target::Param(&["adurl"]),
        examples: &[(
            "https://www.googleadservices.com/pagead/aclk?sa=L&ai=abc&adurl=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "doubleclick",
        hosts: &["*.doubleclick.net"],
        path: "",
        target: Target::Decode(doubleclick),
        examples: &[
            (
                "https://adclick.g.doubleclick.net/pcs/click?adurl=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
                "https://example.com/path?a=1&b=2",
            ),
            ("https://ad.doubleclick.net/ddm/clk/1;2;a?https://example.com/path?a=1&b=2", "https://example.com/path?a=1&b=2"),
        ],
    },
    Wrapper {
        name: "google_tag_manager",
        hosts: &["*.googletagmanager.com"],
        path: "",
        target: Target::Param(&["url", "u", "l", "dl", "target"]),
        examples: &[(
            "https://www.googletagmanager.com/debug?url=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "google_translate_open_redirect",
        hosts: &["translate.google.*"],
        path: "/translate",
        target: Target::Param(&["u"]),
        examples: &[(
            "https://translate.google.com/translate?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "google_translate_open_redirect",
        hosts: &["*.translate.goog"],
        path: "",
        target: Target::Decode(translate_host),
        examples: &[(
            "https://my--site-example-com.translate.goog/path?a=1&_x_tr_sl=en&_x_tr_tl=de",
            "https://my-site.example.com/path?a=1",
        )],
    },
    Wrapper {
        name: "google_user_content",
        hosts: &["*.googleusercontent.com"],
        path: "",
        target: Target::Decode(after_hash_or_path),
        examples: &[(
            "https://ci3.googleusercontent.com/proxy/abc=s0-d-e1-ft#https://example.com/path?a=1&b=2",
            "https://example.com/path?a=1&b=2",
        )],
    },
];

/// `/amp/s/host/path` for https, `/amp/host/path` for http.
fn amp(url: &Url) -> Option<String> {
    secure_or_not(after_path(url, "/amp/")?)
}

/// `/c/`, `/v/` or `/i/`, then as for AMP.
fn amp_project(url: &Url) -> Option<String> {
    secure_or_not(["/c/", "/v/", "/i/"].iter().find_map(|kind| after_path(url, kind))?)
}

fn secure_or_not(rest: &str) -> Option<String> {
    Some(match rest.strip_prefix("s/") {
        Some(rest) => format!("https://{rest}"),
        None if rest.contains("://") => rest.to_owned(),
        None => format!("http://{rest}"),
    })
}

/// What follows `prefix` at the start of the path, with query and fragment.
fn after_path<'a>(url: &'a Url, prefix: &str) -> Option<&'a str> {
    let path = url.path.as_deref()?;
    let start = url.url.find(path)?;
    let tail = &url.url[start..];
    tail.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix)).map(|_| &tail[prefix.len()..])
}

fn doubleclick(url: &Url) -> Option<String> {
    param_url(url, &["adurl"]).or_else(|| decode::embedded(url))
}

/// `my--site-example-com.translate.goog` is `my-site.example.com`; parameters of the translator go.
fn translate_host(url: &Url) -> Option<String> {
    let coded = url.host().strip_suffix(".translate.goog")?;
    let host = coded.replace("--", "\u{0}").replace('-', ".").replace('\u{0}', "-");
    let query: Vec<&str> =
        url.query_params.as_deref().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("_x_tr_")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    Some(format!("https://{host}{}{query}", url.path.as_deref().unwrap_or_default()))
}

fn after_hash_or_path(url: &Url) -> Option<String> {
    url.fragment.clone().filter(|target| target.contains("://")).or_else(|| decode::embedded(url))
}
