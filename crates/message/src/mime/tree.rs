//! The MIME tree as a list of leaves (RFC 2046 §5.1; reference mdm.md §2.3).
//!
//! One pass over the lines of the body with a stack of open multiparts. Attached messages are leaves. The cost is linear in the bytes,
//! whatever the nesting; depth and number of parts are bounded.

use super::block::{self, Field};
use super::content_type::{ContentType, Parameterized, token};
use super::transfer::Encoding;
use mailhound_value::Limits;
use memchr::memmem;
use std::borrow::Cow;
use std::collections::HashMap;

/// Header fields of one part that are read.
const MAX_PART_HEADERS: usize = 500;

/// Defects that are kept; a message with many wrong parts is not described more closely.
pub(crate) const MAX_DEFECTS: usize = 100;

/// A part that has no parts.
#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    /// Its media type.
    pub content_type: ContentType,
    /// Its disposition; the value is empty when there is none.
    pub disposition: Parameterized,
    /// Its Content-ID as written.
    pub content_id: Option<String>,
    /// Its transfer encoding as declared, trimmed, lower case.
    pub encoding: Option<String>,
    /// The multipart/mixed that holds it directly.
    pub mixed: Option<usize>,
    /// Its bytes, still transfer encoded.
    pub encoded: &'a [u8],
}

impl<'a> Leaf<'a> {
    /// The content after transfer decoding.
    pub fn content(&self) -> Cow<'a, [u8]> {
        Encoding::named(self.encoding.as_deref()).decode(self.encoded)
    }
}

/// What was wrong with the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// A multipart without a boundary parameter.
    NoBoundary,
    /// A multipart in which its boundary does not occur.
    NoParts,
    /// A multipart that does not end.
    NoEnd,
    /// A transfer encoding that no standard knows.
    UnknownEncoding(String),
    /// More parts than the limit allows.
    TooManyParts,
    /// Deeper nesting than the limit allows.
    TooDeep,
    /// Attachments hold more than the limit allows.
    TooLarge,
}

/// The leaves in the order of the bytes, and what was wrong.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    /// The leaves.
    pub leaves: Vec<Leaf<'a>>,
    /// All nodes, multiparts included, in the order of the bytes: depth and media type.
    pub outline: Vec<(usize, String)>,
    /// What was wrong, each kind once.
    pub defects: Vec<Defect>,
}

