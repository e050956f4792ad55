//! `html.*`: queries over HTML.

mod query;
pub mod xpath;

pub use query::{HtmlNode, XPathResult};

pub(crate) static FUNCTIONS: &[&mailhound_mql::Function] = &[&query::XPATH];
