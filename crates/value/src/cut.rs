//! Lists whose end may be hidden.

use crate::{Eval, List, OwnedList, ToValue, Type, Typed, Unavailable, Value};
use std::ops::Deref;

/// The known items of a list, and what hides further ones.
#[derive(Clone, Debug)]
pub struct Cut<T> {
    /// The known items.
    pub items: Vec<T>,
    /// What hides further items; `None` when the list is whole.
    pub rest: Option<Unavailable>,
}

impl<T> Default for Cut<T> {
    fn default() -> Self {
        Cut { items: Vec::new(), rest: None }
    }
}

impl<T> From<Vec<T>> for Cut<T> {
    /// A whole list.
    fn from(items: Vec<T>) -> Self {
        Cut { items, rest: None }
    }
}

impl<T: PartialEq> PartialEq for Cut<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items && self.rest == other.rest
    }
}

impl<T> Deref for Cut<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

impl<T: Typed> Typed for Cut<T> {
    const TYPE: Type = Type::List(&T::TYPE);
}

impl<T: ToValue> OwnedList for Cut<T> {
    fn len(&self) -> usize {
        self.items.len()
    }
    fn get(&self, idx: usize) -> Eval<'_> {
        self.items[idx].to_value()
    }
    fn rest(&self) -> Option<&Unavailable> {
        self.rest.as_ref()
    }
}

impl<T: ToValue> ToValue for Cut<T> {
    fn to_value(&self) -> Eval<'_> {
        Ok(Value::List(List::Owned(self)))
    }
}
