//! The text of the message, its links and its quoted parts (reference mdm.md §10, §11, §14).

use super::{Recipients, Subject};
use crate::text;
use crate::threads;
use mailhound_objects::html::Document;
use mailhound_objects::{Ip, Link, Mailbox, link};
use mailhound_value::{Cut, Limits, Maybe, Unavailable, object};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

object! {
    /// The text of the message.
    #[derive(Default)]
    pub struct Body {
        /// The HTML part; null when there is none.
        html: Option<BodyHtml>,
        /// The plain-text part; null when there is none.
        plain: Option<BodyPlain>,
    }
    computed {
        /// All links, unique by target and shown text: those of the HTML in document order, then those of the plain text.
        links: Cut<Arc<Link>> = Body::links,
        /// IP addresses in the shown text and as hosts of links, each once.
        ips: Cut<Ip> = Body::ips,
        /// What the sender wrote now, without quoted messages and banners.
        current_thread: Maybe<Thread> = |body: &Body| &body.threads().0,
        /// Quoted and forwarded messages, newest first.
        previous_threads: Maybe<Cut<PreviousThread>> = |body: &Body| &body.threads().1,
    }
    private {
        /// Bounds on the work.
        limits: Limits,
        /// The links, once read.
        kept_links: OnceCell<Cut<Arc<Link>>>,
        /// The addresses, once read.
        kept_ips: OnceCell<Cut<Ip>>,
        /// The newest segment and the older ones, once read.
        kept_threads: OnceCell<Threads>,
    }
}

/// The newest segment and the older ones.
type Threads = (Maybe<Thread>, Maybe<Cut<PreviousThread>>);

impl Body {
    /// A body of these parts.
    pub(crate) fn new(html: Option<BodyHtml>, plain: Option<BodyPlain>, limits: &Limits) -> Self {
        Body { html, plain, limits: limits.clone(), ..Body::default() }
    }

    /// All links.
    pub fn links(&self) -> &Cut<Arc<Link>> {
        self.kept_links.get_or_init(|| {
            let html = self.html.as_ref().map(BodyHtml::links);
            let plain = self.plain.as_ref().map(BodyPlain::links);
            let all = html.into_iter().chain(plain).flat_map(|links| links.iter().cloned()).collect();
            let hidden = html.and_then(|links| links.rest.clone()).or_else(|| plain?.rest.clone());
            bounded(link::unique(all), false, &self.limits, hidden)
        })
    }

    /// IP addresses in the shown text and as hosts of links.
    pub fn ips(&self) -> &Cut<Ip> {
        self.kept_ips.get_or_init(|| {
            let (shown, hidden) = match (&self.html, &self.plain) {
                (Some(html), _) => (html.shown_head(), too_long(&html.raw, &self.limits)),
                (None, Some(plain)) => (Cow::Borrowed(plain.text()), too_long(&plain.raw, &self.limits)),
                (None, None) => (Cow::Borrowed(""), None),
            };
            let in_text = text::ipv4_literals(&shown).filter_map(Ip::parse_plain);
            let urls = self.links().iter().flat_map(|link| [&link.href_url, &link.display_url]).flatten();
            let items = text::unique_ips(in_text.chain(urls.filter_map(|url| url.ip.clone())));
            Cut { items, rest: hidden.or_else(|| self.links().rest.clone()) }
        })
    }

    /// What the sender wrote now.
    ///
    /// # Errors
    /// When the text is longer than is read.
    pub fn current_thread(&self) -> Maybe<&Thread> {
        self.threads().0.as_ref().map_err(Clone::clone)
    }

    /// Quoted and forwarded messages, newest first.
    ///
    /// # Errors
    /// When the text is longer than is read.
    pub fn previous_threads(&self) -> Maybe<&Cut<PreviousThread>> {
        self.threads().1.as_ref().map_err(Clone::clone)
    }

    /// Reads everything that has a limit of its own.
    pub(crate) fn read_all(&self) {
        let _ = (self.links(), self.threads());
    }

