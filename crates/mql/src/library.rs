//! What a function is to the language: one `static` that the checker, the evaluator, the example tests, the help and the reference read.

use crate::clue::Clue;
use crate::context::{Args, Context};
use crate::diagnostic::{Code, nearest};
use crate::forms::Form;
use mailhound_value::{Eval, Maybe, Type};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// A function that rules can call.
pub struct Function {
    /// The name as rules write it, such as `strings.contains`.
    pub name: &'static str,
    /// What it returns, in one or a few sentences.
    pub about: &'static str,
    /// The parameters in order; only the last may be repeated.
    pub params: &'static [Param],
    /// The type of the result; forms compute theirs from the arguments.
    pub returns: Type,
    /// Capabilities without which the result, or a part of it, is unavailable.
    pub needs: &'static [&'static str],
    /// Calls with their results; they are run as tests.
    pub examples: &'static [Example],
    /// True when the result is worth keeping for equal arguments in the same message.
    pub memo: bool,
    /// What it does.
    pub body: Body,
}

impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl std::hash::Hash for Function {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// A parameter of a function.
#[derive(Clone, Copy)]
pub struct Param {
    /// The name, also as keyword.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What can stand there.
    pub accept: Accept,
    /// True when any number of further arguments of this kind may follow.
    pub repeated: bool,
    /// The value of an argument that is left out; `None` when it must be given.
    pub default: Option<Default>,
    /// The words that a text, or each text of a list, can be; any text when there is none.
    pub words: &'static [&'static str],
}

/// What can stand for a parameter.
#[derive(Clone, Copy)]
pub enum Accept {
    /// A value of this type.
    Type(Type),
    /// A value of one of these types.
    OneOf(&'static [Type]),
}

/// The value of an argument that is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// null
    Null,
    /// true or false
    Bool(bool),
    /// An integer
    Int(i64),
    /// A text
    Text(&'static str),
    /// A list of texts
    Texts(&'static [&'static str]),
}

/// A parameter that must be given.
pub const fn param(name: &'static str, ty: Type, about: &'static str) -> Param {
    Param { name, about, accept: Accept::Type(ty), repeated: false, default: None, words: &[] }
}

impl Param {
    /// The same, of one of several types.
    #[must_use]
    pub const fn one_of(mut self, types: &'static [Type]) -> Param {
        self.accept = Accept::OneOf(types);
        self
    }

    /// The same, once or more often.
    #[must_use]
    pub const fn repeated(mut self) -> Param {
        self.repeated = true;
        self
    }

    /// The same, with a value for when it is left out.
    #[must_use]
    pub const fn optional(mut self, default: Default) -> Param {
        self.default = Some(default);
        self
    }

    /// The same, of a few words.
    #[must_use]
    pub const fn words(mut self, words: &'static [&'static str]) -> Param {
        self.words = words;
        self
    }

    /// The types that can stand here.
    pub fn types(&self) -> Vec<Type> {
        match self.accept {
            Accept::Type(ty) => vec![ty],
            Accept::OneOf(types) => types.to_vec(),
        }
    }
}

/// A call and its result, run as a test on the library's sample message.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The expression.
    pub expr: &'static str,
    /// The result as JSON, or `unavailable: ` and the needs.
    pub value: &'static str,
}

/// A call and its result.
pub const fn example(expr: &'static str, value: &'static str) -> Example {
    Example { expr, value }
}

/// A constant argument as the compiler sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// null
    Null,
    /// true or false
    Bool(bool),
    /// An integer
    Int(i64),
    /// A float, by its bits
    Float(u64),
    /// A text
    Text(Arc<str>),
    /// A list
    List(Vec<Literal>),
}

impl Given {
    /// The constant texts among the repeated arguments, with their places.
    pub fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.repeated.iter().enumerate().filter_map(|(idx, literal)| Some((idx, literal.as_ref()?.as_str()?)))
    }
}

