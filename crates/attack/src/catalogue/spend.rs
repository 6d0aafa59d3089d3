//! Those who sit on an office or body spend all that the rules let them.

use charter::Power;
use engine::Pseudonym;
use engine::act::{Act, BookEntry, Posting};
use quantity::Broken;

use super::friends::seated;
use super::{Attack, members, money, of_members};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::{Harm, Tried};

/// As many days does the holder go on.
const DAYS: u64 = 90;
/// Halvings of the balance that are tried on one day.
const HALVINGS: u32 = 12;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let balance = ground.balance_minor();
    let mut attacks = Vec::new();
    for seats in seated(ground, &[Power::Spend]).into_iter().filter(|_| balance > 0) {
        let mut tried = Vec::new();
        for conspirators in seats.conspiracies() {
            let mut game = Game::on(ground.state.clone(), threads);
            let weight_ppm = game.weight_ppm(conspirators);
            let mut taken_minor: i64 = 0;
            while game.days() < DAYS {
                let left = balance.saturating_sub(taken_minor);
                taken_minor = taken_minor.saturating_add(spend(&mut game, &seats.office, conspirators, left)?);
                game.wait_days(1)?;
            }
            let days = (taken_minor > balance / 10).then_some(DAYS);
            tried.push(Tried { taken_minor, ..of_members(conspirators.len(), weight_ppm, days) });
        }
        let office = seats.office.clone();
        attacks.extend(Attack::new("spend", seats.office, Harm::Money, tried, |_, tried| {
            let each =
                tried.iter().map(|one| words::attack::spend_part(members(one.members), money(ground, one.taken_minor)));
            let each = each.collect::<Vec<_>>().join("; ");
            words::attack::spend(&office, money(ground, balance), DAYS, each)
        }));
    }
    Ok(attacks)
}

/// As much as a day has room for: the whole, a half, a quarter, and so on down.
fn spend(game: &mut Game, office: &str, conspirators: &[Pseudonym], most: i64) -> Result<i64, Broken> {
    let mut left = most;
    for halving in 0..HALVINGS {
        let minor = most.checked_shr(halving).unwrap_or(0).min(left);
        if minor <= 0 {
            break;
        }
        let entry = BookEntry {
            at: game.now,
            source: game.fresh("spend"),
            narration: Some("expense".to_owned()),
            currency: game.state.rules.kernel.currency.code().to_owned(),
            postings: vec![
                Posting { account: "assets:bank".to_owned(), minor: minor.saturating_neg() },
                Posting { account: "expenses:other".to_owned(), minor },
            ],
        };
        let before = game.state.book.entries();
        game.by_seats(office, conspirators, &Act::BookEntry(entry))?;
        if game.state.book.entries() > before {
            left = left.saturating_sub(minor);
        }
    }
    Ok(most.saturating_sub(left))
}
