//! `html.xpath`: the nodes of a page that an XPath expression selects.

use super::xpath::{Document, Place, XPath, XPathError};
use crate::Environment;
use mailhound_message::model::BodyHtml;
use mailhound_mql::{Args, Body, Code, Function, Given, PrepareFault, Prepared, example, param};
use mailhound_objects::Link;
use mailhound_objects::html::{self, Html, Part};
use mailhound_value::{Cut, Eval, Limits, Type, Typed, Value, object};
use std::cell::OnceCell;
use std::sync::Arc;

object! {
    /// A node of a page.
    #[derive(Default)]
    pub struct HtmlNode {
        /// The HTML of an element or comment, the text of a text node, the value of an attribute.
        raw: String,
    }
    computed {
        /// Text a reader sees of the element; of a text node or attribute its text, of a comment null.
        display_text: Option<String> = |node: &HtmlNode| node.display_text_cell.get_or_init(|| node.text(Part::display_text)),
        /// All text of the element, one text node per line; of a text node or attribute its text, of a comment null.
        inner_text: Option<String> = |node: &HtmlNode| node.inner_text_cell.get_or_init(|| node.text(Part::inner_text)),
        /// Links of an element.
        links: Cut<Arc<Link>> = |node: &HtmlNode| node.links_cell.get_or_init(|| node.links()),
    }
    private {
        /// What kind of node it is.
        kind: NodeKind,
        /// The element in its page.
        part: Option<Part>,
        /// Bounds on the work, shared by the nodes of a result.
        limits: Arc<Limits>,
        /// The element as a page of its own, made on first need.
        html_cell: OnceCell<Html>,
        /// Kept after the first read.
        display_text_cell: OnceCell<Option<String>>,
        /// Kept after the first read.
        inner_text_cell: OnceCell<Option<String>>,
        /// Kept after the first read.
        links_cell: OnceCell<Cut<Arc<Link>>>,
    }
}

/// The kinds of nodes, by how their texts are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NodeKind {
    /// An element, or the page.
    #[default]
    Element,
    /// A text node or an attribute.
    Text,
    /// A comment.
    Comment,
}

impl HtmlNode {
    /// The node as a piece of HTML.
    pub fn html(&self) -> &Html {
        self.html_cell.get_or_init(|| Html::new(self.raw.clone(), &self.limits))
    }

    fn text(&self, of_element: impl Fn(&Part) -> String) -> Option<String> {
        match self.kind {
            NodeKind::Element => self.part.as_ref().map(of_element),
            NodeKind::Text => Some(self.raw.clone()),
            NodeKind::Comment => None,
        }
    }

    fn links(&self) -> Cut<Arc<Link>> {
        match self.kind {
            NodeKind::Element => self.html().document().links(&self.limits),
            _ => Cut::default(),
        }
    }
}

object! {
    /// What an XPath expression selects.
    #[derive(Default)]
    pub struct XPathResult {
        /// The nodes in document order.
        nodes: Vec<HtmlNode>,
    }
}

object! {
    /// The index of a page, made once for all expressions.
    #[derive(Default)]
    pub struct PageIndex {
        /// True when there is one.
        made: bool,
    }
    private {
        /// The index.
        document: Option<Document>,
    }
}

/// Types that hold HTML.
pub(crate) const HTML: &[Type] = &[<BodyHtml as Typed>::TYPE, <Html as Typed>::TYPE, <HtmlNode as Typed>::TYPE];

pub(super) static XPATH: Function = Function {
    name: "html.xpath",
    about: "The nodes of the page that the XPath 1.0 expression selects, in document order: elements, attributes, texts, comments. Names of \
            elements and attributes are in lower case. None for a malformed expression.",
    params: &[
        param("html", Type::Any, "The page, or a node of it. Null gives null.").one_of(HTML),
        param("expression", Type::String, "The XPath 1.0 expression."),
    ],
    returns: <XPathResult as Typed>::TYPE,
    needs: &[],
    examples: &[
        example("map(html.xpath(body.html, '//a[contains(@href, \"/pay\")]').nodes, .display_text)", r#"["Pay now"]"#),
        example("map(html.xpath(body.html, '//a/@href').nodes, .raw)", r#"["https://pay.example.net/pay?to=x","https://example.org/"]"#),
        example("map(html.xpath(body.html, '//comment()').nodes, .raw)", r#"["<!-- note -->"]"#),
        example("length(html.xpath(body.html, '//video').nodes)", "0"),
        example("html.xpath(strings.parse_html(null), '//a').nodes[0].raw", "null"),
    ],
    memo: true,
    body: Body::Prepared { prepare, run },
};

fn prepare(given: &Given) -> Result<Prepared, PrepareFault> {
    let Some(text) = given.single.get(1).and_then(|text| text.as_ref()?.as_str()) else { return Ok(None) };
    match XPath::parse(text) {
        Ok(xpath) => Ok(Some(Box::new(xpath))),
        Err(XPathError { offset, message }) => Err(PrepareFault {
            code: Code::InvalidXPath,
            argument: 1,
            offset,
            message: format!("malformed XPath, which selects nothing: {message}"),
        }),
    }
}

fn run<'m>(args: &Args<'_, 'm>) -> Eval<'m> {
    let (page, Some(text)) = (args.value(0), args.str(1)) else { return Ok(Value::Null) };
    if page.is_null() {
        return Ok(Value::Null);
    }
    match args.prepared::<XPath>() {
        Some(xpath) => select(args, xpath),
        None => match XPath::parse(text) {
            Ok(xpath) => select(args, &xpath),
            Err(_) => Ok(Value::Object(args.ctx.arena.object(XPathResult::default()))),
        },
    }
}

fn select<'m>(args: &Args<'_, 'm>, xpath: &XPath) -> Eval<'m> {
    let Some(page) = page(args) else { return Ok(Value::Null) };
    let index = args.ctx.once(index as *const () as usize, &[args.value(0)], || Ok(index(args, page)))?;
    let Some(document) = index.as_object::<PageIndex>().and_then(|index| index.document.as_ref()) else { return Ok(Value::Null) };
    let environment: &Environment = args.host();
    let (found, steps) = xpath.counted(document, environment.limits.xpath_steps);
    args.ctx.looks(steps)?;
    let found = found?;
    if found.is_empty() {
        return Ok(Value::Object(args.ctx.arena.object(XPathResult::default())));
    }
    let limits = Arc::new(environment.limits.clone());
    let nodes = found.into_iter().map(|found| {
        let (kind, part) = match found.place {
            Place::Root(element) | Place::Element(element) => (NodeKind::Element, Some(page.part(element))),
            Place::Attribute { .. } | Place::Text(_) => (NodeKind::Text, None),
            Place::Comment(_) => (NodeKind::Comment, None),
        };
        HtmlNode { raw: found.raw.to_owned(), kind, part, limits: Arc::clone(&limits), ..HtmlNode::default() }
    });
    Ok(Value::Object(args.ctx.arena.object(XPathResult { nodes: nodes.collect() })))
}

/// The page in the first argument.
fn page<'m>(args: &Args<'_, 'm>) -> Option<&'m html::Document> {
    if let Some(body) = args.object::<BodyHtml>(0) {
        return Some(body.document());
    }
    let html = args.object::<Html>(0).or_else(|| args.object::<HtmlNode>(0).map(HtmlNode::html));
    html.map(Html::document)
}

/// The index of a page.
fn index<'m>(args: &Args<'_, 'm>, page: &html::Document) -> Value<'m> {
    Value::Object(args.ctx.arena.object(PageIndex { made: true, document: Some(Document::new(page.dom())) }))
}
