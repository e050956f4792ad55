//! Link wrappers: protection services, click trackers and redirectors that hide the target of a link (mdm.md §11.4).
//!
//! One table per family, each entry with its hosts, how the target is read, and an example that runs as its test.
//! Mimecast is left alone on purpose: rules read the target's domain out of its parameters.

mod decode;
mod google;
mod open;
mod protection;
mod tracking;

use crate::url::{Rewrite, Url};

/// Layers that are taken off one URL (mdm.md §11.4).
const MAX_ROUNDS: usize = 10;

/// Longest wrapped URL that is looked at, in bytes.
const MAX_URL: usize = 64 << 10;

/// One service that wraps links.
pub struct Wrapper {
    /// The name in `rewrite.encoders`.
    pub name: &'static str,
    /// Hosts: a whole name; `*.x` for names below `x` and `x` itself; `x.*` for `x` below any suffix; `*.x.*` for both; `*` for every host.
    hosts: &'static [&'static str],
    /// What the path begins with, small letters; empty for any.
    path: &'static str,
    target: Target,
    /// A wrapped URL and its target.
    #[cfg_attr(not(test), allow(dead_code))]
    examples: &'static [(&'static str, &'static str)],
}

enum Target {
    /// The first of these parameters that holds a URL.
    Param(&'static [&'static str]),
    /// Something else; `None` when the URL is not of the wrapped kind.
    Decode(fn(&Url) -> Option<String>),
}

/// All wrappers. A more special one stands before a general one.
pub fn wrappers() -> impl Iterator<Item = &'static Wrapper> {
    [protection::WRAPPERS, tracking::WRAPPERS, google::WRAPPERS, open::WRAPPERS].into_iter().flatten()
}

/// The URL inside, with `rewrite` set when there was a wrapper.
pub(crate) fn unwrap(url: Url) -> Url {
    let mut encoders: Vec<String> = Vec::new();
    let mut current = url;
    let mut original = None;
    while encoders.len() < MAX_ROUNDS {
        let Some((name, target)) = unwrap_once(&current) else { break };
        encoders.push(name.to_owned());
        original.get_or_insert(current.url);
        current = target;
    }
    current.rewrite = original.map(|original| Rewrite { original, encoders });
    current
}

fn unwrap_once(url: &Url) -> Option<(&'static str, Url)> {
    if url.domain.is_none() || url.is_mail() || url.url.len() > MAX_URL {
        return None;
    }
    wrappers().filter(|wrapper| wrapper.matches(url)).find_map(|wrapper| Some((wrapper.name, wrapper.target(url)?)))
}

impl Wrapper {
    fn matches(&self, url: &Url) -> bool {
        let path = url.path.as_deref().unwrap_or_default();
        path.get(..self.path.len()).is_some_and(|head| head.eq_ignore_ascii_case(self.path))
            && self.hosts.iter().any(|pattern| host_matches(pattern, url))
    }

    fn target(&self, url: &Url) -> Option<Url> {
        let target = match self.target {
            Target::Param(names) => param_url(url, names)?,
            Target::Decode(decode) => decode(url)?,
        };
        let target = Url::parse_layer(&target)?;
        (target.domain.is_some() && !target.is_mail() && target.url != url.url).then_some(target)
    }
}

fn host_matches(pattern: &str, url: &Url) -> bool {
    let host = url.host();
    if pattern == "*" {
        return true;
    }
    if let Some(name) = pattern.strip_prefix("*.").and_then(|rest| rest.strip_suffix(".*")) {
        return url.domain.as_ref().is_some_and(|domain| domain.sld.as_deref() == Some(name));
    }
    if let Some(root) = pattern.strip_prefix("*.") {
        return host.strip_suffix(root).is_some_and(|left| left.is_empty() || left.ends_with('.'));
    }
    if let Some(name) = pattern.strip_suffix(".*") {
        let tld = url.domain.as_ref().and_then(|domain| domain.tld.as_deref()).unwrap_or_default();
        return host.strip_suffix(tld).and_then(|left| left.strip_suffix('.')) == Some(name);
    }
    host == pattern
}

