//! The counts of the last update over everybody: sums of weight, the heads behind each item of a ranking, and the weight behind
//! what members assent to or leave for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use charter::{ClassFacts, Diagnostic, Edition, Facts, Heaviest, Kernel};
use engine::fork::{Going, OpenFork, Share};
use engine::register::Members;
use engine::weight::{Behind, Sums, Weights};
use engine::{DecisionId, ItemId, MemberIndex, State};
use imbl::OrdSet;
use quantity::{Moment, give_way};

use crate::say;

/// The counts of the last update over everybody.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) sums: Sums,
    /// Without the decisions, whose holders change between updates. Empty before the first update.
    pub(crate) facts: Facts,
    /// The next edition that this program knows, where the rules in force do not check under it.
    pub(crate) unfit: Option<(Edition, Vec<Diagnostic>)>,
    heads: BTreeMap<DecisionId, Vec<Heads>>,
    /// Those who assent, by the document; those who go, by the fork's name.
    assents: BTreeMap<String, Behind>,
    going: BTreeMap<String, Behind>,
    /// The register as it was, and what those who had left by then weighed.
    members: Members,
    gone: u128,
    /// The money that came in of what each release asks for, by the path of its clause, minor units.
    pub(crate) raised: BTreeMap<String, i128>,
    /// The share of each fork as it was worked out last, by the fork's name.
    shares: Mutex<BTreeMap<String, Shared>>,
}

/// A fork's share, and all that it is worked out from beside the weights of the last update.
#[derive(Clone, Debug)]
struct Shared {
    announced_at: Moment,
    going: OrdSet<MemberIndex>,
    moved: Moved,
    share: Share,
}

/// The things that change a fork's share between updates: the register, forks that were completed, the book and what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moved {
    members: (usize, usize),
    completed: usize,
    entries: u64,
    given: usize,
}

impl Moved {
    fn of(state: &State) -> Moved {
        Moved {
            members: (state.members.len(), state.members.active_count()),
            completed: state.forks.completed().len(),
            entries: state.book.entries(),
            given: state.support.len(),
        }
    }
}

/// Members with weight for and against an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heads {
    pub(crate) supporters: u64,
    pub(crate) opponents: u64,
}

impl Counted {
    pub(super) fn of(state: &State) -> Counted {
        let kernel = &state.rules.kernel;
        let sums = Sums::of(kernel, &state.members, &state.weights);
        let facts = match state.last_update {
            Some(_) => weight_facts(kernel, &state.weights, &sums),
            None => Facts::default(),
        };
        let proposals = state.amendment.proposals.iter();
        let proposals = proposals.map(|proposal| (&proposal.document, &proposal.assents));
        let edition = state.editions.announced.iter().map(|one| (&one.name, &one.assents));
        let weighed = |(name, members): (&String, &OrdSet<MemberIndex>)| {
            let behind = Behind::of(members, &state.weights);
            (name.clone(), behind)
        };
        Counted {
            facts,
            unfit: unfit(state),
            heads: heads(state),
            assents: proposals.chain(edition).map(weighed).collect(),
            going: state.forks.open().iter().map(|fork| weighed((&fork.name, &fork.going))).collect(),
            members: state.members.clone(),
            raised: raised(state),
            gone: state.members.former().map(|member| u128::from(state.weights.of(member))).sum(),
            sums,
            shares: Mutex::default(),
        }
    }

    /// Returns those who assent to a document now, weighed.
    pub(crate) fn assents(&self, state: &State, document: &str, members: &OrdSet<MemberIndex>) -> Behind {
        let nobody = Behind::default();
        self.assents.get(document).unwrap_or(&nobody).with(members, &state.weights)
    }

    /// Returns those who go with a fork now, or nobody.
    pub(crate) fn going(&self, state: &State, fork: Option<&OpenFork>) -> Going {
        let nobody = Behind::default();
        let weight = |fork: &OpenFork| {
            let then = self.going.get(&fork.name).unwrap_or(&nobody);
            then.with(&fork.going, &state.weights).all
        };
        let since = state.members.left_since(&self.members).map(|member| u128::from(state.weights.of(member)));
        Going {
            heads: fork.map_or(0, |fork| fork.going.len()),
            weight: fork.map_or(0, weight),
            gone: since.fold(self.gone, u128::saturating_add),
        }
    }

