//! `strings.like` and `strings.ilike`, also as bare `like` and `ilike`: does a pattern with `*` and `?` cover a whole text?

use super::glob::Glob;
use mailhound_mql::{Args, Body, Function, Given, PrepareFault, Prepared, example, param};
use mailhound_value::{Eval, Type, Value};

const PARAMS: &[mailhound_mql::Param] = &[
    param("text", Type::String, "The text. Null gives null."),
    param("patterns", Type::String, "One or more patterns; null ones are left out.").repeated(),
];

const ABOUT: &str = "True when any of the patterns covers the whole text: `*` stands for any run of characters, `?` for exactly one. There is no \
                     escape; letter case counts.";
const ABOUT_FOLDED: &str = "True when any of the patterns covers the whole text, whatever the letter case: `*` stands for any run of \
                            characters, `?` for exactly one. There is no escape.";

const fn like(name: &'static str, examples: &'static [mailhound_mql::Example]) -> Function {
    Function {
        name,
        about: ABOUT,
        params: PARAMS,
        returns: Type::Bool,
        needs: &[],
        examples,
        memo: false,
        body: Body::Prepared { prepare: |given| prepare(given, false), run: |args| run(args, false) },
    }
}

const fn ilike(name: &'static str, examples: &'static [mailhound_mql::Example]) -> Function {
    Function {
        about: ABOUT_FOLDED,
        body: Body::Prepared { prepare: |given| prepare(given, true), run: |args| run(args, true) },
        ..like(name, examples)
    }
}

pub(super) static LIKE: Function = like(
    "strings.like",
    &[
        example(r#"strings.like("hello", "h?llo")"#, "true"),
        example(r#"strings.like("hello world", "hello")"#, "false"),
        example(r#"strings.like("hello world", "x", "*wor*")"#, "true"),
        example(r#"strings.like(null, "*")"#, "null"),
    ],
);

pub(super) static ILIKE: Function = ilike(
    "strings.ilike",
    &[
        example(r#"strings.ilike("Hello World", "*WORLD")"#, "true"),
        example(r#"strings.ilike("", "?")"#, "false"),
        example(r#"strings.ilike(null, "*")"#, "null"),
    ],
);

pub(super) static BARE_LIKE: Function = like("like", &[example(r#"like("hello", "h*")"#, "true")]);

pub(super) static BARE_ILIKE: Function = ilike("ilike", &[example(r#"ilike("Hello", "h*")"#, "true")]);

fn prepare(given: &Given, fold: bool) -> Result<Prepared, PrepareFault> {
    let globs: Vec<Glob> = given.texts().map(|(_, pattern)| Glob::new(pattern, fold)).collect();
    Ok(if globs.is_empty() { None } else { Some(Box::new(globs)) })
}

fn run<'m>(args: &Args<'_, 'm>, fold: bool) -> Eval<'m> {
    let Some(text) = args.str(0) else { return Ok(Value::Null) };
    let text = if fold { args.ctx.lower(text) } else { text };
    let prepared = args.prepared::<Vec<Glob>>();
    if prepared.is_some_and(|globs| globs.iter().any(|glob| glob.matches(text))) {
        return Ok(Value::Bool(true));
    }
    match args.texts() {
        Some(mut patterns) => Ok(Value::Bool(patterns.any(|pattern| Glob::new(pattern, fold).matches(text)))),
        None => Ok(if prepared.is_some() { Value::Bool(false) } else { Value::Null }),
    }
}
