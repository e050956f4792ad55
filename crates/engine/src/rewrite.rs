//! Canonical MQL in rule files: the YAML around it and its comments stay byte for byte.

use crate::rule::{Source, read};
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
    let read = read(path, file);
    let Some((_, source)) = read.rule else {
        return Rewritten::Broken(
            read.findings.into_iter().map(|finding| format!("{}:{}: {}", finding.line, finding.column, finding.message)).collect(),
        );
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
    if formatted.trim_end() == source.text.trim_end() && (source.block || !formatted.trim_end().contains('\n')) {
        return Rewritten::Unchanged;
    }
    match replace(file, &source, formatted.trim_end()) {
        Some(changed) if changed != file => Rewritten::Changed(changed),
        _ => Rewritten::Unchanged,
    }
}

/// Puts `formatted` in the place of the source in the file.
fn replace(file: &str, source: &Source, formatted: &str) -> Option<String> {
    let end = if file.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let first = source.first_line - 1;
    let (before, indent, after) = if source.block {
        let used = source.text.trim_end_matches('\n').split('\n').count();
        let indent = lines.get(first..first + used)?.iter().find(|line| !line.trim().is_empty())?;
        let indent: String = indent.chars().take_while(|c| *c == ' ').collect();
        (lines.get(..first)?.concat(), indent, lines.get(first + used..)?.concat())
    } else {
        let line = lines.get(first)?;
        let key = line.find("source:")?;
        let header = format!("{}{}", &line[..key], "source: |");
        (format!("{}{header}{end}", lines.get(..first)?.concat()), "  ".to_owned(), lines.get(first + 1..)?.concat())
    };
    let mut text = before;
    for line in formatted.split('\n') {
        if !line.is_empty() {
            text.push_str(&indent);
            text.push_str(line);
        }
        text.push_str(end);
    }
    Some(text + &after)
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
    fn broken_files_are_left_alone() {
        assert!(matches!(rewrite("r.yml", "name: n\ntype: rule\nsource: |\n  a and\n"), Rewritten::Broken(_)));
    }
}
