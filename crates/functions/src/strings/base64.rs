//! `strings.scan_base64` and `strings.decode_base64`: text that was written as Base64 (RFC 4648).
//!
//! A scan looks at every run of at least [`MIN_RUN`] characters of the alphabet, padding included, and gives those whose bytes are text:
//! valid in one of the encodings, and at least 85 % of it printable (decisions.md). Each character of the input is decoded twice at
//! most: once with the lines of its run joined, once in its own line.

use crate::file::text::Encoding;
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mailhound_mql::{Args, Body, Example, Function, Param, example, param};
use mailhound_value::{Maybe, Type, Value};

/// Characters of the shortest run that is looked at, padding included (decisions.md).
const MIN_RUN: usize = 16;

/// Of a hundred characters, how many must be printable (decisions.md).
const MIN_PRINTABLE: usize = 85;

/// Which alphabet the text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `+` and `/` (RFC 4648 §4).
    Standard,
    /// `-` and `_` (RFC 4648 §5). `/` ends a run, as it does in a URL, and padding may be percent-encoded.
    Url,
}

impl Format {
    /// The format of this name in rules: `standard` or `url`.
    pub fn named(name: &str) -> Option<Format> {
        match name {
            "standard" => Some(Format::Standard),
            "url" => Some(Format::Url),
            _ => None,
        }
    }

    fn holds(self, byte: u8) -> bool {
        match self {
            Format::Standard => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'),
            Format::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        }
    }
}

/// How Base64 is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the decoded bytes may be, in the order in which it is tried.
    pub encodings: Vec<Encoding>,
    /// Padding may be missing, and characters that are left over are dropped.
    pub ignore_padding: bool,
    /// A run may go on in the next line when all its lines but the last are equally long. Only for scans.
    pub multiline: bool,
    /// The alphabet.
    pub format: Format,
}

impl Default for Options {
    fn default() -> Self {
        Options { encodings: vec![Encoding::Ascii, Encoding::Utf8], ignore_padding: false, multiline: true, format: Format::Standard }
    }
}

/// The texts of all Base64 runs in `text`, in order.
pub fn scan_base64(text: &str, options: &Options) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(block) = next_block(text, at, options) {
        at = block.end;
        block.decode(text, options, &mut found);
    }
    found
}

/// The text that the whole of `text` stands for; `None` when it is not Base64 or not text. White space is ignored.
pub fn decode_base64(text: &str, options: &Options) -> Option<String> {
    let mut digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    digits.truncate(digits.len() - padding);
    let bytes = decode_digits(digits, padding, options)?;
    options.encodings.iter().find_map(|encoding| encoding.decode(&bytes))
}

/// One line of a run: a place in the text.
struct Line {
    start: usize,
    /// Behind the last digit.
    end: usize,
    /// How many signs of padding follow.
    padding: usize,
}

/// Lines that may be one run.
struct Block {
    lines: Vec<Line>,
    end: usize,
}

impl Block {
    /// Decodes the lines as one, or each for itself when that gives no text.
    fn decode(&self, text: &str, options: &Options, found: &mut Vec<String>) {
        match decode_lines(text, &self.lines, options) {
            Some(decoded) => found.push(decoded),
            None if self.lines.len() > 1 => {
                found.extend(self.lines.iter().filter_map(|line| decode_lines(text, std::slice::from_ref(line), options)));
            }
            None => {}
        }
    }
}

/// The next line with a digit at or behind `at`, and the lines that continue it.
fn next_block(text: &str, at: usize, options: &Options) -> Option<Block> {
    let first = next_line(text, at, options.format)?;
    let width = first.len();
    let mut end = first.after(text, options.format);
    let mut lines = vec![first];
    if options.multiline && width >= MIN_RUN && width.is_multiple_of(4) {
        while let Some(line) = lines.last().and_then(|last| last.continued(text, width, options.format)) {
            end = line.after(text, options.format);
            lines.push(line);
        }
    }
    Some(Block { lines, end })
}

