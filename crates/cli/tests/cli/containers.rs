//! Mailboxes, Maildirs, Apple Mail files and archives: what is delivered, what it is called, and what is said of the broken ones.

use crate::support::{Folder, Ran, gzip, message, tar_of, zip, zip_of};

/// Source and subject of each message that the inputs give.
#[track_caller]
fn found(ran: &Ran) -> Vec<String> {
    ran.values()
        .iter()
        .map(|row| format!("{}: {}", row["source"].as_str().expect("it has one"), row["value"].as_str().unwrap_or("-")))
        .collect()
}

fn eval(folder: &Folder, inputs: &[&str]) -> Ran {
    folder.run(&[&["--format", "jsonl", "eval", "-e", "subject.subject"], inputs].concat())
}

/// Fails unless the inputs give exactly these messages and nothing is said.
#[track_caller]
fn gives(folder: &Folder, inputs: &[&str], expected: &[&str]) {
    let ran = eval(folder, inputs);
    assert_eq!((found(&ran), ran.status, ran.stderr.as_str()), (expected.iter().map(ToString::to_string).collect(), 0, ""), "{inputs:?}");
}

/// Fails unless the input gives these messages, and these lines on standard error begin with a place and say a thing.
#[track_caller]
fn breaks(folder: &Folder, input: &str, expected: &[&str], said: &[(&str, &str)]) {
    folder.write("good.eml", message("Good"));
    let ran = eval(folder, &[input, "good.eml"]);
    assert_eq!(found(&ran), [expected, &["good.eml: Good"]].concat(), "{ran:?}");
    assert_eq!(ran.status, 3, "{ran:?}");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), said.len(), "{ran:?}");
    for (line, (place, reason)) in lines.iter().zip(said) {
        assert!(line.starts_with(&format!("{place}: ")) && line.contains(reason), "{place}, {reason}: {line}");
    }
    let scan = folder.run(&["--format", "jsonl", "scan", "--jobs", "2", input, "good.eml"]);
    assert_eq!((scan.status, scan.values().len()), (3, expected.len() + 1), "{scan:?}");
}

fn short(subject: &str) -> String {
    format!("From: a@b.example\nSubject: {subject}\n\nHello\n")
}

fn mbox(subjects: &[&str]) -> String {
    subjects.iter().map(|subject| format!("From a@b.example Mon Mar  2 10:00:00 2026\n{}\n", short(subject))).collect()
}

/// A message with a Content-Length, behind its `From ` line.
fn with_length(subject: &str, length: usize, body: &str) -> String {
    let from = "From a@b.example Mon Mar  2 10:00:00 2026\nFrom: a@b.example";
    format!("{from}\nSubject: {subject}\nContent-Length: {length}\n\n{body}\n")
}

#[test]
fn the_four_dialects_of_mbox_are_read() {
    let folder = Folder::new();
    let quoted = |text: &str| format!("From a@b.example Mon Mar  2 10:00:00 2026\nSubject: x\n\n{text}\n\n{}", mbox(&["Next"]));
    let counted = |text: &str| with_length("x", text.len(), text) + &with_length("Next", 4, "end\n");
    for (dialect, mailbox, body) in [
        ("mboxo", quoted(">From here\n> so\n>> we\n>>From you"), "From here\n> so\n>> we\n>>From you\n"),
        ("mboxrd", quoted(">From here\n>>From there"), "From here\n>From there\n"),
        ("mboxcl", counted("\n>From here\n"), "\nFrom here\n"),
        (
            "lines",
            quoted("From here to there.\n\nFrom Monday, 10:30\nFrom 2024 on"),
            "From here to there.\n\nFrom Monday, 10:30\nFrom 2024 on\n",
        ),
    ] {
        folder.write(dialect, &mailbox).write("crlf", mailbox.replace('\n', "\r\n"));
        let first = folder.run(&["--format", "jsonl", "eval", "-e", "body.plain.raw", dialect]);
        assert_eq!(first.values()[0]["value"], body, "{dialect}: {first:?}");
        let name = |number: usize, subject: &str| format!("{dialect} > {number}: {subject}");
        gives(&folder, &[dialect], &[&name(1, "x"), &name(2, "Next")]);
        if !mailbox.contains("Content-Length") {
            gives(&folder, &["crlf"], &["crlf > 1: x", "crlf > 2: Next"]);
        }
    }
}

