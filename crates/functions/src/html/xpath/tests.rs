//! Expressions over small pages: what a rule author would see.

use super::*;
use mailhound_value::Limits;

fn select(html: &str, expr: &str, max_steps: usize) -> Result<Vec<String>, Unavailable> {
    let document = Document::new(&scraper::Html::parse_document(html));
    let xpath = XPath::parse(expr).unwrap_or_else(|error| panic!("{expr}: {error} at {}", error.offset));
    Ok(xpath.evaluate(&document, max_steps)?.iter().map(|found| found.raw.to_owned()).collect())
}

/// Checks what an expression selects; results are joined by ` ¦ `.
fn check(html: &str, cases: &[(&str, &str)]) {
    for (expr, expected) in cases {
        let found = select(html, expr, Limits::default().xpath_steps).expect("few steps");
        assert_eq!(found.join(" ¦ "), *expected, "{expr}");
    }
}

/// Checks a condition by whether the page passes it.
fn check_true(html: &str, conditions: &[&str]) {
    for condition in conditions {
        let found = select(html, &format!("/self::node()[{condition}]"), Limits::default().xpath_steps).expect("few steps");
        assert_eq!(found.len(), 1, "{condition}");
    }
}

const PAGE: &str = "<!DOCTYPE html><html lang=en><head><title>T</title></head><body>\
    <div id=a class=x><p>one</p><p>two <b>bold</b></p><!-- note --></div>\
    <div id=b><p lang=de-AT>three</p><img src=i.png width=10><br></div></body></html>";

#[test]
fn elements_are_results_as_html() {
    check(
        PAGE,
        &[
            ("//p", "<p>one</p> ¦ <p>two <b>bold</b></p> ¦ <p lang=\"de-AT\">three</p>"),
            ("//img", "<img src=\"i.png\" width=\"10\">"),
            ("/html/head", "<head><title>T</title></head>"),
            ("//P[@LANG]", "<p lang=\"de-AT\">three</p>"),
            ("//nothing", ""),
        ],
    );
}

#[test]
fn attributes_texts_and_comments_are_results() {
    check(
        PAGE,
        &[
            ("//img/@src", "i.png"),
            ("//@class", "x"),
            ("//*/@id", "a ¦ b"),
            ("//div[1]//text()", "one ¦ two  ¦ bold"),
            ("//comment()", "<!-- note -->"),
            ("//img/@*", "i.png ¦ 10"),
            ("//@src/..", "<img src=\"i.png\" width=\"10\">"),
            ("//p[1]/text() | //@id | //br", "a ¦ one ¦ b ¦ three ¦ <br>"),
        ],
    );
}

#[test]
fn places_lead_back_to_the_tree() {
    let html = scraper::Html::parse_document(PAGE);
    let document = Document::new(&html);
    let found = XPath::parse("//img/@src | //img | //b/text() | //comment()").expect("good").evaluate(&document, 1000).expect("few");
    let nodes: Vec<_> = found
        .iter()
        .map(|found| match found.place {
            Place::Element(id) | Place::Text(id) | Place::Comment(id) | Place::Root(id) => (id, ""),
            Place::Attribute { element, name } => (element, name),
        })
        .filter_map(|(id, name)| Some((html.tree.get(id)?.value(), name)))
        .collect();
    assert!(nodes[0].0.is_text() && nodes[1].0.is_comment() && nodes[2].0.is_element());
    assert_eq!(nodes[3].1, "src");
    assert_eq!(nodes[3].0, nodes[2].0);
}

#[test]
fn axes_have_their_nodes() {
    let html = "<body><i id=1><i id=2><i id=3></i></i><i id=4><i id=5></i><i id=6></i></i></i><i id=7></i></body>";
    check(
        html,
        &[
            ("//*[@id=4]/child::*/@id", "5 ¦ 6"),
            ("//*[@id=1]/descendant::*/@id", "2 ¦ 3 ¦ 4 ¦ 5 ¦ 6"),
            ("//*[@id=4]/descendant-or-self::*/@id", "4 ¦ 5 ¦ 6"),
            ("//*[@id=5]/parent::*/@id", "4"),
            ("//*[@id=5]/ancestor::i/@id", "1 ¦ 4"),
            ("//*[@id=5]/ancestor-or-self::i/@id", "1 ¦ 4 ¦ 5"),
            ("//*[@id=2]/following::*/@id", "4 ¦ 5 ¦ 6 ¦ 7"),
            ("//*[@id=6]/preceding::*/@id", "2 ¦ 3 ¦ 5"),
            ("//*[@id=2]/following-sibling::*/@id", "4"),
            ("//*[@id=7]/preceding-sibling::*/@id", "1"),
            ("//*[@id=4]/self::i/@id", "4"),
            ("//*[@id=4]/self::b/@id", ""),
            ("//*[@id=4]/attribute::id", "4"),
            ("//*[@id=4]/namespace::*", ""),
            ("//*[@id=4]/@id/following::*/@id", "5 ¦ 6 ¦ 7"),
            ("//*[@id=4]/@id/preceding::*/@id", "2 ¦ 3"),
            ("//*[@id=4]/@id/ancestor::i/@id", "1 ¦ 4"),
            ("//*[@id=4]/@id/following-sibling::*", ""),
            ("//*[@id=4]/@id/self::node()", "4"),
            ("//*[@id=4]/@id/self::*", ""),
        ],
    );
}

