//! An import again and again: each is in the log as a whole or not at all, and what it reported as done is there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::crash::WRITERS;
use crate::crash::house::{House, ended};

const ROWS: u64 = 60;

/// Files that were imported, by number.
#[derive(Debug, Default)]
pub struct Imports {
    /// Those that the program reported as done.
    pub done: Vec<u64>,
    pub broken_off: u64,
    /// The file whose turn it is, until it is reported as done.
    next: u64,
}

impl Imports {
    /// Imports one file after another into the serving co-op, until the server is gone.
    pub fn run_beside(&mut self, house: &House, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) && self.import(house, None) {}
    }

    /// Imports a file into the folder that a killed server has left, and kills that after `time`; how many were killed.
    pub fn run_and_kill(&mut self, house: &House, time: Duration) -> u64 {
        u64::from(!self.import(house, Some(time)))
    }

    /// The one place where the command is called; whether it reported the file as done.
    fn import(&mut self, house: &House, kill_after: Option<Duration>) -> bool {
        let name = format!("support-{}.csv", self.next);
        house.write(&name, &rows(self.next));
        let arguments = ["import", "support-csv", &name, "--dir", "home", "--json"];
        let mut child = house.command(&arguments);
        if let Some(time) = kill_after {
            std::thread::park_timeout(time);
            let _ = child.kill();
        }
        let Some(ran) = ended(child, &arguments).filter(|ran| kill_after.is_some() || ran.code != 3) else {
            self.broken_off += 1;
            return false;
        };
        let taken = ran.ends(0).json();
        let (recorded, known) = (taken["recorded"].as_u64().unwrap(), taken["known"].as_u64().unwrap());
        // An earlier try may have been done without an answer, but not half.
        assert!(matches!((recorded, known), (ROWS, 0) | (0, ROWS)), "{taken}");
        self.done.push(self.next);
        self.next += 1;
        true
    }

    /// Each row of what is done is in the log once, and all others are as a whole or not at all.
    pub fn check(&self, sources: &BTreeMap<String, u64>) {
        for file in 0..=self.next {
            let there: Vec<u64> =
                (0..ROWS).map(|row| sources.get(&source(file, row)).copied().unwrap_or_default()).collect();
            let whole = there.iter().all(|times| *times == 1);
            let nothing = there.iter().all(|times| *times == 0);
            assert!(whole || nothing && !self.done.contains(&file), "import {file} is in the log as {there:?}");
        }
        assert_eq!(sources.len() as u64 % ROWS, 0);
    }
}

fn source(file: u64, row: u64) -> String {
    format!("support:{file}-{row}")
}

fn rows(file: u64) -> String {
    let mut text = "member,kind,amount,unit,given_at,source\n".to_owned();
    for row in 0..ROWS {
        let member = 1 + row % WRITERS as u64;
        text += &format!("member-{member:03},donation,1,USD,2025-01-01,{file}-{row}\n");
    }
    text
}
