//! From bytes to parts: header blocks, encoded words, media types, transfer encodings, character sets, the MIME tree (RFC 5322, RFC 2045
//! to 2047, RFC 2231), read as tolerantly as mail programs do (reference mdm.md §2).
//!
//! The tree is walked by our own code: the mail library at hand finds boundaries in the middle of lines, opens attached messages where the
//! model wants their bytes, and nests them without a bound. It serves for character sets that browsers do not know.

pub(crate) mod block;
pub(crate) mod charset;
pub(crate) mod content_type;
pub(crate) mod encoded_word;
pub(crate) mod transfer;
pub(crate) mod tree;
