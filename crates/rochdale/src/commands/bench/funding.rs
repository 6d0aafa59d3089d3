//! Quadratic funding of 1,000,000 pledges, exact to the minor unit, beside NumPy's floating point in the same run, where `python3`
//! has it. One thread each, by processor time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use engine::pool::{Gift, MOST_PLEDGED, Pledges, plain};

use super::peers::processor_time;
use super::{Spread, line, median, ms, ratio};
use crate::exit::Exit;

const GIFTS: usize = 1_000_000;
const PROJECTS: u32 = 1_000;
const MEMBERS: u32 = 100_000;
/// The greatest gift, minor units.
const GREATEST: u64 = 100_000;
const ROUNDS: usize = 15;

/// The other program.
const SCRIPT: &str = include_str!("../../../../../script/funding.py");

/// One way to come to matches: its name, and how we do it.
type Way<'a> = (&'static str, &'static str, Box<dyn Fn() -> u128 + 'a>);

pub fn run() -> Result<(), Exit> {
    let mut spread = Spread(1_844);
    let mut gift = || Gift {
        project: spread.next(u64::from(PROJECTS)) as u32,
        member: spread.next(u64::from(MEMBERS)) as u32,
        minor: 1 + spread.next(GREATEST),
    };
    let gifts: Vec<Gift> = (0..GIFTS).map(|_| gift()).collect();
    let pledges = by_project(&gifts)?;
    let alone: Vec<u64> = (0..pledges.projects()).flat_map(|project| pledges.sums(project)).copied().collect();
    let folder = tempfile::tempdir()?;
    export(&gifts, folder.path())?;
    let mut peer = Peer::start(folder.path())?;
    line("gifts, projects, members", &format!("{GIFTS}, {PROJECTS}, {MEMBERS}"))?;
    let ways: [Way; 3] = [
        ("gifts", "from gifts in any order to matches", Box::new(|| by_project(&gifts).map_or(0, |all| matched(&all)))),
        ("sums", "from sums by project and member to matches", Box::new(|| matched(&pledges))),
        ("one", "the same sums as those of one project", Box::new(|| plain(&alone, 1))),
    ];
    for (name, what, own) in &ways {
        let (mut ours, mut theirs, mut answers) = (Vec::new(), Vec::new(), (0, 0.0));
        for _ in 0..ROUNDS {
            let begin = processor_time();
            answers.0 = std::hint::black_box(own());
            ours.push(processor_time().saturating_sub(begin));
            if let Some(peer) = &mut peer {
                let (spent, sum) = peer.measure(name)?;
                theirs.push(spent);
                answers.1 = sum;
            }
        }
        let ours = median(ours);
        line(what, &ms(ours))?;
        if let Some(peer) = &peer {
            let theirs = median(theirs);
            line(&format!("  NumPy {}, floating point", peer.version), &ms(theirs))?;
            line("  our speed ÷ NumPy's, wanted 0.5", &ratio(theirs, ours))?;
            // Each match of theirs may be off by one, and by a float's rounding.
            let off = (answers.0 as f64 - answers.1).abs();
            if off > f64::from(PROJECTS) + answers.1 * 1e-12 {
                return Err(Exit::world(format!("NumPy comes to {}, and we to {}", answers.1, answers.0)));
            }
        }
    }
    if peer.is_none() {
        line("NumPy", "not installed, so there is no ratio: `pip install numpy` for the `python3` of your PATH")?;
    }
    Ok(())
}

fn by_project(gifts: &[Gift]) -> Result<Pledges, Exit> {
    let beyond = |_| Exit::world(format!("gifts come to more than {MOST_PLEDGED}"));
    Pledges::of(PROJECTS as usize, gifts.iter().copied()).map_err(beyond)
}

/// The matches of all projects together, minor units.
fn matched(pledges: &Pledges) -> u128 {
    (0..pledges.projects()).map(|project| plain(pledges.sums(project), 1)).sum()
}

/// Writes gifts as columns of whole numbers.
fn export(gifts: &[Gift], folder: &Path) -> Result<(), Exit> {
    let narrow = |cell: fn(&Gift) -> u32| gifts.iter().flat_map(|gift| cell(gift).to_le_bytes()).collect::<Vec<u8>>();
    std::fs::write(folder.join("project.bin"), narrow(|gift| gift.project))?;
    std::fs::write(folder.join("member.bin"), narrow(|gift| gift.member))?;
    let wide: Vec<u8> = gifts.iter().flat_map(|gift| gift.minor.to_le_bytes()).collect();
    std::fs::write(folder.join("minor.bin"), wide)?;
    std::fs::write(folder.join("projects"), PROJECTS.to_string())?;
    Ok(std::fs::write(folder.join("funding.py"), SCRIPT)?)
}

/// NumPy in a process of its own.
struct Peer {
    version: String,
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Returns `None` where it is not installed.
    fn start(folder: &Path) -> Result<Option<Peer>, Exit> {
        let mut python = Command::new("python3");
        python.arg(folder.join("funding.py")).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = match python.spawn() {
            Ok(child) => child,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(why.into()),
        };
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Exit::world("python3 has no pipes"));
        };
        let mut peer = Peer { version: String::new(), child, ask, answers: BufReader::new(answers) };
        match peer.answer()?.strip_prefix("ready ") {
            Some(version) => peer.version = version.to_owned(),
            None if peer.child.wait()?.code() == Some(3) => return Ok(None),
            None => return Err(Exit::world("NumPy did not start")),
        }
        Ok(Some(peer))
    }

    fn answer(&mut self) -> Result<String, Exit> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim().to_owned())
    }

    fn measure(&mut self, way: &str) -> Result<(Duration, f64), Exit> {
        writeln!(self.ask, "{way}")?;
        let answer = self.answer()?;
        let parts = answer.split_once(' ').and_then(|(spent, sum)| Some((spent.parse().ok()?, sum.parse().ok()?)));
        let (spent, sum) = parts.ok_or_else(|| Exit::world(format!("NumPy answered `{answer}`")))?;
        Ok((Duration::from_nanos(spent), sum))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
