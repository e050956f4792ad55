//! Which fields of objects rules read: what nobody reads need not be computed.

use crate::{Shape, Type};
use std::collections::HashSet;

/// Fields that are read, by the shape they belong to. At first none.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    all: bool,
    fields: HashSet<(&'static str, &'static str)>,
}

impl Reads {
    /// Field `index` of the shape is read.
    pub fn add(&mut self, shape: &'static Shape, index: usize) {
        self.fields.extend(shape.fields.get(index).map(|field| (shape.name, field.name)));
    }

    /// A whole value of this type is read: every field of every shape, when it is or holds objects.
    pub fn add_whole(&mut self, ty: Type) {
        self.all |= match ty {
            Type::List(inner) | Type::Map(inner) => return self.add_whole(*inner),
            Type::Any | Type::Object(_) => true,
            Type::Bool | Type::Int | Type::Float | Type::String | Type::Json => false,
        };
    }

    /// May a field be read, by the name of its shape and its own?
    pub fn has(&self, shape: &'static str, field: &'static str) -> bool {
        self.all || self.fields.contains(&(shape, field))
    }
}
