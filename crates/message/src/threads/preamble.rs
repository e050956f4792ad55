//! What the lines above a quote tell: author, date, addressees, subject (reference mdm.md §14.1 and §14.4).

use super::attribution;
use super::dates::{self, Order};
use super::keys::{Key, bare_line, has_name, header_line, is_blank, is_wrapped, named};
use super::markers::{Marker, marker};
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
    let (fields, said) = fields(preamble);
    let order = if fields.iter().any(|field| field.order == Order::DayFirst) { Order::DayFirst } else { Order::Unknown };
    for Field { key, value, .. } in fields {
        match key {
            Key::Author if head.author.is_none() => head.author = Some(mailbox(&value)).filter(|author| *author != Mailbox::default()),
            Key::Date if !head.has_date_line => {
                head.has_date_line = !value.is_empty();
                head.date = dates::parse(&value, order);
            }
            Key::To => head.add(|recipients| &mut recipients.to.items, &value, limits),
            Key::Cc => head.add(|recipients| &mut recipients.cc.items, &value, limits),
            Key::Bcc => head.add(|recipients| &mut recipients.bcc.items, &value, limits),
            Key::Subject if head.subject.is_none() => head.subject = Some(Subject::parse(&value)),
            _ => {}
        }
    }
    if head.author.is_none() {
        head.attribute(&said);
    }
    if let Some(date) = dated_heading(&said).filter(|_| !head.has_date_line) {
        head.date = dates::parse(date, Order::DayFirst);
        head.has_date_line = true;
    }
    head
}

/// The date that Orange writes above the header lines: `Message du 04/03/25 14:32`.
pub(super) fn dated_heading(text: &str) -> Option<&str> {
    text.trim().strip_prefix("Message du ").filter(|date| dates::find(date, Order::DayFirst).is_some_and(|found| found.range.start == 0))
}

/// True for the key that header lines without colons begin with.
pub(super) fn begins_bare(key: Key) -> bool {
    matches!(key, Key::Author | Key::Date)
}

impl Head {
    fn add(&mut self, list: fn(&mut Recipients) -> &mut Vec<Mailbox>, value: &str, limits: &Limits) {
        self.has_recipients = true;
        list(&mut self.recipients).extend(mailboxes(value, limits));
    }

    /// `On DATE, NAME <address> wrote:` and its like.
    fn attribute(&mut self, text: &str) {
        let Some(said) = attribution::read(text) else { return };
        self.author = Some(mailbox(&said.author)).filter(|author| *author != Mailbox::default());
        if !self.has_date_line {
            self.date = said.date;
            self.has_date_line = said.has_date;
        }
    }
}

/// A header line with all of its value.
struct Field {
    key: Key,
    order: Order,
    value: String,
}

/// The header lines, and what stands above them. Lines without a key go on with the value above, an empty value is found on the next line.
fn fields(preamble: &str) -> (Vec<Field>, String) {
    let mut fields: Vec<Field> = Vec::new();
    let mut above = String::new();
    let mut is_separated = false; // nothing stands above but a separator
    let mut is_bare = false; // the lines have no colons
    let mut last = ""; // the line above
    for line in preamble.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_matches(is_blank)) {
        if let Some(Marker::Begin { rest }) = marker(line).filter(|_| fields.is_empty()) {
            fields = run_together(rest);
            above.push_str(line);
            above.push(' ');
            is_separated = true;
        } else if let Some(found) = header_line(line) {
            fields.push(Field { key: found.key, order: found.order, value: found.value.to_owned() });
        } else if let Some(found) = bare_line(line).filter(|found| is_bare || (is_separated && fields.is_empty() && begins_bare(found.key)))
        {
            is_bare = true;
            fields.push(Field { key: found.key, order: found.order, value: found.value.to_owned() });
        } else if let Some((_, value)) = unknown(line).filter(|_| fields.last().is_some_and(|field| !field.goes_on(last, line))) {
            fields.push(Field { key: Key::Other, order: Order::Unknown, value: value.to_owned() });
        } else if let Some(Field { value, .. }) = fields.last_mut() {
            if !value.is_empty() && !line.is_empty() {
                value.push(' ');
            }
            value.push_str(line);
        } else {
            if is_separated && !line.is_empty() {
                above.clear();
                is_separated = false;
            }
            above.push_str(line);
            above.push(' ');
        }
        last = line;
    }
    (fields, above)
}

/// Name and value of a header line in a language that is not known.
fn unknown(line: &str) -> Option<(&str, &str)> {
    line.split_once([':', '：']).filter(|_| has_name(line))
}

impl Field {
    /// True when `line`, which looks like a header line, is the rest of this value: there is none yet, or it is long text.
    fn goes_on(&self, above: &str, line: &str) -> bool {
        self.value.is_empty() || (self.key == Key::Subject && is_wrapped(above, line))
    }
}

/// Bytes before a colon that may be a name.
const MAX_NAME: usize = 40;

/// Header lines without line ends between them, as Yahoo writes into plain text: `From: Bob <bob@example.com>To: Ann <ann@example.org>`.
fn run_together(text: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut from = 0;
    for (colon, sign) in text.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let Some((start, key, order)) = name_before(text, from, colon) else { continue };
        if let Some(last) = fields.last_mut() {
            text.get(from..start).unwrap_or_default().trim_matches(is_blank).clone_into(&mut last.value);
        }
        fields.push(Field { key, order, value: String::new() });
        from = colon + sign.len_utf8();
        if key == Key::Subject {
            break; // the last one; a subject may hold words that look like names
        }
    }
    if let Some(last) = fields.last_mut() {
        text.get(from..).unwrap_or_default().trim_matches(is_blank).clone_into(&mut last.value);
    }
    fields
}

