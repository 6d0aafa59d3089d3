//! `rochdale bridge`: bridges to forges and to Open Collective, set up where the log is. The operator alone lets one reach into a network
//! (docs/spec/bridges.md). Tokens and secrets come by standard input, and stand on no command line.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use bridges::FarEnd;
use bridges::forge::Reach;
use clap::Subcommand;
use host::bridge::{
    self, Arrived, BridgeReport, BridgeSettings, DryRun, MOST_MINUTES, MadeBridge, NoBridge, Running, Strangers, Vault,
};
use host::inbox::Bringer;
use host::{Snapshot, Writable, clock};
use serde_json::json;

use crate::caller::Caller;
use crate::commands::{print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct BridgeCommand {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Make a bridge to a repository or a collective; it brings nothing in before `go`
    Add(Add),
    /// Show the bridges and how they went
    List(Listed),
    /// Ask the forge whether it answers, and for what
    Test(Named),
    /// Show what the next reading would record, and record nothing
    DryRun(Named),
    /// Start a bridge: a server reads it from now on, and takes its webhooks
    Go(Named),
    /// Read a forge once, now
    Read(Named),
    /// Stop a bridge
    Pause(Named),
    /// Give its webhook a new secret; the one before is good for a day more
    Secret(Named),
    /// Give it another token of the forge, read from standard input
    Token(Named),
    /// Name the accounts that are programs, whose work is left out
    Bots(Bots),
    /// Remove a bridge; what it has recorded stays
    Remove(Named),
}

#[derive(Debug, clap::Args)]
struct Listed {
    /// The co-op's folder
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The bridge: its id or four letters of it, its address, or its place in the list
    #[arg(value_name = "BRIDGE")]
    bridge: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Bots {
    #[command(flatten)]
    named: Named,
    /// All of them, in place of those before; without any the list is shown
    #[arg(value_name = "NAMES", value_delimiter = ',', conflicts_with = "none")]
    names: Vec<String>,
    /// Empty the list
    #[arg(long)]
    none: bool,
}

#[derive(Debug, clap::Args)]
struct Add {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The repository's or the collective's page, such as `https://github.com/owner/name`; `owner/name` at GitHub, or a collective's slug
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// github, gitea (Forgejo too), gitlab or open-collective; by the address without one
    #[arg(long, value_name = "FORGE")]
    forge: Option<String>,
    /// Read the forge's or the site's token from standard input
    #[arg(long)]
    token: bool,
    /// The rankings to which issues go, by their `of`
    #[arg(long, value_name = "NAME", default_value = "forge", conflicts_with = "no_issues")]
    list: String,
    /// Take no issues
    #[arg(long)]
    no_issues: bool,
    /// The work that counts as a contribution, parted by commas: commits, changes, reviews
    #[arg(long, value_name = "KINDS", default_value = "")]
    count: String,
    /// Make members of people whom nobody here knows, by their work; else it waits until they are
    #[arg(long)]
    strangers_join: bool,
    /// Accounts that are programs, parted by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    bots: Vec<String>,
    /// Read the forge every so many minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_MINUTES)))]
    every: u32,
    /// How far it may call: public, private (addresses of a private network too) or loopback (this machine too)
    #[arg(long, value_name = "REACH", default_value = "public")]
    reach: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The longest line of standard input with a token, bytes.
const LONGEST_LINE: u64 = 4_096;

impl BridgeCommand {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        match self.deed {
            Deed::Add(add) => add.run(caller),
            Deed::List(listed) => listed.run(),
            Deed::Test(named) => named.test(caller),
            Deed::DryRun(named) => named.dry_run(caller),
            Deed::Go(named) => named.set(caller, Running::Going, "going"),
            Deed::Pause(named) => named.set(caller, Running::Paused, "paused"),
            Deed::Read(named) => named.read(caller),
            Deed::Secret(named) => named.secret(caller),
            Deed::Token(named) => named.token(caller),
            Deed::Bots(bots) => bots.run(caller),
            Deed::Remove(named) => named.remove(caller),
        }
    }

    /// The folder of the co-op that it writes, unless it only lists.
    pub fn writes(&self) -> Option<&Path> {
        match &self.deed {
            Deed::List(_) => None,
            Deed::Add(add) => Some(&add.dir),
            Deed::Bots(bots) => Some(&bots.named.dir),
            Deed::Test(named)
            | Deed::DryRun(named)
            | Deed::Go(named)
            | Deed::Pause(named)
            | Deed::Read(named)
            | Deed::Secret(named)
            | Deed::Token(named)
            | Deed::Remove(named) => Some(&named.dir),
        }
    }
}

impl Add {
    fn run(self, caller: &Caller) -> Result<(), Exit> {
        let to = self.forge.as_deref().map(far_end).transpose()?;
        let mut settings = BridgeSettings::of(&self.address, to, reach_of(&self.reach)?).map_err(not_done)?;
        if settings.to.dialect().is_some() {
            settings.list = Some(self.list).filter(|_| !self.no_issues);
            settings.strangers = if self.strangers_join { Strangers::Join } else { Strangers::Wait };
        }
        settings.counts = BridgeSettings::counts_of(&self.count).map_err(not_done)?;
        settings.bots = BridgeSettings::bots_of(&self.bots.join(","));
        settings.every_minutes = self.every;
        let token = if self.token { Some(line(caller)?) } else { None };
        let mut coop = caller.write(&self.dir)?;
        let vault = vault(caller, &self.dir, &coop.read());
        let by = (Bringer::default(), clock::now());
        let made = bridge::add(&mut coop, &vault, settings, (token.as_deref(), None), by).map_err(not_done)?;
        if self.json {
            return caller.print_json(&made);
        }
        caller.print(&format!(
            "The bridge {} is made, and brings nothing in yet: try it with `rochdale bridge test` and `dry-run`, then `go`.\n{}",
            made.id,
            webhook(&made)
        ))
    }
}

impl Listed {
    fn run(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let all: Vec<BridgeReport> = coop.bridges()?.iter().map(|(id, bridge)| bridge.report(id)).collect();
        if self.json {
            return print_json(&json!({ "bridges": all }));
        }
        if all.is_empty() {
            return print("no bridges\n");
        }
        let head = ["place", "id", "is", "last heard", "recorded", "waiting", "left out"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(all.iter().map(|one| {
            vec![
                one.place.clone(),
                one.id.chars().take(ID_LETTERS).collect(),
                one.state.to_owned(),
                one.last_heard.clone().unwrap_or_else(|| "never".to_owned()),
                one.recorded.to_string(),
                one.waiting.to_string(),
                one.left_out.to_string(),
            ]
        }));
        let mut text = table(&rows);
        for one in &all {
            if let Some(why) = &one.error {
                text.push_str(&format!("{}: the last reading failed: {why}\n", one.place));
            }
        }
        print(&text)
    }
}

/// As many letters of an id are listed.
const ID_LETTERS: usize = 8;

/// A bridge of an open co-op.
struct Opened {
    coop: Writable,
    vault: Vault,
    id: String,
    place: String,
}

impl Named {
    fn open(&self, caller: &Caller) -> Result<Opened, Exit> {
        let coop = caller.take(&self.dir)?;
        let present = coop.read();
        let found = present.bridge_called(&self.bridge)?;
        let (id, bridge) = found.ok_or_else(|| {
            Exit::no(format!("no bridge is called `{}`, or several are: see `rochdale bridge list`", self.bridge))
        })?;
        let vault = vault(caller, &self.dir, &present);
        Ok(Opened { vault, id, place: bridge.place(), coop })
    }

    fn test(&self, caller: &Caller) -> Result<(), Exit> {
        let Opened { coop, vault, id, .. } = self.open(caller)?;
        let said = bridge::tested(&coop.read(), &vault, &id).map_err(not_done)?;
        if self.json {
            return caller.print_json(&json!({ "said": said }));
        }
        caller.print(&(said.join("\n") + "\n"))
    }

    fn dry_run(&self, caller: &Caller) -> Result<(), Exit> {
        let Opened { mut coop, vault, id, .. } = self.open(caller)?;
        let dry = bridge::dry_run(&mut coop, &vault, &id, clock::now()).map_err(not_done)?;
        if self.json {
            return caller.print_json(&json!({ "would": dry.report, "more": dry.more, "total": dry.total }));
        }
        caller.print(&would_be(&coop.read(), &dry))
    }

    fn read(&self, caller: &Caller) -> Result<(), Exit> {
        let Opened { mut coop, vault, id, .. } = self.open(caller)?;
        let mut recorded = 0;
        loop {
            let polled = bridge::poll(&mut coop, &vault, &id, clock::now()).map_err(not_done)?;
            recorded += polled.recorded;
            if !polled.more {
                break;
            }
        }
        if self.json {
            return caller.print_json(&json!({ "recorded": recorded }));
        }
        caller.print(&format!("{recorded} recorded\n"))
    }

    fn set(&self, caller: &Caller, running: Running, word: &str) -> Result<(), Exit> {
        let Opened { mut coop, id, place, .. } = self.open(caller)?;
        bridge::set_running(&mut coop, &id, running, clock::now()).map_err(not_done)?;
        if self.json {
            return caller.print_json(&json!({ "id": id, "is": running.name() }));
        }
        caller.print(&format!("the bridge to {place} is {word}\n"))
    }

    fn secret(&self, caller: &Caller) -> Result<(), Exit> {
        let Opened { mut coop, vault, id, .. } = self.open(caller)?;
        let secret = bridge::renew_secret(&mut coop, &vault, &id, None, clock::now()).map_err(not_done)?;
        if self.json {
            return caller.print_json(&json!({ "secret": secret }));
        }
        caller
            .print(&format!("The new secret is shown this once. The one before it is good for a day more.\n{secret}\n"))
    }

    fn token(&self, caller: &Caller) -> Result<(), Exit> {
        let token = line(caller)?;
        let Opened { mut coop, vault, id, place } = self.open(caller)?;
        bridge::set_token(&mut coop, &vault, &id, Some(&token), clock::now()).map_err(not_done)?;
        if self.json {
            return caller.print_json(&json!({ "id": id, "has_token": !token.trim().is_empty() }));
        }
        caller.print(&format!("the bridge to {place} has another token\n"))
    }

    fn remove(&self, caller: &Caller) -> Result<(), Exit> {
        let Opened { mut coop, id, place, .. } = self.open(caller)?;
        bridge::remove(&mut coop, &id).map_err(not_done)?;
        if self.json {
            return caller.print_json(&json!({ "removed": id }));
        }
        caller.print(&format!("the bridge to {place} is removed; what it has recorded stays\n"))
    }
}

impl Bots {
    fn run(&self, caller: &Caller) -> Result<(), Exit> {
        let Opened { mut coop, id, place, .. } = self.named.open(caller)?;
        if self.none || !self.names.is_empty() {
            let bots = BridgeSettings::bots_of(&self.names.join(","));
            bridge::set_bots(&mut coop, &id, bots, clock::now()).map_err(not_done)?;
        }
        let present = coop.read().bridge(&id)?;
        let bots: Vec<String> = present.iter().flat_map(|bridge| bridge.settings.bots.iter().cloned()).collect();
        if self.named.json {
            return caller.print_json(&json!({ "id": id, "bots": bots }));
        }
        caller.print(&match bots.as_slice() {
            [] => format!("the bridge to {place} leaves out those alone whom the forge marks as programs\n"),
            bots => format!("the bridge to {place} leaves out as programs: {}\n", bots.join(", ")),
        })
    }
}

/// A bridge by an address alone, which is recognised and tried at once.
pub struct ByAddress<'a> {
    pub dir: &'a Path,
    pub address: &'a str,
    /// The name of the service; by the address without one.
    pub forge: Option<&'a str>,
    /// Read a token from standard input.
    pub token: bool,
    pub reach: &'a str,
    pub json: bool,
}

impl ByAddress<'_> {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        let (to, reach) = (self.forge.map(far_end).transpose()?, reach_of(self.reach)?);
        // An address that is not understood is told before a token is asked for.
        BridgeSettings::of(self.address, to, reach).map_err(not_done)?;
        let token = if self.token { Some(line(caller)?) } else { None };
        let mut coop = caller.write(self.dir)?;
        let settings = BridgeSettings::for_address(&coop.read(), self.address, to, reach).map_err(not_done)?;
        let vault = vault(caller, self.dir, &coop.read());
        let by = (Bringer::default(), clock::now());
        let Arrived { made, settings, would } =
            bridge::arrive(&mut coop, &vault, settings, token.as_deref(), by).map_err(not_done)?;
        let service = settings.to.title();
        let dry = would.map_err(|why| {
            let made = format!("this is {service}, and the bridge to {} is made", made.place);
            Exit::world(format!("{made}; what would come could not be asked: {why}"))
        })?;
        if self.json {
            let would = json!({ "would": dry.report, "more": dry.more, "total": dry.total });
            return caller.print_json(&json!({ "bridge": made, "forge": settings.to.name(), "dry_run": would }));
        }
        caller.print(&format!(
            "This is {service}: the bridge to {} is made, and brings nothing in yet.\n{}{}Start it with `rochdale bridge go {} {}`.\n",
            made.place,
            webhook(&made),
            would_be(&coop.read(), &dry),
            self.dir.display(),
            made.place
        ))
    }
}

