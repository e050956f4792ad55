//! The expectations of MimeKit's tests: summaries of mailboxes (From, To, Subject, Date and the tree as media types), and a text beside its
//! quoted-printable form. Of the summaries only that of `issue1189` has its mailbox in the corpus.

use super::Case;
use super::expected::{Address, Content, Expected, Node};
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// All cases.
pub fn cases(folder: &Path) -> Result<Vec<Case>> {
    let summary = std::fs::read_to_string(folder.join("mbox/issue1189-summary.txt"))?;
    let summaries: Vec<&str> = summary.split("\nFrom ").collect();
    let mailbox = std::fs::read(folder.join("mbox/issue1189.mbox.txt"))?;
    let messages: Vec<_> = mailhound_message::mbox::messages(&mailbox).collect();
    ensure!(messages.len() == summaries.len(), "issue1189: {} messages, {} summaries", messages.len(), summaries.len());
    let mut cases = Vec::new();
    for (idx, (bytes, summary)) in messages.into_iter().zip(summaries).enumerate() {
        cases.push(Case { name: format!("mbox/issue1189.mbox.txt message {idx}"), bytes, expected: message(summary)? });
    }
    cases.push(quoted_printable(folder)?);
    Ok(cases)
}

/// The encoded text as the body of a message.
fn quoted_printable(folder: &Path) -> Result<Case> {
    let text = std::fs::read_to_string(folder.join("encoders/wikipedia.txt"))?;
    let mut bytes = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n".to_vec();
    bytes.extend(std::fs::read(folder.join("encoders/wikipedia.qp"))?);
    let root = Node { media: "text/plain".to_owned(), content: Content::Text(text), ..Node::default() };
    Ok(Case { name: "encoders/wikipedia.qp".to_owned(), bytes, expected: Expected { root: Some(root), ..Expected::default() } })
}

/// Each address field of this summary has one mailbox, `"Name" <address>`.
fn message(summary: &str) -> Result<Expected> {
    let value = |field: &str| summary.lines().find_map(|line| line.strip_prefix(field)).map(str::trim);
    let mailbox = |field: &str| {
        let (name, email) = value(field)?.split_once(" <")?;
        Some(vec![Address { name: name.trim_matches('"').to_owned(), email: email.trim_end_matches('>').to_owned() }])
    };
    let date = value("Date:").context("a summary without a date")?;
    let indent = |line: &str| (line.len() - line.trim_start().len()) / 3;
    let media = |line| Some((indent(line), line.trim_start().strip_prefix("Content-Type: ")?));
    let tree: Vec<(usize, &str)> = summary.lines().filter_map(media).collect();
    Ok(Expected {
        subject: value("Subject:").map(str::to_owned),
        mailboxes: vec![("from", mailbox("From:").context("no sender")?), ("to", mailbox("To:").context("no recipient")?)],
        date: Some(Some(chrono::DateTime::parse_from_rfc2822(date)?.timestamp())),
        fields: None,
        root: Some(nested(&tree).into_iter().next().context("a summary without a tree")?),
    })
}

/// The nodes at the depth of the first one, each with those below it.
fn nested(lines: &[(usize, &str)]) -> Vec<Node> {
    let Some(&(depth, _)) = lines.first() else { return Vec::new() };
    let blocks = lines.chunk_by(|_, next| next.0 > depth);
    let node = |block: &[(usize, &str)]| {
        let (&(_, media), below) = block.split_first()?;
        let content = if below.is_empty() { Content::Unknown } else { Content::Parts(nested(below)) };
        Some(Node { media: media.to_lowercase(), content, ..Node::default() })
    };
    blocks.filter_map(node).collect()
}
