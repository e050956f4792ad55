//! Warnings that mail gateways put at the top of a message (reference mdm.md §14.5).

use super::source::{Source, quote_depth};
use mailhound_objects::html::{Block, Document, Rendering};
use regex::{Regex, RegexSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Characters that a banner has at most, and how far into a segment one may begin.
const MAX_CHARS: usize = 600;

/// Blocks at the start of a segment that are looked at.
const MAX_BLOCKS: usize = 3;

/// Lines at the start of a segment that are looked at.
const MAX_LINES: usize = 20;

/// What only a gateway says. Word borders are those of ASCII, which a fast automaton can follow through any text.
static PHRASES: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)(?-u:\b)originated\s+(?:from\s+)?outside",
        r"(?i)(?-u:\b)(?:sent|received|came)\s+from\s+(?:outside|an?\s+(?:external|unknown))",
        r"(?i)(?-u:\b)external\s+(?:sender|e-?mail|source|message)",
        r"(?i)(?-u:\b)(?:is|are)\s+(?:from\s+)?outside\s+(?:of\s+)?(?:the|your|our)|(?-u:\b)someone\s+outside|(?-u:\b)EXT\s+e-?mail",
        r"(?i)(?-u:\b)from\s+an?\s+(?:untrusted|unknown)\s+sender",
        r"(?i)(?-u:\b)do\s+not\s+click",
        r"(?i)(?-u:\b)you\s+don[’']?t\s+often\s+get\s+e?-?mail\s+from",
        r"(?i)(?-u:\b)learn\s+why\s+this\s+is\s+important",
        r"(?i)(?-u:\b)this\s+sender\s+has\s+been\s+verified",
        r"(?i)aka\.ms/LearnAboutSenderIdentification",
        r"(?i)von\s+au(?:ß|ss)erhalb\s+(?:der|des|Ihrer|unserer)|(?-u:\b)extern(?:er|en)\s+Absender|(?-u:\b)externe\s+(?:E-)?Mail",
        r"(?i)[’']ext[ée]rieur\s+de\s+(?:l[’']|votre|notre)|(?-u:\b)exp[ée]diteur\s+externe|(?-u:\b)e-?mail\s+externe(?-u:\b)|(?-u:\b)courriel\s+externe",
        r"(?i)(?:origin[óo]|proviene|enviado|procede)\s+(?:desde\s+|de\s+)?fuera\s+de|(?-u:\b)(?:remitente|correo)\s+externo",
        r"(?i)(?:originado|enviado|proveniente|veio)\s+(?:de\s+)?fora\s+d|(?-u:\b)(?:remetente|e-?mail)\s+externo",
        r"(?i)[’']esterno\s+d|(?-u:\b)(?:mittente|e-?mail)\s+estern[oa]",
        r"(?i)(?-u:\b)van\s+buiten\s+(?:de|uw|onze)|(?-u:\b)externe\s+afzender",
        r"(?i)(?-u:\b)spoza\s+(?:organizacji|firmy)|(?-u:\b)zewnętrzn\w+\s+(?:nadawc|wiadomo)",
        r"(?i)внешн\w+\s+(?:отправител|источник|почт)|за\s+пределами\s+(?:вашей\s+)?организации",
        r"(?:外部邮件|外部发件人|来自(?:组织|公司|机构)外部|外部郵件|社外からのメール|組織外(?:から|の送信者)|外部(?:送信者|からのメール))",
        r"(?i)klicken\s+Sie\s+nicht\s+auf|(?-u:\b)ne\s+cliquez\s+pas|(?-u:\b)no\s+haga\s+clic|(?-u:\b)não\s+clique|(?-u:\b)non\s+(?:fare|cliccare)\s+(?:clic|sui)|(?-u:\b)klik\s+niet\s+op",
    ])
    .expect("constant patterns")
});

/// Says that the sender is outside; a banner of few words says no more than that.
static OUTSIDE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)(?-u:\b)external\s+(?:sender|e-?mail|source|message)(?-u:\b)").expect("a constant pattern"));

/// Characters that such a short banner has at most.
const SHORT_CHARS: usize = 40;

/// Words of warning, which other messages use too.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)(?:caution|warning|achtung|vorsicht|attention|be\s+careful|suspicious|precaución|atención|cuidado|atenção|attenzione|let\s+op|uwaga)(?-u:\b)|внимание|注意|警告").expect("a constant pattern")
});

/// A word of warning too, unless it is part of the phrase already.
static EXTERNAL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i)(?-u:\b)external(?-u:\b)").expect("a constant pattern"));

