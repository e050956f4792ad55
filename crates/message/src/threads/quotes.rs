//! Where a quote begins by its words (reference mdm.md §14.4): attribution lines, separators, header blocks, marks of quotation.

use super::cuts::Cut;
use super::source::{Source, quote_depth};
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

/// Longest line that can introduce a quote, in bytes; attributions over several lines count together.
const MAX_LINE: usize = 400;

/// Lines that an attribution may wrap over.
const MAX_WRAP: usize = 3;

/// Lines between two header keys of one block: the rest of a long value, or one blank line.
const MAX_GAP: usize = 3;

/// Lines of one header block.
const MAX_BLOCK: usize = 40;

/// `On …, … wrote:` and its like in other languages.
static ATTRIBUTION: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)^On\s.{3,300}\swrote\s?:$",
        r"(?i)^.{0,120}<[^<>\s]+@[^<>\s]+>\s*(?:wrote|writes)\s?:$",
        r"(?i)^.{0,120}<[^<>\s]+@[^<>\s]+>\s*schrieb\s+am\s.{3,80}:$",
        r"(?i)^Am\s.+\sschrieb\s.+:$",
        r"(?i)^Le\s.+\sa\s[ée]crit\s?:$",
        r"(?i)^El\s.+\sescribi[óo]\s?:$",
        r"(?i)^Il\s.+\sha\sscritto\s?:$",
        r"(?i)^Em\s.+\sescreveu\s?:$",
        r"(?i)^Op\s.+\sschreef\s.+:$",
        r"(?i)^Den\s.+\sskrev\s.+:$",
        r"(?i)^W\s+dniu\s.+\spisze\s?:$",
        r"^.+\s?于.+写道[:：]$",
        r"^\d{4}[-/年].+<\S+@\S+>\s?[:：]?$",
    ])
    .expect("constant patterns")
});

/// How an attribution begins, so that only such lines are joined with the next ones.
static ATTRIBUTION_START: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:On|Am|Le|El|Il|Em|Op|Den|W\s+dniu)\s.*(?:\d|,)|^\d{4}[-/年]").expect("a constant pattern"));

/// Lines that separate; whether a header block follows does not matter.
static SEPARATOR: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)^-{2,}\s*(?:Original Message|Original Appointment|Forwarded message|Forwarded by\s.*|Reply message|Ursprüngliche Nachricht|Weitergeleitete Nachricht|Message d[’']origine|Message original|Message transféré|Mensaje original|Mensaje reenviado|Messaggio originale|Messaggio inoltrato|Mensagem original|Mensagem encaminhada|Oorspronkelijk bericht|Doorgestuurd bericht|原始邮件|转发邮件|転送)\s*-{2,}$",
        r"(?i)^Begin forwarded message\s?:$",
        r"(?i)^Début du message réexpédié\s?:?$",
        r"(?i)^Anfang der weitergeleiteten (?:Nachricht|E-Mail)\s?:?$",
        r"(?i)^Inicio del mensaje reenviado\s?:?$",
        r"(?i)^Inizio messaggio inoltrato\s?:?$",
    ])
    .expect("constant patterns")
});

/// What a header line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Author,
    Date,
    To,
    Cc,
    Bcc,
    Subject,
    Other,
}

/// The names of header lines in mail programs of many languages (reference mdm.md §14.4), small letters.
const KEYS: &[(&str, Key)] = &[
    ("from", Key::Author),
    ("von", Key::Author),
    ("de", Key::Author),
    ("da", Key::Author),
    ("van", Key::Author),
    ("från", Key::Author),
    ("fra", Key::Author),
    ("发件人", Key::Author),
    ("差出人", Key::Author),
    ("寄件者", Key::Author),
    ("sent", Key::Date),
    ("date", Key::Date),
    ("gesendet", Key::Date),
    ("datum", Key::Date),
    ("envoyé", Key::Date),
    ("enviado", Key::Date),
    ("enviada em", Key::Date),
    ("enviado el", Key::Date),
    ("fecha", Key::Date),
    ("inviato", Key::Date),
    ("data", Key::Date),
    ("verzonden", Key::Date),
    ("skickat", Key::Date),
    ("发送时间", Key::Date),
    ("送信日時", Key::Date),
    ("日期", Key::Date),
    ("日付", Key::Date),
    ("to", Key::To),
    ("an", Key::To),
    ("à", Key::To),
    ("para", Key::To),
    ("a", Key::To),
    ("aan", Key::To),
    ("till", Key::To),
    ("收件人", Key::To),
    ("宛先", Key::To),
    ("cc", Key::Cc),
    ("kopie", Key::Cc),
    ("抄送", Key::Cc),
    ("bcc", Key::Bcc),
    ("subject", Key::Subject),
    ("betreff", Key::Subject),
    ("objet", Key::Subject),
    ("asunto", Key::Subject),
    ("oggetto", Key::Subject),
    ("assunto", Key::Subject),
    ("onderwerp", Key::Subject),
    ("ämne", Key::Subject),
    ("主题", Key::Subject),
    ("件名", Key::Subject),
    ("reply-to", Key::Other),
    ("importance", Key::Other),
    ("priority", Key::Other),
    ("attachments", Key::Other),
    ("wichtigkeit", Key::Other),
];

/// The key and the value of a header line; bold marks (`*From:*`) are taken off. The value may be empty.
pub(super) fn header_line(line: &str) -> Option<(Key, &str)> {
    let line = line.trim().trim_start_matches('*');
    let (name, value) = line.split_once([':', '：']).filter(|(name, _)| name.len() <= 40)?;
    let name = name.trim().trim_end_matches('*').trim().to_lowercase();
    let key = KEYS.iter().find(|(known, _)| *known == name)?.1;
    Some((key, value.trim().trim_start_matches('*').trim()))
}

