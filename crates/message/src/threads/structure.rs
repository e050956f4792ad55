//! Where a quote begins by the markup that mail programs put around it (reference mdm.md §14.3).

use super::cuts::Cut;
use super::source::Source;
use mailhound_objects::html::Document;

/// What an element says.
enum Mark {
    /// It holds a quote, which ends with it.
    Quote,
    /// It holds the header lines of the quote that follows.
    Preamble,
    /// The quote follows it.
    Before,
}

/// All places where the markup shows a quote.
pub(super) fn find(source: &Source<'_>) -> Vec<Cut> {
    let Some((document, rendering)) = source.html else { return Vec::new() };
    let mut cuts = Vec::new();
    for block in &rendering.blocks {
        let Some(mark) = mark(document, block) else { continue };
        let lines = block.lines.clone();
        let start = lines.start;
        match mark {
            Mark::Quote if lines.is_empty() => {}
            Mark::Quote => cuts.push(Cut { start, preamble: start..start, end: Some(lines.end) }),
            Mark::Preamble if lines.is_empty() || lines.len() > MAX_PREAMBLE => {}
            Mark::Preamble => cuts.push(Cut { start, preamble: lines, end: None }),
            Mark::Before if start < source.lines.len() => cuts.push(Cut { start, preamble: start..start, end: None }),
            Mark::Before => {}
        }
    }
    cuts
}

/// Lines that header lines can take; an element that holds more is no preamble.
const MAX_PREAMBLE: usize = 30;

fn mark(document: &Document, block: &mailhound_objects::html::Block) -> Option<Mark> {
    let node = document.dom().tree.get(block.node)?;
    let element = node.value().as_element()?;
    let name = element.name();
    if !matches!(name, "div" | "blockquote" | "td") {
        return None;
    }
    let has = |class: &str| element.attr("class").is_some_and(|classes| classes.split_ascii_whitespace().any(|own| own.ends_with(class)));
    let id = element.attr("id").unwrap_or_default();
    if has("gmail_attr") || has("moz-cite-prefix") || id.ends_with("divRplyFwdMsg") {
        return Some(Mark::Preamble);
    }
    let quote = ["gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "zmail_extra"];
    if quote.iter().any(|class| has(class)) || id == "OLK_SRC_BODY_SECTION" {
        return Some(Mark::Quote);
    }
    if name == "blockquote" && element.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite")) {
        return Some(Mark::Quote);
    }
    if id.ends_with("appendonsend") {
        return Some(Mark::Before);
    }
    let style = element.attr("style").unwrap_or_default();
    (name == "div" && is_outlook_border(style)).then_some(Mark::Preamble)
}

/// The line that Outlook for desktop draws above the header lines of a quote.
fn is_outlook_border(style: &str) -> bool {
    let style: String = style.chars().take(400).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    style.contains("border-top:solid#e1e1e1") || style.contains("border-top:solid#b5c4df")
}
