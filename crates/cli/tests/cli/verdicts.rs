//! Which matches flag a message, what takes it out, and when nothing can be said.

use crate::support::{Folder, message, rule, with_attachments};
use serde_json::{Value, json};

/// Scans one message with these rules (file name, text) and hands its object over.
#[track_caller]
fn scan(rules: &[(&str, String)], options: &[&str], mail: &str) -> Value {
    let folder = Folder::new();
    folder.write("a.eml", mail);
    for (name, text) in rules {
        folder.write(&format!("rules/{name}"), text);
    }
    folder.jsonl(&[&["scan", "--rules", "rules"], options, &["a.eml"]].concat()).remove(0)
}

#[track_caller]
fn verdict(rules: &[(&str, String)], options: &[&str]) -> Value {
    scan(rules, options, &message("One"))["verdict"].clone()
}

const ABSENT: &str = "network.whois(sender.email.domain).days_old < 5";

#[test]
fn a_rule_that_matches_flags() {
    assert_eq!(verdict(&[("a.yml", rule("rule", "high", "true"))], &[]), "flagged");
    assert_eq!(verdict(&[("a.yml", rule("rule", "high", "false"))], &[]), "clean");
    assert_eq!(verdict(&[("a.yar", "rule r { condition: true }".to_owned())], &[]), "flagged");
}

#[test]
fn severity_is_the_highest_of_what_flags() {
    let rules = [
        ("a.yml", rule("rule", "low", "true")),
        ("b.yml", rule("rule", "high", "true")),
        ("c.yml", rule("rule", "critical", "false")),
        ("d.yml", rule("dlp", "critical", "true")),
    ];
    assert_eq!(scan(&rules, &[], &message("x"))["severity"], "high");
}

#[test]
fn severity_of_a_yara_match_is_in_its_metadata_else_medium() {
    let yara = |meta: &str| scan(&[("a.yar", format!("rule r {{ {meta} condition: true }}"))], &[], &message("x"))["severity"].clone();
    assert_eq!(yara("meta: severity = \"critical\""), "critical");
    assert_eq!(yara("meta: severity = \"LOW\""), "low");
    assert_eq!(yara("meta: severity = 7"), "medium");
    assert_eq!(yara(""), "medium");
}

#[test]
fn dlp_and_automations_are_shown_and_flag_nothing() {
    for kind in ["dlp", "triage_rule"] {
        let row = scan(&[("a.yml", rule(kind, "high", "true"))], &[], &message("x"));
        assert_eq!((&row["verdict"], &row["severity"]), (&json!("clean"), &Value::Null), "{kind}");
        assert_eq!(row["matches"][0]["rule"]["type"], kind);
    }
}

#[test]
fn an_insight_has_its_value_and_flags_nothing() {
    let row = scan(&[("a.yml", rule("query", "", "sender.email.domain.domain"))], &[], &message("x"));
    assert_eq!(row["verdict"], "clean");
    assert_eq!((&row["matches"][0]["rule"]["type"], &row["matches"][0]["value"]), (&json!("query"), &json!("sender.example")));
}

#[test]
fn an_exclusion_gives_clean_and_keeps_what_it_suppressed() {
    let rules = [("a.yml", rule("rule", "high", "true")), ("b.yml", rule("exclusion", "", "true"))];
    let row = scan(&rules, &[], &message("x"));
    assert_eq!((&row["verdict"], &row["severity"]), (&json!("clean"), &Value::Null));
    assert_eq!(row["excluded_by"], json!([{"id": "id-of-exclusion", "name": "The exclusion", "path": "rules/b.yml"}]));
    assert_eq!(row["matches"][0]["rule"]["path"], "rules/a.yml");
}

#[test]
fn an_exclusion_that_does_not_match_changes_nothing() {
    let row = scan(&[("a.yml", rule("rule", "high", "true")), ("b.yml", rule("exclusion", "", "false"))], &[], &message("x"));
    assert_eq!((&row["verdict"], row.get("excluded_by")), (&json!("flagged"), None));
}

