//! What another mail program says of a message, in one form for all corpora, and what the model makes of such a tree by mdm.md §2.3.

/// What is said of one message. What a corpus does not say is `None` and is not compared.
#[derive(Default)]
pub struct Expected {
    /// The decoded subject; empty without one.
    pub subject: Option<String>,
    /// The mailboxes of From, To, Cc, Bcc and Reply-To by the name of the field.
    pub mailboxes: Vec<(&'static str, Vec<Address>)>,
    /// The instant of Date in seconds since 1970; the inner `None` when there is none.
    pub date: Option<Option<i64>>,
    /// Name and unfolded value of all fields, topmost first.
    pub fields: Option<Vec<(String, String)>>,
    /// The tree of parts.
    pub root: Option<Node>,
}

/// A mailbox: display name and address as they were read, each empty when there is none.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// The display name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A part.
#[derive(Default)]
pub struct Node {
    /// Media type, lower case.
    pub media: String,
    /// Character set by the Content-Type.
    pub charset: Option<String>,
    /// The part has a file name, or is declared an attachment: it is no body.
    pub is_file: bool,
    /// The file name, where the corpus gives it decoded.
    pub file_name: Option<String>,
    /// What the part holds.
    pub content: Content,
}

/// The content of a part.
#[derive(Default)]
pub enum Content {
    /// The corpus does not say.
    #[default]
    Unknown,
    /// Text after transfer and character set decoding.
    Text(String),
    /// Bytes after transfer decoding.
    Bytes(Vec<u8>),
    /// Parts of a multipart.
    Parts(Vec<Node>),
    /// An attached message.
    Message(Box<Expected>),
}

/// A tree as the model holds it.
#[derive(Default)]
pub struct Sorted<'e> {
    /// Parts that make up the plain text.
    pub plain: Vec<&'e Node>,
    /// Parts that make up the HTML.
    pub html: Vec<&'e Node>,
    /// All others, in their order.
    pub attachments: Vec<&'e Node>,
}

impl Node {
    /// Depth and media type of all nodes; attached messages are leaves.
    pub fn outline(&self) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        self.add_to_outline(0, &mut out);
        out
    }

    fn add_to_outline(&self, depth: usize, out: &mut Vec<(usize, String)>) {
        out.push((depth, self.media.clone()));
        if let Content::Parts(parts) = &self.content {
            parts.iter().for_each(|part| part.add_to_outline(depth + 1, out));
        }
    }

    /// Sorts the leaves as mdm.md §2.3 says: the first text of a kind is the body; further ones join it when both are neighbours in one
    /// multipart/mixed; everything else is attached.
    pub fn sorted(&self) -> Sorted<'_> {
        let mut leaves = Vec::new();
        self.leaves(None, &mut leaves);
        let mut sorted = Sorted::default();
        let (mut plain_home, mut html_home) = (None, None);
        for (leaf, mixed) in leaves {
            let (body, home) = match leaf.media.as_str() {
                "text/plain" => (&mut sorted.plain, &mut plain_home),
                "text/html" => (&mut sorted.html, &mut html_home),
                _ => {
                    sorted.attachments.push(leaf);
                    continue;
                }
            };
            if leaf.is_file {
                sorted.attachments.push(leaf);
            } else if body.is_empty() {
                *home = mixed;
                body.push(leaf);
            } else if mixed.is_some() && mixed == *home {
                body.push(leaf);
            } else {
                sorted.attachments.push(leaf);
            }
        }
        sorted
    }

    /// The leaves, each with the address of the multipart/mixed that holds it directly.
    fn leaves<'e>(&'e self, mixed: Option<*const Node>, out: &mut Vec<(&'e Node, Option<*const Node>)>) {
        match &self.content {
            Content::Parts(parts) => {
                let mixed = (self.media == "multipart/mixed").then_some(std::ptr::from_ref(self));
                parts.iter().for_each(|part| part.leaves(mixed, out));
            }
            _ => out.push((self, mixed)),
        }
    }
}
