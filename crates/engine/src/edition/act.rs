//! How a log comes to go on under a later edition: at once, or announced. Source: `docs/spec/editions.md`.

use std::sync::Arc;

use charter::{Amendment, read_kernel_under};
use imbl::OrdSet;
use quantity::Moment;

use super::{Announced, Edition, Editions, Status, status};
use crate::act::{AdoptEdition, AnnounceEdition};
use crate::context::{Actor, Context};
use crate::digest::hex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::texts::{does_not_check, is_hash, text_missing};
use crate::state::State;

/// How long before it takes effect a later edition is announced: 30 days, in seconds.
const ANNOUNCED_S: u64 = 30 * 86_400;

/// Announces a later edition. A newer announcement takes the place of an older one, with its days.
/// `room` says whether the text is short enough.
pub(crate) fn announce(
    state: &mut State,
    act: &AnnounceEdition,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    made_for(state, context)?;
    is_hash(&act.dry_run)?;
    room?;
    let kernel = &state.rules.kernel;
    // docs/spec/editions.md: members assent as to another kernel, which a kernel that is never amended rules out.
    if kernel.editions_by_amend && kernel.amend == Amendment::Never {
        let why = "the kernel leaves editions to its amendments, and says that it is never amended";
        return Err(Refusal::new(
            Rule::NoAmendment,
            why,
            "members who want a later edition can leave together: a fork",
        ));
    }
    // Everybody can read the differences meanwhile, so their text comes with the announcement.
    let text = match &act.dry_run_text {
        Some(text) if hex(text.as_bytes()) == act.dry_run => Arc::clone(text),
        given => return Err(text_missing("what would have come out differently", given.as_ref())),
    };
    can_follow(state, act.edition, act.open)?;
    // A later edition replaces the announced one; the same one again would only begin its 30 days anew.
    if state.editions.announced.as_ref().is_some_and(|earlier| earlier.edition >= act.edition) {
        let why = format!("{} or a later one is announced already", act.edition);
        return Err(Refusal::new(Rule::AlreadyAnnounced, why, "nothing needs to be done"));
    }
    // Members assent to the SHA-256 of the line `edition N` and the differences (docs/spec/editions.md).
    state.editions.announced = Some(Announced {
        edition: act.edition,
        at: context.time,
        dry_run: act.dry_run.clone(),
        name: hex(format!("{}\n{text}", act.edition).as_bytes()),
        dry_run_text: text,
        assents: OrdSet::new(),
        held_since: None,
        heads: None,
    });
    Ok(vec![Outcome::EditionAnnounced { edition: act.edition }])
}

/// Goes on under a later edition at once: where it changes no answer of this log, or in a demonstration.
pub(crate) fn adopt(state: &mut State, act: &AdoptEdition, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    made_for(state, context)?;
    is_hash(&act.dry_run)?;
    can_follow(state, act.edition, act.open)?;
    if act.dry_run != hex(b"") && !state.founding.act.demonstration {
        let why = format!("under {} something would have come out differently so far", act.edition);
        return Err(Refusal::new(Rule::AnswersDiffer, why, "announce it: it takes effect after 30 days"));
    }
    state.go_on_under(act.edition, context.time, None).map_err(|mistakes| rules_do_not_check(act.edition, &mistakes))
}

/// A demonstration's script has no say in a co-op that is none.
fn made_for(state: &State, context: &Context) -> Result<(), Refusal> {
    if context.actor == Actor::Demonstration && !state.founding.act.demonstration {
        let why = "this co-op is no demonstration, and its operator carries it on under a later edition";
        return Err(Refusal::new(Rule::NotAuthorised, why, "use `rochdale edition`"));
    }
    Ok(())
}

/// Whether a log can go on under an edition as things are.
fn can_follow(state: &State, edition: Edition, open: bool) -> Result<(), Refusal> {
    if status(edition).is_some() && edition > state.editions.current {
        state.rules_in(edition).map_err(|mistakes| rules_do_not_check(edition, &mistakes))?;
    }
    let current = state.editions.current;
    match status(edition) {
        None => {
            let why = format!("this program does not know {edition}");
            return Err(Refusal::new(Rule::UnknownEdition, why, "install a version of Rochdale that does"));
        }
        Some(Status::Open) if !open => {
            let why = format!("{edition} is open: its rules may yet change, and a log under it may stop replaying");
            return Err(Refusal::new(Rule::EditionOpen, why, "wait until it is closed, or say `--open` to try it out"));
        }
        Some(_) => {}
    }
    if edition <= current {
        let why = format!("this log is under {current}");
        return Err(Refusal::new(Rule::EditionNotLater, why, "name a later one"));
    }
    Ok(())
}

