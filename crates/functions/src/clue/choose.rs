//! The groups and bytes that a part of a pattern needs, and the choice of the best.

use super::weigh::{MAX_WEIGHT_BESIDE, bytes_weight, group_weight, rarest_bytes};
use mailhound_mql::{Bytes, Clue};

/// Literals of one group. The largest of the feed has 141.
pub(super) const MAX_LITERALS: usize = 500;

/// Groups, and sets of bytes, of a finished clue.
const MAX_CHOSEN: usize = 3;

/// Groups, and sets of bytes, that are kept while a pattern is read; some turn out to say the same.
const MAX_KEPT: usize = 6;

/// Literals of a group beside the best one: more cost more to find than they spare.
const MAX_BESIDE: usize = 16;

/// Literals up to which those that hold another of the group are looked for, each with each.
const MAX_COMPARED: usize = 128;

/// What is needed, the best first.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    groups: Vec<(u64, Vec<String>)>,
    bytes: Vec<(u64, Bytes)>,
}

impl Need {
    /// The group at `idx`, or the last.
    pub fn group(&self, idx: usize) -> Option<&[String]> {
        self.groups.get(idx.min(self.groups.len().checked_sub(1)?)).map(|(_, literals)| literals.as_slice())
    }

    /// The best set of bytes; of the best group, its rarest ones.
    pub fn best_bytes(&self) -> Option<Bytes> {
        self.bytes.first().map(|(_, bytes)| *bytes).or_else(|| rarest_bytes(self.group(0)?))
    }

    /// One of these literals is needed: kept as a group when it is a good one, else as bytes.
    pub fn offer(&mut self, mut literals: Vec<String>) {
        literals.sort_unstable();
        literals.dedup();
        match group_weight(&literals) {
            Some(weight) if literals.len() <= MAX_LITERALS => keep(&mut self.groups, weight, literals),
            _ => {
                if let Some(bytes) = rarest_bytes(&literals) {
                    self.offer_bytes(bytes);
                }
            }
        }
    }

    /// One of these bytes is needed.
    pub fn offer_bytes(&mut self, bytes: Bytes) {
        if let Some(weight) = bytes_weight(bytes) {
            keep(&mut self.bytes, weight, bytes);
        }
    }

    /// All that another part needs is needed too.
    pub fn and(&mut self, other: Need) {
        for (weight, literals) in other.groups {
            keep(&mut self.groups, weight, literals);
        }
        for (weight, bytes) in other.bytes {
            keep(&mut self.bytes, weight, bytes);
        }
    }

    /// The best of it.
    pub fn choose(self) -> Clue {
        let mut chosen: Vec<Vec<String>> = Vec::new();
        for (weight, literals) in self.groups {
            let literals = shortest(literals);
            let good = chosen.is_empty() || weight <= MAX_WEIGHT_BESIDE && literals.len() <= MAX_BESIDE && chosen.len() < MAX_CHOSEN;
            if good && !chosen.iter().any(|other| implies(other, &literals) || implies(&literals, other)) {
                chosen.push(literals);
            }
        }
        let mut needed: Vec<Bytes> = Vec::new();
        for (_, bytes) in self.bytes {
            let says_more = !chosen.iter().any(|group| gives(group, bytes)) && !needed.iter().any(|other| other.or(bytes) == bytes);
            if says_more && needed.len() < MAX_CHOSEN {
                needed.push(bytes);
            }
        }
        Clue { bytes: needed, groups: chosen.into_iter().map(|group| group.into_iter().map(String::into_boxed_str).collect()).collect() }
    }
}

/// Puts an item in its place, unless it is there or worse than all that are kept.
fn keep<T: PartialEq>(kept: &mut Vec<(u64, T)>, weight: u64, item: T) {
    let at = kept.partition_point(|(other, _)| *other <= weight);
    if at < MAX_KEPT && !kept.iter().any(|(_, other)| *other == item) {
        kept.truncate(MAX_KEPT - 1);
        kept.insert(at, (weight, item));
    }
}

/// The group without literals that hold another one of it.
fn shortest(mut literals: Vec<String>) -> Vec<String> {
    if literals.len() > MAX_COMPARED {
        return literals;
    }
    literals.sort_by_key(String::len);
    let mut kept: Vec<String> = Vec::with_capacity(literals.len());
    for literal in literals {
        if !kept.iter().any(|other| literal.contains(other.as_str())) {
            kept.push(literal);
        }
    }
    kept
}

/// Has every text with a literal of `group` also one of `other`?
fn implies(group: &[String], other: &[String]) -> bool {
    group.iter().all(|literal| other.iter().any(|inner| literal.contains(inner.as_str())))
}

/// Has every text with a literal of `group` also one of these bytes, whatever the letter case?
fn gives(group: &[String], bytes: Bytes) -> bool {
    group.iter().all(|literal| {
        literal.bytes().any(|byte| {
            let holds = |byte: u8| if byte < 128 { bytes.ascii >> byte & 1 == 1 } else { bytes.other };
            holds(byte) && holds(byte.to_ascii_uppercase())
        })
    })
}
