use super::*;

fn texts(mbox: &str) -> Vec<String> {
    messages(mbox.as_bytes()).map(|message| String::from_utf8_lossy(&message).into_owned()).collect()
}

#[track_caller]
fn check(mbox: &str, expected: &[&str]) {
    assert_eq!(texts(mbox), expected, "{mbox:?}");
}

const FROM: &str = "From a@b Mon Jan  1 00:00:00 2024\n";

#[test]
fn messages_are_separated() {
    check(
        "From a@b Mon Jan  1 00:00:00 2024\nSubject: 1\n\none\n\nFrom - Tue, 2 Jan 2024\r\nSubject: 2\r\n\r\ntwo\r\n",
        &["Subject: 1\n\none\n", "Subject: 2\r\n\r\ntwo\r\n"],
    );
    check(
        "\u{feff}From -\nA: b\n\nFrom Russia with love\nFrom -\nC: d\n\nFrom 1@xxx\nE: f\n",
        &["A: b\n\nFrom Russia with love\n", "C: d\n", "E: f\n"],
    );
    check("", &[]);
    check("Subject: no mbox\n\nx\n", &[]);
    check("From a Mon Jan  1 00:00:00 2024\n", &[""]);
    check(&format!("\n\r\n{FROM}A: b\n\nx\n{FROM}C: d\n"), &["A: b\n\nx\n", "C: d\n"]);
    check(&format!("{FROM}A: b\r\n\r\nx\r\n\r\n{FROM}\n{FROM}C: d\n"), &["A: b\r\n\r\nx\r\n", "\n", "C: d\n"]);
}

#[test]
fn a_damaged_header_still_begins_a_message() {
    let damaged = "no field\nnor this one\nSubject: x\n\ny\n";
    check(&format!("{FROM}A: b\n\nx\n\n{FROM}{damaged}"), &["A: b\n\nx\n", damaged]);
    let text = format!("A: b\n\nx\n{FROM}{damaged}");
    check(&format!("{FROM}{text}"), &[&text]);
}

#[test]
fn text_that_looks_alike_stays() {
    check(
        "From a Mon Jan  1 00:00:00 2024\nA: b\n\n\nFrom here on\nFrom x at 10:30 now\n>From y\n>>From z\n> From w\n",
        &["A: b\n\n\nFrom here on\nFrom x at 10:30 now\nFrom y\n>From z\n> From w\n"],
    );
    let quote = format!("A: b\n\nThe mailbox said\n\n{FROM}and then nothing.\n\nFrom the start: at 10:30\n\nFrom May 2024 on\nX: y\n");
    check(&format!("{FROM}{quote}"), &[&quote]);
}

#[test]
fn quoting_is_taken_back_in_bodies() {
    let header = ">From x@y Mon Jan  1 00:00:00 2024\nA: b\n\n";
    check(&format!("{FROM}{header}>From x\n"), &[&format!("{header}From x\n")]);
    check(&format!("{FROM}A: b\n\n>>>From x\ntext >From y\n"), &["A: b\n\n>>From x\ntext >From y\n"]);
    check(&format!("{FROM}A: b\n\n>> As I said\n>>From x\n> No\n>From y\n"), &["A: b\n\n>> As I said\n>>From x\n> No\nFrom y\n"]);
    check(&format!("{FROM}A: b\n\n> As I said\n>>From x\n"), &["A: b\n\n> As I said\n>From x\n"]);
}

/// A message with a length, behind its `From ` line.
fn with_length(length: usize, body: &str) -> String {
    format!("{FROM}A: b\nContent-Length: {length}\n\n{body}")
}

#[test]
fn a_right_length_makes_from_lines_text() {
    let body = format!("one\n\n{FROM}Subject: inner\n\n>From two\n");
    let mbox = format!("{}\n{}\n{}", with_length(4, "one\n"), with_length(body.len(), &body), with_length(4, "end\n"));
    let one = |body: &str| format!("A: b\nContent-Length: {}\n\n{body}", body.len());
    check(&mbox, &[&one("one\n"), &one(&body), &one("end\n")]);
    let quoted = ">From one\n";
    check(&with_length(quoted.len(), quoted), &["A: b\nContent-Length: 10\n\nFrom one\n"]);
}

#[test]
fn a_wrong_length_is_not_believed() {
    for wrong in [0, 1, 6, 30, 1_000_000, usize::MAX] {
        let mbox = format!("{}\n{}\n{FROM}C: d\n\nend\n", with_length(4, "one\n"), with_length(wrong, "two\n"));
        assert_eq!(texts(&mbox).len(), 3, "{wrong}: {:?}", texts(&mbox));
        assert!(texts(&mbox)[1].ends_with("two\n"), "{wrong}");
    }
}

#[test]
fn a_length_cannot_hide_messages_where_others_have_none() {
    let inner = format!("x\n\n{FROM}C: hidden\n\ny\n\n");
    let mbox = format!("{FROM}A: b\n\nfirst\n\n{}{FROM}E: last\n", with_length(inner.len(), &inner));
    assert_eq!(texts(&mbox).len(), 4, "{:?}", texts(&mbox));
}

