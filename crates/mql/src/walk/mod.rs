//! The language by the book: a plain evaluator that walks the checked tree, and what it saw.
//!
//! It is slow and simple on purpose, and shares no code with the compiled form of rules: it is the reference that fast evaluation is tested
//! against, and what `explain` is made of. The law is decisions.md, mql-observed.md and mql.md, in that order.
//!
//! Reading order: [`Rule`], [`Answer`], `walker`, `forms`.

mod answer;
mod forms;
mod rule;
mod scalar;
mod trace;
mod walker;

pub use answer::{Answer, Outcome};
pub use rule::Rule;

use crate::Context;
use mailhound_value::Eval;
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
}
