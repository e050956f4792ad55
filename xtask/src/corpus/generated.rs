//! Rules made of pieces of the public feed, put together by chance: conditions, and loops with the bodies that loops over the same list have.

use super::files;
use anyhow::Result;
use mailhound_engine::{Builder, RuleSet};
use mailhound_mql::ast::{Expr, Kind};
use mailhound_mql::parse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Levels of operators in one rule.
const DEPTH: u32 = 3;

/// What rules are made of.
#[derive(Default)]
struct Pieces {
    /// Conditions that read no item of a loop.
    conditions: BTreeSet<String>,
    /// For each list the conditions on one item of it.
    loops: BTreeMap<String, BTreeSet<String>>,
}

/// A set of `count` rules; some that do not compile are left out.
pub fn rules(shared: &Path, seed: u64, count: usize) -> Result<RuleSet> {
    let mut pieces = Pieces::default();
    for folder in super::walker::FEED {
        for path in files(&shared.join("corpus/rules/sublime").join(folder)) {
            let name = path.display().to_string();
            if let Some(source) = mailhound_engine::source(&name, &String::from_utf8_lossy(&std::fs::read(&path)?)) {
                let expr = parse(&source).expr;
                match &expr.kind {
                    // The value of an insight is seldom a condition.
                    Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Of { .. } => pieces.conditions(&expr, &source),
                    _ => pieces.loops(&expr, &source),
                }
            }
        }
    }
    let mut chance = Chance { pieces, state: seed.max(1) };
    let mut builder = Builder::new(super::walker::settings());
    for number in 0..count {
        let source = chance.condition(DEPTH).replace('\n', "\n  ");
        builder.add_mql(&format!("generated {seed:x}/{number}"), &format!("name: generated\ntype: rule\nsource: |\n  {source}\n"));
    }
    Ok(builder.build())
}

impl Pieces {
    /// The operands of logic in a rule, down to what is no logic.
    fn conditions(&mut self, expr: &Expr, source: &str) {
        match &expr.kind {
            Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Paren(_) | Kind::Of { .. } => {
                expr.children().into_iter().for_each(|operand| self.conditions(operand, source));
            }
            _ => {
                self.conditions.insert(source[expr.span.range()].to_owned());
                self.loops(expr, source);
            }
        }
    }

    /// The loops over lists that read no item of another loop.
    fn loops(&mut self, expr: &Expr, source: &str) {
        if let Kind::Call { name, args } = &expr.kind
            && let ("any" | "all" | "filter", [list, body]) = (&*name.text, args.as_slice())
            && !reads_items(&list.value, 1)
        {
            let list = source[list.value.span.range()].to_owned();
            self.bodies(&list, &body.value, source);
        }
        expr.children().into_iter().for_each(|child| self.loops(child, source));
    }

    fn bodies(&mut self, list: &str, body: &Expr, source: &str) {
        match &body.kind {
            Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Paren(_) => {
                body.children().into_iter().for_each(|operand| self.bodies(list, operand, source));
            }
            _ if reads_items(body, 2) => {}
            _ => {
                self.loops.entry(list.to_owned()).or_default().insert(source[body.span.range()].to_owned());
            }
        }
    }
}

/// Does an expression read the item of a loop `dots - 1` loops around it, or of one further out? Loops inside it are not told apart.
fn reads_items(expr: &Expr, dots: usize) -> bool {
    matches!(&expr.kind, Kind::Scope { dots: read, .. } if *read >= dots)
        || expr.children().into_iter().any(|child| reads_items(child, dots))
}

/// Puts pieces together; the same seed gives the same rules (xorshift).
struct Chance {
    pieces: Pieces,
    state: u64,
}

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 16) as usize % bound.max(1)
    }

    fn condition(&mut self, depth: u32) -> String {
        if depth == 0 {
            return self.piece();
        }
        match self.below(8) {
            0 | 1 => self.joined(" and ", |chance| chance.condition(depth - 1)),
            2 | 3 => self.joined(" or ", |chance| chance.condition(depth - 1)),
            4 => format!("not ({}\n)", self.condition(depth - 1)),
            5 => {
                let (count, clauses) = (1 + self.below(2), self.joined(", ", |chance| chance.condition(depth - 1)));
                format!("{count} of ({clauses})")
            }
            6 => self.a_loop(),
            _ => self.piece(),
        }
    }

    fn piece(&mut self) -> String {
        let number = self.below(self.pieces.conditions.len());
        self.pieces.conditions.iter().nth(number).cloned().unwrap_or_default()
    }

    fn a_loop(&mut self) -> String {
        let number = self.below(self.pieces.loops.len());
        let (list, bodies) = self.pieces.loops.iter().nth(number).map(|(list, bodies)| (list.clone(), bodies.clone())).unwrap_or_default();
        let operator = [" and ", " or ", " and not "][self.below(3)];
        let body = self.joined(operator, |chance| {
            let number = chance.below(bodies.len());
            bodies.iter().nth(number).cloned().unwrap_or_default()
        });
        match self.below(4) {
            0 => format!("all({list}, {body})"),
            1 => format!("length(filter({list}, {body})) > {}", self.below(3)),
            _ => format!("any({list}, {body})"),
        }
    }

    /// Two to four of them. A piece may end in a comment, so that a line ends behind it.
    fn joined(&mut self, by: &str, mut make: impl FnMut(&mut Chance) -> String) -> String {
        let count = 2 + self.below(3);
        (0..count).map(|_| format!("({}\n)", make(self))).collect::<Vec<_>>().join(by)
    }
}