#[test]
fn what_is_absent_is_counted_and_leaves_the_verdict() {
    let rules = [("a.yml", rule("rule", "high", ABSENT)), ("b.yml", rule("rule", "high", "false"))];
    let row = scan(&rules, &[], &message("x"));
    assert_eq!(row["verdict"], "clean");
    assert_eq!(row["coverage"], json!({"rules": 2, "decided": 1, "needs": {"whois": 1}}));
    assert_eq!(row["undetermined"][0]["needs"], json!(["whois"]));
    assert_eq!(row["undetermined"][0]["rule"]["path"], "rules/a.yml");
}

#[test]
fn a_required_need_makes_a_message_undetermined() {
    let rules = [("a.yml", rule("rule", "high", ABSENT))];
    assert_eq!(verdict(&rules, &["--require", "whois"]), "undetermined");
    assert_eq!(verdict(&rules, &["--require", "ocr"]), "clean");
    assert_eq!(verdict(&rules, &["--require", "ocr", "--require", "whois"]), "undetermined");
    let ranking = [("a.yml", rule("rule", "high", "sender.email.domain.root_domain in $tranco_1m"))];
    assert_eq!(verdict(&ranking, &["--require", "list tranco_1m"]), "undetermined");
}

#[test]
fn flagged_and_excluded_go_before_undetermined() {
    let required = &["--require", "whois"][..];
    let unknown = ("a.yml", rule("rule", "high", ABSENT));
    assert_eq!(verdict(&[unknown.clone(), ("b.yml", rule("rule", "low", "true"))], required), "flagged");
    assert_eq!(verdict(&[unknown, ("b.yml", rule("exclusion", "", "true"))], required), "clean");
}

#[test]
fn only_detection_makes_a_message_undetermined() {
    for kind in ["dlp", "triage_rule", "query"] {
        let row = scan(&[("a.yml", rule(kind, "", ABSENT))], &["--require", "whois"], &message("x"));
        assert_eq!((&row["verdict"], &row["coverage"]["needs"]), (&json!("clean"), &json!({"whois": 1})), "{kind}");
    }
}

#[test]
fn what_cannot_matter_any_more_is_decided() {
    let rules = [("a.yml", rule("rule", "high", &format!("subject.subject == \"Other\" and {ABSENT}")))];
    assert_eq!(scan(&rules, &["--require", "whois"], &message("x"))["coverage"], json!({"rules": 1, "decided": 1, "needs": {}}));
}

#[test]
fn a_limit_that_was_hit_makes_a_message_undetermined() {
    let parts: String = (0..2100).map(|number| format!("--in\r\nContent-Type: text/plain; name=\"{number}.txt\"\r\n\r\nx\r\n")).collect();
    let inner = format!("From: a@b.example\r\nSubject: in\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n{parts}--in--\r\n");
    let mail = with_attachments("x", &[("message/rfc822", "in.eml", inner.as_bytes())]);
    let search = |name: &str| rule("rule", "high", &format!("any(attachments, any(file.explode(.), .file_name == \"{name}\"))"));
    let row = scan(&[("a.yml", search("none.txt"))], &[], &mail);
    assert_eq!(row["verdict"], "undetermined", "{row}");
    assert_eq!(row["undetermined"][0]["needs"], json!(["limit files.nodes"]));
    assert_eq!(scan(&[("a.yml", search("3.txt"))], &[], &mail)["verdict"], "flagged", "what was read counts");
}

#[test]
fn a_rule_that_is_switched_off_does_not_run() {
    let off = rule("rule", "high", "true").replace("type: rule", "type: rule\nactive: false");
    assert_eq!(scan(&[("a.yml", off)], &[], &message("x"))["coverage"]["rules"], 0);
}
