//! What the model costs beside bare parsing: the same messages, read in turn by the mail-parser library, by us with every field read, and
//! by us with only what a rule about headers reads.

use super::median;
use anyhow::Result;
use mailhound_message::{Options, parse};
use mailhound_value::{Eval, ToValue, Value};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

/// Rounds of a measurement; the first warms up.
const ROUNDS: usize = 8;

/// A way to read a message, and what it is called in the table.
type Reader = (&'static str, fn(&[u8]));

const READERS: &[Reader] = &[
    ("(a) mail-parser alone", |bytes| {
        black_box(mail_parser::MessageParser::default().parse(bytes));
    }),
    ("(b) model, every field read", |bytes| {
        black_box(touch(parse(bytes, &Options::default()).to_value()));
    }),
    ("(c) model, header fields read", |bytes| {
        let message = parse(bytes, &Options::default());
        black_box(touch(message.headers.to_value()) + touch(message.sender.to_value()) + touch(message.subject.to_value()));
    }),
];

/// Prints the table for the phishing messages of the corpus.
pub fn run(shared: &Path) -> Result<()> {
    let messages = super::messages(shared, &["phishing"])?;
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); READERS.len()];
    for _ in 0..ROUNDS {
        for ((_, read), times) in READERS.iter().zip(&mut times) {
            let started = Instant::now();
            messages.iter().for_each(|message| read(message));
            times.push(started.elapsed());
        }
    }
    let rates: Vec<f64> = times.iter_mut().map(|times| messages.len() as f64 / median(&mut times[1..]).as_secs_f64()).collect();
    println!("| {} messages, one core, median of {} rounds in turn | messages/s | part of (a) |", messages.len(), ROUNDS - 1);
    println!("| --- | --: | --: |");
    for ((name, _), rate) in READERS.iter().zip(&rates) {
        println!("| {name} | {rate:.0} | 1/{:.1} |", rates[0] / rate);
    }
    println!();
    Ok(())
}

/// Reads everything below a value; gives the number of values.
fn touch(value: Eval<'_>) -> usize {
    let Ok(value) = value else { return 1 };
    1 + match value {
        Value::Object(object) => (0..object.shape().fields.len()).map(|field| touch(object.field(field))).sum(),
        Value::List(list) => list.iter().map(touch).sum(),
        Value::Map(map) => map.iter().map(|(_, value)| touch(value)).sum(),
        _ => 0,
    }
}
