//! Types of the language, and the shapes of objects.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The type of an expression, as the checker knows it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Compatible with every type: the literal `null`, or an argument that may be anything.
    Any,
    /// true or false.
    Bool,
    /// Signed 64-bit integer.
    Int,
    /// IEEE double.
    Float,
    /// Text.
    String,
    /// JSON of unknown type.
    Json,
    /// A list of items of one type.
    List(&'static Type),
    /// A map from text to values of one type.
    Map(&'static Type),
    /// An object of this shape.
    Object(&'static Shape),
}

impl Type {
    /// The type of a list of `item`. Types are few and live as long as the program.
    pub fn list(item: Type) -> Type {
        Type::List(intern(item))
    }

    /// True for integers and floats.
    pub fn is_number(self) -> bool {
        matches!(self, Type::Int | Type::Float)
    }

    /// True when a value of type `self` can stand where `wanted` is expected.
    pub fn fits(self, wanted: Type) -> bool {
        match (self, wanted) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Int, Type::Float) => true,
            (Type::List(have), Type::List(want)) | (Type::Map(have), Type::Map(want)) => have.fits(*want),
            (have, want) => have == want,
        }
    }
}

/// A `&'static` of the type; each distinct type is kept once for the life of the program (there are as many as shapes and nestings).
fn intern(ty: Type) -> &'static Type {
    static TYPES: LazyLock<Mutex<HashMap<Type, &'static Type>>> = LazyLock::new(Mutex::default);
    let mut types = TYPES.lock().unwrap_or_else(PoisonError::into_inner);
    types.entry(ty).or_insert_with(|| Box::leak(Box::new(ty)))
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("any"),
            Type::Bool => f.write_str("boolean"),
            Type::Int => f.write_str("integer"),
            Type::Float => f.write_str("float"),
            Type::String => f.write_str("string"),
            Type::Json => f.write_str("json"),
            Type::List(item) => write!(f, "[{item}]"),
            Type::Map(item) => write!(f, "{{string: {item}}}"),
            Type::Object(shape) => f.write_str(shape.name),
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What fields an object has. One `static` per kind of object, made by [`crate::object!`].
pub struct Shape {
    /// The name in messages and documentation, such as `Domain`.
    pub name: &'static str,
    /// The documentation of the object.
    pub about: &'static str,
    /// The fields in order; the index is what the checker resolves a name to.
    pub fields: &'static [Field],
}

/// One field of an object.
pub struct Field {
    /// The name in rules and in JSON.
    pub name: &'static str,
    /// The documentation of the field.
    pub about: &'static str,
    /// The type of its value.
    pub ty: Type,
    /// True when the value may be null.
    pub nullable: bool,
}

impl Shape {
    /// The index and the field of this name.
    pub fn field(&self, name: &str) -> Option<(usize, &'static Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Shape) -> bool {
        self.name == other.name && std::ptr::eq(self.fields, other.fields)
    }
}

impl Eq for Shape {}

impl std::hash::Hash for Shape {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_types_are_equal_by_structure() {
        assert_eq!(Type::list(Type::list(Type::Int)), Type::list(Type::list(Type::Int)));
        assert_ne!(Type::list(Type::Int), Type::list(Type::Float));
        assert_eq!(Type::list(Type::String).to_string(), "[string]");
    }
}
