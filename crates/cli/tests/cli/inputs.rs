//! What can be given as a message, what is said of the rest, and that the run goes on.

use crate::support::{Folder, Ran, message};
use serde_json::{Value, json};

/// The sources of all messages that the inputs give.
#[track_caller]
fn sources(ran: &Ran) -> Vec<String> {
    ran.values().iter().map(|row| row["source"].as_str().expect("each object has it").to_owned()).collect()
}

fn eval<'a>(inputs: &[&'a str]) -> Vec<&'a str> {
    [&["--format", "jsonl", "eval", "-e", "subject.subject"], inputs].concat()
}

fn mailbox(subjects: &[&str]) -> String {
    let one = |subject: &&str| format!("From a@b.example Mon Mar  2 10:00:00 2026\n{}\n", message(subject).replace("\r\n", "\n"));
    subjects.iter().map(one).collect()
}

#[test]
fn source_is_the_path_as_it_was_given() {
    let folder = Folder::new();
    folder.write("in/b/2.eml", message("Two")).write("in/a.eml", message("One")).write("in/notes.json", "{}");
    assert_eq!(sources(&folder.run(&eval(&["in"]))), ["in/a.eml", "in/b/2.eml"]);
    assert_eq!(sources(&folder.run(&eval(&["./in/"]))), ["./in/a.eml", "./in/b/2.eml"]);
    assert_eq!(sources(&folder.run(&eval(&["in/b/../a.eml"]))), ["in/b/../a.eml"]);
    let full = folder.path().join("in/a.eml").display().to_string();
    assert_eq!(sources(&folder.run(&eval(&[&full]))), [full.as_str()]);
}

#[test]
fn messages_of_a_mailbox_are_counted_from_one() {
    let folder = Folder::new();
    folder.write("in/many.mbox", mailbox(&["One", "Two"])).write("in/plain", mailbox(&["Three"]));
    let ran = folder.run(&eval(&["in"]));
    assert_eq!(sources(&ran), ["in/many.mbox > 1", "in/many.mbox > 2", "in/plain > 1"]);
    assert_eq!(ran.values()[1]["value"], "Two");
}

#[test]
fn standard_input_is_a_minus() {
    let folder = Folder::new();
    assert_eq!(sources(&folder.run_on(&eval(&["-"]), message("One"))), ["-"]);
    assert_eq!(sources(&folder.run_on(&eval(&["-"]), mailbox(&["One", "Two"]))), ["- > 1", "- > 2"]);
}

#[test]
fn output_follows_the_order_of_the_inputs() {
    let folder = Folder::new();
    for name in ["c.eml", "a.eml", "b.eml"] {
        folder.write(name, message(name));
    }
    let ran = folder.run(&["--format", "jsonl", "scan", "--jobs", "3", "c.eml", "a.eml", "b.eml"]);
    assert_eq!(sources(&ran), ["c.eml", "a.eml", "b.eml"]);
}

