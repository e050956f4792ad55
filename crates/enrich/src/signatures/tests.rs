//! The verifier on the signed samples, and on what can go wrong with them.

use super::testing::{KEYS, NOW, changed, check, check_arc, dkim, rsa_record, sample, verify, verify_by, verify_with};
use super::{Dns, Keys, Outcome, Resolve, Unresolved, Verifier};
use Outcome::{Fail, None as Nothing, Pass, PermError, Policy, TempError, Unavailable};
use serde_json::json;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

#[test]
fn what_an_independent_signer_signed_holds() {
    for name in ["relaxed", "simple", "ed25519", "length", "subdomain", "empty-relaxed", "empty-simple", "expires"] {
        check(&dkim(verify(&sample(name))), Pass, "");
    }
    let two = verify(&sample("two")).dkim;
    assert_eq!(
        two.iter().map(|found| (found.result, found.selector.as_deref())).collect::<Vec<_>>(),
        [(Pass, Some("rsa")), (Pass, Some("ed"))]
    );
    check_arc(&verify(&sample("two")).arc, Nothing, "");
}

#[test]
fn the_facts_of_a_signature_are_told() {
    let found = serde_json::to_value(dkim(verify(&sample("length")))).expect("it is JSON");
    assert_eq!(
        found,
        json!({
            "result": "pass", "domain": "test.example", "selector": "rsa", "identity": "@test.example", "algorithm": "rsa-sha256",
            "canonicalization": "relaxed/relaxed",
            "header_fields": ["from", "to", "subject", "date", "message-id", "x-loop", "x-loop", "from", "reply-to"],
            "body_hash": "pass", "body_length": 49, "body_unsigned": 43, "signed_at": "2026-03-02T10:00:00Z",
            "key": {"type": "rsa", "bits": 2048, "source": "file", "testing": false}
        })
    );
    let found = dkim(verify(&sample("expires")));
    assert_eq!(found.expires_at.as_deref(), Some("2026-03-02T11:00:00Z"));
    assert_eq!(dkim(verify(&sample("subdomain"))).identity.as_deref(), Some("ada@news.test.example"));
}

#[test]
fn a_change_of_what_was_signed_fails() {
    for (name, from, to, reason) in [
        ("relaxed", "the invoice", "your invoice", "body"),
        ("relaxed", "Ada\n", "Ada\n\n.\n", "body"),
        ("simple", "Hello  Bob", "Hello Bob", "body"),
        ("empty-simple", "X-Loop: second\n\n", "X-Loop: second\n\nx", "body"),
        ("length", "the invoice", "your invoice", "body"),
        ("relaxed", "An   invoice", "Your invoice", "header"),
        ("relaxed", "X-Loop: first\nX-Loop: second", "X-Loop: second\nX-Loop: first", "header"),
        ("relaxed", "Date:", "From: eve@evil.example\nDate:", "header"),
        ("relaxed", "Date:", "Reply-To: eve@evil.example\nDate:", "header"),
        ("simple", "SUBJECT", "Subject", "header"),
        ("simple", "Ada   Byron", "Ada Byron", "header"),
        ("ed25519", "To: bob", "To: eve", "header"),
        ("relaxed", "t=1772445600", "t=1772445601", "header"),
    ] {
        check(&dkim(verify(&changed(&sample(name), from, to))), Fail, reason);
    }
}

#[test]
fn what_a_form_passes_over_may_change() {
    for (from, to) in [
        ("SUBJECT: An   invoice", "Subject :\n An invoice  "),
        ("Hello  Bob,", "Hello \t Bob,  "),
        ("Ada\n\n\n", "Ada\n\n\n\n \n"),
        ("Date:", "X-Other: 1\nDate:"),
        ("DKIM-Signature", "dkim-signature"),
    ] {
        check(&dkim(verify(&changed(&sample("relaxed"), from, to))), Pass, "");
    }
    check(&dkim(verify(&changed(&sample("simple"), "Ada\n\n\n", "Ada"))), Pass, "");
    check(&dkim(verify(&format!("From ada@test.example Mon Mar  2 10:00:00 2026\n{}", sample("relaxed")))), Pass, "");
}

