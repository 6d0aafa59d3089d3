//! The acts of a wish: what a member wants, as acts in an order in which no step breaks a rule that the whole keeps. Pages, the API
//! and the command line make them here. Nothing is decided: whether an act may be done is answered when it is handed in.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use charter::{Kernel, SupportKind, SupportUnit};
use quantity::Moment;

use crate::act::{
    Amount, AnnounceFork, BookEntry, CastBallot, ClaimSupport, Deed, Nominate, PledgeOwn, Posting, ProposeAct,
    ProposeDocument, ProposeOption, RecordSupport,
};
use crate::apply::authority::office_of;
use crate::ballot::Ballot;
use crate::chamber::Decision;
use crate::id::CandidateId;
use crate::{Act, Actor, Context, NotDone, Pseudonym, State, digest};

/// Both ballots of a member on an election, as they shall be. A share of 0 is no ballot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BothBallots {
    pub for_share_ppm: u32,
    pub against_share_ppm: u32,
    /// Candidate → millionths of a full score; scores of 0 are left out.
    pub for_scores_ppm: BTreeMap<String, u32>,
    pub against_scores_ppm: BTreeMap<String, u32>,
}

/// A new share for a ballot that stands, named as by [`ballot_name`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewShare {
    pub ballot: String,
    pub share_ppm: u32,
}

/// Replaces both ballots on an election; `None` where there is no such decision or member.
#[must_use]
pub fn replace_ballots(state: &State, member: Pseudonym, decision: &str, wish: &BothBallots) -> Option<Vec<Act>> {
    let place = state.decision_place(decision)?;
    let index = state.members.index(member)?;
    let stands = |against: bool| {
        let mut ballots = state.ballots_on(index, place);
        ballots.any(|ballot| !ballot.side.is_nomination() && ballot.side.is_against() == against)
    };
    let act = |against, share_ppm, scores| {
        let (decision, item) = (decision.to_owned(), None);
        Act::CastBallot(CastBallot { member, decision, item, share_ppm, scores, against })
    };
    let sides = [
        (false, wish.for_share_ppm, wish.against_share_ppm, &wish.for_scores_ppm),
        (true, wish.against_share_ppm, wish.for_share_ppm, &wish.against_scores_ppm),
    ];
    // Nothing is taken back where each ballot stands as it shall be.
    let wished: Vec<Act> = sides
        .iter()
        .filter(|(_, own, ..)| *own > 0)
        .map(|(against, own, _, scores)| act(*against, *own, Some((*scores).clone())))
        .collect();
    let stand = wished.iter().all(|act| state.stands_already(act, member));
    if stand && sides.iter().all(|(against, own, ..)| *own > 0 || !stands(*against)) {
        return Some(wished);
    }
    // A candidate goes from one ballot to the other, and a share too, only through neither: what stands is taken back first.
    let taken_back = sides
        .iter()
        .filter(|(against, own, other, _)| stands(*against) && (*own == 0 || *other > 0 || stands(!*against)));
    let mut acts: Vec<Act> = taken_back.map(|(against, ..)| act(*against, 0, None)).collect();
    acts.extend(wished);
    Some(acts)
}

/// Gives standing ballots new shares, all else as it is: those that shrink first, so that no sum is too large on the way. `None`
/// where one of them does not stand.
#[must_use]
pub fn move_shares(state: &State, member: Pseudonym, moves: &[NewShare]) -> Option<Vec<Act>> {
    let index = state.members.index(member)?;
    let mut changes = Vec::new();
    for new in moves {
        let mut own = state.ballots.of(&state.members, index).map(|(_, ballot)| ballot);
        let (ballot, decision) = own.find_map(|ballot| {
            let decision = state.decisions.get(ballot.decision)?;
            (ballot_name(decision, ballot)? == new.ballot).then_some((ballot, decision))
        })?;
        if ballot.share_ppm != new.share_ppm {
            let growth = i64::from(new.share_ppm).saturating_sub(i64::from(ballot.share_ppm));
            changes.push((growth, with_share(state, member, decision, ballot, new.share_ppm)?));
        }
    }
    changes.sort_by_key(|(growth, _)| *growth);
    Some(changes.into_iter().map(|(_, act)| act).collect())
}

