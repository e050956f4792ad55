//! What the scanner of calendar files reports (explode-scanners.md §5.7).

use mailhound_objects::{Mailbox, Url};
use mailhound_value::object;

object! {
    /// A calendar file.
    #[derive(Clone, Debug, Default)]
    pub struct Ics {
        /// One entry per VCALENDAR.
        calendars: Vec<IcsCalendar>,
        /// What went wrong while reading.
        flags: Vec<String>,
        /// Why it could not be read.
        parse_error: Option<String>,
        /// Counts, not limited.
        total: Option<IcsTotal>,
        /// Children made.
        total_extracted: Option<i64>,
        /// Members listed.
        total_files: Option<i64>,
    }
}

object! {
    /// One VCALENDAR.
    #[derive(Clone, Debug, Default)]
    pub struct IcsCalendar {
        /// CALSCALE.
        calscale: Option<String>,
        /// All components, nested ones as siblings.
        components: Vec<IcsComponent>,
        /// METHOD.
        method: Option<String>,
        /// PRODID.
        prodid: Option<String>,
        /// VERSION.
        version: Option<String>,
    }
}

object! {
    /// One component of a calendar.
    #[derive(Clone, Debug, Default)]
    pub struct IcsComponent {
        /// ATTACH properties.
        attachments: Vec<IcsAttachment>,
        /// ATTENDEE properties.
        attendees: Vec<IcsAttendee>,
        /// CLASS as written.
        class: Option<String>,
        /// CREATED as written.
        created: Option<String>,
        /// DESCRIPTION as written.
        description: Option<String>,
        /// End, ISO 8601.
        dtend: Option<String>,
        /// DTSTAMP as written.
        dtstamp: Option<String>,
        /// Start, ISO 8601.
        dtstart: Option<String>,
        /// Duration such as `1h30m`.
        duration: Option<String>,
        /// LAST-MODIFIED as written.
        last_modified: Option<String>,
        /// LOCATION as written.
        location: Option<String>,
        /// ORGANIZER properties.
        organizers: Vec<IcsOrganizer>,
        /// PRIORITY as written.
        priority: Option<String>,
        /// SEQUENCE as written.
        sequence: Option<String>,
        /// STATUS as written.
        status: Option<String>,
        /// SUMMARY as written.
        summary: Option<String>,
        /// TRANSP as written.
        transp: Option<String>,
        /// VEVENT, VTODO, VJOURNAL, VTIMEZONE, VALARM, VFREEBUSY.
        r#type: Option<String>,
        /// UID as written.
        uid: Option<String>,
        /// URL properties.
        urls: Vec<Url>,
    }
}

object! {
    /// One ATTACH property.
    #[derive(Clone, Debug, Default)]
    pub struct IcsAttachment {
        /// Why the data could not be decoded.
        decode_error: Option<String>,
        /// True when a child file was made of it.
        extracted: Option<bool>,
        /// Its name.
        filename: Option<String>,
        /// FMTTYPE.
        mime_type: Option<String>,
        /// Bytes, as text.
        size: Option<String>,
        /// binary, base64_binary, uri or other.
        r#type: Option<String>,
        /// The URI, when it is one.
        uri: Option<String>,
    }
}

object! {
    /// One ATTENDEE property.
    #[derive(Clone, Debug, Default)]
    pub struct IcsAttendee {
        /// Who.
        mailbox: Option<Mailbox>,
        /// PARTSTAT parameter.
        partstat: Option<String>,
        /// ROLE parameter.
        role: Option<String>,
        /// RSVP parameter.
        rsvp: Option<bool>,
    }
}

object! {
    /// One ORGANIZER property.
    #[derive(Clone, Debug, Default)]
    pub struct IcsOrganizer {
        /// Who.
        mailbox: Option<Mailbox>,
    }
}

object! {
    /// Counts over all calendars of the file.
    #[derive(Clone, Debug, Default)]
    pub struct IcsTotal {
        /// Number of alarms.
        alarms: Option<i64>,
        /// Number of attachments.
        attachments: Option<i64>,
        /// Number of attendees.
        attendees: Option<i64>,
        /// Number of components.
        components: Option<i64>,
        /// Number of events.
        events: Option<i64>,
        /// Number of extracted files.
        extracted_files: Option<i64>,
        /// Number of journals.
        journals: Option<i64>,
        /// Number of organizers.
        organizers: Option<i64>,
        /// Number of timezones.
        timezones: Option<i64>,
        /// Number of todos.
        todos: Option<i64>,
        /// Number of urls.
        urls: Option<i64>,
    }
}
