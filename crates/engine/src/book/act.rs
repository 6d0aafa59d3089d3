//! Transactions come into the book.

use crate::act::{BookEntry, Posting};
use crate::book::spending;
use crate::book::{AccountKind, Day};
use crate::chamber::pool::act::accounts_free;
use crate::context::Context;
use crate::edition::Edition;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;
use crate::support::act::{not_recorded, source_name};

/// The most lines of one entry, and accounts of one book.
const MAX_POSTINGS: usize = 16;
const MAX_ACCOUNTS: usize = 10_000;
/// The most that one posting may move, minor units.
const MAX_MINOR: u64 = 1_000_000_000_000_000;

/// Books a transaction.
///
/// `office` is the office or body that spends. Entries of the desk and of bridges count toward no limit, so they have none
/// (spec/powers.md, Spending).
// flat: the ladder of checks of one act.
pub(crate) fn enter(
    state: &mut State,
    act: &BookEntry,
    office: Option<String>,
    context: &Context,
) -> Result<Vec<Outcome>, Refusal> {
    source_name(&act.source)?;
    // From edition 2 on the words are beside the log, and the entry has none. A dry run reads those that edition 1 wrote.
    let has_words = match &act.narration {
        Some(narration) => is_narration(narration),
        None => state.editions.current >= Edition::TWO,
    };
    if !has_words {
        return Err(Refusal::new(
            Rule::NameNotAllowed,
            "the narration cannot be used",
            "give 1 to 128 characters without control characters",
        ));
    }
    if act.at > context.time {
        let zone = &state.rules.kernel.zone;
        let why = format!("it is dated {} and the log is at {}", zone.written(act.at), zone.written(context.time));
        return Err(Refusal::new(Rule::GivenInTheFuture, why, "book it once it has happened"));
    }
    let source = not_recorded(state, &act.source)?;
    // The ladder goes in the order of the rules' numbers (spec/refusals.md).
    let sum: i128 = act.postings.iter().map(|posting| i128::from(posting.minor)).sum();
    if sum != 0 {
        return Err(Refusal::new(Rule::NotBalanced, format!("the postings sum to {sum}"), "they must sum to 0"));
    }
    let in_range = act.postings.iter().all(|posting| posting.minor.unsigned_abs() <= MAX_MINOR);
    if !(2..=MAX_POSTINGS).contains(&act.postings.len()) || !in_range {
        let why = format!("the entry has {} postings, or one is above {MAX_MINOR}", act.postings.len());
        return Err(Refusal::new(Rule::PostingsOutOfRange, why, format!("give 2 to {MAX_POSTINGS} postings")));
    }
    for posting in &act.postings {
        account_allowed(&posting.account)?;
    }
    if act.currency != state.rules.kernel.currency.code() {
        let why = format!("it is in `{}`", act.currency);
        return Err(Refusal::new(
            Rule::WrongCurrency,
            why,
            format!("this co-op's currency is {}", state.rules.kernel.currency.code()),
        ));
    }
    room_for(state, &act.postings)?;
    let spent = office.and_then(|office| Some((office, act.spends_minor()?)));
    if let Some((office, minor)) = &spent {
        spending::within_limits(state, office, *minor, context)?;
    }
    accounts_free(state, &act.postings)?;
    // The sums are dated as the money moved; spending is dated as it came into the log, which the spender cannot choose.
    let zone = &state.rules.kernel.zone;
    state.book.enter(Day::of(act.at, zone), &act.postings);
    if let Some((office, minor)) = spent {
        let today = Day::of(context.time, zone);
        state.book.note_spent(office, today, minor);
    }
    state.support.note_source(source);
    Ok(vec![Outcome::Recorded])
}

/// Whether words can be a narration: 1 to 128 bytes without control characters.
#[must_use]
pub fn is_narration(words: &str) -> bool {
    !words.is_empty() && words.len() <= 128 && !words.chars().any(char::is_control)
}

/// The book has room for the accounts of these postings.
pub(crate) fn room_for(state: &State, postings: &[Posting]) -> Result<(), Refusal> {
    if state.book.account_count_with(postings) <= MAX_ACCOUNTS {
        return Ok(());
    }
    Err(Refusal::new(Rule::TooMany, format!("the book has {MAX_ACCOUNTS} accounts"), "use one of them"))
}

/// An account's name is one of the book.
pub(crate) fn account_allowed(account: &str) -> Result<(), Refusal> {
    if is_account(account) {
        return Ok(());
    }
    let why = format!("`{account}` is not an account's name");
    let instead = "begin with assets:, liabilities:, equity:, income: or expenses: and go on in lower-case letters, digits and `-`";
    Err(Refusal::new(Rule::AccountNotAllowed, why, instead))
}

/// Whether a text can be an account's name: `kind:part:part`, parts of lower-case letters, digits and `-`, beginning with a letter; at most
/// 96 characters.
#[must_use]
pub fn is_account(account: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    AccountKind::of(account).is_some()
        && account.len() <= 96
        && account.split(':').count() >= 2
        && account.split(':').all(part)
}
