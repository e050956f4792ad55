//! Messages as Outlook stores and sends them.

#[cfg_attr(not(test), allow(dead_code, unused_imports))] // its callers are the readers of .msg files and TNEF
pub(crate) mod rtf;
