//! What expressions give, where a mistake was once made.

use mailhound_engine::{Builder, RuleType, Settings};
use mailhound_value::{Limits, to_json};

/// Two links, one attachment.
const MESSAGE: &[u8] = b"From: a@example.net\nTo: b@example.org\nSubject: Hi\nContent-Type: text/html\n\n\
    <a href=\"https://www.example.net/1\">one</a> <a href=\"https://www.example.net/2?x=1&y=2\">two</a>";

/// The value of an expression, or `unavailable: ` and the needs.
fn value(expr: &str, limits: Limits) -> String {
    let mut builder = Builder::new(Settings { limits, ..Settings::default() });
    let (program, diagnostics) = builder.compile(expr, RuleType::Query);
    let Some(program) = program else {
        return diagnostics.iter().map(|it| it.code.text()).collect::<Vec<_>>().join(" ");
    };
    let rules = builder.build();
    let message = rules.parse(MESSAGE);
    rules.evaluate(&program, &message, |value| match value {
        Err(missing) => format!("unavailable: {missing}"),
        value => to_json(value, &mut Vec::new()).to_string(),
    })
}

#[track_caller]
fn check(expr: &str, expected: &str) {
    assert_eq!(value(expr, Limits::default()), expected, "{expr}");
}

#[test]
fn numbers_of_a_mixed_list_are_floats() {
    check("map([1, 2.5], . / 2)", "[0.5,1.25]");
    check("coalesce(null, 5, 2.5) / 2", "2.5");
    check("[[1], [2.5]][0][0] / 2", "0.5");
    check("length(distinct([1, 1.0, 0.0]))", "2");
    check("sum([1, 2]) / 2", "1");
}

#[test]
fn the_order_of_lists_does_not_change_their_type() {
    check("any(flatten([filter([null], false), body.links]), .href_url.scheme == \"https\")", "true");
    check("any(flatten([body.links, filter([null], false)]), .href_url.scheme == \"https\")", "true");
}

#[test]
fn a_broken_constant_pattern_is_an_error_beside_others_too() {
    check("regex.contains(\"abc\", \"[\", sender.email.email)", "MQL211");
    check("regex.contains(\"abc\", \"b\", sender.email.email)", "true");
    check("regex.contains(\"abc\", \"x\", sender.email.email)", "false");
    check("not regex.contains(\"abc\", strings.concat(\"[\", \"\"))", "null");
    check("strings.contains(\"abc\", \"x\", subject.subject)", "false");
    check("strings.ilike(\"Hi\", \"x\", subject.subject)", "true");
}

#[test]
fn null_lists_inside_lists_have_no_items() {
    check("any(flatten(map([null, \"y\"], regex.extract(., \"x\"))), .full_match == \"x\")", "false");
    check("flatten(strings.parse_json(\"[[1,2],[3]]\"))", "[1,2,3]");
}

#[test]
fn what_is_unavailable_travels_through_in() {
    check("null in $abuse_ch_urlhaus_domains_trusted_reporters", "unavailable: list abuse_ch_urlhaus_domains_trusted_reporters");
    check("headers.in_reply_to in map(ml.nlu_classifier(\"x\").tags, .name)", "unavailable: language");
}

#[test]
fn one_mistake_gives_one_message() {
    check("sender.emial == \"x\"", "MQL201");
    check("subject.subjct == 1 and type.inbound", "MQL201");
    check("strings.contains(\"a\", substrings=\"b\")", "MQL208");
    check("\"a\tb\" == \"x\"", "MQL101");
}

#[test]
fn all_mistakes_of_a_rule_are_reported() {
    check("sender.emial == \"x\" and regex.contains(subject.subject, \"[\")", "MQL201 MQL211");
    check("strings.scan_base64(subject.subject, format=\"ulr\")", "MQL214");
    check("any(body.links, ml.link_analysis(., mode=\"agressive\").submitted)", "MQL214");
    check("any() and map(1)", "MQL207 MQL207 MQL204 MQL203");
}

#[test]
fn maps_are_read_in_the_order_of_their_keys() {
    check("keys(body.links[1].href_url.query_params_decoded)", "[\"x\",\"y\"]");
    check("flatten(values(body.links[1].href_url.query_params_decoded))", "[\"1\",\"2\"]");
}

#[test]
fn work_without_end_is_stopped() {
    // The innermost loop reads the items of all, so that no answer can be shared.
    let deep =
        "any(body.links, any(body.links, any(body.links, strings.concat(.href_url.path, ..href_url.path, ...href_url.path) == \"x\")))";
    check(deep, "false");
    let limits = Limits { eval_steps: 10, ..Limits::default() };
    assert_eq!(value(deep, limits), "unavailable: limit eval.steps");
    let limits = Limits { eval_bytes: 10, ..Limits::default() };
    assert_eq!(value("any(body.links, strings.concat(.href_url.url, \"abcdefghijk\") == \"x\")", limits), "unavailable: limit eval.bytes");
}

#[test]
fn mistakes_without_number_are_not_all_shown() {
    let many = "x == 1 and ".repeat(5_000);
    let mut builder = Builder::new(Settings::default());
    let checked = builder.add_mql("r.yml", &format!("name: n\ntype: rule\nsource: |\n  {many} true\n"));
    assert_eq!(checked.findings.len(), 200);
    assert!(checked.findings[199].help.as_deref().is_some_and(|help| help.starts_with("4800 more")));
}
