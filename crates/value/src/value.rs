//! What an expression evaluates to.

use crate::{Object, Shape, Unavailable};
use std::fmt;

/// The result of evaluating an expression: a value, or what was missing to find it.
pub type Eval<'m> = Result<Value<'m>, Unavailable>;

/// A value of the language. Borrows from the message, its arena, or the rule set; copying costs nothing.
#[derive(Clone, Copy)]
pub enum Value<'m> {
    /// We looked, and there is none.
    Null,
    /// A truth value.
    Bool(bool),
    /// A signed 64-bit integer.
    Int(i64),
    /// An IEEE double.
    Float(f64),
    /// Text; length and slices count code points.
    Str(&'m str),
    /// A list.
    List(List<'m>),
    /// A map from text to values.
    Map(&'m dyn Entries),
    /// Something with named fields.
    Object(&'m dyn Object),
    /// A JSON value of unknown type.
    Json(&'m serde_json::Value),
}

impl<'m> Value<'m> {
    /// True for null; JSON null counts.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null | Value::Json(serde_json::Value::Null))
    }

    /// The text, when it is text.
    pub fn as_str(&self) -> Option<&'m str> {
        match *self {
            Value::Str(text) => Some(text),
            Value::Json(serde_json::Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The integer, when it is one.
    pub fn as_int(&self) -> Option<i64> {
        match *self {
            Value::Int(number) => Some(number),
            Value::Json(serde_json::Value::Number(number)) => number.as_i64(),
            _ => None,
        }
    }

    /// The list, when it is one.
    pub fn as_list(&self) -> Option<List<'m>> {
        match *self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The object, when it is one of this Rust type.
    pub fn as_object<T: Object>(&self) -> Option<&'m T> {
        match *self {
            Value::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// The object's shape, when it is an object.
    pub fn shape(&self) -> Option<&'static Shape> {
        match *self {
            Value::Object(object) => Some(object.shape()),
            _ => None,
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", crate::to_json(Ok(*self), &mut Vec::new()))
    }
}

/// A list of values. What is stored in an object is read in place; what was computed lies in the arena.
#[derive(Clone, Copy)]
pub enum List<'m> {
    /// A list that an object owns.
    Owned(&'m dyn OwnedList),
    /// A list that was computed.
    Items(&'m ItemList<'m>),
    /// No items, known.
    Empty,
}

/// A list as objects store it.
pub trait OwnedList {
    /// Number of known items.
    fn len(&self) -> usize;
    /// True when no item is known.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Item `idx`, which is below `len`.
    fn get(&self, idx: usize) -> Eval<'_>;
    /// What decides whether item `idx` exists at all; `None` when it surely exists.
    fn doubt(&self, _idx: usize) -> Option<&Unavailable> {
        None
    }
    /// What hides further items; `None` when the list is whole.
    fn rest(&self) -> Option<&Unavailable> {
        None
    }
}

/// One item of a computed list.
#[derive(Clone)]
pub struct Item<'m> {
    /// The item, or what it would take to know it.
    pub value: Eval<'m>,
    /// What decides whether the item exists at all; `None` when it surely exists.
    pub doubt: Option<Unavailable>,
}

/// A computed list.
#[derive(Clone, Default)]
pub struct ItemList<'m> {
    /// The known items.
    pub items: Vec<Item<'m>>,
    /// What hides further items; `None` when the list is whole.
    pub rest: Option<Unavailable>,
}

impl<'m> ItemList<'m> {
    /// A list of items that surely exist.
    pub fn of(values: impl IntoIterator<Item = Eval<'m>>) -> Self {
        ItemList { items: values.into_iter().map(|value| Item { value, doubt: None }).collect(), rest: None }
    }
}

impl<'m> List<'m> {
    /// Number of known items, also those that exist only perhaps.
    pub fn known(&self) -> usize {
        match self {
            List::Owned(list) => list.len(),
            List::Items(list) => list.items.len(),
            List::Empty => 0,
        }
    }

    /// Item `idx`, which is below [`List::known`].
    pub fn get(&self, idx: usize) -> Eval<'m> {
        match *self {
            List::Owned(list) => list.get(idx),
            List::Items(list) => list.items[idx].value.clone(),
            List::Empty => Ok(Value::Null),
        }
    }

    /// What decides whether item `idx` exists at all; `None` when it surely exists.
    pub fn doubt(&self, idx: usize) -> Option<&'m Unavailable> {
        match *self {
            List::Owned(list) => list.doubt(idx),
            List::Items(list) => list.items[idx].doubt.as_ref(),
            List::Empty => None,
        }
    }

    /// What hides further items; `None` when the list is whole.
    pub fn rest(&self) -> Option<&'m Unavailable> {
        match *self {
            List::Owned(list) => list.rest(),
            List::Items(list) => list.rest.as_ref(),
            List::Empty => None,
        }
    }

    /// The number of items.
    ///
    /// # Errors
    /// When the list was cut or an item exists only perhaps.
    pub fn length(&self) -> Result<usize, Unavailable> {
        let doubt = (0..self.known()).find_map(|idx| self.doubt(idx));
        match doubt.or(self.rest()) {
            Some(missing) => Err(missing.clone()),
            None => Ok(self.known()),
        }
    }

    /// The known items in order.
    pub fn iter(self) -> impl Iterator<Item = Eval<'m>> {
        (0..self.known()).map(move |idx| self.get(idx))
    }
}

/// A map from text to values, as objects store it.
pub trait Entries {
    /// Number of entries.
    fn len(&self) -> usize;
    /// True when there is no entry.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The value under `key`; `None` when there is no such key.
    fn get(&self, key: &str) -> Option<Eval<'_>>;
    /// All entries in the order of the keys.
    fn iter(&self) -> Box<dyn Iterator<Item = (&str, Eval<'_>)> + '_>;
}
