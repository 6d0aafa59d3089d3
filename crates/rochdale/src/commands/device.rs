//! `rochdale device` and `rochdale act --sign`: the key of a device in a file, and acts signed with it. The key is read by this process alone,
//! and never by a server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use engine::act::{Act, EnrolDevice};
use engine::{Pseudonym, State};
use host::{Standing, clock, decode_act};
use rochdale_log::{Hash, Signed, private, public_of};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::commands::print;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct DeviceCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make a key in a new file, and print the act that enrols it
    New(New),
}

#[derive(Debug, clap::Args)]
struct New {
    /// The file to be made; nobody but its owner can read it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The member whose device it is
    #[arg(long, value_name = "M_…")]
    member: Pseudonym,
}

impl DeviceCommand {
    pub fn run(self) -> Result<(), Exit> {
        let What::New(New { file, member }) = self.what;
        let secret = host::fresh_secret()?;
        let unwritten = |why: std::io::Error| Exit::input(format!("cannot make `{}`: {why}", file.display()));
        let mut made = private::new_file(&file).map_err(unwritten)?;
        made.write_all(format!("{}\n", Hash(secret)).as_bytes()).and_then(|()| made.sync_all()).map_err(unwritten)?;
        let act = json!({ "act": "enrol_device", "member": member, "public": Hash(public_of(&secret)).to_string() });
        print(&format!("{act}\n"))
    }
}

/// The member whose device signed an act; `None` where no such device is known.
pub fn signer(state: &State, act: &Act, signed: &Signed) -> Option<Pseudonym> {
    match act {
        Act::EnrolDevice(act) if signed.device == 0 => Some(act.member),
        _ => state.members.pseudonym(state.devices.get(signed.device)?.member),
    }
}

/// The most bytes of a file of acts to be signed.
const MOST_ACTS: u64 = 4 * 1_048_576;

/// Signs acts with the key in a file, after the last entry of a co-op that is verified first, and prints them.
pub fn sign(what: &Path, key: &Path, file: &Path, caller: &Caller) -> Result<(), Exit> {
    let secret = read_key(key)?;
    let public = Hash(public_of(&secret)).to_string();
    let standing = Standing::verified(what).map_err(crate::commands::verify::verdict)?;
    let input: Box<dyn std::io::Read + '_> =
        if file.as_os_str() == "-" { caller.input() } else { Box::new(caller.open(file)?) };
    let device = standing.state.devices.iter().find(|(_, one)| one.public == public);
    let now = clock::now();
    // A browser counts from 1. The clock is beyond every turn of a key that only this command uses.
    let mut turn = u64::try_from(now.0).unwrap_or(0).max(device.map_or(0, |(_, one)| one.turn));
    for (number, line) in (1..).zip(BufReader::new(input.take(MOST_ACTS)).lines()) {
        let line = line.map_err(|why| Exit::input(format!("cannot read `{}`: {why}", file.display())))?;
        if line.trim().is_empty() {
            continue;
        }
        let misread = |why: String| Exit::input(format!("{}:{number}: {why}", file.display()));
        let act = decode_act(line.as_bytes(), &mut |_| None).map_err(|bad| misread(bad.to_string()))?.act;
        let (device, who, own_turn) = match (device, &act) {
            (Some((entry, one)), _) => {
                let who = standing.state.members.pseudonym(one.member);
                turn = turn.saturating_add(1);
                (entry, who.ok_or_else(|| misread("its member is unknown".to_owned()))?, turn)
            }
            (None, Act::EnrolDevice(EnrolDevice { member, public: own })) if *own == public => (0, *member, 0),
            (None, _) => return Err(misread(format!("this key is no device yet: enrol it first, `{public}`"))),
        };
        let signed =
            standing.sign(&act, who, (device, own_turn), &secret, now).map_err(|error| misread(error.to_string()))?;
        let mut fields: Value = serde_json::from_str(&line)?;
        fields["signed"] = serde_json::from_str(&signed.text())?;
        caller.print(&format!("{fields}\n"))?;
    }
    Ok(())
}

fn read_key(path: &Path) -> Result<[u8; 32], Exit> {
    let wrong = |why: String| Exit::input(format!("cannot use the key in `{}`: {why}", path.display()));
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|why| wrong(why.to_string()))?;
    file.take(128).read_to_string(&mut text).map_err(|why| wrong(why.to_string()))?;
    Hash::from_hex(text.trim_end().as_bytes())
        .map(|key| key.0)
        .map_err(|_| wrong("it is not 64 hexadecimal digits".to_owned()))
}
