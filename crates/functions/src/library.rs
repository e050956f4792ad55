//! All functions that rules can call.

use mailhound_mql::Library;
use std::sync::LazyLock;

/// The function library: the forms of the language and the functions of this crate.
pub fn library() -> &'static Library {
    static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
        let namespaces = [
            crate::strings::FUNCTIONS,
            crate::regex::FUNCTIONS,
            crate::html::FUNCTIONS,
            crate::hash::FUNCTIONS,
            crate::network::FUNCTIONS,
            crate::file::FUNCTIONS,
            crate::ml::FUNCTIONS,
            crate::profile::FUNCTIONS,
        ];
        Library::new(namespaces.into_iter().flatten().copied())
    });
    &LIBRARY
}
