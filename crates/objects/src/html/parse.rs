//! Builds the tree with html5ever and keeps hostile markup from costing more than its length.
//!
//! Three things in a tree builder grow with the square of the input: scope checks walk the stack of open elements, formatting elements
//! are built anew in every paragraph, and each attribute of a tag is compared with all before it. Browsers bound the first at 512;
//! here all three have a bound. What a reader sees changes only for documents that no mail program writes.

use super::tags;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult};
use mailhound_value::Fixed;
use mailhound_value::fixed::{HTML_ATTRIBUTES, HTML_DEPTH, HTML_ELEMENTS};
use rustc_hash::FxHashMap;
use scraper::HtmlTreeSink;
use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

/// Elements and attributes that even a short document may have.
const SPARE_ELEMENTS: usize = 20_000;

type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// The tree, and the limits that were hit.
pub(super) fn parse(html: &str) -> (scraper::Html, Vec<&'static Fixed>) {
    // Mail programs run no scripts, so what stands in `noscript` is markup.
    let opts = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let tokens = BoundedTokens::new(TreeBuilder::new(BoundedTree::new(HTML_ELEMENTS.value.min(SPARE_ELEMENTS + html.len() / 2)), opts));
    let tokenizer = Tokenizer::new(tokens, TokenizerOpts::default());
    let is_cut = feed(&tokenizer, html);
    tokenizer.end();
    let sink = tokenizer.sink;
    let hit = [(is_cut, &HTML_ATTRIBUTES), (sink.is_deep.get(), &HTML_DEPTH), (sink.flat.get(), &HTML_ELEMENTS)];
    let hit = hit.into_iter().filter_map(|(is_hit, limit)| is_hit.then_some(limit)).collect();
    (sink.builder.sink.finish(), hit)
}

/// Feeds the text. True when a tag with too many words was cut: for that it goes in pieces that end at a `>`, where tags end. Ordinary
/// markup goes in one piece, which is much faster.
fn feed(tokenizer: &Tokenizer<BoundedTokens>, html: &str) -> bool {
    let whole = StrTendril::from_slice(html);
    let input = BufferQueue::default();
    if tags::are_ordinary(html, HTML_ATTRIBUTES.value) {
        input.push_back(whole);
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        return false;
    }
    let mut open = Open::Text;
    let mut cut = false;
    let mut at = 0;
    for piece in html.split_inclusive('>') {
        let start = at;
        at += piece.len();
        let before = open;
        open = open.after(piece, &tokenizer.sink);
        let kept = open.kept(before, piece);
        if let (Ok(start), Ok(length)) = (u32::try_from(start), u32::try_from(kept)) {
            input.push_back(whole.subtendril(start, length));
        }
        if kept < piece.len() {
            cut = true;
            // Ends the tag whether or not the cut fell into a quoted value.
            input.push_back(StrTendril::from_slice("\"'>"));
        }
        tokenizer.sink.at_boundary.set(false);
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        if tokenizer.sink.at_boundary.get() {
            open = Open::Text;
        } else if kept < piece.len() {
            // It was no tag that was cut: what was held back is text.
            if let (Ok(from), Ok(length)) = (u32::try_from(start + kept), u32::try_from(piece.len() - kept)) {
                input.push_back(whole.subtendril(from, length));
                while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
            }
            open = Open::Text;
        }
    }
    cut
}

/// What the tokenizer is inside of at the end of a piece. Known for certain after each tag and comment, which end with their piece.
#[derive(Clone, Copy)]
enum Open {
    /// Text, or raw text of a script or style.
    Text,
    /// A comment or declaration, which has no attributes.
    Markup,
    /// A CDATA section, which ends without a token.
    Cdata,
    /// A tag with this many words so far; a quoted `>` did not end it. It opened at `from` in the piece, or in an earlier one.
    Tag { words: usize, from: usize },
}

impl Open {
    /// How many bytes of the piece are fed: those up to the last word that a tag may have.
    fn kept(self, before: Open, piece: &str) -> usize {
        let Open::Tag { words, from } = self else { return piece.len() };
        if words <= HTML_ATTRIBUTES.value {
            return piece.len();
        }
        let room = HTML_ATTRIBUTES.value.saturating_sub(if let Open::Tag { words, .. } = before { words } else { 0 });
        piece.bytes().enumerate().skip(from).filter(|(_, b)| tags::is_word_end(*b)).nth(room).map_or(piece.len(), |(at, _)| at)
    }