#[test]
fn a_signature_whose_body_lost_signed_bytes_fails() {
    let text = sample("length");
    let short = text.split_once("Ada\n\n\nPS").expect("the end of the body").0;
    let found = dkim(verify(short));
    check(&found, Fail, "49 bytes of the body are signed (`l=`), it has 44");
    assert_eq!(found.body_unsigned, Some(0));
}

#[test]
fn a_signature_that_holds_may_not_be_accepted() {
    check(&dkim(verify(&sample("sha1"))), Policy, "rsa-sha1 is not accepted");
    check(&dkim(verify(&changed(&sample("sha1"), "Hello  Bob", "Hello Eve"))), Fail, "body");
    check(&dkim(verify(&sample("short"))), Policy, "an RSA key of 768 bits");
}

#[test]
fn expiry_is_judged_when_the_message_was_received() {
    let late = changed(&sample("expires"), "id 1; Mon, 02 Mar 2026 10:00:05", "id 1; Mon, 02 Mar 2026 12:00:05");
    check(&dkim(verify(&late)), Policy, "had expired");
    let unknown = changed(&sample("expires"), "id 1; Mon, 02 Mar 2026 10:00:05 +0000", "id 1");
    let verifier = Verifier::new(Keys::parse(KEYS).expect("keys"), None);
    for (now, result) in [(NOW, Pass), (NOW + 86_400, Policy)] {
        assert_eq!(dkim(verifier.verify(unknown.as_bytes(), now)).result, result, "no Received field: the time of the check");
    }
}

#[test]
fn a_signature_against_the_standard_is_a_permanent_error() {
    for (from, to, reason) in [
        ("v=1; ", "", "version"),
        ("v=1", "v=2", "version"),
        ("a=rsa-sha256", "a=rsa-md5", "`rsa-md5` is not known"),
        ("c=relaxed/relaxed", "c=relaxed/tight", "`tight` is not known"),
        ("d=test.example", "e=test.example", "`d=`"),
        ("s=rsa", "s=", "`s=`"),
        ("s=rsa", "s=rsa/../x", "no name of DNS"),
        ("i=@test.example", "i=@other.example", "`i=`"),
        ("i=@test.example", "i=@eviltest.example", "`i=`"),
        ("q=dns/txt", "q=http/json", "`q=`"),
        ("t=1772445600", "t=soon", "`t=` is no number"),
        ("t=1772445600", "t=1772445600; x=1772445600", "ends"),
        ("bh=", "bh=*", "`bh=` is not Base64"),
        ("q=dns/txt", "v=1", "`v=` stands twice"),
        ("q=dns/txt", "nonsense", "without `=`"),
    ] {
        check(&dkim(verify(&changed(&sample("relaxed"), from, to))), PermError, reason);
    }
    let unsigned = sample("relaxed").replace("h=from", "h=x").replace(" from;", " x;").replace(" from ", " x ");
    check(&dkim(verify(&unsigned)), PermError, "From field is not signed");
}

