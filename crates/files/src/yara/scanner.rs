//! From bytes to matches.

use super::compiler::key;
use super::{Match, MetaValue, StringMatch};
use mailhound_value::{Maybe, Unavailable, fixed};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Seconds that one scan may take, and the name of that limit. Wall time: the engine has no other measure of its work.
const SCAN_TIME: (Duration, &str) = (Duration::from_secs(fixed::YARA_SECONDS.value as u64), fixed::YARA_SECONDS.name);
/// Places that are reported for one rule. Conditions count all places; this bounds only what is written out.
const MAX_PLACES: usize = 10_000;

/// Where rules come from.
pub(super) struct Origin {
    pub(super) namespace: Arc<str>,
    pub(super) path: Arc<str>,
}

/// Compiled rules; share them between threads.
pub struct Rules {
    pub(super) inner: yara_x::Rules,
    pub(super) origins: Vec<Origin>,
    /// File and identifier of each rule to its place among all rules: what orders the matches.
    pub(super) order: HashMap<(usize, String), usize>,
}

impl Rules {
    /// Number of rules, private ones included.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// True when no rule compiled.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Identifier and path of the rule file of every rule, in the order of the files.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.inner.iter().map(|rule| (rule.identifier(), self.origins.get(key(rule.namespace())).map_or("", |origin| &*origin.path)))
    }

    /// Something that scans with these rules, one buffer after the other. Making it costs more than a scan of a small file, so keep it.
    pub fn scanner(&self) -> Scanner<'_> {
        let mut inner = yara_x::Scanner::new(&self.inner);
        inner.set_timeout(SCAN_TIME.0);
        Scanner { rules: self, inner, with_places: true }
    }

    /// The same for callers that want to know which rules match and not where: [`Match::strings`] stays empty. Faster, because the search
    /// for a string may end at its first place wherever no condition asks for more.
    pub fn name_scanner(&self) -> Scanner<'_> {
        let mut scanner = self.scanner();
        scanner.inner.fast_scan(true);
        scanner.with_places = false;
        scanner
    }

    /// Scans once; see [`Scanner::scan`].
    ///
    /// # Errors
    /// As [`Scanner::scan`].
    pub fn scan(&self, bytes: &[u8]) -> Maybe<Vec<Match>> {
        self.scanner().scan(bytes)
    }
}

/// Scans buffers with [`Rules`]; one per thread.
pub struct Scanner<'r> {
    rules: &'r Rules,
    inner: yara_x::Scanner<'r>,
    with_places: bool,
}

impl Scanner<'_> {
    /// The rules that match these bytes, in the order of the rule files.
    ///
    /// # Errors
    /// [`Unavailable`] with the limit `yara.seconds` when it took too long, with a failure when the engine gave up.
    pub fn scan(&mut self, bytes: &[u8]) -> Maybe<Vec<Match>> {
        let results = self.inner.scan(bytes).map_err(|error| match error {
            yara_x::ScanError::Timeout => Unavailable::limit(SCAN_TIME.1),
            other => Unavailable::failure(&format!("yara: {other}")),
        })?;
        let place = |rule: &yara_x::Rule<'_, '_>| self.rules.order.get(&(key(rule.namespace()), rule.identifier().to_owned())).copied();
        let found = |rule: &yara_x::Rule<'_, '_>| found(self.rules, rule, self.with_places);
        let mut matches: Vec<_> = results.matching_rules().map(|rule| (place(&rule), found(&rule))).collect();
        matches.sort_by_key(|(place, _)| *place);
        Ok(matches.into_iter().map(|(_, found)| found).collect())
    }
}

fn found(rules: &Rules, rule: &yara_x::Rule<'_, '_>, with_places: bool) -> Match {
    let (namespace, path) = match rules.origins.get(key(rule.namespace())) {
        Some(origin) => (origin.namespace.clone(), origin.path.clone()),
        None => (rule.namespace().into(), "".into()),
    };
    let max = if with_places { MAX_PLACES + 1 } else { 0 };
    let mut strings: Vec<StringMatch> = rule.patterns().flat_map(|pattern| places(&pattern)).take(max).collect();
    let strings_cut = strings.len() > MAX_PLACES;
    strings.truncate(MAX_PLACES);
    Match {
        rule: rule.identifier().to_owned(),
        namespace,
        path,
        tags: rule.tags().map(|tag| tag.identifier().to_owned()).collect(),
        meta: rule.metadata().map(|(name, value)| (name.to_owned(), meta(value))).collect(),
        strings,
        strings_cut,
    }
}