    /// Behind a piece of a CDATA section.
    fn after_cdata(piece: &str) -> Open {
        if piece.ends_with("]]>") { Open::Text } else { Open::Cdata }
    }

    fn after(self, piece: &str, sink: &BoundedTokens) -> Open {
        let count = |text: &str| text.bytes().filter(|b| tags::is_word_end(*b)).count();
        match self {
            Open::Markup => Open::Markup,
            Open::Cdata => Open::after_cdata(piece),
            Open::Text if sink.is_plain.get() => Open::Text,
            Open::Tag { words, .. } => Open::Tag { words: words + count(piece), from: 0 },
            Open::Text => {
                let opens = |at: &usize| match (piece.as_bytes().get(at + 1), sink.raw.get()) {
                    // `</` inside a script is mostly a text of the script: only its own end tag counts.
                    (Some(b'/'), true) => sink.is_raw_end(&piece[at + 2..]),
                    (Some(b'/'), false) => piece.as_bytes().get(at + 2).is_some_and(|next| *next != b'>'),
                    (Some(next), false) => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
                    _ => false,
                };
                let Some(start) = piece.match_indices('<').map(|(at, _)| at).find(opens) else { return Open::Text };
                match piece.as_bytes().get(start + 1..).unwrap_or_default() {
                    [b'!', b'[', ..] if piece[start..].starts_with("<![CDATA[") => Open::after_cdata(piece),
                    [b'!' | b'?', ..] => Open::Markup,
                    [b'/', next, ..] if !next.is_ascii_alphabetic() => Open::Markup,
                    _ => Open::Tag { words: count(&piece[start..]), from: start },
                }
            }
        }
    }
}

/// Between tokenizer and tree builder: keeps the nesting in bounds.
struct BoundedTokens {
    builder: TreeBuilder<NodeId, BoundedTree>,
    /// Elements were closed because they stood too deep.
    is_deep: Cell<bool>,
    /// Tags are dropped from here on.
    flat: Cell<bool>,
    /// The raw text element whose content is dropped while flat.
    skipped: RefCell<Option<LocalName>>,
    /// A tag, comment or declaration has ended since this was last cleared.
    at_boundary: Cell<bool>,
    /// The tokenizer reads raw text up to an end tag of this name.
    raw: Cell<bool>,
    raw_name: RefCell<Option<LocalName>>,
    /// The rest of the document is text.
    is_plain: Cell<bool>,
}

impl BoundedTokens {
    fn new(builder: TreeBuilder<NodeId, BoundedTree>) -> Self {
        BoundedTokens {
            builder,
            is_deep: Cell::new(false),
            flat: Cell::new(false),
            skipped: RefCell::new(None),
            at_boundary: Cell::new(false),
            raw: Cell::new(false),
            raw_name: RefCell::new(None),
            is_plain: Cell::new(false),
        }
    }

