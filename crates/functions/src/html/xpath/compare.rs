//! Arithmetic and comparison (XPath 1.0 §3.4 and §3.5).

use super::ast::Operator;
use super::document::NodeRef;
use super::eval::{Evaluator, Result};
use super::value::{Value, parse_number};
use std::collections::HashSet;

impl<'a> Evaluator<'a> {
    /// The value of a binary operation. `and` and `or` are not among them, they do not evaluate both sides.
    pub fn binary(&mut self, operator: Operator, left: &Value<'a>, right: &Value<'a>) -> Result<Value<'a>> {
        let arithmetic: fn(f64, f64) -> f64 = match operator {
            Operator::Add => |left, right| left + right,
            Operator::Subtract => |left, right| left - right,
            Operator::Multiply => |left, right| left * right,
            Operator::Divide => |left, right| left / right,
            // The remainder of truncating division (§3.5).
            Operator::Modulo => |left, right| left % right,
            _ => return Ok(Value::Boolean(self.compare(operator, left, right)?)),
        };
        Ok(Value::Number(arithmetic(self.read_number(left)?, self.read_number(right)?)))
    }

    /// Comparison (§3.4): of nodes it is true when it holds for some node.
    fn compare(&mut self, operator: Operator, left: &Value<'a>, right: &Value<'a>) -> Result<bool> {
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        match (left, right) {
            (Value::Boolean(_), _) | (_, Value::Boolean(_)) if equality => {
                Ok((left.to_boolean() == right.to_boolean()) == (operator == Operator::Equal))
            }
            (Value::Boolean(_), Value::Nodes(_)) | (Value::Nodes(_), Value::Boolean(_)) => {
                Ok(holds(operator, f64::from(u8::from(left.to_boolean())), f64::from(u8::from(right.to_boolean()))))
            }
            (Value::Nodes(left), Value::Nodes(right)) if equality => self.compare_texts(operator, left, right),
            (Value::Nodes(left), Value::Nodes(right)) => self.compare_extremes(operator, left, right),
            (Value::Nodes(nodes), other) => self.compare_nodes(operator, nodes, other, false),
            (other, Value::Nodes(nodes)) => self.compare_nodes(operator, nodes, other, true),
            (Value::String(left), Value::String(right)) if equality => {
                self.spend_text(left)?;
                Ok((left == right) == (operator == Operator::Equal))
            }
            _ => Ok(holds(operator, self.read_number(left)?, self.read_number(right)?)),
        }
    }

    /// Nodes against a number or a text; `swapped` when the nodes stand on the right.
    fn compare_nodes(&mut self, operator: Operator, nodes: &[NodeRef], other: &Value<'a>, swapped: bool) -> Result<bool> {
        let number = self.read_number(other)?;
        for node in nodes {
            let value = self.value_of(*node)?;
            let holds = match (operator, other) {
                (Operator::Equal, Value::String(text)) => value == text,
                (Operator::NotEqual, Value::String(text)) => value != text,
                _ if swapped => holds(operator, number, parse_number(value)),
                _ => holds(operator, parse_number(value), number),
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Is there a pair of nodes with the same text, or with different texts?
    fn compare_texts(&mut self, operator: Operator, left: &[NodeRef], right: &[NodeRef]) -> Result<bool> {
        let mut texts = HashSet::new();
        for node in left {
            let text = self.value_of(*node)?;
            texts.insert(text);
        }
        for node in right {
            let text = self.value_of(*node)?;
            let holds = match operator {
                Operator::Equal => texts.contains(text),
                // Some text on the left differs: there are two, or one that is another.
                _ => texts.len() > 1 || texts.iter().any(|other| *other != text),
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An order holds for some pair when it holds for the extremes.
    fn compare_extremes(&mut self, operator: Operator, left: &[NodeRef], right: &[NodeRef]) -> Result<bool> {
        let ((left_min, left_max), (right_min, right_max)) = (self.extremes(left)?, self.extremes(right)?);
        Ok(match operator {
            Operator::Less | Operator::LessEqual => holds(operator, left_min, right_max),
            _ => holds(operator, left_max, right_min),
        })
    }

    /// The least and the greatest number; NaN when there is none.
    fn extremes(&mut self, nodes: &[NodeRef]) -> Result<(f64, f64)> {
        let (mut min, mut max) = (f64::NAN, f64::NAN);
        for node in nodes {
            let value = self.value_of(*node)?;
            let number = parse_number(value);
            (min, max) = (min.min(number), max.max(number));
        }
        Ok((min, max))
    }
}

fn holds(operator: Operator, left: f64, right: f64) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        _ => false,
    }
}
