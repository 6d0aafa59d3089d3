//! `rochdale serve` and `rochdale demo`: pages and the JSON API of one co-op.

mod front;
mod mail;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use host::bridge::Keeper;
use host::clock::{self, Reading};
use host::inbox::Folder;
use host::{Coop, ServerClock, Shared, Writable};
use mail::MailArgs;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use web::{App, Door, FirstRun, FirstRunSettings, Front, Limits, Patience, Reach, Transport};

use crate::caller::Caller;
use crate::commands::release::RoomArgs;
use crate::commands::{print, say_what_differs};
use crate::demo;
use crate::exit::{Exit, warn};
use crate::socket::NAME;
use crate::socket::server::Listening;
use front::FrontArgs;

/// The port of the year in which the Rochdale Pioneers opened their shop.
pub(super) const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1844);

/// The demonstration's description of itself.
const PROJECT: &str = "This is the hledger project's real money and history, governed by demonstration ballots.";
const WALK_IN: &str =
    "Open the address, pick a member at /walk-in, and move a ballot. Ctrl-C ends it; nothing is kept.";

#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The co-op's folder
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value_t = LISTEN)]
    listen: SocketAddr,
    /// Where the log is kept, if not in DIR/rochdale.db
    #[arg(long, value_name = "sqlite:PATH")]
    store: Option<String>,
    /// Let every visitor act as any member: for trying out, on loopback only
    #[arg(long, conflicts_with = "read_only")]
    walk_in: bool,
    /// Let nobody act, not even members
    #[arg(long)]
    read_only: bool,
    /// A proxy in front of this server speaks https with browsers
    #[arg(long)]
    https: bool,
    /// Where DIR holds no co-op yet: let one be founded from other machines too, with the founder's code
    #[arg(long)]
    found_from_anywhere: bool,
    /// Store a snapshot in DIR/snapshots after so many entries, so that the next start is short; 0 for never
    #[arg(long, value_name = "ENTRIES", default_value_t = host::SNAPSHOT_EVERY)]
    snapshot_every: u64,
    /// The clock is right, though the last entry is more than a year old: run the updates that were missed, and take acts
    #[arg(long)]
    clock_is_right: bool,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    front: FrontArgs,
    #[command(flatten)]
    bounds: Bounds,
}

/// The bounds of what one visitor can take from all others.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
struct Bounds {
    /// Connections at once; beyond them the one that waits longest makes room
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::USUAL.connections, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
    /// Connections from one address, loopback and trusted proxies excepted
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::USUAL.connections_of_one, value_parser = clap::value_parser!(u32).range(1..))]
    connections_by_address: u32,
    /// Time for all of a request's head
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::USUAL.patience.head.as_secs(), value_parser = clap::value_parser!(u64).range(SECONDS))]
    head_timeout: u64,
    /// Time for all of a request's body
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::USUAL.patience.body.as_secs(), value_parser = clap::value_parser!(u64).range(SECONDS))]
    body_timeout: u64,
    /// Time until the next request on a connection
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::USUAL.patience.idle.as_secs(), value_parser = clap::value_parser!(u64).range(SECONDS))]
    idle_timeout: u64,
    /// Time in which an answer that does not fit into the network's buffers is read
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::USUAL.patience.answer.as_secs(), value_parser = clap::value_parser!(u64).range(SECONDS))]
    answer_timeout: u64,
    /// Checks of rules and readings of the past at once, for members and as many for others; beyond them the answer is 503
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::USUAL.costly, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    costly_work: u32,
    /// A proxy in front of this server, whose X-Forwarded-For is believed; for several, give it several times
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
    #[command(flatten)]
    room: RoomArgs,
}

/// From a second to a day.
const SECONDS: RangeInclusive<u64> = 1..=86_400;

