//! Keys from DNS, asked of the name servers of the system. The only part of Mailhound that uses the network, and the only asynchronous one:
//! the library's runtime lives and ends inside a call.

use super::keys::{Resolve, Unresolved};
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::rr::{Name, RData};
use hickory_resolver::{ResolverBuilder, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long one server may take for one try.
const TRY: Duration = Duration::from_secs(3);

/// A client of DNS. Making one sends nothing.
pub struct Dns(Result<(Runtime, TokioResolver), String>);

impl Dns {
    /// Asks the name servers of the system (`/etc/resolv.conf`). When there are none, every question fails and says so.
    pub fn system() -> Self {
        Dns(client(TokioResolver::builder_tokio()))
    }

    /// Asks this server, over UDP, and over TCP where an answer is too long.
    pub fn server(address: SocketAddr) -> Self {
        let mut server = NameServerConfig::udp_and_tcp(address.ip());
        for connection in &mut server.connections {
            connection.port = address.port();
        }
        let config = ResolverConfig::from_name_servers(vec![server]);
        Dns(client(Ok(TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()))))
    }
}

fn client(builder: Result<ResolverBuilder<TokioRuntimeProvider>, NetError>) -> Result<(Runtime, TokioResolver), String> {
    let mut builder = builder.map_err(|error| format!("no name server is set up: {error}"))?;
    builder.options_mut().timeout = TRY;
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let resolver = builder.build().map_err(|error| error.to_string())?;
    Ok((runtime, resolver))
}

impl Resolve for Dns {
    fn txt(&self, name: &str, within: Duration) -> Result<Vec<String>, Unresolved> {
        let (runtime, resolver) = self.0.as_ref().map_err(|why| Unresolved::Failed(why.clone()))?;
        let failed = |why: &dyn ToString| Unresolved::Failed(why.to_string());
        let mut name = Name::from_ascii(name).map_err(|error| failed(&error))?;
        name.set_fqdn(true); // no search in the domains of the system
        let answer = runtime.block_on(async { tokio::time::timeout(within, resolver.txt_lookup(name)).await });
        match answer {
            Err(_) => Err(failed(&"no answer in time")),
            Ok(Err(NetError::Dns(DnsError::NoRecordsFound(_)))) => Err(Unresolved::NoRecord),
            Ok(Err(error)) => Err(failed(&error)),
            Ok(Ok(lookup)) => Ok(lookup.answers().iter().filter_map(|record| text(&record.data)).collect()),
        }
    }
}

/// A TXT record, joined from its pieces (RFC 6376 §3.6.2.2).
fn text(data: &RData) -> Option<String> {
    let RData::TXT(txt) = data else { return None };
    Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned())
}
