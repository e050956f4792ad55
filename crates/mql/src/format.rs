//! Syntax tree to canonical text, in the layout of the public rules: one operand of `and`/`or` a line, arguments under one another.
//!
//! An expression without comments that fits on its line stays there. Literals are kept as written, comments stay before what they stand
//! before, single blank lines between operands stay.

use crate::ast::{Argument, Expr, Kind};
use crate::lex::Comment;
use crate::parse::Parsed;

/// Lines are broken to stay within this many columns where they can be.
const WIDTH: usize = 80;

/// Arguments are aligned under the first one up to this column; further right they go to a block of their own.
const MAX_ALIGNED: usize = 48;

/// The canonical text of a source that was parsed without errors; ends with a line feed.
pub fn format(source: &str, parsed: &Parsed) -> String {
    let mut printer = Printer { source, comments: &parsed.comments, out: String::new(), at: 0, fresh: true };
    printer.gap(parsed.expr.span.start as usize, 0);
    printer.expr(&parsed.expr, 0, 0);
    printer.comments_before(usize::MAX, 0);
    printer.out.push('\n');
    printer.out
}

struct Printer<'s> {
    source: &'s str,
    /// Comments that are not printed yet.
    comments: &'s [Comment],
    out: String,
    /// The place in the source up to which everything is printed.
    at: usize,
    /// True at the start of the text, where no line feed is due.
    fresh: bool,
}

