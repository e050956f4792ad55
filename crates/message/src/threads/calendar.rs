//! The words of dates as mail programs write them, in many languages: months, weekdays, halves of the day, zones and what stands between.
//! Month and weekday names are those of the Unicode CLDR calendars, with the cases in which dates use them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names of the months, small letters, the first row January. A word counts when a name begins with it (`févr`, `sept`, `окт`).
const MONTHS: [&str; 12] = [
    "january januar janvier enero janeiro gennaio januari stycznia styczeń января январь ocak leden ledna január januára ianuarie \
     tammikuuta siječnja січня січень ιανουαρίου jaanuar jänner gener януари sausio sausis janvāris janvāra janúar јануар มกราคม",
    "february februar février fevrier febrero fevereiro febbraio februari lutego luty февраля февраль şubat únor února február februára \
     februarie helmikuuta veljače лютого лютий φεβρουαρίου veebruar febrer vasario vasaris februāris februāra febrúar фебруар กุมภาพันธ์",
    "march märz mrz maerz mars marzo março marco maart mrt marts marca marzec марта март mart březen března március marec martie \
     maaliskuuta ožujka березня березень μαρτίου märts kovo kovas martā มีนาคม",
    "april avril abril aprile kwietnia kwiecień апреля апрель nisan duben dubna április apríl apríla aprilie huhtikuuta travnja квітня \
     квітень απριλίου aprill balandžio balandis aprīlis aprīļa април เมษายน",
    "may mai mayo maio maggio mei maja maj мая май mayıs květen května május máj mája toukokuuta svibnja травня травень μαΐου μαϊου maig \
     gegužės gegužė maijs maija maí мај พฤษภาคม",
    "june juni juin junio junho giugno czerwca czerwiec июня июнь haziran červen června június jún júna iunie kesäkuuta червня червень \
     ιουνίου juuni juny birželio birželis jūnijs jūnija júní юни јун มิถุนายน",
    "july juli juillet julio julho luglio lipca lipiec июля июль temmuz červenec července július júl júla iulie heinäkuuta липня липень \
     ιουλίου juuli juliol liepos liepa jūlijs jūlija júlí юли јул กรกฎาคม",
    "august août aout agosto augustus augusti sierpnia sierpień августа август ağustos srpen srpna augusztus augusta elokuuta kolovoza \
     серпня серпень αυγούστου agost rugpjūčio rugpjūtis augusts ágúst avgust สิงหาคม",
    "september septembre septiembre setiembre setembro settembre września wrzesień сентября сентябрь eylül září szeptember septembra \
     septembrie syyskuuta rujna вересня вересень σεπτεμβρίου setembre rugsėjo rugsėjis septembris септември септембар กันยายน",
    "october oktober octobre octubre outubro ottobre października październik октября октябрь ekim říjen října október októbra octombrie \
     lokakuuta жовтня жовтень οκτωβρίου oktoober spalio spalis oktobris октомври октобар ตุลาคม",
    "november novembre noviembre novembro listopada listopad listopadu ноября ноябрь kasım noiembrie novembra marraskuuta studenoga \
     листопада листопад νοεμβρίου lapkričio lapkritis novembris nóvember ноември новембар พฤศจิกายน",
    "december dezember décembre decembre diciembre dezembro dicembre grudnia grudzień декабря декабрь aralık prosinec prosince decembrie \
     decembra joulukuuta prosinca грудня грудень δεκεμβρίου detsember desember desembre gruodžio gruodis decembris декември децембар \
     ธันวาคม",
];

/// Short names of months in Thai, without their dots.
const THAI_MONTHS: [(&str, &str); 12] = [
    ("ม", "ค"),
    ("ก", "พ"),
    ("มี", "ค"),
    ("เม", "ย"),
    ("พ", "ค"),
    ("มิ", "ย"),
    ("ก", "ค"),
    ("ส", "ค"),
    ("ก", "ย"),
    ("ต", "ค"),
    ("พ", "ย"),
    ("ธ", "ค"),
];

