//! Whole messages: what a user sees of them in the model.

use crate::{Message, Options, is_message, parse};
use chrono::DateTime;
use mailhound_value::{Limits, ToValue, Unavailable, to_json};

fn message(text: &str) -> Message {
    parse(text.as_bytes(), &Options { now: DateTime::from_timestamp(1_700_000_000, 0), ..Options::default() })
}

/// Compares one place of the model, `a.b.0.c`, with JSON.
#[track_caller]
fn check(text: &str, path: &str, expected: serde_json::Value) {
    let mut json = to_json(message(text).to_value(), &mut Vec::new());
    for step in path.split('.') {
        json = match step.parse::<usize>() {
            Ok(idx) => json.get(idx).cloned().unwrap_or_default(),
            Err(_) => json.get(step).cloned().unwrap_or_default(),
        };
    }
    assert_eq!(json, expected, "{path} of\n{text}");
}

#[test]
fn a_simple_message_is_read() {
    let text = "From: Ian <Ian@Example.com>\nTo: a@example.org, B <b@example.org>\nSubject: Re: Hi\nDate: Mon, 21 Oct 2019 14:23:24 -0400\n\
                Message-ID: <1@example.com>\nReferences: <a@b> <c@d>\nMIME-Version: 1.0\n\nHello\n";
    check(text, "sender.email.email", "ian@example.com".into());
    check(text, "sender.display_name", "Ian".into());
    check(text, "recipients.to.1.email.email", "b@example.org".into());
    check(text, "subject.base", "Hi".into());
    check(text, "headers.date", "2019-10-21T18:23:24Z".into());
    check(text, "headers.date_original_offset", "-4".into());
    check(text, "headers.message_id", "<1@example.com>".into());
    check(text, "headers.references", vec!["a@b", "c@d"].into());
    check(text, "body.plain.raw", "Hello\n".into());
    check(text, "type.inbound", true.into());
    check(text, "_meta.effective_at", "2019-10-21T18:23:24Z".into());
    check(text, "_meta.created_at", "2023-11-14T22:13:20.000000000Z".into());
    check(text, "_errors", Vec::<i64>::new().into());
}

#[test]
fn absent_is_null_and_empty_is_empty() {
    check("From: a@b.example\n\n", "subject.subject", serde_json::Value::Null);
    check("From: a@b.example\nSubject:\n\n", "subject.subject", "".into());
    check("From: a@b.example\n\n", "subject.is_reply", serde_json::Value::Null);
    check("Subject: x\n\n", "sender.email.email", "".into());
    check("Subject: x\n\n", "sender.email.domain.valid", false.into());
    check("Subject: x\n\n", "body.html", serde_json::Value::Null);
    check("Subject: x\n\n", "body.plain.raw", "".into());
    check("Subject: x\n\n", "recipients.to", Vec::<i64>::new().into());
    check("From: a@b.example\nReturn-Path: <>\n\n", "headers.return_path", serde_json::Value::Null);
}

#[test]
fn bytes_that_are_no_message_give_null_and_empty() {
    for bytes in [
        &b""[..],
        b"%PDF-1.4\n%\xe2\xe3\n1 0 obj <</Type: x>>",
        b"<!DOCTYPE html PUBLIC \"http://x\">\n<p>",
        b"BEGIN:VCALENDAR\nVERSION:2.0\n",
        b"\0\0",
    ] {
        assert!(!is_message(bytes));
        let json = to_json(parse(bytes, &Options::default()).to_value(), &mut Vec::new());
        for (path, expected) in [
            ("/type", None),
            ("/sender", None),
            ("/_meta", None),
            ("/subject/subject", None),
            ("/body/html", None),
            ("/attachments", Some("[]")),
            ("/headers/hops", Some("[]")),
            ("/recipients/to", Some("[]")),
            ("/body/links", Some("[]")),
            ("/body/previous_threads", Some("[]")),
        ] {
            assert_eq!(json.pointer(path).map(ToString::to_string).as_deref(), expected, "{path} of {bytes:?}");
        }
    }
}

