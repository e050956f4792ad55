//! The shared words of Mailhound: values, types, shapes of objects, absence, limits.
//!
//! Everything above this crate speaks in these: the language evaluates to [`Value`], the data model and the file analysis are
//! [`Object`]s with a [`Shape`], and what could not be found out is [`Unavailable`]. The crate knows no email, no file format and no
//! rule.
//!
//! Reading order: [`Value`] and [`List`], [`Type`] and [`Shape`], the [`object!`] macro that defines an object once for all readers,
//! [`Unavailable`] and [`Need`], [`Arena`], [`Limits`], [`NamedList`], [`History`].

mod absent;
mod arena;
pub mod capability;
mod cut;
mod history;
mod json;
mod limits;
mod lists;
mod object;
mod reads;
mod schema;
mod text;
mod types;
mod value;

pub use absent::{Need, Unavailable};
pub use arena::Arena;
pub use cut::Cut;
pub use history::{Days, EmptyHistory, History, Identity, Profile};
pub use json::{Gap, to_json};
pub use limits::{Fixed, Limits, fixed};
pub use lists::{NamedList, Person};
pub use object::{Maybe, Object, ToValue, Typed, field_name};
pub use reads::Reads;
pub use schema::json_schema;
pub use text::{lower_char, lowercase};
pub use types::{Field, Shape, Type};
pub use value::{Entries, Eval, Item, ItemList, List, OwnedList, Value};

#[doc(hidden)]
pub mod reexport {
    //! For the macro only.
    pub use std::any::Any;
}