/// The name by which a standing ballot differs from the member's others: `maintainer:for`, `maintainer:against`, `maintainer:nominate:m_…`,
/// `issues:220`.
#[must_use]
pub fn ballot_name(decision: &Decision, ballot: &Ballot) -> Option<String> {
    let name = &decision.name;
    Some(if decision.lists_items() {
        format!("{name}:{}", decision.item_at(ballot.item())?.id)
    } else if ballot.side.is_nomination() {
        format!("{name}:nominate:{}", candidate(decision, ballot.candidate())?)
    } else {
        format!("{name}:{}", if ballot.side.is_against() { "against" } else { "for" })
    })
}

fn candidate(decision: &Decision, place: CandidateId) -> Option<String> {
    Some(decision.candidate(place)?.name.to_string())
}

fn with_share(state: &State, member: Pseudonym, decision: &Decision, ballot: &Ballot, share_ppm: u32) -> Option<Act> {
    let against = ballot.side.is_against();
    let name = decision.name.clone();
    if ballot.side.is_nomination() {
        let candidate = candidate(decision, ballot.candidate())?;
        return Some(Act::Nominate(Nominate { member, decision: name, candidate, share_ppm, against }));
    }
    let item = match decision.lists_items() {
        true => Some(decision.item_at(ballot.item())?.id.to_string()),
        false => None,
    };
    let scores = (item.is_none() && share_ppm > 0).then(|| {
        let scores = state.ballots.scores(ballot);
        scores.filter_map(|score| Some((candidate(decision, score.candidate)?, score.ppm()))).collect()
    });
    Some(Act::CastBallot(CastBallot { member, decision: name, item, share_ppm, scores, against }))
}

/// The decisions whose votes acts touch, each once, in their order.
#[must_use]
pub fn decisions_touched(acts: &[Act]) -> Vec<String> {
    let mut touched: Vec<String> = Vec::new();
    for act in acts {
        let decision = match act {
            Act::CastBallot(act) => &act.decision,
            Act::Nominate(act) => &act.decision,
            _ => continue,
        };
        if !touched.contains(decision) {
            touched.push(decision.clone());
        }
    }
    touched
}

/// Puts up a document with its text.
#[must_use]
pub fn propose(member: Pseudonym, decision: &str, text: &str) -> Act {
    let document = digest::hex(text.as_bytes());
    Act::ProposeDocument(ProposeDocument { member, decision: decision.to_owned(), document, text: Some(text.into()) })
}

/// Puts up an option of a commitment with its text.
#[must_use]
pub fn put_up(member: Pseudonym, decision: &str, text: &str) -> Act {
    let option = digest::hex(text.as_bytes());
    let (decision, text) = (decision.to_owned(), Some(text.into()));
    Act::ProposeOption(ProposeOption { member, decision, option, text, plan: None })
}

/// An act with what follows from its own text: an option of a commitment that shares out a pool says its plan in lines. Lines that say none
/// are refused where the act is handed in, after everything that is asked before.
#[must_use]
pub fn completed<'a>(state: &State, act: &'a Act) -> Cow<'a, Act> {
    match act {
        Act::ProposeOption(option @ ProposeOption { text: Some(text), plan: None, .. }) => {
            let plan = state.plan_of_text(&option.decision, text).ok().flatten();
            Cow::Owned(Act::ProposeOption(ProposeOption { plan, ..option.clone() }))
        }
        _ => Cow::Borrowed(act),
    }
}

/// Announces that members leave together, with the texts of the new co-op.
#[must_use]
pub fn announce_fork(member: Pseudonym, fork: &str, kernel: &str, constitution: &str) -> Act {
    Act::AnnounceFork(AnnounceFork {
        member,
        fork: fork.to_owned(),
        kernel: digest::hex(kernel.as_bytes()),
        constitution: digest::hex(constitution.as_bytes()),
        kernel_text: Some(kernel.into()),
        constitution_text: Some(constitution.into()),
    })
}

/// Money that was spent: from one account to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expense {
    /// Minor units, above 0.
    pub minor: i64,
    pub from: String,
    pub to: String,
    pub narration: String,
    /// When its day begins.
    pub at: Moment,
    /// The same ones are booked once.
    pub source: String,
}

