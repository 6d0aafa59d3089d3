//! Texts that nobody wants take every place, so that nobody else can propose.

use engine::Pseudonym;
use engine::act::{Act, Assent, Nominate};
use quantity::{Broken, PPM};

use super::{Attack, members, of_members, when};
use crate::game::{Game, KERNEL};
use crate::ground::{CONSTITUTION, Ground};
use crate::report::Harm;

/// So many texts at least, beyond the hundred places.
const TEXTS: usize = 130;
/// So many texts of one member count: more of them would share one person's backing.
const MOST_OWN: usize = 3;
/// Those who want to propose try again after so many days.
const PATIENCE: i64 = 31;

pub(super) fn play(ground: &Ground, threads: usize) -> Result<Vec<Attack>, Broken> {
    let mut attacks = Vec::new();
    for target in [CONSTITUTION, KERNEL] {
        let mut game = Game::on(ground.state.clone(), threads);
        let everybody = game.heaviest(None);
        let Some((proposer, attackers)) = everybody.split_last() else {
            continue;
        };
        let used = fill(&mut game, attackers, target)?;
        game.wait_days(PATIENCE)?;
        let closed = game.put_up_text(*proposer, target)?.is_none();
        let days = closed.then_some(PATIENCE.unsigned_abs());
        let tried = of_members(used, game.weight_ppm(attackers.get(..used).unwrap_or_default()), days);
        attacks.extend(Attack::new("fill-the-ballot", target, Harm::Delay, vec![tried], |one, _| {
            words::attack::places(members(one.members), target, when(one.days))
        }));
    }
    Ok(attacks)
}

/// Each proposes as many texts as the rules let them; how many people it took.
fn fill(game: &mut Game, attackers: &[Pseudonym], target: &str) -> Result<usize, Broken> {
    let mut texts: usize = 0;
    for (used, who) in attackers.iter().enumerate() {
        let mut own = Vec::new();
        while own.len() < MOST_OWN
            && let Some(document) = game.put_up_text(*who, target)?
        {
            own.push(document);
        }
        // Each keeps theirs on the ballot with what costs least: a part of their attention, or their assent.
        for document in &own {
            game.desk(&backing(*who, target, document, own.len()))?;
        }
        texts = texts.saturating_add(own.len());
        if own.is_empty() || texts >= TEXTS {
            return Ok(used.saturating_add(1));
        }
    }
    Ok(attackers.len())
}

fn backing(member: Pseudonym, target: &str, document: &str, of: usize) -> Act {
    let document = document.to_owned();
    if target == KERNEL {
        return Act::Assent(Assent { member, document, assent: true });
    }
    let share_ppm = PPM.checked_div(u32::try_from(of).unwrap_or(PPM)).unwrap_or(0);
    let decision = target.to_owned();
    Act::Nominate(Nominate { member, decision, candidate: document, share_ppm, against: false })
}
