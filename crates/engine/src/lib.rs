//! Rules on messages: rule files in, verdicts out.
//!
//! [`Builder`] reads rule files (YAML with MQL, YARA) into an immutable [`RuleSet`] that threads share; [`RuleSet::inspect`] runs it on
//! a message and gives a [`Report`]. The crate does no input or output: files come in as text and bytes.
//!
//! Reading order: [`Rule`], [`Builder`], [`RuleSet`], [`Report`], [`Explanation`], [`lists`], [`rewrite`].

mod checked;
mod explain;
mod explanation;
mod inspect;
pub mod lists;
mod live;
mod profile;
mod reading;
mod report;
mod rewrite;
mod rule;
mod rule_set;
mod settings;
pub mod starter;
mod yaml;

pub use explain::{Decision, Explainer, Walked};
pub use explanation::{Explanation, OpenCondition};
pub use inspect::Inspector;
pub use live::Live;
pub use profile::Profile;
pub use report::{Coverage, Match, Report, RuleRef, Undetermined, Verdict, YaraRef};
pub use rewrite::{Rewritten, rewrite};
pub use rule::{Finding, Rule, RuleType, Severity, source};
pub use rule_set::{Builder, Checked, CompiledRule, RuleSet, YaraProblem};
pub use settings::{Organization, Settings};
