//! Somebody who may admit members, or put them on a list that gives weight, brings friends.

use charter::Power;
use engine::act::{Act, AddToList};
use engine::{Edition, Pseudonym};
use quantity::Broken;

use super::{Attack, members, per_cent, when, wide};
use crate::game::Game;
use crate::ground::{Ground, admission};
use crate::report::{Harm, Tried};

/// How many friends come.
pub(super) const FRIENDS: u64 = 60;
/// The longest that the holder waits, days.
const MOST_DAYS: u64 = 180;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for seats in seated(ground, &[Power::Admit, Power::KeepList]) {
        let mut tried = Vec::new();
        for conspirators in seats.conspiracies() {
            tried.push(bring(ground, &seats.office, conspirators, threads)?);
        }
        let office = seats.office.clone();
        attacks.extend(Attack::new("friends", seats.office, Harm::Say, tried, |_, tried| {
            let each = tried
                .iter()
                .map(|one| words::attack::friends_part(members(one.members), per_cent(one.weight_ppm), when(one.days)));
            words::attack::friends(&office, FRIENDS, each.collect::<Vec<_>>().join("; "))
        }));
    }
    Ok(attacks)
}

/// Some who sit on the office bring friends; until the friends weigh more than a tenth of all, and than those who bring them.
fn bring(ground: &Ground, office: &str, conspirators: &[Pseudonym], threads: usize) -> Result<Tried, Broken> {
    let mut game = Game::on(ground.state.clone(), threads);
    let worth = game.weight_ppm(conspirators).max(100_000);
    let friends = game.strangers(FRIENDS);
    let lists: Vec<String> = game.state.rules.kernel.classes.iter().filter_map(|class| class.list.clone()).collect();
    let mut gave = false;
    let days = loop {
        for friend in &friends {
            if game.state.members.index(*friend).is_none() {
                game.by_seats(office, conspirators, &admission(*friend))?;
            }
            if game.state.members.index(*friend).is_some() {
                for list in &lists {
                    let act = Act::AddToList(AddToList { list: list.clone(), member: *friend });
                    game.by_seats(office, conspirators, &act)?;
                }
            }
        }
        // Friends pay their own cent where that is what earns weight.
        let came = |who: &Pseudonym| game.state.members.index(*who).is_some();
        if !gave && friends.first().is_some_and(came) {
            game.give(&friends, 1)?;
            gave = true;
        }
        game.wait_days(7)?;
        if game.weight_ppm(&friends) > worth {
            break Some(game.days());
        }
        if game.days() > MOST_DAYS {
            break None;
        }
    };
    let weight_ppm = game.weight_ppm(&friends);
    let newcomers = wide(friends.len());
    Ok(Tried { members: wide(conspirators.len()), newcomers, cost_minor: 0, taken_minor: 0, weight_ppm, days })
}

/// An office or body, and those who sit on it.
pub(super) struct Seats {
    pub(super) office: String,
    holders: Vec<Pseudonym>,
    /// So many of them must agree to an act.
    needed: usize,
}

impl Seats {
    /// One of them alone, and as many as must agree.
    pub(super) fn conspiracies(&self) -> impl Iterator<Item = &[Pseudonym]> {
        let mut sizes = vec![1, self.needed.min(self.holders.len())];
        sizes.dedup();
        sizes.into_iter().filter_map(|size| self.holders.get(..size)).filter(|some| !some.is_empty())
    }
}

/// Offices and bodies with one of the powers on which somebody sits.
pub(super) fn seated(ground: &Ground, powers: &[Power]) -> Vec<Seats> {
    let gives = |decision: &&engine::chamber::Decision| powers.iter().any(|power| ground.state.gives(decision, *power));
    let seats = |decision: &engine::chamber::Decision| {
        let holders = decision.holders().into_iter().flatten();
        let holders: Vec<Pseudonym> = holders.filter_map(engine::chamber::CandidateName::member).collect();
        let needed = match ground.state.editions.current {
            Edition::ONE => 1,
            _ => usize::try_from(ground.state.seats_to_act(decision)).unwrap_or(usize::MAX),
        };
        Seats { office: decision.name.clone(), holders, needed }
    };
    ground.elections().filter(gives).map(seats).filter(|seats| !seats.holders.is_empty()).collect()
}
