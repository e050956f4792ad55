use super::*;

/// `scheme host port path query fragment`, `-` for null.
#[track_caller]
fn check(text: &str, expected: &str) {
    let url = Url::parse(text).unwrap_or_else(|| panic!("{text:?} is a URL"));
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
    let port = url.port.map_or_else(|| "-".to_owned(), |port| port.to_string());
    let found = [part(&url.scheme), url.host().to_owned(), port, part(&url.path), part(&url.query_params), part(&url.fragment)].join(" ");
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn a_url_is_split() {
    check("https://Mail.Example.com/p?q=1#f", "https mail.example.com 443 /p q=1 f");
    check("http://example.com", "http example.com 80 - - -");
    check("http://example.com/", "http example.com 80 / - -");
    check("https://example.com:8443?x", "https example.com 8443 - x -");
    check("ftp://example.com/a%20b", "ftp example.com - /a%20b - -");
}

#[test]
fn the_url_stays_as_written() {
    for text in ["e.example.com", "HTTPS://Example.COM/A", "https:\\\\example.com\\a", "https://exa\u{200b}mple.com/"] {
        assert_eq!(Url::parse(text).unwrap().url, text);
    }
    assert_eq!(Url::parse("  https://exa\tmple.com/\r\na ").unwrap().url, "https://example.com/a");
}

#[test]
fn slashes_may_be_wrong() {
    check("https:/\\example.com\\a?b", "https example.com 443 \\a b -");
    check("http:example.com/x", "http example.com 80 /x - -");
    check("https:////example.com", "https example.com 443 - - -");
    check("//example.com/x", "http example.com 80 /x - -");
    check("ttp://example.com/x", "ttp example.com - /x - -");
}

#[test]
fn a_host_without_scheme_is_http() {
    check("example.com/login?a=b", "http example.com 80 /login a=b -");
    check("example.com:8080/x", "http example.com 8080 /x - -");
    check("192.0.2.1/x", "http 192.0.2.1 80 /x - -");
    for text in ["hello", "click here", "file.unknownsuffix", "12", "1.5", "", "#top", "/path", "?q=1", "C:\\x.com"] {
        assert!(Url::parse(text).is_none(), "{text:?}");
    }
}

#[test]
fn strict_wants_a_scheme_and_a_host() {
    assert!(Url::parse_strict("example.com/x").is_none());
    assert!(Url::parse_strict("https://").is_none());
    assert!(Url::parse_strict("https:///?x").is_none());
    assert!(Url::parse_strict("https://example.com").is_some());
    assert!(Url::parse_strict("tel:+123").is_some());
}

#[test]
fn user_info_ends_at_the_last_at_sign() {
    let url = Url::parse("https://google.com@evil.example/").unwrap();
    assert_eq!((url.username.as_deref(), url.password.as_deref(), url.host()), (Some("google.com"), None, "evil.example"));
    let url = Url::parse("https://a:b@c@evil.example/").unwrap();
    assert_eq!((url.username.as_deref(), url.password.as_deref(), url.host()), (Some("a"), Some("b@c"), "evil.example"));
    let url = Url::parse("https://evil.example/@google.com").unwrap();
    assert_eq!((url.username.as_deref(), url.host()), (None, "evil.example"));
}

#[test]
fn hosts_may_be_numbers() {
    let ip = |text: &str| Url::parse(text).unwrap().ip.map(|ip| (ip.ip, ip.translation.map(|it| it.encoders).unwrap_or_default()));
    assert_eq!(ip("http://3232235777/"), Some(("192.168.1.1".to_owned(), vec!["decimal_integer".to_owned()])));
    assert_eq!(ip("http://0300.0250.1.1"), Some(("192.168.1.1".to_owned(), vec!["octal".to_owned()])));
    assert_eq!(ip("http://[2001:db8::1]:81/"), Some(("2001:db8::1".to_owned(), vec![])));
    // Every notation of one address, and how it was told.
    for (host, encoders, is_mapped) in [
        ("192.168.1.1", "", None),
        ("0300.0250.01.01", "octal", None),
        ("030052000401", "octal", None),
        ("0xC0.0xA8.0x1.0x1", "hex", None),
        ("0xc0a80101", "hex", None),
        ("0XC0A80101", "hex", None),
        ("3232235777", "decimal_integer", None),
        ("192.168.257", "decimal_integer", None),
        ("192.11010305", "decimal_integer", None),
        ("0300.168.0x1.1", "hex octal", None),
        ("%31%39%32.168.1.1", "", None),
        ("[::ffff:192.168.1.1]", "", Some(true)),
        ("[::ffff:c0a8:101]", "", Some(true)),
    ] {
        let url = Url::parse(&format!("https://user@{host}:8080/x")).unwrap();
        let ip = url.ip.unwrap_or_else(|| panic!("{host} is an address"));
        let translation = ip.translation.unwrap_or_default();
        assert_eq!(
            (ip.ip.as_str(), translation.encoders.join(" "), translation.v4_to_v6),
            ("192.168.1.1", encoders.to_owned(), is_mapped),
            "{host}"
        );
        assert_eq!(
            (url.port, url.username.as_deref(), url.domain.map(|domain| domain.valid)),
            (Some(8080), Some("user"), Some(false)),
            "{host}"
        );
    }
    let url = Url::parse("http://[::ffff:c0a8:101]/").unwrap();
    assert_eq!(url.ip.unwrap().translation.unwrap().v4_to_v6, Some(true));
    let domain = url.domain.unwrap();
    assert_eq!((domain.domain.as_str(), domain.valid, domain.root_domain), ("::ffff:c0a8:101", false, None));
}

#[test]
fn hosts_are_decoded_once() {
    check("https://ex%61mple.com/", "https example.com 443 / - -");
    check("https://ex%2561mple.com/", "https ex%61mple.com 443 / - -");
    check("https://bücher.example/", "https xn--bcher-kva.example 443 / - -");
    check("https://ｅｘａｍｐｌｅ。com/", "https example.com 443 / - -");
}

#[test]
fn a_port_that_is_none_is_null() {
    check("http://example.com:an_15/x", "http example.com - /x - -");
    check("http://example.com:99999/x", "http example.com - /x - -");
    check("http://example.com:/x", "http example.com 80 /x - -");
}

#[test]
fn parameters_are_decoded() {
    let params = Url::parse("https://example.com/?a=1&a=2&b=x%20y+z&c&%64=%C3%A9").unwrap().query_params_decoded.unwrap();
    assert_eq!(params["a"], ["1", "2"]);
    assert_eq!(params["b"], ["x y z"]);
    assert_eq!(params["c"], [""]);
    assert_eq!(params["d"], ["é"]);
    assert_eq!(Url::parse("https://example.com/").unwrap().query_params_decoded, None);
}

#[test]
fn a_mail_address_is_bare() {
    for text in ["mailto:bob@example.com?subject=Hi", "MAILTO:bob@example.com", "bob@example.com", "mailto:bob%40example.com"] {
        let url = Url::parse(text).unwrap();
        assert_eq!((url.url.as_str(), url.scheme.as_deref(), url.host()), ("bob@example.com", Some("mailto"), "example.com"), "{text}");
        assert_eq!((url.username, url.path), (None, None));
    }
    assert_eq!(Url::parse("mailto:").unwrap().domain, None);
}

#[test]
fn other_schemes_have_no_host() {
    for text in ["tel:+1-555-0100", "javascript:alert(1)", "data:text/html,<b>x", "cid:part1@example.com", "sms:123"] {
        let url = Url::parse(text).unwrap();
        assert_eq!((url.url.as_str(), url.domain), (text, None));
    }
}

#[test]
fn attribute_values_are_never_lost() {
    for (text, scheme) in [("#top", "http"), ("", "http"), ("page.html?x=1", "http"), ("https://", "http")] {
        let url = Url::href(text, None);
        assert_eq!((url.url.as_str(), url.scheme.as_deref(), url.domain), (text, Some(scheme), None), "{text:?}");
    }
    assert_eq!(Url::href("#additionalatt", None).fragment.as_deref(), Some("additionalatt"));
}

#[test]
fn a_base_completes_relative_references() {
    let base = Url::parse("https://example.com:8443/a/b?c").unwrap();
    let joined = |text: &str| Url::href(text, Some(&base)).url;
    assert_eq!(joined("d.html"), "https://example.com:8443/a/d.html");
    assert_eq!(joined("/d"), "https://example.com:8443/d");
    assert_eq!(joined("?x"), "https://example.com:8443/a/b?x");
    assert_eq!(joined("//other.example/x"), "//other.example/x");
    assert_eq!(joined("#x"), "#x");
}

#[test]
fn hostile_text_is_no_work() {
    for text in [
        "https://".repeat(100_000),
        "@".repeat(1 << 20),
        format!("https://{}", "a@".repeat(1 << 19)),
        "%".repeat(1 << 20),
        ":".repeat(1 << 20),
    ] {
        let _ = Url::parse(&text);
        let _ = Url::href(&text, None);
    }
}
