//! What is known of earlier mail, as the profile functions ask for it.

use crate::{Unavailable, object};

/// Whose past is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity<'a> {
    /// One address, lower case.
    Address(&'a str),
    /// All addresses of a domain, lower case.
    Domain(&'a str),
}

object! {
    /// Days between events of a sender's past and this message; null when there was none.
    #[derive(Default, Clone, Debug)]
    pub struct Days {
        /// Days since the newest contact in either direction.
        last_contact: Option<f64>,
        /// Days since the first contact in either direction.
        first_contact: Option<f64>,
        /// Days since the newest message from the sender.
        last_inbound: Option<f64>,
        /// Days since the newest message to the sender.
        last_outbound: Option<f64>,
    }
}

object! {
    /// What the history knows of a sender at the time of the message (enrichment.md §6).
    #[derive(Default, Clone, Debug)]
    pub struct Profile {
        /// How often the sender writes: new, outlier, rare, uncommon, common or unknown.
        prevalence: String,
        /// The organisation wrote to this sender before. Null when the history cannot tell yet.
        solicited: Option<bool>,
        /// A message of this sender was labelled malicious or spam.
        any_messages_malicious_or_spam: Option<bool>,
        /// A message of this sender was labelled benign.
        any_messages_benign: Option<bool>,
        /// A flagged message of this sender was labelled benign.
        any_false_positives: Option<bool>,
        /// Days since the first message of this sender; 0 for an unknown one.
        days_known: Option<f64>,
        /// Days since single events.
        days_since: Days,
        /// This message failed sender authentication.
        auth_failed: Option<bool>,
    }
}

/// A store of earlier messages.
pub trait History: Send + Sync {
    /// What is known of this sender, without the message at hand.
    ///
    /// # Errors
    /// When the store cannot answer.
    fn profile(&self, identity: Identity<'_>) -> Result<Profile, Unavailable>;
}

/// A history that is there and has seen nothing: the history of loose files.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyHistory;

impl History for EmptyHistory {
    fn profile(&self, _identity: Identity<'_>) -> Result<Profile, Unavailable> {
        Ok(Profile {
            prevalence: "new".to_owned(),
            solicited: Some(false),
            any_messages_malicious_or_spam: Some(false),
            any_messages_benign: Some(false),
            any_false_positives: Some(false),
            days_known: Some(0.0),
            days_since: Days::default(),
            auth_failed: None,
        })
    }
}
