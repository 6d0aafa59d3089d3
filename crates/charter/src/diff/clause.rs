//! What another constitution would change: decisions that open, close, or are decided otherwise.

use std::collections::BTreeSet;

use super::{Effect, EffectKind, Sides, Teller};
use crate::explain::words;
use crate::explain::{kept, of_clause, of_kernel};
use crate::{Body, Clause, ClauseKind, Delegation, GivenPower, Grant, Kernel, Pool, Power, Ranking, Terms};

impl Sides<'_> {
    pub(super) fn opens(&self, clause: &Clause, path: &str, effects: &mut Vec<Effect>) {
        let about = &mut Teller { about: path, effects };
        let (title, thing) = (title(clause, path), words::plain(path));
        let opens = match (kept::is_kept(clause), clause.terms()) {
            (true, _) => {
                format!("{title} would stand in the rules. This version keeps it and does not carry it out yet.")
            }
            (false, None) => format!("{title} would open."),
            (false, Some(terms)) => format!(
                "{title} would open. A change would take {}, if everyone agreed.",
                words::days(terms.settles_in)
            ),
        };
        about.tell(EffectKind::Opens, opens);
        let powers = of_clause::powers(clause.powers(), self.to);
        if !powers.is_empty() {
            let powers = words::all_of(&powers);
            about.tell(EffectKind::Powers, format!("The {thing} could {powers}."));
        }
        self.voters_of_new(clause, &thing, about);
        self.kind_of_new(clause, &thing, about);
    }

    /// Who could vote on a clause that opens, and how, where that is not as everywhere.
    fn voters_of_new(&self, clause: &Clause, thing: &str, about: &mut Teller) {
        if !clause.electorate.is_empty() {
            let who = of_clause::electorate(&clause.electorate);
            about.tell(EffectKind::Electorate, format!("{who} would vote on the {thing}."));
        }
        if clause.counting != self.to.counting {
            let votes = of_kernel::counting(clause.counting, self.to);
            about.tell(EffectKind::Counting, format!("On the {thing}, {votes}."));
        }
        if clause.delegation == Delegation::Allowed {
            delegation(clause.delegation, thing, about);
        }
        let usual = &self.to.constitution;
        if let Some(terms) = clause.terms() {
            let (by, when) = (words::percent(terms.nominated_by_ppm), changes(terms));
            if terms.nominated_by_ppm != usual.nominated_by_ppm {
                about.tell(
                    EffectKind::Settles,
                    format!("To stand for the {thing}, a newcomer would need the attention of {by} of all votes."),
                );
            }
            if terms.changes.is_some() {
                about.tell(EffectKind::Settles, format!("A full bucket would take over the {thing} {when}."));
            }
        }
    }

    /// What only one kind of clause has, of one that opens.
    fn kind_of_new(&self, clause: &Clause, thing: &str, about: &mut Teller) {
        let of = format!("the {thing}");
        match &clause.kind {
            ClauseKind::Constitution(inner) => {
                let (of, given) = (format!("the constitution of {of}"), granted(&inner.grant, self.to));
                about.tell_sentences(EffectKind::Powers, &of, &[], &[given]);
            }
            ClauseKind::Ranking(Ranking { of, supply, .. }) => {
                if of.is_some() {
                    items(true, thing, about);
                }
                let of = format!("the {thing}");
                let closes = closing(clause).into_iter().collect::<Vec<_>>();
                about.tell_sentences(EffectKind::Closing, &of, &[], &closes);
                let supplied = supply.map(|supply| of_clause::supplied(supply, self.to));
                let supplied = supplied.into_iter().collect::<Vec<_>>();
                about.tell_sentences(EffectKind::Flow, &of, &[], &supplied);
            }
            ClauseKind::Commitment(commitment) => {
                let new = kept::commitment(commitment, self.to);
                about.tell_sentences(EffectKind::Settles, &of, &[], &new);
            }
            ClauseKind::Pool(pool) => {
                flows(None, Some(pool), about.about, about);
                about.tell_sentences(EffectKind::Flow, &of, &[], &kept::sharing(pool));
            }
            ClauseKind::Release(release) => {
                let new = kept::release(release, self.to);
                about.tell_sentences(EffectKind::Flow, &of, &[], &new);
            }
            ClauseKind::Office { .. } | ClauseKind::Body { .. } | ClauseKind::Document { .. } => {}
        }
    }

    pub(super) fn closes(&self, clause: &Clause, path: &str, effects: &mut Vec<Effect>) {
        let mut about = Teller { about: path, effects };
        let title = title(clause, path);
        let closes = match kept::is_kept(clause) {
            true => format!("{title} would no longer stand in the rules."),
            false => format!("{title} would close, and the weight on it would come back."),
        };
        about.tell(EffectKind::Closes, closes);
        let powers = of_clause::powers(clause.powers(), self.from);
        if !powers.is_empty() {
            let who = words::plain(path);
            about.tell(EffectKind::Powers, format!("The {who} could no longer {}.", words::any_of(&powers)));
        }
        if let ClauseKind::Pool(pool) = &clause.kind {
            flows(Some(pool), None, path, &mut about);
        }
    }

    pub(super) fn clause(&self, from: &Clause, to: &Clause, path: &str, effects: &mut Vec<Effect>) {
        let about = &mut Teller { about: path, effects };
        let thing = words::plain(path);
        if let (Some(before), Some(after)) = (from.terms(), to.terms()) {
            terms(before, after, &thing, about);
        }
        electorate(from, to, &thing, about);
        let inherited = from.counting == self.from.counting && to.counting == self.to.counting;
        if from.counting != to.counting && !inherited {
            let (new, old) = (of_kernel::counting(to.counting, self.to), of_kernel::counting(from.counting, self.from));
            about.tell(EffectKind::Counting, format!("On the {thing}, {new}; today {old}."));
        }
        if from.delegation != to.delegation {
            delegation(to.delegation, &thing, about);
        }
        self.powers(from.powers(), to.powers(), &thing, about);
        self.kinds(from, to, &thing, about);
    }

    /// What only one kind of clause has.
    fn kinds(&self, from: &Clause, to: &Clause, thing: &str, about: &mut Teller) {
        match (&from.kind, &to.kind) {
            (ClauseKind::Body(Body { seats: before, .. }), ClauseKind::Body(Body { seats: after, .. }))
                if before != after =>
            {
                let seats = words::count(u64::from(*after), "seat");
                about.tell(EffectKind::Seats, format!("The {thing} would have {seats} instead of {before}."));
            }
            (ClauseKind::Constitution(before), ClauseKind::Constitution(after)) => {
                let of = format!("the constitution of the {thing}");
                let (old, new) = (granted(&before.grant, self.from), granted(&after.grant, self.to));
                about.tell_sentences(EffectKind::Powers, &of, &[old], &[new]);
            }
            (ClauseKind::Ranking { .. }, ClauseKind::Ranking { .. }) => self.rankings(from, to, thing, about),
            (ClauseKind::Commitment(before), ClauseKind::Commitment(after)) => {
                let (old, new) = (kept::commitment(before, self.from), kept::commitment(after, self.to));
                about.tell_sentences(EffectKind::Settles, &format!("the {thing}"), &old, &new);
            }
            (ClauseKind::Pool(before), ClauseKind::Pool(after)) => {
                flows(Some(before), Some(after), about.about, about);
                let (old, new) = (kept::sharing(before), kept::sharing(after));
                about.tell_sentences(EffectKind::Flow, &format!("the {thing}"), &old, &new);
            }
            (ClauseKind::Release(before), ClauseKind::Release(after)) => {
                let (old, new) = (kept::release(before, self.from), kept::release(after, self.to));
                about.tell_sentences(EffectKind::Flow, &format!("the {thing}"), &old, &new);
            }
            _ => {}
        }
    }

    fn rankings(&self, from: &Clause, to: &Clause, thing: &str, about: &mut Teller) {
        let (before, after) = (closing(from), closing(to));
        if before != after {
            let never = || "Nothing closes by itself.".to_owned();
            let (old, new) = (before.unwrap_or_else(never), after.unwrap_or_else(never));
            about.tell_sentences(EffectKind::Closing, &format!("the {thing}"), &[old], &[new]);
        }
        let (
            ClauseKind::Ranking(Ranking { of: old, supply: before, .. }),
            ClauseKind::Ranking(Ranking { of: new, supply: after, .. }),
        ) = (&from.kind, &to.kind)
        else {
            return;
        };
        if old != new {
            items(new.is_some(), thing, about);
        }
        if before != after {
            let none = || "Nothing is handed out by its order.".to_owned();
            let old = before.map_or_else(none, |supply| of_clause::supplied(supply, self.from));
            let new = after.map_or_else(none, |supply| of_clause::supplied(supply, self.to));
            about.tell_sentences(EffectKind::Flow, &format!("the {thing}"), &[old], &[new]);
        }
    }

    fn powers(&self, from: &[GivenPower], to: &[GivenPower], thing: &str, about: &mut Teller) {
        let find = |powers: &[GivenPower], power: Power| powers.iter().find(|given| given.power == power).copied();
        let only_in = |powers: &[GivenPower], others: &[GivenPower]| -> Vec<GivenPower> {
            let missing = |given: &&GivenPower| find(others, given.power).is_none();
            powers.iter().filter(missing).copied().collect()
        };
        let (new, gone) = (only_in(to, from), only_in(from, to));
        if !new.is_empty() {
            let words = words::all_of(&of_clause::powers(&new, self.to));
            about.tell(EffectKind::Powers, format!("The {thing} could also {words}."));
        }
        if !gone.is_empty() {
            let words = words::any_of(&of_clause::powers(&gone, self.from));
            about.tell(EffectKind::Powers, format!("The {thing} could no longer {words}."));
        }
        for given in to {
            let Some(before) = find(from, given.power).filter(|before| before.limit != given.limit) else {
                continue;
            };
            let limit = |given: &GivenPower, kernel: &Kernel| {
                given.limit.map_or_else(
                    || "without limit".to_owned(),
                    |limit| format!("up to {}", words::money_per(limit, kernel.currency)),
                )
            };
            about.tell(
                EffectKind::Powers,
                format!(
                    "The {thing} could {} {} instead of {}.",
                    words::plain(given.power.name()),
                    limit(given, self.to),
                    limit(&before, self.from)
                ),
            );
        }
    }
}

