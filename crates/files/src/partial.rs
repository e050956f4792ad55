//! Lists of which a part may be out of reach.
//!
//! What an archive holds is known item by item, except where a scanner without an engine would have put something, and except behind a
//! limit. [`Partial`] keeps all three apart: an item, a *gap* (a place at which none, one or several items would stand) and an unknown rest.

use mailhound_value::{Eval, List, Maybe, OwnedList, ToValue, Type, Typed, Unavailable, Value};

/// One place of a [`Partial`] list.
#[derive(Clone, Debug)]
pub struct Slot<T> {
    /// The item, or what it would take to know it.
    pub value: Maybe<T>,
    /// What decides whether there is an item at this place; `None` when there surely is exactly one.
    pub doubt: Option<Unavailable>,
}

/// A list that may have gaps and an unknown rest.
///
/// A gap is an item that is unavailable as a whole and whose existence is in doubt. It stands for any number of items, so that whatever
/// comes behind it keeps its value but has no known index, and the length of the list is unavailable.
#[derive(Clone, Debug)]
pub struct Partial<T> {
    slots: Vec<Slot<T>>,
    rest: Option<Unavailable>,
}

impl<T> Default for Partial<T> {
    fn default() -> Self {
        Partial { slots: Vec::new(), rest: None }
    }
}

impl<T> FromIterator<T> for Partial<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Partial { slots: items.into_iter().map(|item| Slot { value: Ok(item), doubt: None }).collect(), rest: None }
    }
}

impl<T> Partial<T> {
    /// Adds an item that surely exists.
    pub(crate) fn push(&mut self, item: T) {
        self.slots.push(Slot { value: Ok(item), doubt: None });
    }

    /// Adds an item that exists only if what is missing would say so.
    pub(crate) fn push_doubtful(&mut self, item: T, missing: Unavailable) {
        self.slots.push(Slot { value: Ok(item), doubt: Some(missing) });
    }

    /// Adds a gap. Neighbouring gaps are one gap that needs all of it.
    pub(crate) fn gap(&mut self, missing: &Unavailable) {
        if let Some(Slot { value: Err(known), doubt: Some(doubt) }) = self.slots.last_mut() {
            *known = known.and(missing);
            *doubt = known.clone();
        } else {
            self.slots.push(Slot { value: Err(missing.clone()), doubt: Some(missing.clone()) });
        }
    }

    /// Says that more may follow which is not known.
    pub(crate) fn cut(&mut self, missing: Unavailable) {
        self.rest = Some(self.rest.take().map_or(missing.clone(), |known| known.and(&missing)));
    }

    /// Places filled so far, gaps included.
    pub(crate) fn places(&self) -> usize {
        self.slots.len()
    }

    /// The item at a place, for what becomes known after the item was added.
    pub(crate) fn item_mut(&mut self, place: usize) -> Option<&mut T> {
        self.slots.get_mut(place)?.value.as_mut().ok()
    }

    /// The places in order.
    pub fn slots(&self) -> &[Slot<T>] {
        &self.slots
    }

    /// The items that are there, also those that exist only perhaps; gaps are left out.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter_map(|slot| slot.value.as_ref().ok())
    }

    /// What hides further items; `None` when the list ends where it ends.
    pub fn missing_rest(&self) -> Option<&Unavailable> {
        self.rest.as_ref()
    }

    /// True when every item is known.
    pub fn is_whole(&self) -> bool {
        self.rest.is_none() && self.slots.iter().all(|slot| slot.doubt.is_none())
    }
}

impl<T: ToValue> OwnedList for Partial<T> {
    fn len(&self) -> usize {
        self.slots.len()
    }
    fn get(&self, idx: usize) -> Eval<'_> {
        self.slots[idx].value.as_ref().map_err(Clone::clone)?.to_value()
    }
    fn doubt(&self, idx: usize) -> Option<&Unavailable> {
        self.slots[idx].doubt.as_ref()
    }
    fn rest(&self) -> Option<&Unavailable> {
        self.rest.as_ref()
    }
}

impl<T: Typed> Typed for Partial<T> {
    const TYPE: Type = Type::List(&T::TYPE);
}

impl<T: ToValue> ToValue for Partial<T> {
    fn to_value(&self) -> Eval<'_> {
        Ok(Value::List(List::Owned(self)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_gaps_are_one() {
        let mut list: Partial<i64> = [1].into_iter().collect();
        list.gap(&Unavailable::capability("pdf"));
        list.gap(&Unavailable::capability("ocr"));
        list.push(2);
        let doubts: Vec<_> = list.slots().iter().map(|slot| slot.doubt.as_ref().map(ToString::to_string)).collect();
        assert_eq!(doubts, [None, Some("ocr, pdf".to_owned()), None]);
        assert_eq!(list.items().copied().collect::<Vec<_>>(), [1, 2]);
        assert!(List::Owned(&list).length().is_err());
    }
}
