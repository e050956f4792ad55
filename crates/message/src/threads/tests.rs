use super::*;

/// Current text, then each quote as `preamble # text`; line feeds as `/`.
fn shown(segments: &Segments) -> Vec<String> {
    let line = |text: &Option<String>| text.clone().unwrap_or_default().replace('\n', " / ");
    let current = &segments.current;
    let first = match &current.preamble {
        Some(_) => format!("{} # {}", line(&current.preamble), line(&current.text)),
        None => line(&current.text),
    };
    let previous = segments.previous.iter().map(|quote| format!("{} # {}", line(&quote.preamble), line(&quote.text)));
    std::iter::once(first).chain(previous).collect()
}

fn plain(text: &str) -> Segments {
    let limits = Limits::default();
    of_plain(text, &mailhound_objects::text::placed_links(text, &limits), &limits)
}

fn html(text: &str) -> Segments {
    of_html(&Document::parse(text), &Limits::default())
}

#[track_caller]
fn check(segments: &Segments, expected: &[&str]) {
    assert_eq!(shown(segments), expected);
}

/// Author address and name, date, first To address, subject base of a quote.
#[track_caller]
fn check_head(quote: &PreviousThread, expected: [&str; 5]) {
    let author = quote.sender.clone().unwrap_or_default();
    let to = quote.recipients.as_ref().and_then(|all| all.to.first()).map(|to| to.email.email.clone()).unwrap_or_default();
    let subject = quote.subject.as_ref().and_then(|subject| subject.base.clone()).unwrap_or_default();
    let found = [author.email.email, author.display_name.unwrap_or_default(), quote.date.clone().unwrap_or_default(), to, subject];
    assert_eq!(found, expected);
}

#[test]
fn a_message_without_quotes_is_current() {
    check(&plain("Sublime Security test message.\n"), &["Sublime Security test message."]);
    check(&html("<p>Hi</p><p>Bye</p>"), &["Hi / Bye"]);
    check(&plain(""), &[""]);
    assert_eq!(Segments::default().current.text, None);
}

#[test]
fn marks_of_quotation() {
    let segments = plain(
        "Yes.\n\nOn Mon, Feb 3, 2025 at 7:09 PM Bob Roe <bob@example.com> wrote:\n> Shall we?\n> Bob\n>\n> On Sun, Feb 2, 2025 at 1:00 AM Ann <ann@example.org> wrote:\n>> First\n",
    );
    check(
        &segments,
        &[
            "Yes.",
            "On Mon, Feb 3, 2025 at 7:09 PM Bob Roe <bob@example.com> wrote: # Shall we? / Bob",
            "On Sun, Feb 2, 2025 at 1:00 AM Ann <ann@example.org> wrote: # First",
        ],
    );
    check_head(&segments.previous[0], ["bob@example.com", "Bob Roe", "2025-02-03T19:09:00Z", "", ""]);
    check_head(&segments.previous[1], ["ann@example.org", "Ann", "2025-02-02T01:00:00Z", "", ""]);
    assert_eq!(segments.previous[1].index, 1);
    check_head(&plain("Yes\n\nOn 12/09/2019 23.54, Bob Roe wrote:\n> x").previous[0], ["", "Bob Roe", "", "", ""]);
}

#[test]
fn an_answer_below_or_between_is_current() {
    check(
        &plain("On 2025-02-03 07:09, Bob wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo.\n"),
        &["Yes. /  /  / No.", "On 2025-02-03 07:09, Bob wrote: # One? / Two?"],
    );
    check(&plain("Hello\n> quoted\nanswer"), &["Hello / answer", " # quoted"]);
    check(&plain("Hello\n>From here on it is mine\nBye"), &["Hello / >From here on it is mine / Bye"]);
}

#[test]
fn a_wrapped_attribution_is_one() {
    let segments = plain("Yes\n\nOn Monday, February 3, 2025 at 7:09:10 AM GMT+1, Bob\nRoe <bob@example.com>\nwrote:\n\nShall we?");
    assert_eq!(segments.previous.len(), 1);
    check_head(&segments.previous[0], ["bob@example.com", "Bob Roe", "2025-02-03T06:09:10Z", "", ""]);
    assert_eq!(segments.previous[0].text.as_deref(), Some("Shall we?"));
}

