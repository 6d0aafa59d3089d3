//! The demonstration's cold start and idle memory.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::{line, memory_kib, ms, timed};
use crate::exit::Exit;

pub fn run() -> Result<(), Exit> {
    let own = std::env::current_exe()?;
    let (child, time) = timed(|| -> Result<_, Exit> {
        let mut child = Command::new(&own).args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or_else(|| Exit::world("no output"))?;
        let mut first = String::new();
        BufReader::new(out).read_line(&mut first)?;
        Ok((child, first))
    });
    let (mut child, first) = child?;
    let memory = memory_kib(&child.id().to_string(), "VmRSS");
    let peak = memory_kib(&child.id().to_string(), "VmHWM");
    child.kill()?;
    child.wait()?;
    if !first.starts_with("listening on ") {
        return Err(Exit::world(format!("the demonstration said `{}`", first.trim())));
    }
    line("demonstration: from start to listening", &ms(time))?;
    line("demonstration: idle memory", &format!("{} MiB", memory / 1024))?;
    line("demonstration: peak memory", &format!("{} MiB", peak / 1024))
}
