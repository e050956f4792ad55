//! Rules compiled, and what is wrong with them.

use crate::support::{Folder, repository, rule};
use serde_json::{Value, json};

#[test]
fn each_rule_has_its_object_and_its_diagnostics() {
    let folder = Folder::new();
    folder
        .write("rules/a.yml", rule("rule", "low", "subject.subjct == \"x\"\nand nofn()"))
        .write("rules/b.yml", rule("rule", "low", "true"));
    let ran = folder.run(&["--format", "jsonl", "check", "rules"]);
    assert_eq!(ran.status, 1);
    let rows = ran.values();
    assert_eq!(rows[1], json!({"path": "rules/b.yml", "rule": "The rule", "ok": true, "diagnostics": []}));
    assert_eq!((&rows[0]["path"], &rows[0]["rule"], &rows[0]["ok"]), (&json!("rules/a.yml"), &json!("The rule"), &json!(false)));
    let errors: Vec<_> = rows[0]["diagnostics"].as_array().into_iter().flatten().filter(|it| it["severity"] == "error").collect();
    let places: Vec<_> = errors.iter().map(|it| (&it["code"], &it["line"], &it["column"])).collect();
    assert_eq!(places, [(&json!("MQL201"), &json!(6), &json!(11)), (&json!("MQL202"), &json!(7), &json!(7))]);
    assert!(errors.iter().all(|it| it["message"].is_string()));
}

#[test]
fn text_shows_the_place_and_ends_with_the_counts() {
    let folder = Folder::new();
    folder.write("rules/a.yml", rule("rule", "low", "subject.subjct")).write("rules/b.yml", rule("rule", "low", "true"));
    folder.write("rules/c.yml", "name: n\nsource: \"true\"\n");
    let ran = folder.run(&["check", "rules"]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.stdout
            .contains("error[MQL201]: Subject has no field `subjct`\n  --> rules/a.yml:6:11\n  |   subject.subjct\n  |           ^^^^^^\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with("\n3 rules: 2 ok, 1 with errors, 1 with warnings\n"), "{}", ran.stdout);
}

#[test]
fn warnings_alone_end_with_zero() {
    let folder = Folder::new();
    folder.write("r.yml", "name: n\nsource: \"true\"\n");
    let row = folder.jsonl(&["check", "r.yml"]).remove(0);
    assert_eq!((&row["ok"], &row["diagnostics"][0]["severity"]), (&json!(true), &json!("warning")));
}

#[test]
fn the_starter_rules_are_right() {
    let ran = Folder::new().run(&["check", &repository("rules/mql"), &repository("rules/yara")]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stdout.ends_with("0 with errors, 0 with warnings\n"), "{ran:?}");
}

#[test]
fn yara_files_are_checked_too() {
    let folder = Folder::new();
    folder.write("r.yar", "rule a {\n  condition: nonsense\n}\n");
    let ran = folder.run(&["--format", "jsonl", "check", "r.yar"]);
    assert_eq!(ran.status, 1);
    let fault = &ran.values()[0]["diagnostics"][0];
    assert_eq!((&fault["code"], &fault["line"], &fault["column"]), (&json!("E009"), &json!(2), &json!(14)));
}

#[test]
fn sarif_has_a_result_for_each_diagnostic() {
    let folder = Folder::new();
    folder.write("my rules/r.yml", rule("rule", "low", "subject.subjct")).write("empty.yml", "");
    let ran = folder.run(&["--format", "sarif", "check", "my rules/r.yml", "empty.yml"]);
    assert_eq!(ran.status, 1);
    let log: Value = serde_json::from_str(&ran.stdout).expect("one document");
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["tool"]["driver"]["name"], "mailhound");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules are listed");
    let results = log["runs"][0]["results"].as_array().expect("there are results");
    assert_eq!(results.len(), 2);
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
        assert_eq!(result["level"], "error");
        assert!(result["message"]["text"].is_string());
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() >= Some(1) && region["startColumn"].as_u64() >= Some(1), "{result}");
    }
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "my%20rules/r.yml");
}