#[test]
fn overlapping_context_nodes_give_each_node_once() {
    let html = "<body><i id=1><i id=2><i id=3></i></i><i id=4><i id=5></i><i id=6></i></i></i><i id=7></i></body>";
    check(
        html,
        &[
            ("//i//i/@id", "2 ¦ 3 ¦ 4 ¦ 5 ¦ 6"),
            ("//i/descendant-or-self::i/@id", "1 ¦ 2 ¦ 3 ¦ 4 ¦ 5 ¦ 6 ¦ 7"),
            ("//i/following::i/@id", "4 ¦ 5 ¦ 6 ¦ 7"),
            ("//i/preceding::i/@id", "1 ¦ 2 ¦ 3 ¦ 4 ¦ 5 ¦ 6"),
            ("//i/ancestor::i/@id", "1 ¦ 2 ¦ 4"),
            ("//i/ancestor-or-self::i/@id", "1 ¦ 2 ¦ 3 ¦ 4 ¦ 5 ¦ 6 ¦ 7"),
            ("//i/following-sibling::i/@id", "4 ¦ 6 ¦ 7"),
            ("//i/preceding-sibling::i/@id", "1 ¦ 2 ¦ 5"),
            ("//i/parent::i/@id", "1 ¦ 2 ¦ 4"),
            ("//i/i/@id", "2 ¦ 3 ¦ 4 ¦ 5 ¦ 6"),
            ("(//i | //i[@id=3])/@id", "1 ¦ 2 ¦ 3 ¦ 4 ¦ 5 ¦ 6 ¦ 7"),
        ],
    );
}

#[test]
fn positions_count_from_each_context_node_and_backwards_on_reverse_axes() {
    let html = "<body><ul><li>a</li><li>b</li></ul><ul><li>c</li><li>d</li><li>e</li></ul></body>";
    check(
        html,
        &[
            ("//li[1]/text()", "a ¦ c"),
            ("(//li)[1]/text()", "a"),
            ("//li[last()]/text()", "b ¦ e"),
            ("(//li)[last()]/text()", "e"),
            ("/descendant::li[3]/text()", "c"),
            ("//li[position() > 1]/text()", "b ¦ d ¦ e"),
            ("//li[position() = last() - 1]/text()", "a ¦ d"),
            ("//li[. = 'e']/preceding::li[1]/text()", "d"),
            ("//li[. = 'e']/preceding-sibling::li[2]/text()", "c"),
            ("(//li[. = 'e']/preceding-sibling::li)[1]/text()", "c"),
            ("//li/ancestor::*[1]/li[1]/text()", "a ¦ c"),
            ("//li[text()][2]/text()", "b ¦ d"),
            ("//li[2][text()='d']/text()", "d"),
            ("//li[text()='d'][1]/text()", "d"),
            ("//li[0]", ""),
            ("//li[1.5]", ""),
            ("//ul[count(li) = 3]/li[2]/text()", "d"),
            ("//ul[li[3]]/li[1]/text()", "c"),
            ("//li[number('2')]/text()", "b ¦ d"),
            ("//li['2']/text()", "a ¦ b ¦ c ¦ d ¦ e"),
            ("//li/following::li[1]/text()", "b ¦ c ¦ d ¦ e"),
        ],
    );
}

#[test]
fn operators_bind_and_compare_as_specified() {
    check_true(
        PAGE,
        &[
            "1 + 2 * 3 = 7",
            "(1 + 2) * 3 = 9",
            "7 mod 4 = 3 and -7 mod 4 = -3 and 7 div 2 = 3.5",
            "1 < 2 = true()",
            "not(3 > 2 > 1)",
            "- - 2 = 2",
            "1 div 0 > 1000 and string(1 div 0) = 'Infinity'",
            "string(0 div 0) = 'NaN' and not(0 div 0 = 0 div 0)",
            "true() or nothing",
            "not(false() and 1)",
            "//p = 'one' and //p != 'one'",
            "//p = //title or not(//p = //title)",
            "not(//p = //title)",
            "//p != //title",
            "//nothing = //nothing or true()",
            "not(//nothing = //nothing) and not(//nothing != //nothing)",
            "//img/@width = 10 and //img/@width < 11 and 9 < //img/@width and not(11 < //img/@width)",
            "//img/@width > '9'",
            "//img/@width >= //img/@width",
            "//nothing = false() and //p = true()",
            "//nothing < //p = false()",
            "//nothing < true()",
            "'a' = 'a' and 'a' != 'b' and '1.0' != '1' and '1.0' = 1",
            "not('a' < 'b')",
            "count(//p | //p | //div) = 5",
        ],
    );
}

