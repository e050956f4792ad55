//! Tokens to syntax tree (grammar: mql.md §2), by recursive descent, one function per level of precedence.
//!
//! A mistake becomes a diagnostic and an [`Kind::Error`] node, then reading goes on at the next comma, bracket, `and` or `or`, so that
//! one rule shows all its mistakes at once.

mod operators;

use crate::Span;
use crate::ast::{Argument, Expr, Kind, Name, Op};
use crate::diagnostic::{Code, Diagnostic};
use crate::lex::{Comment, Symbol, Token, TokenKind, lex};
use std::sync::Arc;

/// Expressions nest at most this deep; the public rules reach 59.
pub const MAX_DEPTH: u32 = 250;

/// A source has at most this many bytes; the largest public rule has 228,952.
pub const MAX_SOURCE_BYTES: usize = 16 << 20;

/// The result of [`parse`].
#[derive(Debug)]
pub struct Parsed {
    /// The tree; with errors it holds [`Kind::Error`] nodes.
    pub expr: Expr,
    /// The comments of the source.
    pub comments: Vec<Comment>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads one rule source.
pub fn parse(source: &str) -> Parsed {
    if source.len() > MAX_SOURCE_BYTES {
        let message = format!("this source has {} bytes; at most {MAX_SOURCE_BYTES} are read", source.len());
        let expr = Expr { kind: Kind::Error, span: Span::default(), depth: 1 };
        return Parsed { expr, comments: Vec::new(), diagnostics: vec![Diagnostic::new(Code::TooLarge, Span::default(), message)] };
    }
    let lexed = lex(source);
    let mut parser = Parser { source, tokens: lexed.tokens, at: 0, nesting: 0, faults: Vec::new(), last_fault: None };
    let expr = parser.source();
    let mut diagnostics = lexed.diagnostics;
    diagnostics.extend(parser.faults);
    diagnostics.sort_by_key(|fault| fault.span);
    Parsed { expr, comments: lexed.comments, diagnostics }
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    at: usize,
    nesting: u32,
    faults: Vec<Diagnostic>,
    /// The token at which the last fault was reported: one fault a token is enough.
    last_fault: Option<usize>,
}

impl Parser<'_> {
    // Tokens.

    fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    fn previous_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    fn at_end(&self) -> bool {
        *self.peek() == TokenKind::End
    }

    fn advance(&mut self) {
        if !self.at_end() {
            self.at += 1;
        }
    }

    fn is(&self, symbol: Symbol) -> bool {
        *self.peek() == TokenKind::Symbol(symbol)
    }

    fn take(&mut self, symbol: Symbol) -> bool {
        let found = self.is(symbol);
        if found {
            self.advance();
        }
        found
    }

    fn take_one(&mut self, choices: &[(Symbol, Op)]) -> Option<Op> {
        let (_, op) = choices.iter().find(|(symbol, _)| self.is(*symbol))?;
        self.advance();
        Some(*op)
    }

    /// The current token as people see it.
    fn shown(&self) -> String {
        match self.peek() {
            TokenKind::End => "the end of the rule".to_owned(),
            TokenKind::String { .. } => "a string".to_owned(),
            _ => format!("`{}`", &self.source[self.span().range()]),
        }
    }

    // Faults.

    fn fault(&mut self, fault: Diagnostic) -> Expr {
        let span = fault.span;
        if self.last_fault != Some(self.at) {
            self.last_fault = Some(self.at);
            self.faults.push(fault);
        }
        Expr { kind: Kind::Error, span, depth: 1 }
    }

    fn expected(&mut self, what: &str) -> Expr {
        let message = format!("expected {what}, found {}", self.shown());
        let fault = Diagnostic::new(Code::UnexpectedToken, self.span(), message);
        let help = match self.peek() {
            TokenKind::Symbol(Symbol::Assign) => Some("a comparison is written `==`"),
            TokenKind::Name(name) if ["AND", "OR", "NOT", "IN", "And", "Or", "Not", "In"].contains(&&**name) => {
                Some("keywords are in lower case")
            }
            _ => None,
        };
        self.fault(match help {
            Some(help) => fault.help(help),
            None => fault,
        })
    }

