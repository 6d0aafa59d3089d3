//! The home page: the co-op, its state, its open decisions and the latest happenings.

use engine::Outcome;
use engine::power::Waited;
use quantity::Moment;
use serde::Serialize;
use words::home;
use words::numbers::{MEMBERS, RECORDS};

use crate::classes::classes;
use crate::first_steps::{Step, first_steps};
use crate::names::{decision_href, item_href, served_href};
use crate::{
    Amount, ClassSlice, DecisionCard, FoundingView, MonthBalance, RankedItem, Sight, WaitsView, decision, founders,
    money, power, ranking, say, sources,
};

/// The home page.
#[derive(Serialize, Debug, Clone)]
pub struct HomeView {
    /// Who has which power until when, while the founding period lasts.
    pub founding: Option<FoundingView>,
    /// The first steps of founders, for a founder until all are done.
    pub steps: Vec<Step>,
    /// Acts of offices, bodies and lists that wait.
    pub waits: WaitsView,
    /// Weight by class, in the kernel's order.
    pub classes: Vec<ClassSlice>,
    /// The co-op's money now.
    pub balance: Amount,
    /// Oldest first.
    pub months: Vec<MonthBalance>,
    /// The three liveliest decisions, liveliest first.
    pub decisions: Vec<DecisionCard>,
    /// The first items of the priorities.
    pub priorities: Vec<RankedItem>,
    /// The changes of the last update; empty if there were none.
    pub happenings: Vec<Happening>,
}

/// One thing that happened.
#[derive(Serialize, Debug, Clone)]
pub struct Happening {
    pub at: crate::Moment,
    /// For example `member-080 took over as maintainer from member-012`.
    pub words: String,
    pub href: Option<String>,
}

const LIVELIEST: usize = 3;
const PRIORITIES: usize = 5;
pub(super) const HAPPENINGS: usize = 12;

/// Returns the home page.
#[must_use]
pub fn home(sight: &Sight<'_>) -> HomeView {
    let months = money::months(sight);
    HomeView {
        founding: founders::founding(sight),
        steps: first_steps(sight),
        waits: power::waits::waits(sight),
        classes: if sight.state.last_update.is_some() { classes(sight) } else { Vec::new() },
        balance: months.last().map_or_else(|| money::amount(sight, 0), |month| month.balance.clone()),
        months,
        decisions: liveliest(sight),
        priorities: ranking::first_items(sight, PRIORITIES),
        happenings: happenings(sight),
    }
}

/// The most outcomes in a feed.
const MOST_IN_FEED: usize = 100;

/// One outcome in a feed.
#[derive(Debug, Clone)]
pub struct Change {
    /// The update or change time.
    pub at: Moment,
    /// Its place among the outcomes of that time, or the source that it is about: with the time it names the change for good.
    pub key: String,
    /// As on the home page.
    pub words: String,
    /// The page that shows it.
    pub href: String,
}

/// Returns the outcomes of the last updates and change times that members are shown, and what was told of silent sources, newest time
/// first.
#[must_use]
pub fn changes(sight: &Sight<'_>) -> Vec<Change> {
    let points = sight.history.iter().rev();
    let outcomes = points.flat_map(|point| point.outcomes.iter().enumerate().map(move |told| (point.at, told)));
    let changes = outcomes.filter_map(|(at, (place, outcome))| {
        let (words, href) = outcome_words(sight, outcome)?;
        Some(Change { at, key: place.to_string(), words, href })
    });
    let mut changes: Vec<Change> = changes.take(MOST_IN_FEED).chain(sources::tellings(sight)).collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    changes.truncate(MOST_IN_FEED);
    changes
}

/// Returns the decisions that change soonest first, then those with the fullest bucket; rankings last.
fn liveliest(sight: &Sight<'_>) -> Vec<DecisionCard> {
    let mut known: Vec<(Moment, u32, DecisionCard)> = sight
        .state
        .open_decisions()
        .map(|(_, known)| {
            let deadline = known.commitment().and_then(engine::chamber::Commitment::deadline);
            let next = sight.state.next_seat_change(known).map_or(deadline.unwrap_or(Moment::LAST), |next| next.at);
            let card = decision::card(sight, known);
            (next, u32::MAX.saturating_sub(card.fill_ppm), card)
        })
        .collect();
    known.sort_by_key(|(next, empty, card)| (*next, *empty, card.kind == crate::DecisionKind::Ranking));
    known.into_iter().take(LIVELIEST).map(|(_, _, card)| card).collect()
}

