//! Calendar files (iCalendar, RFC 5545): `file.parse_ics`.
//!
//! Takes the bytes of a file and gives its calendars with their events as plain structs. The reader is tolerant: it looks for
//! `BEGIN:VCALENDAR` anywhere, takes any line break, forgives missing and stray `END` lines, and keeps properties that it does not know.

use crate::file::text::Encoding;
use mailhound_value::{Unavailable, fixed};

/// Properties of one file that are read; further ones are left out.
const MAX_PROPERTIES: usize = fixed::ICS_PROPERTIES.value;

/// The name of [`MAX_PROPERTIES`] in needs.
const LIMIT: &str = fixed::ICS_PROPERTIES.name;

/// What a calendar file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ics {
    /// The calendars in order; at least one.
    pub calendars: Vec<Calendar>,
    /// What hides the rest of the file; `None` when it was read to its end.
    pub rest: Option<Unavailable>,
}

/// One `VCALENDAR` (RFC 5545 §3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// `PRODID`: the program that wrote the calendar.
    pub product_id: Option<String>,
    /// `CALSCALE`, such as `GREGORIAN`.
    pub scale: Option<String>,
    /// `METHOD`, such as `REQUEST` (RFC 5546).
    pub method: Option<String>,
    /// The `VEVENT`s in order.
    pub events: Vec<Event>,
}

/// One `VEVENT` (RFC 5545 §3.6.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Every property of the event itself in order, without those of alarms inside.
    pub raw_properties: Vec<Property>,
    /// `SUMMARY`, unescaped.
    pub summary: Option<String>,
    /// `DESCRIPTION`, unescaped.
    pub description: Option<String>,
    /// The HTML description, unescaped: `X-ALT-DESC` as Outlook writes it, or `STYLED-DESCRIPTION` (RFC 9073 §6.5).
    pub description_html: Option<String>,
    /// `LOCATION`, unescaped.
    pub location: Option<String>,
    /// `URL`.
    pub url: Option<String>,
    /// `ATTACH` properties that are URIs, in order.
    pub attachments: Vec<String>,
}

/// One content line (RFC 5545 §3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property {
    /// The name in upper case, without parameters.
    pub key: String,
    /// Names (in upper case) and values of the parameters, quotes removed.
    pub params: Vec<(String, String)>,
    /// The value as it is written, unfolded and not unescaped.
    pub value: String,
}

/// The calendars of a file; `None` when there is no `BEGIN:VCALENDAR` line.
pub fn parse_ics(bytes: &[u8]) -> Option<Ics> {
    let text = decode(bytes);
    let mut reader = Reader::default();
    for (count, line) in text.split(['\r', '\n']).filter(|line| !line.is_empty()).enumerate() {
        if count == MAX_PROPERTIES {
            reader.ics.rest = Some(Unavailable::limit(LIMIT));
            break;
        }
        if let Some(property) = Property::parse(line) {
            reader.take(property);
        }
    }
    (!reader.ics.calendars.is_empty()).then_some(reader.ics)
}

/// The file as unfolded text: UTF-16 with a byte order mark, UTF-8, or else Windows-1252.
fn decode(bytes: &[u8]) -> String {
    let wide = match bytes {
        [0xff, 0xfe, ..] => Encoding::Utf16Le.decode(bytes),
        [0xfe, 0xff, ..] => Encoding::Utf16Be.decode(bytes),
        _ => None,
    };
    let unfolded = unfold(wide.as_deref().map_or(bytes, str::as_bytes));
    match Encoding::Utf8.decode(&unfolded) {
        Some(text) => text,
        None => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&unfolded).0.into_owned(),
    }
}

/// Joins folded lines: a line break and one space or tab behind it go away (RFC 5545 §3.1). Works on bytes, since a fold may stand inside
/// of a character.
fn unfold(bytes: &[u8]) -> Vec<u8> {
    let mut unfolded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'\r', b'\n', b' ' | b'\t', behind @ ..] | [b'\r' | b'\n', b' ' | b'\t', behind @ ..] => behind,
            [byte, behind @ ..] => {
                unfolded.push(*byte);
                behind
            }
            [] => return unfolded,
        };
    }
}

/// Gathers calendars from content lines.
#[derive(Default)]
struct Reader {
    ics: Ics,
    /// Names of the open components inside of the calendar, outermost first.
    open: Vec<String>,
    in_calendar: bool,
}

