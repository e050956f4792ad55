//! What kind of file bytes are: one MIME type as libmagic names it, and the names of all taste signatures that match.

mod mime;
mod ole;
mod taste;

use mailhound_value::{Maybe, object};

object! {
    /// What a file is taken for; decides which scanners run on it.
    #[derive(Clone, Debug)]
    pub struct Flavors {
        /// MIME type by content, as libmagic names it.
        mime: Maybe<String>,
        /// Names of the taste signatures that match (explode-scanners.md §2), in the order of the reference.
        yara: Maybe<Vec<String>>,
        /// What the file that held it says: content type of a MIME part, language of a script, `base64`.
        external: Vec<String>,
    }
}

impl Flavors {
    /// The flavors of these bytes; `external` is what the file that held them said.
    pub fn of(bytes: &[u8], external: Vec<String>) -> Self {
        let yara = taste::taste(bytes).into_iter().map(str::to_owned).collect();
        Flavors { mime: Ok(mime::detect(bytes).to_owned()), yara: Ok(yara), external }
    }

    /// True when the name is among the known flavors of any kind.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.mime.as_deref() == Ok(name)
            || self.yara.as_ref().is_ok_and(|names| names.iter().any(|it| it == name))
            || self.external.iter().any(|it| it == name)
    }

    /// The MIME type, empty when it is not known.
    pub(crate) fn mime(&self) -> &str {
        self.mime.as_deref().unwrap_or_default()
    }
}