#[test]
fn mboxcl2_quotes_nothing() {
    let folder = Folder::new();
    let text = "\nFrom x@y.example Mon Mar  2 10:00:00 2026\nSubject: inner\n\n>From here\n";
    folder.write("box", with_length("One", 4, "one\n") + &with_length("Two", text.len(), text) + &with_length("Three", 4, "end\n"));
    gives(&folder, &["box"], &["box > 1: One", "box > 2: Two", "box > 3: Three"]);
    let bodies = folder.run(&["--format", "jsonl", "eval", "-e", "body.plain.raw", "box"]);
    assert_eq!(bodies.values()[1]["value"], text);
}

#[test]
fn a_mailbox_that_another_program_has_edited_is_read() {
    let folder = Folder::new();
    let no_empty_line = mbox(&["One", "Two"]).replace("Hello\n\n", "Hello\n");
    folder.write("a", format!("\n\n{no_empty_line}"));
    gives(&folder, &["a"], &["a > 1: One", "a > 2: Two"]);
    for wrong in [0, 3, 40, 1 << 40] {
        folder.write("b", with_length("One", 4, "one\n") + &with_length("Two", wrong, "two\n") + &with_length("Three", 6, "three\n"));
        gives(&folder, &["b"], &["b > 1: One", "b > 2: Two", "b > 3: Three"]);
    }
}

#[test]
fn a_cut_mailbox_is_read_to_the_cut() {
    let folder = Folder::new();
    let whole = with_length("One", 4, "one\n") + &with_length("Two", 400, "two");
    folder.write("cut", &whole);
    breaks(&folder, "cut", &["cut > 1: One", "cut > 2: Two"], &[("cut > 2", "bytes before the message does")]);
    let packed = gzip(mbox(&["One", "Two", "Three"]).as_bytes());
    folder.write("cut.mbox.gz", &packed[..packed.len() - 20]);
    let ran = eval(&folder, &["cut.mbox.gz"]);
    assert!(ran.values().len() <= 3 && ran.values()[0]["value"] == "One", "{ran:?}");
    ran.complains(3, &["cut.mbox.gz > ", "the gzip data is damaged"]);
}

#[test]
fn the_files_of_a_maildir_are_messages() {
    let folder = Folder::new();
    folder.write("box/cur/1.a:2,S", message("One")).write("box/cur/2.odd", "no header field\n").write("box/new/3", message("Three"));
    folder
        .write("box/tmp/4", message("not yet there"))
        .write("box/.Sent/cur/5:2,", message("Five"))
        .write("box/.Sent/new/6", gzip(message("Six").as_bytes()));
    folder.write("box/.Sent/tmp/7", message("not yet there")).write("box/subscriptions", "Sent\n").write("box/cur/0", mbox(&["Zero"]));
    std::fs::create_dir_all(folder.path().join("none/cur"))
        .and_then(|()| std::fs::create_dir_all(folder.path().join("none/new")))
        .expect("they are new");
    let all = [
        "box/.Sent/cur/5:2,: Five",
        "box/.Sent/new/6: Six",
        "box/cur/0: Zero",
        "box/cur/1.a:2,S: One",
        "box/cur/2.odd: -",
        "box/new/3: Three",
    ];
    gives(&folder, &["box"], &all);
    gives(&folder, &["box/new", "box/cur/"], &["box/new/3: Three", "box/cur/0: Zero", "box/cur/1.a:2,S: One", "box/cur/2.odd: -"]);
    breaks(&folder, "none", &[], &[("none", "the Maildir is empty")]);
}

#[cfg(unix)]
#[test]
fn a_file_of_a_maildir_that_cannot_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("box/cur/1", message("One")).write("box/cur/2", message("Two")).write("box/cur/3", message("Three"));
    folder.write("box/new/4", message("Four"));
    let second = folder.path().join("box/cur/2");
    std::fs::set_permissions(&second, PermissionsExt::from_mode(0o000)).expect("it is ours");
    if std::fs::read(&second).is_ok() {
        return; // whoever may read everything cannot be refused a file
    }
    breaks(&folder, "box", &["box/cur/1: One", "box/cur/3: Three", "box/new/4: Four"], &[("box/cur/2", "cannot be read")]);
}

