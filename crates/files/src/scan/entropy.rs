//! Shannon entropy of the byte values.

use crate::explode::Visit;
use crate::shapes::Entropy;

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let entropy = entropy(visit.bytes);
    visit.scan_mut().entropy = Ok(Some(Box::new(Entropy { entropy })));
}

/// Bits per byte, 0.0 to 8.0.
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u64; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let total = bytes.len() as f64;
    let bits = counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / total).map(|share| -share * share.log2());
    bits.sum::<f64>().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_bits_per_byte() {
        assert_eq!(entropy(b""), 0.0);
        assert_eq!(entropy(b"aaaa"), 0.0);
        assert_eq!(entropy(b"abab"), 1.0);
        assert_eq!(entropy(&(0..=255).collect::<Vec<u8>>()), 8.0);
    }
}
