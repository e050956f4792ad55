//! YARA: rule files in, matches out.
//!
//! [`Compiler`] takes rule sources one file at a time and keeps what compiles, [`Rules`] is shared between threads, [`Scanner`] looks at
//! bytes. The engine behind is YARA-X; its types do not leave this module. Where YARA-X differs from YARA is said in its own
//! documentation (<https://virustotal.github.io/yara-x/docs/writing_rules/differences-with-yara/>).

mod compiler;
mod matches;
mod scanner;

pub use compiler::{Compiler, Problem};
pub use matches::{Match, MetaValue, StringMatch};
pub use scanner::{Rules, Scanner};
