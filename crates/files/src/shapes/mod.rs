//! The objects under `.scan`: one per scanner, with the fields that the reference publishes (value-sets.json, `published_schemas`).
//!
//! All of them are here from the start, also those whose scanner has no engine yet, because rules are checked against them.

mod archive;
mod basic;
mod exif;
mod ics;
mod media;
mod office;
mod program;

pub use archive::{Compressed, EncryptedZip, Members, Rar, Zip};
pub use basic::{Entropy, Hash, Html, HtmlScript, HtmlSpan, Strings, Urls, Yara, YaraMatch, YaraMeta};
pub use exif::{Exif, ExifField};
pub use ics::{Ics, IcsAttachment, IcsAttendee, IcsCalendar, IcsComponent, IcsOrganizer, IcsTotal};
pub use media::{Javascript, Ocr, Pdf, PdfObjHash, Qr, Trailer, Xml};
pub use office::{Docx, EncryptedDoc, Ole, Pptx, Rtf, Vba};
pub use program::{Lnk, Macho, MachoCpu, MachoHeader, MachoSymbols};
