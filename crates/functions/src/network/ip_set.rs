//! `beta.ip_in`: is an address inside any of these blocks?
//!
//! A set is built once from the thousands of blocks that one call of a rule may list (enrichment.md §5.2). It keeps the blocks as
//! sorted ranges that do not touch, so that a question is one binary search.

use mailhound_mql::{Args, Body, Code, Function, Given, PrepareFault, Prepared, example, param};
use mailhound_value::{Eval, Type, Value};
use std::net::{IpAddr, Ipv6Addr};

/// A set of IPv4 and IPv6 addresses. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) counts as its IPv4 address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IpSet {
    /// Ranges with both ends included, ascending, with a gap between neighbours.
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

/// A text that is neither an address nor a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadBlock {
    /// Which of the texts it was, counted from 0.
    pub index: usize,
    /// The text.
    pub text: String,
}

impl std::fmt::Display for BadBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is neither an IP address nor a CIDR block", self.text)
    }
}

impl std::error::Error for BadBlock {}

/// One block as a range.
enum Range {
    V4(u32, u32),
    V6(u128, u128),
}

impl IpSet {
    /// The set of all addresses in `blocks`: CIDR blocks (`192.0.2.0/24`, `2001:db8::/32`) or single addresses. Bits behind the prefix
    /// length are ignored.
    ///
    /// # Errors
    /// The first text that is no block.
    pub fn new<'a>(blocks: impl IntoIterator<Item = &'a str>) -> Result<IpSet, BadBlock> {
        let mut set = IpSet::default();
        for (index, text) in blocks.into_iter().enumerate() {
            match parse_block(text) {
                Some(Range::V4(first, last)) => set.v4.push((first, last)),
                Some(Range::V6(first, last)) => set.v6.push((first, last)),
                None => return Err(BadBlock { index, text: text.to_owned() }),
            }
        }
        merge(&mut set.v4, |last| last.checked_add(1));
        merge(&mut set.v6, |last| last.checked_add(1));
        Ok(set)
    }

    /// Is the address in the set? `None` when `text` is no IP address.
    pub fn contains(&self, text: &str) -> Option<bool> {
        Some(match parse_address(text)? {
            IpAddr::V4(address) => holds(&self.v4, u32::from(address)),
            IpAddr::V6(address) => holds(&self.v6, u128::from(address)),
        })
    }
}

/// The address, with IPv4-mapped IPv6 turned into IPv4.
fn parse_address(text: &str) -> Option<IpAddr> {
    Some(text.trim().parse::<IpAddr>().ok()?.to_canonical())
}

fn parse_block(text: &str) -> Option<Range> {
    let Some((address, prefix)) = text.trim().split_once('/') else {
        return Some(match parse_address(text)? {
            IpAddr::V4(address) => Range::V4(address.into(), address.into()),
            IpAddr::V6(address) => Range::V6(address.into(), address.into()),
        });
    };
    let prefix = parse_prefix(prefix)?;
    match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => v4_range(address.into(), prefix),
        IpAddr::V6(address) => v6_range(address, prefix),
    }
}

