//! Rule files read and checked, one by one or on many threads: all that is done with a rule before it is planned among the others.

use crate::checked::checked;
use crate::rule::{RuleFile, read};
use crate::settings::Settings;
use mailhound_mql::typed::Typed;
use mailhound_mql::{Diagnostic, Ready};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files that are read before they are planned: bounds the trees that wait.
pub(crate) const BATCH: usize = 4096;

/// Stack of a thread, as the workers of a scan have it: expressions are read by recursion, up to [`mailhound_mql::MAX_DEPTH`].
const STACK_BYTES: usize = 16 << 20;

/// A rule file that was read.
pub(crate) struct Read {
    pub file: RuleFile,
    /// Its tree, and what is wrong with it; `None` when it is no rule.
    pub checked: Option<(Typed, Vec<Diagnostic>)>,
}

/// Reads one file.
pub(crate) fn one(path: &str, text: &str, settings: &Settings) -> Read {
    let file = read(path, text);
    let checked = file.rule.as_ref().map(|(rule, source)| checked(&source.text, rule.kind, settings));
    Read { file, checked }
}

/// Reads files on this thread and others, and makes their constants ready. The results are in the order of the files.
pub(crate) fn all(files: &[(&str, &str)], settings: &Settings, ready: &Ready, threads: usize) -> Vec<Read> {
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(files.len())));
    let work = || {
        while let Some((number, (path, text))) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            files.get(number).map(|file| (number, file))
        } {
            let read = one(path, text, settings);
            read.checked.iter().for_each(|(typed, _)| ready.add(typed));
            results.lock().unwrap_or_else(PoisonError::into_inner).push((number, read));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(files.len()) {
            // Without another thread this one does its work too.
            let _ = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        }
        work();
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, read)| read).collect()
}

/// Does two things at the same time where there are two processors.
pub(crate) fn beside<A: Send, B>(other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    if std::thread::available_parallelism().map_or(1, usize::from) == 1 {
        return (other(), own());
    }
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &other);
        let own = own();
        match spawned.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => (done, own),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => (other(), own),
        }
    })
}
