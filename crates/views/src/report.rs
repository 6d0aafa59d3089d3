//! The reports that scripts rely on: the same shape from the JSON API and from the command line with `--json`.
//! Fields may be added here, never renamed.

use std::collections::BTreeMap;
use std::ops::Range;

use charter::{Kernel, SupportKind, SupportUnit};
use engine::book::{Book, BookPeriod as By, Day};
use engine::chamber::{Decision, Outlook};
use engine::register::Members;
use engine::weight::Weights;
use engine::{ItemId, MemberIndex, Pseudonym, State};
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;

use crate::decision::order::in_order;
use crate::decision::{enters_at, full_at};
use crate::names::nobody;
use crate::ranking::supply::{every, request};
use crate::{Directory, LogHead, Sight, say};

/// `rochdale weights --json` and `GET /api/v1/weights`.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Weights")]
pub struct WeightsReport {
    /// RFC 3339.
    pub at: String,
    /// Always `micro-weights`.
    pub unit: String,
    pub members: Vec<MemberWeight>,
    /// The cursor of the page after; left out where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One member of the weights report.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MemberWeight {
    /// The pseudonym.
    pub member: String,
    /// The name shown.
    pub name: String,
    /// Micro-weights.
    pub weight: u64,
    pub classes: Vec<ClassWeight>,
}

/// One class of one member.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ClassWeight {
    /// Its name.
    pub class: String,
    /// The formula's result before scaling and caps, in micro-weights.
    pub earned: u64,
    /// After them, in micro-weights.
    pub weight: u64,
}

/// `rochdale standings --json` and `GET /api/v1/decisions/{name}`.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Standings")]
pub struct StandingsReport {
    /// Its name.
    pub decision: String,
    /// `office`, `body`, `document`, `constitution`, `ranking`, `commitment`, `pool` or `requests`.
    pub kind: String,
    /// Always `micro-votes`; buckets are in micro-vote-seconds.
    pub unit: String,
    /// The names of candidates in the log.
    pub holders: Vec<String>,
    /// Fullest bucket first after those seated.
    pub candidates: Vec<CandidateStanding>,
    /// Newcomers who are not candidates yet.
    pub nominees: Vec<NomineeStanding>,
    /// Of a ranking, in order; left out for elections.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemStanding>,
    /// Of a commitment: its deadline and what was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentStanding>,
    /// Of a pool: its money, projects and past cycles, as on its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<crate::PoolView>,
    /// Of requests for money: what stands, what each needs, and what passed, as on their page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<crate::RequestsView>,
    /// The cursor of the page of items after this one; left out where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Of a ranking that hands something out by its order; left out for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supply: Option<SupplyStanding>,
    /// RFC 3339.
    pub next_update: String,
}

/// The end of a commitment, and its past.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CommitmentStanding {
    /// RFC 3339; null once the only decision is taken.
    pub deadline: Option<String>,
    /// RFC 3339: from then on no option comes on the ballot; null once the only decision is taken.
    pub frozen_from: Option<String>,
    /// The default option: SHA-256 of its line, hex.
    pub default: String,
    /// The conviction that the winner needs at least, micro-votes.
    pub quorum: i128,
    /// The votes that everybody has together, micro-votes.
    pub capacity: i128,
    /// The option that would be taken by the numbers of the last update; null once the only decision is taken.
    pub if_it_ended_now: Option<String>,
    /// The option that would be taken at the deadline with the votes of the last update.
    pub if_nobody_moves: Option<String>,
    /// Every decision that was taken, oldest first.
    pub taken: Vec<TakenStanding>,
}

/// A decision that a commitment took.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct TakenStanding {
    /// RFC 3339: the deadline.
    pub at: String,
    /// SHA-256 of the option's text, hex.
    pub option: String,
    /// Its line.
    pub name: String,
    /// No other option had enough conviction.
    pub by_default: bool,
    /// Its conviction then, micro-votes, rounded toward zero.
    pub conviction: i128,
    /// The votes that everybody had together then, micro-votes.
    pub capacity: i128,
}

