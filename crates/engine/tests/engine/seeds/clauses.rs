//! The twenty clauses of the voicemail rule: each alone in its forms, then two at a time, then those that need something.

use super::{OTHER_LINK, OWN_LINK, RECIPIENT, places, quiet, voicemail};
use crate::mail::{Mail, gif, pdf, png};

/// Checks one clause (from 1) on several messages.
fn check(clause: usize, cases: &[(&str, &str, Mail)]) {
    let Some(rule) = voicemail() else { return };
    let mut wrong = Vec::new();
    for (name, expected, mail) in cases {
        let answer = &rule.look(mail).clauses[clause - 1];
        if answer != expected {
            wrong.push(format!("clause {clause}, {name}: {answer} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn page(mail: Mail, name: &str, html: &str) -> Mail {
    mail.attach("text/html", name, html)
}

const PLAIN_PAGE: &str = "<html><body><p>Hello.</p></body></html>";

#[test]
fn clause_1_free_mail() {
    check(
        1,
        &[
            ("free", "true", quiet().from("Accounts <x@gmx.de>")),
            ("free, in capitals", "true", quiet().from("Accounts <X@GMX.DE>")),
            ("own domain", "false", quiet()),
            ("free name as host of another domain", "false", quiet().from("Accounts <x@gmx.de.example.net>")),
        ],
    );
}

#[test]
fn clause_4_name_of_the_sender() {
    let name = |name: &str| quiet().from(&format!("\"{name}\" <x@example.net>"));
    let yes = ["Voice Mail", "voice-message", "AUDI0 RECORDING", "missedcall", "caii caii", "Transcription Desk", "Caller-ID", "callerid"];
    let no = ["Accounts", "Voice", "Mail Voice", "voice--mail"];
    let cases = yes.iter().map(|it| (*it, "true", name(it))).chain(no.iter().map(|it| (*it, "false", name(it))));
    check(4, &cases.collect::<Vec<_>>());
    check(4, &[("a sign between", "true", name("caller#id")), ("no name", "null", quiet().from("x@example.net"))]);
}

#[test]
fn clause_5_name_of_an_attachment() {
    let named = |name: &str| page(quiet(), name, PLAIN_PAGE);
    let yes = [
        "Message.html",
        "aud10.html",
        "transcr1ption.html",
        "vm.html",
        "unheard.html",
        "01min.html",
        "5 minutes.html",
        "60secs.html",
        "12s.html",
        "(00:50s).html",
        "3:26 seconds.html",
        "03min25secs.html",
        "a [0:39] b.html",
        "\u{1F4DE}.html",
        ".htm",
        ".HTML",
        "",
    ];
    let cases = yes.iter().map(|name| (*name, "true", named(name)));
    check(5, &cases.collect::<Vec<_>>());
    let file = |kind: &str, name: &str, content: &[u8]| quiet().attach(kind, name, content);
    check(
        5,
        &[
            ("other name", "false", named("budget.html")),
            ("a PDF", "true", file("application/pdf", "message.pdf", &pdf())),
            ("bytes of no known type", "true", file("application/octet-stream", "message.dat", b"\x01\x02\x03\x04\xfe\xff\xfa")),
            ("a picture", "false", file("image/gif", "message.gif", &gif())),
            ("a page that is called a file", "true", file("application/octet-stream", "message.dat", PLAIN_PAGE.as_bytes())),
            ("nothing", "false", quiet()),
        ],
    );
}

#[test]
fn clause_6_script_in_an_attachment() {
    let script = "<html><body><script>var a = 1;</script></body></html>";
    let long = format!("<html><body>{}</body></html>", "<p>Hello.</p>".repeat(200));
    let with = |text: &str| page(quiet(), "budget.html", &long.replacen("Hello.", text, 1));
    let utf16: Vec<u8> = with_bom("<html><body onload=\"x()\"></body></html>");
    let texts =
        ["onload", "window.location.href = a", "OnError", "CDATA", "<script", "</script", "atob", "location.assign", "decodeURIComponent"];
    check(6, &texts.map(|text| (text, "true", with(text))));
    check(
        6,
        &[
            ("a short page with a script", "true", page(quiet(), "budget.html", script)),
            ("a short page without one", "false", page(quiet(), "budget.html", PLAIN_PAGE)),
            ("a long page without one", "false", with("Hello.")),
            ("UTF-16", "true", quiet().attach("text/html", "budget.html", utf16)),
            ("bytes of no known type", "true", quiet().attach("text/csv", "budget.csv", "a,b,onload\r\n")),
            ("a PDF", "false", quiet().attach("application/pdf", "budget.pdf", [pdf(), b"onload".to_vec()].concat())),
            ("nothing", "false", quiet()),
        ],
    );
}

fn with_bom(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn clause_7_recipient_in_an_attachment() {
    let html = "<html><body>quentin@corp.example.org</body></html>";
    check(
        7,
        &[
            ("address in the page", "true", page(quiet(), "budget.html", html)),
            ("name of the domain in the file name", "true", page(quiet(), "example.html", PLAIN_PAGE)),
            ("neither", "false", page(quiet(), "budget.html", PLAIN_PAGE)),
            ("second recipient", "true", page(quiet(), "budget.html", html).header("To", &format!("rita@example.net, {RECIPIENT}"))),
            ("other capitals", "false", page(quiet(), "budget.html", &html.to_uppercase())),
            ("a picture of that name", "false", quiet().attach("image/gif", "example.gif", gif())),
        ],
    );
}

/// A message from somebody else with an attachment.
fn inner(kind: &str, name: &str, content: &[u8]) -> Mail {
    Mail::new("Rita <rita@example.net>", "sam@example.net", "Lunch").plain("At noon?").attach(kind, name, content)
}

#[test]
fn clause_8_attachment_of_an_attached_message() {
    let cases = [
        ("a page with such a name", "true", inner("text/html", "message.html", PLAIN_PAGE.as_bytes())),
        ("a page with a time", "true", inner("text/html", "60secs.html", PLAIN_PAGE.as_bytes())),
        ("a page without a name", "true", inner("text/html", "", PLAIN_PAGE.as_bytes())),
        ("a PDF", "true", inner("application/pdf", "message.pdf", &pdf())),
        ("other name", "false", inner("text/html", "budget.html", PLAIN_PAGE.as_bytes())),
        ("a picture", "false", inner("image/gif", "message.gif", &gif())),
    ];
    check(8, &cases.map(|(name, expected, mail)| (name, expected, quiet().attach_mail(&mail))));
    check(8, &[("no message attached", "false", page(quiet(), "message.html", PLAIN_PAGE))]);
}

#[test]
fn clause_9_the_message_in_itself() {
    let same = || Mail::new("Accounts <notice@example.net>", RECIPIENT, "Message received");
    let around = |inner: Mail| quiet().attach_mail(&inner);
    let both = "Quentin <quentin@corp.example.org>, rita@example.net";
    check(
        9,
        &[
            ("with a link", "true", around(same().link(OTHER_LINK, "open"))),
            ("with an attachment", "true", around(same().plain("x").attach("image/gif", "x.gif", gif()))),
            ("with neither", "false", around(same().plain("Hello."))),
            ("with a link to ourselves", "false", around(same().link("https://corp.example.org/", "open"))),
            ("other subject", "false", around(same().subject("Hello").link(OTHER_LINK, "open"))),
            ("other sender", "false", around(same().from("rita@example.net").link(OTHER_LINK, "open"))),
            ("other recipient", "false", around(same().header("To", "sam@corp.example.org").link(OTHER_LINK, "open"))),
            ("more recipients", "false", around(same().header("To", both).link(OTHER_LINK, "open"))),
            ("nothing attached", "false", quiet()),
        ],
    );
}

#[test]
fn clause_10_recipient_in_a_link() {
    let link = |url: &str| quiet().link(url, "open");
    check(
        10,
        &[
            ("address", "true", link("https://www.example.net/?to=Quentin@corp.example.org")),
            ("local part", "true", link("https://www.example.net/quentin")),
            ("neither", "false", link(OWN_LINK)),
            ("recipient without address", "false", link("https://www.example.net/quentin").header("To", "undisclosed-recipients:;")),
            ("no link", "false", quiet().plain("quentin")),
        ],
    );
}

#[test]
fn clause_11_letters_with_marks() {
    check(
        11,
        &[
            ("one word", "true", quiet().plain("M\u{e9}ss\u{e3}ge for you")),
            ("another", "true", quiet().plain("You rec\u{e9}ived it at your addr\u{e9}ss")),
            ("without marks", "false", quiet().plain("Message received at your address")),
            ("long text", "false", quiet().plain(&format!("Rec\u{e9}ived {}", "more and more ".repeat(60)))),
        ],
    );
}

#[test]
fn clause_12_links_lead_elsewhere() {
    let link = |url: &str| quiet().link(url, "open");
    let both = format!("<a href=\"{OTHER_LINK}\">open</a> <a href=\"{OWN_LINK}\">close</a>");
    check(
        12,
        &[
            ("elsewhere", "true", link(OTHER_LINK)),
            ("to the sender", "false", link(OWN_LINK)),
            ("also to the sender", "false", quiet().html(&both)),
            ("to a known host", "false", link("https://storage.googleapis.com/x")),
            ("to aka.ms", "false", link("https://aka.ms/x")),
            ("shown as it is", "false", link(OTHER_LINK).link(OTHER_LINK, OTHER_LINK)),
            ("plain text", "false", quiet().plain(OTHER_LINK)),
            ("no link", "false", quiet().plain("Hello.")),
        ],
    );
}

#[test]
fn clauses_13_and_14_text_of_a_link() {
    let link = |shown: &str| quiet().link(OWN_LINK, shown);
    let tracked = |shown: &str| quiet().link("https://www.example.net/ctt?a=1", shown);
    let texts =
        ["Voice Mail", "VM-message", "Open MP3", "Audi0 Note", "Listen", "Playback now", "Transcription", "Call (555)***-****", "PLAY"];
    check(13, &texts.map(|text| (text, "true", link(text))));
    check(14, &texts.map(|text| (text, "true", tracked(text))));
    check(
        13,
        &[
            ("small letters", "false", link("listen")),
            ("other words", "false", link("Open")),
            ("negated", "false", link("Play in Voice Call Center")),
            (
                "picture instead of text",
                "null",
                quiet().html(&format!("<a href=\"{OWN_LINK}\"><img src=\"https://www.example.net/a.gif\"></a>")),
            ),
        ],
    );
    check(
        14,
        &[
            ("small letters", "true", tracked("listen")),
            ("other path", "false", link("listen")),
            ("other words", "false", tracked("open")),
            ("negated", "false", tracked("play in voice call center")),
        ],
    );
}

#[test]
fn clause_16_name_of_the_recipient() {
    check(
        16,
        &[
            ("in the display name", "true", quiet().from("EXAMPLE desk <x@iana.org>")),
            ("in the subject", "true", quiet().subject("Message received at Example")),
            ("in the sender's address", "true", quiet().from("Accounts <example@iana.org>")),
            ("only in the sender's domain", "false", quiet()),
            ("nowhere", "false", quiet().from("Accounts <notice@iana.org>")),
        ],
    );
}

#[test]
fn clause_17_times() {
    let subject = |subject: &str| quiet().subject(subject);
    let yes = ["01min", "5 minutes", "60secs", "9 s", "(00:50s)", "3:26 seconds", "03min25secs", "a [0:39] b", "a (1 20) b"];
    check(17, &yes.map(|it| (it, "true", subject(it))));
    check(
        17,
        &[
            ("in the text", "true", quiet().plain("It takes 45 seconds.")),
            ("in the name", "true", quiet().from("\"Call 12s\" <x@example.net>")),
            // The picture of the message could show one.
            ("nowhere", "render", quiet()),
            ("a word that goes on", "render", subject("5 minibars, 12 sections")),
        ],
    );
}

#[test]
fn clause_18_dates() {
    let subject = |subject: &str| quiet().subject(subject);
    let yes = [
        "on MONDAY",
        "sunday",
        "in february",
        "December",
        "in May",
        "2026-03-02",
        "26-12-31",
        "03/31/2026",
        "31/03/26",
        "May 02, 2026",
        "at 23:45",
        "08:30 AM",
        "12:45:10 pm",
    ];
    check(18, &yes.map(|it| (it, "true", subject(it))));
    let no = ["Mayor", "maybe", "2026/13/45", "24:61", "2026-3-2", "in 2026"];
    check(18, &no.map(|it| (it, "render", subject(it))));
    check(18, &[("in the name", "true", quiet().from("\"Call of Friday\" <x@example.net>"))]);
    check(18, &[("in the text only", "render", quiet().plain("On Friday at 23:45."))]);
}

#[test]
fn clause_19_pictures_among_the_letters() {
    let subject = |subject: &str| quiet().subject(subject);
    check(
        19,
        &[
            ("in the subject", "true", subject("\u{1F4DE} Message")),
            ("in the name", "true", quiet().from("\u{260E} Desk <x@example.net>")),
            ("encoded", "true", subject("=?UTF-8?B?8J+Tng==?= Message")),
            ("in a tag", "false", subject("[\u{1F4DE}] Message")),
            ("in the second tag", "false", subject("[a] [b \u{1F4DE} c] Message")),
            ("behind a tag", "true", subject("[a] \u{1F4DE} Message")),
            ("in the text only", "false", quiet().plain("\u{1F4DE}")),
            ("nowhere", "false", quiet()),
        ],
    );
}

/// Checks which clauses hold; with two or more the rule matches.
fn check_pair(name: &str, expected: &[usize], mail: &Mail) {
    let Some(rule) = voicemail() else { return };
    let seen = rule.look(mail);
    assert_eq!(places(&seen.clauses, "true"), expected, "{name}: {:?}", seen.clauses);
    assert_eq!(seen.outcome, "match", "{name}: {:?}", seen.conditions);
}

#[test]
fn two_clauses_suffice() {
    let voice = || quiet().from("Voice Mail <notice@example.net>");
    let script = |name: &str| page(quiet(), name, "<html><body><script>1</script></body></html>");
    let link = |url: &str, shown: &str| quiet().link(url, shown);
    let same = Mail::new("Accounts <notice@example.net>", RECIPIENT, "Message received").plain("x");
    let free = quiet().from("Voice Mail <x@gmx.de>").link("https://www.gmx.de/x", "open");
    check_pair("free mail, name", &[1, 4], &free);
    check_pair("name, file name", &[4, 5], &page(voice(), "message.html", PLAIN_PAGE));
    check_pair("file name, script", &[5, 6], &script("message.html"));
    check_pair("script, recipient's name", &[6, 7], &script("example.html"));
    check_pair(
        "recipient in the page, his name in the subject",
        &[7, 16],
        &page(quiet().subject("Message received, Example"), "example.html", PLAIN_PAGE),
    );
    check_pair("attached message, name", &[4, 8], &voice().attach_mail(&inner("text/html", "message.html", PLAIN_PAGE.as_bytes())));
    // The attached message holds the recipient's address, and its content is of no known type.
    check_pair("message in itself", &[7, 8, 9], &quiet().attach_mail(&same.attach("text/html", "message.html", PLAIN_PAGE)));
    check_pair("recipient in a foreign link", &[10, 12], &link("https://www.iana.org/quentin", "open"));
    check_pair("letters with marks, text of a link", &[11, 13], &quiet().html(&format!("Rec\u{e9}ived <a href=\"{OWN_LINK}\">Listen</a>")));
    check_pair("text of a tracked link", &[13, 14], &link("https://www.example.net/ctt", "Listen"));
    check_pair(
        "tracked link, recipient's name",
        &[14, 16],
        &link("https://www.example.net/ctt", "listen").subject("Example: message received"),
    );
    check_pair("time and date", &[17, 18], &quiet().subject("Message received Friday, 12s"));
    check_pair("date and picture", &[18, 19], &quiet().subject("\u{1F4DE} message received Friday"));
    check_pair("picture and time", &[17, 19], &quiet().subject("\u{1F4DE} message received, 12s"));
    check_pair("two of the last and one more", &[12, 17, 18], &link(OTHER_LINK, "open").subject("Message received Friday, 12s"));
}

/// Checks that a message with one known sign stays undecided, that the clause is what it waits for, and what it needs.
fn check_needs(clause: usize, needs: &str, all: &str, mail: &Mail) {
    let Some(rule) = voicemail() else { return };
    let seen = rule.look(mail);
    assert_eq!(places(&seen.clauses, "true").len(), 1, "{:?}", seen.clauses);
    assert_eq!(seen.clauses[clause - 1], needs, "clause {clause}");
    assert_eq!(seen.outcome, all, "clause {clause}: {:?}", seen.conditions);
}

#[test]
fn clauses_that_need_what_is_not_there() {
    let one = || quiet().from("Voice Mail <notice@example.net>");
    let text = || one().html("<p>Hello.</p>");
    let picture = |mail: Mail| mail.attach("image/png", "x.png", png()).attach("application/octet-stream", "x.dat", "a block");
    check_needs(2, "language, render", "language, render, whois", &one());
    check_needs(3, "render", "language, render", &page(text(), "budget.html", PLAIN_PAGE));
    check_needs(15, "whois", "language, render, whois", &one());
    check_needs(17, "render", "language, render, whois", &one());
    check_needs(18, "render", "language, render, whois", &one());
    check_needs(20, "ocr, qr", "language, ocr, qr, render", &picture(text()));
}

#[test]
fn clause_20_codes_in_pictures() {
    let attached = |kind: &str, name: &str, content: Vec<u8>| quiet().attach(kind, name, content);
    let picture = |mail: Mail, name: &str| mail.attach("image/png", name, png());
    check(
        20,
        &[
            // Text read from the picture would be one more file (decisions.md), of which the clause is null.
            ("a picture", "ocr, qr", picture(quiet(), "x.png")),
            ("two pictures", "ocr, qr", picture(picture(quiet(), "x.png"), "y.png")),
            ("three pictures", "false", picture(picture(picture(quiet(), "x.png"), "y.png"), "z.png")),
            // Codes are looked for on the pictures of its pages, which nothing makes.
            ("a PDF", "ocr, pdf, qr", attached("application/pdf", "x.pdf", pdf())),
            // Codes are not looked for in GIF pictures: there is none, known.
            ("a GIF picture", "null", attached("image/gif", "x.gif", gif())),
            ("a page", "false", attached("text/html", "x.html", PLAIN_PAGE.as_bytes().to_vec())),
            ("nothing", "false", quiet()),
        ],
    );
}

#[test]
fn clause_3_and_15_when_nothing_is_asked() {
    check(3, &[("no page attached", "false", quiet()), ("a picture", "false", quiet().attach("image/gif", "x.gif", gif()))]);
    check(
        15,
        &[
            ("no link", "false", quiet().plain("Hello.")),
            ("unsubscribe", "false", quiet().link("https://www.example.net/unsubscribe", "open")),
        ],
    );
}
