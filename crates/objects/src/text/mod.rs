//! Links in text (mdm.md §11.2): URLs with a scheme, `www.` names, bare names with a listed suffix, mail addresses.
//!
//! The text is read once, word by word; a word without `://`, `@` or a dot costs one search. Time is linear in the text.

mod words;

use crate::{Ip, Link, Url};
use mailhound_value::Limits;
use std::ops::Range;
use std::sync::Arc;

/// A URL found in text.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub url: Url,
}

/// Longest anchor text that can be a URL, in bytes.
const MAX_SHOWN: usize = 8192;

/// The links of a text in order, without repeats, at most `limits.message_links`.
pub fn links(text: &str, limits: &Limits) -> Vec<Arc<Link>> {
    crate::link::unique(placed_links(text, limits).into_iter().map(|(_, link)| link).collect())
}

/// The links of a text in order, with the bytes before each, and with repeats.
pub fn placed_links(text: &str, limits: &Limits) -> Vec<(usize, Arc<Link>)> {
    let found = find(text, limits.message_links).into_iter();
    found.map(|found| (found.range.start, Arc::new(Link::plain(found.url)))).collect()
}

/// The URLs and addresses of a text in order, at most `max`.
pub fn find(text: &str, max: usize) -> Vec<Found> {
    let mut found = Vec::new();
    for word in words::words(text) {
        if found.len() >= max {
            break;
        }
        words::find_in_word(text, word, &mut found);
    }
    found.truncate(max);
    found
}

/// The URL that `text` is as a whole, as an anchor may show it: with scheme, bare name, IP address, mail address; brackets around it
/// and punctuation behind it do not count.
pub fn whole_url(text: &str) -> Option<Url> {
    let bare = text.trim().trim_matches(['<', '>', '(', ')', '[', ']', '"', '\'']);
    if bare.is_empty() || bare.len() > MAX_SHOWN || bare.contains(char::is_whitespace) {
        return None;
    }
    let bare = bare.trim_end_matches(['.', ',', ';', ':', '!']);
    if bare.contains("://") || bare.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("mailto:")) {
        return Url::parse_strict(bare);
    }
    let host = bare.split(['/', '?', '#', ':']).next()?;
    let quad = Ip::parse_plain(host).is_some_and(|ip| ip.version == Some(4));
    (quad || bare.contains('@') || words::is_name(host)).then(|| Url::parse(bare))?
}

#[cfg(test)]
mod tests;
