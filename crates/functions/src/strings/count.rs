//! `strings.count` and `strings.icount`: how often does a text occur in another?

use super::needles;
use mailhound_mql::{Args, Body, Function, example, param};
use mailhound_value::{Eval, Type, Value};

const PARAMS: &[mailhound_mql::Param] = &[
    param("text", Type::String, "Text to look in. Null gives null."),
    param("substring", Type::String, "Text to look for. Null gives null; an empty one counts 0."),
];

pub(super) static COUNT: Function = Function {
    name: "strings.count",
    about: "Occurrences of the substring that do not overlap, counted from the left; letter case counts.",
    params: PARAMS,
    returns: Type::Int,
    needs: &[],
    examples: &[
        example(r#"strings.count("An example string to search", " ")"#, "4"),
        example(r#"strings.count("aaaa", "aa")"#, "2"),
        example(r#"strings.count("abc", "B")"#, "0"),
        example(r#"strings.count(null, "a")"#, "null"),
    ],
    memo: false,
    body: Body::Plain(|args| count(args, false)),
};

pub(super) static ICOUNT: Function = Function {
    name: "strings.icount",
    about: "Occurrences of the substring that do not overlap, counted from the left, whatever the letter case.",
    examples: &[example(r#"strings.icount("Ababa", "a")"#, "3"), example(r#"strings.icount("a", null)"#, "null")],
    body: Body::Plain(|args| count(args, true)),
    params: PARAMS,
    returns: Type::Int,
    needs: &[],
    memo: false,
};

fn count<'m>(args: &Args<'_, 'm>, fold: bool) -> Eval<'m> {
    let (Some(text), Some(needle)) = (args.str(0), args.str(1)) else { return Ok(Value::Null) };
    let lower = |text| if fold { args.ctx.lower(text) } else { text };
    Ok(Value::Int(needles::count(lower(text), lower(needle)) as i64))
}
