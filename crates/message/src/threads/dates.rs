//! Dates in the words of mail programs: `Monday, February 3, 2021 7:09 AM`, `lun. 3 févr. 2025 à 07:09`, `2025年2月3日(月) 7:09`.
//!
//! The text is cut into words, figures and signs, and read from the first piece that can begin a date to the last that belongs to it; so
//! the same reading tells where the date of an attribution ends and the author's name begins.

use super::calendar::{self, Half};
use super::tokens::{Kind, Token, half, tokens};
use crate::headers::date;
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use std::ops::Range;

/// The mark above a mute letter of Thai (`กุมภาพันธ์`), which is no letter itself.
const THANTHAKHAT: char = '\u{e4c}';

/// Longest text that is looked through for a date, in bytes.
const MAX_TEXT: usize = 400;

/// Years that the calendar of Thailand is ahead.
const BUDDHIST_ERA: u32 = 543;

/// Places where a date may begin that are tried.
const MAX_STARTS: usize = 12;

/// In which order day and month stand in figures (`02/03/2025`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// The language leaves it open, as English does: without other signs there is no telling.
    #[default]
    Unknown,
    /// Day, month, year.
    DayFirst,
}

/// A date in a text.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    /// Where it stands, without the weekday before it.
    pub(super) range: Range<usize>,
    /// The instant in UTC as RFC 3339; without a zone the words are taken as UTC. `None` without a time of day or a year, or when day
    /// and month cannot be told apart.
    pub(super) instant: Option<String>,
}

/// The instant that a whole text names (see [`Found::instant`]).
pub(super) fn parse(text: &str, order: Order) -> Option<String> {
    find(text, order).and_then(|found| found.instant).or_else(|| Some(date::parse(text).filter(|_| text.len() <= MAX_TEXT)?.0))
}

/// The first date in a text: a day and a month at least.
pub(super) fn find(text: &str, order: Order) -> Option<Found> {
    if text.len() > MAX_TEXT || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let tokens = tokens(text);
    let starts = (0..tokens.len()).filter(|&at| match &tokens[at].kind {
        Kind::Number => true,
        Kind::Word(word) => calendar::month(word).is_some() || half(&tokens, at).is_some(),
        Kind::Sign(_) => false,
    });
    starts.take(MAX_STARTS).find_map(|start| {
        let mut reading = Reading { text, tokens: &tokens, order, ..Reading::new() };
        let last = reading.run(start)?;
        let range = tokens[start].range.start..tokens[last].range.end;
        Some(Found { range, instant: reading.instant() })
    })
}

/// The parts of one date while its words are gone through.
struct Reading<'a> {
    text: &'a str,
    tokens: &'a [Token],
    order: Order,
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    /// The month stands before the day.
    is_early: bool,
    /// The date was in figures, which leave its parts open.
    is_open: bool,
    hour: Option<u32>,
    minute: u32,
    second: u32,
    half: Option<Half>,
    zone: Option<i64>,
}

impl<'a> Reading<'a> {
    fn new() -> Self {
        Reading {
            text: "",
            tokens: &[],
            order: Order::Unknown,
            year: None,
            month: None,
            day: None,
            is_early: false,
            is_open: false,
            hour: None,
            minute: 0,
            second: 0,
            half: None,
            zone: None,
        }
    }

    /// Reads from token `start`; the last token that belongs to the date, or `None` when there is no day of a month.
    fn run(&mut self, start: usize) -> Option<usize> {
        let mut last = None;
        let mut at = start;
        while let Some(token) = self.tokens.get(at) {
            let taken = match &token.kind {
                Kind::Number => self.number(at),
                Kind::Word(word) => self.word(at, word),
                Kind::Sign(sign) => self.sign(at, *sign),
            };
            match taken {
                Taken::Part(count) => {
                    last = Some(at + count - 1);
                    at += count;
                }
                Taken::Between => at += 1,
                Taken::Nothing => break,
            }
        }
        last.filter(|_| self.has_date())
    }

    fn has_date(&self) -> bool {
        self.is_open || (self.month.is_some() && self.day.is_some())
    }

