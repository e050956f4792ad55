//! What is said of a message: each rule in one line, and the reasons and trees of those that matter.

use super::tree::{place, tree, value};
use crate::output::{shown, style, thousands};
use mailhound_engine::{Decision, Explanation, Severity};
use mailhound_message::Message;
use mailhound_mql::walk::{Lacking, Outcome, Place};
use std::fmt::Write;

/// So many rules have their trees shown even when they are not named.
const FEW: usize = 3;

/// Rules of one kind of decision that have a line without being named.
const LINES: usize = 20;

/// Characters of a condition in a reason, and of a list.
const CONDITION: usize = 140;
const LIST: usize = 60;

/// All explanations of one message: matches, then what is open, then what did not match, the closest first.
pub fn message(source: &str, message: &Message, all: &[Explanation<'_>], is_named: bool) -> String {
    let (bold, dim) = (style::BOLD, style::DIM);
    let subject = message.subject.subject.as_deref().map_or("(no subject)".to_owned(), |subject| format!("“{}”", shown(subject)));
    let mut text = format!("{bold}{}{bold:#}  {dim}{subject}{dim:#}\n", shown(source));
    let is_whole = is_named || all.len() <= FEW;
    let mut order: Vec<&Explanation<'_>> = all.iter().collect();
    order.sort_by_key(|it| (group(it), it.miss.as_ref().map_or(0, |miss| miss.weight)));
    let mut lines = [0; 3];
    for it in order {
        let group = group(it);
        lines[group] += 1;
        if is_whole || group == 0 {
            head(it, &mut text);
            reasons(it, &mut text);
            tree(it, &mut text);
        } else if lines[group] <= LINES {
            head(it, &mut text);
        }
    }
    let more = |count: usize| count.saturating_sub(LINES);
    if !is_whole && lines.iter().skip(1).any(|count| more(*count) > 0) {
        let (open, missed) = (thousands(more(lines[1])), thousands(more(lines[2])));
        let _ =
            writeln!(text, "{dim}… {open} more undetermined, {missed} more that do not match; name one with --rule for its tree{dim:#}");
    }
    text
}

fn group(explanation: &Explanation<'_>) -> usize {
    match explanation.decision {
        Decision::Match(_) => 0,
        Decision::Undetermined(_) => 1,
        Decision::NoMatch => 2,
    }
}

fn head(it: &Explanation<'_>, text: &mut String) {
    let (mark, word, look) = match it.decision {
        Decision::Match(_) => ("●", "match", style::BAD),
        Decision::Undetermined(_) => ("◐", "undetermined", style::DOUBT),
        Decision::NoMatch => ("○", "no match", style::GOOD),
    };
    let dim = style::DIM;
    let severity = it.rule.severity.map_or(String::new(), |severity: Severity| format!(" {severity}"));
    let short = match (&it.decision, &it.miss) {
        (Decision::Undetermined(needs), _) => format!("  needs {}", shown(&needs.join(", "))),
        (Decision::NoMatch, Some(miss)) => format!("  missed by {}", conditions(miss.count)),
        _ => String::new(),
    };
    let (name, path) = (shown(&it.rule.name), shown(&it.rule.path));
    let _ = writeln!(text, "{look}{mark} {word}{look:#}{severity}  {name}  {dim}{path}{dim:#}{short}");
}

fn conditions(count: usize) -> String {
    if count == 1 { "1 condition".to_owned() } else { format!("{} conditions", thousands(count)) }
}

/// Why the rule does not match, what it is open for, or the value of a query.
fn reasons(it: &Explanation<'_>, text: &mut String) {
    if let Decision::Match(Some(found)) = &it.decision {
        let _ = writeln!(text, "    value: {}", value(found, None));
    }
    if let Some(miss) = it.miss.as_ref().filter(|miss| miss.count > 0) {
        let _ = writeln!(text, "    closest miss, {}:", conditions(miss.count));
        miss.lacking.iter().for_each(|lacking| lack(it, lacking, text));
        let more = miss.count - miss.lacking.len();
        if more > 0 {
            let _ = writeln!(text, "      … {} more", thousands(more));
        }
        if miss.is_partial {
            let _ = writeln!(text, "      there may be more: not everything was looked at");
        }
    }
    let open = it.open();
    if !open.is_empty() {
        let _ = writeln!(text, "    open:");
    }
    for open in &open {
        let needs = open.answer.missing().map_or(String::new(), ToString::to_string);
        condition(it, open.seen.span, &format!("needs {}", shown(&needs)), text);
        ways(it, &open.way, text);
    }
}

fn condition(it: &Explanation<'_>, span: mailhound_mql::Span, what: &str, text: &mut String) {
    let (dim, doubt) = (style::DIM, style::DOUBT);
    let mql = shown(&it.mql(span, CONDITION));
    let _ = writeln!(text, "      {dim}{}{dim:#}  {mql}  {doubt}{what}{doubt:#}", shown(&place(it, span)));
}

fn lack(it: &Explanation<'_>, lacking: &Lacking, text: &mut String) {
    let leaf = &lacking.leaf;
    let was = match leaf.answer.outcome() {
        _ if leaf.is_empty_loop => "has no item to go over".to_owned(),
        Some(outcome) => format!("is {}", outcome.text()),
        None => format!("needs {}", leaf.answer.missing().map_or(String::new(), ToString::to_string)),
    };
    let wish = if leaf.wanted || leaf.answer.outcome() == Some(Outcome::True) { "" } else { " and should be false" };
    condition(it, leaf.span, &format!("{}{wish}", shown(&was)), text);
    ways(it, &lacking.way, text);
    for (span, found) in &leaf.values {
        let _ = writeln!(text, "        {} = {}", shown(&it.mql(*span, CONDITION)), value(&found.json, found.length));
    }
}

/// The items of the loops around a condition.
fn ways(it: &Explanation<'_>, way: &[Place], text: &mut String) {
    for place in way {
        let item = place.item.as_ref().map_or(String::new(), |item| format!(": {}", value(&item.json, item.length)));
        let _ = writeln!(text, "        in {}[{}]{item}", shown(&it.mql(place.list, LIST)), place.index);
    }
}
