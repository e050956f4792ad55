//! One message against what another program says of it.

use super::expected::{Address, Content, Expected, Node, Sorted};
use base64::Engine as _;
use mailhound_message::{Attachment, Message, Options, outline, parse};
use mailhound_objects::Mailbox;
use mailhound_value::Limits;

/// One compared value of a case.
pub struct Compared {
    /// Its name: `subject`, `to`, `tree`, …; values of attached messages begin with `message/`.
    pub name: String,
    /// What differs; `None` when both agree.
    pub difference: Option<String>,
    /// Both sides say that there is none.
    pub is_absent: bool,
}

/// Compares all that is said of the message, attached messages included.
pub fn compare(expected: &Expected, bytes: &[u8]) -> Vec<Compared> {
    let mut comparison = Comparison { values: Vec::new(), prefix: String::new() };
    comparison.message(expected, bytes);
    comparison.values
}

struct Comparison {
    values: Vec<Compared>,
    prefix: String,
}

impl Comparison {
    /// Notes one value; both sides are shown when they differ.
    fn value<T: Default + PartialEq + std::fmt::Debug>(&mut self, name: &str, expected: T, found: T) {
        let difference = (expected != found).then(|| format!("expected {}, found {}", short(&expected), short(&found)));
        let is_absent = expected == T::default() && found == T::default();
        self.values.push(Compared { name: format!("{}{name}", self.prefix), difference, is_absent });
    }

    /// U+FFFD stands for a byte that the other program could not read; where the model has a character for it, both agree.
    fn text(&mut self, name: &str, mut expected: Option<String>, found: Option<String>) {
        if let (Some(expected), Some(found)) = (&mut expected, &found) {
            let is_same = expected.chars().count() == found.chars().count()
                && expected.chars().zip(found.chars()).all(|(expected, found)| expected == found || expected == '\u{fffd}');
            if is_same {
                expected.clone_from(found);
            }
        }
        self.value(name, expected, found);
    }

    fn message(&mut self, expected: &Expected, bytes: &[u8]) {
        // Nested: no holding mailbox, which the model would put into an empty Bcc.
        let message = parse(bytes, &Options { is_nested: true, ..Options::default() });
        self.header(expected, &message);
        let Some(root) = &expected.root else { return };
        self.value("tree", show_tree(&root.outline()), show_tree(&outline(bytes, &Limits::default())));
        let sorted = root.sorted();
        let mut nodes = [&sorted.plain, &sorted.html, &sorted.attachments].into_iter().flatten();
        if nodes.any(|node| node.file_name.is_some() || !matches!(node.content, Content::Unknown)) {
            self.contents(&sorted, &message);
        }
    }

    fn contents(&mut self, sorted: &Sorted<'_>, message: &Message) {
        self.text("body.plain", joined(&sorted.plain), message.body.plain.as_ref().map(|body| lines(&body.raw)));
        self.text("body.html", joined(&sorted.html), message.body.html.as_ref().map(|body| lines(&body.raw)));
        self.attachments(&sorted.attachments, message);
    }

    fn header(&mut self, expected: &Expected, message: &Message) {
        if let Some(subject) = &expected.subject {
            self.value("subject", squeeze(subject), squeeze(message.subject.subject.as_deref().unwrap_or_default()));
        }
        for (field, expected) in &expected.mailboxes {
            let from: Vec<_> = message.headers.from.iter().cloned().collect();
            let (expected, found): (_, &[Mailbox]) = match *field {
                "from" => (expected.get(..1).unwrap_or_default(), &from),
                "to" => (expected.as_slice(), &message.recipients.to),
                "cc" => (expected.as_slice(), &message.recipients.cc),
                "bcc" => (expected.as_slice(), &message.recipients.bcc),
                _ => (expected.as_slice(), &message.headers.reply_to),
            };
            let found: Vec<_> = found.iter().map(show_mailbox).collect();
            let expected = expected.iter().enumerate().map(|(idx, address)| show_expected(address, found.get(idx)));
            self.value(field, expected.collect::<Vec<_>>(), found);
        }
        if let Some(date) = expected.date {
            let found = message.headers.date.as_deref().and_then(|date| chrono::DateTime::parse_from_rfc3339(date).ok());
            self.value("date", date, found.map(|date| date.timestamp()));
        }
        if let Some(fields) = &expected.fields {
            self.fields(fields, message);
        }
    }

