//! `strings.parse_json`: text as JSON.

use mailhound_mql::{Body, Function, example, param};
use mailhound_value::{Type, Value};

pub(super) static PARSE_JSON: Function = Function {
    name: "strings.parse_json",
    about: "The JSON value of the text, read with `[\"key\"]` and `[0]`; null for text that is no JSON. A JSON boolean is compared with \
            `== true`.",
    params: &[param("text", Type::String, "The JSON text.")],
    returns: Type::Json,
    needs: &[],
    examples: &[
        example(r#"strings.parse_json('{"a": {"b": [10, 20]}}')["a"]["b"][1]"#, "20"),
        example(r#"strings.parse_json('{"t": true}')["t"] == true"#, "true"),
        example(r#"strings.parse_json('{"t": true}')["t"] == "true""#, "null"),
        example(r#"strings.parse_json('{')"#, "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let json = args.str(0).and_then(|text| serde_json::from_str(text).ok());
        Ok(json.map_or(Value::Null, |json| args.ctx.arena.json(json)))
    }),
};
