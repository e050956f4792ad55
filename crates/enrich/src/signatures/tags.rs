//! Tag lists: `a=rsa-sha256; d=example.com; …` (RFC 6376 §3.2).

use std::collections::HashMap;

/// The tags of a list by name.
#[derive(Debug)]
pub(super) struct Tags<'a>(HashMap<&'a str, &'a str>);

impl<'a> Tags<'a> {
    /// Reads a list. Blanks around names and values are left out.
    ///
    /// # Errors
    /// Says what is wrong: a piece without `=`, a name that is none, or a tag that stands twice.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let mut tags = HashMap::new();
        let text = text.trim_matches(is_blank);
        for piece in text.strip_suffix(';').unwrap_or(text).split(';') {
            let Some((name, value)) = piece.split_once('=') else { return Err("a tag without `=`".to_owned()) };
            let name = name.trim_matches(is_blank);
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return Err("a tag whose name is none".to_owned());
            }
            if tags.insert(name, value.trim_matches(is_blank)).is_some() {
                return Err(format!("the tag `{name}=` stands twice"));
            }
        }
        Ok(Tags(tags))
    }

    /// The value of a tag as it was written.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    /// The value of a tag without the blanks inside it, which folding may have put there.
    pub fn compact(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.chars().filter(|c| !is_blank(*c)).collect())
    }

    /// The items of a value that colons divide, in lower case.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        Some(self.compact(name)?.to_lowercase().split(':').map(str::to_owned).collect())
    }
}

/// White space of a folded field.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_and_inside_do_not_count() {
        let tags = Tags::parse(" v = 1;\r\n\th=From : To\r\n :Subject; b=ab\r\n c==; ").expect("a list");
        assert_eq!(tags.get("v"), Some("1"));
        assert_eq!(tags.list("h"), Some(vec!["from".to_owned(), "to".to_owned(), "subject".to_owned()]));
        assert_eq!(tags.compact("b").as_deref(), Some("abc=="));
        assert_eq!(tags.get("V"), None, "names count by letter case");
    }

    #[test]
    fn mistakes_are_named() {
        for (text, fault) in
            [("v=1; v=1", "`v=` stands twice"), ("v=1;; d=x", "without `=`"), ("", "without `=`"), ("a b=1", "name"), ("=1", "name")]
        {
            assert!(Tags::parse(text).expect_err(text).contains(fault), "{text}");
        }
    }
}
