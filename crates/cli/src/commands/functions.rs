//! `mailhound functions`: the reference of the function library.

use crate::Status;
use crate::arguments::Functions;
use crate::output::{Output, style};
use anyhow::{Result, bail};
use mailhound_functions::{library, reference};
use mailhound_mql::Function;

/// Runs the command.
pub fn run(arguments: &Functions, output: &mut Output) -> Result<Status> {
    let library = library();
    let Some(name) = &arguments.name else {
        for function in library.all() {
            if output.is_text() { output.text(&line(function))? } else { output.value(&reference::json(function))? }
        }
        return Ok(Status::Done);
    };
    match library.get(name) {
        Some(function) if output.is_text() => output.text(&page(function))?,
        Some(function) => output.value(&reference::json(function))?,
        None => match library.nearest(name) {
            Some(near) => bail!("there is no function `{name}`; did you mean `{near}`?"),
            None => bail!("there is no function `{name}`"),
        },
    }
    Ok(Status::Done)
}

fn line(function: &Function) -> String {
    let (bold, dim) = (style::BOLD, style::DIM);
    let first = function.about.split(". ").next().unwrap_or(function.about);
    format!("{bold}{}{bold:#}\n    {dim}{}{dim:#}\n", reference::signature(function), first.trim_end_matches('.'))
}

fn page(function: &Function) -> String {
    let (bold, dim) = (style::BOLD, style::DIM);
    let mut text = format!("{bold}{}{bold:#}\n\n{}\n", reference::signature(function), function.about);
    for param in function.params {
        text.push_str(&format!("\n  {bold}{}{bold:#}  {}", param.name, param.about));
    }
    if !function.needs.is_empty() {
        text.push_str(&format!("\n\nNeeds: {}", function.needs.join(", ")));
    }
    text.push_str("\n\nExamples (on the sample message):\n");
    for example in function.examples {
        text.push_str(&format!("  {}\n    {dim}= {}{dim:#}\n", example.expr, example.value));
    }
    text
}
