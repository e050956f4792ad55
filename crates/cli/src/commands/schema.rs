//! `mailhound schema`: the JSON Schema of the message data model.

use crate::Status;
use crate::output::Output;
use anyhow::Result;

/// Runs the command.
pub fn run(output: &mut Output) -> Result<Status> {
    output.document(&mailhound_value::json_schema(mailhound_message::Message::SHAPE, "Message data model of Mailhound"))?;
    Ok(Status::Done)
}
