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
        Output { format, out, err: AutoStream::new(std::io::stderr(), choice), values: 0 }
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
            Format::Text => writeln!(self.out, "{value:#}")?,
            Format::Json => {
                write!(self.out, "{}{value}", if self.values == 0 { "[\n" } else { ",\n" })?;
            }
            Format::Jsonl | Format::Sarif => writeln!(self.out, "{value}")?,
        }
        self.values += 1;
        Ok(())
    }

    /// Sends what is buffered on its way, for results that people wait for.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    /// Ends the output.
    pub fn finish(&mut self) -> Result<()> {
        if self.format == Format::Json {
            self.out.write_all(if self.values == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.flush()
    }

    /// A line on standard error. When even that cannot be written there is nobody left to tell.
    pub fn complain(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }
}

/// Text from outside as it can be shown on a terminal: control characters and marks that change the direction are escaped.
pub fn shown(text: &str) -> String {
    let hidden = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
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

/// A number with separators between thousands.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx) % 3 == 0 {
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
    fn thousands_are_separated() {
        assert_eq!([thousands(0), thousands(999), thousands(1_000), thousands(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
    }
}
