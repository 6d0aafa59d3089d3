//! `rochdale release`: lists what came out, publishes a version with its files, and withdraws one. Files go in piece by piece, also where
//! a server serves the co-op.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use engine::act::{Act, PublishRelease, ReleaseFile, WithdrawRelease};
use engine::{Actor, intent};
use host::file::{NotKept, PIECE_BYTES, Piece, Room, Upload, media_of};
use host::{Writable, clock};
use serde_json::json;

use crate::caller::Caller;
use crate::commands::{print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct ReleaseCommand {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The release clause, as the constitution names it; without one everything is listed
    #[arg(value_name = "RELEASE", requires = "version_name")]
    release: Option<String>,
    /// The version's name
    // Every command has `--version` of its own.
    #[arg(id = "version_name", value_name = "VERSION")]
    version: Option<String>,
    /// Its files
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Take the version's files away, for everybody and for good
    #[arg(long, requires = "version_name", conflicts_with = "files")]
    withdraw: bool,
    /// Make another key for the co-op's signatures; what was signed stays signed by the earlier one
    #[arg(long, conflicts_with_all = ["release", "files", "withdraw", "member"])]
    new_key: bool,
    /// As whom: a holder of the power `release`; the operator without one
    #[arg(long = "as", value_name = "MEMBER")]
    member: Option<String>,
    #[command(flatten)]
    room: RoomArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How much of releases' files is kept.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct RoomArgs {
    /// The most of one file of a release, in MiB
    #[arg(long, value_name = "MIB", default_value_t = Room::USUAL.file >> 20, value_parser = clap::value_parser!(u64).range(1..=1_048_576))]
    file_mib: u64,
    /// The most of all files of releases together, in MiB
    #[arg(long, value_name = "MIB", default_value_t = Room::USUAL.all >> 20, value_parser = clap::value_parser!(u64).range(1..=1_073_741_824))]
    files_mib: u64,
}

impl RoomArgs {
    /// The room in bytes.
    pub fn room(self) -> Room {
        Room { file: self.file_mib << 20, all: self.files_mib << 20 }
    }
}

impl ReleaseCommand {
    /// The folder of the co-op that it writes, unless it only lists.
    pub fn writes(&self) -> Option<&Path> {
        (self.release.is_some() || self.new_key).then_some(&*self.dir)
    }

    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        if self.new_key {
            let mut coop = caller.write(&self.dir)?;
            let public = coop.write(|batch| batch.renew_release_key(clock::now()))?;
            return caller.print(&format!("what comes out from now on is signed by {public}\n"));
        }
        let (Some(release), Some(version)) = (self.release.clone(), self.version.clone()) else {
            return self.list();
        };
        if self.withdraw {
            let act = WithdrawRelease { release, version: version.clone() };
            let mut coop = caller.write(&self.dir)?;
            return self.hand_in(caller, &mut coop, Act::WithdrawRelease(act), &version);
        }
        if self.files.is_empty() {
            return Err(Exit::input("name the files of the version, or say --withdraw"));
        }
        let mut coop = caller.write(&self.dir)?;
        coop.write(|batch| batch.sweep_uploads(clock::now()))?;
        let mut uploads = Vec::new();
        let done = self.upload(caller, &mut coop, &mut uploads).and_then(|files| {
            let act = PublishRelease { release, version: version.clone(), files };
            self.hand_in(caller, &mut coop, Act::PublishRelease(act), &version)
        });
        if done.is_err() {
            // Whatever is left of them is swept after an hour.
            let _ = coop.write(move |batch| uploads.iter().try_for_each(|id| batch.drop_upload(id)));
        }
        done
    }

    /// Brings the files in, and says what they are.
    fn upload(
        &self,
        caller: &Caller,
        coop: &mut Writable,
        uploads: &mut Vec<String>,
    ) -> Result<Vec<ReleaseFile>, Exit> {
        let mut files = Vec::new();
        for path in &self.files {
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| Exit::input(format!("`{}` has no name that is text", path.display())))?;
            let mut file = caller.open(path)?;
            let mut upload = Upload::new(self.room.room(), clock::now())?;
            uploads.push(upload.id().to_owned());
            let why = |why: NotKept| Exit::input(format!("`{}` is not kept: {why}", path.display()));
            let mut bytes = vec![0; PIECE_BYTES];
            loop {
                let read = file
                    .read(&mut bytes)
                    .map_err(|why| Exit::input(format!("cannot read `{}`: {why}", path.display())))?;
                if read == 0 {
                    break;
                }
                for piece in upload.take(bytes.get(..read).unwrap_or_default()).map_err(why)? {
                    put(coop, piece).map_err(why)?;
                }
            }
            let (last, uploaded) = upload.end();
            if let Some(piece) = last {
                put(coop, piece).map_err(why)?;
            }
            let media = media_of(name).to_owned();
            files.push(ReleaseFile {
                name: name.to_owned(),
                bytes: uploaded.bytes,
                sha256: uploaded.sha256.clone(),
                media,
            });
            // The rules refuse a file without a byte, by its name.
            if uploaded.bytes > 0 {
                coop.write(move |batch| batch.end_upload(&uploaded)).map_err(why)?;
            }
        }
        Ok(files)
    }

    fn hand_in(&self, caller: &Caller, coop: &mut Writable, act: Act, version: &str) -> Result<(), Exit> {
        let (now, holder) = (clock::now(), self.member.clone());
        let (kind, receipt) = coop.write(move |batch| {
            let (act, actor) = match &holder {
                None => (act, Actor::Operator),
                Some(name) => {
                    let member = batch.find_member(name)?;
                    let member = member.ok_or_else(|| Exit::no(format!("nobody here is called `{name}`")))?;
                    (intent::by_power(batch.state(), member, act, now), Actor::Desk(member))
                }
            };
            let accepted = batch.append(&act, actor, "", "", now)?;
            Ok::<_, Exit>((act.kind(), accepted.receipt))
        })?;
        if self.json {
            return caller.print_json(&json!({ "act": kind, "receipt": receipt }));
        }
        caller.print(&match kind {
            "propose_act" => format!("It is proposed as entry {}: the other seats are asked.\n", receipt.entry),
            "withdraw_release" => format!("{version} is withdrawn, and its files are erased.\n"),
            _ => format!("{version} is out: entry {} has the hashes of its files.\n", receipt.entry),
        })
    }

    fn list(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let clauses = views::releases(&coop.sight(clock::now()), None);
        if self.json {
            return print_json(&json!({ "releases": clauses }));
        }
        if clauses.is_empty() {
            return print("the rules have no release, and nothing has come out\n");
        }
        let mut words = String::new();
        for clause in &clauses {
            let rule = clause.threshold.as_ref();
            let rule = rule.map_or(clause.words.clone(), |bar| format!("{}; {}", bar.came_words, bar.needed_words));
            words.push_str(&format!("{}: {rule}\n", clause.release));
            let mut rows = vec![["version", "file", "size", "SHA-256", "is"].map(str::to_owned).to_vec()];
            for version in &clause.versions {
                rows.extend(version.files.iter().map(|file| {
                    let cells = [&version.version, &file.name, &file.size, &file.sha256, &version.stands];
                    cells.map(Clone::clone).to_vec()
                }));
            }
            if rows.len() > 1 {
                words.push_str(&table(&rows));
            }
        }
        for key in coop.release_keys()?.iter().rev() {
            let what = if key.signs() { "signs what comes out" } else { "signed earlier versions" };
            words.push_str(&format!("{} {what}: minisign -Vm FILE -P {}\n", key.public, key.public));
        }
        print(&words)
    }
}

fn put(coop: &mut Writable, piece: Piece) -> Result<(), NotKept> {
    coop.write(move |batch| batch.put_piece(&piece))
}
