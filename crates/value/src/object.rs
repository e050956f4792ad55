//! Objects: one Rust struct, many readers.

use crate::{Entries, Eval, List, OwnedList, Shape, Type, Unavailable, Value};
use std::any::Any;
use std::collections::BTreeMap;

/// Something with named fields that rules can read. Made by [`crate::object!`].
pub trait Object: Any {
    /// What fields it has.
    fn shape(&self) -> &'static Shape;
    /// The value of field `index` of its shape.
    fn field(&self, index: usize) -> Eval<'_>;
    /// Itself, for a function that wants the Rust type back.
    fn as_any(&self) -> &dyn Any;
}

/// A field whose answer may be out of reach.
pub type Maybe<T> = Result<T, Unavailable>;

/// Rust types that have a type in the language.
pub trait Typed {
    /// That type.
    const TYPE: Type;
    /// True when null is among the values.
    const NULLABLE: bool = false;
}

/// Rust values that can be read by rules.
pub trait ToValue {
    /// The value, borrowed.
    fn to_value(&self) -> Eval<'_>;
}

/// The field name behind a Rust identifier: `r#type` is `type`.
pub const fn field_name(ident: &'static str) -> &'static str {
    match ident.as_bytes() {
        [b'r', b'#', ..] => ident.split_at(2).1,
        _ => ident,
    }
}

macro_rules! scalar {
    ($($rust:ty => $ty:expr, $make:expr;)*) => {$(
        impl Typed for $rust {
            const TYPE: Type = $ty;
        }
        impl ToValue for $rust {
            fn to_value(&self) -> Eval<'_> {
                let make: for<'a> fn(&'a $rust) -> Value<'a> = $make;
                Ok(make(self))
            }
        }
    )*};
}

scalar! {
    bool => Type::Bool, |it| Value::Bool(*it);
    i64 => Type::Int, |it| Value::Int(*it);
    f64 => Type::Float, |it| Value::Float(*it);
    String => Type::String, |it| Value::Str(it);
    &'static str => Type::String, |it| Value::Str(it);
    std::sync::Arc<str> => Type::String, |it| Value::Str(it);
    serde_json::Value => Type::Json, |it| Value::Json(it);
}

impl<T: Typed> Typed for Option<T> {
    const TYPE: Type = T::TYPE;
    const NULLABLE: bool = true;
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Eval<'_> {
        self.as_ref().map_or(Ok(Value::Null), ToValue::to_value)
    }
}

impl<T: Typed> Typed for Maybe<T> {
    const TYPE: Type = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
}

impl<T: ToValue> ToValue for Maybe<T> {
    fn to_value(&self) -> Eval<'_> {
        match self {
            Ok(it) => it.to_value(),
            Err(missing) => Err(missing.clone()),
        }
    }
}

impl<T: Typed> Typed for Box<T> {
    const TYPE: Type = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
}

impl<T: ToValue> ToValue for Box<T> {
    fn to_value(&self) -> Eval<'_> {
        (**self).to_value()
    }
}

impl<T: Typed> Typed for std::sync::Arc<T> {
    const TYPE: Type = T::TYPE;
    const NULLABLE: bool = T::NULLABLE;
}

impl<T: ToValue> ToValue for std::sync::Arc<T> {
    fn to_value(&self) -> Eval<'_> {
        (**self).to_value()
    }
}

impl<T: Typed> Typed for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);
}

impl<T: ToValue> OwnedList for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn get(&self, idx: usize) -> Eval<'_> {
        self[idx].to_value()
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Eval<'_> {
        Ok(Value::List(List::Owned(self)))
    }
}

impl<T: Typed> Typed for BTreeMap<String, T> {
    const TYPE: Type = Type::Map(&T::TYPE);
}

impl<T: ToValue> Entries for BTreeMap<String, T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn get(&self, key: &str) -> Option<Eval<'_>> {
        self.get(key).map(ToValue::to_value)
    }
    fn iter(&self) -> Box<dyn Iterator<Item = (&str, Eval<'_>)> + '_> {
        Box::new(self.iter().map(|(key, value)| (key.as_str(), value.to_value())))
    }
}

impl<T: ToValue> ToValue for BTreeMap<String, T> {
    fn to_value(&self) -> Eval<'_> {
        Ok(Value::Map(self))
    }
}

