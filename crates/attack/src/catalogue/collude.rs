//! A ring of givers pays one project of a friend, takes what the pool adds, and has its own money back from the friend.

use engine::Pseudonym;
use engine::act::{Act, AskPool, CastBallot, GiveToPool, HoldMoney, PledgeToProject};
use engine::chamber::pool::End;
use quantity::{Broken, PPM};

use super::{Attack, YEAR, members, money, part, wide};
use crate::game::Game;
use crate::ground::{Ground, money_of};
use crate::report::{Harm, Tried};

/// Parts of all members with weight that are tried as a ring.
const RINGS: [u32; 3] = [part(1, 20), part(1, 10), part(1, 5)];
/// Each of them pledges the pool's balance divided by this.
const EACH: i64 = 100;
/// A goal that no pledges and no match reach, minor units.
const BEYOND: i64 = 1_000_000_000_000_000;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    let balance = ground.balance_minor().checked_div(10).unwrap_or(0);
    let open = ground.state.open_decisions().filter(|(_, decision)| decision.pool().is_some());
    for target in open.map(|(_, decision)| decision.name.clone()) {
        let mut tried = Vec::new();
        for ring in RINGS {
            let game = Game::on(ground.state.clone(), threads);
            let people = game.heaviest(None);
            let count = people.len().saturating_mul(ring as usize).checked_div(PPM as usize).unwrap_or(0).max(2);
            let Some((friend, others)) = people.split_first() else { continue };
            let Some(givers) = others.get(..count) else { continue };
            let each = balance.checked_div(EACH).unwrap_or(0).max(1);
            let ring = Ring { friend: *friend, givers, target: &target, each };
            let (taken_minor, days) = collude(ground, threads, &ring, balance)?;
            let people = people.get(..=count).unwrap_or_default();
            let (members, weight_ppm) = (wide(people.len()), game.weight_ppm(people));
            tried.push(Tried { members, newcomers: 0, cost_minor: 0, taken_minor, weight_ppm, days });
        }
        attacks.extend(Attack::new("colluding-givers", target.clone(), Harm::Money, tried, |_, tried| {
            let each = tried.iter().map(|one| {
                let taken = money(ground, one.taken_minor);
                words::attack::collude_part(members(one.members), taken, super::when(one.days))
            });
            words::attack::collude(&target, money(ground, balance), each.collect::<Vec<_>>().join("; "))
        }));
    }
    Ok(attacks)
}

/// A ring and its aim.
struct Ring<'a> {
    friend: Pseudonym,
    givers: &'a [Pseudonym],
    target: &'a str,
    /// Each giver's pledge, minor units.
    each: i64,
}

/// The sum that a pool of this balance adds to the ring's project, and the days until it is paid.
fn collude(ground: &Ground, threads: usize, ring: &Ring<'_>, balance: i64) -> Result<(i64, Option<u64>), Broken> {
    // A goal that nothing reaches, to see the match; then one that is just reached by it.
    let mut look = Game::on(ground.state.clone(), threads);
    let pledged = ring.each.saturating_mul(i64::try_from(ring.givers.len()).unwrap_or(i64::MAX));
    let Some(project) = pledge(&mut look, ring, balance, BEYOND)? else { return Ok((0, None)) };
    look.next_update()?;
    let matched = i64::try_from(matched(&look, ring.target, &project)).unwrap_or(i64::MAX);
    let mut game = Game::on(ground.state.clone(), threads);
    let goal = pledged.saturating_add(matched.min(balance));
    let Some(project) = pledge(&mut game, ring, balance, goal)? else { return Ok((0, None)) };
    let funded = |game: &Game| {
        let decision = game.state.decision(ring.target)?;
        match decision.pool()?.project(decision.item_place(&project)?)?.end {
            Some(End::Funded { from_pool, .. }) => i64::try_from(from_pool).ok(),
            _ => None,
        }
    };
    let days = game.until(YEAR, |game| funded(game).is_some())?;
    Ok((funded(&game).unwrap_or(0), days))
}

fn matched(game: &Game, target: &str, project: &str) -> u64 {
    let place = game.state.decision_place(target);
    let now = place.and_then(|place| game.state.pool_now(place, game.now));
    let item = game.state.decision(target).and_then(|decision| decision.item_place(project));
    now.and_then(|now| now.of(item?).map(|one| one.matched)).unwrap_or(0)
}

/// Fills the pool, asks it for a goal, and has the ring pledge and vote; the project's name, where the rules let them.
fn pledge(game: &mut Game, ring: &Ring<'_>, balance: i64, goal: i64) -> Result<Option<String>, Broken> {
    let (member, target) = (ring.friend, || ring.target.to_owned());
    hold(game, member, balance)?;
    let amount = money_of(&game.state, balance);
    game.desk(&Act::GiveToPool(GiveToPool { member, decision: target(), amount }))?;
    let text = game.fresh("project");
    let project = engine::digest::hex(text.as_bytes());
    let (goal, people) = (money_of(&game.state, goal), Vec::new());
    let asks = AskPool { member, decision: target(), project: project.clone(), goal, people, text: Some(text.into()) };
    if game.desk(&Act::AskPool(asks))?.is_none() {
        return Ok(None);
    }
    for who in ring.givers {
        hold(game, *who, ring.each)?;
        game.take_back(*who)?;
        let amount = money_of(&game.state, ring.each);
        let pledge = PledgeToProject { member: *who, decision: target(), project: project.clone(), amount };
        game.desk(&Act::PledgeToProject(pledge))?;
        let (decision, item) = (target(), Some(project.clone()));
        let ballot = CastBallot { member: *who, decision, item, share_ppm: PPM, scores: None, against: false };
        game.desk(&Act::CastBallot(ballot))?;
    }
    Ok(Some(project))
}

fn hold(game: &mut Game, member: Pseudonym, minor: i64) -> Result<(), Broken> {
    let (amount, source) = (money_of(&game.state, minor), game.fresh("held"));
    let account = "assets:bank".to_owned();
    game.desk(&Act::HoldMoney(HoldMoney { member, amount, at: game.now, source, account }))?;
    Ok(())
}