/// How an outcome changes.
pub(super) fn terms(from: &Terms, to: &Terms, thing: &str, about: &mut Teller) {
    if from.settles_in != to.settles_in {
        about.tell(
            EffectKind::Settles,
            format!(
                "A change of the {thing} would take {} instead of {}, if everyone agreed.",
                words::days(to.settles_in),
                words::days(from.settles_in)
            ),
        );
    }
    if from.nominated_by_ppm != to.nominated_by_ppm {
        about.tell(
            EffectKind::Settles,
            format!(
                "To stand for the {thing}, a newcomer would need the attention of {} of all votes instead of {}.",
                words::percent(to.nominated_by_ppm),
                words::percent(from.nominated_by_ppm)
            ),
        );
    }
    if from.changes != to.changes {
        about.tell(
            EffectKind::Settles,
            format!("A full bucket would take over the {thing} {} instead of {}.", changes(to), changes(from)),
        );
    }
}

/// When a full bucket takes over.
fn changes(terms: &Terms) -> String {
    terms.changes.map_or_else(|| "at every count".to_owned(), |rhythm| words::rhythm(&rhythm))
}

fn delegation(to: Delegation, thing: &str, about: &mut Teller) {
    let could = match to {
        Delegation::Allowed => "could",
        Delegation::Nobody => "could no longer",
    };
    about.tell(EffectKind::Counting, format!("A member {could} let another member vote on the {thing} for them."));
}