/// All places where the words of the lines show a quote.
pub(super) fn find(source: &Source<'_>) -> Vec<Cut> {
    let lines: Vec<(usize, &str)> = source.lines.iter().map(|line| quote_depth(line)).collect();
    let mut cuts = marked_runs(&lines, source.html.is_some());
    let mut at = 0;
    while at < lines.len() {
        match introduction(&lines, at) {
            Some(end) => {
                cuts.push(Cut { start: at, preamble: at..end, end: None });
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    cuts
}

/// The end of the header lines when a quote is introduced at line `at`.
fn introduction(lines: &[(usize, &str)], at: usize) -> Option<usize> {
    let (_, line) = *lines.get(at)?;
    if line.is_empty() || line.len() > MAX_LINE {
        return None;
    }
    let line = line.trim();
    let bold = line.trim_matches('*').trim();
    if SEPARATOR.is_match(bold) {
        return Some(block(lines, next_text(lines, at + 1), 1).unwrap_or(at + 1));
    }
    if line.len() >= 10 && line.chars().all(|c| c == '_') {
        return block(lines, next_text(lines, at + 1), 2);
    }
    attribution(lines, at).or_else(|| block(lines, at, 3))
}

fn next_text(lines: &[(usize, &str)], from: usize) -> usize {
    (from..lines.len().min(from + MAX_GAP)).find(|&line| !lines[line].1.is_empty()).unwrap_or(from)
}

/// An attribution of one to three lines.
fn attribution(lines: &[(usize, &str)], at: usize) -> Option<usize> {
    let first = lines.get(at)?.1.trim();
    if first.ends_with([':', '：', '>']) && ATTRIBUTION.is_match(first) {
        return Some(at + 1);
    }
    if !ATTRIBUTION_START.is_match(first) {
        return None;
    }
    let mut joined = first.to_owned();
    for (count, (_, next)) in lines.iter().enumerate().skip(at + 1).take(MAX_WRAP - 1) {
        if next.is_empty() || joined.len() + next.len() > MAX_LINE {
            return None;
        }
        joined.push(' ');
        joined.push_str(next.trim());
        if joined.ends_with([':', '：']) && ATTRIBUTION.is_match(&joined) {
            return Some(count + 1);
        }
    }
    None
}

/// The end of a block of at least `min` different header lines at line `at`, the first one author or date.
fn block(lines: &[(usize, &str)], at: usize, min: usize) -> Option<usize> {
    let key = |line: usize| lines.get(line).filter(|(_, text)| text.len() <= 4096).and_then(|(_, text)| header_line(text));
    let (first, value) = key(at)?;
    let starts = matches!(first, Key::Author | Key::Date) && (!value.is_empty() || continues(lines, at));
    if !starts {
        return None;
    }
    let mut seen = vec![first];
    let mut end = at + 1;
    while end - at < MAX_BLOCK {
        let next = (end..=end + MAX_GAP).find_map(|line| key(line).map(|(key, _)| (line, key)));
        let Some((line, key)) = next else { break };
        let gap = &lines[end..line];
        let blanks = gap.iter().filter(|(_, text)| text.is_empty()).count();
        // A second author begins another quote; a gap is one blank line, or the rest of a list of addresses.
        let is_rest = blanks == 0 && gap.iter().all(|(_, text)| text.contains(['@', ';', ',', '<']) || gap.len() == 1);
        if (key != Key::Other && seen.contains(&key)) || !(gap.len() == blanks && blanks <= 1 || is_rest) {
            break;
        }
        seen.push(key);
        end = line + 1;
    }
    (seen.len() >= min).then_some(end)
}

/// A key whose value stands on the next line, as table cells come out.
fn continues(lines: &[(usize, &str)], at: usize) -> bool {
    lines.get(at + 1).is_some_and(|(_, text)| !text.is_empty() && header_line(text).is_none())
}

/// Runs of lines with marks of quotation. In HTML such a mark is often an ornament: there a run has three lines or more.
fn marked_runs(lines: &[(usize, &str)], is_html: bool) -> Vec<Cut> {
    let min = if is_html { 3 } else { 1 };
    let mut cuts: Vec<Cut> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new(); // depth and number of the cut
    let mut last_text = 0;
    for (at, &(depth, text)) in lines.iter().enumerate() {
        // An empty line says nothing about where a quote ends; `>From` is how mailbox files keep a line that begins with `From`.
        if (depth == 0 && text.is_empty()) || is_mailbox_escape(lines, at) {
            continue;
        }
        while open.last().is_some_and(|&(level, _)| level > depth) {
            if let Some((_, cut)) = open.pop() {
                cuts[cut].end = Some(last_text + 1);
            }
        }
        if depth > open.last().map_or(0, |&(level, _)| level) {
            open.push((depth, cuts.len()));
            cuts.push(Cut { start: at, preamble: at..at, end: None });
        }
        last_text = at;
    }
    cuts.retain(|cut| cut.end.unwrap_or(lines.len()) - cut.start >= min);
    cuts
}

fn is_mailbox_escape(lines: &[(usize, &str)], at: usize) -> bool {
    let depth = |at: Option<usize>| at.and_then(|at| lines.get(at)).map_or(0, |(depth, _)| *depth);
    let (own, text) = lines[at];
    own == 1 && text.starts_with("From ") && depth(at.checked_sub(1)) == 0 && depth(Some(at + 1)) == 0
}
