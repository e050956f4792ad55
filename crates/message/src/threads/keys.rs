//! The names of header lines above a quote (`From:`, `Gesendet:`, `收件人：`), in the languages that mail programs write.

use super::dates::Order;
use std::collections::HashMap;
use std::sync::LazyLock;

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

/// A header line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeaderLine<'a> {
    pub(super) key: Key,
    /// The order of figures in the dates of the key's language; unknown where several languages share the word with English.
    pub(super) order: Order,
    /// Trimmed; may be empty.
    pub(super) value: &'a str,
}

/// Bytes of the longest name, blanks before the colon included.
const MAX_NAME: usize = 48;

/// Names that say something else in other languages: a value without address leaves the line as text.
const NEED_ADDRESS: &[&str] = &["no"];

/// The first byte of the full-width colon.
const FULL_WIDTH: u8 = 0xef;

/// Names that English, Chinese, Japanese and Korean programs write, small letters; their dates begin with the month or the year.
const OPEN: &[(Key, &str)] = &[
    (Key::Author, "from|发件人|發件人|寄件者|寄件人|发送者|差出人|送信者|送信元|보낸 사람|보낸사람|발신자|발신인|מאת|من"),
    (
        Key::Date,
        "sent|date|sent on|date sent|发送时间|发送日期|发件时间|日期|时间|時間|寄件日期|寄件時間|傳送日期|傳送時間|送信日時|送信日|日付|日時|\
         날짜|보낸 날짜|보낸날짜|보낸 시간|תאריך|נשלח|تاريخ|التاريخ|تاريخ الإرسال",
    ),
    (Key::To, "to|收件人|收件者|宛先|送信先|받는 사람|받는사람|수신자|수신인|אל|إلى"),
    (Key::Cc, "cc|抄送|副本|참조|העתק|نسخة"),
    (Key::Bcc, "bcc|密送|密件副本|숨은 참조"),
    (Key::Subject, "subject|主题|主旨|主題|標題|标题|件名|제목|נושא|الموضوع"),
    (
        Key::Other,
        "reply-to|reply to|importance|priority|attachments|resent-from|resent-to|resent-date|sender|organization|organisation|user-agent|\
         x-mailer|message-id|in-reply-to|references|mime-version|content-type|content-transfer-encoding|delivered-to|newsgroups|mailed-by|\
         signed-by|sent by|when|where|附件|添付ファイル|첨부|重要度|重要性",
    ),
];