/// The supply of a ranking.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct SupplyStanding {
    /// The whole of one period.
    pub amount: u64,
    /// `second`, `unit`, or the code of the currency, whose minor units are counted.
    pub unit: String,
    /// `day`, `week`, `month`, `quarter` or `year`.
    pub every: String,
    /// A request for more than is left is passed over; else serving stops there.
    pub skips: bool,
    /// RFC 3339: the next updates that serve, 24 at most.
    pub serves_at: Vec<String>,
}

/// One nominee of the standings.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct NomineeStanding {
    /// A pseudonym or a document's hash.
    pub candidate: String,
    /// The name shown.
    pub name: String,
    /// Micro-vote-seconds.
    pub level: i128,
    /// Micro-vote-seconds.
    pub level_size: i128,
    /// RFC 3339; null if they never become a candidate as things stand.
    pub enters_at: Option<String>,
}

/// One open item of a ranking.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ItemStanding {
    /// Its id.
    pub item: String,
    /// Its title.
    pub title: String,
    /// Micro-votes.
    pub votes: i64,
    /// Micro-votes.
    pub votes_for: i64,
    /// Micro-votes.
    pub votes_against: i64,
    /// Micro-votes: how far its votes have come to count; left out where these put the list in order themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conviction: Option<i64>,
    /// RFC 3339: the update that closes it; null while its votes are above the floor.
    pub closes_at: Option<String>,
    /// How much of the supply it asks for, and when it would be served; left out where nothing is handed out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestStanding>,
}

/// The part of a supply that an item asks for.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct RequestStanding {
    /// In the unit of the supply; null where it does not say so.
    pub amount: Option<u64>,
    /// The sum that requests before it in the order ask for; null where it is not served, or too far down.
    pub before: Option<u64>,
    /// RFC 3339: the update that would serve it if nothing changed; null where none of the next would.
    pub served_at: Option<String>,
    /// The same in a sentence.
    pub words: String,
}

/// One candidate of the standings.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CandidateStanding {
    /// The candidate's name in the log, or `nobody`.
    pub candidate: String,
    /// The name to show.
    pub name: String,
    /// Micro-votes.
    pub votes: i64,
    /// Micro-vote-seconds.
    pub bucket: i128,
    /// Micro-vote-seconds.
    pub bucket_size: i128,
    /// RFC 3339; null if it never fills as things stand.
    pub full_at: Option<String>,
    /// Of an option of a commitment: micro-votes, rounded toward zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conviction: Option<i128>,
}

/// `rochdale book --json` and `GET /api/v1/book`.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Book")]
pub struct BookReport {
    pub periods: Vec<BookPeriod>,
}

/// One year or month.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct BookPeriod {
    /// `2017` or `2017-03`.
    pub period: String,
    /// Money that came in.
    #[serde(rename = "in")]
    pub money_in: MoneyJson,
    /// Money that went out.
    pub out: MoneyJson,
    /// The difference.
    pub net: MoneyJson,
    /// At the period's end.
    pub balance: MoneyJson,
}

/// Money in JSON.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
#[schemars(rename = "Money")]
pub struct MoneyJson {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

/// The state of a co-op.
#[derive(Serialize, Debug, Clone)]
pub struct StatusReport {
    /// The instant that the report is of, RFC 3339.
    pub at: String,
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    pub members: u64,
    /// Of all members, micro-weights, as the last update counted it.
    pub weight: u128,
    /// The number of the edition of the program's rules.
    pub edition: u16,
    /// The number of the later one that is announced.
    pub edition_announced: Option<u16>,
    /// The number of updates counted.
    pub updates: u64,
    /// RFC 3339; null before the first.
    pub last_update: Option<String>,
    /// RFC 3339.
    pub next_update: String,
    /// Entries of the log.
    pub entries: u64,
    /// SHA-256 of the last entry, hex.
    pub head: String,
    /// Hash of the state after the last update, hex; null before the first.
    pub state: Option<String>,
    /// RFC 3339.
    pub founded_at: String,
    pub demonstration: bool,
    pub decisions: Vec<DecisionStatus>,
}

/// One decision of the status report.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionStatus {
    pub decision: String,
    /// `office`, `body`, `document`, `constitution`, `ranking` or `commitment`.
    pub kind: String,
    /// Candidates' names in the log.
    pub holders: Vec<String>,
    /// One sentence.
    pub outlook: String,
}

