//! Messages through all processors, results in the order of the input.

use crate::input::{self, Input, Unread};
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Stack of a worker. Trees of hostile HTML and deep rules are walked with loops or bounded recursion; this leaves room above that bound.
const STACK_BYTES: usize = 16 << 20;

/// Messages that wait for a worker, for each worker.
const QUEUE: usize = 4;

type Numbered<T> = (usize, T);

/// Reads the inputs, runs `work` on `jobs` threads and hands the results to `take` in the order of the inputs. `worker` makes what each
/// thread keeps from one message to the next.
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
    std::thread::scope(|scope| {
        let unread = to_writer.clone();
        let reader = scope.spawn(move || read(paths, &to_workers, &unread));
        for _ in 0..jobs {
            let (worker, work, work_queue, to_writer) = (&worker, &work, &work_queue, to_writer.clone());
            let run = move || {
                let mut worker = worker();
                while let Some((number, input)) = next(work_queue) {
                    if to_writer.send((number, Ok(work(&mut worker, &input)))).is_err() {
                        return;
                    }
                }
            };
            std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run)?;
        }
        drop(to_writer);
        let written = write(&results, &mut take);
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

/// Numbers the inputs. Stops when nobody takes them any more.
fn read<T>(paths: &[PathBuf], workers: &SyncSender<Numbered<Input>>, writer: &SyncSender<Numbered<Result<T, Unread>>>) {
    let mut number = 0;
    let _ = input::each(paths, |input| {
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
