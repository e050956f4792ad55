//! What functions use beyond the message: limits, rules for files, the history.

use mailhound_files::yara;
use mailhound_value::{History, Limits, NamedList, Reads};
use std::sync::Arc;

/// The surroundings of an evaluation. Shared by all messages of a run.
#[derive(Clone)]
pub struct Environment {
    /// Bounds on work over hostile bytes.
    pub limits: Limits,
    /// YARA rules for `file.explode`; `None` makes `.scan.yara` unavailable.
    pub yara: Option<Arc<yara::Rules>>,
    /// Earlier mail; `None` makes the profiles unavailable.
    pub history: Option<Arc<dyn History>>,
    /// Domains where an address tells more than the domain (`$free_email_providers`).
    pub free_mail: Arc<NamedList>,
    /// The fields that the rules read; `None` when any may be read.
    pub reads: Option<Arc<Reads>>,
}