/// The decoded value of the first of these parameters that holds a URL with a host.
fn param_url(url: &Url, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let value = decode::param(url, &[name])?;
        Url::parse_layer(&value).filter(|target| target.domain.is_some() && !target.is_mail()).map(|_| value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrapper_unwraps_its_examples() {
        for wrapper in wrappers() {
            assert!(!wrapper.examples.is_empty(), "{} has an example", wrapper.name);
            for (wrapped, target) in wrapper.examples {
                let url = Url::parse(wrapped).unwrap_or_else(|| panic!("{wrapped} is a URL"));
                assert_eq!(url.url, *target, "{wrapped}");
                let rewrite = url.rewrite.unwrap_or_else(|| panic!("{wrapped} is wrapped"));
                assert_eq!((rewrite.original.as_str(), rewrite.encoders), (*wrapped, vec![wrapper.name.to_owned()]));
            }
        }
    }

    #[test]
    fn every_published_name_is_there() {
        let mut names: Vec<&str> = wrappers().map(|wrapper| wrapper.name).collect();
        names.sort_unstable();
        names.dedup();
        // The names that the vendor publishes (mdm.md §11.4).
        let published = "adobe appspot aws_ses azure_safelink azurecomm barracuda bing_open_redirect branch_io checkpoint cisco cloudflare \
             convertkit deref_mail doubleclick edgepilot esvalabs exactag exclaimer facebook fireeye fortimail generic_desturl \
             generic_logout_redirect go_acoustic google_adservices google_amp google_amp_project google_meet_redirect \
             google_notifications google_open_redirect google_tag_manager google_translate_open_redirect google_travel_redirect \
             google_user_content href_li indeed_open_redirect inky instagram mailgun mailjet mandrill messagegears microsoft \
             microsoft_dynamics microsoft_oauth_redirect monday_tracker postmark ppcprotect proofpoint pylonlinks securence sophos \
             sqclick squarespace sublime titanhq topsec trend_micro vtiger wix yahoo youtube_set_sid";
        assert_eq!(names.join(" "), published);
        assert_eq!(names.len(), 62);
    }

    #[test]
    fn layers_come_off_one_by_one() {
        let inner = "https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Fx%3Fa%3D1";
        let outer = format!("https://eur01.safelinks.protection.outlook.com/?url={}&data=05", percent(inner));
        let url = Url::parse(&outer).unwrap();
        assert_eq!(url.url, "https://example.com/x?a=1");
        assert_eq!(url.rewrite.unwrap().encoders, ["azure_safelink", "google_open_redirect"]);
    }

    /// Each service around each other one: the outer name comes first, and the target is found.
    #[test]
    fn services_wrap_each_other() {
        let target = "https://example.com/path?a=1&b=2";
        let mut pairs = 0;
        for outer in [
            "https://nam02.safelinks.protection.outlook.com/?url=",
            "https://linkprotect.cudasvc.com/url?a=",
            "https://l.facebook.com/l.php?u=",
        ] {
            for wrapper in wrappers() {
                for (wrapped, _) in wrapper.examples.iter().filter(|(_, inner)| *inner == target) {
                    let url = Url::parse(&format!("{outer}{}", percent(wrapped))).unwrap();
                    let encoders = url.rewrite.unwrap().encoders;
                    assert_eq!(
                        (url.url.as_str(), encoders.len(), encoders.last().map(String::as_str)),
                        (target, 2, Some(wrapper.name)),
                        "{wrapped}"
                    );
                    pairs += 1;
                }
            }
        }
        assert!(pairs > 150);
    }

    #[test]
    fn a_shown_url_is_unwrapped_as_well() {
        let link = crate::Link::hyperlink(
            Url::href("https://href.li/?https://evil.example.net/", None),
            "https://href.li/?https://example.com/",
            true,
        );
        let (href, shown) = (link.href_url.unwrap(), link.display_url.unwrap());
        assert_eq!(
            (href.url.as_str(), shown.url.as_str(), link.mismatched),
            ("https://evil.example.net/", "https://example.com/", Some(true))
        );
    }

    #[test]
    fn other_hosts_are_no_wrappers() {
        for text in [
            "https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fexample.com",
            "https://notl.facebook.com.example/l.php?u=https%3A%2F%2Fexample.com",
            "https://www.google.evil.example/url?q=https%3A%2F%2Fexample.com",
            "https://urldefense.evil.example/v3/__https://example.com/__;!!a!b$",
            "https://example.com/page?url=https%3A%2F%2Fexample.org",
            "mailto:a@href.li?https://example.com/",
        ] {
            assert_eq!(Url::parse(text).unwrap().rewrite, None, "{text}");
        }
    }

    #[test]
    fn ten_layers_are_the_end() {
        let url = (0..12).fold("https://example.com/".to_owned(), |url, _| format!("https://href.li/?{url}"));
        let url = Url::parse(&url).unwrap();
        assert_eq!(url.url, "https://href.li/?https://href.li/?https://example.com/");
        assert_eq!(url.rewrite.unwrap().encoders.len(), 10);
    }

    #[test]
    fn a_target_must_have_a_host() {
        for text in
            ["https://l.facebook.com/l.php?u=none", "https://www.google.com/url?q=", "https://href.li/?", "https://l.facebook.com/l.php"]
        {
            assert_eq!(Url::parse(text).unwrap().rewrite, None, "{text}");
        }
    }

    #[test]
    fn mimecast_stays() {
        let url = Url::parse("https://protect-us.mimecast.com/s/abc?domain=in.xero.com").unwrap();
        assert_eq!(url.rewrite, None);
        assert_eq!(url.query_params_decoded.unwrap()["domain"], ["in.xero.com"]);
    }

    fn percent(text: &str) -> String {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    }
}
