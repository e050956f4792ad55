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

/// The first byte of the full-width colon.
const FULL_WIDTH: u8 = 0xef;

/// Names that English, Chinese, Japanese and Korean programs write, small letters; their dates begin with the month or the year.
const OPEN: &[(Key, &str)] = &[
    (Key::Author, "from|发件人|發件人|寄件者|寄件人|发送者|差出人|送信者|送信元|보낸 사람|보낸사람|발신자|발신인|מאת|من"),
    (
        Key::Date,
        "sent|date|sent on|date sent|发送时间|发送日期|发件时间|日期|时间|時間|寄件日期|寄件時間|傳送日期|傳送時間|送信日時|送信日|日付|日時|\
         날짜|보낸 날짜|보낸날짜|보낸 시간|תאריך|נשלח|تاريخ|التاريخ",
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
         από|saatja|từ|dari",
    ),
    (
        Key::Date,
        "gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviada|enviado el|enviado em|enviada em|enviado a|fecha|\
         fecha de envío|inviato|inviata|inviato il|data|data invio|verzonden|verzonden op|skickat|skickades|sendt|dato|wysłano|wysłane|\
         data wysłania|дата|отправлено|дата отправки|надіслано|відправлено|tarih|gönderildi|gönderme tarihi|gönderim tarihi|päivämäärä|päiväys|\
         lähetetty|odesláno|odoslané|dátum|elküldve|küldve|dată|trimis|expediat|poslano|ημερομηνία|στάλθηκε|kuupäev|ngày|đã gửi|tanggal",
    ),
    (
        Key::To,
        "an|empfänger|à|a|pour|destinataire|para|destinatario|destinatário|aan|till|til|do|adresat|кому|получатель|kime|alıcı|\
         vastaanottaja|komu|pre|címzett|către|catre|destinatarul|prima|προς|saaja|đến|tới|kepada",
    ),
    (
        Key::Cc,
        "kopie|kopie (cc)|copie|copie à|cópia|copia|con copia a|per conoscenza|kopia|kopi|dw|do wiadomości|копия|копія|bilgi|kopio|kópia|\
         másolat|másolatot kap|kopija|κοιν|κοιν.|koopia|tembusan",
    ),
    (Key::Bcc, "cci|cco|ccn|udw|blindkopie|скрытая копия|прихована копія|gizli|hemlig kopia|skrytá kopie|titkos másolat"),
    (
        Key::Subject,
        "betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|konu|aihe|předmět|predmet|tárgy|subiect|subiectul|\
         θέμα|teema|chủ đề|tiêu đề|perihal|subjek",
    ),
    (
        Key::Other,
        "antwort an|wichtigkeit|anlagen|anhänge|priorität|répondre à|importance haute|pièces jointes|responder a|importancia|prioridad|\
         adjuntos|datos adjuntos|rispondi a|importanza|priorità|allegati|antwoorden aan|urgentie|prioriteit|bijlagen|responder para|\
         importância|prioridade|anexos|odpowiedz do|ważność|załączniki|вложения|важность|bifogade filer|prioritet|ekler|önem",
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
    Some(HeaderLine { key, order, value: value.trim_start_matches('*').trim_matches(is_blank) })
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