#[test]
fn a_length_cannot_hide_messages() {
    let inner = format!("x\n\n{FROM}C: hidden\n\ny\n");
    let counted = format!("x\n\n{}", with_length(2, "y\n"));
    let (right, wrong) = (with_length(4, "one\n"), with_length(2, "wrong\n"));
    for (case, before, hiding) in [
        ("the first message", String::new(), &inner),
        ("behind a wrong length", format!("{right}\n{wrong}\n"), &inner),
        ("behind right ones", format!("{right}\n{right}\n"), &counted),
    ] {
        let before_it = texts(&before).len();
        let mbox = format!("{before}{}\n{}", with_length(hiding.len(), hiding), with_length(5, "last\n"));
        assert_eq!(texts(&mbox).len(), before_it + 3, "{case}: {:?}", texts(&mbox));
    }
}

#[test]
fn many_from_lines_cost_no_more_than_the_body_is_long() {
    let body = FROM.repeat((16 << 20) / FROM.len());
    let mbox = format!("{}\n{}\n", with_length(4, "one\n"), with_length(body.len() + 2, &format!("\n{body}\n")));
    let started = std::time::Instant::now();
    assert!(texts(&mbox).len() >= 2);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn a_cut_message_is_told() {
    let mbox = format!("{}\n{}", with_length(4, "one\n"), with_length(100, "two\n"));
    let found: Vec<_> = Reader::new(mbox.as_bytes(), 1000).collect();
    assert!(matches!(found.as_slice(), [Found { fault: None, .. }, Found { fault: Some(Fault::Short(96)), .. }]), "{found:?}");
    assert!(found[1].bytes.ends_with(b"two\n"));
    let loose = format!("{FROM}A: b\n\none\n\n{}", with_length(100, "two\n"));
    assert!(Reader::new(loose.as_bytes(), 1000).all(|found| found.fault.is_none()), "no writer of lengths, so nothing is missing");
}

/// Gives some bytes, then an error.
struct Broken<'b>(&'b [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() { Err(io::Error::other("broken")) } else { self.0.read(buf) }
    }
}

#[test]
fn what_was_read_before_an_error_is_given() {
    for last in [format!("{FROM}C: d\n\ntwo"), with_length(100, "two"), with_length(3, "two")] {
        let mbox = format!("{}\n{last}", with_length(4, "one\n"));
        let found: Vec<_> = Reader::new(io::BufReader::with_capacity(7, Broken(mbox.as_bytes())), 1000).collect();
        assert!(matches!(found.as_slice(), [Found { fault: None, .. }, Found { fault: Some(Fault::Unreadable(_)), .. }]), "{found:?}");
        assert!(found[1].bytes.ends_with(b"two"), "{found:?}");
    }
}

#[test]
fn the_size_of_the_buffer_does_not_matter() {
    let body = format!("one\n\n{FROM}Subject: inner\n\n>From two\n");
    let mbox = format!("{}\n{FROM}E: f\n\nFrom here\n\n{FROM}text\n\n{}", with_length(body.len(), &body), with_length(9, "end\n"));
    for capacity in 1..200 {
        let found: Vec<_> = Reader::new(io::BufReader::with_capacity(capacity, mbox.as_bytes()), 10_000).map(|found| found.bytes).collect();
        assert_eq!(found, messages(mbox.as_bytes()).collect::<Vec<_>>(), "{capacity}");
    }
}

#[test]
fn long_messages_are_cut_and_the_next_one_is_found() {
    let mbox = format!("From a Mon Jan  1 00:00:00 2024\nA: {}\n\nFrom b Mon Jan  1 00:00:00 2024\nB: c\n", "x".repeat(3 << 20));
    let found: Vec<_> = Reader::new(mbox.as_bytes(), 100).map(|message| message.bytes.len()).collect();
    assert_eq!(found, [100, 5]);
}

#[test]
fn an_mbox_is_recognised() {
    assert!(is_mbox(b"From a Mon Jan  1 00:00:00 2024\nSubject: x\n\n"));
    assert!(is_mbox(b"\n\r\nFrom -\nSubject: x\n\n"));
    assert!(
        is_mbox(format!("{FROM}\nno header\n\n{FROM}A: b\n\n").as_bytes())
            && !is_mbox(format!("{FROM}\nno header\n\nFrom here\nA: b\n").as_bytes())
    );
    assert!(!is_mbox(b"From: a\nSubject: x\n\n"));
    assert!(!is_mbox(b"From a Mon Jan  1 00:00:00 2024\nnothing\n"));
    assert!(begins(b"From a Mon Jan  1 00:00:00 2024\nnothing\n") && !begins(b"From -\nSubject: x\n\n"));
}

#[test]
fn wrong_lengths_cost_no_more_than_the_mailbox_is_long() {
    let one = format!("{FROM}A: b\nContent-Length: 30\n\nx\n\n");
    let mbox = format!("{}{}", with_length(60 << 20, ""), one.repeat((8 << 20) / one.len()));
    let started = std::time::Instant::now();
    assert_eq!(Reader::new(mbox.as_bytes(), usize::MAX).count(), 1 + (8 << 20) / one.len());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
