//! `file.parse_eml`, `file.parse_html`, `file.parse_text`, `beta.file.parse_ics`: files as what they hold.

use super::ics;
use super::input::{FILES, input};
use super::text::{Encoding, parse_text};
use crate::Environment;
use mailhound_message::Message;
use mailhound_mql::{Args, Body, Default, Example, Function, Param, example, param};
use mailhound_objects::html::Html;
use mailhound_objects::{Link, link, text};
use mailhound_value::{Cut, Eval, Limits, Type, Typed, Unavailable, Value, object};
use std::sync::Arc;

object! {
    /// A file as text.
    #[derive(Clone, Debug, Default)]
    pub struct ParsedText {
        /// The text; null when the bytes are valid in none of the encodings.
        text: Option<String>,
    }
}

object! {
    /// One property of a calendar event.
    #[derive(Clone, Debug, Default)]
    pub struct IcsProperty {
        /// The name without parameters, as written.
        key: String,
        /// The value.
        value: String,
    }
}

object! {
    /// An event of a calendar.
    #[derive(Default)]
    pub struct IcsEvent {
        /// Its summary.
        summary: Option<String>,
        /// Its description.
        description: Option<String>,
        /// Its description as HTML.
        description_html: Option<Html>,
        /// Its place.
        location: Option<String>,
        /// Links in descriptions, place, URL and attachments.
        links: Cut<Arc<Link>>,
        /// Every property in order.
        raw_properties: Vec<IcsProperty>,
    }
}

object! {
    /// A calendar file; several calendars in one file are taken together.
    #[derive(Default)]
    pub struct Calendar {
        /// The program that made it.
        product_id: Option<String>,
        /// The calendar scale, normally GREGORIAN.
        scale: Option<String>,
        /// What it asks for, such as REQUEST.
        method: Option<String>,
        /// Its events.
        events: Vec<IcsEvent>,
    }
}

const FILE: Param = param("file", Type::Any, "The file. Null gives null.").one_of(FILES);

pub(super) static PARSE_EML: Function = Function {
    name: "file.parse_eml",
    about: "The file as a message, with the same model as the outer one. Bytes that are no message give a model of null values and empty \
            lists.",
    params: &[FILE],
    returns: <Message as Typed>::TYPE,
    needs: &[],
    examples: &[
        example(
            r#"map(filter(attachments, .content_type == "message/rfc822"), file.parse_eml(.).subject.subject)"#,
            r#"["Original invoice"]"#,
        ),
        example("length(file.parse_eml(attachments[0]).attachments)", "0"),
        example("file.parse_eml(attachments[0]).subject.subject", "null"),
    ],
    memo: true,
    body: Body::Plain(|args| {
        let Some(file) = input(args, 0)? else { return Ok(Value::Null) };
        let environment: &Environment = args.host();
        let options =
            mailhound_message::Options { is_nested: true, limits: environment.limits.clone(), ..std::default::Default::default() };
        Ok(Value::Object(args.ctx.arena.object(mailhound_message::parse(file.bytes, &options))))
    }),
};

