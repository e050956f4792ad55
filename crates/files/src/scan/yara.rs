//! YARA rules on a file (explode-scanners.md §5.8).

use crate::explode::Visit;
use crate::shapes::{Yara, YaraMatch, YaraMeta};
use crate::yara::{Match, MetaValue};
use mailhound_value::{Unavailable, capability};

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let bytes = visit.bytes;
    let found = match visit.yara() {
        None => Err(Unavailable::capability(capability::YARA)),
        Some(scanner) => scanner.scan(bytes),
    };
    let shape = |found: Vec<Match>| Some(Box::new(Yara { flags: Vec::new(), matches: found.into_iter().map(shape).collect() }));
    visit.scan_mut().yara = found.map(shape);
}

fn shape(found: Match) -> YaraMatch {
    let text = |name: &str| found.meta(name).map(MetaValue::text);
    let meta = YaraMeta { author: text("author"), description: text("description") };
    let has_meta = meta.author.is_some() || meta.description.is_some();
    YaraMatch { meta: has_meta.then_some(meta), name: found.rule.clone(), tags: found.tags.clone(), found: Some(found) }
}
