//! A year of a forge and of a co-op together: people there open, close, reopen, retitle, transfer and delete issues, decisions here
//! close and open items, hooks are lost, doubled, late and out of order, and calls fail. In the end what the two say differs in
//! nothing but what a report lists with its reason.

use std::collections::BTreeMap;

use bridges::forge::Delivery;
use forge_double::{Delivery as Sent, Issue, Mischief, Year};

use super::*;
use crate::bridge::{Counts, Hook, Polled, Strangers, poll};
use crate::inbox::Difference;
use crate::{Writable, verify_store};

/// The days of every test run, for each dialect; `script/nightly` asks for more with `ROCHDALE_YEAR_DAYS`.
const DAYS: u64 = 60;
/// The seeds; `script/nightly` asks for more with `ROCHDALE_YEARS`.
const YEARS: u64 = 1;
const RULES: &str = r#"```charter
ranking "issues" of="forge" { close-after "30 days" floor="0.5 votes" }
```
"#;

/// Both sides, and what is on its way between them.
struct Both {
    house: House,
    rng: Rng,
    year: Year,
    mischief: Mischief,
    /// Deliveries that come late.
    late: Vec<Sent>,
    /// The item that each of three members supports.
    supported: BTreeMap<u64, u64>,
    tally: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    delivered: u64,
    readings: u64,
    failed: u64,
    decisions: u64,
}

impl Both {
    fn new(dialect: (Dialect, Spoken), seed: u64) -> Both {
        let house = House::under(dialect, 0, (true, true, true), RULES);
        let mut rng = Rng::new(seed);
        {
            let mut world = house.forge.world();
            world.repository("coop-001", "elsewhere");
            world.hook(0, "http://127.0.0.1:1/hooks/x", "secret");
            world.chance = Some((Rng::new(rng.any()), 60));
        }
        let id = house.id.clone();
        let counts = move |batch: &mut crate::Batch<'_>| {
            let mut bridge = batch.bridge(&id)?.unwrap();
            (bridge.settings.counts, bridge.settings.strangers) = ([Counts::Changes].into(), Strangers::Join);
            batch.put_bridge(&id, &bridge)
        };
        house.coop.write(counts).unwrap();
        for member in 1..=3 {
            house.member(member);
        }
        let year = Year::new(rng.any());
        let mischief = Mischief { rng: Rng::new(rng.any()), doubled: 200, dropped: 200, shuffled: true };
        let (late, supported, tally) = (Vec::new(), BTreeMap::new(), Tally::default());
        Both { house, rng, year, mischief, late, supported, tally }
    }

    /// The co-op's clock is the forge's, and never stands still.
    fn sync(&mut self) {
        let there = self.house.forge.world().now.saturating_mul(1_000_000);
        self.house.now = Moment(there.max(self.house.now.0 + 1));
    }

    fn live_a_day(&mut self) {
        let end = self.house.forge.world().now + 86_400;
        for _ in 0..self.rng.below(9) {
            {
                let mut world = self.house.forge.world();
                // Some acts share a second.
                if self.rng.below(3) > 0 {
                    world.pass(i64::try_from(self.rng.below(7_200)).unwrap());
                }
                self.year.act(&mut world);
            }
            self.sync();
            match self.rng.below(8) {
                0..3 => self.deliver(600),
                3 => self.read(),
                4 => self.look(),
                5 => self.decide(),
                _ => {}
            }
        }
        let mut world = self.house.forge.world();
        world.now = end.max(world.now);
    }

    fn night(&mut self) {
        self.sync();
        let now = self.house.now;
        self.house.coop.write(move |batch| batch.run_until(now, now)).unwrap();
        self.deliver(900);
        self.read();
        for _ in 0..3 {
            self.look();
        }
    }

    /// Carries out what is due.
    fn look(&mut self) {
        look(&self.house.coop, &self.house.vault, self.house.now).unwrap();
        self.sync();
    }

    /// Sends so many in a thousand of the deliveries that wait, in any order; the others come later.
    fn deliver(&mut self, per_mille: u64) {
        let fresh = self.house.forge.world().take_deliveries(Some(&mut self.mischief));
        self.late.extend(fresh);
        self.rng.shuffle(&mut self.late);
        for sent in std::mem::take(&mut self.late) {
            if self.rng.below(1_000) >= per_mille {
                self.late.push(sent);
                continue;
            }
            self.sync();
            let (present, now) = (self.house.coop.read(), self.house.now);
            let head = sent.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
            let head: Vec<(String, String)> = head.collect();
            let delivery = Delivery { head: &head, body: &sent.body };
            let hook = Hook::heard(&present, &self.house.vault, &self.house.id, delivery, now).unwrap();
            self.tally.delivered += 1;
            self.house.coop.write(move |batch| hook.take(batch, now)).unwrap();
        }
    }

    fn read(&mut self) {
        for _ in 0..20 {
            self.sync();
            let mut coop = Writable::Served(Arc::clone(&self.house.coop));
            self.tally.readings += 1;
            match poll(&mut coop, &self.house.vault, &self.house.id, self.house.now) {
                Ok(Polled { more: true, .. }) => {}
                Ok(_) => return,
                Err(NoBridge::Forge(_)) => {
                    self.tally.failed += 1;
                    return;
                }
                Err(why) => panic!("{why}"),
            }
        }
        panic!("a reading has no end");
    }

    /// Somebody here closes or opens an item, or opens one by its number alone; or a member supports another one.
    fn decide(&mut self) {
        self.sync();
        self.tally.decisions += 1;
        let items = self.items();
        let is_open = |number: &u64| items.get(number).is_some_and(|(open, _)| *open);
        match self.rng.below(4) {
            0 => {
                let there = self.there();
                let Some(number) = self.rng.pick(&there).filter(|number| !is_open(number)) else { return };
                self.house.item(number, true, engine::Actor::Operator);
            }
            1 => {
                let numbers: Vec<u64> = items.keys().copied().collect();
                let Some(number) = self.rng.pick(&numbers) else { return };
                self.house.item(number, !is_open(&number), engine::Actor::Operator);
            }
            _ => {
                let open: Vec<u64> = items.keys().copied().filter(is_open).collect();
                let Some(number) = self.rng.pick(&open) else { return };
                let member = 1 + self.rng.below(3);
                // A ballot for an item that was closed meanwhile has gone with it.
                if let Some(old) = self.supported.insert(member, number).filter(is_open) {
                    let _ = self.house.votes(member, old, 0);
                }
                self.house.votes(member, number, 1_000_000).unwrap();
            }
        }
    }

    /// Each item: whether it is open, and when it was turned last.
    fn items(&self) -> BTreeMap<u64, (bool, Moment)> {
        let present = self.house.coop.read();
        let items = present.state().decision("issues").unwrap().items();
        let one = |item: &engine::chamber::Item| {
            let turned = item.closed_at.unwrap_or(item.opened_at);
            (item.id.parse().unwrap(), (item.closed_at.is_none(), turned))
        };
        items.map(one).collect()
    }

    /// The numbers of issues that are there, closed or not.
    fn there(&self) -> Vec<u64> {
        let world = self.house.forge.world();
        let issues = world.repositories[0].issues.iter().filter(|issue| issue.at.kind == Kind::Issue);
        issues.filter(|issue| issue.gone.is_none()).map(|issue| issue.at.number).collect()
    }

    /// The peace after it: no fault any more, and time for all that waits. Deliveries that are late are lost.
    fn settle(&mut self) {
        self.late.clear();
        {
            let mut world = self.house.forge.world();
            world.chance = None;
            world.take_deliveries(None);
        }
        self.house.carry();
        for _ in 0..2 {
            self.house.forge.world().pass(86_400);
            self.read();
        }
    }

    /// The differences that reports have listed, with the time of each.
    fn listed(&self) -> BTreeMap<u64, Vec<(i64, Difference)>> {
        let present = self.house.coop.read();
        let mut listed: BTreeMap<u64, Vec<(i64, Difference)>> = BTreeMap::new();
        for number in 1..=present.last_report().unwrap() {
            let Some(report) = present.report(number).unwrap() else { continue };
            for one in report.taken.differ_first {
                if let Difference::OpenThere { item, .. }
                | Difference::StaysClosed { item, .. }
                | Difference::StaysOpen { item, .. } = &one.how
                {
                    let at = (report.at_us, one.how.clone());
                    listed.entry(item.parse().unwrap()).or_default().push(at);
                }
            }
        }
        listed
    }

    /// Compares every issue with every item: how many issues there are, how many differ as listed, and what differs without a reason.
    fn compared(&self) -> (usize, usize, Vec<String>) {
        let (items, listed, mut wrong, mut differ) = (self.items(), self.listed(), Vec::new(), 0);
        let (world, present) = (self.house.forge.world(), self.house.coop.read());
        let issues = world.repositories[0].issues.iter().filter(|issue| issue.at.kind == Kind::Issue);
        let issues: Vec<&Issue> = issues.collect();
        for issue in &issues {
            let (number, there) = (issue.at.number, issue.open && issue.gone.is_none());
            let here = items.get(&number);
            let is_listed = |at: &Moment, open: bool| {
                let fits = |how: &Difference| matches!(how, Difference::StaysOpen { .. }) == open;
                listed.get(&number).into_iter().flatten().any(|(us, how)| *us >= at.0 && fits(how))
            };
            let is_same = match here {
                None => !there,
                Some((open, _)) => *open == there,
            };
            let has_reason = here.is_some_and(|(open, at)| is_listed(at, *open));
            differ += usize::from(!is_same && has_reason);
            if !is_same && !has_reason {
                let said = listed.get(&number);
                wrong.push(format!("#{number}: open there {there} ({:?}), here {here:?}, listed {said:?}", issue.gone));
            }
            // One that went has the title that it had.
            let card = present.directory().item("issues", &number.to_string());
            if let Some(card) = card.filter(|card| issue.gone.is_none() && card.title != issue.title) {
                wrong.push(format!("#{number}: `{}` here and `{}` there", card.title, issue.title));
            }
        }
        let is_issue = |number: &u64| issues.iter().any(|issue| issue.at.number == *number);
        wrong.extend(items.keys().filter(|number| !is_issue(number)).map(|number| format!("#{number}: no issue")));
        (issues.len(), differ, wrong)
    }

    /// Each change that was merged is one credit of its author, and those of programs are none.
    fn contributions_came_once(&self) {
        let merged: Vec<(u64, bool)> = {
            let world = self.house.forge.world();
            let changes = world.repositories[0].issues.iter();
            let merged = changes.filter(|one| one.pull.as_ref().is_some_and(|pull| pull.merged.is_some()));
            merged.map(|one| (one.at.number, one.author.ends_with("[bot]"))).collect()
        };
        let place = self.house.coop.read().bridge(&self.house.id).unwrap().unwrap().place();
        let look = move |batch: &mut crate::Batch<'_>| {
            for (number, is_bot) in merged {
                assert_eq!(batch.knows(&format!("change:{place}/{number}"))?, !is_bot, "change {number}");
            }
            Ok::<(), Error>(())
        };
        self.house.coop.write(look).unwrap();
    }
}

#[test]
fn a_year_of_both_sides_differs_in_nothing_but_what_reports_list() {
    let asked = |name, usual| std::env::var(name).map_or(usual, |number| number.parse().unwrap());
    let (days, years) = (asked("ROCHDALE_YEAR_DAYS", DAYS), asked("ROCHDALE_YEARS", YEARS));
    for (seed, dialect) in (1..=years).flat_map(|seed| ALL.map(|dialect| (seed, dialect))) {
        let mut both = Both::new(dialect, seed);
        for day in 0..days {
            // In the second half nothing goes out, so that decisions here stand against the forge's word.
            if day == days / 2 {
                let (id, now) = (both.house.id.clone(), both.house.now);
                let off = move |batch: &mut crate::Batch<'_>| {
                    batch.choose_outlet(&id, (false, false, false), 7, None, now).map(|_| ())
                };
                both.house.coop.write(off).unwrap();
            }
            both.live_a_day();
            both.night();
        }
        both.settle();
        let (issues, differ, wrong) = both.compared();
        println!(
            "{:?}, seed {seed}: {days} days, {issues} issues, {differ} differ as listed, {} without a reason; {:?}",
            dialect.0,
            wrong.len(),
            both.tally
        );
        assert!(wrong.is_empty(), "{:?}, seed {seed}:\n{}", dialect.0, wrong.join("\n"));
        both.contributions_came_once();
        let verified = both.house.coop.read().beside.look(|store, _| Ok(verify_store(store, 1).map(|_| ())));
        verified.unwrap().unwrap();
    }
}
