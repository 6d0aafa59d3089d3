//! Credit of 21,000 commits by 750 people in 800 weeks, made up by a fixed seed: the engine's own work alone. SourceCred's npm package does the
//! same in the same run where `ROCHDALE_BENCH_SOURCECRED` names its unpacked folder (tests/credit/record.py says how to get it).

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use engine::credit::{Credits, Graph, Item, Kind, Link, LinkKind, Parameters, credits};
use serde_json::{Value, json};

use super::{Spread, line, median, memory_kib, ms, own_processor_time, timed};
use crate::exit::Exit;

const COMMITS: u32 = 21_000;
const PEOPLE: u32 = 750;
const WEEKS: u32 = 800;
const RUNS: u32 = 5;
/// Drives the package.
const SCRIPT: &str = include_str!("../../../../../tests/credit/sourcecred.cjs");

pub fn run() -> Result<(), Exit> {
    let graph = graph();
    line("commits, people, weeks", &format!("{COMMITS}, {PEOPLE}, {WEEKS}"))?;
    line("links to parents", &graph.links.len().to_string())?;
    let before = own_processor_time();
    let (results, times): (Vec<_>, Vec<_>) = (0..RUNS).map(|_| timed(|| credits(&graph, &Parameters::USUAL))).unzip();
    let processor = own_processor_time().saturating_sub(before) / RUNS;
    let all = results.into_iter().next().and_then(Result::ok).ok_or_else(|| Exit::world("no credit"))?;
    line("time, middle of five", &ms(median(times)))?;
    line("processor time of each, limit 1000 ms", &ms(processor))?;
    line("memory of the whole process, limit 300 MiB", &format!("{} MiB", memory_kib("self", "VmHWM") / 1024))?;
    line("sweeps until nothing changes", &all.sweeps.to_string())?;
    match std::env::var_os("ROCHDALE_BENCH_SOURCECRED") {
        Some(package) => sourcecred(&graph, &all, &package),
        None => line("SourceCred 0.11.2, recorded", "142 s, 3.2 GB (name its folder in ROCHDALE_BENCH_SOURCECRED)"),
    }
}

/// A few people make most commits; each builds on one or two of the newest.
fn graph() -> Graph {
    let mut spread = Spread(1_844);
    let mut graph = Graph {
        people: PEOPLE,
        weeks: WEEKS,
        items: Vec::new(),
        with: Vec::new(),
        links: Vec::new(),
        attributions: Vec::new(),
    };
    for from in 0..COMMITS {
        let mut drawn = || spread.next(PEOPLE.into());
        let author = drawn().min(drawn()).min(drawn()) as u32;
        let several = if spread.next(6) == 0 { 2 } else { 1 };
        let mut back = || spread.next(20).min(spread.next(20)) as u32;
        let mut parents: Vec<u32> = (0..several).filter_map(|_| from.checked_sub(1 + back())).collect();
        parents.sort_unstable();
        parents.dedup();
        let kind = if parents.len() > 1 { Kind::Merge } else { Kind::Commit };
        graph.items.push(Item { kind, author: Some(author), week: from * WEEKS / COMMITS, mint_micro: None });
        graph.links.extend(parents.into_iter().map(|to| Link { kind: LinkKind::Parent, from, to }));
    }
    graph
}

/// Lets the package compute the same, and compares. It stops far from its end, so that the two agree to some thousandths.
fn sourcecred(graph: &Graph, own: &Credits, package: &std::ffi::OsStr) -> Result<(), Exit> {
    let commits = (0_u32..).zip(&graph.items).map(|(place, item)| {
        let parents = graph.links.iter().filter(|link| link.from == place);
        let parents: Vec<String> = parents.map(|link| link.to.to_string()).collect();
        json!({ "id": place.to_string(), "author": name(item.author.unwrap_or(0)), "week": item.week, "parents": parents })
    });
    let people: Vec<String> = (0..PEOPLE).map(name).collect();
    let input = json!({ "people": people, "commits": commits.collect::<Vec<_>>(), "weeks": WEEKS });
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("sourcecred.cjs");
    std::fs::write(&script, SCRIPT)?;
    let mut node = Command::new("node")
        .arg("--max-old-space-size=8000")
        .arg(&script)
        .arg(std::path::absolute(package)?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut to) = node.stdin.take() {
        to.write_all(json!([{ "input": input, "once": true }]).to_string().as_bytes())?;
    }
    let output = node.wait_with_output()?;
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|_| Exit::world("SourceCred gave no answer"))?;
    let (told, memory) = (&answer["answers"][0], answer["memory_kib"].as_u64().unwrap_or(0));
    let seconds = told["seconds"].as_f64().unwrap_or(0.0);
    line("SourceCred's processor time", &ms(Duration::from_secs_f64(seconds)))?;
    line("memory of its process", &format!("{} MiB", memory / 1024))?;
    let theirs = told["people"].as_array().into_iter().flatten().map(|person| person["credit"].as_f64().unwrap_or(0.0));
    let difference = theirs.zip(&own.people).map(|(theirs, own)| (theirs - own.pico as f64 / 1e12).abs());
    line("greatest difference of anybody's credit", &format!("{:.4}", difference.fold(0.0, f64::max)))
}

fn name(person: u32) -> String {
    format!("p{person:03}")
}
