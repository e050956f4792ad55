//! `file.*` and `beta.*` over files: what they contain.

mod absent;
mod explode;
mod html;
pub mod ics;
mod input;
mod parse;
pub mod text;

pub use explode::file_options;
pub(crate) use input::FILES;
pub use parse::{Calendar, IcsEvent, IcsProperty, ParsedText};

pub(crate) static FUNCTIONS: &[&mailhound_mql::Function] = &[
    &explode::EXPLODE,
    &explode::EXPAND_ARCHIVES,
    &parse::PARSE_EML,
    &parse::PARSE_HTML,
    &parse::PARSE_TEXT,
    &parse::PARSE_ICS,
    &parse::BETA_PARSE_ICS,
    &absent::OLETOOLS,
    &absent::HTML_SCREENSHOT,
    &absent::MESSAGE_SCREENSHOT,
    &absent::BETA_MESSAGE_SCREENSHOT,
    &absent::OCR,
    &absent::SCAN_QR,
    &absent::PARSE_EXIF,
];
