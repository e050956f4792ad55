//! Received lines (RFC 5321 §4.4), clause by clause (reference mdm.md §9.2).

use super::date;
use super::scan::{Piece, Scan};
use crate::model::{Clause, Received};

const KEYWORDS: [&str; 6] = ["from", "by", "via", "with", "id", "for"];

/// Reads an unfolded, decoded Received value. What is missing or cannot be read is null.
pub(crate) fn parse(value: &str) -> Received {
    let (clauses, date) = value.rsplit_once(';').unwrap_or((value, ""));
    let (time, zone_offset) = date::parse(date).unzip();
    let mut received = Received { time, zone_offset, ..Received::default() };
    let mut additional = String::new();
    for (keyword, text) in split(clauses) {
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
    received
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
