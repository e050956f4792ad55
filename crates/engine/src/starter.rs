//! The rules that come with the program (`rules/` of the repository), for runs without `--rules`.

use include_dir::{Dir, include_dir};

static MQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules/mql");
static YARA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules/yara");

/// Path and text of each MQL rule file, by name.
pub fn mql() -> impl Iterator<Item = (String, &'static str)> {
    files(&MQL, "yml").filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
}

/// Path and content of each YARA rule file, by name.
pub fn yara() -> impl Iterator<Item = (String, &'static [u8])> {
    files(&YARA, "yar")
}

fn files(dir: &'static Dir<'static>, extension: &'static str) -> impl Iterator<Item = (String, &'static [u8])> {
    let mut files: Vec<_> = dir.files().filter(|file| file.path().extension().is_some_and(|it| it == extension)).collect();
    files.sort_by_key(|file| file.path());
    files.into_iter().map(|file| (format!("starter/{}", file.path().display()), file.contents()))
}