    /// Skips to a token at which reading can go on: a comma or closing bracket of this nesting, `and`, `or`, or the end.
    fn recover(&mut self) {
        let mut open = 0usize;
        while !self.at_end() {
            match self.peek() {
                TokenKind::Symbol(Symbol::Open | Symbol::OpenSquare) => open += 1,
                TokenKind::Symbol(Symbol::Close | Symbol::CloseSquare) if open == 0 => return,
                TokenKind::Symbol(Symbol::Close | Symbol::CloseSquare) => open -= 1,
                TokenKind::Symbol(Symbol::Comma | Symbol::And | Symbol::Or) if open == 0 => return,
                _ => {}
            }
            self.advance();
        }
    }

    // Nodes.

    fn node(&mut self, kind: Kind, span: Span) -> Expr {
        let mut expr = Expr { kind, span, depth: 1 };
        expr.depth = 1 + expr.children().iter().map(|child| child.depth).max().unwrap_or(0);
        if expr.depth > MAX_DEPTH { self.too_deep(span) } else { expr }
    }

    fn too_deep(&mut self, span: Span) -> Expr {
        self.last_fault = None;
        let deep = self.fault(Diagnostic::new(Code::TooDeep, span, format!("expressions may nest {MAX_DEPTH} deep")));
        self.at = self.tokens.len() - 1;
        self.last_fault = Some(self.at);
        deep
    }

    // What operators work on.

    fn postfix(&mut self) -> Expr {
        let mut expr = self.primary();
        loop {
            expr = match self.peek() {
                TokenKind::Dots(1) => self.field(expr),
                TokenKind::Symbol(Symbol::OpenSquare) => self.subscript(expr),
                TokenKind::Symbol(Symbol::Open) if !matches!(expr.kind, Kind::Error) => self.call(expr),
                TokenKind::Symbol(Symbol::Of) if matches!(expr.kind, Kind::Name(_)) => self.word_of(expr),
                _ => return expr,
            };
        }
    }

    fn field(&mut self, base: Expr) -> Expr {
        let dot = self.span();
        self.advance();
        match self.adjacent_name(dot) {
            Some(name) => {
                let span = base.span.to(name.span);
                self.node(Kind::Field { base: base.into(), name }, span)
            }
            None => self.expected("a field name right behind the dot"),
        }
    }

    /// The name that begins where the dots end.
    fn adjacent_name(&mut self, dots: Span) -> Option<Name> {
        let span = self.span();
        match self.peek() {
            TokenKind::Name(text) if span.start == dots.end => {
                let name = Name { text: Arc::clone(text), span };
                self.advance();
                Some(name)
            }
            _ => None,
        }
    }

    fn subscript(&mut self, base: Expr) -> Expr {
        let open = self.span();
        self.advance();
        let start = if self.is(Symbol::Colon) { None } else { Some(Box::new(self.expr())) };
        let colon = self.take(Symbol::Colon);
        let end = if colon && !self.is(Symbol::CloseSquare) { Some(Box::new(self.expr())) } else { None };
        self.close(Symbol::CloseSquare, open);
        let span = base.span.to(self.previous_span());
        let base = Box::new(base);
        let kind = match (start, colon) {
            (Some(index), false) => Kind::Index { base, index },
            (start, _) => Kind::Slice { base, start, end },
        };
        self.node(kind, span)
    }

    fn word_of(&mut self, word: Expr) -> Expr {
        let Kind::Name(text) = &word.kind else { return word };
        let help = match &**text {
            "any" => "join the clauses with `or`, or count them: `1 of (…)`",
            "all" => "join the clauses with `and`",
            "none" => "write `not (… or …)`",
            _ => "a count is a number: `2 of (…)`",
        };
        let message = format!("`{text} of` is not in the language");
        let fault = self.fault(Diagnostic::new(Code::WordOf, word.span, message).help(help));
        self.advance();
        if self.is(Symbol::Open) {
            self.list(Symbol::Open, Symbol::Close);
        }
        fault
    }

    /// `callee(args)`; the callee is a dotted name.
    fn call(&mut self, callee: Expr) -> Expr {
        let open = self.span();
        let Some(text) = dotted(&callee) else {
            self.advance();
            let message = "only a function name can be called";
            let fault = self.fault(Diagnostic::new(Code::UnexpectedToken, open, message));
            self.recover();
            self.take(Symbol::Close);
            return fault;
        };
        self.advance();
        let args = self.arguments();
        self.close(Symbol::Close, open);
        let span = callee.span.to(self.previous_span());
        self.node(Kind::Call { name: Name { text: text.into(), span: callee.span }, args }, span)
    }