    /// Returns the money that would go along with a fork now. It walks over all members only where something has changed since it was
    /// asked last, so that readers of a page do not.
    pub(crate) fn share_of(&self, state: &State, fork: &OpenFork) -> Share {
        let moved = Moved::of(state);
        let holds = |known: &&Shared| {
            let is_its = (known.announced_at, known.moved) == (fork.announced_at, moved);
            is_its && known.going.diff(&fork.going).next().is_none()
        };
        let known =
            self.shares.lock().ok().and_then(|shares| shares.get(&fork.name).filter(holds).map(|one| one.share));
        if let Some(share) = known {
            return share;
        }
        let share = state.share_of(fork);
        // A lock that a panic has poisoned only costs the next reader the same walk.
        if let Ok(mut shares) = self.shares.lock() {
            shares.insert(
                fork.name.clone(),
                Shared { announced_at: fork.announced_at, going: fork.going.clone(), moved, share },
            );
        }
        share
    }

    /// Returns the heads behind an item, as the last update counted them.
    pub(crate) fn heads(&self, decision: DecisionId, item: ItemId) -> Heads {
        let items = self.heads.get(&decision);
        items.and_then(|items| items.get(item.place())).copied().unwrap_or_default()
    }
}

/// Sums what came in by the last update, less what was given back by then.
fn raised(state: &State) -> BTreeMap<String, i128> {
    let Some(at) = state.last_update else {
        return BTreeMap::new();
    };
    let sum = |path: String| {
        let sum = state.raised_for(&path, at);
        (path, sum)
    };
    state.release_clauses().into_iter().map(sum).collect()
}

/// Reads the rules in force under the next edition.
fn unfit(state: &State) -> Option<(Edition, Vec<Diagnostic>)> {
    let (next, _) = engine::edition::known().find(|(edition, _)| *edition > state.editions.current)?;
    let mistakes = state.unfit_for(next);
    (!mistakes.is_empty()).then_some((next, mistakes))
}

/// Returns everybody's weight as explanations of rules need it.
pub(crate) fn weight_facts(kernel: &Kernel, weights: &Weights, sums: &Sums) -> Facts {
    let classes = (0_usize..).zip(kernel.classes.iter().zip(&weights.classes));
    let classes = classes.map(|(place, (class, weighed))| {
        let sums = sums.class(place);
        let facts = ClassFacts { members: weighed.count, highest_micro: sums.highest, total_micro: sums.weight };
        (class.name.clone(), facts)
    });
    Facts {
        heaviest: Arc::new(Heaviest::of(weights.member.iter().copied())),
        capped: say::whole(capped(weights)),
        classes: classes.collect(),
        decisions: BTreeMap::new(),
    }
}

/// Counts the members who would weigh more without the cap.
fn capped(weights: &Weights) -> usize {
    let uncapped = |member: usize| {
        let scaled = weights.classes.iter().filter_map(|class| class.scaled.get(member));
        scaled.fold(0_u64, |sum, scaled| sum.saturating_add(*scaled))
    };
    if weights.cut.is_some() {
        let told = weights.member.iter().enumerate();
        return told.filter(|(member, weight)| uncapped(*member) > **weight).count();
    }
    let Some(level) = weights.cap_level else {
        return 0;
    };
    let at_level = weights.member.iter().enumerate();
    at_level.filter(|(member, weight)| **weight == level && uncapped(*member) > level).count()
}

/// Counts in one pass over the ballots.
fn heads(state: &State) -> BTreeMap<DecisionId, Vec<Heads>> {
    let rankings = state.open_decisions().filter(|(_, decision)| decision.lists_items());
    let mut heads: BTreeMap<DecisionId, Vec<Heads>> =
        rankings.map(|(place, decision)| (place, vec![Heads::default(); decision.target_count()])).collect();
    let ballots = state.all_ballots_counted().enumerate();
    let ballots = ballots.inspect(|(turn, _)| give_way(*turn)).map(|(_, ballot)| ballot);
    for ballot in ballots.filter(|ballot| state.weights.of(ballot.member) > 0) {
        let items = heads.get_mut(&ballot.decision);
        if let Some(heads) = items.and_then(|items| items.get_mut(ballot.item().place())) {
            let side = if ballot.side.is_against() { &mut heads.opponents } else { &mut heads.supporters };
            *side = side.saturating_add(1);
        }
    }
    heads
}
