//! Credit farmed: one who cuts their work into many commits, and three who review one another's, in a month in which all did the same.

use engine::Pseudonym;
use engine::act::{Act, ProposeCredit};
use engine::book::Day;
use engine::chamber::Commitment;
use engine::credit::contributions::{Contribution, Contributions, Strikes};
use engine::credit::{Kind, sunday_of, week_of};
use quantity::{Broken, Moment, PPM};

use super::{Attack, YEAR, members, of_members, per_cent, when};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::Harm;

/// The most people of the list, and the commits of each.
const CROWD: usize = 20;
const EACH: usize = 4;
/// One who farms makes this many of each of theirs.
const CUT: usize = 10;
const RING: usize = 3;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let Some(target) = ground.state.credit_decision().map(|(name, _)| name.to_owned()) else {
        return Ok(Vec::new());
    };
    let mut attacks = Vec::new();
    for (attack, by_reviews) in [("credit-by-commits", false), ("credit-by-reviews", true)] {
        let mut game = Game::on(ground.state.clone(), threads);
        let mut people = game.heaviest(None);
        people.truncate(CROWD);
        let farmers = if by_reviews { RING } else { 1 };
        let Some(farming) = people.get(..farmers).filter(|_| people.len() > farmers).map(<[Pseudonym]>::to_vec) else {
            continue;
        };
        let Some((share_ppm, days)) = farm(&mut game, &people, farmers, by_reviews, &target)? else { continue };
        let tried = vec![of_members(farming.len(), share_ppm, days)];
        let honest = people.len().saturating_sub(farmers);
        attacks.extend(Attack::new(attack, target.clone(), Harm::Say, tried, |one, _| {
            let (who, share) = (members(one.members), per_cent(one.weight_ppm));
            let equal = per_cent(part_of(farmers, people.len()));
            let honest = members(u64::try_from(honest).unwrap_or(u64::MAX));
            match by_reviews {
                false => words::attack::farm_commits(who, CUT, share, equal, honest, when(one.days)),
                true => words::attack::farm_reviews(who, share, equal, honest, when(one.days)),
            }
        }));
    }
    Ok(attacks)
}

/// Proposes the credit of a month, and lets the deadline come; the farmers' part of it, and the days until it counts.
fn farm(
    game: &mut Game,
    people: &[Pseudonym],
    farmers: usize,
    by_reviews: bool,
    target: &str,
) -> Result<Option<(u32, Option<u64>)>, Broken> {
    let ends =
        |game: &Game| game.state.decision(target).and_then(|one| one.commitment()).and_then(Commitment::deadline);
    let running = ends(game);
    // The cycle that runs now is the period of the next one.
    let from = game.state.decision(target).and_then(|one| one.commitment()).map(Commitment::cycle_begins);
    game.until(YEAR, |game| ends(game) != running)?;
    let (Some(from), Some(until)) = (from, running) else { return Ok(None) };
    let list = list(game, people, farmers, by_reviews, (from, until));
    let Ok(credit) = list.rows(&Strikes::default(), &game.state.credit_parameters()) else { return Ok(None) };
    let farming = people.get(..farmers).unwrap_or_default();
    let sum = |only: Option<&[Pseudonym]>| {
        let rows = credit.iter().filter(|row| only.is_none_or(|only| only.contains(&row.member)));
        rows.fold(0_u64, |sum, row| sum.saturating_add(row.micro))
    };
    let share_ppm = u128::from(sum(Some(farming))).saturating_mul(u128::from(PPM)).checked_div(u128::from(sum(None)));
    let (text, period) = (list.text(), list.period.0.clone());
    let contributions = engine::digest::hex(text.as_bytes());
    let (decision, contributions_text) = (target.to_owned(), Some(text.into()));
    let propose = ProposeCredit { decision, period, contributions, contributions_text, credit };
    if game.desk(&Act::ProposeCredit(propose))?.is_none() {
        return Ok(None);
    }
    let proposed = game.days();
    let waits = |game: &Game| game.state.credit_proposed().is_some();
    let days = game.until(YEAR.saturating_mul(2), |game| !waits(game))?;
    let days = days.map(|days| days.saturating_sub(proposed));
    Ok(Some((u32::try_from(share_ppm.unwrap_or(0)).unwrap_or(PPM), days)))
}

/// Everybody made as many commits, one after another's, in the second week of the period; farmers cut theirs, or review.
fn list(
    game: &Game,
    people: &[Pseudonym],
    farmers: usize,
    by_reviews: bool,
    (from, until): (Moment, Moment),
) -> Contributions {
    let zone = &game.state.rules.kernel.zone;
    let day = |at: Moment| Day::of(at, zone).to_string();
    let (week, mut items) = (day(sunday_of(week_of(from))), Vec::<Contribution>::new());
    let mut add = |kind: Kind, author: usize, links: Vec<u32>| {
        let place = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let authors = vec![u32::try_from(author).unwrap_or(u32::MAX)];
        items.push(Contribution { kind, id: format!("{place:012x}"), week: 1, authors, new: true, links });
        place
    };
    let (mut last, mut reviewed) = (None, Vec::new());
    for _ in 0..EACH {
        for author in 0..people.len() {
            let times = if author < farmers && !by_reviews { CUT } else { 1 };
            for _ in 0..times {
                let commit = add(Kind::Commit, author, last.into_iter().collect());
                last = Some(commit);
                if author < farmers {
                    reviewed.push((commit, author));
                }
            }
        }
    }
    for (commit, author) in reviewed.into_iter().filter(|_| by_reviews) {
        for other in (0..farmers).filter(|other| *other != author) {
            add(Kind::Review, other, vec![commit]);
        }
    }
    Contributions { period: (day(from), day(until)), week, people: people.iter().copied().map(Some).collect(), items }
}

fn part_of(count: usize, of: usize) -> u32 {
    let ppm = count.saturating_mul(PPM as usize).checked_div(of);
    u32::try_from(ppm.unwrap_or(0)).unwrap_or(PPM)
}
