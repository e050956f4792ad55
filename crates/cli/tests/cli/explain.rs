//! Why rules did or did not match.

use crate::support::{Folder, message, repository, rule};
use serde_json::{Value, json};

/// A message with two links and three addressees.
const MAIL: &str = "From: Ada Byron <ada@sender.example>\r\nTo: bob@example.com, carl@example.net\r\nSubject: Invoice 17\r\n\
    Message-ID: <1@sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n\
    See https://first.example/a and https://second.example/b\r\n";

fn folder(kind: &str, source: &str) -> Folder {
    let folder = Folder::new();
    folder.write("a.eml", MAIL).write("rules/it.yml", rule(kind, "", source));
    folder
}

#[track_caller]
fn explained(source: &str) -> Value {
    folder("rule", source).run(&["--format", "jsonl", "explain", "--rules", "rules", "a.eml"]).value()
}

/// Outcome and words of each node below one, in order.
fn operands(node: &Value) -> Vec<(&str, &str)> {
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    let operands = node["operands"].as_array().into_iter().flatten();
    assert!(operands.clone().all(|it| text(it, "mql").is_some()), "{node}");
    operands.map(|it| (it["outcome"].as_str().unwrap_or("value"), it["mql"].as_str().unwrap_or_default())).collect()
}

#[test]
fn a_match_shows_what_decided() {
    let it = explained(
        "type.inbound\nand (subject.subject =~ 'invoice 17' or length(attachments) > 0)\nand any(body.links, strings.contains(.href_url.path, 'b'))",
    );
    assert_eq!((&it["decision"], &it["source"], &it["rule"]["name"]), (&json!("match"), &json!("a.eml"), &json!("The rule")));
    let tree = &it["tree"];
    assert_eq!((&tree["outcome"], &tree["line"], &tree["column"]), (&json!("true"), &json!(5), &json!(3)));
    let any = "any(body.links, strings.contains(.href_url.path, 'b'))";
    let or = "subject.subject =~ 'invoice 17' or length(attachments) > 0";
    assert_eq!(operands(tree), [("true", "type.inbound"), ("true", or), ("true", any)]);
    assert_eq!(operands(&tree["operands"][1]), [("true", "subject.subject =~ 'invoice 17'"), ("not needed", "length(attachments) > 0")]);
    let subject = &tree["operands"][1]["operands"][0]["operands"][0];
    assert_eq!((&subject["mql"], &subject["value"]), (&json!("subject.subject"), &json!("Invoice 17")));
    let items = &tree["operands"][2]["items"];
    assert_eq!((&items["known"], &items["decided_by"], &items["false"], &items["true"]), (&json!(2), &json!(1), &json!(1), &json!(1)));
    assert_eq!(items["shown"].as_array().map(Vec::len), Some(1));
    assert_eq!(items["shown"][0]["item"]["href_url.url"], "https://second.example/b");
    assert_eq!(items["shown"][0]["body"]["operands"][0]["value"], "/b");
}

#[test]
fn the_alternative_that_decided_is_told() {
    let it = explained("strings.icontains(subject.subject, 'none', subject.base, 'invoice') and sender.email.local_part in ('bob', 'ada')");
    let decided = |node: &Value| (node["decided_by"].clone(), node["decided_by_mql"].clone());
    let operands = &it["tree"]["operands"];
    assert_eq!(decided(&operands[0]), (json!(1), json!("subject.base")));
    assert_eq!(decided(&operands[1]), (json!(1), json!("'ada'")));
    let it = explained("regex.icontains(subject.subject, '[a-f]{5}', 'inv.ice', '17') and not strings.contains(subject.subject, 'a', 'b')");
    assert_eq!(decided(&it["tree"]["operands"][0]), (json!(1), json!("'inv.ice'")));
    assert_eq!(decided(&it["tree"]["operands"][1]["operands"][0]), (Value::Null, Value::Null));
}

/// Line, words and wish of each condition that a rule misses, and how many these are.
#[track_caller]
fn missed(source: &str) -> (u64, Vec<(u64, String, bool)>) {
    let it = explained(source);
    assert_eq!(it["decision"], "no match", "{it}");
    let conditions = it["missed"].as_array().expect("a list").iter();
    let conditions = conditions.map(|it| {
        (it["line"].as_u64().expect("a line"), it["mql"].as_str().expect("its words").to_owned(), it["wanted"].as_bool().expect("a wish"))
    });
    (it["missed_by"].as_u64().expect("a number"), conditions.collect())
}

