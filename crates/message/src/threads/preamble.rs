//! What the lines above a quote tell: author, date, addressees, subject (reference mdm.md §14.1 and §14.4).

use super::dates;
use super::quotes::{Key, header_line};
use crate::headers::address;
use crate::model::{Recipients, Subject};
use mailhound_objects::{EmailAddress, Mailbox};
use mailhound_value::Limits;

/// What a preamble tells.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) author: Option<Mailbox>,
    /// RFC 3339 in UTC.
    pub(super) date: Option<String>,
    pub(super) recipients: Recipients,
    /// There was a line for addressees.
    pub(super) has_recipients: bool,
    pub(super) subject: Option<Subject>,
    has_date_line: bool,
}

impl Head {
    /// True for a complete header block: the author's address and a date, a subject or addressees.
    pub(super) fn is_whole(&self) -> bool {
        let has_author = self.author.as_ref().is_some_and(|author| !author.email.email.is_empty());
        has_author && (self.has_date_line || self.subject.is_some() || self.has_recipients)
    }
}

/// Reads the lines of a preamble.
pub(super) fn parse(preamble: &str, limits: &Limits) -> Head {
    let mut head = Head::default();
    for (key, value) in fields(preamble) {
        match key {
            Key::Author if head.author.is_none() => head.author = Some(mailbox(&value)).filter(|author| *author != Mailbox::default()),
            Key::Date if !head.has_date_line => {
                head.has_date_line = !value.is_empty();
                head.date = dates::parse(&value);
            }
            Key::To => head.add(|recipients| &mut recipients.to.items, &value, limits),
            Key::Cc => head.add(|recipients| &mut recipients.cc.items, &value, limits),
            Key::Bcc => head.add(|recipients| &mut recipients.bcc.items, &value, limits),
            Key::Subject if head.subject.is_none() => head.subject = Some(Subject::parse(&value)),
            _ => {}
        }
    }
    if head.author.is_none() {
        head.attribute(preamble);
    }
    head
}

impl Head {
    fn add(&mut self, list: fn(&mut Recipients) -> &mut Vec<Mailbox>, value: &str, limits: &Limits) {
        self.has_recipients = true;
        list(&mut self.recipients).extend(mailboxes(value, limits));
    }

    /// `On DATE, NAME <address> wrote:` and its like.
    fn attribute(&mut self, preamble: &str) {
        let line = preamble.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.trim_start_matches(['>', ' ']).trim_end_matches([':', '：', ' ']);
        let Some(said) = VERBS.iter().find_map(|verb| line.find(verb).map(|at| (&line[..at], &line[at + verb.len()..]))) else {
            return self.attribute_without_verb(line);
        };
        let (before, after) = said;
        // German and Dutch put the author behind the verb, or the date.
        let (date, author) = match (dates::split(before), dates::split(after)) {
            ((None, author), (Some(date), _)) => (Some(date), author),
            ((date, author), _) => (date, if after.trim().is_empty() { author } else { after }),
        };
        let author = author.trim().trim_start_matches(['.', ',', '-', ' ']);
        self.author = Some(mailbox(author)).filter(|author| *author != Mailbox::default());
        self.date = date.and_then(dates::parse);
        self.has_date_line = date.is_some();
    }

    fn attribute_without_verb(&mut self, line: &str) {
        if !line.contains('@') {
            return;
        }
        let (date, author) = dates::split(line);
        self.author = Some(mailbox(author.trim_start_matches([',', ' ']))).filter(|author| !author.email.email.is_empty());
        self.date = date.and_then(dates::parse);
        self.has_date_line = date.is_some();
    }
}

/// The word for writing in attributions; what stands before it holds date and author.
const VERBS: &[&str] = &[
    " wrote",
    " writes",
    " schrieb",
    " a écrit",
    " a ecrit",
    " escribió",
    " escribio",
    " ha scritto",
    " escreveu",
    " schreef",
    " skrev",
    " pisze",
    "写道",
];

/// Keys and values; lines without a key go on with the value above, an empty value is found on the next line.
fn fields(preamble: &str) -> Vec<(Key, String)> {
    let mut fields: Vec<(Key, String)> = Vec::new();
    for line in preamble.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']).trim()) {
        match (header_line(line), fields.last_mut()) {
            (Some((key, value)), _) => fields.push((key, value.to_owned())),
            (None, Some((_, value))) if !line.is_empty() => {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(line);
            }
            _ => {}
        }
    }
    fields
}

/// A list of addressees. Outlook puts semicolons between them and leaves commas inside names alone.
fn mailboxes(value: &str, limits: &Limits) -> Vec<Mailbox> {
    if value.contains(';') {
        let parts = value.split(';').map(str::trim).filter(|part| !part.is_empty());
        return parts.take(limits.message_addresses).map(mailbox).collect();
    }
    if value.matches('@').count() <= 1 && value.contains(['<', '[', '@']) {
        return vec![mailbox(value)];
    }
    address::parse_list(&without_mailto(value), limits)
}

/// One mailbox: `Name <a@b>`, `Name [mailto:a@b]`, `a@b`, `Name`. A name alone leaves the address empty.
pub(super) fn mailbox(text: &str) -> Mailbox {
    let text = without_mailto(text);
    let text = text.trim();
    // `a@b.example<mailto:a@b.example>` is how Outlook writes a link as text.
    let angle = text.rfind('<').map(|open| (&text[..open], text[open + 1..].split('>').next().unwrap_or_default()));
    let Some((name, inner)) = angle else {
        return match EmailAddress::parse(text) {
            Some(email) => Mailbox { display_name: None, email },
            None => bare(text),
        };
    };
    match EmailAddress::parse(inner) {
        Some(email) => {
            let name = real_author(name);
            Mailbox { display_name: display_name(name).filter(|name| *name != email.email), email }
        }
        None => bare(text),
    }
}

/// The name next to the address: `A <a@b> on behalf of B` is B, and `a@b<mailto:a@b>` has no other name.
fn real_author(names: &str) -> &str {
    let (first, last) = (names.split('<').next().unwrap_or_default(), names.rsplit('>').next().unwrap_or_default().trim());
    ON_BEHALF.iter().find_map(|words| last.strip_prefix(words)).map_or(first, str::trim)
}

/// What Outlook puts between the program that sent and the author it sent for.
const ON_BEHALF: &[&str] =
    &["on behalf of ", "em nome de ", "im Auftrag von ", "en nombre de ", "de la part de ", "per conto di ", "namens "];

/// A name, or a name with an address among its words.
fn bare(text: &str) -> Mailbox {
    let found = text.split([' ', '(', ')', '<', '>', ',', '"']).find_map(|word| EmailAddress::parse(word).map(|email| (word, email)));
    match found {
        Some((word, email)) => Mailbox { display_name: display_name(&text.replace(word, "")), email },
        None => Mailbox { display_name: display_name(text), email: EmailAddress::default() },
    }
}

fn display_name(text: &str) -> Option<String> {
    let name = text.trim().trim_matches(['"', '\'', '*', '“', '”', '(', ')', '<', '>']).trim();
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// `[mailto:a@b]` and `<mailto:a@b>` as `<a@b>`.
fn without_mailto(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("[mailto:") {
        plain.push_str(&rest[..at]);
        let inner = &rest[at + 8..];
        let end = inner.find(']').unwrap_or(inner.len());
        plain.push('<');
        plain.push_str(&inner[..end]);
        plain.push('>');
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}
