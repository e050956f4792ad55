//! An HTML tree as XPath sees it: a list of nodes in document order.
//!
//! Every node has a number, and its subtree is a range of numbers; all text lies in one string, and so does the HTML of the whole page.
//! So the value of an element and its HTML are slices, axes are walks over numbers, and document order is the order of numbers. Building it
//! takes one walk over the tree, without recursion.
//!
//! Names are in lower case and have no namespace: elements of SVG and MathML are found by their plain names, and a prefix is a part of the
//! name (`v:rect`, `xlink:href`). A document type is no node. The content of `template` elements counts as their children.

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::{Element, Node as HtmlNode};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// A page, prepared for any number of evaluations. Holds copies of all text, so that it outlives the tree.
#[derive(Debug, Default)]
pub struct Document {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    /// All names, each once.
    names: Vec<String>,
    /// The indexes of each name.
    indexes: HashMap<String, Vec<u32>>,
    /// The text of all text nodes.
    text: String,
    /// The values of all attributes.
    values: String,
    /// The whole page, written anew.
    html: String,
    /// The first element of each `id`.
    ids: HashMap<String, u32>,
}

/// What kind of node it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    /// With the index of its name.
    Element(u32),
    Text,
    Comment,
}

#[derive(Debug)]
struct Node {
    id: NodeId,
    kind: Kind,
    parent: u32,
    /// The first number behind the subtree.
    end: u32,
    /// The number of the sibling before; the node's own for a first child.
    previous: u32,
    attributes: Range<u32>,
    /// Where the text of the subtree stands in [`Document::text`].
    text: Range<u32>,
    /// Where the subtree stands in [`Document::html`].
    html: Range<u32>,
}

#[derive(Debug)]
struct Attribute {
    name: u32,
    value: Range<u32>,
}

/// A node or an attribute. The order is document order: an element, its attributes, its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeRef(u64);

impl NodeRef {
    pub const ROOT: NodeRef = NodeRef(0);

    pub fn node(number: u32) -> NodeRef {
        NodeRef(u64::from(number) << 32)
    }

    pub fn attribute(element: u32, index: u32) -> NodeRef {
        NodeRef(u64::from(element) << 32 | (u64::from(index) + 1))
    }

