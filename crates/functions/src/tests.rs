//! Every example of every function holds on the sample message.

use crate::{Environment, library, sample};
use mailhound_message::{Message, Options, parse};
use mailhound_mql::{Context, Dialect, Evaluator, Function, Planner, check, compile, parse as parse_mql};
use mailhound_value::{Arena, EmptyHistory, Limits, NamedList, to_json};
use std::sync::Arc;

fn environment() -> Environment {
    Environment {
        limits: Limits::default(),
        yara: None,
        history: Some(Arc::new(EmptyHistory)),
        free_mail: Arc::new(NamedList::texts(vec!["gmail.com".into()], None)),
    }
}

/// The value of an expression on the sample message, as the examples write it.
fn value(expr: &str, message: &Message) -> String {
    let parsed = parse_mql(expr);
    assert!(parsed.diagnostics.is_empty(), "{expr}: {:?}", parsed.diagnostics);
    let dialect = Dialect { root: Message::SHAPE, hidden: &[], library: library(), list: &|_| None };
    let checked = check(&parsed.expr, &dialect, None);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|it| it.is_error()).collect();
    assert!(errors.is_empty(), "{expr}: {errors:?}");
    let mut planner = Planner::default();
    let (program, faults) = compile(&checked.typed, expr, &mut planner);
    assert!(faults.iter().all(|fault| !fault.is_error()), "{expr}: {faults:?}");
    let (arena, environment) = (Arena::new(), environment());
    let ctx = Context::new(&arena, message, &[], &environment.limits, &environment);
    planner.keep(&program);
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