fn places(pattern: &yara_x::Pattern<'_, '_>) -> Vec<StringMatch> {
    let place = |range: std::ops::Range<usize>| StringMatch {
        identifier: pattern.identifier().to_owned(),
        offset: range.start,
        length: range.len(),
    };
    pattern.matches().take(MAX_PLACES + 1).map(|found| place(found.range())).collect()
}

fn meta(value: yara_x::MetaValue<'_>) -> MetaValue {
    match value {
        yara_x::MetaValue::Integer(it) => MetaValue::Int(it),
        yara_x::MetaValue::Float(it) => MetaValue::Float(it),
        yara_x::MetaValue::Bool(it) => MetaValue::Bool(it),
        yara_x::MetaValue::String(it) => MetaValue::Text(it.to_owned()),
        yara_x::MetaValue::Bytes(it) => MetaValue::Text(String::from_utf8_lossy(it).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Compiler;
    use super::*;

    /// Compiles the files and gives `namespace.rule` of everything that matches.
    fn check(files: &[(&str, &str)], bytes: &[u8], want: &[&str]) {
        let mut compiler = Compiler::new();
        for (path, source) in files {
            compiler.add(path, source.as_bytes());
        }
        let matches = compiler.build().scan(bytes).expect("the scan ends");
        let names: Vec<_> = matches.iter().map(|it| format!("{}.{}", it.namespace, it.rule)).collect();
        assert_eq!(names, want);
    }

    #[test]
    fn rules_are_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Rules>();
    }

    #[test]
    fn equal_names_in_two_files_both_work() {
        let rule = "rule a { strings: $x = \"abc\" condition: $x }";
        check(&[("one/mail.yar", rule), ("two/mail.yar", rule), ("three/other.yar", rule)], b"xabc", &["mail.a", "mail.a", "other.a"]);
    }

    #[test]
    fn a_bad_rule_stops_no_other() {
        let bad = "rule good { condition: true } rule bad { condition: nothing }";
        check(&[("bad.yar", bad), ("worse.yar", "rule {"), ("fine.yar", "rule fine { condition: true }")], b"", &["bad.good", "fine.fine"]);
    }

    #[test]
    fn a_problem_has_a_place() {
        let mut compiler = Compiler::new();
        let problems = compiler.add("bad.yar", b"rule a {\n  condition: nothing\n}");
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].code.as_str(), problems[0].line, problems[0].column), ("E009", Some(2), Some(14)));
        assert!(problems[0].message.contains("nothing"), "{}", problems[0].message);
        assert_eq!(compiler.add("include.yar", b"include \"/etc/passwd\"").len(), 1);
        assert_eq!(compiler.add("bytes.yar", b"\xFF").len(), 1);
    }

    #[test]
    fn private_rules_work_and_stay_private() {
        check(&[("a.yar", "private rule p { condition: true } rule q { condition: p }")], b"", &["a.q"]);
    }

    #[test]
    fn external_variables_are_empty_texts() {
        check(
            &[("a.yar", "rule a { condition: filename == \"\" and filetype == \"\" and not extension contains \".exe\" }")],
            b"",
            &["a.a"],
        );
    }

    #[test]
    fn a_match_says_where() {
        let mut compiler = Compiler::new();
        compiler.add("a.yar", b"rule a : t { meta: author = \"me\" score = 5 strings: $x = \"abc\" condition: $x }");
        let found = compiler.build().scan(b"abc abc").expect("the scan ends").remove(0);
        assert_eq!(
            found.json().to_string(),
            concat!(
                r#"{"rule":"a","namespace":"a","tags":["t"],"meta":{"author":"me","score":5},"#,
                r#""strings":[{"identifier":"$x","offset":0,"length":3},{"identifier":"$x","offset":4,"length":3}]}"#
            )
        );
    }
}
