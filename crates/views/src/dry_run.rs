//! The past under other rules: the differences, and their times. `rochdale dry-run --json` and its page.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Act, Outcome, Refusal, State};
use quantity::{Moment, Zone};
use serde::Serialize;
use words::dry_run;

use crate::compare::{Weighed, listed, weights_compared};
use crate::{Directory, Kept, Listed, Sight, WeightsCompared, home, log_entry, say};

/// A log replayed twice: as it was, and under other rules from some time on.
#[derive(Serialize, Debug, Clone)]
pub struct DryRunReport {
    /// The documents put in force, in order: `kernel`, `constitution`, or the path of a constitution inside it.
    pub put_in_force: Vec<String>,
    /// Since when.
    pub from: crate::Moment,
    /// The log's last entry.
    pub until: crate::Moment,
    /// Entries after `from`.
    pub entries: u64,
    /// Updates after `from` that were counted.
    pub updates: u64,
    /// Updates that the other rules would have counted.
    pub updates_instead: u64,
    /// Outcomes that came about and would not have.
    pub only_happened: Listed<CameAbout>,
    /// Outcomes that would have come about and did not.
    pub only_instead: Listed<CameAbout>,
    /// Outcomes that come about both ways, at different times.
    pub at_another_time: Listed<Moved>,
    /// The number of outcomes that are the same, at the same time.
    pub same: u64,
    /// Acts of the log that the other rules refuse.
    pub refused: Listed<RefusedAct>,
    /// Every decision that is open at the end in one of the two, but for those that were put in force.
    pub decisions: Vec<DecisionCompared>,
    /// At the last update of each.
    pub weights: WeightsCompared,
}

/// One outcome.
#[derive(Serialize, Debug, Clone)]
pub struct CameAbout {
    pub at: crate::Moment,
    pub words: String,
}

/// One outcome that comes at two times.
#[derive(Serialize, Debug, Clone)]
pub struct Moved {
    pub happened_at: crate::Moment,
    pub instead_at: crate::Moment,
    pub words: String,
}

/// One act that is in the log and would not be.
#[derive(Serialize, Debug, Clone)]
pub struct RefusedAct {
    /// Its entry.
    pub entry: u64,
    pub at: crate::Moment,
    /// The act in words.
    pub words: String,
    /// The refusal's number, such as `R017`.
    pub number: String,
    pub why: String,
}

/// One decision at the end.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionCompared {
    /// Its path.
    pub decision: String,
    pub title: String,
    /// `office`, `body`, `document`, `constitution` or `ranking`.
    pub kind: String,
    /// The names of the holders; `None` where the decision is not open. Vacant seats are left out.
    pub holders: Option<Vec<String>>,
    /// The same under the other rules.
    pub holders_instead: Option<Vec<String>>,
    pub differs: bool,
}

impl DryRunReport {
    /// Returns whether every outcome is the same, at the same time.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.only_happened.total == 0 && self.only_instead.total == 0 && self.at_another_time.total == 0
    }

    /// Decisions that somebody else holds at the end.
    #[must_use]
    pub fn held_otherwise(&self) -> Vec<&DecisionCompared> {
        self.decisions.iter().filter(|one| one.differs).collect()
    }
}

impl DecisionCompared {
    /// Returns the holders under the other rules, and those under the rules of then.
    #[must_use]
    pub fn words(&self) -> String {
        let held = |holders: &Option<Vec<String>>| match holders.as_deref() {
            None => dry_run::NOT_OPEN.to_owned(),
            Some([]) if self.kind == "ranking" => dry_run::OPEN.to_owned(),
            Some([]) => words::names::NOBODY.to_owned(),
            Some(names) => names.join(", "),
        };
        dry_run::instead_of(held(&self.holders_instead), held(&self.holders))
    }
}

/// The end of a log, and the outcomes on the way after the other rules took force.
#[derive(Clone, Debug)]
pub struct Course {
    pub state: State,
    /// Updates counted after the rules took force.
    pub updates: u64,
    /// Every outcome, with its instant, in order.
    pub came: Vec<(Moment, Outcome)>,
}

/// An act of the log that other rules refuse.
#[derive(Clone, Debug)]
pub struct Skipped {
    pub entry: u64,
    pub at: Moment,
    pub authority: String,
    pub act: Act,
    pub refusal: Refusal,
}

/// A log replayed twice: as it was, and under other rules from some time on.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// Decisions whose documents were put in force, in order.
    pub put_in_force: Vec<String>,
    pub from: Moment,
    pub until: Moment,
    /// Entries after `from`.
    pub entries: u64,
    pub happened: Course,
    pub instead: Course,
    /// The first acts that the other rules refuse.
    pub skipped: Vec<Skipped>,
    /// The number of acts that they refuse.
    pub skipped_count: u64,
}

/// Returns the differences between two courses, in words.
#[must_use]
pub fn dry_run_report(run: &DryRun, directory: Directory<'_>) -> DryRunReport {
    let zone = &run.happened.state.rules.kernel.zone;
    let moment = |at| say::moment(at, zone);
    let compared = compare(run, directory);
    let refused = run.skipped.iter().map(|skipped| RefusedAct {
        entry: skipped.entry,
        at: moment(skipped.at),
        words: log_entry(&skipped.authority, &skipped.act, directory, zone).words,
        number: skipped.refusal.rule.number().to_owned(),
        why: skipped.refusal.why.clone(),
    });
    DryRunReport {
        put_in_force: run.put_in_force.clone(),
        from: moment(run.from),
        until: moment(run.until),
        entries: run.entries,
        updates: run.happened.updates,
        updates_instead: run.instead.updates,
        only_happened: compared.only_happened,
        only_instead: compared.only_instead,
        at_another_time: compared.moved,
        same: compared.same,
        refused: Listed { total: run.skipped_count, shown: refused.collect() },
        decisions: decisions(run, directory),
        weights: weights_compared(weighed(&run.happened), weighed(&run.instead), directory),
    }
}

