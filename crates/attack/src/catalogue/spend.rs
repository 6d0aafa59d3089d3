//! One holder of a seat spends all that the rules let them.

use charter::Power;
use engine::act::{Act, BookEntry, Posting};
use engine::{Actor, Pseudonym};
use quantity::Broken;

use super::friends::holders;
use super::{Attack, money, when};
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
    for (name, holder) in holders(ground, &[Power::Spend]).into_iter().filter(|_| balance > 0) {
        let mut game = Game::on(ground.state.clone(), threads);
        let mut taken_minor: i64 = 0;
        while game.days() < DAYS {
            taken_minor = taken_minor.saturating_add(spend(&mut game, holder, balance.saturating_sub(taken_minor))?);
            game.wait_days(1)?;
        }
        let days = (taken_minor > balance / 10).then_some(DAYS);
        let weight_ppm = game.weight_ppm(&[holder]);
        let tried = Tried { members: 1, newcomers: 0, cost_minor: 0, taken_minor, weight_ppm, days };
        attacks.extend(Attack::new("spend", name.clone(), Harm::Money, vec![tried], |one, _| {
            words::attack::spend(&name, money(ground, one.taken_minor), money(ground, balance), when(Some(DAYS)))
        }));
    }
    Ok(attacks)
}

/// As much as a day has room for: the whole, a half, a quarter, and so on down.
fn spend(game: &mut Game, holder: Pseudonym, most: i64) -> Result<i64, Broken> {
    let mut left = most;
    for halving in 0..HALVINGS {
        let minor = most.checked_shr(halving).unwrap_or(0).min(left);
        if minor <= 0 {
            break;
        }
        let entry = BookEntry {
            at: game.now,
            source: game.fresh("spend"),
            narration: "expense".to_owned(),
            currency: game.state.rules.kernel.currency.code().to_owned(),
            postings: vec![
                Posting { account: "assets:bank".to_owned(), minor: minor.saturating_neg() },
                Posting { account: "expenses:other".to_owned(), minor },
            ],
        };
        if game.hand_in(Actor::Member(holder), &Act::BookEntry(entry))?.is_some() {
            left = left.saturating_sub(minor);
        }
    }
    Ok(most.saturating_sub(left))
}
