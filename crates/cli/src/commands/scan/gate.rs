//! How far reading may run ahead of the work.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of messages that were read and not yet inspected. One message may be longer; it is then alone.
const MAX_BYTES: usize = 64 << 20;

/// Counts what is under way: bytes until they are inspected, messages until their result is printed (results wait for earlier ones).
pub struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    max_messages: usize,
}

#[derive(Default)]
struct State {
    bytes: usize,
    messages: usize,
    is_closed: bool,
}

impl Gate {
    /// A gate that lets so many messages be under way.
    pub fn new(max_messages: usize) -> Gate {
        Gate { state: Mutex::default(), changed: Condvar::new(), max_messages }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for a message of so many bytes. `None` when the gate was closed.
    pub fn enter(&self, bytes: usize) -> Option<Bytes<'_>> {
        let is_full = |state: &mut State| {
            let is_over = state.bytes > 0 && state.bytes.saturating_add(bytes) > MAX_BYTES;
            !state.is_closed && (state.messages >= self.max_messages || is_over)
        };
        let mut state = self.changed.wait_while(self.state(), is_full).unwrap_or_else(PoisonError::into_inner);
        if state.is_closed {
            return None;
        }
        state.bytes += bytes;
        state.messages += 1;
        Some(Bytes { gate: self, bytes })
    }

    /// The result of a message was printed.
    pub fn leave(&self) {
        self.state().messages -= 1;
        self.changed.notify_all();
    }

    /// Lets nothing in any more.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_all();
    }
}

/// The bytes of one message; they are counted until this is dropped.
pub struct Bytes<'g> {
    gate: &'g Gate,
    bytes: usize,
}

impl Drop for Bytes<'_> {
    fn drop(&mut self) {
        self.gate.state().bytes -= self.bytes;
        self.gate.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Whether a message of so many bytes waits at the gate until `open` has happened.
    #[track_caller]
    fn waits(gate: &Gate, bytes: usize, open: impl FnOnce()) {
        std::thread::scope(|scope| {
            let entering = scope.spawn(|| gate.enter(bytes).is_some());
            std::thread::sleep(Duration::from_millis(20));
            assert!(!entering.is_finished());
            open();
            assert!(entering.join().expect("it does not panic"));
        });
    }

    #[test]
    fn long_messages_wait_for_each_other() {
        let gate = Gate::new(100);
        let first = gate.enter(2 * MAX_BYTES);
        assert!(first.is_some(), "one alone may be longer");
        waits(&gate, 1, || drop(first));
    }

    #[test]
    fn results_that_wait_hold_the_reader_back() {
        let gate = Gate::new(1);
        drop(gate.enter(1));
        waits(&gate, 1, || gate.leave());
    }

    #[test]
    fn a_closed_gate_lets_nothing_in() {
        let gate = Gate::new(0);
        gate.close();
        assert!(gate.enter(1).is_none());
    }
}
