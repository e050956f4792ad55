//! The configuration file: where it is found, what it does, and what is said of mistakes.

use crate::support::{Folder, finish, message, rule};
use serde_json::json;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.eml", message("One"));
    folder
}

fn domain(name: &str) -> String {
    format!("[organization]\ndomains = [\"{name}\"]\n")
}

#[test]
fn the_nearest_configuration_is_used() {
    let folder = folder();
    let expr = r#"map(["given.example", "here.example", "xdg.example", "home.example"], . in $org_domains)"#;
    let known = |args: &[&str]| {
        let mut command = folder.command(&[&["--format", "jsonl", "eval", "-e", expr, "a.eml"], args].concat());
        finish(command.env("XDG_CONFIG_HOME", folder.path().join("xdg"))).value()["value"].clone()
    };
    folder.write("home/.config/mailhound/config.toml", domain("home.example"));
    assert_eq!(known(&[]), json!([false, false, false, false]), "XDG_CONFIG_HOME stands for the folder in the home");
    folder.write("xdg/mailhound/config.toml", domain("xdg.example"));
    assert_eq!(known(&[]), json!([false, false, true, false]));
    folder.write("mailhound.toml", domain("here.example"));
    assert_eq!(known(&[]), json!([false, true, false, false]));
    folder.write("given.toml", domain("given.example"));
    assert_eq!(known(&["--config", "given.toml"]), json!([true, false, false, false]));
    std::fs::remove_file(folder.path().join("mailhound.toml")).expect("it is there");
    assert_eq!(folder.eval(expr, "a.eml"), json!([false, false, false, true]), "the home without XDG_CONFIG_HOME");
}

#[test]
fn domains_decide_the_direction() {
    let folder = folder();
    assert_eq!(folder.eval("type.inbound", "a.eml"), true);
    let proof =
        "Return-Path: <ada@sender.example>\r\nAuthentication-Results: mx.example.com; spf=pass smtp.mailfrom=ada@sender.example\r\n";
    folder.write("own.eml", format!("{proof}{}", message("One"))).write("mailhound.toml", domain("sender.example"));
    assert_eq!(folder.eval("type.outbound", "own.eml"), true);
    assert_eq!(folder.eval("type.inbound", "a.eml"), true, "anybody can write such a From");
}

#[test]
fn without_an_organization_its_lists_are_empty_and_known() {
    let folder = folder();
    assert_eq!(folder.eval(r#"any($org_vips, true) or "x" in $org_domains or "x" in $org_display_names"#, "a.eml"), false);
}

#[test]
fn people_of_the_organization_are_known() {
    let folder = folder();
    folder.write("mailhound.toml", "[organization]\ndomains = [\"example.com\"]\ndisplay_names = [\"Example Ltd\"]\nvips = [{ display_name = \"Ada Byron\", email = \"Ada@example.com\" }]\n");
    assert_eq!(folder.eval(r#"any($org_vips, .display_name == sender.display_name)"#, "a.eml"), true);
    assert_eq!(folder.eval(r#"any($org_vips, .email == "ada@example.com")"#, "a.eml"), true);
    assert_eq!(folder.eval(r#""Example Ltd" in $org_display_names"#, "a.eml"), true);
    let ran = folder.run(&["scan", "a.eml"]);
    assert!(!ran.stderr.contains("[organization]"), "nothing is missing: {ran:?}");
}

#[test]
fn a_directory_of_lists_adds_and_replaces() {
    let folder = folder();
    folder.write("conf/c.toml", "[lists]\ndirectory = \"lists\"\n");
    folder.write("conf/lists/own.txt", "# comment\nsender.example\n").write("conf/lists/ranked.csv", "1,first.example\n2,sender.example\n");
    folder.write("conf/lists/free_email_providers.txt", "sender.example\n");
    let value = |expr: &str| folder.jsonl(&["eval", "--config", "conf/c.toml", "-e", expr, "a.eml"])[0]["value"].clone();
    assert_eq!(value("sender.email.domain.domain in $own"), true);
    assert_eq!(value("sender.email.domain.domain in $ranked"), true);
    assert_eq!(value("map([\"gmail.com\", \"sender.example\"], . in $free_email_providers)"), json!([false, true]));
    assert_eq!(folder.eval("\"gmail.com\" in $free_email_providers", "a.eml"), true, "the built-in list is there without it");
}

#[test]
fn a_history_that_is_off_is_unavailable() {
    let folder = folder();
    assert_eq!(folder.eval("profile.by_sender().prevalence", "a.eml"), "new");
    assert_eq!(folder.eval("profile.by_sender().solicited", "a.eml"), false);
    assert_eq!(folder.eval("profile.by_sender().any_messages_malicious_or_spam", "a.eml"), false);
    folder
        .write("mailhound.toml", "[services]\nhistory = \"off\"\nocr = \"auto\"\n")
        .write("r.yml", rule("rule", "low", "profile.by_sender().prevalence == \"new\""));
    let row = folder.jsonl(&["scan", "--rules", "r.yml", "a.eml"]).remove(0);
    assert_eq!((&row["verdict"], &row["coverage"]["needs"]), (&json!("clean"), &json!({"history": 1})));
    let doctor = folder.jsonl(&["doctor"]);
    assert!(doctor.iter().any(|row| row["capability"] == "history" && row["state"] == "off"));
}

/// A configuration with a mistake: exit status 2, the file and all of this on standard error, nothing on standard output.
#[track_caller]
fn mistake(text: &[u8], said: &[&str]) {
    let folder = folder();
    folder.write("c.toml", text).write("latin/own.txt", b"caf\xe9\n");
    let ran = folder.run(&["--format", "jsonl", "scan", "--config", "c.toml", "a.eml"]);
    ran.complains(2, said).complains(2, &["c.toml"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn an_unknown_key_names_the_nearest() {
    mistake(b"[organisation]\n", &["unknown key `organisation`", "did you mean `organization`?"]);
    mistake(b"[organization]\ndomain = []\n", &["unknown key `domain`", "did you mean `domains`?"]);
    mistake(b"[organization]\nvips = [{ display_nam = \"x\" }]\n", &["unknown key `display_nam`", "did you mean `display_name`?"]);
    mistake(b"[services]\nhistry = \"off\"\n", &["did you mean `history`?"]);
    mistake(b"[nonsense]\n", &["the keys are organization, lists, services, network, dkim"]);
}

#[test]
fn wrong_values_say_what_is_wanted() {
    mistake(b"[services]\nocr = \"on\"\n", &["`services.ocr` is \"auto\" or \"off\""]);
    mistake(b"[network]\nallow = [\"web\"]\n", &["`web`", "whois, links, feeds, dns"]);
    mistake(b"[organization]\ndomains = \"x\"\n", &["`organization.domains` must be a list"]);
    mistake(b"[organization\n", &["line 1"]);
}

#[test]
fn text_that_is_no_utf8_is_named_with_its_place() {
    mistake(b"[organization]\ndomains = [\"\xff\"]\n", &["line 2, column 13", "not UTF-8"]);
    mistake(b"[lists]\ndirectory = \"latin\"\n", &["own.txt", "line 1, column 4", "not UTF-8"]);
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    folder().run(&["scan", "--config", "missing.toml", "a.eml"]).complains(2, &["missing.toml"]);
    mistake(b"[lists]\ndirectory = \"nowhere\"\n", &["`lists.directory`", "nowhere"]);
}
