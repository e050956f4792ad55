//! Query strings: names and values (WHATWG URL §5.1, `application/x-www-form-urlencoded`; `;` divides as well, as older servers accept).

use super::parse::percent_decode;
use std::collections::BTreeMap;

/// Parameters of one query that are decoded; further ones are left out.
const MAX_PARAMS: usize = 10_000;

/// The parameters, decoded, each name with its values in order.
pub(super) fn decode(query: &str) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs(query) {
        map.entry(decode_component(name)).or_default().push(decode_component(value));
    }
    map
}

/// The raw parameters in order; empty ones left out.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split(['&', ';']).filter(|pair| !pair.is_empty()).take(MAX_PARAMS).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The first value, decoded, of the first of these names that has one. Letter case of the names does not count.
pub(crate) fn first_param(query: &str, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let (_, value) = pairs(query).find(|(found, value)| !value.is_empty() && decode_component(found).eq_ignore_ascii_case(name))?;
        Some(decode_component(value))
    })
}

/// One name or value: `+` is a blank, percent-escapes are undone.
pub(crate) fn decode_component(text: &str) -> String {
    match text.contains('+') {
        true => percent_decode(&text.replace('+', " ")).into_owned(),
        false => percent_decode(text).into_owned(),
    }
}
