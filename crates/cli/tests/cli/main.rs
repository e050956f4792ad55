//! The program as its users see it: arguments and files in, output streams and exit status out. The contract is docs/cli.md.

mod support;

mod check;
mod configuration;
mod containers;
mod eval;
mod explain;
mod fmt;
mod hostile;
mod inputs;
mod models;
mod reference;
mod scan;
mod streams;
mod verdicts;
mod verify;
mod yara;
