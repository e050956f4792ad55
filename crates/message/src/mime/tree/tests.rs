//! Trees of whole and broken messages.

use super::*;

/// The leaves as `media|content` and the defects.
fn check(message: &str, leaves: &[&str], defects: &[Defect]) {
    let header = block::parse(message.as_bytes(), 0, 100, |_| false);
    let tree = walk(message.as_bytes(), &header.fields, header.body, &Limits::default());
    let found: Vec<_> =
        tree.leaves.iter().map(|leaf| format!("{}|{}", leaf.content_type.media, String::from_utf8_lossy(&leaf.content()))).collect();
    assert_eq!(found, leaves, "{message}");
    assert_eq!(tree.defects, defects, "{message}");
}

#[test]
fn a_message_without_structure_is_one_leaf() {
    check("A: b\n\nhello\n", &["text/plain|hello\n"], &[]);
    check("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\naGk=\n", &["image/png|hi"], &[]);
}

#[test]
fn parts_come_depth_first() {
    check(
        "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; boundary=\"a b\"\n\n\
         --a b\n\nplain\n--a b\nContent-Type: text/html\n\n<p>\n\n--a b--\nepilogue\n--a\nContent-Type: message/rfc822\n\n\
         Content-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--\n--a--\nend\n",
        &["text/plain|plain", "text/html|<p>\n", "message/rfc822|Content-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--"],
        &[],
    );
}

#[test]
fn a_boundary_is_a_whole_line() {
    check(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx --a\n--ab\n--a \n\ny\n--a--\n",
        &["text/plain|x --a\n--ab", "text/plain|y"],
        &[],
    );
}

#[test]
fn text_behind_a_boundary_does_not_count() {
    check(
        "Content-Type: multipart/mixed; boundary=a\n\n--a Content-Type: text/html\n\nx\n--ab c\n--a--b\n--a-- \ny\n",
        &["text/plain|x\n--ab c\n--a--b"],
        &[],
    );
    // An end with text behind it is one unless the boundary comes again.
    let ended = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a-- y\n";
    check(ended, &["text/plain|x"], &[]);
    check(&format!("{ended}--a\n\nz\n--a--\n"), &["text/plain|x", "text/plain|z"], &[]);
}

#[test]
fn a_delimiter_at_the_end_begins_no_part() {
    check("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a\n \r\n", &["text/plain|x"], &[Defect::NoEnd]);
    check("Content-Type: multipart/mixed; boundary=a\n\n--a\n", &[], &[Defect::NoEnd]);
}

#[test]
fn the_outline_has_all_nodes() {
    let message = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n--b\n\nx\n\
                   --a\nContent-Type: multipart/mixed; boundary=c\n\ny\n--a--\n";
    let header = block::parse(message.as_bytes(), 0, 100, |_| false);
    let tree = walk(message.as_bytes(), &header.fields, header.body, &Limits::default());
    let outline: Vec<_> = tree.outline.iter().map(|(depth, media)| (*depth, media.as_str())).collect();
    assert_eq!(outline, [(0, "multipart/mixed"), (1, "multipart/related"), (2, "text/plain"), (1, "text/plain")]);
}

#[test]
fn broken_multiparts_keep_their_text() {
    check("Content-Type: multipart/mixed\n\nhello\n", &["text/plain|hello\n"], &[Defect::NoBoundary]);
    check("Content-Type: multipart/mixed; boundary=a\n\nhello\n", &["text/plain|hello\n"], &[Defect::NoParts]);
    check("Content-Type: multipart/mixed; boundary=a\n\n--a\n--a\n\nhello\n", &["text/plain|", "text/plain|hello\n"], &[Defect::NoEnd]);
    check(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\n--b\n\nx\n--a--\n",
        &["text/plain|x"],
        &[Defect::NoEnd],
    );
    check(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=b\n\nx\n--a--\n",
        &["text/plain|x"],
        &[Defect::NoParts],
    );
}

#[test]
fn parts_of_a_digest_are_messages() {
    check("Content-Type: multipart/digest; boundary=a\n\n--a\n\nA: b\n\nc\n--a--\n", &["message/rfc822|A: b\n\nc"], &[]);
}

#[test]
fn nesting_is_bounded() {
    let deep: String = (0..500).map(|depth| format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n")).collect();
    let header = block::parse(deep.as_bytes(), 0, 100, |_| false);
    let tree = walk(deep.as_bytes(), &header.fields, header.body, &Limits::default());
    assert_eq!((tree.leaves.len(), tree.defects.first()), (1, Some(&Defect::TooDeep)));
}
