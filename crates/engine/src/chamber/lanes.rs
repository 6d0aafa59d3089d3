//! Columns of the weights that count, looked up once for all ballots. Whose weight counts is said in `electorate`.

use charter::{Counting, Edition, Kernel};
use quantity::Broken;

use super::electorate::{counted_weight, weight_in_class};
use super::{Decision, Favour, Layer};
use crate::count::by_class::{ByClass, counts_by_class};
use crate::count::{Factor, Reading, capacity};
use crate::id::ClassId;
use crate::register::Members;
use crate::weight::Weights;

/// The weight that counts in each decision, by member: one lane for all decisions with the same electorate and method.
/// Where members are counted by class, each class has a lane of its own, and decisions have none.
#[derive(Debug)]
pub struct Lanes<'a> {
    edition: Edition,
    weights: &'a Weights,
    own: Vec<(Key, Vec<u64>)>,
    of_decision: Vec<Option<usize>>,
    /// By class, whoever belongs to it weighing one; empty where no decision counts so.
    heads: Vec<Vec<u64>>,
    by_class: Vec<ByClass>,
}

type Key = (Vec<ClassId>, Option<Favour>, bool);

impl<'a> Lanes<'a> {
    /// Lanes for `decisions`; `parts` is the n of a layer.
    ///
    /// # Errors
    /// An invariant of the classes' factors does not hold.
    pub fn new(
        kernel: &Kernel,
        decisions: &[&Decision],
        members: &Members,
        weights: &'a Weights,
        parts: &dyn Fn(Layer) -> u32,
    ) -> Result<Self, Broken> {
        let mut lanes = Lanes {
            edition: kernel.edition,
            weights,
            own: Vec::new(),
            of_decision: Vec::new(),
            heads: Vec::new(),
            by_class: Vec::new(),
        };
        if counts_by_class(kernel) {
            lanes.split(kernel, decisions, members, parts)?;
        } else {
            lanes.whole(kernel, decisions, members);
        }
        Ok(lanes)
    }

    fn whole(&mut self, kernel: &Kernel, decisions: &[&Decision], members: &Members) {
        for decision in decisions {
            let alike = decision.counting == Counting::OneMember;
            if !decision.is_open() || (decision.electorate.is_empty() && decision.favour.is_none() && !alike) {
                self.of_decision.push(None);
                continue;
            }
            let key = (decision.electorate.clone(), decision.favour.clone(), alike);
            let known = self.own.iter().position(|(lane, _)| *lane == key);
            let place = known.unwrap_or_else(|| {
                let weights = self.weights;
                let counted = |member| counted_weight(kernel, decision, members.roll(), weights, member);
                self.own.push((key, members.indices().map(counted).collect()));
                self.own.len().saturating_sub(1)
            });
            self.of_decision.push(Some(place));
        }
    }

    fn split(
        &mut self,
        kernel: &Kernel,
        decisions: &[&Decision],
        members: &Members,
        parts: &dyn Fn(Layer) -> u32,
    ) -> Result<(), Broken> {
        let weights = self.weights;
        // docs/spec/elections.md, Votes by class: `one-member` counts 1 in every class that a member belongs to.
        if decisions.iter().any(|d| d.counting == Counting::OneMember) {
            let head = |class| {
                let counted = move |member| {
                    let counting = Counting::OneMember;
                    weight_in_class(kernel, counting, members.roll(), weights, member, class)
                };
                members.indices().map(counted).collect()
            };
            self.heads = (0..kernel.classes.len()).map(ClassId::at).map(head).collect();
        }
        // A capacity takes a walk over all members, so decisions with the same method, class and n share it.
        let mut known: Vec<(Counting, ClassId, u32, u128)> = Vec::new();
        let mut by_class = Vec::with_capacity(decisions.len());
        for decision in decisions {
            // Rows are found by the decision's place, so a closed one keeps an empty row.
            if !decision.is_open() {
                by_class.push(ByClass::default());
                continue;
            }
            let (counting, parts) = (decision.counting, parts(decision.layer));
            let own = classes_of(kernel, decision).map(|class| {
                let same = |(c, p, n, _): &&(Counting, ClassId, u32, u128)| (*c, *p, *n) == (counting, class, parts);
                let found = known.iter().find(same).map(|(_, _, _, own)| *own);
                let own = found.unwrap_or_else(|| {
                    let fresh = capacity(counting, self.of_class(counting, class), parts);
                    known.push((counting, class, parts, fresh));
                    fresh
                });
                (class, own)
            });
            let own: Vec<(ClassId, u128)> = own.collect();
            // Factors come from this update's capacities, before their limit on falling: percentages hold at once.
            let heads = |class| heads(lanes_of(self, counting, class));
            by_class.push(ByClass::under(kernel, &own, &heads)?);
        }
        self.by_class = by_class;
        Ok(())
    }

