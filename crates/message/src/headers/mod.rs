//! What single header fields mean (reference mdm.md §4.3, §9): one file for each family.

pub mod address;
pub(crate) mod auth_results;
pub(crate) mod auth_summary;
pub(crate) mod build;
pub mod date;
pub(crate) mod hops;
pub(crate) mod hosts;
pub(crate) mod ids;
pub(crate) mod received;
pub(crate) mod scan;
pub(crate) mod signature;
pub(crate) mod spf;
