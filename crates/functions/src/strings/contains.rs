//! `strings.contains` and `strings.icontains`: is one text inside another?

use super::text_test;
use mailhound_mql::{Function, example, param};
use mailhound_value::Type;

const PARAMS: &[mailhound_mql::Param] = &[
    param("text", Type::String, "Text to look in. Null gives null."),
    param("substrings", Type::String, "One or more texts to look for; null ones are left out.").repeated(),
];

pub(super) static CONTAINS: Function = Function {
    name: "strings.contains",
    about: "True when any of the substrings occurs in the text; letter case counts. Null when all substrings are null.",
    params: PARAMS,
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"strings.contains("Invoice due", "due")"#, "true"),
        example(r#"strings.contains("Invoice due", "DUE", "paid")"#, "false"),
        example(r#"strings.contains(null, "due")"#, "null"),
        example(r#"strings.contains("Invoice due", null)"#, "null"),
        example(r#"strings.contains("Invoice due", "")"#, "true"),
    ],
    memo: false,
    body: text_test::CONTAINS,
};

pub(super) static ICONTAINS: Function = Function {
    name: "strings.icontains",
    about: "True when any of the substrings occurs in the text, whatever the letter case. Null when all substrings are null.",
    params: PARAMS,
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"strings.icontains("Invoice due", "DUE")"#, "true"),
        example(r#"strings.icontains("Crème brûlée", "BRÛLÉE")"#, "true"),
        example(r#"strings.icontains("Invoice due", "paid")"#, "false"),
        example(r#"strings.icontains(null, "due")"#, "null"),
    ],
    memo: false,
    body: text_test::ICONTAINS,
};
