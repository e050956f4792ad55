//! From rule sources to [`Rules`].

use super::Rules;
use super::scanner::Origin;
use std::collections::HashMap;
use std::path::Path;

/// External variables that public rule sets read (LOKI, THOR, VirusTotal LiveHunt). They are empty texts: what is scanned is a part of a
/// message, not a file on a disk.
static EXTERNALS: &[&str] = &[
    "filename",
    "filepath",
    "extension",
    "filetype",
    "owner",
    "md5",
    "sha1",
    "sha256",
    "file_name",
    "file_path",
    "file_type",
    "file_extension",
    "filemode",
    "fullword",
    "unpack_parent",
    "unpack_source",
    "timezone",
];

/// Something wrong in a rule file. The file's other rules are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable code of the compiler, such as `E009`.
    pub code: String,
    /// One line that says what is wrong.
    pub message: String,
    /// Line in the file, from 1; `None` when the problem has no place.
    pub line: Option<u32>,
    /// Column in the line, from 1.
    pub column: Option<u32>,
    /// The message with the lines of the source that it is about.
    pub text: String,
}

/// Collects rule files.
pub struct Compiler {
    inner: yara_x::Compiler<'static>,
    origins: Vec<Origin>,
}

impl Default for Compiler {
    fn default() -> Self {
        Compiler::new()
    }
}

impl Compiler {
    /// A compiler without rules. Regular expressions are read as YARA reads them, which is more forgiving than YARA-X by default.
    pub fn new() -> Self {
        let mut inner = yara_x::Compiler::new();
        inner.relaxed_re_syntax(true).enable_includes(false);
        for name in EXTERNALS {
            inner.define_global(name, "").expect("the names are valid and distinct");
        }
        Compiler { inner, origins: Vec::new() }
    }

    /// Adds the rules of one file. `path` is kept for reports; nothing is read from it.
    ///
    /// Every file has its own namespace, so that files may use the same rule names; [`super::Match::namespace`] is the stem of the file
    /// name. Rules that compile are kept, also when others of the file do not. An `include` is refused with a problem: a rule file must
    /// stand alone, because where its path leads is not for the file to say.
    ///
    /// Returns what is wrong with the file; empty when nothing is.
    pub fn add(&mut self, path: &str, source: &[u8]) -> Vec<Problem> {
        let before = self.inner.errors().len();
        self.inner.new_namespace(&self.origins.len().to_string());
        self.origins.push(Origin { namespace: stem(path).into(), path: path.into() });
        match self.inner.add_source(yara_x::SourceCode::from(source).with_origin(path)) {
            Ok(_) => Vec::new(),
            Err(_) => self.inner.errors().get(before..).unwrap_or_default().iter().map(problem).collect(),
        }
    }

    /// The rules that compiled.
    pub fn build(self) -> Rules {
        let inner = self.inner.build();
        let order = inner.iter().enumerate().map(|(idx, rule)| ((key(rule.namespace()), rule.identifier().to_owned()), idx));
        let order: HashMap<_, _> = order.collect();
        Rules { inner, origins: self.origins, order }
    }
}

/// The internal namespace is the number of the file.
pub(super) fn key(namespace: &str) -> usize {
    namespace.parse().unwrap_or(usize::MAX)
}

fn stem(path: &str) -> &str {
    Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or(path)
}

fn problem(error: &yara_x::errors::CompileError) -> Problem {
    let report = serde_json::to_value(error).unwrap_or_default();
    let text = |name: &str| report.get(name).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
    let number = |name: &str| report.get(name).and_then(serde_json::Value::as_u64).and_then(|it| u32::try_from(it).ok());
    let label = report.pointer("/labels/0/text").and_then(|it| it.as_str()).unwrap_or_default();
    let message = if label.is_empty() { text("title") } else { format!("{}: {label}", text("title")) };
    Problem { code: text("code"), message, line: number("line"), column: number("column"), text: text("text") }
}
