//! `strings.ends_with` and `strings.iends_with`: does a text end with another?

use super::text_test;
use mailhound_mql::{Function, example, param};
use mailhound_value::Type;

const PARAMS: &[mailhound_mql::Param] = &[
    param("text", Type::String, "The text. Null gives null."),
    param("suffixes", Type::String, "One or more texts; null ones are left out.").repeated(),
];

pub(super) static ENDS_WITH: Function = Function {
    name: "strings.ends_with",
    about: "True when the text ends with any of the others; letter case counts.",
    params: PARAMS,
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"strings.ends_with("report.PDF", ".PDF")"#, "true"),
        example(r#"strings.ends_with("report.PDF", ".pdf", ".doc")"#, "false"),
        example(r#"strings.ends_with(null, "a")"#, "null"),
    ],
    memo: false,
    body: text_test::ENDS_WITH,
};

pub(super) static IENDS_WITH: Function = Function {
    name: "strings.iends_with",
    about: "True when the text ends with any of the others, whatever the letter case.",
    params: PARAMS,
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"strings.iends_with("report.PDF", ".pdf")"#, "true"),
        example(r#"strings.iends_with("report.PDF", "report")"#, "false"),
        example(r#"strings.iends_with(null, "a")"#, "null"),
    ],
    memo: false,
    body: text_test::IENDS_WITH,
};
