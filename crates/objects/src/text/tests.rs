use super::*;

/// All finds, in order, separated by blanks.
#[track_caller]
fn check(text: &str, expected: &str) {
    let found: Vec<String> = find(text, 100).into_iter().map(|found| found.url.url).collect();
    assert_eq!(found.join(" "), expected, "{text:?}");
}

#[test]
fn urls_names_and_addresses_are_found() {
    check("see https://example.com/a?b=c#d and http://example.org", "https://example.com/a?b=c#d http://example.org");
    check("www.example.com or example.co.uk/x?y", "www.example.com example.co.uk/x?y");
    check("write to Bob.Smith+x@mail.example.com today", "Bob.Smith+x@mail.example.com");
    check("ttp://example.com/x", "ttp://example.com/x");
    check("http://192.0.2.1:8080/x http://3232235777/", "http://192.0.2.1:8080/x http://3232235777/");
    check("host example.com:8080/x", "example.com:8080/x");
}

#[test]
fn every_form_of_link_is_found() {
    for (text, expected) in [
        ("hxxps://example.com/x", "hxxps://example.com/x"),
        ("Gohttps://example.com/x hhttp://example.com", "https://example.com/x http://example.com"),
        ("ftp://example.com/a;type=i", "ftp://example.com/a;type=i"),
        ("HTTPS://EXAMPLE.COM/Path", "HTTPS://EXAMPLE.COM/Path"),
        ("https://user:pw@example.com/", "https://user:pw@example.com/"),
        ("https://google.com@evil.example/x", "https://google.com@evil.example/x"),
        ("https://bücher.example/ä?ö=ü#ß", "https://bücher.example/ä?ö=ü#ß"),
        ("bücher.de and xn--bcher-kva.de", "bücher.de xn--bcher-kva.de"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("http://0300.0250.1.1/", "http://0300.0250.1.1/"),
        ("https:\\\\example.com\\x", ""),
        ("sub.example.co.uk:8443/a?b#c", "sub.example.co.uk:8443/a?b#c"),
        ("example.com?x=1 example.com#y", "example.com?x=1 example.com#y"),
        ("www.intranet.unlistedsuffix/x", "www.intranet.unlistedsuffix/x"),
        ("intranet.unlistedsuffix/x", ""),
        ("tel:+1-555-0100 mailto:a@example.com?subject=x", "a@example.com"),
        ("a.b+c_d@sub.example.com,e@example.org;f@example.net", "a.b+c_d@sub.example.com e@example.org f@example.net"),
        ("\"Jane\" <jane@example.com>", "jane@example.com"),
        ("user@bücher.de", "user@bücher.de"),
        ("https://example.com/a.", "https://example.com/a"),
        ("https://example.com/?", "https://example.com/"),
        ("{https://example.com/a}", "https://example.com/a"),
        ("https://example.com/a\nb", "https://example.com/a"),
        ("\u{201c}https://example.com/a\u{201d}", "https://example.com/a"),
    ] {
        check(text, expected);
    }
}

#[test]
fn punctuation_around_a_find_goes() {
    check("(https://example.com/a), \"https://example.org/b\".", "https://example.com/a https://example.org/b");
    check("<https://example.com/x> [https://example.org]", "https://example.com/x https://example.org");
    check(
        "https://example.com/wiki/A_(b) and (see https://example.com/wiki/A_(b))",
        "https://example.com/wiki/A_(b) https://example.com/wiki/A_(b)",
    );
    check("Go to example.com. Then example.org!", "example.com example.org");
    check("[text](https://example.com/x)", "https://example.com/x");
    check("https://example.com,https://example.org", "https://example.com https://example.org");
    check("Website:example.com Mail:a@example.com", "example.com a@example.com");
    check("访问https://example.com/a，谢谢。", "https://example.com/a");
}

#[test]
fn other_text_is_left_alone() {
    for text in [
        "e.g. this",
        "i.e. that",
        "at 5 p.m. today",
        "version 1.2.3",
        "file.txt and report.pdf",
        "done.It was",
        "end.The next",
        "10.5.2024",
        "a@b",
        "user@localhost",
        "@handle",
        "foo@",
        "http://",
        "://x",
        "www.",
        "...",
        "a.b",
        "U.S.A.",
        "$1.50",
        "Node.js",
        "x..com",
        "192.168.1.1",
    ] {
        check(text, "");
    }
}

#[test]
fn an_address_is_no_name() {
    check("a@example.com", "a@example.com");
    check("mailto:a@example.com", "a@example.com");
    check("a@b@example.com", "b@example.com");
    check("first.last@example.com.", "first.last@example.com");
}

#[test]
fn a_url_inside_a_url_stays_inside() {
    let found = find("https://example.com/?u=https://example.org/x", 10);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].url.url, "https://example.com/?u=https://example.org/x");
}

#[test]
fn repeats_fall_away() {
    assert_eq!(links("example.com example.com example.org", &Limits::default()).len(), 2);
    let limits = Limits { message_links: 1, ..Limits::default() };
    assert_eq!(links("example.com example.org", &limits).len(), 1);
}

#[test]
fn shown_text_may_be_a_url_as_a_whole() {
    for text in ["https://example.com/x", "example.com", "www.example.com/login", " <a@example.com> ", "192.0.2.1/x", "example.com."] {
        assert!(whole_url(text).is_some(), "{text}");
    }
    for text in ["Click here", "see example.com", "", "1.5", "example", "12345", "a b@example.com", "Node.js"] {
        assert!(whole_url(text).is_none(), "{text}");
    }
}

#[test]
fn long_words_cost_their_length() {
    for unit in ["a.", "a@", "a:", "://", "a://", "example.com", "a@b.com", ".", "(", "http://a(", "é.", "www.", "x.com/", "a.com:"] {
        let _ = find(&unit.repeat(200_000), 10_000);
    }
}
