//! Documents that are made from definitions: functions, model, limits, diagnostics.

use anyhow::{Result, bail};
use mailhound_functions::{library, reference};
use mailhound_message::Message;
use mailhound_mql::Code;
use mailhound_value::{Limits, Shape, Type, capability, fixed};
use std::fmt::Write;

/// Name and content of each document.
fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("docs/functions.md", functions()),
        ("docs/model.md", model()),
        ("docs/limits.md", limits()),
        ("docs/diagnostics.md", diagnostics()),
    ]
}

/// Writes the documents; with `check` only says whether they are up to date.
pub fn run(check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (name, text) in documents() {
        let path = crate::root().join(name);
        if std::fs::read_to_string(&path).ok().as_ref() == Some(&text) {
            continue;
        }
        stale.push(name);
        if !check {
            std::fs::write(&path, text)?;
        }
    }
    if check && !stale.is_empty() {
        bail!("{} out of date: run `cargo xtask docs`", stale.join(", "));
    }
    println!("{} documents, {} {}", documents().len(), stale.len(), if check { "stale" } else { "written" });
    Ok(())
}

const HEAD: &str = "<!-- Made by `cargo xtask docs`; edit the definitions instead. -->\n\n";

fn functions() -> String {
    let mut text =
        format!("{HEAD}# Functions\n\nWhat rules can call. The examples run as tests, on the message `crates/functions/src/sample.eml`.\n");
    text.push_str("A function with *needs* answers `Unavailable` where the capability is not there (see [limits and needs](limits.md)).\n");
    for function in library().all() {
        let _ = write!(text, "\n## {}\n\n```text\n{}\n```\n\n{}\n\n", function.name, reference::signature(function), function.about);
        for param in function.params {
            let _ = writeln!(text, "- `{}`: {}", param.name, param.about);
        }
        if !function.needs.is_empty() {
            let _ = writeln!(text, "- needs: {}", function.needs.join(", "));
        }
        text.push_str("\n```text\n");
        for example in function.examples {
            let _ = writeln!(text, "{}\n    = {}", example.expr, example.value);
        }
        text.push_str("```\n");
    }
    text
}

fn model() -> String {
    let mut text = format!(
        "{HEAD}# The message data model\n\nEvery object and field that rules read, as `mailhound mdm` prints them; `mailhound schema` gives the JSON Schema.\n"
    );
    let mut shapes = vec![Message::SHAPE];
    let mut idx = 0;
    while let Some(shape) = shapes.get(idx).copied() {
        section(shape, &mut text, &mut shapes);
        idx += 1;
    }
    text
}

fn section(shape: &'static Shape, text: &mut String, shapes: &mut Vec<&'static Shape>) {
    let _ =
        write!(text, "\n## {}\n\n{}\n\n| field | type | null | meaning |\n| --- | --- | --- | --- |\n", shape.name, one_line(shape.about));
    for field in shape.fields {
        let null = if field.nullable { "yes" } else { "no" };
        let _ = writeln!(text, "| `{}` | {} | {null} | {} |", field.name, field.ty, one_line(field.about).replace('|', "\\|"));
        let mut ty = field.ty;
        while let Type::List(inner) | Type::Map(inner) = ty {
            ty = *inner;
        }
        if let Type::Object(inner) = ty
            && !shapes.contains(&inner)
        {
            shapes.push(inner);
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn limits() -> String {
    let mut text = format!(
        "{HEAD}# Limits and needs\n\nBounds on work over hostile input. Where one is hit, what depends on the rest is unavailable with the need `limit NAME`.\n\n"
    );
    text.push_str("| limit | default | counts |\n| --- | --: | --- |\n");
    for (name, value, about) in Limits::default().table() {
        let _ = writeln!(text, "| `{name}` | {value} | {} |", about.trim());
    }
    text.push_str("\nFixed for everybody:\n\n| limit | value | counts |\n| --- | --: | --- |\n");
    for limit in fixed::ALL {
        let _ = writeln!(text, "| `{}` | {} | {} |", limit.name, limit.value, limit.about.trim());
    }
    text.push_str("\n## Needs\n\nWhat a rule can wait for; `mailhound doctor` says what is there. Besides these: `list NAME` for a list that is not there, `limit NAME`, `failure: …`.\n\n");
    text.push_str("| need | gives | how to get it |\n| --- | --- | --- |\n");
    for capability in capability::ALL {
        let _ = writeln!(text, "| `{}` | {} | {} |", capability.name, capability.about.trim(), capability.how);
    }
    text
}

fn diagnostics() -> String {
    let mut text =
        format!("{HEAD}# Diagnostics\n\nWhat `mailhound check` says about rules. A code is used for one thing and never reused.\n\n");
    text.push_str("| code | severity | about |\n| --- | --- | --- |\n");
    for code in Code::ALL {
        let _ = writeln!(text, "| {} | {} | {} |", code.text(), code.severity(), code.about().trim());
    }
    text
}
