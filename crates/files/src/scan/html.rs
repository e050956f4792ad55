//! HTML documents (explode-scanners.md §5.3): links, scripts, spans, title; scripts and base64 data as files of their own.

use crate::Partial;
use crate::explode::Visit;
use crate::shapes::{Html, HtmlScript, HtmlSpan};
use mailhound_objects::html::Document;
use mailhound_value::{Unavailable, fixed};
use scraper::node::Element;
use scraper::{ElementRef, Node};
use std::collections::HashSet;

/// Bytes of a document that are parsed as a tree; a longer one has no known content.
const MAX_DOCUMENT: (usize, &str) = (fixed::FILE_HTML.value, fixed::FILE_HTML.name);

/// What was read of a document.
struct Found {
    html: Html,
    children: Vec<Child>,
    /// The limit that left markup out.
    cut: Option<Unavailable>,
}

/// A file to be made of the document.
struct Child {
    name: String,
    content: String,
    external: Vec<String>,
}

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    if visit.bytes.len() > MAX_DOCUMENT.0 {
        let missing = Unavailable::limit(MAX_DOCUMENT.1);
        visit.scan_mut().html = Err(missing.clone());
        visit.gap(&missing);
        return;
    }
    let Found { html, children, cut } = read(&String::from_utf8_lossy(visit.bytes));
    visit.scan_mut().html = Ok(Some(Box::new(html)));
    for child in children {
        visit.child(Some(&child.name), child.content.as_bytes(), child.external);
    }
    if let Some(missing) = cut {
        visit.gap(&missing);
    }
}

/// What the document holds, and the files to be made of it: base64 links, scripts, base64 blocks, each in document order.
fn read(text: &str) -> Found {
    let document = Document::parse(text);
    let elements = Elements::of(document.dom());
    let mut children = Vec::new();
    let mut hyperlinks = hyperlinks(&elements, &mut children);
    let mut scripts = scripts(&elements, &mut children);
    let mut spans = spans(&elements);
    let divs = elements.divs.iter().filter_map(|div| base64_text(*div));
    children.extend(divs.map(|content| base64_child("base64_div", content)));
    let title = elements.title.map(|title| title.text().collect());
    let mut total_extracted = Ok(i64::try_from(children.len()).ok());
    let cut = document.lost_markup().map(|limit| Unavailable::limit(limit.name));
    if let Some(missing) = &cut {
        hyperlinks.cut(missing.clone());
        scripts.cut(missing.clone());
        spans.cut(missing.clone());
        total_extracted = Err(missing.clone());
    }
    Found { html: Html { hyperlinks, scripts, spans, title, total_extracted }, children, cut }
}

/// The elements that are read, each kind in document order.
#[derive(Default)]
struct Elements<'d> {
    anchors: Vec<&'d Element>,
    images: Vec<&'d Element>,
    scripts: Vec<ElementRef<'d>>,
    spans: Vec<&'d Element>,
    divs: Vec<ElementRef<'d>>,
    title: Option<ElementRef<'d>>,
}

impl<'d> Elements<'d> {
    fn of(document: &'d scraper::Html) -> Self {
        let mut elements = Elements::default();
        for element in document.tree.root().descendants().filter_map(ElementRef::wrap) {
            match element.value().name() {
                "a" => elements.anchors.push(element.value()),
                "img" => elements.images.push(element.value()),
                "script" => elements.scripts.push(element),
                "span" => elements.spans.push(element.value()),
                "div" => elements.divs.push(element),
                "title" if elements.title.is_none() => elements.title = Some(element),
                _ => {}
            }
        }
        elements
    }
}

fn hyperlinks(elements: &Elements<'_>, children: &mut Vec<Child>) -> Partial<String> {
    let anchors = elements.anchors.iter().filter_map(|anchor| anchor.attr("href"));
    let images = elements.images.iter().filter_map(|image| image.attr("src"));
    let mut seen = HashSet::new();
    let mut links = Partial::default();
    for link in anchors.chain(images).filter(|link| !link.is_empty()) {
        match link.starts_with("data:").then(|| link.split_once(";base64,")).flatten() {
            Some((_, data)) => children.push(base64_child("base64_hyperlink", data.to_owned())),
            None if seen.insert(link) => links.push(link.to_owned()),
            None => {}
        }
    }
    links
}

