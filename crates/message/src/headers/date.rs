//! Dates of messages (RFC 5322 §3.3 and §4.3), read as tolerantly as reference mdm.md §9 asks.

use super::scan::without_comments;
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike};
use std::borrow::Cow;

/// The instant as RFC 3339 in UTC (`2019-10-21T18:23:24Z`), and the written offset in whole hours (`-4`, `0`, `5`), cut toward zero.
///
/// The weekday, the seconds and the zone may be missing (then it is UTC); obsolete zone names, two-digit years, dashes between day, month
/// and year, and comments are read. Dates in figures only (`02-04-2024`) are ambiguous and give nothing.
pub fn parse(text: &str) -> Option<(String, String)> {
    let (instant, minutes) = instant(text)?;
    if instant.year() > 9999 {
        return None; // four figures, RFC 3339 §1
    }
    Some((rfc3339(instant), (minutes / 60).to_string()))
}

/// The instant as `2019-10-21T18:23:24Z`.
fn rfc3339(instant: NaiveDateTime) -> String {
    let (date, time) = (instant.date(), instant.time());
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.year(), date.month(), date.day(), time.hour(), time.minute(), time.second())
}

/// The instant in UTC and the offset in minutes.
fn instant(text: &str) -> Option<(NaiveDateTime, i64)> {
    let text = if text.contains('(') { Cow::Owned(without_comments(text)) } else { Cow::Borrowed(text) };
    let mut words = text.split([' ', '\t', ',', '\r', '\n']).filter(|word| !word.is_empty()).peekable();
    if words.peek().is_some_and(|word| is_weekday(word)) {
        words.next();
    }
    let first = words.next()?;
    let date = match first.split_once('-') {
        Some((day, rest)) => {
            let (month, year) = rest.split_once('-')?;
            calendar(day, month, year)?
        }
        None if first.starts_with(|c: char| c.is_ascii_digit()) => calendar(first, words.next()?, words.next()?)?,
        None => return asctime(first, &mut words),
    };
    let time = clock(date, words.next()?)?;
    let minutes = words.next().map_or(Some(0), |word| zone(word, words.next()))?;
    Some((time.checked_sub_signed(Duration::try_minutes(minutes)?)?, minutes))
}

/// The form of the C library, `Mon Oct 21 18:23:24 2019`, with a zone before or behind the year.
fn asctime<'a>(month: &str, words: &mut impl Iterator<Item = &'a str>) -> Option<(NaiveDateTime, i64)> {
    let (day, time) = (words.next()?, words.next()?);
    let (mut year, mut minutes) = (None, 0);
    for word in words.take(2) {
        match word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            true => year = Some(word),
            false => minutes = zone(word, None)?,
        }
    }
    let time = clock(calendar(day, month, year?)?, time)?;
    Some((time.checked_sub_signed(Duration::try_minutes(minutes)?)?, minutes))
}

fn is_weekday(word: &str) -> bool {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    word.get(..3).is_some_and(|head| days.iter().any(|day| head.eq_ignore_ascii_case(day)))
}

fn calendar(day: &str, month: &str, year: &str) -> Option<NaiveDate> {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = month.get(..3)?;
    let month = (1u32..).zip(months).find(|(_, name)| head.eq_ignore_ascii_case(name))?.0;
    let number: i32 = digits(year)?.try_into().ok()?;
    // RFC 5322 §4.3: two digits below 50 are of this century, three digits count from 1900.
    let year = match (year.len(), number) {
        (1 | 2, 0..50) => number + 2000,
        (1..=3, _) => number + 1900,
        _ => number,
    };
    if !(1900..=9999).contains(&year) {
        return None; // RFC 5322 §3.3, RFC 3339 §1
    }
    NaiveDate::from_ymd_opt(year, month, digits(day)?)
}

fn clock(date: NaiveDate, time: &str) -> Option<NaiveDateTime> {
    let mut parts = time.split([':', '.']);
    let (hour, minute) = (digits(parts.next()?)?, digits(parts.next()?)?);
    let second = parts.next().map_or(Some(0), digits)?;
    date.and_hms_opt(hour, minute, if second == 60 { 59 } else { second }) // a leap second is the one before
}

/// Bytes of the longest zone that is looked into, such as `GMT+01:00` or `EST5EDT`.
const MAX_ZONE: usize = 16;

/// Minutes east of UTC. `next` is the word behind, for `GMT +0200`.
fn zone(word: &str, next: Option<&str>) -> Option<i64> {
    if let Some(rest) = word.strip_prefix(['+', '-']) {
        let minutes = offset(rest)?;
        return Some(if word.starts_with('-') { -minutes } else { minutes });
    }
    let name = word.to_ascii_uppercase();
    let hours = match name.as_str() {
        "UT" | "UTC" | "GMT" | "Z" => match next.filter(|next| next.starts_with(['+', '-'])) {
            Some(next) => return zone(next, None),
            None => 0,
        },
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ if name.len() > MAX_ZONE => return None,
        _ => match name.strip_prefix("GMT").or_else(|| name.strip_prefix("UTC")) {
            Some(rest) => return zone(rest, None),
            None if name.bytes().all(|byte| byte.is_ascii_alphabetic()) => 0, // RFC 5322 §4.3: unknown names count as -0000
            // The form of Unix, `EST5EDT`: what stands before the figures counts.
            None => return zone(name.split_once(|c: char| c.is_ascii_digit()).filter(|(name, _)| !name.is_empty())?.0, None),
        },
    };
    Some(hours * 60)
}

/// `hhmm` or `hh:mm` in minutes.
fn offset(text: &str) -> Option<i64> {
    let figures = text.replace(':', "");
    let value = i64::from(digits(&figures)?);
    match figures.len() {
        1 | 2 => Some(value * 60),
        3 | 4 if value % 100 < 60 => Some(value / 100 * 60 + value % 100),
        _ => None,
    }
}

fn digits(text: &str) -> Option<u32> {
    (text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use crate::testing::table;

    #[test]
    fn dates() {
        table(include_str!("../../testdata/date.test"), |text| match super::parse(text) {
            Some((instant, offset)) => format!("{instant} {offset}"),
            None => "-".to_owned(),
        });
    }
}
