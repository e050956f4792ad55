//! Functions over files whose engines are not built yet: screenshots, OCR, QR codes, metadata, Office indicators (enrichment.md §1.2, §1.8,
//! §2.3 to §2.5). For null they answer null, for a file `Unavailable`.

use super::input::{FILES, FILES_OR_HTML};
use mailhound_files::File;
use mailhound_mql::{Body, Example, Function, Param, example, param};
use mailhound_objects::Url;
use mailhound_value::{Type, Typed, Unavailable, Value, capability, object};

object! {
    /// One page of recognised text.
    #[derive(Clone, Debug, Default)]
    pub struct OcrPage {
        /// The text.
        text: String,
    }
}

object! {
    /// Text in a picture or document.
    #[derive(Clone, Debug, Default)]
    pub struct OcrResult {
        /// All pages, one behind the other.
        text: Option<String>,
        /// Something could be read.
        success: Option<bool>,
        /// The text of each page.
        page_results: Vec<OcrPage>,
    }
}

object! {
    /// One QR code.
    #[derive(Clone, Debug, Default)]
    pub struct QrCode {
        /// Kind: url, email, mobile, geo, wifi, undefined.
        r#type: Option<String>,
        /// What it says.
        data: Option<String>,
        /// The URL in it.
        url: Option<Url>,
    }
}

object! {
    /// QR codes in a picture or document.
    #[derive(Clone, Debug, Default)]
    pub struct QrResult {
        /// There is at least one.
        found: Option<bool>,
        /// The codes.
        items: Vec<QrCode>,
    }
}

object! {
    /// One metadata tag.
    #[derive(Clone, Debug, Default)]
    pub struct ExifField {
        /// Name as ExifTool spells it.
        key: String,
        /// Value as text.
        value: String,
    }
}

object! {
    /// Metadata of a file.
    #[derive(Clone, Debug, Default)]
    pub struct ExifResult {
        /// All tags.
        fields: Vec<ExifField>,
        /// Author.
        author: Option<String>,
        /// Creating program.
        creator: Option<String>,
        /// Producing program.
        producer: Option<String>,
        /// Title.
        title: Option<String>,
        /// Number of pages.
        page_count: Option<i64>,
        /// Pixels.
        image_height: Option<i64>,
        /// Pixels.
        image_width: Option<i64>,
    }
}

object! {
    /// A reference of an Office file to something outside of it.
    #[derive(Clone, Debug, Default)]
    pub struct Relationship {
        /// Kind, such as hyperlink or attachedTemplate.
        name: String,
        /// Where it leads.
        target: String,
        /// The same as URL.
        target_url: Option<Url>,
    }
}

object! {
    /// Something that exists or not, and how bad that is.
    #[derive(Clone, Debug, Default)]
    pub struct Indicator {
        /// It exists.
        exists: Option<bool>,
        /// high, medium, low, none, info, unknown, error.
        risk: Option<String>,
    }
}

object! {
    /// A number of things, and how bad they are.
    #[derive(Clone, Debug, Default)]
    pub struct CountIndicator {
        /// How many.
        count: Option<i64>,
        /// high, medium, low, none, info, unknown, error.
        risk: Option<String>,
    }
}

object! {
    /// A property with a value, and how bad it is.
    #[derive(Clone, Debug, Default)]
    pub struct ValueIndicator {
        /// The value.
        value: Option<String>,
        /// high, medium, low, none, info, unknown, error.
        risk: Option<String>,
    }
}

object! {
    /// What stands out in an Office file.
    #[derive(Clone, Debug, Default)]
    pub struct Indicators {
        /// Encryption.
        encryption: Option<Indicator>,
        /// Embedded objects.
        object_pool: Option<Indicator>,
        /// VBA macros.
        vba_macros: Option<Indicator>,
        /// References to the outside.
        external_relationships: Option<CountIndicator>,
        /// Flash objects.
        flash_objects: Option<CountIndicator>,
        /// Container format.
        container_format: Option<ValueIndicator>,
        /// File format.
        file_format: Option<ValueIndicator>,
    }
}

object! {
    /// A suspicious word in a macro.
    #[derive(Clone, Debug, Default)]
    pub struct MacroKeyword {
        /// The word.
        keyword: String,
        /// What it does.
        description: String,
        /// autoexec, suspicious, ioc, hex_string, base64_string, dridex_string.
        r#type: String,
    }
}