/// Reads the body that begins at `body`, under the header fields of the message.
pub(crate) fn walk<'a>(bytes: &'a [u8], fields: &[Field<'a>], body: usize, limits: &Limits) -> Tree<'a> {
    let mut walk = Walk {
        bytes,
        limits,
        dashes: memmem::Finder::new(b"\n--"),
        stack: Vec::new(),
        depths: HashMap::new(),
        current: None,
        multiparts: 0,
        tree: Tree::default(),
    };
    walk.open(fields, body);
    walk.lines(body);
    walk.finish(bytes.len(), false);
    walk.close_to(0, bytes.len(), false);
    walk.tree
}

struct Walk<'a, 'l> {
    bytes: &'a [u8],
    limits: &'l Limits,
    dashes: memmem::Finder<'static>,
    /// The open multiparts, outermost first.
    stack: Vec<Multipart>,
    /// Boundary to place in the stack; the inner one when two are the same.
    depths: HashMap<String, usize>,
    /// The part at hand and where its content begins; `None` before the first and behind the last part of a multipart.
    current: Option<(Leaf<'a>, usize)>,
    multiparts: usize,
    tree: Tree<'a>,
}

/// An open multipart.
struct Multipart {
    boundary: String,
    /// The place of an outer multipart with the same boundary.
    shadowed: Option<usize>,
    id: usize,
    mixed: bool,
    digest: bool,
    has_parts: bool,
    ended: bool,
    /// Its end had text behind it.
    may_go_on: bool,
    /// Where its body begins.
    body: usize,
    /// Its place in the outline.
    node: usize,
}

impl<'a> Walk<'a, '_> {
    /// Goes through the lines that could be delimiters.
    fn lines(&mut self, start: usize) {
        let mut pos = start;
        while let Some((at, line, next)) = self.dashed_line(pos) {
            pos = next;
            let Some((depth, last)) = self.delimiter(line) else { continue };
            self.finish(at, true);
            self.close_to(depth + 1, at, true);
            if last {
                let may_go_on = !line.trim_ascii_end().ends_with(b"--");
                self.stack.iter_mut().skip(depth).for_each(|multipart| (multipart.ended, multipart.may_go_on) = (true, may_go_on));
            } else if self.is_blank_from(next) {
                // The message was cut off here, or its last delimiter lacks the two dashes: nothing follows that could be a part.
                self.stack.iter_mut().skip(depth).for_each(|multipart| multipart.has_parts = true);
            } else {
                self.stack.iter_mut().skip(depth).for_each(|multipart| multipart.ended = false);
                pos = self.part(next);
            }
        }
    }

    /// The next line from `pos` on that begins with two dashes: where it begins, the line, where the next one begins.
    fn dashed_line(&self, pos: usize) -> Option<(usize, &'a [u8], usize)> {
        if self.stack.is_empty() {
            return None; // no delimiter can come
        }
        let rest = self.bytes.get(pos..)?;
        let at = if rest.starts_with(b"--") { pos } else { pos + self.dashes.find(rest)? + 1 };
        let (line, next) = block::line_at(self.bytes, at)?;
        Some((at, line, next))
    }

    /// True when nothing but white space follows from `pos` on.
    fn is_blank_from(&self, pos: usize) -> bool {
        self.bytes.get(pos..).unwrap_or_default().iter().all(u8::is_ascii_whitespace)
    }

    /// The open multipart whose delimiter the line is, and whether it ends that multipart.
    ///
    /// What follows the boundary behind white space does not count. RFC 2046 §5.1.1 would have all behind the boundary ignored, but then a
    /// boundary that begins like another one could not be told from it. A multipart whose end had text behind it goes on when its boundary
    /// comes again, so that such a line hides no parts.
    fn delimiter(&self, line: &[u8]) -> Option<(usize, bool)> {
        let line = std::str::from_utf8(line.strip_prefix(b"--")?).ok()?.trim_end();
        let open = |name: &str| {
            self.depths.get(name).copied().filter(|&depth| self.stack.get(depth).is_some_and(|part| !part.ended || part.may_go_on))
        };
        let find = |name: &str| match open(name) {
            Some(depth) => Some((depth, false)),
            None => open(name.strip_suffix("--")?.trim_end()).map(|depth| (depth, true)),
        };
        find(line).or_else(|| find(line.split_once(char::is_whitespace)?.0))
    }

    /// Reads the header of the part that begins at `start`; gives where its content begins.
    fn part(&mut self, start: usize) -> usize {
        if let Some(multipart) = self.stack.last_mut() {
            multipart.has_parts = true;
        }
        let header = block::parse(self.bytes, start, MAX_PART_HEADERS, |line| self.delimiter(line).is_some());
        self.open(&header.fields, header.body);
        header.body
    }

    /// Begins the part of these fields.
    fn open(&mut self, fields: &[Field<'a>], body: usize) {
        if self.tree.leaves.len() + self.stack.len() >= self.limits.message_parts {
            self.defect(Defect::TooManyParts);
            return;
        }
        let value = |name: &str| fields.iter().find(|field| field.is(name)).map(Field::unfolded);
        let default = if self.stack.last().is_some_and(|multipart| multipart.digest) { "message/rfc822" } else { "text/plain" };
        let mut content_type = ContentType::parse(value("Content-Type").as_deref(), default);
        if content_type.is("multipart") {
            if self.multipart(&content_type, body) {
                return;
            }
            content_type = ContentType::parse(None, "text/plain");
        }
        let disposition = value("Content-Disposition").map(|value| Parameterized::parse(&value)).unwrap_or_default();
        let encoding = value("Content-Transfer-Encoding").map(|value| token(&value));
        if let Some(name) = encoding.as_ref().filter(|name| Encoding::named(Some(name)) == Encoding::Unknown) {
            self.defect(Defect::UnknownEncoding(name.clone()));
        }
        self.tree.outline.push((self.stack.len(), content_type.media.clone()));
        let leaf = Leaf { content_type, disposition, content_id: value("Content-ID"), encoding, mixed: self.mixed(), encoded: &[] };
        self.current = Some((leaf, body));
    }

    /// The multipart/mixed that a part opened now stands in directly.
    fn mixed(&self) -> Option<usize> {
        self.stack.last().filter(|multipart| multipart.mixed).map(|multipart| multipart.id)
    }

    /// Opens a multipart; false when it has to be read as text.
    fn multipart(&mut self, content_type: &ContentType, body: usize) -> bool {
        let boundary = content_type.parameters.get("boundary").unwrap_or_default().trim_end().to_owned();
        if boundary.is_empty() {
            self.defect(Defect::NoBoundary);
            return false;
        }
        if self.stack.len() >= self.limits.message_depth {
            self.defect(Defect::TooDeep);
            return false;
        }
        let shadowed = self.depths.insert(boundary.clone(), self.stack.len());
        self.multiparts += 1;
        self.tree.outline.push((self.stack.len(), content_type.media.clone()));
        self.stack.push(Multipart {
            boundary,
            shadowed,
            id: self.multiparts,
            mixed: content_type.media == "multipart/mixed",
            digest: content_type.media == "multipart/digest",
            has_parts: false,
            ended: false,
            may_go_on: false,
            body,
            node: self.tree.outline.len() - 1,
        });
        true
    }

    /// Ends the part at hand at `at`. The line break before a delimiter belongs to the delimiter.
    fn finish(&mut self, at: usize, at_delimiter: bool) {
        let Some((leaf, start)) = self.current.take() else { return };
        let content = self.bytes.get(start..at).unwrap_or_default();
        let encoded = if at_delimiter { strip_line_end(content) } else { content };
        self.tree.leaves.push(Leaf { encoded, ..leaf });
    }

    /// Closes open multiparts at `at` until `len` are left. One that turned out to have no parts is read as text.
    fn close_to(&mut self, len: usize, at: usize, at_delimiter: bool) {
        while self.stack.len() > len {
            let Some(multipart) = self.stack.pop() else { return };
            match multipart.shadowed {
                Some(outer) => self.depths.insert(multipart.boundary, outer),
                None => self.depths.remove(&multipart.boundary),
            };
            if !multipart.has_parts {
                self.defect(Defect::NoParts);
                let content = self.bytes.get(multipart.body..at).unwrap_or_default();
                let encoded = if at_delimiter { strip_line_end(content) } else { content };
                let (mixed, text) = (self.mixed(), Leaf::text());
                if let Some((_, media)) = self.tree.outline.get_mut(multipart.node) {
                    media.clone_from(&text.content_type.media);
                }
                self.tree.leaves.push(Leaf { mixed, encoded, ..text });
            } else if !multipart.ended {
                self.defect(Defect::NoEnd);
            }
        }
    }

    fn defect(&mut self, defect: Defect) {
        if !self.tree.defects.contains(&defect) && self.tree.defects.len() < MAX_DEFECTS {
            self.tree.defects.push(defect);
        }
    }
}

impl Leaf<'_> {
    /// An empty plain-text part without header.
    fn text() -> Self {
        Leaf {
            content_type: ContentType::parse(None, "text/plain"),
            disposition: Parameterized::default(),
            content_id: None,
            encoding: None,
            mixed: None,
            encoded: &[],
        }
    }
}

fn strip_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

#[cfg(test)]
mod tests;
