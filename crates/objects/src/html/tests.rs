use super::*;

#[track_caller]
fn check(html: &str, expected: &str) {
    assert_eq!(Document::parse(html).display_text(), expected, "{html}");
}

fn links(html: &str) -> Vec<std::sync::Arc<Link>> {
    Document::parse(html).links(&Limits::default()).items
}

/// `target text|url visible` per link.
#[track_caller]
fn check_links(html: &str, expected: &[&str]) {
    let shown = |link: &Link| {
        link.display_url.as_ref().map(|url| format!("<{}>", url.url)).or(link.display_text.clone()).unwrap_or_else(|| "-".to_owned())
    };
    let found: Vec<String> = links(html)
        .iter()
        .map(|link| format!("{} {} {}", link.href_url.as_ref().unwrap().url, shown(link), link.visible.unwrap()))
        .collect();
    assert_eq!(found, expected, "{html}");
}

#[test]
fn inline_elements_join_and_blocks_break() {
    check(
        "From: <strong>xyz Instructor:</strong> <span>&lt;<a>no-reply@e.example.com</a>&gt;</span><br>Date: x",
        "From: xyz Instructor: <no-reply@e.example.com>\nDate: x",
    );
    check("<p>one</p><p>two</p>three<div>four<div>five</div></div>six", "one\ntwo\nthree\nfour\nfive\nsix");
    check("<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a b\nc d");
    check("<ul><li>x<li>y</ul>", "x\ny");
    check("a<br><br><br>b<hr>c", "a\nb\nc");
    check("Hel<b>lo</b> <i> world</i> !", "Hello world !");
    check("<pre>a\n  b\n\nc</pre>", "a\nb\nc");
    check("a<span style='display:block'>b</span>c", "a\nb\nc");
    check("", "");
}

#[test]
fn lists_tables_and_kept_text_are_laid_out() {
    for (html, expected) in [
        ("<ol><li>one<ul><li>inner</ul><li>two</ol>", "one\ninner\ntwo"),
        ("<dl><dt>term<dd>meaning</dl>", "term\nmeaning"),
        ("<table><caption>t</caption><tr><th>a<th>b<tr><td>c</table>", "t\na b\nc"),
        ("<table><tr><td>a<td><table><tr><td>in<td>ner</table><td>b</table>", "a\nin ner\nb"),
        ("<table><tr><td><p>a</p></td><td>b</td></tr></table>", "a\nb"),
        ("a<table>stray<tr><td>b</table>", "astray\nb"),
        ("&lt;b&gt; &amp; &copy; &#8364; &#x41; &nosuch;", "<b> & © € A &nosuch;"),
        ("a&#0;b&#x202e;c", "a\u{fffd}bc"),
        ("<pre>  a\n\tb  c\n</pre>d", "a\nb  c\nd"),
        ("<textarea>a\nb</textarea>", "a\nb"),
        ("<div style='white-space:pre-wrap'>a  b\n c</div>", "a b\nc"),
        ("<div style='white-space:pre-line'>a\n<b style='white-space:normal'>b\nc</b></div>", "a\nb c"),
        ("<p>a\n b\r\n\tc</p>", "a b c"),
        ("<h1>a</h1><h6>b</h6><center>c</center><address>d</address>", "a\nb\nc\nd"),
        ("<fieldset><legend>a</legend>b</fieldset>c<section>d</section><article>e</article>", "a\nb\nc\nd\ne"),
        ("<img alt='text' src=x>a<input value=b><select><option>c<option>d</select>", "a\nc\nd"),
        ("<b>a</b><b>b</b> <i>c</i>&nbsp;<u>d</u>", "ab c d"),
        ("<p>a<p><p>&nbsp;<p> <p>b", "a\nb"),
    ] {
        check(html, expected);
    }
}

#[test]
fn blanks_and_widthless_characters() {
    check("a&nbsp;&nbsp;b&zwnj;c\u{ad}d\u{2003}e", "a bcd e");
    check("3:07\u{202f}pm", "3:07pm");
    check("p\u{200b}a\u{feff}y\u{2060}p\u{e0041}a\u{e0139}l", "paypal");
}

