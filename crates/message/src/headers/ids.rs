//! Message identifiers (RFC 5322 §3.6.4).

/// The identifiers of a References value, without angle brackets, in their order.
pub(crate) fn references(value: &str) -> Vec<String> {
    let ids = value.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>')).map(|id| id.trim_matches(','));
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn references_lose_their_brackets() {
        assert_eq!(references("<a@b> <c@d><e@f>\t<g@h"), ["a@b", "c@d", "e@f", "g@h"]);
        assert_eq!(references("<a@b>, <c,d@e>,f@g"), ["a@b", "c,d@e", "f@g"]);
        assert_eq!(references(" "), [""; 0]);
    }
}
