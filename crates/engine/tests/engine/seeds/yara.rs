//! The YARA seeds: strings at their edges, sizes, letter case, and where a match says it was.

use super::seed;
use crate::mail::{Mail, zip};
use mailhound_engine::{Builder, Match, RuleSet, Settings, Severity, Verdict};

fn rule(name: &str) -> Option<RuleSet> {
    let mut builder = Builder::new(Settings::default());
    let problems = builder.add_yara(name, seed(name)?.as_bytes());
    assert!(problems.is_empty(), "{name} compiles");
    Some(builder.build())
}

fn matches(set: &RuleSet, file: &[u8]) -> bool {
    let yara = set.yara().expect("a YARA file was added");
    !yara.scan(file).expect("the file is scanned whole").is_empty()
}

/// A file of `size` bytes that begins with `PK` and holds the texts at these offsets.
fn archive(size: usize, texts: &[(usize, &str)]) -> Vec<u8> {
    let mut file = vec![b'.'; size];
    file[..2].copy_from_slice(b"PK");
    for (offset, text) in texts {
        file[*offset..offset + text.len()].copy_from_slice(text.as_bytes());
    }
    file
}

#[test]
fn self_extractor_strings_at_their_edges() {
    let Some(set) = rule("malicious_sfx1.yar") else { return };
    let check = |voicemail, exe, expected| {
        let file = archive(200, &[(voicemail, "voicemail"), (exe, ".exe")]);
        assert_eq!(matches(&set, &file), expected, "voicemail at {voicemail}, .exe at {exe}");
    };
    check(30, 39, true);
    check(3, 80, true);
    check(80, 3, true);
    check(2, 39, false);
    check(81, 39, false);
    check(30, 2, false);
    check(30, 81, false);
}

#[test]
fn self_extractor_needs_all_of_it() {
    let Some(set) = rule("malicious_sfx1.yar") else { return };
    let check = |name: &str, file: &[u8], expected| assert_eq!(matches(&set, file), expected, "{name}");
    let texts = [(30, "voicemail"), (39, ".exe")];
    check("both strings", &archive(200, &texts), true);
    check("below the limit", &archive(1_023_999, &texts), true);
    check("at the limit", &archive(1_024_000, &texts), false);
    check("no .exe", &archive(200, &texts[..1]), false);
    check("no voicemail", &archive(200, &texts[1..]), false);
    check("capitals", &archive(200, &[(30, "VOICEMAIL"), (39, ".exe")]), false);
    check("in and behind the range", &archive(200, &[(30, "voicemail"), (39, ".exe"), (150, "voicemail.exe")]), true);
    let mut other = archive(200, &texts);
    other[..2].copy_from_slice(b"MZ");
    check("no PK", &other, false);
    other[..2].copy_from_slice(b"KP");
    check("PK turned round", &other, false);
    check("empty", b"", false);
}

#[test]
fn smtp_strings_alone_and_in_any_case() {
    let Some(set) = rule("network_smtp_vb.yar") else { return };
    let strings = ["CDO.Message", "cdoSMTPServer", "cdoSendUsingMethod", "cdoex.dll", "/cdo/configuration/smtpserver"];
    for text in strings {
        for text in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
            assert!(matches(&set, format!("Set m = {text} ").as_bytes()), "{text}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(!matches(&set, &wide), "{text} in UTF-16");
            assert!(!matches(&set, &text.as_bytes()[1..]), "{text} without its first letter");
        }
    }
    assert!(!matches(&set, b"CDO Message, cdo-SMTP-Server"));
}

/// Where the rule matches in a message.
fn parts(set: &RuleSet, mail: &Mail) -> Vec<String> {
    let report = set.inspect("test", &mail.bytes());
    let part = |found: &Match| match found {
        Match::Yara { part, .. } => part.clone(),
        Match::Mql { rule, .. } => panic!("{} is no YARA rule", rule.name),
    };
    assert_eq!(report.verdict, if report.matches.is_empty() { Verdict::Clean } else { Verdict::Flagged });
    assert_eq!(report.severity, (!report.matches.is_empty()).then_some(Severity::Medium));
    report.matches.iter().map(part).collect()
}

fn mail() -> Mail {
    Mail::new("Rita <rita@example.net>", "quentin@example.org", "Script").plain("Here it is.")
}

const SCRIPT: &[u8] = b"Set mail = CreateObject(\"CDO.Message\")\r\nmail.Send\r\n";

#[test]
fn a_match_names_its_part() {
    let Some(set) = rule("network_smtp_vb.yar") else { return };
    let attached = |name: &str, content: &[u8]| mail().attach("application/octet-stream", name, content);
    assert_eq!(parts(&set, &mail()), Vec::<String>::new());
    assert_eq!(parts(&set, &mail().plain("CDO.Message")), ["message"]);
    assert_eq!(parts(&set, &attached("send.vbs", SCRIPT)), ["attachments[0]"]);
    assert_eq!(parts(&set, &attached("notes.txt", b"x").attach("application/octet-stream", "send.vbs", SCRIPT)), ["attachments[1]"]);
    let archive = zip(&[("readme.txt", b"x"), ("bin/send.vbs", SCRIPT)]);
    assert_eq!(parts(&set, &attached("a.zip", &archive)), ["attachments[0] > bin/send.vbs"]);
    let outer = zip(&[("a.zip", &archive)]);
    assert_eq!(parts(&set, &attached("outer.zip", &outer)), ["attachments[0] > a.zip > bin/send.vbs"]);
}

#[test]
fn the_self_extractor_in_an_archive() {
    let Some(set) = rule("malicious_sfx1.yar") else { return };
    let attached = |name: &str, content: Vec<u8>| mail().attach("application/zip", name, content);
    let extractor = archive(200, &[(30, "voicemail"), (39, ".exe")]);
    assert_eq!(parts(&set, &attached("call.zip", zip(&[("call.bin", &extractor)]))), ["attachments[0] > call.bin"]);
    // The name of the first file stands at offset 30 of an archive.
    assert_eq!(parts(&set, &attached("call.zip", zip(&[("voicemail.exe", b"text")]))), ["attachments[0]"]);
    assert_eq!(parts(&set, &attached("call.zip", zip(&[("a.txt", b"a"), ("voicemail.exe", b"text")]))), ["attachments[0]"]);
}

#[test]
fn a_report_carries_what_the_rule_says_of_itself() {
    let Some(set) = rule("network_smtp_vb.yar") else { return };
    let report = set.inspect("test", &mail().plain("CDO.Message").bytes());
    let [Match::Yara { rule, .. }] = report.matches.as_slice() else { panic!("one match") };
    assert_eq!(
        (rule.name.as_str(), rule.namespace.as_str(), rule.path.as_str()),
        ("network_smtp_vb", "network_smtp_vb", "network_smtp_vb.yar")
    );
    assert_eq!(rule.meta["author"], "x0r");
    assert_eq!(report.json()["matches"][0]["part"], "message");
}
