//! Where results and complaints go: results to standard output in the asked form, everything else to standard error.

use crate::arguments::{Color, Format};
use anstream::{AutoStream, ColorChoice};
use anyhow::Result;
use serde_json::Value;
use std::io::{BufWriter, Stderr, Stdout, Write};

/// Styles of text output.
pub mod style {
    use anstyle::{AnsiColor, Style};

    /// Something bad.
    pub const BAD: Style = AnsiColor::Red.on_default().bold();
    /// Something doubtful.
    pub const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
    /// Something good.
    pub const GOOD: Style = AnsiColor::Green.on_default();
    /// A heading.
    pub const BOLD: Style = Style::new().bold();
    /// What can be passed over.
    pub const DIM: Style = Style::new().dimmed();
}

/// The output of a run.
pub struct Output {
    format: Format,
    out: BufWriter<AutoStream<Stdout>>,
    err: AutoStream<Stderr>,
    /// JSON values written so far.
    values: usize,
    /// True when a whole JSON document was written.
    whole: bool,
}

impl Output {
    /// Output in this form.
    pub fn new(color: Color, format: Format) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let out = BufWriter::new(AutoStream::new(std::io::stdout(), choice));
        Output { format, out, err: AutoStream::new(std::io::stderr(), choice), values: 0, whole: false }
    }

    /// The asked form.
    pub fn format(&self) -> Format {
        self.format
    }

    /// True for text output.
    pub fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Writes text as it is.
    pub fn text(&mut self, text: &str) -> Result<()> {
        Ok(self.out.write_all(text.as_bytes())?)
    }

    /// Writes one JSON value: pretty in text form, an element of the array in JSON form, else a line.
    pub fn value(&mut self, value: &Value) -> Result<()> {
        match self.format {
            Format::Text => writeln!(self.out, "{}", shown_json(value))?,
            Format::Json => {
                write!(self.out, "{}{value}", if self.values == 0 { "[\n" } else { ",\n" })?;
            }
            Format::Jsonl | Format::Sarif => writeln!(self.out, "{value}")?,
        }
        self.values += 1;
        Ok(())
    }

    /// Writes the one JSON value that is all there is: never inside an array.
    pub fn document(&mut self, value: &Value) -> Result<()> {
        self.whole = true;
        let pretty = matches!(self.format, Format::Text | Format::Json);
        let text = if pretty { format!("{value:#}\n") } else { format!("{value}\n") };
        self.text(&text)
    }

    /// Sends what is buffered on its way, for results that people wait for.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    /// Ends the output.
    pub fn finish(&mut self) -> Result<()> {
        if self.format == Format::Json && !self.whole {
            self.out.write_all(if self.values == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.flush()
    }

    /// Ends the output of a run that broke off: what was printed so far stays valid JSON.
    pub fn abandon(&mut self) {
        let _ = if self.values > 0 { self.finish() } else { self.flush() }; // the error that ended the run says more
    }

    /// Lines on standard error, with what could harm a terminal escaped. When even that cannot be written there is nobody left to tell.
    pub fn complain(&mut self, text: &str) {
        for line in text.split('\n') {
            let _ = writeln!(self.err, "{}", shown(line));
        }
    }
}

/// Control characters, and marks that change the direction of writing.
fn hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Indented JSON as it can be shown on a terminal. Such characters can stand in strings only, so that the result is JSON too.
fn shown_json(value: &Value) -> String {
    let mut shown = String::new();
    for c in format!("{value:#}").chars() {
        match c {
            c if c != '\n' && hidden(c) => shown.push_str(&format!("\\u{:04x}", c as u32)),
            c => shown.push(c),
        }
    }
    shown
}

/// Text from outside as it can be shown on a terminal: control characters and marks that change the direction are escaped.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// Characters of a quoted text in a complaint.
const QUOTED: usize = 80;

/// The beginning of a text that may be long, for complaints that name it.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A number with separators between thousands.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_move_the_cursor() {
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}c\nd"), "a\\u{1b}[2Jb\\u{202e}c d");
    }

    #[test]
    fn hostile_json_is_still_json() {
        let value = serde_json::json!({"a": "x\u{1b}\u{9b}\u{202e}\n"});
        let shown = shown_json(&value);
        assert_eq!(shown, "{\n  \"a\": \"x\\u001b\\u009b\\u202e\\n\"\n}");
        assert_eq!(serde_json::from_str::<Value>(&shown).ok(), Some(value));
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!([thousands(0), thousands(999), thousands(1_000), thousands(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
    }
}
