//! Rule files (rule-format.md): what a rule says of itself, its MQL, and where that MQL stands in the file.

use crate::yaml::{self, Kind, Node};
use mailhound_mql::{Code, nearest};
use saphyr_parser::ScalarStyle;
use std::collections::HashSet;
use std::fmt;

/// What a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleType {
    /// Detection: a match flags the message.
    Rule,
    /// Data-loss discovery: reported, flags nothing.
    Dlp,
    /// Insight: its value is shown.
    Query,
    /// Automation.
    TriageRule,
    /// A match takes the message out of detection.
    Exclusion,
}

impl RuleType {
    const ALL: [(&str, RuleType); 5] = [
        ("rule", RuleType::Rule),
        ("dlp", RuleType::Dlp),
        ("query", RuleType::Query),
        ("triage_rule", RuleType::TriageRule),
        ("exclusion", RuleType::Exclusion),
    ];

    /// The type of this name in rule files.
    pub fn parse(text: &str) -> Option<RuleType> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
    }

    /// The name in rule files.
    pub fn text(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("rule", |(name, _)| name)
    }
}

/// How bad a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the field's standard scale
pub enum Severity {
    Informational,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// All, from the least.
    pub const ALL: [(&str, Severity); 5] = [
        ("informational", Severity::Informational),
        ("low", Severity::Low),
        ("medium", Severity::Medium),
        ("high", Severity::High),
        ("critical", Severity::Critical),
    ];

    /// The severity of this name.
    pub fn parse(text: &str) -> Option<Severity> {
        Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, severity)| *severity)
    }

    /// Its name.
    pub fn text(self) -> &'static str {
        Self::ALL.iter().find(|(_, severity)| *severity == self).map_or("medium", |(name, _)| name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What a rule says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable identifier; often absent.
    pub id: Option<String>,
    /// Name for people; not unique.
    pub name: String,
    /// What it is for.
    pub kind: RuleType,
    /// How bad a match is; absent for automations and exclusions.
    pub severity: Option<Severity>,
    /// What it finds and why, several paragraphs.
    pub description: Option<String>,
    /// False when the rule is installed switched off.
    pub active: bool,
    /// The file, as it was given.
    pub path: String,
}

/// A finding about a rule file, at a place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// What can be done.
    pub help: Option<String>,
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in the file in characters, from 1.
    pub column: usize,
    /// Line and column behind the last character.
    pub end: (usize, usize),
}

/// The MQL of a rule file, and where it stands in it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The MQL.
    pub text: String,
    /// Line of the file (from 1) on which the first line of `text` stands.
    pub first_line: usize,
    /// How it is written.
    pub(crate) style: Style,
    /// Characters before the text on each of its lines.
    indents: Vec<usize>,
    /// The bytes at which the lines of `text` begin.
    starts: Vec<usize>,
}

/// How the MQL is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A literal block, `|`: its lines are the lines of the text.
    Block,
    /// On the one line of its key; the columns are where the value begins and ends.
    Line { start: usize, end: usize },
    /// Anything else: folded, quoted over several lines, inside braces. Places in it are only those of its beginning.
    Other,
}

impl Source {
    /// Line and column in the file of byte `offset` of the text. Exact for blocks and for one-line sources without escapes.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        if self.style == Style::Other {
            return (self.first_line, self.indents.first().copied().unwrap_or(0) + 1);
        }
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        (self.first_line + line, before.chars().count() + 1 + self.indents.get(line).copied().unwrap_or(0))
    }

    /// Where the value of `source` stands in the file.
    fn locate(file: &str, key: &Node, value: &Node) -> Source {
        let text = value.text().unwrap_or_default().to_owned();
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(idx, _)| idx + 1)).collect();
        let Kind::Scalar { style, .. } = value.kind else {
            return Source { text, first_line: value.line, style: Style::Other, indents: Vec::new(), starts };
        };
        if style == ScalarStyle::Literal {
            let first_line = header_line(file, key) + 1;
            let lines = file.lines().skip(first_line - 1);
            let indent = |(text, line): (&str, &str)| line.chars().count().saturating_sub(text.chars().count());
            let indents = text.lines().zip(lines).map(indent).collect();
            return Source { text, first_line, style: Style::Block, indents, starts };
        }
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let indents = vec![value.column - 1 + usize::from(quoted)];
        let one_line = key.column == 1 && key.line == value.line && value.line == value.end.0 && style != ScalarStyle::Folded;
        let style = if one_line { Style::Line { start: value.column, end: value.end.1 } } else { Style::Other };
        Source { text, first_line: value.line, style, indents, starts }
    }
}

/// The line (from 1) with the `|` of a literal block: that of the key, or the next.
fn header_line(file: &str, key: &Node) -> usize {
    let on_key =
        file.lines().nth(key.line - 1).is_some_and(|line| line.split_once(':').is_some_and(|(_, rest)| rest.trim_start().starts_with('|')));
    if on_key { key.line } else { key.line + 1 }
}

/// What a rule file holds.
pub struct RuleFile {
    /// What the rule says of itself; `None` when the file is not a rule.
    pub rule: Option<(Rule, Source)>,
    /// What is wrong with the file.
    pub findings: Vec<Finding>,
}

/// Keys of rule files, for the checks of their values.
const SEVERITIES: &str = "informational, low, medium, high or critical";

