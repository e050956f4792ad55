//! The lists that rules call by name: built in, of the organisation, of the history, of a directory.

use crate::settings::Settings;
use mailhound_objects::Domain;
use mailhound_value::{Maybe, NamedList, Person, Type, Typed, Unavailable, capability};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

macro_rules! built_in {
    ($($name:literal $file:literal,)*) => {
        /// Name, file name and content of each built-in list.
        static BUILT_IN: &[(&str, &str, &str)] = &[$(($name, $file, include_str!(concat!("../../../lists/", $file))),)*];
    };
}

built_in! {
    "bulk_mailer_url_root_domains" "bulk_mailer_url_root_domains.txt",
    "disposable_email_providers" "disposable_email_providers.txt",
    "email_forwarding_domains" "email_forwarding_domains.txt",
    "file_extensions_common_archives" "file_extensions_common_archives.txt",
    "file_extensions_executables" "file_extensions_executables.txt",
    "file_extensions_macros" "file_extensions_macros.txt",
    "file_extensions_suspicious" "file_extensions_suspicious.txt",
    "file_types_images" "file_types_images.txt",
    "free_email_providers" "free_email_providers.txt",
    "free_file_hosts" "free_file_hosts.txt",
    "free_subdomain_hosts" "free_subdomain_hosts.txt",
    "high_trust_sender_root_domains" "high_trust_sender_root_domains.txt",
    "parked_domain_nameservers" "parked_domain_nameservers.txt",
    "replyto_service_domains" "replyto_service_domains.txt",
    "self_service_creation_platform_domains" "self_service_creation_platform_domains.txt",
    "social_landing_hosts" "social_landing_hosts.txt",
    "suspicious_content" "suspicious_content.txt",
    "suspicious_subjects" "suspicious_subjects.txt",
    "suspicious_subjects_regex" "suspicious_subjects_regex.txt",
    "suspicious_tlds" "suspicious_tlds.txt",
    "tenant_domains" "tenant_domains.txt",
    "tranco_10k" "tranco_10k.csv",
    "tranco_50k" "tranco_50k.csv",
    "umbrella_1m_tld" "umbrella_1m_tld.csv",
    "url_shorteners" "url_shorteners.txt",
}

/// Rankings of which only the head is built in: the list, and the built-in list that is its head.
const HEADS: &[(&str, &str)] = &[("tranco_1m", "tranco_50k")];

/// Lists that rules call and that are neither built in nor of the organisation or history: downloads of others.
const DOWNLOADS: &[&str] = &[
    "abuse_ch_malwarebazaar_sha256_trusted_reporters",
    "abuse_ch_urlhaus_domains_trusted_reporters",
    "abuse_ch_urlhaus_urls_trusted_reporters",
    "alexa_1m",
    "majestic_million",
    "org_brand_names",
    "umbrella_1m",
];

/// Lists that the sender history keeps.
const OF_HISTORY: &[&str] = &["recipient_domains", "recipient_emails", "sender_domains", "sender_emails"];

/// Lists that the configuration of the organisation gives.
const OF_ORGANIZATION: &[&str] = &["org_display_names", "org_domains", "org_slds", "org_vips"];

/// A built-in list; each is read once for the process.
fn built_in(name: &str) -> Option<Arc<NamedList>> {
    static READ: LazyLock<Mutex<HashMap<String, Arc<NamedList>>>> = LazyLock::new(Mutex::default);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(list) = read.get(name) {
        return Some(Arc::clone(list));
    }
    let head = HEADS.iter().find(|(whole, _)| *whole == name).map(|(_, head)| *head);
    let (_, file, text) = BUILT_IN.iter().find(|(known, _, _)| *known == head.unwrap_or(name))?;
    let rest = head.map(|_| Unavailable::list(name));
    let list = Arc::new(NamedList::texts(entries(file, text), rest));
    read.insert(name.to_owned(), Arc::clone(&list));
    Some(list)
}

/// The names of the lists that are built in, with the number of their entries.
pub fn built_in_names() -> Vec<(&'static str, usize)> {
    BUILT_IN.iter().map(|(name, file, text)| (*name, entries(file, text).len())).collect()
}

