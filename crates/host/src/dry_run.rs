//! The past under other rules: a log replayed as it was and, from some time on, under rules that are only tried. It writes
//! nothing.

use std::sync::Arc;

use charter::Rules;
use engine::{Act, Context, Due, Edition, NotDone, Outcome, State};
use quantity::Moment;
use rochdale_log::{Head, Store};
use views::LISTED;
use views::{Course, DryRun, Skipped};

use crate::coop::Coop;
use crate::error::Error;
use crate::follow::{ReadEntry, Reader, stored, walk};
use crate::replay::Replay;
use crate::shared::Shared;
use crate::shared::spare_threads;
use crate::texts::{texts_of, with_texts};

/// Rules to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    pub decision: String,
    /// The name under which its mistakes are reported, such as a file's.
    pub name: String,
    /// The document.
    pub text: Arc<str>,
}

/// As many updates and change times as rules that are tried may have more than twice those of the log: a year of hourly ones.
const MORE_STEPS: u64 = 10_000;

/// The rules or edition that are tried on the past.
#[derive(Clone, Copy, Debug)]
pub enum Trial<'a> {
    /// Rules, put in force one after the other at this time; at the founding where there is none.
    Rules(&'a [Proposal], Option<Moment>),
    /// An edition from the founding on, up to this entry; where the rules of the founding do not check under it, from the first entry after
    /// which those in force do.
    Edition(Edition, u64),
}

/// Replays a log twice: as it was, and with proposals in force from some time on. An act that the other rules refuse is left
/// out and reported.
///
/// # Errors
/// Proposals that cannot be put in force, a time that is not before the log's end, a fault, or the first wrong entry.
pub fn dry_run(store: &mut dyn Store, coop: &str, trial: Trial<'_>, threads: usize) -> Result<DryRun, Error> {
    let (from, last) = match trial {
        Trial::Rules(_, from) => (from, u64::MAX),
        Trial::Edition(_, last) => (None, last),
    };
    let (mut documents, mut texts) = (texts_of(store, coop), texts_of(store, coop));
    let mut replay = Replay::new(threads, &mut documents);
    let mut tried: Option<Tried> = None;
    // The rules that do not check under the edition, and what is wrong with them.
    let mut unfit: Option<(Arc<Rules>, Error)> = None;
    let (mut entries, mut updates, mut changes, mut came) = (0, 0, 0, Vec::new());
    let mut reader = Reader::after(coop, Head::default());
    walk(&mut reader, &mut stored(store, coop, 1), Moment(i64::MAX), &mut |entry| {
        if entry.head.seq > last {
            return Ok(());
        }
        // Entries of the chosen instant still count as before it; at the founding, the first entry alone does (spec/dry-run.md).
        let time = Moment(entry.head.time_us);
        if tried.is_none()
            && matches!(trial, Trial::Rules(..))
            && let Some(state) = replay.state()
        {
            let from = from.unwrap_or(state.founding.at).max(state.founding.at);
            if from < time || (from == state.founding.at && entry.head.seq == 2) {
                tried = Some(Tried::begin(state, trial, from, threads)?);
            }
        }
        // The course as it was goes first: a wrong entry ends the dry run.
        let outcomes = replay.carry_out(entry)?;
        if let Some(tried) = &mut tried {
            entries += 1;
            updates += u64::from(matches!(entry.act, Act::Update(_)));
            changes += u64::from(matches!(entry.act, Act::Change(_)));
            came.extend(outcomes.into_iter().map(|outcome| (time, outcome)));
            // docs/spec/dry-run.md, How it runs: texts of proposals are there as they were.
            let act = with_texts(&entry.act, &mut texts)?;
            tried.follow(entry, &act, updates + changes)?;
        // An edition is tried from the founding on, or from the first rules that check under it.
        } else if let (Trial::Edition(..), Some(state)) = (trial, replay.state())
            && unfit.as_ref().is_none_or(|(rules, _)| !Arc::ptr_eq(rules, &state.rules))
        {
            (tried, unfit) = Tried::where_it_fits(state, trial, threads)?;
        }
        Ok(())
    })?;
    if let Some((_, error)) = unfit {
        return Err(error);
    }
    let (Some(tried), Some((state, _, _))) = (tried, replay.finish()) else {
        let words = "the log has no entry after that time: there is nothing to try the rules on";
        return Err(Error::Usage(words.to_owned()));
    };
    let until = state.time;
    Ok(DryRun {
        put_in_force: match trial {
            Trial::Rules(proposals, _) => proposals.iter().map(|one| one.decision.clone()).collect(),
            Trial::Edition(..) => Vec::new(),
        },
        from: tried.from,
        until,
        entries,
        happened: Course { state, updates, came },
        instead: tried.course,
        skipped: tried.skipped,
        skipped_count: tried.skipped_count,
    })
}

/// The course under the rules that are tried.
struct Tried {
    course: Course,
    from: Moment,
    skipped: Vec<Skipped>,
    skipped_count: u64,
    /// Updates and change times so far.
    steps: u64,
    threads: usize,
    keeps_edition: bool,
}

/// The course of an edition that is tried, or the rules that do not check under it.
type Fit = (Option<Tried>, Option<(Arc<Rules>, Error)>);

impl Tried {
    /// Begins an edition's course where the rules in force check under it.
    fn where_it_fits(state: &State, trial: Trial<'_>, threads: usize) -> Result<Fit, Error> {
        match Tried::begin(state, trial, state.time, threads) {
            Ok(tried) => Ok((Some(tried), None)),
            Err(error @ Error::Unfit { .. }) => Ok((None, Some((Arc::clone(&state.rules), error)))),
            Err(error) => Err(error),
        }
    }

