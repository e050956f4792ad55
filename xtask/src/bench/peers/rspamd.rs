//! An rspamd of our own: one scanning worker on the loopback, a configuration and data in a temporary folder, and a name server that knows no name.
//! Its modules are listed one by one; what is not configured rspamd does not load.

use anyhow::{Context, Result, bail, ensure};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The modules that decide from the message alone; hfilter and once_received ask for names too, and are told that there are none.
const MODULES: &[&str] =
    &["chartable", "forged_recipients", "hfilter", "maillist", "mid", "mime_types", "multimap", "once_received", "phishing", "regexp"];

/// What the configuration of a module would fetch, from files instead.
const OVERRIDES: &[(&str, &str)] = &[
    ("mid", "source { url = [\"file://${CONFDIR}/maps.d/mid.inc\"]; }\n"),
    ("mime_types", "file = [\"file://${CONFDIR}/maps.d/mime_types.inc\"];\n"),
    (
        "phishing",
        "openphish_enabled = false;\nopenphish_map = \"file:///dev/null\";\nphishtank_enabled = false;\n\
         exceptions { REDIRECTOR_FALSE = [\"file://${CONFDIR}/maps.d/redirectors.inc\"]; }\n",
    ),
];

/// The maps that multimap would fetch, each with the list of ours that stands in, and the places of a message that are looked up in them.
const MAPS: [(&str, &str); 2] = [("freemail", "free_email_providers.txt"), ("disposable", "disposable_email_providers.txt")];
const PLACES: [&str; 6] = ["envfrom", "envrcpt", "from", "to", "cc", "replyto"];

/// It compiles its patterns when it starts in an empty folder, for some twenty seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long an answer, and the end of the processes, may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An answer is a few kilobytes.
const MAX_ANSWER: u64 = 16 << 20;

/// A clock tick of `/proc/PID/stat`: `USER_HZ` is 100 on x86 and Arm (proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// The version of the rspamd on the path; `None` where there is none.
pub fn version() -> Result<Option<String>> {
    let output = match Command::new("rspamd").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        output => output.context("rspamd cannot be run")?,
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_once("version ").and_then(|(_, rest)| rest.split_whitespace().next());
    Ok(Some(version.unwrap_or("of unknown version").to_owned()))
}

/// A running rspamd. It ends, and its folder goes, with this value.
pub struct Rspamd {
    main: Child,
    worker: u32,
    address: SocketAddr,
    /// Whether its worker has the patterns that the helper process compiled for Hyperscan.
    pub has_hyperscan: bool,
    folder: Folder,
}

impl Rspamd {
    /// Starts it and waits until its worker is ready.
    pub fn start() -> Result<Self> {
        let folder = Folder::new()?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        configure(&folder.0, address, no_names()?)?;
        let mut command = Command::new("rspamd");
        command.arg("-f").arg("-c").arg(folder.0.join("rspamd.conf"));
        for (name, path) in [("LOCAL_CONFDIR", ""), ("RUNDIR", "run"), ("LOGDIR", "log"), ("DBDIR", "db")] {
            command.arg(format!("--var={name}={}", folder.0.join(path).display()));
        }
        if let Some(user) = own(&folder.0)? {
            command.args(["-u", user, "-g", user]);
        }
        let out = File::create(folder.0.join("out"))?;
        let main = command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).spawn()?;
        let mut rspamd = Self { main, worker: 0, address, has_hyperscan: false, folder };
        rspamd.wait()?;
        Ok(rspamd)
    }

    fn wait(&mut self) -> Result<()> {
        let started = Instant::now();
        while !self.has_hyperscan && started.elapsed() < PATIENCE {
            if let Some(status) = self.main.try_wait()? {
                bail!("rspamd ended ({status}): {}", self.last_lines());
            }
            sleep(Duration::from_millis(200));
            let worker = children(self.main.id()).into_iter().find(|(_, title)| title.contains("normal process"));
            self.worker = worker.map_or(0, |(process, _)| process);
            let log = fs::read_to_string(self.folder.0.join("log/rspamd.log")).unwrap_or_default();
            ensure!(!log.contains("added map http"), "rspamd would fetch a map: {}", line_with(&log, "added map http"));
            self.has_hyperscan = self.worker > 0 && line_with(&log, "hyperscan database").ends_with("has been loaded");
        }
        ensure!(TcpStream::connect(self.address).is_ok(), "rspamd does not listen: {}", self.last_lines());
        Ok(())
    }

    /// The time that the worker has run, in itself and in the system for it.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.worker)).context("rspamd's worker ended")?;
        ticks(&stat).map(|ticks| TICK * ticks).context("/proc/PID/stat cannot be read")
    }

    /// Has one message scanned; gives the number of symbols in the answer.
    pub fn scan(&self, message: &[u8]) -> Result<usize> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let head = "POST /checkv2 HTTP/1.1\r\nHost: localhost\r\nPass: all\r\nConnection: close\r\nContent-Length: ";
        let request = [format!("{head}{}\r\n\r\n", message.len()).as_bytes(), message].concat();
        stream.write_all(&request)?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
        symbols(&answer)
    }

    fn last_lines(&self) -> String {
        let texts = ["out", "log/rspamd.log"].map(|name| fs::read_to_string(self.folder.0.join(name)).unwrap_or_default());
        let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
        lines[lines.len().saturating_sub(5)..].join("\n")
    }
}

