//! One file of an explosion.

use crate::flavors::Flavors;
use crate::shapes::*;
use crate::yara::Match;
use mailhound_value::{Gap, Maybe, ToValue, Unavailable, object, to_json};

object! {
    /// One file of `file.explode`: the input or something found in it.
    #[derive(Clone, Debug)]
    pub struct Node {
        /// 0 for the input, one more for each container around it.
        depth: i64,
        /// Name in its container, archive members with their folders; null when it has none. Hostile text, never a path to use.
        file_name: Option<String>,
        /// What follows the last dot of the name, letter case as written; null when there is none.
        file_extension: Option<String>,
        /// Bytes.
        size: Maybe<i64>,
        /// What it is taken for.
        flavors: Flavors,
        /// The scanner that found it, such as `ScanZip`; null for the input.
        source: Option<&'static str>,
        /// Its number in the list, as text.
        node_id: String,
        /// The number of the file that held it; null for the input.
        parent_node_id: Option<String>,
        /// What the scanners say.
        scan: Scan,
    }
}

macro_rules! scan {
    ($(#[doc = $about:literal] $field:ident: $ty:ty,)*) => {
        object! {
            /// What the scanners say of a file: null for a scanner that does not run on it, unavailable for one that would and cannot.
            #[derive(Clone, Debug)]
            pub struct Scan {
                $(#[doc = $about] $field: Maybe<Option<Box<$ty>>>,)*
            }
        }

        impl Default for Scan {
            fn default() -> Self {
                Scan { $($field: Ok(None),)* }
            }
        }
    };
}

scan! {
    /// bzip2 data.
    bzip2: Compressed,
    /// A Word document.
    docx: Docx,
    /// An encrypted document.
    encrypted_doc: EncryptedDoc,
    /// A ZIP archive with encrypted members.
    encrypted_zip: EncryptedZip,
    /// How evenly byte values are spread; every file has it.
    entropy: Entropy,
    /// Metadata.
    exiftool: Exif,
    /// A GIF picture.
    gif: Trailer,
    /// gzip data.
    gzip: Compressed,
    /// Digests; every file has them.
    hash: Hash,
    /// An HTML document.
    html: Html,
    /// A calendar file.
    ics: Ics,
    /// A script.
    javascript: Javascript,
    /// A JPEG picture.
    jpeg: Trailer,
    /// A 7z, CAB, CPIO, XAR, ARJ, ISO or Debian archive.
    libarchive: Members,
    /// A Windows shortcut.
    lnk: Lnk,
    /// A Mach-O program.
    macho: Macho,
    /// Text in a picture.
    ocr: Ocr,
    /// An OLE compound file.
    ole: Ole,
    /// A PDF document.
    pdf: Pdf,
    /// Object structure of a PDF document.
    pdf_obj_hash: PdfObjHash,
    /// A presentation.
    pptx: Pptx,
    /// A QR code in a picture.
    qr: Qr,
    /// A RAR archive.
    rar: Rar,
    /// A rich-text file.
    rtf: Rtf,
    /// Text in the bytes.
    strings: Strings,
    /// A tar archive.
    tar: Members,
    /// URLs in the text.
    url: Urls,
    /// Macros.
    vba: Vba,
    /// An XML document.
    xml: Xml,
    /// Matching YARA rules; unavailable while no rules are loaded.
    yara: Yara,
    /// A ZIP archive.
    zip: Zip,
    /// zlib data.
    zlib: Compressed,
}

impl Node {
    /// The YARA matches in this file with all that the scan said; none when no rules are loaded.
    ///
    /// # Errors
    /// What hindered the scan.
    pub fn yara_matches(&self) -> Maybe<Vec<Match>> {
        let yara = self.scan.yara.as_ref().map_err(Clone::clone)?;
        let matches = yara.iter().flat_map(|yara| &yara.matches);
        Ok(matches.filter_map(|it| it.found.clone()).collect())
    }

    /// The name, or the kind of a file without one, for showing the way to it.
    pub fn label(&self) -> &str {
        self.file_name.as_deref().unwrap_or(self.flavors.mime())
    }

    /// The node as JSON. Null fields are left out; what could not be found out is named under `unavailable`, the way to the field with
    /// its needs: `{"scan.ocr": ["ocr"]}`.
    pub fn json(&self) -> serde_json::Value {
        self.json_with(None)
    }

    /// The same for a node that exists only perhaps.
    pub(super) fn json_with(&self, doubt: Option<&Unavailable>) -> serde_json::Value {
        let mut gaps: Vec<Gap> = doubt.map(|missing| ("exists".to_owned(), missing.clone())).into_iter().collect();
        let mut json = to_json(self.to_value(), &mut gaps);
        if let Some(object) = json.as_object_mut().filter(|_| !gaps.is_empty()) {
            let unavailable = gaps.into_iter().map(|(path, missing)| (path, needs(&missing)));
            object.insert("unavailable".to_owned(), unavailable.collect::<serde_json::Map<_, _>>().into());
        }
        json
    }
}

/// The needs as JSON, each as the user meets it.
pub(super) fn needs(missing: &Unavailable) -> serde_json::Value {
    missing.needs().iter().map(ToString::to_string).collect::<Vec<_>>().into()
}
