//! Messages through all processors, results in the order of the input.

use super::gate::{Bytes, Gate};
use crate::input::{Input, Source, Unread};
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Stack of a worker. Trees of hostile HTML and deep rules are walked with loops or bounded recursion; this leaves room above that bound.
const STACK_BYTES: usize = 16 << 20;

/// Messages that wait for a worker, for each worker.
const QUEUE: usize = 4;

/// What is said of a message on which the program itself fails.
const BROKEN: &str = "an internal error stopped its inspection; please report it with the message, the other messages go on";

/// Messages that are read before the result of an earlier one is printed, for each worker: bounds the results that wait.
const AHEAD: usize = 256;

type Numbered<T> = (usize, T);

/// A message, and its share of what may be read ahead.
type Held<'g> = (Input, Bytes<'g>);

/// Reads the inputs, runs `work` on `jobs` threads and hands the results to `take` in the order of the inputs. `worker` makes what each
/// thread keeps from one message to the next. A message on which `work` panics is handed over as unread, and the run goes on.
///
/// # Errors
/// Those of `take`, which end the run.
pub fn run<T: Send, W>(
    paths: &[PathBuf],
    jobs: usize,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, &Input) -> T + Sync,
    mut take: impl FnMut(Result<T, Unread>) -> Result<()>,
) -> Result<()> {
    let gate = &Gate::new(jobs * AHEAD);
    let (to_workers, work_queue) = sync_channel::<Numbered<Held<'_>>>(jobs * QUEUE);
    let (to_writer, results) = sync_channel::<Numbered<Result<T, Unread>>>(jobs * QUEUE);
    let work_queue = Mutex::new(work_queue);
    std::thread::scope(|scope| {
        let unread = to_writer.clone();
        let reader = scope.spawn(move || read(paths, to_workers, unread, gate));
        let spawned = (0..jobs).try_for_each(|_| {
            let (make, work, work_queue, to_writer) = (&worker, &work, &work_queue, to_writer.clone());
            let run = move || {
                let mut worker = make();
                while let Some((number, (input, bytes))) = next(work_queue) {
                    // What a broken worker holds is thrown away, so nothing half changed is seen again.
                    let result = catch_unwind(AssertUnwindSafe(|| work(&mut worker, &input)));
                    let result = result.map_err(|_| Unread { source: input.source, reason: BROKEN.to_owned() });
                    drop((input.bytes, bytes));
                    if result.is_err() {
                        worker = make();
                    }
                    if to_writer.send((number, result)).is_err() {
                        return;
                    }
                }
            };
            std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run).map(|_| ())
        });
        drop(to_writer);
        let written = spawned.map_err(anyhow::Error::from).and_then(|()| write(&results, gate, &mut take));
        gate.close();
        drop(results); // so that nobody waits for a place in the queue after an error
        while let Some(rest) = next(&work_queue) {
            drop(rest);
        }
        reader.join().map_err(|_| anyhow!("reading the input failed"))?;
        written
    })
}

fn next<'g>(queue: &Mutex<Receiver<Numbered<Held<'g>>>>) -> Option<Numbered<Held<'g>>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Numbers the inputs. Ends early when nobody takes them any more.
fn read<'g, T>(
    paths: &[PathBuf],
    workers: SyncSender<Numbered<Held<'g>>>,
    writer: SyncSender<Numbered<Result<T, Unread>>>,
    gate: &'g Gate,
) {
    for (number, input) in Source::new(paths).enumerate() {
        let len = input.as_ref().map_or(0, |input| input.bytes.capacity());
        let Some(bytes) = gate.enter(len) else { return };
        let is_sent = match input {
            Ok(input) => workers.send((number, (input, bytes))).is_ok(),
            Err(unread) => writer.send((number, Err(unread))).is_ok(),
        };
        if !is_sent {
            return;
        }
    }
}

/// Brings the results into order.
fn write<T>(
    results: &Receiver<Numbered<Result<T, Unread>>>,
    gate: &Gate,
    take: &mut impl FnMut(Result<T, Unread>) -> Result<()>,
) -> Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, result) in results {
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&next) {
            take(result)?;
            gate.leave();
            next += 1;
        }
    }
    Ok(())
}