#[test]
fn the_core_functions_answer() {
    check_true(
        PAGE,
        &[
            "count(//p) = 3 and count(//nothing) = 0",
            "local-name(//img) = 'img' and name(//img/@src) = 'src' and local-name(//text()) = '' and local-name(//nothing) = ''",
            "namespace-uri(//img) = ''",
            "string(//p) = 'one' and string(//nothing) = '' and string(2.50) = '2.5' and string(true()) = 'true'",
            "//p[2] = 'two bold' and string(//div) = 'onetwo bold'",
            "concat('a', 1, true()) = 'a1true'",
            "starts-with('abc', 'ab') and starts-with('abc', '') and not(starts-with('abc', 'b'))",
            "contains('abc', 'bc') and contains('abc', '') and not(contains('abc', 'B'))",
            "substring-before('1999/04/01', '/') = '1999' and substring-before('a', 'b') = '' and substring-before('a', '') = ''",
            "substring-after('1999/04/01', '/') = '04/01' and substring-after('a', 'b') = '' and substring-after('a', '') = 'a'",
            "substring('12345', 2, 3) = '234' and substring('12345', 2) = '2345' and substring('12345', 1.5, 2.6) = '234'",
            "substring('12345', 0, 3) = '12' and substring('12345', 0 div 0, 3) = '' and substring('12345', 1, 0 div 0) = ''",
            "substring('12345', -42, 1 div 0) = '12345' and substring('12345', -1 div 0, 1 div 0) = ''",
            "string-length('📧é') = 2 and string-length() = string-length(.)",
            "normalize-space('  a \t b\nc ') = 'a b c' and normalize-space('\u{a0}') = '\u{a0}'",
            "translate('bar', 'abc', 'AB') = 'BAr' and translate('--aaa--', 'abc-', 'ABC') = 'AAA' and translate('a', 'aa', 'bc') = 'b'",
            "boolean('false') and not(boolean('')) and not(boolean(0)) and not(boolean(0 div 0)) and boolean(-1)",
            "number('x') != number('x') and number(' 10 ') = 10 and number(true()) = 1 and number(//img/@width) = 10",
            "sum(//img/@width) = 10 and sum(//nothing) = 0 and string(sum(//p)) = 'NaN'",
            "floor(2.6) = 2 and floor(-2.5) = -3 and ceiling(2.2) = 3 and round(2.5) = 3 and round(-2.5) = -2 and round(2.4) = 2",
            "id('b')/p = 'three' and count(id('a b nothing')) = 2 and count(id(//@id)) = 2",
            "//p[lang('de')] and not(//p[lang('fr')]) and //b[lang('EN')] and count(//p[lang('en')]) = 2",
            "position() = 1 and last() = 1",
        ],
    );
}

#[test]
fn names_have_no_namespace() {
    let html = "<body><svg><linearGradient xlink:href='#a' viewBox=b></linearGradient></svg><v:rect>r</v:rect><o:p>o</o:p></body>";
    check(
        html,
        &[
            ("//svg/lineargradient/@viewbox", "b"),
            ("//linearGradient/@xlink:href", "#a"),
            ("//@xlink:*", "#a"),
            ("//v:rect/text()", "r"),
            ("//*[local-name() = 'v:rect']/text()", "r"),
            ("//*[name() = 'lineargradient']/@viewbox", "b"),
            ("//o:*/text()", "o"),
            ("//p", ""),
        ],
    );
}

#[test]
fn html_is_written_as_html() {
    check(
        "<body><p title='a\"&amp;b'>1 &lt; 2 &amp; 3&nbsp;</p><script>a < b && c</script><template><b>t</b></template></body>",
        &[
            ("//p", "<p title=\"a&quot;&amp;b\">1 &lt; 2 &amp; 3&nbsp;</p>"),
            ("//p/text()", "1 < 2 & 3\u{a0}"),
            ("//p/@title", "a\"&b"),
            ("//script", "<script>a < b && c</script>"),
            ("//template", "<template><b>t</b></template>"),
            ("//template/b/text()", "t"),
        ],
    );
}

