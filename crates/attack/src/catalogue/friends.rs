//! Somebody who may admit members, or put them on a list that gives weight, brings friends.

use charter::Power;
use engine::act::{Act, AddToList};
use engine::{Actor, Pseudonym};
use quantity::Broken;

use super::{Attack, per_cent, when, wide};
use crate::game::Game;
use crate::ground::{Ground, admission};
use crate::report::{Harm, Tried};

/// How many friends come.
pub(super) const FRIENDS: u64 = 60;
/// The longest that the holder waits, days.
const MOST_DAYS: u64 = 180;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for (name, holder) in holders(ground, &[Power::Admit, Power::KeepList]) {
        let mut game = Game::on(ground.state.clone(), threads);
        let before = game.weight_ppm(&[holder]);
        let friends = game.strangers(FRIENDS);
        let lists: Vec<String> =
            game.state.rules.kernel.classes.iter().filter_map(|class| class.list.clone()).collect();
        let mut gave = false;
        let grown = loop {
            for friend in &friends {
                if game.state.members.index(*friend).is_none() {
                    game.hand_in(Actor::Member(holder), &admission(*friend))?;
                }
                for list in &lists {
                    let act = Act::AddToList(AddToList { list: list.clone(), member: *friend });
                    game.hand_in(Actor::Member(holder), &act)?;
                }
            }
            // Friends pay their own cent where that is what earns weight.
            let came = |who: &Pseudonym| game.state.members.index(*who).is_some();
            if !gave && friends.first().is_some_and(came) {
                game.give(&friends, 1)?;
                gave = true;
            }
            game.wait_days(7)?;
            let weight = game.weight_ppm(&friends);
            // More than a tenth of all weight is worth a mention.
            if weight > before.max(100_000) {
                break Some((weight, game.days()));
            }
            if game.days() > MOST_DAYS {
                break None;
            }
        };
        let weight_ppm = grown.map_or_else(|| game.weight_ppm(&friends), |(weight, _)| weight);
        let days = grown.map(|(_, days)| days);
        let tried =
            Tried { members: 1, newcomers: wide(friends.len()), cost_minor: 0, taken_minor: 0, weight_ppm, days };
        attacks.extend(Attack::new("friends", name.clone(), Harm::Say, vec![tried], |one, _| {
            words::attack::friends(&name, one.newcomers, per_cent(one.weight_ppm), when(one.days))
        }));
    }
    Ok(attacks)
}

/// Offices and bodies with one of the powers, each with one member who holds a seat.
pub(super) fn holders(ground: &Ground, powers: &[Power]) -> Vec<(String, Pseudonym)> {
    let gives = |decision: &&engine::chamber::Decision| powers.iter().any(|power| ground.state.gives(decision, *power));
    let seated = |decision: &engine::chamber::Decision| {
        let holders = decision.holders();
        let first = holders.into_iter().flatten().find_map(engine::chamber::CandidateName::member)?;
        Some((decision.name.clone(), first))
    };
    ground.elections().filter(gives).filter_map(seated).collect()
}
