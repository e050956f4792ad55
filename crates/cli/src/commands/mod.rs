//! One module per command.

pub mod check;
pub mod doctor;
pub mod eval;
pub mod explain;
pub mod explode;
pub mod fmt;
pub mod functions;
pub mod mdm;
pub mod scan;
pub mod schema;
pub mod yara;