#[test]
fn the_record_of_a_key_counts() {
    let key = |flags: &str| format!("rsa._domainkey.test.example {flags}{}", rsa_record().trim_start_matches("v=DKIM1; "));
    let (relaxed, subdomain) = (sample("relaxed"), sample("subdomain"));
    let found = dkim(verify_with(&key("t=y; "), &relaxed));
    check(&found, Pass, "");
    assert!(found.key.expect("it was used").testing);
    check(&dkim(verify_with(&key("t=s; "), &relaxed)), Pass, "");
    check(&dkim(verify_with(&key("t=y:s; "), &subdomain)), PermError, "`t=s`");
    check(&dkim(verify_with(&key("h=sha256; s=email; "), &relaxed)), Pass, "");
    check(&dkim(verify_with(&key("h=sha1; "), &relaxed)), PermError, "sha256");
    check(&dkim(verify_with("rsa._domainkey.test.example v=DKIM1; p=", &relaxed)), PermError, "revoked");
    let ed25519 = KEYS.lines().find(|line| line.starts_with("ed.")).expect("it is there");
    check(&dkim(verify_with(&changed(ed25519, "ed.", "rsa."), &relaxed)), PermError, "of type ed25519");
    let other = KEYS.lines().find(|line| line.starts_with("arc._domainkey.hop2")).expect("it is there");
    check(&dkim(verify_with(&changed(other, "arc._domainkey.hop2", "rsa._domainkey.test"), &relaxed)), Fail, "key");
}

#[test]
fn a_key_that_is_not_known_is_a_need() {
    let found = dkim(verify_with("", &sample("relaxed")));
    check(&found, Unavailable, "rsa._domainkey.test.example is not known");
    assert_eq!((found.needs, found.body_hash, found.key), (vec!["dns".to_owned()], Some(Pass), None));
    let changed = changed(&sample("relaxed"), "the invoice", "your invoice");
    let found = dkim(verify_with("", &changed));
    check(&found, Fail, "body");
    assert!(found.needs.is_empty(), "no key would make it hold");
    let arc = verify_with("", &sample("arc-2")).arc;
    check_arc(&arc, Unavailable, "instance 2");
    assert_eq!(arc.needs, ["dns"]);
}

#[test]
fn chains_hold_and_say_which_hop_changed_the_message() {
    for (name, oldest_pass) in [("arc-1", 0), ("arc-2", 0), ("arc-2-changed", 2)] {
        let arc = verify(&sample(name)).arc;
        check_arc(&arc, Pass, "");
        assert_eq!(arc.oldest_pass, Some(oldest_pass), "{name}");
    }
    let arc = verify(&sample("arc-2-changed")).arc;
    assert_eq!(
        arc.sets.iter().map(|set| (set.instance, set.signature.result, set.seal.result)).collect::<Vec<_>>(),
        [(1, Fail, Pass), (2, Pass, Pass)]
    );
    assert_eq!(arc.sets[1].seal.domain.as_deref(), Some("hop2.example"));
    check(&verify(&sample("arc-2-changed")).dkim[0], Fail, "body");
    check_arc(&verify(&sample("arc-2-failed")).arc, Fail, "cv=fail");
}

#[test]
fn a_broken_chain_fails() {
    let text = sample("arc-2");
    let seal = text.split_inclusive("\nARC-").next().expect("the topmost field").trim_end_matches("\nARC-").to_owned();
    for (from, to, reason) in [
        ("the invoice", "your invoice", "message signature of instance 2"),
        ("dkim=pass header.d=test.example;\n spf", "dkim=fail header.d=test.example;\n spf", "seal of instance 2"),
        ("i=1; cv=none", "i=1; cv=pass", "cv=pass"),
        ("i=2; cv=pass", "i=2; cv=none", "cv=none"),
        ("i=2; cv=pass", "i=2; h=from; cv=pass", "a seal has no `h=`"),
        ("i=2; cv=pass", "i=3; cv=pass", "instance 3"),
        ("i=2; cv=pass", "i=0; cv=pass", "instance 0"),
        ("i=2; cv=pass", "i=1; cv=pass", "two fields"),
        ("i=2; cv=pass", "cv=pass", "no instance"),
        (seal.as_str(), "X-Gone: 1", "instance 2 is not complete"),
    ] {
        check_arc(&verify(&changed(&text, from, to)).arc, Fail, reason);
    }
    let long: String = (1..=51).map(|instance| format!("ARC-Seal: i={instance}\n")).collect();
    check_arc(&verify(&(long + &sample("relaxed"))).arc, Fail, "more than 50");
}

