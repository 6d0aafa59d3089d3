//! How the world outside reaches a server, and whose word it takes for who somebody is.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bridges::forge::Reach;
use host::Shared;
use proof::issuer::{LONGEST_LIST, List};
use proof::passkey::Party;
use web::Front;

use crate::exit::{Exit, warn};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Signing in")]
pub(super) struct FrontArgs {
    /// An address at which browsers reach this server, such as `https://coop.example`: passkeys are for it. For several, give it several times. On loopback http://localhost is one
    #[arg(long, value_name = "ADDRESS")]
    origin: Vec<String>,
    /// A file that lists the issuers whose word is taken for who somebody is, their secrets in files beside it
    #[arg(long, value_name = "FILE")]
    issuers: Option<PathBuf>,
    /// How far calls to issuers may reach: public, private, loopback
    #[arg(long, value_name = "REACH", default_value = "public")]
    issuers_reach: String,
}

impl FrontArgs {
    /// Reads what is named.
    pub(super) fn front(&self) -> Result<Arc<Front>, Exit> {
        let party = |origin: &String| {
            Party::of(origin.trim_end_matches('/')).map_err(|why| Exit::input(format!("--origin `{origin}`: {why}")))
        };
        let parties = self.origin.iter().map(party).collect::<Result<Vec<_>, _>>()?;
        let list = self.issuers.as_deref().map_or_else(|| Ok(List::default()), |file| self.list(file))?;
        Front::new(parties, list).map(Arc::new).map_err(|why| Exit::world(why.to_string()))
    }

    fn list(&self, file: &Path) -> Result<List, Exit> {
        let reach = Reach::parse(&self.issuers_reach)
            .ok_or_else(|| Exit::input(format!("`{}` is no reach: public, private or loopback", self.issuers_reach)))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let in_words = |why: String| Exit::input(format!("`{}`: {why}", file.display()));
        let json = short(file).map_err(in_words)?;
        List::read(&json, reach, &|secret| short(&folder.join(secret))).map_err(|why| in_words(why.to_string()))
    }
}

/// Notes where the server listens, and says which passkeys open nothing at any of its addresses.
pub(super) fn listens(front: &Front, address: SocketAddr, coop: &Shared) {
    front.listens_at(address);
    // Whether there are some is no reason not to serve.
    for (host, count) in coop.read().passkey_hosts().unwrap_or_default() {
        if !front.is_at(&host) {
            warn(&format!(
                "{count} passkeys are for `{host}`, which is no address of this server: they open nothing until --origin names it"
            ));
        }
    }
}

/// Reads a short text.
fn short(file: &Path) -> Result<String, String> {
    use std::io::Read as _;
    let mut text = String::new();
    let open = std::fs::File::open(file).map_err(|why| why.to_string())?;
    open.take(LONGEST_LIST + 1).read_to_string(&mut text).map_err(|why| why.to_string())?;
    if text.len() as u64 > LONGEST_LIST {
        return Err(format!("it is longer than {LONGEST_LIST} bytes"));
    }
    Ok(text)
}
