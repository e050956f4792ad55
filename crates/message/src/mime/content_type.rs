//! Media types, dispositions and their parameters (RFC 2045 §5.1, RFC 2183, RFC 2231).

use super::{charset, encoded_word};
use std::borrow::Cow;

/// Parameters of one header that are read; real ones have a handful.
const MAX_PARAMETERS: usize = 200;

/// A value with parameters, as in Content-Type and Content-Disposition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parameterized {
    /// What stands before the parameters, lower case: `text/html`, `attachment`.
    pub value: String,
    parameters: Vec<(String, String)>,
}

impl Parameterized {
    /// Reads an unfolded header value. Never fails; what cannot be read is left out.
    pub fn parse(text: &str) -> Self {
        let text = text.trim_start();
        let (value, rest) = if begins_with_parameter(text) { (Cow::Borrowed(""), text) } else { leading_value(text) };
        let value = value.trim_matches('"').to_ascii_lowercase();
        let mut parameters = Vec::new();
        let mut rest = rest;
        while parameters.len() < MAX_PARAMETERS {
            let Some((parameter, tail)) = parameter(rest) else { break };
            parameters.extend(parameter);
            rest = tail;
        }
        Parameterized { value, parameters }
    }

    /// The parameter of this lower-case name, decoded; the form with a character set (`name*`, RFC 2231) is preferred, then the first.
    pub fn get(&self, name: &str) -> Option<String> {
        self.extended(name).or_else(|| {
            let plain = self.parameters.iter().find(|(key, _)| key == name)?;
            Some(encoded_word::decode(&plain.1).into_owned())
        })
    }

    /// The parameter from its RFC 2231 pieces: `name*`, or `name*0`, `name*1*`, … in the order of their numbers. Gaps are closed; of two
    /// pieces with the same number the first counts.
    fn extended(&self, name: &str) -> Option<String> {
        let mut pieces: Vec<(usize, bool, &str)> = Vec::new();
        for (key, value) in &self.parameters {
            let Some(suffix) = key.strip_prefix(name).and_then(|key| key.strip_prefix('*')) else { continue };
            let (number, encoded) = match suffix.strip_suffix('*') {
                _ if suffix.is_empty() => return join(&[(0, true, value)]), // the whole in one piece
                Some(number) => (number, true),
                None => (suffix, false),
            };
            pieces.extend(number.parse().ok().map(|number| (number, encoded, value.as_str())));
        }
        pieces.sort_by_key(|&(number, ..)| number);
        pieces.dedup_by_key(|&mut (number, ..)| number);
        join(&pieces)
    }
}

/// Joins the pieces of one parameter and decodes them by the character set that the first piece names. Some programs name it in every piece.
fn join(pieces: &[(usize, bool, &str)]) -> Option<String> {
    let &(_, first_encoded, first) = pieces.first()?;
    let (name, start) = if first_encoded { charset_label(first) } else { ("", 0) };
    let label = first.get(..start).unwrap_or_default();
    let mut bytes = Vec::new();
    for &(_, encoded, value) in pieces {
        let labelled = encoded && value.get(..start).is_some_and(|head| head.eq_ignore_ascii_case(label));
        let value = if labelled { value.get(start..).unwrap_or_default() } else { value };
        if encoded {
            bytes.extend(percent_encoding::percent_decode_str(value));
        } else {
            bytes.extend_from_slice(value.as_bytes());
        }
    }
    let text = charset::decode(&bytes, name).unwrap_or_else(|| charset::decode_unnamed(&bytes));
    Some(if start > 0 { text } else { encoded_word::decode(&text).into_owned() })
}

/// The character set of `charset'language'text` and where the text begins; "" and 0 when there is no label. The second quote may be
/// missing behind a known name.
fn charset_label(value: &str) -> (&str, usize) {
    let Some((name, rest)) = value.split_once('\'') else { return ("", 0) };
    let is_word = |word: &str| !word.contains(char::is_whitespace);
    match rest.split_once('\'') {
        Some((language, text)) if is_word(name) && is_word(language) => (name, value.len() - text.len()),
        None if charset::is_known(name) => (name, value.len() - rest.len()),
        _ => ("", 0),
    }
}

/// True for `name=value` where a value should stand first, as in a Content-Disposition without its word.
fn begins_with_parameter(text: &str) -> bool {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '*')).unwrap_or(text.len());
    end > 0 && text.get(end..).is_some_and(|rest| rest.starts_with('='))
}

/// The value before the parameters, and the rest. Blanks and comments may stand before it and around its slash (RFC 2045 §5.1).
fn leading_value(text: &str) -> (Cow<'_, str>, &str) {
    let word = |text| {
        let text = skip_comments(text);
        text.split_at(text.find(|c: char| c == ';' || c == '(' || c == ',' || c.is_whitespace()).unwrap_or(text.len()))
    };
    let (kind, rest) = word(text);
    let behind = match kind.strip_suffix('/') {
        Some(_) => Some(rest),
        None if kind.contains('/') => None,
        None => skip_comments(rest).strip_prefix('/'),
    };
    match behind.map(word) {
        Some((subtype, rest)) if !subtype.contains('=') => (format!("{}/{subtype}", kind.trim_end_matches('/')).into(), rest),
        _ => (kind.into(), rest),
    }
}