#[test]
fn what_is_hidden_is_not_shown() {
    for style in [
        "display:none",
        "display: NONE !important",
        "visibility:hidden",
        "opacity:0",
        "font-size:0",
        "font-size:0px;line-height:0",
        "font-size:1px",
        "max-height:0;overflow:hidden",
        "height:0px;overflow:hidden",
        "color:#ffffff",
        "color:white",
        "color:#fff;background:#FFFFFF",
        "color:rgb(255, 255, 255)",
        "text-indent:-9999px",
        "position:absolute;left:-9999px",
        "color:transparent",
        "color:rgba(0,0,0,0)",
        "background:#000;color:black",
        "color:#ffffff00",
        "color:rgb(0 0 0 / 0)",
        "color:hsla(0, 0%, 0%, 0)",
        "visibility:collapse",
        "opacity:0.0;color:red",
        "font:0/0 a",
        "font-size:0.05em",
        "font-size:0pt",
        "color:white;background-color:white",
        "position:fixed;top:-5000px",
        "margin-left:-9999px",
        "max-height:0px;overflow:hidden;mso-hide:all",
        "height:0;overflow-y:hidden",
        "DISPLAY:None",
        "display:block;display:none",
    ] {
        check(&format!("a<div style=\"{style}\">b<p>c</p></div>d"), "a\nd");
    }
    check("a<script>x</script><style>y</style><!-- z --><noscript>n</noscript><template>t</template><title>u</title>b", "ab");
    check("a<span hidden>b</span>c", "ac");
}

#[test]
fn what_only_seems_hidden_is_shown() {
    for style in [
        "mso-hide:all",
        "max-height:0",
        "overflow:hidden",
        "color:#fff;background:#000",
        "font-size:12px",
        "opacity:1",
        "color:#eee",
        "display:block",
        "display:none;display:block",
        "color:#000000ff",
        "color:rgba(0,0,0,1)",
        "color:rgb(0,0,0)",
        "position:absolute;left:10px",
        "left:-9999px",
        "text-indent:2em",
        "height:0",
        "font-size:2px",
        "color:red;background:white",
        "nonsense",
        "display",
        ":;:;",
    ] {
        check(&format!("<div style=\"{style}\">b</div>"), "b");
    }
    check("<table bgcolor=#000000><tr><td><font color=white>b</font></td></tr></table>", "b");
    check("<td style='font-size:0'><span style='font-size:14px'>b</span></td>", "b");
    check("<div style='visibility:hidden'>a<span style='visibility:visible'>b</span></div>", "b");
    check("<div style='background:url(x.png)'><p style='color:#fff'>b</p></div>", "b");
    check("<style>.btn td{background:#000}</style><table class=btn><td style='color:#fff'>b</table>", "b");
}

#[test]
fn style_rules_hide_too() {
    check("<style>.x{display:none} P{color:red}</style><p class='y x'>a</p><p>b</p>", "b");
    check("<style>/* c */ #i, h1.z { font-size : 0 }</style><div id=i>a</div><h1 class=z>b</h1><h1>c</h1>", "c");
    check("<style>@media (max-width:600px){ .x{display:none} } @media print { p{display:none} }</style><p class=x>a</p>", "a");
    check("<style>.x{display:none}</style><p class=x style='display:block'>a</p>", "a");
    check("<style>.x{display:none !important}</style><p class=x style='display:block'>a</p>b", "b");
    check("<style><!-- .x{display:none} --></style><p class=x>a</p>b", "b");
    // A sheet for other media, or under a condition, does not hold.
    for (media, shown) in [("", "b"), ("all", "b"), ("Screen", "b"), ("print, screen", "b"), ("print", "ab"), ("(max-width: 600px)", "ab")]
    {
        check(&format!("<style media='{media}'>.x{{display:none}}</style><span class=x>a</span>b"), shown);
    }
    // Selectors that are not simple are not followed.
    check(
        "<style>div .x{display:none} .y.z{display:none} p>b{display:none} *{display:none}</style><div><p class='x y z'>a<b>b</b></div>",
        "ab",
    );
    // The order of CSS: tag, class, id, attribute, !important; among equals the last.
    check("<style>#i{display:block} .x{display:none} p{display:none}</style><p id=i class=x>a</p>", "a");
    check("<style>.x{display:none} .x{display:block}</style><p class=x>a</p>", "a");
    check("<style>p.x{display:none}</style><p class=x>a</p><div class=x>b</div>", "b");
}