/// The entries of a list file: one a line in a text file, behind the rank in a `.csv` ranking. Lines that begin with `#` are comments.
///
/// Domain names are lowered, since they are compared with lowered ones (mql.md §8); everything else stays as it is.
pub fn entries(file_name: &str, text: &str) -> Vec<String> {
    let csv = file_name.ends_with(".csv");
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entry = |line: &str| match csv.then(|| line.split_once(',')).flatten() {
        Some((_, rest)) => rest.split(',').next().unwrap_or(rest).trim().trim_matches('"').to_owned(),
        None => line.to_owned(),
    };
    let lowered = |entry: String| if is_domain(&entry) { entry.to_ascii_lowercase() } else { entry };
    lines.map(entry).filter(|entry| !entry.is_empty()).map(lowered).collect()
}

/// Has the entry the form of a domain name?
fn is_domain(entry: &str) -> bool {
    entry.contains('.') && entry.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// The list of this name.
///
/// # Errors
/// `list NAME` when there is none, `history` when the history is off.
pub fn resolve(name: &str, settings: &Settings) -> Maybe<Arc<NamedList>> {
    if let Some(own) = settings.lists.get(name) {
        return Ok(Arc::clone(own));
    }
    if OF_ORGANIZATION.contains(&name) {
        return Ok(Arc::new(of_organization(name, settings)));
    }
    if OF_HISTORY.contains(&name) {
        return match &settings.history {
            Some(_) => Ok(Arc::new(NamedList::texts(Vec::new(), None))),
            None => Err(Unavailable::capability(capability::HISTORY)),
        };
    }
    built_in(name).ok_or_else(|| Unavailable::list(name))
}

fn of_organization(name: &str, settings: &Settings) -> NamedList {
    let organization = &settings.organization;
    let texts = |texts: &[String]| NamedList::texts(texts.to_vec(), None);
    match name {
        "org_domains" => texts(&organization.domains),
        "org_display_names" => texts(&organization.display_names),
        "org_slds" => {
            let mut slds: Vec<String> = organization.domains.iter().filter_map(|domain| Domain::parse(domain).sld).collect();
            slds.sort();
            slds.dedup();
            NamedList::texts(slds, None)
        }
        _ => NamedList::people(organization.vips.clone()),
    }
}

/// The item type of a list by its name; `None` for a name that nothing here knows.
pub fn item_type(name: &str, settings: &Settings) -> Option<Type> {
    if name == "org_vips" {
        return Some(Person::TYPE);
    }
    let known = settings.lists.contains_key(name)
        || OF_ORGANIZATION.contains(&name)
        || OF_HISTORY.contains(&name)
        || DOWNLOADS.contains(&name)
        || HEADS.iter().any(|(head, _)| *head == name)
        || BUILT_IN.iter().any(|(built_in, _, _)| *built_in == name);
    known.then_some(Type::String)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranking_answers_inside_its_head_only() {
        let list = resolve("tranco_1m", &Settings::default()).unwrap();
        assert_eq!(list.contains("google.com", false), Ok(true));
        assert_eq!(list.contains("no-such-site.example", false), Err(Unavailable::list("tranco_1m")));
        assert_eq!(resolve("tranco_10k", &Settings::default()).unwrap().contains("no-such-site.example", false), Ok(false));
    }

    #[test]
    fn a_list_that_is_not_there_is_unavailable() {
        let missing = resolve("abuse_ch_urlhaus_domains_trusted_reporters", &Settings::default()).err();
        assert_eq!(missing, Some(Unavailable::list("abuse_ch_urlhaus_domains_trusted_reporters")));
        assert_eq!(item_type("no_such_list", &Settings::default()), None);
    }

    #[test]
    fn history_lists_are_empty_and_known_unless_the_history_is_off() {
        assert_eq!(resolve("sender_emails", &Settings::default()).unwrap().known(), 0);
        let off = Settings { history: None, ..Settings::default() };
        assert_eq!(resolve("sender_emails", &off).err(), Some(Unavailable::capability("history")));
    }

    #[test]
    fn list_files_have_comments_and_ranks() {
        assert_eq!(entries("a.txt", "# x\n\n B \nGmail.com"), ["B", "gmail.com"]);
        assert_eq!(entries("a.csv", "# x\n1,google.com\n2,b.example\n"), ["google.com", "b.example"]);
    }

    #[test]
    fn free_mail_contains_the_disposable_providers() {
        let (free, disposable) = (built_in("free_email_providers").unwrap(), built_in("disposable_email_providers").unwrap());
        let missing = disposable.value().as_list().unwrap().iter().filter(|it| {
            let domain = it.clone().ok().and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default();
            free.contains(&domain, false) != Ok(true)
        });
        assert_eq!(missing.count(), 0);
    }
}
