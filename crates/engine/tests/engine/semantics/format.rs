//! Formatting keeps the tree and the comments, and settles at once.

use super::Random;
use mailhound_mql::{Parsed, format, parse};

/// Random source text of all the language has, with odd spacing and comments.
struct Text<'r> {
    random: &'r mut Random,
    text: String,
    /// Comments stand anywhere, not only behind brackets, commas, `and` and `or`.
    odd_comments: bool,
}

impl Text<'_> {
    fn word(&mut self, word: &str) {
        self.text.push_str(word);
        let usual = matches!(word, "and" | "or" | ",") || word.ends_with(['(', '[']);
        let gaps = [" ", " ", " ", "  ", "\n", "\n\n\n", "\t", " // why\n", "\n  // because\n"];
        let gap = self.random.pick(if usual || self.odd_comments { &gaps } else { &gaps[..7] });
        self.text.push_str(gap);
    }

    fn pick(&mut self, words: &[&str]) {
        let word = self.random.pick(words);
        self.word(word);
    }

    fn list(&mut self, depth: usize, between: &str, item: fn(&mut Self, usize)) {
        for idx in 0..2 + self.random.below(2) {
            if idx > 0 {
                self.word(between);
            }
            item(self, depth);
        }
    }

    fn atom(&mut self, _depth: usize) {
        self.pick(&[
            "null",
            "true",
            "false",
            "0",
            "12",
            "2.5",
            "\"a \\\"b\\\" \\n\"",
            "'raw ''it'' \\d+'",
            "$org_domains",
            "subject.subject",
            "body.links[0]",
            "body.links",
            "attachments[1:2]",
            "attachments[:2]",
            "subject.subject[3:]",
            "sender",
            "headers.references",
            "\"// no comment\"",
        ]);
    }

    fn value(&mut self, depth: usize) {
        if depth == 0 {
            return self.atom(0);
        }
        match self.random.below(9) {
            0 | 1 => self.atom(0),
            2 => {
                self.value(depth - 1);
                self.pick(&["+", "-", "*", "/", "%"]);
                self.atom(0);
            }
            3 => {
                self.word("[");
                self.list(depth - 1, ",", Self::value);
                if self.random.below(3) == 0 {
                    self.word(",");
                }
                self.word("]");
            }
            4 => {
                self.pick(&["strings.contains(", "regex.icontains(", "length(", "coalesce("]);
                self.list(depth - 1, ",", Self::value);
                self.word(")");
            }
            5 => {
                self.pick(&["filter(", "map(", "any(", "all("]);
                self.atom(0);
                self.word(",");
                self.pick(&[".", ".file_name", "..email", "...a.b[0].c"]);
                self.pick(&["==", "=~", "!~"]);
                self.value(depth - 1);
                self.word(")");
            }
            6 => {
                self.word("file.parse_text(., encodings=[");
                self.atom(0);
                self.word("] )");
            }
            7 => {
                self.word("(");
                self.logic(depth - 1);
                self.word(")");
            }
            _ => {
                self.word("-");
                self.atom(0);
            }
        }
    }

    fn comparison(&mut self, depth: usize) {
        self.value(depth);
        match self.random.below(6) {
            0 => {
                self.pick(&["==", "!=", "<", "<=", ">", ">=", "=~", "!~"]);
                self.value(depth);
            }
            1 => self.pick(&["is null", "is not null"]),
            2 => {
                self.pick(&["in (", "not in (", "in~ (", "not in~ ("]);
                self.list(0, ",", Self::value);
                self.word(")");
            }
            3 => self.pick(&["in $org_domains", "not in~ headers.references"]),
            4 => {
                self.pick(&["<", "<="]);
                self.atom(0);
                self.pick(&["<", "<="]);
                self.atom(0);
            }
            _ => {}
        }
    }

    fn logic(&mut self, depth: usize) {
        if depth == 0 {
            return self.comparison(0);
        }
        match self.random.below(6) {
            0 => self.list(depth - 1, "and", Self::logic),
            1 => self.list(depth - 1, "or", Self::logic),
            2 => {
                self.word("not");
                self.logic(depth - 1);
            }
            3 => {
                self.word("2 of (");
                self.list(depth - 1, ",", Self::logic);
                self.word(")");
            }
            4 => {
                self.word("(");
                self.logic(depth - 1);
                self.word(")");
            }
            _ => self.comparison(depth),
        }
    }
}

/// Hands 3,000 random sources, which are expressions, to `check`.
fn each_source(seed: u64, odd_comments: bool, check: impl Fn(&str, &Parsed)) {
    let mut random = Random(seed);
    let mut done = 0;
    while done < 3000 {
        let depth = 1 + random.below(4);
        let mut text = Text { random: &mut random, text: String::new(), odd_comments };
        text.logic(depth);
        let parsed = parse(&text.text);
        if parsed.diagnostics.is_empty() {
            done += 1;
            check(&text.text, &parsed);
        }
    }
}

/// What the comments of a source say, in order.
fn comments(source: &str, parsed: &Parsed) -> Vec<String> {
    let texts = parsed.comments.iter().flat_map(|comment| source[comment.span.range()].split("//"));
    texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

// Comments inside a comparison move behind or before it, and two can come to stand on one line: they are compared without order.
#[test]
fn formatting_keeps_the_tree_and_all_comments() {
    each_source(0x1234_5678_9ABC_DEF1, true, |source, parsed| {
        let formatted = format(source, parsed);
        let again = parse(&formatted);
        assert!(again.diagnostics.is_empty(), "{source}\n=>\n{formatted}\n{:?}", again.diagnostics);
        assert!(parsed.expr.same(&again.expr), "{source}\n=>\n{formatted}");
        let (mut before, mut after) = (comments(source, parsed), comments(&formatted, &again));
        before.sort();
        after.sort();
        assert_eq!(before, after, "{source}\n=>\n{formatted}");
    });
}

#[test]
fn formatting_twice_changes_nothing_more() {
    each_source(0x0FED_CBA9_8765_4321, false, |source, parsed| {
        let formatted = format(source, parsed);
        let again = parse(&formatted);
        assert_eq!(comments(source, parsed), comments(&formatted, &again), "{source}\n=>\n{formatted}");
        assert_eq!(format(&formatted, &again), formatted, "{source}");
    });
}