#[test]
fn the_closest_miss_is_the_fewest_conditions() {
    let one = |line, mql: &str| (1, vec![(line, mql.to_owned(), true)]);
    let two = |a: &str, b: &str| (2, vec![(5, a.to_owned(), true), (5, b.to_owned(), true)]);
    // All operands of `and`, those behind the first that fails too.
    assert_eq!(missed("type.outbound\nand subject.subject == 'Invoice 17'\nand length(body.links) == 2"), one(5, "type.outbound"));
    assert_eq!(missed("type.outbound and length(body.links) == 3"), two("type.outbound", "length(body.links) == 3"));
    // The nearest branch of `or`.
    assert_eq!(missed("(type.outbound and type.internal) or length(body.links) == 3"), one(5, "length(body.links) == 3"));
    // As many clauses of `of` as are lacking.
    assert_eq!(
        missed("3 of (type.inbound, type.outbound and type.internal, type.outbound, length(body.links) == 3)"),
        two("type.outbound", "length(body.links) == 3")
    );
    // What should not hold and does.
    assert_eq!(missed("not type.inbound"), (1, vec![(5, "type.inbound".to_owned(), false)]));
    // The nearest item of a loop.
    assert_eq!(
        missed("any(body.links, .href_url.path == '/b' and .href_url.scheme == 'http' and type.inbound)"),
        one(5, ".href_url.scheme == 'http'")
    );
    // A null condition misses as well.
    assert_eq!(missed("headers.in_reply_to == 'a'"), one(5, "headers.in_reply_to == 'a'"));
    // An empty list lacks an item, which would have to fulfil two conditions: one other is nearer.
    assert_eq!(missed("any(attachments, .size > 3 and .size < 9) or length(body.links) == 3"), one(5, "length(body.links) == 3"));
}

#[test]
fn a_miss_tells_its_values_and_items() {
    let it = explained("any(body.links, .href_url.path == '/b' and .href_url.scheme == 'http')");
    let miss = &it["missed"][0];
    assert_eq!(
        (&miss["outcome"], &miss["items"][0]["index"], &miss["items"][0]["list"]),
        (&json!("false"), &json!(1), &json!("body.links"))
    );
    assert_eq!(miss["items"][0]["item"]["href_url.url"], "https://second.example/b");
    let value = &miss["values"][0];
    assert_eq!((&value["mql"], &value["value"]), (&json!(".href_url.scheme"), &json!("https")));
    let empty = explained("any(attachments, .size > 3)");
    assert_eq!((&empty["missed"][0]["empty"], &empty["missed_by"]), (&json!(true), &json!(1)));
    let long = explained(&format!("strings.contains(strings.concat(subject.subject, '{}'), 'nothing')", "é".repeat(5_000)));
    let value = &long["missed"][0]["values"][0];
    assert_eq!((value["value"].as_str().map(|it| it.chars().count()), &value["length"]), (Some(200), &json!(5_010)));
}

#[test]
fn what_is_open_tells_what_it_needs() {
    let it = explained(
        "type.inbound and (type.outbound or any(recipients.to, network.whois(.email.domain).days_old < 30)) and beta.ocr(file.message_screenshot()).text == 'a'",
    );
    assert_eq!((&it["decision"], &it["needs"]), (&json!("undetermined"), &json!(["render", "whois"])));
    let open = it["open"].as_array().expect("a list");
    let told: Vec<_> = open.iter().map(|it| (it["mql"].as_str().unwrap_or_default(), &it["needs"])).collect();
    assert_eq!(
        told,
        [
            ("network.whois(.email.domain).days_old < 30", &json!(["whois"])),
            ("beta.ocr(file.message_screenshot()).text == 'a'", &json!(["render"])),
        ]
    );
    assert_eq!(open[0]["items"][0]["index"], 0);
}

#[test]
fn an_operand_behind_the_one_that_decided_is_not_needed() {
    let tree = explained("type.outbound and subject.subject == 'x'")["tree"].clone();
    assert_eq!(operands(&tree), [("false", "type.outbound"), ("not needed", "subject.subject == 'x'")]);
    assert_eq!(tree["operands"][1]["would_be"], "false");
    // Nobody walks what could not have made a difference.
    let tree = explained("type.inbound or subject.subject == 'x'")["tree"].clone();
    assert_eq!(tree["operands"][1].get("would_be"), None);
}

#[test]
fn a_query_has_its_value() {
    let folder = folder("query", "map(body.links, .href_url.domain.domain)");
    let it = folder.run(&["--format", "jsonl", "explain", "--rules", "rules", "a.eml"]).value();
    assert_eq!((&it["decision"], &it["value"]), (&json!("match"), &json!(["first.example", "second.example"])));
}

#[test]
fn one_rule_is_called_by_its_name_id_path_or_file() {
    let folder = folder("rule", "type.inbound");
    folder.write("rules/other.yml", rule("rule", "", "type.outbound").replace("The rule", "Other").replace("id-of-rule", "other-id"));
    let run = |name: &str| folder.jsonl(&["explain", "--rules", "rules", "--rule", name, "a.eml"]);
    for name in ["Other", "other", "other-id", "rules/other.yml", "other.yml"] {
        let names: Vec<Value> = run(name).into_iter().map(|it| it["rule"]["name"].clone()).collect();
        assert_eq!(names, ["Other"], "{name}");
    }
    assert_eq!(folder.jsonl(&["explain", "--rules", "rules", "a.eml"]).len(), 2);
    let unknown = folder.run(&["explain", "--rules", "rules", "--rule", "Othr", "a.eml"]);
    unknown.complains(2, &["no rule that compiles is called `Othr`", "did you mean `Other`?"]);
}

