//! The entry that an accepted act has put in the book, whichever act it is: one shape for those who show or export the book.

use std::borrow::Cow;

use quantity::Moment;

use crate::act::{Act, AgreeToAct, BookEntry, CompleteFork, GiveToPool, HoldMoney, PayBackHeld, Posting};
use crate::state::State;
use crate::support::{RecordRef, number_of};

/// The entry that an accepted act has put in the book: its own, that of several who agreed, the one by which a fork was booked
/// out, both sides of support that moved money, or what pools did. Of the agreements to one act each has it, once it is booked. `time` is
/// that of the act's own entry.
// flat: one match over the acts that move money.
#[must_use]
pub fn booking<'a>(state: &'a State, act: &'a Act, time: Moment) -> Option<Cow<'a, BookEntry>> {
    let zone = &state.rules.kernel.zone;
    match act {
        Act::BookEntry(entry) => Some(Cow::Borrowed(entry)),
        Act::CompleteFork(CompleteFork { fork, .. }) => {
            state.forks.completed_named(fork)?.booking.as_ref().map(Cow::Borrowed)
        }
        Act::AgreeToAct(AgreeToAct { number, agree: true, .. }) => state.powers.booked(*number).map(Cow::Borrowed),
        Act::RecordSupport(given) => {
            moved(state, &given.source, given.given(zone)?, words(&given.kind)).map(Cow::Owned)
        }
        Act::HoldMoney(HoldMoney { amount, at, source, account, .. }) => {
            let postings = State::held_postings(account, amount.amount);
            Some(Cow::Owned(entry(state, source, *at, "held for a member", postings)))
        }
        Act::PayBackHeld(PayBackHeld { amount, at, source, account, .. }) => {
            let postings = State::held_postings(account, amount.amount.saturating_neg());
            Some(Cow::Owned(entry(state, source, *at, "paid back to a member", postings)))
        }
        Act::GiveToPool(GiveToPool { decision, amount, .. }) => {
            let place = state.pool_at(decision, time)?;
            let (source, postings) = (format!("gift:{decision}:{time}"), state.gift_postings(place, amount.amount));
            Some(Cow::Owned(entry(state, &source, time, "gift to a pool", postings)))
        }
        Act::Update(act) => state.held.booked_by_update(act.moment).map(Cow::Borrowed),
        Act::Change(act) => state.held.booked_by_change(act.moment).map(Cow::Borrowed),
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

/// Both sides of a record, and the parts of it that go to pools, whose rules its narration names.
fn moved(state: &State, source: &str, at: Moment, narration: String) -> Option<BookEntry> {
    let posting = |account, minor| Posting { account: state.book.account(account).to_owned(), minor };
    let sides = state.support.booked(source);
    let mut postings: Vec<Posting> = sides
        .map(|moved| vec![posting(moved.to, moved.minor), posting(moved.from, moved.minor.saturating_neg())])
        .unwrap_or_default();
    postings.extend(state.fed_postings(number_of(source)));
    if postings.is_empty() {
        return None;
    }
    let rules = state.fed_words(source);
    let narration = if rules.is_empty() { narration } else { format!("{narration}: {}", rules.join(", ")) };
    Some(entry(state, source, at, &narration, postings))
}

fn entry(state: &State, source: &str, at: Moment, narration: &str, postings: Vec<Posting>) -> BookEntry {
    BookEntry {
        at,
        source: source.to_owned(),
        narration: Some(narration.to_owned()),
        currency: state.book.currency.code().to_owned(),
        postings,
    }
}
