//! Compressed RTF ([MS-OXRTFCP]): a dictionary of 4096 bytes that begins with common RTF.

/// Bytes of the header: packed size, unpacked size, kind, CRC; each a little-endian u32 (§2.1.3.1).
const HEADER: usize = 16;
const COMPRESSED: &[u8] = b"LZFu";
const UNCOMPRESSED: &[u8] = b"MELA";

/// The dictionary is a ring; its first bytes are given (§2.1.2.1, §2.1.3.3.1).
const RING: usize = 4096;
const PRIMER: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// The RTF inside; `None` when the header is none of this format. At most `max` bytes come out.
///
/// RTF without header is given as it is. Both sizes and the CRC of the header are ignored: truncated and damaged data gives what can be
/// read, and the RTF ends by its own last brace.
pub(crate) fn decompress(bytes: &[u8], max: usize) -> Option<Vec<u8>> {
    let plain = |bytes: &[u8]| bytes.get(..max).unwrap_or(bytes).to_vec();
    if bytes.starts_with(b"{\\rtf") {
        return Some(plain(bytes));
    }
    let (header, content) = bytes.split_at_checked(HEADER)?;
    match header.get(8..12)? {
        COMPRESSED => Some(unpack(content, max)),
        UNCOMPRESSED => Some(plain(content)),
        _ => None,
    }
}

/// Runs of a control byte and eight items, lowest bit first: 0 is a literal byte, 1 a reference of two bytes, place (12 bits) and length
/// less two (4 bits). A reference to the place that is written next is the end (§2.2.2, §3.1.5).
fn unpack(content: &[u8], max: usize) -> Vec<u8> {
    let mut ring = [0; RING];
    for (place, byte) in ring.iter_mut().zip(PRIMER) {
        *place = *byte;
    }
    let mut at = PRIMER.len();
    let mut out = Vec::new();
    let mut input = content.iter().copied();
    while let Some(control) = input.next() {
        for bit in 0..8 {
            if out.len() >= max {
                return out;
            }
            let Some(first) = input.next() else { return out };
            let (from, len) = if control >> bit & 1 == 0 {
                write(&mut ring, &mut at, first);
                out.push(first);
                continue;
            } else {
                let Some(second) = input.next() else { return out };
                (usize::from(first) << 4 | usize::from(second >> 4), usize::from(second & 15) + 2)
            };
            if from == at {
                return out;
            }
            for idx in 0..len.min(max - out.len()) {
                let byte = ring.get((from + idx) % RING).copied().unwrap_or_default();
                write(&mut ring, &mut at, byte);
                out.push(byte);
            }
        }
    }
    out
}

fn write(ring: &mut [u8; RING], at: &mut usize, byte: u8) {
    if let Some(place) = ring.get_mut(*at) {
        *place = byte;
    }
    *at = (*at + 1) % RING;
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A header of this kind; sizes and CRC are zero, which no reader of ours minds.
    fn header(kind: &[u8]) -> Vec<u8> {
        [&[0; 8], kind, &[0; 4]].concat()
    }

    /// Literal bytes only, and the end mark.
    pub(in crate::outlook::rtf) fn literal(rtf: &[u8]) -> Vec<u8> {
        let mut bytes = header(COMPRESSED);
        for run in rtf.chunks(8) {
            bytes.push(if run.len() < 8 { 1 << run.len() } else { 0 });
            bytes.extend(run);
        }
        if rtf.len().is_multiple_of(8) {
            bytes.push(1);
        }
        let end = (PRIMER.len() + rtf.len()) % RING;
        bytes.extend([(end >> 4) as u8, (end << 4) as u8]);
        bytes
    }

    /// The examples of [MS-OXRTFCP] §4.1.1 and §4.1.2.
    const EXAMPLES: [(&[u8], &str); 2] = [
        (
            b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0",
            "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        (b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4\x4b\x51\x41\0\x04 WXYZ\x0dn}\x01\x0e\xb0", "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ];

    #[test]
    fn examples_of_the_specification_unpack() {
        for (packed, rtf) in EXAMPLES {
            assert_eq!(String::from_utf8(decompress(packed, 100).unwrap()).unwrap(), rtf);
        }
    }

    #[test]
    fn literals_come_out_as_they_are() {
        for len in [0, 1, 7, 8, 9, 3888, 3889, 3890, 10_000] {
            let rtf: Vec<u8> = (0..len).map(|idx| (idx % 251) as u8).collect();
            assert_eq!(decompress(&literal(&rtf), usize::MAX), Some(rtf));
        }
    }

    #[test]
    fn uncompressed_rtf_is_kept() {
        let stored = [header(UNCOMPRESSED), b"{\\rtf1 x}".to_vec()].concat();
        assert_eq!(decompress(&stored, 100).as_deref(), Some(&b"{\\rtf1 x}"[..]));
        assert_eq!(decompress(b"{\\rtf1 bare}", 100).as_deref(), Some(&b"{\\rtf1 bare}"[..]));
        assert_eq!(decompress(&stored, 3).as_deref(), Some(&b"{\\r"[..]));
    }

    #[test]
    fn other_bytes_are_no_compressed_rtf() {
        assert_eq!(decompress(b"", 100), None);
        assert_eq!(decompress(&header(b"LZFx"), 100), None);
        assert_eq!(decompress(&header(COMPRESSED)[..15], 100), None);
    }

    #[test]
    fn truncated_data_gives_its_beginning() {
        for (packed, rtf) in EXAMPLES {
            for len in HEADER..packed.len() {
                let found = decompress(&packed[..len], 100).unwrap();
                assert!(rtf.as_bytes().starts_with(&found), "{len}");
            }
        }
        let (packed, rtf) = EXAMPLES[1];
        for max in 0..rtf.len() {
            assert_eq!(decompress(packed, max).as_deref(), rtf.as_bytes().get(..max));
        }
    }
}
