//! What Mailhound can do only when something is there: the names that appear as needs, and what `doctor` says of them.

/// A capability that may be absent.
pub struct Capability {
    /// The name in needs, configuration and `doctor`.
    pub name: &'static str,
    /// What it gives.
    pub about: &'static str,
    /// How to get it; empty while there is no way.
    pub how: &'static str,
    /// Where it stands in this build.
    pub state: State,
}

/// Where a capability stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Always there.
    BuiltIn,
    /// There when the configuration gives it what it needs.
    Configured,
    /// No engine for it is in this version.
    NotBuilt,
}

macro_rules! capabilities {
    ($($(#[doc = $about:literal])+ $id:ident = $name:literal, $state:ident, $how:literal;)*) => {
        $($(#[doc = $about])+ pub const $id: &str = $name;)*
        /// All capabilities, in the order in which `doctor` shows them.
        pub static ALL: &[Capability] = &[
            $(Capability { name: $name, about: concat!($($about),+), how: $how, state: State::$state },)*
        ];
    };
}

capabilities! {
    /// Sender history: profiles and the lists of known senders and recipients
    HISTORY = "history", Configured, "set [services] history = \"auto\"; loose files use an empty history";
    /// YARA rules over the message, its attachments and what they contain
    YARA = "yara", Configured, "give YARA files with --rules";
    /// Text in pictures
    OCR = "ocr", NotBuilt, "comes with a later version";
    /// Screenshots of messages and HTML
    RENDER = "render", NotBuilt, "comes with a later version";
    /// Intent, topic, language, translation and attack-score models
    LANGUAGE = "language", NotBuilt, "comes with a later version";
    /// Brand logos in pictures
    LOGO = "logo", NotBuilt, "comes with a later version";
    /// QR codes in pictures
    QR = "qr", NotBuilt, "comes with a later version";
    /// Sensitive data in text (card numbers, identifiers, secrets)
    DLP = "dlp", NotBuilt, "comes with a later version";
    /// Visits of links
    LINKS = "links", NotBuilt, "comes with a later version; will need [network] allow = [\"links\"]";
    /// Registration data of domains
    WHOIS = "whois", NotBuilt, "comes with a later version; will need [network] allow = [\"whois\"]";
    /// Public keys of DKIM and ARC signatures from DNS, for mdm --verify
    DNS = "dns", Configured, "set [network] allow = [\"dns\"]";
    /// Public keys of DKIM and ARC signatures from a file, for mdm --verify
    DKIM_KEYS = "dkim_keys", Configured, "set [dkim] keys = \"FILE\"";
    /// PDF text, links, page pictures, embedded files
    PDF = "pdf", NotBuilt, "comes with a later version";
    /// Office documents: properties, text, streams, embedded objects
    OFFICE = "office", NotBuilt, "comes with a later version";
    /// VBA macros and macro indicators
    MACROS = "macros", NotBuilt, "comes with a later version";
    /// Metadata of pictures and documents
    EXIF = "exif", NotBuilt, "comes with a later version";
    /// JavaScript tokens
    JAVASCRIPT = "javascript", NotBuilt, "comes with a later version";
    /// XML structure
    XML = "xml", NotBuilt, "comes with a later version";
    /// Archives other than ZIP and gzip (RAR, 7z, tar, CAB, ISO, …), and encrypted ZIP
    ARCHIVES = "archives", NotBuilt, "comes with a later version";
    /// Windows shortcuts, RTF objects, OneNote, MHT, Mach-O, packed programs, and base64 in files
    EMBEDDED = "embedded", NotBuilt, "comes with a later version";
    /// Calendar files as file.explode reports them
    ICS = "ics", NotBuilt, "comes with a later version";
    /// What file.explode finds in Outlook .msg files
    MSG = "msg", NotBuilt, "comes with a later version";
}

/// The capability of this name.
pub fn find(name: &str) -> Option<&'static Capability> {
    ALL.iter().find(|capability| capability.name == name)
}
