//! The kinds of rules in reports: detection, data loss, insight, automation, exclusion, and rules that are switched off.

use crate::mail::Mail;
use mailhound_engine::{Builder, Match, Report, RuleSet, RuleType, Settings, Severity, Verdict};

/// A rule file of this type, with further lines of YAML.
fn file(kind: &str, source: &str, more: &str) -> String {
    format!("name: a {kind}\ntype: {kind}\nsource: |\n  {source}\n{more}")
}

fn set(settings: Settings, files: &[String]) -> RuleSet {
    let mut builder = Builder::new(settings);
    for (idx, text) in files.iter().enumerate() {
        let checked = builder.add_mql(&format!("{idx}.yml"), text);
        assert!(checked.is_ok(), "{text}: {:?}", checked.findings);
    }
    builder.build()
}

fn mail() -> Mail {
    Mail::new("Rita <rita@example.net>", "quentin@example.org", "Invoice").plain("Please pay https://www.example.net/pay today.")
}

fn inspect(files: &[String]) -> Report {
    set(Settings::default(), files).inspect("test", &mail().bytes())
}

/// The first error of a rule, or nothing.
fn error(kind: &str, source: &str) -> String {
    let checked = Builder::new(Settings::default()).add_mql("r.yml", &file(kind, source, ""));
    let broken = !checked.is_ok();
    checked.findings.into_iter().find(|_| broken).map(|finding| finding.message).unwrap_or_default()
}

/// The value of the insight `source`; `None` when it is not shown.
fn insight(source: &str) -> Option<serde_json::Value> {
    let report = inspect(&[file("query", source, "")]);
    assert_eq!((report.verdict, report.severity), (Verdict::Clean, None), "an insight flags nothing");
    assert!(report.undetermined.is_empty(), "{source}: {:?}", report.undetermined);
    assert_eq!((report.coverage.rules, report.coverage.decided), (1, 1));
    report.matches.into_iter().find_map(|found| match found {
        Match::Mql { value, kind: RuleType::Query, .. } => value,
        _ => None,
    })
}