    fn arguments(&mut self) -> Vec<Argument> {
        let mut args: Vec<Argument> = Vec::new();
        let mut keyword_seen = false;
        while !self.is(Symbol::Close) && !self.at_end() {
            let arg = self.argument();
            keyword_seen |= arg.name.is_some();
            if arg.name.is_none() && keyword_seen {
                let message = "positional arguments stand before keyword arguments";
                self.last_fault = None;
                self.fault(Diagnostic::new(Code::PositionalAfterKeyword, arg.value.span, message));
            }
            args.push(arg);
            if !self.separated(Symbol::Close) {
                break;
            }
        }
        args
    }

    fn argument(&mut self) -> Argument {
        let name = match (self.peek(), self.tokens.get(self.at + 1).map(|token| &token.kind)) {
            (TokenKind::Name(text), Some(TokenKind::Symbol(Symbol::Assign))) => Some(Name { text: Arc::clone(text), span: self.span() }),
            _ => None,
        };
        if name.is_some() {
            self.advance();
            self.advance();
        }
        Argument { name, value: self.expr() }
    }

    /// After an element: true when a comma was read and another element or the closing bracket follows.
    fn separated(&mut self, close: Symbol) -> bool {
        if self.take(Symbol::Comma) {
            return true;
        }
        if self.is(close) || self.at_end() {
            return false;
        }
        self.expected(&format!("`,` or `{}`", close.text()));
        self.recover();
        while !self.is(Symbol::Comma) && !self.is(close) && !self.at_end() {
            self.advance();
            self.recover();
        }
        self.take(Symbol::Comma)
    }

    /// `(a, b, …)` or `[a, b, …]`; a trailing comma is fine.
    fn list(&mut self, open: Symbol, close: Symbol) -> Vec<Expr> {
        let start = self.span();
        if !self.take(open) {
            self.expected(&format!("`{}`", open.text()));
            return Vec::new();
        }
        let mut items = Vec::new();
        while !self.is(close) && !self.at_end() {
            items.push(self.expr());
            if !self.separated(close) {
                break;
            }
        }
        if items.is_empty() && open == Symbol::Open && self.is(close) {
            self.expected("an expression");
        }
        self.close(close, start);
        items
    }

    fn close(&mut self, close: Symbol, open: Span) {
        if self.take(close) {
            return;
        }
        if self.at_end() {
            let bracket = &self.source[open.range()];
            self.fault(Diagnostic::new(Code::UnclosedBracket, open, format!("this `{bracket}` is never closed")));
            return;
        }
        self.expected(&format!("`{}`", close.text()));
        self.recover();
        self.take(close);
    }

    fn primary(&mut self) -> Expr {
        let span = self.span();
        let kind = match self.peek().clone() {
            TokenKind::String { value, raw } => Kind::String { value, raw },
            TokenKind::Int(number) => Kind::Int(number),
            TokenKind::Float(number) => Kind::Float(number),
            TokenKind::List(name) => Kind::List(name),
            TokenKind::Name(name) => Kind::Name(name),
            TokenKind::Symbol(Symbol::True) => Kind::Bool(true),
            TokenKind::Symbol(Symbol::False) => Kind::Bool(false),
            TokenKind::Symbol(Symbol::Null) => Kind::Null,
            TokenKind::Dots(dots) => return self.scope(dots),
            TokenKind::Symbol(Symbol::Open) => return self.paren(),
            TokenKind::Symbol(Symbol::OpenSquare) => {
                let items = self.list(Symbol::OpenSquare, Symbol::CloseSquare);
                let span = span.to(self.previous_span());
                return self.node(Kind::Array(items), span);
            }
            _ => return self.no_expression(),
        };
        self.advance();
        self.node(kind, span)
    }

    fn no_expression(&mut self) -> Expr {
        let fault = self.expected("an expression");
        let stops = matches!(
            self.peek(),
            TokenKind::End | TokenKind::Symbol(Symbol::Close | Symbol::CloseSquare | Symbol::Comma | Symbol::And | Symbol::Or)
        );
        if !stops {
            self.advance();
            self.recover();
        }
        fault
    }