impl Drop for Rspamd {
    /// Asks the main process to end, which ends its workers; ends by force what is left.
    fn drop(&mut self) {
        let workers = children(self.main.id());
        signal("TERM", self.main.id());
        let started = Instant::now();
        while matches!(self.main.try_wait(), Ok(None)) && started.elapsed() < TIMEOUT {
            sleep(Duration::from_millis(50));
        }
        let _ = self.main.kill();
        let _ = self.main.wait();
        for (worker, title) in workers {
            if command_line(worker) == Some(title) {
                signal("KILL", worker);
            }
        }
    }
}

/// The standard library can only end a process by force, which leaves the workers of this one.
fn signal(name: &str, process: u32) {
    let _ = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).stderr(Stdio::null()).status();
}

/// The processes below a process, with their titles.
fn children(parent: u32) -> Vec<(u32, String)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        after_name(&stat).nth(1).and_then(|it| it.parse().ok()) == Some(parent)
    };
    processes.filter(is_child).filter_map(|process| Some((process, command_line(process)?))).collect()
}

fn command_line(process: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{process}/cmdline")).ok()
}

/// `utime` and `stime` of `/proc/PID/stat` together.
fn ticks(stat: &str) -> Option<u32> {
    let mut fields = after_name(stat).skip(11);
    Some(fields.next()?.parse::<u32>().ok()? + fields.next()?.parse::<u32>().ok()?)
}

/// The fields of `/proc/PID/stat` from the third on; the second, the name, may hold blanks and parentheses.
fn after_name(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace()
}

/// The number of symbols in an answer to `/checkv2`.
fn symbols(answer: &[u8]) -> Result<usize> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").context("rspamd gave no whole answer")?;
    let status = head.lines().next().unwrap_or_default();
    ensure!(status.split(' ').nth(1) == Some("200"), "rspamd answers {status}: {body}");
    let json: serde_json::Value = serde_json::from_str(body).context("rspamd's answer is not JSON")?;
    ensure!(json["is_skipped"] != true, "rspamd skipped a message");
    json["symbols"].as_object().map(serde_json::Map::len).with_context(|| format!("rspamd's answer has no symbols: {body}"))
}

/// The last line of a text with a word in it; empty where there is none.
fn line_with<'t>(text: &'t str, word: &str) -> &'t str {
    text.lines().rfind(|line| line.contains(word)).unwrap_or_default()
}