/// Names of weekdays, small letters; a word of two letters or more counts when a name begins with it.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag \
    sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo segunda \
    terça quarta quinta sexta feira lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag \
    zaterdag zondag poniedziałek wtorek środa środę czwartek piątek pt sobota sobotę niedziela niedzielę ndz понедельник пн вторник вт среда \
    среду ср четверг чт пятница пятницу пт суббота субботу сб воскресенье вс понеділок вівторок середа четвер субота неділя нд måndag \
    tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag pazartesi pzt salı çarşamba perşembe cuma cumartesi cmt \
    pazar pondělí úterý středa čtvrtek pátek neděle maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai hétfő kedd szerda \
    csütörtök péntek szombat vasárnap luni marți miercuri joi vineri sâmbătă duminică понеделник вторник сряда четвъртък петък събота неделя \
    pirmadienis pr antradienis trečiadienis tr ketvirtadienis kt penktadienis pn šeštadienis št sekmadienis sk pirmdiena otrdiena trešdiena \
    ceturtdiena piektdiena sestdiena svētdiena esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev ponedeljek torek sreda četrtek \
    petek nedelja dilluns dimarts dimecres dijous divendres dissabte diumenge mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur \
    laugardagur sunnudagur";

/// Words between the parts of a date, which say nothing themselves.
const CONNECTORS: &[&str] = &[
    "a",
    "alle",
    "at",
    "cs",
    "d",
    "date",
    "de",
    "del",
    "den",
    "dniu",
    "dnia",
    "g",
    "godz",
    "gg",
    "h",
    "i",
    "k",
    "kl",
    "klo",
    "la",
    "las",
    "le",
    "o",
    "om",
    "on",
    "ore",
    "p",
    "s",
    "sze",
    "szo",
    "t",
    "the",
    "um",
    "u",
    "v",
    "w",
    "à",
    "às",
    "as",
    "в",
    "у",
    "г",
    "года",
    "о",
    "р",
    "στις",
    "pukul",
    "lúc",
    "m",
    "gada",
    "plkst",
    "kell",
    "ob",
    "les",
    "dia",
    "เวลา",
];

/// Zones by name, in minutes east of UTC. Names that several zones share are left out; RFC 5322 §4.3 decides on the American ones.
const ZONES: &[(&str, i64)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("wet", 0),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("seč", 60),
    ("selč", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("brt", -180),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
];

/// The half of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

/// Names by their first letters, with the number of the month; 0 for weekdays.
type Names = HashMap<char, Vec<(&'static str, u32)>>;

static MONTH_NAMES: LazyLock<Names> = LazyLock::new(|| {
    by_letter((1..).zip(MONTHS).flat_map(|(number, names)| names.split_ascii_whitespace().map(move |name| (name, number))))
});

static WEEKDAY_NAMES: LazyLock<Names> = LazyLock::new(|| by_letter(WEEKDAYS.split_ascii_whitespace().map(|name| (name, 0))));

fn by_letter(names: impl Iterator<Item = (&'static str, u32)>) -> Names {
    let mut letters = Names::new();
    for (name, number) in names {
        letters.entry(name.chars().next().unwrap_or_default()).or_default().push((name, number));
    }
    letters
}

/// The number of the first name that begins with the word.
fn begun(names: &Names, word: &str) -> Option<u32> {
    let names = names.get(&word.chars().next()?)?;
    names.iter().find(|(name, _)| name.starts_with(word)).map(|(_, number)| *number)
}

/// The number of the month that a word names, in small letters; three letters at least.
pub(super) fn month(word: &str) -> Option<u32> {
    if word.chars().count() < 3 { None } else { begun(&MONTH_NAMES, word) }
}

/// The number of the month that two words with dots name; Thai shortens months so.
pub(super) fn dotted_month(first: &str, second: &str) -> Option<u32> {
    THAI_MONTHS.iter().zip(1..).find(|(words, _)| **words == (first, second)).map(|(_, number)| number)
}

/// True for the name of a weekday or its beginning, in small letters.
pub(super) fn is_weekday(word: &str) -> bool {
    word.chars().count() >= 2 && (word.ends_with("요일") || begun(&WEEKDAY_NAMES, word).is_some())
}

/// True for a word between the parts of a date.
pub(super) fn is_connector(word: &str) -> bool {
    CONNECTORS.contains(&word)
}

/// Minutes east of UTC of a zone's name in small letters.
pub(super) fn zone(word: &str) -> Option<i64> {
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, minutes)| *minutes)
}

/// True for what follows the figures of a day (`3rd`, `1er`).
pub(super) fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th" | "er" | "º" | "°" | "ª")
}