#[test]
fn hidden_elements_hide_what_is_in_them() {
    for (html, expected) in [
        ("<div style='display:none'>a<p style='display:block'>b<table><tr><td>c</table></div>d", "d"),
        ("<div style='opacity:0'><b style='opacity:1'>a</b></div>b", "b"),
        ("<div style='max-height:0;overflow:hidden'><div style='max-height:99px;font-size:20px'>a</div></div>b", "b"),
        ("<div style='position:absolute;left:-9999px'><p style='position:static'>a</p></div>b", "b"),
        ("<div style='color:#fff'>a<span style='color:#000'>b</span></div>", "b"),
        ("<div style='font-size:0'>a<span style='font-size:1em'>b</span><i style='font-size:12px'>c</i></div>", "c"),
        ("<body bgcolor=black text=white>a<p style='background:#fff'>b</p></body>", "a"),
        ("<div hidden><p>a</p></div><p hidden=until-found>b</p>c", "c"),
        ("a<div style='display:none'/>b", "a"),
    ] {
        check(html, expected);
    }
}

#[test]
fn inner_text_has_every_text_node_on_a_line() {
    let html = "<head><title>t</title></head>From: <strong>xyz  Instructor:\nAlice</strong> <span>&lt;<a>no-reply@e.example.com</a>&gt;</span><br>Date: x\
        <span style='display:none'>hidden</span><script>s</script><!-- c -->";
    let blank = "a<p>&nbsp;</p><p> \n</p><p>b&nbsp;c</p><div hidden>d</div><pre>e\n f</pre><textarea>g</textarea>";
    assert_eq!(Document::parse(blank).inner_text(), "a\nb\u{a0}c\nd\ne f\ng\n");
    assert_eq!(Document::parse("<p> </p><script>x</script>").inner_text(), "");
    assert_eq!(Document::parse(html).inner_text(), "From:\nxyz Instructor: Alice\n<\nno-reply@e.example.com\n>\nDate: x\nhidden\n");
}

#[test]
fn anchors_are_links_in_order() {
    check_links(
        "<a href='https://a.example/'>Click <b>here</b></a><a href=''></a><a href='#x'>x</a><a href='mailto:b@c.example?subject=x'>mail</a><a name=q>no</a>",
        &["https://a.example/ Click here true", " - false", "#x x true", "b@c.example mail true"],
    );
    check_links(
        "<a href='https://evil.example.net/'>https://www.example.com/login</a>",
        &["https://evil.example.net/ <https://www.example.com/login> true"],
    );
    assert_eq!(links("<a href='https://evil.example.net/'>www.example.com</a>")[0].mismatched, Some(true));
}

#[test]
fn an_image_is_a_link_without_text() {
    check_links("<a href='https://a.example/'><img src=x alt=Go></a>", &["https://a.example/ - true"]);
    check_links("<a href='https://a.example/'><img src=x width=1 height=1></a>", &["https://a.example/ - false"]);
    check_links("<a href='https://a.example/'><img src=x style='width:1px'></a>", &["https://a.example/ - false"]);
}

/// Phishing mail shows its whole text as the background of one large anchor.
#[test]
fn a_background_is_an_image_too() {
    for (style, visible) in [
        ("display:block;width:417px;height:658px;background:url(x.png) no-repeat", true),
        ("background-image:url(\"x.png\");height:90px", true),
        ("display:block;width:1px;height:1px;background:url(x.png)", false),
        ("display:none;background:url(x.png)", false),
        ("display:block;width:400px;height:600px", false),
        ("background:red", false),
        ("background-image:none", false),
    ] {
        check_links(&format!("<a href='https://a.example/' style='{style}'> </a>"), &[&format!("https://a.example/ - {visible}")]);
        check_links(
            &format!("<a href='https://a.example/'><div style='{style}'></div></a>"),
            &[&format!("https://a.example/ - {visible}")],
        );
    }
}