fn scripts(elements: &Elements<'_>, children: &mut Vec<Child>) -> Partial<HtmlScript> {
    let mut seen = HashSet::new();
    let mut scripts = Partial::default();
    for (idx, script) in elements.scripts.iter().enumerate() {
        let attr = |name: &str| script.value().attr(name);
        let (language, kind) = (attr("language"), attr("type"));
        if seen.insert((attr("src"), language, kind)) {
            scripts.push(HtmlScript { language: language.map(str::to_owned), scripts: None, r#type: kind.map(str::to_owned) });
        }
        let content: String = script.text().collect();
        if !content.is_empty() {
            let mut external: Vec<String> = [language, kind].into_iter().flatten().map(str::to_lowercase).collect();
            external.push("text/javascript".to_owned());
            external.retain(|flavor| !flavor.is_empty());
            external.dedup();
            children.push(Child { name: format!("script_{idx}"), content, external });
        }
    }
    scripts
}

fn spans(elements: &Elements<'_>) -> Partial<HtmlSpan> {
    let mut seen = HashSet::new();
    let kept = elements.spans.iter().filter_map(|span| {
        let (class, style) = (span.attr("class"), span.attr("style"));
        ((class.is_some() || style.is_some()) && seen.insert((class, style))).then(|| HtmlSpan { style: style.map(str::to_owned) })
    });
    kept.collect()
}

fn base64_child(name: &str, content: String) -> Child {
    Child { name: name.to_owned(), content, external: vec!["base64".to_owned()] }
}

/// The text of an element that has one text and nothing else (through elements that are only children), when it is base64.
fn base64_text(element: ElementRef<'_>) -> Option<String> {
    const MAX_NESTING: usize = 64;
    let mut node = *element;
    for _ in 0..MAX_NESTING {
        let mut inner = node.children();
        let (Some(only), None) = (inner.next(), inner.next()) else { return None };
        match only.value() {
            Node::Text(text) => return is_base64(text).then(|| text.to_string()),
            Node::Element(_) => node = only,
            _ => return None,
        }
    }
    None
}

/// Groups of four characters of the base64 alphabet, the last padded (RFC 4648 §4).
fn is_base64(text: &str) -> bool {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let body = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    !text.is_empty() && text.len().is_multiple_of(4) && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read() {
        let Found { html, children, .. } = read(concat!(
            "<title>Sign in</title><a href='https://a.example/'>x</a><a href='https://a.example/'>y</a><img src='b.png'>",
            "<a href='data:text/html;base64,PGI+'>z</a><script src=x></script><script type='Text/JavaScript'>var a;</script>",
            "<span style='color:red'>1</span><span style='color:red'>2</span><span>3</span><div>QUJDRA==</div><div>not base64!</div>",
        ));
        assert_eq!(html.title.as_deref(), Some("Sign in"));
        assert_eq!(html.hyperlinks.items().collect::<Vec<_>>(), ["https://a.example/", "b.png"]);
        assert_eq!(html.scripts.items().map(|it| it.r#type.as_deref()).collect::<Vec<_>>(), [None, Some("Text/JavaScript")]);
        assert_eq!(html.spans.items().map(|it| it.style.as_deref()).collect::<Vec<_>>(), [Some("color:red")]);
        let children: Vec<_> = children.iter().map(|it| (it.name.as_str(), it.content.as_str(), it.external.join(" "))).collect();
        assert_eq!(
            children,
            [
                ("base64_hyperlink", "PGI+", "base64".to_owned()),
                ("script_1", "var a;", "text/javascript".to_owned()),
                ("base64_div", "QUJDRA==", "base64".to_owned())
            ]
        );
    }
}
