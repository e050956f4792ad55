//! Subject lines: reply and forward markers, leading tags (reference mdm.md §6).

use crate::model::Subject;
use regex::Regex;
use std::sync::LazyLock;

/// Markers of many mail programs and languages, with a counter (`Re[2]:`, `Re*3:`). Where one abbreviation serves both, `rv` and `i` mean
/// forward and `vs` means reply.
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    let reply = "re|reply|antw|aw|sv|vs|res|resp|rif|r|ynt|odp|atb|bls|ref|rép|回复|答复|回覆|返信|답장|תגובה|رد";
    let forward = "fw|fwd|forward|wg|tr|enc|rv|vl|vb|i|inoltro|doorst|pd|továbbítás|yml|trs|转发|轉寄|転送|전달";
    let auto = "automatic reply|auto(?:matic)?[ -]?reply|autoreply|out of office|ooo|automatische antwort|réponse automatique|\
                respuesta automática|risposta automatica|resposta automática|自动答复";
    regex(&format!(r"^(?i)\s*(?:({reply})|({forward})|({auto}))(?:\[[0-9]+\]|\([0-9]+\)|\*[0-9]+|\^[0-9]+)?\s*[:：]\s*"))
});

/// A leading tag: up to 40 characters in brackets, parentheses or asterisks.
static TAG: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(\[[^\]]{1,40}\]|\([^)]{1,40}\)|\*{1,3}[^*]{1,40}\*{1,3})\s*[-:|]?\s*"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

impl Subject {
    /// Takes a decoded subject line apart.
    pub fn parse(text: &str) -> Subject {
        let mut subject = Subject {
            subject: Some(text.to_owned()),
            is_reply: Some(false),
            is_forward: Some(false),
            is_auto_reply: Some(false),
            ..Subject::default()
        };
        let mut rest = text;
        loop {
            if let Some(marker) = MARKER.captures(rest) {
                let flag = match (marker.get(1), marker.get(2)) {
                    (Some(_), _) => &mut subject.is_reply,
                    (_, Some(_)) => &mut subject.is_forward,
                    _ => &mut subject.is_auto_reply,
                };
                *flag = Some(true);
                rest = rest.get(marker.get(0).map_or(0, |all| all.end())..).unwrap_or_default();
            } else if let Some(tag) = TAG.captures(rest) {
                subject.tags.extend(tag.get(1).map(|tag| tag.as_str().to_owned()));
                rest = rest.get(tag.get(0).map_or(0, |all| all.end())..).unwrap_or_default();
            } else {
                break;
            }
        }
        subject.base = Some(rest.trim().to_owned());
        subject
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Subject;
    use crate::testing::table;

    #[test]
    fn subjects() {
        table(include_str!("../testdata/subject.test"), |text| {
            let subject = Subject::parse(text);
            let flags = [("reply", subject.is_reply), ("forward", subject.is_forward), ("auto", subject.is_auto_reply)];
            let flags: Vec<_> = flags.iter().filter(|(_, set)| *set == Some(true)).map(|(name, _)| *name).collect();
            format!("{} | {} | {}", subject.base.unwrap_or_default(), subject.tags.join(" "), flags.join(" "))
        });
    }
}
