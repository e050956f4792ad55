//! From RTF tokens to text: the state of the groups, and what is shown of them (RTF 1.9.1; [MS-OXRTFEX] §2.2.3.2 and §2.2.3.3).

use super::charset::Charsets;
use super::lex::{Lexer, Token};
use super::words::{self, Dest};
use crate::mime::charset;
use crate::text;

/// Groups that are kept open; deeper ones share the state of the last. Word gives up long before.
const MAX_GROUPS: usize = 10_000;

/// Bytes of one field instruction that are read.
const MAX_INSTRUCTION: usize = 8 << 10;

/// What is wanted of the RTF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The HTML inside.
    Html,
    /// The plain text inside.
    Text,
    /// What a reader of the RTF sees.
    Rtf,
}

/// The state that a group hands down to its groups.
#[derive(Clone, Copy)]
struct Group {
    dest: Dest,
    /// The font; `None` is that of the document.
    font: Option<i32>,
    /// Characters that stand in for one `\u`.
    substitutes: usize,
    /// RTF that was made for the HTML and is not part of it.
    htmlrtf: bool,
    hidden: bool,
    /// Where the shown text of a field begins, in its group only.
    result: Option<usize>,
}

/// Reads RTF once.
pub(super) struct Reader {
    mode: Mode,
    max: usize,
    charsets: Charsets,
    group: Group,
    stack: Vec<Group>,
    /// Open groups that the stack does not hold.
    beyond: usize,
    /// The last token was `{`, where a destination can begin.
    opened: bool,
    /// The last tokens were `{\*`.
    starred: bool,
    /// Substitutes of a `\u` that are still to come.
    skip: usize,
    /// Bytes of the current character set that wait for the bytes behind them.
    pending: Vec<u8>,
    /// The first half of a pair.
    surrogate: Option<u16>,
    out: String,
    is_full: bool,
    instruction: String,
    /// Where the field at hand leads.
    target: Option<String>,
}

impl Reader {
    /// A reader that gives at most `max` bytes.
    pub fn new(mode: Mode, max: usize) -> Self {
        let group = Group { dest: Dest::Shown, font: None, substitutes: 1, htmlrtf: false, hidden: false, result: None };
        Reader {
            mode,
            max,
            charsets: Charsets::default(),
            group,
            stack: Vec::new(),
            beyond: 0,
            opened: false,
            starred: false,
            skip: 0,
            pending: Vec::new(),
            surrogate: None,
            out: String::new(),
            is_full: false,
            instruction: String::new(),
            target: None,
        }
    }

    /// The text, up to the end of the outermost group.
    pub fn read(mut self, rtf: &[u8]) -> String {
        for token in Lexer::new(rtf) {
            let starred = std::mem::take(&mut self.starred);
            let opened = std::mem::replace(&mut self.opened, token == Token::Open);
            match token {
                Token::Symbol(b'*') => self.starred = opened, // elsewhere it means nothing
                Token::Open => self.open(),
                Token::Close => self.close(),
                Token::Byte(byte) => self.bytes(&[byte]),
                Token::Text(text) => self.bytes(text),
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Word(name, number) => self.word(name, number, starred),
            }
            let is_over = token == Token::Close && self.stack.is_empty() && !self.out.is_empty();
            if is_over || self.is_full {
                break;
            }
        }
        self.flush();
        self.lone_surrogate();
        self.out
    }

