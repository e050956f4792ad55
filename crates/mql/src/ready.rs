//! Constants of rules, made ready on any thread before the rules are planned.

use crate::library::{Body, Function, MakeWanted, Origin, Wanted};
use crate::typed::{Kind, Typed};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts that tests look for, ready for use. What a function cannot use is left to [`crate::compile`], which says so at its place.
#[derive(Default)]
pub struct Ready(Mutex<FxHashMap<Key, Option<Box<dyn Wanted>>>>);

/// A function by its name, and a constant of it. It stays when the planner takes what was made, so that nothing is made again.
type Key = (&'static str, Arc<str>);

impl Ready {
    /// Makes the constants of a checked rule ready, unless another rule had them.
    pub fn add(&self, typed: &Typed) {
        if let Kind::Call { function, repeated, .. } = &typed.kind
            && let Body::Test(make) = function.body
        {
            for constant in repeated {
                if let Kind::Text(text) = &constant.kind {
                    self.make(function, text, make);
                }
            }
        }
        typed.for_each_part(&mut |part| self.add(part));
    }

    fn make(&self, function: &'static Function, text: &Arc<str>, make: MakeWanted) {
        let key = (function.name, Arc::clone(text));
        {
            let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if made.contains_key(&key) {
                return;
            }
            made.insert(key.clone(), None);
        }
        if let Ok(wanted) = make(text, Origin::Rule) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Some(wanted));
        }
    }

    /// Gives a constant to the planner; `None` where it is not ready.
    pub(crate) fn take(&self, key: &Key) -> Option<Box<dyn Wanted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(key)?.take()
    }
}
