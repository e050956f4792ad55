//! What an evaluation has at hand.

use mailhound_value::{Arena, Eval, Item, ItemList, Limits, List, Maybe, NamedList, Object, Unavailable, Value, lowercase};
use rustc_hash::FxHashMap;
use std::any::Any;
use std::cell::{Cell, RefCell};
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
    /// Bounds on the work of an evaluation.
    limits: &'m Limits,
    steps: Cell<usize>,
    /// Work of the rule at hand.
    work: Cell<usize>,
    /// Work of the rules before it.
    total: Cell<usize>,
    /// Work that the rule at hand may do.
    allowed: Cell<usize>,
    memo: RefCell<FxHashMap<MemoKey, Eval<'m>>>,
    lowered: RefCell<FxHashMap<(usize, usize), &'m str>>,
}

/// A call: the function, and its arguments by identity.
type MemoKey = (usize, Vec<ArgumentKey>);

/// Texts, objects, maps and lists are equal when they lie at the same place and are of the same kind; what lies in the message, its arena or
/// the rule set never moves. Short lists of scalars (options of a function) are equal when their items are.
#[derive(PartialEq, Eq, Hash)]
enum ArgumentKey {
    Null,
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(usize, usize),
    Json(usize),
    Map(usize),
    List(usize),
    Items(Vec<ArgumentKey>),
    /// An object lies at the same place as its first field: the shape tells them apart.
    Object(usize, usize),
}

impl<'m> Context<'m> {
    /// A context for one message.
    pub fn new(
        arena: &'m Arena<'m>,
        root: &'m dyn Object,
        lists: &'m [Maybe<Arc<NamedList>>],
        limits: &'m Limits,
        host: &'m dyn Any,
    ) -> Self {
        Context {
            arena,
            root,
            lists,
            host,
            limits,
            steps: Cell::new(0),
            work: Cell::new(0),
            total: Cell::new(0),
            allowed: Cell::new(limits.eval_work.min(limits.eval_total)),
            memo: RefCell::default(),
            lowered: RefCell::default(),
        }
    }

    /// Begins the evaluation of a rule.
    pub(crate) fn begin(&self) {
        self.steps.set(0);
        self.total.set(self.total.get().saturating_add(self.work.take()));
        self.allowed.set(self.limits.eval_work.min(self.limits.eval_total.saturating_sub(self.total.get())));
    }

    /// The bounds on the work of an evaluation.
    pub(crate) fn limits(&self) -> &'m Limits {
        self.limits
    }

    /// Counts one evaluation of a loop body.
    ///
    /// # Errors
    /// The limits `eval.steps` of the rule and `eval.bytes` of the message.
    pub(crate) fn step(&self) -> Maybe<()> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > self.limits.eval_steps {
            return Err(Unavailable::limit("eval.steps"));
        }
        if self.arena.bytes() > self.limits.eval_bytes {
            return Err(Unavailable::limit("eval.bytes"));
        }
        self.looks(1)
    }

    /// Counts bytes that a test or a call reads.
    ///
    /// # Errors
    /// The limits `eval.work` of the rule and `eval.total` of the message.
    pub fn work(&self, bytes: usize) -> Maybe<()> {
        let work = self.work.get().saturating_add(bytes);
        self.work.set(work);
        if work > self.allowed.get() { Err(self.work_limit()) } else { Ok(()) }
    }

    #[cold]
    fn work_limit(&self) -> Unavailable {
        Unavailable::limit(if self.work.get() > self.limits.eval_work { "eval.work" } else { "eval.total" })
    }

    /// True when the rule at hand used up what it may: what it finds now says nothing to other rules.
    pub(crate) fn is_spent(&self) -> bool {
        self.work.get() > self.allowed.get() || self.steps.get() > self.limits.eval_steps
    }

    /// Counts operands, items or arguments that are looked at.
    ///
    /// # Errors
    /// Those of [`Context::work`].
    pub fn looks(&self, count: usize) -> Maybe<()> {
        self.work(count.saturating_mul(LOOK))
    }

    /// Counts a text of this length that is made ready to be looked for while a rule runs.
    ///
    /// # Errors
    /// Those of [`Context::work`].
    pub fn makes(&self, len: usize) -> Maybe<()> {
        self.work(MAKE.saturating_add(len.saturating_mul(MAKE_BYTE)))
    }

    /// The part of a text that tests search, see [`Limits::search_text`]. What they do not find in it may stand behind it.
    pub fn searchable<'t>(&self, text: &'t str) -> &'t str {
        &text[..text.floor_char_boundary(self.limits.search_text)]
    }

    /// What a test lacks that found nothing in the searchable part of a longer text.
    pub fn search_limit() -> Unavailable {
        Unavailable::limit("search.text")
    }

    /// The text in lower case; made once for each text of the message that needs it.
    pub fn lower(&self, text: &'m str) -> &'m str {
        let changes = |text: &str| text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
        if text.len() <= SHORT && !changes(text) {
            return text;
        }
        let key = (text.as_ptr() as usize, text.len());
        if let Some(lowered) = self.lowered.borrow().get(&key) {
            return lowered;
        }
        let lowered = if changes(text) { self.arena.text(lowercase(text)) } else { text };
        self.lowered.borrow_mut().insert(key, lowered);
        lowered
    }

    /// The result of `work`, computed once for this function and these very arguments.
    ///
    /// When arguments are equal is said at [`ArgumentKey`].
    pub fn once(&self, function: usize, args: &[Value<'m>], work: impl FnOnce() -> Eval<'m>) -> Eval<'m> {
        let key = (function, args.iter().map(argument_key).collect());
        if let Some(known) = self.memo.borrow().get(&key) {
            return known.clone();
        }
        let result = work();
        if result.is_ok() || !self.is_spent() {
            self.memo.borrow_mut().insert(key, result.clone());
        }
        result
    }
}

