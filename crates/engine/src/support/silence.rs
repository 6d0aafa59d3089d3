//! Sources of records: when each was last heard, and the weight that classes hold while one is silent. Source: `docs/spec/support.md`, Silent
//! sources. Not the records themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use charter::{Class, Kernel, SupportKind};
use imbl::OrdSet;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use crate::act::SourceHeard;
use crate::context::Context;
use crate::digest::{Collect, hex};
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::Members;
use crate::state::State;
use crate::support::act::source_name;
use crate::weight::Weights;

const DAY_US: i64 = 86_400_000_000;
/// How long a class holds weight for once a source is later than expected.
const HELD_DAYS: i64 = 60;
/// The most days after which a source may be expected again.
pub const MOST_DAYS: u32 = 366;
/// The most sources that a co-op has: each keeps a column of weights.
const MOST_SOURCES: usize = 100;

/// Every source that was ever heard, by its name as the log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silences {
    /// Shared, since a state is copied more often than a source is heard.
    sources: Arc<BTreeMap<Arc<str>, Heard>>,
}

/// A source, and the weights of the first update after it was last heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// When it was last heard.
    pub at: Moment,
    /// It is expected again so many days later at the latest.
    pub every_days: u32,
    /// The kinds of support that it brings, in the order of the log's numbers.
    pub kinds: BTreeSet<SupportKind>,
    /// No update has counted since.
    is_fresh: bool,
    kept: Vec<Kept>,
    /// Members to whom something was refunded since: nothing is held for them.
    refunded: OrdSet<MemberIndex>,
}

/// The weights that one class's formula gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    class: Arc<str>,
    /// The formula's text, with the values of its parameters: another formula's weights are not those of this one.
    formula: Arc<str>,
    /// By member, micro-weights.
    earned: Arc<Vec<u64>>,
    digest: String,
}

/// The weights that a class holds at an update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Since when a source is later than expected; the earliest of several.
    pub since: Moment,
    /// When the hold ends if nothing is heard; the latest of several.
    pub until: Moment,
    /// The weights that the formula gives by itself.
    pub formula: Arc<Vec<u64>>,
}

impl Heard {
    /// The instant from which on it is later than expected.
    #[must_use]
    pub fn late_at(&self) -> Moment {
        Moment(self.at.0.saturating_add(DAY_US.saturating_mul(self.every_days.into())))
    }

    /// The instant from which on nothing is held any more.
    #[must_use]
    pub fn held_until(&self) -> Moment {
        Moment(self.late_at().0.saturating_add(HELD_DAYS.saturating_mul(DAY_US)))
    }

    /// Whether a class reads support of a kind that it brings, and holds weight while it is silent.
    #[must_use]
    pub fn is_held_by(&self, class: &Class) -> bool {
        class.holds_while_silent
            && class.weight.sources.iter().any(|source| source.kind().is_some_and(|kind| self.kinds.contains(&kind)))
    }

    pub(crate) fn holds_at(&self, at: Moment) -> bool {
        self.late_at() <= at && at < self.held_until()
    }

    fn kept_for(&self, class: &Class) -> Option<&Kept> {
        let same = |kept: &&Kept| *kept.class == *class.name && class.weight.is_called(&kept.formula);
        self.kept.iter().find(same).filter(|_| self.is_held_by(class))
    }

    fn held_for(&self, class: &Class, member: MemberIndex) -> u64 {
        let kept = self.kept_for(class).filter(|_| !self.refunded.contains(&member));
        kept.and_then(|kept| kept.earned.get(member.place())).copied().unwrap_or(0)
    }
}

