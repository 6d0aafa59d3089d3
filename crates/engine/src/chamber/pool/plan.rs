//! How members direct a cycle of a pool: an option of the commitment that shares it out says so in lines, and is carried out once. Source:
//! `docs/spec/pools.md`, Directed by members.

use std::collections::BTreeSet;

use charter::FUND_NOTHING;
use quantity::{Currency, Moment, parse_decimal};

use super::Pool;
use crate::act::{Amount, PoolPlan};
use crate::chamber::{Commitment, Decision};
use crate::id::{CandidateId, DecisionId, ItemId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::rules::texts::is_hash;
use crate::state::State;
use crate::support::act::MAX_AMOUNT;

/// The most projects that one option names.
const MOST_NAMED: usize = 100;
/// The fewest signs by which a line names a project.
const FEWEST_SIGNS: usize = 7;

impl PoolPlan {
    /// The plan that a default says: everything in order, or nothing.
    pub(crate) fn of_default(line: &str) -> PoolPlan {
        PoolPlan { nothing_else: line == FUND_NOTHING, ..PoolPlan::default() }
    }

    /// Whether it names a project to be funded before others.
    pub(crate) fn favours(&self, project: &str) -> bool {
        self.fund.iter().any(|named| named == project)
    }

    /// Common money that it adds, minor units.
    fn adds(&self) -> u64 {
        self.add.as_ref().map_or(0, |add| u64::try_from(add.amount).unwrap_or(0))
    }

    /// The rank of a project, and whether it is left out of the cycle.
    pub(super) fn ranks(&self, project: &str) -> (u32, bool) {
        let first = self.fund.iter().position(|named| named == project);
        let rank = first.and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX);
        let out = self.strike.iter().any(|named| named == project) || (first.is_none() && self.nothing_else);
        (rank, out)
    }

    /// Reads an option's text. Lines that begin with `fund`, `strike` or `add` say what is done; others are talk.
    ///
    /// # Errors
    /// R160, with the line.
    pub fn read(text: &str, pool: &Pool, currency: Currency) -> Result<PoolPlan, Refusal> {
        let mut plan = PoolPlan::default();
        let mut in_order = false;
        for (number, line) in (1_usize..).zip(text.lines()) {
            let no = |why: String| Err(unreadable(&format!("line {number} {why}")));
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["fund", "in", "order"] => in_order = true,
                ["fund", "nothing"] => plan.nothing_else = true,
                ["fund", name, ..] => match project_named(pool, name) {
                    Some(project) => plan.fund.push(project),
                    None => return no(format!("funds `{}`, which is no project that asks", name.escape_default())),
                },
                ["strike", name, ..] => match project_named(pool, name) {
                    Some(project) => plan.strike.push(project),
                    None => return no(format!("strikes `{}`, which is no project that asks", name.escape_default())),
                },
                ["add", sum, code] if *code == currency.code() && plan.add.is_none() => {
                    match parse_decimal(sum, currency.digits()).ok().filter(|minor| *minor > 0) {
                        Some(amount) => plan.add = Some(money(amount, currency)),
                        None => return no(format!("adds `{}`, which is no sum", sum.escape_default())),
                    }
                }
                ["add", _, code] if *code == currency.code() => return no("adds a second sum".to_owned()),
                ["fund" | "strike" | "add", ..] => {
                    return no(format!("says neither a project nor a sum in {}", currency.code()));
                }
                _ => {}
            }
        }
        if in_order && plan != PoolPlan::default() {
            return Err(unreadable("it says `fund in order` and something else too"));
        }
        if !in_order && plan == PoolPlan::default() {
            return Err(unreadable("no line of it says what is done"));
        }
        plan.strike.sort_unstable();
        plan.check(currency)?;
        Ok(plan)
    }

    /// Checks what a replay can check too, which may have lost the text.
    fn check(&self, currency: Currency) -> Result<(), Refusal> {
        self.fund.iter().chain(&self.strike).try_for_each(|project| is_hash(project))?;
        let count = self.fund.len().saturating_add(self.strike.len());
        let all: BTreeSet<&String> = self.fund.iter().chain(&self.strike).collect();
        if all.len() < count {
            return Err(unreadable("it names a project twice"));
        }
        if count > MOST_NAMED {
            return Err(unreadable(&format!("it names {count} projects, and {MOST_NAMED} are the most")));
        }
        if !self.strike.is_sorted() {
            return Err(unreadable("what it strikes is not in order"));
        }
        let fits = |add: &Amount| *add == money(add.amount, currency) && (1..=MAX_AMOUNT).contains(&add.amount);
        if self.add.as_ref().is_some_and(|add| !fits(add)) {
            return Err(unreadable(&format!("what it adds is no sum in {}", currency.code())));
        }
        Ok(())
    }
}

