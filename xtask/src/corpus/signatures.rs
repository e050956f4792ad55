//! DKIM and ARC of real mail. Its keys are not in the corpus, but whether a body is the one that was hashed can be told without them.

use super::{Outcome, files};
use anyhow::Result;
use mailhound_enrich::signatures::{self, Keys, Verification, Verifier};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// Signatures of `corpus/eml` whose body hash holds; in the others the publisher or a hop changed the body.
const BODIES: usize = 853;

/// Time for the signatures of one message.
const MAX_TIME: Duration = Duration::from_secs(1);

/// Public keys of RFC 8463, appendix A.2.
const RFC_8463: &str = "\
brisbane._domainkey.football.example.com v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
test._domainkey.football.example.com v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
";

/// Runs the checks.
pub fn check(shared: &Path) -> Result<Vec<Outcome>> {
    Ok(vec![bodies(shared)?, standard(shared)?])
}

fn bodies(shared: &Path) -> Result<Outcome> {
    let verifier = Verifier::new(Keys::default(), None);
    let (mut signatures, mut holding, mut slowest, mut wrong) = (0, 0, Duration::ZERO, Vec::new());
    for path in files(&shared.join("corpus/eml")) {
        let bytes = std::fs::read(&path)?;
        let started = Instant::now();
        let found = catch_unwind(AssertUnwindSafe(|| verifier.verify(&bytes, 0)));
        let elapsed = started.elapsed();
        slowest = slowest.max(elapsed);
        match found {
            Ok(found) => {
                let hashes: Vec<_> = hashes(&found).collect();
                signatures += hashes.len();
                holding += hashes.iter().filter(|hash| **hash == signatures::Outcome::Pass).count();
            }
            Err(_) => wrong.push(format!("{}: panic", path.display())),
        }
        if elapsed > MAX_TIME {
            wrong.push(format!("{}: {elapsed:?}", path.display()));
        }
    }
    if holding < BODIES {
        wrong.push(format!("only {holding} body hashes hold"));
    }
    let slowest = slowest.as_secs_f64();
    Ok(Outcome::of(format!("{holding} of {signatures} body hashes hold, no key needed; slowest message {slowest:.3} s"), wrong))
}

fn hashes(found: &Verification) -> impl Iterator<Item = signatures::Outcome> {
    found.dkim.iter().chain(found.arc.sets.iter().map(|set| &set.signature)).filter_map(|signature| signature.body_hash)
}

/// The message of RFC 8463, appendix A.3, with its Ed25519 and its RSA signature.
fn standard(shared: &Path) -> Result<Outcome> {
    let bytes = std::fs::read(shared.join("corpus/eml/torture/mimekit/dkim/rfc8463-example.msg"))?;
    let found = Verifier::new(Keys::parse(RFC_8463)?, None).verify(&bytes, 0);
    let holding = found.dkim.iter().filter(|signature| signature.result == signatures::Outcome::Pass).count();
    let wrong = if holding == 2 { Vec::new() } else { vec![format!("{:?}", found.dkim)] };
    Ok(Outcome::of(format!("{holding} of 2 signatures of RFC 8463 hold"), wrong))
}