impl Bounds {
    fn limits(&self) -> Limits {
        let patience = Patience {
            head: Duration::from_secs(self.head_timeout),
            body: Duration::from_secs(self.body_timeout),
            idle: Duration::from_secs(self.idle_timeout),
            answer: Duration::from_secs(self.answer_timeout),
        };
        Limits {
            patience,
            connections: self.connections,
            connections_of_one: self.connections_by_address,
            proxies: self.trusted_proxy.iter().map(IpAddr::to_canonical).collect(),
            costly: self.costly_work,
            room: self.room.room(),
        }
    }
}

#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Where to listen; visitors act as any member, so on loopback only
    #[arg(long, value_name = "ADDRESS", default_value_t = LISTEN)]
    listen: SocketAddr,
    /// Walk around in a co-op of this template, at the end of its story
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(charter::templates()))]
    template: Option<String>,
}

impl Serve {
    pub fn run(self) -> Result<(), Exit> {
        let door = match (self.walk_in, self.read_only) {
            (true, _) => walk_in(self.listen)?,
            (_, true) => Door::ReadOnly,
            _ => Door::Invited,
        };
        let front = self.front.front()?;
        let transport = if self.https { Transport::Https } else { Transport::Plain };
        if self.store.is_none() && host::is_free(&self.dir)? {
            return self.first_run(door, transport, front);
        }
        let mut coop = match self.store.as_deref() {
            None => Coop::open(&self.dir, clock::now())?,
            Some(store) => {
                let Some(path) = store.strip_prefix("sqlite:") else {
                    return Err(Exit::input(format!(
                        "`{store}` is not a store that this version has: give `sqlite:PATH`"
                    )));
                };
                // Opening would make the file, and a server makes no co-op.
                if !Path::new(path).is_file() {
                    return Err(Exit::input(format!("there is no data file `{path}`")));
                }
                Coop::open_file(Path::new(path), &self.dir, clock::now())?
            }
        };
        coop.store_snapshots_every(self.snapshot_every);
        say_what_differs(&Caller::Here, &self.dir, &coop);
        if coop.is_founded() {
            host::write_missing_documents(&self.dir, &mut coop)?;
        }
        let coop = Arc::new(Shared::new(coop, ServerClock::Machine));
        if !self.clock_is_right {
            coop.doubt_clock_at_start(Reading::now());
        }
        match coop.health() {
            Ok(()) if coop.read().is_founded() => {
                let now = coop.now();
                // However long it takes: pages show the present.
                Writable::Served(Arc::clone(&coop)).write(move |batch| batch.run_until(now, now))?;
            }
            Ok(()) => {}
            Err(why) => warn(&why),
        }
        // Commands name the folder, and mean the data file in it.
        let socket = self.store.is_none().then(|| (self.dir.clone(), Arc::clone(&coop)));
        let served = Arc::clone(&coop);
        let app = match door {
            Door::Invited => self.mail.app(coop, transport)?.behind(&front),
            door => App::new(coop, door),
        };
        let commands = Commands::default();
        let begun = commands.clone();
        let reads = (!self.read_only).then(|| Arc::clone(&served));
        let carries = !self.read_only;
        start(Served::Coop(app, self.bounds.limits()), self.listen, &commands, move |address| {
            front::listens(&front, address, &served);
            if let Some(coop) = &reads {
                begun.read_forges(coop);
            }
            if let Some((folder, coop)) = &socket {
                begun.take(folder, coop);
                watch(folder, coop);
                if carries {
                    carry_out(coop);
                }
            }
            String::new()
        })
    }

