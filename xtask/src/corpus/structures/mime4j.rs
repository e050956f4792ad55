//! The expectations of mime4j's tests: `x_decoded.xml` beside `x.msg` has the tree with the header fields as they stand in the source;
//! decoded bodies lie in files of their own.

use super::Case;
use super::expected::{Content, Expected, Node};
use anyhow::{Context, Result};
use roxmltree::{Document, Node as Xml};
use std::path::Path;

/// All cases.
pub fn cases(folder: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for path in super::files(folder).into_iter().filter(|path| path.extension().is_some_and(|it| it == "msg")) {
        let name = path.strip_prefix(folder)?.display().to_string();
        let xml = std::fs::read_to_string(path.display().to_string().replace(".msg", "_decoded.xml"))?;
        let document = Document::parse(&xml).with_context(|| name.clone())?;
        let folder = path.parent().context("no folder")?;
        let expected = message(document.root_element(), folder)?;
        cases.push(Case { name, bytes: std::fs::read(&path)?, expected });
    }
    Ok(cases)
}

fn message(xml: Xml<'_, '_>, folder: &Path) -> Result<Expected> {
    Ok(Expected { fields: Some(fields(xml)), root: Some(node(xml, folder, "text/plain")?), ..Expected::default() })
}

fn elements<'a, 'i>(xml: Xml<'a, 'i>, name: &'static str) -> impl Iterator<Item = Xml<'a, 'i>> {
    xml.children().filter(move |child| child.has_tag_name(name))
}

/// The fields of the header of a message or body part: name and unfolded value.
fn fields(xml: Xml<'_, '_>) -> Vec<(String, String)> {
    let lines = elements(xml, "header").flat_map(|header| elements(header, "field")).filter_map(|field| field.text());
    let split = lines.filter_map(|line| line.split_once(':'));
    split.map(|(name, value)| (name.trim().to_owned(), value.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

/// The part that a `message` or `body-part` element is.
fn node(xml: Xml<'_, '_>, folder: &Path, default: &str) -> Result<Node> {
    let fields = fields(xml);
    let value = |name: &str| fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_lowercase());
    let (content_type, disposition) = (value("Content-Type").unwrap_or_default(), value("Content-Disposition").unwrap_or_default());
    // A value that is no type/subtype means text/plain (RFC 2045 §5.2).
    let media = content_type.split([';', ' ']).next().filter(|media| !media.is_empty()).unwrap_or(default);
    let media = if media.contains('/') { media } else { "text/plain" };
    let charset = content_type.split_once("charset=").and_then(|(_, rest)| rest.trim_matches('"').split([';', ' ', '"']).next());
    let has_name = content_type.contains("name=") || disposition.contains("filename");
    let default = if media == "multipart/digest" { "message/rfc822" } else { "text/plain" };
    let content = content(xml, folder, default)?;
    let media = if matches!(&content, Content::Text(_)) { "text/plain" } else { media }.to_owned();
    Ok(Node {
        charset: charset.map(str::to_owned),
        is_file: has_name || disposition.starts_with("attachment"),
        media,
        content,
        file_name: None,
    })
}

/// The text around the parts of a multipart; each element begins with a line feed that is not part of it.
fn text(multipart: Xml<'_, '_>) -> String {
    let texts = multipart.children().filter_map(|child| child.text()).map(|text| text.strip_prefix('\n').unwrap_or(text));
    texts.collect()
}

fn content(xml: Xml<'_, '_>, folder: &Path, default: &str) -> Result<Content> {
    let body = xml.children().find(|child| child.is_element() && !child.has_tag_name("header")).context("a part without a body")?;
    Ok(match body.tag_name().name() {
        // A multipart without parts is text to the model; mime4j has the text as its preamble. The line end behind it is lost in the XML.
        "multipart" if elements(body, "body-part").next().is_none() => Content::Text(text(body)),
        "multipart" => Content::Parts(elements(body, "body-part").map(|part| node(part, folder, default)).collect::<Result<_>>()?),
        "message" => Content::Message(Box::new(message(body, folder)?)),
        _ => Content::Bytes(std::fs::read(folder.join(body.attribute("name").context("a body without a file")?))?),
    })
}