/// Checks one broken file; its only diagnostic must say all of this, and a good rule beside it must still be checked.
#[track_caller]
fn broken(name: &str, bytes: &[u8], line: usize, column: usize, texts: &[&str]) {
    let folder = Folder::new();
    folder
        .write(&format!("rules/{name}"), bytes)
        .write("rules/z.yml", rule("rule", "low", "true"))
        .write("a.eml", crate::support::message("x"));
    let ran = folder.run(&["--format", "jsonl", "check", "rules"]);
    let rows = ran.values();
    assert_eq!((ran.status, rows.len(), &rows[1]["ok"]), (1, 2, &json!(true)), "{ran:?}");
    let fault = &rows[0]["diagnostics"][0];
    assert_eq!((&fault["line"], &fault["column"]), (&json!(line), &json!(column)), "{fault}");
    let said = format!("{} {}", fault["message"], fault["help"]);
    for text in texts {
        assert!(said.contains(text), "no `{text}` in {said}");
    }
    let ran = folder.run(&["--format", "jsonl", "scan", "--rules", "rules", "a.eml"]);
    ran.complains(2, &[&format!("rules/{name}:{line}:{column}: error["), "the other rules run"]);
    assert_eq!(ran.values()[0]["matches"][0]["rule"]["path"], "rules/z.yml");
}

#[test]
fn a_file_that_is_no_yaml_is_named() {
    broken("a.yml", b"name: [\n - x: :\n", 2, 2, &["not YAML"]);
}

#[test]
fn yaml_without_source_is_named() {
    broken("a.yml", b"name: n\ntype: rule\nsorce: \"true\"\n", 1, 1, &["no `source`", "is `sorce` meant?"]);
}

#[test]
fn an_empty_rule_file_is_named() {
    broken("a.yml", b"", 1, 1, &["empty"]);
}

#[test]
fn a_rule_file_that_is_no_utf8_is_named_with_the_place() {
    broken("a.yml", b"name: n\ntype: rule\nsource: \"\xc3\xa9 \xff\"\n", 3, 12, &["not UTF-8", "save the file as UTF-8"]);
}

#[test]
fn a_yara_file_with_a_syntax_error_is_named() {
    broken("a.yar", b"rule x {\n  strings: $a =\n  condition: $a\n}\n", 3, 3, &["syntax"]);
}

#[test]
fn a_yara_file_that_is_no_utf8_is_named() {
    broken("a.yar", b"rule x { strings: $a = \"\xff\" condition: $a }", 1, 25, &["UTF-8"]);
}

#[test]
fn deep_yaml_is_named() {
    let deep = format!("name: n\ntype: rule\nx: {}{}\n", "[".repeat(30_000), "]".repeat(30_000));
    let folder = Folder::new();
    folder.write("a.yml", deep);
    let ran = folder.run(&["check", "a.yml"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.stdout.contains("a.yml:3:"), "{ran:?}");
}

#[test]
fn paths_that_are_no_rules_are_refused() {
    let folder = Folder::new();
    folder.write("a.txt", "x").write("none/a.txt", "x").write("r.yml", rule("rule", "low", "true"));
    folder.run(&["check", "a.txt"]).complains(2, &["a.txt is no rule file", ".yml"]);
    folder.run(&["check", "none"]).complains(2, &["none holds no rules"]);
    folder.run(&["check", "missing"]).complains(2, &["missing: there is no such file"]);
    let ran = folder.run(&["--format", "jsonl", "check", "missing.yml", "r.yml"]);
    ran.complains(2, &["missing.yml: cannot be read"]);
    assert_eq!(ran.values().len(), 1, "the other is checked");
}

#[cfg(unix)]
#[test]
fn hidden_files_are_passed_over_and_links_are_read() {
    let folder = Folder::new();
    folder
        .write("rules/.github/workflows/ci.yml", "on: push\n")
        .write("rules/.draft.yml", "x")
        .write("rules/..data/a.yml", rule("rule", "low", "true"));
    std::os::unix::fs::symlink("..data/a.yml", folder.path().join("rules/a.yml")).expect("links can be made");
    let rows = folder.jsonl(&["check", "rules"]);
    assert_eq!((rows.len(), &rows[0]["path"]), (1, &json!("rules/a.yml")));
}

#[test]
fn own_lists_are_known_with_the_configuration() {
    let folder = Folder::new();
    folder.write("r.yml", rule("rule", "low", "sender.email.email in $own_list"));
    let warning = &folder.jsonl(&["check", "r.yml"])[0]["diagnostics"][0];
    assert_eq!((&warning["code"], &warning["severity"]), (&json!("MQL303"), &json!("warning")));
    folder.write("c.toml", "[lists]\ndirectory = \"lists\"\n").write("lists/own_list.txt", "a@b.example\n");
    assert_eq!(folder.jsonl(&["check", "--config", "c.toml", "r.yml"])[0]["diagnostics"], json!([]));
}
