//! Address lists: From, To, Cc, Bcc, Reply-To (RFC 5322 §3.4), with the tolerances of reference mdm.md §4.3.

use super::scan::{Scan, inside, without_comments};
use crate::mime::encoded_word;
use crate::text::collapse;
use mailhound_objects::{EmailAddress, Mailbox};
use mailhound_value::Limits;

/// The mailboxes of an unfolded header value, in order; at most `message.addresses`.
///
/// Names are decoded; a name in a comment behind a bare address counts. A group gives its members, an empty group one mailbox with the
/// group's name and no address. Text without an address gives a mailbox whose `email.email` is empty. Also accepted: semicolons between
/// addresses, missing closing quotes and brackets, unquoted phrases.
pub fn parse_list(text: &str, limits: &Limits) -> Vec<Mailbox> {
    let scan = Scan::new(text);
    let mut list = List { scan: &scan, mailboxes: Vec::new(), start: 0, group: None, max: limits.message_addresses };
    list.read();
    list.mailboxes
}

/// The first address of a value that should hold one; `None` when there is none.
pub fn parse_single(text: &str) -> Option<EmailAddress> {
    let limits = Limits { message_addresses: 10, ..Limits::default() };
    let address = written(text).or_else(|| {
        let mailboxes = parse_list(text, &limits).into_iter();
        mailboxes.map(|mailbox| mailbox.email).find(|address| !address.email.is_empty())
    })?;
    (!address.email.is_empty()).then_some(address)
}

struct List<'a> {
    scan: &'a Scan<'a>,
    mailboxes: Vec<Mailbox>,
    /// Where the item at hand begins.
    start: usize,
    /// The open group: its name, and how many mailboxes there were before it.
    group: Option<(String, usize)>,
    max: usize,
}

impl List<'_> {
    fn read(&mut self) {
        let bytes = self.scan.text.as_bytes();
        let last_semicolon = self.scan.text.rfind(';');
        let mut has_address = false; // an `@` or `<` in the item at hand: what follows is no group name
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.mailboxes.len() >= self.max {
                return;
            }
            if let Some(end) = self.scan.comment_end(at).or_else(|| self.scan.quote_end(at)).or_else(|| angle_end(self.scan, at)) {
                has_address |= byte == b'<';
                at = end;
                continue;
            }
            match byte {
                b'@' | b'<' => has_address = true,
                b',' | b';' => {
                    self.item(at);
                    has_address = false;
                    if byte == b';' {
                        self.end_group();
                    }
                }
                b':' if !has_address && self.group.is_none() && self.is_group(at, last_semicolon) => {
                    let name = self.scan.text.get(self.start..at).unwrap_or_default();
                    self.group = Some((phrase(name).unwrap_or_default(), self.mailboxes.len()));
                    self.start = at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        self.item(bytes.len());
        self.end_group();
    }

    /// A colon begins a group when a semicolon ends it or nothing follows. Otherwise it belongs to an unquoted name.
    fn is_group(&self, colon: usize, last_semicolon: Option<usize>) -> bool {
        last_semicolon.is_some_and(|end| end > colon) || self.scan.text.get(colon + 1..).is_some_and(|rest| rest.trim().is_empty())
    }

    fn item(&mut self, end: usize) {
        let item = self.scan.text.get(self.start..end).unwrap_or_default();
        self.start = end + 1;
        self.mailboxes.extend(mailbox(item));
    }

    fn end_group(&mut self) {
        let Some((name, before)) = self.group.take() else { return };
        if self.mailboxes.len() == before && !name.is_empty() {
            self.mailboxes.push(Mailbox { display_name: Some(name), email: EmailAddress::default() });
        }
    }
}

/// The place behind the `>` of the `<` at `at`. Commas inside are those of a route (`<@a,@b:c@d>`, RFC 5322 §4.4) or of an unclosed
/// bracket.
fn angle_end(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let bytes = scan.text.as_bytes();
    if bytes.get(at) != Some(&b'<') {
        return None;
    }
    let is_route = bytes.get(at + 1) == Some(&b'@');
    let mut at = at + 1;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'<' => return None,
            b',' | b';' if !is_route => return None,
            _ => at = scan.quote_end(at).unwrap_or(at + 1),
        }
    }
}

/// The mailbox in one item of a list; `None` for an empty item.
fn mailbox(item: &str) -> Option<Mailbox> {
    let item = item.trim();
    if item.is_empty() {
        return None;
    }
    let parts = Parts::of(item);
    let Some(address) = parts.angle else { return Some(without_brackets(&parts)) };
    let name = phrase(parts.before);
    // A route (`@a,@b:c@d`, RFC 5322 §4.4) is no part of the address.
    let address = if address.starts_with('@') { address.split_once(':').map_or(address, |(_, address)| address) } else { address };
    let email = written(address).or_else(|| first_address(address)).or_else(|| first_address(name.as_deref().unwrap_or_default()));
    let name = name.or_else(|| email.is_none().then(|| phrase(address)).flatten());
    Some(Mailbox { display_name: name, email: email.unwrap_or_default() })
}