fn money(amount: i64, currency: Currency) -> Amount {
    Amount { amount, currency: Some(currency.code().to_owned()), unit: None }
}

fn unreadable(why: &str) -> Refusal {
    let instead = "write lines such as `fund 1a2b3c4`, `strike 5d6e7f8`, `add 250.00 USD` or `fund nothing`, a project by seven signs of its name or more";
    Refusal::new(Rule::PlanUnreadable, why, instead)
}

/// The project that asks whose name begins so; `None` where there is none, or more than one.
fn project_named(pool: &Pool, name: &str) -> Option<String> {
    let names = pool.asking().map(|(item, _)| pool.id(item));
    let mut found = names.filter(|known| name.len() >= FEWEST_SIGNS && known.starts_with(name));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

impl State {
    /// The pool that a commitment shares out: of the same constitution.
    #[must_use]
    pub fn shared_pool(&self, decision: &Decision) -> Option<DecisionId> {
        self.pool_beside(decision, &decision.commitment()?.shares_out()?.of)
    }

    /// The pool of a name in the constitution of a decision.
    pub(in crate::chamber) fn pool_beside(&self, decision: &Decision, of: &str) -> Option<DecisionId> {
        let path = match decision.name.rsplit_once('/') {
            Some((above, _)) => format!("{above}/{of}"),
            None => of.to_owned(),
        };
        let place = self.decision_place(&path)?;
        self.decisions.get(place)?.pool().map(|_| place)
    }

    /// The commitment that shares out a pool, where the rules have one.
    #[must_use]
    pub fn shares_out(&self, pool: DecisionId) -> Option<(DecisionId, &Decision)> {
        self.open_decisions().find(|(_, decision)| self.shared_pool(decision) == Some(pool))
    }

    /// The plan by which a pool would be shared out now: that of the option that leads by the last update.
    #[must_use]
    pub fn plan_ahead(&self, pool: DecisionId) -> PoolPlan {
        let Some((_, decision)) = self.shares_out(pool) else { return PoolPlan::default() };
        let Some(commitment) = decision.commitment() else { return PoolPlan::default() };
        commitment.leading(decision.capacity).map(|place| commitment.plan_of(place)).unwrap_or_default()
    }

    /// Common money that a plan adds to a pool now, minor units: no more than the clause allows, and than is common and no reserve.
    pub(super) fn added_by(&self, pool: DecisionId, plan: &PoolPlan) -> u64 {
        let most = |(_, decision): (_, &Decision)| Some(decision.commitment()?.shares_out()?.may_add_minor);
        let most = self.shares_out(pool).and_then(most).unwrap_or(0);
        let wanted = plan.adds().min(most);
        // The book is asked only where something is to be added: most updates add nothing.
        if wanted == 0 { 0 } else { wanted.min(self.common_minor()) }
    }

    /// Common money: what could be divided, less what pools have; minor units.
    #[must_use]
    pub fn common_minor(&self) -> u64 {
        let pools = self.open_decisions().filter_map(|(_, decision)| decision.pool());
        let set_aside = pools.fold(0, |sum: i64, pool| sum.saturating_add(pool.sums.left().max(0)));
        u64::try_from(self.dividable().0.saturating_sub(set_aside)).unwrap_or(0)
    }

    /// The plan of an option that is put up on a decision; `None` where the decision shares out no pool.
    ///
    /// # Errors
    /// R160: the text says no plan.
    pub fn plan_of_text(&self, decision: &str, text: &str) -> Result<Option<PoolPlan>, Refusal> {
        let pool = self.decision(decision).and_then(|decision| self.shared_pool(decision));
        let Some(pool) = pool.and_then(|place| self.decisions.get(place)?.pool()) else { return Ok(None) };
        PoolPlan::read(text, pool, self.rules.kernel.currency).map(Some)
    }

    /// Checks the plan of an option that is put up.
    pub(in crate::chamber) fn plan_allowed(
        &self,
        decision: &Decision,
        text: Option<&str>,
        plan: Option<&PoolPlan>,
    ) -> Result<(), Refusal> {
        let shares = decision.commitment().and_then(Commitment::shares_out);
        let currency = self.rules.kernel.currency;
        let pool = self.shared_pool(decision).and_then(|place| self.decisions.get(place)?.pool());
        let said = text.zip(pool).map(|(text, pool)| PoolPlan::read(text, pool, currency)).transpose()?;
        let (Some(shares), Some(plan)) = (shares, plan) else {
            return match (shares.is_some(), plan.is_some()) {
                (false, true) => Err(no_plan(&format!("`{}` shares out no pool", decision.name), "leave `plan` out")),
                (true, false) => Err(no_plan("it has no `plan`", "hand in what the text's lines say")),
                _ => Ok(()),
            };
        };
        plan.check(currency)?;
        if said.is_some_and(|said| said != *plan) {
            return Err(no_plan("`plan` is not what the lines of the text say", "hand in what they say"));
        }
        let commitment = decision.commitment();
        if commitment.is_some_and(|one| PoolPlan::of_default(one.default_line()) == *plan) {
            return Err(no_plan("this is what happens unless another option wins", "vote for the default"));
        }
        if plan.adds() > shares.may_add_minor {
            let most = i64::try_from(shares.may_add_minor).unwrap_or(i64::MAX);
            let most = quantity::format_decimal(most, currency.digits());
            let why = format!("it adds more common money than `{}` may", decision.name);
            return Err(Refusal::new(Rule::AddsTooMuch, why, format!("add {most} {} at most", currency.code())));
        }
        Ok(())
    }

    /// Shares out the pool of a commitment that was decided at `at`, where its cycle ends then.
    pub(in crate::chamber) fn share_as_decided(
        &mut self,
        by: DecisionId,
        option: &str,
        by_default: bool,
        plan: &PoolPlan,
        at: Moment,
    ) -> Vec<Outcome> {
        let Some(decision) = self.decisions.get(by) else { return Vec::new() };
        let name = decision.name.clone();
        let Some(place) = self.shared_pool(decision) else { return Vec::new() };
        let pool = self.decisions.get(place).filter(|pool| pool.is_open());
        let Some(pool) = pool.filter(|pool| pool.pool().is_some_and(|one| one.until() == at)) else {
            return Vec::new();
        };
        let mut outcomes = Vec::new();
        let directed = (!by_default).then(|| option.to_owned());
        if let Some(option) = directed.clone() {
            let (decision, added) = (pool.name.clone(), self.added_by(place, plan));
            outcomes.push(Outcome::PoolDirected { decision, by: name, option, added });
        }
        let mut postings = Vec::new();
        outcomes.extend(self.share_out(place, plan, directed, at, &mut postings));
        self.book_for_pools(postings, at);
        outcomes
    }

    /// The options of commitments that would fund a project first, of those that share out its pool.
    fn options_for(&self, pool: DecisionId, item: ItemId) -> Option<(DecisionId, Vec<CandidateId>)> {
        let project = self.decisions.get(pool)?.pool()?.id(item);
        let (place, decision) = self.shares_out(pool)?;
        let commitment = decision.commitment()?;
        let options = commitment.choices().map(|one| one.place);
        Some((place, options.filter(|option| commitment.plan_of(*option).favours(&project)).collect()))
    }

    /// Takes away what a member has placed on options that would fund a project first.
    pub(super) fn take_ballots_for(&mut self, pool: DecisionId, item: ItemId, member: MemberIndex) {
        let Some((place, options)) = self.options_for(pool, item).filter(|(_, options)| !options.is_empty()) else {
            return;
        };
        self.keep_counted(member);
        let own = self.ballots.of(&self.members, member);
        let on_them = own.filter(|(_, ballot)| {
            ballot.decision == place && self.ballots.scores(ballot).any(|score| options.contains(&score.candidate))
        });
        let rows: Vec<u32> = on_them.map(|(row, _)| row).collect();
        for row in rows {
            let has_scores = self.has_scores(row);
            self.remove_ballot(row, has_scores);
        }
    }

    /// Whether an option would fund a member's own project first, where nobody supports their own.
    pub(crate) fn funds_own(&self, decision: &Decision, option: CandidateId, member: MemberIndex) -> bool {
        let pool = self.shared_pool(decision).and_then(|place| self.decisions.get(place)?.pool());
        let Some(pool) = pool.filter(|pool| pool.terms.excludes_own) else { return false };
        let Some(plan) = decision.commitment().map(|commitment| commitment.plan_of(option)) else { return false };
        let own = |project: &String| pool.list.place(project).and_then(|item| pool.project(item));
        plan.fund.iter().filter_map(own).any(|project| project.is_own(member))
    }
}

fn no_plan(why: &str, instead: &str) -> Refusal {
    Refusal::new(Rule::PlanDiffers, why, instead)
}

#[cfg(test)]
pub(crate) mod tests;