    /// The limits that what was read up to now has hit, and where; each once.
    pub(crate) fn hit_limits(&self) -> Vec<(&'static str, &'static str)> {
        let html = self.html.as_ref();
        let document = html.and_then(|html| html.kept_document.get());
        let markup = document.into_iter().flat_map(|document| document.limits()).map(|limit| ("body.html", limit.name));
        let full = Some(Unavailable::limit("message.links"));
        let links = self.kept_links.get().filter(|links| links.rest == full);
        let threads = self.kept_threads.get().and_then(|(_, previous)| previous.as_ref().ok()?.rest.as_ref());
        let counted = links.map(|_| ("body.links", "message.links")).into_iter();
        markup.chain(counted).chain(threads.map(|_| ("body.previous_threads", "message.threads"))).collect()
    }

    fn threads(&self) -> &Threads {
        self.kept_threads.get_or_init(|| {
            let raw = [self.html.as_ref().map(|html| &html.raw), self.plain.as_ref().map(|plain| &plain.raw)];
            if let Some(missing) = raw.into_iter().flatten().find_map(|raw| too_long(raw, &self.limits)) {
                return (Err(missing.clone()), Err(missing));
            }
            let segments = match (&self.html, &self.plain) {
                (Some(html), _) => threads::of_html(html.document(), &self.limits),
                (None, Some(plain)) => threads::of_plain(plain.text(), plain.placed_links(), &self.limits),
                (None, None) => threads::Segments::default(),
            };
            (Ok(segments.current), Ok(segments.previous))
        })
    }
}

/// The links; further ones may be hidden by their number, by that of the places that were looked at, or by `hidden`.
fn bounded(mut links: Vec<Arc<Link>>, is_full: bool, limits: &Limits, hidden: Option<Unavailable>) -> Cut<Arc<Link>> {
    let too_many = (is_full || links.len() >= limits.message_links).then(|| Unavailable::limit("message.links"));
    links.truncate(limits.message_links);
    Cut { items: links, rest: too_many.or(hidden) }
}

/// What hides the end of a text that is longer than is read.
fn too_long(raw: &str, limits: &Limits) -> Option<Unavailable> {
    (raw.len() > limits.message_text).then(|| Unavailable::limit("message.text"))
}

object! {
    /// The HTML part.
    #[derive(Default)]
    pub struct BodyHtml {
        /// The HTML as text; line ends as in the message.
        raw: String,
        /// Declared character set, lower case.
        charset: Option<String>,
        /// Declared transfer encoding, lower case.
        content_transfer_encoding: Option<String>,
    }
    computed {
        /// Links of this part.
        links: Cut<Arc<Link>> = BodyHtml::links,
        /// The text that a reader sees.
        display_text: Maybe<String> = BodyHtml::display_text,
        /// All text, also what is hidden; one text node a line.
        inner_text: Maybe<String> = |html: &BodyHtml| html.kept_inner_text.get_or_init(|| html.text(Document::inner_text)),
    }
    private {
        /// Bounds on the work.
        limits: Limits,
        /// The tree, once read.
        kept_document: OnceCell<Document>,
        /// The links, once read.
        kept_links: OnceCell<Cut<Arc<Link>>>,
        /// The seen text, once read.
        kept_display_text: OnceCell<Maybe<String>>,
        /// The whole text, once read.
        kept_inner_text: OnceCell<Maybe<String>>,
    }
}

impl BodyHtml {
    /// The tree of the HTML; of its first `message.text` bytes when it is longer.
    pub fn document(&self) -> &Document {
        self.kept_document.get_or_init(|| Document::parse(text::head(&self.raw, self.limits.message_text)))
    }

    /// Links of this part.
    pub fn links(&self) -> &Cut<Arc<Link>> {
        self.kept_links.get_or_init(|| {
            let Cut { items, rest } = self.document().links(&self.limits);
            let is_full = rest == Some(Unavailable::limit("message.links"));
            bounded(items, is_full, &self.limits, too_long(&self.raw, &self.limits).or(rest))
        })
    }

