//! Message bodies in Rich Text Format: unpacking ([MS-OXRTFCP]) and the HTML or plain text that is wrapped in it ([MS-OXRTFEX]).
//!
//! Outlook keeps a body as RTF and hides the HTML that it came from inside. [`decompress`] undoes the compression of the property
//! PidTagRtfCompressed and of the TNEF attribute attMAPIProps; [`read`] gives the text. `lex` splits RTF into tokens, `charset` knows
//! code pages and the character sets of fonts, `words` what control words mean, `reader` walks the groups. All of it is linear in the bytes, and groups are kept in a
//! bounded stack.
//!
//! Own code: the RTF crates at hand recurse over groups, want whole documents, or do not know encapsulated HTML.

mod charset;
mod compressed;
mod lex;
mod reader;
#[cfg(test)]
mod tests;
mod words;

use lex::{Lexer, Token};
use reader::{Mode, Reader};

pub(crate) use compressed::decompress;

/// The text of an RTF body.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Body {
    /// The HTML that was wrapped in the RTF.
    pub html: Option<String>,
    /// The plain text that was wrapped in the RTF, else what a reader of the RTF sees. Empty when there is HTML. Lines end with CRLF.
    pub text: String,
}

/// Tokens in which the mark of wrapped HTML or text is looked for. The format wants it among the first ten ([MS-OXRTFEX] §2.2.3.1).
const HEADER_TOKENS: usize = 100;

/// Reads an RTF body; at most `max` bytes of text come out. Never fails: what is no RTF is read as if it were.
///
/// RTF that says it wraps HTML and gives none is read as RTF.
pub(crate) fn read(rtf: &[u8], max: usize) -> Body {
    let mode = mode(rtf);
    let text = Reader::new(mode, max).read(rtf);
    match mode {
        Mode::Html if text.trim().is_empty() => Body { html: None, text: Reader::new(Mode::Rtf, max).read(rtf) },
        Mode::Html => Body { html: Some(text), text: String::new() },
        Mode::Text | Mode::Rtf => Body { html: None, text },
    }
}

/// What the header says the RTF wraps.
fn mode(rtf: &[u8]) -> Mode {
    for token in Lexer::new(rtf).take(HEADER_TOKENS) {
        match token {
            Token::Word(b"fromhtml", number) if number != Some(0) => return Mode::Html,
            Token::Word(b"fromtext", number) if number != Some(0) => return Mode::Text,
            Token::Word(b"fonttbl", _) | Token::Text(_) => break,
            _ => {}
        }
    }
    Mode::Rtf
}
