//! RTF by hand and what comes out of it.

use super::*;

const MAX: usize = 1 << 20;

#[track_caller]
fn text(rtf: &str, expected: &str) {
    assert_eq!(read(rtf.as_bytes(), MAX), Body { html: None, text: expected.to_owned() }, "{rtf}");
}

#[track_caller]
fn html(rtf: &str, expected: &str) {
    assert_eq!(read(rtf.as_bytes(), MAX), Body { html: Some(expected.to_owned()), text: String::new() }, "{rtf}");
}

#[test]
fn wrapped_html_comes_out() {
    html(
        r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}{\colortbl;\red0\green0\blue0;}
{\*\generator made by hand;}{\*\htmltag64}\uc1\pard\plain\deftab360 \f0\fs24
{\*\htmltag19 <html>}{\*\htmltag2 \par }{\*\htmltag50 <body>}\htmlrtf \lang1033 \htmlrtf0
{\*\htmltag64 <p style='a\{b\}'>}\htmlrtf {\htmlrtf0 Hello {\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 big{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0  world{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0
{\*\mhtmltag84 <img src='x'>}{\*\htmltag84 <img src='cid:y'>}\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}{\*\htmltag58 </body>}{\*\htmltag27 </html>}}",
        "<html>\r\n<body><p style='a{b}'>Hello <b>big</b> world&nbsp;<img src='cid:y'></p></body></html>",
    );
}

#[test]
fn wrapped_html_keeps_its_characters() {
    let head = r"{\rtf1\ansi\ansicpg1252\fromhtml1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset128 C;}}";
    html(&format!(r"{head}{{\*\htmltag <p title='\'e9'>}}\f1 \'cf\'f0\f0 \'e9{{\f2 \'82\'a0\'83A}}\'e9}}"), "<p title='é'>Прéあアé");
    html(&format!(r"{head}\f1{{\*\htmltag <i \'e9>}}\ldblquote\tab\u8364?\rdblquote\~\bullet}}"), "<i é>“\t€”\u{a0}•");
}

#[test]
fn suppressed_rtf_still_sets_the_font() {
    let head = r"{\rtf1\ansi\fromhtml1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}";
    html(&format!(r"{head}\htmlrtf\f1 x\htmlrtf0 \'c0{{\htmlrtf y}}z{{\pntext \'b7\tab}}"), "Аz");
}

#[test]
fn html_that_is_missing_falls_back_to_the_rtf() {
    text(r"{\rtf1\fromhtml1 {\htmlrtf seen}}", "seen");
    text(r"{\rtf1\fromhtml0 seen}", "seen");
}

#[test]
fn wrapped_text_comes_out() {
    text(
        r#"{\rtf1\ansi\ansicpg1252\fromtext \deff0{\fonttbl{\f0\fswiss Arial;}}
\uc1\pard\plain\deftab360 \f0\fs20 Hello \{you\}\par
\tab C:\\x {\field{\*\fldinst HYPERLINK "http://a.example/"}{\fldrslt http://a.example/}}\line end}"#,
        "Hello {you}\r\n\tC:\\x http://a.example/\r\nend",
    );
}

#[test]
fn other_rtf_gives_what_is_seen() {
    text(
        r"{\rtf1\ansi{\info{\title T}{\author A}}{\stylesheet{\s1 Normal;}}one\par two{\pict 89504e47}\sect{\v hidden}three}",
        "one\r\ntwo\r\nthree",
    );
    text(r"{\rtf1 {\header H}{\*\unknown {\b x}}a\cell b\cell\row {\pntext 1.\tab}item{\footnote \chftn note}}", "a\tb\t\r\n1.\titemnote");
    text(r"{\rtf1 {\object\objemb{\*\objclass Word}{\*\objdata 0105}{\result picture of it}}}", "picture of it");
    text(r"{\rtf1 {\shp{\*\shpinst\shpleft0{\sp{\sn a}{\sv 1}}{\shptxt in a box}}}}", "in a box");
    text(r"{\rtf1 {\upr{ansi}{\*\ud{uni\u233 e}}}}", "unié");
    text(r"{\rtf1 soft\-hyphen hard\_hyphen \bin4 }{}}x}", "softhyphen hard\u{2011}hyphen x");
    text(r"{\rtf1 {\list{\listlevel{\leveltext \'02\'00.}}}{\i0\*\cs7 a style}{\*\cs7 not}}", "a style");
    text("{\\rtf1 a\\\nb} trailing junk", "a\r\nb");
}

#[test]
fn links_keep_their_targets() {
    let field = |instruction: &str, shown: &str| {
        format!(r"{{\rtf1 go {{\field{{\*\fldinst {{{instruction}}}}}{{\fldrslt {{\ul {shown}}}}}}} now}}")
    };
    text(&field(r#"HYPERLINK "http://a.example/x""#, "here"), "go here <http://a.example/x> now");
    text(&field(r#" hyperlink \\o "tip" \\n http://a.example/"#, "here"), "go here <http://a.example/> now");
    text(&field(r#"HYPERLINK "http://a.example/""#, "http://a.example/"), "go http://a.example/ now");
    text(&field(r#"HYPERLINK \\l "bookmark""#, "here"), "go here now");
    text(&field(r##"HYPERLINK "#bookmark""##, "here"), "go here now");
    text(&field(r#"HYPERLINK "\\\\\\\\host\\\\a.doc""#, "here"), r"go here <\\host\a.doc> now");
    text(&field("PAGE", "7"), "go 7 now");
    text(r#"{\rtf1 {\field{\*\fldinst HYPERLINK "http://a.example/"}}{\field{\fldrslt b}}}"#, "b");
}

#[test]
fn characters_outside_of_ascii_are_read() {
    for (rtf, expected) in [
        (r"{\rtf1\ansi\ansicpg1251 \'cf\'f0}", "Пр"),
        (r"{\rtf1\ansi\ansicpg936 \'d6\'d0\'ce\'c4}", "中文"),
        (r"{\rtf1\mac \'8e}", "é"),
        (r"{\rtf1\ansi\ansicpg65001 \'c3\'a9}", "é"),
        (r"{\rtf1\ansi\ansicpg99999 \'e9}", "é"),
        (r"{\rtf1\ansi\deff3{\fonttbl{\f3\fcharset161 G;}}\'e1{\plain\'e1}}", "αα"),
        (r"{\rtf1{\fonttbl\f1\fnil\cpg1253 G;\f2\fcharset2 Symbol;}\f1\'e1\f2\'b7}", "α·"),
        (r"{\rtf1\u233?\u-4051 ?\u8364\'80.}", "é\u{f02d}€."),
        (r"{\rtf1\uc0\u233 x{\uc2\u233 ??x}\u233 x}", "éxéxéx"),
        (r"{\rtf1\uc1\u-10179?\u-8704?}", "\u{1f600}"),
        (r"{\rtf1\u55357 ?\u56832 ?\u128512?}", "\u{1f600}\u{1f600}"),
        (r"{\rtf1\u-10179?x\u-8704?}", "\u{fffd}x\u{fffd}"),
        (r"{\rtf1\u-10179?}", "\u{fffd}"),
        (r"{\rtf1{\u233}x}", "éx"),
    ] {
        text(rtf, expected);
    }
    assert_eq!(read(b"{\\rtf1\\ansi\\ansicpg932 \x82\xa0}", MAX).text, "あ");
}

#[test]
fn output_is_bounded() {
    assert_eq!(read(br"{\rtf1 abcdef}", 3).text, "abc");
    assert_eq!(read(br"{\rtf1 ab\u233?c}", 3).text, "ab");
    assert_eq!(read(br"{\rtf1\fromhtml1 {\*\htmltag <p>}abc}", 4).html.as_deref(), Some("<p>a"));
}

#[test]
fn deep_groups_are_read() {
    let deep = format!("{{\\rtf1 {}x{{\\*\\y z}}{}w}}", "{".repeat(50_000), "}".repeat(50_000));
    assert_eq!(read(deep.as_bytes(), MAX).text, "xzw");
    let open = "{\\*\\x ".repeat(50_000);
    assert_eq!(read(open.as_bytes(), MAX).text, "");
    assert_eq!(read("}".repeat(50_000).as_bytes(), MAX), Body::default());
}

#[test]
fn no_cut_panics() {
    let all = [
        r"{\rtf1\ansi\ansicpg936\fromhtml1{\fonttbl{\f1\fcharset128 C;}}{\*\htmltag64 <p>}\f1\'82\'a0\u-10179?\u-8704?\bin3 }}}\htmlrtf ",
        r#"{\htmlrtf0 x}{\field{\*\fldinst HYPERLINK \\l "x" "y"}{\fldrslt z}}\'4\u\~\"#,
    ];
    let all = all.concat();
    for start in 0..all.len() {
        for rtf in [&all.as_bytes()[start..], &all.as_bytes()[..start]] {
            for packed in [rtf.to_vec(), compressed::tests::literal(rtf)] {
                let unpacked = decompress(&packed, MAX).unwrap_or(packed);
                assert!(read(&unpacked, 40).text.len() <= 40);
            }
        }
    }
}

#[test]
fn compressed_html_is_read() {
    let packed = compressed::tests::literal(br"{\rtf1\fromhtml1{\*\htmltag <b>}hi}");
    assert_eq!(read(&decompress(&packed, MAX).unwrap(), MAX).html.as_deref(), Some("<b>hi"));
}