impl Reader {
    fn take(&mut self, property: Property) {
        match property.key.as_str() {
            "BEGIN" => self.begin(property.value.trim().to_ascii_uppercase()),
            "END" => self.end(&property.value.trim().to_ascii_uppercase()),
            _ if !self.in_calendar => {}
            _ => {
                let Some(calendar) = self.ics.calendars.last_mut() else { return };
                match self.open.as_slice() {
                    [] => calendar.take(property),
                    [only] if only == "VEVENT" => {
                        if let Some(event) = calendar.events.last_mut() {
                            event.take(property);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn begin(&mut self, name: String) {
        if name == "VCALENDAR" {
            self.ics.calendars.push(Calendar::default());
            self.open.clear();
            self.in_calendar = true;
            return;
        }
        let Some(calendar) = self.ics.calendars.last_mut().filter(|_| self.in_calendar) else { return };
        if name == "VEVENT" {
            // Events do not nest: one that begins inside of another component means that an END is missing.
            self.open.clear();
            calendar.events.push(Event::default());
        }
        self.open.push(name);
    }

    fn end(&mut self, name: &str) {
        if name == "VCALENDAR" {
            self.open.clear();
            self.in_calendar = false;
        } else if self.open.last().is_some_and(|last| last == name) {
            self.open.pop();
        } else if name == "VEVENT" {
            self.open.clear();
        }
    }
}

impl Calendar {
    fn take(&mut self, property: Property) {
        match property.key.as_str() {
            "PRODID" => set(&mut self.product_id, unescape(&property.value)),
            "CALSCALE" => set(&mut self.scale, property.value),
            "METHOD" => set(&mut self.method, property.value),
            _ => {}
        }
    }
}

impl Event {
    fn take(&mut self, property: Property) {
        match property.key.as_str() {
            "SUMMARY" => set(&mut self.summary, unescape(&property.value)),
            "DESCRIPTION" => set(&mut self.description, unescape(&property.value)),
            "LOCATION" => set(&mut self.location, unescape(&property.value)),
            "URL" => set(&mut self.url, property.value.trim().to_owned()),
            "X-ALT-DESC" | "STYLED-DESCRIPTION" if property.is_html() => set(&mut self.description_html, unescape(&property.value)),
            "ATTACH" if property.is_uri() => self.attachments.push(property.value.trim().to_owned()),
            _ => {}
        }
        self.raw_properties.push(property);
    }
}

/// The first of several properties of one name counts: RFC 5545 allows only one of each.
fn set(field: &mut Option<String>, value: String) {
    field.get_or_insert(value);
}

impl Property {
    /// Reads a content line: `name *(";" param) ":" value`. `None` when there is no name or no colon.
    fn parse(line: &str) -> Option<Property> {
        let name = line.find([';', ':'])?;
        let (key, mut rest) = line.split_at(name);
        let key = key.trim();
        if key.is_empty() {
            return None;
        }
        let mut params = Vec::new();
        while let Some(param) = rest.strip_prefix(';') {
            let end = param_end(param)?;
            let (param, behind) = param.split_at(end);
            let (name, value) = param.split_once('=').unwrap_or((param, ""));
            params.push((name.trim().to_ascii_uppercase(), value.replace('"', "")));
            rest = behind;
        }
        Some(Property { key: key.to_ascii_uppercase(), params, value: rest.strip_prefix(':')?.to_owned() })
    }

    /// The value of a parameter; the name is in upper case.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn is_html(&self) -> bool {
        self.param("FMTTYPE").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/html"))
    }

    /// `ATTACH` is a URI unless it says that it holds the bytes (RFC 5545 §3.8.1.1).
    fn is_uri(&self) -> bool {
        let binary = |name, value| self.param(name).is_some_and(|it: &str| it.trim().eq_ignore_ascii_case(value));
        !binary("VALUE", "BINARY") && !binary("ENCODING", "BASE64")
    }
}

/// Where a parameter ends: the first `;` or `:` outside of quotes. Quotes that are never closed count as ordinary characters.
fn param_end(param: &str) -> Option<usize> {
    let mut quoted = false;
    let end = param.find(|c| {
        quoted ^= c == '"';
        !quoted && (c == ';' || c == ':')
    });
    end.or_else(|| param.find([';', ':']))
}

/// Text without the escapes of RFC 5545 §3.3.11; a backslash before any other character stays.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let (c, len) = match escape.as_bytes().get(1) {
            Some(b'n' | b'N') => ('\n', 2),
            Some(c @ (b'\\' | b';' | b',')) => (char::from(*c), 2),
            _ => ('\\', 1),
        };
        text.push(c);
        rest = escape.get(len..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(lines: &str) -> Event {
        let file = format!("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        let mut ics = parse_ics(file.as_bytes()).expect("a calendar");
        ics.calendars.remove(0).events.remove(0)
    }

    #[test]
    fn a_calendar_has_events_and_properties() {
        let file = b"BEGIN:VCALENDAR\r\nPRODID:-//Example//Invite 1.0//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REQUEST\r\n\
            BEGIN:VEVENT\r\nUID:1@example.com\r\nSUMMARY;LANGUAGE=en:Review\\, today\r\nX-ONE;A=\"b:c;d\";E=f:g\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nUID:2@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let ics = parse_ics(file).expect("a calendar");
        let calendar = &ics.calendars[0];
        assert_eq!(calendar.product_id.as_deref(), Some("-//Example//Invite 1.0//EN"));
        assert_eq!(calendar.scale.as_deref(), Some("GREGORIAN"));
        assert_eq!(calendar.method.as_deref(), Some("REQUEST"));
        assert_eq!(calendar.events.len(), 2);
        let event = &calendar.events[0];
        assert_eq!(event.summary.as_deref(), Some("Review, today"));
        let keys: Vec<_> = event.raw_properties.iter().map(|property| (property.key.as_str(), property.value.as_str())).collect();
        assert_eq!(keys, [("UID", "1@example.com"), ("SUMMARY", "Review\\, today"), ("X-ONE", "g")]);
        assert_eq!(event.raw_properties[2].params, [("A".to_owned(), "b:c;d".to_owned()), ("E".to_owned(), "f".to_owned())]);
    }

    #[test]
    fn a_file_without_calendar_gives_none() {
        for file in [&b""[..], b"hello", b"BEGIN:VCARD\r\nEND:VCARD", b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT", b"\xff\xfe\x00"] {
            assert_eq!(parse_ics(file), None);
        }
    }

    #[test]
    fn folded_lines_are_joined_even_inside_a_character() {
        assert_eq!(event("DESCRIPTION:one \r\n two\r\n\t three").description.as_deref(), Some("one two three"));
        let bytes = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:caf\xc3\n \xa9\nEND:VEVENT\nEND:VCALENDAR";
        let ics = parse_ics(bytes).expect("a calendar");
        assert_eq!(ics.calendars[0].events[0].summary.as_deref(), Some("café"));
    }

    #[test]
    fn text_is_unescaped() {
        assert_eq!(event(r"DESCRIPTION:a\nb\Nc\, d\; e\\ f\x g\").description.as_deref(), Some("a\nb\nc, d; e\\ f\\x g\\"));
    }

    #[test]
    fn html_descriptions_are_found() {
        assert_eq!(event("X-ALT-DESC;FMTTYPE=text/html:<p>a\\, b</p>").description_html.as_deref(), Some("<p>a, b</p>"));
        assert_eq!(event("STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=\"text/html\":<b>").description_html.as_deref(), Some("<b>"));
        assert_eq!(event("X-ALT-DESC:plain").description_html, None);
    }

    #[test]
    fn attachments_are_uris() {
        let event = event("ATTACH:https://example.com/a\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:AAAA\r\nURL: https://example.com/u");
        assert_eq!(event.attachments, ["https://example.com/a"]);
        assert_eq!(event.url.as_deref(), Some("https://example.com/u"));
        assert_eq!(event.raw_properties.len(), 3);
    }

    #[test]
    fn alarms_do_not_mix_with_their_event() {
        let event = event("UID:1\r\nBEGIN:VALARM\r\nDESCRIPTION:alarm\r\nEND:VALARM\r\nDESCRIPTION:event");
        assert_eq!(event.description.as_deref(), Some("event"));
        assert_eq!(event.raw_properties.len(), 2);
    }

    #[test]
    fn broken_files_give_what_is_readable() {
        let ics = parse_ics(b"junk\nbegin:vcalendar\nbegin:vevent\nuid:1\n:novalue\nnocolon\nbegin:vevent\nuid:2").expect("a calendar");
        let uids: Vec<_> = ics.calendars[0].events.iter().map(|event| event.raw_properties[0].value.as_str()).collect();
        assert_eq!(uids, ["1", "2"]);
        let odd = event("X-A;B=\"never closed:value\r\nEND:VTODO\r\nUID:3");
        assert_eq!(odd.raw_properties.len(), 2);
        assert_eq!(odd.raw_properties[0].value, "value");
    }

    #[test]
    fn other_encodings_are_read() {
        let latin = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:caf\xe9\n";
        assert_eq!(parse_ics(latin).expect("a calendar").calendars[0].events[0].summary.as_deref(), Some("café"));
        let wide: Vec<u8> = "\u{feff}BEGIN:VCALENDAR\nPRODID:é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(parse_ics(&wide).expect("a calendar").calendars[0].product_id.as_deref(), Some("é"));
    }

    #[test]
    fn too_many_properties_are_cut() {
        let file = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}", "X-A:b\n".repeat(MAX_PROPERTIES));
        let ics = parse_ics(file.as_bytes()).expect("a calendar");
        assert_eq!(ics.rest, Some(Unavailable::limit(LIMIT)));
        assert_eq!(ics.calendars[0].events[0].raw_properties.len(), MAX_PROPERTIES - 2);
    }
}
