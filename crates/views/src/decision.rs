//! An election as a reader sees it: the holders, the challengers, and the time until it would change.

use engine::chamber::Decision;
use engine::chamber::election::what_if::{BucketForecast, NomineeForecast};
use engine::edition::Edition;
use engine::{CandidateId, DecisionId};
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;

use crate::decision::order::{fullest, in_order};
use crate::names::{decision_href, decision_title, document_href, kind_of, nobody};
use crate::{
    BallotForm, Candidate, DecisionKind, DocumentView, FillPoint, ItemBallot, Sight, Steps, Tenure, Votes, VotesSeries,
    WaitsView, ballot_form, say,
};

pub(crate) mod closed;

pub(crate) mod document;

pub(crate) mod order;
mod outlook;

pub(crate) mod series;

/// One decision on a list.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct DecisionCard {
    /// In addresses and acts.
    pub name: String,
    /// As people say it.
    pub title: String,
    pub kind: DecisionKind,
    /// Its page.
    pub href: String,
    /// Names of those seated; empty for a vacant seat and for a ranking.
    pub holders: Vec<String>,
    /// The challenger whose bucket is fullest.
    pub challenger: Option<String>,
    /// The bucket of the challenger; 0 without one.
    pub fill_ppm: u32,
    /// One sentence, for example `member-080 takes over on 8 December 2025 if nothing moves`.
    pub outlook: String,
}

/// The decision page.
#[derive(Serialize, Debug, Clone)]
pub struct DecisionView {
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    /// The rule in plain words, a sentence each: powers, settling time, rhythm, how ballots count.
    pub rules: Vec<String>,
    /// Its acts that wait.
    pub waits: WaitsView,
    /// The seated candidates, greatest votes first; empty for a vacant seat.
    pub holders: Vec<Holder>,
    /// Seats; 1 for an office or a document.
    pub seats: u32,
    /// The votes one candidate would have if everyone agreed.
    pub capacity: Votes,
    /// The votes that challengers are measured against.
    pub reference: Votes,
    /// Fullest bucket first. *Nobody* is among them for an office or a body.
    pub challengers: Vec<Challenger>,
    /// Not yet candidates.
    pub nominees: Vec<Nominee>,
    /// The time until the outcome would change if nothing moves.
    pub outlook: String,
    /// A sentence where a challenger is a quarter of the way to the outcome or further, as everybody was told.
    pub gains: Option<String>,
    /// Votes at each update, a series for each candidate, oldest point first.
    pub history: Vec<VotesSeries>,
    /// The holders and their times, oldest first.
    pub tenures: Vec<Tenure>,
    /// The reader's ballots; none for a visitor who is nobody.
    pub ballot: Option<BallotForm>,
    /// Of a document election: the text in force, then challengers and nominees. At most twenty.
    pub documents: Vec<DocumentView>,
    /// The reader's acts besides voting; none for a visitor who is nobody.
    pub steps: Option<Steps>,
}

/// Someone or something seated.
#[derive(Serialize, Debug, Clone)]
pub struct Holder {
    pub candidate: Candidate,
    pub votes: Votes,
    pub since: crate::Moment,
    /// For example `2 years 3 months`.
    pub since_words: String,
}

/// A candidate who is not seated, and their bucket.
#[derive(Serialize, Debug, Clone)]
pub struct Challenger {
    pub candidate: Candidate,
    pub votes: Votes,
    /// Votes less the reference: the lead that fills the bucket, or drains it.
    pub lead: Votes,
    /// Parts per million of a full bucket.
    pub fill_ppm: u32,
    /// Micro-vote-seconds in the bucket.
    pub bucket_micro_vote_s: i128,
    /// Micro-vote-seconds of a full bucket.
    pub bucket_size_micro_vote_s: i128,
    /// The bucket at each update, oldest first.
    pub history: Vec<FillPoint>,
    /// When the bucket would be full if nothing moves; none if never.
    pub full_at: Option<crate::Moment>,
    /// One sentence, for example `filling, full on 8 December 2025`.
    pub outlook: String,
}

/// A newcomer on the way to being a candidate.
#[derive(Serialize, Debug, Clone)]
pub struct Nominee {
    pub candidate: Candidate,
    /// Parts per million of the level at which they become a candidate.
    pub level_ppm: u32,
    pub outlook: String,
    /// The reader's attention; none for a visitor who is nobody.
    pub attention: Option<ItemBallot>,
}

