//! The scanners: which run on a file ([`table`]), and those that are built in, one file each.

mod base64;
mod email;
mod entropy;
mod gzip;
pub(crate) mod hash;
mod html;
mod picture;
mod ssdeep;
mod strings;
pub(crate) mod table;
mod url;
mod yara;
mod zip;
