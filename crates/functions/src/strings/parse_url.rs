//! `strings.parse_url`, `strings.parse_domain`, `strings.parse_email`: texts taken apart.

use mailhound_mql::{Body, Default, Function, example, param};
use mailhound_objects::{Domain, EmailAddress, Url};
use mailhound_value::{Type, Typed, Value};

pub(super) static PARSE_URL: Function = Function {
    name: "strings.parse_url",
    about: "The parts of a URL, after unwrapping link-protection and redirect services; null for text that is no URL.",
    params: &[
        param("text", Type::String, "The URL."),
        param("strict", Type::Bool, "A scheme is required; without it `example.com/x` is a URL too.").optional(Default::Bool(true)),
    ],
    returns: <Url as Typed>::TYPE,
    needs: &[],
    examples: &[
        example(r#"strings.parse_url("https://mail.example.com/p?q=1#f").domain.root_domain"#, r#""example.com""#),
        example(r#"strings.parse_url("https://example.com/?a=1&a=2").query_params_decoded["a"]"#, r#"["1","2"]"#),
        example(r#"strings.parse_url("example.com/x").path"#, "null"),
        example(r#"strings.parse_url("example.com/x", strict=false).path"#, r#""/x""#),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let Some(text) = args.str(0) else { return Ok(Value::Null) };
        let url = if args.bool(1) == Some(false) { Url::parse(text) } else { Url::parse_strict(text) };
        Ok(url.map_or(Value::Null, |url| Value::Object(args.ctx.arena.object(url))))
    }),
};

pub(super) static PARSE_DOMAIN: Function = Function {
    name: "strings.parse_domain",
    about: "The parts of a host name by the ICANN section of the Public Suffix List; null for text that is no host name.",
    params: &[param("text", Type::String, "The host name.")],
    returns: <Domain as Typed>::TYPE,
    needs: &[],
    examples: &[
        example(r#"strings.parse_domain("a.b.example.co.uk").root_domain"#, r#""example.co.uk""#),
        example(r#"strings.parse_domain("x.github.io").root_domain"#, r#""github.io""#),
        example(r#"strings.parse_domain("xn--bcher-kva.example").punycode"#, r#""bücher.example""#),
        example(r#"strings.parse_domain(null).valid"#, "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let domain = args.str(0).and_then(Domain::parse_name);
        Ok(domain.map_or(Value::Null, |domain| Value::Object(args.ctx.arena.object(domain))))
    }),
};

pub(super) static PARSE_EMAIL: Function = Function {
    name: "strings.parse_email",
    about: "The parts of a mail address, in lower case; null for text that is no address.",
    params: &[param("text", Type::String, "The address.")],
    returns: <EmailAddress as Typed>::TYPE,
    needs: &[],
    examples: &[
        example(r#"strings.parse_email("Bob@Mail.example.com").local_part"#, r#""bob""#),
        example(r#"strings.parse_email("bob@mail.example.com").domain.root_domain"#, r#""example.com""#),
        example(r#"strings.parse_email("no address").email"#, "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let address = args.str(0).and_then(EmailAddress::parse);
        Ok(address.map_or(Value::Null, |address| Value::Object(args.ctx.arena.object(address))))
    }),
};