/// The longest name that ends at `colon` and begins with a capital or at the start.
fn name_before(text: &str, from: usize, colon: usize) -> Option<(usize, Key, Order)> {
    let before = text.get(from..colon)?;
    let starts = before.char_indices().rev().take_while(|(at, _)| before.len() - at <= MAX_NAME);
    let starts: Vec<usize> = starts.filter(|(at, c)| *at == 0 || c.is_uppercase()).map(|(at, _)| at).collect();
    starts.into_iter().rev().find_map(|at| named(before.get(at..)?.trim_matches(is_blank)).map(|(key, order)| (from + at, key, order)))
}

/// A list of addressees. Outlook puts semicolons between them and leaves commas inside names alone.
fn mailboxes(value: &str, limits: &Limits) -> Vec<Mailbox> {
    if value.contains([';', '；']) {
        let parts = value.split([';', '；']).map(str::trim).filter(|part| !part.is_empty());
        return parts.take(limits.message_addresses).map(mailbox).collect();
    }
    if value.matches('@').count() <= 1 && value.contains(['<', '[', '@']) {
        return vec![mailbox(value)];
    }
    let list = address::parse_list(&without_mailto(value), limits).into_iter();
    list.map(|entry| Mailbox {
        display_name: entry.display_name.filter(|name| !name.trim_matches('\'').eq_ignore_ascii_case(&entry.email.email)),
        ..entry
    })
    .collect()
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
            let name = text.rsplit_once('>').and_then(|(_, last)| behalf(last)).unwrap_or_else(|| real_author(name));
            Mailbox { display_name: display_name(name).filter(|name| !name.eq_ignore_ascii_case(&email.email)), email }
        }
        None => bare(text),
    }
}

/// The name next to the address: `A <a@b> on behalf of B` is B, and `a@b<mailto:a@b>` has no other name.
fn real_author(names: &str) -> &str {
    let (first, last) = (names.split('<').next().unwrap_or_default(), names.rsplit('>').next().unwrap_or_default().trim());
    behalf(last).unwrap_or(first)
}

/// Who stands behind the words for on behalf of, in any letter case.
fn behalf(text: &str) -> Option<&str> {
    let text = text.trim();
    let split = |words: &&str| text.split_at_checked(words.len()).filter(|(head, _)| head.eq_ignore_ascii_case(words));
    ON_BEHALF.iter().find_map(split).map(|(_, name)| name.trim()).filter(|name| !name.is_empty())
}

/// True when an author's line says that it was sent for another one.
pub(super) fn names_behalf(text: &str) -> bool {
    let text = text.to_lowercase();
    ON_BEHALF.iter().any(|words| text.match_indices(&words.to_lowercase()).any(|(at, _)| text[..at].ends_with([' ', '>', ']'])))
}

/// What Outlook puts between the program that sent and the author it sent for.
const ON_BEHALF: &[&str] = &[
    "on behalf of ",
    "em nome de ",
    "im Auftrag von ",
    "en nombre de ",
    "de la part de ",
    "per conto di ",
    "namens ",
    "代表 ",
    "w imieniu ",
    "от имени ",
];

/// A name, or a name with an address among its words.
fn bare(text: &str) -> Mailbox {
    let found = text.split([' ', '(', ')', '<', '>', ',', '"']).find_map(|word| EmailAddress::parse(word).map(|email| (word, email)));
    match found {
        Some((word, email)) => Mailbox { display_name: display_name(&text.replace(word, "")), email },
        None => Mailbox { display_name: display_name(text), email: EmailAddress::default() },
    }
}

fn display_name(text: &str) -> Option<String> {
    let marks = |c: char| is_blank(c) || "\"*“”„«»<>".contains(c);
    let name = text.trim_matches(marks);
    let name = name.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\'')).unwrap_or(name);
    let name = name.trim_end_matches("()").trim_end_matches(['(', ' ']);
    // Brackets around the whole go, those of `Bob (Sales)` stay.
    let name = name.strip_prefix('(').map_or(name, |inner| inner.trim_end_matches(')')).trim_matches(marks);
    let name = if name.contains('(') { name } else { name.trim_end_matches(')').trim_matches(marks) };
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// `[mailto:a@b]` as `<a@b>`; `a@b<mailto:a@b>`, as Outlook writes a link as text, is `a@b`.
fn without_mailto(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) =
        rest.find("mailto:").and_then(|at| at.checked_sub(1)).filter(|at| matches!(rest.as_bytes().get(*at), Some(b'[' | b'<')))
    {
        plain.push_str(&rest[..at]);
        let inner = &rest[at + "<mailto:".len()..];
        let end = inner.find([']', '>']).unwrap_or(inner.len());
        let is_repeated =
            plain.len().checked_sub(end).and_then(|from| plain.get(from..)).is_some_and(|last| last.eq_ignore_ascii_case(&inner[..end]));
        if !is_repeated || end == 0 {
            plain.push('<');
            plain.push_str(&inner[..end]);
            plain.push('>');
        }
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}
