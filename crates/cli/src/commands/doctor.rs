//! `mailhound doctor`: what this installation can and cannot do.

use crate::Status;
use crate::arguments::Doctor;
use crate::config::{self, Config};
use crate::output::{Output, style};
use anyhow::Result;
use mailhound_engine::starter;
use mailhound_functions::library;
use mailhound_value::capability::{self, Capability, State};
use serde_json::json;

/// Runs the command.
pub fn run(arguments: &Doctor, output: &mut Output) -> Result<Status> {
    let config = config::load(arguments.config.as_deref())?;
    let place = config.path.as_ref().map_or("none found".to_owned(), |path| path.display().to_string());
    let keys = config.dkim_keys.as_ref().map_or("none".to_owned(), |(path, keys)| format!("{} in {}", keys.len(), path.display()));
    if output.is_text() {
        let rules = starter::mql().count() + starter::yara().count();
        output.text(&format!(
            "mailhound {}\n  configuration: {place}\n  starter rule files: {rules}\n  functions: {}\n  lists: {} built in\n  keys of DKIM and ARC: {keys}\n\n",
            env!("CARGO_PKG_VERSION"),
            library().all().len(),
            mailhound_engine::lists::built_in_names().len(),
        ))?;
    }
    for capability in capability::ALL {
        let state = state(capability, &config);
        let functions: Vec<&str> = library().all().iter().filter(|it| it.needs.contains(&capability.name)).map(|it| it.name).collect();
        if output.is_text() {
            output.text(&text(capability, state, &functions))?;
        } else {
            let how = if state == "available" { "" } else { capability.how };
            output.value(&json!({
                "capability": capability.name, "state": state, "about": capability.about.trim(), "how": how, "functions": functions,
            }))?;
        }
    }
    Ok(Status::Done)
}

/// `available`, `off` (by the configuration) or `absent`.
fn state(capability: &Capability, config: &Config) -> &'static str {
    match capability.state {
        _ if config.off.iter().any(|name| name == capability.name) => "off",
        _ if capability.name == capability::DNS && !config.allows("dns") => "off",
        _ if capability.name == capability::DKIM_KEYS && config.dkim_keys.is_none() => "off",
        State::BuiltIn | State::Configured => "available",
        State::NotBuilt => "absent",
    }
}

fn text(capability: &Capability, state: &str, functions: &[&str]) -> String {
    let look = if state == "available" { style::GOOD } else { style::DOUBT };
    let dim = style::DIM;
    let mut text = format!("{look}{state:<9}{look:#} {:<11} {}\n", capability.name, capability.about.trim());
    if state != "available" {
        text.push_str(&format!("                      {dim}{}{dim:#}\n", capability.how));
    }
    if !functions.is_empty() {
        text.push_str(&format!("                      {dim}used by {}{dim:#}\n", functions.join(", ")));
    }
    text
}
