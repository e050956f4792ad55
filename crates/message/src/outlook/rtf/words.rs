//! What control words mean: destinations, named characters, field instructions.

use super::reader::Mode;

/// What the text of a group is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dest {
    /// It is shown.
    Shown,
    /// It is HTML ([MS-OXRTFEX] `\*\htmltag`).
    Tag,
    /// The font table.
    Fonts,
    /// What a field does.
    Instruction,
    /// Nothing, but groups inside may be shown.
    Holder,
    /// Nothing.
    Skipped,
}

/// Destinations without `\*` whose text no reader sees.
const SKIPPED: &[&[u8]] = &[
    b"annotation",
    b"atnauthor",
    b"atnid",
    b"colortbl",
    b"filetbl",
    b"footer",
    b"footerf",
    b"footerl",
    b"footerr",
    b"ftncn",
    b"ftnsep",
    b"ftnsepc",
    b"header",
    b"headerf",
    b"headerl",
    b"headerr",
    b"info",
    b"list",
    b"listlevel",
    b"listoverride",
    b"listtable",
    b"listoverridetable",
    b"mhtmltag",
    b"nonesttables",
    b"nonshppict",
    b"objdata",
    b"pict",
    b"revtbl",
    b"rxe",
    b"shprslt",
    b"stylesheet",
    b"tc",
    b"template",
    b"txe",
    b"xe",
];

/// The destination that a control word begins inside of `outer`; `None` when it begins none. An unknown word behind `\*` begins one that
/// is skipped.
pub(super) fn destination(outer: Dest, name: &[u8], starred: bool, mode: Mode) -> Option<Dest> {
    match (outer, name) {
        (Dest::Skipped, _) => None,
        (Dest::Shown, b"htmltag") if mode == Mode::Html => Some(Dest::Tag),
        (Dest::Shown, b"fldinst") if mode == Mode::Rtf => Some(Dest::Instruction),
        (Dest::Shown, b"fldrslt") => Some(Dest::Shown),
        (Dest::Shown | Dest::Holder, b"upr" | b"object" | b"shpinst") => Some(Dest::Holder),
        (Dest::Holder, b"ud" | b"result" | b"shptxt") => Some(Dest::Shown),
        (_, b"fonttbl") => Some(Dest::Fonts),
        (_, b"fldinst") => Some(Dest::Skipped),
        // The bullets and numbers of lists belong to the RTF, not to what it wraps.
        (_, b"pntext" | b"listtext") => (mode != Mode::Rtf).then_some(Dest::Skipped),
        _ => (starred || SKIPPED.contains(&name)).then_some(Dest::Skipped),
    }
}

/// The text that a control word stands for. Lines end with CRLF ([MS-OXRTFEX] §2.1.3.1.4.2).
pub(super) fn character(name: &[u8], mode: Mode) -> Option<&'static str> {
    Some(match name {
        b"par" | b"line" => "\r\n",
        b"sect" | b"page" | b"row" | b"nestrow" if mode == Mode::Rtf => "\r\n",
        b"cell" | b"nestcell" if mode == Mode::Rtf => "\t",
        b"tab" => "\t",
        b"bullet" => "\u{2022}",
        b"lquote" => "\u{2018}",
        b"rquote" => "\u{2019}",
        b"ldblquote" => "\u{201c}",
        b"rdblquote" => "\u{201d}",
        b"endash" => "\u{2013}",
        b"emdash" => "\u{2014}",
        b"enspace" => "\u{2002}",
        b"emspace" => "\u{2003}",
        b"qmspace" => "\u{2005}",
        b"zwbo" => "\u{200b}",
        b"zwnbo" => "\u{2060}",
        b"zwj" => "\u{200d}",
        b"zwnj" => "\u{200c}",
        b"ltrmark" => "\u{200e}",
        b"rtlmark" => "\u{200f}",
        _ => return None,
    })
}

/// Where a field leads: `HYPERLINK "url" \o "tip"`. Backslashes are doubled there. Places inside of the document (`\l`, `#`) are left out.
pub(super) fn hyperlink(instruction: &str) -> Option<String> {
    let text = instruction.trim_start();
    let (name, mut rest) = text.split_at_checked("HYPERLINK".len())?;
    if !name.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    loop {
        rest = rest.trim_start();
        let Some(switch) = rest.strip_prefix('\\') else {
            let (target, _) = argument(rest);
            let is_place = target.is_empty() || target.starts_with('#');
            return (!is_place).then(|| target.replace("\\\\", "\\"));
        };
        let mut chars = switch.chars();
        let takes_argument = matches!(chars.next(), Some('l' | 'o' | 't'));
        rest = if takes_argument { argument(chars.as_str().trim_start()).1 } else { chars.as_str() };
    }
}

/// A word or a quoted text, and what follows.
fn argument(text: &str) -> (&str, &str) {
    match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}