#[test]
fn outlook_text_quotes() {
    let text = "Thanks\r\n\r\n________________________________\r\nFrom: Roe, Bob <Bob@Example.com>\r\nSent: Monday, February 3, 2025 7:09 AM\r\n\
        To: Doe, Ann <ann@example.org>; Poe, Eve\r\nCc: x@example.net\r\nSubject: RE: [EXT] Invoice\r\n\r\nPlease pay.\r\n\r\n\
        -----Original Message-----\r\nFrom: Ann [mailto:ann@example.org]\r\nSent: 2 February 2025 13:00\r\nTo: Bob\r\nSubject: Invoice\r\n\r\nHello";
    let segments = plain(text);
    check(
        &segments,
        &[
            "Thanks",
            "From: Roe, Bob <Bob@Example.com> / Sent: Monday, February 3, 2025 7:09 AM / To: Doe, Ann <ann@example.org>; Poe, Eve / Cc: x@example.net / Subject: RE: [EXT] Invoice # Please pay.",
            "-----Original Message----- / From: Ann [mailto:ann@example.org] / Sent: 2 February 2025 13:00 / To: Bob / Subject: Invoice # Hello",
        ],
    );
    check_head(&segments.previous[0], ["bob@example.com", "Roe, Bob", "2025-02-03T07:09:00Z", "ann@example.org", "Invoice"]);
    let to = &segments.previous[0].recipients.as_ref().unwrap().to;
    assert_eq!(
        (to[0].display_name.as_deref(), to[1].display_name.as_deref(), to[1].email.email.as_str()),
        (Some("Doe, Ann"), Some("Poe, Eve"), "")
    );
    assert_eq!(segments.previous[0].subject.as_ref().unwrap().is_reply, Some(true));
    check_head(&segments.previous[1], ["ann@example.org", "Ann", "2025-02-02T13:00:00Z", "", "Invoice"]);
}

#[test]
fn gmail_quotes() {
    let segments = html(
        "<div dir=ltr>Yes, <a href='https://a.example/'>here</a></div><br><div class='gmail_quote'><div dir=ltr class=gmail_attr>On Mon, Feb 3, 2025 at 7:09\u{202f}PM Bob Roe \
         &lt;<a href='mailto:bob@example.com'>bob@example.com</a>&gt; wrote:<br></div><blockquote class=gmail_quote style='border-left:1px solid'>\
         <div>Shall we? <a href='https://b.example/'>link</a></div></blockquote></div>-- <br>Ann",
    );
    check(&segments, &["Yes, here / -- / Ann", "On Mon, Feb 3, 2025 at 7:09PM Bob Roe <bob@example.com> wrote: # Shall we? link"]);
    check_head(&segments.previous[0], ["bob@example.com", "Bob Roe", "2025-02-03T19:09:00Z", "", ""]);
    let urls = |links: &[std::sync::Arc<Link>]| links.iter().map(|link| link.href_url.as_ref().unwrap().url.clone()).collect::<Vec<_>>();
    assert_eq!(urls(&segments.current.links), ["https://a.example/"]);
    assert_eq!(urls(&segments.previous[0].links), ["bob@example.com", "https://b.example/"]);
}

#[test]
fn outlook_html_quotes() {
    let desktop = "<div class=WordSection1><p>Thanks</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>\
        <p><b>From:</b> Bob &lt;bob@example.com&gt;<br><b>Sent:</b> Monday, February 3, 2025 7:09 AM<br><b>To:</b> Ann &lt;ann@example.org&gt;<br>\
        <b>Subject:</b> Invoice</p></div></div><p>Please pay.</p></div>";
    let web = "<div>Thanks</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg dir=ltr><font><b>From:</b> Bob &lt;bob@example.com&gt;<br>\
        <b>Sent:</b> Monday, February 3, 2025 7:09 AM<br><b>To:</b> Ann &lt;ann@example.org&gt;<br><b>Subject:</b> Invoice</font><div>&nbsp;</div></div>\
        <div>Please pay.</div>";
    for body in [desktop, web] {
        let segments = html(body);
        check(
            &segments,
            &[
                "Thanks",
                "From: Bob <bob@example.com> / Sent: Monday, February 3, 2025 7:09 AM / To: Ann <ann@example.org> / Subject: Invoice # Please pay.",
            ],
        );
        check_head(&segments.previous[0], ["bob@example.com", "Bob", "2025-02-03T07:09:00Z", "ann@example.org", "Invoice"]);
    }
}

#[test]
fn mozilla_and_apple_quotes() {
    check(
        &html("<p>Yes</p><div class=moz-cite-prefix>On 2/3/25 07:09, Bob wrote:<br></div><blockquote type=cite>Shall we?</blockquote>"),
        &["Yes", "On 2/3/25 07:09, Bob wrote: # Shall we?"],
    );
    check(
        &html(
            "Yes<div><br><blockquote type=cite><div>On 3 Feb 2025, at 07:09, Bob &lt;bob@example.com&gt; wrote:</div><br><div>Shall we?</div></blockquote></div>",
        ),
        &["Yes", "On 3 Feb 2025, at 07:09, Bob <bob@example.com> wrote: # Shall we?"],
    );
}