/// Returns the decision page of an election; `None` for a ranking or a commitment, or where there is none of this name.
#[must_use]
pub fn decision(sight: &Sight<'_>, name: &str) -> Option<DecisionView> {
    let place = sight.state.decision_place(name)?;
    let decision = sight.state.decisions.get(place).filter(|decision| decision.has_seats())?;
    let tenures = sight.tenures(place, decision);
    let challengers = challengers(sight, place, decision);
    let mut view = DecisionView {
        name: name.to_owned(),
        title: decision_title(name),
        kind: kind_of(decision),
        rules: sight.rules(decision),
        waits: crate::power::waits::of_decision(sight, name),
        holders: holders(sight, decision, &tenures),
        seats: u32::try_from(decision.seats().holders.len()).unwrap_or(u32::MAX),
        capacity: say::votes(say::wide(decision.capacity)),
        reference: say::votes(decision.reference()),
        nominees: nominees(sight, place, decision),
        outlook: sight.election_words(sight.state, decision),
        gains: gains(sight, &challengers),
        history: history(sight, place, decision, &challengers),
        tenures,
        ballot: ballot_form(sight, name),
        documents: sight.documents(place, decision),
        steps: sight.steps(place, decision),
        challengers,
    };
    if decision.elects_documents() {
        link_texts(&mut view);
    }
    Some(view)
}

/// The challengers whose bucket is a quarter full or more. From edition 2 on everybody was told of each.
fn gains(sight: &Sight<'_>, challengers: &[Challenger]) -> Option<String> {
    let is_past = |one: &&Challenger| {
        one.bucket_size_micro_vote_s > 0 && one.bucket_micro_vote_s.saturating_mul(4) >= one.bucket_size_micro_vote_s
    };
    let names: Vec<String> = challengers.iter().filter(is_past).map(|one| one.candidate.name.clone()).collect();
    (sight.state.editions.current >= Edition::TWO && !names.is_empty())
        .then(|| words::decision::gains(words::numbers::all_of(&names)))
}

/// Links a document's name to its text.
fn link_texts(view: &mut DecisionView) {
    let decision = view.name.clone();
    let link = |candidate: &mut Candidate| {
        candidate.href = Some(document_href(&decision, &candidate.id));
    };
    view.holders.iter_mut().for_each(|one| link(&mut one.candidate));
    view.challengers.iter_mut().for_each(|one| link(&mut one.candidate));
    view.nominees.iter_mut().for_each(|one| link(&mut one.candidate));
    view.documents.iter_mut().for_each(|one| link(&mut one.candidate));
}

/// Returns every decision, elections first, each in the order of the rules.
#[must_use]
pub fn decision_cards(sight: &Sight<'_>) -> Vec<DecisionCard> {
    let (elections, rankings): (Vec<_>, Vec<_>) =
        sight.state.open_decisions().map(|(_, decision)| decision).partition(|decision| decision.has_seats());
    elections.into_iter().chain(rankings).map(|decision| card(sight, decision)).collect()
}

pub(super) fn card(sight: &Sight<'_>, decision: &Decision) -> DecisionCard {
    let name_of = |place: CandidateId| Some(sight.candidate(decision, place)?.name);
    // An option of a commitment has conviction, and no bucket.
    let fullest = fullest(decision).filter(|_| decision.commitment().is_none());
    DecisionCard {
        name: decision.name.clone(),
        title: decision_title(&decision.name),
        kind: kind_of(decision),
        href: decision_href(&decision.name),
        holders: decision.seated().filter_map(name_of).collect(),
        challenger: fullest.and_then(|(place, _)| name_of(place)),
        fill_ppm: fullest.map_or(0, |(_, bucket)| say::ppm(bucket, decision.bucket_size())),
        outlook: match decision.commitment() {
            Some(commitment) => crate::commitment::outlook(sight, decision, commitment),
            None if decision.pool().is_some() => {
                decision.pool().map_or_else(String::new, |pool| crate::pool::card(sight, pool))
            }
            None if decision.requests().is_some() => {
                decision.requests().map_or_else(String::new, |known| crate::requests::card(sight, decision, known))
            }
            None if decision.lists_items() => crate::ranking::closing_outlook(sight, decision),
            None => sight.card_words(decision),
        },
    }
}

