//! Bounds on work over hostile bytes.

macro_rules! limits {
    ($($(#[doc = $about:literal])+ $field:ident: $ty:ty = $default:expr, $name:literal;)*) => {
        /// Every bound has a name (as it appears in needs and errors), a unit and a default.
        #[derive(Clone, Debug)]
        pub struct Limits {
            $($(#[doc = $about])+ pub $field: $ty,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Limits { $($field: $default,)* }
            }
        }

        impl Limits {
            /// Name, value and meaning of each limit, for documentation.
            pub fn table(&self) -> Vec<(&'static str, u64, &'static str)> {
                vec![$(($name, self.$field as u64, concat!($($about),+)),)*]
            }
        }
    };
}

limits! {
    /// Bytes of one message that are read; the rest is left out.
    message_bytes: usize = 256 << 20, "message.bytes";
    /// MIME parts of one message; further ones are left out.
    message_parts: usize = 10_000, "message.parts";
    /// Nesting of MIME parts.
    message_depth: usize = 100, "message.depth";
    /// Header fields of one message; further ones are left out.
    message_headers: usize = 5_000, "message.headers";
    /// Links of one message; further ones are left out.
    message_links: usize = 10_000, "message.links";
    /// Addressees of one header; further ones are left out.
    message_addresses: usize = 10_000, "message.addresses";
    /// Bytes of one text body that are read for text, links and threads; the rest is left out.
    message_text: usize = 16 << 20, "message.text";
    /// Quoted segments of one message.
    message_threads: usize = 200, "message.threads";
    /// Files that one `file.explode` reports.
    file_nodes: usize = 2_000, "files.nodes";
    /// Nesting of files in `file.explode` (explode-scanners.md §1).
    file_depth: usize = 15, "files.depth";
    /// Bytes that one `file.explode` unpacks in all.
    file_total: usize = 512 << 20, "files.total";
    /// Bytes of one unpacked file.
    file_bytes: usize = 100 << 20, "files.bytes";
    /// Unpacked bytes for each packed byte.
    file_ratio: usize = 200, "files.ratio";
    /// Members of one archive that are unpacked (explode-scanners.md §1).
    archive_members: usize = 1_000, "files.members";
    /// Steps of one XPath evaluation.
    xpath_steps: usize = 5_000_000, "xpath.steps";
    /// Evaluations of loop bodies of one rule on one message.
    eval_steps: usize = 5_000_000, "eval.steps";
    /// Bytes that the evaluation of all rules makes for one message.
    eval_bytes: usize = 1 << 30, "eval.bytes";
    /// Work of one rule on one message: bytes that its tests and calls read, and 16 for each operand, item and argument that is looked at.
    eval_work: usize = 512 << 20, "eval.work";
    /// Work of all rules on one message, counted like `eval.work`.
    eval_total: usize = 8 << 30, "eval.total";
    /// Bytes of one text that `contains`, `starts_with` and regular expressions search. What they do not find there is not known to be absent.
    search_text: usize = 1 << 20, "search.text";
    /// Compiled size of one regular expression in bytes.
    regex_bytes: usize = 64 << 20, "regex.bytes";
}

/// A bound that is not set by the caller: the same for everybody, so that the same input always ends the same.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// Its name in needs.
    pub name: &'static str,
    /// The bound.
    pub value: usize,
    /// What is counted.
    pub about: &'static str,
}

macro_rules! fixed {
    ($($(#[doc = $about:literal])+ $id:ident = $value:expr, $name:literal;)*) => {
        $($(#[doc = $about])+ pub const $id: Fixed = Fixed { name: $name, value: $value, about: concat!($($about),+) };)*
        /// All of them.
        pub static ALL: &[Fixed] = &[$($id,)*];
    };
}

pub mod fixed {
    //! Bounds that nobody sets.
    use super::Fixed;

    fixed! {
        /// Cells of the table of one edit distance.
        LEVENSHTEIN = 1 << 26, "strings.levenshtein";
        /// Matches that one `regex.extract` gives.
        REGEX_MATCHES = 100_000, "regex.matches";
        /// Bytes that the matches of one pattern in one text read again.
        REGEX_WORK = 1 << 28, "regex.work";
        /// Bytes of the states that the automaton of one pattern may make in one long text and keep; a pattern that needs others again and again is
        /// not decided.
        REGEX_AUTOMATON = 4 << 20, "regex.automaton";
        /// Content lines of one calendar file.
        ICS_PROPERTIES = 100_000, "ics.properties";
        /// Runs of printable characters in one file.
        FILE_STRINGS = 500_000, "files.strings";
        /// URLs in one file.
        FILE_URLS = 20_000, "files.urls";
        /// Nesting of HTML elements; deeper ones become siblings (Blink does the same at 512).
        HTML_DEPTH = 256, "html.depth";
        /// Elements and attributes of one HTML document; behind them tags are dropped and text stays. A short document has fewer: 20,000 and one
        /// for every two of its bytes, which no markup needs without a trick.
        HTML_ELEMENTS = 500_000, "html.elements";
        /// Words in one HTML tag, by which its attributes are bounded; the rest of the tag is dropped.
        HTML_ATTRIBUTES = 1_000, "html.attributes";
        /// Bytes of one HTML file whose structure is read.
        FILE_HTML = 16 << 20, "files.html";
        /// Entries of the directory of one compound file (OLE).
        COMPOUND_ENTRIES = 1 << 18, "compound.entries";
        /// Seconds of one YARA scan: wall time, since its engine has no other measure.
        YARA_SECONDS = 30, "yara.seconds";
        /// Bytes of one message that are held before it is parsed; the rest is left out. Above `message.bytes`, which tells it.
        INPUT_BYTES = 512 << 20, "input.bytes";
        /// Archives inside one another that are opened for messages; one that stands deeper could not be read.
        INPUT_DEPTH = 3, "input.depth";
        /// Bytes of a ZIP archive that stands in another archive, is packed by gzip or comes from standard input; a longer one could not be read.
        INPUT_NESTED = 256 << 20, "input.nested";
        /// Unpacked bytes for each packed byte of what is opened for messages, from 64 MiB on; reading ends there.
        INPUT_RATIO = 200, "input.ratio";
        /// DKIM signatures of one message that are verified.
        DKIM_SIGNATURES = 20, "dkim.signatures";
        /// Bytes of a header whose signatures are verified.
        DKIM_HEADERS = 1 << 20, "dkim.headers";
        /// Seconds that DNS may take for the keys of one message: wall time, since there is no other measure of waiting.
        DNS_SECONDS = 10, "dns.seconds";
        /// Nodes of the tree of one rule on one message that `explain` shows; deeper ones are counted.
        EXPLAIN_NODES = 2_000, "explain.nodes";
        /// Nodes that one explanation looks at; behind them it is told that more was not recorded.
        EXPLAIN_RECORDED = 200_000, "explain.recorded";
        /// Evaluations of loop bodies for the closest miss alone, where the outcome is already decided.
        EXPLAIN_STEPS = 100_000, "explain.steps";
        /// Arguments of calls that one explanation tries one by one, to tell which of them decided.
        EXPLAIN_ARGUMENTS = 5_000, "explain.arguments";
    }
}
