use super::*;

#[track_caller]
fn check(html: &str, expected: &str) {
    assert_eq!(Document::parse(html).display_text(), expected, "{html}");
}

fn links(html: &str) -> Vec<Link> {
    Document::parse(html).links(&Limits::default())
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
}

#[test]
fn inner_text_has_every_text_node_on_a_line() {
    let html = "<head><title>t</title></head>From: <strong>xyz  Instructor:\nAlice</strong> <span>&lt;<a>no-reply@e.example.com</a>&gt;</span><br>Date: x\
        <span style='display:none'>hidden</span><script>s</script><!-- c -->";
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
}

#[test]
fn html_as_rules_read_it() {
    use mailhound_value::to_json;
    let html = Html::new("<p>a <a href='https://example.com/'>b</a></p>".to_owned());
    let json = to_json(mailhound_value::ToValue::to_value(&html), &mut Vec::new());
    assert_eq!((json["display_text"].as_str(), json["inner_text"].as_str()), (Some("a b"), Some("a\nb\n")));
    assert_eq!(json["links"][0]["href_url"]["domain"]["root_domain"], "example.com");
    let node = Html::with("<b>x</b>".to_owned(), "x".to_owned(), "x\n".to_owned(), Vec::new());
    let json = to_json(mailhound_value::ToValue::to_value(&node), &mut Vec::new());
    assert_eq!(json["raw"], "<b>x</b>");
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
