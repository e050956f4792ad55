//! One walk over the tree that makes a [`Rendering`].
//!
//! The walk goes by the edges of the tree (opening, closing) and keeps its own stack; the nesting of the input does not matter.

use super::attributes::Attributes;
use super::css::Styles;
use super::lines::{Anchor, Block, Line, Rendering};
use super::style::{Declared, State, clean_text, pixels};
use super::words::{append_collapsed, collapse, is_space};
use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use scraper::node::Element;
use std::ops::Range;

/// Bytes of `style` and `class` attributes that are read in one document. Formatting elements are built anew in every paragraph, so that
/// a short document can have the same long attribute thousands of times; behind this bound they no longer count.
const MAX_STYLE: usize = 64 << 20;

/// Bytes of link targets that are kept of one document, for the same reason; further links are left out.
const MAX_TARGETS: usize = 64 << 20;

/// Walks the tree below a node, which itself counts as shown.
pub(super) fn render(top: NodeRef<'_, Node>, styles: &Styles) -> Rendering {
    let mut walk = Walk {
        top: top.id(),
        states: vec![State::root(!styles.unknown_background)],
        styles,
        out: Rendering::default(),
        line: String::new(),
        line_node: None,
        line_anchors: Vec::new(),
        wants_blank: false,
        open_anchors: Vec::new(),
        open_blocks: Vec::new(),
        open_form: None,
        silent: 0,
        style_left: MAX_STYLE,
        targets_left: MAX_TARGETS,
    };
    for edge in top.traverse() {
        match edge {
            Edge::Open(node) => walk.open(node),
            Edge::Close(node) => walk.close(node),
        }
    }
    walk.end_line();
    walk.out
}

/// What the style sheets of a page say.
pub(super) fn styles(dom: &scraper::Html) -> Styles {
    let mut styles = Styles::default();
    for node in dom.tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        if element.name() != "style" || node.parent().is_none() || element.attr("media").is_some_and(|media| !is_for_screens(media)) {
            continue;
        }
        node.children().filter_map(|child| child.value().as_text()).for_each(|text| styles.add(text));
    }
    styles
}

/// True for the `media` of a style sheet that holds without a condition, as `@media` blocks are left out.
fn is_for_screens(media: &str) -> bool {
    media.trim().is_empty()
        || media.split(',').any(|medium| matches!(medium.trim().to_ascii_lowercase().trim_start_matches("only ").trim(), "all" | "screen"))
}

struct Walk<'s> {
    top: NodeId,
    styles: &'s Styles,
    /// One state per open element that is shown, the document's first.
    states: Vec<State>,
    out: Rendering,
    line: String,
    line_node: Option<NodeId>,
    line_anchors: Vec<Range<usize>>,
    /// A blank stands between what is in the line and what comes.
    wants_blank: bool,
    /// The anchors that are open: index, and the element that ends their text.
    open_anchors: Vec<(usize, NodeId)>,
    open_blocks: Vec<usize>,
    open_form: Option<usize>,
    /// Open elements from the outermost silent one on; within it nothing is looked at.
    silent: usize,
    style_left: usize,
    targets_left: usize,
}

