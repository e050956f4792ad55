//! What goes to which stream, in which form and colour.

use crate::support::{Folder, finish, message, rule};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

const ESCAPE: char = '\u{1b}';

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("in/1.eml", message("One")).write("in/2.eml", message("Two"));
    folder.write("r.yml", rule("rule", "high", r#"subject.subject == "One""#));
    folder
}

#[test]
fn json_is_one_array_and_nothing_else_is_on_standard_output() {
    for args in [
        &["scan", "--rules", "r.yml", "in", "missing.eml"][..],
        &["eval", "-e", "subject.subject", "-e", "no.such", "in", "missing.eml"],
        &["mdm", "in", "missing.eml"],
        &["explode", "in/1.eml", "missing.eml"],
        &["check", "r.yml"],
        &["fmt", "--check", "r.yml"],
        &["functions"],
        &["doctor"],
    ] {
        let ran = folder().run(&[&["--format", "json"], args].concat());
        let value: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {ran:?}"));
        assert!(value.as_array().is_some_and(|items| !items.is_empty()), "{args:?}: {value}");
    }
}

#[test]
fn json_of_nothing_is_an_empty_array() {
    let ran = folder().run(&["--format", "json", "mdm", "missing.eml"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("[]\n", 3));
}

#[test]
fn a_run_that_breaks_off_leaves_no_half_json() {
    let ran = folder().run(&["--format", "json", "mdm", "--config", "missing.toml", "in"]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", 2));
}

#[test]
fn notes_and_complaints_go_to_standard_error() {
    let ran = folder().run(&["scan", "--rules", "r.yml", "in", "missing.eml"]);
    ran.complains(3, &["note: no [organization]", "missing.eml: cannot be read"]);
    assert!(!ran.stdout.contains("note:") && !ran.stdout.contains("missing.eml"), "{ran:?}");
    assert_eq!(ran.stderr.matches("[organization]").count(), 1, "said once: {ran:?}");
}

#[test]
fn there_is_no_progress_bar_without_a_terminal() {
    let folder = Folder::new();
    for number in 0..150 {
        folder.write(&format!("in/{number}.eml"), message("x"));
    }
    let ran = folder.run(&["--format", "jsonl", "scan", "--rules", "in/../r.yml", "in"]);
    ran.complains(2, &[]);
    folder.write("r.yml", rule("rule", "low", "false"));
    let ran = folder.run(&["--format", "jsonl", "scan", "--rules", "r.yml", "in"]);
    assert_eq!((ran.values().len(), ran.stderr.lines().count()), (150, 1), "{}", ran.stderr);
}

#[test]
fn sarif_is_refused_where_findings_have_no_place() {
    let ran = folder().run(&["--format", "sarif", "scan", "--rules", "r.yml", "in"]);
    ran.complains(2, &["sarif", "--format json"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn colours_are_for_terminals_or_when_asked() {
    let folder = folder();
    let colours = |args: &[&str], no_color: bool| {
        let mut command = folder.command(&[args, &["scan", "--rules", "r.yml", "in"]].concat());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        finish(&mut command).stdout.contains(ESCAPE)
    };
    assert!(!colours(&[], false), "a pipe is no terminal");
    assert!(colours(&["--color", "always"], false));
    assert!(!colours(&["--color", "never"], false));
    assert!(!colours(&["--color", "auto"], true));
    assert!(!colours(&["--color", "always", "--format", "jsonl"], false), "JSON has no colours");
}

#[test]
fn text_of_a_message_cannot_control_the_terminal() {
    let folder = Folder::new();
    folder.write("a.eml", message("a\u{1b}]0;owned\u{7}b")).write("r.yml", rule("rule", "high", "true"));
    let ran = folder.run(&["--color", "always", "scan", "--rules", "r.yml", "a.eml", "no\u{1b}]0;owned\u{7}.eml"]);
    assert_eq!(ran.status, 3);
    assert!(!ran.stdout.contains("\u{1b}]") && !ran.stderr.contains("\u{1b}]"), "{ran:?}");
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let folder = Folder::new();
    let mailbox: String =
        (0..3000).map(|number| format!("From a@b.example Mon Mar  2 10:00:00 2026\n{}\n", message(&format!("{number}")))).collect();
    folder.write("many.mbox", mailbox.replace("\r\n", "\n")).write("r.yml", rule("rule", "high", "true"));
    for args in
        [&["--format", "jsonl", "scan", "--rules", "r.yml", "many.mbox"][..], &["mdm", "many.mbox"], &["eval", "-e", "body", "many.mbox"]]
    {
        let mut child = folder.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("it is a pipe")).read_line(&mut first).expect("a line comes");
        let output = child.wait_with_output().expect("the program ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!first.is_empty() && output.status.success(), "{args:?}: {stderr}");
        assert!(!stderr.contains("error") && !stderr.contains("panic"), "{args:?}: {stderr}");
    }
}

#[test]
fn a_closed_pipe_ends_the_reading_too() {
    let folder = Folder::new();
    folder.write("r.yml", rule("rule", "high", "true"));
    let mut command = folder.command(&["--format", "jsonl", "scan", "--rules", "r.yml", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    // A mailbox without end: the writer stops only when the program does.
    let writer =
        std::thread::spawn(
            move || while stdin.write_all(b"From a@b.example Mon Mar  2 10:00:00 2026\nFrom: a@b.example\n\nhi\n\n").is_ok() {},
        );
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("it is a pipe")).read_line(&mut first).expect("a line comes");
    assert!(child.wait().expect("the program ends").success());
    writer.join().expect("the pipe is closed");
}

#[test]
fn wrong_usage_ends_with_two() {
    for args in [&[][..], &["scna", "in"], &["scan"], &["scan", "--fail-on", "bad", "in"], &["scan", "--jobs", "0", "in"], &["eval", "in"]]
    {
        let ran = folder().run(args);
        assert_eq!(ran.status, 2, "{args:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(!ran.stderr.is_empty());
    }
}