impl Silences {
    /// Whether no source was ever heard.
    pub(crate) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Every source by its name as the log has it, in order of names.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &Heard)> {
        self.sources.iter().map(|(name, heard)| (&**name, heard))
    }

    /// The weights that a class holds at an instant, with those of its formula; `None` where no source that it reads is silent.
    pub(crate) fn hold(
        &self,
        class: &Class,
        members: &Members,
        earned: &Arc<Vec<u64>>,
        at: Moment,
    ) -> Option<(Held, Arc<Vec<u64>>)> {
        let silent: Vec<&Heard> =
            self.sources.values().filter(|heard| heard.holds_at(at) && heard.kept_for(class).is_some()).collect();
        let since = silent.iter().map(|heard| heard.late_at()).min()?;
        let until = silent.iter().map(|heard| heard.held_until()).max()?;
        let mut weights = Arc::clone(earned);
        let cells: &mut Vec<u64> = Arc::make_mut(&mut weights);
        let list = class.list.as_deref().map(|list| members.list(list));
        let belongs = |member: MemberIndex| match &list {
            Some(list) => list.is_some_and(|list| list.contains(&member)),
            None => members.roll().takes_part(member),
        };
        for (place, cell) in cells.iter_mut().enumerate() {
            let member = MemberIndex::at(place);
            let held = silent.iter().map(|heard| heard.held_for(class, member)).max().unwrap_or(0);
            if held > *cell && belongs(member) {
                *cell = held;
            }
        }
        Some((Held { since, until, formula: Arc::clone(earned) }, weights))
    }

    /// The weight that a member who belongs to a class holds at an instant to come, if what was silent at `now` stays so.
    pub(crate) fn hold_ahead(&self, class: &Class, member: MemberIndex, (now, at): (Moment, Moment)) -> u64 {
        let silent = self.sources.values().filter(|heard| heard.late_at() <= now && heard.holds_at(at));
        silent.map(|heard| heard.held_for(class, member)).max().unwrap_or(0)
    }

    /// Forgets the weight of members to whom something was refunded.
    pub(crate) fn refund(&mut self, members: &OrdSet<MemberIndex>) {
        if !(members.is_empty() || self.is_empty()) {
            for heard in Arc::make_mut(&mut self.sources).values_mut() {
                heard.refunded.extend(members.iter().copied());
            }
        }
    }

    /// Keeps the weights of an update for each source that was heard since the one before, and is not late already.
    pub(crate) fn note(&mut self, kernel: &Kernel, weights: &Weights) {
        let is_due = |heard: &Heard| heard.is_fresh && weights.at < heard.late_at();
        if !self.sources.values().any(is_due) {
            return;
        }
        for heard in Arc::make_mut(&mut self.sources).values_mut().filter(|heard| is_due(heard)) {
            let before = std::mem::take(&mut heard.kept);
            let read = kernel.classes.iter().zip(&weights.classes).filter(|(class, _)| heard.is_held_by(class));
            heard.kept = read
                .map(|(class, weighed)| {
                    let earned = weighed.held.as_ref().map_or(&weighed.earned, |held| &held.formula);
                    // Where nobody's weight has changed, nothing is hashed again.
                    let same = before.iter().find(|kept| *kept.class == *class.name && kept.earned == *earned);
                    Kept {
                        class: Arc::from(class.name.as_str()),
                        formula: Arc::from(class.weight.with_values()),
                        earned: Arc::clone(earned),
                        digest: same.map_or_else(|| digest(earned), |kept| kept.digest.clone()),
                    }
                })
                .collect();
            (heard.is_fresh, heard.refunded) = (false, OrdSet::new());
        }
    }

    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.sources.len() as u128);
        for (name, heard) in self.sources.iter() {
            into.text(name).number(heard.at.0).number(heard.every_days).number(u32::from(heard.is_fresh));
            into.wide(heard.kinds.len() as u128);
            for kind in &heard.kinds {
                into.text(kind.name());
            }
            into.wide(heard.kept.len() as u128);
            for kept in &heard.kept {
                into.text(&kept.class).text(&kept.formula).text(&kept.digest);
            }
            into.wide(heard.refunded.len() as u128);
            for member in &heard.refunded {
                into.number(*member);
            }
        }
    }
}

fn digest(earned: &[u64]) -> String {
    let bytes: Vec<u8> = earned.iter().flat_map(|micro| micro.to_le_bytes()).collect();
    hex(&bytes)
}

/// Notes that a source was heard.
pub(crate) fn heard(state: &mut State, act: &SourceHeard, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    source_name(&act.source)?;
    let mut kinds = BTreeSet::new();
    for name in &act.kinds {
        let Some(kind) = SupportKind::parse_recorded(name) else {
            let known: Vec<&str> = SupportKind::recorded().map(SupportKind::name).collect();
            let why = format!("`{name}` is not a kind of support");
            return Err(Refusal::new(Rule::UnknownSupportKind, why, format!("one of {}", known.join(", "))));
        };
        kinds.insert(kind);
    }
    let known = state.silences.sources.get(&*act.source);
    if known.is_none() && state.silences.sources.len() >= MOST_SOURCES {
        let why = format!("{MOST_SOURCES} sources were heard already");
        return Err(Refusal::new(Rule::TooMany, why, "use the name of one that is not heard any more"));
    }
    if !(1..=MOST_DAYS).contains(&act.every_days) {
        let why = format!("a source cannot be expected every {} days", act.every_days);
        return Err(Refusal::new(Rule::RhythmOutOfRange, why, format!("give 1 to {MOST_DAYS} days")));
    }
    if kinds.is_empty() || kinds.len() != act.kinds.len() {
        let why = "a source brings at least one kind of support, each named once";
        return Err(Refusal::new(Rule::KindsOutOfRange, why, "name the kinds that it brings"));
    }
    // Weights that were kept for kinds that it brings no more are not held: they are asked by kind.
    let (kept, refunded) = known.map(|known| (known.kept.clone(), known.refunded.clone())).unwrap_or_default();
    let heard = Heard { at: context.time, every_days: act.every_days, kinds, is_fresh: true, kept, refunded };
    Arc::make_mut(&mut state.silences.sources).insert(Arc::from(act.source.as_str()), heard);
    Ok(vec![Outcome::Recorded])
}

#[cfg(test)]
mod tests;
