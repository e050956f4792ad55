//! What the tests `contains`, `starts_with`, `ends_with`, `like` and their case-insensitive forms share: needles or patterns that are
//! prepared when they are constants.

use super::needles::Needles;
use mailhound_mql::{Args, Given, PrepareFault, Prepared};
use mailhound_value::{Eval, Value};

/// What a text is tested for, ready for use.
pub(super) trait Wanted: Send + Sync + 'static {
    /// Prepares the texts; with `fold`, letter case does not count and the tested text comes in lower case.
    fn new<'a>(texts: impl Iterator<Item = &'a str>, fold: bool) -> Self;
}

impl Wanted for Needles {
    fn new<'a>(texts: impl Iterator<Item = &'a str>, fold: bool) -> Needles {
        Needles::new(texts, fold)
    }
}

/// Prepares constants; letter case counts.
pub(super) fn prepare<W: Wanted>(given: &Given) -> Result<Prepared, PrepareFault> {
    Ok(constants::<W>(given, false))
}

/// Prepares constants; letter case does not count.
pub(super) fn prepare_folded<W: Wanted>(given: &Given) -> Result<Prepared, PrepareFault> {
    Ok(constants::<W>(given, true))
}

fn constants<W: Wanted>(given: &Given, fold: bool) -> Prepared {
    let mut texts = given.texts().map(|(_, text)| text).peekable();
    texts.peek()?;
    Some(Box::new(W::new(texts, fold)))
}

/// Runs `test` on the text; null for a null text and when all that is wanted is null.
pub(super) fn run<'m, W: Wanted>(args: &Args<'_, 'm>, fold: bool, test: fn(&W, &str) -> bool) -> Eval<'m> {
    let Some(text) = args.str(0) else { return Ok(Value::Null) };
    let text = if fold { args.ctx.lower(text) } else { text };
    let prepared = args.prepared::<W>();
    if prepared.is_some_and(|wanted| test(wanted, text)) {
        return Ok(Value::Bool(true));
    }
    match args.texts() {
        Some(texts) => Ok(Value::Bool(test(&W::new(texts, fold), text))),
        None => Ok(if prepared.is_some() { Value::Bool(false) } else { Value::Null }),
    }
}
