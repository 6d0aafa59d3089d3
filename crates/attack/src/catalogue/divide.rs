//! Some leave together, and take more of the treasury than they ever put in.

use engine::act::{Act, CompleteFork, JoinFork, ReverseSupport};
use engine::{Outcome, Pseudonym, intent};
use quantity::Broken;

use super::{Attack, members, money, newcomers, of_members, part, when, wide};
use crate::game::{Game, KERNEL};
use crate::ground::{CONSTITUTION, Ground};
use crate::report::{Harm, Tried};

/// The longest that those who go wait, days: rules that ask for more are counted as holding.
const MOST_DAYS: u64 = 120;
/// A gain below a hundredth of the balance is none.
const WORTH: i64 = 100;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let balance = ground.balance_minor();
    if balance == 0 {
        return Ok(Vec::new());
    }
    let voters = ground.voters();
    let mut tried = Vec::new();
    for (count, amount) in [(3, 1), (voters.min(1_000), 1), (1, balance / 10)] {
        let mut game = Game::on(ground.state.clone(), threads);
        let people = game.newcomers(count)?;
        let given = game.give(&people, amount)?;
        game.wait_days(7)?;
        let (taken, days) = leave(&mut game, &people)?;
        // Afterwards they ask for the gift itself.
        let back = if days.is_some() { take_gifts_back(&mut game, &given.records)? } else { 0 };
        let cost_minor = given.minor;
        let taken_minor = taken.saturating_add(back).saturating_sub(cost_minor);
        let days = days.filter(|_| taken_minor > balance / WORTH);
        let weight_ppm = game.weight_ppm(&people);
        tried.push(Tried { members: 0, newcomers: wide(people.len()), cost_minor, taken_minor, weight_ppm, days });
    }
    for part_ppm in [part(1, 10), part(1, 3)] {
        let mut game = Game::on(ground.state.clone(), threads);
        let people = game.coalition(part_ppm, None);
        let weight_ppm = game.weight_ppm(&people);
        let (taken, days) = leave(&mut game, &people)?;
        // They went on giving until they left.
        let taken_minor = taken.saturating_sub(game.gave_minor(&people)).max(0);
        let days = days.filter(|_| taken_minor > balance / WORTH);
        tried.push(Tried { taken_minor, ..of_members(people.len(), weight_ppm, days) });
    }
    let attack = Attack::new("leave-with-the-money", "treasury", Harm::Money, tried, |_, tried| {
        let each = tried.iter().map(|one| {
            let taken = money(ground, one.taken_minor);
            match one.newcomers {
                0 => words::attack::divide_members(members(one.members), taken, when(one.days)),
                count => words::attack::divide_newcomers(
                    newcomers(count),
                    money(ground, one.cost_minor),
                    taken,
                    when(one.days),
                ),
            }
        });
        words::attack::divide(money(ground, balance), each.collect::<Vec<_>>().join("; "))
    });
    Ok(attack.into_iter().collect())
}

/// They announce that they go, and go as soon as the rules let them; what goes along, minor units.
fn leave(game: &mut Game, people: &[Pseudonym]) -> Result<(i64, Option<u64>), Broken> {
    let Some((first, others)) = people.split_first() else {
        return Ok((0, None));
    };
    let (kernel, constitution) = (game.another_text(KERNEL), game.another_text(CONSTITUTION));
    if game.desk(&intent::announce_fork(*first, "attack", &kernel, &constitution))?.is_none() {
        return Ok((0, None));
    }
    for who in others {
        game.desk(&Act::JoinFork(JoinFork { member: *who, fork: "attack".to_owned(), going: true }))?;
    }
    let complete = CompleteFork { fork: "attack".to_owned(), coop: "c_0000000000000".to_owned(), key: "0".repeat(64) };
    loop {
        if let Some(came) = game.desk(&Act::CompleteFork(complete.clone()))? {
            let minor = came.iter().find_map(|outcome| match outcome {
                Outcome::ForkCompleted { minor, .. } => Some(*minor),
                _ => None,
            });
            return Ok((minor.unwrap_or(0), Some(game.days())));
        }
        if game.days() > MOST_DAYS {
            return Ok((0, None));
        }
        game.wait_days(1)?;
    }
}

/// The gifts that the rules let be recorded as paid back, minor units.
fn take_gifts_back(game: &mut Game, records: &[(String, i64)]) -> Result<i64, Broken> {
    let mut back: i64 = 0;
    for (of, minor) in records {
        let act = ReverseSupport {
            of: of.clone(),
            amount: None,
            given_at: Some(game.now),
            given_on: None,
            source: game.fresh("refund"),
        };
        if game.desk(&Act::ReverseSupport(act))?.is_some() {
            back = back.saturating_add(*minor);
        }
    }
    Ok(back)
}
