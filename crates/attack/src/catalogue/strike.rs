//! Somebody who keeps a list takes opponents off it.

use charter::Power;
use engine::Pseudonym;
use engine::act::{Act, RemoveFromList};
use quantity::Broken;

use super::friends::seated;
use super::{Attack, members, of_members, per_cent, when, wide};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::Harm;

/// How many are struck off.
const OPPONENTS: usize = 7;
/// The longest that they wait, days.
const MOST_DAYS: u64 = 180;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for seats in seated(ground, &[Power::KeepList]) {
        let (mut tried, mut struck) = (Vec::new(), 0);
        for conspirators in seats.conspiracies() {
            let mut game = Game::on(ground.state.clone(), threads);
            let listed = on_lists(&game, conspirators);
            if listed.is_empty() {
                continue;
            }
            struck = wide(listed.len());
            let people: Vec<Pseudonym> = listed.iter().map(|(_, who)| *who).collect();
            let weight_ppm = game.weight_ppm(&people);
            let days = strike(&mut game, &seats.office, conspirators, &listed, weight_ppm)?;
            tried.push(of_members(conspirators.len(), weight_ppm, days));
        }
        let office = seats.office.clone();
        attacks.extend(Attack::new("strike", seats.office, Harm::Say, tried, |one, tried| {
            let each = tried.iter().map(|one| words::attack::strike_part(members(one.members), when(one.days)));
            let each = each.collect::<Vec<_>>().join("; ");
            words::attack::strike(&office, struck, per_cent(one.weight_ppm), each)
        }));
    }
    Ok(attacks)
}

/// Takes them off until they have lost half of their weight; the days that it took.
fn strike(
    game: &mut Game,
    office: &str,
    conspirators: &[Pseudonym],
    listed: &[(String, Pseudonym)],
    before_ppm: u32,
) -> Result<Option<u64>, Broken> {
    let people: Vec<Pseudonym> = listed.iter().map(|(_, who)| *who).collect();
    loop {
        for (list, member) in listed {
            let act = Act::RemoveFromList(RemoveFromList { list: list.clone(), member: *member });
            game.by_seats(office, conspirators, &act)?;
        }
        game.next_update()?;
        if game.weight_ppm(&people) < before_ppm / 2 {
            return Ok(Some(game.days()));
        }
        if game.days() > MOST_DAYS {
            return Ok(None);
        }
    }
}

/// Some who are on a list that gives weight, those who strike apart.
fn on_lists(game: &Game, conspirators: &[Pseudonym]) -> Vec<(String, Pseudonym)> {
    let members = &game.state.members;
    let lists = game.state.rules.kernel.classes.iter().filter_map(|class| class.list.clone());
    let listed = lists.flat_map(|list| {
        let on = members.list(&list).into_iter().flatten();
        let on: Vec<Pseudonym> = on.filter_map(|index| members.pseudonym(*index)).collect();
        on.into_iter().map(move |who| (list.clone(), who))
    });
    listed.filter(|(_, who)| !conspirators.contains(who)).take(OPPONENTS).collect()
}
