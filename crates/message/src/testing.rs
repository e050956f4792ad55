//! The case tables of the unit tests: one case a line, `input => output`, `#` comments, and escapes for what a line cannot hold.

/// Runs `function` over every input of the table and compares with the output. `\n`, `\r` and `\t` in an input stand for themselves.
#[track_caller]
pub(crate) fn table(table: &str, function: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (input, output) = line.split_once(" =>").expect("a case is `input => output`");
        let input = input.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
        let found = function(&input);
        if found.trim() != output.trim() {
            wrong.push(format!("{input}\n  wanted {}\n  found  {found}", output.trim()));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
