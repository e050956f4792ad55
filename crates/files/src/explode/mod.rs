//! `file.explode`: a file, and every file found in it, as a flat list in depth-first pre-order (explode-scanners.md §1).
//!
//! Each file is tasted, the scanners of [`crate::scan`] that its flavors ask for run in their order, and what they take out of it is
//! exploded in turn. What cannot be known is said where it would stand:
//!
//! * a field of a scanner without an engine is unavailable;
//! * the children of such a scanner are a *gap* in the list (see [`Partial`]): at that place none, one or several nodes may stand;
//! * where the reference fixes what such a child is (the `text` of a picture, the pages of a PDF), it is one more node whose existence is
//!   in doubt: name, depth, MIME type and the scanners that never run on such a file are known, the rest is unavailable;
//! * a member that cannot be unpacked is a node with its name and depth, the rest unavailable, with a gap behind it for what it holds;
//! * at the limit of nodes the list is cut, which is an unavailable rest.

mod node;
mod walk;

pub use node::{Node, Scan};
pub(crate) use walk::Visit;

use crate::{Partial, yara};
use mailhound_value::{Eval, Limits, List, OwnedList, Reads, ToValue, Type, Typed, Unavailable, Value};

/// What an explosion may use.
pub struct Options<'o> {
    /// Bounds on the work.
    pub limits: &'o Limits,
    /// YARA rules to run on every file; without them `.scan.yara` is unavailable.
    pub yara: Option<&'o yara::Rules>,
    /// What is read of the result, by the names of shapes and fields: the rest may be missing. `None` when all of it is.
    pub reads: Option<&'o Reads>,
}

/// A file and everything found in it.
pub struct Exploded {
    /// The nodes, the input first.
    pub nodes: Partial<Node>,
}

/// Explodes a file. Never fails: there is always a node for the input.
pub fn explode(bytes: &[u8], name: Option<&str>, options: &Options<'_>) -> Exploded {
    Exploded { nodes: walk::walk(bytes, name, options, Vec::new()) }
}

/// Explodes an HTML document: its source is taken as an HTML file without a name (enrichment.md §1.1).
pub fn explode_html(raw: &str, options: &Options<'_>) -> Exploded {
    Exploded { nodes: walk::walk(raw.as_bytes(), None, options, vec!["text/html".to_owned()]) }
}

impl Exploded {
    /// As the command line prints it: one object per node, each with `unavailable` for what could not be found out (see [`Node::json`]).
    ///
    /// A node that exists only perhaps has `"exists"` among its unavailable keys. A gap is an object with nothing but
    /// `{"unavailable": {"nodes": [need…]}}`, and so is, at the end, the unknown rest of a list that was cut.
    pub fn json(&self) -> serde_json::Value {
        let gap = |missing: &Unavailable| serde_json::json!({"unavailable": {"nodes": node::needs(missing)}});
        let slots = self.nodes.slots().iter().map(|slot| match &slot.value {
            Ok(node) => node.json_with(slot.doubt.as_ref()),
            Err(missing) => gap(missing),
        });
        slots.chain(self.nodes.missing_rest().map(gap)).collect::<Vec<_>>().into()
    }
}

impl OwnedList for Exploded {
    fn len(&self) -> usize {
        OwnedList::len(&self.nodes)
    }
    fn get(&self, idx: usize) -> Eval<'_> {
        OwnedList::get(&self.nodes, idx)
    }
    fn doubt(&self, idx: usize) -> Option<&Unavailable> {
        self.nodes.doubt(idx)
    }
    fn rest(&self) -> Option<&Unavailable> {
        self.nodes.rest()
    }
}

impl Typed for Exploded {
    const TYPE: Type = Partial::<Node>::TYPE;
}

impl ToValue for Exploded {
    fn to_value(&self) -> Eval<'_> {
        Ok(Value::List(List::Owned(self)))
    }
}

#[cfg(test)]
mod tests;
