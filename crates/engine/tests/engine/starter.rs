//! The starter rules: each one alone on its cases in `rules/tests`, all of them on the example messages.

use mailhound_engine::{Builder, Match, Organization, Report, Rewritten, RuleSet, Settings, Verdict, rewrite, starter};
use mailhound_value::Person;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Cases that wait for something that this version has not: the message must not match, and what is missing is this.
const WAITING: &[(&str, &[&str])] = &[
    ("attachment_macro_lure/no-match/document-without-macro.eml", &["macros"]),
    ("attachment_macro_lure/no-match/macro-form-without-request.eml", &["macros", "office"]),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stem(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or(path)
}

/// The files of a folder by name; none when there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    files.sort();
    files
}

/// The settings of `rules/tests/mailhound.toml`.
fn organization() -> Settings {
    let text = std::fs::read_to_string(repository().join("rules/tests/mailhound.toml")).expect("the configuration is there");
    let table: toml::Table = text.parse().expect("the configuration is TOML");
    let organization = &table["organization"];
    let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
    let list = |key: &str| organization[key].as_array().expect("a list").iter();
    let vip = |vip: &toml::Value| Person { display_name: Some(text(&vip["display_name"])), email: Some(text(&vip["email"])) };
    let organization = Organization {
        domains: list("domains").map(text).collect(),
        display_names: list("display_names").map(text).collect(),
        vips: list("vips").map(vip).collect(),
    };
    Settings { organization, ..Settings::default() }
}

/// Each starter rule on its own: the stem of its file and the rule set.
fn each_alone() -> Vec<(String, RuleSet)> {
    let mql = starter::mql().map(|(path, text)| {
        let mut builder = Builder::new(organization());
        let checked = builder.add_mql(&path, text);
        assert!(checked.findings.is_empty(), "{path}: {:?}", checked.findings);
        (stem(&path).to_owned(), builder.build())
    });
    let yara = starter::yara().map(|(path, source)| {
        let mut builder = Builder::new(organization());
        let problems = builder.add_yara(&path, source);
        assert!(problems.is_empty(), "{path}: {:?}", problems.iter().map(|it| &it.problem).collect::<Vec<_>>());
        (stem(&path).to_owned(), builder.build())
    });
    mql.chain(yara).collect()
}

/// All starter rules together.
fn all_together(settings: Settings) -> RuleSet {
    let mut builder = Builder::new(settings);
    for (path, text) in starter::mql() {
        builder.add_mql(&path, text);
    }
    for (path, source) in starter::yara() {
        builder.add_yara(&path, source);
    }
    builder.build()
}

/// What a rule says of a case: whether it matches, and what it needed.
fn run(set: &RuleSet, file: &Path) -> (bool, Vec<String>) {
    let bytes = std::fs::read(file).expect("the case can be read");
    let is_message = file.extension().is_some_and(|extension| extension == "eml");
    if let (false, Some(yara)) = (is_message, set.yara()) {
        return (!yara.scan(&bytes).expect("the file is scanned whole").is_empty(), Vec::new());
    }
    let report = set.inspect(&file.display().to_string(), &bytes);
    let needs = report.undetermined.into_iter().flat_map(|rule| rule.needs).collect();
    (!report.matches.is_empty() || !report.excluded_by.is_empty(), needs)
}

fn check_case(set: &RuleSet, case: &str, file: &Path, expected: bool) -> Option<String> {
    let (matched, needs) = run(set, file);
    let waiting = WAITING.iter().find(|(waiting, _)| *waiting == case).map_or(&[][..], |(_, needs)| needs);
    (matched != expected || needs != waiting).then(|| format!("{case}: match {matched}, needs {needs:?}"))
}

