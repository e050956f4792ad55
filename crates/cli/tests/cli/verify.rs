//! `mdm --verify`: which signatures hold, with the keys of a file, and what is said without keys.

use crate::support::{Folder, finish, message, repository, rule};
use serde_json::{Value, json};

/// A folder with the signed samples and their keys; `conf/mailhound.toml` names the keys.
fn folder() -> Folder {
    let folder = Folder::new();
    let samples = repository("crates/enrich/testdata/signatures");
    for name in ["relaxed.eml", "arc-2.eml", "two.eml", "keys.txt"] {
        let bytes = std::fs::read(format!("{samples}/{name}")).expect("the sample is there");
        folder.write(if name == "keys.txt" { "conf/keys.txt" } else { name }, bytes);
    }
    folder.write("conf/mailhound.toml", "[dkim]\nkeys = \"keys.txt\"\n").write("unsigned.eml", message("One"));
    folder
}

fn verified(folder: &Folder, input: &str) -> Value {
    folder.jsonl(&["mdm", "--verify", "--config", "conf/mailhound.toml", input]).remove(0)["_verification"].clone()
}

#[test]
fn signatures_are_verified_with_the_keys_of_the_file() {
    let folder = folder();
    let found = verified(&folder, "relaxed.eml");
    assert_eq!((&found["dkim"][0]["result"], &found["dkim"][0]["domain"]), (&json!("pass"), &json!("test.example")));
    assert_eq!(found["dkim"][0]["key"], json!({"type": "rsa", "bits": 2048, "source": "file", "testing": false}));
    assert_eq!(found["arc"], json!({"result": "none", "sets": []}));
    let arc = &verified(&folder, "arc-2.eml")["arc"];
    assert_eq!((&arc["result"], &arc["oldest_pass"], &arc["sets"][1]["seal"]["result"]), (&json!("pass"), &json!(0), &json!("pass")));
    assert_eq!(verified(&folder, "unsigned.eml"), json!({"dkim": [], "arc": {"result": "none", "sets": []}}));
    folder.write("changed.eml", folder.read("relaxed.eml").replace("the invoice", "your invoice"));
    let changed = &verified(&folder, "changed.eml")["dkim"][0];
    assert_eq!((&changed["result"], &changed["reason"]), (&json!("fail"), &json!("the body is not the one that was signed")));
}

#[test]
fn what_stands_before_a_message_does_not_hide_its_signature() {
    let folder = folder();
    for (name, lead) in [("lines.eml", "\n\r\n"), ("mark.eml", "\u{feff}")] {
        folder.write(name, format!("{lead}{}", folder.read("relaxed.eml")));
        assert_eq!(verified(&folder, name)["dkim"][0]["result"], json!("pass"), "{name}");
    }
    // Outlook keeps the header, not the bytes.
    folder.write("winmail.dat", b"\x78\x9F\x3E\x22\x01\0");
    let found = verified(&folder, "winmail.dat");
    assert_eq!((&found["dkim"][0]["result"], &found["arc"]["result"]), (&json!("unavailable"), &json!("unavailable")));
}