#[test]
fn hidden_links_are_told_so() {
    check_links("<div style='display:none'><a href='https://a.example/'>x</a></div>", &["https://a.example/ x false"]);
    check_links("<a href='https://a.example/' style='color:#fff'>x</a>", &["https://a.example/ x false"]);
    check_links("<a href='https://a.example/'>x <span style='display:none'>y</span></a>", &["https://a.example/ x true"]);
}

#[test]
fn forms_areas_and_buttons_are_links() {
    check_links(
        "<form action='https://a.example/p'><input name=q><input type=submit value='Sign in'></form><map><area href='https://b.example/' alt='Go'></map>\
         <v:roundrect href='https://c.example/'>Pay</v:roundrect>",
        &["https://a.example/p Sign in true", "https://b.example/ Go true", "https://c.example/ Pay true"],
    );
    check_links("<form action='https://a.example/p'><button>Send <b>now</b></button> after</form>", &["https://a.example/p Send now true"]);
}

#[test]
fn elements_that_lead_somewhere() {
    for (html, expected) in [
        // Buttons: with an address of their own, by their form, or by a script, which no mail program runs.
        (
            "<form action='https://a.example/p'><button formaction='https://b.example/q'>Go</button></form>",
            &["https://a.example/p - true", "https://b.example/q Go true"][..],
        ),
        ("<form action='https://a.example/p'><input type=image alt='Pay now' src=x></form>", &["https://a.example/p Pay now true"]),
        (
            "<form action='https://a.example/p'><button type=button>x</button><button>Send</button></form>",
            &["https://a.example/p Send true"],
        ),
        ("<form><input type=submit value=Go formaction='https://a.example/'></form>", &["https://a.example/ Go true"]),
        ("<button onclick=\"window.location='https://a.example/'\">Go</button>", &[]),
        ("<a onclick=\"location.href='https://a.example/'\">Go</a>", &[]),
        ("<a href='#' onclick=\"location.href='https://a.example/'\">Go</a>", &["# Go true"]),
        ("<a href='javascript:x()'>Go</a>", &["javascript:x() Go true"]),
        // Pictures, sheets, scripts and frames are no links; neither is what an Outlook comment holds.
        (
            "<img src='https://a.example/x.png'><link href='https://b.example/c.css'><script src='https://c.example/'></script><iframe src='https://d.example/'></iframe>",
            &[],
        ),
        ("<!--[if mso]><v:roundrect href='https://a.example/'>x</v:roundrect><![endif]-->", &[]),
        ("<![if !mso]><a href='https://a.example/'>x</a><![endif]>", &["https://a.example/ x true"]),
        ("<v:rect href='https://a.example/'><center>Open</center></v:rect>", &["https://a.example/ Open true"]),
        // What an anchor shows: text over several elements and lines, an address, a picture with or without text.
        ("<a href='https://a.example/'><table><tr><td>Click<td>here</table></a>", &["https://a.example/ Click here true"]),
        ("<a href='https://a.example/'>\n <img src=x>\n Open <b>it</b></a>", &["https://a.example/ Open it true"]),
        ("<a href='mailto:b@example.com'>b@example.com</a>", &["b@example.com <b@example.com> true"]),
        ("<a href='https://a.example/'>www.b.example/x</a>", &["https://a.example/ <www.b.example/x> true"]),
        ("<a href='https://a.example/'>&nbsp;\u{200b}</a>", &["https://a.example/ - false"]),
        ("<a href=' https://a.exam\nple/x '>x</a>", &["https://a.example/x x true"]),
        ("<a href='https://a.example/?a=1&amp;b=2'>x</a>", &["https://a.example/?a=1&b=2 x true"]),
        ("<a href='tel:+1-555'>call</a>", &["tel:+1-555 call true"]),
        ("<a href='https://a.example/'>x<a href='https://b.example/'>y</a>", &["https://a.example/ x true", "https://b.example/ y true"]),
        ("<map><area href='https://a.example/'></map>", &["https://a.example/ - true"]),
    ] {
        check_links(html, expected);
    }
}

