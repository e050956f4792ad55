//! Whole explosions over files that the tests make themselves.

use super::*;
use crate::shapes::Hash;
use mailhound_value::capability;
use std::io::Write;

/// A ZIP with these members, deflated.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).expect("content");
    encoder.finish().expect("a gzip file")
}

fn run_with(limits: &Limits, bytes: &[u8], name: Option<&str>) -> Exploded {
    explode(bytes, name, &Options { limits, yara: None, reads: None })
}

fn run(bytes: &[u8], name: Option<&str>) -> Exploded {
    run_with(&Limits::default(), bytes, name)
}

/// One line per place: depth, name or `-`, MIME type; `?` in front of what exists only perhaps; `gap` with its needs.
fn outline(exploded: &Exploded) -> Vec<String> {
    let line = |slot: &crate::Slot<Node>| match &slot.value {
        Err(missing) => format!("gap {missing}"),
        Ok(node) => {
            let mime = node.flavors.mime.as_ref().map_or_else(|missing| format!("({missing})"), Clone::clone);
            let doubt = if slot.doubt.is_some() { "?" } else { "" };
            format!("{doubt}{} {} {mime}", node.depth, node.file_name.as_deref().unwrap_or("-"))
        }
    };
    let rest = exploded.nodes.missing_rest().map(|missing| format!("rest {missing}"));
    exploded.nodes.slots().iter().map(line).chain(rest).collect()
}

fn check(bytes: &[u8], name: Option<&str>, want: &[&str]) {
    assert_eq!(outline(&run(bytes, name)), want);
}

fn node(exploded: &Exploded, idx: usize) -> &Node {
    exploded.nodes.slots()[idx].value.as_ref().expect("a known node")
}

#[test]
fn plain_text_is_one_node() {
    let exploded = run(b"see https://example.com/x now", Some("note.TXT"));
    assert_eq!(outline(&exploded), ["0 note.TXT text/plain"]);
    assert_eq!(node(&exploded, 0).json()["unavailable"], serde_json::json!({"scan.yara": ["yara"]}));
    let scan = &node(&exploded, 0).scan;
    let strings = scan.strings.as_ref().expect("known").as_ref().expect("text has strings");
    assert_eq!(strings.raw.as_deref(), Some("see https://example.com/x now"));
    assert!(scan.zip.as_ref().expect("known").is_none());
}

#[test]
fn an_empty_file_is_a_node_of_size_0() {
    check(b"", None, &["0 - application/x-empty"]);
}

#[test]
fn members_come_in_order_and_before_later_siblings() {
    let inner = zip(&[("deep.txt", b"deep text")]);
    let bytes = zip(&[("a.txt", b"first text"), ("in.zip", &inner), ("dir/z.txt", b"last text")]);
    check(
        &bytes,
        Some("x.zip"),
        &["0 x.zip application/zip", "1 a.txt text/plain", "1 in.zip application/zip", "2 deep.txt text/plain", "1 dir/z.txt text/plain"],
    );
    let exploded = run(&bytes, None);
    let zip = node(&exploded, 0).scan.zip.as_ref().expect("known").as_ref().expect("a zip").clone();
    assert_eq!(zip.all_paths.items().collect::<Vec<_>>(), ["a.txt", "in.zip", "dir/z.txt"]);
    assert_eq!((zip.encrypted, zip.total_files, zip.total_extracted), (Some(false), Some(3), Ok(Some(3))));
    assert_eq!(node(&exploded, 3).parent_node_id.as_deref(), Some("2"));
    assert_eq!(node(&exploded, 3).source, Some("ScanZip"));
}

#[test]
fn what_cannot_be_opened_leaves_a_gap_at_its_place() {
    let bytes = zip(&[("a.rtf", b"{\\rtf1 x}"), ("b.txt", b"behind it")]);
    let exploded = run(&bytes, None);
    assert_eq!(outline(&exploded), ["0 - application/zip", "1 a.rtf text/rtf", "gap embedded", "1 b.txt text/plain"]);
    let list = exploded.to_value().expect("known").as_list().expect("a list");
    assert!(list.length().is_err() && list.get(2).is_err() && list.get(3).is_ok());
}

#[test]
fn a_picture_has_a_text_that_needs_ocr() {
    let exploded = run(b"\x89PNG\r\n\x1A\n", Some("a.png"));
    assert_eq!(outline(&exploded), ["0 a.png image/png", "?1 text text/plain"]);
    let missing = Unavailable::capability(capability::OCR);
    assert_eq!(node(&exploded, 0).scan.ocr.as_ref().err(), Some(&missing));
    let text = node(&exploded, 1);
    assert_eq!(text.scan.strings.as_ref().err(), Some(&missing));
    assert_eq!(text.scan.hash.as_ref().err(), Some(&missing));
    assert_eq!(text.size, Err(missing));
    assert!(matches!((&text.scan.qr, &text.scan.zip, &text.scan.javascript), (Ok(None), Ok(None), Ok(None))));
}

