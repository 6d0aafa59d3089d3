//! Who keeps the lists that give weight. Somebody who keeps such a list alone decides who elects them: so a list that gives weight
//! in the electorate of a seat is kept by a body of at least three, or by those on it. From edition 2 on. A list that no rule gives
//! to anybody is the operator's, as facts are that bridges bring: a note says so.

use std::ops::Range;

use super::reader::Reader;
use super::{Clause, ClauseKind};
use crate::code;
use crate::document::{Fields, Node};
use crate::edition::Edition;
use crate::kernel::{GivenPower, KeptBy, Power};
use crate::nearest::list;

/// The fewest seats of a body that keeps such a list.
const FEWEST_KEEPERS: u32 = 3;

/// A clause that gives the power to keep lists, with its place and its seats.
pub(super) struct Keeper {
    at: Range<usize>,
    seats: u32,
}

impl Reader<'_, '_> {
    /// Notes a clause that gives the power to keep lists.
    pub(super) fn keeps(&mut self, found: &Fields, powers: &[GivenPower], seats: u32) {
        if !powers.iter().any(|given| given.power == Power::KeepList) {
            return;
        }
        let values = found.all("may").flat_map(|line| &line.values);
        let mut named = values.filter(|value| value.text == Power::KeepList.name());
        if let Some(value) = named.next() {
            self.keepers.push(Keeper { at: value.at.clone(), seats });
        }
    }
}

impl Reader<'_, '_> {
    /// Reports a clause that lets fewer than two of three seats expel somebody: those who accuse would decide alone.
    pub(super) fn expels(&mut self, found: &Fields, powers: &[GivenPower], (seats, needed): (u32, u32)) {
        let few = seats < FEWEST_KEEPERS || needed < 2;
        if !few || !powers.iter().any(|given| given.power == Power::Expel) {
            return;
        }
        let values = found.all("may").flat_map(|line| &line.values);
        if let Some(value) = values.into_iter().find(|value| value.text == Power::Expel.name()) {
            let why = "those who accuse a member would expel them alone";
            let help = "give `expel` to a body of at least three seats, two of which must agree";
            self.mistakes.report(code::EXPELLED_BY_FEW, &value.at, why, help);
        }
    }
}

/// Reports lists that give weight in the electorate of a seat and that too few keep, and notes those that nobody keeps.
pub(crate) fn check(reader: &mut Reader, clauses: &[Clause], nodes: &[Node]) {
    if reader.kernel.edition < Edition::TWO {
        return;
    }
    let kernel = reader.kernel;
    let kept = kernel.classes.iter().filter(|class| class.list.is_some() && class.kept_by == KeptBy::Powers);
    // A seat above, or one inside, is not seen from here: what could feed one counts as if it did.
    let feeds = |clause: &Clause, class: &str| {
        let fills = matches!(clause.kind, ClauseKind::Office(_) | ClauseKind::Body(_) | ClauseKind::Constitution(_));
        fills && (clause.electorate.is_empty() || clause.electorate.iter().any(|name| name == class))
    };
    let mut fed: Vec<&str> = Vec::new();
    for class in kept {
        let feeds_one = reader.depth > 0 || clauses.iter().any(|clause| feeds(clause, &class.name));
        let name = class
            .list
            .as_deref()
            .filter(|_| feeds_one && !kernel.is_kept_by_members(class.list.as_deref().unwrap_or_default()));
        fed.extend(name.filter(|name| !fed.contains(name)));
    }
    if fed.is_empty() {
        return;
    }
    let named = list(&fed);
    let help = "give `keep-list` to a body of at least three seats, or let the class say `kept-by \"members\"`";
    let few: Vec<Keeper> = std::mem::take(&mut reader.keepers);
    for keeper in few.iter().filter(|keeper| keeper.seats < FEWEST_KEEPERS) {
        let who = if keeper.seats == 1 { "one holder alone" } else { "two seats" };
        let why = format!("{who} would keep {named}, which gives weight in the electorate of a seat");
        reader.mistakes.report(code::LIST_KEPT_BY_FEW, &keeper.at, why, help);
    }
    let grants = |clause: &Clause| {
        let grant = clause.grant();
        grant.is_some_and(|grant| {
            let powers = grant.powers.as_ref();
            powers.is_none_or(|powers| powers.iter().any(|given| given.power == Power::KeepList))
        })
    };
    let seated = |clause: &&Clause| {
        clause.seats() > 0
            && kernel.classes.iter().any(|class| {
                class.list.as_deref().is_some_and(|name| fed.contains(&name)) && feeds(clause, &class.name)
            })
    };
    if reader.depth > 0 || !few.is_empty() || clauses.iter().any(grants) {
        return;
    }
    if let Some(first) = clauses.iter().find(seated) {
        let place = nodes.iter().find(|node| reader.mistakes.line(node.name.at.start) == first.line);
        let at = place.map_or(0..0, |node| node.name.at.clone());
        let why = format!(
            "{named} gives weight in the electorate of `{}`, and no power keeps it: the operator of the server does",
            first.name
        );
        reader.note(code::LIST_KEPT_BY_NOBODY, &at, why, help);
    }
}
