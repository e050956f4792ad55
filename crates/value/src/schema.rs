//! Shapes as JSON Schema (draft 2020-12).

use crate::{Shape, Type};
use serde_json::{Map, Value, json};

/// The schema of an object and of all objects in it. A field that may be null may also be left out; lists are always there.
pub fn json_schema(root: &'static Shape, title: &str) -> Value {
    let mut defs = Map::new();
    define(root, &mut defs);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": format!("#/$defs/{}", root.name),
        "$defs": defs,
    })
}

fn define(shape: &'static Shape, defs: &mut Map<String, Value>) {
    if defs.contains_key(shape.name) {
        return;
    }
    defs.insert(shape.name.to_owned(), Value::Null);
    let mut properties = Map::new();
    for field in shape.fields {
        let mut schema = of_type(field.ty, defs);
        if field.nullable {
            schema = nullable(schema);
        }
        schema["description"] = field.about.trim().into();
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<&str> = shape.fields.iter().filter(|field| !field.nullable).map(|field| field.name).collect();
    let schema = json!({
        "type": "object",
        "description": shape.about.trim(),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    defs.insert(shape.name.to_owned(), schema);
}

fn of_type(ty: Type, defs: &mut Map<String, Value>) -> Value {
    match ty {
        Type::Any | Type::Json => json!({}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Int => json!({"type": "integer"}),
        Type::Float => json!({"type": "number"}),
        Type::String => json!({"type": "string"}),
        Type::List(item) => json!({"type": "array", "items": of_type(*item, defs)}),
        Type::Map(value) => json!({"type": "object", "additionalProperties": of_type(*value, defs)}),
        Type::Object(shape) => {
            define(shape, defs);
            json!({"$ref": format!("#/$defs/{}", shape.name)})
        }
    }
}

/// The same or null.
fn nullable(mut schema: Value) -> Value {
    match schema.get("type").cloned() {
        Some(ty) => {
            schema["type"] = json!([ty, "null"]);
            schema
        }
        None => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn every_object_is_defined_once() {
        let schema = json_schema(Profile::SHAPE, "x");
        let names: Vec<_> = schema["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["Profile", "Days"]);
        assert_eq!(schema["$defs"]["Profile"]["properties"]["solicited"]["type"], json!(["boolean", "null"]));
        assert_eq!(schema["$defs"]["Profile"]["properties"]["days_since"]["$ref"], "#/$defs/Days");
    }
}