#[test]
fn a_pdf_has_pages_and_text_perhaps() {
    let pages = ["?1 pdf_2_png_0 image/png", "?2 text text/plain"];
    let exploded = run(b"%PDF-1.4 x", None);
    assert_eq!(outline(&exploded)[..3], ["0 - application/pdf", pages[0], pages[1]]);
    assert_eq!(outline(&exploded).last().map(String::as_str), Some("?1 text text/plain"));
    assert!(matches!(node(&exploded, 0).scan.ocr, Ok(None)));
    assert_eq!(node(&exploded, 1).scan.qr.as_ref().err().map(ToString::to_string).as_deref(), Some("pdf, qr"));
}

#[test]
fn parts_of_a_message_become_files() {
    let message = concat!(
        "From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n",
        "--x\r\nContent-Type: text/plain\r\n\r\nhello there\r\n--x\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\n",
        "Content-Disposition: attachment; filename=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--x--\r\n"
    );
    check(message.as_bytes(), None, &["0 - message/rfc822", "1 part_1 text/plain", "1 a.bin application/octet-stream"]);
}

#[test]
fn scripts_of_html_become_files() {
    let exploded = run(b"<html><script>var abc = 1;</script><div>QUJDRA==</div>", Some("a.html"));
    // The gap is for scripts that would be found if this were well-formed XML as well.
    assert_eq!(outline(&exploded), ["0 a.html text/html", "1 script_0 text/plain", "1 base64_div text/plain", "2 - text/plain", "gap xml"]);
    assert_eq!(node(&exploded, 1).flavors.external, ["text/javascript"]);
    assert!(node(&exploded, 1).scan.javascript.is_err());
    assert!(matches!(node(&exploded, 0).scan.javascript, Ok(None)));
}

#[test]
fn gzip_is_unpacked() {
    let exploded = run(&gzip(b"some text"), Some("a.gz"));
    assert_eq!(outline(&exploded), ["0 a.gz application/gzip", "1 - text/plain"]);
    let exploded = run(&gzip(b"some text")[..20], None);
    assert_eq!(outline(&exploded), ["0 - application/gzip", "1 - (failure: gzip: damaged)", "gap failure: gzip: damaged"]);
}

#[test]
fn bombs_end_at_a_limit() {
    let bomb = gzip(&vec![0; 64 << 20]);
    let exploded = run(&bomb, None);
    assert_eq!(outline(&exploded)[1], "1 - (limit files.ratio)");
    let limits = Limits { file_total: 1000, ..Limits::default() };
    let exploded = run_with(&limits, &zip(&[("a", &[65; 900]), ("b", &[65; 900]), ("c", &[65; 900])]), None);
    assert_eq!(
        outline(&exploded),
        [
            "0 - application/zip",
            "1 a text/plain",
            "1 b (limit files.total)",
            "gap limit files.total",
            "1 c (limit files.total)",
            "gap limit files.total"
        ]
    );
}

#[test]
fn nesting_ends_at_a_limit() {
    let mut bytes = b"text at the bottom".to_vec();
    for _ in 0..30 {
        bytes = gzip(&bytes);
    }
    let outline = outline(&run(&bytes, None));
    assert_eq!(outline.len(), 17);
    assert_eq!(outline[16], "gap limit files.depth");
}

#[test]
fn the_list_is_cut_at_the_limit_of_nodes() {
    let limits = Limits { file_nodes: 3, ..Limits::default() };
    let exploded = run_with(&limits, &zip(&[("a", b"1"), ("b", b"2"), ("c", b"3"), ("d", b"4")]), None);
    assert_eq!(outline(&exploded), ["0 - application/zip", "1 a text/plain", "1 b text/plain", "rest limit files.nodes"]);
}

#[test]
fn members_behind_the_limit_are_a_gap() {
    let limits = Limits { archive_members: 1, ..Limits::default() };
    let exploded = run_with(&limits, &zip(&[("a", b"1"), ("b", b"2")]), None);
    assert_eq!(outline(&exploded), ["0 - application/zip", "1 a text/plain", "gap limit files.members"]);
    let zip = node(&exploded, 0).scan.zip.as_ref().expect("known").as_ref().expect("a zip").clone();
    assert_eq!(zip.attempted_files.items().collect::<Vec<_>>(), ["a"]);
    assert!(zip.total_extracted.is_err());
}

#[test]
fn encrypted_members_are_named_and_stay_closed() {
    let mut bytes = zip(&[("secret.txt", b"abc")]);
    let central = memchr::memmem::find(&bytes, b"PK\x01\x02").expect("a directory");
    bytes[6] |= 1;
    bytes[central + 8] |= 1;
    let exploded = run(&bytes, None);
    assert_eq!(outline(&exploded), ["0 - application/zip", "gap archives"]);
    let scan = &node(&exploded, 0).scan;
    let zip = scan.zip.as_ref().expect("known").as_ref().expect("a zip");
    assert_eq!((zip.encrypted, zip.attempted_files.items().count(), &zip.total_extracted), (Some(true), 1, &Ok(Some(0))));
    assert_eq!(scan.encrypted_zip.as_ref().err(), Some(&Unavailable::capability(capability::ARCHIVES)));
}

