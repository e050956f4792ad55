//! The levels of precedence, loosest first (mql.md §2.1).

use super::{MAX_DEPTH, Parser};
use crate::Span;
use crate::ast::{Expr, Kind, Op};
use crate::diagnostic::{Code, Diagnostic};
use crate::lex::{Symbol, Token, TokenKind};

impl Parser<'_> {
    pub(super) fn source(&mut self) -> Expr {
        if self.at_end() {
            let message = "a rule needs an expression";
            return self.fault(Diagnostic::new(Code::EmptySource, self.span(), message));
        }
        let first = self.expr();
        while !self.at_end() {
            self.expected("`and`, `or` or the end of the rule");
            self.recover();
            if matches!(self.peek(), TokenKind::Symbol(_)) {
                self.advance();
            }
            if !self.at_end() {
                self.expr();
            }
        }
        first
    }

    pub(super) fn expr(&mut self) -> Expr {
        self.nested(self.span(), |parser| parser.chain(Symbol::Or, Kind::Or, |parser| parser.chain(Symbol::And, Kind::And, Self::not_expr)))
    }

    /// One level deeper; `start` is where it is too deep.
    fn nested(&mut self, start: Span, inner: impl FnOnce(&mut Self) -> Expr) -> Expr {
        if self.nesting >= MAX_DEPTH {
            return self.too_deep(start);
        }
        self.nesting += 1;
        let expr = inner(self);
        self.nesting -= 1;
        expr
    }

    fn chain(&mut self, joint: Symbol, make: fn(Vec<Expr>) -> Kind, operand: impl Fn(&mut Self) -> Expr) -> Expr {
        let first = operand(self);
        if !self.is(joint) {
            return first;
        }
        let mut operands = vec![first];
        while self.take(joint) {
            operands.push(operand(self));
        }
        let span = operands[0].span.to(operands[operands.len() - 1].span);
        self.node(make(operands), span)
    }

    fn not_expr(&mut self) -> Expr {
        let start = self.span();
        if !self.take(Symbol::Not) {
            return self.of_expr();
        }
        let inner = self.nested(start, Self::not_expr);
        let span = start.to(inner.span);
        self.node(Kind::Not(Box::new(inner)), span)
    }

    fn of_expr(&mut self) -> Expr {
        let of_follows = self.tokens.get(self.at + 1).map(|token| &token.kind) == Some(&TokenKind::Symbol(Symbol::Of));
        let TokenKind::Int(count) = *self.peek() else { return self.comparison() };
        if !of_follows {
            return self.comparison();
        }
        let start = self.span();
        self.advance();
        self.advance();
        let clauses = self.list(Symbol::Open, Symbol::Close);
        let span = start.to(self.previous_span());
        self.node(Kind::Of { count, clauses }, span)
    }

    fn comparison(&mut self) -> Expr {
        let left = self.sum();
        let chained = self.take_one(&[(Symbol::Lt, Op::Lt), (Symbol::Le, Op::Le)]);
        let compared = match chained {
            Some(first) => self.range(left, first),
            None => self.single_comparison(left),
        };
        if self.peek_comparison() && !matches!(compared.kind, Kind::Error) {
            let message = "comparisons do not chain; only `low < x <= high` does, once";
            self.fault(Diagnostic::new(Code::ChainedComparison, self.span(), message).help("join two comparisons with `and`"));
            self.recover();
        }
        compared
    }

    fn peek_comparison(&self) -> bool {
        use Symbol::*;
        [Eq, Ne, Lt, Le, Gt, Ge, EqFold, NeFold].iter().any(|symbol| self.is(*symbol))
    }

    fn range(&mut self, low: Expr, first: Op) -> Expr {
        let middle = self.sum();
        let Some(second) = self.take_one(&[(Symbol::Lt, Op::Lt), (Symbol::Le, Op::Le)]) else {
            let span = low.span.to(middle.span);
            return self.node(Kind::Binary { op: first, left: low.into(), right: middle.into() }, span);
        };
        let high = self.sum();
        let span = low.span.to(high.span);
        self.node(Kind::Range { low: low.into(), first, middle: middle.into(), second, high: high.into() }, span)
    }

    fn single_comparison(&mut self, left: Expr) -> Expr {
        let ops = &[
            (Symbol::Gt, Op::Gt),
            (Symbol::Ge, Op::Ge),
            (Symbol::Eq, Op::Eq),
            (Symbol::Ne, Op::Ne),
            (Symbol::EqFold, Op::EqFold),
            (Symbol::NeFold, Op::NeFold),
        ];
        if let Some(op) = self.take_one(ops) {
            let right = self.sum();
            let span = left.span.to(right.span);
            return self.node(Kind::Binary { op, left: left.into(), right: right.into() }, span);
        }
        if self.take(Symbol::Is) {
            return self.is_null(left);
        }
        let next_is_in = matches!(self.tokens.get(self.at + 1), Some(Token { kind: TokenKind::Symbol(Symbol::In | Symbol::InFold), .. }));
        let negated = next_is_in && self.take(Symbol::Not);
        let fold = self.is(Symbol::InFold);
        if fold || self.is(Symbol::In) {
            self.advance();
            return self.membership(left, negated, fold);
        }
        left
    }

    fn is_null(&mut self, value: Expr) -> Expr {
        let negated = self.take(Symbol::Not);
        if !self.take(Symbol::Null) {
            let fault = self.expected("`null`");
            self.recover();
            return fault;
        }
        let span = value.span.to(self.previous_span());
        self.node(Kind::IsNull { value: value.into(), negated }, span)
    }

    fn membership(&mut self, item: Expr, negated: bool, fold: bool) -> Expr {
        let item = Box::new(item);
        if self.is(Symbol::Open) {
            let tuple = self.list(Symbol::Open, Symbol::Close);
            let span = item.span.to(self.previous_span());
            return self.node(Kind::InTuple { item, tuple, negated, fold }, span);
        }
        let list = Box::new(self.sum());
        let span = item.span.to(list.span);
        self.node(Kind::InList { item, list, negated, fold }, span)
    }

    fn sum(&mut self) -> Expr {
        self.arithmetic(&[(Symbol::Plus, Op::Add), (Symbol::Minus, Op::Sub)], |parser| {
            let ops = &[(Symbol::Star, Op::Mul), (Symbol::Slash, Op::Div), (Symbol::Percent, Op::Rem)];
            parser.arithmetic(ops, Self::unary)
        })
    }

    fn arithmetic(&mut self, ops: &[(Symbol, Op)], operand: impl Fn(&mut Self) -> Expr) -> Expr {
        let mut left = operand(self);
        while let Some(op) = self.take_one(ops) {
            let right = operand(self);
            let span = left.span.to(right.span);
            left = self.node(Kind::Binary { op, left: left.into(), right: right.into() }, span);
        }
        left
    }

    fn unary(&mut self) -> Expr {
        let start = self.span();
        if !self.take(Symbol::Minus) {
            return self.postfix();
        }
        let inner = self.nested(start, Self::unary);
        let span = start.to(inner.span);
        self.node(Kind::Neg(inner.into()), span)
    }
}
