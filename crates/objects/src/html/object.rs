//! HTML as rules read it: `body.html`, nodes of `html.xpath`, the final document of a link visit.

use super::Document;
use crate::Link;
use mailhound_value::{Cut, Limits, object};
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
        links: Cut<Arc<Link>> = |html: &Html| html.links_cell.get_or_init(|| html.document().links(&html.limits)),
    }
    private {
        /// Bounds on the work.
        limits: Arc<Limits>,
        /// The tree, made on first need.
        document_cell: OnceCell<Document>,
        /// Kept after the first read.
        display_text_cell: OnceCell<String>,
        /// Kept after the first read.
        inner_text_cell: OnceCell<String>,
        /// Kept after the first read.
        links_cell: OnceCell<Cut<Arc<Link>>>,
    }
}

impl Html {
    /// A piece of HTML; texts and links are made on first read, within the limits.
    pub fn new(raw: String, limits: &Arc<Limits>) -> Html {
        Html { raw, limits: Arc::clone(limits), ..Html::default() }
    }

    /// The tree of `raw`.
    pub fn document(&self) -> &Document {
        self.document_cell.get_or_init(|| Document::parse(&self.raw))
    }
}
