//! The type of a file by its content (mdm.md §12.1): the 77 names of the data model, from the first bytes, without unpacking.
//!
//! `magic.rs` is the table of fixed signatures, `container.rs` looks into ZIP and OLE containers, `markup.rs` tells HTML, SVG and
//! calendars from other text.

mod container;
mod magic;
mod markup;

/// Every value that [`detect`] gives.
pub const NAMES: &[&str] = &[
    "3gp", "7z", "Z", "aac", "aiff", "amr", "ar", "avi", "bmp", "bz2", "cab", "cr2", "crx", "dcm", "deb", "dex", "dey", "doc", "docx",
    "dwg", "elf", "eot", "epub", "exe", "flac", "flv", "gif", "gz", "heif", "html", "ico", "ics", "iso", "jp2", "jpg", "jxr", "lz", "m4a",
    "m4v", "macho", "mid", "mkv", "mov", "mp3", "mp4", "mpg", "nes", "ogg", "otf", "pdf", "png", "ppt", "pptx", "ps", "psd", "rar", "rpm",
    "rtf", "sqlite", "svg", "swf", "tar", "tif", "ttf", "unknown", "wasm", "wav", "webm", "webp", "wmv", "woff", "woff2", "xls", "xlsx",
    "xz", "zip", "zst",
];

/// The type of a file; `unknown` when nothing fits. One of [`NAMES`]. Costs at most a scan of a bounded part of the bytes.
pub fn detect(bytes: &[u8]) -> &'static str {
    container::detect(bytes)
        .or_else(|| magic::detect(bytes))
        .or_else(|| markup::detect(bytes))
        .or_else(|| magic::late(bytes))
        .unwrap_or("unknown")
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
