//! Where a quote begins by the markup that mail programs put around it (reference mdm.md §14.3).

use super::attribution::{self, Below};
use super::cuts::Cut;
use super::keys::{Key, has_name, header_line};
use super::source::Source;
use mailhound_objects::html::{Block, Document};
use std::collections::HashMap;
use std::ops::Range;

/// What an element says.
enum Mark {
    /// It holds a quote, which ends with it.
    Quote,
    /// It holds a quote when an introduction stands above it: any `blockquote`.
    PerhapsQuote,
    /// It holds the header lines of the quote that follows.
    Preamble,
    /// It holds them when there is an author among them: a line drawn above may be an ornament.
    PerhapsPreamble,
    /// It holds them if some line is one; Outlook leaves what its user writes there in it.
    HeadOrProse,
    /// The quote follows it.
    Before,
}

/// The places where the markup shows a quote.
#[derive(Default)]
pub(super) struct Structure {
    /// The quotes.
    pub(super) cuts: Vec<Cut>,
    /// Elements that hold a quote if its introduction ends right above.
    pub(super) perhaps: Vec<Range<usize>>,
}

/// All places where the markup shows a quote.
pub(super) fn find(source: &Source<'_>) -> Structure {
    let mut found = Structure::default();
    let Some((document, rendering)) = source.html else { return found };
    let mut containers: HashMap<usize, Container> = HashMap::new(); // by the number of the block
    for (number, block) in rendering.blocks.iter().enumerate() {
        let Some(mark) = mark(document, block) else { continue };
        let lines = block.lines.clone();
        let start = lines.start;
        let bare = |end| Cut { start, preamble: start..start, end };
        let is_head = !lines.is_empty() && lines.len() <= MAX_PREAMBLE;
        if let Some(container) = block.parent.and_then(|parent| containers.get_mut(&parent)) {
            container.has_head |= matches!(mark, Mark::Preamble);
            if is_gmail(document, block, "blockquote") && !container.is_closed {
                container.is_closed = true;
                // Behind the `blockquote` stands the answer; with header lines above it, they make the cut.
                found.cuts[container.cut].end = Some(if container.has_head { container.start } else { lines.end });
            }
        }
        match mark {
            Mark::Quote if !lines.is_empty() && is_gmail(document, block, "div") => {
                containers.insert(number, Container { cut: found.cuts.len(), start, has_head: false, is_closed: false });
                found.cuts.push(bare(Some(lines.end)));
            }
            Mark::Quote if !lines.is_empty() => found.cuts.push(bare(Some(lines.end))),
            Mark::PerhapsQuote if !lines.is_empty() => found.perhaps.push(lines),
            Mark::Preamble if is_head => found.cuts.push(Cut { start, preamble: lines, end: None }),
            Mark::PerhapsPreamble if is_head && names_author(source, &lines) => found.cuts.push(Cut { start, preamble: lines, end: None }),
            Mark::HeadOrProse if is_head => {
                let cut = head_start(source, &lines).map(|start| Cut { start, preamble: start..lines.end, end: None });
                found.cuts.extend(cut);
            }
            Mark::Before if start < source.lines.len() => found.cuts.push(bare(None)),
            _ => {}
        }
    }
    found.cuts.retain(|cut| cut.end != Some(cut.start));
    found
}

/// A `gmail_quote` on the way through what it holds.
struct Container {
    /// The number of its cut.
    cut: usize,
    start: usize,
    /// Header lines of their own element came.
    has_head: bool,
    /// The `blockquote` came. A forward has none.
    is_closed: bool,
}

fn is_gmail(document: &Document, block: &Block, name: &str) -> bool {
    let element = document.dom().tree.get(block.node).and_then(|node| node.value().as_element());
    element.filter(|element| element.name() == name).and_then(|element| element.attr("class")).is_some_and(|classes| {
        classes.split_ascii_whitespace().any(|class| class.ends_with("gmail_quote") || class.ends_with("gmail_quote_container"))
    })
}

/// Lines that header lines can take; an element that holds more is no preamble.
const MAX_PREAMBLE: usize = 30;

/// The first header line or attribution among the lines. Two lines that begin like header lines count in any language.
fn head_start(source: &Source<'_>, lines: &Range<usize>) -> Option<usize> {
    let texts: Vec<(usize, &str)> = lines.clone().map(|line| source.quote(line)).collect();
    let known = (0..texts.len()).find(|&at| header_line(texts[at].1).is_some());
    let named = |at: usize| texts.get(at).is_some_and(|(_, text)| has_name(text));
    let unknown = (0..texts.len()).find(|&at| named(at) && named(at + 1));
    let found = known.into_iter().chain(unknown).min();
    let said = || (0..texts.len()).find_map(|at| attribution::start(&texts, at, 0, Below::Marks));
    found.or_else(said).map(|at| lines.start + at)
}

fn names_author(source: &Source<'_>, lines: &Range<usize>) -> bool {
    let lines = source.lines.get(lines.clone()).unwrap_or_default();
    lines.iter().any(|line| header_line(line).is_some_and(|found| found.key == Key::Author))
}

/// Elements around quotes, by the ends of their classes: what answers an answer puts `x_` before each.
const QUOTE_CLASSES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "yahoo_quoted",
    "protonmail_quote",
    "zmail_extra",
    "moz-forward-container",
    "ms-outlook-mobile-reference-message",
    "gmx_quote",
];

/// The same by id.
const QUOTE_IDS: &[&str] = &["OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container"];

fn mark(document: &Document, block: &Block) -> Option<Mark> {
    let node = document.dom().tree.get(block.node)?;
    let element = node.value().as_element()?;
    let name = element.name();
    if !matches!(name, "div" | "blockquote" | "td" | "p") {
        return None;
    }
    let classes = element.attr("class").unwrap_or_default();
    let has = |class: &str| classes.split_ascii_whitespace().any(|own| own.ends_with(class));
    let id = element.attr("id").unwrap_or_default();
    if has("gmail_attr") || has("moz-cite-prefix") || id.ends_with("reply-intro") {
        return Some(Mark::Preamble);
    }
    if id.ends_with("divRplyFwdMsg") {
        return Some(Mark::HeadOrProse);
    }
    let is_named = element.attr("name").is_some_and(|name| name == "quote" || name == "messageReplySection");
    if is_named || QUOTE_IDS.iter().any(|own| id.ends_with(own)) || (!classes.is_empty() && QUOTE_CLASSES.iter().any(|class| has(class))) {
        return Some(Mark::Quote);
    }
    if name == "blockquote" {
        let is_cite = element.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite"));
        return Some(if is_cite { Mark::Quote } else { Mark::PerhapsQuote });
    }
    if id.ends_with("appendonsend") {
        return Some(Mark::Before);
    }
    let style = element.attr("style").unwrap_or_default();
    (name == "div" && is_outlook_border(style)).then_some(Mark::PerhapsPreamble)
}

/// The line that Outlook for desktop draws above the header lines of a quote.
fn is_outlook_border(style: &str) -> bool {
    let style: String = style.chars().take(400).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    style.contains("border-top:solid#e1e1e1") || style.contains("border-top:solid#b5c4df")
}
