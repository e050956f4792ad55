//! What the scanners that are built in report of any file, text or HTML (explode-scanners.md §5.2, §5.3, §5.8, §5.9).

use crate::Partial;
use crate::yara::Match;
use mailhound_objects::Url;
use mailhound_value::{Maybe, object};
use std::sync::Arc;

object! {
    /// How evenly byte values are spread.
    #[derive(Clone, Debug, Default)]
    pub struct Entropy {
        /// Shannon entropy in bits per byte, 0.0 to 8.0; 0.0 for an empty file.
        entropy: f64,
    }
}

object! {
    /// Digests of the bytes.
    #[derive(Clone, Debug, Default)]
    pub struct Hash {
        /// MD5, lower-case hex.
        md5: String,
        /// SHA-1, lower-case hex.
        sha1: String,
        /// SHA-256, lower-case hex.
        sha256: String,
        /// Context-triggered piecewise hash as ssdeep prints it.
        ssdeep: String,
    }
}

object! {
    /// Text in the bytes.
    #[derive(Clone, Debug, Default)]
    pub struct Strings {
        /// The whole file when it is valid UTF-8, else null.
        raw: Option<Arc<str>>,
        /// Distinct runs of at least four printable ASCII characters, in order.
        strings: Partial<String>,
    }
}

object! {
    /// URLs in the text.
    #[derive(Clone, Debug, Default)]
    pub struct Urls {
        /// What looks like a URL and does not parse as one.
        invalid_urls: Partial<String>,
        /// Distinct URLs in order.
        urls: Partial<Url>,
    }
}

object! {
    /// An HTML document.
    #[derive(Clone, Debug)]
    pub struct Html {
        /// Distinct targets of `a`, then sources of `img`; base64 data became children.
        hyperlinks: Partial<String>,
        /// Distinct script elements by source, language and type.
        scripts: Partial<HtmlScript>,
        /// Distinct span elements by class and style.
        spans: Partial<HtmlSpan>,
        /// Text of the first title element.
        title: Option<String>,
        /// Children made.
        total_extracted: Maybe<Option<i64>>,
    }
}

object! {
    /// A script element.
    #[derive(Clone, Debug, Default)]
    pub struct HtmlScript {
        /// Attribute `language`.
        language: Option<String>,
        /// Published without a meaning; always null.
        scripts: Option<String>,
        /// Attribute `type`.
        r#type: Option<String>,
    }
}

object! {
    /// A span element.
    #[derive(Clone, Debug, Default)]
    pub struct HtmlSpan {
        /// Attribute `style`.
        style: Option<String>,
    }
}

object! {
    /// What YARA says.
    #[derive(Clone, Debug, Default)]
    pub struct Yara {
        /// What went wrong while scanning.
        flags: Vec<String>,
        /// Matching rules, private ones left out.
        matches: Vec<YaraMatch>,
    }
}

object! {
    /// A matching YARA rule.
    #[derive(Clone, Debug, Default)]
    pub struct YaraMatch {
        /// Its metadata; null when neither author nor description is given.
        meta: Option<YaraMeta>,
        /// Its identifier.
        name: String,
        /// Its tags.
        tags: Vec<String>,
    }
    private {
        /// All that the scan said.
        found: Option<Match>,
    }
}

object! {
    /// The part of the metadata of a YARA rule that rules can read.
    #[derive(Clone, Debug, Default)]
    pub struct YaraMeta {
        /// `author`, as text.
        author: Option<String>,
        /// `description`, as text.
        description: Option<String>,
    }
}
