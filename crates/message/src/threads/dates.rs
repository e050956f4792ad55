//! Dates in the words of mail programs: `Monday, February 3, 2021 7:09 AM`, `Mon, 3 Feb 2021 at 07:09`, `2021-02-03 07:09`, and the
//! same with the month names of other languages. Dates in figures alone (`02/03/2021`) are ambiguous and give nothing.

use crate::headers::date;
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use regex::Regex;
use std::sync::LazyLock;

/// Longest text that is read as a date, in bytes.
const MAX_DATE: usize = 200;

/// Month names by their beginnings, longest first where one begins another; several languages, small letters.
const MONTHS: &[(&[&str], u32)] = &[
    (&["jan", "ene", "gen", "janv", "sty"], 1),
    (&["feb", "fév", "fev", "lut"], 2),
    (&["mar", "mär", "maa", "mrt", "mrz"], 3),
    (&["apr", "avr", "abr", "kwi"], 4),
    (&["may", "mai", "mei", "mag", "maj"], 5),
    (&["jun", "juin", "giu"], 6),
    (&["jul", "juil", "lug", "lip"], 7),
    (&["aug", "aoû", "aou", "ago", "sie"], 8),
    (&["sep", "set", "wrz"], 9),
    (&["oct", "okt", "ott", "out", "paź"], 10),
    (&["nov", "lis"], 11),
    (&["dec", "dez", "déc", "dic", "des", "gru"], 12),
];

static TIME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?(?:m\b\.?)?").expect("a constant pattern"));

static ZONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?\)?\s*(?:\([A-Za-z ]{1,40}\))?$").expect("a constant pattern"));

/// Where the date of an attribution ends: behind its time, or behind a year when there is no time.
static DATE_END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\b\.?)?(?:\s*\(?(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?\)?)?(?:\s+(?:UTC|GMT|[ECMP][SD]T)\b)?(?:\s+uhr\b)?|\s\d{1,2}\.\d{2}[,\s]|\b(?:19|20)\d{2}\b")
        .expect("a constant pattern")
});

/// The instant in UTC as RFC 3339; without a zone the words are taken as UTC. `None` when a part is missing or ambiguous.
pub(super) fn parse(text: &str) -> Option<String> {
    if text.len() > MAX_DATE {
        return None;
    }
    if let Some((instant, _)) = date::parse(text) {
        return Some(instant);
    }
    let time = TIME.captures(text)?;
    let whole = time.get(0)?;
    let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
    let number = |idx: usize| time.get(idx).and_then(|part| part.as_str().parse::<u32>().ok());
    let hour = match (number(1)?, time.get(4).map(|half| half.as_str().to_ascii_lowercase())) {
        (12, Some(half)) if half == "a" => 0,
        (hour, Some(half)) if half == "p" && hour < 12 => hour + 12,
        (hour, _) => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, number(2)?, number(3).unwrap_or(0))?;
    let day = calendar(before).or_else(|| calendar(after))?;
    let local = NaiveDateTime::new(day, time);
    let utc = local.checked_sub_signed(Duration::try_minutes(zone(after))?)?;
    Some(utc.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Date and the rest of `On DATE, NAME`; the word before the date is left out.
pub(super) fn split(text: &str) -> (Option<&str>, &str) {
    let end = DATE_END.find_iter(text).take(4).fold(None, |last: Option<regex::Match<'_>>, next| match last {
        // A time counts more than a year, and a year before a time belongs to it.
        Some(last) if last.as_str().contains(':') => Some(last),
        _ => Some(next),
    });
    let Some(end) = end.map(|found| found.end()) else { return (None, without_opening(text)) };
    let (date, author) = text.split_at(end);
    (Some(without_opening(date)), author.trim_start_matches([',', ' ']))
}

/// Without `On`, `Am`, `Le` … at the start.
fn without_opening(text: &str) -> &str {
    let openings = ["On ", "on ", "Am ", "Le ", "El ", "Il giorno ", "Il ", "Em ", "Op ", "Den ", "W dniu "];
    openings.iter().find_map(|opening| text.strip_prefix(opening)).unwrap_or(text).trim()
}

/// A day with a named month, or in the order of ISO 8601.
fn calendar(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let figures = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok();
    let year = words.iter().find_map(|word| figures(word).filter(|year| word.len() == 4 && (1970..2200).contains(year)))?;
    let month = words.iter().find_map(|word| month(word));
    let year = i32::try_from(year).ok()?;
    match month {
        Some(month) => {
            let day = words.iter().find_map(|word| figures(word).filter(|day| word.len() <= 4 && (1..=31).contains(day)))?;
            NaiveDate::from_ymd_opt(year, month, day)
        }
        None => words.windows(3).find_map(|three| {
            let (first, month, day) = (figures(three[0])?, figures(three[1])?, figures(three[2])?);
            (three[0].len() == 4 && first == year as u32).then(|| NaiveDate::from_ymd_opt(year, month, day))?
        }),
    }
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    // Weekdays that begin like a month (`mardi`, `martes`, `marzec` is one) are no months.
    if matches!(word.as_str(), "mardi" | "martes" | "martedì" | "maandag") || word.chars().count() < 3 {
        return None;
    }
    MONTHS.iter().find(|(heads, _)| heads.iter().any(|head| word.starts_with(head))).map(|(_, number)| *number)
}

/// Minutes east of UTC.
fn zone(after: &str) -> i64 {
    let Some(zone) = ZONE.captures(after.trim()) else { return 0 };
    let number = |idx: usize| zone.get(idx).and_then(|part| part.as_str().parse::<i64>().ok()).unwrap_or(0);
    let minutes = number(2) * 60 + number(3);
    if &zone[1] == "-" { -minutes } else { minutes }
}
