//! ZIP archives (explode-scanners.md §5.5).

use crate::archive::{Member, Zip};
use crate::explode::Visit;
use crate::{Partial, shapes};
use mailhound_value::{Maybe, Unavailable};

pub(super) fn scan(visit: &mut Visit<'_, '_, '_>) {
    let Some(zip) = Zip::open(visit.bytes) else {
        let missing = Unavailable::failure("zip: no directory");
        visit.scan_mut().zip = Err(missing.clone());
        visit.gap(&missing);
        return;
    };
    visit.scan_mut().zip = Ok(Some(Box::new(shape(&zip))));
    let (tried, extracted) = extract(visit, &zip);
    if let Ok(Some(shape)) = &mut visit.scan_mut().zip {
        shape.attempted_files = tried;
        shape.total_extracted = extracted;
    }
}

/// What the directory says.
fn shape(zip: &Zip<'_>) -> shapes::Zip {
    let mut all_paths: Partial<String> = zip.members.iter().map(|member| member.name.clone()).collect();
    if zip.is_cut() {
        all_paths.cut(Unavailable::limit("files.members"));
    }
    shapes::Zip {
        all_paths,
        attempted_files: Partial::default(),
        encrypted: Some(zip.encrypted),
        total_extracted: Ok(None),
        total_files: i64::try_from(zip.total).ok(),
    }
}

/// Explodes the members up to the limit; encrypted ones are left to the scanner of encrypted archives. Gives the names that were tried
/// and how many became files.
fn extract(visit: &mut Visit<'_, '_, '_>, zip: &Zip<'_>) -> (Partial<String>, Maybe<Option<i64>>) {
    let limit = visit.budget().limits().archive_members;
    let mut tried = Partial::default();
    let mut extracted = Ok(0);
    let mut taken = 0;
    for member in zip.members.iter().filter(|member| !member.is_folder()) {
        if taken >= limit || visit.is_full() {
            let missing = Unavailable::limit(if visit.is_full() { "files.nodes" } else { "files.members" });
            visit.gap(&missing);
            return (tried, Err(missing));
        }
        tried.push(member.name.clone());
        if !member.encrypted {
            taken += 1;
            extracted = extract_member(visit, zip, member, extracted);
        }
    }
    if zip.is_cut() {
        let missing = Unavailable::limit("files.members");
        visit.gap(&missing);
        tried.cut(missing.clone());
        return (tried, Err(missing));
    }
    (tried, extracted.map(Some))
}

/// Adds one member and counts it. A damaged one is none; where a limit or another method hides it, the count is unknown.
fn extract_member(visit: &mut Visit<'_, '_, '_>, zip: &Zip<'_>, member: &Member, count: Maybe<i64>) -> Maybe<i64> {
    let bytes = zip.read(member, visit.budget());
    let count = match &bytes {
        Ok(_) => count.map(|count| count + 1),
        Err(missing) if missing.needs().iter().all(|need| matches!(need, mailhound_value::Need::Failure(_))) => count,
        Err(missing) => Err(count.err().map_or(missing.clone(), |known| known.and(missing))),
    };
    visit.child_or_opaque(Some(&member.name), bytes);
    count
}