impl Printer<'_> {
    fn column(&self) -> usize {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        line.chars().count()
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.fresh = false;
    }

    fn line(&mut self, indent: usize) {
        if !self.fresh {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.fresh = false;
    }

    fn blank_before(&self, offset: usize) -> bool {
        let between = self.source.get(self.at..offset).unwrap_or_default();
        between.bytes().filter(|byte| *byte == b'\n').count() > 1 && !self.fresh
    }

    /// Prints the comments before `offset`: those behind something on its line, the others on lines of their own.
    fn comments_before(&mut self, offset: usize, indent: usize) {
        while let Some((comment, rest)) = self.comments.split_first() {
            let start = comment.span.start as usize;
            if start >= offset {
                return;
            }
            self.comments = rest;
            if comment.own_line || self.fresh {
                if self.blank_before(start) {
                    self.out.push('\n');
                }
                self.line(indent);
            } else {
                self.write(" ");
            }
            self.write(&self.source[comment.span.range()]);
            self.at = comment.span.end as usize;
        }
    }

    /// Ends the line before what stands at `offset`; keeps one blank line.
    fn gap(&mut self, offset: usize, indent: usize) {
        self.comments_before(offset, indent);
        if self.blank_before(offset) {
            self.out.push('\n');
        }
        self.line(indent);
    }

    /// Ends the line behind an opening bracket; no blank line stays there.
    fn gap_open(&mut self, offset: usize, indent: usize) {
        let comment = self.comments.first().map_or(offset, |comment| comment.span.start as usize);
        self.at = self.at.max(comment.min(offset));
        self.gap(offset, indent);
    }

    fn has_comment(&self, expr: &Expr) -> bool {
        let (start, end) = (expr.span.start, expr.span.end);
        let first = self.comments.partition_point(|comment| comment.span.start < start);
        self.comments.get(first).is_some_and(|comment| comment.span.start < end)
    }

    /// Prints an expression at the current place; `indent` is where its further lines begin, `tail` how much must still fit behind it.
    fn expr(&mut self, expr: &Expr, indent: usize, tail: usize) {
        if !self.has_comment(expr) {
            let room = WIDTH.saturating_sub(self.column() + tail);
            let mut flat = String::new();
            if flatten(self.source, expr, &mut flat, room) {
                self.write(&flat);
                self.at = expr.span.end as usize;
                return;
            }
        }
        self.broken(expr, indent, tail);
        self.at = self.at.max(expr.span.end as usize);
    }

    fn broken(&mut self, expr: &Expr, indent: usize, tail: usize) {
        match &expr.kind {
            Kind::And(operands) => self.chain("and ", operands, indent),
            Kind::Or(operands) => self.chain("or ", operands, indent),
            Kind::Paren(inner) => {
                self.write("(");
                self.gap_open(inner.span.start as usize, indent + 2);
                self.expr(inner, indent + 2, 0);
                self.gap_close(expr, indent);
                self.write(")");
            }
            Kind::Not(inner) => self.prefixed("not ", inner, indent, tail),
            Kind::Neg(inner) => self.prefixed("-", inner, indent, tail),
            Kind::Call { name, args } => {
                self.write(&name.text);
                self.arguments(expr, args, indent);
            }
            Kind::Array(items) => self.block("[", items, "]", expr, indent),
            Kind::Of { count, clauses } => self.block(&format!("{count} of ("), clauses, ")", expr, indent),
            Kind::InTuple { item, tuple, negated, fold } => {
                self.expr(item, indent, 0);
                self.block(&format!(" {} (", membership(*negated, *fold)), tuple, ")", expr, indent);
            }
            Kind::InList { item, list, negated, fold } => {
                self.expr(item, indent, 0);
                self.prefixed(&format!(" {} ", membership(*negated, *fold)), list, indent, tail);
            }
            Kind::Binary { op, left, right } => {
                self.expr(left, indent, 0);
                self.prefixed(&format!(" {} ", op.text()), right, indent, tail);
            }
            Kind::Range { low, first, middle, second, high } => {
                self.expr(low, indent, 0);
                self.prefixed(&format!(" {} ", first.text()), middle, indent, 0);
                self.prefixed(&format!(" {} ", second.text()), high, indent, tail);
            }
            Kind::IsNull { value, negated } => {
                let words = if *negated { " is not null" } else { " is null" };
                self.expr(value, indent, words.len() + tail);
                self.write(words);
            }
            Kind::Field { base, name } => {
                self.expr(base, indent, name.text.len() + 1 + tail);
                self.write(".");
                self.write(&name.text);
            }
            Kind::Index { base, index } => {
                self.expr(base, indent, 0);
                self.prefixed("[", index, indent, 1 + tail);
                self.write("]");
            }
            Kind::Slice { base, start, end } => {
                self.expr(base, indent, 0);
                self.write("[");
                if let Some(start) = start {
                    self.expr(start, indent, 0);
                }
                self.write(":");
                if let Some(end) = end {
                    self.expr(end, indent, 0);
                }
                self.write("]");
            }
            _ => self.write(&self.source[expr.span.range()]),
        }
    }

    fn prefixed(&mut self, prefix: &str, inner: &Expr, indent: usize, tail: usize) {
        self.write(prefix);
        self.expr(inner, indent, tail);
    }

    fn chain(&mut self, joint: &str, operands: &[Expr], indent: usize) {
        for (idx, operand) in operands.iter().enumerate() {
            if idx > 0 {
                self.gap(operand.span.start as usize, indent);
                self.write(joint);
            }
            let nested = matches!(operand.kind, Kind::And(_) | Kind::Or(_));
            self.expr(operand, if nested { indent + 2 } else { indent }, 0);
        }
    }

    /// Ends the line before the closing bracket of `expr`.
    fn gap_close(&mut self, expr: &Expr, indent: usize) {
        self.comments_before(expr.span.end as usize, indent + 2);
        self.line(indent);
    }

    fn arguments(&mut self, expr: &Expr, args: &[Argument], indent: usize) {
        self.write("(");
        let aligned = self.column();
        let comment_first = self.comments.first().is_some_and(|comment| {
            args.first().is_some_and(|arg| comment.span.start < arg.value.span.start) && comment.span.start >= expr.span.start
        });
        let block = aligned > MAX_ALIGNED || comment_first;
        let inner = if block { indent + 2 } else { aligned };
        for (idx, arg) in args.iter().enumerate() {
            let start = arg.name.as_ref().map_or(arg.value.span, |name| name.span).start as usize;
            if idx > 0 {
                self.write(",");
                self.gap(start, inner);
            } else if block {
                self.gap_open(start, inner);
            }
            if let Some(name) = &arg.name {
                self.write(&name.text);
                self.write("=");
            }
            self.expr(&arg.value, inner, 1);
        }
        self.gap_close(expr, indent);
        self.write(")");
    }

    fn block(&mut self, open: &str, items: &[Expr], close: &str, expr: &Expr, indent: usize) {
        self.write(open);
        for (idx, item) in items.iter().enumerate() {
            if idx > 0 {
                self.write(",");
                self.gap(item.span.start as usize, indent + 2);
            } else {
                self.gap_open(item.span.start as usize, indent + 2);
            }
            self.expr(item, indent + 2, 1);
        }
        self.gap_close(expr, indent);
        self.write(close);
    }
}

fn membership(negated: bool, fold: bool) -> &'static str {
    match (negated, fold) {
        (false, false) => "in",
        (false, true) => "in~",
        (true, false) => "not in",
        (true, true) => "not in~",
    }
}

/// Writes the expression on one line; false when it needs more than `room` columns.
fn flatten(source: &str, expr: &Expr, out: &mut String, room: usize) -> bool {
    let mut flat = Flat { source, out, room };
    flat.expr(expr) && flat.fits()
}

struct Flat<'f> {
    source: &'f str,
    out: &'f mut String,
    room: usize,
}