    /// The number of the node, or of the element that has the attribute.
    pub fn number(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Which attribute of its element it is.
    pub fn attribute_index(self) -> Option<u32> {
        (self.0 as u32).checked_sub(1)
    }
}

impl Document {
    /// Prepares a page. Pages of 4 GiB and more, which no limit on messages lets through, are cut.
    pub fn new(html: &scraper::Html) -> Document {
        let mut builder = Builder::default();
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => builder.open(node.id(), node.value()),
                Edge::Close(node) => builder.close(node.value()),
            }
        }
        builder.document
    }

    /// How many nodes there are, the root included.
    pub(super) fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    fn get(&self, number: u32) -> &Node {
        &self.nodes[number as usize]
    }

    pub(super) fn kind(&self, number: u32) -> Kind {
        self.get(number).kind
    }

    pub(super) fn id(&self, number: u32) -> NodeId {
        self.get(number).id
    }

    /// The first number behind the subtree of the node.
    pub(super) fn end(&self, number: u32) -> u32 {
        self.get(number).end
    }

    pub(super) fn parent(&self, node: NodeRef) -> Option<u32> {
        match (node.attribute_index(), node.number()) {
            (Some(_), element) => Some(element),
            (None, 0) => None,
            (None, number) => Some(self.get(number).parent),
        }
    }

    pub(super) fn first_child(&self, number: u32) -> Option<u32> {
        (number + 1 < self.end(number)).then_some(number + 1)
    }

    pub(super) fn next_sibling(&self, number: u32) -> Option<u32> {
        let next = self.end(number);
        (number != 0 && next < self.end(self.get(number).parent)).then_some(next)
    }

    pub(super) fn previous_sibling(&self, number: u32) -> Option<u32> {
        let previous = self.get(number).previous;
        (previous != number).then_some(previous)
    }

    /// How many attributes an element has. They are in the order of the tree.
    pub(super) fn attribute_count(&self, number: u32) -> u32 {
        self.get(number).attributes.len() as u32
    }

    fn attribute(&self, element: u32, index: u32) -> &Attribute {
        &self.attributes[(self.get(element).attributes.start + index) as usize]
    }

    /// The name of an element or attribute.
    pub(super) fn name(&self, node: NodeRef) -> Option<&str> {
        let name = match node.attribute_index() {
            Some(index) => self.attribute(node.number(), index).name,
            None => match self.kind(node.number()) {
                Kind::Element(name) => name,
                _ => return None,
            },
        };
        Some(&self.names[name as usize])
    }

    /// The indexes of a name; several where the page writes it in several cases.
    pub(super) fn indexes(&self, name: &str) -> &[u32] {
        self.indexes.get(name).map_or(&[], Vec::as_slice)
    }

    /// The numbers of the nodes below a node; an attribute has none.
    pub(super) fn below(&self, node: NodeRef) -> Range<u32> {
        let number = node.number();
        if node.attribute_index().is_some() { number..number } else { number + 1..self.end(number) }
    }

    /// The string-value (XPath 1.0 §5).
    pub(super) fn value(&self, node: NodeRef) -> &str {
        let number = node.number();
        match node.attribute_index() {
            Some(index) => slice(&self.values, &self.attribute(number, index).value),
            None if self.kind(number) == Kind::Comment => {
                let raw = self.raw(node);
                raw.strip_prefix("<!--").and_then(|raw| raw.strip_suffix("-->")).unwrap_or(raw)
            }
            None => slice(&self.text, &self.get(number).text),
        }
    }

    /// What a rule sees of a node: the HTML of an element or comment, the text of a text node, the value of an attribute.
    pub(super) fn raw(&self, node: NodeRef) -> &str {
        match (node.attribute_index(), self.kind(node.number())) {
            (None, Kind::Root | Kind::Element(_) | Kind::Comment) => slice(&self.html, &self.get(node.number()).html),
            _ => self.value(node),
        }
    }

    /// The first element that has this `id`.
    pub(super) fn by_id(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }
}

fn slice<'d>(text: &'d str, range: &Range<u32>) -> &'d str {
    text.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// The length of a text as a position. See [`Document::new`] for what becomes of longer ones.