#[test]
fn work_on_a_hostile_header_is_bounded() {
    let many = "DKIM-Signature: v=1\n".repeat(1_000) + &sample("relaxed");
    let found = verify(&many);
    assert_eq!(found.dkim.len(), 21);
    check(&found.dkim[20], Unavailable, "981 more");
    assert_eq!(found.dkim[20].needs, ["limit dkim.signatures"]);
    let names = format!("h=from:{}", (0..100_000).map(|number| format!("x{number}:")).collect::<String>());
    let long = changed(&sample("relaxed"), "h=from :", &names) + "x";
    let begin = Instant::now();
    check(&dkim(verify(&long)), Fail, "body");
    assert!(begin.elapsed() < Duration::from_secs(5), "as many names as the limit allows, against all fields");
    let long = verify(&format!("X: {}\n{}", "x".repeat(1 << 20), sample("arc-1")));
    assert_eq!(dkim(long.clone()).needs, ["limit dkim.headers"]);
    check_arc(&long.arc, Unavailable, "too long");
    for text in ["", "\n", "DKIM-Signature:", "DKIM-Signature", ":\n\n", "ARC-Seal: \n\tx", " x\n", "\r", "From \n"] {
        assert!(verify(text).dkim.iter().all(|found| found.result == PermError), "{text:?}");
    }
}

/// A server on this machine that answers each question with the TXT record that `answer` gives, or says that the name does not exist.
fn server(answer: impl Fn(&str) -> Option<String> + Send + 'static) -> Dns {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port of this machine");
    let address = socket.local_addr().expect("it has one");
    std::thread::spawn(move || {
        let mut bytes = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let mut at = 12;
            let mut labels = Vec::new();
            while bytes[at] > 0 {
                let end = at + 1 + usize::from(bytes[at]);
                labels.push(String::from_utf8_lossy(&bytes[at + 1..end]).to_lowercase());
                at = end;
            }
            let question = &bytes[12..at + 5];
            let text = answer(&labels.join("."));
            let code = if text.is_some() { 0 } else { 3 };
            let mut reply = [&bytes[..2], &[0x81, 0x80 | code, 0, 1, 0, 1 - code / 3, 0, 0, 0, 0], question].concat();
            if let Some(text) = text {
                let pieces: Vec<u8> = text.as_bytes().chunks(200).flat_map(|piece| [&[piece.len() as u8], piece].concat()).collect();
                reply.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
                reply.extend((pieces.len() as u16).to_be_bytes());
                reply.extend(pieces);
            }
            assert!(length >= at, "a whole question");
            socket.send_to(&reply, from).expect("it can be sent");
        }
    });
    Dns::server(address)
}

#[test]
fn keys_come_from_dns_where_it_is_given() {
    let known = |name: &str| (name == "rsa._domainkey.test.example").then(|| rsa_record().to_owned());
    let found = dkim(verify_by(server(known), &sample("relaxed")));
    check(&found, Pass, "");
    assert_eq!(found.key.expect("it was used").source, "dns");
    check(&dkim(verify_by(server(known), &sample("ed25519"))), PermError, "there is no key ed._domainkey.test.example");
}

/// A client with less patience.
struct Brief(Dns);

impl Resolve for Brief {
    fn txt(&self, name: &str, within: Duration) -> Result<Vec<String>, Unresolved> {
        self.0.txt(name, within.min(Duration::from_millis(300)))
    }
}

#[test]
fn a_name_server_that_does_not_answer_gives_a_temporary_error_in_time() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port of this machine");
    let nobody = "127.0.0.1:9".parse().expect("an address"); // the discard port
    for address in [silent.local_addr().expect("it has one"), nobody] {
        let begin = Instant::now();
        check(&dkim(verify_by(Brief(Dns::server(address)), &sample("relaxed"))), TempError, "no answer for the key");
        let arc = verify_by(Brief(Dns::server(address)), &sample("arc-1")).arc;
        check_arc(&arc, TempError, "no answer for the key");
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    }
}