/// Defines an object once: the struct, its [`Shape`], its place in the language. Shapes may not contain themselves.
///
/// Fields are plain struct fields. `computed` fields are read through a function that borrows from the object (and may compute on first
/// read, into a cell among the `private` fields). `private` fields are not seen by rules; they are made by `Default`.
///
/// ```
/// use mailhound_value::{object, Object};
/// object! {
///     /// A host name.
///     #[derive(Default)]
///     pub struct Host {
///         /// The whole name, lower case.
///         name: String,
///     }
///     computed {
///         /// Bytes in the name.
///         length: i64 = |host: &Host| &host.size,
///     }
///     private {
///         /// Kept beside.
///         size: i64,
///     }
/// }
/// assert_eq!(Host::default().shape().fields[1].name, "length");
/// ```
#[macro_export]
macro_rules! object {
    (
        $(#[doc = $about:expr])+
        $(#[derive($($derive:ident),* $(,)?)])?
        pub struct $Name:ident {
            $( $(#[doc = $field_about:expr])+ $field:ident : $ty:ty, )*
        }
        $( computed {
            $( $(#[doc = $computed_about:expr])+ $computed:ident : $computed_ty:ty = $getter:expr, )*
        } )?
        $( private {
            $( $(#[doc = $private_about:expr])+ $private:ident : $private_ty:ty, )*
        } )?
    ) => {
        $(#[doc = $about])+
        $(#[derive($($derive),*)])?
        pub struct $Name {
            $( $(#[doc = $field_about])+ pub $field : $ty, )*
            $($( $(#[doc = $private_about])+ pub $private : $private_ty, )*)?
        }

        impl $Name {
            /// The fields that rules can read.
            pub const SHAPE: &'static $crate::Shape = {
                static SHAPE: $crate::Shape = $crate::Shape {
                    name: stringify!($Name),
                    about: concat!($($about, "\n",)+),
                    fields: &[
                        $( $crate::Field {
                            name: $crate::field_name(stringify!($field)),
                            about: concat!($($field_about, "\n",)+),
                            ty: <$ty as $crate::Typed>::TYPE,
                            nullable: <$ty as $crate::Typed>::NULLABLE,
                        }, )*
                        $($( $crate::Field {
                            name: $crate::field_name(stringify!($computed)),
                            about: concat!($($computed_about, "\n",)+),
                            ty: <$computed_ty as $crate::Typed>::TYPE,
                            nullable: <$computed_ty as $crate::Typed>::NULLABLE,
                        }, )*)?
                    ],
                };
                &SHAPE
            };
        }

        impl $crate::Typed for $Name {
            const TYPE: $crate::Type = $crate::Type::Object($Name::SHAPE);
        }

        impl $crate::ToValue for $Name {
            fn to_value(&self) -> $crate::Eval<'_> {
                Ok($crate::Value::Object(self))
            }
        }

        impl $crate::Object for $Name {
            fn shape(&self) -> &'static $crate::Shape {
                $Name::SHAPE
            }

            fn field(&self, index: usize) -> $crate::Eval<'_> {
                type Getter = fn(&$Name) -> $crate::Eval<'_>;
                const GETTERS: &[Getter] = &[
                    $( |object| $crate::ToValue::to_value(&object.$field), )*
                    $($( |object| {
                        let getter: fn(&$Name) -> &$computed_ty = $getter;
                        $crate::ToValue::to_value(getter(object))
                    }, )*)?
                ];
                GETTERS[index](self)
            }

            fn as_any(&self) -> &dyn $crate::reexport::Any {
                self
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_json;

    object! {
        /// An inner thing.
        #[derive(Default, Debug)]
        pub struct Inner {
            /// Absent.
            none: Option<i64>,
        }
    }

    object! {
        /// A thing
        /// of two lines.
        #[derive(Default, Debug)]
        pub struct Thing {
            /// Its kind.
            r#type: Option<String>,
            /// Its tags.
            tags: Vec<String>,
            /// Out of reach.
            far: Option<Inner>,
        }
        computed {
            /// How many tags.
            count: i64 = |thing: &Thing| &thing.cell,
        }
        private {
            /// Where the count is kept.
            cell: i64,
        }
    }

    #[test]
    fn a_struct_has_a_shape() {
        let names: Vec<_> = Thing::SHAPE.fields.iter().map(|field| (field.name, field.ty.to_string(), field.nullable)).collect();
        assert_eq!(
            names,
            [
                ("type", "string".to_owned(), true),
                ("tags", "[string]".to_owned(), false),
                ("far", "Inner".to_owned(), true),
                ("count", "integer".to_owned(), false)
            ]
        );
        assert_eq!(Thing::SHAPE.about, " A thing\n of two lines.\n");
    }

    #[test]
    fn null_fields_are_left_out_of_json() {
        let thing = Thing { tags: vec!["a".into()], far: Some(Inner::default()), cell: 1, ..Thing::default() };
        let json = to_json(thing.to_value(), &mut Vec::new());
        assert_eq!(json.to_string(), r#"{"tags":["a"],"far":{},"count":1}"#);
    }
}