    fn display_text(&self) -> &Maybe<String> {
        self.kept_display_text.get_or_init(|| self.text(Document::display_text))
    }

    /// The text that a reader sees, of the part that is read.
    fn shown_head(&self) -> Cow<'_, str> {
        match self.display_text() {
            Ok(whole) => Cow::Borrowed(whole),
            Err(_) => Cow::Owned(self.document().display_text()),
        }
    }

    fn text(&self, render: fn(&Document) -> String) -> Maybe<String> {
        match too_long(&self.raw, &self.limits) {
            Some(missing) => Err(missing),
            None => Ok(render(self.document())),
        }
    }
}

object! {
    /// The plain-text part.
    #[derive(Default)]
    pub struct BodyPlain {
        /// The text; line ends as in the message.
        raw: String,
        /// Declared character set, lower case.
        charset: Option<String>,
        /// Declared transfer encoding, lower case.
        content_transfer_encoding: Option<String>,
    }
    computed {
        /// Links of this part.
        links: Cut<Arc<Link>> = BodyPlain::links,
    }
    private {
        /// Bounds on the work.
        limits: Limits,
        /// The links, once read.
        kept_links: OnceCell<Cut<Arc<Link>>>,
        /// The links with their places, once read.
        kept_placed: OnceCell<Vec<(usize, Arc<Link>)>>,
    }
}

impl BodyPlain {
    /// Links of this part.
    pub fn links(&self) -> &Cut<Arc<Link>> {
        self.kept_links.get_or_init(|| {
            let placed = self.placed_links();
            let is_full = placed.len() >= self.limits.message_links;
            let links = placed.iter().map(|(_, link)| Arc::clone(link)).collect();
            bounded(link::unique(links), is_full, &self.limits, too_long(&self.raw, &self.limits))
        })
    }

    /// The links with the bytes of text before each, in order, with repeats.
    fn placed_links(&self) -> &[(usize, Arc<Link>)] {
        self.kept_placed.get_or_init(|| mailhound_objects::text::placed_links(self.text(), &self.limits))
    }

    /// The text that is searched: the first `message.text` bytes.
    fn text(&self) -> &str {
        text::head(&self.raw, self.limits.message_text)
    }
}

object! {
    /// A warning that a mail gateway put into the message.
    #[derive(Clone, Debug, Default)]
    pub struct Banner {
        /// Its text.
        text: String,
        /// Its links.
        links: Vec<Arc<Link>>,
    }
}

object! {
    /// The newest segment of the conversation.
    #[derive(Clone, Debug, Default)]
    pub struct Thread {
        /// The text without preamble and banners; null when the message has no text part.
        text: Option<String>,
        /// The lines that introduce the segment (`From:`, `Sent:`, `On … wrote:`), as they stand there.
        preamble: Option<String>,
        /// Banners that stood in the segment.
        banners: Vec<Banner>,
        /// Links of the segment.
        links: Vec<Arc<Link>>,
    }
}

object! {
    /// A quoted or forwarded segment.
    #[derive(Clone, Debug, Default)]
    pub struct PreviousThread {
        /// The text without preamble and banners.
        text: Option<String>,
        /// The lines that introduce the segment, as they stand there.
        preamble: Option<String>,
        /// Banners that stood in the segment.
        banners: Vec<Banner>,
        /// Links of the segment.
        links: Vec<Arc<Link>>,
        /// Place in the list; 0 is the newest.
        index: i64,
        /// When it was written, in UTC (RFC 3339), by the preamble.
        date: Option<String>,
        /// Who wrote it, by the preamble.
        sender: Option<Mailbox>,
        /// Whom it went to, by the preamble.
        recipients: Option<Recipients>,
        /// Its subject, by the preamble.
        subject: Option<Subject>,
    }
}
