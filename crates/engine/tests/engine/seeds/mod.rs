//! The three rules that the project began with, on messages and files made here. They lie beside the repository; where they are absent
//! these tests say so and end.

mod clauses;
mod conditions;
mod yara;

use crate::mail::Mail;
use mailhound_engine::{Builder, Organization, Report, RuleSet, RuleType, Settings, source};
use mailhound_mql::ast::{Expr, Kind};
use mailhound_mql::{Program, parse};
use mailhound_value::Value;
use std::path::Path;
use std::sync::LazyLock;

const VOICEMAIL: &str = "fake_voicemail_notification_untrusted_sender.yml";

/// The text of a seed; `None` when the seeds are not there.
fn seed(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds").join(name);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        eprintln!("the seed {name} is not beside the repository: nothing to test");
    }
    text
}

/// The voicemail rule, whole and in parts.
struct Voicemail {
    set: RuleSet,
    /// Its twelve conditions.
    conditions: Vec<Program>,
    /// The twenty clauses of the fourth.
    clauses: Vec<Program>,
}

/// What the voicemail rule says of a message.
struct Seen {
    /// `match`, `no match`, or the needs.
    outcome: String,
    /// `true`, `false`, `null` or the needs of each condition.
    conditions: Vec<String>,
    /// The same of each clause.
    clauses: Vec<String>,
}

impl Voicemail {
    fn new(settings: Settings) -> Option<Voicemail> {
        let file = seed(VOICEMAIL)?;
        let mut builder = Builder::new(settings);
        let checked = builder.add_mql(VOICEMAIL, &file);
        assert!(checked.is_ok(), "{:?}", checked.findings);
        let text = source(VOICEMAIL, &file).expect("it is a rule");
        let tree = parse(&text).expr;
        let Kind::And(conditions) = &tree.kind else { panic!("the conditions are joined by `and`") };
        let Kind::Of { count: 2, clauses } = &conditions[3].kind else { panic!("the fourth condition is `2 of`") };
        assert_eq!((conditions.len(), clauses.len()), (12, 20));
        let mut part = |expr: &Expr| builder.compile(&text[expr.span.range()], RuleType::Rule).0.expect("each part is a rule");
        let conditions = conditions.iter().map(&mut part).collect();
        let clauses = clauses.iter().map(&mut part).collect();
        Some(Voicemail { set: builder.build(), conditions, clauses })
    }

    fn look(&self, mail: &Mail) -> Seen {
        let bytes = mail.bytes();
        let message = self.set.parse(&bytes);
        let answer = |program: &Program| {
            self.set.evaluate(program, &message, |value| match value {
                Ok(Value::Bool(it)) => it.to_string(),
                Ok(_) => "null".to_owned(),
                Err(missing) => missing.to_string(),
            })
        };
        let conditions = self.conditions.iter().map(answer).collect();
        let clauses = self.clauses.iter().map(answer).collect();
        Seen { outcome: outcome(&self.set.inspect("test", &bytes)), conditions, clauses }
    }
}

/// What a report on one rule says of it.
fn outcome(report: &Report) -> String {
    match (report.matches.as_slice(), report.undetermined.as_slice()) {
        ([_, ..], _) => "match".to_owned(),
        ([], [rule, ..]) => rule.needs.join(", "),
        ([], []) => "no match".to_owned(),
    }
}

/// The organisation whose mail it is.
fn settings() -> Settings {
    let organization = Organization { domains: vec!["corp.example.org".to_owned()], ..Organization::default() };
    Settings { organization, ..Settings::default() }
}

/// The rule in that organisation, with an empty history.
fn voicemail() -> Option<&'static Voicemail> {
    static RULE: LazyLock<Option<Voicemail>> = LazyLock::new(|| Voicemail::new(settings()));
    RULE.as_ref()
}

const RECIPIENT: &str = "Quentin <quentin@corp.example.org>";
/// A link to a host of the sender.
const OWN_LINK: &str = "https://www.example.net/x";
/// A link to a host of somebody else.
const OTHER_LINK: &str = "https://www.iana.org/x";

/// A message that the rule matches: clauses 4 (display name) and 16 (the recipient's name in it) hold, and no other one.
fn lure() -> Mail {
    Mail::new("Example Voice Mail <notice@example.net>", RECIPIENT, "Hello").link(OWN_LINK, "open")
}

/// A message that fulfils all conditions but the fourth, of which no clause holds.
fn quiet() -> Mail {
    Mail::new("Accounts <notice@example.net>", RECIPIENT, "Message received").link(OWN_LINK, "open")
}

/// The 1-based places of `answer`.
fn places(answers: &[String], answer: &str) -> Vec<usize> {
    answers.iter().enumerate().filter(|(_, it)| *it == answer).map(|(idx, _)| idx + 1).collect()
}
