//! `rochdale verify`: everything replayed and compared.

use std::path::{Path, PathBuf};

use host::{
    Grades, OperatorsWord, Received, ReceivedAct, Signed, Trusted, Verified, data_file, verify_against, verify_file,
    verify_from_checkpoint, verify_receipt, verify_signed, verify_store,
};
use rochdale_log::{Fault, MAX_PROOF, Sqlite};

use crate::commands::{counted, print, print_json};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Verify {
    /// A co-op's folder, its data file or a backup, or an exported log; or the word `receipt`, and then a receipt
    #[arg(value_name = "DIR|FILE")]
    what: PathBuf,
    /// With `receipt`: the receipt of an act, which is checked by itself
    #[arg(value_name = "RECEIPT", conflicts_with_all = ["from_log", "from_checkpoint"])]
    receipt: Option<PathBuf>,
    /// For a co-op that a fork has made: the old co-op's folder, data file or exported log, to compare with
    #[arg(long, value_name = "DIR|FILE")]
    from_log: Option<PathBuf>,
    /// A checkpoint that was kept from before: the log must begin with the entries over which it was signed
    #[arg(long, value_name = "FILE", conflicts_with = "from_log")]
    from_checkpoint: Option<PathBuf>,
    /// The public key that signed the checkpoint or the receipt: 64 hexadecimal digits, or as the page of the log has it
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Members whom you know, and where you compared them the six words of a device of theirs: acts that a chain of confirmations leads to from
    /// there are told as confirmed. Without words a member's first device is taken
    #[arg(long, value_name = "M_…[:SIX-WORDS]", value_delimiter = ',', conflicts_with_all = ["from_log", "from_checkpoint", "receipt"])]
    trust: Vec<Trusted>,
    /// On how many threads updates are counted; the result never depends on it
    #[arg(long, default_value = "2")]
    threads: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(self) -> Result<(), Exit> {
        if let Some(file) = &self.receipt {
            return self.check_receipt(file);
        }
        if self.key.is_some() && self.from_checkpoint.is_none() {
            return Err(Exit::input("`--key` is for a receipt or for `--from-checkpoint`"));
        }
        if let Some(old) = &self.from_log {
            let compared = verify_against(&self.what, old, self.threads).map_err(verdict)?;
            if self.json {
                return print_json(&[compared]);
            }
            words(&compared.verified)?;
            return print(&format!("\nthe first {} entries after the founding come from the old log\n", compared.same));
        }
        if let Some(file) = &self.from_checkpoint {
            return self.compare_checkpoint(file);
        }
        let mut verified = if self.what.is_dir() {
            let file = data_file(&self.what);
            if !file.exists() {
                return Err(Exit::input(format!("`{}` holds no co-op", self.what.display())));
            }
            verify_data(&file, self.threads)?
        } else if is_database(&self.what)? {
            verify_data(&self.what, self.threads)?
        } else {
            vec![verify_file(&self.what, self.threads).map_err(verdict)?]
        };
        for log in &mut verified {
            log.grades.confirm(&self.trust);
        }
        // A backup that lies there may be older than the checkpoint beside it.
        let folder = if self.what.is_dir() { Some(&*self.what) } else { self.what.parent() };
        let own = folder.filter(|folder| self.what.is_dir() || data_file(folder) == self.what);
        let signed = own.map_or(Ok(None), verify_signed).map_err(verdict)?;
        if self.json {
            return print_json(&verified);
        }
        verified.iter().try_for_each(words)?;
        verified.iter().try_for_each(|log| grades(&log.grades, &self.trust))?;
        match signed {
            Some(Signed { size, key: Some(key) }) => print(&format!("signed up to entry {size} by the key {key}\n")),
            _ => Ok(()),
        }
    }

    fn check_receipt(&self, file: &Path) -> Result<(), Exit> {
        if self.what.as_os_str() != "receipt" {
            return Err(Exit::input("give one thing to verify, or `receipt` and a receipt"));
        }
        let unread = |why| Exit::input(format!("cannot read `{}`: {why}", file.display()));
        let mut bytes = Vec::new();
        let opened = std::fs::File::open(file).map_err(unread)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(opened, MAX_PROOF as u64 + 1), &mut bytes)
            .map_err(unread)?;
        let received = verify_receipt(&String::from_utf8_lossy(&bytes), self.key.as_deref()).map_err(verdict)?;
        if self.json { print_json(&received) } else { print(&received_words(&received)) }
    }

    fn compare_checkpoint(&self, file: &Path) -> Result<(), Exit> {
        let unread = |why| Exit::input(format!("cannot read `{}`: {why}", file.display()));
        let note = std::fs::read_to_string(file).map_err(unread)?;
        let compared = verify_from_checkpoint(&self.what, &note, self.key.as_deref(), self.threads).map_err(verdict)?;
        if self.json {
            return print_json(&[compared]);
        }
        words(&compared.verified)?;
        let checked = match compared.signature_checked {
            true => "its signature is good",
            false => "give `--key` to check its signature",
        };
        print(&format!("the first {} entries are those of the checkpoint; {checked}\n", compared.signed))
    }
}

