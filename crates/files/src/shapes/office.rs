//! What the scanners of Office documents report (explode-scanners.md §5.6).

use mailhound_objects::Url;
use mailhound_value::object;

object! {
    /// A Word document.
    #[derive(Clone, Debug, Default)]
    pub struct Docx {
        /// Creator in the core properties.
        author: Option<String>,
        /// Category in the core properties.
        category: Option<String>,
        /// Description in the core properties.
        comments: Option<String>,
        /// When the document was made, RFC 3339.
        created: Option<String>,
        /// Distinct run colours, RRGGBB.
        font_colors: Vec<String>,
        /// Pictures in the document.
        image_count: Option<i64>,
        /// Keywords in the core properties.
        keywords: Option<String>,
        /// When it was last printed, RFC 3339.
        last_printed: Option<String>,
        /// When it was last saved, RFC 3339.
        modified: Option<String>,
        /// Times it was saved.
        revision: Option<i64>,
        /// Subject in the core properties.
        subject: Option<String>,
        /// Title in the core properties.
        title: Option<String>,
        /// Words of the body paragraphs, as §5.6 counts them.
        word_count: Option<i64>,
    }
}

object! {
    /// A presentation.
    #[derive(Clone, Debug, Default)]
    pub struct Pptx {
        /// Creator in the core properties.
        author: Option<String>,
        /// Category in the core properties.
        category: Option<String>,
        /// Description in the core properties.
        comments: Option<String>,
        /// When the document was made, RFC 3339.
        created: Option<String>,
        /// Pictures in the document.
        image_count: Option<i64>,
        /// Targets that are no URL.
        invalid_urls: Vec<String>,
        /// Keywords in the core properties.
        keywords: Option<String>,
        /// Who saved it last.
        last_modified_by: Option<String>,
        /// When it was last printed, RFC 3339.
        last_printed: Option<String>,
        /// When it was last saved, RFC 3339.
        modified: Option<String>,
        /// Times it was saved.
        revision: Option<i64>,
        /// Slides.
        slide_count: Option<i64>,
        /// Subject in the core properties.
        subject: Option<String>,
        /// Title in the core properties.
        title: Option<String>,
        /// Targets of click actions.
        urls: Vec<Url>,
        /// Words in text frames.
        word_count: Option<i64>,
    }
}

object! {
    /// An encrypted document.
    #[derive(Clone, Debug, Default)]
    pub struct EncryptedDoc {
        /// The password that opened it; null when none did.
        cracked_password: Option<String>,
    }
}

object! {
    /// An OLE compound file.
    #[derive(Clone, Debug, Default)]
    pub struct Ole {
        /// Children made.
        total_extracted: Option<i64>,
    }
}

object! {
    /// A rich-text file.
    #[derive(Clone, Debug, Default)]
    pub struct Rtf {
        /// Children made.
        total_extracted: Option<i64>,
    }
}

object! {
    /// Macro source, by the keyword classes of its analysis.
    #[derive(Clone, Debug, Default)]
    pub struct Vba {
        /// Names of procedures that run by themselves.
        auto_exec: Vec<String>,
        /// Decoded base64 strings.
        base64: Vec<String>,
        /// Decoded Dridex strings.
        dridex: Vec<String>,
        /// Decoded hex strings.
        hex: Vec<String>,
        /// Indicators: addresses, file names, URLs.
        ioc: Vec<String>,
        /// Suspicious keywords.
        suspicious: Vec<String>,
        /// Children made.
        total_extracted: Option<i64>,
        /// Members listed.
        total_files: Option<i64>,
        /// Decoded string expressions.
        vba_obfuscated: Vec<String>,
    }
}
