//! Attached files (reference mdm.md §12).

use base64::Engine as _;
use mailhound_objects::file_type;
use mailhound_value::object;
use sha2::Digest as _;
use std::cell::OnceCell;
use std::fmt::Write as _;

object! {
    /// A part of the message that is not shown as its text: a file, a picture, a message.
    #[derive(Debug, Default)]
    pub struct Attachment {
        /// Decoded file name; null when there is none.
        file_name: Option<String>,
        /// What stands behind the last dot of the file name, case as written; `eml` for a message without a name.
        file_extension: Option<String>,
        /// Type by content; `unknown` when no known one fits.
        file_type: &'static str,
        /// Media type, lower case, without parameters.
        content_type: Option<String>,
        /// Content-ID without angle brackets.
        content_id: Option<String>,
        /// Transfer encoding as declared, lower case.
        content_transfer_encoding: Option<String>,
        /// inline or attachment, lower case.
        content_disposition: Option<String>,
        /// Bytes after transfer decoding.
        size: i64,
    }
    computed {
        /// The content in base64.
        raw: String = Attachment::raw,
        /// MD5 of the content, in lower-case hexadecimal.
        md5: String = Attachment::md5,
        /// SHA-1 of the content, in lower-case hexadecimal.
        sha1: String = Attachment::sha1,
        /// SHA-256 of the content, in lower-case hexadecimal.
        sha256: String = Attachment::sha256,
    }
    private {
        /// The content after transfer decoding.
        content: Vec<u8>,
        /// The content in base64, once read.
        kept_raw: OnceCell<String>,
        /// MD5, once read.
        kept_md5: OnceCell<String>,
        /// SHA-1, once read.
        kept_sha1: OnceCell<String>,
        /// SHA-256, once read.
        kept_sha256: OnceCell<String>,
    }
}

impl Attachment {
    /// An attachment of this media type and content; it has no name yet.
    pub(crate) fn of(media: &str, content: Vec<u8>) -> Self {
        Attachment {
            file_type: file_type::detect(&content),
            content_type: Some(media.to_owned()),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            content,
            ..Attachment::default()
        }
    }

    /// The content after transfer decoding. For an attached message these are the bytes of that message.
    pub fn bytes(&self) -> &[u8] {
        &self.content
    }

    /// The content in base64.
    pub fn raw(&self) -> &String {
        self.kept_raw.get_or_init(|| base64::engine::general_purpose::STANDARD.encode(&self.content))
    }

    /// MD5 of the content.
    pub fn md5(&self) -> &String {
        self.kept_md5.get_or_init(|| hex(&md5::Md5::digest(&self.content)))
    }

    /// SHA-1 of the content.
    pub fn sha1(&self) -> &String {
        self.kept_sha1.get_or_init(|| hex(&sha1::Sha1::digest(&self.content)))
    }

    /// SHA-256 of the content.
    pub fn sha256(&self) -> &String {
        self.kept_sha256.get_or_init(|| hex(&sha2::Sha256::digest(&self.content)))
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
