//! Days of a project's life, by a seed: issues opened, closed, reopened, retitled, labelled, commented on, transferred and deleted,
//! proposals merged, commits, reviews and releases. The same seed lives the same days.

use crate::world::{Issue, Kind, Number, World};

/// Numbers by a seed (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Begins with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.any().checked_rem(end).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let at = self.below(of.len() as u64);
        of.get(usize::try_from(at).ok()?).cloned()
    }

    /// Puts these into any order.
    pub fn shuffle<T>(&mut self, of: &mut [T]) {
        for at in (1..of.len()).rev() {
            of.swap(at, usize::try_from(self.below(at as u64 + 1)).unwrap_or(0));
        }
    }
}

/// The life of a forge.
#[derive(Clone, Debug)]
pub struct Year {
    rng: Rng,
    people: Vec<String>,
}

const DAY: i64 = 86_400;

impl Year {
    /// A life by a seed, of twelve people and a program.
    #[must_use]
    pub fn new(seed: u64) -> Year {
        let mut people: Vec<String> = (1..=12).map(|number| format!("member-{number:03}")).collect();
        people.push("dependabot[bot]".to_owned());
        Year { rng: Rng::new(seed), people }
    }

    /// Lives so many days in all repositories.
    pub fn live(&mut self, world: &mut World, days: u64) {
        for _ in 0..days {
            self.live_a_day(world);
        }
    }

    /// Lives one day: up to six acts, hours apart, and then the night.
    pub fn live_a_day(&mut self, world: &mut World) {
        let acts = self.rng.below(7);
        let end = world.now.saturating_add(DAY);
        for _ in 0..acts {
            let hours = i64::try_from(self.rng.below(3)).unwrap_or(0);
            // Some acts share a second, as they do where a program acts.
            world.pass(hours * 3_600);
            if self.rng.below(4) > 0 {
                world.pass(i64::try_from(self.rng.below(900)).unwrap_or(0));
            }
            self.act(world);
        }
        world.now = end.max(world.now);
    }

    /// Somebody does something, now.
    pub fn act(&mut self, world: &mut World) {
        let repository = usize::try_from(self.rng.below(world.repositories.len() as u64)).unwrap_or(0);
        let by = self.rng.pick(&self.people).unwrap_or_default();
        let number = self.rng.below(10_000);
        match self.rng.below(100) {
            0..26 => {
                let at =
                    world.open_issue(repository, &by, &format!("Something to mend, {number}"), "It does not work.");
                if self.rng.below(4) == 0 {
                    let label = world.make_label(repository, "bug", "d73a4a");
                    world.set_labels(at, &by, &[label]);
                }
            }
            26..44 => self.on_some(
                world,
                repository,
                |issue| issue.open,
                |world, at, year| {
                    let reason = year.rng.pick(&["completed", "not_planned"]).unwrap_or("completed");
                    world.close(at, &by, Some(reason));
                },
            ),
            44..50 => self.on_some(world, repository, |issue| !issue.open, |world, at, _| world.reopen(at, &by)),
            50..56 => self.on_some(
                world,
                repository,
                |_| true,
                |world, at, _| {
                    world.retitle(at, &by, &format!("Better said, {number}"));
                },
            ),
            56..68 => self.on_some(
                world,
                repository,
                |_| true,
                |world, at, _| {
                    world.comment(at, &by, &format!("Me too, {number}."));
                },
            ),
            68..71 => self.on_some(
                world,
                repository,
                |_| true,
                |world, at, year| {
                    let to = year.rng.below(world.repositories.len() as u64);
                    let to = usize::try_from(to).unwrap_or(0);
                    if to != at.repository {
                        world.transfer(at, &by, to);
                    }
                },
            ),
            71..73 => self.on_some(world, repository, |_| true, |world, at, _| world.delete(at, &by)),
            73..82 => {
                world.commit(repository, &by, &format!("Mend thing {number}"));
            }
            82..88 => {
                world.open_pull(repository, &by, &format!("A change, {number}"), "");
            }
            88..93 => self.on_pull(world, repository, |world, at, year| {
                let state = year.rng.pick(&["APPROVED", "CHANGES_REQUESTED"]).unwrap_or("APPROVED");
                world.review(at, &by, state, "");
            }),
            93..98 => self.on_pull(world, repository, |world, at, _| world.merge(at, &by)),
            _ => {
                world.release(repository, &by, &format!("v0.{number}"), "");
            }
        }
    }

    fn on_some(
        &mut self,
        world: &mut World,
        repository: usize,
        fits: impl Fn(&Issue) -> bool,
        act: impl FnOnce(&mut World, Number, &mut Year),
    ) {
        self.on(world, repository, |issue| issue.at.kind == Kind::Issue && fits(issue), act);
    }

    fn on_pull(&mut self, world: &mut World, repository: usize, act: impl FnOnce(&mut World, Number, &mut Year)) {
        self.on(world, repository, |issue| issue.at.kind == Kind::Pull && issue.open, act);
    }

    fn on(
        &mut self,
        world: &mut World,
        repository: usize,
        fits: impl Fn(&Issue) -> bool,
        act: impl FnOnce(&mut World, Number, &mut Year),
    ) {
        let known = world.repositories.get(repository);
        let there = known.iter().flat_map(|known| &known.issues);
        let fitting: Vec<Number> =
            there.filter(|issue| issue.gone.is_none() && fits(issue)).map(|issue| issue.at).collect();
        if let Some(at) = self.rng.pick(&fitting) {
            act(world, at, self);
        }
    }
}
