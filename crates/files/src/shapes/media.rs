//! What the scanners of pictures, PDF, scripts and XML report (explode-scanners.md §5.2, §5.3, §5.9).

use mailhound_objects::Url;
use mailhound_value::object;

object! {
    /// Text in a picture.
    #[derive(Clone, Debug, Default)]
    pub struct Ocr {
        /// The text, lines joined by a line feed.
        raw: Option<String>,
        /// Its words.
        text: Vec<String>,
    }
}

object! {
    /// A QR code in a picture.
    #[derive(Clone, Debug, Default)]
    pub struct Qr {
        /// Payload.
        data: Option<String>,
        /// email, mobile, app, geo, wifi, url or undefined.
        r#type: Option<String>,
        /// The payload parsed, when its type is url.
        url: Option<Url>,
    }
}

object! {
    /// A PDF document.
    #[derive(Clone, Debug, Default)]
    pub struct Pdf {
        /// Links that are no URL.
        invalid_urls: Vec<String>,
        /// Children made.
        total_extracted: Option<i64>,
        /// Links of annotations and object dictionaries.
        urls: Vec<Url>,
    }
}

object! {
    /// Fingerprint of the object structure of a PDF document.
    #[derive(Clone, Debug, Default)]
    pub struct PdfObjHash {
        /// The text that is hashed.
        hash_string: Option<String>,
        /// MD5, lower-case hex.
        object_hash: Option<String>,
    }
}

object! {
    /// Data behind the end of a picture.
    #[derive(Clone, Debug, Default)]
    pub struct Trailer {
        /// Offset of the last end mark when data follows it, else null.
        trailer_index: Option<i64>,
    }
}

object! {
    /// Tokens of a script.
    #[derive(Clone, Debug, Default)]
    pub struct Javascript {
        /// Distinct identifiers in order, escapes as written.
        identifiers: Vec<String>,
        /// Distinct keywords.
        keywords: Vec<String>,
        /// Regular expression literals.
        regular_expressions: Vec<String>,
        /// Distinct string literals without quotes.
        strings: Vec<String>,
        /// Names of the token types.
        tokens: Vec<String>,
    }
}

object! {
    /// A well-formed XML document.
    #[derive(Clone, Debug, Default)]
    pub struct Xml {
        /// DOCTYPE.
        doc_type: Option<String>,
        /// Distinct namespace URIs.
        namespaces: Vec<String>,
        /// Distinct local names of elements, in order.
        tags: Vec<String>,
        /// Children made.
        total_extracted: Option<i64>,
        /// XML version.
        version: Option<String>,
    }
}