#[test]
fn text_outside_anchors_is_searched() {
    check_links(
        "<p>see www.example.com or <a href='https://example.org/'>https://example.org/</a></p><p>https://example.org/</p>",
        &["https://example.org/ <https://example.org/> true", "www.example.com <www.example.com> true"],
    );
    let plain = &links("see <b>example.com</b>")[0];
    assert_eq!((plain.parser, plain.display_text.as_deref(), plain.mismatched), (Some("plain"), None, Some(false)));
    check_links("h<a href='ttp://x.example.com/'>ttp://x.example.com/</a>", &["ttp://x.example.com/ <ttp://x.example.com/> true"]);
}

#[test]
fn a_base_completes_targets() {
    check_links("<head><base href='https://example.com/a/'></head><a href='b'>x</a>", &["https://example.com/a/b x true"]);
    check_links("<a href='b.html'>x</a>", &["b.html x true"]);
    check_links("<body><a href='/b'>x</a><base href='https://example.com/a/'>", &["https://example.com/b x true"]);
    check_links(
        "<base href='https://example.com/'><base href='https://example.org/'><a href='?q'>x</a>",
        &["https://example.com/?q x true"],
    );
    check_links("<base href='https://example.com/'><a href='https://example.org/'>x</a>", &["https://example.org/ x true"]);
    check_links("<base href='no'><a href='b'>x</a>", &["b x true"]);
}

#[test]
fn html_as_rules_read_it() {
    use mailhound_value::to_json;
    let html = Html::new("<p>a <a href='https://example.com/'>b</a></p>".to_owned(), &Arc::default());
    let json = to_json(mailhound_value::ToValue::to_value(&html), &mut Vec::new());
    assert_eq!((json["display_text"].as_str(), json["inner_text"].as_str()), (Some("a b"), Some("a\nb\n")));
    assert_eq!(json["links"][0]["href_url"]["domain"]["root_domain"], "example.com");
}

#[test]
fn repeated_links_hide_the_next_one_and_say_so() {
    let limits = Limits { message_links: 3, ..Limits::default() };
    let found = |html: &str| {
        let links = Document::parse(html).links(&limits);
        let urls: Vec<String> = links.iter().filter_map(|link| Some(link.href_url.as_ref()?.url.clone())).collect();
        (urls.join(" "), links.rest)
    };
    let (one, other) = ("<a href='https://a.example/'>x</a>", "<p>https://b.example/</p>");
    let (a, both) = ("https://a.example/".to_owned(), "https://a.example/ https://b.example/".to_owned());
    let full = Some(Unavailable::limit("message.links"));
    assert_eq!(found(&format!("{one}{other}")), (both.clone(), None));
    assert_eq!(found(&format!("{one}{one}{other}")), (both, full.clone()));
    assert_eq!(found(&format!("{one}{one}{one}{other}")), (a, full));
}