/// When items of a ranking close by themselves, if they do.
fn closing(clause: &Clause) -> Option<String> {
    match clause.kind {
        ClauseKind::Ranking(Ranking { close_after: Some(after), floor_micro, .. }) => {
            Some(of_clause::closing(after, floor_micro))
        }
        _ => None,
    }
}

fn items(from_forge: bool, thing: &str, about: &mut Teller) {
    let from_where = match from_forge {
        true => "from the forge",
        false => "from members, and not from the forge",
    };
    about.tell(EffectKind::Flow, format!("The items of the {thing} would come {from_where}."));
}

fn electorate(from: &Clause, to: &Clause, thing: &str, about: &mut Teller) {
    let names = |clause: &Clause| clause.electorate.iter().cloned().collect::<BTreeSet<String>>();
    if names(from) != names(to) {
        let (new, old) = (of_clause::electorate(&to.electorate), of_clause::electorate(&from.electorate));
        about.tell(
            EffectKind::Electorate,
            format!("{new} would vote on the {thing}, instead of {}.", super::lower(&old)),
        );
    }
}

/// What goes into a pool.
fn flows(from: Option<&Pool>, to: Option<&Pool>, path: &str, about: &mut Teller) {
    // Their order means nothing.
    let sorted = |pool: Option<&Pool>| {
        let mut feeds = pool.map(kept::feeds).unwrap_or_default();
        feeds.sort();
        feeds
    };
    let (old, new) = (sorted(from), sorted(to));
    if old == new {
        return;
    }
    let (thing, nothing) = (words::plain(path), "nothing".to_owned());
    let all = |feeds: &[String]| {
        if feeds.is_empty() { nothing.clone() } else { words::all_of(feeds) }
    };
    let instead = if from.is_some() { format!(", instead of {}", all(&old)) } else { String::new() };
    let sentence = format!("{} would go into the {thing}{instead}.", words::sentence(&all(&new)));
    about.tell(EffectKind::Flow, sentence);
}

/// What a document may give on; in which order it is written means nothing.
pub(super) fn granted(grant: &Grant, kernel: &Kernel) -> String {
    grant.powers.as_ref().map_or_else(
        || "It can give any power.".to_owned(),
        |powers| {
            let mut powers = powers.clone();
            powers.sort_by_key(|given| given.power);
            of_clause::granted(&of_clause::powers(&powers, kernel))
        },
    )
}

/// `The office of maintainer`, `The document code of conduct`.
fn title(clause: &Clause, path: &str) -> String {
    let thing = words::plain(path);
    match &clause.kind {
        ClauseKind::Office { .. } => format!("The office of {thing}"),
        ClauseKind::Body(body) => format!("The {thing}, with {},", words::count(u64::from(body.seats), "seat")),
        ClauseKind::Document { .. } => format!("The document “{thing}”"),
        ClauseKind::Constitution { .. } => format!("A constitution of the {thing}"),
        ClauseKind::Ranking { .. } => format!("The ranking of {thing}"),
        ClauseKind::Commitment(_) => format!("The commitment “{thing}”"),
        ClauseKind::Pool(_) => format!("The pool “{thing}”"),
        ClauseKind::Release(_) => format!("The release “{thing}”"),
    }
}