#[test]
fn files_of_apple_mail_are_read() {
    let folder = Folder::new();
    let list = "<?xml version=\"1.0\"?>\n<!DOCTYPE plist>\n<plist version=\"1.0\"><dict/></plist>\n";
    let text = message("One");
    folder.write("in/1.emlx", format!("{}\n{text}{list}", text.len())).write("in/2.partial.emlx", format!("7  \n{text}{list}"));
    folder.write("in/3", format!("{}\n{text}", text.len())).write("in/4.emlx", &text);
    gives(&folder, &["in"], &["in/1.emlx: One", "in/2.partial.emlx: One", "in/3: One", "in/4.emlx: One"]);
    let ran = folder.run(&["--format", "jsonl", "eval", "-e", "body.plain.raw", "in/1.emlx", "in/2.partial.emlx"]);
    assert!(ran.values().iter().all(|row| row["value"] == "Hello Bob\r\n"), "{ran:?}");
    folder.write("cut.emlx", format!("1000\n{text}"));
    breaks(&folder, "cut.emlx", &["cut.emlx: One"], &[("cut.emlx", "bytes before the message does")]);
}

/// Members as an export of a mailbox has them.
fn export() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("mail/", Vec::new()),
        ("mail/2.eml", message("Two").into_bytes()),
        ("mail/notes.json", b"{}".to_vec()),
        ("mail/1", message("One").into_bytes()),
        ("old.mbox", mbox(&["Three", "Four"]).into_bytes()),
        ("more.zip", zip("5.eml", message("Five").as_bytes())),
        ("none.zip", zip("a.json", b"{}")),
        ("6.eml.gz", gzip(message("Six").as_bytes())),
    ]
}

#[test]
fn archives_of_messages_are_walked() {
    let folder = Folder::new();
    let members = export();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let tar = tar_of(&members);
    for (name, bytes) in [("a.zip", zip_of(&members)), ("a.tar.gz", gzip(&tar)), ("a.tar", tar), ("a.zip.gz", gzip(&zip_of(&members)))] {
        folder.write(name, &bytes).write(&format!("in-{name}/x/{name}"), &bytes);
        for path in [name.to_owned(), format!("in-{name}/x/{name}")] {
            let expected = [" > 1: Two", " > 2: One", " > 3 > 1: Three", " > 3 > 2: Four", " > 4 > 1: Five", " > 5: Six"];
            let expected: Vec<String> = expected.iter().map(|rest| format!("{path}{rest}")).collect();
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            gives(&folder, &[path.split_once("/x").map_or(path.as_str(), |(folder, _)| folder)], &expected);
        }
        let ran = folder.run_on(&["--format", "jsonl", "eval", "-e", "subject.subject", "-"], &bytes);
        assert_eq!(found(&ran)[2..4], ["- > 3 > 1: Three", "- > 3 > 2: Four"], "{name} on standard input: {ran:?}");
        assert_eq!((ran.status, ran.values().len()), (0, 6), "{ran:?}");
    }
}

#[test]
fn gzip_is_no_container() {
    let folder = Folder::new();
    folder
        .write("a.eml.gz", gzip(message("One").as_bytes()))
        .write("b.mbox.gz", [gzip(mbox(&["Two"]).as_bytes()), gzip(mbox(&["Three"]).as_bytes())].concat());
    gives(&folder, &["a.eml.gz", "b.mbox.gz"], &["a.eml.gz: One", "b.mbox.gz > 1: Two", "b.mbox.gz > 2: Three"]);
    for rubbish in [&b"\x1f"[..], b"\x1f\x8b", b"\x1f \x8b\x08", b"\0\0\0", b"x"] {
        folder.write("d.eml.gz", [&gzip(message("One").as_bytes()), rubbish].concat());
        gives(&folder, &["d.eml.gz"], &["d.eml.gz: One"]);
    }
    let many: Vec<u8> = message("One").bytes().flat_map(|byte| gzip(&[byte])).collect();
    folder.write("e.eml.gz", many);
    gives(&folder, &["e.eml.gz"], &["e.eml.gz: One"]);
    folder.write("c.gz", gzip(b"nothing")).write("cut.eml.gz", &gzip(message("One").as_bytes())[..150]);
    breaks(&folder, "c.gz", &[], &[("c.gz", "no message, mailbox or archive")]);
    breaks(&folder, "cut.eml.gz", &["cut.eml.gz: One"], &[("cut.eml.gz", "cannot be read to its end")]);
}