    /// Field by field, topmost first; a value with encoded words, which this form keeps as written, counts by its name only.
    fn fields(&mut self, expected: &[(String, String)], message: &Message) {
        let mut fields: Vec<_> = message.headers.hops.iter().flat_map(|hop| hop.fields.iter()).collect();
        fields.sort_by_key(|field| std::cmp::Reverse(field.position));
        for idx in 0..expected.len().max(fields.len()) {
            let is_encoded = expected.get(idx).is_some_and(|(_, value)| value.contains("=?"));
            let show = |name: &str, value: &str| if is_encoded { format!("{name}: …") } else { format!("{name}: {}", squeeze(value)) };
            let found = fields.get(idx).map(|field| show(&field.name, &field.value));
            self.value("field", expected.get(idx).map(|(name, value)| show(name, value)), found);
        }
    }

    fn attachments(&mut self, expected: &[&Node], message: &Message) {
        let show = |media: Vec<&str>| media.join(", ");
        let found = message.attachments.iter().map(|it| it.content_type.as_deref().unwrap_or_default()).collect();
        self.value("attachments", show(expected.iter().map(|node| node.media.as_str()).collect()), show(found));
        if expected.len() != message.attachments.len() {
            return;
        }
        for (node, found) in expected.iter().zip(message.attachments.iter()) {
            if let Some(name) = &node.file_name {
                self.value("file_name", squeeze(name), squeeze(found.file_name.as_deref().unwrap_or_default()));
            }
            match &node.content {
                Content::Text(text) => self.text("content", Some(lines(text)), Some(lines(&decoded(found.bytes(), node)))),
                Content::Bytes(bytes) => self.bytes(node, bytes, found),
                Content::Message(nested) => {
                    self.prefix.push_str("message/");
                    self.message(nested, found.bytes());
                    self.prefix.truncate(self.prefix.len() - "message/".len());
                }
                Content::Unknown | Content::Parts(_) => {}
            }
        }
    }

    /// Bytes are compared as they are; those of a text without regard to the form of its line ends.
    fn bytes(&mut self, node: &Node, expected: &[u8], found: &Attachment) {
        let is_text = node.media.starts_with("text/");
        let [expected, found] = [expected, found.bytes()].map(|bytes| if is_text { line_feeds(bytes) } else { bytes.to_vec() });
        let at = expected.iter().zip(&found).take_while(|(expected, found)| expected == found).count();
        let show = |bytes: &[u8]| {
            (bytes.len(), String::from_utf8_lossy(bytes.get(at..bytes.len().min(at + 100)).unwrap_or_default()).into_owned())
        };
        let difference = (expected != found).then(|| format!("from byte {at} on expected {:?}, found {:?}", show(&expected), show(&found)));
        self.values.push(Compared { name: format!("{}content", self.prefix), difference, is_absent: false });
    }
}

/// The text of a body: its parts, each on a line of its own (mdm.md §2.3).
fn joined(nodes: &[&Node]) -> Option<String> {
    let texts = nodes.iter().map(|node| match &node.content {
        Content::Text(text) => lines(text),
        Content::Bytes(bytes) => lines(&decoded(bytes, node)),
        _ => String::new(),
    });
    (!nodes.is_empty()).then(|| texts.collect::<Vec<_>>().join("\n"))
}

/// The text of bytes in the character set of a part. Character sets are decoded by a message made for it, as no corpus is about them.
fn decoded(bytes: &[u8], node: &Node) -> String {
    let charset = node.charset.as_deref().map(|charset| format!("; charset=\"{charset}\"")).unwrap_or_default();
    let content = base64::engine::general_purpose::STANDARD.encode(bytes);
    let media = if node.media == "text/html" { "text/html" } else { "text/plain" };
    let made = format!("Content-Type: {media}{charset}\nContent-Transfer-Encoding: base64\n\n{content}\n");
    let body = parse(made.as_bytes(), &Options::default()).body;
    body.html.map(|html| html.raw).or_else(|| body.plain.map(|plain| plain.raw)).unwrap_or_default()
}

/// The model writes addresses in lower case and leaves out what is none; such text is the name (mdm.md §1, §4.2). mail-parser writes the
/// comments around an address into the name, `Jane (the boss)`; a comment is no part of it (RFC 5322 §3.4): the name without it agrees, too.
fn show_expected(address: &Address, found: Option<&String>) -> String {
    let is_address = address.email.contains('@');
    let name = squeeze(if is_address || !address.name.is_empty() { &address.name } else { &address.email });
    let email = if is_address { address.email.to_lowercase() } else { String::new() };
    let without_comments = name.split_once(" (").map(|(name, _)| format!("{name} <{email}>"));
    without_comments.filter(|shown| Some(shown) == found).unwrap_or_else(|| format!("{name} <{email}>"))
}