const MIXED: &str = "From: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n\
    --a\nContent-Type: text/plain; charset=ISO-8859-1\nContent-Transfer-Encoding: Quoted-Printable\n\nCaf=E9\n--a\n\
    Content-Type: text/html; charset=UTF-8\n\n<p>Hi</p>\n--a\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--a--\n--m\n\
    Content-Type: image/png; name=\"=?utf-8?q?=C3=A9.PNG?=\"\nContent-ID: <c@d>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\n\
    iVBORw0KGgo=\n--m\nContent-Type: message/rfc822\n\nSubject: inner\n\nx\n--m\nContent-Type: text/html; name=x.html\n\n<b>\n--m--\n";

#[test]
fn parts_become_bodies_and_attachments() {
    check(MIXED, "body.plain.raw", "Café".into());
    check(MIXED, "body.plain.charset", "iso-8859-1".into());
    check(MIXED, "body.plain.content_transfer_encoding", "quoted-printable".into());
    check(MIXED, "body.html.raw", "<p>Hi</p>".into());
    let model = message(MIXED);
    let shown: Vec<_> = model
        .attachments
        .iter()
        .map(|it| {
            (
                it.content_type.as_deref().unwrap_or("-"),
                it.file_name.as_deref().unwrap_or("-"),
                it.file_extension.as_deref().unwrap_or("-"),
                it.size,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("text/calendar", "-", "-", 15),
            ("image/png", "é.PNG", "PNG", 8),
            ("message/rfc822", "-", "eml", 17),
            ("text/html", "x.html", "html", 3)
        ]
    );
    check(MIXED, "attachments.1.content_id", "c@d".into());
    check(MIXED, "attachments.1.content_disposition", "inline".into());
    check(MIXED, "attachments.1.raw", "iVBORw0KGgo=".into());
    check(MIXED, "attachments.1.md5", "e9dd2797018cad79186e03e8c5aec8dc".into());
    assert_eq!(model.attachments[2].bytes(), b"Subject: inner\n\nx");
}

#[test]
fn side_by_side_texts_are_one_body() {
    let mixed = |first: &str| format!("From: a@b.c\nContent-Type: multipart/mixed; boundary=m\n\n--m\n{first}\n--m\n\nfooter\n--m--\n");
    check(&mixed("\nhello"), "body.plain.raw", "hello\nfooter".into());
    let nested = mixed("Content-Type: multipart/alternative; boundary=a\n\n--a\n\nhello\n--a--");
    check(&nested, "body.plain.raw", "hello".into());
    check(&nested, "attachments.0.size", 6.into());
}

#[test]
fn a_message_of_one_file_has_no_body() {
    let text = "From: a@b.c\nContent-Type: application/pdf\n\n%PDF-1.4";
    check(text, "body.plain", serde_json::Value::Null);
    check(text, "attachments.0.file_type", "pdf".into());
}

#[test]
fn unknown_character_sets_are_guessed() {
    let text = |bytes: &[u8]| [&b"From: a@b.c\nContent-Type: text/plain; charset=nonsense\n\n"[..], bytes].concat();
    for (bytes, expected) in [(&b"\xc3\xa9"[..], "é"), (b"\xe9", "é")] {
        let model = parse(&text(bytes), &Options::default());
        assert_eq!(model.body.plain.unwrap().raw, expected);
    }
}

#[test]
fn google_groups_hide_the_author() {
    let text = "From: 'Jane Doe' via Team <team@b.example>\nX-Original-Sender: jane@a.example\nList-ID: <team.b.example>\n\n";
    check(text, "sender.email.email", "jane@a.example".into());
    check(text, "sender.display_name", "Jane Doe".into());
    check(text, "sender.decoders", vec!["google_groups"].into());
    check(text, "headers.from.email.email", "team@b.example".into());
}

#[test]
fn a_message_to_nobody_went_to_its_holder() {
    check("From: a@b.example\nDelivered-To: c@d.example\n\n", "recipients.bcc.0.email.email", "c@d.example".into());
    check("From: a@b.example\nDelivered-To: c@d.example\nTo: e@f.example\n\n", "recipients.bcc", Vec::<i64>::new().into());
    check("From: a@b.example\nTo: e@f.example\n\n", "mailbox.email.email", "e@f.example".into());
}

#[test]
fn other_headers_are_read() {
    let text = "From: a@b.example\nX-Originating-IP: [192.0.2.1]\nX-Authenticated-Sender: host.example: x@y.example\nX-Mailer: M 1\nX-Spam-Flag: YES\n\n";
    check(text, "headers.x_originating_ip.ip", "192.0.2.1".into());
    check(text, "headers.x_authenticated_sender.email", "x@y.example".into());
    check(text, "headers.x_authenticated_domain.domain", "y.example".into());
    check(text, "headers.mailer", "M 1".into());
    check(text, "external.spam", true.into());
}

#[test]
fn links_of_both_parts_are_one_list() {
    let text = "From: a@b.example\nContent-Type: multipart/alternative; boundary=m\n\n--m\n\nsee https://a.example/ and https://b.example/\n\
                --m\nContent-Type: text/html\n\n<p>https://d.example/</p><a href='https://a.example/'>https://a.example/</a>\
                <a href='https://c.example/'>go</a>\n--m--\n";
    let model = message(text);
    let shown = |links: &[std::sync::Arc<mailhound_objects::Link>]| {
        let one =
            |link: &std::sync::Arc<mailhound_objects::Link>| format!("{} {}", link.parser.unwrap(), link.href_url.as_ref().unwrap().host());
        links.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(shown(model.body.links()), "hyperlink a.example, hyperlink c.example, plain d.example, plain b.example");
    assert_eq!(shown(model.body.html.as_ref().unwrap().links()), "hyperlink a.example, hyperlink c.example, plain d.example");
    assert_eq!(shown(model.body.plain.as_ref().unwrap().links()), "plain a.example, plain b.example");
}

#[test]
fn addresses_of_text_and_links_are_one_list() {
    let text = "From: a@b.example\nContent-Type: text/html\n\n<p>192.0.2.9, 192.0.2.9 and 8.14.7</p><a href='http://3221225994/'>192.0.2.10</a>\
                <a href='http://[2001:db8::1]/'>x</a><span hidden>192.0.2.99</span>";
    let ips: Vec<_> = message(text).body.ips().iter().map(|ip| ip.ip.clone()).collect();
    assert_eq!(ips, ["192.0.2.9", "192.0.2.10", "2001:db8::1"]);
}

#[test]
fn the_best_known_time_of_receipt_counts() {
    let date = "From: a@b.example\nDate: Mon, 21 Oct 2019 18:23:00 +0000\n";
    let way = "Received: by c.example; Mon, 21 Oct 2019 18:25:00 +0000\nReceived: by b.example; Mon, 21 Oct 2019 18:24:00 +0000\n";
    check(&format!("{date}\n"), "_meta.effective_at", "2019-10-21T18:23:00Z".into());
    check(&format!("{way}{date}\n"), "_meta.effective_at", "2019-10-21T18:25:00Z".into());
    check(&format!("Received: by d.example; never\n{way}{date}\n"), "_meta.effective_at", "2019-10-21T18:25:00Z".into());
    check("From: a@b.example\n\n", "_meta.effective_at", "2023-11-14T22:13:20.000000000Z".into());
    let external = crate::model::External { created_at: Some("2019-10-21T19:00:00Z".to_owned()), ..Default::default() };
    let model = parse(format!("{way}{date}\n").as_bytes(), &Options { external: Some(external), ..Options::default() });
    assert_eq!(model.effective_at(), Some("2019-10-21T19:00:00Z"));
}

#[test]
fn messages_of_one_campaign_share_an_id() {
    let id = |headers: &str, body: &str| message(&format!("From: a@b.example\n{headers}\n{body}")).meta().clone().unwrap().canonical_id;
    let first = id("Subject: Pay now\nTo: x@c.example\n", "Hello,\nplease pay.\n");
    assert_eq!(first.len(), 64);
    assert_eq!(first, id("Subject: Re: Pay now\nTo: y@d.example\nDate: Mon, 21 Oct 2019 18:23:00 +0000\n", "hello, please  pay.\n"));
    assert_ne!(first, id("Subject: Pay now\n", "Hello, please pay me.\n"));
    assert_ne!(first, id("Subject: Pay later\n", "Hello,\nplease pay.\n"));
}

#[test]
fn every_named_header_has_its_field() {
    for (header, path, expected) in [
        ("Return-Path: a@B.example", "headers.return_path.email", Some("a@b.example")),
        ("Return-Path: <a@b.example> (sender)", "headers.return_path.email", Some("a@b.example")),
        ("Delivered-To: <j@b.example>", "headers.delivered_to.local_part", Some("j")),
        ("Message-Id: <1@b.example>", "headers.message_id", Some("<1@b.example>")),
        ("In-Reply-To: <1@b.example>", "headers.in_reply_to", Some("<1@b.example>")),
        ("User-Agent: Mutt", "headers.mailer", Some("Mutt")),
        ("User-Agent: Mutt\nX-Mailer: Outlook", "headers.mailer", Some("Outlook")),
        ("X-Originating-IP: 192.0.2.1", "headers.x_originating_ip.ip", Some("192.0.2.1")),
        ("X-Originating-IP: [2001:DB8::1]", "headers.x_originating_ip.ip", Some("2001:db8::1")),
        ("X-Originating-IP: 192.0.2.1, 192.0.2.2", "headers.x_originating_ip.ip", Some("192.0.2.1")),
        ("X-Originating-IP: unknown", "headers.x_originating_ip", None),
        ("X-Client-IP: 192.0.2.1", "headers.x_client_ip.ip", Some("192.0.2.1")),
        ("X-Sender: <a@b.example>", "headers.x_sender.email", Some("a@b.example")),
        ("X-Sender: nobody", "headers.x_sender", None),
        ("X-Authenticated-Sender: a@b.example", "headers.x_authenticated_sender.email", Some("a@b.example")),
        ("X-Authenticated-Sender: a@b.example", "headers.x_authenticated_domain.domain", Some("b.example")),
        (
            "X-Authenticated-Sender: a@b.example\nX-Authenticated-Domain: C.example",
            "headers.x_authenticated_domain.domain",
            Some("c.example"),
        ),
        ("X-SecureServer-Acct: a@b.example", "headers.x_secure_server_account", Some("a@b.example")),
        ("Reply-To: Jane <j@b.example>, k@b.example", "headers.reply_to.1.email.email", Some("k@b.example")),
        ("Delivered-To: top@b.example\nDelivered-To: low@b.example", "headers.delivered_to.email", Some("top@b.example")),
        ("subject: =?utf-8?Q?caf=C3=A9?=", "subject.subject", Some("café")),
    ] {
        check(&format!("From: a@b.example\n{header}\n\n"), path, expected.into());
    }
}

#[test]
fn a_spam_mark_of_the_provider_counts() {
    for (header, expected) in [
        ("X-Spam-Flag: Yes", Some(true)),
        ("X-Spam-Flag: no", None),
        ("X-MS-Exchange-Organization-SCL: 5", Some(true)),
        ("X-MS-Exchange-Organization-SCL: 1", None),
    ] {
        check(&format!("From: a@b.example\n{header}\n\n"), "external.spam", expected.into());
    }
}

#[test]
fn repeated_address_headers_add_up() {
    let text = "From: a@b.example, z@b.example\nTo: c@d.example\nTo: c@d.example, undisclosed-recipients:;\nCc: e@f.example\n\n";
    check(text, "recipients.to.1.email.email", "c@d.example".into());
    check(text, "recipients.to.2.display_name", "undisclosed-recipients".into());
    check(text, "recipients.to.2.email.email", "".into());
    check(text, "recipients.to.2.email.domain.valid", false.into());
    check(text, "recipients.cc.0.email.email", "e@f.example".into());
    check(text, "sender.email.email", "a@b.example".into());
}

#[test]
fn only_a_rewritten_sender_is_recovered() {
    let group = "X-Google-Group-Id: 12\nX-Original-From: Jane <jane@a.example>\n";
    for (from, headers, email, name) in [
        ("\"'Jane Doe' via Team\" <team@b.example>", group, "jane@a.example", "Jane Doe"),
        ("Jane Doe via Team <team@b.example>", group, "jane@a.example", "Jane Doe"),
        ("Jane Doe via Team <team@b.example>", "List-ID: <team>\n", "team@b.example", "Jane Doe via Team"),
        ("Jane Doe via Team <team@b.example>", "X-Original-From: jane@a.example\n", "team@b.example", "Jane Doe via Team"),
        ("Jane Doe <team@b.example>", group, "team@b.example", "Jane Doe"),
        ("Jane Doe via Team <team@b.example>", "Sender: x@c.example\n", "team@b.example", "Jane Doe via Team"),
    ] {
        let text = format!("From: {from}\n{headers}\n");
        check(&text, "sender.email.email", email.into());
        check(&text, "sender.display_name", name.into());
        check(&text, "headers.from.email.email", "team@b.example".into());
    }
}

#[test]
fn direction_needs_authenticated_senders_of_ours() {
    let model = |results: &str, to: &str| {
        let text = format!("From: a@us.example\nReturn-Path: <a@us.example>\nTo: {to}\nAuthentication-Results: mx; {results}\n\n");
        let options = Options { org_domains: ["us.example".to_owned()].into(), ..Options::default() };
        let direction = parse(text.as_bytes(), &options).r#type.unwrap();
        (direction.inbound, direction.outbound, direction.internal)
    };
    assert_eq!(model("spf=pass", "b@us.example"), (false, false, true));
    assert_eq!(model("spf=pass", "b@us.example, c@example.com"), (false, true, true));
    assert_eq!(model("spf=pass", "c@example.com"), (false, true, false));
    assert_eq!(model("spf=pass; dkim=fail", "b@us.example"), (true, false, false));
    assert_eq!(model("spf=none", "b@us.example"), (true, false, false));
    assert_eq!(model("spf=pass; dmarc=softfail", "b@us.example"), (true, false, false));
    assert_eq!(model("dkim=pass", "undisclosed-recipients:;"), (true, false, false));
    assert_eq!(model("dkim=pass", "b@sub.us.example"), (false, false, true));
}

#[test]
fn a_trusted_relay_passes() {
    let text = b"From: a@us.example\nReturn-Path: <a@us.example>\nTo: b@us.example\n\
                 Authentication-Results: mx; spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=us.example\n\n";
    let model = |relays: &[&str]| {
        let trusted_relays = relays.iter().map(|&relay| relay.to_owned()).collect();
        let model = parse(text, &Options { org_domains: ["us.example".to_owned()].into(), trusted_relays, ..Options::default() });
        let spf = model.headers.auth_summary.unwrap().spf.unwrap();
        (spf.pass, spf.details.unwrap().verdict.unwrap(), model.r#type.unwrap().internal)
    };
    assert_eq!(model(&[]), (Some(false), "fail".to_owned(), false));
    assert_eq!(model(&["192.0.2.2"]), (Some(false), "fail".to_owned(), false));
    assert_eq!(model(&["192.0.2.1"]), (Some(true), "fail".to_owned(), true));
}

#[test]
fn what_the_caller_knows_of_the_direction_wins() {
    let text = b"From: a@us.example\nTo: b@us.example, c@example.com\n\n";
    let org_domains: std::collections::HashSet<String> = ["us.example".to_owned()].into();
    let sent = crate::model::External { route_type: Some("sent".to_owned()), ..Default::default() };
    let options = Options { org_domains: org_domains.clone(), external: Some(sent), ..Options::default() };
    let direction = parse(text, &options).r#type.unwrap();
    assert_eq!((direction.inbound, direction.outbound, direction.internal), (false, true, true));
    let known = crate::model::Direction { outbound: true, ..Default::default() };
    let options = Options { org_domains, direction: Some(known.clone()), ..Options::default() };
    assert_eq!(parse(text, &options).r#type, Some(known));
}

#[test]
fn a_nested_message_has_no_direction() {
    let model = parse(b"From: a@b.c\nDelivered-To: c@d.e\n\n", &Options { is_nested: true, ..Options::default() });
    let direction = model.r#type.unwrap();
    assert_eq!((direction.inbound, model.mailbox.is_none(), model.external.is_none()), (false, true, true));
}

#[test]
fn limits_are_named_when_they_are_hit() {
    let errors = |text: &str, limits: Limits| {
        let errors = parse(text.as_bytes(), &Options { limits, ..Options::default() }).errors().clone();
        errors.into_iter().filter(|error| error.r#type == "limit").map(|error| error.message).collect::<Vec<_>>().join("\n")
    };
    let limits = Limits::default();
    assert!(errors("From: a\nTo: b\nCc: c\n\n", Limits { message_headers: 2, ..limits.clone() }).contains("message.headers"));
    assert!(errors("From: a\nTo: b, c, d\n\n", Limits { message_addresses: 2, ..limits.clone() }).contains("message.addresses"));
    assert!(errors(MIXED, Limits { message_parts: 3, ..limits.clone() }).contains("message.parts"));
    assert!(errors(MIXED, Limits { message_depth: 1, ..limits.clone() }).contains("message.depth"));
    assert!(errors(MIXED, Limits { message_bytes: 100, ..limits.clone() }).contains("message.bytes"));
    assert!(errors("From: a\n\nhello", Limits { message_text: 2, ..limits.clone() }).contains("message.text"));
    assert!(errors("From: a\n\nb.com c.com", Limits { message_links: 1, ..limits.clone() }).contains("message.links"));
    let repeated = format!("From: a\n\n{} c.com", "b.com ".repeat(3));
    assert!(errors(&repeated, Limits { message_links: 3, ..limits.clone() }).contains("message.links"), "repeats count, too");
    let quotes = "From: a\n\nd\n> c\n>> b\n>>> a\n";
    assert!(errors(quotes, Limits { message_threads: 2, ..limits.clone() }).contains("message.threads"));
    assert_eq!(errors(quotes, limits.clone()), "");
    let html = |body: &str| format!("From: a\nContent-Type: text/html\n\n{body}");
    assert!(errors(&html(&"<div>".repeat(300)), limits.clone()).contains("html.depth"));
    assert!(errors(&html(&format!("<a {}>", "b ".repeat(2000))), limits.clone()).contains("html.attributes"));
    let rebuilt = format!("<p><b><i><u><s><em><tt><big>{}", "<p>x".repeat(20_000)); // each paragraph has them all
    assert!(errors(&html(&rebuilt), limits.clone()).contains("html.elements"));
    assert_eq!(errors(MIXED, limits), "");
}

#[test]
fn defects_are_reported_and_do_not_stop() {
    let text = " stray\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Transfer-Encoding: 8bit+\n\nx\n";
    let kinds: Vec<_> = message(text).errors().iter().map(|error| error.r#type.clone()).collect();
    assert_eq!(kinds, ["missing_header_field", "malformed_header", "unknown_transfer_encoding", "malformed_multipart"]);
    check(text, "body.plain.raw", "x\n".into());
}

#[test]
fn nested_copies_of_a_message_do_not_multiply() {
    let mut text = "From: a@b.example\n\nx\n".to_owned();
    for depth in 0..10 {
        text = format!(
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\nContent-Type: message/rfc822\n\n{text}\n--b{depth}--\n"
        );
    }
    let model = message(&text);
    assert_eq!((model.attachments.len(), model.body.plain.is_none()), (1, true));
    assert!(is_message(model.attachments[0].bytes()));
}

#[test]
fn what_lies_behind_a_limit_is_unavailable() {
    let page = "From: a@example.com\nContent-Type: text/html\n\n<a href=https://a.example.org/>a</a> <a href=https://b.example.org/>b</a>";
    let limits = Limits { message_links: 1, ..Limits::default() };
    let message = parse(page.as_bytes(), &Options { limits, ..Options::default() });
    assert_eq!(message.body.links().len(), 1);
    assert_eq!(message.body.links().rest, Some(Unavailable::limit("message.links")));
    let limits = Limits { message_text: 20, ..Limits::default() };
    let message = parse(page.as_bytes(), &Options { limits, ..Options::default() });
    assert_eq!(message.body.current_thread().err(), Some(Unavailable::limit("message.text")));
    assert!(message.body.links().rest.is_some());
    let message = parse(page.as_bytes(), &Options::default());
    assert!(message.body.links().rest.is_none() && message.body.current_thread().is_ok());
}

#[test]
fn addresses_before_a_limit_are_found() {
    let html = "From: a@example.com\nContent-Type: text/html\n\n<p>See 192.0.2.7 for more.</p> <p>And 192.0.2.9.</p>";
    let plain = "From: a@example.com\n\nSee 192.0.2.7 for more, much more. And 192.0.2.9.";
    for text in [html, plain] {
        let ips = |limits: Limits| {
            let message = parse(text.as_bytes(), &Options { limits, ..Options::default() });
            let ips = message.body.ips();
            (ips.iter().map(|ip| ip.ip.clone()).collect::<Vec<_>>().join(" "), ips.rest.clone())
        };
        let cut = ips(Limits { message_text: 30, ..Limits::default() });
        assert_eq!(cut, ("192.0.2.7".to_owned(), Some(Unavailable::limit("message.text"))), "{text}");
        assert_eq!(ips(Limits::default()), ("192.0.2.7 192.0.2.9".to_owned(), None), "{text}");
    }
}
