//! `mailhound`: detection rules over mail, from the command line. The contract that scripts rely on is docs/cli.md.

mod arguments;
mod commands;
mod config;
mod input;
mod output;
mod rules;

use arguments::{Arguments, Command, Format};
use clap::Parser;
use output::Output;
use std::process::ExitCode;

/// What a run ended with; when several apply, the highest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Status {
    /// Everything was done.
    Done = 0,
    /// There is a finding at or above the asked severity, or an error in the checked rules.
    Found = 1,
    /// Wrong usage, unreadable configuration or rules.
    Usage = 2,
    /// Some inputs could not be read; the others were processed.
    Unread = 3,
}

/// Messages are read into many small pieces; this allocator hands them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new(arguments.color, arguments.format);
    let status = match run(&arguments.command, &mut output) {
        Ok(status) => output.finish().map(|()| status),
        Err(error) => Err(error),
    };
    match status {
        Ok(status) => ExitCode::from(status as u8),
        // Whoever read the output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output.abandon();
            output.complain(&format!("error: {error:#}"));
            ExitCode::from(Status::Usage as u8)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(command: &Command, output: &mut Output) -> anyhow::Result<Status> {
    if output.format() == Format::Sarif && !matches!(command, Command::Check(_)) {
        anyhow::bail!("only `check` has findings with a place in a file for --format sarif; use --format json or jsonl here");
    }
    match command {
        Command::Scan(arguments) => commands::scan::run(arguments, output),
        Command::Eval(arguments) => commands::eval::run(arguments, output),
        Command::Explain(arguments) => commands::explain::run(arguments, output),
        Command::Mdm(arguments) => commands::mdm::run(arguments, output),
        Command::Explode(arguments) => commands::explode::run(arguments, output),
        Command::Yara(arguments) => commands::yara::run(arguments, output),
        Command::Check(arguments) => commands::check::run(arguments, output),
        Command::Fmt(arguments) => commands::fmt::run(arguments, output),
        Command::Functions(arguments) => commands::functions::run(arguments, output),
        Command::Schema => commands::schema::run(output),
        Command::Doctor(arguments) => commands::doctor::run(arguments, output),
    }
}
