//! Rule files (rule-format.md): what a rule says of itself, its MQL, and where that MQL stands in the file.

use crate::yaml::{self, Kind, Node};
use mailhound_mql::{Code, line_column, nearest};
use saphyr_parser::ScalarStyle;
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
    /// Characters before the text on each of its lines; one entry for each line of `text`.
    indents: Vec<usize>,
    /// True for a literal block, which can be rewritten line by line.
    pub(crate) block: bool,
}

impl Source {
    /// Line and column in the file of byte `offset` of the text.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let (line, column) = line_column(&self.text, offset);
        (self.first_line + line - 1, column + self.indents.get(line - 1).copied().unwrap_or(0))
    }

    /// Where the value of `source` stands in the file.
    fn locate(file: &str, key: &Node, value: &Node) -> Source {
        let text = value.text().unwrap_or_default().to_owned();
        let block = matches!(value.kind, Kind::Scalar { style: ScalarStyle::Literal, .. });
        let quoted = matches!(value.kind, Kind::Scalar { style: ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, .. });
        if !block {
            let indents = vec![value.column - 1 + usize::from(quoted)];
            return Source { text, first_line: value.line, indents, block };
        }
        let first_line = key.line + 1;
        let lines = file.lines().skip(first_line - 1);
        let indents = text.lines().zip(lines).map(|(text, line)| line.chars().count().saturating_sub(text.chars().count())).collect();
        Source { text, first_line, indents, block }
    }
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
        active: text("active") != Some("false"),
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
