//! The entry that an accepted act has put in the book, whichever act it is: one shape for those who show or export the book.

use std::borrow::Cow;

use quantity::Moment;

use crate::act::{Act, AgreeToAct, BookEntry, CompleteFork, Posting};
use crate::state::State;
use crate::support::RecordRef;

/// The entry that an accepted act has put in the book: its own, that of several who agreed, the one by which a fork was booked
/// out, or both sides of support that moved money. Of the agreements to one act each has it, once it is booked.
#[must_use]
pub fn booking<'a>(state: &'a State, act: &'a Act) -> Option<Cow<'a, BookEntry>> {
    let zone = &state.rules.kernel.zone;
    match act {
        Act::BookEntry(entry) => Some(Cow::Borrowed(entry)),
        Act::CompleteFork(CompleteFork { fork, .. }) => {
            state.forks.completed_named(fork)?.booking.as_ref().map(Cow::Borrowed)
        }
        Act::AgreeToAct(AgreeToAct { number, agree: true, .. }) => state.powers.booked(*number).map(Cow::Borrowed),
        Act::RecordSupport(given) if given.book.is_some() => {
            moved(state, &given.source, given.given(zone)?, words(&given.kind)).map(Cow::Owned)
        }
        Act::ReverseSupport(back) => {
            let RecordRef { kind, .. } = state.support.record(&back.of)?;
            let narration = format!("{} taken back", words(kind.name()));
            moved(state, &back.source, back.given(zone)?, narration).map(Cow::Owned)
        }
        _ => None,
    }
}

fn words(kind: &str) -> String {
    kind.replace('-', " ")
}

fn moved(state: &State, source: &str, at: Moment, narration: String) -> Option<BookEntry> {
    let moved = state.support.booked(source)?;
    let posting = |account, minor| Posting { account: state.book.account(account).to_owned(), minor };
    Some(BookEntry {
        at,
        source: source.to_owned(),
        narration: Some(narration),
        currency: state.book.currency.code().to_owned(),
        postings: vec![posting(moved.to, moved.minor), posting(moved.from, moved.minor.saturating_neg())],
    })
}
