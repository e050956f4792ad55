//! The MQL of rule files in canonical form; everything around it stays.

use crate::support::Folder;
use serde_json::json;

const MESSY: &str =
    "# head\nname: n   # odd   spaces\ntype: rule\nsource: |\n  subject.subject   == \"x\" // why\n    and   true\n\n# tail\nid: '1'\n";
const TIDY: &str =
    "# head\nname: n   # odd   spaces\ntype: rule\nsource: |\n  subject.subject == \"x\" // why\n  and true\n\n# tail\nid: '1'\n";

#[test]
fn the_mql_changes_and_the_yaml_around_it_stays() {
    let folder = Folder::new();
    folder.write("r.yml", MESSY);
    assert_eq!(folder.jsonl(&["fmt", "r.yml"]), [json!({"path": "r.yml", "changed": true})]);
    assert_eq!(folder.read("r.yml"), TIDY);
    assert_eq!(folder.jsonl(&["fmt", "r.yml"]), [json!({"path": "r.yml", "changed": false})]);
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 1, "no other file is left");
}

#[test]
fn check_changes_nothing_and_ends_with_one() {
    let folder = Folder::new();
    folder.write("r.yml", MESSY).write("t.yml", TIDY);
    let ran = folder.run(&["--format", "jsonl", "fmt", "--check", "r.yml"]);
    assert_eq!((ran.status, ran.values()), (1, vec![json!({"path": "r.yml", "changed": true})]));
    assert_eq!(folder.read("r.yml"), MESSY);
    assert_eq!(folder.run(&["fmt", "--check", "t.yml"]).status, 0);
}

#[test]
fn windows_line_ends_stay() {
    let folder = Folder::new();
    folder.write("r.yml", MESSY.replace('\n', "\r\n"));
    assert_eq!(folder.run(&["fmt", "r.yml"]).status, 0);
    assert_eq!(folder.read("r.yml"), TIDY.replace('\n', "\r\n"));
}

#[test]
fn broken_files_stay_as_they_are_and_the_others_are_rewritten() {
    let folder = Folder::new();
    let broken = "name: n\ntype: rule\nsource: |\n  true   and\n";
    folder.write("rules/a.yml", broken).write("rules/b.yml", MESSY).write("rules/c.yml", b"name: \xff\n").write("rules/d.yar", "rule d{}");
    let ran = folder.run(&["--format", "jsonl", "fmt", "rules"]);
    ran.complains(2, &["rules/a.yml:5:1: expected an expression", "rules/c.yml:1:7", "UTF-8"]);
    assert_eq!((folder.read("rules/a.yml").as_str(), folder.read("rules/b.yml").as_str()), (broken, TIDY));
    let changed: Vec<_> = ran.values().iter().map(|row| row["changed"].clone()).collect();
    assert_eq!(changed, [false, true, false]);
}

/// The meaning of a rule never changes, whatever the YAML form of its source.
#[test]
fn sources_of_other_forms_are_rewritten_or_left_alone() {
    for source in [
        "true   and false",
        "true   and\n  false",
        "\"true   and false\"",
        "\"true   and\n  false\" # why",
        "'true   and\n\n  false'",
        ">\n  true   and\n  false",
        "|-\n\n    true   and\n      false\n",
        "|2\n    true   and false",
        "\n  true   and false",
    ] {
        let folder = Folder::new();
        folder.write("r.yml", format!("name: n\ntype: rule\nseverity: low\nsource: {source}\nid: last\n"));
        let before = folder.read("r.yml");
        let ran = folder.run(&["--format", "jsonl", "fmt", "r.yml"]);
        let after = folder.read("r.yml");
        assert!(ran.status == 0 || before == after, "{source}: {ran:?}");
        assert_eq!(folder.jsonl(&["check", "r.yml"])[0]["diagnostics"], json!([]), "{source} became {after}");
        assert!(after.ends_with("id: last\n") && after.starts_with("name: n\ntype: rule\n"), "{source} became {after}");
        assert_eq!(after.matches("false").count(), 1, "{source} became {after}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = Folder::new();
    folder.write("real.yml", MESSY);
    std::os::unix::fs::symlink("real.yml", folder.path().join("r.yml")).expect("links can be made");
    assert_eq!(folder.run(&["fmt", "r.yml"]).status, 0);
    assert_eq!(folder.read("real.yml"), TIDY);
    assert!(folder.path().join("r.yml").is_symlink());
}

#[cfg(unix)]
#[test]
fn permissions_of_the_file_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("r.yml", MESSY);
    let path = folder.path().join("r.yml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("it is ours");
    assert_eq!(folder.run(&["fmt", "r.yml"]).status, 0);
    assert_eq!(std::fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o640);
}
