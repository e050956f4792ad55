//! Where public keys come from: a file of them, else a resolver, if there is one.

use super::key::Key;
use super::report::{Fault, Outcome};
use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Public keys by name, read from a text file.
///
/// Each line is the name of a key and its record as DNS has them, `SELECTOR._domainkey.DOMAIN v=DKIM1; k=rsa; p=…`; lines of a zone file or
/// of `dig` (`NAME 3600 IN TXT "v=DKIM1; " "p=…"`, with brackets over several lines) are read too. Empty lines and lines that begin with `#`
/// or `;` are passed over.
#[derive(Debug, Default)]
pub struct Keys(HashMap<String, Result<Key, String>>);

/// A line of a file of keys that cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// Something that answers questions for TXT records.
pub trait Resolve {
    /// The TXT records of a name without its last dot, each joined from its pieces. It answers within this time.
    ///
    /// # Errors
    /// There is none, or it could not be found out.
    fn txt(&self, name: &str, within: Duration) -> Result<Vec<String>, Unresolved>;
}

/// Why there is no TXT record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// There is none: the name does not exist, or has no such record.
    NoRecord,
    /// It could not be found out, and why.
    Failed(String),
}

impl Keys {
    /// Reads a file of keys.
    ///
    /// # Errors
    /// The first line that is none of the forms, that names no key, that names one a second time, or whose key cannot be read. A revoked key
    /// (`p=` empty) is read.
    pub fn parse(text: &str) -> Result<Self, BadLine> {
        let mut keys = Keys::default();
        let mut first = HashMap::new();
        let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().zip(1..);
        while let Some((text, line)) = lines.next() {
            let text = text.trim();
            if text.is_empty() || text.starts_with(['#', ';']) {
                continue;
            }
            let bad = |reason: String| BadLine { line, reason };
            let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            let name = key_name(name).map_err(bad)?;
            let record = record(rest, &mut || lines.next().map(|(text, _)| text)).map_err(bad)?;
            let key = Key::parse(&record);
            if let Err(reason) = &key
                && !is_revoked(&record)
            {
                return Err(bad(reason.clone()));
            }
            if let Some(before) = first.insert(name.clone(), line) {
                return Err(bad(format!("`{name}` stands already in line {before}")));
            }
            keys.0.insert(name, key);
        }
        Ok(keys)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Checks a name and brings it into the form in which keys are looked up.
fn key_name(text: &str) -> Result<String, String> {
    let name = text.trim_end_matches('.').to_lowercase();
    match name.split_once("._domainkey.") {
        Some((selector, domain)) if !selector.is_empty() && !domain.is_empty() => Ok(name),
        _ => Err(format!("`{text}` is not the name of a key, SELECTOR._domainkey.DOMAIN")),
    }
}

fn is_revoked(record: &str) -> bool {
    super::tags::Tags::parse(record).is_ok_and(|tags| tags.compact("p").is_some_and(|key| key.is_empty()))
}

/// The record behind a name. `more` gives the lines that follow, for a record in brackets.
fn record<'t>(text: &'t str, more: &mut dyn FnMut() -> Option<&'t str>) -> Result<String, String> {
    let text = without_type(text.trim());
    if text.is_empty() {
        return Err("there is no record behind the name".to_owned());
    }
    let Some(text) = text.strip_prefix('(') else {
        return if text.starts_with('"') { Ok(quoted(text)?.0) } else { Ok(text.to_owned()) };
    };
    let (mut record, mut is_closed) = quoted(text)?;
    while !is_closed {
        let (piece, closed) = quoted(more().ok_or("the bracket is not closed")?)?;
        record.push_str(&piece);
        is_closed = closed;
    }
    Ok(record)
}

/// Passes over `3600 IN TXT`.
fn without_type(text: &str) -> &str {
    let mut rest = text;
    while let Some((word, after)) = rest.split_once(|c: char| c.is_whitespace() || c == '"' || c == '(') {
        let after = rest.get(word.len()..).map_or(after, str::trim_start);
        if word.eq_ignore_ascii_case("TXT") {
            return after;
        }
        let is_seconds = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_seconds && !word.eq_ignore_ascii_case("IN") {
            break;
        }
        rest = after;
    }
    text
}

/// The texts in quotes on a line, joined, and whether a closing bracket follows them. A `;` outside quotes begins a comment.
fn quoted(line: &str) -> Result<(String, bool), String> {
    let mut text = String::new();
    let mut is_inside = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => is_inside = !is_inside,
            '\\' if is_inside => text.extend(chars.next()),
            c if is_inside => text.push(c),
            ')' => return Ok((text, true)),
            ';' => break,
            c if c.is_whitespace() => {}
            _ => return Err("text outside the quotes".to_owned()),
        }
    }
    if is_inside { Err("a quote is not closed".to_owned()) } else { Ok((text, false)) }
}

