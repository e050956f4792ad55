//! URLs as mail carries them (mdm.md §4.5): read with the tolerance of browsers, kept as they were written, unwrapped.
//!
//! `parse.rs` splits the text, `query.rs` decodes parameters; the link wrappers of protection services and redirectors are in
//! [`crate::unwrap`].

mod parse;
mod query;

use crate::{Domain, Ip};
use mailhound_value::object;
use std::collections::BTreeMap;

pub(crate) use parse::percent_decode;
pub(crate) use query::{decode_component, first_param, pairs};

object! {
    /// A parsed URL; every field describes the URL after unwrapping
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Url {
        /// Whole URL as written, or the unwrapped target; for mail addresses the bare address.
        url: String,
        /// Lower-case scheme; http when the text had none.
        scheme: Option<String>,
        /// User name in the authority, percent-decoded.
        username: Option<String>,
        /// Password in the authority, percent-decoded.
        password: Option<String>,
        /// Host name; for mailto the address's domain; null for tel, fragments and relative references.
        domain: Option<Domain>,
        /// Host when it is an IP literal in any notation.
        ip: Option<Ip>,
        /// Port as written, else 80 for http and 443 for https; null when the written one is no port.
        port: Option<i64>,
        /// Path with its leading slash, percent-escapes kept; null when there is none.
        path: Option<String>,
        /// Raw query without the question mark.
        query_params: Option<String>,
        /// Decoded parameters, each name mapped to its values in order.
        query_params_decoded: Option<BTreeMap<String, Vec<String>>>,
        /// Fragment without the hash sign, raw.
        fragment: Option<String>,
        /// Set only when a wrapper was removed.
        rewrite: Option<Rewrite>,
    }
}

object! {
    /// Result of unwrapping link-protection or redirect URLs
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Rewrite {
        /// URL as it stood in the message.
        original: String,
        /// Wrappers removed, outermost first.
        encoders: Vec<String>,
    }
}

impl Url {
    /// The URL in `text`; a host or a mail address without scheme will do (`example.com/x`, `a@example.com`). Unwraps.
    ///
    /// `None` when there is no scheme and nothing that could be a host: a dotted name with a listed suffix, a `www.` name of three
    /// labels, an IP address in four parts, or a leading `//`.
    pub fn parse(text: &str) -> Option<Url> {
        parse::absolute(text).or_else(|| parse::schemeless(text)).map(Url::unwrapped)
    }

    /// The URL in `text`, which must begin with a scheme, and with `//` must have a host. Unwraps.
    pub fn parse_strict(text: &str) -> Option<Url> {
        parse::absolute(text).map(Url::unwrapped)
    }

    /// The target of an HTML attribute; never fails. Without `base` a relative reference stays as written (scheme http, no domain).
    pub fn href(text: &str, base: Option<&Url>) -> Url {
        Url::parse(text).unwrap_or_else(|| match base {
            Some(base) => base.join(text),
            None => parse::relative(text),
        })
    }

    /// The URL without unwrapping; what a wrapper hides is parsed through this, one layer at a time.
    pub(crate) fn parse_layer(text: &str) -> Option<Url> {
        parse::absolute(text).or_else(|| parse::schemeless(text))
    }

    /// The lower-case host name without brackets; empty when there is none.
    pub fn host(&self) -> &str {
        self.domain.as_ref().map_or("", |domain| domain.domain.as_str())
    }

    /// True for `mailto:` URLs, also those made from a bare address.
    pub fn is_mail(&self) -> bool {
        self.scheme.as_deref() == Some("mailto")
    }

    fn unwrapped(self) -> Url {
        crate::unwrap::unwrap(self)
    }

    /// A relative reference against this URL (RFC 3986 §5.2, without removal of dot segments: the URL is kept as written).
    fn join(&self, text: &str) -> Url {
        let reference = parse::clean(text);
        let scheme = self.scheme.as_deref().unwrap_or("http");
        if self.domain.is_none() || reference.is_empty() || reference.starts_with('#') {
            return parse::relative(text);
        }
        let authority_end = self.url.find("://").map_or(0, |at| at + 3);
        let authority = self.url[authority_end..].split(['/', '\\', '?', '#']).next().unwrap_or_default();
        let directory = self.path.as_deref().and_then(|path| path.rfind('/').map(|at| &path[..=at])).unwrap_or("/");
        let joined = match reference.chars().next() {
            Some('/' | '\\') => format!("{scheme}://{authority}{reference}"),
            Some('?') => format!("{scheme}://{authority}{}{reference}", self.path.as_deref().unwrap_or("/")),
            _ => format!("{scheme}://{authority}{directory}{reference}"),
        };
        parse::absolute(&joined).map_or_else(|| parse::relative(text), Url::unwrapped)
    }
}

#[cfg(test)]
mod tests;
