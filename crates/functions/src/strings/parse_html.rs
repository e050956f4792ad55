//! `strings.parse_html`: text as HTML.

use crate::Environment;
use mailhound_mql::{Body, Function, example, param};
use mailhound_objects::html::Html;
use mailhound_value::{Type, Typed, Value};
use std::sync::Arc;

pub(super) static PARSE_HTML: Function = Function {
    name: "strings.parse_html",
    about: "The text as an HTML document: what a reader would see of it, all its text, its links.",
    params: &[param("text", Type::String, "The HTML.")],
    returns: <Html as Typed>::TYPE,
    needs: &[],
    examples: &[
        example(r#"strings.parse_html("<p>Hi <b>you</b><p style='display:none'>x").display_text"#, r#""Hi you""#),
        example(r#"length(strings.parse_html("<a href='https://example.com/'>x</a>").links)"#, "1"),
        example("strings.parse_html(null).raw", "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let Some(text) = args.str(0) else { return Ok(Value::Null) };
        let environment: &Environment = args.host();
        Ok(Value::Object(args.ctx.arena.object(Html::new(text.to_owned(), &Arc::new(environment.limits.clone())))))
    }),
};
