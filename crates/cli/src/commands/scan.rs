//! `mailhound scan`: all rules on all messages.

mod gate;
mod pipeline;
mod profile;
mod summary;
mod text;

use crate::Status;
use crate::arguments::Scan;
use crate::config;
use crate::input;
use crate::output::Output;
use crate::rules::{self, Language, NotText, RuleFile};
use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mailhound_engine::{Builder, Checked, Organization, Report, RuleSet, Settings, Severity, starter};
use mailhound_mql::nearest;
use mailhound_value::capability;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use summary::Summary;

/// Runs the command.
pub fn run(arguments: &Scan, output: &mut Output) -> Result<Status> {
    let mut config = config::load(arguments.config.as_deref())?;
    config.settings.required = required(&arguments.require)?;
    note_organization(&config.settings.organization, output);
    let (rules, mut status) = rule_set(&arguments.rules, config.settings, output)?;
    let started = Instant::now();
    let jobs = arguments.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from);
    let progress = progress_bar(arguments);
    let mut summary = Summary::default();
    let mut worst: Option<Severity> = None;
    let measured = Mutex::default();
    pipeline::run(
        &arguments.input,
        jobs,
        || profile::Worker::new(&rules, arguments.profile, &measured),
        |worker, input| worker.inspector.inspect(&input.source, &input.bytes),
        |result| {
            progress.inc(1);
            match result {
                Ok(report) => {
                    worst = worst.max(report.severity);
                    summary.add(&report);
                    progress.suspend(|| print(&report, arguments.explain, output))
                }
                Err(unread) => {
                    status = status.max(Status::Unread);
                    progress.suspend(|| output.complain(&format!("{}: {}", unread.source, unread.reason)));
                    Ok(())
                }
            }
        },
    )?;
    progress.finish_and_clear();
    if output.is_text() {
        output.text(&summary.text(started.elapsed()))?;
    }
    if arguments.profile {
        let measured = measured.into_inner().unwrap_or_else(PoisonError::into_inner);
        if output.is_text() { output.text(&profile::text(&measured, &rules))? } else { output.value(&profile::json(&measured, &rules))? }
    }
    if arguments.fail_on.is_some_and(|limit| worst >= Some(limit)) {
        status = status.max(Status::Found);
    }
    Ok(status)
}

/// Needs as reports name them: a capability, or `list NAME`.
fn required(names: &[String]) -> Result<BTreeSet<String>> {
    let known = || capability::ALL.iter().map(|capability| capability.name);
    let is_known = |name: &str| capability::find(name).is_some() || name.starts_with("list ");
    if let Some(name) = names.iter().find(|name| !is_known(name)) {
        match nearest(name, known()) {
            Some(near) => bail!("--require: there is no need `{name}`; did you mean `{near}`?"),
            None => {
                bail!("--require: there is no need `{name}`; the needs are {}, or \"list NAME\"", known().collect::<Vec<_>>().join(", "))
            }
        }
    }
    Ok(names.iter().cloned().collect())
}

fn print(report: &Report, explain: bool, output: &mut Output) -> Result<()> {
    if output.is_text() { output.text(&text::report(report, explain)) } else { output.value(&report.json()) }
}

/// A bar on a terminal, for runs that last.
fn progress_bar(arguments: &Scan) -> ProgressBar {
    let total = input::estimate(&arguments.input);
    if total < 100 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr_with_hz(8));
    let look = ProgressStyle::with_template("{bar:30} {pos}/{len} messages, {per_sec}, {eta} left");
    bar.with_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Says once what is not known of the organisation.
pub fn note_organization(organization: &Organization, output: &mut Output) {
    match organization {
        Organization { domains, .. } if !domains.is_empty() => {}
        Organization { display_names, vips, .. } if display_names.is_empty() && vips.is_empty() => {
            output.complain("note: no [organization] is configured: every message counts as inbound, the $org_* lists are empty");
        }
        _ => output.complain("note: [organization] names no domains: every message counts as inbound, $org_domains is empty"),
    }
}

/// The rules of these paths, the starter rules without any. What is wrong with them is named, and then the status says so.
pub fn rule_set(paths: &[PathBuf], settings: Settings, output: &mut Output) -> Result<(RuleSet, Status)> {
    let mut builder = Builder::new(settings);
    let mut status = Status::Done;
    if paths.is_empty() {
        let files: Vec<_> = starter::mql().collect();
        builder.add_all(&files.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>());
        for (path, source) in starter::yara() {
            builder.add_yara(&path, source);
        }
        return Ok((builder.build(), status));
    }
    let (files, unread) = rules::load(paths, output)?;
    let mql = |file: &&RuleFile| file.language == Language::Mql;
    let texts: Vec<_> = files.iter().filter(mql).filter_map(|file| Some((file.path.as_str(), file.text().ok()?))).collect();
    let mut checked = builder.add_all(&texts).into_iter();
    let mut broken = unread;
    for file in &files {
        let is_ok = match (file.language, file.text()) {
            (Language::Yara, _) => add_yara(&mut builder, file, output),
            (Language::Mql, Ok(_)) => checked.next().is_none_or(|checked| told(&checked, output)),
            (Language::Mql, Err(fault)) => not_text(&file.path, &fault, output),
        };
        broken += usize::from(!is_ok);
    }
    if broken > 0 {
        status = Status::Usage;
        let plural = if broken == 1 { "file has" } else { "files have" };
        output.complain(&format!("{broken} rule {plural} errors; the other rules run"));
    }
    Ok((builder.build(), status))
}

/// Adds a YARA file; false when it has errors, which are then named.
fn add_yara(builder: &mut Builder, file: &RuleFile, output: &mut Output) -> bool {
    let problems = builder.add_yara(&file.path, &file.bytes);
    for it in &problems {
        output.complain(&rules::yara_problem(&file.path, &it.problem));
    }
    problems.is_empty()
}

/// Says that a rule file is no text; false.
fn not_text(path: &str, fault: &NotText, output: &mut Output) -> bool {
    let code = mailhound_mql::Code::BadRuleFile.text();
    output.complain(&format!("{path}:{}:{}: error[{code}]: {fault}", fault.line, fault.column));
    false
}

/// Names the errors of a rule file; false when there are some.
fn told(checked: &Checked, output: &mut Output) -> bool {
    for finding in checked.findings.iter().filter(|finding| finding.code.severity() == mailhound_mql::Severity::Error) {
        let help = finding.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        let (path, code) = (&checked.path, finding.code.text());
        output.complain(&format!("{path}:{}:{}: error[{code}]: {}{help}", finding.line, finding.column, finding.message));
    }
    checked.is_ok()
}