fn rules_do_not_check(edition: Edition, mistakes: &[charter::Diagnostic]) -> Refusal {
    does_not_check(&format!("under {edition} what is in force"), mistakes)
}

impl State {
    /// Notes whether enough weight agrees to the announced edition, by the weights of the update at `at`.
    pub(crate) fn count_edition_assent(&mut self, at: Moment) {
        let by_amend = self.rules.kernel.editions_by_amend;
        let keys = crate::rules::Keys::of(self);
        let held = self.editions.announced.as_ref().map(|one| keys.turn(&one.assents, one.at));
        if let (Some(announced), Some(held)) = (self.editions.announced.as_mut().filter(|_| by_amend), held) {
            announced.heads = held.heads;
            let held = held.all;
            announced.held_since = announced.held_since.or(Some(at)).filter(|_| held);
        }
    }

    /// Goes on under the announced edition where its time has come. It waits while the rules in force do not check under it.
    pub(crate) fn adopt_announced(&mut self, at: Moment, threads: usize) -> Vec<Outcome> {
        let kernel = &self.rules.kernel;
        let Some(announced) = &self.editions.announced else {
            return Vec::new();
        };
        let ripe = match kernel.amend {
            Amendment::Held { span, .. } if kernel.editions_by_amend => {
                announced.held_since.is_some_and(|since| at.seconds_since(since) >= span.seconds())
            }
            _ => !kernel.editions_by_amend && at.seconds_since(announced.at) >= ANNOUNCED_S,
        };
        let edition = announced.edition;
        if ripe { self.go_on_under(edition, at, Some(threads)).unwrap_or_default() } else { Vec::new() }
    }

    /// The earliest update at which the announced edition takes effect; `None` where none is announced, or members decide.
    #[must_use]
    pub fn edition_due(&self) -> Option<Moment> {
        let kernel = &self.rules.kernel;
        let announced = self.editions.announced.as_ref().filter(|_| !kernel.editions_by_amend)?;
        let wait_us = i64::try_from(ANNOUNCED_S).ok()?.checked_mul(1_000_000)?;
        // The update at the very end of the wait counts.
        let before = Moment(announced.at.0.checked_add(wait_us)?.checked_sub(1)?);
        Some(self.next_update_after(before).max(self.next_update))
    }

    /// Why the log cannot go on under an edition as things are: the mistakes of the rules in force as that edition reads them.
    #[must_use]
    pub fn unfit_for(&self, edition: Edition) -> Vec<charter::Diagnostic> {
        self.rules_in(edition).err().unwrap_or_default()
    }

    /// The kernel in force read under another edition, where everything in force checks under it.
    fn rules_in(&self, edition: Edition) -> Result<charter::Kernel, Vec<charter::Diagnostic>> {
        let Some(text) = &self.amendment.text else {
            return Err(crate::rules::without_place("the text of the kernel in force is not at hand".to_owned()));
        };
        let kernel = read_kernel_under(text, edition)?;
        self.rules_under(&kernel)?;
        Ok(kernel)
    }

    /// Goes on under another edition, and opens what it carries out that was kept so far. Where weights are to be counted anew,
    /// `threads` says on how many threads.
    ///
    /// # Errors
    /// The mistakes of what is in force as that edition reads it: then nothing is changed.
    pub fn go_on_under(
        &mut self,
        edition: Edition,
        at: Moment,
        threads: Option<usize>,
    ) -> Result<Vec<Outcome>, Vec<charter::Diagnostic>> {
        let kernel = self.rules_in(edition)?;
        let earlier = self.editions.current;
        self.editions = Editions { current: edition, announced: self.editions.announced.take() };
        self.editions.announced.take_if(|announced| announced.edition <= edition);
        let mut outcomes = vec![Outcome::EditionAdopted { edition }];
        outcomes.extend(self.lay_out_under(kernel, at, threads));
        self.begin_edition(earlier, at);
        Ok(outcomes)
    }
}