#[test]
fn a_forward_with_a_whole_header_block_is_a_previous_thread() {
    let segments = html(
        "<div dir=ltr><br><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: <b>Bob</b> &lt;bob@example.com&gt;<br>\
         Date: Mon, Feb 3, 2025 at 7:09 AM<br>Subject: Invoice<br>To: &lt;ann@example.org&gt;<br></div><br>Please pay.</div></div>",
    );
    assert_eq!(segments.current.text.as_deref(), Some(""));
    assert_eq!(segments.current.preamble, None);
    assert_eq!(segments.previous[0].text.as_deref(), Some("Please pay."));
    check_head(&segments.previous[0], ["bob@example.com", "Bob", "2025-02-03T07:09:00Z", "ann@example.org", "Invoice"]);
}

#[test]
fn a_bare_forward_marker_keeps_everything_in_the_current_thread() {
    check(&plain("Begin forwarded message:\n\nPlease pay."), &["Begin forwarded message: # Please pay."]);
    check(&plain("Begin forwarded message:\nFrom: Bob\n\nPlease pay."), &["Begin forwarded message: / From: Bob # Please pay."]);
    let segments = html("<p>Begin forwarded message:</p><p>See <a href='https://a.example/'>it</a></p>");
    check(&segments, &["Begin forwarded message: # See it"]);
    assert_eq!(segments.current.links.len(), 1);
}

#[test]
fn header_lines_keep_their_form() {
    let preamble = "From : Bob Roe <bob@example.com>\nSent : Monday, February 3, 2025\nTo : ann@example.org\nSubject : Pay";
    let segments = plain(&format!("See below\n\n{preamble}\n\nPlease pay."));
    assert_eq!(segments.previous[0].preamble.as_deref(), Some(preamble));
    assert_eq!(segments.previous[0].sender.as_ref().unwrap().email.email, "bob@example.com");
}

#[test]
fn other_decorations_stay_text() {
    for text in ["See\n=== Forwarded Message:\nPay", "See\n\u{2014}\u{2014} Forwarded \u{2014}\u{2014}\nPay"] {
        assert_eq!(plain(text).previous.len(), 0);
    }
}

#[test]
fn ordinary_lines_are_no_quotes() {
    for text in [
        "From: the desk of Bob\nHello",
        "Invoice details\nDate: 3 Feb\nAmount: 5\nTotal: 9",
        "On the whole I wrote:\nno\nOn and on",
        "a\n____________\nb",
        "Order\nTo: Ann\nSubject: x\nFrom: y",
    ] {
        assert_eq!(plain(text).previous.len(), 0, "{text}");
    }
    assert_eq!(html("<p>Menu</p><p>&gt; One</p><p>&gt; Two</p><p>Bye</p>").previous.len(), 0);
}

#[test]
fn quotes_typed_by_hand_count() {
    let segments = html(
        "<p>Pay this</p><p>From: CEO &lt;ceo@example.com&gt;<br>Sent: Monday, February 3, 2025 7:09 AM<br>To: ap@example.com<br>Subject: Re: Invoice</p><p>Approved</p>",
    );
    check_head(&segments.previous[0], ["ceo@example.com", "CEO", "2025-02-03T07:09:00Z", "ap@example.com", "Invoice"]);
}

#[test]
fn other_languages() {
    let cases = [
        ("Am 03.02.2025 um 07:09 schrieb Bob <bob@example.com>:", "bob@example.com"),
        ("Bob Roe <bob@example.com> schrieb am Do., 3. Sep. 2020, 19:01:", "bob@example.com"),
        ("Le lun. 3 févr. 2025 à 07:09, Bob <bob@example.com> a écrit :", "bob@example.com"),
        ("El lun, 3 feb 2025 a las 7:09, Bob (<bob@example.com>) escribió:", "bob@example.com"),
        ("Em seg., 3 de fev. de 2025 às 07:09, Bob <bob@example.com> escreveu:", "bob@example.com"),
        ("Op ma 3 feb 2025 om 07:09 schreef Bob <bob@example.com>:", "bob@example.com"),
        ("2025年2月3日(月) 7:09 Bob <bob@example.com>:", "bob@example.com"),
    ];
    for (line, author) in cases {
        let segments = plain(&format!("Ja\n\n{line}\n\n> x"));
        assert_eq!(segments.previous.len(), 1, "{line}");
        assert_eq!(segments.previous[0].sender.clone().unwrap_or_default().email.email, author, "{line}");
    }
    let segments = plain(
        "Ja\n\nVon: Bob <bob@example.com>\nGesendet: Montag, 3. Februar 2025 07:09\nAn: ann@example.org\nBetreff: AW: Rechnung\n\nBitte zahlen",
    );
    check_head(&segments.previous[0], ["bob@example.com", "Bob", "2025-02-03T07:09:00Z", "ann@example.org", "Rechnung"]);
}

