//! `mailhound check`: rules compiled, with what is wrong at its place in the file.

use crate::Status;
use crate::arguments::{Check, Format};
use crate::config;
use crate::output::{Output, shown, style, thousands};
use crate::rules::{self, Language, NotText, RuleFile};
use anyhow::Result;
use mailhound_engine::{Builder, Finding};
use mailhound_mql::{Code, Severity};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

/// One checked file.
struct FileCheck {
    path: String,
    rule: Option<String>,
    findings: Vec<Diagnostic>,
}

/// One finding, of MQL or YARA.
struct Diagnostic {
    code: String,
    severity: Severity,
    message: String,
    help: Option<String>,
    line: usize,
    column: usize,
    end_column: Option<usize>,
}

impl FileCheck {
    fn errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn json(&self) -> Value {
        let findings = self.findings.iter().map(|it| {
            let mut json = json!({
                "code": it.code, "severity": it.severity.to_string(), "message": it.message, "line": it.line, "column": it.column,
            });
            if let Some(help) = &it.help {
                json["help"] = help.as_str().into();
            }
            json
        });
        json!({"path": self.path, "rule": self.rule, "ok": !self.errors(), "diagnostics": findings.collect::<Vec<_>>()})
    }
}

/// Runs the command.
pub fn run(arguments: &Check, output: &mut Output) -> Result<Status> {
    let config = config::load(arguments.config.as_deref())?;
    let (files, unread) = rules::load(&arguments.rules, output)?;
    let mut builder = Builder::new(config.settings);
    let (mut errors, mut warnings) = (0, 0);
    let mut sarif = Vec::new();
    for file in &files {
        let checked_file = check(&mut builder, file);
        errors += usize::from(checked_file.errors());
        warnings += usize::from(!checked_file.errors() && !checked_file.findings.is_empty());
        match output.format() {
            Format::Text => output.text(&text(&checked_file, file))?,
            Format::Sarif => sarif.extend(checked_file.findings.iter().map(|finding| sarif_result(&checked_file.path, finding))),
            _ => output.value(&checked_file.json())?,
        }
    }
    match output.format() {
        Format::Text => {
            let ok = thousands(files.len() - errors);
            let line = format!(
                "{} rules: {ok} ok, {} with errors, {} with warnings\n",
                thousands(files.len()),
                thousands(errors),
                thousands(warnings)
            );
            output.text(&line)?;
        }
        Format::Sarif => output.document(&sarif_log(sarif))?,
        _ => {}
    }
    let found = if errors > 0 { Status::Found } else { Status::Done };
    Ok(if unread > 0 { Status::Usage } else { found })
}

fn check(builder: &mut Builder, file: &RuleFile) -> FileCheck {
    let path = file.path.clone();
    if file.language == Language::Yara {
        let findings = builder.add_yara(&path, &file.bytes).into_iter().map(|it| Diagnostic {
            code: it.problem.code,
            severity: Severity::Error,
            message: it.problem.message,
            help: None,
            line: it.problem.line.unwrap_or(1) as usize,
            column: it.problem.column.unwrap_or(1) as usize,
            end_column: None,
        });
        return FileCheck { path, rule: None, findings: findings.collect() };
    }
    match file.text() {
        Ok(text) => {
            let checked = builder.add_mql(&path, text);
            FileCheck { path, rule: checked.name, findings: checked.findings.into_iter().map(Diagnostic::from).collect() }
        }
        Err(fault) => {
            let code = Code::BadRuleFile.text().to_owned();
            let (message, help) = (NotText::MESSAGE.to_owned(), Some(NotText::HELP.to_owned()));
            let finding =
                Diagnostic { code, severity: Severity::Error, message, help, line: fault.line, column: fault.column, end_column: None };
            FileCheck { path, rule: None, findings: vec![finding] }
        }
    }
}

impl From<Finding> for Diagnostic {
    fn from(finding: Finding) -> Self {
        let end_column = (finding.end.0 == finding.line && finding.end.1 > finding.column).then_some(finding.end.1);
        Diagnostic {
            code: finding.code.text().to_owned(),
            severity: finding.code.severity(),
            message: finding.message,
            help: finding.help,
            line: finding.line,
            column: finding.column,
            end_column,
        }
    }
}

/// The findings with the line of the file and a mark under the place.
fn text(checked_file: &FileCheck, file: &RuleFile) -> String {
    let source = String::from_utf8_lossy(&file.bytes);
    let mut text = String::new();
    for it in &checked_file.findings {
        let look = if it.severity == Severity::Error { style::BAD } else { style::DOUBT };
        let (bold, dim) = (style::BOLD, style::DIM);
        text.push_str(&format!("{look}{}[{}]{look:#}: {bold}{}{bold:#}\n", it.severity, it.code, shown(&it.message)));
        text.push_str(&format!("  {dim}-->{dim:#} {}:{}:{}\n", shown(&checked_file.path), it.line, it.column));
        if let Some(line) = source.lines().nth(it.line.saturating_sub(1)).filter(|line| line.chars().count() <= 400) {
            let width = it.end_column.map_or(1, |end| end - it.column).min(120);
            let pad: String = line.chars().take(it.column.saturating_sub(1)).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            text.push_str(&format!("  {dim}|{dim:#} {}\n  {dim}|{dim:#} {pad}{look}{}{look:#}\n", shown(line), "^".repeat(width)));
        }
        if let Some(help) = &it.help {
            text.push_str(&format!("  {dim}help:{dim:#} {}\n", shown(help)));
        }
    }
    text
}

fn sarif_result(path: &str, it: &Diagnostic) -> Value {
    let mut region = json!({"startLine": it.line, "startColumn": it.column});
    if let Some(end) = it.end_column {
        region["endColumn"] = end.into();
    }
    let message = it.help.as_ref().map_or(it.message.clone(), |help| format!("{} ({help})", it.message));
    json!({
        "ruleId": it.code,
        "level": it.severity.to_string(),
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}, "region": region}}],
    })
}

/// Bytes of a path that may not stand in the path of a URI (RFC 3986 §3.3); other bytes beyond ASCII are encoded anyway.
const NO_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path as a relative reference.
fn uri(path: &str) -> String {
    utf8_percent_encode(path, NO_PATH).to_string()
}

/// A SARIF 2.1.0 log with one run.
fn sarif_log(results: Vec<Value>) -> Value {
    let rules: Vec<Value> =
        Code::ALL.iter().map(|code| json!({"id": code.text(), "shortDescription": {"text": code.about().trim()}})).collect();
    let driver = json!({"name": "mailhound", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    })
}