impl Walk<'_> {
    fn open(&mut self, node: NodeRef<'_, Node>) {
        match node.value() {
            Node::Element(_) if self.silent > 0 => self.silent += 1,
            Node::Element(element) => self.open_element(node, element),
            Node::Text(text) if self.silent == 0 => self.text(node, text),
            _ => {}
        }
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        let Node::Element(element) = node.value() else { return };
        if self.silent > 0 {
            self.silent -= 1;
            return;
        }
        let name = element.name();
        let state = if self.states.len() > 1 { self.states.pop() } else { None };
        if is_breaking(name) || state.is_some_and(|state| state.block) {
            self.end_line();
        }
        if is_block(name)
            && let Some(block) = self.open_blocks.pop()
        {
            let end = self.out.lines.len() + usize::from(!self.line.is_empty());
            let lines = &mut self.out.blocks[block].lines;
            lines.end = end.max(lines.start);
        }
        if self.open_anchors.last().is_some_and(|&(_, end)| end == node.id()) {
            self.open_anchors.pop();
        }
        if self.open_form.is_some_and(|open| self.out.anchors[open].node == node.id()) {
            self.open_form = None;
        }
    }

    fn open_element(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let name = element.name();
        if name == "base" && self.out.base.is_none() {
            self.out.base = element.attr("href").map(str::to_owned);
        }
        if is_silent(name) && node.id() != self.top {
            // `base` stands in the head; nothing else there matters.
            if name == "head" {
                self.out.base = self.out.base.take().or_else(|| head_base(node));
            }
            self.silent = 1;
            return;
        }
        let state = self.state(element);
        if is_breaking(name) || state.block {
            self.end_line();
        } else if matches!(name, "td" | "th") {
            self.wants_blank = true;
            self.part_anchors();
        }
        if is_block(name) {
            let start = self.out.lines.len();
            self.out.blocks.push(Block { node: node.id(), lines: start..start, parent: self.open_blocks.last().copied() });
            self.open_blocks.push(self.out.blocks.len() - 1);
        }
        self.note_link(node, element, &state);
        self.states.push(state);
    }

    /// What the element's own declarations make of the state around it.
    fn state(&mut self, element: &Element) -> State {
        let found = Attributes::of(element);
        let (class, style) = (found.class, found.style);
        let read = class.map_or(0, str::len) + style.map_or(0, str::len);
        let (class, style) = if read <= self.style_left { (class, style) } else { (None, None) };
        self.style_left = self.style_left.saturating_sub(read);
        let above = self.states.last().expect("the document's state stays");
        let name = element.name();
        let mut hints = found.hints(name);
        hints.overlay(&self.styles.declared(name, class, found.id, style));
        let mut state = above.below(&hints);
        state.hidden |= found.is_hidden;
        state.pre |= matches!(name, "pre" | "xmp" | "listing" | "textarea" | "plaintext");
        if matches!(name, "img" | "svg" | "image" | "video") {
            self.mark_tiny(element, &hints, &mut state);
        }
        state
    }

    /// An image of at most one pixel is not seen.
    fn mark_tiny(&self, element: &Element, declared: &Declared, state: &mut State) {
        let side = |styled: Option<f32>, attribute| {
            styled.or_else(|| element.attr(attribute).and_then(pixels)).is_some_and(|px| (0.0..=1.0).contains(&px))
        };
        state.hidden |= side(declared.width_px, "width") || side(declared.height_px, "height");
    }

    fn note_link(&mut self, node: NodeRef<'_, Node>, element: &Element, state: &State) {
        let name = element.name();
        let shown = state.shows_images();
        match name {
            "a" | "v:roundrect" | "v:rect" => {
                let anchor = element.attr("href").and_then(|href| self.add_anchor(node.id(), href, None));
                self.open_anchors.extend(anchor.map(|anchor| (anchor, node.id())));
            }
            "area" => {
                if let Some(anchor) = element.attr("href").and_then(|href| self.add_anchor(node.id(), href, Some(shown))) {
                    self.out.anchors[anchor].shown = element.attr("alt").map(collapse).unwrap_or_default();
                }
            }
            "form" => {
                self.open_form = element.attr("action").and_then(|action| self.add_anchor(node.id(), action, Some(shown)));
            }
            "button" if element.attr("formaction").is_some() => {
                let anchor = element.attr("formaction").and_then(|action| self.add_anchor(node.id(), action, Some(shown)));
                self.open_anchors.extend(anchor.map(|anchor| (anchor, node.id())));
            }
            "button" if !matches!(element.attr("type"), Some("button" | "reset")) => {
                if let Some(form) = self.open_form.take() {
                    self.open_anchors.push((form, node.id()));
                }
            }
            "input" => self.note_input(node, element, shown),
            _ => {}
        }
        if shown && (state.pictured || matches!(name, "img" | "svg" | "image" | "video" | "object" | "canvas")) {
            self.note_image();
        }
    }

    /// A submit button names its form; with an address of its own it is a link.
    fn note_input(&mut self, node: NodeRef<'_, Node>, element: &Element, shown: bool) {
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        if !matches!(kind.as_str(), "submit" | "image") {
            return;
        }
        let label = element.attr("value").or_else(|| element.attr("alt")).map(collapse).unwrap_or_default();
        if let Some(action) = element.attr("formaction") {
            if let Some(anchor) = self.add_anchor(node.id(), action, Some(shown)) {
                self.out.anchors[anchor].shown = label;
            }
        } else if let Some(form) = self.open_form
            && self.out.anchors[form].shown.is_empty()
        {
            self.out.anchors[form].shown = label;
        }
        if kind == "image" && shown {
            self.note_image();
        }
    }

    fn note_image(&mut self) {
        if let Some(&(open, _)) = self.open_anchors.last() {
            self.out.anchors[open].has_image = true;
        }
    }

    /// Notes a link and gives its number; `None` when there are too many bytes of targets.
    fn add_anchor(&mut self, node: NodeId, href: &str, is_seen: Option<bool>) -> Option<usize> {
        self.targets_left = self.targets_left.checked_sub(href.len() + 1)?;
        // Without text of its own a link belongs to what stands before it.
        let line = if self.line.is_empty() { self.out.lines.len().saturating_sub(1) } else { self.out.lines.len() };
        self.out.anchors.push(Anchor {
            node,
            href: href.to_owned(),
            shown: String::new(),
            hidden: String::new(),
            has_image: false,
            line,
            placed: false,
            is_seen,
        });
        Some(self.out.anchors.len() - 1)
    }

    fn text(&mut self, node: NodeRef<'_, Node>, text: &str) {
        let state = self.states.last().expect("the document's state stays");
        let (shows, pre, keeps_lines) = (state.shows_text(), state.pre, state.pre || state.keeps_lines);
        let holder = node.parent().map_or(node.id(), |parent| parent.id());
        let text = clean_text(text);
        if !shows {
            if let Some(&(open, _)) = self.open_anchors.last() {
                append_collapsed(&mut self.out.anchors[open].hidden, &text);
            }
            return;
        }
        let anchor = self.open_anchors.last().map(|&(open, _)| open);
        if let Some(open) = anchor {
            append_collapsed(&mut self.out.anchors[open].shown, &text);
        }
        if keeps_lines {
            for (idx, line) in text.split('\n').enumerate() {
                if idx > 0 {
                    self.end_line();
                }
                self.run(line.trim_end_matches('\r'), holder, anchor, pre);
            }
        } else {
            self.run(&text, holder, anchor, false);
        }
    }

    /// Adds text to the line; blanks collapse unless they are kept.
    fn run(&mut self, text: &str, holder: NodeId, anchor: Option<usize>, keep: bool) {
        if text.trim().is_empty() && !keep {
            self.wants_blank |= !text.is_empty();
            return;
        }
        self.wants_blank |= text.starts_with(is_space);
        let from = self.line.len();
        if keep {
            self.push_blank();
            self.line.push_str(text);
        } else {
            for word in text.split(is_space).filter(|word| !word.is_empty()) {
                self.push_blank();
                self.line.push_str(word);
                self.wants_blank = true;
            }
            self.wants_blank = text.ends_with(is_space);
        }
        if self.line_node.is_none() && !self.line.trim().is_empty() {
            self.line_node = Some(holder);
        }
        if let Some(open) = anchor {
            self.place_anchor(open, from);
        }
    }

    fn place_anchor(&mut self, open: usize, from: usize) {
        self.line_anchors.push(from..self.line.len());
        let anchor = &mut self.out.anchors[open];
        if !anchor.placed {
            anchor.placed = true;
            anchor.line = self.out.lines.len();
        }
    }

    fn push_blank(&mut self) {
        if self.wants_blank && !self.line.is_empty() {
            self.line.push(' ');
        }
        self.wants_blank = false;
    }

    /// A blank in the texts of the open anchors, where a line or a table cell ends.
    fn part_anchors(&mut self) {
        for &(open, _) in &self.open_anchors {
            let shown = &mut self.out.anchors[open].shown;
            if !shown.is_empty() && !shown.ends_with(' ') {
                shown.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        self.wants_blank = false;
        self.part_anchors();
        let line = std::mem::take(&mut self.line);
        let anchors = std::mem::take(&mut self.line_anchors);
        let node = self.line_node.take();
        let trimmed = line.trim();
        let (Some(node), false) = (node, trimmed.is_empty()) else { return };
        let cut = line.len() - line.trim_start().len();
        let anchors = anchors.into_iter().map(|range| range.start.saturating_sub(cut)..range.end.saturating_sub(cut)).collect();
        self.out.lines.push(Line { text: trimmed.to_owned(), node, anchors });
    }
}

/// Elements whose content is never shown.
fn is_silent(name: &str) -> bool {
    matches!(name, "script" | "style" | "head" | "title" | "template" | "noscript" | "iframe" | "noembed" | "noframes" | "datalist")
}

/// Elements that break lines (mdm.md §10.3, and those that browsers show as blocks).
#[rustfmt::skip]
fn is_breaking(name: &str) -> bool {
    matches!(
        name,
        "address" | "article" | "aside" | "blockquote" | "body" | "br" | "caption" | "center" | "dd" | "details" | "dialog"
            | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4"
            | "h5" | "h6" | "header" | "hr" | "legend" | "li" | "main" | "menu" | "nav" | "ol" | "optgroup" | "option" | "p"
            | "pre" | "section" | "summary" | "table" | "tbody" | "tfoot" | "thead" | "tr" | "ul"
    )
}

/// Blocks are kept with their lines: what breaks lines, and table cells.
fn is_block(name: &str) -> bool {
    matches!(name, "td" | "th") || (is_breaking(name) && name != "br")
}

fn head_base(head: NodeRef<'_, Node>) -> Option<String> {
    head.descendants()
        .filter_map(|node| node.value().as_element())
        .filter(|element| element.name() == "base")
        .find_map(|element| element.attr("href").map(str::to_owned))
}
