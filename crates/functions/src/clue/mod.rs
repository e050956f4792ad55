//! What a text must contain for a pattern to be true of it: a [`mailhound_mql::Clue`] for each regular expression, glob and needle.
//!
//! All are read from the syntax tree of the crate `regex`, in which globs and needles are written for the purpose. RE2 calls the same a
//! prefilter (`re2/prefilter.h`); the difference is that a few good groups of literals are chosen instead of keeping the whole formula, and
//! that patterns without literals give the bytes that they need.

mod choose;
mod text;
mod walk;
mod weigh;

pub(crate) use text::{alternatives, gap, literal, pieces};
pub(crate) use walk::clue;

#[cfg(test)]
mod tests;