pub(super) static PARSE_HTML: Function = Function {
    name: "file.parse_html",
    about: "The file as an HTML document: what a reader would see of it, all its text, its links.",
    params: &[FILE],
    returns: <Html as Typed>::TYPE,
    needs: &[],
    examples: &[example(r#"map(filter(attachments, .file_type == "html"), file.parse_html(.).display_text)"#, r#"["Sign in"]"#)],
    memo: true,
    body: Body::Plain(|args| {
        let Some(file) = input(args, 0)? else { return Ok(Value::Null) };
        let environment: &Environment = args.host();
        let limits = Arc::new(environment.limits.clone());
        Ok(Value::Object(args.ctx.arena.object(Html::new(super::html::decode(file.bytes), &limits))))
    }),
};

pub(super) static PARSE_TEXT: Function = Function {
    name: "file.parse_text",
    about: "The file as text: the first of the encodings in which the whole file is valid; a byte-order mark is left out.",
    params: &[
        FILE,
        param(
            "encodings",
            Type::List(&Type::String),
            "Encodings in the order in which they are tried: ascii, utf8, utf16-le, utf16-be, latin1.",
        )
        .optional(Default::Texts(&["ascii", "utf8"])),
    ],
    returns: <ParsedText as Typed>::TYPE,
    needs: &[],
    examples: &[example(
        r#"map(filter(attachments, .file_extension == "txt"), file.parse_text(., encodings=["utf8"]).text)"#,
        r#"["café"]"#,
    )],
    memo: true,
    body: Body::Plain(|args| {
        let Some(file) = input(args, 0)? else { return Ok(Value::Null) };
        let encodings: Vec<Encoding> = args.strings(1)?.into_iter().filter_map(Encoding::named).collect();
        Ok(Value::Object(args.ctx.arena.object(ParsedText { text: parse_text(file.bytes, &encodings) })))
    }),
};

const fn parse_ics(name: &'static str, examples: &'static [Example]) -> Function {
    Function {
        name,
        about: "The file as a calendar; null when it holds none.",
        params: &[FILE],
        returns: <Calendar as Typed>::TYPE,
        needs: &[],
        examples,
        memo: true,
        body: Body::Plain(calendar),
    }
}

pub(super) static BETA_PARSE_ICS: Function = parse_ics(
    "beta.file.parse_ics",
    &[
        example(
            r#"map(filter(attachments, .file_type == "ics"), beta.file.parse_ics(.).events[0].description)"#,
            r#"["Join: https://meet.example.com/1"]"#,
        ),
        example("beta.file.parse_ics(attachments[0]).product_id", "null"),
    ],
);

pub(super) static PARSE_ICS: Function = parse_ics(
    "file.parse_ics",
    &[example(
        r#"map(filter(attachments, .file_type == "ics"), map(file.parse_ics(.).events[0].links, .href_url.domain.domain))"#,
        r#"[["meet.example.com"]]"#,
    )],
);

fn calendar<'m>(args: &Args<'_, 'm>) -> Eval<'m> {
    let Some(file) = input(args, 0)? else { return Ok(Value::Null) };
    let environment: &Environment = args.host();
    let Some(parsed) = ics::parse_ics(file.bytes) else { return Ok(Value::Null) };
    if let Some(missing) = parsed.rest {
        return Err(Unavailable::clone(&missing));
    }
    let limits = Arc::new(environment.limits.clone());
    let mut calendar = Calendar::default();
    for part in parsed.calendars {
        calendar.product_id = calendar.product_id.or(part.product_id);
        calendar.scale = calendar.scale.or(part.scale);
        calendar.method = calendar.method.or(part.method);
        calendar.events.extend(part.events.into_iter().map(|event| ics_event(event, &limits)));
    }
    Ok(Value::Object(args.ctx.arena.object(calendar)))
}

fn ics_event(event: ics::Event, limits: &Arc<Limits>) -> IcsEvent {
    let html = event.description_html.map(|html| Html::new(html, limits));
    let texts = [&event.description, &event.location, &event.url].into_iter().flatten().chain(&event.attachments);
    IcsEvent {
        links: links(texts, html.as_ref(), limits),
        summary: event.summary,
        description: event.description,
        description_html: html,
        location: event.location,
        raw_properties: event.raw_properties.into_iter().map(|it| IcsProperty { key: it.key, value: it.value }).collect(),
    }
}

/// The links of texts, then of HTML, without repeats. As for bodies, `message.links` counts the places where links stand: repeats can hide
/// others.
fn links<'a>(texts: impl Iterator<Item = &'a String>, html: Option<&Html>, limits: &Limits) -> Cut<Arc<Link>> {
    let max = limits.message_links;
    let mut links: Vec<Arc<Link>> = Vec::new();
    for found in texts {
        links.extend(text::find(found, max.saturating_sub(links.len())).into_iter().map(|found| Arc::new(Link::plain(found.url))));
    }
    let placed = html.map(|html| html.document().placed_links(limits)).unwrap_or_default();
    links.extend(placed.iter().take(max.saturating_sub(links.len())).map(|(_, link)| Arc::clone(link)));
    let lost = || html.and_then(|html| html.document().lost_markup()).map(|limit| Unavailable::limit(limit.name));
    let rest = (links.len() >= max).then(|| Unavailable::limit("message.links")).or_else(lost);
    Cut { items: link::unique(links), rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_links_of_an_event_hide_the_next_one_and_say_so() {
        let limits = Arc::new(Limits { message_links: 3, ..Limits::default() });
        let found = |description: &str, html: Option<&str>, url: &str| {
            let event = ics::Event {
                description: Some(description.to_owned()),
                description_html: html.map(str::to_owned),
                url: Some(url.to_owned()),
                ..ics::Event::default()
            };
            let links = ics_event(event, &limits).links;
            let urls: Vec<String> = links.iter().filter_map(|link| Some(link.href_url.as_ref()?.url.clone())).collect();
            (urls.join(" "), links.rest)
        };
        let full = Some(Unavailable::limit("message.links"));
        let (one, other) = ("https://a.example/", "https://b.example/");
        let html = "<a href='https://c.example/'>c</a>";
        assert_eq!(found(one, None, other), (format!("{one} {other}"), None));
        assert_eq!(found(&format!("{one} {one} {one}"), Some(html), other), (one.to_owned(), full.clone()));
        assert_eq!(found(&format!("{one} {one}"), None, other), (format!("{one} {other}"), full.clone()));
        assert_eq!(found(&format!("{one} {one}"), Some(html), ""), (format!("{one} https://c.example/"), full));
        assert_eq!(found(one, Some(html), ""), (format!("{one} https://c.example/"), None));
    }
}
