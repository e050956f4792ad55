//! A message through a rule set: every rule's outcome, and the verdict.

use crate::profile::Profile;
use crate::report::{Coverage, Match, Report, RuleRef, Undetermined, Verdict, YaraRef};
use crate::rule::{RuleType, Severity};
use crate::rule_set::{CompiledRule, RuleSet};
use mailhound_files::{Node, explode, yara};
use mailhound_functions::file_options;
use mailhound_message::model::ParseError;
use mailhound_message::{Message, parse};
use mailhound_mql::{Context, Evaluator, Memory, Program};
use mailhound_value::{Arena, Eval, Type, Unavailable, Value, to_json};
use std::time::Instant;

/// Runs a rule set on messages, one after the other. One for each thread: it keeps what is dear to make.
pub struct Inspector<'r> {
    set: &'r RuleSet,
    yara: Option<yara::Scanner<'r>>,
    profile: Option<Box<Profile>>,
    /// What the last message leaves to the next.
    memory: Memory,
}

impl Inspector<'_> {
    /// What was measured so far; `None` unless it is a [`RuleSet::profiler`].
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }

    /// Reads a message and runs all rules on it. Never fails: what could not be read or decided stands in the report.
    pub fn inspect(&mut self, source: &str, bytes: &[u8]) -> Report {
        let started = Instant::now();
        let message = self.set.parse(bytes);
        let profile = self.profile.as_deref();
        if let Some(profile) = profile {
            profile.parsed(started);
        }
        let mut report = Report::about(source, bytes, &message);
        let arena = Arena::new();
        let ctx = Context::new(&arena, &message, &self.set.lists, &self.set.running.limits, &self.set.running);
        let memory = std::mem::take(&mut self.memory);
        let evaluator = Evaluator::with_memory(&self.set.plan, &ctx, memory).with_profile(profile.map(|profile| &profile.evaluation));
        evaluator.look_for_needs();
        let mut run = Run { set: self.set, report: &mut report, flags: Vec::new(), failed: false };
        for (idx, rule) in self.set.rules.iter().enumerate().filter(|(_, rule)| rule.rule.active) {
            let begun = profile.map(|_| Instant::now());
            run.rule(rule, &evaluator);
            if let (Some(profile), Some(begun)) = (profile, begun) {
                profile.rule(idx, begun);
            }
        }
        self.memory = evaluator.into_memory();
        // What a limit cut off can change any rule that found nothing. Of the limits of texts and links those count that rules came upon.
        let errors: Vec<ParseError> = message.errors_so_far().collect();
        run.failed |= errors.iter().any(|error| error.r#type == "limit");
        run.report.errors = lines(errors);
        if let Some(scanner) = &mut self.yara {
            run.yara(scanner, bytes, &message);
        }
        run.finish();
        report.elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        report
    }
}

impl RuleSet {
    /// What runs these rules on messages.
    pub fn inspector(&self) -> Inspector<'_> {
        Inspector {
            set: self,
            yara: self.yara().filter(|rules| !rules.is_empty()).map(yara::Rules::name_scanner),
            profile: None,
            memory: Memory::default(),
        }
    }

    /// The same, which also measures where its time goes.
    pub fn profiler(&self) -> Inspector<'_> {
        Inspector { profile: Some(Box::default()), ..self.inspector() }
    }

    /// Reads one message and runs all rules on it. For many messages keep an [`Inspector`].
    pub fn inspect(&self, source: &str, bytes: &[u8]) -> Report {
        self.inspector().inspect(source, bytes)
    }

    /// Reads a message with the settings of this rule set.
    pub fn parse(&self, bytes: &[u8]) -> Message {
        parse(
            bytes,
            &mailhound_message::Options {
                org_domains: self.settings.organization.domains.iter().cloned().collect(),
                limits: self.settings.limits.clone(),
                ..Default::default()
            },
        )
    }

    /// Evaluates one program on a message and hands its value on.
    pub fn evaluate<T>(&self, program: &Program, message: &Message, then: impl FnOnce(Eval<'_>) -> T) -> T {
        let arena = Arena::new();
        let ctx = Context::new(&arena, message, &self.lists, &self.environment.limits, &self.environment);
        then(Evaluator::new(&self.plan, &ctx).value_of(program))
    }
}

struct Run<'r> {
    set: &'r RuleSet,
    report: &'r mut Report,
    /// Severities of the matches that flag.
    flags: Vec<Severity>,
    /// A detection rule could not be decided for a reason that must not be passed over.
    failed: bool,
}

/// The severity of a match whose rule names none.
const DEFAULT_SEVERITY: Severity = Severity::Medium;

