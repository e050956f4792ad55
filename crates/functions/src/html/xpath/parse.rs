//! From tokens to expressions (XPath 1.0 §2 and §3).

use super::XPathError;
use super::ast::{Axis, Expr, Kind, Operator, Path, Predicate, Start, Step, Test};
use super::functions::Function;
use super::lex::{Token, lex};

/// Nesting of brackets, parentheses and minus signs. Evaluation recurses as deep as expressions are nested.
const MAX_DEPTH: usize = 100;

/// A parsed expression.
pub(super) struct Parsed {
    pub expr: Expr,
    /// How many slots its absolute paths use.
    pub slots: usize,
}

pub(super) fn parse(text: &str) -> Result<Parsed, XPathError> {
    let mut parser = Parser { tokens: lex(text)?, at: 0, end: text.len(), slots: 0, depth: 0 };
    let expr = parser.expr()?;
    match parser.peek() {
        None => Ok(Parsed { expr, slots: parser.slots }),
        Some(token) => parser.error(format!("unexpected {}", describe(token))),
    }
}

/// The operators of each precedence, loosest first.
const LEVELS: [&[(Token, Operator)]; 6] = [
    &[(Token::Operator("or"), Operator::Or)],
    &[(Token::Operator("and"), Operator::And)],
    &[(Token::Sign("="), Operator::Equal), (Token::Sign("!="), Operator::NotEqual)],
    &[
        (Token::Sign("<"), Operator::Less),
        (Token::Sign("<="), Operator::LessEqual),
        (Token::Sign(">"), Operator::Greater),
        (Token::Sign(">="), Operator::GreaterEqual),
    ],
    &[(Token::Sign("+"), Operator::Add), (Token::Sign("-"), Operator::Subtract)],
    &[(Token::Operator("*"), Operator::Multiply), (Token::Operator("div"), Operator::Divide), (Token::Operator("mod"), Operator::Modulo)],
];

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    /// The length of the text.
    end: usize,
    slots: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn peek_second(&self) -> Option<&Token> {
        self.tokens.get(self.at + 1).map(|(token, _)| token)
    }

    fn is(&self, sign: &'static str) -> bool {
        self.peek() == Some(&Token::Sign(sign))
    }

    fn eat(&mut self, sign: &'static str) -> bool {
        let there = self.is(sign);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), XPathError> {
        if self.eat(sign) { Ok(()) } else { self.error(format!("expected `{sign}`, found {}", self.found())) }
    }

    fn found(&self) -> String {
        self.peek().map_or_else(|| "the end".to_owned(), describe)
    }

    /// An error at the current token.
    fn error<T>(&self, message: String) -> Result<T, XPathError> {
        let offset = self.tokens.get(self.at).map_or(self.end, |(_, offset)| *offset);
        Err(XPathError { offset, message })
    }

    /// Runs `work` one level deeper.
    fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, XPathError>) -> Result<T, XPathError> {
        if self.depth == MAX_DEPTH {
            return self.error(format!("expressions are nested at most {MAX_DEPTH} deep"));
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    fn expr(&mut self) -> Result<Expr, XPathError> {
        self.nested(|parser| parser.chain(0))
    }

    fn chain(&mut self, level: usize) -> Result<Expr, XPathError> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let first = self.chain(level + 1)?;
        let mut rest = Vec::new();
        while let Some((_, operator)) = self.peek().and_then(|token| operators.iter().find(|(other, _)| other == token)) {
            self.at += 1;
            rest.push((*operator, self.chain(level + 1)?));
        }
        Ok(if rest.is_empty() { first } else { Expr::Chain(Box::new(first), rest) })
    }

    fn unary(&mut self) -> Result<Expr, XPathError> {
        if self.eat("-") {
            return Ok(Expr::Negate(Box::new(self.nested(Self::unary)?)));
        }
        self.union()
    }

    fn union(&mut self) -> Result<Expr, XPathError> {
        let start = self.at;
        let mut parts = vec![self.path()?];
        while self.eat("|") {
            parts.push(self.path()?);
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => {
                parts.extend(last);
                self.require_nodes(&parts, start, "`|` joins nodes only")?;
                Ok(Expr::Union(parts))
            }
        }
    }

    fn require_nodes(&mut self, exprs: &[Expr], start: usize, message: &str) -> Result<(), XPathError> {
        if exprs.iter().all(|expr| expr.kind() == Kind::Nodes) {
            return Ok(());
        }
        self.at = start;
        self.error(message.to_owned())
    }

    fn path(&mut self) -> Result<Expr, XPathError> {
        if self.starts_primary() {
            return self.filtered();
        }
        let mut steps = Vec::new();
        let start = if self.eat("//") {
            steps.push(any_depth());
            self.steps(&mut steps)?;
            self.root()
        } else if self.eat("/") {
            if self.starts_step() {
                self.steps(&mut steps)?;
            }
            self.root()
        } else {
            self.steps(&mut steps)?;
            Start::Context
        };
        Ok(Expr::Path(Path { start, steps: merge(steps) }))
    }

    fn root(&mut self) -> Start {
        let slot = self.slots;
        self.slots += 1;
        Start::Root { slot }
    }

    fn starts_step(&self) -> bool {
        match self.peek() {
            Some(Token::Star | Token::Name(_)) => true,
            Some(Token::Sign(sign)) => matches!(*sign, "." | ".." | "@"),
            _ => false,
        }
    }

    /// A literal, a number, parentheses, or a call of a function that is no node test.
    fn starts_primary(&self) -> bool {
        match self.peek() {
            Some(Token::Literal(_) | Token::Number(_)) => true,
            Some(Token::Sign("(")) => true,
            Some(Token::Name(name)) => self.peek_second() == Some(&Token::Sign("(")) && node_type(name).is_none(),
            _ => false,
        }
    }

    fn filtered(&mut self) -> Result<Expr, XPathError> {
        let start = self.at;
        let primary = self.primary()?;
        let predicates = self.predicates()?;
        let mut steps = Vec::new();
        if self.eat("//") {
            steps.push(any_depth());
            self.steps(&mut steps)?;
        } else if self.eat("/") {
            self.steps(&mut steps)?;
        }
        if predicates.is_empty() && steps.is_empty() {
            return Ok(primary);
        }
        self.require_nodes(std::slice::from_ref(&primary), start, "predicates and steps need nodes before them")?;
        Ok(Expr::Path(Path { start: Start::Expr(Box::new(primary), predicates), steps: merge(steps) }))
    }

    fn primary(&mut self) -> Result<Expr, XPathError> {
        let token = self.peek().cloned();
        match token {
            Some(Token::Literal(text)) => {
                self.at += 1;
                Ok(Expr::Literal(text))
            }
            Some(Token::Number(number)) => {
                self.at += 1;
                Ok(Expr::Number(number))
            }
            Some(Token::Name(name)) => self.call(&name),
            _ => {
                self.expect("(")?;
                let expr = self.expr()?;
                self.expect(")")?;
                Ok(expr)
            }
        }
    }

    fn call(&mut self, name: &str) -> Result<Expr, XPathError> {
        let start = self.at;
        let Some(function) = Function::named(name) else { return self.error(format!("there is no function `{name}`")) };
        self.at += 1;
        self.expect("(")?;
        let mut args = Vec::new();
        if !self.eat(")") {
            loop {
                args.push(self.expr()?);
                if !self.eat(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        if let Err(message) = function.check(&args) {
            self.at = start;
            return self.error(message);
        }
        Ok(Expr::Call(function, args))
    }

    fn predicates(&mut self) -> Result<Vec<Predicate>, XPathError> {
        let mut predicates = Vec::new();
        while self.eat("[") {
            predicates.push(Predicate::new(self.expr()?));
            self.expect("]")?;
        }
        Ok(predicates)
    }

    /// One step, and those that follow it behind `/` or `//`.
    fn steps(&mut self, steps: &mut Vec<Step>) -> Result<(), XPathError> {
        loop {
            steps.push(self.step()?);
            if self.eat("//") {
                steps.push(any_depth());
            } else if !self.eat("/") {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Result<Step, XPathError> {
        if self.eat("..") {
            return Ok(Step { axis: Axis::Parent, test: Test::Node, predicates: Vec::new() });
        }
        if self.eat(".") {
            return Ok(Step { axis: Axis::SelfNode, test: Test::Node, predicates: Vec::new() });
        }
        let axis = self.axis()?;
        let test = self.test()?;
        Ok(Step { axis, test, predicates: self.predicates()? })
    }

    fn axis(&mut self) -> Result<Axis, XPathError> {
        if self.eat("@") {
            return Ok(Axis::Attribute);
        }
        let Some(Token::Name(name)) = self.peek() else { return Ok(Axis::Child) };
        if self.peek_second() != Some(&Token::Sign("::")) {
            return Ok(Axis::Child);
        }
        let Some(axis) = Axis::named(name) else { return self.error(format!("there is no axis `{name}`")) };
        self.at += 2;
        Ok(axis)
    }

    fn test(&mut self) -> Result<Test, XPathError> {
        let token = self.peek().cloned();
        match token {
            Some(Token::Star) => {
                self.at += 1;
                Ok(Test::Any)
            }
            Some(Token::Name(name)) => {
                if let Some(test) = node_type(&name).filter(|_| self.peek_second() == Some(&Token::Sign("("))) {
                    return self.node_type(test);
                }
                self.at += 1;
                let name = name.to_ascii_lowercase();
                Ok(if name.ends_with(":*") { Test::Prefix(name.trim_end_matches('*').to_owned()) } else { Test::Name(name) })
            }
            _ => self.error(format!("expected a step, found {}", self.found())),
        }
    }

    fn node_type(&mut self, test: Test) -> Result<Test, XPathError> {
        self.at += 2;
        if test == Test::Never && matches!(self.peek(), Some(Token::Literal(_))) {
            self.at += 1;
        }
        self.expect(")")?;
        Ok(test)
    }
}

fn node_type(name: &str) -> Option<Test> {
    Some(match name {
        "node" => Test::Node,
        "text" => Test::Text,
        "comment" => Test::Comment,
        "processing-instruction" => Test::Never,
        _ => return None,
    })
}

/// What `//` stands for.
fn any_depth() -> Step {
    Step { axis: Axis::DescendantOrSelf, test: Test::Node, predicates: Vec::new() }
}

/// Makes `//name` one step along the descendant axis, which gives the same nodes unless positions are asked for. Steps to `.` go away.
fn merge(steps: Vec<Step>) -> Vec<Step> {
    let mut merged: Vec<Step> = Vec::with_capacity(steps.len());
    for mut step in steps {
        let any_depth =
            merged.last().is_some_and(|last| last.axis == Axis::DescendantOrSelf && last.test == Test::Node && last.predicates.is_empty());
        if any_depth && step.axis == Axis::Child && !step.is_positional() {
            merged.pop();
            step.axis = Axis::Descendant;
        }
        if step.axis != Axis::SelfNode || step.test != Test::Node || !step.predicates.is_empty() {
            merged.push(step);
        }
    }
    merged
}

fn describe(token: &Token) -> String {
    match token {
        Token::Sign(text) | Token::Operator(text) => format!("`{text}`"),
        Token::Star => "`*`".to_owned(),
        Token::Name(name) => format!("`{name}`"),
        Token::Literal(text) => format!("the text \"{text}\""),
        Token::Number(number) => format!("the number {number}"),
    }
}
