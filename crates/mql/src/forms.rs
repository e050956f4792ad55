//! Functions that belong to the language itself: they open a scope, or treat null and unavailable in their own way (mql.md §4, §9.1).

use crate::library::{Body, Function, Param, example, param};
use mailhound_value::Type;

/// The forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is documented where it is declared below
pub enum Form {
    Any,
    All,
    Filter,
    Map,
    Distinct,
    Ratio,
    Sum,
    Length,
    Coalesce,
    Flatten,
    Keys,
    Values,
}

impl Form {
    /// True when the second argument is evaluated for each item of the first, in a scope of its own.
    pub fn opens_scope(self) -> bool {
        matches!(self, Form::Any | Form::All | Form::Filter | Form::Map | Form::Distinct | Form::Ratio | Form::Sum)
    }
}

/// All forms.
pub static ALL: &[&Function] = &[&ANY, &ALL_ITEMS, &FILTER, &MAP, &DISTINCT, &RATIO, &SUM, &LENGTH, &COALESCE, &FLATTEN, &KEYS, &VALUES];

const LIST: Type = Type::List(&Type::Any);
const MAP_TYPE: Type = Type::Map(&Type::Any);
const ITEMS: Param = param("list", LIST, "The list; it is evaluated outside the loop.");
const CONDITION: Param = param("condition", Type::Bool, "Evaluated for each item; `.` is the item.");

const fn form(form: Form, name: &'static str, about: &'static str, params: &'static [Param], returns: Type) -> Function {
    Function { name, about, params, returns, needs: &[], examples: &[], memo: false, body: Body::Form(form) }
}

static ANY: Function = Function {
    examples: &[
        example("any([1, 2, 3], . > 2)", "true"),
        example("any([1, 2, 3], . > 3)", "false"),
        example("any(filter([1], . > 1), true)", "false"),
        example("any([1, null], . == 2)", "null"),
    ],
    ..form(
        Form::Any,
        "any",
        "True when the condition is true for at least one item. False over an empty list; null over a null list, or when an item gives null \
         and none gives true.",
        &[ITEMS, CONDITION],
        Type::Bool,
    )
};

static ALL_ITEMS: Function = Function {
    examples: &[
        example("all([1, 2, 3], . > 0)", "true"),
        example("all([1, 2, 3], . > 1)", "false"),
        example("all(filter([1], . > 1), false)", "true"),
    ],
    ..form(
        Form::All,
        "all",
        "True when the condition is true for every item; true over an empty or null list.",
        &[ITEMS, CONDITION],
        Type::Bool,
    )
};

static FILTER: Function = Function {
    examples: &[example("filter([1, 2, 3], . > 1)", "[2,3]"), example("filter([1, null], . > 0)", "[1]")],
    ..form(
        Form::Filter,
        "filter",
        "The items for which the condition is true, in order. Empty over a null list.",
        &[ITEMS, CONDITION],
        LIST,
    )
};

static MAP: Function = Function {
    examples: &[example("map([1, 2], . * 10)", "[10,20]"), example(r#"map(["a", null], strings.concat(., "!"))"#, r#"["a!",null]"#)],
    ..form(
        Form::Map,
        "map",
        "The expression for each item, in order. Null over a null list.",
        &[ITEMS, param("expression", Type::Any, "Evaluated for each item; `.` is the item.")],
        LIST,
    )
};

static DISTINCT: Function = Function {
    examples: &[example(r#"distinct(["b", "a", "b"])"#, r#"["b","a"]"#), example("distinct([1, 2, 3, 4], . % 2)", "[1,2]")],
    ..form(
        Form::Distinct,
        "distinct",
        "The first item of each key, in order; without a key the item is its own. Letter case counts, null keys are one key. Empty over a \
         null list.",
        &[ITEMS, param("key", Type::Any, "Evaluated for each item; `.` is the item.").optional(crate::library::Default::Null)],
        LIST,
    )
};

static RATIO: Function = Function {
    examples: &[example("ratio([1, 2, null, null], . > 0)", "0.5"), example("ratio(filter([1], . > 1), true)", "null")],
    ..form(
        Form::Ratio,
        "ratio",
        "The share of items for which the condition is true, 0.0 to 1.0; null items count below the line. Null over an empty or null list.",
        &[ITEMS, CONDITION],
        Type::Float,
    )
};

static SUM: Function = Function {
    examples: &[example("sum([1, 2, null])", "3"), example("sum([0.5, 1])", "1.5"), example(r#"sum(["a", "bcd"], length(.))"#, "4")],
    ..form(
        Form::Sum,
        "sum",
        "The sum of the numbers, or of the expression over the items; null adds nothing. 0 over an empty or null list.",
        &[ITEMS, param("expression", Type::Float, "Evaluated for each item; `.` is the item.").optional(crate::library::Default::Null)],
        Type::Float,
    )
};

static LENGTH: Function = Function {
    examples: &[
        example(r#"length("📧")"#, "1"),
        example("length([1, 2, 3])", "3"),
        example("length(null)", "null"),
        example("length(filter([1], . > 1))", "0"),
    ],
    ..form(
        Form::Length,
        "length",
        "Code points of a text, items of a list, entries of a map. Null for null, but 0 for a null map.",
        &[param("value", Type::Any, "What is measured.").one_of(&[Type::String, LIST, MAP_TYPE, Type::Json])],
        Type::Int,
    )
};

static COALESCE: Function = Function {
    examples: &[
        example("coalesce(null, false)", "false"),
        example(r#"coalesce(null, "", "a")"#, r#""""#),
        example("coalesce(null, null)", "null"),
    ],
    ..form(
        Form::Coalesce,
        "coalesce",
        "The first argument that is not null; null when all are. Later arguments are not evaluated.",
        &[param("values", Type::Any, "The candidates, all of one type.").repeated()],
        Type::Any,
    )
};

static FLATTEN: Function = Function {
    examples: &[example("flatten([[1, 2], [3]])", "[1,2,3]"), example("flatten([[[1]], [[2]]])", "[1,2]")],
    ..form(
        Form::Flatten,
        "flatten",
        "The items of the inner lists, all levels, in order. Empty for a null list.",
        &[param("lists", Type::List(&LIST), "A list of lists.")],
        LIST,
    )
};

static KEYS: Function = Function {
    examples: &[example(r#"keys(strings.parse_json('{"b": 1, "a": 2}'))"#, r#"["a","b"]"#)],
    ..form(
        Form::Keys,
        "keys",
        "The keys of a map or JSON object, sorted. Null for null.",
        &[param("map", Type::Any, "The map.").one_of(&[MAP_TYPE, Type::Json])],
        Type::List(&Type::String),
    )
};

static VALUES: Function = Function {
    examples: &[example(r#"values(strings.parse_json('{"b": 1, "a": 2}'))"#, "[2,1]")],
    ..form(
        Form::Values,
        "values",
        "The values of a map or JSON object, in the order of their keys. Null for null.",
        &[param("map", Type::Any, "The map.").one_of(&[MAP_TYPE, Type::Json])],
        LIST,
    )
};
