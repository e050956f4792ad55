//! Lines that separate a quote from what stands above it: `-----Original Message-----`, `Begin forwarded message:`, in the languages of
//! mail programs.

use super::keys::{self, is_blank};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Bytes of the longest separator, without the header lines that Yahoo writes behind it.
const MAX_LINE: usize = 200;

/// What stands between dashes, small letters.
const DASHED: &str = "original message|original appointment|original e-mail|original email|original|forwarded message|forwarded mail|\
    forwarded email|forwarded letter|forwarded message follows|begin forwarded message|begin included message|start of forwarded message|\
    reply message|replied message|\
    ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|ursprüngliche e-mail|weitergeleitete nachricht|weitergeleitete mail|\
    weitergeleitete e-mail|\
    message d'origine|message original|message initial|message transféré|mail transféré|e-mail transféré|courriel original|mail original|\
    mensaje original|mensaje reenviado|correo original|mensaje inicial|\
    messaggio originale|messaggio inoltrato|messaggio inoltrato originale|\
    mensagem original|mensagem encaminhada|mensagem reencaminhada|mensagem reenviada|e-mail original|\
    oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|doorgestuurd bericht|\
    wiadomość oryginalna|oryginalna wiadomość|treść oryginalnej wiadomości|wiadomość przekazana|przekazana wiadomość|\
    исходное сообщение|оригинальное сообщение|пересылаемое сообщение|перенаправленное сообщение|пересланное сообщение|\
    пересланное письмо|оригінальне повідомлення|пересилане повідомлення|переслане повідомлення|\
    原始邮件|邮件原件|原邮件|原始信息|转发邮件|转发邮件信息|转发的消息|转发的邮件|轉寄郵件|原始郵件|轉寄的郵件|已转发邮件|回复的原邮件|\
    元のメッセージ|転送|転送メッセージ|転送されたメッセージ|メッセージを転送|転送するメッセージ|원본 메시지|원본 메일|전달된 메시지|전달된 메일|\
    ursprungligt meddelande|vidarebefordrat meddelande|vidarebefordrat mejl|oprindelig meddelelse|videresendt meddelelse|\
    videresendt besked|opprinnelig melding|videresendt melding|videresendt e-post|\
    özgün ileti|orijinal mesaj|orijinal ileti|özgün mesaj|iletilen ileti|iletilmiş ileti|yönlendirilmiş ileti|\
    yönlendirilen ileti|yönlendirilen mesaj|yönlendirilmiş mesaj|iletilmiş mesaj|\
    původní zpráva|přeposlaná zpráva|pôvodná správa|preposlaná správa|preposlané|eredeti üzenet|továbbított üzenet|alkuperäinen viesti|\
    edelleenlähetetty viesti|välitetty viesti|mesaj original|mesaj redirecționat|mesaj înaintat|izvorna poruka|\
    proslijeđena poruka|αρχικό μήνυμα|προωθημένο μήνυμα|thư gốc|thư đã chuyển tiếp|pesan terusan|pesan asli|\
    původní e-mail|oprindelig besked|original besked|original nachricht|originale nachricht|urspr. nachricht|original-mail|original mail|\
    eredeti levél|originalmelding|originalmeddelande|originele bericht|mesaj redirecţionat|原始訊息|原始信件|исходное письмо|הודעה מקורית|\
    الرسالة الأصلية|algne kiri|prvobitna poruka|original task|\
    препратено съобщение|оригинално съобщение|първоначално съобщение|persiųstas laiškas|persiunčiamas laiškas|originalus laiškas|\
    pradinis laiškas|pārsūtīta ziņa|pārsūtīts ziņojums|sākotnējā ziņa|sākotnējais ziņojums|edastatud kiri|edastatud sõnum|algne sõnum|\
    posredovano sporočilo|izvirno sporočilo|прослеђена порука|оригинална порука|prosleđena poruka|originalna poruka|missatge reenviat|\
    missatge original|áframsend skilaboð|upprunaleg skilaboð|ข้อความที่ส่งต่อ|ข้อความต้นฉบับ";

/// How longer lines between dashes begin, small letters; Lotus Notes and mutt name the author there.
const DASHED_OPENINGS: &[&str] = &[
    "forwarded by ",
    "forwarded message from ",
    "message from ",
    "original message from ",
    "weitergeleitet von ",
    "transféré par ",
    "transmis par ",
    "reenviado por ",
    "inoltrato da ",
    "encaminhado por ",
    "doorgestuurd door ",
    "vidarebefordrat av ",
    "przesłane przez ",
];

