//! `strings.*`: tests and transformations of text.

pub mod base64;
mod concat;
pub mod confusables;
mod contains;
mod count;
mod ends_with;
pub mod glob;
pub mod levenshtein;
mod like;
pub mod needles;
mod parse_float;
mod parse_html;
mod parse_json;
mod parse_url;
mod starts_with;
mod text_test;

pub(crate) static FUNCTIONS: &[&mailhound_mql::Function] = &[
    &contains::CONTAINS,
    &contains::ICONTAINS,
    &starts_with::STARTS_WITH,
    &starts_with::ISTARTS_WITH,
    &ends_with::ENDS_WITH,
    &ends_with::IENDS_WITH,
    &like::LIKE,
    &like::ILIKE,
    &like::BARE_LIKE,
    &like::BARE_ILIKE,
    &concat::CONCAT,
    &count::COUNT,
    &count::ICOUNT,
    &levenshtein::LEVENSHTEIN,
    &levenshtein::ILEVENSHTEIN,
    &confusables::REPLACE_CONFUSABLES,
    &parse_url::PARSE_URL,
    &parse_url::PARSE_DOMAIN,
    &parse_url::PARSE_EMAIL,
    &parse_html::PARSE_HTML,
    &parse_json::PARSE_JSON,
    &parse_float::PARSE_FLOAT,
    &parse_float::DECODE_HEX,
    &base64::SCAN_BASE64,
    &base64::BETA_SCAN_BASE64,
    &base64::DECODE_BASE64,
];
