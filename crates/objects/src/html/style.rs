//! What hides text (mdm.md §10.3): the declarations that matter, the state that children inherit, the characters that show nothing.

use std::borrow::Cow;

/// An opaque colour; `None` in its place means "not known" (an image, a gradient, a name we do not know).
pub(super) type Rgb = [u8; 3];

/// Font sizes up to this many pixels show nothing (mdm.md §10.3: 0 to 1 px).
const UNREADABLE_PX: f32 = 1.0;

/// Pixels that put something outside the window.
const OFF_SCREEN_PX: f32 = -900.0;

/// What a set of declarations says about visibility. `None`: nothing said.
#[derive(Clone, Debug, Default)]
pub(super) struct Declared {
    pub(super) display_none: Option<bool>,
    /// Shown as a block, which breaks lines.
    pub(super) block: Option<bool>,
    pub(super) invisible: Option<bool>,
    pub(super) transparent: Option<bool>,
    pub(super) font_px: Option<f32>,
    pub(super) no_height: Option<bool>,
    pub(super) no_max_height: Option<bool>,
    pub(super) clips: Option<bool>,
    pub(super) off_screen: Option<bool>,
    pub(super) off_position: Option<bool>,
    pub(super) positioned: Option<bool>,
    pub(super) indent_px: Option<f32>,
    /// `Some(None)`: set to something that is not known.
    pub(super) color: Option<Option<Rgb>>,
    pub(super) clear_text: Option<bool>,
    pub(super) background: Option<Option<Rgb>>,
    pub(super) width_px: Option<f32>,
    pub(super) height_px: Option<f32>,
    /// A picture behind the content.
    pub(super) picture: Option<bool>,
    /// `white-space` keeps line ends, as `pre` does.
    pub(super) keeps_lines: Option<bool>,
}

impl Declared {
    /// Takes over what `other` says.
    pub(super) fn overlay(&mut self, other: &Declared) {
        macro_rules! take {
            ($($field:ident)*) => {$( if other.$field.is_some() { self.$field = other.$field; } )*};
        }
        take!(display_none block invisible transparent font_px no_height no_max_height clips off_screen off_position positioned indent_px color
            clear_text background width_px height_px picture keeps_lines);
    }

    /// Takes one declaration.
    pub(super) fn declare(&mut self, name: &str, value: &str) {
        let (name, value) = (lower(name.trim()), lower(value.trim()));
        let value = value.as_ref();
        match name.as_ref() {
            "display" => {
                self.display_none = Some(value == "none");
                self.block = Some(matches!(value, "block" | "table" | "flex" | "grid" | "list-item" | "table-row"));
            }
            "visibility" => self.invisible = Some(matches!(value, "hidden" | "collapse")),
            "opacity" => self.transparent = number(value).map(|(number, _)| number <= 0.01),
            "font-size" => self.font_px = pixels(value).or(self.font_px),
            "font" => self.font_px = value.split_whitespace().find_map(|word| pixels(word.split('/').next()?)).or(self.font_px),
            "height" => {
                self.height_px = pixels(value);
                self.no_height = Some(self.height_px.is_some_and(|px| px <= 0.0));
            }
            "max-height" => self.no_max_height = Some(pixels(value).is_some_and(|px| px <= 0.0)),
            "width" => self.width_px = pixels(value),
            "overflow" | "overflow-y" => self.clips = Some(matches!(value, "hidden" | "clip")),
            "text-indent" => self.indent_px = pixels(value),
            "position" => self.positioned = Some(matches!(value, "absolute" | "fixed")),
            "left" | "top" | "right" | "bottom" => self.off_position = Some(pixels(value).is_some_and(|px| px <= OFF_SCREEN_PX)),
            "margin-left" | "margin-top" => self.off_screen = Some(pixels(value).is_some_and(|px| px <= OFF_SCREEN_PX)),
            "color" => {
                self.clear_text = Some(is_clear(value));
                self.color = Some(color(value));
            }
            "background-color" => self.declare_background(value),
            "background" => {
                self.picture = Some(value.contains("url("));
                self.declare_background(value);
            }
            "white-space" => self.keeps_lines = Some(matches!(value, "pre" | "pre-wrap" | "pre-line" | "break-spaces")),
            "background-image" if value != "none" => {
                self.picture = Some(value.contains("url("));
                self.background = Some(None);
            }
            _ => {}
        }
    }