    fn open(&mut self) {
        self.flush();
        self.skip = 0;
        if self.stack.len() < MAX_GROUPS {
            self.stack.push(self.group);
            self.group.result = None;
        } else {
            self.beyond += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(outer) = self.stack.pop() else { return };
        if let Some(start) = self.group.result {
            self.end_of_result(start);
        }
        if self.group.dest == Dest::Instruction && outer.dest != Dest::Instruction {
            self.target = words::hyperlink(&std::mem::take(&mut self.instruction));
        }
        self.group = outer;
    }

    /// Writes the target of a link behind its text, as mail programs do in plain text.
    fn end_of_result(&mut self, start: usize) {
        let Some(target) = self.target.take() else { return };
        if self.out.get(start..).is_some_and(|shown| shown.trim() != target) {
            self.emit(&format!(" <{target}>"));
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\\' | b'{' | b'}' => self.bytes(&[symbol]),
            b'~' => self.text("\u{a0}"),
            b'_' => self.text("\u{2011}"),
            b'-' if self.mode != Mode::Rtf => self.text("\u{ad}"), // nothing is seen of it
            b'\r' | b'\n' => self.text("\r\n"),
            b'\t' => self.text("\t"),
            _ => {}
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i32>, starred: bool) {
        let is_on = number != Some(0);
        match name {
            b"u" => self.unicode(number.unwrap_or_default()),
            b"uc" => self.group.substitutes = usize::try_from(number.unwrap_or(1)).unwrap_or_default(),
            b"htmlrtf" => self.group.htmlrtf = is_on && self.mode == Mode::Html,
            b"v" => self.group.hidden = is_on && self.mode == Mode::Rtf,
            b"field" => self.target = None,
            b"ansi" | b"mac" | b"pc" | b"pca" | b"ansicpg" | b"deff" => {
                self.flush();
                self.charsets.header(name, number);
            }
            b"f" | b"fcharset" | b"cpg" if self.group.dest == Dest::Fonts => self.charsets.font_table(name, number),
            b"f" => self.font(number),
            b"plain" => {
                self.font(None);
                self.group.hidden = false;
            }
            _ => match words::destination(self.group.dest, name, starred, self.mode) {
                Some(dest) => self.enter(dest, name),
                None => words::character(name, self.mode).into_iter().for_each(|text| self.text(text)),
            },
        }
    }

    fn font(&mut self, font: Option<i32>) {
        self.flush();
        self.group.font = font;
    }

    fn enter(&mut self, dest: Dest, name: &[u8]) {
        if self.beyond > 0 {
            return; // the state would outlive its group
        }
        self.flush();
        self.group.dest = dest;
        if name == b"fldrslt" && self.mode == Mode::Rtf {
            self.group.result = Some(self.out.len());
        }
    }

    /// True when text at this place is part of something that is read.
    fn is_read(&self) -> bool {
        matches!(self.group.dest, Dest::Shown | Dest::Tag | Dest::Instruction) && !self.group.htmlrtf && !self.group.hidden
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        if self.is_read() {
            self.pending.extend(bytes.iter().skip(skipped));
        }
    }

    /// A character that has a name.
    fn text(&mut self, text: &str) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.is_read() {
            self.flush();
            self.emit(text);
        }
    }

    /// A UTF-16 unit, as a signed or unsigned number; some writers give whole code points.
    fn unicode(&mut self, number: i32) {
        self.skip = self.group.substitutes;
        if !self.is_read() {
            return;
        }
        self.flush();
        let code = if number < 0 { number.wrapping_add(0x1_0000) } else { number };
        let code = u32::try_from(code).unwrap_or(0xfffd);
        match (self.surrogate.take(), code, u16::try_from(code)) {
            (Some(high), 0xdc00..=0xdfff, Ok(low)) => {
                char::decode_utf16([high, low]).for_each(|c| self.character(c.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            (lone, 0xd800..=0xdbff, Ok(high)) => {
                self.surrogate = lone;
                self.lone_surrogate();
                self.surrogate = Some(high);
            }
            (lone, ..) => {
                self.surrogate = lone;
                self.character(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }

    fn character(&mut self, c: char) {
        self.emit(c.encode_utf8(&mut [0; 4]));
    }

    /// Decodes the bytes that wait.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let label = match self.group.dest {
            // Tags are written in the character set of the document ([MS-OXRTFEX] §2.2.3.2).
            Dest::Tag | Dest::Instruction => self.charsets.of_document(),
            _ => self.charsets.of_font(self.group.font),
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) if text.is_ascii() => self.emit(text),
            _ => self.emit(&charset::decode(&bytes, label).unwrap_or_else(|| charset::decode_unnamed(&bytes))),
        }
    }

    fn lone_surrogate(&mut self) {
        if self.surrogate.take().is_some() {
            self.character(char::REPLACEMENT_CHARACTER);
        }
    }

    fn emit(&mut self, text: &str) {
        self.lone_surrogate();
        if self.group.dest == Dest::Instruction {
            self.instruction.push_str(text::head(text, MAX_INSTRUCTION.saturating_sub(self.instruction.len())));
            return;
        }
        let head = text::head(text, self.max.saturating_sub(self.out.len()));
        self.out.push_str(head);
        self.is_full = head.len() < text.len();
    }
}
