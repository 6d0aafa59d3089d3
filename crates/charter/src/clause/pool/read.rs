//! Reads the fields of a pool.

use quantity::PPM;

use super::income::{Fed, Feed, feed};
use super::{FundingOrder, Matching, OwnProjects, Pool};
use crate::clause::reader::Reader;
use crate::code;
use crate::document::{Fields, Mistakes};
use crate::phrase::{self, Every};

/// Reads a pool within what the pools before it leave of the co-op's income.
pub(super) fn read(reader: &mut Reader, found: &Fields) -> Option<Pool> {
    let fed_by = feeds(found, &mut reader.fed, &mut reader.mistakes);
    let mistakes = &mut reader.mistakes;
    let matching = found.or("match", Matching::Quadratic, mistakes, |value, mistakes| {
        let known = Matching::ALL.map(Matching::name);
        let chosen = phrase::choice(value, &known, mistakes)?;
        let mut all = Matching::ALL.into_iter();
        all.find(|matching| matching.name() == chosen)
    });
    let cap = found
        .optional("cap", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM.saturating_sub(1), mistakes));
    let every = found.or("every", Every::Month, mistakes, phrase::named);
    let own_projects = found.or("self", OwnProjects::Excluded, mistakes, phrase::named);
    let order = found.or("order", FundingOrder::Strict, mistakes, phrase::named);
    // `cap` and `match "capped"` need each other (charter.md, `pool`).
    let matching = match (matching, cap) {
        (Some(Matching::Capped { .. }), Some(Some(cap_ppm))) => Some(Matching::Capped { cap_ppm }),
        (Some(Matching::Capped { .. }), Some(None)) => {
            found.missing("cap", "cap \"20%\"", mistakes);
            None
        }
        (Some(Matching::Capped { .. }) | None, _) => None,
        (Some(other), _) => {
            found.needs("cap", "`match \"capped\"`", mistakes);
            Some(other)
        }
    };
    // A constitution inside another one has no income of its own.
    if reader.depth > 0 {
        for field in found.all("fed-by") {
            let why = "what comes in is the co-op's, and only its own constitution feeds a pool with it";
            let help = "put the pool there, or leave `fed-by` out: gifts can fill it";
            mistakes.report(code::OUTSIDE_JURISDICTION, &field.name.at, why, help);
        }
    }
    Some(Pool { fed_by: fed_by?, matching: matching?, every: every?, own_projects: own_projects?, order: order? })
}

/// Returns every `fed-by`; `None` where one is wrong.
fn feeds(found: &Fields, fed: &mut Fed, mistakes: &mut Mistakes) -> Option<Vec<Feed>> {
    let mut feeds: Vec<Feed> = Vec::new();
    let mut sound = true;
    for field in found.all("fed-by") {
        if mistakes.is_full() {
            break;
        }
        let Some((value, read)) = field.text(mistakes).and_then(|value| Some((value, feed(value, mistakes)?))) else {
            sound = false;
            continue;
        };
        if feeds.iter().any(|earlier| earlier.of == read.of) {
            let why = format!("this pool is fed by {} already", read.of.name());
            mistakes.report(code::NAME_TAKEN, &value.at, why, "write one part of it");
        } else {
            fed.add(read, value, mistakes);
            feeds.push(read);
        }
    }
    sound.then_some(feeds)
}