    fn figures(&self, at: usize) -> Option<&'a str> {
        self.tokens.get(at).filter(|token| matches!(token.kind, Kind::Number)).and_then(|token| self.text.get(token.range.clone()))
    }

    fn value(&self, at: usize) -> Option<u32> {
        self.figures(at).filter(|figures| figures.len() <= 4)?.parse().ok()
    }

    fn is_sign(&self, at: usize, signs: &[char]) -> bool {
        self.tokens.get(at).is_some_and(|token| matches!(token.kind, Kind::Sign(sign) if signs.contains(&sign)))
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|token| matches!(&token.kind, Kind::Word(word) if words.contains(&word.as_str())))
    }

    fn number(&mut self, at: usize) -> Taken {
        if self.hour.is_none()
            && let Some(count) = self.time(at)
        {
            return Taken::Part(count);
        }
        if !self.has_date()
            && self.month.is_none()
            && let Some(count) = self.calendar_figures(at)
        {
            return Taken::Part(count);
        }
        let (Some(figures), Some(value)) = (self.figures(at), self.value(at)) else { return Taken::Nothing };
        let year = if (2500..2700).contains(&value) && self.is_thai() { value - BUDDHIST_ERA } else { value };
        if self.year.is_none() && !self.is_open && figures.len() == 4 && (1970..2200).contains(&year) {
            self.year = i32::try_from(year).ok();
            return Taken::Part(1 + usize::from(self.is_word(at + 1, &["年", "년"])));
        }
        if self.month.is_none() && (1..=12).contains(&value) && self.is_word(at + 1, &["月", "월"]) {
            self.month = Some(value);
            return Taken::Part(2);
        }
        if self.day.is_none() && !self.is_open && figures.len() <= 2 && (1..=31).contains(&value) {
            self.day = Some(value);
            return Taken::Part(1 + usize::from(self.is_word(at + 1, &["日", "号", "일"])));
        }
        Taken::Nothing
    }

    fn is_thai(&self) -> bool {
        self.text.contains(|c: char| matches!(c, '\u{e01}'..='\u{e5b}'))
    }

    /// `7:09`, `07:09:00`, `7h09`, `7時9分`, `7시 9분 0초`; with dots only behind a date, whose figures may have dots too.
    fn time(&mut self, at: usize) -> Option<usize> {
        let hour = self.value(at).filter(|hour| *hour < 25)?;
        let is_dotted = self.has_date() && self.is_sign(at + 1, &['.']);
        let is_time = self.is_sign(at + 1, &[':']) || is_dotted || self.is_word(at + 1, &["h", "時", "时", "点", "시"]);
        let two = |idx: usize| self.figures(idx).filter(|figures| figures.len() <= 2).and_then(|_| self.value(idx)).filter(|it| *it < 60);
        let minute = two(at + 2).filter(|_| is_time)?;
        let is_minute = self.is_word(at + 3, &["分", "분"]);
        let is_second = is_minute && self.is_word(at + 5, &["秒", "초"]);
        let second = two(at + 4).filter(|_| is_second || self.is_sign(at + 3, if is_dotted { &['.'] } else { &[':', '.'] }));
        (self.hour, self.minute, self.second) = (Some(hour), minute, second.unwrap_or(0));
        Some(if second.is_some() { 5 + usize::from(is_second) } else { 3 + usize::from(is_minute) })
    }

    /// Three numbers with the same sign between them.
    fn calendar_figures(&mut self, at: usize) -> Option<usize> {
        let sign = ['/', '.', '-'].into_iter().find(|sign| self.is_sign(at + 1, &[*sign]) && self.is_sign(at + 3, &[*sign]))?;
        let (first, second, third) = (self.value(at)?, self.value(at + 2)?, self.value(at + 4)?);
        let lengths = [at, at + 2, at + 4].map(|idx| self.figures(idx).map_or(0, str::len));
        let (year, month, day) = match lengths {
            [4, ..=2, ..=2] => (first, second, third),
            [..=2, ..=2, 4] | [..=2, ..=2, 2] => {
                let year = if lengths[2] == 4 { third } else { third + 2000 };
                match order(first, second, sign, self.order) {
                    Some((day, month)) => (year, month, day),
                    None => {
                        self.is_open = true;
                        return Some(5);
                    }
                }
            }
            _ => return None,
        };
        let is_day = i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).is_some();
        (self.year, self.month, self.day) = (i32::try_from(year).ok(), Some(month), Some(day));
        is_day.then_some(5)
    }

    fn word(&mut self, at: usize, word: &str) -> Taken {
        if let Some((half, count)) = half(self.tokens, at).filter(|_| self.half.is_none()) {
            self.half = Some(half);
            return Taken::Part(count);
        }
        if let Some(minutes) = calendar::zone(word).filter(|_| (self.hour.is_some() || self.has_date()) && self.zone.is_none()) {
            self.zone = Some(minutes);
            return Taken::Part(1);
        }
        let is_next_to_day =
            at > 0 && matches!(self.tokens[at - 1].kind, Kind::Number) && self.tokens[at - 1].range.end == self.tokens[at].range.start;
        if is_next_to_day && calendar::is_ordinal(word) {
            return Taken::Part(1);
        }
        // `mar. 4 févr.`: what begins like a month and stands before any figure was the weekday.
        let is_free = !self.is_open && (self.month.is_none() || (self.is_early && self.year.is_none() && self.hour.is_none()));
        if let Some(month) = calendar::month(word).filter(|_| is_free) {
            self.month = Some(month);
            self.is_early = self.day.is_none();
            return Taken::Part(1);
        }
        if let Some(month) = self.dotted_month(at, word).filter(|_| self.month.is_none() && !self.is_open) {
            self.month = Some(month);
            return Taken::Part(3);
        }
        let is_unit = match self.hour {
            Some(_) => matches!(word, "分" | "秒" | "분" | "초"),
            None => "年月日号星期周週曜一二三四五六天火水木金土年년월화수목금토일".contains(word),
        };
        match is_unit || calendar::is_connector(word) || (self.hour.is_none() && calendar::is_weekday(word)) {
            true => Taken::Between,
            false => Taken::Nothing,
        }
    }

    fn dotted_month(&self, at: usize, word: &str) -> Option<u32> {
        let Some(Token { kind: Kind::Word(second), .. }) = self.tokens.get(at + 2).filter(|_| self.is_sign(at + 1, &['.'])) else {
            return None;
        };
        calendar::dotted_month(word, second)
    }

    fn sign(&mut self, at: usize, sign: char) -> Taken {
        if (self.hour.is_some() || self.zone.is_some()) && matches!(sign, '+' | '-' | '−') && self.zone.is_none_or(|zone| zone == 0) {
            let is_next = |idx: usize| self.tokens.get(idx).is_some_and(|token| token.range.start == self.tokens[idx - 1].range.end);
            let figures = self.figures(at + 1).filter(|figures| figures.len() <= 4 && is_next(at + 1));
            if let (Some(figures), Some(value)) = (figures, self.value(at + 1)) {
                let minutes = self.value(at + 3).filter(|_| self.is_sign(at + 2, &[':']) && is_next(at + 3) && figures.len() <= 2);
                let east = if figures.len() > 2 { value / 100 * 60 + value % 100 } else { value * 60 + minutes.unwrap_or(0) };
                self.zone = Some(if sign == '+' { i64::from(east) } else { -i64::from(east) });
                return Taken::Part(if minutes.is_some() { 4 } else { 2 });
            }
        }
        match matches!(sign, '.' | ',' | '/' | '-' | '(' | ')' | ':' | '’' | '\'' | '、' | '，' | '（' | '）' | '–' | ';' | THANTHAKHAT)
        {
            true => Taken::Between,
            false => Taken::Nothing,
        }
    }

    fn instant(&self) -> Option<String> {
        let hour = match (self.hour?, self.half) {
            (12, Some(Half::Morning)) => 0,
            (hour, Some(Half::Afternoon)) if hour < 12 => hour + 12,
            (hour, _) => hour,
        };
        let time = NaiveTime::from_hms_opt(hour, self.minute, self.second)?;
        let local = NaiveDateTime::new(NaiveDate::from_ymd_opt(self.year?, self.month?, self.day?)?, time);
        let utc = local.checked_sub_signed(Duration::try_minutes(self.zone.unwrap_or(0))?)?;
        Some(utc.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

/// What a token is for the date.
enum Taken {
    /// A part of it, together with the tokens behind, so many in all.
    Part(usize),
    /// Something between parts.
    Between,
    /// The date has ended.
    Nothing,
}

/// Day and month of two numbers, as far as they can be told: by their size, by dots, which no language puts between month and day (CLDR,
/// short dates), or by the language.
fn order(first: u32, second: u32, sign: char, order: Order) -> Option<(u32, u32)> {
    match (first, second) {
        (13.., _) => Some((first, second)),
        (_, 13..) => Some((second, first)),
        _ if first == second || sign == '.' || order == Order::DayFirst => Some((first, second)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;

    #[test]
    fn dates() {
        table(include_str!("../../testdata/thread_dates.test"), |line| {
            let (order, text) = line.split_once(' ').unwrap_or_default();
            let order = if order == "day" { Order::DayFirst } else { Order::Unknown };
            let found = find(text, order);
            let rest = found.as_ref().map_or(text, |found| &text[found.range.end..]);
            format!("{} | {}", found.and_then(|found| found.instant).unwrap_or_else(|| "-".to_owned()), rest.trim())
        });
    }
}
