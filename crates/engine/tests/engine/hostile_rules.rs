//! Rules that are made to hold up a run: each is refused with a message that names the limit, or decided, or ends undetermined with the limit
//! as its need. None of these may take seconds (measured by hand: the slowest compiles in 1.2 s and runs in 1.1 s); no answer depends on the clock.

use crate::mail::Mail;
use mailhound_engine::{Builder, Checked, Match, Report, RuleRef, Settings};
use mailhound_value::Limits;
use std::fmt::Write as _;

/// What becomes of a hostile rule.
#[derive(Debug)]
enum End {
    /// It does not compile; the message says this.
    Refused(&'static str),
    /// It is true of the message, or false.
    Decided(bool),
    /// It is stopped at this limit.
    Limit(&'static str),
}

use End::{Decided, Limit, Refused};

/// A rule file with this source.
fn file(name: &str, source: &str) -> String {
    format!("name: {name}\ntype: rule\nsource: |\n  {source}\n")
}

/// What a report came to on the rule of this name: true, false, or what it needs.
fn outcome(report: &Report, name: &str) -> String {
    let is = |rule: &RuleRef| rule.name == name;
    let is_match = report.matches.iter().any(|it| matches!(it, Match::Mql { rule, .. } if is(rule)));
    match report.undetermined.iter().find(|it| is(&it.rule)) {
        Some(undetermined) => undetermined.needs.join(", "),
        None => is_match.to_string(),
    }
}

/// A report without the time that it took.
fn json(report: &Report) -> serde_json::Value {
    let mut json = report.json();
    json["elapsed_us"] = 0.into();
    json
}

/// Compiles rules by name and source, in this order.
fn build(rules: &[(&str, &str)]) -> (Builder, Vec<Checked>) {
    let mut builder = Builder::new(Settings::default());
    let checked = rules.iter().map(|(name, source)| builder.add_mql(name, &file(name, source))).collect();
    (builder, checked)
}

/// Runs a rule alone, twice, and between other rules: it ends as expected each time, and they are decided.
fn check(name: &str, source: &str, mail: &Mail, expected: &End) -> Result<(), String> {
    let (builder, checked) = build(&[(name, source)]);
    if let Refused(message) = expected {
        let found = checked[0].findings.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join("; ");
        return if !checked[0].is_ok() && found.contains(message) { Ok(()) } else { Err(format!("{name}: {found}")) };
    }
    if !checked[0].is_ok() {
        return Err(format!("{name}: {}", checked[0].findings[0].message));
    }
    let (rules, bytes) = (builder.build(), mail.bytes());
    let first = rules.inspect("test", &bytes);
    let again = rules.inspect("test", &bytes);
    if json(&first) != json(&again) {
        return Err(format!("{name}: two runs differ"));
    }
    let expected = match expected {
        Decided(is_match) => is_match.to_string(),
        Limit(limit) => format!("limit {limit}"),
        Refused(_) => String::new(),
    };
    drop(rules);
    let others = [("before", "length(body.links) > 1"), ("behind", "strings.icontains(body.current_thread.text, 'aaa')")];
    let report = build(&[others[0], (name, source), others[1]]).0.build().inspect("test", &bytes);
    if let Some((other, _)) = others.iter().find(|(other, _)| outcome(&report, other).contains("limit")) {
        return Err(format!("{name}: the rule {other} it is {}", outcome(&report, other)));
    }
    if outcome(&report, name) != expected {
        return Err(format!("{name}: {} among others instead of {expected}", outcome(&report, name)));
    }
    if outcome(&first, name) == expected { Ok(()) } else { Err(format!("{name}: {} instead of {expected}", outcome(&first, name))) }
}

fn mail() -> Mail {
    Mail::new("Rita <rita@example.net>", "quentin@example.org", "Hello")
}

#[track_caller]
fn check_all(cases: &[(&str, String, &Mail, End)]) {
    let wrong: Vec<String> = cases.iter().filter_map(|(name, source, mail, end)| check(name, source, mail, end).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A search of the text of a message for this pattern.
fn search(pattern: &str) -> String {
    format!("regex.icontains(body.current_thread.text, '{pattern}')")
}

/// Letters `a` and `b` without order.
fn letters_ab(count: usize) -> String {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 31 == 0 { 'a' } else { 'b' }
    };
    std::iter::repeat_with(next).take(count).collect()
}

fn joined(count: usize, between: &str, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(between)
}

#[test]
fn patterns() {
    let letters = mail().plain(&"a".repeat(1 << 20));
    let mixed = mail().plain(&letters_ab(1 << 20));
    let words = mail().plain(&joined(140_000, " ", |idx| format!("w{idx}")));
    check_all(&[
        ("nested counts", search("(a{1000}){1000}"), &letters, Refused("more than 1000")),
        ("counts three deep", search("(((a{100}){100}){100})"), &letters, Refused("more than 1000")),
        ("a high count", search(r"\pL{5000}"), &letters, Refused("at most 1000")),
        ("many groups deep", search(&format!("{}a{}", "(".repeat(300), ")".repeat(300))), &letters, Refused("250")),
        ("many open groups", search(&"(".repeat(100_000)), &letters, Refused("never closed")),
        ("stars of stars", search("(a*)*b"), &letters, Decided(false)),
        ("stars of the same", search("(a|a)*$"), &letters, Decided(true)),
        ("stars of the same, b", search("(a|a)*b$"), &letters, Decided(false)),
        ("stars of the same, whole", "regex.match(body.current_thread.text, '(a|a|aa)*b')".into(), &letters, Decided(false)),
        ("quadratic count", "regex.count(body.current_thread.text, 'a[^b]*b|a') > 1".into(), &letters, Limit("regex.work")),
        ("alternatives", search(&format!("(?:{})", joined(200_000, "|", |idx| format!("w{idx}x")))), &words, Limit("regex.automaton")),
        ("a large class", search(r"\pL{1000}b"), &letters, Decided(false)),
        ("a long gap", search(r"a.{1000}b"), &letters, Decided(false)),
        ("two gaps", search(r"a.{500}[bc].{400}d"), &letters, Decided(false)),
        ("many gaps", search(&joined(20, "|", |idx| format!("a.{{{}}}b", 900 + idx))), &letters, Limit("regex.automaton")),
        ("a large class behind", search(r"a\pL{900}b"), &letters, Decided(false)),
        ("exponential states", search("[ab]*a[ab]{990}c"), &mixed, Limit("regex.automaton")),
        ("exponential states in one class", search(r"(?:[ab]{1,30}a){30}c"), &mixed, Limit("regex.automaton")),
        ("extracted", "length(regex.extract(body.current_thread.text, 'a[ab]{990}|b[^x]{300}')) > 1".into(), &mixed, Limit("regex.work")),
        ("options", search(&format!("{}b", "a?".repeat(1000))), &letters, Decided(false)),
    ]);
}

#[test]
fn long_lists() {
    let words = mail().plain(&joined(140_000, " ", |idx| format!("w{idx}")));
    let many = joined(200_000, ", ", |idx| format!("'w{idx}x'"));
    let text = "body.current_thread.text";
    check_all(&[
        ("icontains", format!("strings.icontains({text}, {many})"), &words, Decided(false)),
        ("contains", format!("strings.contains({text}, {many})"), &words, Decided(false)),
        ("ilike", format!("strings.ilike({text}, {})", joined(400, ", ", |idx| format!("'*w{idx}*x*w*y'"))), &words, Decided(false)),
        (
            "regex.icontains",
            format!("regex.icontains({text}, {})", joined(2_000, ", ", |idx| format!("'w{idx}[^z]*z'"))),
            &words,
            Decided(false),
        ),
        ("in", format!("subject.subject in ({many})"), &words, Decided(false)),
        ("in~", format!("subject.subject in~ ({many}, 'hello')"), &words, Decided(true)),
        ("or", joined(200_000, " or ", |idx| format!("subject.subject == 'w{idx}'")), &words, Decided(false)),
        ("and", joined(200_000, " and ", |idx| format!("strings.icontains({text}, 'w{idx}x')")), &words, Decided(false)),
        ("of", format!("2 of ({})", joined(100_000, ", ", |idx| format!("subject.subject == 'w{idx}'"))), &words, Decided(false)),
        ("loops", joined(20_000, " or ", |idx| format!("any(body.links, .href_url.url == 'w{idx}')")), &words, Decided(false)),
        ("loop list", format!("any([{many}], strings.icontains({text}, .))"), &words, Decided(false)),
        ("array in array", format!("any([{many}], any([{many}], . == .. and . == 'x'))"), &words, Limit("eval.steps")),
    ]);
}

#[test]
fn nesting() {
    let short = mail().plain("Hello.");
    let deep = |count: usize, open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(count), close.repeat(count));
    check_all(&[
        ("parentheses", deep(100_000, "(", "true", ")"), &short, Refused("250")),
        ("not", deep(100_000, "not ", "true", ""), &short, Refused("250")),
        ("loops", deep(300, "any(recipients.to, ", "true", ")"), &short, Refused("250")),
        ("200 loops", deep(200, "any(recipients.to, ", "true", ")"), &short, Decided(true)),
        (
            "200 loops on ...",
            deep(200, "any(recipients.to, ", &format!("{}email.email == 'x'", ".".repeat(200)), ")"),
            &short,
            Decided(false),
        ),
        ("240 not", deep(240, "not ", "type.inbound", ""), &short, Decided(true)),
        ("240 parentheses", deep(240, "(", "type.inbound", ")"), &short, Decided(true)),
        ("60 ands of ors", deep(60, "(type.inbound and (type.outbound or ", "type.inbound", "))"), &short, Decided(true)),
        ("calls", deep(240, "strings.concat(subject.subject, ", "'x'", ")") + " == 'x'", &short, Decided(false)),
        ("doubling", deep(100, "strings.concat(", "subject.subject", ", subject.subject)") + " == 'x'", &short, Decided(false)),
        ("dots", format!("any(recipients.to, {}email.email == 'x')", ".".repeat(100_000)), &short, Refused("loop")),
    ]);
}

#[test]
fn a_rule_that_is_stopped_takes_nothing_from_the_others() {
    let many = joined(400, " ", |idx| format!("<a href=\"https://www.example.net/{idx}\">open {idx}</a>"));
    let mail = mail().html(&many);
    let loops =
        "any(body.links, any(body.links, any(body.links, .href_url.path == ..href_url.path and .display_text == ...href_url.path)))";
    // The second has the loops of the first in it, of which the answer is not known, and does not depend on them.
    let second = format!("length(body.links) == 400 or {loops}");
    let inner = "any(body.links, any(body.links, .href_url.path == '/399' and ..href_url.path == '/0'))";
    let (builder, _) = build(&[("first", loops), ("second", &second), ("third", inner), ("fourth", loops)]);
    let report = builder.build().inspect("test", &mail.bytes());
    let outcomes = ["first", "second", "third", "fourth"].map(|name| outcome(&report, name));
    assert_eq!(outcomes, ["limit eval.steps", "true", "true", "limit eval.steps"]);
}

#[test]
fn many_rules_share_what_a_message_may_cost() {
    let mail = mail().html(&joined(300, " ", |idx| format!("<a href=\"https://www.example.net/{idx}\">open {idx}</a>")));
    let mut builder = Builder::new(Settings { limits: Limits { eval_total: 20_000_000, ..Limits::default() }, ..Settings::default() });
    let names: Vec<String> = (0..20).map(|idx| format!("rule {idx}")).collect();
    for name in &names {
        let source = format!("any(body.links, any(body.links, strings.concat(.display_text, '{name}') == ..href_url.path))");
        assert!(builder.add_mql(name, &file(name, &source)).is_ok());
    }
    let rules = builder.build();
    let report = rules.inspect("test", &mail.bytes());
    let outcomes: Vec<String> = names.iter().map(|name| outcome(&report, name)).collect();
    assert_eq!((outcomes[0].as_str(), outcomes[19].as_str()), ("false", "limit eval.total"), "{outcomes:?}");
    assert_eq!(json(&report), json(&rules.inspect("test", &mail.bytes())));
}

#[test]
fn loops() {
    let mut html = String::new();
    for idx in 0..2_000 {
        let _ = write!(html, "<a href=\"https://www.example.net/{idx}\">open {idx}</a> ");
    }
    let links = mail().html(&html);
    let long =
        mail().html(&joined(400, " ", |idx| format!("<a href=\"https://www.example.net/{idx}\">{}{idx}</a>", "open me ".repeat(200))));
    let text = mail().plain(&"open the door ".repeat(70_000));
    let nested = |count: usize, body: &str| format!("{}{body}{}", "any(body.links, ".repeat(count), ")".repeat(count));
    check_all(&[
        ("two", nested(2, ".display_text == ..href_url.path"), &links, Decided(false)),
        ("three", nested(3, "strings.concat(.href_url.path, ..href_url.path, ...href_url.path) == 'x'"), &links, Limit("eval.steps")),
        ("three compared", nested(3, ".href_url.path == ..href_url.path and .href_url.path == ...display_text"), &links, Limit("eval.steps")),
        ("five", nested(5, ".href_url.path == ..href_url.path and ...display_text == ....display_text and .....display_text == 'x'"), &links, Limit("eval.steps")),
        ("fields", "any(headers.hops, any(.fields, any(headers.hops, any(.fields, .name == ...name and .value == 'x' and ....index == ..index))))".into(), &links, Decided(false)),
        ("levenshtein", nested(2, "strings.levenshtein(.display_text, ..display_text) > 100000"), &links, Decided(false)),
        ("levenshtein long", nested(2, "strings.levenshtein(.display_text, strings.concat(..href_url.path, ..display_text)) > 100000"), &long, Limit("eval.work")),
        ("count", nested(2, "regex.count(body.current_thread.text, strings.concat(.href_url.path, ..href_url.path)) > 10"), &long, Limit("eval.work")),
        ("count const", "any(body.links, regex.count(strings.concat(.href_url.path, body.current_thread.text), 'open|me') > 100000)".into(), &long, Decided(true)),
        ("contains", nested(2, "strings.icontains(body.current_thread.text, strings.concat(.href_url.path, ..href_url.path))"), &long, Limit("eval.work")),
        ("regex contains", nested(2, "regex.icontains(body.current_thread.text, strings.concat(.href_url.path, 'x.*y', ..href_url.path))"), &long, Limit("eval.work")),
        ("extract", "any(regex.extract(body.current_thread.text, 'o'), any(regex.extract(body.current_thread.text, 'e'), .full_match == ..full_match))".into(), &text, Limit("regex.matches")),
        (
            "selections",
            nested(1, "length(html.xpath(body.html, strings.concat('//a[count(//a) > 1 and @href=\"', .href_url.path, '\"]')).nodes) > 0"),
            &links,
            Limit("eval.work"),
        ),
        (
            "operands",
            format!("any(body.links, {})", joined(20_000, " or ", |idx| format!(".display_text == 'w{idx}'"))),
            &links,
            Limit("eval.work"),
        ),
        (
            "values in a tuple",
            format!("any(body.links, .display_text in ({}, .display_url.url))", joined(20_000, ", ", |idx| format!("'w{idx}'"))),
            &links,
            Limit("eval.work"),
        ),
        ("distinct", "length(distinct(map(body.links, map(body.links, .href_url.path)))) > 10000".into(), &links, Decided(false)),
        ("concat", "length(map(body.links, map(body.links, strings.concat(.href_url.url, ..href_url.url)))) > 10000".into(), &links, Decided(false)),
        ("in list", nested(2, "strings.concat(.href_url.path, ..href_url.path) in map(body.links, .href_url.path)"), &links, Limit("eval.work")),
        ("sum of length", "any(body.links, sum(map(body.links, length(body.current_thread.text))) > 100000000000)".into(), &links, Decided(false)),
    ]);
}
