//! What the tests `contains`, `starts_with`, `ends_with`, `like` and their case-insensitive forms share: a text that is looked for, made
//! ready.

use super::glob::Glob;
use super::needles::Needles;
use mailhound_mql::{Body, Clue, Context, PrepareFault, Reach, Wanted};
use mailhound_value::Maybe;

pub(super) const CONTAINS: Body = Body::Test(|text, _| needle(text, Reach::Anywhere, false));
pub(super) const ICONTAINS: Body = Body::Test(|text, _| needle(text, Reach::Anywhere, true));
pub(super) const STARTS_WITH: Body = Body::Test(|text, _| needle(text, Reach::Start, false));
pub(super) const ISTARTS_WITH: Body = Body::Test(|text, _| needle(text, Reach::Start, true));
pub(super) const ENDS_WITH: Body = Body::Test(|text, _| needle(text, Reach::Whole, false));
pub(super) const IENDS_WITH: Body = Body::Test(|text, _| needle(text, Reach::Whole, true));
pub(super) const LIKE: Body = Body::Test(|text, _| Ok(Box::new(Pattern { glob: Glob::new(text, false), fold: false })));
pub(super) const ILIKE: Body = Body::Test(|text, _| Ok(Box::new(Pattern { glob: Glob::new(text, true), fold: true })));

fn needle(text: &str, reach: Reach, fold: bool) -> Result<Box<dyn Wanted>, PrepareFault> {
    Ok(Box::new(Needle { needles: Needles::new([text], fold), reach, fold }))
}

/// A plain text: looked for at the start of a text, anywhere in it, or (when the whole text decides) at its end.
struct Needle {
    needles: Needles,
    reach: Reach,
    fold: bool,
}

impl Wanted for Needle {
    fn is_true<'m>(&self, ctx: &Context<'m>, text: &'m str) -> Maybe<bool> {
        let part = if self.reach == Reach::Anywhere { ctx.searchable(text) } else { text };
        let compared = if self.fold { ctx.lower(part) } else { part };
        match self.reach {
            Reach::Start => Ok(self.needles.start(compared)),
            Reach::Whole => Ok(self.needles.end(compared)),
            Reach::Anywhere if self.needles.in_text(compared) => Ok(true),
            Reach::Anywhere if part.len() < text.len() => Err(Context::search_limit()),
            Reach::Anywhere => Ok(false),
        }
    }

    fn clue(&self) -> Clue {
        self.needles.clue()
    }

    fn is_its_clue(&self) -> bool {
        self.reach == Reach::Anywhere && self.needles.are_their_clue()
    }

    fn reach(&self) -> Reach {
        self.reach
    }
}

/// A pattern with `*` and `?`.
struct Pattern {
    glob: Glob,
    fold: bool,
}

impl Wanted for Pattern {
    fn is_true<'m>(&self, ctx: &Context<'m>, text: &'m str) -> Maybe<bool> {
        Ok(self.glob.matches(if self.fold { ctx.lower(text) } else { text }))
    }

    fn clue(&self) -> Clue {
        self.glob.clue()
    }

    fn is_its_clue(&self) -> bool {
        self.glob.is_its_clue()
    }

    fn reach(&self) -> Reach {
        Reach::Whole
    }
}
