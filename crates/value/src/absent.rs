//! The second lane of absence: what could not be found out, and what it would take.
//!
//! Null is a value ("we looked, there is none"). [`Unavailable`] says "we could not look" and names every [`Need`] that would change
//! that, so that a rule that depends on it ends as undetermined and never as "no match".

use crate::capability;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// One thing that was missing, by the name that the user meets in configuration, output and `doctor`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A capability that is off, absent or not built: a known blind spot (`ocr`, `links`, `pdf`, …; see [`crate::capability`]).
    Capability(&'static str),
    /// A list that is not there, or an entry outside the part of it that is there. The name has no `$`.
    List(Arc<str>),
    /// A limit was hit, by its name in [`crate::Limits`].
    Limit(&'static str),
    /// Something that should have worked did not: a broken part, a failing service. The text says what.
    Failure(Arc<str>),
}

impl Need {
    /// True when this is not a blind spot but something that went wrong on this input: it makes a message undetermined.
    pub fn is_failure(&self) -> bool {
        matches!(self, Need::Limit(_) | Need::Failure(_))
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Need::Capability(name) => f.write_str(name),
            Need::List(name) => write!(f, "list {name}"),
            Need::Limit(name) => write!(f, "limit {name}"),
            Need::Failure(what) => write!(f, "failure: {what}"),
        }
    }
}

/// An answer that could not be had. Holds one or more needs, sorted, without repeats; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(Arc<[Need]>);

impl Unavailable {
    /// Lacking exactly this.
    pub fn new(need: Need) -> Self {
        Unavailable(Arc::new([need]))
    }

    /// Lacking a capability, by its name in [`crate::capability`].
    pub fn capability(name: &'static str) -> Self {
        static KNOWN: LazyLock<Vec<Unavailable>> =
            LazyLock::new(|| capability::ALL.iter().map(|it| Unavailable::new(Need::Capability(it.name))).collect());
        let known = KNOWN.iter().find(|it| it.0.contains(&Need::Capability(name)));
        known.cloned().unwrap_or_else(|| Unavailable::new(Need::Capability(name)))
    }

    /// Lacking a list; the name is without `$`.
    pub fn list(name: &str) -> Self {
        Unavailable::new(Need::List(name.into()))
    }

    /// Stopped at a limit, by its name in [`crate::Limits`].
    pub fn limit(name: &'static str) -> Self {
        Unavailable::new(Need::Limit(name))
    }

    /// Stopped by something that went wrong.
    pub fn failure(what: &str) -> Self {
        Unavailable::new(Need::Failure(what.into()))
    }

    /// The needs, sorted, without repeats; never empty.
    pub fn needs(&self) -> &[Need] {
        &self.0
    }

    /// The union of both needs.
    #[must_use]
    pub fn and(&self, other: &Unavailable) -> Unavailable {
        if Arc::ptr_eq(&self.0, &other.0) || other.0.iter().all(|need| self.0.contains(need)) {
            return self.clone();
        }
        let mut needs: Vec<Need> = self.0.iter().chain(other.0.iter()).cloned().collect();
        needs.sort();
        needs.dedup();
        Unavailable(needs.into())
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, need) in self.0.iter().enumerate() {
            if idx > 0 {
                f.write_str(", ")?;
            }
            need.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_a_sorted_set() {
        let both = Unavailable::capability("ocr").and(&Unavailable::capability("links"));
        assert_eq!(both.to_string(), "links, ocr");
        assert_eq!(both.and(&Unavailable::capability("ocr")), both);
    }

    #[test]
    fn only_limits_and_failures_are_faults_of_the_run() {
        assert!(!Need::Capability("ocr").is_failure());
        assert!(!Need::List("tranco_1m".into()).is_failure());
        assert!(Need::Limit("files.depth").is_failure());
        assert!(Need::Failure("zip: broken".into()).is_failure());
    }
}