/// A key that was found, and where.
pub(super) type Found = (Key, &'static str);

/// Looks keys up, and remembers what DNS said.
pub(super) struct Lookup {
    keys: Keys,
    dns: Option<Box<dyn Resolve>>,
    answers: RefCell<HashMap<String, Result<Key, Fault>>>,
}

/// Answers of DNS that are remembered; then the memory begins anew.
const ANSWERS: usize = 10_000;

impl Lookup {
    /// A look-up in these places.
    pub fn new(keys: Keys, dns: Option<Box<dyn Resolve>>) -> Self {
        Lookup { keys, dns, answers: RefCell::default() }
    }

    /// The key of a domain's selector. What DNS takes is counted against `left`, the time that one message has.
    pub fn find(&self, selector: &str, domain: &str, left: &mut Duration) -> Result<Found, Fault> {
        let name = dns_name(selector, domain)?;
        if let Some(key) = self.keys.0.get(&name) {
            return key.clone().map(|key| (key, "file")).map_err(Fault::permanent);
        }
        let Some(dns) = &self.dns else {
            return Err(Fault::unavailable(
                format!("the key {name} is not known: it is in no file of keys, and DNS is not allowed"),
                "dns",
            ));
        };
        if let Some(answer) = self.answers.borrow().get(&name) {
            return answer.clone().map(|key| (key, "dns"));
        }
        if left.is_zero() {
            return Err(Fault::new(Outcome::TempError, "the time for DNS look-ups of one message is used up"));
        }
        let begin = Instant::now();
        let answer = ask(dns.as_ref(), &name, *left);
        *left = left.saturating_sub(begin.elapsed());
        // What failed may succeed for the next message: one slow domain says nothing of others.
        if !answer.as_ref().is_err_and(|fault| fault.outcome == Outcome::TempError) {
            let mut answers = self.answers.borrow_mut();
            if answers.len() >= ANSWERS {
                answers.clear();
            }
            answers.insert(name, answer.clone());
        }
        answer.map(|key| (key, "dns"))
    }
}

/// One question. Of several records the first that is a key counts; RFC 6376 §3.6.2.2 leaves open which.
fn ask(dns: &dyn Resolve, name: &str, within: Duration) -> Result<Key, Fault> {
    let records = match dns.txt(name, within) {
        Ok(records) => records,
        Err(Unresolved::NoRecord) => return Err(Fault::permanent(format!("there is no key {name}"))),
        Err(Unresolved::Failed(why)) => return Err(Fault::new(Outcome::TempError, format!("no answer for the key {name}: {why}"))),
    };
    let mut parsed = records.iter().map(|record| Key::parse(record));
    let first = parsed.next().unwrap_or_else(|| Err(format!("there is no key {name}")));
    match first {
        Ok(key) => Ok(key),
        Err(reason) => parsed.find_map(Result::ok).ok_or_else(|| Fault::permanent(reason)),
    }
}

/// The name of a key as DNS has it: lower case, letters beyond ASCII encoded (RFC 8616 §5).
fn dns_name(selector: &str, domain: &str) -> Result<String, Fault> {
    let wrong = || Fault::permanent("`s=` and `d=` make no name of DNS");
    let name = format!("{}._domainkey.{}", selector.trim_end_matches('.'), domain.trim_end_matches('.'));
    let name = if name.is_ascii() { name.to_ascii_lowercase() } else { idna::domain_to_ascii(&name).map_err(|_| wrong())? };
    let is_label =
        |label: &str| (1..64).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if name.len() > 253 || !name.split('.').all(is_label) {
        return Err(wrong());
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{keys, rsa_record};
    use super::*;

    fn bad(text: &str) -> String {
        Keys::parse(text).expect_err(text).to_string()
    }

    #[test]
    fn all_forms_of_a_line_give_the_same_key() {
        let record = rsa_record();
        let (head, tail) = record.split_at(60);
        for line in [
            format!("S1._domainkey.Example.com.  {record}"),
            format!("s1._domainkey.example.com\t\"{head}\" \"{tail}\""),
            format!("s1._domainkey.example.com. 3600 IN TXT \"{head}\"\"{tail}\" ; a comment"),
            format!("s1._domainkey.example.com TXT {record}"),
            format!("s1._domainkey.example.com. in txt\t( \"{head}\"\n\t\"{tail}\" )  ; ----- DKIM key s1 for example.com"),
            format!("s1._domainkey.example.com. IN 300 TXT(\"{}\")", record.replace(';', "\\;")),
        ] {
            let keys = Keys::parse(&format!("\u{feff}# keys\n\n; more\r\n{line}\n")).unwrap_or_else(|error| panic!("{error} in {line}"));
            assert_eq!(keys.len(), 1);
            let key = keys.0.get("s1._domainkey.example.com").and_then(|key| key.as_ref().ok()).expect("the key");
            assert_eq!((key.kind(), key.bits()), ("rsa", 2048), "{line}");
        }
    }

    #[test]
    fn a_bad_line_is_named_with_its_reason() {
        let name = "a._domainkey.b.example";
        assert_eq!(bad("# x\nexample.com v=DKIM1; p=AA"), "line 2: `example.com` is not the name of a key, SELECTOR._domainkey.DOMAIN");
        assert_eq!(bad(name), "line 1: there is no record behind the name");
        assert_eq!(bad(&format!("{name} v=DKIM2; p=AA==")), "line 1: the version `DKIM2` is not DKIM1");
        assert_eq!(bad(&format!("{name} v=DKIM1; k=rsa")), "line 1: there is no `p=`, the key itself");
        assert_eq!(bad(&format!("{name} p=*")), "line 1: `p=` is not Base64");
        assert_eq!(bad(&format!("{name} p=AAAA")), "line 1: `p=` is no RSA key");
        assert_eq!(bad(&format!("{name} k=ed25519; p=AAAA")), "line 1: `p=` is no Ed25519 key of 32 bytes");
        assert_eq!(bad(&format!("{name} k=dsa; p=AAAA")), "line 1: the key type `dsa` is neither rsa nor ed25519");
        assert_eq!(bad(&format!("{name} TXT \"p=")), "line 1: a quote is not closed");
        assert_eq!(bad(&format!("{name} TXT \"p=\" x")), "line 1: text outside the quotes");
        assert_eq!(bad(&format!("{name} TXT ( \"p=\"\n")), "line 1: the bracket is not closed");
        assert_eq!(bad(&format!("{name} p=\n\nA._domainkey.b.example. p=")), format!("line 3: `{name}` stands already in line 1"));
    }

    #[test]
    fn a_name_of_dns_has_letters_digits_and_marks_only() {
        assert_eq!(dns_name("S1", "Example.COM.").as_deref(), Ok("s1._domainkey.example.com"));
        assert_eq!(dns_name("a.b", "bücher.example").as_deref(), Ok("a.b._domainkey.xn--bcher-kva.example"));
        let long = "x".repeat(64);
        for (selector, domain) in [("", "a.b"), ("s", ""), ("s", "a..b"), ("s", "a b"), ("s", "a/b"), ("s\0", "a.b"), ("s", long.as_str())]
        {
            assert_eq!(dns_name(selector, domain).map_err(|fault| fault.outcome), Err(Outcome::PermError), "{selector} {domain}");
        }
    }

    #[test]
    fn dns_is_asked_once_for_a_key() {
        struct Counting(std::rc::Rc<std::cell::Cell<usize>>);
        impl Resolve for Counting {
            fn txt(&self, name: &str, _within: Duration) -> Result<Vec<String>, Unresolved> {
                self.0.set(self.0.get() + 1);
                if name.starts_with("no.") { Err(Unresolved::NoRecord) } else { Ok(vec!["v=spf1".to_owned(), rsa_record().to_owned()]) }
            }
        }
        let count = std::rc::Rc::default();
        let lookup = Lookup::new(keys(), Some(Box::new(Counting(std::rc::Rc::clone(&count)))));
        let mut left = Duration::from_secs(1);
        for _ in 0..3 {
            assert_eq!(lookup.find("rsa", "test.example", &mut left).map(|(_, source)| source), Ok("file"));
            assert_eq!(
                lookup.find("x", "other.example", &mut left).map(|(_, source)| source),
                Ok("dns"),
                "the record that is a key counts"
            );
            assert_eq!(lookup.find("no", "other.example", &mut left).map_err(|fault| fault.outcome).err(), Some(Outcome::PermError));
        }
        assert_eq!(count.get(), 2);
        let mut none = Duration::ZERO;
        let fault = lookup.find("y", "other.example", &mut none).expect_err("there is no time");
        assert_eq!(fault.outcome, Outcome::TempError);
        assert_eq!(count.get(), 2, "without time nothing is asked");
    }
    #[test]
    fn the_time_for_dns_is_that_of_a_message_not_of_a_key() {
        struct Silent;
        impl Resolve for Silent {
            fn txt(&self, _name: &str, within: Duration) -> Result<Vec<String>, Unresolved> {
                std::thread::sleep(within);
                Err(Unresolved::Failed("silence".to_owned()))
            }
        }
        let lookup = Lookup::new(Keys::default(), Some(Box::new(Silent)));
        let mut left = Duration::from_millis(50);
        for (selector, reason) in [("a", "silence"), ("b", "used up"), ("c", "used up")] {
            let fault = lookup.find(selector, "b.example", &mut left).expect_err("nobody answers");
            assert!(fault.outcome == Outcome::TempError && fault.reason.contains(reason), "{fault:?}");
        }
    }
}
