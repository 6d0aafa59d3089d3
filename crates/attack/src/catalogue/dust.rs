//! Newcomers give the least that can be given, and take what decides most.

use quantity::Broken;

use super::{Attack, YEAR, all_in, money, newcomers, per_cent, when, wide};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::{Harm, Tried};

/// The most newcomers that are tried.
const MOST: u64 = 1_000;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let voters = ground.voters().max(1);
    let mut tried = Vec::new();
    let prize = Game::on(ground.state.clone(), threads).greatest_prize();
    let mut counts = vec![3, voters.min(MOST), voters.saturating_mul(3).min(MOST)];
    counts.sort_unstable();
    counts.dedup();
    for count in counts {
        let mut game = Game::on(ground.state.clone(), threads);
        let people = game.newcomers(count)?;
        let cost_minor = game.give(&people, 1)?.minor;
        // A gift of one month may earn its weight in the next.
        game.wait_days(35)?;
        let weight_ppm = game.weight_ppm(&people);
        let days = if weight_ppm == 0 { None } else { all_in::take(&mut game, &people, &prize, YEAR)? };
        let count = wide(people.len());
        tried.push(Tried { members: 0, newcomers: count, cost_minor, taken_minor: 0, weight_ppm, days });
    }
    let attack = Attack::new("dust", prize.clone(), Harm::Seat, tried, |_, tried| {
        let each = tried.iter().map(|one| {
            let (cost, weight) = (money(ground, one.cost_minor), per_cent(one.weight_ppm));
            words::attack::dust_part(newcomers(one.newcomers), cost, weight, when(one.days))
        });
        words::attack::dust(&prize, each.collect::<Vec<_>>().join("; "))
    });
    Ok(attack.into_iter().collect())
}
