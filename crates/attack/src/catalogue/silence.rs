//! The records of one kind stop coming in: who enters them is late, or wants to be.

use charter::SupportUnit;
use quantity::Broken;

use super::{Attack, of_members, per_cent, when};
use crate::game::Game;
use crate::ground::{Ground, kinds};
use crate::report::Harm;

/// So many months nothing of the kind comes in.
const MONTHS: u64 = 2;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    let all = kinds(&ground.state.rules.kernel);
    // With one kind all fall alike.
    for late in all.iter().filter(|kind| all.len() > 1 && kind.unit() != SupportUnit::Money) {
        let mut game = Game::on(ground.state.clone(), threads);
        let before = class_parts(&game);
        game.silence(*late);
        for _ in 0..MONTHS {
            game.wait_days(30)?;
        }
        let after = class_parts(&game);
        for ((class, was), (_, is)) in before.iter().zip(&after).filter(|((_, was), (_, is))| is < was) {
            // A class that falls below a half of its part has lost its say.
            let days = (*is < was / 2).then_some(MONTHS.saturating_mul(30));
            let tried = of_members(1, *is, days);
            attacks.extend(Attack::new("late-records", class.clone(), Harm::Say, vec![tried], |one, _| {
                words::attack::silence(late.name(), class, per_cent(*was), per_cent(one.weight_ppm), when(days))
            }));
        }
    }
    Ok(attacks)
}

/// Each class's part of all weight, parts per million.
fn class_parts(game: &Game) -> Vec<(String, u32)> {
    let weights = &game.state.weights;
    let classes = game.state.rules.kernel.classes.iter().zip(&weights.classes);
    let part = |column: &[u64]| {
        let own: u128 = column.iter().map(|micro| u128::from(*micro)).sum();
        let ppm = own.saturating_mul(1_000_000).checked_div(weights.total).unwrap_or(0);
        u32::try_from(ppm).unwrap_or(u32::MAX)
    };
    classes.map(|(class, column)| (class.name.clone(), part(&column.weight))).collect()
}
