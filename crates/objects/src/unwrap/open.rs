//! Redirectors of other sites, and redirection that no service owns.

use super::{Target, Wrapper, decode};
use crate::url::{Url, decode_component, pairs, percent_decode};

pub(super) static WRAPPERS: &[Wrapper] = &[
    Wrapper {
        name: "facebook",
        hosts: &["l.facebook.com", "lm.facebook.com", "www.facebook.com", "facebook.com"],
        path: "/l.php",
        target: Target::Param(&["u"]),
        examples: &[(
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "instagram",
        hosts: &["l.instagram.com"],
        path: "",
        target: Target::Param(&["u"]),
        examples: &[(
            "https://l.instagram.com/?u=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "youtube_set_sid",
        hosts: &["accounts.youtube.com"],
        path: "/accounts/setsid",
        target: Target::Param(&["continue"]),
        examples: &[(
            "https://accounts.youtube.com/accounts/SetSID?continue=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "bing_open_redirect",
        hosts: &["www.bing.com", "bing.com"],
        path: "/ck/a",
        target: Target::Decode(bing),
        examples: &[(
            "https://www.bing.com/ck/a?!&&p=abc&ptn=3&u=a1aHR0cHM6Ly9leGFtcGxlLmNvbS9wYXRoP2E9MSZiPTI&ntb=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "yahoo",
        hosts: &["r.search.yahoo.com", "*.search.yahoo.com"],
        path: "/",
        target: Target::Decode(yahoo),
        examples: &[(
            "https://r.search.yahoo.com/_ylt=A;_ylu=Y/RV=2/RE=17/RO=10/RU=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2/RK=2/RS=x-",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "href_li",
        hosts: &["href.li"],
        path: "",
        target: Target::Decode(whole_query),
        examples: &[("https://href.li/?https://example.com/path?a=1&b=2", "https://example.com/path?a=1&b=2")],
    },
    Wrapper {
        name: "deref_mail",
        hosts: &["deref-mail.com", "*.deref-mail.com", "deref-gmx.*", "deref-web.*", "deref-1und1.*"],
        path: "",
        target: Target::Param(&["redirectUrl"]),
        examples: &[(
            "https://deref-gmx.net/mail/client/x/dereferrer/?redirectUrl=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "indeed_open_redirect",
        hosts: &["*.indeed.com"],
        path: "",
        target: Target::Param(&["target", "url", "dest", "redirect", "continue", "u", "r"]),
        examples: &[(
            "https://engage.indeed.com/f/a/b?target=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "microsoft_oauth_redirect",
        hosts: &["login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net", "login.microsoft.com"],
        path: "",
        target: Target::Decode(oauth),
        examples: &[(
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=1&redirect_uri=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "microsoft",
        hosts: &["go.microsoft.com", "*.safelink.emails.azure.net", "click.email.microsoftonline.com"],
        path: "",
        target: Target::Param(&["url", "target", "destination"]),
        examples: &[(
            "https://go.microsoft.com/fwlink/?target=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "generic_desturl",
        hosts: &["*"],
        path: "",
        target: Target::Param(&["desturl"]),
        examples: &[(
            "https://tracker.example.org/c?desturl=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2&x=1",
            "https://example.com/path?a=1&b=2",
        )],
    },
    Wrapper {
        name: "generic_logout_redirect",
        hosts: &["*"],
        path: "",
        target: Target::Decode(logout),
        examples: &[(
            "https://sso.example.org/app/logout?next=/home&returnTo=https%3A%2F%2Fexample.com%2Fpath%3Fa%3D1%26b%3D2",
            "https://example.com/path?a=1&b=2",
        )],
    },
];

/// `u` is `a1` and base64url.
fn bing(url: &Url) -> Option<String> {
    decode::base64_text(decode::param(url, &["u"])?.strip_prefix("a1")?)
}

fn yahoo(url: &Url) -> Option<String> {
    let (_, after) = url.path.as_deref()?.split_once("/RU=")?;
    Some(percent_decode(after.split("/RK=").next()?).into_owned())
}

fn whole_query(url: &Url) -> Option<String> {
    let (_, target) = url.url.split_once('?')?;
    Some(if target.contains("://") { target.to_owned() } else { percent_decode(target).into_owned() })
}

fn oauth(url: &Url) -> Option<String> {
    url.path.as_deref()?.to_ascii_lowercase().contains("/oauth2/").then(|| decode::param(url, &["redirect_uri"]))?
}

/// Any parameter with an absolute URL, when the path speaks of logging out.
fn logout(url: &Url) -> Option<String> {
    let path = url.path.as_deref()?.to_ascii_lowercase();
    if !["logout", "signout", "log-out", "sign-out", "logoff"].iter().any(|word| path.contains(word)) {
        return None;
    }
    let is_url = |text: &String| {
        ["http://", "https://", "//"].iter().any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
    };
    pairs(url.query_params.as_deref()?).map(|(_, value)| decode_component(value)).find(is_url)
}
