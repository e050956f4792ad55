//! SPF and DMARC of the message as a whole (reference mdm.md §9.6).

use crate::model::{AuthSummary, AuthenticationResults, DmarcSummary, Spf, SpfSummary};

/// What one hop recorded, its results not yet merged.
#[derive(Default)]
pub(crate) struct HopResults<'h> {
    /// The Received-SPF header.
    pub received_spf: Option<&'h Spf>,
    /// The results headers, the most trusted type first.
    pub results: &'h [AuthenticationResults],
}

/// The verdicts of the lowest hop that has them. Hops come in ascending order; `None` when none has any.
///
/// Received-SPF and Authentication-Results decide first; the other types, which carry what earlier servers saw, only when no hop has one
/// of these.
pub(crate) fn summarize(hops: &[HopResults<'_>]) -> Option<AuthSummary> {
    let (spf, dmarc) = (spf(hops), dmarc(hops));
    (spf.is_some() || dmarc.is_some()).then_some(AuthSummary { spf, dmarc })
}

fn spf(hops: &[HopResults<'_>]) -> Option<SpfSummary> {
    let standard = first(hops, |hop| {
        let received = hop.received_spf.and_then(|spf| Some((spf.verdict.clone()?, Some(spf.clone()))));
        received.or_else(|| of_type(hop, true, |results| Some((results.spf.clone()?, results.spf_details.clone()))))
    });
    let (hop, (verdict, details)) =
        standard.or_else(|| first(hops, |hop| of_type(hop, false, |results| Some((results.spf.clone()?, results.spf_details.clone())))))?;
    Some(SpfSummary { pass: Some(is_pass(&verdict)), error: Some(is_error(&verdict)), received_hop: Some(hop), details })
}

fn dmarc(hops: &[HopResults<'_>]) -> Option<DmarcSummary> {
    let find =
        |standard| first(hops, |hop| of_type(hop, standard, |results| Some((results.dmarc.clone()?, results.dmarc_details.clone()))));
    let (hop, (verdict, details)) = find(true).or_else(|| find(false))?;
    Some(DmarcSummary { pass: Some(is_pass(&verdict)), error: Some(is_error(&verdict)), received_hop: Some(hop), details })
}

fn first<T>(hops: &[HopResults<'_>], find: impl Fn(&HopResults<'_>) -> Option<T>) -> Option<(i64, T)> {
    (0i64..).zip(hops).find_map(|(index, hop)| find(hop).map(|found| (index, found)))
}

fn of_type<T>(hop: &HopResults<'_>, standard: bool, find: impl Fn(&AuthenticationResults) -> Option<T>) -> Option<T> {
    hop.results.iter().filter(|results| (results.r#type.as_deref() == Some("standard")) == standard).find_map(find)
}

fn is_pass(verdict: &str) -> bool {
    verdict.eq_ignore_ascii_case("pass")
}

fn is_error(verdict: &str) -> bool {
    ["temperror", "permerror", "tempfail", "error"].iter().any(|error| verdict.eq_ignore_ascii_case(error))
}
