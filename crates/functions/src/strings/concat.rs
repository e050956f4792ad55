//! `strings.concat`: texts joined.

use mailhound_mql::{Body, Function, example, param};
use mailhound_value::{Type, Value};

pub(super) static CONCAT: Function = Function {
    name: "strings.concat",
    about: "The texts one behind the other. Null when any of them is null.",
    params: &[param("texts", Type::String, "The texts.").repeated()],
    returns: Type::String,
    needs: &[],
    examples: &[
        example(r#"strings.concat("no-reply", "@example.com")"#, r#""no-reply@example.com""#),
        example(r#"strings.concat("a", null)"#, "null"),
    ],
    memo: false,
    body: Body::Plain(|args| {
        let texts: Option<Vec<&str>> = args.repeated().iter().map(|text| text.as_str()).collect();
        Ok(texts.map_or(Value::Null, |texts| Value::Str(args.ctx.arena.text(texts.concat()))))
    }),
};
