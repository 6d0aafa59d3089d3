//! Our figures beside those of other programs for the same work, where they are installed. Every contestant does its work in
//! turn, in the same run, on one thread, and its answer is compared with ours.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use engine::chamber::{Decision, Lanes};
use engine::count::{Tally, Votes, tally};
use engine::{DecisionId, MemberIndex, State};

use super::{line, median, ms, ratio, timed, update};
use crate::exit::Exit;

/// Runs one program.
const SCRIPT: &str = include_str!("../../../../../script/peers.py");
/// How to install what is absent.
const INSTALL: &str =
    "not installed: run `script/peers`, or `pip install duckdb polars` for the `python3` of your PATH";
/// Each program twice: it looks weights up by member as we do, or has them beside each ballot already.
const PEERS: [&str; 4] = ["duckdb", "polars", "duckdb-beside", "polars-beside"];
const ROUNDS: usize = 15;
/// Runs of one round: processor time is known to some milliseconds only.
const RUNS: u32 = 5;

/// One contestant's times of every round.
#[derive(Default)]
struct Times {
    wall: Vec<Duration>,
    processor: Vec<Duration>,
}

pub fn run() -> Result<(), Exit> {
    let mut state = update::state()?;
    // The first update fills the columns of sums; weights are those that later ones count with.
    update::next(&mut state, 1)?;
    let folder = tempfile::tempdir()?;
    export(&state, folder.path())?;
    let own = sums(&state)?;
    let mut peers = Vec::new();
    for name in PEERS {
        match Peer::start(name, folder.path())? {
            Some(peer) => {
                peer.check(&own, folder.path())?;
                peers.push((peer, Times::default()));
            }
            None => line(name, INSTALL)?,
        }
    }
    let (mut sum, mut whole) = (Times::default(), Times::default());
    let mut later = state.clone();
    for _ in 0..ROUNDS {
        sum.measure(|| sums(&state).map(drop))?;
        for (peer, times) in &mut peers {
            peer.measure(times)?;
        }
        whole.measure(|| update::next(&mut later, 1))?;
    }
    let (sum, whole) = (sum.medians(), whole.medians());
    line("the ballots' sum, one thread", "wall, processor; as a multiple of ours")?;
    told("ours", sum, sum)?;
    for (peer, times) in peers {
        told(&format!("{} {}", peer.name, peer.version), times.medians(), sum)?;
    }
    told("the whole update", whole, sum)
}

type Medians = (Duration, Duration);

fn told(name: &str, (wall, processor): Medians, own: Medians) -> Result<(), Exit> {
    let multiples = format!("{}, {}", ratio(wall, own.0), ratio(processor, own.1));
    line(&format!("  {name}"), &format!("{}, {}; {multiples}", ms(wall), ms(processor)))
}

impl Times {
    /// Runs our own work, on this thread.
    fn measure(&mut self, mut work: impl FnMut() -> Result<(), Exit>) -> Result<(), Exit> {
        let begin = processor_time();
        let (result, wall) = timed(|| (0..RUNS).try_for_each(|_| work()));
        result?;
        self.wall.push(wall / RUNS);
        self.processor.push(processor_time().saturating_sub(begin) / RUNS);
        Ok(())
    }

    fn medians(self) -> Medians {
        (median(self.wall), median(self.processor))
    }
}

/// The time that a processor has spent on this thread, as the kernel counts it.
pub(super) fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split_whitespace().next().and_then(|spent| spent.parse().ok()).unwrap_or(0))
}

/// The sums of all ballots, as an update makes them.
fn sums(state: &State) -> Result<Tally, Exit> {
    let broken = |broken: quantity::Broken| Exit::world(broken.to_string());
    let decisions: Vec<&Decision> = state.decisions.rows().iter().collect();
    let lanes = Lanes::new(&state.rules.kernel, &decisions, &state.members, &state.weights, &|_| 3).map_err(broken)?;
    tally(&lanes.readings(&decisions), &state.ballots, 1).map_err(broken)
}

