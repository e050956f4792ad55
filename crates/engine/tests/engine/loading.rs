//! Rule files loaded all at once: what comes of it is what comes of one after the other.

use mailhound_engine::{Builder, Checked, RuleSet, Settings, starter};

fn one_by_one(files: &[(&str, &str)]) -> (Vec<Checked>, RuleSet) {
    let mut builder = Builder::new(Settings::default());
    let checked = files.iter().map(|(path, text)| builder.add_mql(path, text)).collect();
    (checked, builder.build())
}

fn all_at_once(files: &[(&str, &str)]) -> (Vec<Checked>, RuleSet) {
    let mut builder = Builder::new(Settings::default());
    let checked = builder.add_all(files);
    (checked, builder.build())
}

#[track_caller]
fn check(files: &[(&str, &str)], message: &[u8]) {
    let ((expected, one), (found, all)) = (one_by_one(files), all_at_once(files));
    assert_eq!(found.len(), files.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((&found.path, &found.name, &found.findings), (&expected.path, &expected.name, &expected.findings));
    }
    assert_eq!(one.size(), all.size());
    let rules = |set: &RuleSet| set.rules().iter().map(|rule| rule.rule.clone()).collect::<Vec<_>>();
    assert_eq!(rules(&one), rules(&all));
    for number in 0..one.size().tests {
        assert_eq!(one.constant(number), all.constant(number));
    }
    let json = |set: &RuleSet| {
        let mut json = set.inspect("test", message).json();
        json["elapsed_us"] = 0.into();
        json
    };
    assert_eq!(json(&one), json(&all));
}

const MESSAGE: &[u8] = b"From: a@example.net\nTo: b@example.org\nSubject: Pay now\n\nThe invoice is due: https://www.example.net/pay\n";

#[test]
fn starter_rules() {
    let files: Vec<_> = starter::mql().collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    assert!(files.len() > 10);
    check(&files, MESSAGE);
}

#[test]
fn files_with_mistakes_between_others() {
    let sources = [
        "type.inbound",
        "type.inbund and subject.subjct == 1",
        "regex.icontains(subject.subject, '[', 'pay', '(?P<a')",
        "regex.icontains(subject.subject, 'pay', '[')",
        "strings.icontains(subject.subject, 'pay') and any(['due', 'pay'], strings.icontains(body.current_thread.text, .))",
        "1 of (strings.icontains(subject.subject, 'x'), not regex.contains(subject.subject, '^n?ow'))",
        "f(1 2) and == 3",
        "length(map(body.links, regex.extract(.href_url.url, 'p(a)y')[0].groups[0])) > 0",
        "",
    ];
    let file = |idx: usize| match idx % 11 {
        10 => "a: [1".to_owned(),
        kind => {
            let source =
                sources.get(kind).copied().unwrap_or("profile.by_sender().prevalence == 'new' or sender.email.email in $org_domains");
            format!("name: rule {idx}\ntype: rule\nsource: |\n  {source}\n")
        }
    };
    let files: Vec<_> = (0..300).map(|idx| (format!("{idx}.yml"), file(idx))).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    check(&files, MESSAGE);
}

#[test]
fn no_files_and_deep_ones() {
    check(&[], MESSAGE);
    let deep = format!("name: n\ntype: rule\nsource: |\n  {}type.inbound\n", "not ".repeat(240));
    let too_deep = format!("name: n\ntype: rule\nsource: |\n  {}true\n", "(".repeat(100_000));
    check(&[("deep.yml", &deep), ("too deep.yml", &too_deep), ("deep again.yml", &deep)], MESSAGE);
}
