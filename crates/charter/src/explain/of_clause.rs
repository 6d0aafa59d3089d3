//! A clause of a constitution in plain English: what its holder may do, who votes, and how its outcome changes.

use super::{DecisionFacts, kept, of_kernel, words};
use crate::{
    Clause, ClauseKind, Counting, Delegation, Every, GivenPower, InnerConstitution, Kernel, Power, Ranking, Supply,
    Terms,
};

/// What the election of a constitution is.
pub(super) const CONSTITUTION: &str =
    "The constitution that has held the most votes for long enough is in force, and defines decisions of its own.";

/// Who or what stands for an election.
const NEW_MEMBER: &str = "A newcomer";
pub(super) const NEW_TEXT: &str = "A new text";

/// The clause, a sentence each; with facts, numbers for the co-op at hand.
pub fn explain_clause(clause: &Clause, kernel: &Kernel, here: Option<&DecisionFacts>) -> Vec<String> {
    let thing = words::plain(&clause.name);
    let mut sentences = Vec::new();
    sentences.extend(may(clause, kernel));
    sentences.extend(limits(clause, kernel));
    sentences.extend(kind(clause, kernel));
    sentences.extend(voters(clause, kernel));
    if let Some(terms_of) = clause.terms() {
        let newcomer = match clause.kind {
            ClauseKind::Office { .. } | ClauseKind::Body { .. } => NEW_MEMBER,
            _ => NEW_TEXT,
        };
        sentences.extend(terms(terms_of, (&change(clause, &thing), newcomer), here));
    }
    if let ClauseKind::Ranking(Ranking { close_after, floor_micro, supply, .. }) = &clause.kind {
        sentences.push(
            "Items are ordered by standing votes, for less against; on equal votes the older comes first.".to_owned(),
        );
        sentences.extend(close_after.map(|span| closing(span, *floor_micro)));
        sentences.extend(supply.map(|supply| supplied(supply, kernel)));
    }
    if clause.delegation == Delegation::Allowed {
        sentences.push("A member may let another member vote here for them, and end that at any time.".to_owned());
    }
    sentences.extend(kept::note(clause));
    sentences.extend(here.and_then(|here| holders(clause, here)));
    sentences
}

/// What changes when the outcome does.
pub(crate) fn change(clause: &Clause, thing: &str) -> String {
    match &clause.kind {
        ClauseKind::Office { .. } => format!("a new {thing} would take over"),
        ClauseKind::Body { .. } => format!("a new member of the {thing} would take a seat"),
        ClauseKind::Document { .. } => format!("another text of the {thing} would be in force"),
        ClauseKind::Constitution { .. } => {
            format!("another constitution of the {thing} would be in force")
        }
        _ => "the outcome would change".to_owned(),
    }
}

/// How an outcome changes: how long that takes, who or what can stand, and when it happens.
pub(super) fn terms(terms: &Terms, (change, newcomer): (&str, &str), here: Option<&DecisionFacts>) -> Vec<String> {
    let settles = terms.settles_in;
    let mut sentences = vec![format!(
        "If everyone agreed, {change} after {}; with a lead of a tenth of all votes, after {}.",
        words::days(settles),
        words::days(words::tenfold(settles))
    )];
    let capacity = here.map(|here| here.capacity_micro).filter(|capacity| *capacity > 0);
    if let Some(capacity) = capacity {
        let (all, tenth) = (words::micro(capacity), words::micro(capacity.div_euclid(10)));
        sentences.push(format!("Today all votes here are {all}, so that a tenth is a lead of {tenth}."));
    }
    let by = words::percent(terms.nominated_by_ppm);
    let votes = capacity.map(|capacity| {
        let needed = capacity.saturating_mul(u128::from(terms.nominated_by_ppm)).div_euclid(1_000_000);
        format!(", today {} votes,", words::micro(needed))
    });
    sentences.push(format!(
        "{newcomer} with {by} of all votes{} from one count to the next is on the ballot; each one that is on it already makes that a tenth more.",
        votes.unwrap_or_default()
    ));
    let when = terms.changes.map(|rhythm| format!("A full bucket takes over {}.", words::rhythm(&rhythm)));
    sentences.extend(when);
    sentences
}

/// What its holder may do.
pub(crate) fn may(clause: &Clause, kernel: &Kernel) -> Option<String> {
    let thing = words::plain(&clause.name);
    let powers = powers(clause.powers(), kernel);
    let seats = match &clause.kind {
        ClauseKind::Body(body) => Some(words::count(u64::from(body.seats), "seat")),
        _ => None,
    };
    match (seats, powers.is_empty()) {
        (Some(seats), true) => Some(format!("The {thing} has {seats}.")),
        (Some(seats), false) => Some(format!("The {thing} has {seats} and may {}.", words::all_of(&powers))),
        (None, true) => None,
        (None, false) => Some(format!("The {thing} may {}.", words::all_of(&powers))),
    }
}

/// Each power in words: `close issues`, `spend up to 50.00 USD a month`.
pub(crate) fn powers(powers: &[GivenPower], kernel: &Kernel) -> Vec<String> {
    powers.iter().map(|power| explain_power(power, kernel)).collect()
}

/// A power in words, after `may`: `close issues`, `spend up to 50.00 USD a month`.
pub fn explain_power(given: &GivenPower, kernel: &Kernel) -> String {
    let name = match given.power {
        Power::CloseIssue => "close issues".to_owned(),
        Power::KeepList => words::keep_lists(&kernel.classes),
        Power::Admit => "admit members".to_owned(),
        other => words::plain(other.name()),
    };
    match given.limit {
        None => name,
        Some(limit) => format!("{name} up to {}", words::money_per(limit, kernel.currency)),
    }
}

