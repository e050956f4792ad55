//! Calls: functions bound by name, arguments by place and keyword, forms with their scopes.

use super::{Checker, article, item_type};
use crate::Span;
use crate::ast::{Argument, Name};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::forms::Form;
use crate::library::{Body, Function, Param};
use crate::typed::{Kind, Typed};
use mailhound_value::Type;

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &Name, args: &[Argument], span: Span) -> (Kind, Type) {
        let Some(function) = self.dialect.library.get(&name.text) else {
            let near = self.dialect.library.nearest(&name.text);
            let message = format!("there is no function `{}`", name.text);
            self.fault(Diagnostic::new(Code::UnknownFunction, name.span, message).suggest(near));
            self.scopes.push(Type::Any);
            for arg in args {
                self.expr(&arg.value);
            }
            self.scopes.pop();
            return (Kind::Error, Type::Any);
        };
        match function.body {
            Body::Form(form) => self.form(function, form, args, span),
            _ => self.library_call(function, args, span),
        }
    }

    fn form(&mut self, function: &'static Function, form: Form, args: &[Argument], span: Span) -> (Kind, Type) {
        for arg in args.iter().filter_map(|arg| arg.name.as_ref()) {
            self.error(Code::UnknownKeyword, arg.span, format!("`{}` has no keyword arguments", function.name));
        }
        self.count_arguments(function, args.len(), span);
        let mut typed: Vec<Typed> = Vec::with_capacity(args.len());
        for (idx, arg) in args.iter().enumerate() {
            let scope = (idx == 1 && form.opens_scope()).then(|| item_type(typed[0].ty));
            typed.push(match scope {
                None => self.expr(&arg.value),
                Some(item) => {
                    self.scopes.push(item);
                    let body = match form {
                        Form::Any | Form::All | Form::Filter | Form::Ratio => self.condition(&arg.value),
                        _ => self.expr(&arg.value),
                    };
                    self.scopes.pop();
                    body
                }
            });
        }
        let ty = self.form_type(function, form, &typed);
        (Kind::Form { form, args: typed }, ty)
    }

    fn form_type(&mut self, function: &'static Function, form: Form, args: &[Typed]) -> Type {
        let Some(first) = args.first() else { return function.returns };
        if form != Form::Coalesce {
            let loops_over_json = first.ty == Type::Json;
            if !loops_over_json {
                self.argument_type(function, &function.params[0], first);
            }
        }
        match form {
            Form::Any | Form::All | Form::Ratio | Form::Length | Form::Keys => function.returns,
            Form::Filter | Form::Distinct => Type::list(item_type(first.ty)),
            Form::Map => Type::list(args.get(1).map_or(Type::Any, |body| body.ty)),
            Form::Sum => {
                let summed = args.get(1).map_or(item_type(first.ty), |body| body.ty);
                if !summed.is_number() && !matches!(summed, Type::Any | Type::Json) {
                    let span = args.get(1).unwrap_or(first).span;
                    self.error(Code::WrongType, span, format!("expected numbers, found {}", article(summed)));
                }
                if summed == Type::Float { Type::Float } else { Type::Int }
            }
            Form::Flatten => {
                let mut item = item_type(first.ty);
                while let Type::List(inner) = item {
                    item = *inner;
                }
                Type::list(item)
            }
            Form::Values => match first.ty {
                Type::Map(value) => Type::List(value),
                _ => Type::list(Type::Json),
            },
            Form::Coalesce => {
                let mut ty = Type::Any;
                for arg in args {
                    ty = self.join(ty, arg, "the arguments of `coalesce` have one type");
                }
                ty
            }
        }
    }

    fn library_call(&mut self, function: &'static Function, args: &[Argument], span: Span) -> (Kind, Type) {
        let fixed = function.params.iter().filter(|param| !param.repeated).count();
        let mut single: Vec<Option<Typed>> = (0..fixed).map(|_| None).collect();
        let mut repeated = Vec::new();
        let mut positional = 0;
        let mut named_right = true;
        for arg in args {
            let typed = self.expr(&arg.value);
            let slot = match &arg.name {
                Some(name) => match self.keyword(function, name, &single) {
                    Some(slot) => slot,
                    None => {
                        named_right = false;
                        continue;
                    }
                },
                None => {
                    positional += 1;
                    positional - 1
                }
            };
            let Some(param) = function.params.get(slot).or(function.params.last().filter(|param| param.repeated)) else { continue };
            self.argument_type(function, param, &typed);
            match single.get_mut(slot) {
                Some(place) => *place = Some(typed),
                None => repeated.push(typed),
            }
        }
        let endless = function.params.len() > fixed;
        let missing = function.params.iter().zip(&single).any(|(param, arg)| param.default.is_none() && arg.is_none());
        let nothing_repeated = endless && repeated.is_empty() && function.params[fixed].default.is_none();
        // A positional argument behind a keyword is a mistake that the parser has reported; counting would report it again.
        let in_order = args.is_sorted_by_key(|arg| arg.name.is_some());
        if in_order && named_right && (missing || nothing_repeated || !endless && positional > fixed) {
            self.count_fault(function, args.len(), span);
        }
        (Kind::Call { function, single, repeated }, function.returns)
    }

    /// The place of a keyword argument; reports an unknown or repeated one.
    fn keyword(&mut self, function: &'static Function, name: &Name, single: &[Option<Typed>]) -> Option<usize> {
        let found = function.params.iter().position(|param| !param.repeated && param.name == &*name.text);
        match found {
            None if function.params.iter().any(|param| param.repeated && param.name == &*name.text) => {
                self.error(Code::UnknownKeyword, name.span, format!("`{}` is given without a name, once or more often", name.text));
                None
            }
            None => {
                let near = nearest(&name.text, function.params.iter().filter(|param| !param.repeated).map(|param| param.name));
                let message = format!("`{}` has no argument `{}`", function.name, name.text);
                self.fault(Diagnostic::new(Code::UnknownKeyword, name.span, message).suggest(near));
                None
            }
            Some(slot) if single[slot].is_some() => {
                self.error(Code::UnknownKeyword, name.span, format!("`{}` is given twice", name.text));
                None
            }
            slot => slot,
        }
    }

    fn argument_type(&mut self, function: &'static Function, param: &Param, arg: &Typed) {
        let types = param.types();
        let strict_fits = |wanted: &Type| arg.ty.fits(*wanted) || arg.ty == Type::Json && matches!(wanted, Type::String);
        if types.iter().any(strict_fits) {
            return self.argument_words(function, param, arg);
        }
        let wanted = types.iter().map(|ty| article(*ty)).collect::<Vec<_>>().join(" or ");
        let message = format!("`{}` expects {wanted} as `{}`, found {}", function.name, param.name, article(arg.ty));
        self.error(Code::WrongType, arg.span, message);
    }

    /// A constant that is none of the words that the parameter knows.
    fn argument_words(&mut self, function: &'static Function, param: &Param, arg: &Typed) {
        match &arg.kind {
            Kind::Array(items) => items.iter().for_each(|item| self.argument_words(function, param, item)),
            Kind::Text(word) if !param.words.is_empty() && !param.words.contains(&&**word) => {
                let message = format!("`{}` knows no {} `{word}`; it knows {}", function.name, param.name, param.words.join(", "));
                let fault = Diagnostic::new(Code::InvalidConstant, arg.span, message);
                self.diagnostics.push(fault.suggest(nearest(word, param.words.iter().copied())));
            }
            _ => {}
        }
    }

    fn count_arguments(&mut self, function: &'static Function, count: usize, span: Span) {
        if !accepts(function, count) {
            self.count_fault(function, count, span);
        }
    }

    fn count_fault(&mut self, function: &'static Function, count: usize, span: Span) {
        let names: Vec<String> = function.params.iter().map(shown_param).collect();
        let message = format!("`{}` cannot be called with {count} argument{}", function.name, if count == 1 { "" } else { "s" });
        self.fault(Diagnostic::new(Code::WrongArgumentCount, span, message).help(format!("{}({})", function.name, names.join(", "))));
    }
}

fn shown_param(param: &Param) -> String {
    match param {
        Param { repeated: true, name, .. } => format!("{name}, …"),
        Param { default: Some(_), name, .. } => format!("{name}=…"),
        Param { name, .. } => (*name).to_owned(),
    }
}

/// Can the form be called with so many arguments?
fn accepts(form: &Function, count: usize) -> bool {
    let required = form.params.iter().filter(|param| param.default.is_none()).count();
    let endless = form.params.last().is_some_and(|param| param.repeated);
    count >= required && (endless || count <= form.params.len())
}
