//! What a run is set up with.

use mailhound_value::{EmptyHistory, History, Limits, NamedList, Person};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The organisation whose mail it is.
#[derive(Clone, Debug, Default)]
pub struct Organization {
    /// Its domains, lower case: `$org_domains`, and the direction of messages.
    pub domains: Vec<String>,
    /// Display names of its people: `$org_display_names`.
    pub display_names: Vec<String>,
    /// People that attackers like to be: `$org_vips`.
    pub vips: Vec<Person>,
}

/// The settings of a run.
#[derive(Clone)]
pub struct Settings {
    /// The organisation; empty lists are known to be empty.
    pub organization: Organization,
    /// Lists by name, in place of built-in ones or beside them.
    pub lists: HashMap<String, Arc<NamedList>>,
    /// Earlier mail; `None` when the history is off.
    pub history: Option<Arc<dyn History>>,
    /// Bounds on work over hostile bytes.
    pub limits: Limits,
    /// Needs that make a message undetermined although nothing failed (`--require`).
    pub required: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            organization: Organization::default(),
            lists: HashMap::new(),
            history: Some(Arc::new(EmptyHistory)),
            limits: Limits::default(),
            required: BTreeSet::new(),
        }
    }
}
