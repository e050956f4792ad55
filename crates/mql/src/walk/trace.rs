//! What a walk tells of itself.

use super::answer::{Answer, Outcome};
use crate::Span;
use crate::typed::Typed;
use mailhound_value::{Eval, List, Maybe};

/// Follows a walk: every node is entered, then left with what it is. All of it is optional.
pub(super) trait Trace<'m> {
    /// A node is walked.
    fn enter(&self, _node: &'m Typed) {}
    /// The node that was entered last is left with this answer.
    fn answered(&self, _answer: &Answer) {}
    /// The node that was entered last is left with this value.
    fn valued(&self, _value: &Eval<'m>) {}
    /// A node right below the one that was entered last is not walked.
    fn passed(&self, _node: &'m Typed) {}
    /// The loop that was entered last goes over this list.
    fn list(&self, _list: List<'m>) {}
    /// The loop comes to an item.
    fn item(&self, _idx: usize, _item: &Eval<'m>) {}
    /// It has done with the item; `None` where its body is no condition.
    fn item_done(&self, _answer: Option<&Answer>) {}
    /// This item of the list or tuple decided the membership, or this one of the arguments that are alternatives; where it is written, if it is.
    fn decided_by(&self, _idx: usize, _part: Option<Span>) {}
    /// The call that was entered last is true: does anybody want to know which of so many arguments made it so?
    fn asks_which(&self, _arguments: usize) -> bool {
        false
    }
    /// The node that was entered last is decided: does anybody want to know what the operands or items behind would have been?
    fn is_curious(&self, _decided: Outcome) -> bool {
        false
    }
    /// From here on, or no more, nodes are walked that decide nothing.
    fn aside(&self, _begins: bool) {}
    /// Counts a loop body where nodes are walked that decide nothing; `None` everywhere else.
    fn step_aside(&self) -> Option<Maybe<()>> {
        None
    }
}

/// Nobody follows.
pub(super) struct Silent;

impl Trace<'_> for Silent {}
