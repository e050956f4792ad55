//! A folder for one test, the program run in it, and small messages and rules to put there.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

impl Ran {
    /// The JSON values of `--format jsonl`; anything else on standard output is a fault.
    #[track_caller]
    pub fn values(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}\n{self:?}"))).collect()
    }

    /// The only JSON value of a run that went well.
    #[track_caller]
    pub fn value(&self) -> Value {
        assert_eq!(self.status, 0, "{self:?}");
        let mut values = self.values();
        assert_eq!(values.len(), 1, "{self:?}");
        values.remove(0)
    }

    /// Fails unless the run ended with this status and standard error says all of this.
    #[track_caller]
    pub fn complains(&self, status: i32, texts: &[&str]) -> &Ran {
        assert_eq!(self.status, status, "{self:?}");
        for text in texts {
            assert!(self.stderr.contains(text), "no `{text}` in: {}", self.stderr);
        }
        self
    }
}

/// A new folder that goes away with the test. The program runs in it, and finds no configuration but the one put there.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("mailhound-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("the folder is new");
        Folder { path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Folder {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("folders can be made");
        std::fs::write(path, bytes).expect("files can be written");
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path.join(name)).expect("the file is there")
    }

    /// The program, not yet started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailhound"));
        command.args(args).current_dir(&self.path).env("HOME", self.path.join("home")).stdin(Stdio::null());
        for name in ["XDG_CONFIG_HOME", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        finish(&mut self.command(args))
    }

    /// A run with this on standard input.
    pub fn run_on(&self, args: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        child.stdin.take().expect("it is a pipe").write_all(stdin.as_ref()).expect("the program reads it");
        ran(child.wait_with_output().expect("the program ends"))
    }

    /// The lines of `--format jsonl` of a run that went well.
    #[track_caller]
    pub fn jsonl(&self, args: &[&str]) -> Vec<Value> {
        let ran = self.run(&[&["--format", "jsonl"], args].concat());
        assert_eq!(ran.status, 0, "{ran:?}");
        ran.values()
    }

    /// The value of an expression on one message, which must be known.
    #[track_caller]
    pub fn eval(&self, expr: &str, input: &str) -> Value {
        let row = self.run(&["--format", "jsonl", "eval", "-e", expr, input]).value();
        assert_eq!(row["unavailable"], Value::Array(Vec::new()), "{row}");
        row["value"].clone()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path); // a leftover in the temporary folder harms nobody
    }
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Ran {
    ran(command.output().expect("the program starts"))
}

fn ran(output: std::process::Output) -> Ran {
    let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
    Ran { stdout: text(output.stdout), stderr: text(output.stderr), status: output.status.code().expect("it was not killed") }
}

/// A folder of the repository.
pub fn repository(name: &str) -> String {
    format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Header fields of a message, without the empty line that ends them.
pub fn head(subject: &str) -> String {
    format!(
        "From: Ada Byron <ada@sender.example>\r\nTo: bob@example.com\r\nSubject: {subject}\r\n\
         Message-ID: <1@sender.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    )
}

/// A message with a plain body.
pub fn message(subject: &str) -> String {
    format!("{}Content-Type: text/plain\r\n\r\nHello Bob\r\n", head(subject))
}

/// A message with attachments: content type, file name, content.
pub fn with_attachments(subject: &str, attachments: &[(&str, &str, &[u8])]) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let mut text = format!("{}Content-Type: multipart/mixed; boundary=edge\r\n\r\n", head(subject));
    text.push_str("--edge\r\nContent-Type: text/plain\r\n\r\nHello Bob\r\n");
    for (kind, name, bytes) in attachments {
        text.push_str(&format!("--edge\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n"));
        if *kind == "message/rfc822" {
            text.push_str(&format!("\r\n{}\r\n", String::from_utf8_lossy(bytes)));
            continue;
        }
        text.push_str("Content-Transfer-Encoding: base64\r\n\r\n");
        for line in BASE64_STANDARD.encode(bytes).as_bytes().chunks(76) {
            text.push_str(&format!("{}\r\n", String::from_utf8_lossy(line)));
        }
    }
    text + "--edge--\r\n"
}

/// A rule file.
pub fn rule(kind: &str, severity: &str, source: &str) -> String {
    let severity = if severity.is_empty() { String::new() } else { format!("severity: {severity}\n") };
    format!("name: \"The {kind}\"\nid: \"id-of-{kind}\"\ntype: {kind}\n{severity}source: |\n  {}\n", source.replace('\n', "\n  "))
}

/// A ZIP file with one member.
pub fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    zip_of(&[(name, bytes)])
}

/// A ZIP file with these members; a name that ends with `/` is a folder.
pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in members {
        if name.ends_with('/') {
            zip.add_directory(*name, options).expect("memory can be written");
            continue;
        }
        zip.start_file(*name, options).expect("memory can be written");
        zip.write_all(bytes).expect("memory can be written");
    }
    zip.finish().expect("memory can be written").into_inner()
}

/// A tar archive with these members.
pub fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(if name.ends_with('/') { tar::EntryType::Directory } else { tar::EntryType::Regular });
        tar.append_data(&mut header, name, *bytes).expect("memory can be written");
    }
    tar.into_inner().expect("memory can be written")
}

/// What gzip makes of these bytes.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).expect("memory can be written");
    gzip.finish().expect("memory can be written")
}