/// The members whose weight is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Members who have any.
    WithWeight,
    /// As many of those as `most`, from a place in the order on.
    Page { begin: usize, most: usize },
    /// Everyone who is a member.
    Everyone,
    /// One, also a former one.
    One(Pseudonym),
}

/// Everyone's weight at an instant, heaviest first, on equal weight in order of admission. `weights` are those of the last update,
/// or a fresh `engine::weight::weigh` at `at`.
#[must_use]
pub fn weights_report(
    kernel: &Kernel,
    members: &Members,
    weights: &Weights,
    directory: Directory<'_>,
    at: Moment,
    whom: Whom,
) -> WeightsReport {
    let (begin, most) = match whom {
        Whom::Page { begin, most } => (begin, most),
        _ => (0, usize::MAX),
    };
    let wanted = |index: &MemberIndex| match whom {
        Whom::WithWeight | Whom::Page { .. } => members.is_active(*index) && weights.of(*index) > 0,
        Whom::Everyone => members.is_active(*index),
        Whom::One(member) => members.index(member) == Some(*index),
    };
    let mut wanted: Vec<MemberIndex> = members.indices().filter(wanted).collect();
    wanted.sort_by_key(|index| std::cmp::Reverse(weights.of(*index)));
    let end = begin.saturating_add(most);
    let next = (end < wanted.len()).then(|| end.to_string());
    let rows = wanted.into_iter().skip(begin).take(most).filter_map(|index| {
        let member = members.pseudonym(index)?;
        Some(MemberWeight {
            member: member.to_string(),
            name: directory.name(member),
            weight: weights.of(index),
            classes: classes_of(kernel, members, weights, index),
        })
    });
    WeightsReport { at: at.to_string(), unit: "micro-weights".to_owned(), members: rows.collect(), next }
}

fn classes_of(kernel: &Kernel, members: &Members, weights: &Weights, index: MemberIndex) -> Vec<ClassWeight> {
    let known = kernel.classes.iter().zip(&weights.classes);
    let own = known.filter_map(|(class, weighed)| {
        let cell = |column: &[u64]| column.get(index.place()).copied().unwrap_or(0);
        let earned = cell(&weighed.earned);
        let on = |list| members.list(list).is_some_and(|list| list.contains(&index));
        let is_in = class.list.as_deref().map_or(earned > 0, on);
        is_in.then(|| ClassWeight { class: class.name.clone(), earned, weight: cell(&weighed.weight) })
    });
    own.collect()
}

/// Returns the standings of one decision, with the items at these places; `None` if there is none of this name.
#[must_use]
pub fn standings_report(sight: &Sight<'_>, name: &str, shown: Range<usize>) -> Option<StandingsReport> {
    let decision = sight.state.decision(name)?;
    let order = decision.item_order();
    let next = (shown.end < order.len()).then(|| shown.end.to_string());
    let outlook = sight.state.outlook(decision);
    Some(StandingsReport {
        decision: name.to_owned(),
        kind: decision.kind().to_string(),
        unit: "micro-votes".to_owned(),
        holders: holders(decision),
        candidates: candidates(sight, decision),
        nominees: nominees(sight, decision),
        pool: crate::pool::pool(sight, name),
        requests: crate::requests::requests(sight, name),
        commitment: decision.commitment().map(|own| commitment(sight, decision, own)),
        items: items(sight, decision, outlook.as_ref(), order.into_iter().skip(shown.start).take(shown.len())),
        next,
        supply: outlook.map(|outlook| supply(sight, &outlook)),
        next_update: sight.state.next_update.to_string(),
    })
}

