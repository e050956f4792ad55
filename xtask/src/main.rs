//! Development tasks: `cargo xtask check` (what CI runs), `cargo xtask corpus`, `cargo xtask bench`.
#![allow(clippy::print_stdout)] // a command-line tool

mod bench;
mod check;
mod corpus;
mod docs;
mod equal;
mod seeds;

use anyhow::{Result, bail};
use std::path::PathBuf;

const USAGE: &str = "cargo xtask check        format, lints, documents, corpus checks, tests: what CI runs
cargo xtask corpus [--verbose]   the corpus checks, against ../shared
cargo xtask docs [--check]       the documents that are made from definitions
cargo xtask bench [model|rules|growth|memory]  throughput, growth and memory over the corpus, for docs/performance.md
cargo xtask bench peers    rspamd beside us, where it is installed
cargo xtask equal [feed|generated]  the plan against the plain evaluator: all messages, and a million generated pairs
cargo xtask seeds        fuzz/corpus, cut from the corpus: what the fuzz targets begin with";

/// Messages are read into many small pieces; this allocator hands them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["check"] => check::run(),
        ["corpus"] => corpus::run(false),
        ["corpus", "--verbose"] => corpus::run(true),
        ["docs"] => docs::run(false),
        ["docs", "--check"] => docs::run(true),
        ["bench"] => bench::run(None),
        ["bench", part @ ("model" | "rules" | "growth" | "memory" | "peers")] => bench::run(Some(part)),
        ["bench", "memory", kind] => bench::memory_of(kind),
        ["equal"] => equal::run(None),
        ["equal", part @ ("feed" | "generated")] => equal::run(Some(part)),
        ["seeds"] => seeds::run(),
        _ => bail!("usage:\n{USAGE}"),
    }
}

/// All files below a folder, by name.
fn corpus_files(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, PathBuf::from)
}

/// The shared material beside the repository; `None` where it is not there.
fn shared() -> Option<PathBuf> {
    let shared = root().parent()?.join("shared");
    shared.is_dir().then_some(shared)
}
