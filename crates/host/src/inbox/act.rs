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

/// Returns the act that takes support back or books a movement of money; `None` for facts of other kinds.
pub(super) fn money(fact: &Fact) -> Option<Act> {
    let source = fact.source.clone();
    match &fact.what {
        What::Reversal { of, amount } => Some(Act::ReverseSupport(ReverseSupport {
            of: of.clone(),
            amount: Some(*amount),
            given_at: fact.at,
            source,
        })),
        What::Booking { narration, currency, postings } => {
            let posting = |posting: &Posting| act::Posting { account: posting.account.clone(), minor: posting.minor };
            Some(Act::BookEntry(BookEntry {
                at: fact.at,
                source,
                narration: narration.clone(),
                currency: currency.code().to_owned(),
                postings: postings.iter().map(posting).collect(),
            }))
        }
        What::Member { .. } | What::Support { .. } | What::Item { .. } => None,
    }
}