fn commitment(sight: &Sight<'_>, decision: &Decision, own: &engine::chamber::Commitment) -> CommitmentStanding {
    let name = |place| decision.candidate(place).map(|option| option.name.to_string());
    let open = own.deadline().is_some();
    let part = decision.capacity.saturating_mul(u128::from(own.quorum_ppm()));
    CommitmentStanding {
        deadline: own.deadline().map(|at| at.to_string()),
        frozen_from: open.then(|| own.frozen_from().to_string()),
        default: own.default_name(),
        quorum: say::wide(part.div_ceil(u128::from(quantity::PPM))),
        capacity: say::wide(decision.capacity),
        if_it_ended_now: own.leading(decision.capacity).filter(|_| open).and_then(name),
        if_nobody_moves: sight.state.taken_ahead(decision).and_then(name),
        taken: own.taken().iter().map(|taken| taken_standing(sight, taken)).collect(),
    }
}

fn taken_standing(sight: &Sight<'_>, taken: &engine::chamber::Taken) -> TakenStanding {
    TakenStanding {
        at: taken.at.to_string(),
        option: taken.option.clone(),
        name: crate::commitment::line_of(sight, taken),
        by_default: taken.default.is_some(),
        conviction: taken.conviction.rounded(),
        capacity: say::wide(taken.capacity),
    }
}

fn holders(decision: &Decision) -> Vec<String> {
    decision.holders().into_iter().flatten().map(ToString::to_string).collect()
}

fn candidates(sight: &Sight<'_>, decision: &Decision) -> Vec<CandidateStanding> {
    let leads = decision.leads();
    let size = decision.bucket_size();
    let standing = |candidate: crate::Candidate, votes: i128, bucket: u128, lead: i128| CandidateStanding {
        candidate: candidate.id,
        name: candidate.name,
        votes: say::votes(votes).votes_micro,
        bucket: say::wide(bucket),
        bucket_size: say::wide(size),
        full_at: full_at(sight.state.bucket_ahead(bucket, lead, size)).map(|at| at.to_string()),
        conviction: None,
    };
    let rows = in_order(decision).into_iter().filter_map(|place| {
        let votes = decision.votes(place).unwrap_or(0);
        let bucket = decision.bucket(place);
        let lead = leads.candidates.get(place.place()).copied().flatten().unwrap_or(0);
        let conviction = decision.commitment().map(|commitment| commitment.conviction(place).rounded());
        Some(CandidateStanding { conviction, ..standing(sight.candidate(decision, place)?, votes, bucket, lead) })
    });
    let empty_seat = decision.nobody_challenges().then(|| standing(nobody(), 0, decision.seats().nobody, leads.nobody));
    rows.chain(empty_seat).collect()
}

fn nominees(sight: &Sight<'_>, decision: &Decision) -> Vec<NomineeStanding> {
    let rows = decision.nominees().map(|(place, nominee)| NomineeStanding {
        candidate: nominee.name.to_string(),
        name: sight.candidate(decision, place).map_or_else(String::new, |one| one.name),
        level: say::wide(nominee.level),
        level_size: say::wide(decision.nomination_size()),
        enters_at: enters_at(sight, decision, nominee).map(|at| at.to_string()),
    });
    rows.collect()
}

fn supply(sight: &Sight<'_>, outlook: &Outlook) -> SupplyStanding {
    let terms = outlook.supply;
    SupplyStanding {
        amount: terms.whole.amount,
        unit: terms.whole.unit.word(sight.state.rules.kernel.currency).to_owned(),
        every: every(terms.every).to_owned(),
        skips: terms.skips,
        serves_at: outlook.at.iter().map(ToString::to_string).collect(),
    }
}

