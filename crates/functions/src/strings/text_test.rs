//! What the tests `contains`, `starts_with`, `ends_with` and their case-insensitive forms share: needles that are prepared when they are
//! constants.

use super::needles::Needles;
use mailhound_mql::{Args, Given, PrepareFault, Prepared};
use mailhound_value::{Eval, Value};

/// Prepares constant needles; letter case counts.
pub(super) fn prepare(given: &Given) -> Result<Prepared, PrepareFault> {
    Ok(needles(given, false))
}

/// Prepares constant needles; letter case does not count.
pub(super) fn prepare_folded(given: &Given) -> Result<Prepared, PrepareFault> {
    Ok(needles(given, true))
}

fn needles(given: &Given, fold: bool) -> Prepared {
    let texts: Vec<&str> = given.texts().map(|(_, text)| text).collect();
    if texts.is_empty() { None } else { Some(Box::new(Needles::new(texts, fold))) }
}

/// Runs `test` with the needles on the text; null for a null text and when all needles are null.
pub(super) fn run<'m>(args: &Args<'_, 'm>, fold: bool, test: fn(&Needles, &str) -> bool) -> Eval<'m> {
    let Some(text) = args.str(0) else { return Ok(Value::Null) };
    let text = if fold { args.ctx.lower(text) } else { text };
    let prepared = args.prepared::<Needles>();
    if prepared.is_some_and(|needles| test(needles, text)) {
        return Ok(Value::Bool(true));
    }
    match args.texts() {
        Some(needles) => Ok(Value::Bool(test(&Needles::new(needles, fold), text))),
        None => Ok(if prepared.is_some() { Value::Bool(false) } else { Value::Null }),
    }
}