#[test]
fn each_rule_finds_its_cases_and_nothing_else() {
    let mut wrong = Vec::new();
    for (stem, set) in each_alone() {
        for (folder, expected) in [("match", true), ("no-match", false)] {
            let cases = files(&repository().join("rules/tests").join(&stem).join(folder));
            if cases.is_empty() {
                wrong.push(format!("{stem}/{folder}: there is no case"));
            }
            for file in cases {
                let case = format!("{stem}/{folder}/{}", file.file_name().unwrap_or_default().display());
                wrong.extend(check_case(&set, &case, &file, expected));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_cases_belongs_to_a_rule() {
    let rules: BTreeSet<String> = each_alone().into_iter().map(|(stem, _)| stem).collect();
    let folders = files(&repository().join("rules/tests")).into_iter().filter(|path| path.is_dir());
    let folders: BTreeSet<String> = folders.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
    assert_eq!(folders, rules);
    for (case, _) in WAITING {
        assert!(repository().join("rules/tests").join(case).is_file(), "{case} is no longer there");
    }
}

#[test]
fn all_rule_files_are_built_in() {
    let stems = |folder: &str| files(&repository().join("rules").join(folder)).len();
    assert_eq!(starter::mql().count(), stems("mql"));
    assert_eq!(starter::yara().count(), stems("yara"));
}

#[test]
fn rules_are_in_canonical_form() {
    let changed = starter::mql().filter(|(path, text)| !matches!(rewrite(path, text), Rewritten::Unchanged));
    assert_eq!(changed.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn identifiers_and_names_are_unique() {
    let set = all_together(Settings::default());
    let ids: Vec<_> = set.rules().iter().map(|rule| rule.rule.id.clone().unwrap_or_else(|| panic!("{}: no id", rule.rule.path))).collect();
    let names: BTreeSet<_> = set.rules().iter().map(|rule| &rule.rule.name).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert_eq!(names.len(), ids.len());
    assert!(set.rules().iter().all(|rule| rule.rule.description.is_some()));
}

/// The rules that match, by the stems of their files; insights are no matches.
fn matching(report: &Report) -> Vec<String> {
    let name = |found: &Match| match found {
        Match::Mql { rule, kind, .. } => (*kind != mailhound_engine::RuleType::Query).then(|| stem(&rule.path).to_owned()),
        Match::Yara { rule, .. } => Some(stem(&rule.path).to_owned()),
    };
    report.matches.iter().filter_map(name).collect()
}

/// The examples of `examples/README.md`: the file and the rules that its row names.
fn examples() -> Vec<(String, Vec<String>)> {
    let readme = std::fs::read_to_string(repository().join("examples/README.md")).expect("the list is there");
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').collect();
        (quoted(cells[1]).concat(), quoted(cells[3]))
    };
    rows.map(row).collect()
}

fn check_examples(settings: Settings, also: &[(&str, &str)]) {
    let set = all_together(settings);
    let mut wrong = Vec::new();
    for (file, mut rules) in examples() {
        let bytes = std::fs::read(repository().join("examples").join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let report = set.inspect(&file, &bytes);
        rules.extend(also.iter().filter(|(of, _)| *of == file).map(|(_, rule)| (*rule).to_owned()));
        let verdict = if file.starts_with("malicious/") { Verdict::Flagged } else { Verdict::Clean };
        let matches = matching(&report);
        if report.verdict != verdict || matches.iter().collect::<BTreeSet<_>>() != rules.iter().collect() {
            wrong.push(format!("{file}: {}, {matches:?} instead of {rules:?}", report.verdict.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_examples_are_what_their_list_says() {
    check_examples(Settings::default(), &[]);
    check_examples(organization(), &[("malicious/gift-cards-from-the-boss.eml", "vip_display_name_outside_sender")]);
}

#[test]
fn the_list_of_examples_is_complete() {
    let listed: BTreeSet<String> = examples().into_iter().map(|(file, _)| file).collect();
    let there = ["benign", "malicious"].into_iter().flat_map(|folder| {
        let files = files(&repository().join("examples").join(folder)).into_iter();
        files.map(move |file| format!("{folder}/{}", file.file_name().unwrap_or_default().display()))
    });
    assert_eq!(there.collect::<BTreeSet<_>>(), listed);
}
