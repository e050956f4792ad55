//! What a message has of what rules need.

use super::profile::{count, one_more};
use super::{Evaluator, Scope, Scopes};
use crate::plan::{Guard, Kept, NodeId, Source, Text};
use mailhound_value::Unavailable;
use std::time::Instant;

impl<'m> Evaluator<'m> {
    /// Looks at the message for what rules need. Without it no rule is ruled out.
    pub fn look_for_needs(&self) {
        let started = self.profile.map(|_| Instant::now());
        self.ctx.begin();
        self.look(&self.plan.prefilter.sources[0], Some(0), None);
        self.looked.set(true);
        if let (Some(profile), Some(started)) = (self.profile, started) {
            count(&profile.prefilter, started);
        }
    }

    /// Can the program be true of the message, by what occurs in it?
    pub(super) fn may_match(&self, program: Kept) -> bool {
        let may = !self.looked.get() || self.plan.prefilter.admits(program.needs, self.known.borrow_mut().found());
        if let Some(profile) = self.profile {
            one_more(&profile.rules);
            if !may {
                one_more(&profile.ruled_out);
            }
        }
        may
    }

    /// Is the step surely false, by what occurs in the message?
    pub(super) fn is_denied(&self, id: NodeId) -> bool {
        let guard = self.plan.steps[id.idx()].guard;
        guard != Guard::NONE && self.looked.get() && self.plan.prefilter.denies(guard, self.known.borrow_mut().found())
    }

    /// Looks at the texts of the message or of an item, and at the lists of it. What cannot be read may hold anything.
    fn look(&self, source: &Source, row: Option<u32>, scopes: Scopes<'_, 'm>) {
        for text in &source.texts {
            if self.look_at(text, row, scopes).is_err() {
                self.known.borrow_mut().found().add_all(&text.atoms);
            }
        }
        for (step, atom) in &source.steps {
            let truth = self.truth(*step, scopes);
            match (truth.may_be_true(), truth.is_false()) {
                (true, _) => self.known.borrow_mut().found().add(*atom),
                (false, false) => self.known.borrow_mut().found().add_null(&[*atom]),
                (false, true) => {}
            }
        }
        for (list, family, items) in &source.lists {
            let items = &self.plan.prefilter.sources[*items];
            let list = match self.list(*list, scopes) {
                Ok(Some(list)) => list,
                Ok(None) => {
                    self.known.borrow_mut().found().add_null(&items.atoms);
                    continue;
                }
                Err(_) => {
                    self.known.borrow_mut().found().add_all(&items.atoms);
                    continue;
                }
            };
            let rows = self.rows(list, *family);
            if let (Some(atom), true) = (items.item, list.known() > 0) {
                self.known.borrow_mut().found().add(atom);
            }
            if items.texts.is_empty() && items.lists.is_empty() && list.rest().is_none() {
                continue;
            }
            for (idx, item) in list.iter().enumerate() {
                let row = self.row_at(rows, idx);
                self.look(items, row, Some(&Scope { item, row, outer: scopes }));
            }
            if list.rest().is_some() {
                self.known.borrow_mut().found().add_all(&items.atoms);
            }
        }
    }

    /// Looks at one text, in which everything may occur where this is an error.
    fn look_at(&self, text: &Text, row: Option<u32>, scopes: Scopes<'_, 'm>) -> Result<(), Unavailable> {
        let Some(value) = self.value(text.step, scopes)?.as_str() else {
            self.known.borrow_mut().found().add_null(&text.atoms);
            // Whether null stands in a list that is not there is not known either.
            let unknown = text.lists.iter().filter(|(list, ..)| self.named(*list).is_err());
            unknown.for_each(|(_, _, atom)| self.known.borrow_mut().found().add(*atom));
            return Ok(());
        };
        if !text.equal.is_empty()
            && let Some(atoms) = text.equal.get(self.ctx.lower(value))
        {
            self.known.borrow_mut().found().add_all(atoms);
        }
        for (list, fold, atom) in &text.lists {
            if self.named(*list).and_then(|list| list.contains(value, *fold)).unwrap_or(true) {
                self.known.borrow_mut().found().add(*atom);
            }
        }
        let Some(class) = text.class else { return Ok(()) };
        let searched = match row {
            Some(row) => self.searched(class, row, text.step, scopes)?,
            None => None,
        };
        let mut known = self.known.borrow_mut();
        match searched {
            Some((begin, false)) => {
                let (found, possible) = known.found_and_possible(begin, self.plan.layout.classes[class].words());
                possible.filter_map(|bit| text.tests.get(&bit)).for_each(|atoms| found.add_all(atoms));
            }
            // Behind the part that was searched, or of an item that is told from no other.
            _ => text.tests.values().for_each(|atoms| known.found().add_all(atoms)),
        }
        Ok(())
    }
}
