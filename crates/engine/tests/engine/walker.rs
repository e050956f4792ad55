//! The plain evaluator and the compiled rules say the same: the starter rules on all messages of the repository, and small rules on hard cases.

use crate::semantics::random_sources;
use mailhound_engine::{Builder, Decision, Match, Organization, Report, RuleSet, RuleType, Settings, Walked, starter};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a report says of each rule that it names, by the path of the rule.
fn decisions(report: &Report) -> BTreeMap<String, Decision> {
    let mut decisions = BTreeMap::new();
    for it in &report.matches {
        if let Match::Mql { rule, value, .. } = it {
            decisions.insert(rule.path.clone(), Decision::Match(value.clone()));
        }
    }
    decisions.extend(report.excluded_by.iter().map(|rule| (rule.path.clone(), Decision::Match(None))));
    decisions.extend(report.undetermined.iter().map(|it| (it.rule.path.clone(), Decision::Undetermined(it.needs.clone()))));
    decisions
}

/// Compares the reports of a rule set with walks of its rules, and these with explanations; gives the number of decisions that are not "no match".
#[track_caller]
fn compare_all(rules: &RuleSet, messages: &[(String, Vec<u8>)]) -> usize {
    let explainer = rules.explainer(|rule| rule.active);
    for (source, bytes) in messages {
        let message = rules.parse(bytes);
        let mut walked = explainer.walk(&message).into_iter();
        let explained: Result<(), String> = explainer.explain(&message, |it| {
            let expected = walked.next().map(|it| it.decision);
            let is_no_match = it.decision == Decision::NoMatch;
            let is_missed = it.miss.as_ref().is_some_and(|miss| miss.count > 0 && !miss.lacking.is_empty());
            let is_condition = it.rule.kind != RuleType::Query;
            let is_open = !it.open().is_empty();
            match () {
                () if Some(&it.decision) != expected.as_ref() => Err(format!("explained {:?}, walked {expected:?}", it.decision)),
                () if is_condition && is_no_match != is_missed => {
                    Err("a rule that does not match misses a condition, and no other".to_owned())
                }
                () if is_condition && is_open != matches!(it.decision, Decision::Undetermined(_)) => Err("open".to_owned()),
                () => Ok(()),
            }
            .map_err(|fault| format!("{} on {source}: {fault}", it.rule.path))
        });
        assert_eq!(explained, Ok(()));
    }
    compare(rules, messages)
}

