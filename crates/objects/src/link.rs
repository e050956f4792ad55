//! Links of a body (mdm.md §4.6): where one leads, what is shown for it, how it was found.

use crate::Url;
use mailhound_value::object;
use std::collections::HashSet;
use std::sync::Arc;

object! {
    /// A link of the body; shared between the lists that name it.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Link {
        /// Anchor text when that text is not itself a URL, blanks collapsed; null for an image or an empty anchor.
        display_text: Option<String>,
        /// URL shown to the reader.
        display_url: Option<Url>,
        /// URL that is opened.
        href_url: Option<Url>,
        /// True when both root domains are known and differ; null when one is not known.
        mismatched: Option<bool>,
        /// How it was found: plain (in text) or hyperlink (an HTML element).
        parser: Option<&'static str>,
        /// Whether a reader can see it.
        visible: Option<bool>,
    }
}

/// The parser of links found in text.
pub const PLAIN: &str = "plain";
/// The parser of links made by HTML elements.
pub const HYPERLINK: &str = "hyperlink";

impl Link {
    /// A URL found in text: shown and opened are the same.
    pub fn plain(url: Url) -> Link {
        Link {
            display_text: None,
            mismatched: mismatched(&url, &url),
            display_url: Some(url.clone()),
            href_url: Some(url),
            parser: Some(PLAIN),
            visible: Some(true),
        }
    }

    /// An HTML element that leads to `href` and shows `text`, which may be a URL, other text or nothing.
    pub fn hyperlink(href: Url, text: &str, visible: bool) -> Link {
        let display_url = crate::text::whole_url(text);
        let display_text = match &display_url {
            None if !text.is_empty() => Some(text.to_owned()),
            _ => None,
        };
        let mismatched = display_url.as_ref().and_then(|shown| mismatched(&href, shown));
        Link { display_text, display_url, href_url: Some(href), mismatched, parser: Some(HYPERLINK), visible: Some(visible) }
    }

    /// What makes two links the same: the target, and the shown URL or text.
    fn identity(&self) -> (Option<&str>, Option<&str>) {
        (
            self.href_url.as_ref().map(|url| url.url.as_str()),
            self.display_url.as_ref().map(|url| url.url.as_str()).or(self.display_text.as_deref()),
        )
    }
}

/// Do the root domains differ? `None` unless both names are valid.
fn mismatched(href: &Url, shown: &Url) -> Option<bool> {
    fn root(url: &Url) -> Option<&str> {
        url.domain.as_ref().filter(|domain| domain.valid)?.root_domain.as_deref()
    }
    Some(root(href)? != root(shown)?)
}

/// The links without repeats; the first of each kind stays (mdm.md §11.3).
pub fn unique(links: Vec<Arc<Link>>) -> Vec<Arc<Link>> {
    let keep: Vec<bool> = {
        let mut seen = HashSet::with_capacity(links.len());
        links.iter().map(|link| seen.insert(link.identity())).collect()
    };
    links.into_iter().zip(keep).filter_map(|(link, keep)| keep.then_some(link)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(href: &str, text: &str) -> Link {
        Link::hyperlink(Url::href(href, None), text, true)
    }

    #[test]
    fn anchor_text_is_text_or_url() {
        let text = link("https://evil.example.net/", "Click here");
        assert_eq!((text.display_text.as_deref(), text.display_url, text.mismatched), (Some("Click here"), None, None));
        let url = link("https://www.example.com/", "example.com/login");
        assert_eq!((url.display_text, url.display_url.unwrap().url.as_str()), (None, "example.com/login"));
        let none = link("https://www.example.com/", "");
        assert_eq!((none.display_text, none.display_url), (None, None));
    }

    #[test]
    fn mismatch_compares_root_domains() {
        assert_eq!(link("https://a.example.com/", "www.example.com").mismatched, Some(false));
        assert_eq!(link("https://evil.example.net/", "https://example.com").mismatched, Some(true));
        assert_eq!(link("https://192.0.2.1/", "example.com").mismatched, None);
        assert_eq!(link("tel:+123", "example.com").mismatched, None);
        assert_eq!(link("mailto:a@example.org", "b@example.com").mismatched, Some(true));
    }

    #[test]
    fn the_first_of_equal_links_stays() {
        let links = ["x", "y", "x"].map(|text| Arc::new(link("https://a.example.com", text)));
        let texts: Vec<_> = unique(links.to_vec()).iter().filter_map(|link| link.display_text.clone()).collect();
        assert_eq!(texts, ["x", "y"]);
    }
}