object! {
    /// A macro module.
    #[derive(Clone, Debug, Default)]
    pub struct MacroModule {
        /// Its source.
        vba_code: Option<String>,
        /// Its name.
        vba_file_name: Option<String>,
        /// Its stream.
        ole_stream: Option<String>,
        /// Text in forms.
        form_string: Option<String>,
        /// Variables of forms.
        form_variables: Option<String>,
    }
}

object! {
    /// Macros of an Office file.
    #[derive(Clone, Debug, Default)]
    pub struct Macros {
        /// Words that stand out.
        keywords: Vec<MacroKeyword>,
        /// Modules.
        modules: Vec<MacroModule>,
        /// All modules, one behind the other.
        vba_code_all_modules: Option<String>,
    }
}

object! {
    /// Office file analysis.
    #[derive(Clone, Debug, Default)]
    pub struct OleTools {
        /// References to the outside.
        relationships: Vec<Relationship>,
        /// What stands out.
        indicators: Option<Indicators>,
        /// Macros.
        macros: Option<Macros>,
        /// Why there is nothing.
        error: Option<String>,
    }
}

const FILE: &[Param] = &[param("file", Type::Any, "The file. Null gives null.").one_of(FILES)];
const FILE_OR_HTML: &[Param] = &[param("file", Type::Any, "The file, or an HTML document. Null gives null.").one_of(FILES_OR_HTML)];

/// A function over one file without an engine.
macro_rules! absent {
    ($name:literal, $about:literal, $params:expr, $returns:ty, $capability:expr, $examples:expr) => {{
        const EXAMPLES: &[Example] = $examples;
        Function {
            name: $name,
            about: $about,
            params: $params,
            returns: <$returns as Typed>::TYPE,
            needs: &[$capability],
            examples: EXAMPLES,
            memo: false,
            body: Body::Plain(|args| match args.value(0) {
                Value::Null => Ok(Value::Null),
                _ => Err(Unavailable::capability($capability)),
            }),
        }
    }};
}

pub(super) static OLETOOLS: Function = absent!(
    "file.oletools",
    "References, indicators and macros of an Office file.",
    FILE,
    OleTools,
    capability::MACROS,
    &[
        example("file.oletools(attachments[0]).indicators.vba_macros.exists", "unavailable: macros"),
        example("file.oletools(null).error", "null")
    ]
);

pub(super) static HTML_SCREENSHOT: Function = absent!(
    "file.html_screenshot",
    "A picture of an HTML file.",
    FILE_OR_HTML,
    File,
    capability::RENDER,
    &[example("beta.ocr(file.html_screenshot(body.html)).text", "unavailable: render")]
);

pub(super) static OCR: Function = absent!(
    "beta.ocr",
    "Text in a picture or document.",
    FILE,
    OcrResult,
    capability::OCR,
    &[example("beta.ocr(attachments[0]).text", "unavailable: ocr"), example("beta.ocr(null).text", "null")]
);

pub(super) static SCAN_QR: Function = absent!(
    "beta.scan_qr",
    "QR codes in a picture or document.",
    FILE,
    QrResult,
    capability::QR,
    &[example("beta.scan_qr(attachments[0]).found", "unavailable: qr")]
);

pub(super) static PARSE_EXIF: Function = absent!(
    "beta.parse_exif",
    "Metadata of a picture or document.",
    FILE,
    ExifResult,
    capability::EXIF,
    &[example("beta.parse_exif(attachments[0]).creator", "unavailable: exif")]
);

const fn message_screenshot(name: &'static str, examples: &'static [Example]) -> Function {
    Function {
        name,
        about: "A picture of the message as a reader sees it.",
        params: &[],
        returns: <File as Typed>::TYPE,
        needs: &[capability::RENDER],
        examples,
        memo: false,
        body: Body::Plain(|_| Err(Unavailable::capability(capability::RENDER))),
    }
}

pub(super) static MESSAGE_SCREENSHOT: Function = message_screenshot(
    "file.message_screenshot",
    &[example(r#"any(ml.logo_detect(file.message_screenshot()).brands, .name == "Microsoft")"#, "unavailable: render")],
);

pub(super) static BETA_MESSAGE_SCREENSHOT: Function =
    message_screenshot("beta.message_screenshot", &[example("beta.message_screenshot().size", "unavailable: render")]);