fn weighed(course: &Course) -> Weighed<'_> {
    Weighed { kernel: &course.state.rules.kernel, members: &course.state.members, weights: &course.state.weights }
}

struct Compared {
    only_happened: Listed<CameAbout>,
    only_instead: Listed<CameAbout>,
    moved: Listed<Moved>,
    same: u64,
}

/// The times at which one outcome came, in both courses.
#[derive(Default)]
struct Times {
    words: String,
    happened: Vec<Moment>,
    instead: Vec<Moment>,
}

fn compare(run: &DryRun, directory: Directory<'_>) -> Compared {
    let zone = &run.happened.state.rules.kernel.zone;
    let mut outcomes: BTreeMap<String, Times> = BTreeMap::new();
    note(&mut outcomes, &run.happened, directory, |times| &mut times.happened);
    note(&mut outcomes, &run.instead, directory, |times| &mut times.instead);
    let (mut only_happened, mut only_instead, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    let mut same: u64 = 0;
    for times in outcomes.values() {
        let apart = |own: &[Moment], other: &[Moment]| -> Vec<Moment> {
            own.iter().copied().filter(|at| !other.contains(at)).collect()
        };
        let happened = apart(&times.happened, &times.instead);
        let instead = apart(&times.instead, &times.happened);
        same = same.saturating_add(say::whole(times.happened.len().saturating_sub(happened.len())));
        let both = happened.len().min(instead.len());
        for (then, now) in happened.iter().zip(&instead) {
            moved.push((*then, *now, times.words.as_str()));
        }
        only_happened.extend(happened.into_iter().skip(both).map(|at| (at, times.words.as_str())));
        only_instead.extend(instead.into_iter().skip(both).map(|at| (at, times.words.as_str())));
    }
    moved.sort();
    let moved = moved.into_iter().map(|(then, now, words)| Moved {
        happened_at: say::moment(then, zone),
        instead_at: say::moment(now, zone),
        words: words.to_owned(),
    });
    Compared {
        only_happened: came(only_happened, zone),
        only_instead: came(only_instead, zone),
        moved: listed(moved.collect()),
        same,
    }
}

fn came(mut outcomes: Vec<(Moment, &str)>, zone: &Zone) -> Listed<CameAbout> {
    outcomes.sort();
    let rows = outcomes.into_iter().map(|(at, words)| CameAbout { at: say::moment(at, zone), words: words.to_owned() });
    listed(rows.collect())
}

/// Enters an outcome of one course. The number of shares that came free with it does not make it another outcome.
fn note(
    outcomes: &mut BTreeMap<String, Times>,
    course: &Course,
    directory: Directory<'_>,
    column: impl Fn(&mut Times) -> &mut Vec<Moment>,
) {
    let (state, kept) = (&course.state, Kept::of(&course.state, &[]));
    let sight = Sight { state, kept: &kept, history: &[], directory, now: state.time, me: None, walk_in: false };
    for (at, outcome) in &course.came {
        let Some((words, _)) = home::outcome_words(&sight, outcome) else {
            continue;
        };
        let mut same = outcome.clone();
        if let Outcome::ItemClosed { freed, .. }
        | Outcome::DecisionClosed { freed, .. }
        | Outcome::CommitmentTaken { freed, .. }
        | Outcome::ProjectFunded { freed, .. }
        | Outcome::RequestPassed { freed, .. }
        | Outcome::RequestClosed { freed, .. }
        | Outcome::ProjectClosed { freed, .. }
        | Outcome::ItemServed { freed, .. } = &mut same
        {
            *freed = 0;
        }
        let times = outcomes.entry(same.to_string()).or_default();
        times.words = words;
        column(times).push(*at);
    }
}

/// Returns the holders of each decision at the end, but for those whose documents are tried.
fn decisions(run: &DryRun, directory: Directory<'_>) -> Vec<DecisionCompared> {
    let open = |course: &Course| -> Vec<String> {
        let open = course.state.open_decisions();
        open.map(|(_, decision)| decision.name.clone()).collect()
    };
    let mut known = BTreeSet::new();
    let both = open(&run.happened).into_iter().chain(open(&run.instead));
    both.filter(|name| !run.put_in_force.contains(name) && known.insert(name.clone()))
        .map(|name| {
            let (holders, instead) = (holders(&run.happened, &name), holders(&run.instead, &name));
            let named = |holders: &Option<Vec<String>>| {
                let holders = holders.as_ref()?.iter();
                Some(holders.map(|name| directory.candidate_text(name)).collect())
            };
            let known = run.happened.state.decision(&name);
            let known = known.or_else(|| run.instead.state.decision(&name));
            DecisionCompared {
                title: say::title(&name),
                kind: known.map_or("decision", |known| known.kind().word()).to_owned(),
                holders: named(&holders),
                holders_instead: named(&instead),
                differs: holders != instead,
                decision: name,
            }
        })
        .collect()
}

/// Returns the holders in the order of names, so that two seats that changed places are no difference.
fn holders(course: &Course, name: &str) -> Option<Vec<String>> {
    let decision = course.state.decision(name)?;
    let mut holders: Vec<String> = decision.holders().into_iter().flatten().map(ToString::to_string).collect();
    holders.sort();
    Some(holders)
}
