//! Values as people can take them in: texts and lists cut, objects by the few fields that tell which one it is.

use mailhound_value::{Eval, Object, Type, Value};
use serde_json::{Map, Value as Json};

/// Ways to fields that tell objects apart, such as `href_url.url`, the most telling first.
pub type Labels<'l> = &'l [&'l str];

/// The beginning of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The value, or as much of it as is shown: an object is shown by a few of its fields, a text that is cut inside a list ends with `…`.
    pub json: Json,
    /// Where that is not all: characters of the text, items of the list, entries of the map.
    pub length: Option<usize>,
}

/// Characters of a text that are shown, and of one inside a list or object.
const TEXT: [usize; 2] = [200, 80];
/// Items of a list that are shown.
const ITEMS: usize = 5;
/// Fields of an object that are shown.
const FIELDS: usize = 3;
/// Nesting that is shown.
const DEPTH: usize = 3;

/// The beginning of a value; what is unavailable inside is null.
pub(super) fn show(value: Value<'_>, labels: Labels<'_>) -> Shown {
    let length = match value {
        Value::List(list) => Some(list.known()).filter(|known| *known > ITEMS),
        Value::Map(map) => Some(map.len()).filter(|len| *len > ITEMS),
        Value::Json(Json::Array(items)) => Some(items.len()).filter(|len| *len > ITEMS),
        Value::Json(Json::Object(map)) => Some(map.len()).filter(|len| *len > ITEMS),
        other => other.as_str().filter(|text| is_longer(text, TEXT[0])).map(|text| text.chars().count()),
    };
    Shown { json: brief(Ok(value), labels, 0), length }
}

fn is_longer(text: &str, chars: usize) -> bool {
    text.len() > chars && text.chars().nth(chars).is_some()
}

fn brief(value: Eval<'_>, labels: Labels<'_>, depth: usize) -> Json {
    let Ok(value) = value else { return Json::Null };
    match value {
        Value::Null => Json::Null,
        Value::Bool(it) => it.into(),
        Value::Int(it) => it.into(),
        Value::Float(it) => it.into(),
        Value::Str(text) => cut(text, depth).into(),
        Value::Json(json) => brief_json(json, depth),
        Value::List(_) | Value::Map(_) | Value::Object(_) if depth >= DEPTH => "…".into(),
        Value::List(list) => list.iter().take(ITEMS).map(|item| brief(item, labels, depth + 1)).collect(),
        Value::Map(map) => {
            let entries = map.iter().take(ITEMS).map(|(key, value)| (cut(key, 1), brief(value, labels, depth + 1)));
            entries.collect::<Map<_, _>>().into()
        }
        Value::Object(object) => fields(object, labels, depth).into(),
    }
}

fn brief_json(json: &Json, depth: usize) -> Json {
    match json {
        Json::String(text) => cut(text, depth).into(),
        Json::Array(_) | Json::Object(_) if depth >= DEPTH => "…".into(),
        Json::Array(items) => items.iter().take(ITEMS).map(|item| brief_json(item, depth + 1)).collect(),
        Json::Object(map) => {
            map.iter().take(ITEMS).map(|(key, value)| (cut(key, 1), brief_json(value, depth + 1))).collect::<Map<_, _>>().into()
        }
        scalar => scalar.clone(),
    }
}

/// The beginning of a text. What is cut inside something else is marked.
fn cut(text: &str, depth: usize) -> String {
    let (chars, mark) = if depth == 0 { (TEXT[0], "") } else { (TEXT[1], "…") };
    match is_longer(text, chars) {
        true => text.chars().take(chars).chain(mark.chars()).collect(),
        false => text.to_owned(),
    }
}

/// The telling fields of an object, by their ways; where it has none of these, its first scalars.
fn fields(object: &dyn Object, labels: Labels<'_>, depth: usize) -> Map<String, Json> {
    let mut shown = Map::new();
    for label in labels {
        if let Some(value) = follow(object, label) {
            shown.insert((*label).to_owned(), brief(Ok(value), labels, depth + 1));
        }
        if shown.len() == FIELDS {
            return shown;
        }
    }
    if !shown.is_empty() {
        return shown;
    }
    for (idx, field) in object.shape().fields.iter().enumerate().filter(|(_, field)| is_scalar(field.ty)) {
        if let Ok(value) = object.field(idx)
            && !value.is_null()
        {
            shown.insert(field.name.to_owned(), brief(Ok(value), labels, depth + 1));
        }
        if shown.len() == FIELDS {
            break;
        }
    }
    shown
}

fn is_scalar(ty: Type) -> bool {
    matches!(ty, Type::Bool | Type::Int | Type::Float | Type::String)
}

/// The scalar at `a.b.c` of an object; `None` where it has no such field, or nothing there.
fn follow<'o>(object: &'o dyn Object, way: &str) -> Option<Value<'o>> {
    let mut value = Value::Object(object);
    for name in way.split('.') {
        let Value::Object(object) = value else { return None };
        let (idx, _) = object.shape().field(name)?;
        value = object.field(idx).ok()?;
    }
    let is_telling = !value.is_null() && !matches!(value, Value::List(_) | Value::Map(_) | Value::Object(_)) && value.as_str() != Some("");
    is_telling.then_some(value)
}
