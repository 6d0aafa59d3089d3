//! Reads the fields of a pool.

use quantity::PPM;

use super::income::{Fed, Feed, feed};
use super::{FundingOrder, Matching, OwnProjects, Pool};
use crate::clause::Delegation;
use crate::clause::commitment::note_few_updates;
use crate::clause::reader::Reader;
use crate::code;
use crate::document::{Fields, Mistakes};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::nearest::suggest;
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
    let half_life = found.optional("conviction-half-life", mistakes, phrase::span);
    let matching = capped(found, matching, cap, mistakes);
    let matching = pairwise(found, matching, reader.kernel, mistakes);
    let groups = groups(found, matching, reader.kernel, mistakes);
    if reader.kernel.edition >= Edition::FOUR {
        own_through_others(found, own_projects, mistakes);
    }
    // A constitution inside another one has no income of its own.
    if reader.depth > 0 {
        for field in found.all("fed-by") {
            let why = "what comes in is the co-op's, and only its own constitution feeds a pool with it";
            let help = "put the pool there, or leave `fed-by` out: gifts can fill it";
            mistakes.report(code::OUTSIDE_JURISDICTION, &field.name.at, why, help);
        }
    }
    if let Some(every) = every {
        note_few_updates(reader, found, every);
    }
    note_unrecorded(reader, found, fed_by.as_deref().unwrap_or_default());
    Some(Pool {
        fed_by: fed_by?,
        matching: matching?,
        groups: groups?,
        every: every?,
        own_projects: own_projects?,
        order: order?,
        conviction_half_life: half_life?,
    })
}

/// `cap` and `match "capped"` need each other (charter.md, `pool`).
fn capped(
    found: &Fields,
    matching: Option<Matching>,
    cap: Option<Option<u32>>,
    mistakes: &mut Mistakes,
) -> Option<Matching> {
    match (matching, cap) {
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
    }
}

/// From edition 4 on `pairwise` and `match "pairwise"` need each other.
fn pairwise(found: &Fields, matching: Option<Matching>, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Matching> {
    let most = found.optional("pairwise", mistakes, |value, mistakes| phrase::money(value, kernel.currency, mistakes));
    match (matching, most) {
        (Some(Matching::Pairwise { .. }), Some(Some(m_minor))) => Some(Matching::Pairwise { m_minor }),
        (Some(Matching::Pairwise { .. }), Some(None)) if kernel.edition >= Edition::FOUR => {
            let example = format!("pairwise \"25 {}\"", kernel.currency.code());
            found.missing("pairwise", &example, mistakes);
            None
        }
        (Some(Matching::Pairwise { .. }), None) | (None, _) => None,
        (Some(other), _) => {
            if !matches!(other, Matching::Pairwise { .. }) {
                found.needs("pairwise", "`match \"pairwise\"`", mistakes);
            }
            Some(other)
        }
    }
}

/// From edition 4 on `groups` and `match "connected"` need each other.
fn groups(found: &Fields, matching: Option<Matching>, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Vec<String>> {
    let lists: Vec<&str> = kernel.classes.iter().filter_map(|class| class.list.as_deref()).collect();
    let Some(field) = found.get("groups") else {
        if matching == Some(Matching::Connected) && kernel.edition >= Edition::FOUR {
            let list = lists.first().copied().unwrap_or("contributor-list");
            found.missing("groups", &format!("groups \"{list}\""), mistakes);
            return None;
        }
        return Some(Vec::new());
    };
    if matching.is_some_and(|matching| matching != Matching::Connected) {
        found.needs("groups", "`match \"connected\"`", mistakes);
    }
    field.nothing_else(&[], mistakes);
    let mut groups: Vec<String> = Vec::new();
    for value in field.texts(mistakes) {
        let name = value.text.as_str();
        if !lists.contains(&name) {
            let why = format!("`{name}` is no list that a class of the kernel reads");
            let help = suggest(name, &lists).unwrap_or_else(|| "name the `list` of a class".to_owned());
            mistakes.report(code::UNKNOWN_GROUP, &value.at, why, help);
        } else if groups.iter().any(|group| group == name) {
            mistakes.report(code::NAME_TAKEN, &value.at, format!("`{name}` is named already"), "name it once");
        } else {
            groups.push(name.to_owned());
        }
    }
    (!groups.is_empty()).then_some(groups)
}

/// Nobody supports their own project, and so nobody does for them either.
fn own_through_others(found: &Fields, own: Option<OwnProjects>, mistakes: &mut Mistakes) {
    let Some(field) = found.get("delegation") else { return };
    let allowed = field.values.first().is_some_and(|value| value.text == Delegation::Allowed.name());
    if allowed && own == Some(OwnProjects::Excluded) {
        let why = "a delegate would place a member's weight on that member's own project";
        let help = "leave `delegation` out here, or say `self \"allowed\"`";
        mistakes.report(code::OWN_THROUGH_OTHERS, &field.name.at, why, help);
    }
}

/// Notes income that nobody records yet.
fn note_unrecorded(reader: &mut Reader, found: &Fields, feeds: &[Feed]) {
    if reader.kernel.edition < Edition::FOUR {
        return;
    }
    for feed in feeds.iter().filter(|feed| !feed.of.is_recorded()) {
        let name = feed.of.name();
        let said = found.all("fed-by").find(|field| field.values.iter().any(|value| value.text.ends_with(name)));
        if let Some(field) = said {
            let why = format!("this version records no {name}, so nothing of it goes into the pool yet");
            let help = "feed it with donations, dues or purchases, or by gifts";
            reader.note(code::NOTHING_RECORDED, &field.name.at.clone(), why, help);
        }
    }
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