impl Line {
    /// Digits.
    fn len(&self) -> usize {
        self.end - self.start
    }

    /// The next line, when it continues this one. A line that is shorter than the first one, or has padding, is the last of its run.
    fn continued(&self, text: &str, width: usize, format: Format) -> Option<Line> {
        if self.len() != width || self.padding > 0 {
            return None;
        }
        let start = behind_line_break(text, self.end)?;
        let next = next_line(text, start, format)?;
        (next.start == start && next.len() <= width).then_some(next)
    }

    /// Where the text behind the line and its padding goes on.
    fn after(&self, text: &str, format: Format) -> usize {
        let mut at = self.end;
        for _ in 0..self.padding {
            at += padding_at(text, at, format);
        }
        at
    }
}

fn next_line(text: &str, at: usize, format: Format) -> Option<Line> {
    let bytes = text.as_bytes();
    let start = at + bytes.get(at..)?.iter().position(|byte| format.holds(*byte))?;
    let end = bytes.get(start..)?.iter().position(|byte| !format.holds(*byte)).map_or(bytes.len(), |len| start + len);
    let first = padding_at(text, end, format);
    let second = if first > 0 { padding_at(text, end + first, format) } else { 0 };
    Some(Line { start, end, padding: usize::from(first > 0) + usize::from(second > 0) })
}

/// Bytes of the sign of padding at `at`; 0 when there is none.
fn padding_at(text: &str, at: usize, format: Format) -> usize {
    match text.as_bytes().get(at..) {
        Some([b'=', ..]) => 1,
        Some([b'%', b'3', b'D' | b'd', ..]) if format == Format::Url => 3,
        _ => 0,
    }
}

fn behind_line_break(text: &str, at: usize) -> Option<usize> {
    match text.as_bytes().get(at..)? {
        [b'\r', b'\n', ..] => Some(at + 2),
        [b'\n', ..] => Some(at + 1),
        _ => None,
    }
}

fn decode_lines(text: &str, lines: &[Line], options: &Options) -> Option<String> {
    let padding = lines.last()?.padding;
    let digits: Vec<u8> = lines.iter().filter_map(|line| text.as_bytes().get(line.start..line.end)).flatten().copied().collect();
    if digits.len() + padding < MIN_RUN {
        return None;
    }
    let bytes = decode_digits(digits, padding, options)?;
    options.encodings.iter().filter_map(|encoding| encoding.decode(&bytes)).find(|text| is_printable(text))
}

/// The bytes that the digits stand for; `padding` signs followed them.
fn decode_digits(mut digits: Vec<u8>, padding: usize, options: &Options) -> Option<Vec<u8>> {
    if options.ignore_padding {
        if digits.len() % 4 == 1 {
            digits.pop();
        }
    } else {
        let wanted = match digits.len() % 4 {
            0 => 0,
            2 => 2,
            3 => 1,
            _ => return None,
        };
        // `x=` in a query may put a sign behind digits that need none.
        if padding < wanted {
            return None;
        }
    }
    let alphabet = if options.format == Format::Url { &URL_SAFE } else { &STANDARD };
    // Some encoders leave rubbish in the bits behind the last byte.
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireNone).with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config).decode(digits).ok()
}

/// Text as people or programs write it: at least [`MIN_PRINTABLE`] percent of the characters can be seen or are white space.
fn is_printable(text: &str) -> bool {
    let (mut chars, mut printable) = (0_usize, 0_usize);
    for c in text.chars() {
        chars += 1;
        printable += usize::from(matches!(c, '\t' | '\n' | '\r') || !is_unseen(c));
    }
    chars > 0 && printable * 100 >= chars * MIN_PRINTABLE
}

/// Controls, private use, and code points that are no characters.
fn is_unseen(c: char) -> bool {
    let code = u32::from(c);
    c.is_control() || (0xE000..=0xF8FF).contains(&code) || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE || code >= 0xF_0000
}

