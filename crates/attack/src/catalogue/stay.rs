//! A holder with few votes stays, because two challengers tie.

use std::collections::BTreeMap;

use engine::act::{Act, CastBallot, Stand};
use engine::chamber::Kind;
use quantity::{Broken, PPM};

use super::{Attack, YEAR, of_members, when, wide};
use crate::game::Game;
use crate::ground::Ground;
use crate::report::Harm;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    let offices = ground.elections().filter(|decision| decision.kind() == Kind::Office);
    for name in offices.map(|decision| decision.name.clone()).collect::<Vec<_>>() {
        let mut game = Game::on(ground.state.clone(), threads);
        let Some(holder) = game.holder(&name) else {
            continue;
        };
        let everybody = game.heaviest(Some(&name));
        let [first, second, ..] = everybody.as_slice() else {
            continue;
        };
        let both = [*first, *second];
        for member in both {
            game.desk(&Act::Stand(Stand { member, decision: name.clone() }))?;
        }
        // Everybody but the holder is for both alike.
        let scores: BTreeMap<String, u32> = both.iter().map(|who| (who.to_string(), PPM)).collect();
        for who in &everybody {
            game.take_back(*who)?;
            let (decision, scores) = (name.clone(), Some(scores.clone()));
            let ballot = CastBallot { member: *who, decision, item: None, share_ppm: PPM, scores, against: false };
            game.desk(&Act::CastBallot(ballot))?;
        }
        let gone = game.until(YEAR, |game| !game.holds(&name, &holder))?;
        // The attack is that the holder stays, so it got through where nobody took the seat.
        let tried = of_members(1, 0, gone.is_none().then_some(YEAR));
        attacks.extend(Attack::new("stay-by-a-tie", name.clone(), Harm::Seat, vec![tried], |_, _| {
            words::attack::stay(&name, wide(everybody.len()), when(gone))
        }));
    }
    Ok(attacks)
}
