//! The message query language: lexer, parser, checker, program, evaluator, formatter. It knows no email: fields come from the [`Shape`]
//! of the root object, functions from a [`Library`] that is handed in.
//!
//! Three forms of a rule: [`ast::Expr`] (what was written, with places), [`typed::Typed`] (names resolved to field indexes, functions
//! bound, types known), [`Program`] (constants prepared). Each step collects all [`Diagnostic`]s.
//!
//! [`Shape`]: mailhound_value::Shape

pub mod ast;
mod check;
pub mod clue;
mod compile;
mod context;
mod diagnostic;
mod eval;
mod format;
pub mod forms;
pub mod lex;
mod library;
mod parse;
mod plan;
mod ready;
mod span;
mod truth;
pub mod typed;
pub mod walk;

pub use check::{Dialect, check};
pub use clue::{Bytes, Clue};
pub use compile::compile;
pub use context::{Args, Context};
pub use diagnostic::{Code, Diagnostic, Severity, nearest};

pub use eval::{Evaluator, Memory, Profile, Tally};
pub use format::format;
pub use lex::literal_offset;
pub use library::{
    Accept, Body, Default, Example, Function, Given, Library, Literal, MakeWanted, Origin, Param, PrepareFault, Prepared, Reach, Wanted,
    example, param,
};
pub use parse::{MAX_DEPTH, MAX_SOURCE_BYTES, Parsed, parse};
pub use plan::{Draft, Plan, Planner, Program, Size};
pub use ready::Ready;
pub use span::{Span, line_column};
pub use truth::Truth;
