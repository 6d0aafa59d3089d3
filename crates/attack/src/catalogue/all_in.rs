//! A part of all weight goes to one candidate, and nobody answers.

use quantity::Broken;

use super::{Attack, YEAR, members, of_members, part, per_cent, when};
use crate::game::Game;
use crate::ground::{CONSTITUTION, Ground};
use crate::report::{Harm, Tried};

/// The parts of all weight that are tried.
const PARTS: [u32; 5] = [part(1, 10), part(1, 4), part(1, 3), part(1, 2), part(2, 3)];

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for name in ground.elections().map(|decision| decision.name.clone()) {
        let mut tried = Vec::new();
        for part_ppm in PARTS {
            let one = with_part(ground, &name, part_ppm, threads)?;
            // In a small co-op two parts can be the same people.
            if tried.last() != Some(&one) {
                tried.push(one);
            }
        }
        let rules = ground.state.decision(&name).is_some_and(|decision| decision.holds_rules);
        let harm = if rules || name == CONSTITUTION { Harm::Rules } else { Harm::Seat };
        attacks.extend(Attack::new("all-in", name.clone(), harm, tried, |_, tried| {
            let each = tried
                .iter()
                .map(|one| words::attack::all_in_part(per_cent(one.weight_ppm), members(one.members), when(one.days)));
            words::attack::all_in(&name, each.collect::<Vec<_>>().join("; "))
        }));
    }
    Ok(attacks)
}

fn with_part(ground: &Ground, name: &str, part_ppm: u32, threads: usize) -> Result<Tried, Broken> {
    let mut game = Game::on(ground.state.clone(), threads);
    let people = game.coalition(part_ppm, Some(name));
    let weight_ppm = game.weight_ppm(&people);
    let days = take(&mut game, &people, name, YEAR)?;
    Ok(of_members(people.len(), weight_ppm, days))
}

/// Puts somebody or something up, goes all-in, and waits; the days until it holds the decision.
pub(super) fn take(
    game: &mut Game,
    people: &[engine::Pseudonym],
    name: &str,
    most_days: u64,
) -> Result<Option<u64>, Broken> {
    let Some(candidate) = game.put_up(people, name)? else {
        return Ok(None);
    };
    game.all_in(people, name, &candidate)?;
    game.until(most_days, |game| game.holds(name, &candidate))
}