impl Flat<'_> {
    fn fits(&self) -> bool {
        self.out.len() <= self.room || self.out.chars().count() <= self.room
    }

    fn put(&mut self, text: &str) -> bool {
        self.out.push_str(text);
        self.fits()
    }

    fn joined(&mut self, exprs: &[Expr], joint: &str) -> bool {
        exprs.iter().enumerate().all(|(idx, expr)| (idx == 0 || self.put(joint)) && self.expr(expr))
    }

    fn optional(&mut self, expr: Option<&Expr>) -> bool {
        expr.is_none_or(|expr| self.expr(expr))
    }

    fn expr(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            Kind::And(operands) => self.joined(operands, " and "),
            Kind::Or(operands) => self.joined(operands, " or "),
            Kind::Paren(inner) => self.put("(") && self.expr(inner) && self.put(")"),
            Kind::Not(inner) => self.put("not ") && self.expr(inner),
            Kind::Neg(inner) => self.put("-") && self.expr(inner),
            Kind::Call { name, args } => {
                self.put(&name.text)
                    && self.put("(")
                    && args.iter().enumerate().all(|(idx, arg)| {
                        (idx == 0 || self.put(", "))
                            && arg.name.as_ref().is_none_or(|name| self.put(&name.text) && self.put("="))
                            && self.expr(&arg.value)
                    })
                    && self.put(")")
            }
            Kind::Array(items) => self.put("[") && self.joined(items, ", ") && self.put("]"),
            Kind::Of { count, clauses } => self.put(&format!("{count} of (")) && self.joined(clauses, ", ") && self.put(")"),
            Kind::InTuple { item, tuple, negated, fold } => {
                self.expr(item) && self.put(&format!(" {} (", membership(*negated, *fold))) && self.joined(tuple, ", ") && self.put(")")
            }
            Kind::InList { item, list, negated, fold } => {
                self.expr(item) && self.put(&format!(" {} ", membership(*negated, *fold))) && self.expr(list)
            }
            Kind::Binary { op, left, right } => self.expr(left) && self.put(&format!(" {} ", op.text())) && self.expr(right),
            Kind::Range { low, first, middle, second, high } => {
                self.expr(low)
                    && self.put(&format!(" {} ", first.text()))
                    && self.expr(middle)
                    && self.put(&format!(" {} ", second.text()))
                    && self.expr(high)
            }
            Kind::IsNull { value, negated } => self.expr(value) && self.put(if *negated { " is not null" } else { " is null" }),
            Kind::Field { base, name } => self.expr(base) && self.put(".") && self.put(&name.text),
            Kind::Index { base, index } => self.expr(base) && self.put("[") && self.expr(index) && self.put("]"),
            Kind::Slice { base, start, end } => {
                self.expr(base)
                    && self.put("[")
                    && self.optional(start.as_deref())
                    && self.put(":")
                    && self.optional(end.as_deref())
                    && self.put("]")
            }
            _ => self.put(&self.source[expr.span.range()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn check(source: &str, expected: &str) {
        let parsed = parse(source);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let text = format(source, &parsed);
        assert_eq!(text, expected);
        let again = parse(&text);
        assert!(again.expr.same(&parsed.expr), "{text}");
        assert_eq!(format(&text, &again), text, "formatting is stable");
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        check("a   and( b or  c )", "a and (b or c)\n");
        check("f( 1,x=2 ,)", "f(1, x=2)\n");
        check("x   not   in~(\"a\",'b',)", "x not in~ (\"a\", 'b')\n");
    }

    #[test]
    fn long_chains_take_a_line_for_each_operand() {
        let long = "strings.icontains(subject.subject, \"a rather long phrase\")";
        check(
            &format!("type.inbound and {long} and ({long} or {long})"),
            &format!("type.inbound\nand {long}\nand (\n  {long}\n  or {long}\n)\n"),
        );
    }

    #[test]
    fn arguments_stand_under_one_another() {
        let phrase = "\"this is a phrase of some length\"";
        check(
            &format!("any(body.links, strings.icontains(.display_text, {phrase}, {phrase}))"),
            &format!(
                "any(body.links,\n    strings.icontains(.display_text,\n                      {phrase},\n                      {phrase}\n    )\n)\n"
            ),
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        check("// first\na // behind\n\n// before b\nand b\n// last", "// first\na // behind\n\n// before b\nand b\n// last\n");
        check("x in (\n // one\n 'a', // two\n 'b'\n // three\n)", "x in (\n  // one\n  'a', // two\n  'b'\n  // three\n)\n");
    }

    #[test]
    fn literals_are_kept_as_written() {
        check("\"\\u{200f}\" == 'it''s'", "\"\\u{200f}\" == 'it''s'\n");
        check("1.50 == 1.5", "1.50 == 1.5\n");
    }
}
