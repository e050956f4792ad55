//! Why a rule says what it says of a message, and the JSON form of it (docs/cli.md).

use crate::explain::{Decision, needs};
use crate::rule::{Rule, Severity, Source};
use crate::rule_set::CompiledRule;
use mailhound_mql::Span;
use mailhound_mql::walk::{Answer, Found, Items, Lacking, Leaf, Miss, Outcome, Place, Seen, Shown};
use serde_json::{Map, Value, json};

/// One rule on one message.
pub struct Explanation<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// What it says.
    pub decision: Decision,
    /// What was seen.
    pub tree: Seen,
    /// What a rule that does not match lacks.
    pub miss: Option<Miss>,
    /// Not everything was looked at: the limit `explain.recorded`.
    pub is_cut: bool,
    source: &'r Source,
}

/// A condition for want of which a rule is undetermined.
pub struct OpenCondition<'e> {
    /// The condition.
    pub seen: &'e Seen,
    /// What it could still be, and what it needs.
    pub answer: &'e Answer,
    /// The items of the loops around it, outermost first: the list, and the item.
    pub way: Vec<Place>,
}

/// Characters of a piece of a rule in JSON.
const MQL: usize = 300;

/// Open conditions that are told.
const MAX_OPEN: usize = 20;

impl<'r> Explanation<'r> {
    pub(crate) fn new(compiled: &'r CompiledRule, decision: Decision, tree: Seen, miss: Option<Miss>, is_cut: bool) -> Self {
        let miss = miss.filter(|_| decision == Decision::NoMatch);
        Explanation { rule: &compiled.rule, decision, tree, miss, is_cut, source: &compiled.source }
    }

    /// Line and column in the rule file, from 1.
    pub fn place(&self, span: Span) -> (usize, usize) {
        self.source.place(span.start as usize)
    }

    /// A piece of the rule in one line without its comments, at most so many characters of it; `…` stands for the rest.
    pub fn mql(&self, span: Span, max: usize) -> String {
        let text = self.source.text.get(span.range()).unwrap_or_default();
        let line = one_line(text, max.saturating_add(1));
        match line.char_indices().nth(max) {
            Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
            None => line,
        }
    }

    /// The conditions that leave the rule open, in the order in which they are written; of a loop those of the first such item.
    pub fn open(&self) -> Vec<OpenCondition<'_>> {
        let mut open = Vec::new();
        if matches!(self.decision, Decision::Undetermined(_)) {
            collect_open(&self.tree, &mut Vec::new(), &mut open);
        }
        open
    }

    /// The explanation as one JSON object.
    pub fn json(&self, source: &str) -> Value {
        let Rule { id, name, kind, severity, path, .. } = self.rule;
        let rule = json!({"id": id, "name": name, "type": kind.text(), "severity": severity.map(Severity::text), "path": path});
        let mut json = Map::new();
        json.insert("source".to_owned(), source.into());
        json.insert("rule".to_owned(), rule);
        json.insert("decision".to_owned(), decision(&self.decision).into());
        match &self.decision {
            Decision::Match(value) => json.extend(value.clone().map(|value| ("value".to_owned(), value))),
            Decision::NoMatch => {
                let miss = self.miss.as_ref();
                let conditions = miss.map_or(Vec::new(), |miss| miss.lacking.iter().map(|it| self.lacking_json(it)).collect());
                json.insert("missed_by".to_owned(), miss.map(|miss| miss.count).into());
                json.insert("missed".to_owned(), conditions.into());
                if miss.is_some_and(|miss| miss.is_partial) {
                    json.insert("missed_is_partial".to_owned(), true.into());
                }
            }
            Decision::Undetermined(needs) => {
                json.insert("needs".to_owned(), needs.clone().into());
                json.insert("open".to_owned(), self.open().iter().map(|it| self.open_json(it)).collect());
            }
        }
        json.insert("tree".to_owned(), self.node(&self.tree));
        if self.is_cut {
            json.insert("cut".to_owned(), true.into());
        }
        json.into()
    }

    fn at(&self, span: Span) -> Map<String, Value> {
        let (line, column) = self.place(span);
        let mut json = Map::new();
        json.insert("mql".to_owned(), self.mql(span, MQL).into());
        json.insert("line".to_owned(), line.into());
        json.insert("column".to_owned(), column.into());
        json
    }

    fn lacking_json(&self, lacking: &Lacking) -> Value {
        let Leaf { span, wanted, answer, values, is_empty_loop } = &*lacking.leaf;
        let mut json = self.at(*span);
        json.insert("wanted".to_owned(), (*wanted).into());
        answer_json(answer, &mut json);
        let value = |(span, shown): &(Span, Shown)| {
            let mut json = self.at(*span);
            shown_json("value", Some(shown), &mut json);
            Value::from(json)
        };
        json.insert("values".to_owned(), values.iter().map(value).collect());
        if *is_empty_loop {
            json.insert("empty".to_owned(), true.into());
        }
        self.way_json(&lacking.way, &mut json);
        json.into()
    }

    fn open_json(&self, open: &OpenCondition<'_>) -> Value {
        let mut json = self.at(open.seen.span);
        answer_json(open.answer, &mut json);
        self.way_json(&open.way, &mut json);
        json.into()
    }

    fn way_json(&self, way: &[Place], json: &mut Map<String, Value>) {
        let place = |place: &Place| {
            let mut json = Map::new();
            json.insert("list".to_owned(), self.mql(place.list, MQL).into());
            json.insert("index".to_owned(), place.index.into());
            shown_json("item", place.item.as_ref(), &mut json);
            Value::from(json)
        };
        json.insert("items".to_owned(), way.iter().map(place).collect());
    }

    fn node(&self, seen: &Seen) -> Value {
        let mut json = self.at(seen.span);
        match &seen.found {
            Found::Answer(answer) => answer_json(answer, &mut json),
            Found::Value(shown) => shown_json("value", Some(shown), &mut json),
            Found::Unavailable(missing) => {
                json.insert("outcome".to_owned(), "unavailable".into());
                json.insert("needs".to_owned(), needs([missing]).into());
            }
            Found::Nothing => {}
        }
        if !seen.is_needed
            && let Some(would_be) = json.insert("outcome".to_owned(), "not needed".into())
        {
            json.insert("would_be".to_owned(), would_be);
        }
        json.extend(seen.decided_by.map(|idx| ("decided_by".to_owned(), idx.into())));
        json.extend(seen.decided_part.map(|part| ("decided_by_mql".to_owned(), self.mql(part, MQL).into())));
        json.extend(seen.items.as_ref().map(|items| ("items".to_owned(), self.items(items))));
        if !seen.operands.is_empty() {
            json.insert("operands".to_owned(), seen.operands.iter().map(|operand| self.node(operand)).collect());
        }
        if seen.hidden > 0 {
            json.insert("hidden".to_owned(), seen.hidden.into());
        }
        json.into()
    }

    fn items(&self, items: &Items) -> Value {
        let shown = items.shown.iter().map(|it| {
            let mut json = Map::new();
            json.insert("index".to_owned(), it.index.into());
            shown_json("item", it.item.as_ref(), &mut json);
            json.extend(it.body.as_ref().map(|body| ("body".to_owned(), self.node(body))));
            Value::from(json)
        });
        let [yes, no, nulls, open] = items.counts;
        json!({
            "known": items.known, "may_be_more": items.is_cut, "true": yes, "false": no, "null": nulls, "undetermined": open,
            "decided_by": items.decided_by, "shown": shown.collect::<Vec<_>>(),
        })
    }
}

