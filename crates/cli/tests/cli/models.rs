//! `mdm`, `explode` and `schema`.

use crate::support::{Folder, message, repository, with_attachments, zip};
use serde_json::{Value, json};

#[test]
fn mdm_gives_one_model_for_each_message() {
    let folder = Folder::new();
    folder.write("in/a.eml", message("One")).write("in/b.eml", message("Two"));
    let models = folder.jsonl(&["mdm", "in"]);
    let subjects: Vec<_> = models.iter().map(|model| &model["subject"]["subject"]).collect();
    assert_eq!(subjects, ["One", "Two"]);
    assert_eq!(models[0]["sender"]["email"]["email"], "ada@sender.example");
}

#[test]
fn the_same_input_gives_the_same_output() {
    let folder = Folder::new();
    let examples = repository("examples");
    let models = || {
        let mut models = folder.jsonl(&["mdm", &examples]);
        models.iter_mut().for_each(|model| model["_meta"] = Value::Null);
        models
    };
    assert_eq!(models(), models());
    folder.write("a.zip", zip("a.txt", b"x"));
    assert_eq!(folder.run(&["explode", "a.zip"]).stdout, folder.run(&["explode", "a.zip"]).stdout);
    assert_eq!(
        folder.run(&["--format", "jsonl", "explode", "a.zip"]).stdout,
        folder.run(&["--format", "jsonl", "explode", "a.zip"]).stdout
    );
}

#[test]
fn models_of_the_examples_follow_the_schema() {
    let folder = Folder::new();
    let schema = folder.jsonl(&["schema"]).remove(0);
    let models = folder.jsonl(&["mdm", &repository("examples")]);
    assert!(models.len() > 10);
    for model in &models {
        let mut faults = Vec::new();
        validate(&schema, &schema, model, "$", &mut faults);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

#[test]
fn the_schema_says_when_something_does_not_follow_it() {
    let schema = Folder::new().jsonl(&["schema"]).remove(0);
    for wrong in [json!({"subject": {"subject": 1}}), json!({"sbject": {}}), json!([])] {
        let mut faults = Vec::new();
        validate(&schema, &schema, &wrong, "$", &mut faults);
        assert!(!faults.is_empty(), "{wrong}");
    }
}

#[test]
fn the_schema_is_one_document_in_every_form() {
    for format in ["text", "json", "jsonl"] {
        let ran = Folder::new().run(&["--format", format, "schema"]);
        let schema: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{format}");
    }
}

/// The part of JSON Schema that the schema of the model uses. Another keyword is a fault, so that nothing is passed over.
fn validate(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, wanted) in schema.as_object().into_iter().flatten() {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let target = wanted.as_str().and_then(|it| root.pointer(it.trim_start_matches('#'))).expect("it refers to a definition");
                validate(root, target, value, at, faults);
            }
            "type" => {
                let types: Vec<&str> = wanted
                    .as_array()
                    .map_or_else(|| wanted.as_str().into_iter().collect(), |it| it.iter().filter_map(Value::as_str).collect());
                if !types.iter().any(|ty| is_type(ty, value)) {
                    faults.push(format!("{at} is no {types:?}: {value}"));
                }
            }
            "anyOf" => {
                let fits = |schema: &Value| {
                    let mut faults = Vec::new();
                    validate(root, schema, value, at, &mut faults);
                    faults.is_empty()
                };
                if !wanted.as_array().into_iter().flatten().any(fits) {
                    faults.push(format!("{at} is none of {wanted}: {value}"));
                }
            }
            "properties" => {
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    if let Some(value) = value.get(name) {
                        validate(root, schema, value, &format!("{at}.{name}"), faults);
                    }
                }
            }
            "required" => {
                let missing = wanted
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .filter(|name| value.is_object() && value.get(name).is_none());
                faults.extend(missing.map(|name| format!("{at} has no {name}")));
            }
            "additionalProperties" => {
                let known = |name: &str| schema.get("properties").is_some_and(|it| it.get(name).is_some());
                for (name, value) in value.as_object().into_iter().flatten().filter(|(name, _)| !known(name)) {
                    match wanted {
                        Value::Bool(false) => faults.push(format!("{at}.{name} is not in the schema")),
                        schema => validate(root, schema, value, &format!("{at}.{name}"), faults),
                    }
                }
            }
            "items" => {
                for (idx, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(root, wanted, item, &format!("{at}[{idx}]"), faults);
                }
            }
            other => faults.push(format!("the check does not know the keyword {other}")),
        }
    }
}

fn is_type(ty: &str, value: &Value) -> bool {
    match ty {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => false,
    }
}

#[test]
fn explode_gives_one_array_of_nodes_for_each_file() {
    let folder = Folder::new();
    folder.write("a.zip", zip("doc/macro.vbs", b"MsgBox 1")).write("b.txt", "hello");
    let files = folder.jsonl(&["explode", "a.zip", "b.txt"]);
    assert_eq!(files.len(), 2);
    let names: Vec<_> = files[0].as_array().into_iter().flatten().map(|node| (&node["file_name"], &node["depth"])).collect();
    assert_eq!(names, [(&json!("a.zip"), &json!(0)), (&json!("doc/macro.vbs"), &json!(1))]);
    assert_eq!(files[1][0]["size"], 5);
}

#[test]
fn a_node_names_what_could_not_be_found_out() {
    let folder = Folder::new();
    folder.write("a.txt", "hello").write("r.yar", "rule r { condition: true }");
    assert_eq!(folder.jsonl(&["explode", "a.txt"])[0][0]["unavailable"]["scan.yara"], json!(["yara"]));
    let with_rules = folder.jsonl(&["explode", "--rules", "r.yar", "a.txt"]).remove(0);
    assert_eq!(with_rules[0]["unavailable"].get("scan.yara"), None);
    assert_eq!(with_rules[0]["scan"]["yara"]["matches"][0]["name"], "r");
}

#[test]
fn explode_goes_on_after_a_file_that_cannot_be_read() {
    let folder = Folder::new();
    folder.write("a.txt", "hello").write("folder/x", "");
    let ran = folder.run(&["--format", "jsonl", "explode", "missing", "folder", "a.txt"]);
    ran.complains(3, &["missing: cannot be read", "folder: is a folder"]);
    assert_eq!(ran.values().len(), 1);
}

#[test]
fn explode_sees_what_rules_see() {
    let folder = Folder::new();
    folder.write("a.eml", with_attachments("x", &[("application/zip", "a.zip", &zip("b.txt", b"hi"))]));
    let names = folder.eval("map(file.explode(attachments[0]), .file_name)", "a.eml");
    assert_eq!(names, json!(["a.zip", "b.txt"]));
}