/// Compares the reports of a rule set with walks of its rules; gives the number of decisions that are not "no match".
#[track_caller]
fn compare(rules: &RuleSet, messages: &[(String, Vec<u8>)]) -> usize {
    let explainer = rules.explainer(|rule| rule.active);
    let (mut wrong, mut found) = (Vec::new(), 0);
    for (source, bytes) in messages {
        let report = rules.inspect(source, bytes);
        let compiled = decisions(&report);
        found += compiled.len();
        for Walked { rule, decision } in explainer.walk(&rules.parse(bytes)) {
            let expected = compiled.get(&rule.path).unwrap_or(&Decision::NoMatch);
            if decision != *expected {
                wrong.push(format!("{} on {source}: walked {decision:?}, compiled {expected:?}", rule.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ: {wrong:#?}", wrong.len());
    found
}

fn set(rules: impl IntoIterator<Item = (String, String)>) -> RuleSet {
    let organization = Organization { domains: vec!["example.com".to_owned()], ..Organization::default() };
    let mut builder = Builder::new(Settings { organization, ..Settings::default() });
    let checked: Vec<_> = rules.into_iter().map(|(path, text)| builder.add_mql(&path, &text)).collect();
    let wrong: Vec<_> = checked.iter().filter(|it| !it.is_ok()).map(|it| (&it.path, &it.findings)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    builder.build()
}

/// All messages below a folder of the repository.
fn messages(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(messages(&path));
        } else if path.extension().is_some_and(|it| it == "eml") {
            found.push((path.display().to_string(), std::fs::read(&path).expect("it can be read")));
        }
    }
    found
}

#[test]
fn starter_rules_walk_as_they_run() {
    let rules = set(starter::mql().map(|(path, text)| (path, text.to_owned())));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let all = [messages(&root.join("examples")), messages(&root.join("rules/tests"))].concat();
    assert!(all.len() > 150, "only {} messages", all.len());
    let found = compare_all(&rules, &all);
    assert!(found > all.len(), "only {found} findings: the comparison would show nothing");
}

/// Conditions and values in which one operator meets known, null and unavailable operands.
const EXPRESSIONS: &[&str] = &[
    // Null and unavailable through logic.
    "headers.in_reply_to == 'a' and network.whois(sender.email.domain).found",
    "headers.in_reply_to == 'a' or network.whois(sender.email.domain).found",
    "not (headers.in_reply_to == 'a' or network.whois(sender.email.domain).found)",
    "2 of (true, headers.in_reply_to == 'a', network.whois(sender.email.domain).found, false)",
    "1 of (headers.in_reply_to == 'a', network.whois(sender.email.domain).found, type.inbound)",
    "(headers.in_reply_to == 'a' or beta.message_screenshot().size > 9) and headers.in_reply_to == 'b' and network.whois(sender.email.domain).found",
    // Loops.
    "any([sender.email.email, headers.in_reply_to, beta.ocr(beta.message_screenshot()).text], . == 'ada@sender.example')",
    "all([sender.email.email, headers.in_reply_to, beta.ocr(beta.message_screenshot()).text], strings.contains(., 'a'))",
    "any(regex.extract(headers.in_reply_to, 'a'), .full_match == 'a')",
    "all(regex.extract(headers.in_reply_to, 'a'), .full_match == 'a')",
    "any(ml.nlu_classifier(body.current_thread.text).intents, .name == 'bec')",
    "any(recipients.to, any([.email.email, subject.subject], . == ..email.email and length(.) > 3) and .email.email == 'bob@example.com')",
    "any(attachments, any(file.explode(.), .depth > 0 and strings.icontains(.scan.strings.raw, 'a')))",
    "length(filter(attachments, any(file.explode(.), .scan.zip.encrypted))) > 0",
    "filter(recipients.to, network.whois(.email.domain).found)",
    "map(recipients.to, .email.domain.domain)",
    "map(recipients.to, network.whois(.email.domain).found)",
    "ratio([1, 2, null, null], . > 0)",
    "ratio(filter([1], . > 1), true)",
    "ratio([1, 2], network.whois(sender.email.domain).found)",
    "distinct([1, 1.0, 2, null, null, 2.5])",
    "distinct(recipients.to, .email.domain.root_domain)",
    "length(distinct(map(recipients.to, .email.domain.root_domain)))",
    "sum([1, 2, null, 9223372036854775807, 1])",
    "sum([0.5, 1, 2])",
    "sum(recipients.to, length(.email.email))",
    "sum(regex.extract(headers.in_reply_to, 'a'), 1)",
    "flatten([[1, 2], [3]])",
    "flatten([map(recipients.to, .email.email), regex.extract('abab', 'a(b)')[0].groups, null])",
    "length(headers.in_reply_to)",
    "length(regex.extract('abab', '(?P<x>a)')[0].named_groups)",
    "coalesce(headers.in_reply_to, subject.subject)",
    "coalesce(headers.auth_summary.dmarc.pass, false)",
    "coalesce(network.whois(sender.email.domain).found, false)",
    // Membership.
    "headers.in_reply_to in ('a', 'b')",
    "headers.in_reply_to not in~ ('a', 'b')",
    "sender.email.email in~ ('ADA@SENDER.EXAMPLE', 'b')",
    "sender.email.email in (beta.ocr(beta.message_screenshot()).text, 'ada@sender.example')",
    "headers.in_reply_to in (beta.ocr(beta.message_screenshot()).text, 'a')",
    "'z' in ['a', headers.in_reply_to]",
    "'a' in ['a', headers.in_reply_to]",
    "sender.email.domain.domain in $tranco_1m",
    "sender.email.domain.domain not in $no_such_list_at_all",
    "headers.in_reply_to in $no_such_list_at_all",
    "any($org_domains, . == 'example.com')",
    "any($tranco_1m, . == 'no-such-host.example')",
    "'example.com' in $org_domains and 'EXAMPLE.COM' in~ $org_domains",
    // Scalars and parts.
    "0 < length(subject.subject) <= 300",
    "0 < length(headers.in_reply_to) < 300",
    "9 < 3 < network.whois(sender.email.domain).days_old",
    "5 / 2",
    "5 / 2.0 + 1 * 2 % 3 - 1",
    "5 / 0",
    "-9223372036854775807 - 2",
    "length(subject.subject) / 3 == 2",
    "[1, 2.0][0] / 2",
    "3 == 3.0 and not 3 == 3.14",
    "subject.subject[0:3]",
    "subject.subject[2:]",
    "subject.subject[:length(headers.in_reply_to)]",
    "recipients.to[0].email.email",
    "recipients.to[7].email.email",
    "[1, 2, 3][1:9]",
    "[1, 2, 3][2:1]",
    "headers.in_reply_to[0:1]",
    "headers.in_reply_to is null and not subject.subject is null",
    "network.whois(sender.email.domain).days_old is null",
    "(headers.in_reply_to == 'a') is null",
    "(headers.in_reply_to == 'a') == true",
    "not (type.inbound == true) or type.outbound == false",
    // JSON.
    r#"strings.parse_json('{"a": [1, 2.5, "x", null], "b": {"c": true}}')["a"]"#,
    r#"strings.parse_json('{"a": [1, 2.5, "x", null], "b": {"c": true}}')["a"][2] == "x""#,
    r#"strings.parse_json('{"a": [1, 2.5, "x", null], "b": {"c": true}}')["a"][0] == "x""#,
    r#"strings.parse_json('{"a": [1, 2.5, "x", null], "b": {"c": true}}')["b"]["c"] == true"#,
    r#"any(strings.parse_json('{"a": [1, 2.5, "x", null]}')["a"], . == 2.5)"#,
    r#"keys(strings.parse_json('{"b": 1, "a": 2}'))"#,
    r#"values(strings.parse_json('{"b": 1, "a": 2}'))"#,
    r#"length(strings.parse_json('{"b": 1, "a": 2}'))"#,
    r#"distinct(strings.parse_json('[1, 1.0, "a", "a", {"x": 1}, {"x": 1}]'))"#,
    r#"flatten(strings.parse_json('[1, [2, [3, "a"]], null]'))"#,
    "strings.parse_json('[') is null",
    // What a rule needs, under null lists, absent lists, and counts.
    "any(body.links, .href_url.path == '/a' and any(.href_url.query_params_decoded['k'], any(recipients.cc, .email.email != ..)))",
    "not any(body.links, .href_url.path == '/a' and any(.href_url.query_params_decoded['k'], any(recipients.cc, .email.email != ..)))",
    "2 of (any(body.links, .display_text == 'x'), subject.subject == 'Invoice 17', headers.in_reply_to == 'a')",
    "any(filter(attachments, .file_extension == 'pdf'), .file_name == 'b.pdf')",
    "any(distinct(attachments, .file_extension), .file_extension == 'exe') is null",
    "length(filter(attachments, .file_extension == 'exe')) > 0",
    "0 < length(filter(attachments, .file_extension in~ ('PDF', 'doc'))) <= 2",
    "any(map(attachments, .file_extension), . == 'exe') or any(attachments[:1], .file_extension == 'exe')",
    "any(headers.hops, any(.fields, .name =~ 'X-Nothing')) or any(headers.hops, any(.fields, .name =~ 'subject'))",
    "not (not (any(recipients.to, .email.domain.root_domain in~ ('EXAMPLE.com', 'no.example'))))",
    "any(body.links, .href_url.domain.root_domain in $no_such_list_at_all) and any(recipients.cc, .email.email in $no_such_list_at_all)",
    "any([subject.subject, headers.in_reply_to], strings.icontains(., 'no such text', 'nor this', 'nor that', 'nor those'))",
    // Functions with prepared and other arguments.
    "strings.icontains(subject.subject, 'invoice', sender.email.local_part, 'nothing')",
    "strings.contains(subject.subject, headers.in_reply_to)",
    "regex.icontains(body.current_thread.text, 'hel+o', '[0-9]{9}')",
    "strings.ilike(subject.subject, '*voice*', headers.in_reply_to)",
    "file.parse_text(attachments[0]).text",
    "map(attachments, file.parse_text(., encodings=['ascii', 'utf8', 'utf16-le']).text)",
];

/// A message with what the expressions ask for.
const MESSAGE: &str = "From: Ada Byron <ada@sender.example>\r\nTo: bob@example.com, carl@example.net, dora@example.com\r\nSubject: Invoice 17\r\n\
    Message-ID: <1@sender.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain\r\n\r\nHello Bob, see https://pay.example/now\r\n--b\r\nContent-Type: text/plain\r\n\
    Content-Disposition: attachment; filename=\"a.txt\"\r\n\r\nabc a strings\r\n--b\r\nContent-Type: application/pdf\r\n\
    Content-Disposition: attachment; filename=\"b.pdf\"\r\n\r\n%PDF-1.4\r\n%%EOF\r\n--b--\r\n";

#[test]
fn hard_expressions_walk_as_they_run() {
    let rules = EXPRESSIONS.iter().map(|expr| ((*expr).to_owned(), format!("name: n\ntype: query\nsource: |\n  {expr}\n")));
    let rules = set(rules);
    let messages = [MESSAGE, "", "From: x\r\n\r\n", "Subject: only\r\nTo: undisclosed\r\n\r\n"];
    let messages: Vec<_> = messages.iter().enumerate().map(|(idx, text)| (format!("message {idx}"), text.as_bytes().to_vec())).collect();
    assert!(compare_all(&rules, &messages) > EXPRESSIONS.len());
}

#[test]
fn random_conditions_walk_as_they_run() {
    let sources = random_sources(0x0DDB_1A5E_5BAD_5EED, 2_000).into_iter().enumerate();
    let rules = set(sources.map(|(idx, source)| (idx.to_string(), format!("name: n\ntype: rule\nsource: |\n  {source}\n"))));
    let found = compare_all(&rules, &[("message".to_owned(), MESSAGE.as_bytes().to_vec())]);
    assert!((500..1_900).contains(&found), "{found} decisions that are not \"no match\"");
}

#[test]
fn a_walk_stops_at_the_same_limits() {
    let mut settings = Settings::default();
    settings.limits.eval_steps = 100;
    let mut builder = Builder::new(settings);
    let items = vec!["1"; 20].join(", ");
    for (name, source) in [
        ("short", format!("any([{items}], . == 2)")),
        // The inner loop reads the items of both: a plan shares what depends on one alone, and would need fewer steps.
        ("long", format!("any([{items}], any([{items}], . + .. == 3))")),
        ("behind", format!("type.outbound and any([{items}], any([{items}], . + .. == 3))")),
        ("map", format!("length(map([{items}], sum([{items}], .))) > 0")),
    ] {
        assert!(builder.add_mql(name, &format!("name: {name}\ntype: rule\nsource: |\n  {source}\n")).is_ok());
    }
    let rules = builder.build();
    assert_eq!(compare(&rules, &[("message".to_owned(), MESSAGE.as_bytes().to_vec())]), 2);
    let decisions: Vec<_> = rules.explainer(|_| true).walk(&rules.parse(MESSAGE.as_bytes())).into_iter().map(|it| it.decision).collect();
    let open = Decision::Undetermined(vec!["limit eval.steps".to_owned()]);
    assert_eq!(decisions, [Decision::NoMatch, open, Decision::NoMatch, Decision::Match(None)]);
}
