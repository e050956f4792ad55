//! What is wrong with a rule, said to the person who writes it.

use crate::Span;
use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rule runs, but probably not as meant.
    Warning,
    /// The rule cannot run.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

macro_rules! codes {
    ($($(#[doc = $about:literal])+ $Name:ident = $code:literal $severity:ident;)*) => {
        /// What a diagnostic is about. A code is used for one thing and never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $about])+ $Name,)*
        }

        impl Code {
            /// All codes in order.
            pub const ALL: &[Code] = &[$(Code::$Name,)*];

            /// The code as it is printed, such as `MQL201`.
            pub fn text(self) -> &'static str {
                match self {
                    $(Code::$Name => $code,)*
                }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self {
                    $(Code::$Name => Severity::$severity,)*
                }
            }

            /// What it is about, in one sentence.
            pub fn about(self) -> &'static str {
                match self {
                    $(Code::$Name => concat!($($about),+),)*
                }
            }
        }
    };
}

codes! {
    /// A character that no token begins with.
    InvalidCharacter = "MQL101" Error;
    /// A string that is not closed on its line.
    UnterminatedString = "MQL102" Error;
    /// An escape that double-quoted strings do not have.
    InvalidEscape = "MQL103" Error;
    /// A number that does not fit into 64 bits.
    NumberTooLarge = "MQL104" Error;
    /// Something else was expected here.
    UnexpectedToken = "MQL105" Error;
    /// A bracket that is never closed.
    UnclosedBracket = "MQL106" Error;
    /// Comparisons that do not chain; only `<` and `<=` do, once.
    ChainedComparison = "MQL107" Error;
    /// A positional argument behind a keyword argument.
    PositionalAfterKeyword = "MQL108" Error;
    /// Expressions nested deeper than the language allows.
    TooDeep = "MQL109" Error;
    /// `any of`, `all of`, `none of`: not in the language.
    WordOf = "MQL110" Error;
    /// A rule without an expression.
    EmptySource = "MQL111" Error;
    /// A source that is larger than the language allows.
    TooLarge = "MQL112" Error;

    /// A field that the object does not have.
    UnknownField = "MQL201" Error;
    /// A function that does not exist.
    UnknownFunction = "MQL202" Error;
    /// A value of another type was expected.
    WrongType = "MQL203" Error;
    /// A truth value was expected; the language has no truthiness.
    NotBoolean = "MQL204" Error;
    /// A field of a list; there is no implicit iteration.
    FieldOfList = "MQL205" Error;
    /// More dots than enclosing loops.
    NoSuchScope = "MQL206" Error;
    /// Too few or too many arguments.
    WrongArgumentCount = "MQL207" Error;
    /// A keyword argument that the function does not have, or has already.
    UnknownKeyword = "MQL208" Error;
    /// `is null` on a list; message lists are never null.
    NullTestOnList = "MQL209" Error;
    /// Two types that cannot be compared.
    Incomparable = "MQL210" Error;
    /// A regular expression that does not compile.
    InvalidRegex = "MQL211" Error;
    /// Something that has no items and no keys.
    NotIndexable = "MQL212" Error;
    /// A count before `of` that no number of clauses can reach.
    CountOutOfRange = "MQL213" Error;
    /// A constant argument that the function cannot use.
    InvalidConstant = "MQL214" Error;
    /// A field that exists only in automations.
    HiddenField = "MQL215" Error;
    /// A rule file that is not YAML or lacks what a rule needs.
    BadRuleFile = "MQL216" Error;

    /// A comparison with null is always null.
    ComparedWithNull = "MQL301" Warning;
    /// An XPath expression that selects nothing because it is malformed.
    InvalidXPath = "MQL302" Warning;
    /// A list that is neither built in nor a list of the tenant, the history or a feed.
    UnknownList = "MQL303" Warning;
    /// A key of the rule file that is not what it should be; the rule runs without it.
    OddRuleKey = "MQL304" Warning;
}

impl Code {
    /// True for mistakes that the parser finds.
    pub fn is_syntax(self) -> bool {
        self.text().starts_with("MQL1")
    }
}

/// One finding about a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is about.
    pub code: Code,
    /// One sentence in the words of the language.
    pub message: String,
    /// The place in the source.
    pub span: Span,
    /// What can be done, when there is something to say.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without help.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Diagnostic { code, message: message.into(), span, help: None }
    }

    /// The same with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with `did you mean …` when there is a near name.
    #[must_use]
    pub fn suggest(self, near: Option<&str>) -> Self {
        match near {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// True when the rule cannot run.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// The candidate nearest to `name`, when one is near enough to be meant: at most a third of its letters differ.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edit distance with swaps of neighbours, in characters. Names are short.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let texts: Vec<_> = Code::ALL.iter().map(|code| code.text()).collect();
        assert!(texts.is_sorted_by(|a, b| a < b), "{texts:?}");
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("emial", ["email", "domain"]), Some("email"));
        assert_eq!(nearest("zzz", ["email", "domain"]), None);
    }
}
