//! Files: bytes in, what is inside out. Knows no message and no rule language.
//!
//! Everything here sees hostile bytes: nothing is written to a disk, names of members stay data, and every loop counts against
//! [`mailhound_value::Limits`].
//!
//! Reading order: [`explode`](explode()) with [`Exploded`] and [`Node`], [`Partial`] (lists with gaps), [`shapes`] (what scanners
//! report), [`Flavors`], [`expand_archives`], [`yara`].

mod archive;
mod expand;
mod explode;
mod flavors;
mod name;
mod partial;
mod scan;
pub mod shapes;
pub mod yara;

pub use expand::{ExpandedArchives, File, expand_archives};
pub use explode::{Exploded, Node, Options, Scan, explode, explode_html};
pub use flavors::Flavors;
pub use partial::{Partial, Slot};
