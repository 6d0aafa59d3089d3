//! Votes that come in the last week before a commitment is decided, on an option that nobody else has voted for.

use engine::Pseudonym;
use engine::act::{Act, Nominate};
use engine::chamber::Commitment;
use quantity::{Broken, PPM};

use super::{Attack, YEAR, members, of_members, part, per_cent, when};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::Harm;

/// Parts of all weight that are tried.
const PARTS: [u32; 3] = [part(1, 4), part(1, 2), part(3, 4)];
/// Votes come so long before the deadline.
const LATE_S: i64 = 7 * 86_400;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    let open = ground.state.open_decisions().filter(|(_, decision)| decision.commitment().is_some());
    for target in open.map(|(_, decision)| decision.name.clone()) {
        let mut tried = Vec::new();
        for share in PARTS {
            let mut game = Game::on(ground.state.clone(), threads);
            let people = game.coalition(share, None);
            let days = late(&mut game, &people, &target)?;
            tried.push(of_members(people.len(), game.weight_ppm(&people), days));
        }
        attacks.extend(Attack::new("late-votes", target.clone(), Harm::Decision, tried, |_, tried| {
            let each = tried
                .iter()
                .map(|one| words::attack::late_part(members(one.members), per_cent(one.weight_ppm), when(one.days)));
            words::attack::late(&target, each.collect::<Vec<_>>().join("; "))
        }));
    }
    Ok(attacks)
}

/// Puts an option up as soon as a cycle begins, and votes for it in the cycle's last week; the days from those votes to the
/// decision, where it is taken.
fn late(game: &mut Game, people: &[Pseudonym], target: &str) -> Result<Option<u64>, Broken> {
    let Some(first) = people.first().copied() else { return Ok(None) };
    let ends =
        |game: &Game| game.state.decision(target).and_then(|one| one.commitment()).and_then(Commitment::deadline);
    let Some(running) = ends(game) else { return Ok(None) };
    // A cycle from its beginning, where another one comes; a single day's goes on.
    game.until(YEAR, |game| ends(game) != Some(running) || game.now.plus_seconds(LATE_S.saturating_mul(3)) < running)?;
    let (Some(deadline), Some(option)) = (ends(game), game.put_up_option(first, target)?) else { return Ok(None) };
    for who in people {
        let (decision, candidate) = (target.to_owned(), option.clone());
        let nominate = Nominate { member: *who, decision, candidate, share_ppm: PPM, against: false };
        game.desk(&Act::Nominate(nominate))?;
    }
    let late = deadline.plus_seconds(LATE_S.saturating_neg());
    game.until(YEAR, |game| game.now >= late || game.state.next_due().moment() > late)?;
    game.now = game.now.max(late);
    game.all_in(people, target, &option)?;
    let voted = game.days();
    game.until(YEAR.saturating_mul(2), |game| game.now > deadline)?;
    let taken = |commitment: &Commitment| {
        commitment.taken().iter().any(|one| one.at == deadline && one.option == option && one.default.is_none())
    };
    let is_taken = game.state.decision(target).and_then(|one| one.commitment()).is_some_and(taken);
    Ok(is_taken.then(|| game.days().saturating_sub(voted)))
}
