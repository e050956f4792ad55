//! YAML with places: just enough of a tree to read a rule file and to say where something stands.
//!
//! Anchors and aliases are refused: rule files have none, and an alias can blow a small file up to any size.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// A node and its first place.
#[derive(Debug)]
pub(crate) struct Node {
    pub kind: Kind,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// Line and column behind its last character.
    pub end: (usize, usize),
}

#[derive(Debug)]
pub(crate) enum Kind {
    Scalar {
        text: String,
        style: ScalarStyle,
    },
    /// Items that no rule needs one by one.
    List,
    Map(Vec<(Node, Node)>),
}

/// What is wrong with a YAML text, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

/// Nesting that is read; rule files nest three deep.
const MAX_DEPTH: usize = 64;

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// True for an empty or `null` scalar.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, style: ScalarStyle::Plain } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&[(Node, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }
}

/// Reads the first document of a text.
pub(crate) fn read(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { parser: Parser::new_from_str(text) };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (Event::StreamEnd, span) => return Err(fault("the file is empty", span)),
            (event, span) => {
                let root = reader.node(event, span, 0)?;
                return reader.end().map(|()| root);
            }
        }
    }
}

fn fault(message: &str, span: Span) -> Fault {
    Fault { message: message.to_owned(), line: span.start.line(), column: span.start.col() + 1 }
}

struct Reader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), Fault> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let marker = error.marker();
                Err(Fault { message: error.info().to_owned(), line: marker.line(), column: marker.col() + 1 })
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// Nothing may follow the first document.
    fn end(&mut self) -> Result<(), Fault> {
        loop {
            match self.next()? {
                (Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::StreamEnd, _) => return Ok(()),
                (_, span) => return Err(fault("a second document begins here; a rule file holds one", span)),
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Fault> {
        if depth > MAX_DEPTH {
            return Err(fault("nested too deeply", span));
        }
        let kind = match event {
            Event::Scalar(text, style, 0, _) => Kind::Scalar { text: text.into_owned(), style },
            Event::SequenceStart(0, _) => self.list(depth)?,
            Event::MappingStart(0, _) => Kind::Map(self.map(depth)?),
            Event::DocumentEnd | Event::StreamEnd => return Err(fault("the file holds nothing", span)),
            _ => return Err(fault("anchors and aliases are not read in rule files", span)),
        };
        let end = (span.end.line(), span.end.col() + 1);
        Ok(Node { kind, line: span.start.line(), column: span.start.col() + 1, end })
    }

    /// Reads a list to its end.
    fn list(&mut self, depth: usize) -> Result<Kind, Fault> {
        loop {
            match self.next()? {
                (Event::SequenceEnd | Event::StreamEnd, _) => return Ok(Kind::List),
                (event, span) => self.node(event, span, depth + 1)?,
            };
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, Fault> {
        let mut entries = Vec::new();
        loop {
            let key = match self.next()? {
                (Event::MappingEnd | Event::StreamEnd, _) => return Ok(entries),
                (event, span) => self.node(event, span, depth + 1)?,
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((key, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_places() {
        let root = read("a: 1\nsource: |\n  x\n  y\n").unwrap();
        let entries = root.entries().unwrap();
        assert_eq!((entries[0].1.line, entries[0].1.column), (1, 4));
        assert_eq!(entries[1].1.text(), Some("x\ny\n"));
        assert_eq!(entries[1].0.line, 2);
    }

    #[test]
    fn faults_have_a_place() {
        let fault = read("a: [1\nb: 2").unwrap_err();
        assert!(fault.line >= 1 && !fault.message.is_empty());
        assert!(read("").is_err());
        assert!(read("a: 1\n---\nb: 2\n").is_err());
        assert!(read("---\na: 1\n").is_ok());
        assert!(read("a: &x 1\nb: *x").is_err());
        assert!(read(&"[".repeat(10_000)).is_err());
    }
}
