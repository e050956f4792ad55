//! `.emlx`, the files of Apple Mail: a line with the number of bytes of the message, the message, and a property list in XML.
//!
//! Apple describes the form nowhere. `.partial.emlx` is the same, without the attachments, which Mail keeps beside it.

use std::ops::Range;

/// Digits of the first line that are looked at.
const MAX_DIGITS: usize = 15;

/// Where the message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emlx {
    /// Its place in the file.
    pub message: Range<usize>,
    /// Bytes that the first line promises and that the file does not have, when it breaks off.
    pub missing: usize,
}

/// True when a number stands alone in the first line and a message behind it.
pub fn is_emlx(bytes: &[u8]) -> bool {
    first_line(bytes).is_some_and(|(_, start)| crate::is_message(bytes.get(start..).unwrap_or_default()))
}

/// The message of an .emlx file; `None` when the first line is no number.
///
/// A wrong number is tolerated: where no property list or end follows the bytes that it counts, the message reaches to the property list,
/// or to the end when there is none.
pub fn find(bytes: &[u8]) -> Option<Emlx> {
    let (len, start) = first_line(bytes)?;
    let end = start.saturating_add(len);
    match bytes.get(end..) {
        Some(rest) if rest.trim_ascii().is_empty() || is_list(rest.trim_ascii_start()) => Some(Emlx { message: start..end, missing: 0 }),
        counted => {
            let list = last_list(bytes.get(start..)?, len).map(|at| start + at);
            let missing = if counted.is_none() && list.is_none() { end.saturating_sub(bytes.len()) } else { 0 };
            Some(Emlx { message: start..list.unwrap_or(bytes.len()), missing })
        }
    }
}

/// The number of the first line, and where the next one begins.
fn first_line(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = memchr::memchr(b'\n', bytes.get(..64).unwrap_or(bytes))?;
    let number = bytes.get(..end)?.trim_ascii();
    let is_number = (1..=MAX_DIGITS).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(number).ok().filter(|_| is_number)?;
    Some((number.parse().ok()?, end + 1))
}

fn is_list(bytes: &[u8]) -> bool {
    let head = bytes.get(..300).unwrap_or(bytes);
    let is_plist = memchr::memmem::find(head, b"<plist").is_some() || memchr::memmem::find(head, b"<!DOCTYPE plist").is_some();
    head.starts_with(b"<plist") || (head.starts_with(b"<?xml") && is_plist)
}

/// Bytes between a wrong number and the property list for one that is cut: what has changed line ends or a field is no further off.
const NEAR: usize = 2_000;

/// Where the property list at the end begins; the last one, since a message may hold others. One that is cut must begin near the place `len`.
fn last_list(bytes: &[u8], len: usize) -> Option<usize> {
    let at = memchr::memmem::rfind(bytes, b"<?xml")?;
    let is_end = bytes.trim_ascii_end().ends_with(b"</plist>") || at.abs_diff(len) <= NEAR;
    (is_end && is_list(bytes.get(at..)?)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"x\" \"y\">\n<plist version=\"1.0\"><dict/></plist>\n";
    const MESSAGE: &str = "From: a@b.example\nSubject: <?xml x\n\nHello\n";

    #[track_caller]
    fn check(file: &str, message: &str, missing: usize) {
        let found = find(file.as_bytes()).expect("it has a number");
        assert_eq!((&file[found.message], found.missing), (message, missing), "{file:?}");
    }

    #[test]
    fn the_message_stands_between_number_and_list() {
        let len = MESSAGE.len();
        check(&format!("{len}      \n{MESSAGE}{LIST}"), MESSAGE, 0);
        check(&format!("{len}\r\n{MESSAGE}\n{LIST}"), MESSAGE, 0);
        check(&format!("{len}\n{MESSAGE}"), MESSAGE, 0);
    }

    #[test]
    fn a_wrong_number_is_tolerated() {
        for wrong in [0, 7, 1_000_000] {
            check(&format!("{wrong}\n{MESSAGE}{LIST}"), MESSAGE, 0);
        }
        check(&format!("7\n{MESSAGE}"), MESSAGE, 0);
        for wrong in [1, MESSAGE.len() + 9, 1_000] {
            check(&format!("{wrong}\n{MESSAGE}{}", &LIST[..LIST.len() - 12]), MESSAGE, 0);
        }
        let far = format!("{MESSAGE}{}", "x".repeat(NEAR));
        check(&format!("7\n{far}{}", &LIST[..80]), &format!("{far}{}", &LIST[..80]), 0);
        check(&format!("100\n{MESSAGE}"), MESSAGE, 100 - MESSAGE.len());
    }

    #[test]
    fn it_is_recognised() {
        assert!(is_emlx(format!("40 \n{MESSAGE}").as_bytes()));
        for other in [MESSAGE, "40\nno message", "x\nSubject: y\n\n", "40", "9999999999999999\nSubject: y\n\n", ""] {
            assert!(!is_emlx(other.as_bytes()), "{other:?}");
        }
        assert_eq!(find(b"Subject: x\n\n"), None);
    }
}
