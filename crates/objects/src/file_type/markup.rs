//! Text formats by their first tag or line: HTML (WHATWG MIME Sniffing §7.1), SVG, iCalendar.

use std::borrow::Cow;

/// Bytes at the start that are looked at.
const WINDOW: usize = 64 << 10;

/// Comments, prologs and document types before the first tag that are skipped.
const MAX_PROLOGS: usize = 100;

/// Tags that begin an HTML document; a blank or `>` must follow.
const HTML_TAGS: &[&str] = &[
    "!doctype html",
    "html",
    "head",
    "body",
    "script",
    "iframe",
    "table",
    "div",
    "a",
    "p",
    "style",
    "title",
    "h1",
    "font",
    "br",
    "b",
    "meta",
    "img",
    "center",
    "span",
    "form",
];

pub(super) fn detect(bytes: &[u8]) -> Option<&'static str> {
    let text = decode(&bytes[..bytes.len().min(WINDOW)]);
    let text = skip_blank(&text);
    if starts_with(text, "begin:vcalendar") {
        return Some("ics");
    }
    if !text.starts_with('<') {
        return None;
    }
    let first = skip_prologs(text);
    if is_drawing(first) {
        return Some("svg");
    }
    let is_html = |text: &str| HTML_TAGS.iter().any(|tag| is_tag(text, tag));
    if is_html(text) || is_html(first) || text.starts_with("<!--") {
        return Some("html");
    }
    None
}

/// UTF-16 with a byte order mark is brought to text; everything else is read byte by byte as far as tags go.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |read: fn([u8; 2]) -> u16, bytes: &[u8]| {
        char::decode_utf16(bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]))).map(|c| c.unwrap_or('\u{fffd}')).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(wide(u16::from_le_bytes, rest)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(wide(u16::from_be_bytes, rest)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

fn skip_blank(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}')
}

/// Past XML prologs, comments and document types (those of HTML aside).
fn skip_prologs(text: &str) -> &str {
    let mut rest = text;
    for _ in 0..MAX_PROLOGS {
        let after = if rest.starts_with("<!--") {
            behind(rest, "-->")
        } else if rest.starts_with("<?") {
            behind(rest, "?>")
        } else if starts_with(rest, "<!doctype") && !starts_with(rest, "<!doctype html") {
            behind_doctype(rest)
        } else {
            None
        };
        let Some(after) = after else { break };
        rest = skip_blank(after);
    }
    rest
}

fn behind<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    text.split_once(end).map(|(_, after)| after)
}

/// Past a document type; `]`, perhaps blanks, and `>` end one that has declarations inside (XML 1.0 §2.8).
fn behind_doctype(text: &str) -> Option<&str> {
    let head = text.split('>').next().unwrap_or(text);
    let Some((_, mut rest)) = head.contains('[').then(|| text.split_once('[')).flatten() else { return behind(text, ">") };
    loop {
        rest = behind(rest, "]")?;
        if let Some(after) = skip_blank(rest).strip_prefix('>') {
            return Some(after);
        }
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// True for a first tag `svg`, with any namespace prefix.
fn is_drawing(text: &str) -> bool {
    let name = text.strip_prefix('<').and_then(|tag| tag.split(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).next());
    name.is_some_and(|name| name.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case("svg")))
}

fn is_tag(text: &str, name: &str) -> bool {
    let Some(rest) = text.strip_prefix('<') else { return false };
    starts_with(rest, name) && rest[name.len()..].chars().next().is_none_or(|c| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
}
