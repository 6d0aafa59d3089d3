//! One newcomer gives far more than anybody.

use quantity::Broken;

use super::{Attack, YEAR, all_in, money, per_cent, when};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::{Harm, Tried};

/// How many times the co-op's balance is given.
const TIMES: [i64; 2] = [1, 100];
/// The most that one record may say, and what is left of it for a second one.
const MOST_MINOR: i64 = 100_000_000_000_000;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let prize = Game::on(ground.state.clone(), threads).greatest_prize();
    let mut tried = Vec::new();
    for times in TIMES {
        let mut game = Game::on(ground.state.clone(), threads);
        let people = game.newcomers(1)?;
        let amount = ground.balance_minor().max(1_000).saturating_mul(times).min(MOST_MINOR);
        let cost_minor = game.give(&people, amount)?.minor;
        game.wait_days(35)?;
        let weight_ppm = game.weight_ppm(&people);
        let days = if weight_ppm == 0 { None } else { all_in::take(&mut game, &people, &prize, YEAR)? };
        tried.push(Tried { members: 0, newcomers: 1, cost_minor, taken_minor: 0, weight_ppm, days });
    }
    let attack = Attack::new("great-gift", prize.clone(), Harm::Seat, tried, |_, tried| {
        let each = tried.iter().map(|one| {
            words::attack::gift_part(money(ground, one.cost_minor), per_cent(one.weight_ppm), when(one.days))
        });
        words::attack::gift(&prize, each.collect::<Vec<_>>().join("; "))
    });
    Ok(attack.into_iter().collect())
}