/// Whole lines that end in a colon, small letters; Apple Mail writes them.
const INTRODUCTIONS: &str = "begin forwarded message|début du message réexpédié|début du message transféré|\
    anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|inicio del mensaje reenviado|inizio messaggio inoltrato|\
    inizio del messaggio inoltrato|início da mensagem encaminhada|início da mensagem reencaminhada|begin doorgestuurd bericht|\
    początek przekazywanej wiadomości|początek przekazanej wiadomości|rozpoczęcie przekazywanej wiadomości|\
    начало переадресованного сообщения|начало пересланного сообщения|начало пересылаемого сообщения|пересланное сообщение|\
    下面是被转发的邮件|开始转发的邮件|開始轉寄郵件|轉寄的郵件|以下是轉寄的郵件|転送されたメッセージ|以下は転送されたメッセージです|\
    전달된 메시지|vidarebefordrat brev|vidarebefordrat mejl|vidarebefordrat meddelande|start på videresendt besked|\
    videresendt besked|videresendt melding|yönlendirilmiş ileti|iletilmiş mesaj|iletilen ileti|ileti başlangıcı|yönlendirilen ileti başlangıcı|\
    začátek přeposílané zprávy|začiatok preposlanej správy|továbbított levél kezdete|välitetty viesti alkaa|\
    začetek posredovanega sporočila|začátek přeposlané zprávy|începe mesajul redirecționat|započni proslijeđenu poruku|\
    початок листа, що пересилається|початок переадресованого повідомлення|αρχή προωθημένου μηνύματος|bắt đầu thư được chuyển tiếp";

/// What ends a forwarded message, between dashes, small letters.
const END: &[&str] = &["end forwarded message", "end of forwarded message", "end included message", "завершение пересылаемого сообщения"];

static DASHED_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| DASHED.split('|').collect());
static INTRODUCTION_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| INTRODUCTIONS.split('|').collect());

/// A separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker<'a> {
    /// A quote begins; header lines may stand behind the separator in the same line.
    Begin { rest: &'a str },
    /// A forwarded message ends.
    End,
}

/// The separator that a line is.
pub(super) fn marker(line: &str) -> Option<Marker<'_>> {
    let line = line.trim_matches(|c| is_blank(c) || c == '*');
    if line.starts_with(is_dash) {
        return dashed(line);
    }
    let text = line.strip_suffix([':', '：']).filter(|text| text.len() <= MAX_LINE)?;
    let text = small(text.trim_end_matches(is_blank));
    INTRODUCTION_SET.contains(text.as_str()).then_some(Marker::Begin { rest: "" })
}

fn dashed(line: &str) -> Option<Marker<'_>> {
    let inner = line.trim_start_matches(is_dash);
    if !has_two_dashes(line) || inner.is_empty() {
        return None;
    }
    // The dashes behind end the line, but for Yahoo, which goes on with header lines.
    let mut pairs = inner.char_indices().zip(inner.chars().skip(1));
    let ((end, _), _) = pairs.find(|((_, one), next)| is_dash(*one) && is_dash(*next))?;
    let (text, rest) = (inner.get(..end)?, inner.get(end..)?.trim_start_matches(is_dash).trim_matches(is_blank));
    if text.len() > MAX_LINE {
        return None;
    }
    let text = squeezed(&small(text).replace('’', "'"));
    if !rest.is_empty() {
        return (DASHED_SET.contains(text.as_str()) && keys::header_line(rest).is_some()).then_some(Marker::Begin { rest });
    }
    if END.contains(&text.as_str()) {
        return Some(Marker::End);
    }
    let is_begin = DASHED_SET.contains(text.as_str()) || DASHED_OPENINGS.iter().any(|opening| text.starts_with(opening));
    is_begin.then_some(Marker::Begin { rest: "" })
}

/// In small letters, without the dot that Unicode leaves behind a Turkish capital İ.
fn small(text: &str) -> String {
    text.to_lowercase().replace('\u{307}', "")
}

/// Blanks of any kind as one.
fn squeezed(text: &str) -> String {
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Hyphens, the ones that Proton Mail wrote, and the dashes that a phone makes of them.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2013}')
}

fn has_two_dashes(line: &str) -> bool {
    line.chars().take(2).all(is_dash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators() {
        for line in [
            "-----Original Message-----",
            "---------- Forwarded message ---------",
            "-----Message d’origine-----",
            "-------- Weitergeleitete Nachricht --------",
            "------------------\u{a0}原始邮件\u{a0}------------------",
            "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
            "----- Forwarded by Ann Lee/Example on 02/03/2025 07:10 AM -----",
            "*Début du message réexpédié :*",
            "İleti başlangıcı:",
            "-------- Urspr. Nachricht --------",
            "-------- Oprindelig besked --------",
            "\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}Original Message\u{2013}\u{2013}\u{2013}\u{2013}\u{2013}",
        ] {
            assert_eq!(marker(line), Some(Marker::Begin { rest: "" }), "{line}");
        }
        assert_eq!(
            marker("----- Forwarded Message ----- From: Bob <b@example.com>To: Ann"),
            Some(Marker::Begin { rest: "From: Bob <b@example.com>To: Ann" })
        );
        assert_eq!(marker("----- End forwarded message -----"), Some(Marker::End));
        for line in [
            "-- ",
            "-----",
            "--- a/file.c",
            "-----BEGIN PGP MESSAGE-----",
            "=== Forwarded Message:",
            "\u{2014}\u{2014} Forwarded \u{2014}\u{2014}",
            "- original message -",
        ] {
            assert_eq!(marker(line), None, "{line}");
        }
    }
}