/// Writes ballots, scores and weights as tables of whole numbers.
fn export(state: &State, folder: &Path) -> Result<(), Exit> {
    let table = |name: &str, header: &str| -> Result<BufWriter<File>, Exit> {
        let mut file = BufWriter::new(File::create(folder.join(format!("{name}.csv")))?);
        writeln!(file, "{header}")?;
        Ok(file)
    };
    let mut weights = table("weights", "member,weight_micro")?;
    for (member, weight) in state.weights.member.iter().enumerate() {
        writeln!(weights, "{member},{weight}")?;
    }
    let mut ballots = table("ballots", "ballot,member,decision,target,share_ppm,against,scored")?;
    let mut scores = table("scores", "ballot,candidate,score_ppm")?;
    for (place, ballot) in state.ballots.rows().iter().enumerate().filter(|(_, one)| one.member != MemberIndex::NOBODY)
    {
        let scored = state.decisions.get(ballot.decision).is_some_and(Decision::scores_candidates);
        let target = if scored { 0 } else { ballot.target };
        let (against, scored) = (u8::from(ballot.side.is_against()), u8::from(scored));
        let (member, decision, share) = (ballot.member, ballot.decision, ballot.share_ppm);
        writeln!(ballots, "{place},{member},{decision},{target},{share},{against},{scored}")?;
        for score in state.ballots.scores(ballot).filter(|_| scored == 1) {
            writeln!(scores, "{place},{},{}", score.candidate, score.ppm())?;
        }
    }
    for file in [&mut weights, &mut ballots, &mut scores] {
        file.flush()?;
    }
    let mut script = File::create(folder.join("peers.py"))?;
    Ok(script.write_all(SCRIPT.as_bytes())?)
}

/// Another program, ready to add up.
struct Peer {
    name: &'static str,
    version: String,
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Returns `None` where it is not installed.
    fn start(name: &'static str, folder: &Path) -> Result<Option<Peer>, Exit> {
        let mut python = Command::new("python3");
        python.arg(folder.join("peers.py")).arg(folder).arg(name).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = match python.spawn() {
            Ok(child) => child,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(why.into()),
        };
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Exit::world(format!("{name} has no pipes")));
        };
        let mut peer = Peer { name, version: String::new(), child, ask, answers: BufReader::new(answers) };
        match peer.answer()?.strip_prefix("ready ") {
            Some(version) => peer.version = version.to_owned(),
            None if peer.child.wait()?.code() == Some(3) => return Ok(None),
            None => return Err(Exit::world(format!("{name} did not add up"))),
        }
        Ok(Some(peer))
    }

    fn answer(&mut self) -> Result<String, Exit> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim().to_owned())
    }

    /// Compares its sums with ours.
    fn check(&self, own: &Tally, folder: &Path) -> Result<(), Exit> {
        let mut theirs: BTreeMap<(u16, usize), Votes> = BTreeMap::new();
        let text = std::fs::read_to_string(folder.join(format!("{}.csv", self.name)))?;
        for row in text.lines() {
            let cells: Option<Vec<u128>> = row.split(',').map(|cell| cell.parse().ok()).collect();
            let Some(&[decision, target, against, sum]) = cells.as_deref() else {
                return Err(Exit::world(format!("{} wrote `{row}`", self.name)));
            };
            let place = (u16::try_from(decision).unwrap_or(u16::MAX), usize::try_from(target).unwrap_or(usize::MAX));
            let (in_favour, against) = if against == 0 { (sum, 0) } else { (0, sum) };
            theirs.entry(place).or_default().add(Votes { in_favour, against });
        }
        let known = |decision: u16, target| own.support(DecisionId(decision).place(), target);
        let differs = theirs.iter().find(|((decision, target), votes)| known(*decision, *target) != **votes);
        let mut all = Votes::default();
        theirs.values().for_each(|votes| all.add(*votes));
        // The sum of all shows a target that is missing.
        if differs.is_some() || all != own.support_of_all() {
            return Err(Exit::world(format!("{} adds up to something else: {differs:?}", self.name)));
        }
        Ok(())
    }

    fn measure(&mut self, times: &mut Times) -> Result<(), Exit> {
        let (mut wall, mut processor) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..RUNS {
            writeln!(self.ask, "run")?;
            let answer = self.answer()?;
            let mut spent = answer.split_whitespace().map(|time| time.parse().map(Duration::from_nanos));
            let (Some(Ok(one)), Some(Ok(other))) = (spent.next(), spent.next()) else {
                return Err(Exit::world(format!("{} answered `{answer}`", self.name)));
            };
            (wall, processor) = (wall + one, processor + other);
        }
        times.wall.push(wall / RUNS);
        times.processor.push(processor / RUNS);
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