/// What a limit means.
fn limits(clause: &Clause, kernel: &Kernel) -> Option<String> {
    let spend = clause.power(Power::Spend)?;
    let Some(limit) = spend.limit else {
        return Some("What it may spend has no limit but the money that is there.".to_owned());
    };
    let every = limit.every.name();
    let begins = match limit.every {
        Every::Day => "at midnight",
        Every::Week => "on Monday",
        Every::Month => "on the first",
        Every::Quarter => "on the first day of the quarter",
        Every::Year => "on 1 January",
    };
    let all = match &clause.kind {
        ClauseKind::Body { .. } => "All payments of its members",
        _ => "All its payments",
    };
    Some(format!(
        "{all} in one calendar {every} add up to {} at most; what is left over lapses, and the count begins anew {begins} ({}).",
        words::money(limit.amount_minor, kernel.currency),
        kernel.zone.name()
    ))
}

/// What kind of decision it is.
fn kind(clause: &Clause, kernel: &Kernel) -> Vec<String> {
    let words = match &clause.kind {
        ClauseKind::Office { .. } => {
            "Whoever has held the most votes for long enough holds the office; voted below zero for long enough, they lose it."
        }
        ClauseKind::Body { .. } => {
            "Those who have held the most votes for long enough hold the seats; a holder with no more votes for than against loses the seat when seats change next."
        }
        ClauseKind::Document { .. } => {
            "The document that has held the most votes for long enough is in force. It can be replaced, not emptied."
        }
        ClauseKind::Constitution(InnerConstitution { grant, .. }) => {
            let mut sentences = vec![CONSTITUTION.to_owned()];
            sentences.extend(grant.powers.as_ref().map(|given| granted(&powers(given, kernel))));
            sentences.extend(grant.powers.as_deref().and_then(together));
            return sentences;
        }
        ClauseKind::Ranking(Ranking { of: Some(_), .. }) => "Its items come from the forge.",
        ClauseKind::Ranking(Ranking { of: None, .. }) => "Members bring its items.",
        ClauseKind::Commitment(commitment) => return kept::commitment(commitment, kernel),
        ClauseKind::Pool(pool) => return kept::pool(pool),
        ClauseKind::Release(release) => return kept::release(release, kernel),
    };
    vec![words.to_owned()]
}

/// What a constitution may give on.
pub(crate) fn granted(powers: &[String]) -> String {
    match powers.is_empty() {
        true => "It cannot give any powers.".to_owned(),
        false => format!("Whom it names can be allowed to {}, and nothing else.", words::all_of(powers)),
    }
}

/// Whose limit a limit is that a constitution gives on.
pub(super) fn together(given: &[GivenPower]) -> Option<String> {
    let spend = given.iter().find(|given| given.power == Power::Spend)?;
    spend.limit.map(|_| "What they may spend is the limit for all of them together.".to_owned())
}

/// Who votes, and how votes are counted.
pub(crate) fn voters(clause: &Clause, kernel: &Kernel) -> Option<String> {
    if matches!(clause.kind, ClauseKind::Release(_)) {
        return None;
    }
    Some(voting(&clause.electorate, clause.counting, kernel))
}

/// `Every member with weight may vote; votes are the weight placed.`
pub(super) fn voting(classes: &[String], counting: Counting, kernel: &Kernel) -> String {
    format!("{} may vote; {}.", electorate(classes), of_kernel::counting(counting, kernel))
}

/// `Every member with weight`, `Members who are patrons or contributors`.
pub(crate) fn electorate(classes: &[String]) -> String {
    match classes.is_empty() {
        true => "Every member with weight".to_owned(),
        false => format!("Members who are {}", words::classes(classes)),
    }
}

/// When an item is closed.
pub(crate) fn closing(after: quantity::Span, floor_micro: u64) -> String {
    format!(
        "An item whose votes stay at {} or under for {} is closed, and the weight on it comes back.",
        words::exactly(floor_micro),
        words::days(after)
    )
}

pub(crate) fn supplied(supply: Supply, kernel: &Kernel) -> String {
    format!(
        "Each {} its items are served in their order until {} used up; a request for more than is left {}.",
        supply.every.name(),
        kept::amount(supply.amount, kernel),
        kept::too_large(supply.too_large)
    )
}

fn holders(clause: &Clause, here: &DecisionFacts) -> Option<String> {
    let seats = match &clause.kind {
        ClauseKind::Office { .. } => 1,
        ClauseKind::Body(body) => u64::from(body.seats),
        _ => return None,
    };
    let held = u64::try_from(here.holders.len()).unwrap_or(u64::MAX);
    let free = match (held, seats.saturating_sub(held)) {
        (0, 1) => return Some("Today nobody holds it.".to_owned()),
        (0, _) => return Some("Today all seats are free.".to_owned()),
        (_, 0) => String::new(),
        (_, free) => {
            format!(", and {} free", if free == 1 { "one seat is".to_owned() } else { format!("{free} seats are") })
        }
    };
    let verb = if held == 1 { "holds it" } else { "hold seats" };
    let verb = if held == 1 && seats > 1 { "holds a seat" } else { verb };
    Some(format!("Today {} {verb}{free}.", words::all_of(&here.holders)))
}
