//! The functions that rules call.
//!
//! Each module is one namespace of the language (`strings`, `regex`, `html`, …): for each function one `static` that says everything about
//! it, beside the algorithm behind it. [`library`] has them all, [`reference`] makes the reference out of them, [`Environment`] is what they
//! use beyond the message.

mod clue;
mod environment;
pub mod file;
pub mod hash;
pub mod html;
mod library;
pub mod ml;
pub mod network;
mod profile;
pub mod reference;
pub mod regex;
pub mod sample;
pub mod strings;

pub use environment::Environment;
pub use file::file_options;
pub use hash::sha256;
pub use library::library;

#[cfg(test)]
mod tests;
