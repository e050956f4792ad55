//! Messages that tests make themselves.

use base64::Engine as _;
use std::fmt::Write as _;
use std::io::Write as _;

/// A message under construction. Names and addresses are reserved ones.
#[derive(Clone, Default)]
pub struct Mail {
    headers: Vec<(String, String)>,
    plain: Option<String>,
    html: Option<String>,
    attachments: Vec<Attachment>,
}

#[derive(Clone)]
struct Attachment {
    content_type: String,
    file_name: Option<String>,
    content: Vec<u8>,
}

/// What stands between parts; nested messages have other ones.
const BOUNDARY: &str = "----part";

impl Mail {
    /// A message from and to these mailboxes, with this subject.
    pub fn new(from: &str, to: &str, subject: &str) -> Mail {
        let date = ("Date".to_owned(), "Mon, 02 Mar 2026 09:14:07 +0000".to_owned());
        Mail { headers: vec![date], ..Mail::default() }.header("From", from).header("To", to).header("Subject", subject)
    }

    /// The same with this header, in place of one of the same name.
    pub fn header(mut self, name: &str, value: &str) -> Mail {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same without this header.
    pub fn without(mut self, name: &str) -> Mail {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// The same from this mailbox.
    pub fn from(self, mailbox: &str) -> Mail {
        self.header("From", mailbox)
    }

    /// The same with this subject.
    pub fn subject(self, subject: &str) -> Mail {
        self.header("Subject", subject)
    }

    /// The same with this plain text in place of any text.
    pub fn plain(mut self, text: &str) -> Mail {
        (self.plain, self.html) = (Some(text.to_owned()), None);
        self
    }

    /// The same with this HTML in place of any text.
    pub fn html(mut self, html: &str) -> Mail {
        (self.plain, self.html) = (None, Some(html.to_owned()));
        self
    }

    /// The same with one line of text and one link in place of any text.
    pub fn link(self, url: &str, shown: &str) -> Mail {
        self.html(&format!("<p>Hello.</p><p><a href=\"{url}\">{shown}</a></p>"))
    }

    /// The same with one more attachment.
    pub fn attach(mut self, content_type: &str, file_name: &str, content: impl Into<Vec<u8>>) -> Mail {
        let file_name = (!file_name.is_empty()).then(|| file_name.to_owned());
        self.attachments.push(Attachment { content_type: content_type.to_owned(), file_name, content: content.into() });
        self
    }

    /// The same with a message attached.
    pub fn attach_mail(self, mail: &Mail) -> Mail {
        let inner = String::from_utf8(mail.bytes()).expect("messages here are UTF-8").replace(BOUNDARY, "----inner");
        self.attach("message/rfc822", "letter.eml", inner)
    }

    /// The message as it travels.
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = String::new();
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        text.push_str("MIME-Version: 1.0\r\n");
        if !self.attachments.is_empty() {
            let _ = write!(text, "Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n--{BOUNDARY}\r\n");
        }
        let (kind, body) = match (&self.html, &self.plain) {
            (Some(html), _) => ("html", html.as_str()),
            (None, plain) => ("plain", plain.as_deref().unwrap_or_default()),
        };
        let _ = write!(text, "Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n");
        for attachment in &self.attachments {
            let _ = write!(text, "--{BOUNDARY}\r\n{}", attachment.part());
        }
        if !self.attachments.is_empty() {
            let _ = write!(text, "--{BOUNDARY}--\r\n");
        }
        text.into_bytes()
    }
}

impl Attachment {
    fn part(&self) -> String {
        let name = self.file_name.as_ref().map_or(String::new(), |name| format!("; filename=\"{name}\""));
        let head = format!("Content-Type: {}\r\nContent-Disposition: attachment{name}\r\n", self.content_type);
        if self.content_type == "message/rfc822" {
            // RFC 2046 §5.2.1: messages travel without an encoding of their own.
            return format!("{head}\r\n{}\r\n", String::from_utf8_lossy(&self.content));
        }
        let content = base64::engine::general_purpose::STANDARD.encode(&self.content);
        let lines: Vec<&str> = content.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("{head}Content-Transfer-Encoding: base64\r\n\r\n{}\r\n", lines.join("\r\n"))
    }
}

/// A ZIP archive of these files, deflated.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in files {
        archive.start_file(*name, options).expect("a file can be added");
        archive.write_all(content).expect("memory takes it");
    }
    archive.finish().expect("the archive is complete").into_inner()
}

/// A second of silence: a RIFF WAVE file with its `fmt ` and `data` chunks.
pub fn wav() -> Vec<u8> {
    let (rate, data) = (8000u32, vec![0x80u8; 8000]);
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend(b"\x01\0\x08\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

/// A picture of one point.
pub fn gif() -> Vec<u8> {
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec()
}

/// The same as PNG.
pub fn png() -> Vec<u8> {
    b"\x89PNG\x0d\x0a\x1a\x0a\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\x0a\
      IDATx\x9cc\xf8\x0f\0\x01\x01\x01\0\xb18\xf6\x14\0\0\0\0IEND\xaeB`\x82"
        .to_vec()
}

/// A PDF document of one empty page.
pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        .to_vec()
}
