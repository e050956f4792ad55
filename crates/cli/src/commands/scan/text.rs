//! A report as an analyst reads it.

use crate::output::{shown, style, thousands};
use mailhound_engine::{Match, Report, RuleType, Severity, Verdict};
use std::fmt::Write;

/// Columns of running text.
const WIDTH: usize = 110;

/// The report; `explain` shows whole descriptions and every rule that could not be decided.
pub fn report(report: &Report, explain: bool) -> String {
    let mut text = String::new();
    head(report, &mut text);
    let mut matches: Vec<&Match> = report.matches.iter().filter(|it| !is_insight(it)).collect();
    matches.sort_by_key(|it| std::cmp::Reverse(severity(it)));
    for it in matches {
        one_match(it, explain, &mut text);
    }
    if report.verdict != Verdict::Clean || explain {
        insights(report, &mut text);
    }
    for rule in &report.excluded_by {
        line(&mut text, &format!("excluded by {} ({})", shown(&rule.name), shown(&rule.path)));
    }
    for error in &report.errors {
        line(&mut text, &format!("could not read: {}", shown(error)));
    }
    if report.verdict != Verdict::Clean || explain {
        undecided(report, explain, &mut text);
    }
    text
}

fn is_insight(it: &Match) -> bool {
    matches!(it, Match::Mql { kind: RuleType::Query, .. })
}

/// The severity by which matches are ordered: what flags stands before what does not.
fn severity(it: &Match) -> (bool, Option<Severity>) {
    match it {
        Match::Mql { kind, severity, .. } => (*kind == RuleType::Rule, *severity),
        Match::Yara { rule, .. } => (true, Some(rule.severity)),
    }
}

/// Characters of an insight's value that are shown.
const VALUE_WIDTH: usize = 80;

/// The values of insights, one line each.
fn insights(report: &Report, text: &mut String) {
    let dim = style::DIM;
    for it in &report.matches {
        if let Match::Mql { rule, kind: RuleType::Query, value, .. } = it {
            let value = value.as_ref().map_or(String::new(), |value| shown(&value.to_string()));
            let cut: String = value.chars().take(VALUE_WIDTH).collect();
            let more = if cut.len() < value.len() { "…" } else { "" };
            let _ = writeln!(text, "  {dim}{}: {cut}{more}{dim:#}", shown(&rule.name));
        }
    }
}

fn head(report: &Report, text: &mut String) {
    let (mark, look) = match report.verdict {
        Verdict::Flagged => ("●", style::BAD),
        Verdict::Undetermined => ("◐", style::DOUBT),
        Verdict::Clean => ("○", style::GOOD),
    };
    let severity = report.severity.map_or(String::new(), |severity| format!(" {severity}"));
    let _ = write!(text, "{look}{mark} {}{severity}{look:#}", report.verdict.text());
    if report.coverage.rules > 0 {
        let (decided, rules) = (thousands(report.coverage.decided), thousands(report.coverage.rules));
        let _ = write!(text, ", {decided} of {rules} rules decided");
    }
    let bold = style::BOLD;
    let _ = writeln!(text, "  {bold}{}{bold:#}", shown(&report.source));
    let subject = report.subject.as_deref().map_or("(no subject)".to_owned(), |subject| format!("“{}”", shown(subject)));
    let sender = report.sender.as_deref().map_or("(no sender)".to_owned(), shown);
    let dim = style::DIM;
    let _ = writeln!(text, "  {dim}{subject} from {sender}{dim:#}");
}

fn severity_word(severity: Option<Severity>) -> String {
    let look = match severity {
        Some(Severity::Critical | Severity::High) => style::BAD,
        Some(Severity::Medium) => style::DOUBT,
        _ => style::DIM,
    };
    format!("{look}{:<8}{look:#}", severity.map_or("–", Severity::text))
}

fn one_match(it: &Match, explain: bool, text: &mut String) {
    let dim = style::DIM;
    match it {
        Match::Mql { rule, kind, severity, about, .. } => {
            let tag = if *kind == RuleType::Rule { String::new() } else { format!("[{}] ", kind.text()) };
            let _ = writeln!(text, "  {} {tag}{}  {dim}{}{dim:#}", severity_word(*severity), shown(&rule.name), shown(&rule.path));
            if let Some(about) = about.as_deref().filter(|_| *kind == RuleType::Rule || explain) {
                paragraph(about, "           ", if explain { usize::MAX } else { 2 }, text);
            }
        }
        Match::Yara { rule, part } => {
            let _ = writeln!(
                text,
                "  {} YARA {} in {}  {dim}{}{dim:#}",
                severity_word(Some(rule.severity)),
                shown(&rule.name),
                shown(part),
                shown(&rule.path)
            );
            if let Some(about) = rule.meta.get("description").and_then(|it| it.as_str()) {
                paragraph(about, "           ", 2, text);
            }
        }
    }
}

/// Running text, broken into lines; at most `max` of them.
fn paragraph(about: &str, indent: &str, max: usize, text: &mut String) {
    let mut lines: Vec<String> = vec![String::new()];
    for word in about.split_whitespace() {
        let last = lines.last_mut().expect("never empty");
        if !last.is_empty() && last.chars().count() + word.chars().count() + indent.len() >= WIDTH {
            lines.push(shown(word));
        } else {
            let gap = if last.is_empty() { "" } else { " " };
            let _ = write!(last, "{gap}{}", shown(word));
        }
    }
    let cut = lines.len() > max;
    lines.truncate(max);
    for (idx, it) in lines.iter().enumerate() {
        let more = if cut && idx + 1 == max { " …" } else { "" };
        let _ = writeln!(text, "{indent}{it}{more}");
    }
}

fn line(text: &mut String, what: &str) {
    let _ = writeln!(text, "  {what}");
}

/// What could not be decided, and what it would take.
fn undecided(report: &Report, explain: bool, text: &mut String) {
    let coverage = &report.coverage;
    let open = coverage.rules - coverage.decided;
    if open == 0 {
        return;
    }
    let mut needs: Vec<_> = coverage.needs.iter().collect();
    needs.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
    let needs: Vec<String> = needs.iter().map(|(name, count)| format!("{name} ({})", thousands(**count))).collect();
    line(text, &format!("{} rules undecided; they need {}", thousands(open), needs.join(", ")));
    if explain {
        for it in &report.undetermined {
            line(text, &format!("  ? {}: {}", shown(&it.rule.name), it.needs.join(", ")));
        }
    }
}
