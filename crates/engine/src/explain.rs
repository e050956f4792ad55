//! Rules walked as they are written ([`mailhound_mql::walk`]) and not as they were compiled: what they say of a message, and why.

use crate::checked::checked;
use crate::explanation::Explanation;
use crate::lists;
use crate::rule::{Rule, RuleType};
use crate::rule_set::{CompiledRule, RuleSet};
use mailhound_message::Message;
use mailhound_mql::walk::{self, Outcome};
use mailhound_mql::{Context, Diagnostic};
use mailhound_value::{Arena, Eval, Type, Unavailable, Value, to_json};
use std::collections::BTreeSet;

/// What tells objects of the model and of functions apart, the most telling first.
const LABELS: walk::Labels<'static> = &[
    "href_url.url",
    "email.email",
    "file_name",
    "url.url",
    "url",
    "domain",
    "display_name",
    "display_text",
    "subject.subject",
    "name",
    "full_match",
    "text",
    "flavors.mime",
];

/// What a rule says of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// It matches. A query has its value.
    Match(Option<serde_json::Value>),
    /// It does not.
    NoMatch,
    /// It could not be decided; what it would take, sorted.
    Undetermined(Vec<String>),
}

/// Some rules of a set, ready to be walked. One for each thread.
pub struct Explainer<'r> {
    pub(crate) set: &'r RuleSet,
    pub(crate) rules: Vec<(&'r CompiledRule, walk::Rule)>,
}

/// The decision of one rule.
pub struct Walked<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// What it says.
    pub decision: Decision,
}

impl RuleSet {
    /// The rules of this set that are wanted, checked again from their sources.
    pub fn explainer(&self, is_wanted: impl Fn(&Rule) -> bool) -> Explainer<'_> {
        let wanted = self.rules.iter().filter(|rule| is_wanted(&rule.rule));
        let rules = wanted.map(|rule| (rule, self.walkable(checked(&rule.source.text, rule.rule.kind, &self.settings).0)));
        Explainer { set: self, rules: rules.collect() }
    }

    /// Walks an expression over a message and hands its value on.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn walk<T>(&self, expr: &str, message: &Message, then: impl FnOnce(Eval<'_>) -> T) -> Result<T, Vec<Diagnostic>> {
        let (typed, diagnostics) = checked(expr, RuleType::Query, &self.settings);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(diagnostics);
        }
        let rule = self.walkable(typed);
        let arena = Arena::new();
        Ok(then(rule.value(&self.context(&arena, message))))
    }

    fn walkable(&self, typed: mailhound_mql::typed::Typed) -> walk::Rule {
        walk::Rule::new(typed, |name| lists::resolve(name, &self.settings))
    }

    /// A context for walks: these have their lists with the rules.
    pub(crate) fn context<'m>(&'m self, arena: &'m Arena<'m>, message: &'m Message) -> Context<'m> {
        Context::new(arena, message, &[], &self.environment.limits, &self.environment)
    }
}

impl<'r> Explainer<'r> {
    /// How many rules there are.
    pub fn count(&self) -> usize {
        self.rules.len()
    }

    /// Why each rule says what it says of a message, in the order of the rules. `then` gets one after the other.
    ///
    /// # Errors
    /// That of `then`, which ends the walk.
    pub fn explain<E>(&self, message: &Message, mut then: impl FnMut(Explanation<'r>) -> Result<(), E>) -> Result<(), E> {
        let arena = Arena::new();
        let ctx = self.set.context(&arena, message);
        for (compiled, rule) in &self.rules {
            let explained = rule.explain(&ctx, LABELS);
            let decision = match explained.result {
                Ok(answer) => of_answer(&compiled.rule, &answer),
                Err(value) => of_value(value),
            };
            then(Explanation::new(compiled, decision, explained.seen, explained.miss, explained.is_cut))?;
        }
        Ok(())
    }

    /// What each rule says of a message, in the order of the rules.
    pub fn walk(&self, message: &Message) -> Vec<Walked<'r>> {
        let arena = Arena::new();
        let ctx = self.set.context(&arena, message);
        let walked = self.rules.iter().map(|(compiled, rule)| {
            let decision = if matches!(rule.typed().ty, Type::Bool | Type::Any) {
                of_answer(&compiled.rule, &rule.answer(&ctx))
            } else {
                of_value(rule.value(&ctx))
            };
            Walked { rule: &compiled.rule, decision }
        });
        walked.collect()
    }
}

/// A condition matches when it is surely true, and is open while it may be.
pub(crate) fn of_answer(rule: &Rule, answer: &walk::Answer) -> Decision {
    match answer.missing() {
        _ if answer.is(Outcome::True) => Decision::Match((rule.kind == RuleType::Query).then(|| true.into())),
        Some(missing) if answer.may_be(Outcome::True) => Decision::Undetermined(needs([missing])),
        _ => Decision::NoMatch,
    }
}

/// A query that is no condition matches with any value but null and an empty list; it is open when a part of the value is.
pub(crate) fn of_value(value: Eval<'_>) -> Decision {
    let is_empty = match &value {
        Ok(Value::List(list)) => list.known() == 0,
        Ok(value) => value.is_null(),
        Err(_) => false,
    };
    let mut gaps = Vec::new();
    let json = to_json(value, &mut gaps);
    match gaps.is_empty() {
        false => Decision::Undetermined(needs(gaps.iter().map(|(_, missing)| missing))),
        true if is_empty => Decision::NoMatch,
        true => Decision::Match(Some(json)),
    }
}

pub(crate) fn needs<'u>(missing: impl IntoIterator<Item = &'u Unavailable>) -> Vec<String> {
    let needs: BTreeSet<_> = missing.into_iter().flat_map(Unavailable::needs).collect();
    needs.into_iter().map(ToString::to_string).collect()
}
