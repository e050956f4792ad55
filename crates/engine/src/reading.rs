//! Rule files read and checked, one by one or on many threads: all that is done with a rule before it is planned among the others.

use crate::checked::checked;
use crate::rule::{RuleFile, read};
use crate::settings::Settings;
use mailhound_mql::typed::Typed;
use mailhound_mql::{Diagnostic, Ready};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

/// Files that other threads read before they are planned: bounds the trees that wait.
const AHEAD: usize = 1024;

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

/// Reads files on this thread and others, makes their constants ready, and hands them to `take` in their order, as soon as that is possible.
pub(crate) fn all(files: &[(&str, &str)], settings: &Settings, ready: &Ready, threads: usize, mut take: impl FnMut(&str, Read)) {
    let next = AtomicUsize::new(0);
    let read_next = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let (path, text) = files.get(number)?;
        let read = one(path, text, settings);
        read.checked.iter().for_each(|(typed, _)| ready.add(typed));
        Some((number, read))
    };
    std::thread::scope(|scope| {
        let (sender, results) = sync_channel(AHEAD);
        for _ in 1..threads.min(files.len()) {
            let sender = sender.clone();
            let work = move || while read_next().is_some_and(|read| sender.send(read).is_ok()) {};
            // Without another thread this one does its work too.
            let _ = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        for (number, (path, _)) in files.iter().enumerate() {
            let read = loop {
                waiting.extend(results.try_iter());
                // With nothing left to read the file is with another thread, of which there is none any more only when it failed.
                match waiting.remove(&number) {
                    Some(read) => break read,
                    None => match read_next().or_else(|| results.recv().ok()) {
                        Some((number, read)) => waiting.insert(number, read),
                        None => return,
                    },
                };
            };
            take(path, read);
        }
    });
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
