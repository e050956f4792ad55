//! The source of a rule as a checked tree.

use crate::lists;
use crate::rule::RuleType;
use crate::settings::Settings;
use mailhound_functions::library;
use mailhound_message::Message;
use mailhound_mql::typed::Typed;
use mailhound_mql::{Diagnostic, Dialect, check, parse};
use mailhound_value::Type;

/// Fields that only automations have.
const AUTOMATION_FIELDS: &[(&str, &str)] = &[("triage", "only rules of type `triage_rule` have it")];

/// Reads and checks the source of a rule of this type. A tree with errors must not be run.
pub fn checked(source: &str, kind: RuleType, settings: &Settings) -> (Typed, Vec<Diagnostic>) {
    let parsed = parse(source);
    let mut diagnostics = parsed.diagnostics;
    let wanted = (kind != RuleType::Query).then_some(Type::Bool);
    let dialect = Dialect {
        root: Message::SHAPE,
        hidden: if kind == RuleType::TriageRule { &[] } else { AUTOMATION_FIELDS },
        library: library(),
        list: &|name| lists::item_type(name, settings),
    };
    let checked = check(&parsed.expr, &dialect, wanted);
    diagnostics.extend(checked.diagnostics);
    (checked.typed, diagnostics)
}
