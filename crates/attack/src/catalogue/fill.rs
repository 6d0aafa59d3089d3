//! A list is filled with what nobody wants, so that nobody else can put anything on it: options, projects, requests for money.

use engine::Pseudonym;
use engine::act::{Act, AskPool, Nominate, RequestMoney};
use engine::chamber::{CandidateName, Decision, Standing};
use engine::digest::hex;
use quantity::{Broken, PPM};

use super::{Attack, members, of_members, when};
use crate::game::Game;
use crate::ground::{Ground, money_of};
use crate::report::Harm;

/// So many attempts of one member: more than any list takes of one.
const EACH: usize = 6;
/// Who wants a place tries for so many updates.
const PATIENCE: usize = 3;
/// A tenth of all members, the lightest, want something else on the list.
const OTHERS: usize = 10;

/// The lists that members fill by themselves.
#[derive(Clone, Copy)]
enum List {
    Options,
    Projects,
    Requests,
}

impl List {
    fn of(decision: &Decision) -> Option<List> {
        let options = decision.commitment().filter(|one| one.deadline().is_some() && one.shares_out().is_none());
        match (options.is_some(), decision.pool().is_some(), decision.requests().is_some()) {
            (true, ..) => Some(List::Options),
            (_, true, _) => Some(List::Projects),
            (.., true) => Some(List::Requests),
            _ => None,
        }
    }
}

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    let lists = ground.state.open_decisions();
    let lists: Vec<(String, List)> =
        lists.filter_map(|(_, decision)| Some((decision.name.clone(), List::of(decision)?))).collect();
    for (target, list) in lists {
        let [mut game, mut alone] = [(); 2].map(|()| Game::on(ground.state.clone(), threads));
        let everybody = game.heaviest(None);
        let others = everybody.len().div_ceil(OTHERS);
        let (attackers, others) = everybody.split_at(everybody.len().saturating_sub(others));
        // A list on which they find no place anyway is none to be filled.
        if attackers.is_empty() || !finds_a_place(&mut alone, others, &target, list)? {
            continue;
        }
        let used = fill(&mut game, attackers, &target, list)?;
        let closed = !finds_a_place(&mut game, others, &target, list)?;
        let days = closed.then_some(1);
        let tried = of_members(used, game.weight_ppm(attackers.get(..used).unwrap_or_default()), days);
        attacks.extend(Attack::new("fill-the-list", target.clone(), Harm::Delay, vec![tried], |one, _| {
            words::attack::fill(&target, members(one.members), when(one.days))
        }));
    }
    Ok(attacks)
}

/// Each puts up as much as the rules let them, until nothing more goes in; how many people it took.
fn fill(game: &mut Game, attackers: &[Pseudonym], target: &str, list: List) -> Result<usize, Broken> {
    let mut used: usize = 0;
    for who in attackers {
        let mut own = Vec::new();
        while own.len() < EACH
            && let Some(name) = put_up(game, *who, target, list)?
        {
            own.push(name);
        }
        if own.is_empty() {
            return Ok(used);
        }
        if matches!(list, List::Options) {
            for option in &own {
                attend(game, *who, target, option, own.len())?;
            }
        }
        used = used.saturating_add(1);
    }
    Ok(used)
}

/// Puts something on the list; its name, or `None` where the rules refuse it.
fn put_up(game: &mut Game, who: Pseudonym, target: &str, list: List) -> Result<Option<String>, Broken> {
    let (member, decision) = (who, target.to_owned());
    let text = game.fresh("nothing");
    let (name, amount, people) = (hex(text.as_bytes()), money_of(&game.state, 1), Vec::new());
    let text = Some(text.into());
    let act = match list {
        List::Options => return game.put_up_option(who, target),
        List::Projects => Act::AskPool(AskPool { member, decision, project: name.clone(), goal: amount, people, text }),
        List::Requests => {
            Act::RequestMoney(RequestMoney { member, decision, request: name.clone(), amount, people, text })
        }
    };
    Ok(game.desk(&act)?.map(|_| name))
}

/// A part of a member's attention for an option.
fn attend(game: &mut Game, member: Pseudonym, target: &str, option: &str, of: usize) -> Result<(), Broken> {
    let share_ppm = PPM.checked_div(u32::try_from(of).unwrap_or(PPM)).unwrap_or(0);
    let (decision, candidate) = (target.to_owned(), option.to_owned());
    game.desk(&Act::Nominate(Nominate { member, decision, candidate, share_ppm, against: false }))?;
    Ok(())
}

/// Whether others still get on the list: of options on the ballot, by all of their attention.
fn finds_a_place(game: &mut Game, others: &[Pseudonym], target: &str, list: List) -> Result<bool, Broken> {
    let Some(first) = others.first() else { return Ok(false) };
    let Some(name) = put_up(game, *first, target, list)? else { return Ok(false) };
    if !matches!(list, List::Options) {
        return Ok(true);
    }
    for who in others {
        attend(game, *who, target, &name, 1)?;
    }
    for _ in 0..PATIENCE {
        game.next_update()?;
        let decision = game.state.decision(target);
        let options =
            decision.and_then(|one| Some((one, one.candidate_place(&CandidateName::Document(name.clone()))?)));
        let standing = options.and_then(|(one, place)| one.candidate(place)).map(|one| one.standing);
        if standing == Some(Standing::Candidate) {
            return Ok(true);
        }
    }
    Ok(false)
}