/// Names of languages that write the day before the month.
const DAY_FIRST: &[(Key, &str)] = &[
    (
        Key::Author,
        "von|absender|de|expéditeur|remitente|remetente|da|mittente|van|afzender|från|avsändare|fra|afsender|avsender|od|nadawca|\
         odesílatel|odosielateľ|от|от кого|отправитель|від|від кого|відправник|kimden|gönderen|lähettäjä|feladó|de la|expeditor|expeditorul|šalje|\
         από|saatja|kellelt|từ|người gửi|dari|daripada|подател|nuo|siuntėjas|no|sūtītājs|pošiljatelj|frá|sendandi|од|ад|nga|nork|noren|\
         จาก|ผู้ส่ง|प्रेषक|از|kimdən|кімнен",
    ),
    (
        Key::Date,
        "gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviada|enviado el|enviado em|enviada em|enviado a|fecha|\
         fecha de envío|inviato|inviata|inviato il|data|data invio|verzonden|verzonden op|skickat|skickades|sendt|dato|wysłano|wysłane|\
         data wysłania|дата|отправлено|дата отправки|надіслано|відправлено|tarih|gönderildi|gönderme tarihi|gönderim tarihi|päivämäärä|päiväys|\
         lähetetty|odesláno|odoslané|dátum|elküldve|küldve|dată|trimis|expediat|poslano|ημερομηνία|στάλθηκε|kuupäev|saadetud|ngày|đã gửi|tanggal|\
         tarikh|dihantar|изпратено|išsiųsta|išsiuntimo data|siųsta|nosūtīts|sūtīts|datums|poslato|послато|датум|испратено|enviat|enviat el|dagsetning|\
         dags.|адпраўлена|dërguar|bidalia|bidaltze-data|ส่ง|ส่งเมื่อ|วันที่|วันที่ส่ง|भेजा गया|दिनांक|ارسال شده|ارسال|gestuur|göndərilib|жіберілді",
    ),
    (
        Key::To,
        "an|empfänger|à|a|pour|destinataire|para|destinatario|destinatário|aan|till|til|do|adresat|кому|получатель|kime|alıcı|\
         vastaanottaja|komu|pre|címzett|către|catre|destinatarul|prima|προς|saaja|adressaat|kellele|đến|tới|kepada|до|получател|\
         kam|gavėjas|adresāts|za|prejemnik|за|per a|каму|për|nori|ถึง|ผู้รับ|प्रति|به|kimə|кімге",
    ),
    (
        Key::Cc,
        "kopie|kopie (cc)|copie|copie à|cópia|copia|con copia a|per conoscenza|kopia|kopi|dw|do wiadomości|копия|копія|bilgi|kopio|kópia|\
         másolat|másolatot kap|kopija|κοιν|κοιν.|koopia|tembusan|копие|kp|v vednost|копија|còpia|afrit|สำเนา|salinan",
    ),
    (Key::Bcc, "cci|cco|ccn|udw|blindkopie|скрытая копия|прихована копія|gizli|hemlig kopia|skrytá kopie|titkos másolat"),
    (
        Key::Subject,
        "betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|konu|aihe|předmět|predmet|tárgy|subiect|subiectul|\
         θέμα|teema|tema|chủ đề|tiêu đề|perihal|subjek|относно|tēma|temats|zadeva|наслов|naslov|предмет|assumpte|efni|тэма|subjekti|gaia|\
         เรื่อง|ชื่อเรื่อง|หัวเรื่อง|विषय|موضوع|mövzu|тақырып",
    ),
    (
        Key::Other,
        "antwort an|wichtigkeit|anlagen|anhänge|priorität|répondre à|importance haute|pièces jointes|responder a|importancia|prioridad|\
         adjuntos|datos adjuntos|rispondi a|importanza|priorità|allegati|antwoorden aan|urgentie|prioriteit|bijlagen|responder para|\
         importância|prioridade|anexos|odpowiedz do|ważność|załączniki|вложения|важность|bifogade filer|prioritet|ekler|önem|svarbumas|priedai|\
         svarīgums|pielikumi|tähtsus|manused|pomembnost|priloge|важност|прикачени файлове|importància|fitxers adjunts|mikilvægi|viðhengi",
    ),
];

static NAMES: LazyLock<HashMap<&'static str, (Key, Order)>> = LazyLock::new(|| {
    let rows = |table: &'static [(Key, &'static str)], order| {
        table.iter().flat_map(move |(key, names)| names.split('|').map(move |name| (name, (*key, order))))
    };
    rows(DAY_FIRST, Order::DayFirst).chain(rows(OPEN, Order::Unknown)).collect()
});

/// The header line that a line is. The marks of bold text (`*From:*`) are taken off.
pub(super) fn header_line(line: &str) -> Option<HeaderLine<'_>> {
    // Most lines are prose: they are told apart by having no colon near their start.
    let head = line.as_bytes().get(..line.len().min(MAX_NAME + 8)).unwrap_or_default();
    head.iter().find(|&&byte| byte == b':' || byte == FULL_WIDTH)?;
    let line = line.trim_start_matches(is_blank).trim_start_matches('*');
    let (name, value) = line.split_once([':', '：']).filter(|(name, _)| name.len() <= MAX_NAME)?;
    let name = name.trim_end_matches('*').trim_matches(is_blank);
    let (key, order) = named(name)?;
    if NEED_ADDRESS.iter().any(|own| name.eq_ignore_ascii_case(own)) && !value.contains('@') {
        return None;
    }
    Some(HeaderLine { key, order, value: value.trim_start_matches('*').trim_matches(is_blank) })
}

