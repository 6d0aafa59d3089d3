//! The act that a fact stands for. Whether it is accepted, the engine says.

use bridges::{Fact, Posting, Unit, What};
use engine::Pseudonym;
use engine::act::{self, Act, Amount, BookEntry, RecordSupport, ReverseSupport};

/// Returns the act that records support of `member`; `None` for facts of other kinds.
pub(super) fn support(fact: &Fact, member: Pseudonym) -> Option<Act> {
    let What::Support { kind, amount, unit, months, pledge_series, stands_months, .. } = &fact.what else {
        return None;
    };
    let amount = match unit {
        Unit::Money(currency) => Amount { amount: *amount, currency: Some(currency.code().to_owned()), unit: None },
        Unit::Seconds => Amount { amount: *amount, currency: None, unit: Some("second".to_owned()) },
        Unit::MicroCredits => Amount { amount: *amount, currency: None, unit: Some("micro-credit".to_owned()) },
    };
    Some(Act::RecordSupport(RecordSupport {
        member,
        kind: (*kind).to_owned(),
        amount,
        given_at: fact.at,
        source: fact.source.clone(),
        parts: *months,
        series: pledge_series.clone(),
        stands_months: (*stands_months > 0).then_some(*stands_months),
    }))
}

/// Returns the act that takes back the support with the key `of`; `None` for facts of other kinds.
pub(super) fn reversal(fact: &Fact, of: Option<&String>) -> Option<Act> {
    let (What::Reversal { amount, .. }, Some(of)) = (&fact.what, of) else { return None };
    Some(Act::ReverseSupport(ReverseSupport {
        of: of.clone(),
        amount: Some(*amount),
        given_at: fact.at,
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
        narration: narration.clone(),
        currency: currency.code().to_owned(),
        postings: postings.iter().map(posting).collect(),
    }))
}
