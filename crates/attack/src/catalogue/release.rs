//! A newcomer gives the least that can be given, fetches the files that only patrons may, and leaves.

use engine::act::{Act, EndMembership};
use quantity::Broken;

use super::{Attack, money, when, wide};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::{Harm, Tried};

/// Patrons for a month or a year: nobody waits longer.
const PATIENCE: u64 = 40;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for target in ground.state.release_clauses() {
        let mut game = Game::on(ground.state.clone(), threads);
        let people = game.newcomers(1)?;
        let cost_minor = game.give(&people, 1)?.minor;
        let index = people.first().and_then(|who| game.state.members.index(*who));
        let days = match index {
            Some(member) => game.until(PATIENCE, |game| game.state.is_patron(&target, member, game.now))?,
            None => None,
        };
        for who in &people {
            game.desk(&Act::EndMembership(EndMembership { member: *who }))?;
        }
        let newcomers = wide(people.len());
        let tried = vec![Tried { members: 0, newcomers, cost_minor, taken_minor: 0, weight_ppm: 0, days }];
        attacks.extend(Attack::new("fetch-and-leave", target.clone(), Harm::Delay, tried, |one, _| {
            words::attack::release(&target, money(ground, one.cost_minor), when(one.days))
        }));
    }
    Ok(attacks)
}
