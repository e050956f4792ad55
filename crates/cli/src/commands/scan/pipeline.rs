//! Messages through all processors, results in the order of the input.

use crate::input::{self, Input, Unread};
use anyhow::{Result, anyhow, bail};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Stack of a worker. Trees of hostile HTML and deep rules are walked with loops or bounded recursion; this leaves room above that bound.
const STACK_BYTES: usize = 16 << 20;

/// Messages that wait for a worker, for each worker.
const QUEUE: usize = 4;

/// What is said of a message on which the program itself fails.
const BROKEN: &str = "an internal error stopped its inspection; please report it with the message, the other messages go on";

type Numbered<T> = (usize, T);

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
    let (to_workers, work_queue) = sync_channel::<Numbered<Input>>(jobs * QUEUE);
    let (to_writer, results) = sync_channel::<Numbered<Result<T, Unread>>>(jobs * QUEUE);
    let work_queue = Mutex::new(work_queue);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let unread = to_writer.clone();
        let stop = &stop;
        let reader = scope.spawn(move || read(paths, to_workers, unread, stop));
        let spawned = (0..jobs).try_for_each(|_| {
            let (make, work, work_queue, to_writer) = (&worker, &work, &work_queue, to_writer.clone());
            let run = move || {
                let mut worker = make();
                while let Some((number, input)) = next(work_queue) {
                    // What a broken worker holds is thrown away, so nothing half changed is seen again.
                    let result = catch_unwind(AssertUnwindSafe(|| work(&mut worker, &input)));
                    let result = result.map_err(|_| Unread { source: input.source, reason: BROKEN.to_owned() });
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
        let written = spawned.map_err(anyhow::Error::from).and_then(|()| write(&results, &mut take));
        stop.store(true, Ordering::Relaxed);
        drop(results); // so that nobody waits for a place in the queue after an error
        while let Some(rest) = next(&work_queue) {
            drop(rest);
        }
        reader.join().map_err(|_| anyhow!("reading the input failed"))?;
        written
    })
}

fn next(queue: &Mutex<Receiver<Numbered<Input>>>) -> Option<Numbered<Input>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Numbers the inputs. Ends early when nobody takes them any more.
fn read<T>(paths: &[PathBuf], workers: SyncSender<Numbered<Input>>, writer: SyncSender<Numbered<Result<T, Unread>>>, stop: &AtomicBool) {
    let mut number = 0;
    let _ = input::each(paths, |input| {
        if stop.load(Ordering::Relaxed) {
            bail!("nobody listens");
        }
        let sent = match input {
            Ok(input) => workers.send((number, input)).is_ok(),
            Err(unread) => writer.send((number, Err(unread))).is_ok(),
        };
        number += 1;
        if sent { Ok(()) } else { Err(anyhow!("nobody listens")) }
    });
}

/// Brings the results into order.
fn write<T>(results: &Receiver<Numbered<Result<T, Unread>>>, take: &mut impl FnMut(Result<T, Unread>) -> Result<()>) -> Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, result) in results {
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&next) {
            take(result)?;
            next += 1;
        }
    }
    Ok(())
}
