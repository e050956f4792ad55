//! Where the values that are computed for one message live.

use crate::{Item, ItemList, List, Object, OwnedList, Value};
use elsa::FrozenVec;

/// Owns what evaluation makes for one message and hands out references that live as long as itself.
///
/// Nothing is freed before the arena is; [`Arena::bytes`] says how much was made, which evaluation holds to a limit.
#[derive(Default)]
pub struct Arena<'m> {
    texts: FrozenVec<String>,
    objects: FrozenVec<Box<dyn Object>>,
    lists: FrozenVec<Box<ItemList<'m>>>,
    owned: FrozenVec<Box<dyn OwnedList>>,
    json: FrozenVec<Box<serde_json::Value>>,
    bytes: std::cell::Cell<usize>,
}

impl<'m> Arena<'m> {
    /// An empty arena.
    pub fn new() -> Self {
        Arena::default()
    }

    /// Keeps a text.
    pub fn text(&'m self, text: String) -> &'m str {
        self.bytes.set(self.bytes.get() + text.len());
        self.texts.push_get(text)
    }

    /// Keeps an object.
    pub fn object<T: Object>(&'m self, object: T) -> &'m T {
        self.bytes.set(self.bytes.get() + size_of::<T>());
        let kept: &'m dyn Object = self.objects.push_get(Box::new(object));
        kept.as_any().downcast_ref().expect("the object that was just kept")
    }

    /// Keeps a computed list.
    pub fn list(&'m self, list: ItemList<'m>) -> Value<'m> {
        if list.items.is_empty() && list.rest.is_none() {
            return Value::List(List::Empty);
        }
        self.bytes.set(self.bytes.get() + list.items.len() * size_of::<Item<'m>>());
        Value::List(List::Items(self.lists.push_get(Box::new(list))))
    }

    /// Keeps a list of objects or scalars, such as a `Vec`.
    pub fn items<T: OwnedList + 'static>(&'m self, items: T) -> Value<'m> {
        if items.is_empty() && items.rest().is_none() {
            return Value::List(List::Empty);
        }
        Value::List(List::Owned(self.owned.push_get(Box::new(items))))
    }

    /// Keeps a JSON value.
    pub fn json(&'m self, json: serde_json::Value) -> Value<'m> {
        Value::Json(self.json.push_get(Box::new(json)))
    }

    /// Bytes of texts, lists and objects made so far, without what objects own.
    pub fn bytes(&self) -> usize {
        self.bytes.get()
    }
}
