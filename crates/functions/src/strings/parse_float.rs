//! `strings.parse_float` and `strings.decode_hex`: numbers and bytes written as text.

use mailhound_mql::{Body, Function, example, param};
use mailhound_value::{Type, Value};

pub(super) static PARSE_FLOAT: Function = Function {
    name: "strings.parse_float",
    about: "The decimal number that the text is; null for other text.",
    params: &[param("text", Type::String, "The number; white space around it is ignored.")],
    returns: Type::Float,
    needs: &[],
    examples: &[example(r#"strings.parse_float(" 1.5 ")"#, "1.5"), example(r#"strings.parse_float("1,5")"#, "null")],
    memo: false,
    body: Body::Plain(|args| {
        let number = args.str(0).and_then(|text| text.trim().parse().ok()).filter(|number: &f64| number.is_finite());
        Ok(number.map_or(Value::Null, Value::Float))
    }),
};

pub(super) static DECODE_HEX: Function = Function {
    name: "strings.decode_hex",
    about: "The text whose UTF-8 bytes the hexadecimal digits are; null when they are not.",
    params: &[param("text", Type::String, "Pairs of hexadecimal digits; white space is ignored.")],
    returns: Type::String,
    needs: &[],
    examples: &[example(r#"strings.decode_hex("68 69")"#, r#""hi""#), example(r#"strings.decode_hex("6")"#, "null")],
    memo: false,
    body: Body::Plain(|args| {
        let decoded = args.str(0).and_then(decode_hex);
        Ok(decoded.map_or(Value::Null, |text| Value::Str(args.ctx.arena.text(text))))
    }),
};

fn decode_hex(text: &str) -> Option<String> {
    let digits: Option<Vec<u8>> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    String::from_utf8(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()).ok()
}
