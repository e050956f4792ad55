//! Clues of patterns, and that no clue denies a text that its pattern matches.

use crate::regex::Pattern;
use crate::strings::{glob::Glob, needles::Needles};
use mailhound_mql::{Bytes, Clue};
use std::time::{Duration, Instant};

mod random;

fn regex(pattern: &str, fold: bool) -> Clue {
    Pattern::new(pattern, fold, false).unwrap_or_else(|error| panic!("{pattern}: {error}")).clue().clone()
}

/// A clue as one line: groups as `a|b`, bytes as `[0-9]`, joined with ` & `.
fn shown(clue: &Clue) -> String {
    let groups = clue.groups.iter().map(|group| group.join("|"));
    groups.chain(clue.bytes.iter().map(|bytes| shown_bytes(*bytes))).collect::<Vec<_>>().join(" & ")
}

fn shown_bytes(bytes: Bytes) -> String {
    let ascii: Vec<u8> = bytes.ascii_bytes().collect();
    let runs = ascii.chunk_by(|left, right| left + 1 == *right).map(|run| match run {
        [first, _, .., last] => format!("{}-{}", char::from(*first), char::from(*last)),
        few => few.iter().copied().map(char::from).collect(),
    });
    format!("[{}{}]", runs.collect::<String>(), if bytes.other { "…" } else { "" })
}

