//! Somebody who keeps a list takes opponents off it.

use charter::Power;
use engine::act::{Act, RemoveFromList};
use engine::{Actor, Pseudonym};
use quantity::Broken;

use super::friends::holders;
use super::{Attack, per_cent, when, wide};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::{Harm, Tried};

/// How many are struck off.
const OPPONENTS: usize = 7;
/// The longest that they wait, days.
const MOST_DAYS: u64 = 180;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for (name, holder) in holders(ground, &[Power::KeepList]) {
        let mut game = Game::on(ground.state.clone(), threads);
        let listed: Vec<(String, Pseudonym)> = on_lists(&game, holder);
        if listed.is_empty() {
            continue;
        }
        let people: Vec<Pseudonym> = listed.iter().map(|(_, who)| *who).collect();
        let before = game.weight_ppm(&people);
        let days = loop {
            for (list, member) in &listed {
                let act = Act::RemoveFromList(RemoveFromList { list: list.clone(), member: *member });
                game.hand_in(Actor::Member(holder), &act)?;
            }
            game.next_update()?;
            if game.weight_ppm(&people) < before / 2 {
                break Some(game.days());
            }
            if game.days() > MOST_DAYS {
                break None;
            }
        };
        let tried = Tried { members: 1, newcomers: 0, cost_minor: 0, taken_minor: 0, weight_ppm: before, days };
        attacks.extend(Attack::new("strike", name.clone(), Harm::Say, vec![tried], |one, _| {
            words::attack::strike(&name, wide(people.len()), per_cent(one.weight_ppm), when(one.days))
        }));
    }
    Ok(attacks)
}

/// Some who are on a list that gives weight, the holder apart.
fn on_lists(game: &Game, holder: Pseudonym) -> Vec<(String, Pseudonym)> {
    let members = &game.state.members;
    let lists = game.state.rules.kernel.classes.iter().filter_map(|class| class.list.clone());
    let listed = lists.flat_map(|list| {
        let on = members.list(&list).into_iter().flatten();
        let on: Vec<Pseudonym> = on.filter_map(|index| members.pseudonym(*index)).collect();
        on.into_iter().map(move |who| (list.clone(), who))
    });
    listed.filter(|(_, who)| *who != holder).take(OPPONENTS).collect()
}
