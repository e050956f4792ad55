//! Containers and compressed data: where the members are, and their bytes within a [`Budget`].

mod budget;
mod gzip;
mod names;
mod zip;

pub(crate) use budget::Budget;
pub(crate) use gzip::gunzip;
pub(crate) use zip::{Member, Zip};
