//! The functions `regex.match`, `contains`, `count` and `extract` with their case-insensitive forms.

use super::{Pattern, PatternError};
use mailhound_mql::{
    Args, Body, Clue, Code, Context, Example, Function, Given, Origin, Param, PrepareFault, Prepared, Reach, Wanted, example, param,
};
use mailhound_value::{Eval, Maybe, Type, Typed, Value, object};
use std::collections::BTreeMap;

object! {
    /// One match of a regular expression.
    #[derive(Clone, Debug)]
    pub struct RegexMatch {
        /// The text of the whole match.
        full_match: String,
        /// The texts of the capture groups, group 1 first; `""` for a group that took no part.
        groups: Vec<String>,
        /// The texts of the named groups by their names.
        named_groups: BTreeMap<String, String>,
    }
}

const TEXT: Param = param("text", Type::String, "The text. Null gives null.");
const PATTERNS: &[Param] = &[TEXT, param("patterns", Type::String, "One or more RE2 patterns; null ones are left out.").repeated()];
const PATTERN: &[Param] = &[TEXT, param("pattern", Type::String, "An RE2 pattern.")];

const fn regex(
    name: &'static str,
    about: &'static str,
    params: &'static [Param],
    returns: Type,
    body: Body,
    examples: &'static [Example],
) -> Function {
    Function { name, about, params, returns, needs: &[], examples, memo: false, body }
}

/// The mode of a function: letter case folded, whole text only.
#[derive(Clone, Copy)]
struct Mode {
    fold: bool,
    whole: bool,
}

const FIND: Mode = Mode { fold: false, whole: false };
const IFIND: Mode = Mode { fold: true, whole: false };
const MATCH: Mode = Mode { fold: false, whole: true };
const IMATCH: Mode = Mode { fold: true, whole: true };

pub(crate) static FUNCTIONS: &[&Function] = &[&MATCHES, &IMATCHES, &CONTAINS, &ICONTAINS, &COUNT, &ICOUNT, &EXTRACT, &IEXTRACT];

static MATCHES: Function = regex(
    "regex.match",
    "True when any of the patterns matches the whole text; letter case counts.",
    PATTERNS,
    Type::Bool,
    Body::Test(|pattern, origin| wanted(pattern, origin, MATCH)),
    &[
        example("regex.match('abc123', '[a-z]+', '[a-z]+[0-9]+')", "true"),
        example("regex.match('abc123', '[0-9]+')", "false"),
        example("regex.match(null, 'x')", "null"),
    ],
);

static IMATCHES: Function = regex(
    "regex.imatch",
    "True when any of the patterns matches the whole text, whatever the letter case.",
    PATTERNS,
    Type::Bool,
    Body::Test(|pattern, origin| wanted(pattern, origin, IMATCH)),
    &[example("regex.imatch('ABC', 'abc')", "true"), example("regex.imatch('ABCD', 'abc')", "false")],
);

static CONTAINS: Function = regex(
    "regex.contains",
    "True when any of the patterns matches somewhere in the text; letter case counts.",
    PATTERNS,
    Type::Bool,
    Body::Test(|pattern, origin| wanted(pattern, origin, FIND)),
    &[
        example(r"regex.contains('abc123', '\d\d\d')", "true"),
        example("regex.contains('abc123', '[A-Z]')", "false"),
        example("regex.contains(null, 'x')", "null"),
    ],
);

static ICONTAINS: Function = regex(
    "regex.icontains",
    "True when any of the patterns matches somewhere in the text, whatever the letter case.",
    PATTERNS,
    Type::Bool,
    Body::Test(|pattern, origin| wanted(pattern, origin, IFIND)),
    &[example(r"regex.icontains('Call NOW', '\bnow\b')", "true"), example("regex.icontains('', 'x')", "false")],
);

static COUNT: Function = regex(
    "regex.count",
    "Matches of the pattern from the left that do not overlap; letter case counts.",
    PATTERN,
    Type::Int,
    Body::Prepared { prepare: |given| prepare_one(given, FIND), run: |args| count(args, FIND) },
    &[example("regex.count('a1b22', '[0-9]+')", "2"), example("regex.count(null, 'x')", "null")],
);

static ICOUNT: Function = regex(
    "regex.icount",
    "Matches of the pattern from the left that do not overlap, whatever the letter case.",
    PATTERN,
    Type::Int,
    Body::Prepared { prepare: |given| prepare_one(given, IFIND), run: |args| count(args, IFIND) },
    &[example("regex.icount('Aa', 'a')", "2")],
);