    fn scope(&mut self, dots: usize) -> Expr {
        let span = self.span();
        self.advance();
        let field = self.adjacent_name(span);
        let span = field.as_ref().map_or(span, |name| span.to(name.span));
        self.node(Kind::Scope { dots, field }, span)
    }

    fn paren(&mut self) -> Expr {
        let open = self.span();
        self.advance();
        let inner = self.expr();
        self.close(Symbol::Close, open);
        let span = open.to(self.previous_span());
        self.node(Kind::Paren(inner.into()), span)
    }
}

/// The dotted name of a callee, such as `strings.like`.
fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Name(name) => Some(name.to_string()),
        Kind::Field { base, name } => Some(format!("{}.{}", dotted(base)?, name.text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(source: &str) -> Vec<&'static str> {
        parse(source).diagnostics.iter().map(|fault| fault.code.text()).collect()
    }

    #[test]
    fn and_binds_tighter_than_or_and_not_looser_than_comparison() {
        let parsed = parse("not a.b == 1 and x or y");
        assert!(parsed.diagnostics.is_empty());
        let Kind::Or(operands) = &parsed.expr.kind else { panic!("{:?}", parsed.expr) };
        let Kind::And(operands) = &operands[0].kind else { panic!("{operands:?}") };
        assert!(matches!(&operands[0].kind, Kind::Not(inner) if matches!(inner.kind, Kind::Binary { op: Op::Eq, .. })));
    }

    #[test]
    fn a_dot_before_a_blank_is_the_item() {
        let parsed = parse("any(x, . in $list)");
        assert!(parsed.diagnostics.is_empty());
        let Kind::Call { args, .. } = &parsed.expr.kind else { panic!() };
        let Kind::InList { item, .. } = &args[1].value.kind else { panic!() };
        assert!(matches!(item.kind, Kind::Scope { dots: 1, field: None }));
    }

    #[test]
    fn a_call_result_can_be_continued() {
        assert_eq!(codes(r#"regex.extract(x, "y")[0].named_groups["k"] == "v""#), [""; 0]);
    }

    #[test]
    fn trailing_commas_are_fine_and_empty_lists_are_not() {
        assert_eq!(codes("f(1, 2,) and x in (1, 2,) and 1 of (a, b,)"), [""; 0]);
        assert_eq!(codes("f(,)"), ["MQL105"]);
        assert_eq!(codes("x in ()"), ["MQL105"]);
    }

    #[test]
    fn only_less_chains_and_only_once() {
        assert_eq!(codes("0 < x <= 2"), [""; 0]);
        assert_eq!(codes("0 < x < 2 < 3"), ["MQL107"]);
        assert_eq!(codes("1 == 2 == 3"), ["MQL107"]);
        assert_eq!(codes("1 > 2 > 3"), ["MQL107"]);
    }

    #[test]
    fn word_forms_of_of_are_refused_with_advice() {
        let parsed = parse("any of (a, b)");
        assert_eq!(parsed.diagnostics[0].code, Code::WordOf);
        assert!(parsed.diagnostics[0].help.as_deref().is_some_and(|help| help.contains("1 of")));
    }

    #[test]
    fn all_mistakes_are_reported() {
        assert_eq!(codes("f(1 2) and == 3 and g(]) and 'x"), ["MQL105", "MQL105", "MQL105", "MQL102"]);
    }

    #[test]
    fn an_unclosed_bracket_is_named() {
        let parsed = parse("any(x, (a and b)");
        assert_eq!(parsed.diagnostics[0].code, Code::UnclosedBracket);
        assert_eq!(parsed.diagnostics[0].span, Span::new(3, 4));
    }

    #[test]
    fn deep_nesting_is_refused() {
        for deep in ["(".repeat(100_000), "not ".repeat(100_000), "-".repeat(100_000), format!("a{}", ".b".repeat(100_000))] {
            assert!(codes(&deep).contains(&"MQL109"), "{}", &deep[..10]);
        }
        assert!(codes(&format!("1{}", "+1".repeat(100_000))).contains(&"MQL109"));
    }

    #[test]
    fn long_chains_are_fine() {
        assert_eq!(codes(&format!("a{}", " or a".repeat(100_000))), [""; 0]);
    }
}
