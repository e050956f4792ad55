//! A limit that was hit: what lies behind it is not known, what lies before it is.

use crate::mail::{Mail, zip};
use mailhound_engine::{Builder, Report, Settings, Verdict};
use mailhound_value::Limits;

/// A report on one rule under these limits.
fn inspect(limits: Limits, source: &str, mail: &Mail) -> Report {
    let mut builder = Builder::new(Settings { limits, ..Settings::default() });
    let checked = builder.add_mql("r.yml", &format!("name: n\ntype: rule\nsource: |\n  {source}\n"));
    assert!(checked.is_ok(), "{source}: {:?}", checked.findings);
    builder.build().inspect("test", &mail.bytes())
}

/// The verdict of one rule under these limits, and what it needed.
fn run(limits: Limits, source: &str, mail: &Mail) -> (Verdict, Vec<String>) {
    let report = inspect(limits, source, mail);
    (report.verdict, report.undetermined.into_iter().flat_map(|rule| rule.needs).collect())
}

/// Checks a rule that asks before the limit and one that asks behind it.
fn check(limit: &str, limits: &Limits, mail: &Mail, before: &str, behind: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |source: &str, limits: &Limits, expected: (Verdict, Vec<String>)| {
        let found = run(limits.clone(), source, mail);
        if found != expected {
            wrong.push(format!("{limit}: {source}: {found:?} instead of {expected:?}"));
        }
    };
    expect(before, limits, (Verdict::Flagged, vec![]));
    expect(behind, limits, (Verdict::Undetermined, vec![format!("limit {limit}")]));
    expect(behind, &Limits::default(), (Verdict::Flagged, vec![]));
    wrong
}

fn mail() -> Mail {
    Mail::new("Rita <rita@example.net>", "quentin@example.org", "Hello").plain("Hello.")
}