fn holders(sight: &Sight<'_>, decision: &Decision, tenures: &[Tenure]) -> Vec<Holder> {
    let votes = |place: CandidateId| decision.votes(place).unwrap_or(0);
    let mut seated: Vec<CandidateId> = decision.seated().collect();
    seated.sort_by_key(|place| std::cmp::Reverse(votes(*place)));
    let holders = seated.into_iter().filter_map(|place| {
        let candidate = sight.candidate(decision, place)?;
        let tenure = tenures.iter().rev().find(|tenure| tenure.until.is_none() && tenure.candidate == candidate);
        let since =
            tenure.map_or(decision.changed_at().unwrap_or(decision.opened_at), |tenure| Moment(tenure.from.at_us));
        Some(Holder {
            candidate,
            votes: say::votes(votes(place)),
            since: sight.moment(since),
            since_words: say::since(since, sight.now.max(sight.state.time), sight.zone()),
        })
    });
    holders.collect()
}

fn challengers(sight: &Sight<'_>, place: DecisionId, decision: &Decision) -> Vec<Challenger> {
    let shown = sight.shown(place);
    let leads = decision.leads();
    let size = decision.bucket_size();
    let fill = |candidate, votes: i128, lead: i128, bucket: u128, place| {
        let ahead = sight.state.bucket_ahead(bucket, lead, size);
        Challenger {
            candidate,
            votes: say::votes(votes),
            lead: say::votes(lead),
            fill_ppm: say::ppm(bucket, size),
            bucket_micro_vote_s: say::wide(bucket),
            bucket_size_micro_vote_s: say::wide(size),
            history: sight.fills(&shown, place),
            full_at: full_at(ahead).filter(|at| !sight.is_far(*at)).map(|at| sight.moment(at)),
            outlook: sight.bucket_words(ahead, bucket),
        }
    };
    let places = in_order(decision).into_iter().filter(|place| !decision.holds(*place));
    let mut challengers: Vec<Challenger> = places
        .filter_map(|place| {
            let lead = leads.candidates.get(place.place()).copied().flatten().unwrap_or(0);
            let votes = decision.votes(place).unwrap_or(0);
            let bucket = decision.bucket(place);
            let mut one = fill(sight.candidate(decision, place)?, votes, lead, bucket, Some(place));
            if decision.candidate(place).is_some_and(|candidate| candidate.waits) {
                words::outlook::WAITS.clone_into(&mut one.outlook);
            }
            Some(one)
        })
        .collect();
    if decision.nobody_challenges() {
        let nobody = fill(nobody(), 0, leads.nobody, decision.seats().nobody, None);
        let place = challengers.iter().position(|other| other.fill_ppm < nobody.fill_ppm).unwrap_or(challengers.len());
        challengers.insert(place, nobody);
    }
    challengers
}

pub(super) fn full_at(ahead: BucketForecast) -> Option<Moment> {
    match ahead {
        BucketForecast::Full(at) | BucketForecast::Fills(at) => Some(at),
        BucketForecast::Drains(_) | BucketForecast::Still => None,
    }
}

pub(crate) fn nominees(sight: &Sight<'_>, at: DecisionId, decision: &Decision) -> Vec<Nominee> {
    let mut nominees: Vec<Nominee> = decision
        .nominees()
        .map(|(place, nominee)| Nominee {
            candidate: sight.candidate(decision, place).unwrap_or_else(|| sight.named(&nominee.name)),
            level_ppm: say::ppm(nominee.level, decision.nomination_size()),
            outlook: sight.nominee_words(decision, nominee),
            attention: sight.attention(at, place),
        })
        .collect();
    nominees.sort_by_key(|nominee| std::cmp::Reverse(nominee.level_ppm));
    nominees
}

/// When a nominee becomes a candidate, if ever.
pub(super) fn enters_at(
    sight: &Sight<'_>,
    decision: &Decision,
    nominee: &engine::chamber::Candidate,
) -> Option<Moment> {
    match sight.state.nominee_ahead(decision, nominee) {
        NomineeForecast::Enters(at) => Some(at),
        NomineeForecast::Drops(_) | NomineeForecast::Stays => None,
    }
}

/// Those seated first, then challengers in the page's order. A picture shows six lines.
const LINES: usize = 6;

fn history(sight: &Sight<'_>, place: DecisionId, decision: &Decision, challengers: &[Challenger]) -> Vec<VotesSeries> {
    if challengers.is_empty() && decision.seats().holders.iter().all(Option::is_none) {
        return Vec::new();
    }
    let shown = sight.shown(place);
    let lines = in_order(decision).into_iter().take(LINES);
    lines.filter_map(|candidate| sight.votes_series(&shown, decision, candidate)).collect()
}