    fn declare_background(&mut self, value: &str) {
        self.background = match value {
            "none" | "transparent" | "inherit" | "initial" => None,
            _ if value.contains("url(") || value.contains("gradient") => Some(None),
            _ => Some(split_values(value).find_map(color)),
        };
    }
}

/// In small letters; mostly it is written so.
fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

/// What an element hands down to its children.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The element and all below it is gone.
    pub(super) hidden: bool,
    pub(super) invisible: bool,
    pub(super) font_px: f32,
    pub(super) indent_px: f32,
    pub(super) color: Option<Rgb>,
    pub(super) clear_text: bool,
    pub(super) background: Option<Rgb>,
    /// Blanks and line ends stay as they are.
    pub(super) pre: bool,
    /// Line ends stay, by `white-space`; blanks still collapse, because rules look for words with one blank between.
    pub(super) keeps_lines: bool,
    /// The element itself breaks lines by its style; not handed down.
    pub(super) block: bool,
    /// The element itself shows a picture behind its content, more than a pixel of it; not handed down.
    pub(super) pictured: bool,
}

impl State {
    /// Black on white, or on something unknown when rules that we do not follow set backgrounds.
    pub(super) fn root(known_background: bool) -> State {
        State {
            hidden: false,
            invisible: false,
            font_px: 16.0,
            indent_px: 0.0,
            color: Some([0, 0, 0]),
            clear_text: false,
            background: known_background.then_some([255, 255, 255]),
            pre: false,
            keeps_lines: false,
            block: false,
            pictured: false,
        }
    }

    /// The state inside an element with these declarations.
    pub(super) fn below(&self, declared: &Declared) -> State {
        let yes = |flag: Option<bool>| flag.unwrap_or(false);
        let squeezed = (yes(declared.no_height) || yes(declared.no_max_height)) && yes(declared.clips);
        let is_tiny = |side: Option<f32>| side.is_some_and(|px| (0.0..=1.0).contains(&px));
        let away = yes(declared.off_screen) || (yes(declared.positioned) && yes(declared.off_position));
        State {
            hidden: self.hidden || yes(declared.display_none) || yes(declared.transparent) || squeezed || away,
            invisible: declared.invisible.unwrap_or(self.invisible),
            font_px: declared.font_px.map_or(self.font_px, |px| if px < 0.0 { -px * self.font_px } else { px }),
            indent_px: declared.indent_px.unwrap_or(self.indent_px),
            color: declared.color.unwrap_or(self.color),
            clear_text: declared.clear_text.unwrap_or(self.clear_text),
            background: declared.background.unwrap_or(self.background),
            pre: self.pre,
            keeps_lines: declared.keeps_lines.unwrap_or(self.keeps_lines),
            block: yes(declared.block),
            pictured: yes(declared.picture) && !is_tiny(declared.width_px) && !is_tiny(declared.height_px),
        }
    }

    /// True when an image in this element is shown.
    pub(super) fn shows_images(&self) -> bool {
        !self.hidden && !self.invisible
    }

    /// True when text in this element can be read.
    pub(super) fn shows_text(&self) -> bool {
        let same = self.color.is_some() && self.color == self.background;
        self.shows_images() && self.font_px > UNREADABLE_PX && self.indent_px > OFF_SCREEN_PX && !self.clear_text && !same
    }
}

/// The declarations of a `style` attribute or of a rule's block; `important` ones go to the second set.
pub(super) fn declarations(block: &str, plain: &mut Declared, important: &mut Declared) {
    for declaration in block.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        match value.find('!').filter(|&at| value[at + 1..].trim_start().get(..9).is_some_and(|word| word.eq_ignore_ascii_case("important")))
        {
            Some(at) => important.declare(name, &value[..at]),
            None => plain.declare(name, value),
        }
    }
}

/// The number at the start of a value and its unit.
fn number(value: &str) -> Option<(f32, &str)> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    Some((value[..end].parse().ok()?, value[end..].trim()))
}

/// A length in pixels; one that is relative to the parent's font size is given as its negative share (`50%` is -0.5).
pub(super) fn pixels(value: &str) -> Option<f32> {
    let (number, unit) = number(value.trim())?;
    let factor = match unit {
        "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" | "rem" => 16.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "em" | "%" if number >= 0.0 => return Some(-number / if unit == "%" { 100.0 } else { 1.0 }),
        "em" => 16.0,
        "%" => 10.0,
        "" => 1.0,
        _ => return None,
    };
    Some(number * factor)
}

