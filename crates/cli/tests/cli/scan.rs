//! The object that `scan` gives for each message, and its exit status.

use crate::support::{Folder, message, repository, rule, with_attachments, zip};
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|it| it.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn the_object_has_exactly_the_documented_keys() {
    let folder = Folder::new();
    folder.write("a.eml", message("One"));
    folder.write("rules/a.yml", rule("rule", "high", r#"subject.subject == "One""#));
    folder.write("rules/b.yml", rule("rule", "low", r#"network.whois(sender.email.domain).days_old < 5"#).replace("id-of-rule", "other"));
    folder.write("rules/c.yar", r#"rule hello : greeting { meta: author = "me" severity = "low" strings: $a = "Hello" condition: $a }"#);
    let row = folder.jsonl(&["scan", "--rules", "rules", "a.eml"]).remove(0);
    assert_eq!(
        keys(&row),
        [
            "source",
            "sha256",
            "message_id",
            "subject",
            "sender",
            "verdict",
            "severity",
            "matches",
            "undetermined",
            "coverage",
            "errors",
            "elapsed_us",
        ]
    );
    assert_eq!(row["source"], "a.eml");
    assert_eq!(row["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(
        (&row["message_id"], &row["subject"], &row["sender"]),
        (&json!("<1@sender.example>"), &json!("One"), &json!("ada@sender.example"))
    );
    assert_eq!((&row["verdict"], &row["severity"]), (&json!("flagged"), &json!("high")));
    let matches = json!([
        {"language": "mql", "rule": {"id": "id-of-rule", "name": "The rule", "type": "rule", "severity": "high", "path": "rules/a.yml"}},
        {"language": "yara", "rule": {
            "name": "hello", "namespace": "c", "tags": ["greeting"], "meta": {"author": "me", "severity": "low"}, "path": "rules/c.yar",
        }, "part": "message"},
    ]);
    assert_eq!(row["matches"], matches);
    assert_eq!(row["undetermined"], json!([{"rule": {"id": "other", "name": "The rule", "path": "rules/b.yml"}, "needs": ["whois"]}]));
    assert_eq!(row["coverage"], json!({"rules": 2, "decided": 1, "needs": {"whois": 1}}));
    assert_eq!(row["errors"], json!([]));
    assert!(row["elapsed_us"].is_u64());
}

#[test]
fn what_the_message_or_rule_does_not_have_is_null() {
    let folder = Folder::new();
    folder.write("a.eml", "X-Odd: 1\r\n\r\nbody\r\n").write("r.yml", "name: n\ntype: rule\nseverity: low\nsource: \"true\"\n");
    let row = folder.jsonl(&["scan", "--rules", "r.yml", "a.eml"]).remove(0);
    assert_eq!([&row["message_id"], &row["subject"], &row["sender"]], [&Value::Null; 3]);
    assert_eq!(row["matches"][0]["rule"]["id"], Value::Null);
    folder.write("no.yml", rule("rule", "low", "false"));
    assert_eq!(folder.jsonl(&["scan", "--rules", "no.yml", "a.eml"])[0]["severity"], Value::Null);
}

#[test]
fn yara_matches_carry_the_part_they_were_found_in() {
    let folder = Folder::new();
    let inside = zip("doc/macro.vbs", b"the needle is here");
    folder.write("a.eml", with_attachments("x", &[("text/plain", "n.txt", b"one needle"), ("application/zip", "a.zip", &inside)]));
    folder.write("r.yar", r#"rule needle { strings: $a = "needle" condition: $a }"#);
    let row = folder.jsonl(&["scan", "--rules", "r.yar", "a.eml"]).remove(0);
    let mut parts: Vec<_> = row["matches"].as_array().into_iter().flatten().filter_map(|it| it["part"].as_str()).collect();
    parts.sort_unstable();
    assert_eq!(parts, ["attachments[0]", "attachments[1] > doc/macro.vbs"]);
}

#[test]
fn the_number_of_threads_changes_nothing_but_the_time() {
    let folder = Folder::new();
    let examples = repository("examples");
    let rows = |jobs: &str| {
        let mut rows = folder.jsonl(&["scan", "--jobs", jobs, &examples]);
        assert!(rows.len() > 10);
        rows.iter_mut().for_each(|row| row["elapsed_us"] = 0.into());
        rows
    };
    assert_eq!(rows("1"), rows("4"));
    assert_eq!(rows("4"), rows("4"));
}

#[test]
fn without_rules_the_starter_rules_run() {
    let rows = Folder::new().jsonl(&["scan", &repository("examples/malicious")]);
    let flagged = rows.iter().filter(|row| row["verdict"] == "flagged").count();
    assert!(flagged * 2 > rows.len(), "{flagged} of {}", rows.len());
    assert!(rows.iter().all(|row| row["coverage"]["rules"].as_u64() > Some(20)));
}

#[test]
fn text_says_the_verdict_and_how_much_was_decided() {
    let folder = Folder::new();
    folder.write("a.eml", message("One")).write("rules/a.yml", rule("rule", "high", "false"));
    folder.write("rules/b.yml", rule("rule", "low", "network.whois(sender.email.domain).days_old < 5"));
    let ran = folder.run(&["scan", "--rules", "rules", "a.eml"]);
    assert!(ran.stdout.contains("clean, 1 of 2 rules decided"), "{ran:?}");
    let ran = folder.run(&["scan", "--explain", "--rules", "rules", "a.eml"]);
    assert!(ran.stdout.contains("whois"), "{ran:?}");
}

#[test]
fn fail_on_ends_with_one_at_or_above_the_severity() {
    let folder = Folder::new();
    folder.write("a.eml", message("One")).write("r.yml", rule("rule", "medium", "true"));
    let status = |severity: &str| folder.run(&["scan", "--rules", "r.yml", "--fail-on", severity, "a.eml"]).status;
    assert_eq!([status("low"), status("medium"), status("high")], [1, 1, 0]);
    assert_eq!(folder.run(&["scan", "--rules", "r.yml", "a.eml"]).status, 0, "never without it");
    folder.write("x.yml", rule("exclusion", "", "true"));
    let excluded = folder.run(&["scan", "--rules", "r.yml", "--rules", "x.yml", "--fail-on", "low", "a.eml"]);
    assert_eq!(excluded.status, 0, "what is excluded is no finding");
}

#[test]
fn the_highest_status_counts() {
    let folder = Folder::new();
    folder
        .write("a.eml", message("One"))
        .write("r.yml", rule("rule", "high", "true"))
        .write("broken.yml", rule("rule", "high", "nonsense"));
    let status = |args: &[&str]| folder.run(&[&["--format", "jsonl", "scan", "--rules", "r.yml", "--fail-on", "low"], args].concat());
    assert_eq!(status(&["a.eml"]).status, 1);
    assert_eq!(status(&["--rules", "broken.yml", "a.eml"]).status, 2);
    let all = status(&["--rules", "broken.yml", "missing.eml", "a.eml"]);
    assert_eq!((all.status, all.values().len()), (3, 1));
}

#[test]
fn broken_rules_are_named_and_the_others_run() {
    let folder = Folder::new();
    folder.write("a.eml", message("One")).write("rules/a.yml", rule("rule", "high", "true"));
    folder.write("rules/b.yml", rule("rule", "high", "subject.subjct == 1 and nofn()"));
    folder.write("rules/c.yar", "rule good { condition: true }\nrule bad { condition: nonsense }\n");
    let ran = folder.run(&["--format", "jsonl", "scan", "--rules", "rules", "a.eml"]);
    ran.complains(
        2,
        &[
            "rules/b.yml:6:11: error[MQL201]",
            "did you mean `subject`?",
            "nofn",
            "rules/c.yar:2:23: error[E009]",
            "2 rule files have errors",
        ],
    );
    let matched: Vec<_> = ran.values()[0]["matches"].as_array().into_iter().flatten().map(|it| it["rule"]["path"].clone()).collect();
    assert_eq!(matched, ["rules/a.yml", "rules/c.yar"]);
}

#[test]
fn an_unknown_need_names_the_nearest() {
    let folder = Folder::new();
    folder.write("a.eml", message("One"));
    folder.run(&["scan", "--require", "orc", "a.eml"]).complains(2, &["`orc`", "did you mean `ocr`?"]);
    folder.run(&["scan", "--require", "nonsense", "a.eml"]).complains(2, &["`nonsense`", "ocr, "]);
}

#[test]
fn a_profile_tells_what_rules_functions_and_patterns_cost() {
    let folder = Folder::new();
    folder.write("a.eml", message("Invoice 42"));
    folder.write("b.eml", message("Hello"));
    // So many that the subject is searched for what they need; few are sooner run.
    let tests = r#"regex.icontains(subject.subject, "invoice \\d+", "order \\d+", "receipt \\d+", "bill \\d+", "offer \\d+")"#;
    folder.write("rules/a.yml", rule("rule", "high", tests));
    let rows = folder.jsonl(&["scan", "--profile", "--jobs", "2", "--rules", "rules", "a.eml", "b.eml"]);
    assert_eq!(rows.len(), 3, "one object for each message, then the profile");
    let profile = &rows[2]["profile"];
    assert_eq!(profile["messages"], 2);
    assert_eq!(keys(&profile["elapsed_us"]), ["parsing", "model", "search", "functions", "plan"]);
    assert_eq!((&profile["rules"][0]["path"], &profile["rules"][0]["evaluations"]), (&json!("rules/a.yml"), &json!(2)));
    // The greeting has no literal of any pattern, the invoice that of one.
    let patterns = profile["patterns"].as_array().expect("a list");
    assert_eq!(patterns.len(), 1, "{patterns:?}");
    let pattern = &patterns[0];
    assert_eq!((&pattern["function"], &pattern["text"], &pattern["runs"]), (&json!("regex.icontains"), &json!("invoice \\d+"), &json!(1)));
    // The rule is evaluated on the invoice alone.
    assert_eq!(profile["evaluations"], json!({"asked": 2, "ruled_out": 1}));
    assert_eq!(profile["tests"], json!({"asked": 1, "answered_by_search": 0}));
    assert_eq!(profile["functions"][0]["name"], "regex.icontains");
    let text = folder.run(&["scan", "--profile", "--rules", "rules", "a.eml", "b.eml"]).stdout;
    assert!(text.contains("Where the time went") && text.contains("invoice \\d+"), "{text}");
}
