//! What an evaluation has at hand.

use mailhound_value::{Arena, Eval, List, Maybe, NamedList, Object, Value, lowercase};
use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The message at hand and what belongs to it. One for each message; programs of a whole rule set share it.
pub struct Context<'m> {
    /// Owns what is computed.
    pub arena: &'m Arena<'m>,
    /// The message.
    pub root: &'m dyn Object,
    /// The lists that programs name, by the index that the compiler gave them.
    pub lists: &'m [Maybe<Arc<NamedList>>],
    /// What the function library needs: settings, services. The language does not look inside.
    pub host: &'m dyn Any,
    memo: RefCell<HashMap<MemoKey, Eval<'m>>>,
    lowered: RefCell<HashMap<(usize, usize), &'m str>>,
}

/// A call: the function, and its arguments by identity.
type MemoKey = (usize, Vec<ArgumentKey>);

#[derive(PartialEq, Eq, Hash)]
enum ArgumentKey {
    Scalar(u8, u64),
    Place(usize, usize),
}

impl<'m> Context<'m> {
    /// A context for one message.
    pub fn new(arena: &'m Arena<'m>, root: &'m dyn Object, lists: &'m [Maybe<Arc<NamedList>>], host: &'m dyn Any) -> Self {
        Context { arena, root, lists, host, memo: RefCell::default(), lowered: RefCell::default() }
    }

    /// The text in lower case; made once for each text of the message.
    pub fn lower(&self, text: &'m str) -> &'m str {
        let key = (text.as_ptr() as usize, text.len());
        if let Some(lowered) = self.lowered.borrow().get(&key) {
            return lowered;
        }
        let lowered =
            if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) { self.arena.text(lowercase(text)) } else { text };
        self.lowered.borrow_mut().insert(key, lowered);
        lowered
    }

    /// The result of `work`, computed once for this function and these very arguments.
    ///
    /// Texts and objects count as equal when they lie at the same place; what lies in the message or its arena never moves.
    pub fn once(&self, function: usize, args: &[Value<'m>], work: impl FnOnce() -> Eval<'m>) -> Eval<'m> {
        let key = (function, args.iter().map(argument_key).collect());
        if let Some(known) = self.memo.borrow().get(&key) {
            return known.clone();
        }
        let result = work();
        self.memo.borrow_mut().insert(key, result.clone());
        result
    }
}

fn argument_key(value: &Value<'_>) -> ArgumentKey {
    fn place<T: ?Sized>(it: &T) -> usize {
        std::ptr::from_ref(it).cast::<()>() as usize
    }
    match *value {
        Value::Null => ArgumentKey::Scalar(0, 0),
        Value::Bool(it) => ArgumentKey::Scalar(1, u64::from(it)),
        Value::Int(it) => ArgumentKey::Scalar(2, it as u64),
        Value::Float(it) => ArgumentKey::Scalar(3, it.to_bits()),
        Value::Str(it) => ArgumentKey::Place(it.as_ptr() as usize, it.len()),
        Value::Json(it) => ArgumentKey::Place(place(it), 1),
        Value::Object(it) => ArgumentKey::Place(place(it), 2),
        Value::Map(it) => ArgumentKey::Place(place(it), 3),
        Value::List(List::Owned(it)) => ArgumentKey::Place(place(it), 4),
        Value::List(List::Items(it)) => ArgumentKey::Place(place(it), 5),
        Value::List(List::Empty) => ArgumentKey::Scalar(4, 0),
    }
}

/// The arguments of a call: known values of the declared types, or null.
pub struct Args<'a, 'm> {
    /// The message at hand.
    pub ctx: &'a Context<'m>,
    pub(crate) single: &'a [Value<'m>],
    pub(crate) repeated: &'a [Value<'m>],
    pub(crate) prepared: Option<&'m (dyn Any + Send + Sync)>,
}

impl<'a, 'm> Args<'a, 'm> {
    /// Argument `idx`; null when it was left out and has no default.
    pub fn value(&self, idx: usize) -> Value<'m> {
        self.single.get(idx).copied().unwrap_or(Value::Null)
    }

    /// Argument `idx` as text; `None` for null.
    pub fn str(&self, idx: usize) -> Option<&'m str> {
        self.value(idx).as_str()
    }

    /// Argument `idx` as truth value; `None` for null.
    pub fn bool(&self, idx: usize) -> Option<bool> {
        match self.value(idx) {
            Value::Bool(it) => Some(it),
            _ => None,
        }
    }

    /// Argument `idx` as integer; `None` for null.
    pub fn int(&self, idx: usize) -> Option<i64> {
        self.value(idx).as_int()
    }

    /// The texts of a list argument; null items are left out. `None` for null.
    pub fn strings(&self, idx: usize) -> Option<Vec<&'m str>> {
        let list = self.value(idx).as_list()?;
        Some(list.iter().filter_map(|item| item.ok()?.as_str()).collect())
    }

    /// Argument `idx` as an object of this Rust type.
    pub fn object<T: Object>(&self, idx: usize) -> Option<&'m T> {
        self.value(idx).as_object()
    }

    /// The repeated arguments; empty when they were prepared.
    pub fn repeated(&self) -> &'a [Value<'m>] {
        self.repeated
    }

    /// The repeated arguments that are texts; null when there is none among them.
    pub fn texts(&self) -> Option<impl Iterator<Item = &'m str> + '_> {
        let texts = || self.repeated.iter().filter_map(Value::as_str);
        texts().next().map(|_| texts())
    }

    /// What was prepared from the constants.
    pub fn prepared<T: Any>(&self) -> Option<&'m T> {
        self.prepared.and_then(|prepared| prepared.downcast_ref())
    }

    /// The settings and services that the library was given.
    ///
    /// # Panics
    /// When the context was made for another library.
    pub fn host<T: Any>(&self) -> &'m T {
        self.ctx.host.downcast_ref().expect("the context belongs to this function library")
    }
}
