//! `mailhound explode`: what is inside files.

use crate::Status;
use crate::arguments::Explode;
use crate::output::{Output, shown, style, thousands};
use crate::rules::{self, Language};
use anyhow::{Result, bail};
use mailhound_files::{Exploded, Options, yara};
use mailhound_value::Limits;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(arguments: &Explode, output: &mut Output) -> Result<Status> {
    let mut status = Status::Done;
    let yara = if arguments.rules.is_empty() { None } else { Some(compile(&arguments.rules, &mut status, output)?) };
    let limits = Limits::default();
    let options = Options { limits: &limits, yara: yara.as_ref(), reads: None };
    for path in &arguments.input {
        let bytes = match read(path) {
            Ok(bytes) => bytes,
            Err(reason) => {
                status = status.max(Status::Unread);
                output.complain(&format!("{}: {reason}", path.display()));
                continue;
            }
        };
        let name = path.file_name().map(|name| name.to_string_lossy());
        let exploded = mailhound_files::explode(&bytes, name.as_deref(), &options);
        if output.is_text() { output.text(&tree(&path.display().to_string(), &exploded))? } else { output.value(&exploded.json())? }
    }
    Ok(status)
}

/// The content of a file, or why there is none.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    if path.is_dir() {
        return Err("is a folder; name the files in it".to_owned());
    }
    std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))
}

/// Compiles YARA files for commands that know no other rules; what is wrong is complained about.
pub fn compile(paths: &[PathBuf], status: &mut Status, output: &mut Output) -> Result<yara::Rules> {
    let (files, unread) = rules::load(paths, output)?;
    if unread > 0 {
        *status = Status::Usage;
    }
    let mut compiler = yara::Compiler::new();
    let mut yara_files = 0;
    for file in files.iter().filter(|file| file.language == Language::Yara) {
        yara_files += 1;
        for problem in compiler.add(&file.path, &file.bytes) {
            *status = Status::Usage;
            output.complain(&rules::yara_problem(&file.path, &problem));
        }
    }
    if yara_files == 0 {
        bail!("there are no YARA rules (.yar, .yara) among the given files");
    }
    Ok(compiler.build())
}

/// The nodes as an indented tree with the fields that are filled.
fn tree(path: &str, exploded: &Exploded) -> String {
    let (bold, dim, doubt) = (style::BOLD, style::DIM, style::DOUBT);
    let mut text = format!("{bold}{}{bold:#}\n", shown(path));
    for node in exploded.json().as_array().into_iter().flatten() {
        let depth = node.get("depth").and_then(Value::as_u64).unwrap_or(0) as usize;
        let indent = "  ".repeat(depth.min(40) + 1);
        let Some(mime) = node.pointer("/flavors/mime").and_then(Value::as_str) else {
            text.push_str(&format!("{indent}{doubt}? further files: {}{doubt:#}\n", needs(node)));
            continue;
        };
        let name = node.get("file_name").and_then(Value::as_str).map_or("(no name)".to_owned(), shown);
        let size =
            node.get("size").and_then(Value::as_u64).map_or("? bytes".to_owned(), |size| format!("{} bytes", thousands(size as usize)));
        text.push_str(&format!("{indent}{name}  {dim}{mime}, {size}{dim:#}\n"));
        let scans = node.get("scan").and_then(Value::as_object);
        let scans: Vec<&str> = scans.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        text.push_str(&format!("{indent}  {dim}scanned: {}{dim:#}\n", scans.join(", ")));
        let missing = needs(node);
        if !missing.is_empty() {
            text.push_str(&format!("{indent}  {doubt}unavailable: {missing}{doubt:#}\n"));
        }
    }
    text
}

/// The places that are unavailable in a node, with their needs.
fn needs(node: &Value) -> String {
    let places = node.get("unavailable").and_then(Value::as_object).into_iter().flatten();
    let shown_place = |(place, needs): (&String, &Value)| {
        let needs: Vec<&str> = needs.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{place} ({})", needs.join(", "))
    };
    places.map(shown_place).collect::<Vec<_>>().join(", ")
}