    fn begin(state: &State, trial: Trial<'_>, from: Moment, threads: usize) -> Result<Tried, Error> {
        let mut state = state.clone();
        let mut came = Vec::new();
        if let Trial::Edition(edition, _) = trial {
            let outcomes = state.go_on_under(edition, from, None);
            let outcomes = outcomes.map_err(|mistakes| Error::Unfit { edition, mistakes })?;
            came.extend(outcomes.into_iter().map(|outcome| (from, outcome)));
        }
        let proposals = if let Trial::Rules(proposals, _) = trial { proposals } else { &[] };
        for proposal in proposals {
            let put = state.try_in_force(&proposal.decision, &proposal.text, from);
            let outcomes = put.map_err(|mistakes| match state.rules_refused(&proposal.decision, &proposal.text) {
                Some(refusal) => Error::Refused(refusal),
                None => Error::Rules { file: proposal.name.clone(), mistakes },
            })?;
            // Their being in force is the trial itself, and no difference that it makes.
            let follows = outcomes.into_iter().filter(|outcome| match outcome {
                Outcome::SeatTaken { decision, .. } => *decision != proposal.decision,
                // So is what their own clauses open and close: whoever tries them has read that.
                Outcome::AmendmentAdopted { .. } | Outcome::DecisionOpened { .. } | Outcome::DecisionClosed { .. } => {
                    false
                }
                _ => true,
            });
            came.extend(follows.map(|outcome| (from, outcome)));
        }
        Ok(Tried {
            course: Course { state, updates: 0, came },
            from,
            skipped: Vec::new(),
            skipped_count: 0,
            steps: 0,
            threads,
            keeps_edition: matches!(trial, Trial::Edition(..)),
        })
    }

    /// Takes the act of an entry, after everything that is due by then under these rules.
    fn follow(&mut self, entry: &ReadEntry, act: &Act, steps: u64) -> Result<(), Error> {
        let time = Moment(entry.head.time_us);
        self.run_due(entry.head.seq, time, steps)?;
        // The edition that is tried holds from the founding on: what the log says of editions is not followed a second time.
        let of_edition = matches!(act, Act::AnnounceEdition(_) | Act::AdoptEdition(_));
        if matches!(act, Act::Found(_) | Act::Update(_) | Act::Change(_)) || (of_edition && self.keeps_edition) {
            return Ok(());
        }
        let actor = entry.actor.clone().map_err(Error::Usage)?;
        // Credit is worked out by the weights that are tried (docs/spec/dry-run.md, How it runs).
        let anew = engine::credit::worked_anew(&self.course.state, act);
        let act = anew.as_ref().unwrap_or(act);
        // The signature is over the rules of then.
        let signed = entry.signed.as_ref().map(|read| read.as_given());
        let context = Context { entry: entry.head.seq, signed, ..Context::of(actor, time) };
        match engine::apply(&mut self.course.state, act, &context) {
            Ok(outcomes) => self.note(time, outcomes),
            Err(NotDone::Broken(broken)) => return Err(Error::Broken { entry: entry.head.seq, broken }),
            Err(NotDone::Refused(refusal)) => {
                self.skipped_count += 1;
                if self.skipped.len() < LISTED {
                    self.skipped.push(Skipped {
                        entry: entry.head.seq,
                        at: time,
                        authority: entry.authority.to_string(),
                        act: act.clone(),
                        refusal,
                    });
                }
            }
        }
        Ok(())
    }

    fn run_due(&mut self, entry: u64, until: Moment, steps: u64) -> Result<(), Error> {
        let most = steps.saturating_mul(2).saturating_add(MORE_STEPS);
        loop {
            let state = &mut self.course.state;
            let due = state.next_due();
            if due.moment() > until {
                return Ok(());
            }
            let outcomes = match due {
                Due::Update(moment) => {
                    self.course.updates += 1;
                    engine::update(state, moment, self.threads)
                }
                Due::Change(moment) => engine::change(state, moment),
            };
            let outcomes = outcomes.map_err(|why| Error::not_done(entry, why))?;
            self.steps += 1;
            if self.steps > most {
                let words = format!(
                    "these rules would have had more than {most} updates and change times by now: try them from a later time on"
                );
                return Err(Error::Usage(words));
            }
            self.note(due.moment(), outcomes);
        }
    }

    fn note(&mut self, at: Moment, outcomes: Vec<Outcome>) {
        let fresh = outcomes.into_iter().map(|outcome| (at, outcome));
        self.course.came.extend(fresh);
    }
}

impl Coop {
    /// As [`dry_run`].
    ///
    /// # Errors
    /// As [`dry_run`].
    pub fn dry_run(&mut self, proposals: &[Proposal], from: Option<Moment>) -> Result<DryRun, Error> {
        dry_run(&mut *self.store, &self.now.id, Trial::Rules(proposals, from), self.threads)
    }
}

impl Shared {
    /// As [`dry_run`], one caller at a time; nobody else waits for it.
    ///
    /// # Errors
    /// As [`dry_run`].
    pub fn dry_run(&self, proposals: &[Proposal], from: Option<Moment>) -> Result<DryRun, Error> {
        let _one_at_a_time = self.one_past();
        let present = self.read();
        let mut store = present.beside.snapshot()?;
        dry_run(&mut *store, &present.id, Trial::Rules(proposals, from), spare_threads())
    }
}
