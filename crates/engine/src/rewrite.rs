//! Canonical MQL in rule files: the YAML around it and its comments stay byte for byte.

use crate::rule::{Finding, Source, Style, read};
use mailhound_mql::{Diagnostic, format, parse};

/// What rewriting a rule file gave.
pub enum Rewritten {
    /// It is canonical already.
    Unchanged,
    /// The new text of the file.
    Changed(String),
    /// The file is no rule or its MQL does not parse; it stays as it is. What is wrong, one line each.
    Broken(Vec<String>),
}

/// Rewrites the MQL of a rule file in canonical form.
pub fn rewrite(path: &str, file: &str) -> Rewritten {
    let before = read(path, file);
    let Some((rule, source)) = before.rule else {
        let shown = |finding: Finding| format!("{}:{}: {}", finding.line, finding.column, finding.message);
        return Rewritten::Broken(before.findings.into_iter().map(shown).collect());
    };
    let parsed = parse(&source.text);
    let errors: Vec<&Diagnostic> = parsed.diagnostics.iter().filter(|fault| fault.is_error()).collect();
    if !errors.is_empty() {
        let shown = |fault: &&Diagnostic| {
            let (line, column) = source.place(fault.span.start as usize);
            format!("{line}:{column}: {}", fault.message)
        };
        return Rewritten::Broken(errors.iter().map(shown).collect());
    }
    let formatted = format(&source.text, &parsed);
    let is_canonical = formatted.trim_end() == source.text.trim_end();
    let changed = match source.style {
        Style::Block | Style::Line { .. } if is_canonical => return Rewritten::Unchanged,
        Style::Block => in_block(file, &source, formatted.trim_end()),
        Style::Line { start, end } => in_line(file, &source, (start, end), formatted.trim_end()),
        Style::Other => None,
    };
    let by_hand =
        || Rewritten::Broken(vec![format!("{}:1: this source is no literal block; write it behind `source: |`", source.first_line)]);
    let Some(changed) = changed else { return by_hand() };
    // Whatever YAML allows that was not thought of: the rule must say the same as before, or nothing is changed.
    match read(path, &changed).rule {
        Some((again, text)) if again == rule && parse(&text.text).expr.same(&parsed.expr) => Rewritten::Changed(changed),
        _ => by_hand(),
    }
}

fn line_end(file: &str) -> &'static str {
    if file.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The lines of a block with `indent` before each.
fn indented(formatted: &str, indent: &str, end: &str) -> String {
    let line = |line: &str| if line.is_empty() { end.to_owned() } else { format!("{indent}{line}{end}") };
    formatted.split('\n').map(line).collect()
}

/// Puts `formatted` in the place of the lines of a literal block.
fn in_block(file: &str, source: &Source, formatted: &str) -> Option<String> {
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let first = source.first_line - 1;
    let used = source.text.trim_end_matches('\n').split('\n').count();
    let block = lines.get(first..first + used)?;
    let indent: String = block.iter().find(|line| !line.trim().is_empty())?.chars().take_while(|c| *c == ' ').collect();
    Some(format!("{}{}{}", lines.get(..first)?.concat(), indented(formatted, &indent, line_end(file)), lines.get(first + used..)?.concat()))
}

/// Puts `formatted` as a literal block in the place of a value on the line of its key; a comment behind it stays.
fn in_line(file: &str, source: &Source, (start, end): (usize, usize), formatted: &str) -> Option<String> {
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let first = source.first_line - 1;
    let line = lines.get(first)?.trim_end_matches(['\r', '\n']);
    let key: String = line.chars().take(start - 1).collect();
    let rest: String = line.chars().skip(end - 1).collect();
    let comment = if rest.trim().is_empty() { String::new() } else { format!(" {}", rest.trim()) };
    let eol = line_end(file);
    let block = indented(formatted, "  ", eol);
    Some(format!("{}{}|{comment}{eol}{block}{}", lines.get(..first)?.concat(), key, lines.get(first + 1..)?.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: &str) {
        match rewrite("r.yml", file) {
            Rewritten::Changed(text) => {
                assert_eq!(text, expected);
                assert!(matches!(rewrite("r.yml", &text), Rewritten::Unchanged), "stable");
            }
            Rewritten::Unchanged => assert_eq!(file, expected),
            Rewritten::Broken(faults) => panic!("{faults:?}"),
        }
    }

    #[test]
    fn only_the_source_changes() {
        check(
            "# head\nname: n\ntype: rule\nsource: |\n  a   // c\n    and b\nid: 1 # tail\n",
            "# head\nname: n\ntype: rule\nsource: |\n  a // c\n  and b\nid: 1 # tail\n",
        );
    }

    #[test]
    fn line_ends_stay() {
        check("name: n\r\ntype: rule\r\nsource: |\r\n  a and  b\r\n", "name: n\r\ntype: rule\r\nsource: |\r\n  a and b\r\n");
    }

    #[test]
    fn a_plain_source_that_is_canonical_stays() {
        check("name: n\ntype: rule\nsource: true\n", "name: n\ntype: rule\nsource: true\n");
        check("name: n\ntype: query\nsource: 'a  == b'\n", "name: n\ntype: query\nsource: |\n  a == b\n");
    }

    #[test]
    fn a_comment_behind_the_source_stays() {
        check("source: a  and b # why\ntype: rule\nname: n\n", "source: | # why\n  a and b\ntype: rule\nname: n\n");
    }

    #[test]
    fn what_cannot_be_rewritten_safely_is_left_alone() {
        for file in [
            "name: n\ntype: rule\nsource: a\n  or  b == 1\n",
            "name: n\ntype: rule\nsource: 'a\n  or  b == 1'\n",
            "name: n\ntype: rule\nsource: >\n  a  and b\n",
            "{name: n, type: rule, source: \"a  and b\", id: 1}\n",
        ] {
            assert!(matches!(rewrite("r.yml", file), Rewritten::Broken(_)), "{file}");
        }
    }

    #[test]
    fn a_block_may_begin_on_the_next_line() {
        check("name: n\ntype: rule\nsource:\n  |\n  a  and b\n", "name: n\ntype: rule\nsource:\n  |\n  a and b\n");
    }

    #[test]
    fn broken_files_are_left_alone() {
        assert!(matches!(rewrite("r.yml", "name: n\ntype: rule\nsource: |\n  a and\n"), Rewritten::Broken(_)));
    }
}
