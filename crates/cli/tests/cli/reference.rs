//! `functions` and `doctor`: what the program says of itself.

use crate::support::Folder;

#[test]
fn functions_gives_one_object_for_each_function() {
    let rows = Folder::new().jsonl(&["functions"]);
    assert!(rows.len() > 50);
    for row in &rows {
        for key in ["name", "signature", "about", "params", "returns", "needs", "examples"] {
            assert!(row.get(key).is_some(), "{row} has no {key}");
        }
    }
}

#[test]
fn one_function_is_explained() {
    let folder = Folder::new();
    assert_eq!(folder.jsonl(&["functions", "strings.icontains"])[0]["name"], "strings.icontains");
    let ran = folder.run(&["functions", "strings.icontains"]);
    assert!(ran.stdout.starts_with("strings.icontains(") && ran.stdout.contains("Examples"), "{ran:?}");
}

#[test]
fn an_unknown_function_names_the_nearest() {
    let ran = Folder::new().run(&["functions", "strings.icontain"]);
    ran.complains(2, &["no function `strings.icontain`", "did you mean `strings.icontains`?"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn doctor_names_each_capability_and_how_to_get_it() {
    let rows = Folder::new().jsonl(&["doctor"]);
    for name in ["history", "ocr", "render", "language", "links", "whois"] {
        let row = rows.iter().find(|row| row["capability"] == name).unwrap_or_else(|| panic!("no {name}"));
        let state = row["state"].as_str().unwrap_or_default();
        assert!(["available", "off", "absent"].contains(&state), "{row}");
        assert!(state == "available" || row["how"].as_str().is_some_and(|how| !how.is_empty()), "{row}");
    }
}

#[test]
fn doctor_in_text_says_where_the_configuration_is() {
    let folder = Folder::new();
    assert!(folder.run(&["doctor"]).stdout.contains("configuration: none found"));
    folder.write("mailhound.toml", "");
    assert!(folder.run(&["doctor"]).stdout.contains("configuration: mailhound.toml"));
}
