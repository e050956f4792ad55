//! The rule set in use, which can be replaced while messages are inspected.

use crate::rule_set::RuleSet;
use std::sync::{Arc, PoisonError, RwLock};

/// The rule set of a service that runs on while its rules change: threads take the set at hand for each message, another one replaces it.
///
/// An inspection holds the set that it began with, so that a report is wholly of one set. A set that was replaced is dropped with its last user.
pub struct Live(RwLock<Arc<RuleSet>>);

impl Live {
    /// Begins with this set.
    pub fn new(set: RuleSet) -> Live {
        Live(RwLock::new(Arc::new(set)))
    }

    /// The set at hand. Who keeps it keeps using it when it is replaced.
    pub fn current(&self) -> Arc<RuleSet> {
        // The lock guards one pointer, which is never half changed: a panic of another thread does not matter.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another set in place of the one at hand, which is given back. What asks from now on gets the new one.
    pub fn replace(&self, set: RuleSet) -> Arc<RuleSet> {
        let set = Arc::new(set);
        std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), set)
    }
}