    /// Serves the founding of a co-op, by the person who reads the terminal.
    fn first_run(self, door: Door, transport: Transport, front: Arc<Front>) -> Result<(), Exit> {
        let dir = self.dir.display();
        if self.mail.is_on() {
            return Err(Exit::input(format!("`{dir}` holds no co-op yet: found it first, then serve it with --mail")));
        }
        if self.read_only {
            return Err(Exit::input(format!(
                "`{dir}` holds no co-op, and one cannot be founded on a server that is read-only"
            )));
        }
        let reach = match (self.found_from_anywhere, self.listen.ip().is_loopback()) {
            (true, _) => Reach::Anywhere,
            (false, true) => Reach::Loopback,
            (false, false) => {
                return Err(Exit::input(format!(
                    "`{dir}` holds no co-op, and one is founded on loopback only: listen on 127.0.0.1, or add --found-from-anywhere"
                )));
            }
        };
        let words = format!("No co-op is in `{dir}` yet. Found one here, with a code that is good once:\n  ");
        let (folder, snapshot_every) = (std::path::absolute(&self.dir)?, self.snapshot_every);
        let limits = self.bounds.limits();
        let (edition, clock) = (engine::edition::newest_closed(), ServerClock::Machine);
        let settings = FirstRunSettings {
            folder,
            door,
            transport,
            reach,
            snapshot_every,
            limits,
            edition,
            front: Arc::clone(&front),
            clock,
        };
        let (first, code) = FirstRun::new(settings)?;
        let commands = Commands::default();
        let (begun, folder) = (commands.clone(), self.dir.clone());
        first.when_founded(move |coop| {
            begun.take(&folder, coop);
            begun.read_forges(coop);
            watch(&folder, coop);
            carry_out(coop);
        });
        start(Served::Nothing(first), self.listen, &commands, |address| {
            front.listens_at(address);
            format!("{words}http://{address}/found/{code}\nNothing is written before that. Ctrl-C ends it.\n")
        })
    }
}

impl Demo {
    pub fn run(self) -> Result<(), Exit> {
        let door = walk_in(self.listen)?;
        let folder = tempfile::Builder::new().prefix("rochdale-demo-").tempdir()?;
        let (coop, what) = match &self.template {
            None => (demo::build(folder.path())?, PROJECT.to_owned()),
            Some(name) => {
                let coop = demo::story::build(name, folder.path())?;
                (
                    coop,
                    format!(
                        "This is a co-op of the template `{name}`, at the end of its story; its members are made up."
                    ),
                )
            }
        };
        let words = format!("{what}\n{WALK_IN}\n");
        let app = App::new(Arc::new(Shared::demonstration(coop)), door);
        start(Served::Coop(app, Limits::USUAL), self.listen, &Commands::default(), |_| words)
    }
}

/// Walking in is for one's own machine.
pub(super) fn walk_in(listen: SocketAddr) -> Result<Door, Exit> {
    if listen.ip().is_loopback() {
        return Ok(Door::WalkIn);
    }
    Err(Exit::input(format!(
        "walk-in lets anyone act as any member, so it listens on loopback only, and `{}` is not: use 127.0.0.1",
        listen.ip()
    )))
}

/// The content of a server.
#[expect(clippy::large_enum_variant, reason = "a process has one of it")]
pub(super) enum Served {
    Coop(App, Limits),
    /// No co-op yet.
    Nothing(Arc<FirstRun>),
    /// A test co-op alone, of these rules.
    Test(Box<host::Charter>),
}

/// The socket by which a server takes commands, once its co-op is there, and the thread that reads forges; without either it serves all
/// the same.
#[derive(Clone, Default)]
pub(super) struct Commands(Arc<OnceLock<Listening>>, Arc<OnceLock<Keeper>>);

impl Commands {
    /// Takes commands from now on, in the folder of the co-op.
    fn take(&self, folder: &Path, coop: &Arc<Shared>) {
        match Listening::begin(folder, coop) {
            Ok(listening) => {
                let _ = self.0.set(listening);
            }
            Err(why) => warn(&format!("no command can be handed over at `{}`: {why}", folder.join(NAME).display())),
        }
    }

    /// Reads forges from now on, for as long as the server runs.
    fn read_forges(&self, coop: &Arc<Shared>) {
        let Some(vault) = coop.vault() else { return };
        match Keeper::start(coop, vault) {
            Ok(keeper) => {
                let _ = self.1.set(keeper);
            }
            Err(why) => warn(&format!("no forge is read: this machine gives no thread: {why}")),
        }
    }

    /// Takes no more, and waits for those under way.
    async fn end(&self) {
        if let Some(listening) = self.0.get() {
            listening.end().await;
        }
    }
}

