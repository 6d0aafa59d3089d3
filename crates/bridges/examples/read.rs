//! `cargo run --release -p bridges --example read KIND PATH`: reads a file or repository and says how many
//! facts it gives, for measuring time and memory.
#![allow(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use bridges::{Kind, What};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().and_then(|name| Kind::parse(&name)).ok_or("which kind?")?;
    let path = arguments.next().ok_or("which file?")?;
    let mut source = bridges::open(kind, Path::new(&path), &mut |_, _| {})?;
    let mut facts: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut in_order = true;
    let mut last = None;
    source.facts(&mut |fact| {
        in_order &= last.is_none_or(|last| last <= fact.at);
        last = Some(fact.at);
        *facts.entry(name(&fact.what)).or_default() += 1;
        ControlFlow::Continue(())
    })?;
    println!("{:?} {facts:?} in order: {in_order}", source.summary());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("{}", peak.unwrap_or("peak memory unknown"));
    Ok(())
}

const fn name(what: &What) -> &'static str {
    match what {
        What::Member { .. } => "members",
        What::Support { .. } => "support",
        What::Reversal { .. } => "reversals",
        What::Booking { .. } => "bookings",
        What::Item { .. } => "items",
    }
}
