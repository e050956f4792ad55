//! What the tests `contains`, `starts_with`, `ends_with`, `like` and their case-insensitive forms share: a text that is looked for, made
//! ready.

use super::glob::Glob;
use super::needles::Needles;
use mailhound_mql::{Body, Clue, Context, Reach, Wanted};
use mailhound_value::{Maybe, lowercase};

pub(super) const CONTAINS: Body = Body::Test(|text, _| Ok(needle(text, false)));
pub(super) const ICONTAINS: Body = Body::Test(|text, _| Ok(needle(text, true)));
pub(super) const STARTS_WITH: Body = Body::Test(|text, _| Ok(edge(text, Reach::Start, false)));
pub(super) const ISTARTS_WITH: Body = Body::Test(|text, _| Ok(edge(text, Reach::Start, true)));
pub(super) const ENDS_WITH: Body = Body::Test(|text, _| Ok(edge(text, Reach::Whole, false)));
pub(super) const IENDS_WITH: Body = Body::Test(|text, _| Ok(edge(text, Reach::Whole, true)));
pub(super) const LIKE: Body = Body::Test(|text, _| Ok(Box::new(Pattern { glob: Glob::new(text, false), fold: false })));
pub(super) const ILIKE: Body = Body::Test(|text, _| Ok(Box::new(Pattern { glob: Glob::new(text, true), fold: true })));

fn needle(text: &str, fold: bool) -> Box<dyn Wanted> {
    Box::new(Needle { needles: Needles::new([text], fold), fold })
}

fn edge(text: &str, reach: Reach, fold: bool) -> Box<dyn Wanted> {
    Box::new(Edge { text: if fold { lowercase(text) } else { text.to_owned() }, reach, fold })
}

/// A plain text anywhere in a text.
struct Needle {
    needles: Needles,
    fold: bool,
}

impl Wanted for Needle {
    fn is_true<'m>(&self, ctx: &Context<'m>, text: &'m str) -> Maybe<bool> {
        let part = ctx.searchable(text);
        match self.needles.in_text(if self.fold { ctx.lower(part) } else { part }) {
            false if part.len() < text.len() => Err(Context::search_limit()),
            found => Ok(found),
        }
    }

    fn clue(&self) -> Clue {
        self.needles.clue()
    }

    fn is_its_clue(&self) -> bool {
        self.needles.are_their_clue()
    }

    fn reach(&self) -> Reach {
        Reach::Anywhere
    }
}

/// A plain text at the start of a text, or, where the whole text decides, at its end.
struct Edge {
    text: String,
    reach: Reach,
    fold: bool,
}

impl Wanted for Edge {
    fn is_true<'m>(&self, ctx: &Context<'m>, text: &'m str) -> Maybe<bool> {
        let compared = if self.fold { ctx.lower(text) } else { text };
        Ok(if self.reach == Reach::Start { compared.starts_with(&self.text) } else { compared.ends_with(&self.text) })
    }

    fn clue(&self) -> Clue {
        Needles::new([self.text.as_str()], self.fold).clue()
    }

    fn is_its_clue(&self) -> bool {
        false
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
