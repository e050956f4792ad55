//! Mail addresses (mdm.md §4.2) and mailboxes (§4.3). Header syntax is the message crate's; here an address is already alone.

use crate::Domain;
use mailhound_value::object;

object! {
    /// An addr-spec
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EmailAddress {
        /// Whole address, lower case; empty string when no address could be read.
        email: String,
        /// Part left of the last @, lower case.
        local_part: Option<String>,
        /// Part right of the last @.
        domain: Domain,
    }
}

object! {
    /// Display name plus address
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Mailbox {
        /// Decoded phrase, null when the header had none.
        display_name: Option<String>,
        /// The address.
        email: EmailAddress,
    }
}

/// Longest text that is read as an address, in bytes; RFC 5321 §4.5.3.1 allows 64 + 1 + 255.
const MAX_ADDRESS: usize = 2048;

impl EmailAddress {
    /// The address in `text`, which may stand in brackets, quotes or blanks and may begin with `mailto:`.
    ///
    /// `None` when there is no `@` with text on both sides, or blanks stand inside (outside a quoted local part).
    pub fn parse(text: &str) -> Option<EmailAddress> {
        let bare = strip(text);
        if bare.len() > MAX_ADDRESS {
            return None;
        }
        let (local, domain) = bare.rsplit_once('@')?;
        let (local, domain) = (local.trim_end(), domain.trim_start().trim_end_matches('.'));
        let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        let has_blank = |text: &str| text.contains(|c: char| c.is_whitespace() || c.is_control());
        if local.is_empty()
            || domain.is_empty()
            || has_blank(domain)
            || (!quoted && has_blank(local))
            || domain.contains(['<', '>', ',', ';', '"'])
        {
            return None;
        }
        let local = local.to_lowercase();
        Some(EmailAddress { email: format!("{local}@{}", domain.to_lowercase()), local_part: Some(local), domain: Domain::parse(domain) })
    }
}

/// What mail programs write before an address: that of links, and Exchange's word for the kind of an address.
const SCHEMES: [&str; 2] = ["mailto:", "smtp:"];

/// Without blanks, brackets, a `mailto:` and quotes around the whole.
fn strip(text: &str) -> &str {
    let mut bare = text.trim();
    // Each turn takes something away; three levels (`"'<a@b>'"`) cover what mail programs write.
    for _ in 0..4 {
        let inner = pair(bare, '<', '>').or_else(|| pair(bare, '"', '"')).or_else(|| pair(bare, '\'', '\''));
        // Outlook writes `Jane Doe [mailto:jane@example.com]`; a host in brackets has no at sign.
        let inner = inner.or_else(|| pair(bare, '[', ']').filter(|inner| inner.contains('@'))).unwrap_or(bare);
        let scheme = SCHEMES.iter().find(|scheme| inner.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
        let inner = scheme.and_then(|scheme| inner.get(scheme.len()..)).unwrap_or(inner).trim();
        if inner.len() == bare.len() {
            break;
        }
        bare = inner;
    }
    bare
}

fn pair(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(EmailAddress::parse(text).map(|address| address.email).as_deref(), expected, "{text}");
    }

    #[test]
    fn an_address_is_lower_case_and_bare() {
        check("Ian@SublimeSecurity.com", Some("ian@sublimesecurity.com"));
        check(" <Bob+tag@Mail.Example.com> ", Some("bob+tag@mail.example.com"));
        check("'a@b.example'", Some("a@b.example"));
        check("[mailto:a@b.example]", Some("a@b.example"));
        check("[SMTP:a@b.example]", Some("a@b.example"));
        check("mailto:a@b.example", Some("a@b.example"));
        check("\"john doe\"@b.example", Some("\"john doe\"@b.example"));
        check("SRS0=x=y=a.example=u@b.example", Some("srs0=x=y=a.example=u@b.example"));
        check("a@[192.0.2.1]", Some("a@[192.0.2.1]"));
        check("foo@WIN-bar", Some("foo@win-bar"));
    }

    #[test]
    fn other_text_is_no_address() {
        for text in ["nope", "", "@", "a@", "@b.example", "undisclosed", "see a@b", "a@b c", "<>"] {
            check(text, None);
        }
    }

    #[test]
    fn the_last_at_sign_divides() {
        let address = EmailAddress::parse("a@b@Example.com").unwrap();
        assert_eq!((address.local_part.as_deref(), address.domain.domain.as_str()), (Some("a@b"), "example.com"));
    }

    #[test]
    fn no_address_is_empty_and_not_valid() {
        let none = EmailAddress::default();
        assert_eq!((none.email.as_str(), none.domain.valid), ("", false));
    }
}