/// The word for a decision.
fn decision(decision: &Decision) -> &'static str {
    match decision {
        Decision::Match(_) => "match",
        Decision::NoMatch => "no match",
        Decision::Undetermined(_) => "undetermined",
    }
}

fn answer_json(answer: &Answer, json: &mut Map<String, Value>) {
    match (answer.outcome(), answer.missing()) {
        (Some(outcome), _) => {
            json.insert("outcome".to_owned(), outcome.text().into());
        }
        (None, missing) => {
            let possible: Vec<&str> = answer.possible().map(Outcome::text).collect();
            let is_unknown = possible.len() == Outcome::ALL.len();
            json.insert("outcome".to_owned(), if is_unknown { "unavailable" } else { "undetermined" }.into());
            json.insert("possible".to_owned(), possible.into());
            json.insert("needs".to_owned(), needs(missing).into());
        }
    }
}

fn shown_json(key: &str, shown: Option<&Shown>, json: &mut Map<String, Value>) {
    json.insert(key.to_owned(), shown.map_or(Value::Null, |shown| shown.json.clone()));
    json.extend(shown.and_then(|shown| shown.length).map(|length| ("length".to_owned(), length.into())));
}

/// Adds the innermost open conditions below a node, or the node itself where there is none.
fn collect_open<'e>(seen: &'e Seen, way: &mut Vec<Place>, open: &mut Vec<OpenCondition<'e>>) {
    let Found::Answer(answer) = &seen.found else { return };
    if open.len() >= MAX_OPEN || answer.outcome().is_some() || !seen.is_needed {
        return;
    }
    let before = open.len();
    seen.operands.iter().for_each(|operand| collect_open(operand, way, open));
    let list = seen.operands.first().map_or(seen.span, |list| list.span);
    for item in seen.items.iter().flat_map(|items| &items.shown) {
        if open.len() > before {
            break;
        }
        if let Some(body) = &item.body {
            way.push(Place { list, index: item.index, item: item.item.clone() });
            collect_open(body, way, open);
            way.pop();
        }
    }
    if open.len() == before {
        open.push(OpenCondition { seen, answer, way: way.clone() });
    }
}

/// The text without comments, white space outside of strings as one space; at most so many characters.
fn one_line(text: &str, max: usize) -> String {
    let mut line = String::new();
    let (mut chars, mut left) = (text.chars().peekable(), max);
    let (mut quote, mut is_escaped, mut gap) = (None, false, false);
    while let Some(c) = chars.next() {
        match quote {
            None if c == '/' && chars.peek() == Some(&'/') => {
                gap = true;
                chars.by_ref().find(|c| *c == '\n');
                continue;
            }
            None if c.is_whitespace() => {
                gap = true;
                continue;
            }
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(end) if c == end && !is_escaped => quote = None,
            _ => {}
        }
        is_escaped = quote == Some('"') && c == '\\' && !is_escaped;
        let joins = matches!(c, ')' | ']' | ',') || line.ends_with(['(', '[']) || line.is_empty();
        if std::mem::take(&mut gap) && !joins {
            line.push(' ');
            left = left.saturating_sub(1);
        }
        if left == 0 {
            break;
        }
        line.push(c);
        left -= 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_a_rule_is_one_line_without_comments() {
        let text = "any(\n  body.links, // each // link\n  .display_text == \"a  // \\\" b\"\n  and 'c '' // d' in (\n    'x',\n  )\n)";
        assert_eq!(one_line(text, 500), "any(body.links, .display_text == \"a  // \\\" b\" and 'c '' // d' in ('x',))");
        assert_eq!(one_line(text, 7), "any(bod");
    }
}