fn items(
    sight: &Sight<'_>,
    decision: &Decision,
    outlook: Option<&Outlook>,
    shown: impl Iterator<Item = ItemId>,
) -> Vec<ItemStanding> {
    let asks = |place, item| {
        let view = request(sight, outlook?, place, item);
        Some(RequestStanding {
            amount: view.asked.map(|asked| asked.amount),
            before: view.before.map(|before| before.amount),
            served_at: view.at.map(|at| at.iso),
            words: view.words,
        })
    };
    let by_conviction = decision.goes_by_conviction();
    let rows = shown.filter_map(|place| {
        let item = decision.item_at(place)?;
        Some(ItemStanding {
            item: item.id.to_string(),
            title: sight.directory.item_title(&decision.name, &item.id),
            votes: say::votes(item.total).votes_micro,
            votes_for: say::votes(say::wide(item.votes_for)).votes_micro,
            votes_against: say::votes(say::wide(item.votes_against)).votes_micro,
            conviction: by_conviction.then(|| say::votes(item.conviction.rounded()).votes_micro),
            closes_at: sight.state.item_closes_at(decision, item).map(|at| at.to_string()),
            request: asks(place, item),
        })
    });
    rows.collect()
}

/// Returns the book by period, up to and including a day; minor units.
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

/// Things that members gave in one period and that are no money, in their own unit.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct WorkPeriod {
    /// `2017` or `2017-03`.
    pub period: String,
    /// `hours`, `compute` or `contribution`.
    pub kind: &'static str,
    /// Less what was taken back.
    pub amount: i64,
    /// `second` or `micro-credit`.
    pub unit: &'static str,
}

/// Returns hours, computing and contributions by period, oldest first, for `rochdale book`: a walk along all records, which no
/// page makes. A part that is dated later than `until` is left out, and what is taken back lowers the period of what it takes from.
#[must_use]
pub fn work_report(state: &State, by: By, until: Option<Day>) -> Vec<WorkPeriod> {
    let zone = &state.rules.kernel.zone;
    let mut sums: BTreeMap<(i16, i8, &'static str), i64> = BTreeMap::new();
    let kinds = SupportKind::ALL.iter().filter(|kind| kind.unit() != SupportUnit::Money);
    for (kind, rows) in kinds.filter_map(|kind| Some((kind, state.support.rows(*kind)?))) {
        for (_, row) in rows.from(0) {
            let day = Day::of(row.counted_at, zone);
            if until.is_some_and(|until| day > until || Day::of(row.known_at, zone) > until) {
                continue;
            }
            let month = if by == By::Month { day.month } else { 0 };
            let sum = sums.entry((day.year, month, kind.name())).or_default();
            *sum = sum.saturating_add(row.amount);
        }
    }
    let unit = |kind: &str| match SupportKind::parse(kind).map(SupportKind::unit) {
        Some(SupportUnit::Seconds) => "second",
        _ => "micro-credit",
    };
    let period = |year, month| if month == 0 { format!("{year:04}") } else { format!("{year:04}-{month:02}") };
    let rows = sums.into_iter().filter(|(_, amount)| *amount != 0);
    rows.map(|((year, month, kind), amount)| WorkPeriod { period: period(year, month), kind, amount, unit: unit(kind) })
        .collect()
}

/// Returns the state of the co-op.
#[must_use]
pub fn status_report(sight: &Sight<'_>, head: &LogHead) -> StatusReport {
    let state = sight.state;
    let decisions = state.open_decisions().map(|(_, decision)| DecisionStatus {
        decision: decision.name.clone(),
        kind: decision.kind().to_string(),
        holders: holders(decision),
        outlook: crate::decision::card(sight, decision).outlook,
    });
    StatusReport {
        at: sight.now.to_string(),
        name: state.rules.kernel.name.clone(),
        currency: state.rules.kernel.currency.code().to_owned(),
        members: say::whole(state.members.active_count()),
        weight: state.weights.total,
        edition: state.editions.current.number(),
        edition_announced: state.editions.announced.as_ref().map(|next| next.edition.number()),
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
