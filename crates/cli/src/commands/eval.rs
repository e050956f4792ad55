//! `mailhound eval`: expressions on messages.

use crate::Status;
use crate::arguments::Eval;
use crate::config;
use crate::input::{Input, Source};
use crate::output::{Output, quoted, shown, style};
use anyhow::Result;
use mailhound_engine::{Builder, RuleSet, RuleType};
use mailhound_mql::{Diagnostic, Program, line_column};
use mailhound_value::to_json;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Runs the command.
pub fn run(arguments: &Eval, output: &mut Output) -> Result<Status> {
    let config = config::load(arguments.config.as_deref())?;
    let mut builder = Builder::new(config.settings);
    let mut status = Status::Done;
    let mut programs = Vec::new();
    for expr in &arguments.expr {
        let (program, diagnostics) = builder.compile(expr, RuleType::Query);
        match program {
            Some(program) => {
                for warning in &diagnostics {
                    output.complain(&format!("warning[{}] in `{}`: {}", warning.code.text(), quoted(expr), warning.message));
                }
                programs.push((expr, program));
            }
            None => {
                status = Status::Usage;
                report_error(expr, &diagnostics, output)?;
            }
        }
    }
    let rules = builder.build();
    for input in Source::new(&arguments.input) {
        match input {
            Ok(input) => evaluate(&rules, &programs, &input, output)?,
            Err(unread) => {
                status = status.max(Status::Unread);
                output.complain(&format!("{}: {}", unread.source, unread.reason));
            }
        }
    }
    Ok(status)
}

fn report_error(expr: &str, diagnostics: &[Diagnostic], output: &mut Output) -> Result<()> {
    for fault in diagnostics.iter().filter(|fault| fault.is_error()) {
        let (line, column) = line_column(expr, fault.span.start as usize);
        if !output.is_text() {
            let error = json!({"code": fault.code.text(), "message": fault.message, "line": line, "column": column});
            return output.value(&json!({"expr": expr, "error": error}));
        }
        let help = fault.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        output.complain(&format!("`{}`:{line}:{column}: error[{}]: {}{help}", quoted(expr), fault.code.text(), fault.message));
    }
    Ok(())
}

fn evaluate(rules: &RuleSet, programs: &[(&String, Program)], input: &Input, output: &mut Output) -> Result<()> {
    let message = rules.parse(&input.bytes);
    for (expr, program) in programs {
        let (value, needs) = rules.evaluate(program, &message, |value| {
            let mut gaps = Vec::new();
            let json = to_json(value, &mut gaps);
            let needs: BTreeSet<String> = gaps.iter().flat_map(|(_, missing)| missing.needs()).map(ToString::to_string).collect();
            (json, needs)
        });
        if output.is_text() {
            output.text(&line(&input.source, expr, &value, &needs))?;
        } else {
            output.value(&json!({"source": input.source, "expr": expr, "value": value, "unavailable": needs}))?;
        }
    }
    Ok(())
}

fn line(source: &str, expr: &str, value: &Value, needs: &BTreeSet<String>) -> String {
    let (dim, doubt) = (style::DIM, style::DOUBT);
    let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
    let missing = match (needs.is_empty(), value.is_null()) {
        (true, _) => String::new(),
        (false, true) => {
            return format!("{}  {dim}{}{dim:#} = {doubt}unavailable: {}{doubt:#}\n", shown(source), shown(expr), needs.join(", "));
        }
        (false, false) => format!("  {doubt}in part unavailable: {}{doubt:#}", needs.join(", ")),
    };
    format!("{}  {dim}{}{dim:#} = {}{missing}\n", shown(source), shown(expr), shown(&value.to_string()))
}