#[test]
fn banners_are_cut_out() {
    let caution = "CAUTION: This email originated from outside of the organization. Do not click links.";
    let segments = plain(&format!("{caution}\n\nPlease pay.\n"));
    assert_eq!((segments.current.text.as_deref(), segments.current.banners.len()), (Some("Please pay."), 1));
    assert_eq!(segments.current.banners[0].text, caution);
    let segments = html(&format!(
        "<table style='background:#ffeb9c'><tr><td>{caution} <a href='https://aka.ms/LearnAboutSenderIdentification'>Learn why this is important</a></td></tr></table><div><p>Please pay.</p></div>"
    ));
    assert_eq!((segments.current.text.as_deref(), segments.current.banners.len()), (Some("Please pay."), 1));
    assert_eq!(segments.current.banners[0].links.len(), 1);
    assert_eq!(segments.current.links.len(), 1);
    let segments = html(&format!("<div>{caution}<br>Please pay.</div>"));
    assert_eq!(segments.current.text.as_deref(), Some("Please pay."));
}

#[test]
fn a_short_banner_is_one() {
    let segments = html("<p>[EXTERNAL EMAIL]</p><p>Please pay.</p>");
    assert_eq!((segments.current.text.as_deref(), segments.current.banners[0].text.as_str()), (Some("Please pay."), "[EXTERNAL EMAIL]"));
    check(
        &html("<p>I would set both to use an external source, the external one. Then we should route it back.</p>"),
        &["I would set both to use an external source, the external one. Then we should route it back."],
    );
}

#[test]
fn an_answer_below_a_quote_of_a_quote_is_current() {
    check(
        &plain(
            "On 12/09/2019 23.54, Bob wrote:\n> On Sat, Sep 7, 2019 at 6:11 AM Ann\n> <ann@example.org> wrote:\n>> First\n>\n> Second\n\nMine\n",
        ),
        &["Mine", "On 12/09/2019 23.54, Bob wrote: # Second", "On Sat, Sep 7, 2019 at 6:11 AM Ann / <ann@example.org> wrote: # First"],
    );
}

#[test]
fn an_author_on_behalf_of_another() {
    let segments = plain("x\n\nFrom: Tool <tool@example.com> on behalf of Bob Roe <bob@example.com>\nSent: x\nSubject: y\n\nz");
    check_head(&segments.previous[0], ["bob@example.com", "Bob Roe", "", "", "y"]);
}

#[test]
fn an_author_behind_the_address_of_a_list() {
    let segments = plain("x\n\nFrom: list <list-bounces@x.example> On Behalf Of Bob Roe\nSent: x\nSubject: y\n\nz");
    check_head(&segments.previous[0], ["list-bounces@x.example", "Bob Roe", "", "", "y"]);
}

#[test]
fn warnings_of_the_message_itself_stay() {
    for text in [
        "<td style='background:red'>Warning: suspicious sign-in</td>",
        "<p>Attention: your mailbox is full</p>",
        "<p>Do not click here</p>",
    ] {
        assert_eq!(html(text).current.banners.len(), 0, "{text}");
    }
}

#[test]
fn signatures_stay() {
    check(&plain("Yes\n\n-- \nBob\n"), &["Yes /  / -- / Bob"]);
}

#[test]
fn long_bodies_cost_their_length() {
    let limits = Limits::default();
    for unit in [
        "> a\nb\n",
        "On a, b\n",
        "From: a\n",
        "From: a\nDate: b\nTo: c\n",
        "-----Original Message-----\n",
        "____________\n",
        ">",
        "> ",
        "wrote:\n",
        ">>> a 04.03.25 14:32 >>>\n",
        "On 4 Mar 2025, a <a@b.example\n> wrote:\n",
        ">> On 4 Mar 2025, a <a@b.example> wrote:\n>>\n> a\n",
        "-----Original Message-----\nFrom a@b.example\nSubject b\n",
        "From: a on behalf of\nb\nc\nSubject: d\ne\n",
        "\n",
    ] {
        let text = unit.repeat(100_000);
        let segments = plain(&text);
        assert!(segments.previous.len() < limits.message_threads, "{unit:?}");
    }
    let _ = html(&"<blockquote type=cite>a".repeat(50_000));
    let _ = html(&"<blockquote type=cite>a</blockquote>b".repeat(50_000));
    let _ = html(&"<blockquote type=cite>On 4 Mar 2025, a wrote:<br>".repeat(20_000));
    let _ = html(&"<blockquote>From: a@b.example<br>Date: c<br>Subject: d</blockquote>e".repeat(20_000));
}

mod programs;