#[test]
fn archives_without_messages_are_named() {
    let folder = Folder::new();
    for (name, bytes, said) in [
        ("empty.zip", zip_of(&[]), "the archive is empty"),
        ("empty.tar", tar_of(&[]), "the archive is empty"),
        ("none.zip", zip_of(&[("a.json", b"{}"), ("b", &[0; 9])]), "none of the 2 files in the archive is a message"),
        ("none.tar", tar_of(&[("a.json", b"{}")]), "the one file in the archive is no message"),
    ] {
        folder.write(name, bytes);
        breaks(&folder, name, &[], &[(name, said)]);
    }
    folder.write("in/a.eml", message("One")).write("in/none.zip", zip("a.json", b"{}"));
    gives(&folder, &["in"], &["in/a.eml: One"]);
}

/// A member of a tar archive with this type, length and content.
fn member(name: &str, kind: tar::EntryType, len: u64, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name).expect("it is short");
    header.set_size(len);
    header.set_entry_type(kind);
    header.set_cksum();
    let mut all = [header.as_bytes(), bytes].concat();
    all.resize(all.len().next_multiple_of(512), 0);
    all
}

#[test]
fn what_has_no_content_in_a_tar_archive_hides_no_member() {
    use tar::EntryType;
    let folder = Folder::new();
    let one =
        |subject: &str| member("x.eml", EntryType::Regular, 14 + subject.len() as u64, format!("Subject: {subject}\r\n\r\n ").as_bytes());
    for kind in [EntryType::Link, EntryType::Symlink, EntryType::Char, EntryType::Block, EntryType::Directory, EntryType::Fifo] {
        folder.write("a.tar", [member("link", kind, 1024, b""), one("One"), one("Two"), vec![0; 1024]].concat());
        gives(&folder, &["a.tar"], &["a.tar > 1: One", "a.tar > 2: Two"]);
    }
    for gap in [512, 1024, 10_240] {
        folder.write("b.tar", [one("One"), vec![0; gap], one("Two"), vec![0; 10_240]].concat());
        gives(&folder, &["b.tar"], &["b.tar > 1: One", "b.tar > 2: Two"]);
    }
    folder.write("c.tar", [one("One"), vec![0; 1024], vec![b'x'; 2048]].concat()).write("d.tar", [one("One"), vec![0; 512]].concat());
    gives(&folder, &["c.tar", "d.tar"], &["c.tar > 1: One", "d.tar > 1: One"]);
    folder.write("e.tar", [one("One"), vec![0; 512], vec![b'x'; 512], one("Two"), vec![0; 1024]].concat());
    breaks(&folder, "e.tar", &["e.tar > 1: One", "e.tar > 2: Two"], &[("e.tar", "1024 bytes of the archive are damaged")]);
}

#[test]
fn long_names_are_read_to_their_end() {
    use tar::EntryType;
    let folder = Folder::new();
    let file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"; // a message by its name alone
    let name = format!("{}a.msg", "long/".repeat(60));
    folder.write("a.tar", tar_of(&[(&name, file), ("b.doc", file)])).write("a.zip", zip_of(&[(&name, file), ("b.doc", file)]));
    let path = format!("path={name}\n");
    let path = format!("{} {path}", path.len() + 4);
    let pax = member("pax", EntryType::XHeader, path.len() as u64, path.as_bytes());
    let link = member("link", EntryType::Symlink, 0, b"");
    let regular = |name| member(name, EntryType::Regular, file.len() as u64, file);
    folder.write("b.tar", [pax.clone(), regular("cut"), regular("cut"), vec![0; 1024]].concat());
    folder.write("c.tar", [pax, link, regular("cut"), regular("c.msg"), vec![0; 1024]].concat()); // the name is the link's
    gives(&folder, &["a.tar", "a.zip", "b.tar", "c.tar"], &["a.tar > 1: -", "a.zip > 1: -", "b.tar > 1: -", "c.tar > 1: -"]);
    let mut zip = zip_of(&[(&name, file)]);
    let table = zip.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table");
    zip[table + 8] |= 1;
    folder.write("in/closed.zip", zip);
    let ran = eval(&folder, &["in"]);
    ran.complains(3, &["is encrypted"]);
    assert!(ran.stderr.len() < 400, "the name is cut: {ran:?}");
}