/// Markup that is hard on tree builders, at a size where a squared cost is minutes.
#[test]
fn hostile_nesting_costs_its_length() {
    let n = 20_000;
    let numbered = |tag: &str| (0..n).map(|i| format!("<{tag} id={i}>x")).collect::<String>();
    for html in [
        "<div>".repeat(200_000),
        "<b>".repeat(n),
        numbered("b"),
        numbered("font"),
        "<table><tr><td>".repeat(n),
        "<table>".repeat(n),
        "<b><p>".repeat(n),
        "<a href=x><div>".repeat(n),
        "<b><i></b></i>".repeat(n),
        (0..n).map(|i| format!("<div><b id={i}></div>")).collect(),
        (0..n).map(|i| format!("<p><font color={i}>x</p>")).collect(),
        "<ul><li>".repeat(n),
        "<svg><g>".repeat(n),
        "<select><option>".repeat(n),
        "<button>".repeat(n),
        "<template>".repeat(n),
        "<form><div></form>".repeat(n),
        format!("<x {}>text", (0..n).map(|i| format!("a{i} ")).collect::<String>()),
        format!("<x {}>text", (0..n).map(|i| format!("a{i}='>' ")).collect::<String>()),
        format!("<!-- <x {} -->text", (0..n).map(|i| format!("a{i} ")).collect::<String>()),
        format!("<b style='{}'>{}", "a".repeat(100_000), "<p>x".repeat(n)),
        format!("<a href='{}'>{}", "a".repeat(100_000), "<p>x".repeat(n)),
        format!("{}{}", (0..200).map(|i| format!("<b id={i}>")).collect::<String>(), "<p>x".repeat(n)),
        "<".repeat(1 << 18),
        "&".repeat(1 << 18),
        "<!--".repeat(n),
    ] {
        let start = std::time::Instant::now();
        let document = Document::parse(&html);
        let parsed = start.elapsed();
        let _ = (document.display_text(), document.inner_text(), document.links(&Limits::default()));
        assert!(
            start.elapsed().as_secs() < 10,
            "{:?} parse {parsed:?} all {:?}",
            html.chars().take(40).collect::<String>(),
            start.elapsed()
        );
    }
}

#[test]
fn text_survives_the_limits() {
    let names = |document: &Document| document.limits().iter().map(|limit| limit.name).collect::<Vec<_>>();
    let deep = Document::parse(&format!("{}end", "<div>".repeat(100_000)));
    assert!(deep.display_text().ends_with("end"));
    assert_eq!((names(&deep), deep.lost_markup().is_none()), (vec!["html.depth"], true));
    let document = Document::parse(&format!("<x {}>end", (0..100_000).map(|i| format!("a{i} ")).collect::<String>()));
    assert_eq!(document.display_text(), "end");
    assert_eq!(names(&document), ["html.attributes"]);
}

#[test]
fn long_text_scripts_and_comments_are_not_cut() {
    let words = "word ".repeat(5000);
    let script = "if (a <b && c) { d('</div>'); } ".repeat(2000);
    let document = Document::parse(&format!(
        "<p>{words}<b>x</b></p><!--[if mso]>{}<![endif]--><script>{script}</script><p title=\"{}\">y</p>",
        "<w a=\"b\"/>".repeat(1000),
        "w ".repeat(200)
    ));
    assert!(document.limits().is_empty());
    let kept = document.dom().tree.nodes().filter_map(|node| node.value().as_text()).any(|text| text.len() == script.len());
    assert!(kept);
}

#[test]
fn text_that_looks_like_a_long_tag_is_kept() {
    let words = "w ".repeat(1500);
    let link = "<a href=\"https://www.example.com/\">end</a>";
    for html in [
        format!("<p title=\"a > b\">x</p></>{words}{link}"),
        format!("<p title=\"a > b\"><style></stylex>{words}</style>{link}"),
        format!("<p title=\"a > b\"><title></titlex>{words}</title>{link}"),
        format!("<p title=\"a > b\"><textarea></textareax {words}></textarea>{link}"),
        format!("<p title=\"a > b\"></ {words}>{link}"),
    ] {
        let document = Document::parse(&html);
        assert!(document.display_text().ends_with("end"), "{}", &html[..60]);
        assert_eq!((document.links(&Limits::default()).len(), document.limits().len()), (1, 0), "{}", &html[..60]);
    }
}

#[test]
fn long_tags_are_cut_wherever_they_stand() {
    let names: String = (0..3000).map(|idx| format!(" a{idx}")).collect();
    for html in [
        format!("<p /=\"a b=\"c>\"{names}>end"),
        format!("<svg><![CDATA[x]]><p{names}>end"),
        format!("<p title=\"a > b\"><script></x </script{names}>end"),
    ] {
        let document = Document::parse(&html);
        let limits: Vec<_> = document.limits().iter().map(|limit| limit.name).collect();
        assert_eq!((limits.as_slice(), document.display_text().ends_with("end")), (&["html.attributes"][..], true), "{}", &html[..40]);
    }
}