#[test]
fn an_inactive_rule_is_explained_when_it_is_named() {
    let folder = folder("rule", "type.inbound");
    folder.write("rules/off.yml", format!("{}active: false\n", rule("rule", "", "type.inbound").replace("The rule", "Off")));
    assert_eq!(folder.jsonl(&["explain", "--rules", "rules", "a.eml"]).len(), 1);
    assert_eq!(folder.jsonl(&["explain", "--rules", "rules", "--rule", "off", "a.eml"])[0]["decision"], "match");
}

#[test]
fn statuses_are_those_of_scan() {
    let folder = folder("rule", "type.inbound");
    folder.write("rules/broken.yml", rule("rule", "", "type.inbund"));
    let ran = folder.run(&["--format", "jsonl", "explain", "--rules", "rules", "a.eml"]);
    ran.complains(2, &["broken.yml:5:8: error"]);
    assert_eq!(ran.values().len(), 1);
    folder.run(&["explain", "--rules", "rules/it.yml", "a.eml", "none.eml"]).complains(3, &["none.eml"]);
    folder.run(&["explain", "--rules", "none", "a.eml"]).complains(2, &["none"]);
}

#[test]
fn text_puts_the_reason_before_the_tree() {
    let folder = folder("rule", "type.inbound\nand subject.subject == 'x'");
    let ran = folder.run(&["explain", "--rules", "rules", "a.eml"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "a.eml  “Invoice 17”",
            "○ no match  The rule  rules/it.yml  missed by 1 condition",
            "    closest miss, 1 condition:",
            "      it.yml:6  subject.subject == 'x'  is false",
            "        subject.subject = \"Invoice 17\"",
            "    false type.inbound and subject.subject == 'x'",
            "      true  type.inbound",
            "      false subject.subject == 'x'",
            "        subject.subject = \"Invoice 17\"",
        ]
    );
}

#[test]
fn of_many_rules_those_that_match_have_their_trees() {
    let folder = Folder::new();
    folder.write("a.eml", MAIL);
    for (name, source) in [("m", "type.inbound"), ("n", "type.outbound"), ("u", "beta.ocr(file.message_screenshot()).text == 'a'")] {
        for copy in ["1", "2"] {
            let path = format!("rules/{name}{copy}.yml");
            folder.write(&path, rule("rule", "", source).replace("The rule", &format!("{name}{copy}")));
        }
    }
    let ran = folder.run(&["explain", "--rules", "rules", "a.eml"]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let starts = [
        "a.eml",
        "● match  m1",
        "    true  type.inbound",
        "● match  m2",
        "    true",
        "◐ undetermined  u1",
        "◐ undetermined  u2",
        "○ no match  n1",
    ];
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line} does not begin with {start}");
    }
    assert_eq!(lines.len(), 9, "{}", ran.stdout);
}

#[test]
fn hostile_text_cannot_move_the_cursor() {
    let folder = folder("rule", "subject.subject == 'x'");
    folder.write("a.eml", message("a =?utf-8?Q?=1B[2J=E2=80=AEb?="));
    let ran = folder.run(&["explain", "--rules", "rules", "a.eml"]);
    assert!(ran.stdout.contains("subject.subject = ") && !ran.stdout.contains(['\u{1b}', '\u{202e}']), "{}", ran.stdout);
}

#[test]
fn a_tree_is_bounded_whatever_the_rule_and_the_message() {
    let links: Vec<String> = (0..2_000).map(|idx| format!("https://host{idx}.example/a")).collect();
    let clauses: Vec<String> = (0..3_000).map(|idx| format!("strings.contains(.href_url.url, 'none{idx}')")).collect();
    let folder = folder("rule", &format!("any(body.links, {})", clauses.join(" or ")));
    folder.write("a.eml", format!("{MAIL}{}\r\n", links.join("\r\n")));
    let it = folder.run(&["--format", "jsonl", "explain", "--rules", "rules", "a.eml"]).value();
    assert_eq!((&it["decision"], &it["cut"]), (&json!("no match"), &json!(true)));
    fn count(node: &Value) -> usize {
        match node {
            Value::Object(map) => usize::from(map.contains_key("mql")) + map.values().map(count).sum::<usize>(),
            Value::Array(items) => items.iter().map(count).sum(),
            _ => 0,
        }
    }
    assert!(count(&it["tree"]) <= 2_000, "{}", count(&it["tree"]));
}

#[test]
fn starter_rules_are_explained_without_rules() {
    let folder = Folder::new();
    let ran = folder.run(&[
        "--format",
        "jsonl",
        "explain",
        "--rule",
        "link_text_mismatch",
        &repository("examples/malicious/paypal-look-alike.eml"),
    ]);
    assert_eq!(ran.value()["decision"], "match");
}