#[test]
fn messages_of_a_mailbox_are_verified_as_they_lie_in_it() {
    let folder = folder();
    let line = "From a@test.example Mon Mar  2 10:00:00 2026";
    folder.write("box.mbox", format!("{line}\n{}\n{line}\n{}\n", folder.read("relaxed.eml"), folder.read("two.eml")));
    let rows = folder.jsonl(&["mdm", "--verify", "--config", "conf/mailhound.toml", "box.mbox"]);
    let results = |row: &Value| {
        row["_verification"]["dkim"].as_array().expect("a list").iter().map(|found| found["result"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(rows.iter().map(results).collect::<Vec<_>>(), [vec!["pass"], vec!["pass", "pass"]]);
}

#[test]
fn without_keys_it_is_said_what_is_missing() {
    let folder = folder();
    let ran = folder.run(&["--format", "jsonl", "mdm", "--verify", "relaxed.eml"]);
    ran.complains(0, &["--verify has no keys", "[dkim] keys", "[network] allow"]);
    let found = &ran.value()["_verification"]["dkim"][0];
    assert_eq!((&found["result"], &found["needs"], &found["body_hash"]), (&json!("unavailable"), &json!(["dns"]), &json!("pass")));
    let ran = folder.run(&["--format", "jsonl", "mdm", "--verify", "--config", "conf/mailhound.toml", "relaxed.eml"]);
    assert_eq!(ran.stderr, "", "with keys nothing is missing");
    assert!(folder.run(&["mdm", "--verify", "relaxed.eml"]).stdout.contains("\"result\": \"unavailable\""), "text says it too");
}

#[test]
fn it_is_off_by_default_and_changes_nothing_that_rules_read() {
    let folder = folder();
    let model = |args: &[&str]| {
        let mut model = folder.jsonl(&[&["mdm", "--config", "conf/mailhound.toml", "arc-2.eml"], args].concat()).remove(0);
        let meta = model.as_object_mut().and_then(|model| model.remove("_meta"));
        assert!(meta.is_some(), "it holds the clock and a new name");
        model
    };
    let plain = model(&[]);
    assert!(plain.get("_verification").is_none());
    let mut verified = model(&["--verify"]);
    assert!(verified.as_object_mut().and_then(|model| model.remove("_verification")).is_some());
    assert_eq!(plain, verified);
    folder.write("r.yml", rule("rule", "low", "_verification.arc.result == \"pass\""));
    folder.run(&["check", "r.yml"]).complains(1, &[]);
}

#[test]
fn a_broken_file_of_keys_is_named_with_its_line() {
    let folder = folder();
    let mistake = |conf: &str, keys: &str, said: &[&str]| {
        folder.write("conf/mailhound.toml", conf).write("conf/keys.txt", keys);
        let ran = folder.run(&["mdm", "--verify", "--config", "conf/mailhound.toml", "relaxed.eml"]);
        ran.complains(2, said);
        assert_eq!(ran.stdout, "");
    };
    let conf = "[dkim]\nkeys = \"keys.txt\"\n";
    mistake(conf, "# keys\nexample.com p=AA\n", &["`dkim.keys`", "keys.txt", "line 2", "SELECTOR._domainkey.DOMAIN"]);
    mistake(conf, "a._domainkey.b v=DKIM1; p=*\n", &["line 1: `p=` is not Base64"]);
    mistake("[dkim]\nkeys = \"missing.txt\"\n", "", &["`dkim.keys`", "missing.txt"]);
    mistake("[dkim]\nkeys = [\"keys.txt\"]\n", "", &["`dkim.keys` must be a text"]);
    mistake("[dkim]\nkey = \"keys.txt\"\n", "", &["did you mean `keys`?"]);
}

#[test]
fn doctor_tells_where_keys_may_come_from() {
    let folder = folder();
    let states = |conf: &str| {
        folder.write("c.toml", conf);
        let rows = folder.jsonl(&["doctor", "--config", "c.toml"]);
        let state = |name: &str| rows.iter().find(|row| row["capability"] == name).map(|row| row["state"].clone()).expect("it is told");
        [state("dns"), state("dkim_keys")]
    };
    assert_eq!(states(""), ["off", "off"]);
    assert_eq!(states("[network]\nallow = [\"whois\"]\n"), ["off", "off"]);
    assert_eq!(states("[network]\nallow = [\"dns\"]\n"), ["available", "off"]);
    assert_eq!(states("[dkim]\nkeys = \"conf/keys.txt\"\n"), ["off", "available"]);
    let text = finish(&mut folder.command(&["doctor", "--config", "c.toml"])).stdout;
    assert!(text.contains("keys of DKIM and ARC: 5 in conf/keys.txt"), "{text}");
}