#[test]
fn behind_a_limit_nothing_is_known() {
    let limits = Limits::default;
    let links = (0..5).map(|idx| format!("<a href=\"https://www.example.net/{idx}\">open {idx}</a>")).collect::<String>();
    let names: Vec<String> = (0..5).map(|idx| format!("{idx}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"text"[..])).collect();
    let archive = mail().attach("application/zip", "a.zip", zip(&members));
    let inner = zip(&[("inner.txt", b"text")]);
    let nested = mail().attach("application/zip", "a.zip", zip(&[("b.zip", &inner)]));
    let recipients = (0..5).map(|idx| format!("u{idx}@example.org")).collect::<Vec<_>>().join(", ");
    let files = (0..5).fold(mail(), |mail, idx| mail.attach("application/octet-stream", &format!("{idx}.dat"), format!("block {idx}")));
    let inside = |name: &str| format!("any(attachments, any(file.explode(.), .file_name == \"{name}\"))");
    let wrong = [
        check(
            "message.links",
            &Limits { message_links: 3, ..limits() },
            &mail().html(&links),
            "any(body.links, .href_url.path == \"/1\")",
            "any(body.links, .href_url.path == \"/4\")",
        ),
        check(
            "message.addresses",
            &Limits { message_addresses: 3, ..limits() },
            &mail().header("To", &recipients),
            "any(recipients.to, .email.local_part == \"u1\")",
            "any(recipients.to, .email.local_part == \"u4\")",
        ),
        check(
            "message.parts",
            &Limits { message_parts: 4, ..limits() },
            &files,
            "any(attachments, .file_name == \"0.dat\")",
            "any(attachments, .file_name == \"4.dat\")",
        ),
        check("files.members", &Limits { archive_members: 3, ..limits() }, &archive, &inside("1.txt"), &inside("4.txt")),
        check("files.nodes", &Limits { file_nodes: 3, ..limits() }, &archive, &inside("1.txt"), &inside("4.txt")),
        check("files.depth", &Limits { file_depth: 1, ..limits() }, &nested, &inside("b.zip"), &inside("inner.txt")),
    ];
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_that_is_too_long_is_not_known_at_all() {
    let limits = Limits { message_text: 100, ..Limits::default() };
    let mail = mail().plain(&format!("Hello. {} The end.", "More. ".repeat(90)));
    for word in ["Hello", "The end"] {
        let source = format!("strings.contains(body.current_thread.text, \"{word}\")");
        assert_eq!(run(limits.clone(), &source, &mail), (Verdict::Undetermined, vec!["limit message.text".to_owned()]), "{word}");
        assert_eq!(run(Limits::default(), &source, &mail), (Verdict::Flagged, vec![]), "{word}");
    }
}

/// Checks a limit that leaves rules decided on what was read: it is told among the errors, and the message is not called clean.
fn check_told(limit: &str, limits: &Limits, mail: &Mail, before: &str, behind: &str) {
    assert_eq!(run(limits.clone(), before, mail), (Verdict::Flagged, vec![]), "{limit}: {before}");
    assert_eq!(run(Limits::default(), behind, mail), (Verdict::Flagged, vec![]), "{limit}: {behind}");
    let report = inspect(limits.clone(), behind, mail);
    assert_eq!((report.verdict, report.undetermined.len()), (Verdict::Undetermined, 0), "{limit}: {behind}");
    let told = format!("(limit {limit})");
    assert!(report.errors.iter().any(|error| error.ends_with(&told)), "{limit}: {:?}", report.errors);
}

#[test]
fn limits_that_only_the_errors_tell_of() {
    let limits = Limits::default;
    let fields = (0..9).fold(mail(), |mail, idx| mail.header(&format!("X-Field-{idx}"), "a"));
    check_told(
        "message.headers",
        &Limits { message_headers: 8, ..limits() },
        &fields,
        "any(headers.hops, any(.fields, .name == \"X-Field-0\"))",
        "any(headers.hops, any(.fields, .name == \"X-Field-8\"))",
    );
    check_told(
        "message.bytes",
        &Limits { message_bytes: 1000, ..limits() },
        &mail().plain(&format!("Hello. {} The end.", "More. ".repeat(900))),
        "strings.contains(body.current_thread.text, \"Hello\")",
        "strings.contains(body.current_thread.text, \"The end\")",
    );
}

#[test]
fn only_the_first_part_of_a_long_text_is_searched() {
    let mail = mail().plain(&format!("Alpha 17. {} Omega 42.", "more words ".repeat(60)));
    let limits = Limits { search_text: 300, ..Limits::default() };
    let text = "body.current_thread.text";
    let mut wrong = Vec::new();
    // One test is run by itself; of many the search tells which can be true.
    for others in ["", "'no such word', 'nor this one', 'nor that one', 'nothing here', "] {
        for (function, before, behind) in [
            ("strings.contains", "'Alpha'", "'Omega'"),
            ("strings.icontains", "'ALPHA'", "'OMEGA'"),
            ("regex.contains", r"'Alpha \d+\.'", r"'Omega \d+\.'"),
            ("regex.icontains", r"'ALPHA \d+\.'", r"'OMEGA \d+\.$'"),
        ] {
            let rule = |wanted: &str| format!("{function}({text}, {others}{wanted})");
            wrong.extend(check("search.text", &limits, &mail, &rule(before), &rule(behind)));
        }
        // What the beginning or the whole decides is known.
        for (rule, expected) in [
            (format!("strings.starts_with({text}, {others}'Alpha')"), Verdict::Flagged),
            (format!("strings.istarts_with({text}, {others}'omega')"), Verdict::Clean),
            (format!("strings.ends_with({text}, {others}'42.')"), Verdict::Flagged),
            (format!("strings.ilike({text}, {others}'*OMEGA*')"), Verdict::Flagged),
            (format!("strings.ilike({text}, {others}'*zeta*')"), Verdict::Clean),
        ] {
            let found = run(limits.clone(), &rule, &mail);
            if found != (expected, vec![]) {
                wrong.push(format!("{rule}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn limits_of_the_html_are_told_by_the_rules_that_read_it() {
    let deep = mail().html(&format!("<p>Hello</p>{}<i>The end</i>", "<div>".repeat(300)));
    let found = |rule: &str| {
        let report = inspect(Limits::default(), rule, &deep);
        (report.verdict, report.errors.iter().any(|error| error.contains("(limit html.depth)")))
    };
    assert_eq!(found("strings.contains(body.current_thread.text, \"The end\")"), (Verdict::Flagged, true));
    assert_eq!(found("strings.contains(body.current_thread.text, \"other\")"), (Verdict::Undetermined, true));
    assert_eq!(found("subject.subject == \"other\""), (Verdict::Clean, false));
}