#[test]
fn expressions_of_public_rules_have_results() {
    let html = "<table width=700><tr><td style='background-color: RED'><a title=t href=h><b>x</b></a></td><td>y</td></tr></table>\
        <table><tr><th>1</th><th><p class=subhead>2</p><p class=subhead>3</p></th></tr></table>\
        <h2>App Description</h2><img alt=PayPal><table><tr><td>z</td></tr></table><hr class=footerDivider>";
    check(
        html,
        &[
            ("//table[@width=\"700\"][1]//tr/td[2]/text()", "y"),
            ("//td[contains(@style, \"background-color\")]//a[@title and @href]/b", "<b>x</b>"),
            ("//td[@style[contains(., 'RED')]]/a/b/text()", "x"),
            ("//table[not(@class)]/tbody/tr/th[2]/p[@class=\"subhead\"][2]/parent::th/p[1]/text()", "2"),
            ("//*[contains(translate(@style, 'DER', 'der'), 'color: red')]/a/@title", "t"),
            ("//a[./b]/@href", "h"),
            ("//*[text()[normalize-space()]][1]/self::h2", "<h2>App Description</h2>"),
            (
                "//img[@alt=\"PayPal\"]/following::table[not(descendant::table) and \
             count(following::hr[@class=\"footerDivider\"]) > 0]//text()[normalize-space()]",
                "z",
            ),
            ("//img[(number(@width) > 5 or not(@width)) and (number(@height) > 5 or not(@height))]/@alt", "PayPal"),
        ],
    );
}

#[test]
fn faults_are_placed_in_the_expression() {
    for (expr, offset, message) in [
        ("//tr[td[1]/img[@height=\"25px\"]]/td[2]//a]", 40, "unexpected `]`"),
        ("", 0, "expected a step, found the end"),
        ("//", 2, "expected a step, found the end"),
        ("//a[", 4, "expected a step, found the end"),
        ("//a[1", 5, "expected `]`, found the end"),
        ("//a[@b='c]", 7, "this text is never closed"),
        ("//a/foo()", 7, "unexpected `(`"),
        ("foo(1)", 0, "there is no function `foo`"),
        ("//a[count(1)]", 4, "the argument of `count` must be nodes"),
        ("//a[contains(@b)]", 4, "`contains` takes 2 arguments, found 1"),
        ("up::a", 0, "there is no axis `up`"),
        ("1 | //a", 0, "`|` joins nodes only"),
        ("'a'[1]", 0, "predicates and steps need nodes before them"),
        ("$x", 0, "there are no variables here"),
        ("//a#b", 3, "`#` has no meaning in XPath"),
        ("//a b", 4, "unexpected `b`"),
    ] {
        let error = XPath::parse(expr).expect_err(expr);
        assert_eq!((error.offset, error.message.as_str()), (offset, message), "{expr}");
    }
    assert!(XPath::parse(&"(".repeat(10_000)).is_err());
    assert!(XPath::parse(&"-".repeat(10_000)).is_err());
    assert!(XPath::parse(&format!("{}1", "a[".repeat(10_000))).is_err());
    assert!(XPath::parse(&vec!["//a"; 10_000].join(" | ")).is_ok());
}

#[test]
fn an_expression_without_nodes_finds_none() {
    assert!(!XPath::parse("count(//p)").expect("good").gives_nodes());
    check(PAGE, &[("count(//p)", ""), ("'a'", "")]);
}

#[test]
fn hostile_pages_are_walked_once_or_hit_the_limit() {
    let wide = "<a>x</a><b>y</b>".repeat(20_000);
    let steps = 1_000_000;
    for expr in
        ["//a/following::b", "//b/preceding::a", "//a/following-sibling::b", "//b/preceding-sibling::a", "//a[//b]", "//a[count(//b) > 3]"]
    {
        assert_eq!(select(&wide, expr, steps).map(|found| found.len()), Ok(20_000), "{expr}");
    }
    assert_eq!(select(&wide, "//a[count(following::b) > 3]", steps), Err(Unavailable::limit("xpath.steps")));
    assert_eq!(select(&wide, "//a[//a = following::b]", steps), Err(Unavailable::limit("xpath.steps")));
    let deep = "<div>".repeat(5_000);
    for (expr, count) in [("//div//div", 4_999), ("//div/ancestor::div", 4_999), ("//div/descendant-or-self::div", 5_000)] {
        let document = Document::new(&scraper::Html::parse_document(&deep));
        let found = XPath::parse(expr).expect("good").evaluate(&document, 100_000);
        assert_eq!(found.map(|found| found.len()), Ok(count), "{expr}");
    }
    let text = format!("{}{}", "<div>".repeat(500), "x".repeat(1 << 20));
    assert_eq!(select(&text, "//div[contains(., 'y')]", steps), Err(Unavailable::limit("xpath.steps")));
}
