//! How a pool stands: what each project's pledges are matched with, and what would be paid if the cycle ended now. The one place that
//! hands a pool's numbers to the arithmetic of `crate::pool`; updates, the end of a cycle and pages ask it.

use quantity::Moment;

use super::{Match, Pool, Project};
use crate::act::PoolPlan;
use crate::chamber::Decision;
use crate::id::{DecisionId, ItemId, MemberIndex};
use crate::pool::{Asking, Beyond, Gift, Groups, Order, Pledges, Rule, SAVED_CYCLES, capped, fund, scaled, to_minor};
use crate::state::State;

/// A place of nobody in the register: a giver who might come.
const NEWCOMER: u32 = u32::MAX;
/// The most pairs, or steps over groups, of a pool that takes one more pledge: pages and updates work them out each time.
const MOST_WORK: u64 = 1_000_000;
/// Parts of a micro-vote in which conviction is compared.
const PARTS: u32 = 1_000_000;

/// One project's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pooled {
    /// Its place.
    pub place: ItemId,
    /// All that is pledged to it, minor units.
    pub pledged: u64,
    /// The match, as the pool's clause has it, minor units.
    pub matched: u64,
    /// The pool's part, if it paid now: minor units.
    pub due: u64,
    /// Pledges and match come to its goal.
    pub eligible: bool,
    /// Members have conviction in it.
    pub has_conviction: bool,
    /// It was struck, since all matches are scaled to what the pool has.
    pub struck: bool,
    /// Members leave it out of this cycle.
    pub left_out: bool,
}

/// A pool as if its cycle ended now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Open projects, in the order in which they came.
    pub projects: Vec<Pooled>,
    /// Those that would be paid, in order.
    pub funded: Vec<ItemId>,
    /// The order of conviction ÷ what the pool would pay.
    pub order: Vec<ItemId>,
    /// From the pool to all of them, minor units.
    pub paid_minor: u64,
    /// The project that the pool would be saved for.
    pub saving_for: Option<ItemId>,
    /// Cycles of saving in a row, with this one.
    pub saved: u32,
    /// Projects that cannot be paid are passed over this time, since three cycles have saved.
    pub passes_over: bool,
    /// Common money that comes into the pool first, by what members decide; minor units.
    pub added: u64,
    /// There are more pledges than matches are worked out for, so nothing is matched.
    pub beyond: bool,
}

impl Now {
    /// A project's numbers.
    #[must_use]
    pub fn of(&self, place: ItemId) -> Option<&Pooled> {
        self.projects.iter().find(|one| one.place == place)
    }
}

impl State {
    /// How a pool would be shared out if its cycle ended at `at`, with what the last update counted and the option that leads by it;
    /// `None` where there is no pool.
    #[must_use]
    pub fn pool_now(&self, decision: DecisionId, at: Moment) -> Option<Now> {
        self.pool_now_by(decision, at, &self.plan_ahead(decision))
    }

    /// The same by a plan.
    // flat: the numbers of one pool, in the order in which they follow.
    pub(super) fn pool_now_by(&self, decision: DecisionId, at: Moment, plan: &PoolPlan) -> Option<Now> {
        let pool = self.decisions.get(decision)?.pool()?;
        let open: Vec<(ItemId, &Project)> = pool.asking().collect();
        let matched = self.matches_of(pool, &open);
        let beyond = matched.is_err();
        let mut matches = matched.unwrap_or_else(|_| vec![0; open.len()]);
        let added = self.added_by(decision, plan);
        let has = u64::try_from(pool.sums.left().saturating_add_unsigned(added)).unwrap_or(0);
        let ranks: Vec<(u32, bool)> = open.iter().map(|(place, _)| plan.ranks(&pool.id(*place))).collect();
        let takes_part = |project: &Project, left_out: bool| !left_out && project.conviction.in_parts(PARTS) > 0;
        if let Match::Capped { cap_ppm } = pool.terms.matching {
            // Projects that nobody is for take nothing of what is shared.
            for (((_, project), (_, left_out)), matched) in open.iter().zip(&ranks).zip(&mut matches) {
                *matched = if takes_part(project, *left_out) { *matched } else { 0 };
            }
            matches = capped(&matches, has, cap_ppm).shares_nano;
        }
        let mut asking: Vec<Asking> = open
            .iter()
            .zip(&ranks)
            .zip(&matches)
            .map(|(((_, project), (rank, left_out)), matched)| Asking {
                goal: project.goal_minor,
                pledged: project.pledged(),
                matched: to_minor(*matched),
                conviction: if *left_out { 0 } else { project.conviction.in_parts(PARTS) },
                rank: *rank,
                eligible_since: project.eligible_since.unwrap_or(at).0,
            })
            .collect();
        let convinced: Vec<bool> = open.iter().map(|(_, project)| takes_part(project, false)).collect();
        let mut struck = vec![false; asking.len()];
        if pool.terms.matching == Match::Scaled {
            let scaled = scaled(has, &matches, &asking);
            for (index, (one, matched)) in asking.iter_mut().zip(&scaled.matched).enumerate() {
                match matched {
                    Some(matched) => one.matched = *matched,
                    // Out of the order; its own match is still told.
                    None => one.conviction = 0,
                }
                if let Some(cell) = struck.get_mut(index) {
                    *cell = scaled.struck.contains(&index);
                }
            }
        }
        let order = if pool.terms.skips { Order::Skip } else { Order::Strict };
        let cycle = fund(has, order, pool.saved, &asking);
        let place = |index: &usize| open.get(*index).map(|(place, _)| *place);
        let told = open.iter().zip(&ranks).zip(&asking).zip(convinced.iter().zip(&struck));
        Some(Now {
            projects: told
                .map(|((((place, _), (_, left_out)), one), (has_conviction, struck))| Pooled {
                    place: *place,
                    pledged: one.pledged,
                    matched: one.matched,
                    due: one.due(),
                    eligible: one.is_eligible() && !*struck,
                    has_conviction: *has_conviction,
                    struck: *struck,
                    left_out: *left_out,
                })
                .collect(),
            funded: cycle.paid.iter().filter_map(|paid| place(&paid.project)).collect(),
            order: cycle.order.iter().filter_map(place).collect(),
            paid_minor: has.saturating_sub(cycle.left),
            saving_for: cycle.saving_for.as_ref().and_then(place),
            saved: if plan.nothing_else && plan.fund.is_empty() { pool.saved } else { cycle.saved },
            added,
            passes_over: order == Order::Strict && pool.saved >= SAVED_CYCLES,
            beyond,
        })
    }

