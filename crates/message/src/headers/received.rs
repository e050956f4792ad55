//! Received lines (RFC 5321 §4.4), clause by clause (reference mdm.md §9.2).

use super::date;
use super::scan::{Piece, Scan};
use crate::model::{Clause, Received};
use chrono::DateTime;

const KEYWORDS: [&str; 6] = ["from", "by", "via", "with", "id", "for"];

/// Reads an unfolded, decoded Received value. What is missing or cannot be read is null.
pub(crate) fn parse(value: &str) -> Received {
    let (clauses, mut date) = divide(value);
    let mut received = Received::default();
    let mut additional = String::new();
    for (keyword, text) in split(clauses) {
        let text = match keyword {
            "id" if date.is_none() && clauses.len() == value.len() => dated_id(text, &mut date),
            _ => text,
        };
        // A host compares with `==` in rules, so comments behind `by` and `for` stand apart.
        let text = match keyword {
            "by" | "for" => take_comments(text, &mut additional),
            _ => text.trim().to_owned(),
        };
        let clause = Some(Clause { raw: text }).filter(|clause| !clause.raw.is_empty());
        match keyword {
            "from" => received.source = clause,
            "by" => received.server = clause,
            "via" => received.link = clause,
            "with" => received.protocol = clause,
            "id" => received.id = clause,
            _ => received.mailbox = clause,
        }
    }
    received.additional = Some(Clause { raw: additional }).filter(|clause| !clause.raw.is_empty());
    (received.time, received.zone_offset) = date.unzip();
    received
}

/// An instant as RFC 3339 in UTC, and the offset it was written with.
type Date = (String, String);

/// The clauses and the date, which stand before and behind the last semicolon that is not in a comment.
fn divide(value: &str) -> (&str, Option<Date>) {
    if let Some((clauses, date)) = value.rsplit_once(';')
        && let Some(date) = date::parse(date)
    {
        return (clauses, Some(date));
    }
    let scan = Scan::new(value);
    match scan.split(b';').last() {
        Some(last) if last.len() < scan.text.len() => (value.get(..scan.text.len() - last.len() - 1).unwrap_or(value), date::parse(last)),
        _ => (value, None),
    }
}

/// The identifier of a line without semicolon. SendGrid's servers write the date right behind it, in mail's form or in that of Go
/// (`2023-02-12 01:30:15.2 +0000 UTC m=+1.5`).
fn dated_id<'a>(text: &'a str, date: &mut Option<Date>) -> &'a str {
    let text = text.trim();
    let Some((id, rest)) = text.split_once(char::is_whitespace) else { return text };
    *date = date::parse(rest).or_else(|| go_date(rest));
    if date.is_some() { id } else { text }
}

fn go_date(text: &str) -> Option<Date> {
    let mut words = text.split_whitespace();
    let written = [words.next()?, words.next()?, words.next()?].join(" ");
    let date = DateTime::parse_from_str(&written, "%Y-%m-%d %H:%M:%S%.f %z").ok()?;
    Some((date.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string(), (date.offset().local_minus_utc() / 3600).to_string()))
}

/// The clauses with their keywords, in order. A keyword counts once, as a whole word outside comments.
fn split(text: &str) -> Vec<(&'static str, &str)> {
    let scan = Scan::new(text);
    let text = scan.text;
    let mut found: Vec<(&'static str, usize, usize)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if let Some(end) = scan.comment_end(at) {
            at = end;
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let len = rest.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(rest.len());
        let word = rest.get(..len).unwrap_or_default();
        if let Some(keyword) = KEYWORDS.into_iter().find(|keyword| word.eq_ignore_ascii_case(keyword))
            && !found.iter().any(|&(known, ..)| known == keyword)
        {
            found.push((keyword, at, at + len));
        }
        at += len.max(rest.chars().next().map_or(1, char::len_utf8));
    }
    let ends: Vec<usize> = found.iter().skip(1).map(|&(_, start, _)| start).chain([text.len()]).collect();
    found.iter().zip(ends).map(|(&(keyword, _, start), end)| (keyword, text.get(start..end).unwrap_or_default())).collect()
}

/// The text without its comments, which go to `additional`.
fn take_comments(text: &str, additional: &mut String) -> String {
    let mut bare = String::with_capacity(text.len());
    for piece in Scan::new(text).pieces() {
        match piece {
            Piece::Text(text) => bare.push_str(text),
            Piece::Comment(comment) => {
                if !additional.is_empty() {
                    additional.push(' ');
                }
                additional.push_str(comment);
            }
        }
    }
    bare.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::testing::table;

    #[test]
    fn received_lines() {
        table(include_str!("../../testdata/received.test"), |text| {
            let received = super::parse(text);
            let clauses = [
                ("from", &received.source),
                ("by", &received.server),
                ("via", &received.link),
                ("with", &received.protocol),
                ("id", &received.id),
                ("for", &received.mailbox),
                ("more", &received.additional),
            ];
            let mut shown: Vec<_> = clauses.iter().filter_map(|(name, clause)| Some(format!("{name}={}", clause.as_ref()?.raw))).collect();
            shown.extend(received.time.as_ref().map(|time| format!("{time} {}", received.zone_offset.as_deref().unwrap_or("-"))));
            shown.join(" | ")
        });
    }
}