/// Books an expense.
#[must_use]
pub fn spend(kernel: &Kernel, expense: Expense) -> Act {
    let Expense { minor, from, to, narration, at, source } = expense;
    let paid = Posting { account: from, minor: minor.saturating_neg() };
    let currency = kernel.currency.code().to_owned();
    let postings = vec![paid, Posting { account: to, minor }];
    Act::BookEntry(BookEntry { at, source, narration: Some(narration), currency, postings })
}

/// Something that a member gave on a day, as a holder records it or as members say it themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gift {
    pub member: Pseudonym,
    pub kind: SupportKind,
    /// Minor units, seconds or micro-credits, above 0.
    pub amount: i64,
    /// `YYYY-MM-DD`, a day of the co-op's zone.
    pub day: String,
    /// The same ones are recorded once.
    pub source: String,
    /// The part of the co-op that it was given to.
    pub service: Option<String>,
}

/// Records something that a member gave.
#[must_use]
pub fn record(kernel: &Kernel, gift: Gift) -> Act {
    let Gift { member, kind, amount, day, source, service } = gift;
    Act::RecordSupport(RecordSupport {
        member,
        kind: kind.name().to_owned(),
        amount: amount_of(kernel, kind, amount),
        given_at: None,
        given_on: Some(day),
        source,
        parts: 1,
        series: None,
        stands_months: None,
        book: None,
        service,
    })
}

/// Hands in time or work that a member gave, which waits for a yes.
#[must_use]
pub fn claim(kernel: &Kernel, gift: Gift) -> Act {
    let Gift { member, kind, amount, day, source, service } = gift;
    let amount = amount_of(kernel, kind, amount);
    Act::ClaimSupport(ClaimSupport { member, kind: kind.name().to_owned(), amount, given_on: day, source, service })
}

/// Says what a member means to donate a month; 0 ends it.
#[must_use]
pub fn pledge(kernel: &Kernel, member: Pseudonym, minor: i64) -> PledgeOwn {
    PledgeOwn { member, amount: amount_of(kernel, SupportKind::Pledge, minor) }
}

/// An amount of a kind with what it counts.
fn amount_of(kernel: &Kernel, kind: SupportKind, amount: i64) -> Amount {
    let (currency, unit) = match kind.unit() {
        SupportUnit::Money => (Some(kernel.currency.code().to_owned()), None),
        SupportUnit::Seconds => (None, Some("second".to_owned())),
        SupportUnit::MicroCredits => (None, Some("micro-credit".to_owned())),
    };
    Amount { amount, currency, unit }
}

/// The act of a power as a member hands it in: proposed where the seat through which they have it acts together with others, or
/// where those on a list keep it.
#[must_use]
pub fn by_power(state: &State, member: Pseudonym, act: Act, now: Moment) -> Act {
    let Some(proposed) = Deed::of(&act) else {
        return act;
    };
    let office = office_of(state, &act, &Context::of(Actor::Member(member), now));
    let body = match office {
        Some(office) if state.acts_alone(office, member, &act) => return act,
        Some(office) => Some(office.name.clone()),
        None if acts_by_heads(state, &proposed) => None,
        None => return act,
    };
    Act::ProposeAct(ProposeAct { member, body, proposed })
}

fn acts_by_heads(state: &State, deed: &Deed) -> bool {
    match deed {
        Deed::TakeBackAct(act) => {
            let announced = state.powers.announced_act(act.number);
            announced.is_some_and(|one| !matches!(one.by, crate::power::Group::Seat(_)))
        }
        Deed::AdmitMember(_) => state.members_admit(),
        deed => deed.list().is_some_and(|list| state.heads_keep(list)),
    }
}

/// A copy of the state in which these acts are done at `now`, or before the next update if that comes first.
///
/// # Errors
/// The first refusal, or an invariant that does not hold.
pub fn tried(state: &State, actor: Actor, acts: &[Act], now: Moment) -> Result<State, NotDone> {
    let mut state = state.clone();
    let due = state.next_due().moment();
    let time = now.min(Moment(due.0.saturating_sub(1)));
    for act in acts {
        crate::apply(&mut state, act, &Context::of(actor, time))?;
    }
    Ok(state)
}