/// Reads a rule file; `path` is used in results as it is.
pub fn read(path: &str, file: &str) -> RuleFile {
    let mut findings = Vec::new();
    let rule = match yaml::read(file.trim_start_matches('\u{feff}')) {
        Ok(root) => rule(path, file, &root, &mut findings),
        Err(fault) => {
            findings.push(finding(Code::BadRuleFile, format!("this is not YAML: {}", fault.message), fault.line, fault.column));
            None
        }
    };
    RuleFile { rule, findings }
}

/// The MQL of a rule file; `None` when it is no rule.
pub fn source(path: &str, file: &str) -> Option<String> {
    read(path, file).rule.map(|(_, source)| source.text)
}

fn finding(code: Code, message: impl Into<String>, line: usize, column: usize) -> Finding {
    Finding { code, message: message.into(), help: None, line, column, end: (line, column) }
}

fn at(code: Code, node: &Node, message: impl Into<String>) -> Finding {
    finding(code, message, node.line, node.column)
}

fn rule(path: &str, file: &str, root: &Node, findings: &mut Vec<Finding>) -> Option<(Rule, Source)> {
    let Some(entries) = root.entries() else {
        findings.push(at(Code::BadRuleFile, root, "a rule file is a mapping with the keys `name`, `type` and `source`"));
        return None;
    };
    let mut keys = HashSet::new();
    for (key, _) in entries {
        if !keys.insert(key.text()) {
            let name = key.text().unwrap_or_default();
            findings.push(at(Code::BadRuleFile, key, format!("the key `{name}` stands here twice")));
            return None;
        }
    }
    let entry = |key: &str| entries.iter().find(|(name, _)| name.text() == Some(key));
    let text = |key: &str| entry(key).and_then(|(_, value)| value.text()).filter(|text| !text.is_empty());
    let Some((source_key, source)) = entry("source") else {
        let mut missing = at(Code::BadRuleFile, root, "this file has no `source`, so it is no rule");
        missing.help = nearest("source", entries.iter().filter_map(|(key, _)| key.text())).map(|near| format!("is `{near}` meant?"));
        findings.push(missing);
        return None;
    };
    if source.text().is_none() {
        findings.push(at(Code::BadRuleFile, source, "`source` must be MQL text"));
        return None;
    }
    let kind = match text("type") {
        Some(kind) => RuleType::parse(kind).or_else(|| {
            let value = entry("type").map_or(root, |(_, value)| value);
            let names = RuleType::ALL.map(|(name, _)| name).join(", ");
            findings.push(at(Code::BadRuleFile, value, format!("`{kind}` is no rule type; the types are {names}")));
            None
        })?,
        None => {
            findings.push(at(Code::OddRuleKey, root, "the rule has no `type`; it is taken as `rule`"));
            RuleType::Rule
        }
    };
    let name = text("name").map(str::to_owned).unwrap_or_else(|| {
        findings.push(at(Code::OddRuleKey, root, "the rule has no `name`; it is called by its file"));
        path.rsplit('/').next().unwrap_or(path).to_owned()
    });
    let rule = Rule {
        id: text("id").map(str::to_owned),
        name,
        kind,
        severity: severity(entry("severity").map(|(_, value)| value), findings),
        description: text("description").map(|text| text.trim_end().to_owned()),
        active: !text("active").is_some_and(|text| text.eq_ignore_ascii_case("false")),
        path: path.to_owned(),
    };
    Some((rule, Source::locate(file, source_key, source)))
}

fn severity(value: Option<&Node>, findings: &mut Vec<Finding>) -> Option<Severity> {
    let value = value.filter(|value| !value.is_null())?;
    let severity = value.text().and_then(Severity::parse);
    if severity.is_none() {
        let shown = value.text().unwrap_or("this");
        findings.push(at(Code::OddRuleKey, value, format!("`{shown}` is no severity; it is {SEVERITIES}")));
    }
    severity
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(file: &str) -> Vec<&'static str> {
        read("r.yml", file).findings.iter().map(|finding| finding.code.text()).collect()
    }

    #[test]
    fn places_are_places_in_the_file() {
        let file = "name: \"n\"\ntype: rule\nsource: |\n\n  a\n  and bé\n";
        let (_, source) = read("r.yml", file).rule.unwrap();
        assert_eq!(source.text, "\na\nand bé\n");
        assert_eq!(source.place(1), (5, 3));
        assert_eq!(source.place(7), (6, 7));
        let (_, source) = read("r.yml", "name: n\ntype: query\nsource: \"headers.mailer\"\n").rule.unwrap();
        assert_eq!(source.place(8), (3, 18));
    }

    #[test]
    fn a_boolean_source_is_its_text() {
        let (_, source) = read("r.yml", "name: n\ntype: triage_rule\nsource: true\n").rule.unwrap();
        assert_eq!(source.text, "true");
    }

    #[test]
    fn crlf_files_are_read() {
        let (_, source) = read("r.yml", "name: n\r\ntype: rule\r\nsource: |\r\n  a\r\n  and b\r\n").rule.unwrap();
        assert_eq!(source.text, "a\nand b\n");
        assert_eq!(source.place(6), (5, 7));
    }

    #[test]
    fn what_is_no_rule_is_said() {
        assert_eq!(codes("a: [1"), ["MQL216"]);
        assert_eq!(codes("just text"), ["MQL216"]);
        assert_eq!(codes("name: n\ntype: rule\n"), ["MQL216"]);
        assert_eq!(codes("name: n\ntype: rul\nsource: true\n"), ["MQL216"]);
        assert_eq!(codes("source: true\nseverity: bad\n"), ["MQL304", "MQL304", "MQL304"]);
    }
}
