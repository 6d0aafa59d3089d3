//! `rochdale bench`: the figures of BENCHMARKS.md. Each is printed beside the machine's own limit or the usual
//! alternative, measured in the same run.

mod act;
mod charter;
mod clients;
mod credit;
mod crowd;
mod demo;
mod doors;
mod formulas;
mod funding;
mod import;
mod mechanisms;
mod pages;
mod peers;
mod replay;
mod siege;
mod start;
mod till;
mod update;
mod waits;
mod writer;

use std::time::Duration;

use crate::commands::print;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Bench {
    /// One benchmark only: charter, formulas, funding, credit, update, mechanisms, act, replay, start, import, writer, pages, waits, doors, till, siege, demo, peers
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

type Run = fn() -> Result<(), Exit>;

const ALL: [(&str, Run); 18] = [
    ("charter", charter::run),
    ("formulas", formulas::run),
    ("funding", funding::run),
    ("credit", credit::run),
    ("update", update::run),
    ("mechanisms", mechanisms::run),
    ("act", act::run),
    ("replay", replay::run),
    ("start", start::run),
    ("import", import::run),
    ("writer", writer::run),
    ("pages", pages::run),
    ("waits", waits::run),
    ("doors", doors::run),
    ("till", till::run),
    ("siege", siege::run),
    ("demo", demo::run),
    ("peers", peers::run),
];

impl Bench {
    pub fn run(self) -> Result<(), Exit> {
        let Some(name) = self.name else {
            return each_in_its_own_process();
        };
        let Some((_, run)) = ALL.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
            return Err(Exit::input(format!("there is no benchmark `{name}`: one of {}", known.join(", "))));
        };
        if cfg!(debug_assertions) {
            print("this is a debug build: the figures mean nothing\n")?;
        }
        run()
    }
}

/// One process each, so that the memory of one is not counted for another.
fn each_in_its_own_process() -> Result<(), Exit> {
    let own = std::env::current_exe()?;
    for (name, _) in ALL {
        let status = std::process::Command::new(&own).args(["bench", name]).status()?;
        if !status.success() {
            return Err(Exit::world(format!("the benchmark `{name}` failed")));
        }
    }
    Ok(())
}

/// Runs `work` and returns the time that it took.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = std::time::Instant::now();
    let result = work();
    (result, begin.elapsed())
}

/// The time that this process has had on processors: of all its threads, since it began.
fn own_processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Ticks of a hundredth of a second, of the program and of the system for it; the name before them may hold spaces.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Returns the middle of several runs.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Milliseconds with one place.
fn ms(time: Duration) -> String {
    format!("{}.{} ms", time.as_millis(), time.as_micros() / 100 % 10)
}

/// Returns how many times `b` goes into `a`, with two places.
fn ratio(a: Duration, b: Duration) -> String {
    let hundredths = a.as_nanos() * 100 / b.as_nanos().max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn line(name: &str, value: &str) -> Result<(), Exit> {
    print(&format!("{name:<58} {value}\n"))
}

/// Returns a figure of a process from the kernel, in KiB: `VmHWM` (peak) or `VmRSS` (now).
fn memory_kib(process: &str, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(figure));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// Numbers that look random and are the same in every run.
struct Spread(u64);

impl Spread {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }
}