impl Run<'_> {
    fn rule(&mut self, compiled: &CompiledRule, evaluator: &Evaluator<'_>) {
        let rule = &compiled.rule;
        self.report.coverage.rules += 1;
        if rule.kind == RuleType::Query {
            return self.query(compiled, evaluator);
        }
        let outcome = evaluator.match_of(&compiled.program);
        if outcome.is_true() {
            self.report.coverage.decided += 1;
            match rule.kind {
                RuleType::Exclusion => self.report.excluded_by.push(RuleRef::of(rule)),
                RuleType::Rule => {
                    self.flags.push(rule.severity.unwrap_or(DEFAULT_SEVERITY));
                    self.report.matches.push(Match::mql(rule, None));
                }
                _ => self.report.matches.push(Match::mql(rule, None)),
            }
        } else if let Some(missing) = outcome.missing().filter(|_| outcome.may_be_true()) {
            self.undetermined(compiled, missing);
        } else {
            self.report.coverage.decided += 1;
        }
    }

    /// An insight: shown when its value is true, a list that is not empty, or another value that is not null.
    fn query(&mut self, compiled: &CompiledRule, evaluator: &Evaluator<'_>) {
        if compiled.program.ty() == Type::Bool {
            let outcome = evaluator.match_of(&compiled.program);
            return match outcome.missing().filter(|_| outcome.may_be_true()) {
                Some(missing) => self.undetermined(compiled, missing),
                None => self.insight(compiled, outcome.is_true().then(|| true.into())),
            };
        }
        let value = evaluator.value_of(&compiled.program);
        let empty = match &value {
            Ok(Value::List(list)) => list.known() == 0,
            Ok(value) => value.is_null(),
            Err(_) => false,
        };
        let mut gaps = Vec::new();
        let json = to_json(value, &mut gaps);
        match gaps.into_iter().map(|(_, missing)| missing).reduce(|all, missing| all.and(&missing)) {
            Some(missing) => self.undetermined(compiled, &missing),
            None => self.insight(compiled, Some(json).filter(|_| !empty)),
        }
    }

    fn insight(&mut self, compiled: &CompiledRule, value: Option<serde_json::Value>) {
        self.report.coverage.decided += 1;
        self.report.matches.extend(value.map(|value| Match::mql(&compiled.rule, Some(value))));
    }

    fn undetermined(&mut self, compiled: &CompiledRule, missing: &Unavailable) {
        let needs: Vec<String> = missing.needs().iter().map(ToString::to_string).collect();
        for need in &needs {
            *self.report.coverage.needs.entry(need.clone()).or_default() += 1;
        }
        if matches!(compiled.rule.kind, RuleType::Rule | RuleType::Exclusion) {
            let required = |need: &String| self.set.settings.required.contains(need);
            self.failed |= missing.needs().iter().any(mailhound_value::Need::is_failure) || needs.iter().any(required);
        }
        self.report.undetermined.push(Undetermined { rule: RuleRef::of(&compiled.rule), needs });
    }

    /// YARA rules on the raw message, on each attachment, and on what is in it.
    fn yara(&mut self, scanner: &mut yara::Scanner<'_>, bytes: &[u8], message: &Message) {
        self.yara_part(scanner.scan(bytes), "message");
        for (idx, attachment) in message.attachments.iter().enumerate() {
            let way = format!("attachments[{idx}]");
            let exploded = explode(attachment.bytes(), attachment.file_name.as_deref(), &file_options(&self.set.environment));
            let nodes: Vec<&Node> = exploded.nodes.items().collect();
            for node in &nodes {
                match node.yara_matches() {
                    Ok(matches) if matches.is_empty() => {}
                    matches => self.yara_part(matches, &way_to(node, &nodes, &way)),
                }
            }
        }
    }

    fn yara_part(&mut self, matches: Result<Vec<yara::Match>, Unavailable>, part: &str) {
        match matches {
            Ok(matches) => {
                for found in matches {
                    let severity = found.meta("severity").and_then(|it| Severity::parse(&it.text())).unwrap_or(DEFAULT_SEVERITY);
                    self.flags.push(severity);
                    self.report.matches.push(Match::Yara { rule: YaraRef::of(&found), part: part.to_owned() });
                }
            }
            Err(missing) if missing.needs().iter().any(mailhound_value::Need::is_failure) => {
                self.failed = true;
                self.report.errors.push(format!("YARA on {part}: {missing}"));
            }
            Err(_) => {}
        }
    }

    fn finish(self) {
        let excluded = !self.report.excluded_by.is_empty();
        self.report.severity = self.flags.iter().max().copied().filter(|_| !excluded);
        self.report.verdict = match () {
            () if excluded => Verdict::Clean,
            () if !self.flags.is_empty() => Verdict::Flagged,
            () if self.failed => Verdict::Undetermined,
            () => Verdict::Clean,
        };
    }
}

/// The way to a node: the names of the files it lies in, from the attachment down.
fn way_to(node: &Node, nodes: &[&Node], attachment: &str) -> String {
    let mut names = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at.filter(|node| node.depth > 0) {
        names.push(node.label().to_owned());
        at = nodes.iter().copied().find(|parent| Some(&parent.node_id) == node.parent_node_id.as_ref());
    }
    names.push(attachment.to_owned());
    names.reverse();
    names.join(" > ")
}

/// The problems of the message as lines of text. A header that is not there hinders nobody from reading.
fn lines(errors: Vec<ParseError>) -> Vec<String> {
    let worth = errors.into_iter().filter(|error| error.r#type != "missing_header_field");
    worth.map(|error| if error.field.is_empty() { error.message } else { format!("{}: {}", error.field, error.message) }).collect()
}

impl Report {
    /// A report on a message that no rule has seen yet.
    fn about(source: &str, bytes: &[u8], message: &Message) -> Report {
        let subject = message.subject.subject.clone();
        let sender = message.sender.as_ref().map(|sender| sender.email.email.clone()).filter(|sender| !sender.is_empty());
        Report {
            source: source.to_owned(),
            sha256: mailhound_functions::sha256(bytes),
            message_id: message.headers.message_id.clone(),
            subject,
            sender,
            verdict: Verdict::Clean,
            severity: None,
            matches: Vec::new(),
            undetermined: Vec::new(),
            coverage: Coverage::default(),
            excluded_by: Vec::new(),
            errors: Vec::new(),
            elapsed_us: 0,
        }
    }
}
