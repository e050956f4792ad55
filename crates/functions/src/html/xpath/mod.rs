//! `html.xpath`: XPath 1.0 over HTML (<https://www.w3.org/TR/1999/REC-xpath-19991116/>).
//!
//! All of XPath 1.0 but variables: every axis, every function of the core library, unions, filters, all conversions. What differs from XML
//! is said at [`Document`]: names in lower case, no namespaces. Attributes, text and comments are results like elements (mql.md §9.5).
//!
//! Evaluation visits each node of a page about once for each step of a path, also where the nodes of a step overlap, and counts what it
//! does against the limit `xpath.steps`, so that no page and no expression can hold it up.

mod ast;
mod axes;
mod calls;
mod compare;
mod document;
mod eval;
mod functions;
mod lex;
mod parse;
mod search;
mod value;

pub use document::Document;

use document::{Kind, NodeRef};
use ego_tree::NodeId;
use mailhound_value::Unavailable;

/// A parsed expression. Can be shared between threads.
#[derive(Debug)]
pub struct XPath {
    expr: ast::Expr,
    slots: usize,
}

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XPathError {
    /// The byte where the faulty part starts; the length of the expression when something is missing at its end.
    pub offset: usize,
    /// One sentence for the author of the rule.
    pub message: String,
}

impl std::fmt::Display for XPathError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for XPathError {}

/// One node that an expression selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'d> {
    /// What it is and where it stands in the tree.
    pub place: Place<'d>,
    /// The HTML of an element, of a comment (`<!--…-->`) or of the page; the text of a text node; the value of an attribute.
    pub raw: &'d str,
}

/// Where a node stands in the tree that [`Document::new`] read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'d> {
    /// The page.
    Root(NodeId),
    /// An element.
    Element(NodeId),
    /// An attribute.
    Attribute {
        /// The element that has it.
        element: NodeId,
        /// Its name, in lower case.
        name: &'d str,
    },
    /// A text node.
    Text(NodeId),
    /// A comment.
    Comment(NodeId),
}

impl XPath {
    /// Parses an expression.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<XPath, XPathError> {
        let parsed = parse::parse(text)?;
        Ok(XPath { expr: parsed.expr, slots: parsed.slots })
    }

    /// False for an expression that gives a number, a text or a boolean: as a query it finds no nodes.
    pub fn gives_nodes(&self) -> bool {
        self.expr.kind() == ast::Kind::Nodes
    }

    /// The nodes that the expression selects from the root of the page, in document order, each once.
    ///
    /// # Errors
    /// The limit `xpath.steps`: more than `max_steps` nodes were visited, 64 bytes of compared text counting as one.
    pub fn evaluate<'d>(&self, document: &'d Document, max_steps: usize) -> Result<Vec<Found<'d>>, Unavailable> {
        self.counted(document, max_steps).0
    }

    /// The same, and how many steps it took.
    pub fn counted<'d>(&self, document: &'d Document, max_steps: usize) -> (Result<Vec<Found<'d>>, Unavailable>, usize) {
        if !self.gives_nodes() {
            return (Ok(Vec::new()), 0);
        }
        let mut evaluator = eval::Evaluator::new(document, self.slots, max_steps);
        let nodes = evaluator.select(&self.expr);
        let steps = if nodes.is_ok() { max_steps.saturating_sub(evaluator.steps_left()) } else { max_steps };
        (nodes.map(|nodes| nodes.iter().filter_map(|node| found(document, *node)).collect()), steps)
    }
}

fn found(document: &Document, node: NodeRef) -> Option<Found<'_>> {
    let id = document.id(node.number());
    let place = match (node.attribute_index(), document.kind(node.number())) {
        (Some(_), _) => Place::Attribute { element: id, name: document.name(node)? },
        (None, Kind::Root) => Place::Root(id),
        (None, Kind::Element(_)) => Place::Element(id),
        (None, Kind::Text) => Place::Text(id),
        (None, Kind::Comment) => Place::Comment(id),
    };
    Some(Found { place, raw: document.raw(node) })
}

#[cfg(test)]
mod tests;