/// A bad input between two good ones, for each command that reads messages: named with these words, status 3, the others processed.
#[track_caller]
fn refused(folder: &Folder, input: &str, said: &[&str]) {
    folder.write("good1.eml", message("One")).write("good2.eml", message("Two"));
    for command in [&["scan"][..], &["eval", "-e", "true"], &["mdm"]] {
        let ran = folder.run(&[&["--format", "jsonl"], command, &["good1.eml", input, "good2.eml"]].concat());
        ran.complains(3, said).complains(3, &[&format!("{input}: ")]);
        assert_eq!(ran.values().len(), 2, "{command:?}: {ran:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    refused(&Folder::new(), "missing.eml", &["cannot be read", "No such file"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("circle", folder.path().join("circle")).expect("links can be made");
    refused(&folder, "circle", &["cannot be read"]);
}

#[test]
fn a_folder_without_messages_is_named() {
    let folder = Folder::new();
    folder.write("none/a.json", "{}").write("none/b.bin", [0u8; 100]);
    refused(&folder, "none", &["none of the 2 files", ".eml"]);
    std::fs::create_dir(folder.path().join("empty")).expect("it is new");
    refused(&folder, "empty", &["the folder is empty"]);
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_not_followed_and_told() {
    let folder = Folder::new();
    folder.write("in/a.eml", message("One")).write("out/b.eml", message("Two"));
    std::fs::create_dir(folder.path().join("links")).expect("it is new");
    for link in ["in/b.eml", "links/1.eml", "links/2.eml"] {
        std::os::unix::fs::symlink("../out/b.eml", folder.path().join(link)).expect("links can be made");
    }
    let ran = folder.run(&eval(&["in"]));
    assert_eq!(sources(&ran), ["in/a.eml"]);
    ran.complains(3, &["in: 1 link in it is not followed"]);
    refused(&folder, "links", &["2 links in it are not followed"]);
    let ran = folder.run(&eval(&["in/b.eml"]));
    assert_eq!((sources(&ran), ran.status), (vec!["in/b.eml".to_owned()], 0), "a link that is named is read");
}

#[test]
fn an_mmdf_mailbox_is_named() {
    let folder = Folder::new();
    let edge = "\u{1}\u{1}\u{1}\u{1}\n";
    folder.write("mmdf", format!("{edge}{}{edge}", message("One")));
    refused(&folder, "mmdf", &["MMDF mailboxes cannot be read"]);
    folder.write("in/mmdf", format!("{edge}{}{edge}", message("One"))).write("in/a.eml", message("Two"));
    folder.run(&eval(&["in"])).complains(3, &["in/mmdf: MMDF mailboxes cannot be read"]);
}

#[test]
fn an_outlook_file_is_a_message() {
    use mailhound_objects::compound::{Builder, ROOT, Version};
    let mut msg = Builder::new(Version::V3, [0; 16]);
    msg.stream(ROOT, "__properties_version1.0", vec![0; 32]);
    msg.stream(ROOT, "__substg1.0_0037001E", b"From Outlook".to_vec());
    msg.stream(ROOT, "__substg1.0_1000001E", vec![b'x'; 50_000]);
    let msg = msg.finish();
    let name: Vec<u8> = "__properties".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!msg[..16 << 10].windows(name.len()).any(|window| window == name), "nothing in its first bytes tells what it is");
    let folder = Folder::new();
    folder
        .write("in/a.msg", &msg)
        .write("in/b", &msg)
        .write("in/b.doc", &msg)
        .write("in/c.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on");
    let ran = folder.run(&eval(&["in"]));
    assert_eq!(sources(&ran), ["in/a.msg", "in/b", "in/b.doc"]);
    assert!(ran.values().iter().all(|row| row["value"] == "From Outlook"), "{ran:?}");
    assert_eq!(folder.jsonl(&["mdm", "in/a.msg"])[0]["subject"]["subject"], "From Outlook");
    assert_eq!(folder.jsonl(&["scan", "in/c.doc"])[0]["errors"].as_array().map(Vec::len), Some(1), "it is no message");
}

#[test]
fn an_empty_file_is_read() {
    let folder = Folder::new();
    folder.write("empty.eml", "");
    let row = folder.jsonl(&["scan", "empty.eml"]).remove(0);
    assert_eq!((&row["verdict"], &row["subject"]), (&json!("clean"), &Value::Null));
    assert_eq!(row["errors"].as_array().map(Vec::len), Some(1), "{row}");
    let model = folder.jsonl(&["mdm", "empty.eml"]).remove(0);
    assert_eq!((&model["sender"], &model["attachments"]), (&Value::Null, &json!([])));
    assert_eq!(folder.jsonl(&["explode", "empty.eml"])[0][0]["size"], 0);
    assert_eq!(sources(&folder.run(&eval(&["-"]))), ["-"], "so is an empty standard input");
}

#[test]
fn bytes_that_are_no_utf8_are_read() {
    let folder = Folder::new();
    folder.write("a.eml", [&b"From: a@b.example\r\nSubject: caf\xe9 \xff\xfe\r\n\r\n"[..], &[0xff; 200], &[0; 50]].concat());
    let ran = folder.run(&["--format", "jsonl", "scan", "a.eml"]);
    assert_eq!((ran.status, &ran.values()[0]["sender"]), (0, &json!("a@b.example")));
    assert_eq!(folder.run(&["mdm", "a.eml"]).status, 0);
}