/// The banners among the lines of a segment, as ranges of lines.
pub(super) fn find(source: &Source<'_>, lines: &[usize]) -> Vec<Range<usize>> {
    let head = head(source, lines);
    let mut found: Vec<Range<usize>> = Vec::new();
    // Most messages have nothing of a banner; then no block needs a look.
    if !PHRASES.is_match(&text(source, &head)) && !has_link(source, &head) {
        return found;
    }
    let mut blocks = blocks(source, &head);
    // The smallest block that qualifies is the banner; what lies around it is the message.
    blocks.sort_by_key(|block| (block.len(), block.start));
    for block in blocks {
        let is_new = found.iter().all(|banner| banner.end <= block.start || block.end <= banner.start);
        if is_new && is_banner(source, &block) {
            found.push(grown(source, block, &head));
        }
    }
    found.sort_by_key(|banner| banner.start);
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// The lines of the segment's start, as one run of line numbers.
fn head(source: &Source<'_>, lines: &[usize]) -> Range<usize> {
    let Some(&first) = lines.first() else { return 0..0 };
    let mut chars = 0;
    let mut end = first;
    for (count, &line) in lines.iter().enumerate() {
        if line != first + count || chars > MAX_CHARS || count >= MAX_LINES {
            break;
        }
        chars += source.lines[line].chars().count();
        end = line + 1;
    }
    first..end
}

/// Blocks that lie in the head: elements of the HTML and single lines, or paragraphs of the text.
fn blocks(source: &Source<'_>, head: &Range<usize>) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    match source.html {
        Some((_, rendering)) => {
            let inside = starting_in(rendering, head).iter().map(|block| &block.lines);
            blocks.extend(inside.filter(|lines| lines.end <= head.end && !lines.is_empty()).cloned());
            blocks.extend(head.clone().map(|line| line..line + 1));
            blocks.sort_by_key(|lines| (lines.start, lines.end));
            blocks.dedup();
        }
        None => {
            let mut start = head.start;
            for line in head.start..=head.end {
                let is_break = line == head.end || quote_depth(source.lines[line]).1.is_empty();
                if is_break && start < line {
                    blocks.push(start..line);
                }
                if is_break {
                    start = line + 1;
                }
            }
            blocks.truncate(MAX_BLOCKS);
        }
    }
    blocks
}

/// The blocks that begin in these lines; blocks stand in the order of their first lines.
fn starting_in<'a>(rendering: &'a Rendering, lines: &Range<usize>) -> &'a [Block] {
    let place = |line: usize| rendering.blocks.partition_point(|block| block.lines.start < line);
    rendering.blocks.get(place(lines.start)..place(lines.end)).unwrap_or_default()
}

fn is_banner(source: &Source<'_>, lines: &Range<usize>) -> bool {
    let text = text(source, lines);
    if text.chars().count() > MAX_CHARS {
        return false;
    }
    let phrases = PHRASES.matches(&text).iter().count() + usize::from(has_link(source, lines));
    let is_outside = OUTSIDE.is_match(&text);
    let has_word = || WORDS.is_match(&text) || (!is_outside && EXTERNAL.is_match(&text));
    let is_short = is_outside && text.chars().count() <= SHORT_CHARS;
    let is_marked = || source.html.is_some_and(|(document, rendering)| is_coloured(document, rendering, lines));
    // A word of warning in a coloured box is what phishing writes as well; it takes a phrase that only a gateway has reason to say.
    phrases >= 2 || is_short || (phrases == 1 && (has_word() || is_marked()))
}

/// True when a link leads to Microsoft's page about unknown senders.
fn has_link(source: &Source<'_>, lines: &Range<usize>) -> bool {
    let mut links = lines.clone().flat_map(|line| source.links(line));
    links.any(|link| link.href_url.as_ref().is_some_and(|url| url.url.contains("aka.ms") && PHRASES.is_match(&url.url)))
}

/// Takes in the lines around a banner that warn as well.
fn grown(source: &Source<'_>, block: Range<usize>, head: &Range<usize>) -> Range<usize> {
    let warns = |line: usize| {
        let text = quote_depth(source.lines[line]).1;
        text.len() <= MAX_CHARS && (PHRASES.is_match(text) || (WORDS.is_match(text) && text.chars().count() <= 40))
    };
    let start = (head.start..block.start).rev().take_while(|&line| warns(line)).last().unwrap_or(block.start);
    let end = (block.end..head.end).take_while(|&line| warns(line)).last().map_or(block.end, |line| line + 1);
    start..end
}

fn text(source: &Source<'_>, lines: &Range<usize>) -> String {
    lines.clone().map(|line| quote_depth(source.lines[line]).1).collect::<Vec<_>>().join(" ")
}

/// True when an element with exactly these lines has a ground or a border of its own.
fn is_coloured(document: &Document, rendering: &Rendering, lines: &Range<usize>) -> bool {
    starting_in(rendering, &(lines.start..lines.start + 1)).iter().filter(|block| block.lines == *lines).any(|block| {
        let element = document.dom().tree.get(block.node).and_then(|node| node.value().as_element());
        let style = |element: &mailhound_objects::html::Element| {
            let style = element.attr("style").unwrap_or_default().to_ascii_lowercase();
            style.contains("background") || style.contains("border") || element.attr("bgcolor").is_some()
        };
        element.is_some_and(style)
    })
}
