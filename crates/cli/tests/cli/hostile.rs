//! Messages made to exhaust or to crash: each is reported, with what was cut, and the messages beside it are processed.

use crate::support::{Folder, head, message, rule, with_attachments};
use serde_json::{Value, json};

/// Scans a hostile message before a harmless one, with the starter rules and these; the object of the first comes back.
#[track_caller]
fn scan(mail: &str, rules: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("bad.eml", mail).write("good.eml", message("Good"));
    for (idx, source) in rules.iter().enumerate() {
        folder.write(&format!("rules/{idx}.yml"), rule("rule", "high", source));
    }
    let chosen: &[&str] = if rules.is_empty() { &[] } else { &["--rules", "rules"] };
    let mut rows = folder.jsonl(&[&["scan", "--jobs", "2"], chosen, &["bad.eml", "good.eml"]].concat());
    assert_eq!((rows.len(), &rows[1]["subject"]), (2, &json!("Good")));
    assert_eq!(folder.run(&["--format", "jsonl", "mdm", "bad.eml"]).values().len(), 1);
    assert_eq!(folder.run(&["--format", "jsonl", "explode", "bad.eml"]).values().len(), 1);
    rows.remove(0)
}

#[track_caller]
fn says(row: &Value, text: &str) {
    let errors = row["errors"].to_string();
    assert!(errors.contains(text), "no `{text}` in {errors}");
}

#[test]
fn a_message_of_a_hundred_megabytes_is_read() {
    let line = "see https://a.example/path and some more words on this line\r\n";
    let text = line.repeat(100_000_000 / line.len());
    let row =
        scan(&format!("{}Content-Type: text/plain\r\n\r\n{text}", head("Big")), &["strings.icontains(body.plain.raw, \"more words\")"]);
    says(&row, "limit message.text");
    assert_eq!((&row["subject"], &row["verdict"]), (&json!("Big"), &json!("flagged")));
}

#[test]
fn ten_thousand_nested_parts_are_cut() {
    let mut mail = format!("{}Content-Type: multipart/mixed; boundary=b0\r\n\r\n", head("Deep"));
    for depth in 0..10_000 {
        mail.push_str(&format!("--b{depth}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", depth + 1));
    }
    says(&scan(&format!("{mail}--b10000\r\nContent-Type: text/plain\r\n\r\nhi\r\n"), &[]), "limit message.depth");
}

#[test]
fn ten_thousand_messages_in_messages_are_cut() {
    let mail = format!("{}Content-Type: message/rfc822\r\n\r\n", head("Deep")).repeat(10_000);
    assert_eq!(scan(&format!("{mail}\r\nhi"), &[])["subject"], "Deep");
}

#[test]
fn too_many_parts_are_cut() {
    let parts: String =
        (0..10_050).map(|part| format!("--b\r\nContent-Disposition: attachment; filename={part}.txt\r\n\r\nx\r\n")).collect();
    let mail = format!("{}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n", head("Wide"));
    says(&scan(&mail, &["any(attachments, .file_name == \"9000.txt\")"]), "limit message.parts");
}

/// A message that lies in itself, this many levels deep; the innermost has the subject `Level 0`.
fn in_itself(levels: usize) -> String {
    (1..=levels).fold(message("Level 0"), |inner, level| {
        with_attachments(&format!("Level {level}"), &[("message/rfc822", "copy.eml", inner.as_bytes())])
            .replace("edge", &format!("edge-{level}-"))
    })
}

/// True when a message `levels` below the message has this subject, as a rule says it.
fn subject_at(levels: usize, subject: &str) -> String {
    let innermost = format!(".subject.subject == \"{subject}\"");
    let rule = (1..levels).fold(innermost, |inner, _| format!("any(.attachments, any([file.parse_eml(.)], {inner}))"));
    format!("any(attachments, any([file.parse_eml(.)], {rule}))")
}

#[test]
fn a_message_in_itself_ten_levels_deep_is_searched() {
    let mail = in_itself(10);
    assert_eq!(scan(&mail, &[&subject_at(10, "Level 0")])["verdict"], "flagged");
    assert_eq!(scan(&mail, &[&subject_at(10, "Level 1")])["verdict"], "clean");
}

#[test]
fn a_long_header_is_read() {
    let mail = format!("X-Long: {}\r\n{}\r\nhi", "a ".repeat(2_000_000), head("Long"));
    assert_eq!(scan(&mail, &[])["subject"], "Long");
    let mail = format!("{}{}\r\nhi", "X-Many: 1\r\n".repeat(4_000), head("Many"));
    assert_eq!(scan(&mail, &[])["subject"], "Many");
}

#[test]
fn deep_html_is_read() {
    let html = format!("{}<a href=\"https://a.example\">x</a>{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let mail = format!("{}Content-Type: text/html\r\n\r\n{html}", head("Html"));
    assert_eq!(scan(&mail, &[])["subject"], "Html");
}
