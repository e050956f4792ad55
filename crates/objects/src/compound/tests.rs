//! What a caller gets of whole, broken and hostile compound files.

use super::*;

/// Streams of each kind in two storages: none, mini, exactly at the cut-off, long.
fn sample(version: Version) -> Vec<u8> {
    let mut builder = Builder::new(version, [7; 16]);
    builder.stream(ROOT, "empty", Vec::new());
    builder.stream(ROOT, "short", pattern(100));
    let inner = builder.storage(ROOT, "Inner", [9; 16]);
    builder.stream(inner, "limit", pattern(4096));
    builder.stream(inner, "long", pattern(20_000));
    builder.stream(inner, "mini", pattern(4095));
    builder.finish()
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|idx| (idx % 251) as u8).collect()
}

/// Path, bytes and wholeness of all streams that the tree leads to.
fn streams(file: &Compound<'_>) -> Vec<(String, Content)> {
    let mut found = Vec::new();
    let mut open = vec![(ROOT, String::new())];
    while let Some((storage, path)) = open.pop() {
        for &child in file.children(storage) {
            let entry = file.entry(child).expect("children are entries");
            let path = format!("{path}/{}", entry.name);
            match entry.kind {
                Kind::Storage => open.push((child, path)),
                Kind::Stream => found.push((path, file.content(child))),
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn streams_come_back_as_they_were_written() {
    for version in [Version::V3, Version::V4] {
        let bytes = sample(version);
        let file = Compound::open(&bytes).expect("it has the signature");
        assert_eq!(file.defects(), []);
        let found: Vec<_> = streams(&file).into_iter().map(|(path, content)| (path, content.bytes.len(), content.is_whole)).collect();
        let expected = [("/Inner/limit", 4096), ("/Inner/long", 20_000), ("/Inner/mini", 4095), ("/empty", 0), ("/short", 100)];
        assert_eq!(found, expected.map(|(path, len)| (path.to_owned(), len, true)));
        assert!(streams(&file).iter().all(|(_, content)| content.bytes == pattern(content.bytes.len())), "{version:?}");
        let inner = file.find(ROOT, "INNER").expect("letter case does not count");
        assert_eq!((file.entry(inner).map(|entry| entry.class), file.find(inner, "short")), (Some([9; 16]), None));
    }
}

#[test]
fn the_table_goes_on_behind_the_header() {
    let mut builder = Builder::new(Version::V3, [0; 16]);
    builder.stream(ROOT, "large", pattern(20 << 20)); // 320 sectors of table, 109 of them listed in the header
    let bytes = builder.finish();
    let file = Compound::open(&bytes).expect("it has the signature");
    assert_eq!(file.defects(), []);
    assert_eq!(streams(&file), [("/large".to_owned(), Content { bytes: pattern(20 << 20), is_whole: true })]);
}

#[test]
fn a_storage_becomes_a_file() {
    let bytes = sample(Version::V4);
    let file = Compound::open(&bytes).expect("it has the signature");
    let inner = file.storage_file(file.find(ROOT, "Inner").expect("it is there"));
    let inner = Compound::open(&inner).expect("it is one");
    let found = streams(&inner);
    assert_eq!(inner.entry(ROOT).map(|root| root.class), Some([9; 16]));
    assert_eq!(found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/limit", "/long", "/mini"]);
    assert!(found.iter().all(|(_, content)| content.is_whole && content.bytes == pattern(content.bytes.len())));
}

#[test]
fn a_shorter_file_never_gives_more() {
    let bytes = sample(Version::V3);
    let whole = streams(&Compound::open(&bytes).expect("it has the signature"));
    let mut before = 0;
    for len in 0..bytes.len() {
        let Some(file) = Compound::open(&bytes[..len]) else {
            assert!(len < SIGNATURE.len());
            continue;
        };
        assert!(len == 0 || !file.defects().is_empty() || len > bytes.len() - 512, "{len}");
        let mut given = 0;
        for (path, content) in streams(&file) {
            let (_, full) = whole.iter().find(|(other, _)| *other == path).expect("no new streams");
            assert!(full.bytes.starts_with(&content.bytes), "{path} at {len}");
            assert_eq!(content.is_whole, full.bytes == content.bytes, "{path} at {len}");
            given += content.bytes.len() + 1;
        }
        assert!(given >= before, "{len}");
        before = given;
    }
}

/// Changes one word of the sample; gives the lengths of the streams that are left whole, and the defects.
fn broken(at: usize, word: u32) -> (usize, Vec<Defect>) {
    let mut bytes = sample(Version::V3);
    bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
    let file = Compound::open(&bytes).expect("it has the signature");
    let streams = streams(&file);
    assert!(streams.iter().map(|(_, content)| content.bytes.len()).sum::<usize>() <= SHARED_READS * bytes.len());
    (streams.iter().filter(|(_, content)| content.is_whole).count(), file.defects().to_vec())
}

#[test]
fn what_is_wrong_is_named_and_the_rest_delivered() {
    let bytes = sample(Version::V3);
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let sector = |number: usize| (number + 1) * 512;
    let (fat, directory) = (sector(word(76)), sector(word(48)));
    let entry = |idx: usize| directory + 128 * idx; // root, empty, short, Inner, limit, long, mini
    let long = word(entry(5) + 116);
    let cases = [
        ("sector size", 30, 0x0006_0063, 5, vec![Defect::Header]),
        ("version", 24, 0x0005_003E, 5, vec![Defect::Header]),
        ("cut-off", 56, 1, 5, vec![Defect::Header]),
        ("no directory", 48, FAR, 0, vec![Defect::Directory]),
        ("no table", 76, FAR, 2, vec![Defect::Table, Defect::Directory, Defect::Tree]),
        ("no mini table", 60, FAR, 3, vec![Defect::Table]),
        ("a chain that leads out", fat + 4 * (long + 3), FAR, 4, vec![]),
        ("a chain that returns", fat + 4 * (long + 3), long as u32, 4, vec![]),
        ("a directory that returns", fat + 4 * word(48), word(48) as u32, 2, vec![Defect::Directory, Defect::Tree]),
        ("a stream that begins outside", entry(5) + 116, FAR, 4, vec![]),
        ("a stream that is too long", entry(5) + 120, u32::MAX, 4, vec![]),
        ("no mini stream", entry(0) + 116, FAR, 3, vec![]),
        ("an entry under itself", entry(3) + 76, 3, 2, vec![Defect::Tree]),
        ("a root under itself", entry(0) + 76, 0, 0, vec![Defect::Tree]),
        ("a child that is none", entry(3) + 76, FAR, 2, vec![Defect::Tree]),
    ];
    let mut wrong = Vec::new();
    for (name, at, word, whole, defects) in cases {
        let found = broken(at, word);
        if found != (whole, defects) {
            wrong.push((name, found));
        }
    }
    assert_eq!(wrong, []);
}

/// A sector or an entry that no small file has.
const FAR: u32 = 0x0001_0000;

#[test]
fn shared_sectors_do_not_multiply() {
    let mut builder = Builder::new(Version::V3, [0; 16]);
    builder.stream(ROOT, "a0", pattern(100_000));
    (1..1000).for_each(|idx| builder.stream(ROOT, &format!("a{idx}"), Vec::new()));
    let mut bytes = builder.finish();
    let directory = (u32::from_le_bytes(bytes[48..52].try_into().unwrap()) as usize + 1) * 512;
    let start = bytes[directory + 128 + 116..directory + 128 + 128].to_vec();
    (2..=1000).for_each(|idx| bytes[directory + 128 * idx + 116..directory + 128 * idx + 128].copy_from_slice(&start));
    let found = streams(&Compound::open(&bytes).expect("it has the signature"));
    let given: usize = found.iter().map(|(_, content)| content.bytes.len()).sum();
    assert_eq!(found.len(), 1000);
    assert!(given > bytes.len() && given <= SHARED_READS * bytes.len(), "{given}");
}

/// Chains that begin where the file ends give nothing, and are walked no more often than those that do.
#[test]
fn chains_outside_the_file_are_paid_for() {
    let mut builder = Builder::new(Version::V3, [0; 16]);
    builder.stream(ROOT, "a0", pattern(1 << 20));
    (1..200).for_each(|idx| builder.stream(ROOT, &format!("a{idx}"), Vec::new()));
    let mut bytes = builder.finish();
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let directory = (word(&bytes, 48) + 1) * 512;
    let outside = bytes.len() / 512 - 1;
    let table = (word(&bytes, 76 + 4 * (outside / 128)) + 1) * 512 + 4 * (outside % 128);
    let start = bytes[directory + 128 + 116..directory + 128 + 120].to_vec();
    bytes[table..table + 4].copy_from_slice(&start);
    for idx in 1..=200 {
        let entry = directory + 128 * idx;
        bytes[entry + 116..entry + 120].copy_from_slice(&(outside as u32).to_le_bytes());
        bytes[entry + 120..entry + 124].copy_from_slice(&(1u32 << 20).to_le_bytes());
    }
    let file = Compound::open(&bytes).expect("it has the signature");
    assert_eq!(streams(&file).iter().filter(|(_, content)| !content.bytes.is_empty()).count(), 0);
    assert_eq!(file.left.get(), 0, "all that may be read is spent, though nothing came of it");
}

#[test]
fn single_wrong_bytes_never_panic() {
    let bytes = sample(Version::V3);
    let directory = (u32::from_le_bytes(bytes[48..52].try_into().unwrap()) as usize + 1) * 512;
    let table = (u32::from_le_bytes(bytes[76..80].try_into().unwrap()) as usize + 1) * 512;
    for at in (8..512).chain(directory..directory + 1024).chain(table..table + 512) {
        for value in [0, 1, 0x7F, 0xFE, 0xFF] {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            let file = Compound::open(&bytes).expect("it has the signature");
            let given: usize = streams(&file).iter().map(|(_, content)| content.bytes.len()).sum();
            assert!(given <= SHARED_READS * bytes.len());
        }
    }
}
