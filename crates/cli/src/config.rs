//! The configuration file: one TOML file, every key known, a mistake named with the key that was probably meant.

use crate::rules;
use anyhow::{Context, Result, anyhow, bail};
use mailhound_engine::{Organization, Settings, lists};
use mailhound_enrich::signatures::Keys;
use mailhound_mql::nearest;
use mailhound_value::{NamedList, Person};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::{Table, Value};

/// The keys of each table.
const KEYS: &[(&str, &[&str])] = &[
    ("", &["organization", "lists", "services", "network", "dkim"]),
    ("organization", &["domains", "display_names", "vips"]),
    ("lists", &["directory"]),
    ("services", &["history", "ocr", "render", "language", "logo"]),
    ("network", &["allow"]),
    ("dkim", &["keys"]),
    ("organization.vips", &["display_name", "email"]),
];

/// What may use the network.
const NETWORK_USES: &[&str] = &["whois", "links", "feeds", "dns"];

/// A configuration that was read.
#[derive(Default)]
pub struct Config {
    /// What the engine is set up with.
    pub settings: Settings,
    /// The file; `None` when there is none.
    pub path: Option<PathBuf>,
    /// Services that are switched off.
    pub off: Vec<String>,
    /// What may use the network.
    pub network: Vec<String>,
    /// The file of public keys and what is in it.
    pub dkim_keys: Option<(PathBuf, Keys)>,
}

impl Config {
    /// True when this may use the network.
    pub fn allows(&self, used: &str) -> bool {
        self.network.iter().any(|name| name == used)
    }
}

/// Reads the configuration: the given file, else `mailhound.toml` in the working folder, else in the user's configuration folder.
pub fn load(given: Option<&Path>) -> Result<Config> {
    let path = match given {
        Some(path) => Some(path.to_owned()),
        None => ["mailhound.toml".into()].into_iter().chain(user_file()).find(|path| path.is_file()),
    };
    let Some(path) = path else { return Ok(Config::default()) };
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read the configuration {}", path.display()))?;
    let text = utf8(&bytes).with_context(|| format!("configuration {}", path.display()))?;
    let config = read(text, path.parent().unwrap_or(Path::new(""))).with_context(|| format!("configuration {}", path.display()))?;
    Ok(Config { path: Some(path), ..config })
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    rules::text(bytes).map_err(|fault| anyhow!("line {}, column {}: {fault}", fault.line, fault.column))
}

fn user_file() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = folder.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))?;
    Some(folder.join("mailhound").join("config.toml"))
}

/// Reads a configuration; paths in it are relative to `folder`.
fn read(text: &str, folder: &Path) -> Result<Config> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| anyhow!("{}", error.to_string().trim_end()))?;
    check_keys("", &table)?;
    let mut settings = Settings::default();
    if let Some(organization) = section(&table, "organization")? {
        settings.organization = read_organization(organization)?;
    }
    if let Some(lists) = section(&table, "lists")?
        && let Some(directory) = lists.get("directory")
    {
        let directory = directory.as_str().ok_or_else(|| anyhow!("`lists.directory` must be a text"))?;
        read_lists(&folder.join(directory), &mut settings)?;
    }
    let off = match section(&table, "services")? {
        Some(services) => services_off(services)?,
        None => Vec::new(),
    };
    if off.iter().any(|name| name == "history") {
        settings.history = None;
    }
    let network = section(&table, "network")?.map_or(Ok(Vec::new()), |network| texts(network, "network", "allow"))?;
    if let Some(used) = network.iter().find(|used| !NETWORK_USES.contains(&used.as_str())) {
        bail!("`network.allow` knows {}; `{used}` is none of them", NETWORK_USES.join(", "));
    }
    let dkim_keys = match section(&table, "dkim")?.and_then(|dkim| dkim.get("keys")) {
        Some(file) => Some(read_keys(&folder.join(file.as_str().ok_or_else(|| anyhow!("`dkim.keys` must be a text"))?))?),
        None => None,
    };
    Ok(Config { settings, path: None, off, network, dkim_keys })
}

fn section<'t>(table: &'t Table, name: &str) -> Result<Option<&'t Table>> {
    let Some(value) = table.get(name) else { return Ok(None) };
    let section = value.as_table().ok_or_else(|| anyhow!("`{name}` must be a table: [{name}]"))?;
    check_keys(name, section)?;
    Ok(Some(section))
}

