//! The reference of the functions, made from their definitions.

use mailhound_mql::{Default, Function, Param};
use serde_json::{Value, json};

/// The signature, such as `strings.contains(text: string, substrings: string, …) -> boolean`.
pub fn signature(function: &Function) -> String {
    let params: Vec<String> = function.params.iter().map(parameter).collect();
    format!("{}({}) -> {}", function.name, params.join(", "), function.returns)
}

fn types(param: &Param) -> String {
    param.types().iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

fn parameter(param: &Param) -> String {
    let default = param.default.map_or(String::new(), |default| format!(" = {}", literal(default)));
    format!("{}: {}{default}{}", param.name, types(param), if param.repeated { ", …" } else { "" })
}

fn literal(default: Default) -> Value {
    match default {
        Default::Null => Value::Null,
        Default::Bool(it) => it.into(),
        Default::Int(it) => it.into(),
        Default::Text(it) => it.into(),
        Default::Texts(it) => it.into(),
    }
}

/// The function as JSON: name, signature, about, params, returns, needs, examples.
pub fn json(function: &Function) -> Value {
    let params = function.params.iter().map(|param| {
        json!({
            "name": param.name,
            "about": param.about,
            "types": param.types().iter().map(ToString::to_string).collect::<Vec<_>>(),
            "repeated": param.repeated,
            "required": param.default.is_none(),
            "default": param.default.map(literal),
        })
    });
    let examples = function.examples.iter().map(|example| json!({"expr": example.expr, "value": example.value}));
    json!({
        "name": function.name,
        "signature": signature(function),
        "about": function.about,
        "params": params.collect::<Vec<_>>(),
        "returns": function.returns.to_string(),
        "needs": function.needs,
        "examples": examples.collect::<Vec<_>>(),
    })
}
