//! What is known about a message after all rules ran.

use crate::rule::{Rule, RuleType, Severity};
use mailhound_files::yara;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The judgement of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A detection or YARA rule matches and no exclusion applies.
    Flagged,
    /// Nothing matches, but something that should have worked did not.
    Undetermined,
    /// Nothing matches, or an exclusion applies.
    Clean,
}

impl Verdict {
    /// The word for it.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Flagged => "flagged",
            Verdict::Undetermined => "undetermined",
            Verdict::Clean => "clean",
        }
    }
}

/// A rule as reports name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// Stable identifier.
    pub id: Option<String>,
    /// Name for people.
    pub name: String,
    /// The file, as it was given.
    pub path: String,
}

impl RuleRef {
    pub(crate) fn of(rule: &Rule) -> RuleRef {
        RuleRef { id: rule.id.clone(), name: rule.name.clone(), path: rule.path.clone() }
    }

    fn json(&self) -> Value {
        json!({"id": self.id, "name": self.name, "path": self.path})
    }
}

/// A YARA rule as reports name it.
#[derive(Clone, Debug, PartialEq)]
pub struct YaraRef {
    /// Identifier.
    pub name: String,
    /// Stem of the rule file.
    pub namespace: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Metadata as a JSON object.
    pub meta: Value,
    /// The file, as it was given.
    pub path: String,
    /// From the metadata, else medium.
    pub severity: Severity,
}

impl YaraRef {
    pub(crate) fn of(found: &yara::Match) -> YaraRef {
        YaraRef {
            name: found.rule.clone(),
            namespace: found.namespace.to_string(),
            tags: found.tags.clone(),
            meta: found.meta_json(),
            path: found.path.to_string(),
            severity: found.meta("severity").and_then(|it| Severity::parse(&it.text())).unwrap_or(Severity::Medium),
        }
    }
}

/// A rule that matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// An MQL rule; an insight has a value.
    Mql {
        /// The rule.
        rule: RuleRef,
        /// What it is for.
        kind: RuleType,
        /// How bad it is.
        severity: Option<Severity>,
        /// What the rule says it finds, first paragraph.
        about: Option<String>,
        /// The value of an insight.
        value: Option<Value>,
    },
    /// A YARA rule, and the part it matches in.
    Yara {
        /// The rule.
        rule: YaraRef,
        /// `message`, `attachments[0]`, `attachments[0] > doc/macro.vbs`.
        part: String,
    },
}

impl Match {
    pub(crate) fn mql(rule: &Rule, value: Option<Value>) -> Match {
        let about = rule.description.as_deref().and_then(|text| text.split("\n\n").next()).map(str::to_owned);
        Match::Mql { rule: RuleRef::of(rule), kind: rule.kind, severity: rule.severity, about, value }
    }

    fn json(&self) -> Value {
        match self {
            Match::Mql { rule, kind, severity, value, .. } => {
                let severity = severity.map(Severity::text);
                let rule = json!({"id": rule.id, "name": rule.name, "type": kind.text(), "severity": severity, "path": rule.path});
                let mut json = json!({"language": "mql", "rule": rule});
                if let Some(value) = value {
                    json["value"] = value.clone();
                }
                json
            }
            Match::Yara { rule, part } => {
                let YaraRef { name, namespace, tags, meta, path, .. } = rule;
                let rule = json!({"name": name, "namespace": namespace, "tags": tags, "meta": meta, "path": path});
                json!({"language": "yara", "rule": rule, "part": part})
            }
        }
    }
}

/// A rule that could not be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    /// The rule.
    pub rule: RuleRef,
    /// What it would take, sorted.
    pub needs: Vec<String>,
}

/// How much of the rule set could be decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// MQL rules that were asked.
    pub rules: usize,
    /// Those with a known outcome.
    pub decided: usize,
    /// For each need the number of rules that wait for it.
    pub needs: BTreeMap<String, usize>,
}

/// What is known about a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Where it came from.
    pub source: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Message-ID with its brackets.
    pub message_id: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Author's address.
    pub sender: Option<String>,
    /// The judgement.
    pub verdict: Verdict,
    /// The highest severity among the matches that flag.
    pub severity: Option<Severity>,
    /// Matches in the order of the rules, then YARA.
    pub matches: Vec<Match>,
    /// Rules that could not be decided, in their order.
    pub undetermined: Vec<Undetermined>,
    /// How much could be decided.
    pub coverage: Coverage,
    /// Exclusions that match.
    pub excluded_by: Vec<RuleRef>,
    /// What could not be read, one sentence each.
    pub errors: Vec<String>,
    /// Time that reading and judging took, in microseconds.
    pub elapsed_us: u64,
}

impl Report {
    /// The report as one JSON object of the command-line contract.
    pub fn json(&self) -> Value {
        let undetermined = self.undetermined.iter().map(|it| json!({"rule": it.rule.json(), "needs": it.needs}));
        let mut json = json!({
            "source": self.source,
            "sha256": self.sha256,
            "message_id": self.message_id,
            "subject": self.subject,
            "sender": self.sender,
            "verdict": self.verdict.text(),
            "severity": self.severity.map(Severity::text),
            "matches": self.matches.iter().map(Match::json).collect::<Vec<_>>(),
            "undetermined": undetermined.collect::<Vec<_>>(),
            "coverage": {"rules": self.coverage.rules, "decided": self.coverage.decided, "needs": self.coverage.needs},
            "errors": self.errors,
            "elapsed_us": self.elapsed_us,
        });
        if !self.excluded_by.is_empty() {
            json["excluded_by"] = self.excluded_by.iter().map(RuleRef::json).collect();
        }
        json
    }
}
