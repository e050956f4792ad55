//! What the scanners of archives and compressed files report (explode-scanners.md §5.5).

use crate::Partial;
use mailhound_value::{Maybe, object};

object! {
    /// A ZIP archive.
    #[derive(Clone, Debug)]
    pub struct Zip {
        /// Every name of the central directory, folders included.
        all_paths: Partial<String>,
        /// Names of the members that were tried before the limit; folders left out.
        attempted_files: Partial<String>,
        /// True when any member is encrypted.
        encrypted: Option<bool>,
        /// Members that became child files.
        total_extracted: Maybe<Option<i64>>,
        /// Names of the central directory.
        total_files: Option<i64>,
    }
}

object! {
    /// A ZIP archive with encrypted members.
    #[derive(Clone, Debug, Default)]
    pub struct EncryptedZip {
        /// The password that opened it; null when none did.
        cracked_password: Option<String>,
        /// Children made.
        total_extracted: Option<i64>,
        /// Members listed.
        total_files: Option<i64>,
    }
}

object! {
    /// A RAR archive.
    #[derive(Clone, Debug, Default)]
    pub struct Rar {
        /// System it was made on: RAR_OS_WIN32, RAR_OS_UNIX, ….
        host_os: Option<String>,
        /// Children made.
        total_extracted: Option<i64>,
        /// Members listed.
        total_files: Option<i64>,
    }
}

object! {
    /// An archive of another kind.
    #[derive(Clone, Debug, Default)]
    pub struct Members {
        /// Children made.
        total_extracted: Option<i64>,
        /// Members listed.
        total_files: Option<i64>,
    }
}

object! {
    /// A compressed file.
    #[derive(Clone, Debug)]
    pub struct Compressed {
        /// Bytes after unpacking.
        size: Maybe<Option<i64>>,
    }
}
