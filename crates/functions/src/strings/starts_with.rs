//! `strings.starts_with` and `strings.istarts_with`: does a text start with another?

use super::text_test;
use mailhound_mql::{Function, example, param};
use mailhound_value::Type;

const PARAMS: &[mailhound_mql::Param] = &[
    param("text", Type::String, "The text. Null gives null."),
    param("prefixes", Type::String, "One or more texts; null ones are left out.").repeated(),
];

pub(super) static STARTS_WITH: Function = Function {
    name: "strings.starts_with",
    about: "True when the text starts with any of the others; letter case counts.",
    params: PARAMS,
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"strings.starts_with("Re: invoice", "Re:", "Fwd:")"#, "true"),
        example(r#"strings.starts_with("Re: invoice", "re:")"#, "false"),
        example(r#"strings.starts_with(null, "a")"#, "null"),
    ],
    memo: false,
    body: text_test::STARTS_WITH,
};

pub(super) static ISTARTS_WITH: Function = Function {
    name: "strings.istarts_with",
    about: "True when the text starts with any of the others, whatever the letter case.",
    params: PARAMS,
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"strings.istarts_with("Re: invoice", "re:")"#, "true"),
        example(r#"strings.istarts_with("Re: invoice", "invoice")"#, "false"),
        example(r#"strings.istarts_with(null, "a")"#, "null"),
    ],
    memo: false,
    body: text_test::ISTARTS_WITH,
};