/// Blanks and comments.
fn skip_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let Some(comment) = text.strip_prefix('(') else { return text };
        text = comment.split_once(')').map_or("", |(_, rest)| rest);
    }
}

/// The next parameter and what follows it; `None` at the end. A piece without `=` gives no parameter.
fn parameter(text: &str) -> Option<(Option<(String, String)>, &str)> {
    let text = skip_separators(text);
    if text.is_empty() {
        return None;
    }
    let end = text.find(['=', ';']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(rest) = rest.strip_prefix('=') else { return Some((None, rest)) };
    // A word before the name is the rest of a broken value: `name=a b; x` or `charset = "x" foo=bar`.
    let name = name.split_whitespace().next_back().unwrap_or_default().to_ascii_lowercase();
    let rest = rest.trim_start();
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted_value(quoted),
        None => bare_value(&name, rest),
    };
    Some((Some((name, value)), rest))
}

/// Blanks, semicolons and comments before a parameter.
fn skip_separators(mut text: &str) -> &str {
    loop {
        let rest = skip_comments(text).trim_start_matches([';', ',']);
        if rest.len() == text.len() {
            return text;
        }
        text = rest;
    }
}

/// The value after an opening quote. A backslash escapes only what needs it, so that Windows paths survive; a missing closing quote
/// ends the value at the next semicolon.
fn quoted_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' if matches!(text.as_bytes().get(at + 1), Some(b'"' | b'\\')) => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    let end = text.find(';').unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (value.trim_end().to_owned(), rest)
}

/// A value without quotes. File names may have blanks, other values end at one.
fn bare_value<'a>(name: &str, text: &'a str) -> (String, &'a str) {
    let named = name.starts_with("name") || name.starts_with("filename");
    let end = text.find(|c: char| c == ';' || (!named && c.is_whitespace())).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (value.trim().to_owned(), rest)
}

/// The media type, its parameters, and whether it could be read.
#[derive(Clone, Debug)]
pub(crate) struct ContentType {
    /// type/subtype, lower case.
    pub media: String,
    /// The parameters.
    pub parameters: Parameterized,
}

impl ContentType {
    /// Of a header value; `default` when there is none or it is empty.
    pub fn parse(value: Option<&str>, default: &str) -> Self {
        let parameters = Parameterized::parse(value.unwrap_or_default());
        let media = match parameters.value.as_str() {
            "" => default,
            "text" | "plain" => "text/plain", // RFC 1049 style
            "html" => "text/html",
            media => media,
        };
        ContentType { media: media.to_owned(), parameters }
    }

    /// True for type/… of this type.
    pub fn is(&self, kind: &str) -> bool {
        self.media.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// A header value that is one word: trimmed, lower case, without comments.
pub(crate) fn token(value: &str) -> String {
    let word = value.split(['(', ';']).next().unwrap_or(value);
    word.trim().trim_matches('"').to_ascii_lowercase()
}

/// A file name as the sender meant it: percent signs stay, control characters go.
pub(crate) fn file_name(name: String) -> Option<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, value: &str, name: &str, parameter: Option<&str>) {
        let parsed = Parameterized::parse(header);
        assert_eq!(parsed.value, value, "{header}");
        assert_eq!(parsed.get(name).as_deref(), parameter, "{header}");
    }

    #[test]
    fn parameters_are_read() {
        check("Text/HTML; charset=UTF-8", "text/html", "charset", Some("UTF-8"));
        check("text/html;charset=\"a;b\"; x=y", "text/html", "x", Some("y"));
        check("text/html charset=windows-1252", "text/html", "charset", Some("windows-1252"));
        check("multipart/mixed; boundary=\"a b\" ; type=x", "multipart/mixed", "boundary", Some("a b"));
        check("multipart/mixed (hi); boundary=ab (x)", "multipart/mixed", "boundary", Some("ab"));
        check("attachment; filename=my file.pdf", "attachment", "filename", Some("my file.pdf"));
        check("attachment; filename=\"C:\\dir\\x \\\"y\\\".doc\"", "attachment", "filename", Some("C:\\dir\\x \"y\".doc"));
        check("attachment; filename=\"open.pdf", "attachment", "filename", Some("open.pdf"));
        check("attachment; filename==?utf-8?q?=C3=A9=2Epdf?=", "attachment", "filename", Some("é.pdf"));
        check("inline", "inline", "filename", None);
        check("image/ jpeg", "image/jpeg", "name", None);
        check("(a) text (b) / (c) html (d); name=x", "text/html", "name", Some("x"));
        check("application/ name=x.pdf", "application/", "name", Some("x.pdf"));
        check("text/; name=x", "text/", "name", Some("x"));
        check("", "", "x", None);
    }

    #[test]
    fn parameters_in_pieces_are_joined() {
        check("attachment; filename*=utf-8''%C3%A9.pdf; filename=e.pdf", "attachment", "filename", Some("é.pdf"));
        check("a; filename*1=b.pdf; filename*0=a", "a", "filename", Some("ab.pdf"));
        check("a; filename*0*=iso-8859-1'fr'%E9%20; filename*1=\"%41.pdf\"", "a", "filename", Some("é %41.pdf"));
        check("a; filename*=%41", "a", "filename", Some("A"));
    }
}