/// The values of a shorthand; blanks inside parentheses do not divide.
fn split_values(value: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    value.split(move |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth <= 0 && c.is_whitespace()
    })
}

/// True for a colour that shows nothing: `transparent`, or with a fourth part, the opacity, of 0 (`rgba(0,0,0,0)`, `rgb(0 0 0 / 0)`,
/// `#0000`).
fn is_clear(value: &str) -> bool {
    if let Some(hex) = value.strip_prefix('#') {
        return matches!(hex.len(), 4 | 8) && hex.get(hex.len() / 4 * 3..).is_some_and(|alpha| alpha.bytes().all(|b| b == b'0'));
    }
    let inside = ["rgba(", "rgb(", "hsla(", "hsl("].iter().find_map(|name| value.strip_prefix(name)).map(|rest| rest.trim_end_matches(')'));
    let parts = inside.into_iter().flat_map(|inside| inside.split([',', '/', ' ']));
    let alpha = parts.filter(|part| !part.is_empty()).nth(3).and_then(number);
    value == "transparent" || alpha.is_some_and(|(alpha, _)| alpha <= 0.01)
}

/// A colour as CSS or an old HTML attribute writes it.
pub(super) fn color(value: &str) -> Option<Rgb> {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        return hex_color(hex);
    }
    if let Some(list) = value.strip_prefix("rgb(").or_else(|| value.strip_prefix("rgba(")) {
        let mut parts = list.trim_end_matches(')').split([',', ' ', '/']).filter(|part| !part.is_empty());
        let mut channel = || {
            let (number, unit) = number(parts.next()?.trim())?;
            Some((if unit == "%" { number * 2.55 } else { number }).clamp(0.0, 255.0).round() as u8)
        };
        return Some([channel()?, channel()?, channel()?]);
    }
    NAMED.iter().find(|(name, _)| *name == value).map(|(_, rgb)| *rgb).or_else(|| (value.len() == 6).then(|| hex_color(value))?)
}

fn hex_color(hex: &str) -> Option<Rgb> {
    let digit = |at: usize| hex.get(at..=at).and_then(|digit| u8::from_str_radix(digit, 16).ok());
    match hex.len() {
        3 | 4 => Some([digit(0)? * 17, digit(1)? * 17, digit(2)? * 17]),
        6 | 8 => Some([digit(0)? * 16 + digit(1)?, digit(2)? * 16 + digit(3)?, digit(4)? * 16 + digit(5)?]),
        _ => None,
    }
}

/// Colour names that mail uses for text and ground (CSS Color 4 §6.1); any other name is "not known".
const NAMED: &[(&str, Rgb)] = &[
    ("white", [255, 255, 255]),
    ("black", [0, 0, 0]),
    ("red", [255, 0, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
    ("gray", [128, 128, 128]),
    ("grey", [128, 128, 128]),
    ("silver", [192, 192, 192]),
    ("whitesmoke", [245, 245, 245]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("lightgray", [211, 211, 211]),
    ("lightgrey", [211, 211, 211]),
    ("navy", [0, 0, 128]),
    ("orange", [255, 165, 0]),
    ("windowtext", [0, 0, 0]),
    ("window", [255, 255, 255]),
];

/// Text as a reader sees it, before blanks are collapsed: characters without width removed, blanks of all kinds made plain.
pub fn clean_text(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| !is_widthless(*c)).map(|c| if is_blank(c) { ' ' } else { c }).collect())
}

/// Characters that take no room (mdm.md §10.3, and all of U+E0000 to U+E0FFF, which Unicode reserves for such); U+202F is removed as
/// well, as the vendor's documents show.
fn is_widthless(c: char) -> bool {
    matches!(c as u32,
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180E | 0x200B..=0x200F | 0x202A..=0x202F | 0x2060..=0x206F
        | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xE0000..=0xE0FFF)
}

/// Blanks outside ASCII.
fn is_blank(c: char) -> bool {
    matches!(c as u32, 0xA0 | 0x1680 | 0x2000..=0x200A | 0x205F | 0x3000)
}
