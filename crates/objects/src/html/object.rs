//! HTML as rules read it: `body.html`, nodes of `html.xpath`, the final document of a link visit.

use super::Document;
use crate::Link;
use mailhound_value::{Limits, object};
use std::cell::OnceCell;
use std::sync::Arc;

object! {
    /// A piece of HTML and what it shows
    #[derive(Debug, Default)]
    pub struct Html {
        /// The markup, as it was decoded.
        raw: String,
    }
    computed {
        /// Text a reader sees.
        display_text: String = |html: &Html| html.display_text_cell.get_or_init(|| html.document().display_text()),
        /// All text nodes, line feed separated.
        inner_text: String = |html: &Html| html.inner_text_cell.get_or_init(|| html.document().inner_text()),
        /// Links of this piece.
        links: Vec<Arc<Link>> = |html: &Html| html.links_cell.get_or_init(|| html.document().links(&Limits::default())),
    }
    private {
        /// The tree, made on first need.
        document_cell: OnceCell<Document>,
        /// Kept after the first read.
        display_text_cell: OnceCell<String>,
        /// Kept after the first read.
        inner_text_cell: OnceCell<String>,
        /// Kept after the first read.
        links_cell: OnceCell<Vec<Arc<Link>>>,
    }
}

impl Html {
    /// A piece of HTML; texts and links are made on first read.
    pub fn new(raw: String) -> Html {
        Html { raw, ..Html::default() }
    }

    /// A piece whose texts and links are already known: a node that was selected out of a document.
    pub fn with(raw: String, display_text: String, inner_text: String, links: Vec<Arc<Link>>) -> Html {
        let html = Html::new(raw);
        let _ = html.display_text_cell.set(display_text);
        let _ = html.inner_text_cell.set(inner_text);
        let _ = html.links_cell.set(links);
        html
    }

    /// The tree of `raw`.
    pub fn document(&self) -> &Document {
        self.document_cell.get_or_init(|| Document::parse(&self.raw))
    }
}