impl Literal {
    /// The text, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The arguments that are constants, for a function that prepares them once.
pub struct Given {
    /// One entry for each parameter that is not repeated; `None` where the argument is no constant.
    pub single: Vec<Option<Literal>>,
    /// The repeated arguments; `None` where one is no constant.
    pub repeated: Vec<Option<Literal>>,
}

/// What a function keeps from its constants; `None` when there is nothing to prepare.
pub type Prepared = Option<Box<dyn Any + Send + Sync>>;

/// A constant that the function cannot use.
pub struct PrepareFault {
    /// What kind of mistake; an error or a warning. With a warning the call runs on what [`Body::Prepared`] does with nothing prepared.
    pub code: Code,
    /// Which argument, counted over all arguments from 0.
    pub argument: usize,
    /// Byte in the text of that argument.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

/// What a function does.
#[derive(Clone, Copy)]
pub enum Body {
    /// Part of the language: opens a scope, or treats null and unavailable in its own way.
    Form(Form),
    /// From its arguments.
    Plain(for<'a, 'm> fn(&Args<'a, 'm>) -> Eval<'m>),
    /// From its arguments, with what was prepared from the constants among them. When something was prepared, [`Args::repeated`] holds
    /// only the repeated arguments that are no constants.
    Prepared {
        /// Runs once, when the rule is compiled.
        prepare: fn(&Given) -> Result<Prepared, PrepareFault>,
        /// Runs for each evaluation; what was prepared is in [`Args::prepared`].
        run: for<'a, 'm> fn(&Args<'a, 'm>) -> Eval<'m>,
    },
    /// Is one of the texts behind the first argument true of the first? Null for a null text, and when all the others are null. A text that
    /// cannot be used is a fault of the rule when it is a constant; else the answer is null unless another text is true.
    Test(MakeWanted),
}

/// Makes a text that is looked for ready.
pub type MakeWanted = fn(&str, Origin) -> Result<Box<dyn Wanted>, PrepareFault>;

/// Where a text that is looked for comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is a constant of a rule.
    Rule,
    /// It was computed, perhaps from the message: it may be hostile.
    Computed,
}

/// What a text is tested for, ready for use.
pub trait Wanted: Send + Sync {
    /// Is it true of `text`?
    ///
    /// # Errors
    /// A limit that hides the answer, such as `search.text`.
    fn is_true<'m>(&self, ctx: &Context<'m>, text: &'m str) -> Maybe<bool>;

    /// What a text must contain for that. Asked once.
    fn clue(&self) -> Clue;

    /// True when [`Wanted::is_true`] is the same as [`Clue::admits`] for every text without [`crate::clue::LONG_S`] and
    /// [`crate::clue::KELVIN`]. The clue is one group then.
    fn is_its_clue(&self) -> bool;

    /// Which part of a text decides.
    fn reach(&self) -> Reach;
}

/// Which part of a text decides a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The beginning: what is false of the beginning of a long text is false of the whole.
    Start,
    /// Any: what is true of a part is true of the whole.
    Anywhere,
    /// All of it.
    Whole,
}

/// The functions that rules can call, by name.
pub struct Library {
    functions: Vec<&'static Function>,
    by_name: HashMap<&'static str, &'static Function>,
}

impl Library {
    /// A library of the language's own forms and these functions.
    pub fn new(functions: impl IntoIterator<Item = &'static Function>) -> Library {
        let mut functions: Vec<_> = crate::forms::ALL.iter().copied().chain(functions).collect();
        functions.sort_by_key(|function| function.name);
        let by_name = functions.iter().map(|function| (function.name, *function)).collect();
        Library { functions, by_name }
    }

    /// The function of this name.
    pub fn get(&self, name: &str) -> Option<&'static Function> {
        self.by_name.get(name).copied()
    }

    /// All functions, by name.
    pub fn all(&self) -> &[&'static Function] {
        &self.functions
    }

    /// The name nearest to this one: by letters, or the same last part in another namespace.
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        let moved = || self.functions.iter().map(|function| function.name).find(|other| last(other) == last(name));
        nearest(name, self.functions.iter().map(|function| function.name)).or_else(moved)
    }
}
