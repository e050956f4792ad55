//! `mailhound fmt`: the MQL of rule files in canonical form.

use crate::Status;
use crate::arguments::Fmt;
use crate::output::{Output, shown, thousands};
use crate::rules::{self, Language};
use anyhow::{Context, Result};
use mailhound_engine::{Rewritten, rewrite};
use serde_json::json;
use std::path::Path;

/// Runs the command.
pub fn run(arguments: &Fmt, output: &mut Output) -> Result<Status> {
    let (files, unread) = rules::load(&arguments.rules, output)?;
    let mut status = if unread > 0 { Status::Usage } else { Status::Done };
    let mut changed = 0;
    for file in files.iter().filter(|file| file.language == Language::Mql) {
        let rewritten = match file.text() {
            Ok(text) => rewrite(&file.path, text),
            Err(reason) => Rewritten::Broken(vec![reason]),
        };
        let is_changed = matches!(rewritten, Rewritten::Changed(_));
        match rewritten {
            Rewritten::Unchanged => {}
            Rewritten::Changed(text) if !arguments.check => replace(&file.path, &text)?,
            Rewritten::Changed(_) => status = status.max(Status::Found),
            Rewritten::Broken(faults) => {
                status = Status::Usage;
                for fault in faults {
                    output.complain(&format!("{}:{fault}", file.path));
                }
            }
        }
        changed += usize::from(is_changed);
        if !output.is_text() {
            output.value(&json!({"path": file.path, "changed": is_changed}))?;
        } else if is_changed {
            output.text(&format!("{} {}\n", if arguments.check { "would change" } else { "changed" }, shown(&file.path)))?;
        }
    }
    if output.is_text() {
        let word = if arguments.check { "would change" } else { "changed" };
        output.text(&format!("{} of {} rules {word}\n", thousands(changed), thousands(files.len())))?;
    }
    Ok(status)
}

/// Writes beside the file and renames, so that a rule file is never half written.
fn replace(path: &str, text: &str) -> Result<()> {
    let target = Path::new(path);
    let temporary = target.with_extension("mailhound-fmt");
    let written = std::fs::write(&temporary, text).and_then(|()| {
        std::fs::set_permissions(&temporary, std::fs::metadata(target)?.permissions())?;
        std::fs::rename(&temporary, target)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary); // the error that is returned says more
    }
    written.with_context(|| format!("cannot write {path}"))
}
