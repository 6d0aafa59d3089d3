//! A supply under attack: a request that is cut small, or a ring that votes up its own, before one member who asks for all of it.

use engine::Pseudonym;
use engine::act::{Act, Amount, BringItem, CastBallot};
use engine::chamber::Unit;
use quantity::{Broken, PPM};

use super::{Attack, YEAR, members, of_members, when};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::Harm;

/// Rings that are tried: one member alone cuts their request into so many parts.
const RINGS: [usize; 3] = [1, 2, 3];
const PARTS: u32 = 4;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    let open = ground.state.open_decisions().filter(|(_, decision)| ground.state.outlook(decision).is_some());
    for target in open.map(|(_, decision)| decision.name.clone()) {
        let mut tried = Vec::new();
        for ring in RINGS {
            let mut game = Game::on(ground.state.clone(), threads);
            let people = game.heaviest(None);
            let Some((rival, ring)) = people.split_first().map(|(rival, rest)| (*rival, rest.get(..ring))) else {
                continue;
            };
            let Some(ring) = ring else { continue };
            let days = served_first(&mut game, rival, ring, &target)?;
            tried.push(of_members(ring.len(), game.weight_ppm(ring), days));
        }
        attacks.extend(Attack::new("cut-requests", target.clone(), Harm::Delay, tried, |_, tried| {
            let each = tried.iter().map(|one| words::attack::supply_part(members(one.members), when(one.days)));
            words::attack::supply(&target, PARTS, each.collect::<Vec<_>>().join("; "))
        }));
    }
    Ok(attacks)
}

/// One member asks for the whole supply with all of their weight, and a ring for the same in parts; the days until the ring is
/// served while the other waits.
fn served_first(game: &mut Game, rival: Pseudonym, ring: &[Pseudonym], target: &str) -> Result<Option<u64>, Broken> {
    let Some(decision) = game.state.decision(target) else { return Ok(None) };
    let Some(outlook) = game.state.outlook(decision) else { return Ok(None) };
    let whole = outlook.supply.whole;
    for who in ring.iter().chain([&rival]) {
        game.take_back(*who)?;
    }
    let parts = PARTS.min(u32::try_from(whole.amount).unwrap_or(PARTS)).max(1);
    let Some(theirs) = bring(game, rival, target, whole.unit, whole.amount)? else { return Ok(None) };
    place(game, rival, target, &theirs, PPM)?;
    let mut own = Vec::new();
    for (number, who) in (0..parts).zip(ring.iter().cycle()) {
        let last = number.saturating_add(1) == parts;
        let each = whole.amount.checked_div(u64::from(parts)).unwrap_or(whole.amount);
        let rest = whole.amount.saturating_sub(each.saturating_mul(u64::from(parts.saturating_sub(1))));
        own.extend(bring(game, *who, target, whole.unit, if last { rest } else { each })?);
    }
    let share = PPM.checked_div(u32::try_from(own.len()).unwrap_or(PPM)).unwrap_or(0);
    for who in ring {
        for item in &own {
            place(game, *who, target, item, share)?;
        }
    }
    let served = |game: &Game, item: &str| {
        let decision = game.state.decision(target);
        decision.is_some_and(|one| one.item(item).is_some_and(|item| item.served))
    };
    let mut first = None;
    game.until(YEAR, |game| {
        let ring = own.iter().any(|item| served(game, item));
        if first.is_none() && (ring || served(game, &theirs)) {
            first = Some(ring && !served(game, &theirs));
        }
        first.is_some()
    })?;
    Ok((first == Some(true)).then(|| game.days()))
}

fn bring(game: &mut Game, member: Pseudonym, target: &str, unit: Unit, amount: u64) -> Result<Option<String>, Broken> {
    let currency = game.state.rules.kernel.currency;
    let amount = i64::try_from(amount).unwrap_or(i64::MAX);
    let amount = match unit {
        Unit::Minor => Amount { amount, currency: Some(currency.code().to_owned()), unit: None },
        Unit::Second | Unit::Unit => Amount { amount, currency: None, unit: Some(unit.word(currency).to_owned()) },
    };
    let item = game.fresh("item");
    let (decision, amount) = (target.to_owned(), Some(amount));
    let act = BringItem { member, decision, item: item.clone(), amount, title: None };
    Ok(game.desk(&Act::BringItem(act))?.map(|_| item))
}

fn place(game: &mut Game, member: Pseudonym, target: &str, item: &str, share_ppm: u32) -> Result<(), Broken> {
    let (decision, item) = (target.to_owned(), Some(item.to_owned()));
    let act = CastBallot { member, decision, item, share_ppm, scores: None, against: false };
    game.desk(&Act::CastBallot(act))?;
    Ok(())
}
