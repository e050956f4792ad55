//! Context-triggered piecewise hash, as ssdeep prints it (J. Kornblum, "Identifying almost identical files using context triggered
//! piecewise hashing", Digital Investigation 3S, 2006).
//!
//! A rolling sum over seven bytes cuts the file into pieces; each piece gives one character. The block size decides how often it cuts. It
//! is not known before the end, so every size that can still be the right one is followed at once; sizes that have become too small are
//! dropped, which keeps the cost linear.

/// Characters of a signature at most.
const LEN: usize = 64;
/// Block sizes are 3, 6, 12, …
const SIZES: usize = 31;
const WINDOW: usize = 7;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Start value and prime of the piece hash; only its low six bits are ever used, so one byte is enough.
const PIECE_START: u8 = 0x27;
const PIECE_PRIME: u8 = 0x93;

/// The signature: block size, signature at that size, signature at the double size, separated by colons.
pub(super) fn digest(bytes: &[u8]) -> String {
    let mut state = State::new(bytes.len());
    bytes.iter().for_each(|byte| state.step(*byte));
    state.finish()
}

/// The rolling sum over the last seven bytes.
#[derive(Default)]
struct Rolling {
    window: [u8; WINDOW],
    next: usize,
    sum: u32,
    weighted: u32,
    shifted: u32,
}

impl Rolling {
    fn step(&mut self, byte: u8) -> u32 {
        let old = u32::from(self.window[self.next]);
        self.weighted = self.weighted.wrapping_sub(self.sum).wrapping_add(WINDOW as u32 * u32::from(byte));
        self.sum = self.sum.wrapping_add(u32::from(byte)).wrapping_sub(old);
        self.window[self.next] = byte;
        self.next = (self.next + 1) % WINDOW;
        self.shifted = (self.shifted << 5) ^ u32::from(byte);
        self.value()
    }

    fn value(&self) -> u32 {
        self.sum.wrapping_add(self.weighted).wrapping_add(self.shifted)
    }
}

/// The pieces at one block size.
#[derive(Clone)]
struct Level {
    /// One character per finished piece; the last place is overwritten once all are used.
    pieces: Vec<u8>,
    /// The character that the last place holds when it is full.
    last: Option<u8>,
    /// Same for the shorter signature, whose last place fills earlier.
    half_last: Option<u8>,
    hash: u8,
    half_hash: u8,
}

struct State {
    len: usize,
    rolling: Rolling,
    levels: Vec<Level>,
    /// The smallest block size that can still be chosen.
    first: usize,
}

fn block_size(level: usize) -> usize {
    3 << level
}

fn mix(hash: u8, byte: u8) -> u8 {
    hash.wrapping_mul(PIECE_PRIME) ^ byte
}

fn letter(hash: u8) -> u8 {
    ALPHABET[usize::from(hash & 63)]
}

impl State {
    fn new(len: usize) -> Self {
        let level = Level { pieces: Vec::new(), last: None, half_last: None, hash: PIECE_START, half_hash: PIECE_START };
        State { len, rolling: Rolling::default(), levels: vec![level], first: 0 }
    }

    fn step(&mut self, byte: u8) {
        let sum = self.rolling.step(byte) as usize;
        for level in &mut self.levels[self.first..] {
            level.hash = mix(level.hash, byte);
            level.half_hash = mix(level.half_hash, byte);
        }
        let mut idx = self.first;
        while idx < self.levels.len() && sum % block_size(idx) == block_size(idx) - 1 {
            if self.levels[idx].pieces.is_empty() && self.levels[idx].last.is_none() && idx + 1 == self.levels.len() && idx + 1 < SIZES {
                let Level { hash, half_hash, .. } = self.levels[idx];
                self.levels.push(Level { pieces: Vec::new(), last: None, half_last: None, hash, half_hash });
            }
            self.cut(idx);
            idx += 1;
        }
    }

    /// Ends the current piece of a level.
    fn cut(&mut self, idx: usize) {
        let level = &mut self.levels[idx];
        level.half_last = Some(letter(level.half_hash));
        if level.pieces.len() < LEN - 1 {
            level.pieces.push(letter(level.hash));
            level.hash = PIECE_START;
            if level.pieces.len() < LEN / 2 {
                level.half_hash = PIECE_START;
                level.half_last = None;
            }
            return;
        }
        level.last = Some(letter(level.hash));
        let is_smallest = idx == self.first && idx + 1 < self.levels.len();
        if is_smallest && block_size(idx) * LEN < self.len && self.levels[idx + 1].pieces.len() >= LEN / 2 {
            self.first += 1;
        }
    }

    fn finish(&self) -> String {
        let mut idx = self.first;
        while idx + 1 < SIZES && block_size(idx) * LEN < self.len {
            idx += 1;
        }
        idx = idx.min(self.levels.len() - 1);
        while idx > self.first && self.levels[idx].pieces.len() < LEN / 2 {
            idx -= 1;
        }
        let open = self.rolling.value() != 0;
        let level = &self.levels[idx];
        let mut whole = level.pieces.clone();
        whole.extend(if open { Some(letter(level.hash)) } else { level.last });
        let half = self.half(idx + 1, idx, open);
        format!("{}:{}:{}", block_size(idx), String::from_utf8_lossy(&whole), String::from_utf8_lossy(&half))
    }

    /// The shorter signature at the double block size.
    fn half(&self, idx: usize, below: usize, open: bool) -> Vec<u8> {
        let Some(level) = self.levels.get(idx) else {
            // Never cut at the smaller size: the whole file is one piece at the double size too.
            return if open { vec![letter(self.levels[below].hash)] } else { Vec::new() };
        };
        let mut half: Vec<u8> = level.pieces.iter().copied().take(LEN / 2 - 1).collect();
        half.extend(if open { Some(letter(level.half_hash)) } else { level.half_last });
        half
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_files() {
        assert_eq!(digest(b""), "3::");
        assert_eq!(
            digest(b"Also called fuzzy hashes, Ctph can match inputs that have homologies."),
            "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C"
        );
    }

    #[test]
    fn cost_does_not_grow_faster_than_the_file() {
        assert!(digest(&vec![0; 1 << 20]).starts_with("3:"));
        assert!(digest(&(0..1 << 20).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>()).len() > 20);
    }
}
