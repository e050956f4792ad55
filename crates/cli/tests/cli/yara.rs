//! YARA rules on plain files.

use crate::support::Folder;
use serde_json::json;

#[test]
fn matches_have_their_strings_with_offsets() {
    let folder = Folder::new();
    folder.write("r.yar", "rule hello : a b { meta: n = 1 ok = true strings: $h = \"hello\" $w = \"world\" condition: any of them }");
    folder.write("in/a.txt", "say hello, hello").write("in/b.txt", "nothing");
    let rows = folder.jsonl(&["yara", "--rules", "r.yar", "in"]);
    let found = json!({
        "rule": "hello", "namespace": "r", "tags": ["a", "b"], "meta": {"n": 1, "ok": true},
        "strings": [{"identifier": "$h", "offset": 4, "length": 5}, {"identifier": "$h", "offset": 11, "length": 5}],
    });
    assert_eq!(rows, [json!({"source": "in/a.txt", "matches": [found]}), json!({"source": "in/b.txt", "matches": []})]);
}

#[test]
fn broken_rules_are_named_and_the_others_run() {
    let folder = Folder::new();
    folder.write("rules/a.yar", "rule bad { condition: nonsense }").write("rules/b.yara", "rule good { condition: true }");
    folder.write("a.txt", "x");
    let ran = folder.run(&["--format", "jsonl", "yara", "--rules", "rules", "a.txt"]);
    ran.complains(2, &["rules/a.yar:1:23: error[E009]", "nonsense"]);
    assert_eq!(ran.values()[0]["matches"][0]["rule"], "good");
}

#[test]
fn files_that_cannot_be_read_are_named_and_the_others_scanned() {
    let folder = Folder::new();
    folder.write("r.yar", "rule r { condition: true }").write("a.txt", "x");
    let ran = folder.run(&["--format", "jsonl", "yara", "--rules", "r.yar", "missing", "a.txt"]);
    ran.complains(3, &["missing: cannot be read"]);
    assert_eq!(ran.values().len(), 1);
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_passed_over() {
    let folder = Folder::new();
    folder.write("r.yar", "rule r { condition: true }").write("in/a.txt", "x");
    std::os::unix::fs::symlink("..", folder.path().join("in/up")).expect("links can be made");
    assert_eq!(folder.jsonl(&["yara", "--rules", "r.yar", "in"]).len(), 1);
}

#[test]
fn an_empty_file_is_scanned() {
    let folder = Folder::new();
    folder.write("r.yar", "rule empty { condition: filesize == 0 }").write("a", "");
    assert_eq!(folder.jsonl(&["yara", "--rules", "r.yar", "a"])[0]["matches"][0]["rule"], "empty");
}

#[test]
fn rules_without_yara_are_refused() {
    let folder = Folder::new();
    folder.write("r.yml", crate::support::rule("rule", "low", "true")).write("a", "");
    folder.run(&["yara", "--rules", "r.yml", "a"]).complains(2, &["no YARA rules"]);
}