/// Bytes of a text that are sooner looked at again than remembered.
const SHORT: usize = 64;

/// What it costs to look at an operand, an item or an argument, in bytes read.
const LOOK: usize = 16;

/// What it costs to make a text ready, in bytes read: 30 µs for a short pattern, in which 16 KiB and more are searched.
const MAKE: usize = 16 << 10;

/// The same for each byte of the text.
const MAKE_BYTE: usize = 64;

/// Items of a list that are compared one by one.
const MAX_ITEMS: usize = 16;

fn argument_key(value: &Value<'_>) -> ArgumentKey {
    fn place<T: ?Sized>(it: &T) -> usize {
        std::ptr::from_ref(it).cast::<()>() as usize
    }
    match *value {
        Value::Null => ArgumentKey::Null,
        Value::Bool(it) => ArgumentKey::Bool(it),
        Value::Int(it) => ArgumentKey::Int(it),
        Value::Float(it) => ArgumentKey::Float(it.to_bits()),
        Value::Str(it) => ArgumentKey::Text(it.as_ptr() as usize, it.len()),
        Value::Json(it) => ArgumentKey::Json(place(it)),
        Value::Object(it) => ArgumentKey::Object(place(it), place(it.shape())),
        Value::Map(it) => ArgumentKey::Map(place(it)),
        Value::List(List::Owned(it)) => ArgumentKey::List(place(it)),
        Value::List(List::Empty) => ArgumentKey::Items(Vec::new()),
        Value::List(List::Items(it)) => items_key(it).unwrap_or(ArgumentKey::List(place(it))),
    }
}

/// The items, when they are few scalars that surely exist.
fn items_key(list: &ItemList<'_>) -> Option<ArgumentKey> {
    if list.items.len() > MAX_ITEMS || list.rest.is_some() {
        return None;
    }
    let item = |item: &Item<'_>| match &item.value {
        Ok(value @ (Value::Str(_) | Value::Int(_) | Value::Bool(_) | Value::Null)) if item.doubt.is_none() => Some(argument_key(value)),
        _ => None,
    };
    list.items.iter().map(item).collect::<Option<_>>().map(ArgumentKey::Items)
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

    /// The texts of a list argument; null items are left out. Empty for null.
    ///
    /// # Errors
    /// When an item is unavailable or the list may have others.
    pub fn strings(&self, idx: usize) -> Maybe<Vec<&'m str>> {
        let Some(list) = self.value(idx).as_list() else { return Ok(Vec::new()) };
        list.length()?;
        Ok(list.iter().collect::<Result<Vec<_>, _>>()?.iter().filter_map(Value::as_str).collect())
    }

    /// Argument `idx` as an object of this Rust type.
    pub fn object<T: Object>(&self, idx: usize) -> Option<&'m T> {
        self.value(idx).as_object()
    }

    /// The repeated arguments; only those that are no constants when something was prepared.
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
