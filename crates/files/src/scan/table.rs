//! Which scanner runs on which file, in the order in which scanners run (explode-scanners.md §3), as data.
//!
//! A scanner runs on a file when one of its flavors is among the file's flavors and none of its excluded ones is. Scanners that give
//! rules nothing to read and make no child file (ScanBatch, ScanManifest) are left out. ScanOcr and ScanQr also list PDF in the
//! reference, where the attempt always fails (§4); that is left out as well.

use super::{base64, email, entropy, gzip, hash, html, picture, strings, url, yara, zip};
use crate::explode::{Scan, Visit};
use crate::flavors::Flavors;
use mailhound_objects::compound;
use mailhound_value::{Unavailable, capability};

/// One scanner.
pub(crate) struct Scanner {
    /// Its name, which its children carry as `source`.
    pub(crate) name: &'static str,
    /// Runs on files with any of these flavors; `*` is every file.
    on: &'static [&'static str],
    /// Never runs on files with any of these flavors.
    never: &'static [&'static str],
    /// Makes its field unavailable; `None` when rules cannot read anything of it.
    pub(crate) hide: Option<fn(&mut Scan, &Unavailable)>,
    /// The field of the scan that is all it gives: without readers of it the scanner need not run. `None` when it may find files, or says other things.
    pub(crate) only: Option<&'static str>,
    /// What does the work.
    pub(crate) engine: Engine,
}

