//! ARC chains (RFC 8617): the sets of a message, and whether the chain holds.

use super::check::Checker;
use super::dkim::{Kind, Read, read};
use super::fields::{Form, Message};
use super::report::{ArcResult, ArcSet, Fault, Outcome, SignatureResult};
use super::tags::Tags;

/// Sets of a chain; more make it fail (RFC 8617 §5.1.1.1).
const MAX_SETS: usize = 50;

/// The three fields of a set.
const FIELDS: [&str; 3] = ["arc-authentication-results", "arc-message-signature", "arc-seal"];

/// A chain with all its fields, each instance once.
#[derive(Default)]
pub(super) struct Chain {
    sets: Vec<Set>,
}

struct Set {
    results: usize,
    signature: Read,
    seal: Read,
    /// `cv=`.
    chain: Option<String>,
}

impl Chain {
    /// The chain of a message; one without sets when there is none.
    ///
    /// # Errors
    /// A chain that fails by its form.
    pub fn read(message: &Message) -> Result<Self, Fault> {
        let fail = |reason: String| Fault::new(Outcome::Fail, reason);
        let count = FIELDS.iter().map(|name| message.named(name).len()).max().unwrap_or(0);
        if count > MAX_SETS {
            return Err(fail(format!("the chain has more than {MAX_SETS} sets")));
        }
        let mut places = vec![[None; 3]; count];
        for (kind, name) in FIELDS.iter().enumerate() {
            for field in message.named(name) {
                let instance = instance(message, *field).ok_or_else(|| fail(format!("a field {name} has no instance (`i=`)")))?;
                let place = instance.checked_sub(1).and_then(|idx| places.get_mut(idx)).and_then(|set| set.get_mut(kind));
                match place {
                    Some(place) if place.is_none() => *place = Some(*field),
                    Some(_) => return Err(fail(format!("instance {instance} has two fields {name}"))),
                    None => return Err(fail(format!("instance {instance} is not one of {count} that follow each other"))),
                }
            }
        }
        let sets = places.into_iter().zip(1..).map(|(places, instance)| match places {
            [Some(results), Some(signature), Some(seal)] => Ok(Set {
                results,
                signature: read(message, signature, Kind::ArcMessage),
                seal: read(message, seal, Kind::ArcSeal),
                chain: message.fields.get(seal).and_then(|field| Tags::parse(&field.text()).ok()?.compact("cv")),
            }),
            _ => Err(fail(format!("the set of instance {instance} is not complete"))),
        });
        Ok(Chain { sets: sets.collect::<Result<_, _>>()? })
    }

    /// The message signatures, for the hashes that their checks need.
    pub fn signatures(&self) -> impl Iterator<Item = &Read> {
        self.sets.iter().map(|set| &set.signature)
    }

    /// Checks all signatures and seals.
    pub fn check(self, checker: &mut Checker) -> ArcResult {
        let mut sealed = Vec::new();
        let mut sets = Vec::new();
        for (set, instance) in self.sets.into_iter().zip(1..) {
            for field in [set.results, set.signature.field] {
                write(checker, field, &mut sealed);
            }
            let (length, field) = (sealed.len(), set.seal.field);
            checker.write_own(field, Form::Relaxed, &mut sealed);
            let seal = checker.signature(set.seal, &sealed);
            sealed.truncate(length);
            write(checker, field, &mut sealed);
            sets.push(ArcSet { instance, chain: set.chain, signature: checker.message_signature(set.signature), seal });
        }
        result(sets)
    }
}

fn write(checker: &Checker, field: usize, out: &mut Vec<u8>) {
    if let Some(field) = checker.message.fields.get(field) {
        field.write(Form::Relaxed, out);
    }
}

/// `i=`, which is the first tag of ARC-Authentication-Results and any tag of the others.
fn instance(message: &Message, field: usize) -> Option<usize> {
    let field = message.fields.get(field)?;
    let text = field.text();
    let text = if field.name() == FIELDS[0].as_bytes() { text.split(';').next().unwrap_or_default() } else { &text };
    let digits = Tags::parse(text).ok()?.compact("i")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// The chain after the checks (RFC 8617 §5.2): the newest message signature and all seals must hold, and each seal must say that the chain
/// before it did.
fn result(sets: Vec<ArcSet>) -> ArcResult {
    let mut outcome = if sets.is_empty() { Outcome::None } else { Outcome::Pass };
    let mut reason = None;
    let mut needs: Vec<String> = Vec::new();
    let newest = sets.last().map(|set| ("message signature", set.instance, &set.signature));
    let checks = newest.into_iter().chain(sets.iter().rev().map(|set| ("seal", set.instance, &set.seal)));
    for (what, instance, check) in checks {
        let found = in_chain(check);
        if found == Outcome::Pass || outcome == Outcome::Fail || (found != Outcome::Fail && outcome != Outcome::Pass) {
            continue;
        }
        outcome = found;
        reason = Some(format!("{what} of instance {instance}: {}", check.reason.as_deref().unwrap_or_default()));
        needs.clone_from(&check.needs);
    }
    let liar = sets.iter().find(|set| set.chain.as_deref() != Some(if set.instance == 1 { "none" } else { "pass" }));
    if let Some(set) = liar {
        outcome = Outcome::Fail;
        reason = Some(format!("the seal of instance {} says cv={}", set.instance, set.chain.as_deref().unwrap_or_default()));
    }
    if outcome == Outcome::Fail {
        needs.clear();
    }
    let oldest_pass = if outcome == Outcome::Pass { oldest_pass(&sets) } else { None };
    ArcResult { result: outcome, reason, needs, oldest_pass, sets }
}

/// What the result of one check means for the chain, which knows `pass` and `fail` only; what is not known stays so.
fn in_chain(check: &SignatureResult) -> Outcome {
    match check.result {
        Outcome::Pass | Outcome::TempError | Outcome::Unavailable => check.result,
        _ => Outcome::Fail,
    }
}

/// `None` when a signature that decides it could not be checked.
fn oldest_pass(sets: &[ArcSet]) -> Option<u32> {
    let Some(last) = sets.iter().rev().find(|set| set.signature.result != Outcome::Pass) else { return Some(0) };
    (in_chain(&last.signature) == Outcome::Fail).then_some(last.instance + 1)
}