/// An item such as `a@b`, `a@b (Name)`, `Name a@b` or `Name`.
fn without_brackets(parts: &Parts<'_>) -> Mailbox {
    let comment = || parts.comment.map(|text| collapse(&encoded_word::decode(text))).filter(|text| !text.is_empty());
    if let Some(email) = written(&parts.bare) {
        return Mailbox { display_name: comment(), email };
    }
    let name = phrase(&parts.bare);
    let decoded = name.as_deref().unwrap_or_default();
    let Some(email) = first_address(decoded) else {
        return Mailbox { display_name: name.or_else(comment), email: EmailAddress::default() };
    };
    let left = decoded.split_whitespace().take_while(|word| EmailAddress::parse(word).is_none()).collect::<Vec<_>>().join(" ");
    Mailbox { display_name: Some(left).filter(|left| !left.is_empty()), email }
}

/// The address that the whole text is. Comments may stand in it, and blanks around its dots and its at sign (RFC 5322 §3.2.2, §4.4).
fn written(text: &str) -> Option<EmailAddress> {
    if text.contains('(') {
        return EmailAddress::parse(&dense(&without_comments(text)));
    }
    EmailAddress::parse(text).or_else(|| EmailAddress::parse(&dense(text)))
}

/// Without the blanks around at signs, before dots, and around dots that stand alone; `Dr. ann@b` is a name and an address.
fn dense(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = "";
    for word in text.split_whitespace() {
        let touches = before.ends_with('@') || before == "." || word.starts_with(['.', '@']);
        if !out.is_empty() && !touches {
            out.push(' ');
        }
        out.push_str(word);
        before = word;
    }
    out
}

/// The first word with an address in it; what stands in angle brackets comes first.
fn first_address(text: &str) -> Option<EmailAddress> {
    if !text.contains('@') {
        return None;
    }
    let bracket = text.rsplit_once('<').map(|(_, rest)| rest.split('>').next().unwrap_or(rest));
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '(' | ')' | '"'));
    bracket.into_iter().chain(words).filter(|word| word.contains('@')).take(MAX_WORDS).find_map(EmailAddress::parse)
}

/// Words of one broken mailbox that are tried as an address.
const MAX_WORDS: usize = 100;

/// One item, taken apart.
struct Parts<'a> {
    /// What stands left of the address.
    before: &'a str,
    /// The inside of the last angle brackets, or what follows an unclosed one.
    angle: Option<&'a str>,
    /// The item without comments.
    bare: String,
    /// The inside of the last comment.
    comment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(item: &'a str) -> Self {
        let scan = Scan::new(item);
        let mut parts = Parts { before: item, angle: None, bare: String::with_capacity(item.len()), comment: None };
        let mut unclosed = None;
        let (mut at, mut start) = (0, 0);
        while at < item.len() {
            if let Some(end) = scan.comment_end(at) {
                parts.bare.push_str(item.get(start..at).unwrap_or_default());
                parts.comment = item.get(at..end).map(inside);
                (at, start) = (end, end);
            } else if let Some(end) = angle_end(&scan, at) {
                parts.before = item.get(..at).unwrap_or_default();
                parts.angle = item.get(at + 1..end - 1);
                at = end;
            } else {
                if item.as_bytes().get(at) == Some(&b'<') {
                    unclosed = Some(at);
                }
                at = scan.quote_end(at).unwrap_or(at + 1);
            }
        }
        parts.bare.push_str(item.get(start..).unwrap_or_default());
        if let (None, Some(at)) = (parts.angle, unclosed) {
            parts.before = item.get(..at).unwrap_or_default();
            parts.angle = item.get(at + 1..);
        }
        parts
    }
}

/// A name: quoted strings unescaped, comments left out, encoded words decoded, blanks collapsed. `None` when empty.
fn phrase(text: &str) -> Option<String> {
    let scan = Scan::new(text);
    let mut name = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if let Some(end) = scan.comment_end(at) {
            at = end;
        } else if let Some(end) = scan.quote_end(at) {
            unescape(text.get(at + 1..end - 1).unwrap_or_default(), &mut name);
            at = end;
        } else {
            name.extend(Some(c).filter(|&c| c != '"')); // a quote without its partner
            at += c.len_utf8();
        }
    }
    let name = collapse(&encoded_word::decode(&name));
    (!name.is_empty()).then_some(name)
}

/// The inside of a quoted string: a backslash stands for the character behind it (RFC 5322 §3.2.4).
fn unescape(text: &str, out: &mut String) {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::table;
    use mailhound_value::Limits;

    #[test]
    fn address_lists() {
        table(include_str!("../../testdata/address.test"), |text| {
            let mailboxes = super::parse_list(text, &Limits::default());
            let show = |mailbox: &mailhound_objects::Mailbox| {
                format!("{}|{}", mailbox.display_name.as_deref().unwrap_or("-"), mailbox.email.email)
            };
            mailboxes.iter().map(show).collect::<Vec<_>>().join(" ; ")
        });
    }

    #[test]
    fn addresses_over_the_limit_are_left_out() {
        let limits = Limits { message_addresses: 2, ..Limits::default() };
        assert_eq!(super::parse_list("a@b.c, d@e.f, g@h.i", &limits).len(), 2);
    }

    #[test]
    fn a_single_address_or_none() {
        let check = |text: &str| super::parse_single(text).map(|address| address.email);
        assert_eq!(check("<A@b.c>").as_deref(), Some("a@b.c"));
        assert_eq!(check("a@b.c").as_deref(), Some("a@b.c"));
        assert_eq!(check("x y <a@b.c>").as_deref(), Some("a@b.c"));
        assert_eq!(check("<a(x)@b.c>").as_deref(), Some("a@b.c"));
        assert_eq!(check("<>"), None);
        assert_eq!(check("MAILER-DAEMON"), None);
    }
}