fn position(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct Builder {
    document: Document,
    names: HashMap<String, u32>,
    /// Numbers of the nodes around, outermost first, each with its last child so far.
    open: Vec<(u32, Option<u32>)>,
}

impl Builder {
    fn open(&mut self, id: NodeId, node: &HtmlNode) {
        match node {
            HtmlNode::Document => self.push(id, Kind::Root),
            // The outer fragment is the root; the one inside a template is left out.
            HtmlNode::Fragment if self.open.is_empty() => self.push(id, Kind::Root),
            HtmlNode::Element(element) => self.open_element(id, element),
            HtmlNode::Text(text) => {
                self.push(id, Kind::Text);
                self.document.text.push_str(text);
                self.write_text(text);
            }
            HtmlNode::Comment(comment) => {
                self.push(id, Kind::Comment);
                self.document.html.push_str("<!--");
                self.document.html.push_str(comment);
                self.document.html.push_str("-->");
            }
            HtmlNode::Fragment | HtmlNode::Doctype(_) | HtmlNode::ProcessingInstruction(_) => {}
        }
    }

    fn push(&mut self, id: NodeId, kind: Kind) {
        let number = self.document.len();
        let (parent, previous) = self.open.last().map_or((0, None), |open| *open);
        if let Some(open) = self.open.last_mut() {
            open.1 = Some(number);
        }
        self.open.push((number, None));
        let (text, html) = (position(&self.document.text), position(&self.document.html));
        let attributes = self.document.attributes.len() as u32;
        self.document.nodes.push(Node {
            id,
            kind,
            parent,
            end: number + 1,
            previous: previous.unwrap_or(number),
            attributes: attributes..attributes,
            text: text..text,
            html: html..html,
        });
    }

    fn open_element(&mut self, id: NodeId, element: &Element) {
        let name = self.name(&full_name(element.name.prefix.as_deref(), &element.name.local));
        self.push(id, Kind::Element(name));
        let number = self.document.len() - 1;
        self.document.html.push('<');
        self.document.html.push_str(element.name());
        for (name, value) in &element.attrs {
            self.attribute(number, &full_name(name.prefix.as_deref(), &name.local), value);
        }
        self.document.html.push('>');
    }

    fn attribute(&mut self, element: u32, full_name: &str, value: &str) {
        let document = &mut self.document;
        document.html.push(' ');
        document.html.push_str(full_name);
        document.html.push_str("=\"");
        escape(&mut document.html, value, &ATTRIBUTE);
        document.html.push('"');
        let start = position(&document.values);
        document.values.push_str(value);
        let value_range = start..position(&document.values);
        let name = self.name(full_name);
        self.document.attributes.push(Attribute { name, value: value_range });
        if let Some(node) = self.document.nodes.last_mut() {
            node.attributes.end += 1;
        }
        if full_name == "id" {
            self.document.ids.entry(value.to_owned()).or_insert(element);
        }
    }

    /// The index of a name, in lower case.
    fn name(&mut self, name: &str) -> u32 {
        if let Some(index) = self.names.get(name) {
            return *index;
        }
        let index = self.document.names.len() as u32;
        let lower = name.to_ascii_lowercase();
        self.document.indexes.entry(lower.clone()).or_default().push(index);
        self.document.names.push(lower);
        self.names.insert(name.to_owned(), index);
        index
    }

    /// Text is written as it is inside of elements whose content is no markup (HTML Standard §13.3). `noscript` is one of them, since the
    /// parser runs with scripts on.
    fn write_text(&mut self, text: &str) {
        let parent = self.open.iter().rev().nth(1).map(|(number, _)| NodeRef::node(*number));
        let raw = ["style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext", "noscript"];
        if parent.and_then(|parent| self.document.name(parent)).is_some_and(|name| raw.contains(&name)) {
            self.document.html.push_str(text);
        } else {
            escape(&mut self.document.html, text, &TEXT);
        }
    }

    fn close(&mut self, node: &HtmlNode) {
        match node {
            HtmlNode::Fragment if self.open.len() > 1 => return,
            HtmlNode::Doctype(_) | HtmlNode::ProcessingInstruction(_) => return,
            _ => {}
        }
        let Some((number, _)) = self.open.pop() else { return };
        if let HtmlNode::Element(element) = node
            && !is_void(element.name())
        {
            self.document.html.push_str("</");
            self.document.html.push_str(element.name());
            self.document.html.push('>');
        }
        let (end, text, html) = (self.document.len(), position(&self.document.text), position(&self.document.html));
        if let Some(node) = self.document.nodes.get_mut(number as usize) {
            (node.end, node.text.end, node.html.end) = (end, text, html);
        }
    }
}

/// A local name with its prefix.
fn full_name<'n>(prefix: Option<&str>, local: &'n str) -> Cow<'n, str> {
    match prefix {
        Some(prefix) if !prefix.is_empty() => Cow::Owned(format!("{prefix}:{local}")),
        _ => Cow::Borrowed(local),
    }
}

/// Elements that are written without an end (HTML Standard §13.3).
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

const TEXT: [(char, &str); 4] = [('&', "&amp;"), ('\u{a0}', "&nbsp;"), ('<', "&lt;"), ('>', "&gt;")];
const ATTRIBUTE: [(char, &str); 3] = [('&', "&amp;"), ('\u{a0}', "&nbsp;"), ('"', "&quot;")];

fn escape(html: &mut String, text: &str, table: &[(char, &str)]) {
    let may_be_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | 0xc2);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(may_be_special) {
        html.push_str(&rest[..at]);
        let Some(c) = rest[at..].chars().next() else { break };
        match table.iter().find(|(special, _)| *special == c) {
            Some((_, escaped)) => html.push_str(escaped),
            None => html.push(c),
        }
        rest = &rest[at + c.len_utf8()..];
    }
    html.push_str(rest);
}
