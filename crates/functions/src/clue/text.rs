//! Globs and needles in the syntax tree of a pattern.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir};

/// A text that must occur. With `fold` it is in the lower case of [`mailhound_value::lowercase`], and so is the text that it is looked for
/// in. Taken from a searcher, which holds it as bytes.
pub(crate) fn literal(text: &[u8], fold: bool) -> Hir {
    let Ok(text) = str::from_utf8(text) else { return gap() };
    if !fold || text.is_ascii() {
        // The walk is told about the cases of ASCII letters.
        return Hir::literal(text.as_bytes());
    }
    Hir::concat(text.chars().map(folded_char).collect())
}

/// Anything.
pub(crate) fn gap() -> Hir {
    Hir::dot(Dot::AnyChar)
}

/// One after the other.
pub(crate) fn pieces(parts: Vec<Hir>) -> Hir {
    Hir::concat(parts)
}

/// Any of them.
pub(crate) fn alternatives(parts: Vec<Hir>) -> Hir {
    Hir::alternation(parts)
}

fn folded_char(c: char) -> Hir {
    if c.is_ascii() {
        return Hir::literal([c as u8]);
    }
    Hir::class(Class::Unicode(with_this_lower_case(c)))
}

/// At least all characters outside ASCII that [`mailhound_value::lower_char`] gives `c` for. The two libraries may know different versions
/// of Unicode; together they know all pairs of either.
fn with_this_lower_case(c: char) -> ClassUnicode {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    // Fails only when the library was built without its tables.
    if class.try_case_fold_simple().is_err() {
        class.push(ClassUnicodeRange::new('\u{80}', char::MAX));
    }
    let mut upper = c.to_uppercase();
    if let (Some(only), None) = (upper.next(), upper.next()) {
        class.push(ClassUnicodeRange::new(only, only));
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailhound_mql::clue::{KELVIN, LONG_S};
    use mailhound_value::lower_char;

    fn has(class: &ClassUnicode, c: char) -> bool {
        class.iter().any(|range| (range.start()..=range.end()).contains(&c))
    }

    #[test]
    fn every_character_is_found_by_its_lower_case() {
        for c in '\u{80}'..=char::MAX {
            let lower = lower_char(c);
            assert!(lower.is_ascii() || has(&with_this_lower_case(lower), c), "{c:?} is lowered to {lower:?}");
        }
    }

    #[test]
    fn two_characters_outside_ascii_fold_to_ascii() {
        let mut class = ClassUnicode::new([ClassUnicodeRange::new('\0', '\u{7f}')]);
        class.try_case_fold_simple().expect("the tables are built in");
        let outside: Vec<char> = class.iter().flat_map(|range| range.start()..=range.end()).filter(|c| !c.is_ascii()).collect();
        assert_eq!(outside, [LONG_S, KELVIN]);
    }
}