/// Returns the statement that a receipt proves, and the ones that it does not.
fn received_words(received: &Received) -> String {
    let Received { coop, entry, hash, signed, act, .. } = received;
    let checked = match received.signature_checked {
        true => "the signature is good",
        false => "who signed was not checked: give `--key`, from the page of the log",
    };
    let entries = counted(*signed, "entry", "entries");
    let mut words = format!(
        "entry {entry} of {coop} is among the first {entries}, as they were signed; {checked}\nits hash     {hash}\n"
    );
    match act {
        Some(ReceivedAct { kind, actor, authority, time, body }) => {
            words.push_str(&format!("its act      {kind}, by {actor} as {authority}, {time}\n             {body}\n"));
            if authority == "desk" || authority.starts_with("desk ") {
                words.push_str("the operator says so: it was handed in at the desk\n");
            }
        }
        None => words.push_str("its act is too long for a receipt: compare the hash with that of the entry\n"),
    }
    words.push_str("It does not prove that the act follows the rules: verify the log for that.\n");
    words
}

fn words(log: &Verified) -> Result<(), Exit> {
    print(&format!(
        "{} and {} verified\nlast entry  {}\nstate       {}\n",
        counted(log.entries, "entry", "entries"),
        counted(log.updates, "update", "updates"),
        log.head,
        log.state
    ))?;
    if let Some(from) = &log.forked_from {
        print(&format!(
            "forked from {}, entry {}: the pointer is signed by the key it names\n",
            from.coop, from.entry
        ))?;
    }
    if log.operators_word.acts > 0 {
        let acts = counted(log.operators_word.acts, "act", "acts");
        print(&format!("the operator says so: {acts} handed in at the desk, in the names of members\n"))?;
    }
    match operators_word(&log.operators_word) {
        Some(words) => print(&format!("the operator says so, and the log does not bind it: {words}\n")),
        None => Ok(()),
    }
}

/// The ground on which acts in members' names stand.
fn grades(told: &Grades, trusted: &[Trusted]) -> Result<(), Exit> {
    if told.is_nothing() {
        return Ok(());
    }
    let acts = |count| counted(count, "act", "acts");
    let mut words = String::from("\nacts in members' names, and the weight that ballots placed by them hold now:\n");
    let weight = |micro: u128| format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    let rows = [
        ("signed, by a device that leads to whom you know", told.confirmed, told.placed.confirmed),
        ("signed, by a device on the server's word", told.signed, told.placed.signed),
        ("the server's word alone", told.servers_word + told.desk, told.placed.servers_word),
    ];
    for (what, count, placed) in rows {
        words.push_str(&format!("  {what:50} {:>12} {:>16}\n", acts(count), weight(placed)));
    }
    if trusted.is_empty() {
        words.push_str("nobody is named with `--trust`, so that no device leads to anybody whom you know\n");
    }
    let known = told.known(trusted);
    for device in told.devices.iter().filter(|one| trusted.iter().any(|known| known.member == one.member)) {
        let leads = if known.contains(&device.device) { "taken" } else { "not taken" };
        words.push_str(&format!("  {} device {}: {}, {leads}\n", device.member, device.device, device.words));
    }
    if !told.past_an_older.is_empty() {
        let devices: Vec<String> = told.past_an_older.iter().map(u64::to_string).collect();
        words.push_str(&format!("devices that came past an older one: {}\n", devices.join(", ")));
    }
    if !told.only_by_server.is_empty() {
        let count = u64::try_from(told.only_by_server.len()).unwrap_or(u64::MAX);
        let members = counted(count, "member", "members");
        words.push_str(&format!("{members} signed with an only device, of which the server says whose it is\n"));
    }
    words.push_str(
        "compared with none: without a checkpoint that was kept elsewhere, nothing here says that no act is missing\n",
    );
    print(&words)
}

/// The records beside the log that nobody can check.
fn operators_word(word: &OperatorsWord) -> Option<String> {
    let parts = [
        (word.addresses, "mail address", "mail addresses"),
        (word.other_names, "handle or other name", "handles and other names"),
        (word.copied_sources, "source of a copied record", "sources of copied records"),
        (word.titles, "title of an item", "titles of items"),
        (word.texts, "text that no entry names", "texts that no entry names"),
        (word.invitations, "invitation", "invitations"),
        (word.sessions, "session", "sessions"),
        (word.tokens, "token", "tokens"),
        (word.letters, "letter by mail", "letters by mail"),
        (word.ways, "way in of a member", "ways in of members"),
        (word.reports, "report of an import", "reports of imports"),
        (word.bridges, "bridge", "bridges"),
        (word.tasks, "task of the outbox", "tasks of the outbox"),
        (word.links, "link to releases", "links to releases"),
        (word.uploads, "upload that waits", "uploads that wait"),
    ];
    let told = parts.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(count, one, many));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Verifies every log of a data file.
pub fn verify_data(file: &Path, threads: usize) -> Result<Vec<Verified>, Exit> {
    let mut store = Sqlite::open_snapshot(file).map_err(host::Error::from).map_err(verdict)?;
    let verified = verify_store(&mut store, threads).map_err(verdict)?;
    if verified.is_empty() {
        return Err(Exit::no(format!("`{}` holds no log", file.display())));
    }
    Ok(verified)
}

/// Changed bytes are an answer here and no fault, and the answer is no.
pub fn verdict(error: host::Error) -> Exit {
    match error {
        host::Error::Usage(why) => Exit::no(why),
        host::Error::Fault(Fault::Damaged(why) | Fault::Refused(why)) => Exit::no(why),
        other => other.into(),
    }
}

fn is_database(path: &Path) -> Result<bool, Exit> {
    let mut begin = [0; 15];
    let mut file =
        std::fs::File::open(path).map_err(|why| Exit::input(format!("cannot read `{}`: {why}", path.display())))?;
    Ok(std::io::Read::read_exact(&mut file, &mut begin).is_ok() && &begin == b"SQLite format 3")
}
