//! `regex.*`: regular expressions in the dialect of RE2 as Go has it (mql.md §9.4).

pub mod pattern;
pub mod re2;

mod automaton;
mod class;
mod escape;
mod functions;

pub(crate) use functions::FUNCTIONS;
pub use functions::RegexMatch;
pub use pattern::{Match, Pattern};
pub use re2::{PatternError, translate};
