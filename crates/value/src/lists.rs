//! Named lists, `$name` in rules.

use crate::{Cut, List, Maybe, Unavailable, Value, lowercase, object};
use std::collections::HashSet;

object! {
    /// A person of the organisation, as `$org_vips` lists them.
    #[derive(Clone, Debug, Default)]
    pub struct Person {
        /// The name shown in mail.
        display_name: Option<String>,
        /// The address, lower case.
        email: Option<String>,
    }
}

/// A list of texts or of people that rules call by name.
///
/// A list of which only a head is there (a ranking) says yes inside that head and is unavailable outside.
pub struct NamedList {
    entries: Rows,
    rest: Option<Unavailable>,
}

enum Rows {
    Texts { list: Cut<String>, exact: HashSet<Box<str>>, folded: HashSet<Box<str>> },
    People(Vec<Person>),
}

impl NamedList {
    /// A list of texts in their order; `rest` says what hides the entries behind, `None` when the list is whole.
    pub fn texts(items: Vec<String>, rest: Option<Unavailable>) -> Self {
        let exact = items.iter().map(|item| item.as_str().into()).collect();
        let folded = items.iter().map(|item| lowercase(item).into()).collect();
        NamedList { entries: Rows::Texts { list: Cut { items, rest: rest.clone() }, exact, folded }, rest }
    }

    /// A list of people.
    pub fn people(people: Vec<Person>) -> Self {
        NamedList { entries: Rows::People(people), rest: None }
    }

    /// Is the text an entry? `fold` ignores letter case. False for a list of people.
    ///
    /// # Errors
    /// When the text is not in the part that is there, and a part is missing.
    pub fn contains(&self, text: &str, fold: bool) -> Maybe<bool> {
        let found = match &self.entries {
            Rows::Texts { folded, .. } if fold => folded.contains(lowercase(text).as_str()),
            Rows::Texts { exact, .. } => exact.contains(text),
            Rows::People(_) => false,
        };
        match &self.rest {
            Some(missing) if !found => Err(missing.clone()),
            _ => Ok(found),
        }
    }

    /// The entries as a list value.
    pub fn value(&self) -> Value<'_> {
        match &self.entries {
            Rows::Texts { list, .. } => Value::List(List::Owned(list)),
            Rows::People(people) => Value::List(List::Owned(people)),
        }
    }

    /// Number of entries that are there.
    pub fn known(&self) -> usize {
        match &self.entries {
            Rows::Texts { list, .. } => list.items.len(),
            Rows::People(people) => people.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranking_head_answers_inside_only() {
        let list = NamedList::texts(vec!["a.example".into()], Some(Unavailable::list("tranco_1m")));
        assert_eq!(list.contains("a.example", false), Ok(true));
        assert!(list.contains("b.example", false).is_err());
        assert_eq!(NamedList::texts(vec!["A".into()], None).contains("a", true), Ok(true));
        assert_eq!(NamedList::texts(vec!["A".into()], None).contains("a", false), Ok(false));
    }
}