fn check_keys(name: &str, table: &Table) -> Result<()> {
    let known = KEYS.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, keys)| keys);
    for key in table.keys() {
        if !known.contains(&key.as_str()) {
            let place = if name.is_empty() { String::new() } else { format!(" in [{name}]") };
            match nearest(key, known.iter().copied()) {
                Some(near) => bail!("unknown key `{key}`{place}; did you mean `{near}`?"),
                None => bail!("unknown key `{key}`{place}; the keys are {}", known.join(", ")),
            }
        }
    }
    Ok(())
}

fn texts(table: &Table, name: &str, key: &str) -> Result<Vec<String>> {
    let Some(value) = table.get(key) else { return Ok(Vec::new()) };
    let texts = value.as_array().and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
    texts.ok_or_else(|| anyhow!("`{name}.{key}` must be a list of texts"))
}

fn read_organization(table: &Table) -> Result<Organization> {
    let domains = texts(table, "organization", "domains")?.iter().map(|domain| domain.trim().to_lowercase()).collect();
    let display_names = texts(table, "organization", "display_names")?;
    let people = table
        .get("vips")
        .map_or(Ok(&[][..]), |vips| vips.as_array().map(Vec::as_slice).ok_or_else(|| anyhow!("`organization.vips` must be a list")))?;
    let vips = people.iter().map(person).collect::<Result<_>>()?;
    Ok(Organization { domains, display_names, vips })
}

fn person(value: &Value) -> Result<Person> {
    let wrong = || anyhow!("each of `organization.vips` is {{ display_name = \"…\", email = \"…\" }}");
    let table = value.as_table().ok_or_else(wrong)?;
    check_keys("organization.vips", table)?;
    let text = |key: &str| table.get(key).map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).transpose();
    Ok(Person { display_name: text("display_name")?, email: text("email")?.map(|email| email.to_lowercase()) })
}

fn services_off(table: &Table) -> Result<Vec<String>> {
    let mut off = Vec::new();
    for (name, value) in table {
        match value.as_str() {
            Some("auto") => {}
            Some("off") => off.push(name.clone()),
            _ => bail!("`services.{name}` is \"auto\" or \"off\""),
        }
    }
    Ok(off)
}

/// Reads a directory of lists: NAME.txt or NAME.csv each.
fn read_lists(directory: &Path, settings: &mut Settings) -> Result<()> {
    let entries = std::fs::read_dir(directory).with_context(|| format!("`lists.directory`: cannot read {}", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        let (Some(name), Some("txt" | "csv")) = (path.file_stem().and_then(|it| it.to_str()), path.extension().and_then(|it| it.to_str()))
        else {
            continue;
        };
        let bytes = std::fs::read(&path).with_context(|| format!("`lists.directory`: cannot read {}", path.display()))?;
        let text = utf8(&bytes).with_context(|| format!("`lists.directory`: {}", path.display()))?;
        let entries = lists::entries(&path.to_string_lossy(), text);
        settings.lists.insert(name.to_owned(), Arc::new(NamedList::texts(entries, None)));
    }
    Ok(())
}

/// Reads a file of public keys.
fn read_keys(path: &Path) -> Result<(PathBuf, Keys)> {
    let bytes = std::fs::read(path).with_context(|| format!("`dkim.keys`: cannot read {}", path.display()))?;
    let keys = utf8(&bytes).and_then(|text| Ok(Keys::parse(text)?)).with_context(|| format!("`dkim.keys`: {}", path.display()))?;
    Ok((path.to_owned(), keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read(text, Path::new("")).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn the_documented_configuration_is_read() {
        let text = r#"
            [organization]
            domains = ["Example.com"]
            display_names = ["Example Ltd"]
            vips = [{ display_name = "Ada Byron", email = "Ada@example.com" }]
            [services]
            history = "off"
            ocr = "auto"
            [network]
            allow = ["dns"]
        "#;
        let config = read(text, Path::new("")).unwrap();
        assert_eq!(config.settings.organization.domains, ["example.com"]);
        assert_eq!(config.settings.organization.vips[0].email.as_deref(), Some("ada@example.com"));
        assert!(config.settings.history.is_none());
        assert_eq!(config.off, ["history"]);
        assert!(config.allows("dns") && !config.allows("whois"));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("[organisation]\n").contains("did you mean `organization`?"));
        assert!(error("[organization]\ndomain = []\n").contains("did you mean `domains`?"));
        assert!(error("[services]\nocr = true\n").contains("\"auto\" or \"off\""));
        assert!(error("[network]\nallow = [\"web\"]\n").contains("`web`"));
        assert!(error("[organization]\ndomains = \"a\"\n").contains("list of texts"));
        assert!(error("a = = 1").contains("1"));
    }
}
