//! Every example of every function holds on the sample message.

use crate::{Environment, library, sample};
use mailhound_message::{Message, Options, parse};
use mailhound_mql::{Context, Dialect, Evaluator, Function, Planner, check, compile, parse as parse_mql};
use mailhound_value::{Arena, EmptyHistory, Limits, NamedList, to_json};
use std::sync::Arc;

fn environment(limits: Limits) -> Environment {
    Environment {
        limits,
        yara: None,
        history: Some(Arc::new(EmptyHistory)),
        free_mail: Arc::new(NamedList::texts(vec!["gmail.com".into()], None)),
        reads: None,
    }
}

/// The value of an expression on the sample message, as the examples write it.
fn value(expr: &str, message: &Message) -> String {
    value_within(expr, message, Limits::default())
}

/// The same under these limits.
fn value_within(expr: &str, message: &Message, limits: Limits) -> String {
    let parsed = parse_mql(expr);
    assert!(parsed.diagnostics.is_empty(), "{expr}: {:?}", parsed.diagnostics);
    let dialect = Dialect { root: Message::SHAPE, hidden: &[], library: library(), list: &|_| None };
    let checked = check(&parsed.expr, &dialect, None);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|it| it.is_error()).collect();
    assert!(errors.is_empty(), "{expr}: {errors:?}");
    let mut planner = Planner::default();
    let (draft, faults) = compile(&checked.typed, expr, &mut planner);
    assert!(faults.iter().all(|fault| !fault.is_error()), "{expr}: {faults:?}");
    let (arena, environment) = (Arena::new(), environment(limits));
    let ctx = Context::new(&arena, message, &[], &environment.limits, &environment);
    let program = planner.keep(&draft);
    let plan = planner.finish();
    match Evaluator::new(&plan, &ctx).value_of(&program) {
        Err(missing) => format!("unavailable: {missing}"),
        value => to_json(value, &mut Vec::new()).to_string(),
    }
}

fn all() -> impl Iterator<Item = &'static Function> {
    library().all().iter().copied()
}

#[test]
fn examples_hold() {
    let message = parse(sample::MESSAGE, &Options::default());
    let mut wrong = Vec::new();
    for function in all() {
        for example in function.examples {
            let got = value(example.expr, &message);
            if got != example.value {
                wrong.push(format!("{}\n     is {got}\n  wants {}", example.expr, example.value));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_is_documented() {
    for function in all() {
        assert!(!function.examples.is_empty(), "{} has no example", function.name);
        assert!(function.about.ends_with('.'), "{}: {}", function.name, function.about);
        assert!(function.params.iter().all(|param| !param.about.is_empty()), "{}", function.name);
        for need in function.needs {
            assert!(mailhound_value::capability::find(need).is_some(), "{}: {need}", function.name);
        }
    }
}

#[test]
fn what_needs_an_engine_is_unavailable_in_an_example() {
    for function in all().filter(|function| function.needs.len() == 1 && function.needs != ["history"] && function.needs != ["archives"]) {
        assert!(function.examples.iter().any(|example| example.value.starts_with("unavailable")), "{}", function.name);
    }
}

#[test]
fn repeated_links_of_parsed_html_hide_the_next_one_and_say_so() {
    let page = r#"<div><a href='https://a.example/'>x</a><a href='https://a.example/'>x</a><a href='https://b.example/'>x</a></div>"#;
    let message = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; name=page.html\r\n\
         Content-Disposition: attachment; filename=page.html\r\n\r\n{page}\r\n--b--\r\n"
    );
    let message = parse(message.as_bytes(), &Options::default());
    let parsed = format!("strings.parse_html(\"{page}\")");
    for html in ["file.parse_html(attachments[0])", &parsed, &format!("html.xpath({parsed}, '//div').nodes[0]")] {
        let found = |max: usize| {
            let limits = || Limits { message_links: max, ..Limits::default() };
            let one = value_within(&format!("any({html}.links, .href_url.url == 'https://a.example/')"), &message, limits());
            let other = value_within(&format!("any({html}.links, .href_url.url == 'https://b.example/')"), &message, limits());
            (one, other)
        };
        let is = |text: &str| text.to_owned();
        assert_eq!(found(4), (is("true"), is("true")), "{html}");
        assert_eq!(found(2), (is("true"), is("unavailable: limit message.links")), "{html}");
    }
}

#[test]
fn nodes_have_the_text_of_the_element_in_its_page() {
    let page = "<html><head><title> Acme  pay </title><style>.x{display:none}</style></head><body><table><tr><td>a</td><td>b <b>c</b></td></tr></table>\
                <p>seen<span class='x'>hidden</span><script>no()</script></p><a href='/u'>Un&shy;subscribe</a></body></html>";
    let message = parse(format!("Content-Type: text/html\r\n\r\n{page}").as_bytes(), &Options::default());
    for (expression, field, expected) in [
        ("//title", "display_text", "Acme pay"),
        ("//title", "inner_text", "Acme pay"),
        ("//tr", "display_text", "a b c"),
        ("//tr", "inner_text", "a\nb\nc"),
        ("//p", "display_text", "seen"),
        ("//p", "inner_text", "seen\nhidden"),
        ("//a/@href", "display_text", "/u"),
        ("//p/text()", "inner_text", "seen"),
    ] {
        let got = value(&format!("html.xpath(body.html, \"{expression}\").nodes[0].{field}"), &message);
        assert_eq!(got, serde_json::json!(expected).to_string(), "{expression} {field}");
    }
}

#[test]
fn starts_and_ends_are_compared_in_lower_case_beyond_ascii() {
    let message = parse(sample::MESSAGE, &Options::default());
    for (test, expected) in [
        ("strings.starts_with('Invoice due', 'due', 'Inv')", "true"),
        ("strings.starts_with('Invoice due', 'nvoice')", "false"),
        ("strings.ends_with('due', 'Invoice due')", "false"),
        ("strings.istarts_with('École', 'éCOLE')", "true"),
        ("strings.iends_with('ΟΔΟΣ', 'δοσ')", "true"),
        ("strings.starts_with('', '')", "true"),
        ("strings.iends_with('a', '')", "true"),
        ("strings.iends_with(subject.subject, strings.concat('', sender.email.local_part))", "false"),
    ] {
        assert_eq!(value(test, &message), expected, "{test}");
    }
}