/// Words of a name in a header line without colon.
const MAX_NAME_WORDS: usize = 3;

/// The header line that a line without colon is when it stands behind a separator: `From "Bob Roe" <bob@example.com>` of eM Client, or a row
/// of the table that NetEase draws, `| From | Bob<bob@example.com> |`.
pub(super) fn bare_line(line: &str) -> Option<HeaderLine<'_>> {
    let line = line.trim_matches(is_blank);
    let parts = match line.strip_prefix('|') {
        Some(row) => row.split_once('|').and_then(|(name, value)| Some((named(name.trim_matches(is_blank))?, value.trim_end_matches('|')))),
        None => {
            let ends = line.match_indices(is_blank).map(|(end, _)| end).take_while(|end| *end <= MAX_NAME).take(MAX_NAME_WORDS);
            let names = ends.filter_map(|end| line.split_at_checked(end)).filter_map(|(name, value)| Some((named(name)?, value)));
            names.last().filter(|((key, _), value)| *key != Key::Other && !value.trim_matches(is_blank).is_empty())
        }
    };
    let ((key, order), value) = parts?;
    Some(HeaderLine { key, order, value: value.trim_matches(is_blank) })
}

/// Bytes of a name in a header line of an unknown language.
const MAX_UNKNOWN_NAME: usize = 60;

/// A few words, a colon and a value: a header line in any language.
pub(super) fn has_name(line: &str) -> bool {
    let is_short = |name: &str| name.len() <= MAX_UNKNOWN_NAME && name.split_whitespace().count() <= MAX_NAME_WORDS;
    let parts = line.split_once([':', '：']).filter(|(name, _)| is_short(name));
    parts.is_some_and(|(name, value)| name.chars().any(char::is_alphabetic) && value.starts_with(is_blank) && !value.trim().is_empty())
}

/// Characters of a line that a program may have broken because the next word did not fit.
const MIN_WRAPPED: usize = 56;

/// True when `line` may be the rest of the line above, which is so long that the first word of `line` had no place.
pub(super) fn is_wrapped(above: &str, line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    above.chars().take(MIN_WRAPPED).count() + word.chars().take(MIN_WRAPPED).count() >= MIN_WRAPPED
}

/// What a name stands for.
pub(super) fn named(name: &str) -> Option<(Key, Order)> {
    NAMES.get(name.to_lowercase().as_str()).copied()
}

/// White space, and the marks without width that programs put before names and addresses.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_mark(c)
}

/// A mark without width: of the byte order, of the direction of writing.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_name_stands_once_and_is_read() {
        let mut seen = HashSet::new();
        for (key, names) in OPEN.iter().chain(DAY_FIRST) {
            for name in names.split('|') {
                assert!(seen.insert(name), "{name} stands twice");
                assert_eq!(header_line(&format!("{name}: a@b.example")).map(|line| line.key), Some(*key), "{name}");
            }
        }
    }

    #[test]
    fn header_lines_without_colon() {
        let read = |line| bare_line(line).map(|found| (found.key, found.value));
        for (line, expected) in [
            ("From \"Bob\" <b@x.example>", Some((Key::Author, "\"Bob\" <b@x.example>"))),
            ("Sent on Friday", Some((Key::Date, "Friday"))),
            ("| 主题 | a | b |", Some((Key::Subject, "a | b"))),
            ("| Cc | |", Some((Key::Cc, ""))),
            ("Fromage is good", None),
            ("From", None),
            ("Priority high", None),
            ("| Room | 12 |", None),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn a_number_is_no_author() {
        assert_eq!(header_line("No: 4711"), None);
        assert_eq!(header_line("No: Ilze <i@x.example>").map(|line| line.key), Some(Key::Author));
    }
}
