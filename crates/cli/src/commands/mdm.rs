//! `mailhound mdm`: the message data model.

use crate::Status;
use crate::arguments::Mdm;
use crate::config;
use crate::input::Source;
use crate::output::Output;
use anyhow::Result;
use mailhound_engine::Builder;
use mailhound_value::{ToValue, to_json};

/// Runs the command.
pub fn run(arguments: &Mdm, output: &mut Output) -> Result<Status> {
    let config = config::load(arguments.config.as_deref())?;
    let reader = Builder::new(config.settings).build();
    let mut status = Status::Done;
    for input in Source::new(&arguments.input) {
        match input {
            Ok(input) => output.value(&to_json(reader.parse(&input.bytes).to_value(), &mut Vec::new()))?,
            Err(unread) => {
                status = Status::Unread;
                output.complain(&format!("{}: {}", unread.source, unread.reason));
            }
        }
    }
    Ok(status)
}
