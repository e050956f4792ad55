//! Rules of `<style>` elements with a simple selector: `tag`, `.class`, `tag.class`, `#id`, `tag#id` and lists of them.
//!
//! Blocks behind an at-sign (`@media`) hold for other screens or for print and are left out. Rules with other selectors are not followed;
//! when one of them sets a background, the ground under a text is no longer known.

use super::style::{Declared, declarations};
use std::collections::HashMap;

/// Rules that are read; further ones are left out.
const MAX_RULES: usize = 20_000;

/// Classes of one element that are looked up.
const MAX_CLASSES: usize = 64;

/// The rules of a document, merged by selector.
#[derive(Default)]
pub(super) struct Styles {
    rules: HashMap<String, Rule>,
    read: usize,
    /// A rule that is not followed sets a background.
    pub(super) unknown_background: bool,
}

#[derive(Default)]
struct Rule {
    plain: Declared,
    important: Declared,
}

impl Styles {
    /// Reads the text of a `<style>` element.
    pub(super) fn add(&mut self, css: &str) {
        let css = without_comments(css);
        let mut rest = css.as_str();
        while let Some(open) = rest.find('{') {
            if self.read >= MAX_RULES {
                return;
            }
            let prelude = rest[..open].rsplit(['}', ';']).next().unwrap_or_default().trim();
            let (block, after) = if prelude.starts_with('@') { skip_block(&rest[open..]) } else { plain_block(&rest[open..]) };
            if !prelude.starts_with('@') {
                self.rule(prelude, block);
            }
            rest = after;
        }
    }

    fn rule(&mut self, selectors: &str, block: &str) {
        let mut rule = Rule::default();
        declarations(block, &mut rule.plain, &mut rule.important);
        for selector in selectors.split(',').map(str::trim) {
            self.read += 1;
            if self.read > MAX_RULES {
                return;
            }
            if is_simple(selector) {
                let kept = self.rules.entry(key(selector)).or_default();
                kept.plain.overlay(&rule.plain);
                kept.important.overlay(&rule.important);
            } else if rule.plain.background.is_some() || rule.important.background.is_some() {
                self.unknown_background = true;
            }
        }
    }

    /// What the rules and the `style` attribute say about an element, by the order of CSS: tag, class, id, attribute, `!important`.
    pub(super) fn declared(&self, tag: &str, class: Option<&str>, id: Option<&str>, style: Option<&str>) -> Declared {
        let mut sum = Declared::default();
        let mut important = Declared::default();
        if !self.rules.is_empty() {
            self.matching(tag, class, id, |rule| {
                sum.overlay(&rule.plain);
                important.overlay(&rule.important);
            });
        }
        if let Some(style) = style {
            let mut inline = Declared::default();
            declarations(style, &mut inline, &mut important);
            sum.overlay(&inline);
        }
        sum.overlay(&important);
        sum
    }

    fn matching(&self, tag: &str, class: Option<&str>, id: Option<&str>, mut apply: impl FnMut(&Rule)) {
        let mut look = |key: &str| self.rules.get(key).into_iter().for_each(&mut apply);
        look(tag);
        let classes = || class.unwrap_or_default().split_ascii_whitespace().take(MAX_CLASSES);
        for class in classes() {
            look(&format!(".{class}"));
        }
        for class in classes() {
            look(&format!("{tag}.{class}"));
        }
        if let Some(id) = id {
            look(&format!("#{id}"));
            look(&format!("{tag}#{id}"));
        }
    }
}

fn is_simple(selector: &str) -> bool {
    let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let (tag, rest) = selector.find(['.', '#']).map_or((selector, None), |at| (&selector[..at], selector.get(at + 1..)));
    (tag.is_empty() || name(tag)) && rest.map_or(!tag.is_empty(), name)
}

/// Tag names in small letters; classes and ids as written.
fn key(selector: &str) -> String {
    let at = selector.find(['.', '#']).unwrap_or(selector.len());
    format!("{}{}", selector[..at].to_ascii_lowercase(), &selector[at..])
}

fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start + 2..].split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.replace("<!--", " ").replace("-->", " ")
}

/// The content of the block that `text` opens with, and what follows it.
fn plain_block(text: &str) -> (&str, &str) {
    let inside = text.get(1..).unwrap_or_default();
    inside.split_once('}').unwrap_or((inside, ""))
}

/// The same for a block that holds blocks.
fn skip_block(text: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return (&text[..at], &text[at + 1..]),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    (text, "")
}
