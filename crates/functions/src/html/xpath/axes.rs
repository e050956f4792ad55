//! Walks along the axes (XPath 1.0 §2.2).

use super::ast::{Axis, Test};
use super::document::{Document, Kind, NodeRef};
use std::ops::Range;

/// The nodes of an axis, nearest first: in document order for the forward axes, against it for the reverse ones.
pub(super) struct Walk<'d> {
    document: &'d Document,
    state: State,
}

enum State {
    One(Option<NodeRef>),
    Up(Option<NodeRef>),
    Forward(Range<u32>),
    NextSiblings(Option<u32>),
    PreviousSiblings(Option<u32>),
    Attributes {
        element: u32,
        left: Range<u32>,
    },
    /// Numbers below `next`, downwards, without the ancestors of `of`.
    Preceding {
        next: u32,
        of: u32,
    },
}

/// The first number on the following axis. What follows an attribute begins with the children of its element.
pub(super) fn following(document: &Document, from: NodeRef) -> u32 {
    match from.attribute_index() {
        Some(_) => from.number() + 1,
        None => document.end(from.number()),
    }
}

impl<'d> Walk<'d> {
    pub fn new(document: &'d Document, axis: Axis, from: NodeRef) -> Walk<'d> {
        let number = from.number();
        let state = match (axis, from.attribute_index()) {
            (Axis::SelfNode, _) => State::One(Some(from)),
            (Axis::Parent, _) => State::One(document.parent(from).map(NodeRef::node)),
            (Axis::Ancestor, _) => State::Up(document.parent(from).map(NodeRef::node)),
            (Axis::AncestorOrSelf, _) => State::Up(Some(from)),
            (Axis::Preceding, _) => State::Preceding { next: number, of: number },
            (Axis::Following, _) => State::Forward(following(document, from)..document.len()),
            (Axis::DescendantOrSelf, Some(_)) => State::One(Some(from)),
            // An attribute has no children, siblings or attributes.
            (_, Some(_)) | (Axis::Namespace, _) => State::One(None),
            (Axis::Attribute, None) => State::Attributes { element: number, left: 0..document.attribute_count(number) },
            (Axis::Child, None) => State::NextSiblings(document.first_child(number)),
            (Axis::Descendant, None) => State::Forward(number + 1..document.end(number)),
            (Axis::DescendantOrSelf, None) => State::Forward(number..document.end(number)),
            (Axis::FollowingSibling, None) => State::NextSiblings(document.next_sibling(number)),
            (Axis::PrecedingSibling, None) => State::PreviousSiblings(document.previous_sibling(number)),
        };
        Walk { document, state }
    }
}

impl Iterator for Walk<'_> {
    type Item = NodeRef;

    fn next(&mut self) -> Option<NodeRef> {
        let document = self.document;
        match &mut self.state {
            State::One(node) => node.take(),
            State::Up(next) => {
                let node = next.take()?;
                *next = document.parent(node).map(NodeRef::node);
                Some(node)
            }
            State::Forward(left) => left.next().map(NodeRef::node),
            State::NextSiblings(next) => {
                let number = next.take()?;
                *next = document.next_sibling(number);
                Some(NodeRef::node(number))
            }
            State::PreviousSiblings(next) => {
                let number = next.take()?;
                *next = document.previous_sibling(number);
                Some(NodeRef::node(number))
            }
            State::Attributes { element, left } => left.next().map(|index| NodeRef::attribute(*element, index)),
            State::Preceding { next, of } => loop {
                *next = next.checked_sub(1)?;
                if document.end(*next) <= *of {
                    return Some(NodeRef::node(*next));
                }
            },
        }
    }
}

impl Test {
    /// Does the node pass? The axis tells whether names are those of elements or of attributes.
    pub fn accepts(&self, document: &Document, axis: Axis, node: NodeRef) -> bool {
        let is_attribute = node.attribute_index().is_some();
        let kind = document.kind(node.number());
        // The principal node type of the axis.
        let principal = if axis == Axis::Attribute { is_attribute } else { !is_attribute && matches!(kind, Kind::Element(_)) };
        match self {
            Test::Any => principal,
            Test::Name(name) => principal && document.name(node) == Some(name),
            Test::Prefix(prefix) => principal && document.name(node).is_some_and(|name| name.starts_with(prefix.as_str())),
            Test::Node => true,
            Test::Text => !is_attribute && kind == Kind::Text,
            Test::Comment => !is_attribute && kind == Kind::Comment,
            Test::Never => false,
        }
    }
}
