//! What can be wrong with an Outlook container, and how `_errors` says it.

use crate::defects;
use crate::model::ParseError;
use mailhound_objects::compound;
use mailhound_value::Unavailable;

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// The compound file itself.
    Compound(compound::Defect),
    /// The container ends early.
    Truncated,
    /// A value ends before its length.
    ShortValue,
    /// A list of properties breaks off, or has an entry that cannot be read.
    Properties,
    /// A part of a TNEF stream has another checksum than it says.
    Checksum,
    /// Messages are nested too deeply.
    TooDeep,
    /// There are too many attached files.
    TooManyFiles,
    /// There are too many header fields.
    TooManyFields,
    /// There are too many recipients.
    TooManyRecipients,
    /// The files hold too many bytes.
    TooManyBytes,
    /// The RTF that holds the text is too long.
    TextCut,
}

/// Adds a defect, each kind once.
pub(super) fn note(defects: &mut Vec<Defect>, defect: Defect) {
    if !defects.contains(&defect) {
        defects.push(defect);
    }
}

/// The sentences for the model.
pub(crate) fn errors(defects: &[Defect]) -> Vec<ParseError> {
    defects.iter().map(|&defect| error(defect)).collect()
}

/// The limit that hides attachments; `None` when all were read.
pub(crate) fn hidden_files(defects: &[Defect]) -> Option<Unavailable> {
    let limit = defects.iter().find_map(|defect| match defect {
        Defect::TooDeep => Some("message.depth"),
        Defect::TooManyFiles => Some("message.parts"),
        Defect::TooManyBytes => Some("message.bytes"),
        Defect::Compound(compound::Defect::TooManyEntries) => Some("compound.entries"),
        _ => None,
    });
    limit.map(Unavailable::limit)
}

fn error(defect: Defect) -> ParseError {
    use compound::Defect as File;
    let message = match defect {
        Defect::Compound(File::Header) => "The header of the compound file has values that the format does not allow",
        Defect::Compound(File::Table) => "Parts of the allocation table of the compound file are missing; values may be cut or missing",
        Defect::Compound(File::Directory) => "Parts of the directory of the compound file are missing; values may be missing",
        Defect::Compound(File::Tree) => "Entries of the compound file lead in circles or nowhere; values may be missing",
        Defect::Truncated => "The Outlook data end early; what came before was read",
        Defect::ShortValue => "A value of the Outlook data breaks off; its beginning was read",
        Defect::Properties => "A list of Outlook properties cannot be read to its end",
        Defect::Checksum => "A checksum of the Outlook data is wrong; they were read all the same",
        Defect::Compound(File::TooManyEntries) => {
            return defects::limit("compound.entries", "message", "The compound file has too many entries; the rest was left out");
        }
        Defect::TooDeep => {
            return defects::limit("message.depth", "attachments", "Messages are nested too deeply; the inner ones were left out");
        }
        Defect::TooManyFiles => return defects::limit("message.parts", "attachments", "There are too many files; the rest was left out"),
        Defect::TooManyFields => {
            return defects::limit("message.headers", "header", "There are too many header fields; the rest was left out");
        }
        Defect::TooManyRecipients => {
            return defects::limit("message.addresses", "recipients", "There are too many addresses; the rest was left out");
        }
        Defect::TooManyBytes => return defects::limit("message.bytes", "attachments", "The files are too long; the rest was left out"),
        Defect::TextCut => return defects::limit("message.bytes", "body", "The RTF of the text is too long; the rest was left out"),
    };
    defects::error("message", "malformed_container", message)
}
