//! The reports that scripts rely on.

use charter::Kernel;
use engine::Pseudonym;
use engine::book::{Book, BookPeriod as By, Day};
use engine::decision::{Decision, Election, Ranking, Standing};
use engine::member::Members;
use engine::settle::SeatKind;
use engine::weight::Weights;
use quantity::Moment;

use super::candidate::nobody;
use super::decision::{enters_at, full_at, in_order};
use super::{Sight, say};
use crate::{
    BookPeriod, BookReport, CandidateStanding, ClassWeight, DecisionStatus, Directory, ItemStanding, LogHead,
    MemberWeight, MoneyJson, NomineeStanding, StandingsReport, StatusReport, WeightsReport,
};

/// Whose weight is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Members who have any.
    WithWeight,
    /// Everyone who is a member.
    Everyone,
    /// One, also a former one.
    One(Pseudonym),
}

/// Everyone's weight at an instant, in order of admission. `weights` is what the last update counted, or a fresh
/// `engine::weight::weigh` at `at`.
#[must_use]
pub fn weights_report(
    kernel: &Kernel,
    members: &Members,
    weights: &Weights,
    directory: &Directory,
    at: Moment,
    whom: Whom,
) -> WeightsReport {
    let wanted = |index: &u32| match whom {
        Whom::WithWeight => members.is_active(*index) && weights.of(*index) > 0,
        Whom::Everyone => members.is_active(*index),
        Whom::One(member) => members.index(member) == Some(*index),
    };
    let rows = members.indices().filter(wanted).filter_map(|index| {
        let member = members.pseudonym(index)?;
        Some(MemberWeight {
            member: member.to_string(),
            name: directory.name(member),
            weight: weights.of(index),
            classes: classes_of(kernel, members, weights, index),
        })
    });
    WeightsReport { at: at.to_string(), unit: "micro-weights".to_owned(), members: rows.collect() }
}

fn classes_of(kernel: &Kernel, members: &Members, weights: &Weights, index: u32) -> Vec<ClassWeight> {
    let known = kernel.classes.iter().zip(&weights.classes);
    let own = known.filter_map(|(class, weighed)| {
        let cell = |column: &[u64]| column.get(index as usize).copied().unwrap_or(0);
        let earned = cell(&weighed.earned);
        let on = |list| members.list(list).is_some_and(|list| list.contains(&index));
        let is_in = class.list.as_deref().map_or(earned > 0, on);
        is_in.then(|| ClassWeight { class: class.name.clone(), earned, weight: cell(&weighed.weight) })
    });
    own.collect()
}

/// Where one decision stands; `None` if there is none of this name.
#[must_use]
pub fn standings_report(sight: &Sight<'_>, name: &str) -> Option<StandingsReport> {
    let decision = sight.state.decision(name)?;
    let election = decision.election();
    Some(StandingsReport {
        decision: name.to_owned(),
        kind: decision.kind().to_owned(),
        unit: "micro-votes".to_owned(),
        holders: holders(decision),
        candidates: election.map_or_else(Vec::new, |election| candidates(sight, election)),
        nominees: election.map_or_else(Vec::new, |election| nominees(sight, election)),
        items: decision.ranking().map_or_else(Vec::new, |ranking| items(sight, name, ranking)),
        next_update: sight.state.next_update.to_string(),
    })
}

fn holders(decision: &Decision) -> Vec<String> {
    let election = decision.election();
    election
        .map_or_else(Vec::new, |election| election.holders().into_iter().flatten().map(ToString::to_string).collect())
}

fn candidates(sight: &Sight<'_>, election: &Election) -> Vec<CandidateStanding> {
    let leads = election.leads();
    let size = election.bucket_size;
    let standing = |candidate: crate::Candidate, votes: i128, bucket: u128, lead: i128| CandidateStanding {
        candidate: candidate.id,
        name: candidate.name,
        votes: say::votes(votes).votes_micro,
        bucket: say::wide(bucket),
        bucket_size: say::wide(size),
        full_at: full_at(sight.state.bucket_ahead(bucket, lead, size)).map(|at| at.to_string()),
    };
    let rows = in_order(election).into_iter().filter_map(|place| {
        let votes = election.seats.totals.get(place).copied().flatten().unwrap_or(0);
        let bucket = election.seats.buckets.get(place).copied().unwrap_or(0);
        let lead = leads.candidates.get(place).copied().flatten().unwrap_or(0);
        Some(standing(sight.candidate(election, place)?, votes, bucket, lead))
    });
    let held = election.seats.holders.iter().any(Option::is_some);
    let empty_seat =
        (election.kind == SeatKind::Office && held).then(|| standing(nobody(), 0, election.seats.nobody, leads.nobody));
    rows.chain(empty_seat).collect()
}

fn nominees(sight: &Sight<'_>, election: &Election) -> Vec<NomineeStanding> {
    let known = election.candidates.iter().filter(|candidate| candidate.standing == Standing::Nominee);
    let rows = known.map(|nominee| NomineeStanding {
        candidate: nominee.name.to_string(),
        name: sight.directory.candidate(&nominee.name),
        level: say::wide(nominee.level),
        level_size: say::wide(election.nomination_size),
        enters_at: enters_at(sight, election, nominee).map(|at| at.to_string()),
    });
    rows.collect()
}

fn items(sight: &Sight<'_>, name: &str, ranking: &Ranking) -> Vec<ItemStanding> {
    let rows = ranking.order().into_iter().filter_map(|place| {
        let item = ranking.items.get(place)?;
        Some(ItemStanding {
            item: item.id.clone(),
            title: sight.item_title(name, &item.id),
            votes: say::votes(item.total).votes_micro,
            votes_for: say::votes(say::wide(item.votes_for)).votes_micro,
            votes_against: say::votes(say::wide(item.votes_against)).votes_micro,
            closes_at: sight.state.item_closes_at(ranking, item).map(|at| at.to_string()),
        })
    });
    rows.collect()
}

/// The book by period, up to and including a day; minor units.
#[must_use]
pub fn book_report(book: &Book, by: By, until: Option<Day>) -> BookReport {
    let money = |amount: i64| MoneyJson { amount, currency: book.currency.code().to_owned() };
    let periods = book.periods(by, until).into_iter().map(|sum| BookPeriod {
        period: sum.period,
        money_in: money(sum.in_minor),
        out: money(sum.out_minor),
        net: money(sum.net_minor),
        balance: money(sum.balance_minor),
    });
    BookReport { periods: periods.collect() }
}

/// Where the co-op stands.
#[must_use]
pub fn status_report(sight: &Sight<'_>, head: &LogHead) -> StatusReport {
    let state = sight.state;
    let decisions = state.open_decisions().map(|(_, decision)| DecisionStatus {
        decision: decision.name.clone(),
        kind: decision.kind().to_owned(),
        holders: holders(decision),
        outlook: super::decision::card(sight, decision).outlook,
    });
    StatusReport {
        name: state.rules.kernel.name.clone(),
        currency: state.rules.kernel.currency.code().to_owned(),
        members: say::whole(state.members.active_count()),
        weight: state.weights.total,
        updates: state.updates,
        last_update: state.last_update.map(|at| at.to_string()),
        next_update: state.next_update.to_string(),
        entries: head.entries,
        head: head.entry_hash.clone(),
        state: head.state_hash.clone(),
        founded_at: state.founding.at.to_string(),
        demonstration: state.founding.act.demonstration,
        decisions: decisions.collect(),
    }
}