    /// Takes the factors that come of capacities which fall slowly, by decision.
    pub(super) fn hold(&mut self, by_class: Vec<ByClass>) {
        self.by_class = by_class;
    }

    /// How the ballots on each decision are read.
    #[must_use]
    pub fn readings(&self, decisions: &[&Decision]) -> Vec<Reading<'_>> {
        let read = |(place, decision): (usize, &&Decision)| {
            let factors = self.by_class(place).map_or(&[][..], |by| &by.factors);
            let lane = |factor: &Factor| (*factor, self.of_class(decision.counting, factor.class));
            Reading {
                counting: decision.counting,
                lane: self.lane(place),
                classes: factors.iter().map(lane).collect(),
                targets: if decision.is_open() { decision.target_count() } else { 0 },
                scored: decision.scores_candidates(),
                together: rooted_together(self.edition, decision),
            }
        };
        decisions.iter().enumerate().map(read).collect()
    }

    /// The lane of one decision, micro-weights by member; empty where members are counted by class.
    #[must_use]
    pub fn lane(&self, decision: usize) -> &[u64] {
        match self.of_decision.get(decision) {
            Some(Some(own)) => self.own.get(*own).map_or(&[], |(_, lane)| lane),
            Some(None) => &self.weights.member,
            None => &[],
        }
    }

    /// How the classes' votes on one decision are multiplied, and its capacity; `None` where no class has control.
    #[must_use]
    pub fn by_class(&self, decision: usize) -> Option<&ByClass> {
        self.by_class.get(decision)
    }

    pub(super) fn of_class(&self, counting: Counting, class: ClassId) -> &[u64] {
        let heads = || self.heads.get(class.place()).map_or(&[][..], Vec::as_slice);
        let weight = || self.weights.classes.get(class.place()).map_or(&[][..], |c| &c.weight);
        match counting {
            Counting::OneMember => heads(),
            Counting::Quadratic | Counting::Linear | Counting::Approval => weight(),
        }
    }
}

fn lanes_of<'l>(lanes: &'l Lanes<'_>, counting: Counting, class: ClassId) -> &'l [u64] {
    lanes.of_class(counting, class)
}

/// How many members have weight in a lane.
pub(super) fn heads(lane: &[u64]) -> u64 {
    lane.iter().filter(|weight| **weight > 0).count() as u64
}

/// Reports whether a member's two ballots on a decision are rooted together.
pub(super) fn rooted_together(edition: Edition, decision: &Decision) -> bool {
    edition >= Edition::TWO && decision.scores_candidates() && decision.counting == Counting::Quadratic
}

/// Places of the classes that may vote on a decision.
pub(super) fn classes_of(kernel: &Kernel, decision: &Decision) -> impl Iterator<Item = ClassId> {
    let electorate = decision.electorate.clone();
    (0..kernel.classes.len()).map(ClassId::at).filter(move |class| electorate.is_empty() || electorate.contains(class))
}
