//! The message on which the examples of the functions run.

/// A hand-written message: HTML with two links, and five attachments: a ZIP with a text, an HTML page, a message, a calendar, a text.
pub static MESSAGE: &[u8] = include_bytes!("sample.eml");
