//! The act that a fact stands for. Whether it is accepted, the engine says.

use bridges::{Fact, Posting, Unit, What};
use engine::Pseudonym;
use engine::act::{self, Act, Amount, BookEntry, RecordSupport, ReverseSupport, Sides};
use engine::edition::Edition;
use quantity::Moment;

/// When a fact happened, as an act says it: an instant, or a day where the source gives no time and the edition has days.
fn given(fact: &Fact, edition: Edition) -> (Option<Moment>, Option<String>) {
    match &fact.on {
        Some(day) if edition >= Edition::TWO => (None, Some(day.clone())),
        _ => (Some(fact.at), None),
    }
}

/// Whether a fact moves money that the log's edition has no place for with support.
pub(super) fn leaves_book(fact: &Fact, edition: Edition) -> bool {
    edition < Edition::TWO && matches!(&fact.what, What::Support { book: Some(_), .. })
}

/// Returns the act that a fact about money or support stands for, of `member` where it is about somebody; `None` for facts of other
/// kinds.
#[must_use]
pub fn act_of(fact: &Fact, member: Pseudonym, edition: Edition) -> Option<Act> {
    match &fact.what {
        What::Support { .. } => support(fact, member, edition),
        What::Reversal { of, .. } => reversal(fact, of.first(), edition),
        What::Booking { .. } => booking(fact),
        What::Member { .. } | What::Item { .. } => None,
    }
}

/// Returns the act that records support of `member`; `None` for facts of other kinds.
pub(super) fn support(fact: &Fact, member: Pseudonym, edition: Edition) -> Option<Act> {
    let What::Support { kind, amount, unit, months, pledge_series, stands_months, book, service, .. } = &fact.what
    else {
        return None;
    };
    let (given_at, given_on) = given(fact, edition);
    let amount = match unit {
        Unit::Money(currency) => Amount { amount: *amount, currency: Some(currency.code().to_owned()), unit: None },
        Unit::Seconds => Amount { amount: *amount, currency: None, unit: Some("second".to_owned()) },
        Unit::MicroCredits => Amount { amount: *amount, currency: None, unit: Some("micro-credit".to_owned()) },
    };
    Some(Act::RecordSupport(RecordSupport {
        service: service.clone(),
        member,
        kind: (*kind).to_owned(),
        amount,
        given_at,
        given_on,
        source: fact.source.clone(),
        parts: *months,
        series: pledge_series.clone(),
        stands_months: (*stands_months > 0).then_some(*stands_months),
        book: book
            .as_ref()
            .filter(|_| edition >= Edition::TWO)
            .map(|[to, from]| Sides { to: to.clone(), from: from.clone() }),
    }))
}

/// Returns the act that takes back the support with the key `of`; `None` for facts of other kinds.
pub(super) fn reversal(fact: &Fact, of: Option<&String>, edition: Edition) -> Option<Act> {
    let (What::Reversal { amount, .. }, Some(of)) = (&fact.what, of) else { return None };
    let (given_at, given_on) = given(fact, edition);
    Some(Act::ReverseSupport(ReverseSupport {
        of: of.clone(),
        amount: Some(*amount),
        given_at,
        given_on,
        source: fact.source.clone(),
    }))
}

/// Returns the act that books a movement of money; `None` for facts of other kinds.
pub(super) fn booking(fact: &Fact) -> Option<Act> {
    let What::Booking { narration, currency, postings } = &fact.what else { return None };
    let posting = |posting: &Posting| act::Posting { account: posting.account.clone(), minor: posting.minor };
    Some(Act::BookEntry(BookEntry {
        at: fact.at,
        source: fact.source.clone(),
        narration: Some(narration.clone()),
        currency: currency.code().to_owned(),
        postings: postings.iter().map(posting).collect(),
    }))
}