/// How often the server looks for files in the folder that it watches.
const LOOK: Duration = Duration::from_secs(2);

/// Takes files that are dropped into the co-op's `inbox/` from now on, in tokio's runtime, for as long as that runs. A failure is
/// said once.
fn watch(folder: &Path, coop: &Arc<Shared>) {
    let (folder, coop) = (Arc::new(Folder::of(folder)), Arc::clone(coop));
    tokio::spawn(async move {
        let mut said = None;
        let mut beat = tokio::time::interval(LOOK);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let (watched, shared) = (Arc::clone(&folder), Arc::clone(&coop));
            let looked = tokio::task::spawn_blocking(move || watched.look(&shared).map_err(|error| error.to_string()));
            let why = match looked.await {
                Ok(Ok(_)) => None,
                Ok(Err(why)) => Some(why),
                Err(fault) => Some(fault.to_string()),
            };
            if let Some(why) = why.as_ref().filter(|_| why != said) {
                tracing::warn!("the watched folder: {why}");
            }
            said = why;
        }
    });
}

/// Carries outcomes to forges from now on, where the co-op has a folder: their tokens are opened by a key there.
fn carry_out(coop: &Arc<Shared>) {
    let started = coop.vault().map_or(Ok(()), |vault| host::outbox::start(coop, vault));
    if let Err(why) = started {
        warn(&format!("outcomes are not carried to forges: {why}"));
    }
}

/// Serves until told to end. `words` are asked for once the address is known, and printed below it.
pub(super) fn start(
    served: Served,
    listen: SocketAddr,
    commands: &Commands,
    words: impl FnOnce(SocketAddr) -> String,
) -> Result<(), Exit> {
    use std::io::IsTerminal as _;
    let asked = std::env::var("RUST_LOG").ok().and_then(|words| words.parse().ok());
    let shown = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines).with(shown).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(MOST_ASIDE)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = listening(listen).map_err(|why| Exit::world(format!("cannot listen on {listen}: {why}")))?;
        let address = listener.local_addr()?;
        let words = words(address);
        print(&format!("listening on http://{address}\n{words}"))?;
        let (told, heard) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            stop().await;
            let _ = told.send(true);
        });
        let patience = async {
            until_told(heard.clone()).await;
            tokio::time::sleep(PATIENCE).await;
        };
        let told = until_told(heard.clone());
        let answering = async {
            match served {
                Served::Coop(app, limits) => web::serve(listener, app, limits, told).await,
                Served::Nothing(first) => web::serve_first_run(listener, first, told).await,
                Served::Test(charter) => web::serve_test(listener, *charter, Limits::USUAL, told).await,
            }?;
            commands.end().await;
            Ok::<(), std::io::Error>(())
        };
        tokio::select! {
            served = answering => served.map_err(|why| Exit::world(why.to_string())),
            // Work that is under way is still finished: the runtime waits for it.
            () = patience => Ok(()),
        }
    })
}

/// Listens at an address, as `TcpListener::bind` does, with room for more who come at once.
fn listening(at: SocketAddr) -> std::io::Result<tokio::net::TcpListener> {
    let socket = if at.is_ipv4() { tokio::net::TcpSocket::new_v4() } else { tokio::net::TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(at)?;
    socket.listen(MOST_COMING)
}

/// As many connections wait to be taken. The system lets one that comes beyond them try again after a second, which a page then
/// takes longer; it may allow fewer (`net.core.somaxconn`).
const MOST_COMING: u32 = 4_096;

/// As many threads do what takes a while; the rest of it waits for one of them. Each keeps memory for itself.
const MOST_ASIDE: usize = 32;

/// The time that requests under way may take when the server ends. A client that never finishes its request
/// would hold it up for good.
const PATIENCE: Duration = Duration::from_secs(5);

async fn until_told(mut heard: tokio::sync::watch::Receiver<bool>) {
    // An error means that no sender is left.
    let _ = heard.wait_for(|told| *told).await;
}

/// Waits for Ctrl-C, or for the service manager's signal.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