    /// The sum that one more giver of so much, of none of the project's people and of no group, adds to a project's match, minor units.
    #[must_use]
    pub fn one_more_adds(&self, decision: &Decision, place: ItemId, minor: u64) -> Option<u64> {
        let pool = decision.pool()?;
        let project = pool.project(place).filter(|project| project.end.is_none())?;
        // Pairs with somebody who gives to nothing else change no other pair, so the project stands alone here.
        let before = self.matches_of(pool, &[(place, project)]).ok()?;
        let mut more = project.clone();
        more.pledges.insert(MemberIndex(NEWCOMER), minor);
        let after = self.matches_of(pool, &[(place, &more)]).ok()?;
        let minor = |nano: &[u128]| to_minor(nano.first().copied().unwrap_or(0));
        Some(minor(&after).saturating_sub(minor(&before)))
    }

    /// The match of each project by the clause's rule, before it is scaled or cut; billionths of a minor unit.
    fn matches_of(&self, pool: &Pool, open: &[(ItemId, &Project)]) -> Result<Vec<u128>, Beyond> {
        let pledges = pledges_of(pool, open)?;
        match pool.terms.matching {
            Match::Plain | Match::Scaled | Match::Capped { .. } => pledges.matches_nano(&Rule::Plain),
            Match::Pairwise { m_minor } => pledges.matches_nano(&Rule::Pairwise { m_minor }),
            Match::Connected => {
                let unit_minor = 10_u64.saturating_pow(self.rules.kernel.currency.digits().into());
                pledges.matches_nano(&Rule::Connected { groups: &self.groups_of(pool)?, unit_minor })
            }
            Match::Nothing => Ok(vec![0; open.len()]),
        }
    }

    /// The members of the kernel's lists that the clause names.
    fn groups_of(&self, pool: &Pool) -> Result<Groups, Beyond> {
        let of = |name: &String| {
            let list = self.members.lists().find(|(known, _)| *known == name);
            list.map(|(_, list)| list.iter().map(|one| one.0).collect::<Vec<u32>>()).unwrap_or_default()
        };
        Groups::of(&pool.terms.groups.iter().map(of).collect::<Vec<_>>())
    }

    /// Whether matches of a pool can be worked out quickly with one more pledge.
    pub(super) fn has_room_for(&self, pool: &Pool, place: ItemId, who: MemberIndex, minor: u64) -> bool {
        // The others take a root for each pledge, and money that is held has a bound of its own.
        if !matches!(pool.terms.matching, Match::Pairwise { .. } | Match::Connected) {
            return true;
        }
        let with = |(at, project): (ItemId, &Project)| {
            let mut project = project.clone();
            if at == place {
                project.pledges.insert(who, minor);
            }
            (at, project)
        };
        let then: Vec<(ItemId, Project)> = pool.asking().map(with).collect();
        let then: Vec<(ItemId, &Project)> = then.iter().map(|(at, project)| (*at, project)).collect();
        let Ok(pledges) = pledges_of(pool, &then) else { return false };
        match pool.terms.matching {
            Match::Pairwise { m_minor } => pledges.work(&Rule::Pairwise { m_minor }) <= MOST_WORK,
            Match::Connected => self
                .groups_of(pool)
                .is_ok_and(|groups| pledges.work(&Rule::Connected { groups: &groups, unit_minor: 1 }) <= MOST_WORK),
            Match::Plain | Match::Scaled | Match::Capped { .. } | Match::Nothing => true,
        }
    }
}

/// Pledges that are matched: all, or those of others than a project's own people.
fn pledges_of(pool: &Pool, open: &[(ItemId, &Project)]) -> Result<Pledges, Beyond> {
    let gifts = (0_u32..).zip(open).flat_map(|(at, (_, project))| {
        project.pledges.iter().map(move |(member, minor)| Gift { project: at, member: member.0, minor: *minor })
    });
    let pledges = Pledges::of(open.len(), gifts)?;
    if !pool.terms.excludes_own {
        return Ok(pledges);
    }
    let own = |(_, project): &(ItemId, &Project)| project.people.iter().map(|one| one.0).collect::<Vec<u32>>();
    Ok(pledges.without_own(&open.iter().map(own).collect::<Vec<_>>()))
}