/// Writes the configuration.
fn configure(folder: &Path, address: SocketAddr, names: SocketAddr) -> Result<()> {
    for name in ["run", "log", "db", "local.d", "override.d", "maps"] {
        fs::create_dir(folder.join(name))?;
    }
    let mut main = String::from("lua = \"$RULESDIR/rspamd.lua\"\nmodules { path = \"${PLUGINSDIR}\"; }\n");
    let parts = ["metrics", "actions", "groups", "composites"].iter().map(|name| format!("{name}.conf"));
    for file in parts.chain(MODULES.iter().map(|name| format!("modules.d/{name}.conf"))) {
        writeln!(main, ".include \"$CONFDIR/{file}\"")?;
    }
    main.push_str("options {\n  .include \"$CONFDIR/options.inc\"\n  .include(priority=10) \"$LOCAL_CONFDIR/override.d/options.inc\"\n}\n");
    main.push_str("logging { type = \"file\"; filename = \"$LOGDIR/rspamd.log\"; level = \"info\"; }\n");
    writeln!(main, "worker \"normal\" {{ bind_socket = \"{address}\"; count = 1; mime = true; }}")?;
    fs::write(folder.join("rspamd.conf"), main)?;

    let options = format!(
        "filters = \"chartable,regexp\";\npidfile = \"$RUNDIR/rspamd.pid\";\ntempdir = \"$RUNDIR\";\n\
         dns {{ nameserver = [\"{names}\"]; timeout = 0.02s; retransmits = 1; }}\n"
    );
    fs::write(folder.join("override.d/options.inc"), options)?;
    for (module, text) in OVERRIDES {
        fs::write(folder.join("override.d").join(format!("{module}.conf")), text)?;
    }
    let mut multimap = String::new();
    for (name, list) in MAPS {
        let path = folder.join("maps").join(list);
        fs::copy(crate::root().join("lists").join(list), &path)?;
        for place in PLACES {
            writeln!(multimap, "{name}_{place} {{ map = \"file://{}\"; }}", path.display())?;
        }
    }
    Ok(fs::write(folder.join("local.d/multimap.conf"), multimap)?)
}

/// Where this program runs as root: the user of rspamd's package, to whom the folder then belongs. rspamd refuses to scan as root.
fn own(folder: &Path) -> Result<Option<&'static str>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    for name in ["_rspamd", "rspamd"] {
        if let Some(entry) = users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|entry| entry[0] == name) {
            let id = |idx: usize| entry.get(idx).and_then(|id| id.parse().ok());
            for path in ["", "run", "log", "db"] {
                chown(folder.join(path), id(2), id(3))?;
            }
            return Ok(Some(name));
        }
    }
    bail!("as root rspamd needs the user _rspamd or rspamd of its package")
}

/// A name server on the loopback that answers every question with "no such name", until this program ends.
fn no_names() -> Result<SocketAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = socket.local_addr()?;
    std::thread::spawn(move || {
        let mut query = [0; 4096];
        while let Ok((len, sender)) = socket.recv_from(&mut query) {
            if let Some(answer) = query.get(..len).and_then(no_such_name) {
                let _ = socket.send_to(&answer, sender);
            }
        }
    });
    Ok(address)
}

/// The answer to a question that no such name exists (RFC 1035 §4.1: number, flags, four counts, the question).
fn no_such_name(query: &[u8]) -> Option<Vec<u8>> {
    let mut end = 12;
    while let len @ 1.. = usize::from(*query.get(end)?) {
        end += len + 1;
    }
    let question = query.get(12..end + 5)?; // the empty label, type and class
    Some([query.get(..2)?, &[0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0], question].concat())
}

/// A temporary folder that goes with this value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("mailhound-peers-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_scan_counts() {
        let cases = [
            ("HTTP/1.1 200 OK\r\nServer: s\r\n\r\n{\"is_skipped\":false,\"symbols\":{\"A\":{},\"B\":{}}}", Ok(2)),
            ("HTTP/1.1 200 OK\r\n\r\n{\"is_skipped\":true,\"symbols\":{}}", Err("skipped")),
            ("HTTP/1.1 200 OK\r\n\r\n{\"error\":\"no\"}", Err("no symbols")),
            ("HTTP/1.1 200 OK\r\n\r\n{\"symbols\":{", Err("not JSON")),
            ("HTTP/1.1 500 Error\r\n\r\n{\"symbols\":{}}", Err("500 Error")),
            ("HTTP/1.1 200 OK\r\n", Err("no whole answer")),
        ];
        for (answer, expected) in cases {
            match (symbols(answer.as_bytes()), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{answer}"),
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{answer}: {error}"),
                (found, _) => panic!("{answer}: {found:?}"),
            }
        }
    }

    #[test]
    fn time_in_and_for_the_process() {
        let stat = "42 (rspamd: (x) y) S 1 42 42 0 -1 4194560 9 0 0 0 250 31 7 7 20 0 1 0 100 1 1";
        assert_eq!(ticks(stat), Some(281));
        assert_eq!(ticks("42 (rspamd) S 1"), None);
    }

    #[test]
    fn no_name_exists() {
        let query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x01\x02ab\x01c\x00\x00\x01\x00\x01\x00\x00\x29";
        assert_eq!(
            no_such_name(query).as_deref(),
            Some(&b"\x12\x34\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00\x02ab\x01c\x00\x00\x01\x00\x01"[..])
        );
        assert_eq!(no_such_name(&query[..16]), None);
    }
}
