//! The attributes that say how an element looks, besides its styles (HTML standard §15).

use super::style::{Declared, color};
use scraper::node::Element;

/// The attributes, found in one pass.
#[derive(Default)]
pub(super) struct Attributes<'e> {
    pub(super) class: Option<&'e str>,
    pub(super) style: Option<&'e str>,
    pub(super) id: Option<&'e str>,
    pub(super) is_hidden: bool,
    /// `bgcolor`.
    ground: Option<&'e str>,
    /// `background`, an old way to name a picture.
    has_picture: bool,
    text: Option<&'e str>,
    color: Option<&'e str>,
    /// Has a `href`.
    leads: bool,
}

impl<'e> Attributes<'e> {
    pub(super) fn of(element: &'e Element) -> Self {
        let mut found = Attributes::default();
        for (name, value) in element.attrs() {
            match name {
                "class" => found.class = Some(value),
                "style" => found.style = Some(value),
                "id" => found.id = Some(value),
                "hidden" => found.is_hidden = true,
                "bgcolor" => found.ground = Some(value),
                "background" => found.has_picture = true,
                "text" => found.text = Some(value),
                "color" => found.color = Some(value),
                "href" => found.leads = true,
                _ => {}
            }
        }
        found
    }

    /// What the old attributes for looks declare on an element of this name.
    pub(super) fn hints(&self, name: &str) -> Declared {
        let mut hints = Declared::default();
        if let Some(ground) = self.ground {
            hints.background = Some(color(&ground.to_ascii_lowercase()));
        }
        if self.has_picture {
            hints.background = Some(None);
            hints.picture = Some(true);
        }
        let text = match name {
            "body" => self.text,
            "font" => self.color,
            _ => None,
        };
        if let Some(text) = text {
            hints.color = Some(color(&text.to_ascii_lowercase()));
        }
        if name == "a" && self.leads {
            hints.color = Some(Some([0, 0, 238]));
        }
        hints
    }
}