fn far_end(name: &str) -> Result<FarEnd, Exit> {
    let known = "one of github, gitea, forgejo, gitlab, open-collective";
    FarEnd::parse(name).ok_or_else(|| Exit::input(format!("there is no forge `{name}`: {known}")))
}

fn reach_of(name: &str) -> Result<Reach, Exit> {
    Reach::parse(name)
        .ok_or_else(|| Exit::input(format!("there is no reach `{name}`: one of public, private, loopback")))
}

/// Where a forge sends its webhooks, and their secret; nothing of a collective.
fn webhook(made: &MadeBridge) -> String {
    match (&made.hook, &made.secret) {
        (Some(hook), Some(secret)) => format!(
            "The forge sends its webhooks to {hook} of your server, with this secret, which is shown this once:\n{secret}\n"
        ),
        _ => String::new(),
    }
}

fn would_be(coop: &Snapshot, dry: &DryRun) -> String {
    let mut lines = dry.report.lines(&|member| coop.directory().name(member));
    lines.extend(dry.total.map(|total| format!("transactions there in all: {total}")));
    lines.extend(dry.more.then(|| "there would be more: one reading takes only so many pages".to_owned()));
    format!("Nothing of this is recorded yet:\n{}\n", lines.join("\n"))
}

fn vault(caller: &Caller, folder: &Path, coop: &Snapshot) -> Vault {
    Vault::of(&caller.written(folder).real(), coop.id())
}

/// The first line of standard input.
fn line(caller: &Caller) -> Result<String, Exit> {
    let mut text = String::new();
    BufReader::new(caller.input().take(LONGEST_LINE)).read_line(&mut text)?;
    let line = text.trim();
    if line.is_empty() {
        return Err(Exit::input("no token came by standard input".to_owned()));
    }
    Ok(line.to_owned())
}

fn not_done(why: NoBridge) -> Exit {
    match why {
        NoBridge::Asked(words) => Exit::input(words),
        NoBridge::Forge(why) => Exit::world(why.to_string()),
        NoBridge::Collective(why) => Exit::world(why.to_string()),
        NoBridge::Failed(error) => error.into(),
    }
}
