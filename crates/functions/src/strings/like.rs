//! `strings.like` and `strings.ilike`, also as bare `like` and `ilike`: does a pattern with `*` and `?` cover a whole text?

use super::text_test;
use mailhound_mql::{Function, example, param};
use mailhound_value::Type;

const PARAMS: &[mailhound_mql::Param] = &[
    param("text", Type::String, "The text. Null gives null."),
    param("patterns", Type::String, "One or more patterns; null ones are left out.").repeated(),
];

const ABOUT: &str = "True when any of the patterns covers the whole text: `*` stands for any run of characters, `?` for exactly one. There is no \
                     escape; letter case counts.";
const ABOUT_FOLDED: &str = "True when any of the patterns covers the whole text, whatever the letter case: `*` stands for any run of \
                            characters, `?` for exactly one. There is no escape.";

const fn like(name: &'static str, examples: &'static [mailhound_mql::Example]) -> Function {
    Function { name, about: ABOUT, params: PARAMS, returns: Type::Bool, needs: &[], examples, memo: false, body: text_test::LIKE }
}

const fn ilike(name: &'static str, examples: &'static [mailhound_mql::Example]) -> Function {
    Function { about: ABOUT_FOLDED, body: text_test::ILIKE, ..like(name, examples) }
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