#[test]
fn a_cut_archive_is_read_to_the_cut() {
    let folder = Folder::new();
    let long = format!("{}{}", message("Three"), "Words without end. ".repeat(200));
    let (one, two) = (message("One"), message("Two"));
    let members = [("1.eml", one.as_bytes()), ("2.eml", two.as_bytes()), ("3.eml", long.as_bytes())];
    let tar = tar_of(&members);
    folder.write("in-a-message.tar", &tar[..tar.len() - 3 * 1024]).write("behind-it.tar", &tar[..tar.len() - 1024]);
    let all = |name: &str| [" > 1: One", " > 2: Two", " > 3: Three"].map(|rest| format!("{name}{rest}"));
    let said = [("in-a-message.tar > 3", "the archive ends"), ("in-a-message.tar", "breaks off")];
    breaks(&folder, "in-a-message.tar", &all("in-a-message.tar").each_ref().map(String::as_str), &said);
    breaks(&folder, "behind-it.tar", &all("behind-it.tar").each_ref().map(String::as_str), &[("behind-it.tar", "breaks off")]);
    let zip = zip_of(&members);
    let table = zip.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table");
    folder.write("table.zip", &zip[..table + 10]).write("member.zip", &zip[..table - 10]);
    breaks(&folder, "table.zip", &all("table.zip").each_ref().map(String::as_str), &[("table.zip", "no table of contents")]);
    let said = [("member.zip", "no table of contents"), ("member.zip > 3", "cannot be read to its end")];
    breaks(&folder, "member.zip", &all("member.zip").each_ref().map(String::as_str), &said);
}

#[test]
fn damage_in_an_archive_is_passed() {
    let folder = Folder::new();
    let members: [(&str, &[u8]); 3] = [("1.eml", b"Subject: One\n\n"), ("2.eml", b"Subject: Two\n\n"), ("3.eml", b"Subject: Three\n\n")];
    let mut tar = tar_of(&members);
    tar[1024] ^= 1; // in the name of the second member
    folder.write("a.tar", tar);
    breaks(&folder, "a.tar", &["a.tar > 1: One", "a.tar > 2: Three"], &[("a.tar", "1024 bytes of the archive are damaged")]);
    let mut zip = zip_of(&members);
    let crc = zip.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table") + 16;
    zip[crc] ^= 1;
    folder.write("a.zip", zip);
    breaks(&folder, "a.zip", &["a.zip > 1: One", "a.zip > 2: Two", "a.zip > 3: Three"], &[("a.zip > 1", "check sum")]);
}

#[test]
fn a_wrong_table_of_contents_is_told() {
    let folder = Folder::new();
    let whole = zip_of(&[("1.eml", b"Subject: One\n\n"), ("2.eml", b"Subject: Two\n\n")]);
    let table = whole.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table");
    for (entry, expected, said) in [
        (table, &["a.zip > 1: One", "a.zip > 2: Two"][..], [("a.zip", "the table of contents names wrong places")]),
        (table + 46 + 5, &["a.zip > 1: One"][..], [("a.zip > 2", "2.eml is damaged")]),
    ] {
        let mut zip = whole.clone();
        zip[entry + 42] ^= 5; // where the member stands
        folder.write("a.zip", zip);
        breaks(&folder, "a.zip", expected, &said);
    }
    folder.write("in/b.zip", [&b"PK\x03\x04 not"[..], &whole[..]].concat());
    gives(&folder, &["in"], &["in/b.zip > 1: One", "in/b.zip > 2: Two"]);
}

#[test]
fn an_end_record_of_nothing_does_not_empty_an_archive() {
    let folder = Folder::new();
    let whole = zip_of(&[("1.eml", b"Subject: One\n\n"), ("2.eml", b"Subject: Two\n\n")]);
    let table = whole.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table");
    let nothing = zip_of(&[]);
    folder.write("in/a.zip", [&whole[..], &nothing].concat());
    gives(&folder, &["in"], &["in/a.zip > 1: One", "in/a.zip > 2: Two"]);
    folder.write("b.zip", [&whole[..table], &nothing].concat());
    breaks(&folder, "b.zip", &["b.zip > 1: One", "b.zip > 2: Two"], &[("b.zip", "no table of contents")]);
}

#[test]
fn encrypted_members_are_named() {
    let folder = Folder::new();
    let mut zip = zip_of(&[("1.eml", b"Subject: One\n\n"), ("2.eml", b"Subject: Two\n\n")]);
    let table = zip.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table");
    zip[table + 8] |= 1; // as far as a reader can tell, that is all
    folder.write("a.zip", zip);
    breaks(&folder, "a.zip", &["a.zip > 2: Two"], &[("a.zip > 1", "1.eml is encrypted")]);
    let encrypted = |name| {
        let mut bytes = zip_of(&[(name, b"x")]);
        let table = bytes.windows(4).position(|window| window == b"PK\x01\x02").expect("it has a table");
        bytes[table + 8] |= 1;
        bytes
    };
    folder
        .write("b.zip", encrypted("a.exe"))
        .write("in/b.zip", encrypted("a.exe"))
        .write("in/c.zip", encrypted("a.eml"))
        .write("in/1.eml", message("One"));
    breaks(&folder, "b.zip", &[], &[("b.zip > 1", "a.exe is encrypted")]);
    breaks(&folder, "in", &["in/1.eml: One"], &[("in/c.zip > 1", "a.eml is encrypted")]);
}

