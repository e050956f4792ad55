//! `mailhound fmt`: the MQL of rule files in canonical form.

use crate::Status;
use crate::arguments::Fmt;
use crate::output::{Output, shown, thousands};
use crate::rules::{self, Language, RuleFile};
use anyhow::Result;
use mailhound_engine::{Rewritten, rewrite};
use serde_json::json;
use std::io;

/// Runs the command.
pub fn run(arguments: &Fmt, output: &mut Output) -> Result<Status> {
    let (files, unread) = rules::load(&arguments.rules, output)?;
    let mut status = if unread > 0 { Status::Usage } else { Status::Done };
    let (mut seen, mut changed) = (0, 0);
    for file in files.iter().filter(|file| file.language == Language::Mql) {
        seen += 1;
        let mut is_changed = false;
        match rewritten(file) {
            Rewritten::Unchanged => {}
            Rewritten::Changed(_) if arguments.check => {
                is_changed = true;
                status = status.max(Status::Found);
            }
            Rewritten::Changed(text) => match replace(&file.path, &text) {
                Ok(()) => is_changed = true,
                Err(error) => {
                    status = Status::Usage;
                    output.complain(&format!("{}: cannot be written: {error}", file.path));
                }
            },
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
        output.text(&format!("{} of {} rules {word}\n", thousands(changed), thousands(seen)))?;
    }
    Ok(status)
}

/// The new text of a rule file.
fn rewritten(file: &RuleFile) -> Rewritten {
    match file.text() {
        Ok(text) => rewrite(&file.path, text),
        Err(fault) => Rewritten::Broken(vec![format!("{}:{}: {fault}", fault.line, fault.column)]),
    }
}

/// Writes beside the file and renames, so that a rule file is never half written. A link stays a link.
fn replace(path: &str, text: &str) -> io::Result<()> {
    let target = std::fs::canonicalize(path)?;
    let temporary = target.with_extension("mailhound-fmt");
    let written = std::fs::write(&temporary, text).and_then(|()| {
        std::fs::set_permissions(&temporary, std::fs::metadata(&target)?.permissions())?;
        std::fs::rename(&temporary, &target)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary); // the error that is returned says more
    }
    written
}
