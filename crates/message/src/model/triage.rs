//! What automation rules see beside the message; never part of a message that was only parsed (reference mdm.md §13).

use mailhound_value::object;

object! {
    /// The state of an incident, given by the caller.
    #[derive(Clone, Debug, Default)]
    pub struct Triage {
        /// What started the automation, such as abuse_report, classification_change or asa_complete.
        trigger: Option<String>,
        /// Reports of users.
        user_reports: UserReports,
        /// Detection rules that matched.
        flagged_rules: Vec<FlaggedRule>,
        /// The label it has now.
        classification: Option<Classification>,
        /// Results of automatic analysts.
        agents: Agents,
    }
}

object! {
    /// Reports of users.
    #[derive(Clone, Debug, Default)]
    pub struct UserReports {
        /// How many there are.
        count: i64,
    }
}

object! {
    /// A rule that matched.
    #[derive(Clone, Debug, Default)]
    pub struct FlaggedRule {
        /// Name of the rule.
        name: Option<String>,
    }
}

object! {
    /// The label of a message.
    #[derive(Clone, Debug, Default)]
    pub struct Classification {
        /// malicious, spam, graymail, benign, …
        classification: Option<String>,
    }
}

object! {
    /// Results of automatic analysts.
    #[derive(Clone, Debug, Default)]
    pub struct Agents {
        /// The security analyst.
        asa: Option<Agent>,
    }
}

object! {
    /// Result of one automatic analyst.
    #[derive(Clone, Debug, Default)]
    pub struct Agent {
        /// The label it gave.
        verdict: Option<String>,
    }
}