/// All cases of a table that differ, at once.
fn check<'c>(cases: impl IntoIterator<Item = (&'c str, Clue, &'c str)>) {
    let wrong: Vec<String> = cases
        .into_iter()
        .map(|(case, clue, expected)| (case, shown(&clue), expected))
        .filter(|(_, shown, expected)| shown != expected)
        .map(|(case, shown, expected)| format!("{case}\n     is {shown:?}\n  wants {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn regexes_need_their_literals() {
    let cases = [
        ("Verify", "verify"),
        (r"\bverify\s+your\s+account\b", "account & verify & your"),
        (r"^pay[a-z]ment.*$", "ment & pay"),
        ("l[o0]gin", "l0gin|login"),
        ("colou?r", "color|colour"),
        ("(?:re)+ply{3}", "plyyy"),
        ("!{3,}", "!!!"),
        ("dhl|fedex|(ups)", "dhl|ups|fedex"),
        ("(dhl|fedex) p(arcel|acket)", "dhl packet|dhl parcel|fedex packet|fedex parcel"),
        ("schedul(e|ing)|set up", "set up|schedul"),
        ("personal\\s+public|PPS", "pps|personal"),
        ("(verify|confirm).*(account|password)", "account|password & verify|confirm"),
        ("verify.*account|confirm.*password", "account|password & verify|confirm"),
        ("invoice #[0-9]+", "invoice # & [0-9]"),
        ("https?://bit.ly", "http://bit|https://bit & [Yy]"),
        ("(?:a.*)?wallet", "wallet"),
        ("(?:wallet)*", ""),
        ("wallet|", ""),
        ("wallet|in", ""),
        ("[^a]wallet.", "wallet"),
        ("task", "task"),
        ("école", "École|école"),
        ("請求書", "請求書"),
        ("ﬆop", "ﬅop|ﬆop"),
        ("a very long sentence that goes on and on", "a very long sentence that goes o &  and on"),
    ];
    check(cases.map(|(pattern, expected)| (pattern, regex(pattern, true), expected)));
}

#[test]
fn regexes_without_literals_need_bytes() {
    let cases = [
        (r"\b\d{9}\b", false, "[0-9]"),
        (r"\d{3}-\d{4}", true, "[-] & [0-9]"),
        ("[A-Z]{10}", false, "[A-Z]"),
        ("[A-Z]{10}", true, ""),
        ("[kx]9", true, "k9|x9"),
        ("[kx]a", true, "ka|xa"),
        ("[kx]|9", true, "[9KXkx]"),
        ("[x-z]", false, "[x-z]"),
        ("[[:^ascii:]]", false, "[…]"),
        (r"\p{Cyrillic}", true, "[…]"),
        (r".+@.+\.\w+", true, "[@] & [.]"),
        (r"\$|%", false, "[$%]"),
        (r"\d|USD|[€£]", true, ""),
        (r"\S+", false, ""),
        (r".*", false, ""),
        ("", false, ""),
        ("^$", false, ""),
        ("the|[0-9]", false, ""),
    ];
    check(cases.map(|(pattern, fold, expected)| (pattern, regex(pattern, fold), expected)));
}

#[test]
fn flags_inside_of_a_pattern_count() {
    for (pattern, fold, text, expected) in [
        ("(?i:task)", false, "TAſ\u{212a}", true),
        ("task", true, "TAſ\u{212a}", true),
        ("(?-i:École)", true, "École", true),
        ("(?-i:École)", true, "école", false),
        ("école", true, "ÉCOLE", true),
        ("İstanbul", true, "İSTANBUL", true),
        ("ſtop", false, "ſtop", true),
        (r"(?-i:[X-Z])\d", true, "x1", false),
    ] {
        assert_eq!(regex(pattern, fold).admits(text), expected, "{pattern} {text}");
    }
}

#[test]
fn globs_need_their_pieces() {
    let cases = [
        ("*Invoice*", true, "invoice"),
        ("invoice*due?today", true, "invoice & today & due"),
        ("report.pdf", false, "report.pdf"),
        ("*école*", true, "École|école"),
        ("*École*", false, "École"),
        ("*", false, ""),
        ("???", false, ""),
        ("", true, ""),
        ("*@*", true, "[@]"),
        ("*\u{212a}elvin*", true, "kelvin"),
    ];
    check(cases.map(|(pattern, fold, expected)| (pattern, Glob::new(pattern, fold).clue(), expected)));
}

#[test]
fn one_of_the_needles_is_needed() {
    let cases = [
        (&["Invoice", "Payment"][..], true, "invoice|payment"),
        (&["Invoice", "invoices"][..], true, "invoice"),
        (&["Invoice", ""][..], true, ""),
        (&["Ünlü"][..], false, "Ünlü"),
        (&["Ünlü"][..], true, "ÜnlÜ|Ünlü|ünlÜ|ünlü"),
        (&["$", "%"][..], true, "[$%]"),
        (&[][..], true, ""),
    ];
    check(cases.map(|(needles, fold, expected)| {
        let clue = Needles::new(needles.iter().copied(), fold).clue();
        (needles.first().copied().unwrap_or_default(), clue, expected)
    }));
}

#[test]
fn hundreds_of_names_are_one_group() {
    let names: Vec<String> = (0..400).map(|n| format!("brand{n:03}x")).collect();
    let clue = regex(&format!(r"\b(?:{})\b", names.join("|")), true);
    assert_eq!(clue.groups.iter().map(Vec::len).collect::<Vec<_>>(), [400]);
    assert!(clue.admits("our BRAND399X") && !clue.admits("our brand400x"));
}

#[test]
fn hostile_patterns_take_little_time_and_give_small_clues() {
    let names: Vec<String> = (0..200_000).map(|n| format!("n{n}")).collect();
    let many: Vec<String> = (0..450).map(|n| format!("name{n}")).collect();
    let many = many.join("|");
    for pattern in [
        names.join("|"),
        format!("({many})").repeat(40),
        format!("({many})?").repeat(40),
        "[abcdefgh]".repeat(20_000),
        "(?:ab?){500}".to_owned(),
        format!("{}wallet{}", "(".repeat(120), ")?".repeat(120)),
        format!("{}wallet{}", "(?:x|".repeat(120), ")".repeat(120)),
        "wallet ".repeat(20_000),
    ] {
        let hir = regex_syntax::Parser::new().parse(&pattern).expect("a good pattern");
        let start = Instant::now();
        let clue = super::clue(&hir, false);
        assert!(start.elapsed() < Duration::from_secs(2), "{}", &pattern[..20]);
        assert!(clue.groups.len() <= 3 && clue.groups.iter().all(|group| group.len() <= 500), "{}", &pattern[..20]);
        assert!(clue.groups.iter().flatten().all(|literal| literal.len() <= 32), "{}", &pattern[..20]);
    }
}