static EXTRACT: Function = regex(
    "regex.extract",
    "All matches of the pattern from the left that do not overlap, with their groups; letter case counts. Empty without a match, null for a \
     null text.",
    PATTERN,
    Type::List(&<RegexMatch as Typed>::TYPE),
    Body::Prepared { prepare: |given| prepare_one(given, FIND), run: |args| extract(args, FIND) },
    &[
        example(r"regex.extract('k=v', '(?P<key>\w)=(?P<val>\w)')[0].named_groups['val']", r#""v""#),
        example(r"map(regex.extract('a1b2', '[a-z](\d)'), .groups[0])", r#"["1","2"]"#),
        example("length(regex.extract(null, 'x'))", "null"),
    ],
);

static IEXTRACT: Function = regex(
    "regex.iextract",
    "All matches of the pattern from the left that do not overlap, with their groups, whatever the letter case.",
    PATTERN,
    Type::List(&<RegexMatch as Typed>::TYPE),
    Body::Prepared { prepare: |given| prepare_one(given, IFIND), run: |args| extract(args, IFIND) },
    &[example("map(regex.iextract('Ab', '[a-z]'), .full_match)", r#"["A","b"]"#)],
);

fn compile(pattern: &str, mode: Mode, argument: usize) -> Result<Pattern, PrepareFault> {
    Pattern::new(pattern, mode.fold, mode.whole).map_err(|PatternError { offset, message, .. }| PrepareFault {
        code: Code::InvalidRegex,
        argument,
        offset,
        message: format!("invalid regular expression: {message}"),
    })
}

fn prepare_one(given: &Given, mode: Mode) -> Result<Prepared, PrepareFault> {
    match given.single.get(1).and_then(|pattern| pattern.as_ref()?.as_str()) {
        Some(pattern) => Ok(Some(Box::new(vec![compile(pattern, mode, 1)?]))),
        None => Ok(None),
    }
}

/// Compiled size of a pattern that is known only while a rule runs: it may come out of the message.
const MAX_DYNAMIC_BYTES: usize = 1 << 20;

/// A pattern that is known only now; `None` when it does not compile, which makes the answer null (mql.md §7).
fn dynamic(pattern: &str, mode: Mode) -> Option<Pattern> {
    Some(compile(pattern, mode, 0).ok()?.with_max_bytes(MAX_DYNAMIC_BYTES))
}

/// A pattern that a text is tested for.
fn wanted(pattern: &str, origin: Origin, mode: Mode) -> Result<Box<dyn Wanted>, PrepareFault> {
    let pattern = compile(pattern, mode, 0)?;
    let pattern = if origin == Origin::Computed { pattern.with_max_bytes(MAX_DYNAMIC_BYTES) } else { pattern };
    Ok(Box::new(Search { pattern, whole: mode.whole }))
}

/// A test whether a pattern matches in a text, or the whole of it.
struct Search {
    pattern: Pattern,
    whole: bool,
}

impl Wanted for Search {
    fn is_true<'m>(&self, ctx: &Context<'m>, text: &'m str) -> Maybe<bool> {
        let part = ctx.searchable(text);
        ctx.work(self.pattern.cost(part.len()))?;
        if part.len() == text.len() {
            return self.pattern.is_match(text);
        }
        // What a match that ends before the cut looks at beyond its end lies in the part too.
        match self.pattern.first_end(part)? {
            Some(end) if !self.whole && end < part.len() => Ok(true),
            _ => Err(Context::search_limit()),
        }
    }

    fn clue(&self) -> Clue {
        self.pattern.clue().clone()
    }

    fn is_its_clue(&self) -> bool {
        false
    }

    fn reach(&self) -> Reach {
        if self.whole { Reach::Whole } else { Reach::Anywhere }
    }
}

/// Runs `work` with the text and the one pattern; null when one of them is null or the pattern does not compile.
fn with_pattern<'m>(args: &Args<'_, 'm>, mode: Mode, work: impl Fn(&'m str, &Pattern) -> Eval<'m>) -> Eval<'m> {
    let (Some(text), Some(source)) = (args.str(0), args.str(1)) else { return Ok(Value::Null) };
    let counted = |pattern: &Pattern| {
        args.ctx.work(pattern.cost(text.len()))?;
        work(text, pattern)
    };
    match args.prepared::<Vec<Pattern>>().and_then(|prepared| prepared.first()) {
        Some(pattern) => counted(pattern),
        None => {
            args.ctx.makes(source.len())?;
            dynamic(source, mode).map_or(Ok(Value::Null), |pattern| counted(&pattern))
        }
    }
}

fn count<'m>(args: &Args<'_, 'm>, mode: Mode) -> Eval<'m> {
    with_pattern(args, mode, |text, pattern| Ok(Value::Int(pattern.count(text)? as i64)))
}

fn extract<'m>(args: &Args<'_, 'm>, mode: Mode) -> Eval<'m> {
    with_pattern(args, mode, |text, pattern| {
        let matches: Vec<RegexMatch> = pattern.extract(text)?.into_iter().map(RegexMatch::from).collect();
        Ok(args.ctx.arena.items(matches))
    })
}

impl From<super::Match<'_, '_>> for RegexMatch {
    fn from(found: super::Match<'_, '_>) -> Self {
        RegexMatch {
            full_match: found.full_match.to_owned(),
            groups: found.groups.into_iter().map(str::to_owned).collect(),
            named_groups: found.named_groups.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
        }
    }
}
