//! `hash.md5`, `hash.sha1`, `hash.sha256`: digests as lower-case hexadecimal text.

use mailhound_mql::{Args, Body, Example, Function, Param, example, param};
use mailhound_value::{Eval, Type, Value};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The MD5 digest (RFC 1321) of `bytes`, 32 lower-case hexadecimal digits.
pub fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// The SHA-1 digest (FIPS 180-4) of `bytes`, 40 lower-case hexadecimal digits.
pub fn sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

/// The SHA-256 digest (FIPS 180-4) of `bytes`, 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(digest: &[u8]) -> String {
    let mut text = String::with_capacity(digest.len() * 2);
    for byte in digest {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
    }
    text
}

pub(crate) static FUNCTIONS: &[&Function] = &[&MD5, &SHA1, &SHA256];

const fn digest(name: &'static str, about: &'static str, body: Body, examples: &'static [Example]) -> Function {
    const PARAMS: &[Param] = &[param("text", Type::String, "The text; its UTF-8 bytes count. Null gives null.")];
    Function { name, about, params: PARAMS, returns: Type::String, needs: &[], examples, memo: true, body }
}

fn of_text<'m>(args: &Args<'_, 'm>, digest: fn(&[u8]) -> String) -> Eval<'m> {
    Ok(args.str(0).map_or(Value::Null, |text| Value::Str(args.ctx.arena.text(digest(text.as_bytes())))))
}

static MD5: Function = digest(
    "hash.md5",
    "MD5 of a text, lower-case hex.",
    Body::Plain(|args| of_text(args, md5)),
    &[example(r#"hash.md5("")"#, r#""d41d8cd98f00b204e9800998ecf8427e""#)],
);

static SHA1: Function = digest(
    "hash.sha1",
    "SHA-1 of a text, lower-case hex.",
    Body::Plain(|args| of_text(args, sha1)),
    &[example(r#"hash.sha1("")"#, r#""da39a3ee5e6b4b0d3255bfef95601890afd80709""#)],
);

static SHA256: Function = digest(
    "hash.sha256",
    "SHA-256 of a text, lower-case hex.",
    Body::Plain(|args| of_text(args, sha256)),
    &[
        example(r#"hash.sha256("abc")"#, r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
        example("hash.sha256(null)", "null"),
    ],
);

#[cfg(test)]
mod tests {
    use super::*;

    /// Digests of `abc` and of nothing: RFC 1321 appendix A.5, FIPS 180 examples.
    #[test]
    fn digests_are_lower_case_hex() {
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