/// What does the work of a scanner.
pub(crate) enum Engine {
    /// It is built in.
    Built(fn(&mut Visit<'_, '_, '_>)),
    /// There is no engine in this version: its field and its children need this capability.
    Missing(&'static str, Children),
}

/// What a scanner without an engine would add to the list.
pub(crate) enum Children {
    /// Nothing.
    None,
    /// Any number of files of any kind.
    Any,
    /// Perhaps these, of which name and MIME type are known.
    Perhaps(&'static [Template]),
    /// Depends on the bytes: it runs only where this says so (elsewhere it is known to fail and to give null), and then adds the rest.
    Where(fn(&[u8], &Flavors) -> bool, &'static Children),
}

/// A child of which some things are known before it is made.
pub(crate) struct Template {
    pub(crate) name: &'static str,
    pub(crate) mime: &'static str,
}

impl Scanner {
    /// True when the scanner runs on a file of these flavors.
    pub(crate) fn runs_on(&self, flavors: &Flavors) -> bool {
        !self.never.iter().any(|name| flavors.has(name)) && self.on.iter().any(|name| *name == "*" || flavors.has(name))
    }
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const DOTX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.template";
const DOCM: &str = "application/vnd.ms-word.document.macroEnabled.12";
const DOTM: &str = "application/vnd.ms-word.template.macroEnabled.12";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const POTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.template";
const PPSX: &str = "application/vnd.openxmlformats-officedocument.presentationml.slideshow";
const PPTM: &str = "application/vnd.ms-powerpoint.presentation.macroEnabled.12";

const PICTURES: &[&str] = &[
    "image/jpeg",
    "jpeg_file",
    "image/png",
    "png_file",
    "image/tiff",
    "type_is_tiff",
    "image/x-ms-bmp",
    "image/bmp",
    "bmp_file",
    "image/webp",
];
const PICTURES_AND_GIF: &[&str] = &[
    "image/jpeg",
    "jpeg_file",
    "image/png",
    "png_file",
    "image/tiff",
    "type_is_tiff",
    "image/x-ms-bmp",
    "image/bmp",
    "bmp_file",
    "image/webp",
    "image/gif",
    "gif_file",
];
const TEXT: Template = Template { name: "text", mime: "text/plain" };
const PDF_CHILDREN: &[Template] = &[
    Template { name: "pdf_2_png_0", mime: "image/png" },
    Template { name: "pdf_2_png_1", mime: "image/png" },
    Template { name: "pdf_2_png_2", mime: "image/png" },
    TEXT,
];

fn is_ole(bytes: &[u8], _: &Flavors) -> bool {
    bytes.starts_with(compound::SIGNATURE)
}

/// A ZIP that may be a Word document. In OLE files, workbooks and presentations the Word scanner fails (§4).
fn may_be_docx(bytes: &[u8], flavors: &Flavors) -> bool {
    bytes.starts_with(b"PK") && flavors.mime() != XLSX && flavors.mime() != PPTX
}

fn is_fat_macho(bytes: &[u8], _: &Flavors) -> bool {
    bytes.starts_with(b"\xCA\xFE\xBA\xBE")
}

/// XML scripts become children; without the word there is none.
fn names_a_script(bytes: &[u8], _: &Flavors) -> bool {
    memchr::memmem::find(bytes, b"script").is_some()
}

macro_rules! hide {
    ($field:ident) => {
        Some(|scan, missing| scan.$field = Err(missing.clone()))
    };
}

/// All scanners in their order.
pub(crate) static SCANNERS: &[Scanner] = &[
    Scanner { name: "ScanBase64", on: &["base64"], never: &[], hide: None, only: None, engine: Engine::Built(base64::scan) },
    Scanner {
        name: "ScanBase64PE",
        on: &["base64_pe"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::Any),
    },
    Scanner {
        name: "ScanBzip2",
        on: &["application/x-bzip2", "bzip2_file"],
        never: &[],
        hide: hide!(bzip2),
        only: None,
        engine: Engine::Missing(capability::ARCHIVES, Children::Any),
    },
    Scanner {
        name: "ScanDocx",
        on: &[DOCX, DOTX, DOCM, DOTM, "application/msword", "olecf_file", "ooxml_file"],
        never: &[],
        hide: hide!(docx),
        only: None,
        engine: Engine::Missing(capability::OFFICE, Children::Where(may_be_docx, &Children::Perhaps(&[TEXT]))),
    },
    Scanner {
        name: "ScanDocExtractImages",
        on: &["application/msword", "application/msword2", "olecf_file", "doc_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::OFFICE, Children::Where(is_ole, &Children::Any)),
    },
    Scanner {
        name: "ScanEmail",
        on: &["message/rfc822", "email_file"],
        never: &["application/vnd.ms-outlook"],
        hide: None,
        only: None,
        engine: Engine::Built(email::scan),
    },
    Scanner {
        name: "ScanEmail",
        on: &["application/vnd.ms-outlook"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::MSG, Children::Any),
    },
    Scanner {
        name: "ScanEncryptedDoc",
        on: &["encrypted_word_document"],
        never: &[],
        hide: hide!(encrypted_doc),
        only: None,
        engine: Engine::Missing(capability::OFFICE, Children::Any),
    },
    Scanner {
        name: "ScanEncryptedZip",
        on: &["encrypted_zip"],
        never: &[],
        hide: hide!(encrypted_zip),
        only: None,
        engine: Engine::Missing(capability::ARCHIVES, Children::Any),
    },
    Scanner {
        name: "ScanEntropy",
        on: &["*"],
        never: &[],
        hide: hide!(entropy),
        only: Some("entropy"),
        engine: Engine::Built(entropy::scan),
    },
    Scanner {
        name: "ScanExiftool",
        on: &[
            "application/msword",
            "application/vnd.ms-excel",
            "application/CDFV2",
            "application/vnd.ms-powerpoint",
            "olecf_file",
            DOCX,
            XLSX,
            PPTX,
            "ooxml_file",
            "wordml_file",
            "vbframe_file",
            "mso_file",
            "application/zip",
            "zip_file",
            "application/pdf",
            "pdf_file",
            "lnk_file",
            "image/gif",
            "gif_file",
            "image/jpeg",
            "jpeg_file",
            "image/png",
            "png_file",
            "image/tiff",
            "type_is_tiff",
            "image/x-ms-bmp",
            "image/bmp",
            "bmp_file",
            "application/x-shockwave-flash",
            "fws_file",
            "image/webp",
        ],
        never: &[],
        hide: hide!(exiftool),
        only: None,
        engine: Engine::Missing(capability::EXIF, Children::None),
    },
    Scanner {
        name: "ScanGif",
        on: &["image/gif", "gif_file"],
        never: &[],
        hide: hide!(gif),
        only: None,
        engine: Engine::Built(picture::gif),
    },
    Scanner {
        name: "ScanGzip",
        on: &["application/gzip", "application/x-gzip", "gzip_file"],
        never: &[],
        hide: hide!(gzip),
        only: None,
        engine: Engine::Built(gzip::scan_gzip),
    },
    Scanner { name: "ScanHash", on: &["*"], never: &[], hide: hide!(hash), only: Some("hash"), engine: Engine::Built(hash::scan) },
    Scanner {
        name: "ScanHtml",
        on: &["hta_file", "text/html", "html_file"],
        never: &[],
        hide: hide!(html),
        only: None,
        engine: Engine::Built(html::scan),
    },
    Scanner {
        name: "ScanIcs",
        on: &["ics_file", "text/calendar", "application/ics"],
        never: &[],
        hide: hide!(ics),
        only: None,
        engine: Engine::Missing(capability::ICS, Children::Any),
    },
    Scanner {
        name: "ScanJavascript",
        on: &["javascript_file", "text/javascript", "application/ecmascript"],
        never: &["text/html", "html_file"],
        hide: hide!(javascript),
        only: None,
        engine: Engine::Missing(capability::JAVASCRIPT, Children::None),
    },
    Scanner {
        name: "ScanJpeg",
        on: &["image/jpeg", "jpeg_file"],
        never: &[],
        hide: hide!(jpeg),
        only: None,
        engine: Engine::Built(picture::jpeg),
    },
    Scanner {
        name: "ScanLibarchive",
        on: &[
            "application/vnd.ms-cab-compressed",
            "cab_file",
            "application/x-7z-compressed",
            "_7zip_file",
            "application/x-cpio",
            "cpio_file",
            "application/x-xar",
            "xar_file",
            "application/x-arj",
            "arj_file",
            "application/x-iso9660-image",
            "iso_file",
            "application/x-debian-package",
            "application/vnd.debian.binary-package",
            "debian_package_file",
        ],
        never: &[],
        hide: hide!(libarchive),
        only: None,
        engine: Engine::Missing(capability::ARCHIVES, Children::Any),
    },
    Scanner {
        name: "ScanLNK",
        on: &["lnk_file"],
        never: &[],
        hide: hide!(lnk),
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::None),
    },
    Scanner {
        name: "ScanLzma",
        on: &["application/x-lzma", "lzma_file", "application/x-xz", "xz_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::ARCHIVES, Children::Any),
    },
    Scanner {
        name: "ScanMacho",
        on: &["application/x-mach-binary", "macho_file"],
        never: &[],
        hide: hide!(macho),
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::None),
    },
    Scanner {
        name: "ScanMacho",
        on: &["application/x-mach-binary"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::Where(is_fat_macho, &Children::Any)),
    },
    Scanner {
        name: "ScanMht",
        on: &["mhtml_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::Any),
    },
    Scanner {
        name: "ScanOcr",
        on: PICTURES_AND_GIF,
        never: &[],
        hide: hide!(ocr),
        only: None,
        engine: Engine::Missing(capability::OCR, Children::Perhaps(&[TEXT])),
    },
    Scanner {
        name: "ScanOle",
        on: &["application/CDFV2", "application/msword", "olecf_file", "ooxml_file", DOCX, DOTX, DOCM, DOTM],
        never: &[],
        hide: hide!(ole),
        only: None,
        engine: Engine::Missing(capability::OFFICE, Children::Where(is_ole, &Children::Any)),
    },
    Scanner {
        name: "ScanPdf",
        on: &["application/pdf", "pdf_file"],
        never: &[],
        hide: hide!(pdf),
        only: None,
        engine: Engine::Missing(capability::PDF, Children::Perhaps(PDF_CHILDREN)),
    },
    Scanner {
        name: "ScanPdfObjHash",
        on: &["application/pdf", "pdf_file"],
        never: &[],
        hide: hide!(pdf_obj_hash),
        only: None,
        engine: Engine::Missing(capability::PDF, Children::None),
    },
    Scanner {
        name: "ScanOnenote",
        on: &["application/onenote", "application/msonenote", "onenote_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::Any),
    },
    Scanner {
        name: "ScanPptx",
        on: &[PPTX, POTX, PPSX, PPTM, "pptx_file"],
        never: &[],
        hide: hide!(pptx),
        only: None,
        engine: Engine::Missing(capability::OFFICE, Children::Perhaps(&[TEXT, Template { name: "notes", mime: "text/plain" }])),
    },
    Scanner {
        name: "ScanQr",
        on: PICTURES,
        never: &[],
        hide: hide!(qr),
        only: None,
        engine: Engine::Missing(capability::QR, Children::None),
    },
    Scanner {
        name: "ScanRar",
        on: &["application/x-rar", "rar_file"],
        never: &[],
        hide: hide!(rar),
        only: None,
        engine: Engine::Missing(capability::ARCHIVES, Children::Any),
    },
    Scanner {
        name: "ScanRtf",
        on: &["text/rtf", "rtf_file"],
        never: &[],
        hide: hide!(rtf),
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::Any),
    },
    Scanner {
        name: "ScanStrings",
        on: &[
            "application/onenote",
            "application/msonenote",
            "onenote_file",
            "application/CDFV2",
            "application/msword",
            "application/vnd.ms-excel",
            "olecf_file",
            DOCX,
            DOTX,
            DOCM,
            DOTM,
            "ooxml_file",
            "hta_file",
            "html_file",
            "ini_file",
            "json_file",
            "mz_file",
            "application/pdf",
            "pdf_file",
            "php_file",
            "plist_file",
            "rtf_file",
            "soap_file",
            "ics_file",
            "text/calendar",
            "text/plain",
            "text/html",
            "text/rtf",
            "xml_file",
            "image/svg+xml",
            "svg_file",
        ],
        never: &["base64"],
        hide: hide!(strings),
        only: Some("strings"),
        engine: Engine::Built(strings::scan),
    },
    Scanner {
        name: "ScanTar",
        on: &["application/x-tar", "tar_file"],
        never: &[],
        hide: hide!(tar),
        only: None,
        engine: Engine::Missing(capability::ARCHIVES, Children::Any),
    },
    Scanner {
        name: "ScanTranscode",
        on: &["image/svg+xml", "svg_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::RENDER, Children::Perhaps(&[Template { name: "transcode_svg_2_png", mime: "image/png" }])),
    },
    Scanner {
        name: "ScanTranscode",
        on: &["image/heic", "image/heif", "image/avif", "heic_file", "heif_file", "avif_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::RENDER, Children::Any),
    },
    Scanner {
        name: "ScanUpx",
        on: &["upx_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::EMBEDDED, Children::Any),
    },
    Scanner {
        name: "ScanUrl",
        on: &[
            "text/plain",
            "text/html",
            "text/rtf",
            "rtf_file",
            "text/xml",
            "xml_file",
            "image/svg+xml",
            "svg_file",
            "text/calendar",
            "application/ics",
        ],
        never: &[],
        hide: hide!(url),
        only: Some("url"),
        engine: Engine::Built(url::scan),
    },
    Scanner {
        name: "ScanVba",
        on: &[
            "mhtml_file",
            "wordml_file",
            "application/CDFV2",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.ms-office",
            "application/x-mspublisher",
            "olecf_file",
            "ooxml_file",
            DOCX,
            DOTX,
            DOCM,
            DOTM,
            XLSX,
            PPTX,
        ],
        never: &[],
        hide: hide!(vba),
        only: None,
        engine: Engine::Missing(capability::MACROS, Children::Any),
    },
    Scanner {
        name: "ScanXml",
        on: &["application/xml", "text/xml", "xml_file", "image/svg+xml", "svg_file", "mso_file", "soap_file", "html_file"],
        never: &[],
        hide: hide!(xml),
        only: None,
        engine: Engine::Missing(capability::XML, Children::None),
    },
    Scanner {
        name: "ScanXml",
        on: &["application/xml", "text/xml", "xml_file", "image/svg+xml", "svg_file", "mso_file", "soap_file", "html_file"],
        never: &[],
        hide: None,
        only: None,
        engine: Engine::Missing(capability::XML, Children::Where(names_a_script, &Children::Any)),
    },
    Scanner { name: "ScanYara", on: &["*"], never: &[], hide: hide!(yara), only: Some("yara"), engine: Engine::Built(yara::scan) },
    Scanner {
        name: "ScanZip",
        on: &[
            "application/zip",
            "application/java-archive",
            "application/vnd.openxmlformats-officedocument",
            DOCX,
            DOTX,
            XLSX,
            PPTX,
            "zip_file",
            "ooxml_file",
        ],
        never: &[],
        hide: hide!(zip),
        only: None,
        engine: Engine::Built(zip::scan),
    },
    Scanner {
        name: "ScanZlib",
        on: &["application/zlib", "zlib_file"],
        never: &[],
        hide: hide!(zlib),
        only: None,
        engine: Engine::Built(gzip::scan_zlib),
    },
];
