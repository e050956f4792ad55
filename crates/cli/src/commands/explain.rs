//! `mailhound explain`: why rules did or did not match.

mod summary;
mod tree;

use crate::Status;
use crate::arguments::Explain;
use crate::commands::scan::{note_organization, rule_set};
use crate::config;
use crate::input::{Input, Source};
use crate::output::Output;
use anyhow::{Result, bail};
use mailhound_engine::{Explainer, Rule, RuleSet};
use mailhound_message::Message;
use mailhound_mql::nearest;

/// Runs the command.
pub fn run(arguments: &Explain, output: &mut Output) -> Result<Status> {
    let config = config::load(arguments.config.as_deref())?;
    note_organization(&config.settings.organization, output);
    let (rules, mut status) = rule_set(&arguments.rules, config.settings, output)?;
    for name in &arguments.only {
        check_name(name, &rules)?;
    }
    let is_named = !arguments.only.is_empty();
    let explainer = rules.explainer(|rule| if is_named { arguments.only.iter().any(|name| is_called(rule, name)) } else { rule.active });
    if explainer.count() == 0 {
        bail!("there is no active MQL rule to explain");
    }
    for input in Source::new(&arguments.input) {
        match input {
            Ok(input) => {
                let message = rules.parse(&input.bytes);
                print(&explainer, is_named, &input, &message, output)?;
            }
            Err(unread) => {
                status = status.max(Status::Unread);
                output.complain(&format!("{}: {}", unread.source, unread.reason));
            }
        }
    }
    Ok(status)
}

fn print(explainer: &Explainer<'_>, is_named: bool, input: &Input, message: &Message, output: &mut Output) -> Result<()> {
    if !output.is_text() {
        return explainer.explain(message, |explanation| output.value(&explanation.json(&input.source)));
    }
    let mut all = Vec::new();
    explainer.explain(message, |explanation| {
        all.push(explanation);
        anyhow::Ok(())
    })?;
    output.text(&summary::message(&input.source, message, &all, is_named))
}

/// Is this what people call the rule?
fn is_called(rule: &Rule, name: &str) -> bool {
    let file = rule.path.rsplit('/').next().unwrap_or(&rule.path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    rule.name.eq_ignore_ascii_case(name) || rule.id.as_deref() == Some(name) || [rule.path.as_str(), file, stem].contains(&name)
}

fn check_name(name: &str, rules: &RuleSet) -> Result<()> {
    if rules.rules().iter().any(|compiled| is_called(&compiled.rule, name)) {
        return Ok(());
    }
    match nearest(name, rules.rules().iter().map(|compiled| compiled.rule.name.as_str())) {
        Some(near) => bail!("--rule: no rule that compiles is called `{name}`; did you mean `{near}`?"),
        None => bail!("--rule: no rule that compiles is called `{name}`; give a name, an id, a path or the name of a file"),
    }
}
