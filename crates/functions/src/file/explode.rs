//! `file.explode` and `file.expand_archives`: what is inside a file.

use super::input::{FILES, FILES_OR_HTML, input};
use crate::Environment;
use mailhound_files::{ExpandedArchives, Exploded, Options};
use mailhound_mql::{Body, Function, example, param};
use mailhound_value::{Type, Typed, Value, capability};

/// How files are opened in this environment.
pub fn file_options(environment: &Environment) -> Options<'_> {
    Options { limits: &environment.limits, yara: environment.yara.as_deref(), reads: environment.reads.as_deref() }
}

pub(super) static EXPLODE: Function = Function {
    name: "file.explode",
    about: "The file and every file found in it, outermost first, with what the scanners report of each.",
    params: &[param("file", Type::Any, "The file, or an HTML document. Null gives null.").one_of(FILES_OR_HTML)],
    returns: <Exploded as Typed>::TYPE,
    needs: &[
        capability::ARCHIVES,
        capability::EMBEDDED,
        capability::EXIF,
        capability::ICS,
        capability::JAVASCRIPT,
        capability::MACROS,
        capability::MSG,
        capability::OCR,
        capability::OFFICE,
        capability::PDF,
        capability::QR,
        capability::XML,
        capability::YARA,
    ],
    examples: &[
        example(r#"map(filter(attachments, .file_type == "zip"), map(file.explode(.), .file_name))"#, r#"[["invoice.zip","invoice.txt"]]"#),
        example(r#"any(file.explode(attachments[0]), .depth == 1 and strings.icontains(.scan.strings.raw, "total"))"#, "true"),
        example("file.explode(attachments[0])[0].scan.zip.all_paths", r#"["invoice.txt"]"#),
        example("length(file.explode(null))", "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let Some(file) = input(args, 0)? else { return Ok(Value::Null) };
        let options = file_options(args.host());
        let exploded = match std::str::from_utf8(file.bytes) {
            Ok(html) if file.is_html => mailhound_files::explode_html(html, &options),
            _ => mailhound_files::explode(file.bytes, file.name, &options),
        };
        Ok(args.ctx.arena.items(exploded))
    }),
};

pub(super) static EXPAND_ARCHIVES: Function = Function {
    name: "file.expand_archives",
    about: "All files in an archive and in the archives in it, without scanning them.",
    params: &[param("file", Type::Any, "The archive. Null gives null.").one_of(FILES)],
    returns: <ExpandedArchives as Typed>::TYPE,
    needs: &[capability::ARCHIVES],
    examples: &[example("map(file.expand_archives(attachments[0]).files, .file_name)", r#"["invoice.txt"]"#)],
    memo: true,
    body: Body::Plain(|args| {
        let Some(file) = input(args, 0)? else { return Ok(Value::Null) };
        let expanded = mailhound_files::expand_archives(file.bytes, file.name, &file_options(args.host()));
        Ok(Value::Object(args.ctx.arena.object(expanded)))
    }),
};
