//! The language by the book: a plain evaluator that walks the checked tree, and what it saw.
//!
//! It is slow and simple on purpose, and shares no code with the compiled form of rules: it is the reference that fast evaluation is tested
//! against, and what `explain` is made of. The law is decisions.md, mql-observed.md and mql.md, in that order.
//!
//! Reading order: [`Rule`], [`Answer`], `walker`, `forms`, `calls`; then [`Seen`], [`Miss`], `record`, `frame`.

mod answer;
mod calls;
mod forms;
mod frame;
mod miss;
mod preview;
mod record;
mod rule;
mod scalar;
mod seen;
mod trace;
mod walker;

pub use answer::{Answer, Outcome};
pub use miss::{Lacking, Leaf, MAX_LACKING, Miss, Place};
pub use preview::{Labels, Shown};
pub use rule::Rule;
pub use seen::{Found, Items, MAX_ITEMS, Seen, SeenItem};

use crate::Context;
use mailhound_value::{Eval, Type};
use record::Record;
use trace::Silent;
use walker::Walker;

impl Rule {
    /// The result for one message, as an answer.
    pub fn answer<'m>(&'m self, ctx: &Context<'m>) -> Answer {
        ctx.begin();
        Walker { ctx, rule: self, trace: Silent }.answer(self.typed(), None)
    }

    /// The result for one message, as a value.
    pub fn value<'m>(&'m self, ctx: &Context<'m>) -> Eval<'m> {
        ctx.begin();
        Walker { ctx, rule: self, trace: Silent }.value(self.typed(), None)
    }

    /// Walks the rule for one message and keeps what was seen. `labels` tell objects apart.
    ///
    /// Nodes behind one that decided are walked too where they stand in the way of a match, for the closest miss; they are counted by themselves.
    pub fn explain<'m>(&'m self, ctx: &Context<'m>, labels: Labels<'_>) -> Explained<'m> {
        ctx.begin();
        let walker = Walker { ctx, rule: self, trace: Record::new(labels, ctx.arena, ctx.limits()) };
        let result = match self.typed().ty {
            Type::Bool | Type::Any => Ok(walker.answer(self.typed(), None)),
            _ => Err(walker.value(self.typed(), None)),
        };
        let (seen, miss, is_cut) = walker.trace.finish().unwrap_or_else(|| (Seen::passed(self.typed().span), None, false));
        Explained { result, seen, miss, is_cut }
    }
}

/// What a rule is for one message, and why.
pub struct Explained<'m> {
    /// The answer of a condition; the value of anything else.
    pub result: Result<Answer, Eval<'m>>,
    /// The tree.
    pub seen: Seen,
    /// What a condition lacks to be true; its weight is 0 when it is true.
    pub miss: Option<Miss>,
    /// Not everything was recorded.
    pub is_cut: bool,
}