#[test]
fn an_insight_shows_its_value() {
    let shown = [
        ("subject.subject", r#""Invoice""#),
        ("length(body.links)", "1"),
        ("length(attachments)", "0"),
        ("map(body.links, .href_url.domain.domain)", r#"["www.example.net"]"#),
        ("type.inbound", "true"),
        ("3.0 / 2", "1.5"),
        ("\"\"", r#""""#),
        ("[null, \"a\"]", r#"[null,"a"]"#),
    ];
    for (source, value) in shown {
        assert_eq!(insight(source).map(|it| it.to_string()).as_deref(), Some(value), "{source}");
    }
}

#[test]
fn an_insight_shows_objects_with_their_fields() {
    let value = insight("sender.email.domain").expect("shown");
    assert_eq!((&value["domain"], &value["sld"]), (&"example.net".into(), &"example".into()));
    let links = insight("filter(body.links, .href_url.domain.valid)").expect("shown");
    assert_eq!(links[0]["href_url"]["path"], "/pay");
}

#[test]
fn an_insight_without_a_value_is_not_shown() {
    for source in
        ["type.outbound", "headers.in_reply_to", "attachments", "map(attachments, .file_name)", "filter(body.links, false)", "null"]
    {
        assert_eq!(insight(source), None, "{source}");
    }
}

#[test]
fn an_insight_that_needs_something_says_so() {
    let report = inspect(&[file("query", "network.whois(sender.email.domain).days_old", ""), file("query", "subject.subject", "")]);
    assert_eq!(report.undetermined.len(), 1);
    assert_eq!(report.undetermined[0].needs, ["whois"]);
    assert_eq!(report.coverage.needs["whois"], 1);
    assert_eq!((report.coverage.rules, report.coverage.decided), (2, 1));
    assert_eq!((report.verdict, report.matches.len()), (Verdict::Clean, 1));
}

#[test]
fn an_insight_with_an_unknown_item_needs_something_too() {
    let report = inspect(&[file("query", "map(body.links, network.whois(.href_url.domain).days_old)", "")]);
    assert_eq!((report.matches.len(), report.undetermined.len()), (0, 1));
    assert_eq!(report.undetermined[0].needs, ["whois"]);
}

#[test]
fn data_loss_rules_are_reported_and_flag_nothing() {
    let report = inspect(&[file("dlp", "type.inbound", "severity: critical\n")]);
    assert_eq!((report.verdict, report.severity), (Verdict::Clean, None));
    let json = report.json();
    assert_eq!((&json["matches"][0]["rule"]["type"], &json["matches"][0]["rule"]["severity"]), (&"dlp".into(), &"critical".into()));
}

#[test]
fn automations_are_reported_and_flag_nothing() {
    let report = inspect(&[file("triage_rule", "type.inbound", "")]);
    assert_eq!((report.verdict, report.matches.len()), (Verdict::Clean, 1));
    assert_eq!(report.json()["matches"][0]["rule"]["type"], "triage_rule");
    let report = inspect(&["name: always\ntype: triage_rule\nsource: true\n".to_owned()]);
    assert_eq!(report.matches.len(), 1);
}

#[test]
fn only_automations_know_of_triage() {
    let source = "triage.trigger == \"abuse_report\"";
    assert_eq!(error("triage_rule", source), "");
    for kind in ["rule", "dlp", "query", "exclusion"] {
        assert!(error(kind, source).contains("triage"), "{kind}: {}", error(kind, source));
    }
    // A loose message has no triage: nobody reported it, no agent has seen it.
    let sources =
        [source, "triage.user_reports.count > 0", "length(triage.flagged_rules) > 0", "triage.agents.asa.verdict == \"malicious\""];
    let report = inspect(&sources.map(|source| file("triage_rule", source, "")));
    assert_eq!((report.matches.len(), report.undetermined.len()), (0, 0), "{:#}", report.json());
}

#[test]
fn only_insights_may_have_any_value() {
    for kind in ["rule", "dlp", "triage_rule", "exclusion"] {
        assert_ne!(error(kind, "subject.subject"), "", "{kind}");
        assert_eq!(error(kind, "subject.is_reply"), "", "{kind}");
    }
    assert_eq!(error("query", "subject.subject"), "");
}

#[test]
fn the_highest_severity_counts() {
    let rule = |severity: &str| file("rule", "type.inbound", severity);
    let check = |rules: &[String], expected| {
        let report = inspect(rules);
        assert_eq!((report.verdict, report.severity), (Verdict::Flagged, Some(expected)));
    };
    check(&[rule("severity: low\n"), rule("severity: high\n"), rule("severity: medium\n")], Severity::High);
    check(&[rule("severity: low\n")], Severity::Low);
    check(&[rule("severity: low\n"), rule("")], Severity::Medium);
    check(&[rule("severity: low\n"), file("query", "type.inbound", "severity: high\n")], Severity::Low);
}

#[test]
fn an_exclusion_takes_the_message_out_of_detection() {
    let flag = file("rule", "type.inbound", "severity: high\n");
    let report = inspect(&[flag.clone(), file("exclusion", "sender.email.domain.domain == \"example.net\"", "")]);
    assert_eq!((report.verdict, report.severity), (Verdict::Clean, None));
    assert_eq!(report.excluded_by.len(), 1);
    let json = report.json();
    assert_eq!((&json["verdict"], &json["excluded_by"][0]["path"]), (&"clean".into(), &"1.yml".into()));
    let other = inspect(&[flag, file("exclusion", "sender.email.domain.domain == \"example.org\"", "")]);
    assert_eq!((other.verdict, other.excluded_by.len()), (Verdict::Flagged, 0));
    assert!(other.json().get("excluded_by").is_none());
}

#[test]
fn an_exclusion_also_covers_yara() {
    let mut builder = Builder::new(Settings::default());
    builder.add_yara("pay.yar", b"rule pay { strings: $a = \"Please pay\" condition: $a }");
    builder.add_mql("out.yml", &file("exclusion", "type.inbound", ""));
    let report = builder.build().inspect("test", &mail().bytes());
    assert_eq!(report.verdict, Verdict::Clean);
}

#[test]
fn an_exclusion_that_is_not_decided_excludes_nothing() {
    let report = inspect(&[file("rule", "type.inbound", ""), file("exclusion", "network.whois(sender.email.domain).days_old > 9", "")]);
    assert_eq!((report.verdict, report.excluded_by.len()), (Verdict::Flagged, 0));
    assert_eq!(report.undetermined[0].needs, ["whois"]);
}

#[test]
fn rules_that_are_switched_off_do_not_run() {
    let report = inspect(&[file("rule", "type.inbound", "active: false\n"), file("exclusion", "type.inbound", "active: false\n")]);
    assert_eq!((report.verdict, report.coverage.rules, report.matches.len()), (Verdict::Clean, 0, 0));
    let report = inspect(&[file("rule", "type.inbound", "active: true\n")]);
    assert_eq!(report.verdict, Verdict::Flagged);
    // Switched off or not, mistakes are found.
    let checked = Builder::new(Settings::default()).add_mql("r.yml", &file("rule", "no_such_field", "active: false\n"));
    assert!(!checked.is_ok());
}

const UNKNOWN: &str = "any(ml.nlu_classifier(body.current_thread.text).intents, .name == \"cred_theft\")";

#[test]
fn a_known_blind_spot_leaves_a_message_clean() {
    let report = inspect(&[file("rule", UNKNOWN, "")]);
    assert_eq!((report.verdict, report.undetermined.len()), (Verdict::Clean, 1));
    assert_eq!(report.json()["undetermined"][0]["needs"], serde_json::json!(["language"]));
}

#[test]
fn a_required_need_makes_a_message_undetermined() {
    let required = || Settings { required: ["language".to_owned()].into(), ..Settings::default() };
    let check = |files: &[String], expected| {
        assert_eq!(set(required(), files).inspect("test", &mail().bytes()).verdict, expected);
    };
    check(&[file("rule", UNKNOWN, "")], Verdict::Undetermined);
    check(&[file("exclusion", UNKNOWN, "")], Verdict::Undetermined);
    check(&[file("query", UNKNOWN, "")], Verdict::Clean);
    check(&[file("dlp", UNKNOWN, "")], Verdict::Clean);
    check(&[file("rule", UNKNOWN, ""), file("rule", "type.inbound", "")], Verdict::Flagged);
    check(&[file("rule", "network.whois(sender.email.domain).found", "")], Verdict::Clean);
}

#[test]
fn a_broken_rule_leaves_the_others_running() {
    let mut builder = Builder::new(Settings::default());
    assert!(!builder.add_mql("a.yml", &file("rule", "type.inbund", "")).is_ok());
    assert!(builder.add_mql("b.yml", &file("rule", "type.inbound", "")).is_ok());
    let set = builder.build();
    assert_eq!(set.rules().len(), 1);
    assert_eq!(set.inspect("test", &mail().bytes()).verdict, Verdict::Flagged);
}

#[test]
fn bytes_that_are_no_message_give_a_report() {
    let set = set(Settings::default(), &[file("rule", "sender.email.email == \"a\"", "")]);
    for bytes in [&b""[..], b"\0\0\0", b"no header at all", b"From:\r\n"] {
        let report = set.inspect("test", bytes);
        assert_eq!((report.verdict, report.matches.len()), (Verdict::Clean, 0));
        assert_eq!(report.sha256.len(), 64);
    }
}