const TEXT: Param = param("text", Type::String, "The text. Null gives null.");
const ENCODINGS: Param = param("encodings", Type::List(&Type::String), "What the decoded bytes may be: ascii, utf8, utf16-le, …")
    .optional(mailhound_mql::Default::Texts(&["ascii", "utf8"]));
const IGNORE_PADDING: Param = param("ignore_padding", Type::Bool, "Padding may be missing.").optional(mailhound_mql::Default::Bool(false));
const MULTILINE: Param = param("multiline", Type::Bool, "A run may go on in the next line.").optional(mailhound_mql::Default::Bool(true));
const FORMAT: Param = param("format", Type::String, "`standard`, or `url` for the alphabet of URLs.")
    .optional(mailhound_mql::Default::Text("standard"))
    .words(&["standard", "url"]);

const fn scan(name: &'static str, examples: &'static [Example]) -> Function {
    Function {
        name,
        about: "The texts of all Base64 runs in the text: runs of at least 16 characters whose decoded text is at least 85 % printable. \
                Empty when there is none.",
        params: &[TEXT, ENCODINGS, IGNORE_PADDING, MULTILINE, FORMAT],
        returns: Type::List(&Type::String),
        needs: &[],
        examples,
        memo: true,
        body: Body::Plain(|args| {
            let Some(text) = args.str(0) else { return Ok(Value::Null) };
            let options = options(args, args.bool(3) != Some(false), 4)?;
            Ok(args.ctx.arena.items(scan_base64(text, &options)))
        }),
    }
}