#[test]
fn a_lost_directory_is_made_up_for_by_local_headers() {
    let bytes = zip(&[("a.txt", b"first text"), ("b.txt", b"second text")]);
    let central = memchr::memmem::find(&bytes, b"PK\x01\x02").expect("a directory");
    check(&bytes[..central], None, &["0 - application/zip", "1 a.txt text/plain", "1 b.txt text/plain"]);
    check(b"PK\x03\x04\xFF", None, &["0 - application/zip", "gap failure: zip: no directory"]);
}

#[test]
fn every_cut_of_an_archive_is_survived() {
    let bytes = zip(&[("a.txt", b"first text"), ("b.gz", &gzip(b"second text"))]);
    for len in 0..bytes.len() {
        run(&bytes[..len], None);
        let mut flipped = bytes.clone();
        flipped[len] ^= 0xFF;
        run(&flipped, None);
    }
}

#[test]
fn yara_runs_on_every_file() {
    let mut compiler = yara::Compiler::new();
    compiler.add("a.yar", b"rule deep { meta: author = \"me\" other = 1 strings: $a = \"needle\" condition: $a }");
    let rules = compiler.build();
    let limits = Limits::default();
    let bytes = zip(&[("a.txt", b"a needle in hay")]);
    let exploded = explode(&bytes, None, &Options { limits: &limits, yara: Some(&rules), reads: None });
    let names = |idx: usize| node(&exploded, idx).json()["scan"]["yara"].clone();
    assert_eq!(names(0), serde_json::json!({"flags": [], "matches": []}));
    assert_eq!(names(1), serde_json::json!({"flags": [], "matches": [{"meta": {"author": "me"}, "name": "deep", "tags": []}]}));
}

#[test]
fn html_values_are_exploded_as_html() {
    let limits = Limits::default();
    let exploded = explode_html("plain words", &Options { limits: &limits, yara: None, reads: None });
    assert!(matches!(&node(&exploded, 0).scan.html, Ok(Some(_))));
}

#[test]
fn archives_are_expanded_with_the_archives_in_them() {
    let limits = Limits::default();
    let bytes = zip(&[("in.zip", &zip(&[("deep.txt", b"abc")])), ("z.txt", b"xyz")]);
    let expanded = crate::expand_archives(&bytes, Some("a.zip"), &Options { limits: &limits, yara: None, reads: None });
    let names: Vec<_> = expanded.files.items().map(|file| file.file_name.as_deref().unwrap_or("-")).collect();
    assert_eq!(names, ["in.zip", "deep.txt", "z.txt"]);
    let deep = expanded.files.items().nth(1).expect("a file");
    assert_eq!(deep.bytes(), Ok(b"abc".as_slice()));
    let json = mailhound_value::to_json(deep.to_value(), &mut Vec::new());
    assert_eq!((&json["raw"], &json["md5"]), (&"YWJj".into(), &"900150983cd24fb0d6963f7d28e17f72".into()));
    assert_eq!(crate::expand_archives(b"text", None, &Options { limits: &limits, yara: None, reads: None }).files.places(), 0);
}

#[test]
fn deep_markup_costs_what_its_length_costs() {
    let exploded = run("<div>".repeat(200_000).as_bytes(), None);
    assert!(matches!(&node(&exploded, 0).scan.html, Ok(Some(_))));
}

#[test]
fn members_that_overlap_end_at_the_limit_of_ratio() {
    let one = zip(&[("a", &[65; 40 << 20])]);
    let central = memchr::memmem::find(&one, b"PK\x01\x02").expect("a directory");
    let end = memchr::memmem::find(&one, b"PK\x05\x06").expect("an end");
    let entries = one[central..end].repeat(500);
    let mut tail = one[end..].to_vec();
    tail[12..16].copy_from_slice(&u32::try_from(entries.len()).expect("small").to_le_bytes());
    let exploded = run(&[&one[..central], &entries, &tail].concat(), None);
    assert_eq!(outline(&exploded)[1], "1 a (limit files.ratio)");
    assert_eq!(outline(&exploded).last().map(String::as_str), Some("gap limit files.total"));
}

#[test]
fn what_nobody_reads_is_left_out() {
    let limits = Limits::default();
    let mut reads = Reads::default();
    let digest = Hash::SHAPE.fields.iter().position(|field| field.name == "sha256").expect("a field");
    let scan = Scan::SHAPE.fields.iter().position(|field| field.name == "hash").expect("a field");
    reads.add(Hash::SHAPE, digest);
    reads.add(Scan::SHAPE, scan);
    let archive = zip(&[("a.txt", b"abcd")]);
    let exploded = explode(&archive, None, &Options { limits: &limits, yara: None, reads: Some(&reads) });
    let nodes: Vec<_> = exploded.nodes.items().collect();
    assert_eq!(nodes.len(), 2, "files are found whatever is read");
    let hash = nodes[1].scan.hash.as_ref().ok().and_then(Option::as_ref).expect("digests");
    assert_eq!(hash.sha256, "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589");
    assert_eq!(hash.ssdeep, "");
    assert!(matches!(nodes[1].scan.strings, Ok(None)));
}
