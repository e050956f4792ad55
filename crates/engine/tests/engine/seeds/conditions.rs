//! Each of the twelve conditions of the voicemail rule decides alone.

use super::{OTHER_LINK, OWN_LINK, RECIPIENT, Voicemail, lure, places, quiet, settings, voicemail};
use crate::mail::{Mail, gif, wav};
use mailhound_engine::Settings;
use mailhound_value::{History, Identity, Profile, Unavailable};
use std::sync::Arc;

const DMARC_PASS: &str = "mx.corp.example.org; spf=pass smtp.mailfrom=x; dmarc=pass header.from=x";
const DMARC_FAIL: &str = "mx.corp.example.org; spf=fail smtp.mailfrom=x; dmarc=fail header.from=x";

fn check(rule: &Voicemail, cases: &[(&str, usize, &str, Mail)]) {
    let mut wrong = Vec::new();
    for (name, condition, answer, mail) in cases {
        let seen = rule.look(mail);
        let mut expected = vec!["true".to_owned(); 12];
        let outcome = match (*condition, *answer) {
            (0, _) => "match",
            (condition, answer) => {
                expected[condition - 1] = answer.to_owned();
                if matches!(answer, "false" | "null") { "no match" } else { answer }
            }
        };
        if seen.outcome != outcome || seen.conditions != expected {
            wrong.push(format!("{name}: {}, conditions {:?}, clauses {:?}", seen.outcome, seen.conditions, places(&seen.clauses, "true")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A case that all conditions let pass.
fn hit(name: &'static str, mail: Mail) -> (&'static str, usize, &'static str, Mail) {
    (name, 0, "", mail)
}

/// A case that one condition alone stops.
fn miss(name: &'static str, condition: usize, mail: Mail) -> (&'static str, usize, &'static str, Mail) {
    (name, condition, "false", mail)
}

#[test]
fn the_lure_matches_by_two_clauses() {
    let Some(rule) = voicemail() else { return };
    let seen = rule.look(&lure());
    assert_eq!(seen.outcome, "match");
    assert_eq!(places(&seen.clauses, "true"), [4, 16]);
    assert!(seen.conditions.iter().all(|condition| condition == "true"), "{:?}", seen.conditions);
}

#[test]
fn direction() {
    let Some(rule) = voicemail() else { return };
    let ours = lure().from("Example Voice Mail <notice@corp.example.org>").header("Return-Path", "<notice@corp.example.org>");
    let proven = ours.clone().header("Authentication-Results", DMARC_PASS);
    check(
        rule,
        &[
            miss("outbound", 1, proven.clone().header("To", "quentin@example.org")),
            miss("internal", 1, proven),
            hit("forged", ours.header("Authentication-Results", DMARC_FAIL)),
        ],
    );
}

fn links(count: usize) -> Mail {
    let links: String = (0..count).map(|idx| format!("<a href=\"{OWN_LINK}{idx}\">open {idx}</a> ")).collect();
    lure().html(&links)
}

fn with_attachments(mail: Mail, count: usize, content: impl Fn(usize) -> String) -> Mail {
    (0..count).fold(mail, |mail, idx| mail.attach("application/octet-stream", &format!("{idx}.dat"), content(idx)))
}

#[test]
fn number_of_links_and_attachments() {
    let Some(rule) = voicemail() else { return };
    let different = |idx: usize| format!("block {idx} of the list");
    let same = |_: usize| "a block of the list".to_owned();
    let bare = lure().html("<p>Hello.</p>");
    check(
        rule,
        &[
            miss("nothing", 2, bare.clone()),
            hit("25 links", links(25)),
            miss("26 links", 2, links(26)),
            hit("3 attachments", with_attachments(bare.clone(), 3, different)),
            miss("4 attachments", 2, with_attachments(bare.clone(), 4, different)),
            hit("4 equal attachments", with_attachments(bare, 4, same)),
            hit("a link and 8 attachments", with_attachments(lure(), 8, different)),
            miss("a link and 9 attachments", 2, with_attachments(lure(), 9, different)),
            hit("a link and 9 equal attachments", with_attachments(lure(), 9, same)),
        ],
    );
}

/// Clauses 12 and 16 hold; nothing speaks of voicemail.
fn wordless() -> Mail {
    lure().from("Example Accounts <notice@example.net>").link(OTHER_LINK, "open")
}

fn wordless_html(html: &str) -> Mail {
    wordless().html(&format!("{html} <a href=\"{OTHER_LINK}\">open</a>"))
}

#[test]
fn words_of_voicemail_in_subject_or_name() {
    let Some(rule) = voicemail() else { return };
    let subject = |subject: &str| wordless().subject(subject);
    let hits = [
        "Missed call",
        "Voicemail message",
        "Audio recording",
        "Incoming transcript",
        "Wireless caller",
        "Left a msg",
        "vm notif",
        "v-mail",
        "v_msg",
        "Caller left a",
        "cal1er audio",
        "open mp3",
        "audio note",
        "note.wav",
        "left a vm",
        "myvoip-line",
        "unanswered by ca11",
        "incoming vm",
        "left msg",
        "VM Service",
        "call service log",
        "missed 3 VM",
        "new v-m from 5",
        "message received",
        "incoming transmission",
        "voice note",
        "(4) unread",
        "(1) new message",
        "caller playback",
        "ca11er transcript",
        "555-555-555X now",
        "555-5XX-XXXX now",
        "XXX-555-5555",
        "55X 5XX 5555",
    ];
    let misses = ["Hello", "Maildrop", "Meeting at noon", "555-555-5555", "call", "a voice", "Re-reading", "4 unread letters"];
    let hits = hits.iter().map(|words| hit(words, subject(words)));
    let misses = misses.iter().map(|words| miss(words, 3, subject(words)));
    check(rule, &hits.chain(misses).collect::<Vec<_>>());
    check(rule, &[hit("name", wordless().from("Example Missed Call <notice@example.net>"))]);
}

#[test]
fn words_of_voicemail_in_the_text() {
    let Some(rule) = voicemail() else { return };
    let hits = [
        "sent from your voice mail system",
        "sent by voice system",
        "A new voicemail notification",
        "This audio record",
        "The voicemail is attached",
        "an encrypted voicemail",
        "a pending message",
        "Your have incoming voiceRec",
        "you have a missed call",
        "you've a new missed ca11",
        "New missed call record",
        "see the voicemail transcript below",
        "Listen to VoiceMail",
        "a voice note",
        "you have received a new voice mail",
        "we have voice message",
        "left you a new audio",
        // Letters that only look like Latin ones (Cyrillic о) are replaced first.
        "V\u{43e}icem\u{430}il is attached",
    ];
    let misses = [
        "Hello.",
        "we like music",
        "sent by your system",
        "voicemail",
        // What a person says of a call of their own.
        "I just left you a voice message",
        "I left you a voicemail",
        "just left you a voice message",
        "Rita left you a voice message",
        "you have my voicemail",
    ];
    let hits = hits.iter().map(|words| hit(words, wordless_html(words)));
    let misses = misses.iter().map(|words| miss(words, 3, wordless_html(words)));
    check(rule, &hits.chain(misses).collect::<Vec<_>>());
    check(
        rule,
        &[
            hit("title", wordless_html("<title>Voicemail Notification</title>")),
            hit("comment", wordless_html("<!-- Voicemail phone logo -->")),
            miss("other title", 3, wordless_html("<title>Notification</title>")),
        ],
    );
}

#[test]
fn words_in_the_picture_of_a_message_need_a_picture() {
    let Some(rule) = voicemail() else { return };
    let picture = |mail: Mail| mail.attach("image/gif", "x.gif", gif());
    let fake_audio = |mail: Mail| mail.attach("audio/wav", "x.dat", "<html><body>x</body></html>");
    let document = |mail: Mail| mail.attach("application/octet-stream", "x.dat", "a block");
    check(
        rule,
        &[
            ("a picture", 3, "render", picture(wordless())),
            ("two pictures", 3, "render", picture(picture(wordless()))),
            ("fake audio and a picture", 3, "render", fake_audio(picture(wordless()))),
            ("fake audio", 3, "render", fake_audio(wordless())),
            miss("a picture and a file", 3, document(picture(wordless()))),
            hit("a picture, and words", picture(wordless()).subject("Missed call")),
        ],
    );
}

#[test]
fn two_of_the_clauses() {
    let Some(rule) = voicemail() else { return };
    // With fewer than two known signs those that need a model, a picture or the network could still be the missing ones.
    check(
        rule,
        &[
            ("no sign", 4, "language, render, whois", quiet()),
            ("one sign", 4, "language, render, whois", quiet().from("Voice Mail <notice@example.net>")),
            ("no link", 4, "language, render", quiet().html("<p>Hello.</p>").attach("application/octet-stream", "x.dat", "a block")),
            ("own unsubscribe link", 4, "language, render", quiet().link("https://www.example.net/unsubscribe", "open")),
            hit("two signs", quiet().from("Example Voice Mail <notice@example.net>")),
        ],
    );
}

#[test]
fn known_voicemail_senders() {
    let Some(rule) = voicemail() else { return };
    let from = |address: &str| lure().from(&format!("Example Voice Mail <{address}>"));
    let known = [
        "x@magicjack.com",
        "x@unitelvoice.com",
        "x@voipinterface.net",
        "x@ringcentral.biz",
        "x@justcall.io",
        "x@airtel.com",
        "x@mail.justcall.io",
    ];
    let mut cases: Vec<_> = known.iter().map(|address| miss(address, 5, from(address))).collect();
    cases.push(hit("a name that ends alike", from("x@notjustcall.io")));
    check(rule, &cases);
}

#[test]
fn real_audio_files() {
    let Some(rule) = voicemail() else { return };
    check(
        rule,
        &[
            miss("sound", 6, lure().attach("audio/wav", "x.wav", wav())),
            hit("a page that is called sound", lure().attach("audio/wav", "x.dat", "<html><body>x</body></html>")),
            hit("sound that is called a file", lure().attach("application/octet-stream", "x.wav", wav())),
        ],
    );
}

#[test]
fn answers() {
    let Some(rule) = voicemail() else { return };
    let subject = |subject: &str| lure().subject(subject);
    let thread = |mail: Mail| mail.header("References", "<a@example.org>");
    check(
        rule,
        &[
            miss("references", 7, thread(subject("RE: Hello"))),
            miss("in-reply-to", 7, subject("re: Hello").header("In-Reply-To", "<a@example.org>")),
            miss("automatic", 7, thread(subject("Automatic reply: Hello"))),
            hit("no thread", subject("RE: Hello")),
            hit("thread of another subject", thread(subject("Hello re: you"))),
        ],
    );
}

#[test]
fn trusted_senders() {
    let Some(rule) = voicemail() else { return };
    let trusted = lure().from("Example Voice Mail <notice@mail.adobe.com>");
    check(
        rule,
        &[
            miss("proven", 8, trusted.clone().header("Authentication-Results", DMARC_PASS)),
            hit("forged", trusted.clone().header("Authentication-Results", DMARC_FAIL)),
            ("not checked", 8, "null", trusted),
        ],
    );
}

/// A bounce: RFC 3464 §2.
fn bounce() -> Mail {
    Mail::new("Mail <postmaster@example.net>", RECIPIENT, "Returned").plain("It did not arrive.").attach(
        "message/delivery-status",
        "",
        "Reporting-MTA: dns; example.net\r\n\r\nAction: failed\r\n",
    )
}

#[test]
fn bounces_and_invitations() {
    let Some(rule) = voicemail() else { return };
    let status = "Reporting-MTA: dns; example.net\r\n\r\nAction: failed\r\n";
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    check(
        rule,
        &[
            miss("bounce inside", 9, lure().attach_mail(&bounce())),
            hit("other message inside", lure().attach_mail(&Mail::new("Rita <rita@example.org>", RECIPIENT, "Lunch").plain("At noon?"))),
            miss("delivery status", 10, lure().attach("message/delivery-status", "", status)),
            miss("invitation", 10, lure().attach("text/calendar", "x.ics", calendar)),
            hit("text", lure().attach("text/csv", "x.csv", "a,b\r\n")),
        ],
    );
}

#[test]
fn bounces_of_a_mail_filter() {
    let Some(rule) = voicemail() else { return };
    let received = |host: &str| format!("from {host} ({host} [192.0.2.7]) by {host} with ESMTPS id 1; Mon, 02 Mar 2026 09:14:07 +0000");
    let returned = Mail::new("Rita <rita@example.org>", RECIPIENT, "Lunch").plain("At noon?");
    // Clauses 12 and 16 hold.
    let mail = Mail::new("Mail Delivery Subsystem <notice@example.net>", RECIPIENT, "Example: message received")
        .link(OTHER_LINK, "open")
        .header("Message-ID", "<1@mx0a.pphosted.com>")
        .header("Received", &received("mx0a.pphosted.com"));
    let whole = mail.clone().attach_mail(&returned);
    check(
        rule,
        &[
            miss("all four signs", 11, whole.clone()),
            hit("other name", whole.clone().from("Mail Delivery <notice@example.net>")),
            hit("other message identifier", whole.clone().header("Message-ID", "<1@example.net>")),
            hit("other server", whole.header("Received", &received("mx.example.net"))),
            hit("no message inside", mail),
        ],
    );
}

/// A history that says the same of everybody.
struct Known(Profile);

impl History for Known {
    fn profile(&self, _identity: Identity<'_>) -> Result<Profile, Unavailable> {
        Ok(self.0.clone())
    }
}

fn known_sender(prevalence: &str, solicited: bool, malicious: bool, benign: bool) -> Option<Voicemail> {
    let profile = Profile {
        prevalence: prevalence.to_owned(),
        solicited: Some(solicited),
        any_messages_malicious_or_spam: Some(malicious),
        any_messages_benign: Some(benign),
        ..Profile::default()
    };
    Voicemail::new(Settings { history: Some(Arc::new(Known(profile))), ..settings() })
}

#[test]
fn known_senders() {
    let Some(rule) = known_sender("common", false, false, false) else { return };
    let trusted = lure().from("Example Voice Mail <notice@adobe.com>").header("Authentication-Results", DMARC_FAIL);
    let ours = lure().from("Example Voice Mail <notice@corp.example.org>").header("Authentication-Results", DMARC_FAIL);
    check(
        &rule,
        &[
            miss("common sender", 12, lure()),
            hit("forged trusted sender", trusted),
            hit("forged sender of ours", ours.clone()),
            // Without a result of the check nobody knows that it is forged.
            ("unchecked sender of ours", 12, "null", ours.without("Authentication-Results")),
        ],
    );
    let check = |prevalence, solicited, malicious, benign, case: (&'static str, usize, &'static str, Mail)| {
        if let Some(rule) = known_sender(prevalence, solicited, malicious, benign) {
            self::check(&rule, &[case]);
        }
    };
    check("rare", false, false, false, hit("rare sender", lure()));
    check("rare", true, false, false, miss("solicited sender", 12, lure()));
    check("common", true, true, false, hit("sender of bad mail", lure()));
    check("common", true, true, true, miss("sender of bad and good mail", 12, lure()));
}

#[test]
fn without_a_history_the_sender_is_not_known() {
    let Some(rule) = Voicemail::new(Settings { history: None, ..settings() }) else { return };
    let ours = lure().from("Example Voice Mail <notice@corp.example.org>").header("Authentication-Results", DMARC_FAIL);
    check(&rule, &[("a stranger", 12, "history", lure()), hit("forged sender of ours", ours)]);
}
