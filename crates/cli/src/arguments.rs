//! The arguments of the program.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Detection rules (MQL and YARA) over mail: offline, in milliseconds, with reasons.
///
/// INPUT is a message (.eml, .msg, winmail.dat, .emlx), an mbox, a Maildir, a ZIP or tar archive of these, any of them packed by gzip, a folder
/// (walked recursively) or `-` for standard input. RULES is a rule file (.yml with MQL, .yar) or a folder of them. Exit status: 0 done; 1 a finding at
/// or above --fail-on, or errors in checked rules; 2 wrong usage, unreadable configuration or rules; 3 some inputs could not be read.
#[derive(Parser)]
#[command(name = "mailhound", version, max_term_width = 120)]
pub struct Arguments {
    /// Output for people, or for programs.
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub format: Format,
    /// Colours in text output.
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// The forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON array.
    Json,
    /// One JSON value a line.
    Jsonl,
    /// SARIF 2.1.0, for findings with a place in a file.
    Sarif,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run all rules on all messages.
    Scan(Scan),
    /// Evaluate MQL expressions on messages.
    Eval(Eval),
    /// Tell why rules did or did not match.
    Explain(Explain),
    /// Print the message data model.
    Mdm(Mdm),
    /// Print what is inside files, as `file.explode` sees it.
    Explode(Explode),
    /// Scan plain files with YARA rules.
    Yara(Yara),
    /// Compile rules and print what is wrong with them.
    Check(Check),
    /// Rewrite the MQL of rule files in canonical form.
    Fmt(Fmt),
    /// The functions that rules can call.
    Functions(Functions),
    /// The JSON Schema of the message data model.
    Schema,
    /// What this installation can and cannot do, and how to get the rest.
    Doctor(Doctor),
}

#[derive(Args)]
pub struct Scan {
    /// Rule files or folders; the built-in starter rules without any.
    #[arg(long, value_name = "RULES")]
    pub rules: Vec<PathBuf>,
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Threads; as many as there are processors without it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Say more in text output: whole descriptions, and every rule that could not be decided.
    #[arg(long)]
    pub explain: bool,
    /// Measure what each rule, function and pattern costs, and print it behind the results.
    #[arg(long)]
    pub profile: bool,
    /// A need (such as `ocr`) that makes a message undetermined when a rule waits for it.
    #[arg(long, value_name = "NEED")]
    pub require: Vec<String>,
    /// End with status 1 on a finding of at least this severity.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub fail_on: Option<mailhound_engine::Severity>,
    /// Messages, mailboxes, archives and folders of them.
    #[arg(required = true)]
    pub input: Vec<PathBuf>,
}

fn severity(text: &str) -> Result<mailhound_engine::Severity, String> {
    mailhound_engine::Severity::parse(text).ok_or_else(|| "it is one of informational, low, medium, high, critical".to_owned())
}

#[derive(Args)]
pub struct Eval {
    /// An MQL expression; write --expr=EXPR for one that begins with `-`.
    #[arg(short, long = "expr", value_name = "EXPR", required = true)]
    pub expr: Vec<String>,
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Messages, mailboxes, archives and folders of them.
    #[arg(required = true)]
    pub input: Vec<PathBuf>,
}

/// For each rule and message the tree of the rule: what each part was, with its value; which item of a list decided; for a rule that does not match the
/// closest miss, the fewest conditions that would have to be otherwise; for an undetermined one what it needs.
#[derive(Args)]
pub struct Explain {
    /// Rule files or folders; the built-in starter rules without any.
    #[arg(long, value_name = "RULES")]
    pub rules: Vec<PathBuf>,
    /// Only this rule: its name, its id, its path, or the name of its file. Text output shows the whole tree of a rule that is named, of one that
    /// matches, and where there are few; of other rules one line.
    #[arg(long = "rule", value_name = "NAME")]
    pub only: Vec<String>,
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Messages, mailboxes, archives and folders of them.
    #[arg(required = true)]
    pub input: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Mdm {
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Verify DKIM and ARC signatures and add the results to each model as `_verification`.
    ///
    /// Keys come from the file that `[dkim] keys` of the configuration names, and from DNS with `[network] allow = ["dns"]`. Results are
    /// pass; fail (changed, or another key); policy (it holds but had expired when received, is SHA-1, or has a key under 1,024 bits or
    /// over 8,192); permerror (against the standard, or no such key); temperror (no answer from DNS); unavailable (the key is not known;
    /// `needs` says what is missing). Rules see nothing of it.
    #[arg(long)]
    pub verify: bool,
    /// Messages, mailboxes, archives and folders of them.
    #[arg(required = true)]
    pub input: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Explode {
    /// YARA rules for `.scan.yara`.
    #[arg(long, value_name = "RULES")]
    pub rules: Vec<PathBuf>,
    /// Files.
    #[arg(required = true, value_name = "FILE")]
    pub input: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Yara {
    /// YARA files or folders.
    #[arg(long, value_name = "RULES", required = true)]
    pub rules: Vec<PathBuf>,
    /// Files or folders.
    #[arg(required = true, value_name = "FILE")]
    pub input: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Check {
    /// The configuration, for the names of own lists.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Rule files or folders.
    #[arg(required = true)]
    pub rules: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Fmt {
    /// Change nothing; end with status 1 when something would change.
    #[arg(long)]
    pub check: bool,
    /// Rule files or folders.
    #[arg(required = true)]
    pub rules: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Functions {
    /// One function; all without it.
    pub name: Option<String>,
}

#[derive(Args)]
pub struct Doctor {
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}
