//! `mailhound mdm`: the message data model, and with `--verify` which signatures hold.

use crate::Status;
use crate::arguments::Mdm;
use crate::config::{self, Config};
use crate::input::Source;
use crate::output::Output;
use anyhow::Result;
use mailhound_engine::Builder;
use mailhound_enrich::signatures::{Dns, Resolve, Verification, Verifier};
use mailhound_message::is_outlook;
use mailhound_value::{ToValue, to_json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs the command.
pub fn run(arguments: &Mdm, output: &mut Output) -> Result<Status> {
    let mut config = config::load(arguments.config.as_deref())?;
    let verifier = arguments.verify.then(|| verifier(&mut config, output));
    let reader = Builder::new(config.settings).build();
    let mut status = Status::Done;
    for input in Source::new(&arguments.input) {
        match input {
            Ok(input) => {
                let mut model = to_json(reader.parse(&input.bytes).to_value(), &mut Vec::new());
                if let (Some(verifier), Some(model)) = (&verifier, model.as_object_mut()) {
                    let verification = match is_outlook(&input.bytes) {
                        true => Verification::unavailable("an Outlook file does not keep the bytes that were signed"),
                        false => verifier.verify(&input.bytes, now()),
                    };
                    model.insert("_verification".to_owned(), serde_json::to_value(verification)?);
                }
                output.value(&model)?;
            }
            Err(unread) => {
                status = Status::Unread;
                output.complain(&format!("{}: {}", unread.source, unread.reason));
            }
        }
    }
    Ok(status)
}

/// A verifier with the keys of the configuration; a client of DNS is made only where DNS is allowed.
fn verifier(config: &mut Config, output: &mut Output) -> Verifier {
    if config.dkim_keys.is_none() && !config.allows("dns") {
        output.complain(
            "note: --verify has no keys, so only changed bodies and broken signatures are told; name a file of keys, \
             [dkim] keys = \"FILE\", or allow DNS, [network] allow = [\"dns\"]",
        );
    }
    let dns = config.allows("dns").then(|| Box::new(Dns::system()) as Box<dyn Resolve>);
    Verifier::new(config.dkim_keys.take().map(|(_, keys)| keys).unwrap_or_default(), dns)
}

/// Seconds since 1970.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().try_into().unwrap_or(i64::MAX))
}