/// A prefix length: one to three digits.
fn parse_prefix(text: &str) -> Option<u32> {
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn v4_range(address: u32, prefix: u32) -> Option<Range> {
    let hosts = match prefix {
        0 => u32::MAX,
        1..=32 => u32::MAX.checked_shr(prefix).unwrap_or(0),
        _ => return None,
    };
    Some(Range::V4(address & !hosts, address | hosts))
}

fn v6_range(address: Ipv6Addr, prefix: u32) -> Option<Range> {
    if let (Some(mapped), 96..=128) = (address.to_ipv4_mapped(), prefix) {
        return v4_range(mapped.into(), prefix - 96);
    }
    let hosts = match prefix {
        0 => u128::MAX,
        1..=128 => u128::MAX.checked_shr(prefix).unwrap_or(0),
        _ => return None,
    };
    let address = u128::from(address);
    Some(Range::V6(address & !hosts, address | hosts))
}

/// Sorts the ranges and joins those that overlap or touch; `next` gives the number behind one.
fn merge<T: Ord + Copy>(ranges: &mut Vec<(T, T)>, next: impl Fn(T) -> Option<T>) {
    ranges.sort_unstable();
    ranges.dedup_by(|later, earlier| {
        let touches = next(earlier.1).is_none_or(|behind| later.0 <= behind);
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    ranges.shrink_to_fit();
}

fn holds<T: Ord + Copy>(ranges: &[(T, T)], address: T) -> bool {
    let behind = ranges.partition_point(|(first, _)| *first <= address);
    behind.checked_sub(1).and_then(|idx| ranges.get(idx)).is_some_and(|(_, last)| address <= *last)
}

/// `beta.ip_in`.
pub(super) static IP_IN: Function = Function {
    name: "beta.ip_in",
    about: "True when the address is in any of the blocks. Null for text that is no address.",
    params: &[
        param("ip", Type::String, "An IPv4 or IPv6 address. Null gives null."),
        param("blocks", Type::String, "CIDR blocks or single addresses.").repeated(),
    ],
    returns: Type::Bool,
    needs: &[],
    examples: &[
        example(r#"beta.ip_in("192.0.2.7", "198.51.100.0/24", "192.0.2.0/24")"#, "true"),
        example(r#"beta.ip_in("2001:db8::1", "192.0.2.0/24")"#, "false"),
        example(r#"beta.ip_in("no address", "192.0.2.0/24")"#, "null"),
    ],
    memo: false,
    body: Body::Prepared { prepare, run },
};

fn prepare(given: &Given) -> Result<Prepared, PrepareFault> {
    let (places, blocks): (Vec<usize>, Vec<&str>) = given.texts().unzip();
    if blocks.is_empty() {
        return Ok(None);
    }
    match IpSet::new(blocks) {
        Ok(set) => Ok(Some(Box::new(set))),
        Err(bad) => {
            let argument = places.get(bad.index).map_or(0, |place| place + 1);
            Err(PrepareFault { code: Code::InvalidConstant, argument, offset: 0, message: bad.to_string() })
        }
    }
}

fn run<'m>(args: &Args<'_, 'm>) -> Eval<'m> {
    let Some(ip) = args.str(0) else { return Ok(Value::Null) };
    let prepared = args.prepared::<IpSet>();
    let dynamic: Option<Vec<&str>> = args.texts().map(Iterator::collect);
    if prepared.is_none() && dynamic.is_none() {
        return Ok(Value::Null);
    }
    // A block that is known only now and is none holds no address.
    let dynamic = dynamic.into_iter().flatten().filter_map(|block| IpSet::new([block]).ok());
    let answers: Vec<Option<bool>> = prepared.into_iter().map(|set| set.contains(ip)).chain(dynamic.map(|set| set.contains(ip))).collect();
    Ok(match answers.iter().flatten().any(|found| *found) {
        true => Value::Bool(true),
        false if IpSet::default().contains(ip).is_none() => Value::Null,
        false => Value::Bool(false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(blocks: &[&str], address: &str, expected: Option<bool>) {
        let set = IpSet::new(blocks.iter().copied()).expect("good blocks");
        assert_eq!(set.contains(address), expected, "{address} in {blocks:?}");
    }

    #[test]
    fn addresses_are_found_in_blocks() {
        check(&["10.0.0.0/8", "192.168.0.0/16"], "192.168.1.5", Some(true));
        check(&["10.0.0.0/8", "192.168.0.0/16"], "8.8.8.8", Some(false));
        check(&["10.0.0.0/8"], "9.255.255.255", Some(false));
        check(&["10.0.0.0/8"], "10.255.255.255", Some(true));
        check(&["10.0.0.0/8"], "11.0.0.0", Some(false));
        check(&["0.0.0.0/0"], "255.255.255.255", Some(true));
        check(&["192.0.2.7"], "192.0.2.7", Some(true));
        check(&["192.0.2.7/32"], "192.0.2.8", Some(false));
        check(&[], "192.0.2.7", Some(false));
    }

    #[test]
    fn bits_behind_the_prefix_are_ignored() {
        check(&["5.182.86.0/23"], "5.182.86.7", Some(true));
        check(&["5.182.87.99/23"], "5.182.86.7", Some(true));
    }

    #[test]
    fn overlapping_and_touching_blocks_are_joined() {
        let set = IpSet::new(["10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25", "10.0.3.0/24", "255.255.255.255"]).expect("good blocks");
        assert_eq!(set.v4.len(), 3);
        assert_eq!(set.contains("10.0.1.255"), Some(true));
        assert_eq!(set.contains("10.0.2.0"), Some(false));
        assert_eq!(set.contains("10.0.3.0"), Some(true));
    }

    #[test]
    fn ipv6_has_its_own_ranges_and_mapped_counts_as_ipv4() {
        check(&["2001:db8::/32"], "2001:DB8::1", Some(true));
        check(&["2001:db8::/32"], "2001:db9::1", Some(false));
        check(&["192.0.2.0/24"], "::ffff:192.0.2.9", Some(true));
        check(&["::ffff:192.0.2.0/120"], "192.0.2.9", Some(true));
        check(&["::/0"], "192.0.2.9", Some(false));
        check(&["::1/128"], "::1", Some(true));
    }

    #[test]
    fn what_is_no_address_gives_none() {
        for text in ["", "example.com", "192.0.2", "192.0.2.256", "010.0.0.1", "192.0.2.0/24", "::g"] {
            check(&["0.0.0.0/0"], text, None);
        }
    }

    #[test]
    fn a_bad_block_is_named() {
        let bad = |text: &str| IpSet::new(["10.0.0.0/8", text]).expect_err("bad block");
        for text in ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "x/8", "::/129", "10.0.0.0/8/8"] {
            assert_eq!(bad(text), BadBlock { index: 1, text: text.to_owned() });
        }
        assert_eq!(bad("x/8").to_string(), "`x/8` is neither an IP address nor a CIDR block");
    }
}
