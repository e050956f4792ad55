//! File names: hostile text that is shown and compared, never used as a path.

/// What follows the last dot; `None` when there is no dot or nothing behind it. Letter case is kept.
pub(crate) fn extension(name: &str) -> Option<&str> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map(|(_, extension)| extension).filter(|extension| !extension.is_empty())
}

/// The name of what is in a gzip file.
pub(crate) fn without_gz(name: &str) -> &str {
    let suffix = name.len().checked_sub(3).filter(|start| name.get(*start..).is_some_and(|end| end.eq_ignore_ascii_case(".gz")));
    suffix.map_or(name, |start| &name[..start])
}