#[test]
fn archives_are_opened_three_deep() {
    let folder = Folder::new();
    let three = zip("c.zip", &zip("b.zip", &zip("a.mbox", mbox(&["One"]).as_bytes())));
    folder.write("three.zip", &three).write("four.tar", tar_of(&[("three.zip", &three), ("2.eml", message("Two").as_bytes())]));
    gives(&folder, &["three.zip"], &["three.zip > 1 > 1 > 1 > 1: One"]);
    breaks(&folder, "four.tar", &["four.tar > 2: Two"], &[("four.tar > 1 > 1 > 1", "input.depth")]);
}

#[test]
fn bombs_are_bounded() {
    let folder = Folder::new();
    let head = "From: a@b.example\nSubject: Bomb\n\n";
    let bomb = format!("{head}{}", "0".repeat(70 << 20));
    folder
        .write("a.zip", zip_of(&[("1.eml", bomb.as_bytes()), ("2.eml", message("Two").as_bytes())]))
        .write("a.eml.gz", gzip(bomb.as_bytes()));
    let subjects = |name: &str| folder.run(&["--format", "jsonl", "eval", "-e", "subject.subject", name]);
    let ran = subjects("a.zip");
    assert_eq!(found(&ran), ["a.zip > 1: Bomb"]);
    ran.complains(3, &["a.zip > 1: ", "a.zip: too much is packed into too few bytes; the members behind are not read", "input.ratio"]);
    subjects("a.eml.gz").complains(3, &["a.eml.gz: ", "input.ratio"]);
}

/// A ZIP archive whose table of contents names its one member so many times.
fn repeated(zip: &[u8], times: u16) -> Vec<u8> {
    let place = |mark: &[u8]| zip.windows(4).position(|window| window == mark).expect("it is there");
    let (table, end) = (place(b"PK\x01\x02"), place(b"PK\x05\x06"));
    let entries = zip[table..end].repeat(times.into());
    let mut record = zip[end..].to_vec();
    record[8..10].copy_from_slice(&times.to_le_bytes());
    record[10..12].copy_from_slice(&times.to_le_bytes());
    record[12..16].copy_from_slice(&u32::try_from(entries.len()).expect("it is short").to_le_bytes());
    [&zip[..table], &entries, &record].concat()
}

#[test]
fn members_that_share_their_bytes_are_bounded_together() {
    let folder = Folder::new();
    let bomb = format!("From: a@b.example\nSubject: Bomb\n\n{}", "0".repeat(20 << 20));
    let many = repeated(&zip_of(&[("1.eml", bomb.as_bytes())]), 40);
    let packed = zip_of(&[("1.eml.gz", &gzip(bomb.as_bytes()))]);
    for (name, bytes) in
        [("a.zip", many.clone()), ("b.zip", zip("a.zip", &many)), ("c.zip.gz", gzip(&many)), ("d.zip", repeated(&packed, 40))]
    {
        folder.write(name, bytes);
        let ran = folder.run(&["--format", "jsonl", "eval", "-e", "subject.subject", name]);
        assert!((3..=4).contains(&ran.values().len()), "{name}: {ran:?}");
        ran.complains(3, &["input.ratio", "too much is packed into too few bytes; the members behind are not read"]);
    }
    let few = repeated(&zip_of(&[("1.eml", message("One").as_bytes())]), 3);
    folder.write("e.zip", few);
    gives(&folder, &["e.zip"], &["e.zip > 1: One", "e.zip > 2: One", "e.zip > 3: One"]);
}

#[test]
fn outlook_files_are_handed_over() {
    let folder = Folder::new();
    let file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on";
    folder.write("in/a.msg", file).write("in/b.doc", file).write("c.zip", zip("x/c.msg", file));
    gives(&folder, &["in", "c.zip"], &["in/a.msg: -", "c.zip > 1: -"]);
}