/// Returns the outcomes of the last update and the change times after it.
fn happenings(sight: &Sight<'_>) -> Vec<Happening> {
    let told = sight.kept.lately(sight).told.iter().filter_map(|(at, outcome)| {
        let (words, href) = outcome_words(sight, outcome)?;
        Some(Happening { at: sight.moment(*at), words, href: Some(href) })
    });
    told.collect()
}

/// Returns an outcome in words, and the page that shows it; `None` for one that members are not shown.
// flat: one match over all outcomes.
pub(super) fn outcome_words(sight: &Sight<'_>, outcome: &Outcome) -> Option<(String, String)> {
    let (name, plain) = (|who: &String| sight.directory.candidate_text(who), |name: &String| say::plain(name));
    let who = |member| sight.directory.name(member);
    let words = match outcome {
        Outcome::CandidateEntered { decision, candidate } => home::candidate_entered(name(candidate), plain(decision)),
        Outcome::NomineeDropped { decision, candidate } => home::nominee_dropped(name(candidate), plain(decision)),
        Outcome::CandidateLeft { decision, candidate } => home::candidate_left(name(candidate), plain(decision)),
        Outcome::ChallengerGains { decision, candidate } => {
            let who = if candidate == "nobody" { crate::names::nobody().name } else { name(candidate) };
            home::challenger_gains(who, plain(decision))
        }
        Outcome::SeatTaken { decision, candidate, from: Some(from) } => {
            home::seat_taken_from(name(candidate), name(from), plain(decision))
        }
        Outcome::SeatTaken { decision, candidate, from: None } => home::seat_taken(name(candidate), plain(decision)),
        Outcome::SeatVacated { decision, from } => home::seat_vacated(name(from), plain(decision)),
        Outcome::ItemClosed { decision, item, .. } => home::item_closed(sight.directory.item_title(decision, item)),
        Outcome::ItemServed { decision, item, .. } => {
            home::item_served(sight.directory.item_title(decision, item), plain(decision))
        }
        Outcome::DecisionOpened { decision } => home::decision_opened(plain(decision)),
        Outcome::DecisionClosed { decision, .. } => home::decision_closed(plain(decision)),
        Outcome::DocumentNoLongerChecks { decision, document } => {
            home::document_no_longer_checks(name(document), plain(decision))
        }
        Outcome::AmendmentAdopted { document } => home::amendment_adopted(name(document)),
        Outcome::EditionAnnounced { edition } => home::edition_announced(edition),
        Outcome::EditionAdopted { edition } => words::edition::adopted(edition),
        Outcome::ActAnnounced { what, due } => words::power::announced(waited(sight, what), sight.when(*due)),
        Outcome::ActTookEffect(what) => words::power::took_effect(waited(sight, what)),
        Outcome::ActTakenBack(what) => words::power::taken_back(waited(sight, what)),
        Outcome::ActLapsed(what) => words::power::lapsed(waited(sight, what)),
        Outcome::CommitmentTaken { decision, option, by_default, .. } => {
            crate::commitment::taken_sentence(sight, decision, option, *by_default)
        }
        Outcome::ProjectFunded { decision, project, from_pool, pledged, .. } => {
            let all = i64::try_from(from_pool.saturating_add(*pledged)).unwrap_or(i64::MAX);
            words::pool::was_funded(quoted(sight, project), in_money(sight, all), plain(decision))
        }
        Outcome::ProjectClosed { decision, project, .. } => {
            words::pool::was_closed(quoted(sight, project), plain(decision))
        }
        Outcome::RequestPassed { decision, request, minor, .. } => {
            let minor = i64::try_from(*minor).unwrap_or(i64::MAX);
            words::requests::has_passed(quoted(sight, request), in_money(sight, minor), plain(decision))
        }
        Outcome::RequestClosed { decision, request, .. } => {
            words::requests::was_closed(quoted(sight, request), plain(decision))
        }
        Outcome::PoolSaves { decision, project, .. } => words::pool::saves(title(decision), quoted(sight, project)),
        Outcome::PoolShared { decision, paid, left, .. } => {
            let paid = i64::try_from(*paid).unwrap_or(i64::MAX);
            words::pool::was_shared(title(decision), in_money(sight, paid), in_money(sight, *left))
        }
        Outcome::PoolDirected { decision, option, added, .. } => {
            let added = i64::try_from(*added).unwrap_or(i64::MAX);
            words::pool::was_directed(title(decision), quoted(sight, option), in_money(sight, added))
        }
        Outcome::PoolEmptied { decision, common, .. } => {
            words::pool::was_emptied(title(decision), in_money(sight, *common))
        }
        Outcome::ForkAnnounced { fork } => home::fork_announced(plain(fork)),
        Outcome::ForkWithdrawn { fork } => home::fork_withdrawn(plain(fork)),
        Outcome::ForkCompleted { fork, left, .. } => {
            home::fork_completed(say::count(u64::from(*left), MEMBERS), plain(fork))
        }
        Outcome::JoinAsked(pair) => words::who::asked(who(pair.from), who(pair.into)),
        Outcome::JoinAnnounced { what, due } => words::who::announced(who(what.from), who(what.into), sight.when(*due)),
        Outcome::JoinTookEffect { what, records } => {
            words::who::took_effect(who(what.from), who(what.into), say::count(*records, RECORDS))
        }
        Outcome::JoinStopped(pair) => words::who::stopped(who(pair.from), who(pair.into)),
        Outcome::JoinLapsed(pair) => words::who::lapsed(who(pair.from), who(pair.into)),
        Outcome::PartingAnnounced { what, due } => {
            words::who::parting(who(what.from), who(what.into), sight.when(*due))
        }
        Outcome::PartingTookEffect { what, records } => {
            words::who::parted(who(what.from), who(what.into), say::count(*records, RECORDS))
        }
        Outcome::DeviceEnrolled { member, acts_from, .. } => {
            words::device::enrolled(who(*member), sight.when(*acts_from))
        }
        Outcome::DeviceConfirmed { member, by, .. } => words::device::confirmed(who(*member), who(*by)),
        Outcome::DeviceRevoked { member, .. } => words::device::revoked(who(*member)),
        Outcome::ReleasePublished { release, version, .. } => words::release::published(version, plain(release)),
        Outcome::ReleaseOpened { release, version } => words::release::opened(version, plain(release)),
        Outcome::ReleaseWithdrawn { release, version } => words::release::withdrawn(version, plain(release)),
        Outcome::CreditProposed { decision, period, members, micro } => words::credit::proposed(
            plain(decision),
            period,
            quantity::format_micro(i128::from(*micro)),
            say::count(*members, MEMBERS),
        ),
        Outcome::CreditAccepted { decision, period, members, micro } => words::credit::accepted(
            plain(decision),
            period,
            quantity::format_micro(i128::from(*micro)),
            say::count(*members, MEMBERS),
        ),
        Outcome::HearingOpened { .. }
        | Outcome::HearingAnswered { .. }
        | Outcome::HearingLapsed { .. }
        | Outcome::MemberExpelled { .. } => crate::hearing::happened(sight, outcome)?,
        Outcome::NoticeReceived { member, last_day } => words::leaving::noticed(who(*member), last_day),
        Outcome::MembershipEnded { member, last_day } => words::leaving::ended(who(*member), last_day),
        Outcome::MembershipPaused { member } => words::leaving::paused(who(*member)),
        Outcome::MembershipResumed { member } => words::leaving::resumed(who(*member)),
        Outcome::ApplicationMade(_)
        | Outcome::ApplicationCarried { .. }
        | Outcome::ApplicationAccepted(_)
        | Outcome::ApplicationRefused { .. }
        | Outcome::ApplicationWithdrawn(_)
        | Outcome::ApplicationLapsed(_) => crate::application::happened(sight, outcome)?,
        Outcome::ShareFreed { .. }
        | Outcome::ActProposed(_)
        | Outcome::SupportClaimed(_)
        | Outcome::ClaimAffirmed(_)
        | Outcome::ClaimConfirmed(_)
        | Outcome::ClaimRefused { .. }
        | Outcome::ClaimLapsed(_)
        | Outcome::ActDone(_)
        | Outcome::AssentEnded { .. }
        | Outcome::RulesChanged { .. }
        | Outcome::MemberAdmitted { .. }
        | Outcome::Recorded => return None,
    };
    Some((words, outcome_href(outcome)))
}

