//! Values as JSON.

use crate::{Eval, List, Unavailable, Value};
use serde_json::{Map, Number};

/// A place in a value that could not be found out: the way to it (`scan.ocr`) and what was missing.
pub type Gap = (String, Unavailable);

/// The value as JSON. Null fields of objects are left out; what is unavailable becomes null (in a list) or is left out (in an object),
/// and its place is added to `gaps`.
pub fn to_json(value: Eval<'_>, gaps: &mut Vec<Gap>) -> serde_json::Value {
    write(value, &mut String::new(), gaps)
}

fn write(value: Eval<'_>, path: &mut String, gaps: &mut Vec<Gap>) -> serde_json::Value {
    let value = match value {
        Ok(value) => value,
        Err(missing) => {
            gaps.push((path.clone(), missing));
            return serde_json::Value::Null;
        }
    };
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(it) => it.into(),
        Value::Int(it) => it.into(),
        Value::Float(it) => Number::from_f64(it).map_or(serde_json::Value::Null, serde_json::Value::Number),
        Value::Str(it) => it.into(),
        Value::Json(it) => it.clone(),
        Value::List(list) => list_to_json(list, path, gaps),
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| (key.to_owned(), at(path, key, |path| write(value, path, gaps))));
            entries.collect::<Map<_, _>>().into()
        }
        Value::Object(object) => {
            let mut json = Map::new();
            for (idx, field) in object.shape().fields.iter().enumerate() {
                let value = at(path, field.name, |path| write(object.field(idx), path, gaps));
                if !value.is_null() {
                    json.insert(field.name.to_owned(), value);
                }
            }
            json.into()
        }
    }
}

fn list_to_json(list: List<'_>, path: &mut String, gaps: &mut Vec<Gap>) -> serde_json::Value {
    let mut json = Vec::with_capacity(list.known());
    for (idx, value) in list.iter().enumerate() {
        json.push(at(path, &format!("[{idx}]"), |path| {
            if let Some(doubt) = list.doubt(idx) {
                gaps.push((path.clone(), doubt.clone()));
            }
            write(value, path, gaps)
        }));
    }
    if let Some(missing) = list.rest() {
        gaps.push((format!("{path}[{}..]", list.known()), missing.clone()));
    }
    json.into()
}

/// Runs `work` with `path` extended by one step.
fn at<T>(path: &mut String, step: &str, work: impl FnOnce(&mut String) -> T) -> T {
    let len = path.len();
    if len > 0 && !step.starts_with('[') {
        path.push('.');
    }
    path.push_str(step);
    let result = work(path);
    path.truncate(len);
    result
}
