//! Tests of texts with the answers of one search.

use super::known::Searched as State;
use super::profile::one_more;
use super::{Evaluator, Scopes, row};
use crate::context::Context;
use crate::library::{Body, Function, Origin, Reach};
use crate::plan::search::{Answers, Class, Scratch};
use crate::plan::{Constant, Entries, Listed, NodeId, Place, Searched, Test};
use crate::truth::{Fold, Truth};
use mailhound_value::{Eval, List, Unavailable, Value};
use smallvec::SmallVec;
use std::time::Instant;

/// What the tests of one text came to so far.
#[derive(Default)]
struct Verdict {
    is_true: bool,
    /// A text to test for that cannot be used.
    broken: bool,
    limit: Option<Unavailable>,
}

impl Verdict {
    /// Counts one answer in; true when it decides.
    fn add(&mut self, answer: Result<bool, Unavailable>) -> bool {
        match answer {
            Ok(is_true) => self.is_true |= is_true,
            Err(missing) => {
                self.limit = Some(match &self.limit {
                    Some(before) => before.and(&missing),
                    None => missing,
                });
            }
        }
        self.is_true
    }
}

impl<'m> Evaluator<'m> {
    /// Is any of the texts true of the first?
    pub(super) fn test(&self, id: NodeId, test: &'m Test, scopes: Scopes<'_, 'm>) -> Eval<'m> {
        self.ctx.looks(test.constants.len() + test.computed.len())?;
        let mut computed: SmallVec<[&str; 4]> = SmallVec::new();
        if !test.computed.is_empty() {
            // Absence of the text is told before that of what it is tested for.
            self.value(test.text, scopes)?;
            for node in &test.computed {
                computed.extend(self.value(*node, scopes)?.as_str());
            }
        }
        let mut verdict = Verdict::default();
        let known = match &self.plan.steps[id.idx()].place {
            Place::Search(searched) => row(searched.scope, scopes).map(|row| (searched, row)),
            _ => None,
        };
        match known {
            Some((searched, row)) => {
                if !self.search(searched, row, test, scopes, &mut verdict)? {
                    return Ok(Value::Null);
                }
            }
            None => {
                let Some(text) = self.value(test.text, scopes)?.as_str() else { return Ok(Value::Null) };
                test.constants.iter().any(|constant| verdict.add(self.run(*constant, text)));
            }
        }
        if !verdict.is_true && !computed.is_empty() {
            let Some(text) = self.value(test.text, scopes)?.as_str() else { return Ok(Value::Null) };
            self.run_computed(test, &computed, text, &mut verdict);
        }
        match verdict {
            Verdict { is_true: true, .. } => Ok(Value::Bool(true)),
            Verdict { limit: Some(missing), .. } => Err(missing),
            Verdict { broken: true, .. } => Ok(Value::Null),
            _ if test.constants.is_empty() && computed.is_empty() => Ok(Value::Null),
            _ => Ok(Value::Bool(false)),
        }
    }

    /// The answers of the constants by the search of their class; false for a null text.
    fn search(
        &self,
        place: &Searched,
        row: u32,
        test: &'m Test,
        scopes: Scopes<'_, 'm>,
        verdict: &mut Verdict,
    ) -> Result<bool, Unavailable> {
        self.profile.iter().for_each(|profile| one_more(&profile.asked));
        let class = &self.plan.layout.classes[place.class];
        let Some((begin, cut)) = self.searched(place.class, row, test.text, scopes)? else { return Ok(false) };
        let words = class.words();
        let mut any_open = false;
        for (word, bits) in &place.bits {
            let (open, yes) = self.known.borrow().answers(begin, words, *word);
            if yes & bits != 0 {
                self.profile.iter().for_each(|profile| one_more(&profile.answered));
                verdict.is_true = true;
                return Ok(true);
            }
            any_open |= open & bits != 0;
        }
        if !any_open && !cut {
            self.profile.iter().for_each(|profile| one_more(&profile.answered));
            return Ok(true);
        }
        let Some(text) = self.value(test.text, scopes)?.as_str() else { return Ok(true) };
        for (word, bits) in &place.bits {
            let (open, _) = self.known.borrow().answers(begin, words, *word);
            let mut left = *bits;
            while left != 0 {
                let bit = word * 64 + left.trailing_zeros() as usize;
                let is_open = open & left & left.wrapping_neg() != 0;
                left &= left - 1;
                let constant = class.constants[bit];
                let answer = if is_open {
                    let answer = self.run(constant, text);
                    if let Ok(is_true) = answer {
                        self.known.borrow_mut().answer(begin, words, bit, is_true);
                    }
                    answer
                } else if cut {
                    self.beyond(constant, text)
                } else {
                    continue;
                };
                if verdict.add(answer) {
                    return Ok(true);
                }
            }
        }
        Ok(true)
    }

    /// Where the answers of a class on a text begin, and whether the search was cut; `None` for a null text.
    pub(super) fn searched(
        &self,
        number: usize,
        row: u32,
        text: NodeId,
        scopes: Scopes<'_, 'm>,
    ) -> Result<Option<(u32, bool)>, Unavailable> {
        let state = self.known.borrow().searched(number, row);
        match state {
            State::Null => return Ok(None),
            State::At { begin, cut } => return Ok(Some((begin, cut))),
            State::Not => {}
        }
        let Some(text) = self.value(text, scopes)?.as_str() else {
            self.known.borrow_mut().keep_null(number, row);
            return Ok(None);
        };
        let part = self.ctx.searchable(text);
        self.ctx.work(part.len())?;
        let cut = part.len() < text.len();
        let started = self.profile.map(|_| Instant::now());
        let begin = self.known.borrow_mut().search(number, row, &self.plan.layout.classes[number], part, cut);
        if let (Some(profile), Some(started)) = (self.profile, started) {
            super::profile::count(&profile.search, started);
        }
        Ok(Some((begin, cut)))
    }

    /// A test that is false of the part of a long text that was searched.
    fn beyond(&self, constant: usize, text: &'m str) -> Result<bool, Unavailable> {
        match self.plan.constants[constant].wanted.reach() {
            Reach::Start => Ok(false),
            Reach::Anywhere => Err(Context::search_limit()),
            Reach::Whole => self.run(constant, text),
        }
    }

    /// Is any entry of a named list true of a text?
    pub(super) fn listed(&self, listed: &'m Listed, scopes: Scopes<'_, 'm>) -> Truth {
        let list = match self.named(listed.list).map(|list| list.value().as_list()) {
            Ok(Some(list)) => list,
            Ok(None) => return Truth::known(None),
            Err(missing) => return Truth::unavailable(missing),
        };
        let mut fold = Fold::or();
        if list.known() > 0 {
            let truth = match self.value(listed.text, scopes).map(|text| text.as_str()) {
                Ok(Some(text)) => self.any_entry(listed, list, text),
                Ok(None) => Truth::known(None),
                Err(missing) => Truth::unavailable(missing),
            };
            if fold.add(truth) {
                return fold.finish();
            }
        }
        if let Some(missing) = list.rest() {
            fold.add(Truth::unavailable(missing.clone()));
        }
        fold.finish()
    }

    /// One search for all entries of the list.
    fn any_entry(&self, listed: &'m Listed, list: List<'m>, text: &'m str) -> Truth {
        let entries = self.plan.entries[listed.entries].get_or_init(|| entries(listed.function, list));
        let (class, part) = (&entries.class, self.ctx.searchable(text));
        let mut verdict = Verdict { broken: entries.broken, ..Verdict::default() };
        if let Err(missing) = self.ctx.work(part.len()) {
            return Truth::unavailable(missing);
        }
        let (mut open, mut yes) = (vec![0; class.words()], vec![0; class.words()]);
        class.search(part, &mut Scratch::default(), &mut Answers { open: &mut open, yes: &mut yes });
        if yes.iter().any(|word| *word != 0) {
            return Truth::known(Some(true));
        }
        let cut = part.len() < text.len();
        // Of a list with thousands of entries few are open; behind a cut all are looked at.
        let is_open = |bit: &usize| open[bit / 64] & 1 << (bit % 64) != 0;
        let bits =
            (0..open.len()).filter(|word| cut || open[*word] != 0).flat_map(|word| word * 64..(word * 64 + 64).min(entries.wanted.len()));
        for bit in bits.filter(|bit| cut || is_open(bit)) {
            let wanted = &entries.wanted[bit];
            let answer = match wanted.reach() {
                Reach::Anywhere if !is_open(&bit) => Err(Context::search_limit()),
                Reach::Start if !is_open(&bit) => continue,
                _ => self.ctx.work(text.len()).and_then(|()| wanted.is_true(self.ctx, text)),
            };
            if verdict.add(answer) {
                break;
            }
        }
        match verdict {
            Verdict { is_true: true, .. } => Truth::known(Some(true)),
            Verdict { limit: Some(missing), .. } => Truth::unavailable(missing),
            Verdict { broken, .. } => Truth::known((!broken).then_some(false)),
        }
    }

    fn run(&self, constant: usize, text: &'m str) -> Result<bool, Unavailable> {
        self.ctx.work(text.len())?;
        let Constant { function, wanted, .. } = &self.plan.constants[constant];
        let Some(profile) = self.profile else { return wanted.is_true(self.ctx, text) };
        let started = Instant::now();
        let answer = wanted.is_true(self.ctx, text);
        profile.constant(constant, function.name, started);
        answer
    }

    fn run_computed(&self, test: &Test, computed: &[&str], text: &'m str, verdict: &mut Verdict) {
        let Body::Test(make) = test.function.body else { return };
        for wanted in computed {
            if let Err(missing) = self.ctx.makes(wanted.len()) {
                verdict.add(Err(missing));
                return;
            }
            match make(wanted, Origin::Computed) {
                Ok(wanted) => {
                    if verdict.add(self.ctx.work(text.len()).and_then(|()| wanted.is_true(self.ctx, text))) {
                        return;
                    }
                }
                Err(_) => verdict.broken = true,
            }
        }
    }
}

/// The entries of a list, ready to look for.
fn entries(function: &Function, list: List<'_>) -> Entries {
    let mut entries = Entries { wanted: Vec::new(), broken: false, class: Class::of(std::iter::empty()) };
    let Body::Test(make) = function.body else { return entries };
    for item in list.iter() {
        match item.ok().as_ref().and_then(Value::as_str).and_then(|text| make(text, Origin::Computed).ok()) {
            Some(wanted) => entries.wanted.push(wanted),
            None => entries.broken = true,
        }
    }
    entries.class = Class::of(entries.wanted.iter().map(|wanted| &**wanted));
    entries
}