fn quoted(sight: &Sight<'_>, project: &str) -> String {
    words::names::quoted(crate::pool::line(sight, project))
}

fn in_money(sight: &Sight<'_>, minor: i64) -> String {
    say::money(minor, sight.state.rules.kernel.currency).text
}

fn title(decision: &str) -> String {
    say::sentence(&say::plain(decision))
}

/// Returns what an act does that waits or waited, and whose act it is.
fn waited(sight: &Sight<'_>, what: &Waited) -> String {
    let name = what.member.map(|who| sight.directory.name(who)).unwrap_or_default();
    let list = what.list.as_deref().map(say::plain).unwrap_or_default();
    let deed = match what.kind.as_str() {
        "admit_member" => words::power::admits(name),
        "add_to_list" => words::power::puts_on(name, list),
        "remove_from_list" => words::power::takes_off(name, list),
        "reverse_support" => words::power::takes_back_of(name),
        "join_members" => words::who::joins(name),
        "take_back_join" => words::who::takes_back(name),
        _ => words::power::AN_ACT.to_owned(),
    };
    words::power::by(deed, say::plain(&what.by))
}

fn outcome_href(outcome: &Outcome) -> String {
    match outcome {
        Outcome::CandidateEntered { decision, .. }
        | Outcome::NomineeDropped { decision, .. }
        | Outcome::CandidateLeft { decision, .. }
        | Outcome::ChallengerGains { decision, .. }
        | Outcome::SeatTaken { decision, .. }
        | Outcome::SeatVacated { decision, .. }
        | Outcome::DecisionOpened { decision }
        | Outcome::CommitmentTaken { decision, .. }
        | Outcome::ProjectFunded { decision, .. }
        | Outcome::ProjectClosed { decision, .. }
        | Outcome::PoolSaves { decision, .. }
        | Outcome::PoolDirected { decision, .. }
        | Outcome::RequestPassed { decision, .. }
        | Outcome::RequestClosed { decision, .. }
        | Outcome::PoolShared { decision, .. }
        | Outcome::CreditProposed { decision, .. }
        | Outcome::CreditAccepted { decision, .. }
        | Outcome::DocumentNoLongerChecks { decision, .. } => decision_href(decision),
        Outcome::ItemClosed { decision, item, .. } => item_href(decision, item),
        Outcome::ItemServed { decision, .. } => served_href(decision),
        Outcome::ActAnnounced { .. } | Outcome::ActTookEffect(_) | Outcome::ActTakenBack(_) | Outcome::ActLapsed(_) => {
            "/powers/waiting".to_owned()
        }
        Outcome::JoinAsked(_)
        | Outcome::JoinAnnounced { .. }
        | Outcome::JoinTookEffect { .. }
        | Outcome::JoinStopped(_)
        | Outcome::JoinLapsed(_)
        | Outcome::PartingAnnounced { .. }
        | Outcome::PartingTookEffect { .. } => "/who".to_owned(),
        Outcome::ApplicationMade(_)
        | Outcome::ApplicationCarried { .. }
        | Outcome::ApplicationAccepted(_)
        | Outcome::ApplicationRefused { .. }
        | Outcome::ApplicationWithdrawn(_)
        | Outcome::ApplicationLapsed(_) => "/applications".to_owned(),
        Outcome::HearingOpened { .. } | Outcome::HearingAnswered { .. } | Outcome::HearingLapsed { .. } => {
            "/hearings".to_owned()
        }
        Outcome::DecisionClosed { .. } => "/decisions".to_owned(),
        Outcome::ReleasePublished { release, .. }
        | Outcome::ReleaseOpened { release, .. }
        | Outcome::ReleaseWithdrawn { release, .. } => crate::release::release_href(release),
        Outcome::ForkAnnounced { .. } | Outcome::ForkWithdrawn { .. } | Outcome::ForkCompleted { .. } => {
            "/fork".to_owned()
        }
        _ => "/log".to_owned(),
    }
}
