//! Engines that may be absent, that need the network, or whose libraries are heavy: what a plain reading of the bytes cannot tell.
//!
//! | Module | What it finds out | What it needs |
//! | --- | --- | --- |
//! | [`signatures`] | which DKIM and ARC signatures of a message hold | public keys: a file of them, or DNS where it is allowed |

pub mod signatures;