    fn is_raw_end(&self, after: &str) -> bool {
        let name = self.raw_name.borrow();
        let is_end = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'>');
        name.as_ref().is_some_and(|name| {
            after.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
                && after.as_bytes().get(name.len()).is_none_or(is_end)
        })
    }

    /// Before a start tag: closes the innermost element when the tree is too deep, gives up on tags when that did not help.
    fn make_room(&self, line: u64) {
        let tree = &self.builder.sink;
        if tree.elements.get() > tree.max_elements || tree.depth.get() > HTML_DEPTH.value + 64 {
            self.flat.set(true);
        } else if tree.depth.get() >= HTML_DEPTH.value {
            self.is_deep.set(true);
            let name = tree.innermost.borrow().clone();
            if let Some(name) = name {
                let tag = Tag { kind: TagKind::EndTag, name, self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false };
                let _ = self.builder.process_token(Token::TagToken(tag), line);
            }
        }
    }

    /// A tag while tags are dropped: only what switches the tokenizer to raw text matters, so that scripts do not become text.
    fn drop_tag(&self, tag: &Tag) -> TokenSinkResult<NodeId> {
        let mut skipped = self.skipped.borrow_mut();
        match (tag.kind, &*tag.name) {
            (TagKind::EndTag, _) if skipped.as_ref() == Some(&tag.name) => *skipped = None,
            (TagKind::StartTag, "script") => {
                *skipped = Some(tag.name.clone());
                self.begin_raw(&tag.name);
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            (TagKind::StartTag, "style" | "xmp" | "iframe" | "noembed" | "noframes") => {
                *skipped = Some(tag.name.clone());
                self.begin_raw(&tag.name);
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn begin_raw(&self, name: &LocalName) {
        self.raw.set(true);
        *self.raw_name.borrow_mut() = Some(name.clone());
    }

    fn forward(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let start = match &token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => Some(tag.name.clone()),
            _ => None,
        };
        if matches!(token, Token::TagToken(_)) {
            self.raw.set(false);
        }
        let result = self.builder.process_token(token, line);
        if let (TokenSinkResult::RawData(_), Some(name)) = (&result, start) {
            self.begin_raw(&name);
        }
        self.is_plain.set(self.is_plain.get() || matches!(result, TokenSinkResult::Plaintext));
        result
    }
}

impl TokenSink for BoundedTokens {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if matches!(token, Token::TagToken(_) | Token::CommentToken(_) | Token::DoctypeToken(_)) {
            self.at_boundary.set(true);
        }
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
            && !self.flat.get()
        {
            self.make_room(line);
        }
        if !self.flat.get() {
            return self.forward(token, line);
        }
        match &token {
            Token::TagToken(tag) => {
                self.raw.set(false);
                self.drop_tag(tag)
            }
            Token::CharacterTokens(_) if self.skipped.borrow().is_some() => TokenSinkResult::Continue,
            Token::CommentToken(_) => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The tree of scraper, with the depth of each element and a count of all.
struct BoundedTree {
    inner: HtmlTreeSink,
    depths: RefCell<FxHashMap<NodeId, usize>>,
    /// Depth and name of the element that was added last, void elements and paragraphs (which do not nest) left out.
    depth: Cell<usize>,
    innermost: RefCell<Option<LocalName>>,
    /// Elements and attributes made so far.
    elements: Cell<usize>,
    max_elements: usize,
}

/// Elements without content, and those that close themselves when the next one opens: they do not deepen the tree.
const FLAT: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "p", "param",
    "source", "track", "wbr",
];

impl BoundedTree {
    fn new(max_elements: usize) -> Self {
        BoundedTree {
            max_elements,
            inner: HtmlTreeSink::new(scraper::Html::new_document()),
            depths: RefCell::default(),
            depth: Cell::new(0),
            innermost: RefCell::default(),
            elements: Cell::new(0),
        }
    }

    /// Notes that an element came to stand `below` levels under `place`.
    fn note(&self, place: &NodeId, below: usize, child: &NodeOrText<NodeId>) {
        let NodeOrText::AppendNode(child) = child else { return };
        let name = {
            let tree = self.inner.0.borrow();
            tree.tree.get(*child).and_then(|node| node.value().as_element().map(|element| element.name.local.clone()))
        };
        let Some(name) = name else { return };
        let mut depths = self.depths.borrow_mut();
        let depth = depths.get(place).map_or(below, |depth| depth + below);
        depths.insert(*child, depth);
        if !FLAT.contains(&&*name) {
            self.depth.set(depth);
            *self.innermost.borrow_mut() = Some(name);
        }
    }
}

impl TreeSink for BoundedTree {
    type Output = scraper::Html;
    type Handle = NodeId;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> scraper::Html {
        self.inner.finish()
    }
    fn parse_error(&self, _message: Cow<'static, str>) {}
    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }
    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.inner.elem_name(target)
    }
    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.elements.set(self.elements.get() + 1 + attrs.len());
        self.inner.create_element(name, attrs, flags)
    }
    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }
    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }
    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.note(parent, 1, &child);
        self.inner.append(parent, child);
    }
    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.note(element, 0, &child);
        self.inner.append_based_on_parent_node(element, previous, child);
    }
    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }
    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }
    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }
    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        self.note(sibling, 0, &child);
        self.inner.append_before_sibling(sibling, child);
    }
    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.elements.set(self.elements.get() + attrs.len());
        self.inner.add_attrs_if_missing(target, attrs);
    }
    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }
    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }
}
