//! Slices, and calls of functions of the library.

use super::rule::is_constant;
use super::scalar::{code_points, part};
use super::trace::Trace;
use super::walker::{Scopes, Walker};
use crate::context::Args;
use crate::library::{Body, Default, Function, MakeWanted, Origin};
use crate::typed::Typed;
use mailhound_value::{Eval, ItemList, List, Type, Unavailable, Value};

impl<'m, T: Trace<'m>> Walker<'_, 'm, T> {
    /// `base[start:end]`.
    pub fn slice(&self, base: &'m Typed, start: Option<&'m Typed>, end: Option<&'m Typed>, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        let value = self.value(base, scopes)?;
        // A bound that is null makes the whole null; one below zero counts as zero.
        let bound = |node: Option<&'m Typed>| match node {
            None => Ok(Some(None)),
            Some(node) => self.value(node, scopes).map(|it| it.as_int().map(|it| Some(usize::try_from(it).unwrap_or(0)))),
        };
        let (start, end) = (bound(start)?, bound(end)?);
        let (Some(start), Some(end)) = (start, end) else { return Ok(Value::Null) };
        let start = start.unwrap_or(0);
        match value {
            Value::Str(text) => Ok(Value::Str(code_points(text, start, end))),
            Value::List(list) => part(list, start, end, self.ctx.arena),
            _ if base.ty == Type::String => Ok(Value::Null),
            _ => Ok(Value::List(List::Empty)),
        }
    }

    /// A call; `node` is the whole.
    pub fn call(
        &self,
        node: &'m Typed,
        function: &'static Function,
        single: &'m [Option<Typed>],
        repeated: &'m [Typed],
        scopes: Scopes<'_, 'm>,
    ) -> Eval<'m> {
        if let Body::Test(make) = function.body {
            return self.test(node, make, single, repeated, scopes);
        }
        let prepared = self.rule.prepared(node);
        let mut values = Vec::with_capacity(single.len());
        for (arg, param) in single.iter().zip(function.params) {
            values.push(match arg {
                Some(arg) => self.value(arg, scopes)?,
                None => self.left_out(param.default),
            });
        }
        for arg in repeated.iter().filter(|arg| prepared.is_none() || !is_constant(arg)) {
            values.push(self.value(arg, scopes)?);
        }
        let (first, others) = values.split_at(single.len().min(values.len()));
        let args = Args { ctx: self.ctx, single: first, repeated: others, prepared };
        let work = || match function.body {
            Body::Plain(body) => body(&args),
            Body::Prepared { run, .. } => run(&args),
            Body::Form(_) | Body::Test(_) => Ok(Value::Null),
        };
        let result = if function.memo { self.ctx.once(std::ptr::from_ref(function) as usize, &values, work) } else { work() };
        if matches!(result, Ok(Value::Bool(true))) && repeated.len() > 1 && self.trace.asks_which(repeated.len()) {
            self.which(function, first, repeated, others, prepared.is_some());
        }
        result
    }

    /// A test of a text: is one of the others true of it? They are asked in the order in which they are written.
    fn test(
        &self,
        node: &'m Typed,
        make: MakeWanted,
        single: &'m [Option<Typed>],
        repeated: &'m [Typed],
        scopes: Scopes<'_, 'm>,
    ) -> Eval<'m> {
        let text = match single.first() {
            Some(Some(text)) => self.value(text, scopes)?,
            _ => Value::Null,
        };
        let constants = self.rule.wanted(node);
        let is_ready = |idx: usize| constants.get(idx).is_some_and(Option::is_some);
        let mut others = Vec::with_capacity(repeated.len());
        for (idx, arg) in repeated.iter().enumerate() {
            others.push(if is_ready(idx) { Value::Null } else { self.value(arg, scopes)? });
        }
        let Some(text) = text.as_str() else { return Ok(Value::Null) };
        let (mut asked, mut broken, mut limit) = (false, false, None::<Unavailable>);
        for (idx, other) in others.iter().enumerate() {
            let made;
            let wanted = match (constants.get(idx), other.as_str()) {
                (Some(Some(constant)), _) => constant,
                (_, Some(other)) => match self.ctx.makes(other.len()).map(|()| make(other, Origin::Computed)) {
                    Ok(Ok(it)) => {
                        made = it;
                        &made
                    }
                    Ok(Err(_)) => {
                        (asked, broken) = (true, true);
                        continue;
                    }
                    Err(missing) => {
                        limit = Some(limit.map_or(missing.clone(), |before| before.and(&missing)));
                        break;
                    }
                },
                (_, None) => continue,
            };
            asked = true;
            match self.ctx.work(text.len()).and_then(|()| wanted.is_true(self.ctx, text)) {
                Ok(true) => {
                    if repeated.len() > 1 && self.trace.asks_which(repeated.len()) {
                        self.trace.decided_by(idx, Some(repeated[idx].span));
                    }
                    return Ok(Value::Bool(true));
                }
                Ok(false) => {}
                Err(missing) => limit = Some(limit.map_or(missing.clone(), |before| before.and(&missing))),
            }
        }
        match limit {
            Some(missing) => Err(missing),
            None => Ok(if broken || !asked { Value::Null } else { Value::Bool(false) }),
        }
    }

    /// Tells the first of the repeated arguments that makes a call true alone: those of a test are alternatives (mql.md §9.2). `others` are the
    /// values of those that are no constants, or of all where nothing was prepared.
    fn which(&self, function: &Function, first: &[Value<'m>], repeated: &'m [Typed], others: &[Value<'m>], is_prepared: bool) {
        let (Body::Plain(body) | Body::Prepared { run: body, .. }) = function.body else { return };
        let mut others = others.iter();
        for (idx, arg) in repeated.iter().enumerate() {
            let is_constant = is_prepared && is_constant(arg);
            let value = if is_constant { self.plain(arg, None).ok() } else { others.next().copied() };
            let Some(value) = value else { return };
            let args = Args { ctx: self.ctx, single: first, repeated: &[value], prepared: None };
            if matches!(body(&args), Ok(Value::Bool(true))) {
                return self.trace.decided_by(idx, Some(arg.span));
            }
        }
    }

    fn left_out(&self, default: Option<Default>) -> Value<'m> {
        match default {
            None | Some(Default::Null) => Value::Null,
            Some(Default::Bool(it)) => Value::Bool(it),
            Some(Default::Int(it)) => Value::Int(it),
            Some(Default::Text(it)) => Value::Str(it),
            Some(Default::Texts(texts)) => self.ctx.arena.list(ItemList::of(texts.iter().map(|text| Ok(Value::Str(text))))),
        }
    }
}
