//! Another kernel: the rules about the rules.

use engine::Pseudonym;
use engine::act::{Act, Assent};
use quantity::Broken;

use super::{Attack, members, money, newcomers, of_members, part, per_cent, when, wide};
use crate::game::{Game, KERNEL};
use crate::ground::Ground;
use crate::report::{Harm, Tried};

/// The longest that assent is held, days.
const MOST_DAYS: u64 = 800;
const PARTS: [u32; 5] = [part(1, 3), part(1, 2), part(2, 3), part(3, 4), part(1, 1)];

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut tried = Vec::new();
    let mut game = Game::on(ground.state.clone(), threads);
    let people = game.newcomers(ground.voters().saturating_mul(3).min(1_000))?;
    let cost_minor = game.give(&people, 1)?.minor;
    game.wait_days(35)?;
    let weight_ppm = game.weight_ppm(&people);
    let days = adopt(&mut game, &people)?;
    tried.push(Tried { members: 0, newcomers: wide(people.len()), cost_minor, taken_minor: 0, weight_ppm, days });
    for part_ppm in PARTS {
        let mut game = Game::on(ground.state.clone(), threads);
        let people = game.coalition(part_ppm, None);
        let weight_ppm = game.weight_ppm(&people);
        let days = adopt(&mut game, &people)?;
        tried.push(of_members(people.len(), weight_ppm, days));
        if days.is_some() {
            break;
        }
    }
    let attack = Attack::new("another-kernel", KERNEL, Harm::Rules, tried, |_, tried| {
        let each = tried.iter().map(|one| {
            let (weight, when) = (per_cent(one.weight_ppm), when(one.days));
            match one.newcomers {
                0 => words::attack::amend_part(members(one.members), weight, when),
                count => words::attack::dust_part(newcomers(count), money(ground, one.cost_minor), weight, when),
            }
        });
        words::attack::amend(each.collect::<Vec<_>>().join("; "))
    });
    Ok(attack.into_iter().collect())
}

/// All assent, and wait; the days until it is in force.
fn adopt(game: &mut Game, people: &[Pseudonym]) -> Result<Option<u64>, Broken> {
    let Some(first) = people.first() else {
        return Ok(None);
    };
    let Some(document) = game.put_up_text(*first, KERNEL)? else {
        return Ok(None);
    };
    for member in people {
        game.desk(&Act::Assent(Assent { member: *member, document: document.clone(), assent: true }))?;
    }
    game.until(MOST_DAYS, |game| game.state.amendment.in_force == document)
}
