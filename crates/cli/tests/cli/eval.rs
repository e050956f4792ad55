//! Expressions on messages.

use crate::support::{Folder, message};
use serde_json::{Value, json};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.eml", message("One")).write("b.eml", message("Two"));
    folder
}

#[test]
fn there_is_one_object_for_each_message_and_expression() {
    let rows = folder().jsonl(&["eval", "-e", "subject.subject", "-e", "1 == 1", "a.eml", "b.eml"]);
    let row = |source: &str, expr: &str, value: Value| json!({"source": source, "expr": expr, "value": value, "unavailable": []});
    assert_eq!(
        rows,
        [
            row("a.eml", "subject.subject", json!("One")),
            row("a.eml", "1 == 1", json!(true)),
            row("b.eml", "subject.subject", json!("Two")),
            row("b.eml", "1 == 1", json!(true)),
        ]
    );
}

#[test]
fn values_of_all_kinds_are_json() {
    let folder = folder();
    for (expr, value) in [
        ("null", Value::Null),
        ("[1, 2]", json!([1, 2])),
        ("length(attachments)", json!(0)),
        ("map(recipients.to, .email.email)", json!(["bob@example.com"])),
        ("sender.email.domain.domain", json!("sender.example")),
    ] {
        assert_eq!(folder.eval(expr, "a.eml"), value, "{expr}");
    }
    assert_eq!(folder.eval("sender.email", "a.eml")["local_part"], "ada");
}

#[test]
fn an_expression_may_begin_with_a_minus() {
    assert_eq!(folder().jsonl(&["eval", "--expr=-1", "a.eml"])[0]["value"], -1);
}

#[test]
fn what_could_not_be_found_out_is_named() {
    let rows =
        folder().jsonl(&["eval", "-e", "network.whois(sender.email.domain).days_old < 5", "-e", "\"x.example\" in $tranco_1m", "a.eml"]);
    assert_eq!((&rows[0]["value"], &rows[0]["unavailable"]), (&Value::Null, &json!(["whois"])));
    assert_eq!(rows[1]["unavailable"], json!(["list tranco_1m"]));
}

#[test]
fn a_ranking_answers_inside_the_head_that_is_built_in() {
    assert_eq!(folder().eval(r#""google.com" in $tranco_1m"#, "a.eml"), true);
}

#[test]
fn a_compile_error_is_an_object_and_the_others_go_on() {
    let ran = folder().run(&["--format", "jsonl", "eval", "-e", "subject.subjct", "-e", "subject.subject", "a.eml"]);
    assert_eq!(ran.status, 2);
    let rows = ran.values();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["expr"], "subject.subjct");
    let error = rows[0]["error"].as_object().expect("it is an object");
    assert_eq!(error.keys().collect::<Vec<_>>(), ["code", "message", "line", "column"]);
    assert_eq!((&error["code"], &error["line"], &error["column"]), (&json!("MQL201"), &json!(1), &json!(9)));
    assert_eq!(rows[1]["value"], "One");
}

#[test]
fn text_names_the_error_its_place_and_what_was_meant() {
    let ran = folder().run(&["eval", "-e", "subject.subjct", "-e", "subject.subject", "a.eml"]);
    ran.complains(2, &["`subject.subjct`:1:9: error[MQL201]", "did you mean `subject`?"]);
    assert!(ran.stdout.contains("subject.subject = \"One\""), "{ran:?}");
}

#[test]
fn a_very_deep_expression_is_refused() {
    let deep = format!("{}true{}", "(".repeat(20_000), ")".repeat(20_000));
    let ran = folder().run(&["eval", "-e", &deep, "a.eml"]);
    ran.complains(2, &["MQL109"]);
    assert!(ran.stderr.len() < 1000, "the whole expression is not repeated");
}