fn show_mailbox(mailbox: &Mailbox) -> String {
    format!("{} <{}>", squeeze(mailbox.display_name.as_deref().unwrap_or_default()), mailbox.email.email)
}

fn show_tree(outline: &[(usize, String)]) -> String {
    outline.iter().map(|(depth, media)| format!("{}{media}", "> ".repeat(*depth))).collect::<Vec<_>>().join(" | ")
}

/// Line ends as line feeds.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (idx, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(idx + 1) != Some(&b'\n') {
            out.push(byte);
        }
    }
    out
}

/// Runs of white space as one blank, ends trimmed.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn short(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "From: Ann <ann@a.example>\nTo: b@b.example\nSubject: Hello\nDate: Mon, 1 Jan 2024 00:00:10 +0000\n\
        Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHi\n--x\nContent-Type: image/png; name=a.png\n\
        Content-Transfer-Encoding: base64\n\naGk=\n--x\nContent-Type: message/rfc822\n\nSubject: Inner\n\nDeep\n--x--\n";

    /// What a right reading of the message gives, and the names of what then differs after a change.
    fn check(change: impl Fn(&mut Expected), different: &[&str]) {
        let address = |name: &str, email: &str| vec![Address { name: name.to_owned(), email: email.to_owned() }];
        let leaf = |media: &str, content| Node { media: media.to_owned(), content, ..Node::default() };
        let text = |text: &str| leaf("text/plain", Content::Text(text.to_owned()));
        let inner = Expected { subject: Some("Inner".to_owned()), root: Some(text("Deep")), ..Expected::default() };
        let picture = Node { is_file: true, file_name: Some("a.png".to_owned()), ..leaf("image/png", Content::Bytes(b"hi".to_vec())) };
        let parts = vec![text("Hi"), picture, leaf("message/rfc822", Content::Message(Box::new(inner)))];
        let mut expected = Expected {
            subject: Some("Hello".to_owned()),
            mailboxes: vec![("from", address("Ann", "Ann@A.example")), ("to", address("", "b@b.example")), ("cc", Vec::new())],
            date: Some(Some(1_704_067_210)),
            fields: None,
            root: Some(leaf("multipart/mixed", Content::Parts(parts))),
        };
        change(&mut expected);
        let compared = compare(&expected, MESSAGE.as_bytes());
        let found: Vec<_> = compared.iter().filter(|value| value.difference.is_some()).map(|value| value.name.as_str()).collect();
        assert_eq!(found, different);
    }

    fn root(expected: &mut Expected) -> &mut Node {
        expected.root.as_mut().expect("the expectation has a tree")
    }

    fn part(expected: &mut Expected, idx: usize) -> &mut Node {
        let Content::Parts(parts) = &mut root(expected).content else { unreachable!("the root has parts") };
        &mut parts[idx]
    }

    #[test]
    fn every_difference_is_seen() {
        check(|_| {}, &[]);
        check(|it| it.subject = Some("hello".to_owned()), &["subject"]);
        check(|it| it.mailboxes[0].1[0].name.push('e'), &["from"]);
        check(|it| it.mailboxes[2].1.push(Address::default()), &["cc"]);
        check(|it| it.date = Some(None), &["date"]);
        check(|it| root(it).media = "multipart/related".to_owned(), &["tree"]);
        check(|it| part(it, 0).content = Content::Text("Ho".to_owned()), &["body.plain"]);
        check(|it| part(it, 0).content = Content::Text("H\u{fffd}".to_owned()), &[]);
        check(|it| part(it, 1).content = Content::Bytes(b"ho".to_vec()), &["content"]);
        check(|it| part(it, 1).file_name = Some("b.png".to_owned()), &["file_name"]);
        check(|it| part(it, 2).media = "image/gif".to_owned(), &["tree", "attachments"]);
        let inner = |change: fn(&mut Expected)| {
            move |it: &mut Expected| {
                let Content::Message(inner) = &mut part(it, 2).content else { unreachable!("the third part is a message") };
                change(inner);
            }
        };
        check(inner(|it| it.subject = None), &[]);
        check(inner(|it| it.subject = Some(String::new())), &["message/subject"]);
        check(inner(|it| root(it).content = Content::Text("Deeper".to_owned())), &["message/body.plain"]);
    }
}
