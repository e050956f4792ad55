//! `file.expand_archives`: the files in an archive and in the archives in it, without scanning them (enrichment.md §1.7).

use crate::archive::{Budget, Member, Zip, gunzip};
use crate::explode::Options;
use crate::flavors::Flavors;
use crate::scan::hash::digest;
use crate::{Partial, name};
use mailhound_objects::file_type;
use mailhound_value::{Maybe, Unavailable, capability, object};
use std::sync::OnceLock;

object! {
    /// What an archive holds.
    #[derive(Clone, Debug, Default)]
    pub struct ExpandedArchives {
        /// All files, folders left out, an archive before what it holds. Empty when the input is no archive.
        files: Partial<File>,
    }
}

object! {
    /// A file that was taken out of an archive.
    #[derive(Clone, Debug)]
    pub struct File {
        /// Name in the archive, with its folders; null when it has none. Hostile text, never a path to use.
        file_name: Option<String>,
        /// What follows the last dot of the name; null when there is none.
        file_extension: Option<String>,
        /// What it is by its content, such as `pdf`; `unknown` when nothing is recognised.
        file_type: Maybe<String>,
        /// Bytes.
        size: Maybe<i64>,
    }
    computed {
        /// The content in base64.
        raw: Maybe<String> = |file: &File| file.digests.raw.get_or_init(|| file.computed(base64)),
        /// MD5, lower-case hex.
        md5: Maybe<String> = |file: &File| file.digests.md5.get_or_init(|| file.computed(digest::<md5::Md5>)),
        /// SHA-1, lower-case hex.
        sha1: Maybe<String> = |file: &File| file.digests.sha1.get_or_init(|| file.computed(digest::<sha1::Sha1>)),
        /// SHA-256, lower-case hex.
        sha256: Maybe<String> = |file: &File| file.digests.sha256.get_or_init(|| file.computed(digest::<sha2::Sha256>)),
    }
    private {
        /// The content.
        content: Maybe<Vec<u8>>,
        /// What was computed from it.
        digests: Digests,
    }
}

/// What is computed from the content of a [`File`] when it is first asked for.
#[derive(Clone, Debug, Default)]
pub struct Digests {
    raw: OnceLock<Maybe<String>>,
    md5: OnceLock<Maybe<String>>,
    sha1: OnceLock<Maybe<String>>,
    sha256: OnceLock<Maybe<String>>,
}

impl File {
    /// The content.
    ///
    /// # Errors
    /// What it would take to have it: the limit that was hit, `archives` for an encrypted member, a failure for a damaged one.
    pub fn bytes(&self) -> Maybe<&[u8]> {
        self.content.as_deref().map_err(Clone::clone)
    }

    fn new(file_name: Option<&str>, content: Maybe<Vec<u8>>) -> Self {
        let file_name = file_name.filter(|name| !name.is_empty());
        File {
            file_name: file_name.map(str::to_owned),
            file_extension: file_name.and_then(name::extension).map(str::to_owned),
            file_type: content.as_ref().map(|bytes| file_type::detect(bytes).to_owned()).map_err(Clone::clone),
            size: content.as_ref().map(|bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX)).map_err(Clone::clone),
            content,
            digests: Digests::default(),
        }
    }

    fn computed(&self, compute: fn(&[u8]) -> String) -> Maybe<String> {
        self.bytes().map(compute)
    }
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

/// The files in an archive, with those of the archives in it. Documents that are ZIP files by their format are files, not archives.
/// What is in a gzip file has the name of that file without `.gz`.
pub fn expand_archives(bytes: &[u8], name: Option<&str>, options: &Options<'_>) -> ExpandedArchives {
    let mut expansion = Expansion { files: Partial::default(), budget: Budget::new(options.limits) };
    expansion.open(bytes, name, 1);
    ExpandedArchives { files: expansion.files }
}

struct Expansion<'o> {
    files: Partial<File>,
    budget: Budget<'o>,
}

impl Expansion<'_> {
    /// Adds the files in an archive; nothing for a file that is none.
    fn open(&mut self, bytes: &[u8], name: Option<&str>, depth: usize) {
        let flavors = Flavors::of(bytes, Vec::new());
        match flavors.mime() {
            "application/zip" | "application/java-archive" => self.open_zip(bytes, depth),
            "application/gzip" => {
                let content = gunzip(bytes, &mut self.budget);
                let inner = name.map(name::without_gz);
                self.add(inner, content, depth);
            }
            _ if OTHERS.iter().any(|name| flavors.has(name)) => self.files.gap(&Unavailable::capability(capability::ARCHIVES)),
            _ => {}
        }
    }

    fn open_zip(&mut self, bytes: &[u8], depth: usize) {
        let Some(zip) = Zip::open(bytes) else {
            self.files.gap(&Unavailable::failure("zip: no directory"));
            return;
        };
        let limit = self.budget.limits().archive_members;
        let members: Vec<&Member> = zip.members.iter().filter(|member| !member.is_folder()).collect();
        for member in members.iter().take(limit) {
            let content = zip.read(member, &mut self.budget);
            self.add(Some(&member.name), content, depth);
        }
        if members.len() > limit || zip.is_cut() {
            self.files.gap(&Unavailable::limit("files.members"));
        }
    }

    /// Adds a file and, when it is an archive, the files in it.
    fn add(&mut self, name: Option<&str>, content: Maybe<Vec<u8>>, depth: usize) {
        let limits = self.budget.limits();
        if self.files.missing_rest().is_some() {
            return;
        }
        if depth > limits.file_depth {
            self.files.gap(&Unavailable::limit("files.depth"));
            return;
        }
        if self.files.places() >= limits.file_nodes {
            self.files.cut(Unavailable::limit("files.nodes"));
            return;
        }
        let place = self.files.places();
        self.files.push(File::new(name, content));
        match self.files.item_mut(place).map(|file| file.content.clone()) {
            Some(Ok(bytes)) => self.open(&bytes, name, depth + 1),
            Some(Err(missing)) => self.files.gap(&missing),
            None => {}
        }
    }
}

/// Flavors of archives that no engine of this version opens.
static OTHERS: &[&str] = &[
    "application/x-rar",
    "rar_file",
    "application/x-7z-compressed",
    "application/x-tar",
    "tar_file",
    "application/vnd.ms-cab-compressed",
    "cab_file",
    "application/x-iso9660-image",
    "iso_file",
    "application/x-arj",
    "application/x-cpio",
    "application/x-xar",
    "application/vnd.debian.binary-package",
    "application/x-bzip2",
    "application/x-xz",
    "application/x-lzma",
];