pub(super) static SCAN_BASE64: Function = scan(
    "strings.scan_base64",
    &[
        example(r#"strings.scan_base64("x aHR0cHM6Ly9leGFtcGxlLmNvbS8= y")"#, r#"["https://example.com/"]"#),
        example(r#"strings.scan_base64("nothing here")"#, "[]"),
        example("strings.scan_base64(null)[0]", "null"),
    ],
);

pub(super) static BETA_SCAN_BASE64: Function = scan(
    "beta.scan_base64",
    &[example(
        r#"beta.scan_base64("https://example.com/?u=dmljdGltQGV4YW1wbGUub3Jn", format="url", ignore_padding=true)"#,
        r#"["victim@example.org"]"#,
    )],
);

pub(super) static DECODE_BASE64: Function = Function {
    name: "strings.decode_base64",
    about: "The text that the whole text stands for in Base64; null when it is none.",
    params: &[TEXT, ENCODINGS, IGNORE_PADDING, FORMAT],
    returns: Type::String,
    needs: &[],
    examples: &[example(r#"strings.decode_base64("aGVsbG8=")"#, r#""hello""#), example(r#"strings.decode_base64("!")"#, "null")],
    memo: true,
    body: Body::Plain(|args| {
        let options = options(args, true, 3)?;
        let decoded = args.str(0).and_then(|text| decode_base64(text, &options));
        Ok(decoded.map_or(Value::Null, |text| Value::Str(args.ctx.arena.text(text))))
    }),
};

/// The options of a call; `format` is the place of that argument.
fn options(args: &Args<'_, '_>, multiline: bool, format: usize) -> Maybe<Options> {
    let encodings = args.strings(1)?.into_iter().filter_map(Encoding::named).collect();
    let format = args.str(format).and_then(Format::named).unwrap_or(Format::Standard);
    Ok(Options { encodings, ignore_padding: args.bool(2) == Some(true), multiline, format })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, options: &Options, expected: &[&str]) {
        assert_eq!(scan_base64(text, options), expected, "{text:?}");
    }

    fn standard() -> Options {
        Options::default()
    }

    fn loose() -> Options {
        Options { ignore_padding: true, ..Options::default() }
    }

    fn url() -> Options {
        Options { format: Format::Url, ..Options::default() }
    }

    #[test]
    fn runs_are_found_in_text() {
        check("see dXNlckBleGFtcGxlLmNvbQ== now", &standard(), &["user@example.com"]);
        check("dXNlckBleGFtcGxlLmNvbQ==|YW5vdGhlckBleGFtcGxlLmNvbQ==", &standard(), &["user@example.com", "another@example.com"]);
        check("Zm9vYmFyZm9vYmFy", &standard(), &["foobarfoobar"]);
        check("nothing here", &standard(), &[]);
        check("", &standard(), &[]);
    }

    #[test]
    fn short_runs_and_binary_are_left_out() {
        check("aGVsbG8=", &standard(), &[]);
        check("abcdefghijklmnopqrstuvwxyzabcdef", &standard(), &[]);
        check("AAECAwQFBgcICQoLDA0ODw==", &standard(), &[]);
    }

    #[test]
    fn padding_is_required_unless_ignored() {
        check("dXNlckBleGFtcGxlLmNvbQ", &standard(), &[]);
        check("dXNlckBleGFtcGxlLmNvbQ", &loose(), &["user@example.com"]);
        check("dXNlckBleGFtcGxlLmNvbQ=", &standard(), &[]);
        check("dXNlckBleGFtcGxlLmNvbQ=", &loose(), &["user@example.com"]);
    }

    #[test]
    fn url_format_splits_at_delimiters() {
        let dashes = "https://example.com/a/Pz8_Pj4-Pz8_Pj4-/b?e=dXNlckBleGFtcGxlLmNvbQ==&x=1";
        check(dashes, &url(), &["???>>>???>>>", "user@example.com"]);
        check("https://x.example/?e=dXNlckBleGFtcGxlLmNvbQ%3D%3D&x", &url(), &["user@example.com"]);
        check("Pz8/Pj4+Pz8/Pj4+", &standard(), &["???>>>???>>>"]);
        check("Pz8/Pj4+Pz8/Pj4+", &url(), &[]);
    }

    #[test]
    fn wrapped_lines_are_one_run() {
        let wrapped = "text:\r\ndGhlIHF1aWNrIGJy\r\nb3duIGZveCBqdW1w\r\ncw==\r\nend";
        check(wrapped, &standard(), &["the quick brown fox jumps"]);
        check(wrapped, &Options { multiline: false, ..standard() }, &["the quick br", "own fox jump"]);
        check("dGhlIHF1aWNrIGJyb3du\nRegards", &standard(), &["the quick brown"]);
    }

    #[test]
    fn encodings_are_tried_in_order() {
        let wide = "PABzAGMAcgBpAHAAdAA+AA==";
        check(wide, &standard(), &[]);
        let encodings = vec![Encoding::Ascii, Encoding::Utf8, Encoding::Utf16Le];
        check(wide, &Options { encodings, ..standard() }, &["<script>"]);
        check("w6nDqcOpw6nDqcOpw6nDqQ==", &standard(), &["éééééééé"]);
    }

    #[test]
    fn a_whole_text_is_decoded_or_nothing() {
        for (text, expected) in [
            ("aGVsbG8=", Some("hello")),
            ("aGVs\r\nbG8=\n", Some("hello")),
            ("aGVsbG8", None),
            ("aGVsbG8=!", None),
            ("=", Some("")),
            ("", Some("")),
            ("/////w==", None),
        ] {
            assert_eq!(decode_base64(text, &standard()).as_deref(), expected, "{text:?}");
        }
        assert_eq!(decode_base64("aGVsbG8", &loose()).as_deref(), Some("hello"));
    }

    #[test]
    fn long_runs_are_read_once() {
        let line = format!("{}\n", "QUJD".repeat(19));
        assert_eq!(scan_base64(&line.repeat(20_000), &standard()), ["ABC".repeat(19 * 20_000)]);
        assert!(scan_base64(&"A".repeat(1 << 20), &standard()).is_empty());
    }
}
