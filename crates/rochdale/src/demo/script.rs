//! The acts of the demonstration's members, month by month. All of it is made up; none of it is chance.

use std::collections::{BTreeMap, BTreeSet};

use bridges::{Fact, What};
use engine::act::{Act, AddToList, AgreeToAct, CastBallot, Deed, Nominate, OpenItem, ProposeAct, Stand};
use engine::intent;
use engine::{MemberIndex, Pseudonym, State};
use host::Batch;
use quantity::Moment;
use views::ItemCard;

use super::{ACTOR, FIRST_YEAR, LAST_YEAR, member, money, rules, weighty};
use crate::exit::Exit;

const OFFICE: &str = "maintainer";
const CONDUCT: &str = "code-of-conduct";
const ISSUES: &str = "issues";
const LIST: &str = "contributor-list";

/// The founder of the project, who holds the office first, and the two challengers.
const FOUNDER: &str = "member-001";
const FIRST_CHALLENGER: &str = "member-082";
const SECOND_CHALLENGER: &str = "member-012";

const FIRST_TEXT: &str = "# Be kind, be clear\n\nWe are here to keep a tool dependable. Treat everyone who helps, asks or disagrees with respect.\n\nSay what is wrong with the work, never with the person. Assume good intent, ask before you judge, and leave room for those who are new.\n\nWho is treated badly tells the maintainer, who answers within a week. Repeated harm ends somebody's part in this project.\n";
const SECOND_TEXT: &str = "# Care for each other, and say how complaints are heard\n\nTreat everyone who helps, asks or disagrees with respect. Say what is wrong with the work, never with the person.\n\nComplaints go to two members whom contributors name, not to the maintainer alone. They answer within three days, hear both sides, and write down what they did. Who is concerned in a complaint does not decide it.\n\nThe two report once a year how many complaints there were, without names.\n";

/// The calendar of the demonstration: months counted as year × 12 + month − 1.
const OFFICE_FILLED: i32 = FIRST_YEAR * 12 + 3;
const CONDUCT_PROPOSED: i32 = (FIRST_YEAR + 1) * 12 + 2;
const FIRST_CONTEST: i32 = (FIRST_YEAR + 4) * 12 + 1;
const FIRST_CONTEST_ENDS: i32 = (FIRST_YEAR + 4) * 12 + 7;
const SECOND_CONTEST: i32 = LAST_YEAR * 12 + 9;
const CONDUCT_CHALLENGED: i32 = LAST_YEAR * 12 + 8;
const LEFT_ALONE: i32 = LAST_YEAR * 12 + 11;
/// The tracker is linked once contributors have weight: before, a few small patrons could not keep an issue above the floor.
const TRACKER_LINKED: i32 = (FIRST_YEAR + 1) * 12 + 1;
const NOMINATION_MONTHS: i32 = 1;

/// A member of the contributors' list has this many credits in the year before.
const LISTED_FROM_MICRO: i64 = 10_000_000;

/// The memory of the script from month to month.
pub struct Script {
    issues: Vec<Fact>,
    commits: Vec<Fact>,
    opened: BTreeSet<String>,
    seen: BTreeMap<MemberIndex, i32>,
}

impl Script {
    pub fn new(issues: Vec<Fact>, commits: Vec<Fact>) -> Self {
        Script { issues, commits, opened: BTreeSet::new(), seen: BTreeMap::new() }
    }

    /// Hands in the acts of the beginning of a month.
    pub fn month(&mut self, batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
        batch.run_due(at)?;
        if month % 12 == 0 {
            list_contributors(batch, at)?;
        }
        if month >= TRACKER_LINKED {
            self.open_issues(batch, at)?;
        }
        self.stand(batch, month, at)?;
        rules::month(batch, month, at)?;
        let voters = weighty(batch.state());
        for voter in voters {
            let phase = phase(month);
            if self.seen.get(&voter) == Some(&phase) {
                continue;
            }
            self.seen.insert(voter, phase);
            vote_office(batch, voter, month, at)?;
            vote_conduct(batch, voter, month, at)?;
            rules::vote(batch, voter, month, at)?;
        }
        money::month(batch, &self.commits, month, at)?;
        self.vote_issues(batch, month, at)
    }

    fn open_issues(&mut self, batch: &mut Batch<'_>, at: Moment) -> Result<(), Exit> {
        for fact in self.issues.iter().filter(|fact| fact.at <= at) {
            let What::Item { id, title, url, labels, .. } = &fact.what else {
                continue;
            };
            if self.opened.insert(id.clone()) {
                let act = Act::OpenItem(OpenItem { decision: ISSUES.to_owned(), item: id.clone(), amount: None });
                let card =
                    ItemCard { title: title.clone(), url: url.clone(), labels: labels.clone(), ..ItemCard::default() };
                batch.append_item(&act, &card, ACTOR, at)?;
            }
        }
        Ok(())
    }

    fn stand(&self, batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
        let candidate = match month {
            m if m == OFFICE_FILLED => Some(FOUNDER),
            m if m == FIRST_CONTEST => Some(FIRST_CHALLENGER),
            m if m == SECOND_CONTEST => Some(SECOND_CHALLENGER),
            _ => None,
        };
        if let Some(name) = candidate {
            let who = member(batch, name, at)?;
            batch.append(&Act::Stand(Stand { member: who, decision: OFFICE.to_owned() }), ACTOR, "", "", at)?;
            attention(batch, OFFICE, &who.to_string(), at)?;
        }
        let text = match month {
            m if m == CONDUCT_PROPOSED => Some(FIRST_TEXT),
            m if m == CONDUCT_CHALLENGED => Some(SECOND_TEXT),
            _ => None,
        };
        if let Some(text) = text {
            let who = member(batch, FOUNDER, at)?;
            let document = batch.put_document(text)?;
            batch.append(&intent::propose(who, CONDUCT, text), ACTOR, "", "", at)?;
            attention(batch, CONDUCT, &document, at)?;
        }
        Ok(())
    }

    /// Everyone with weight has a few issues at heart; whatever fell to the floor finds a friend, except two at the end.
    fn vote_issues(&self, batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
        let voters = weighty(batch.state());
        if voters.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = self
            .issues
            .iter()
            .filter_map(|fact| if let What::Item { id, .. } = &fact.what { Some(id.clone()) } else { None })
            .collect();
        for (place, id) in (0_u32..).zip(&ids).filter(|(_, id)| self.opened.contains(*id)) {
            let low = item_is_low(batch.state(), id);
            for voter in &voters {
                // A fixed pattern in place of chance: about a quarter of the voters back an issue, and a few are against it.
                let key = voter.0.wrapping_mul(7).wrapping_add(place.wrapping_mul(3)) % 13;
                let wanted = match key {
                    0 | 5 => Some((60_000, false)),
                    8 => Some((90_000, false)),
                    11 if voter.0 % 2 == 0 => Some((30_000, true)),
                    _ => None,
                };
                if let Some((share, against)) = wanted {
                    place_item(batch, *voter, id, share, against, at)?;
                }
            }
            // Two issues lose their support near the end, so that visitors see a countdown.
            let left_alone = month >= LEFT_ALONE && place % 8 == 3;
            if left_alone {
                take_back(batch, id, at)?;
                continue;
            }
            // Other low issues find friends, so that the demo's list does not empty over the years.
            if low {
                let friends = voters.len().min(3);
                for step in 0..friends {
                    let friend =
                        voters.get((place as usize * 5 + step * 3) % voters.len()).copied().unwrap_or_default();
                    place_item(batch, friend, id, 50_000, false, at)?;
                }
            }
        }
        Ok(())
    }
}

/// Members think again when something new is on the ballot.
fn phase(month: i32) -> i32 {
    [OFFICE_FILLED, CONDUCT_PROPOSED, FIRST_CONTEST, FIRST_CONTEST_ENDS, SECOND_CONTEST]
        .iter()
        .chain(&rules::TURNS)
        .filter(|begin| month >= **begin + NOMINATION_MONTHS)
        .count()
        .try_into()
        .unwrap_or(0)
}

/// Those who did most in the year before come on the list. The first ones are there from the beginning; later ones are proposed by
/// those on it, who keep it themselves.
fn list_contributors(batch: &mut Batch<'_>, at: Moment) -> Result<(), Exit> {
    let state = batch.state();
    let mut credits: BTreeMap<MemberIndex, i64> = BTreeMap::new();
    let year = quantity::Period { reach: quantity::Reach::Last(1), unit: quantity::CalendarUnit::Year };
    let (from, to) = year.bounds(at, &state.rules.kernel.zone);
    if let Some(rows) = state.support.rows(charter::SupportKind::Contribution) {
        for (_, row) in rows.from(0).filter(|(_, row)| row.counted_at >= from && row.counted_at < to) {
            *credits.entry(row.member).or_default() += row.amount;
        }
    }
    let known = state.members.list(LIST);
    let keepers: Vec<Pseudonym> = state
        .members
        .indices()
        .filter(|member| known.is_some_and(|known| known.contains(member)))
        .filter_map(|member| state.members.pseudonym(member))
        .collect();
    let fresh: Vec<Pseudonym> = credits
        .iter()
        .filter(|(member, micro)| **micro >= LISTED_FROM_MICRO && !known.is_some_and(|known| known.contains(*member)))
        .filter_map(|(member, _)| state.members.pseudonym(*member))
        .collect();
    for member in fresh {
        let add = AddToList { list: LIST.to_owned(), member };
        match keepers.split_first() {
            None => {
                batch.append(&Act::AddToList(add), ACTOR, "", "", at)?;
            }
            Some((first, others)) => agree_on(batch, Deed::AddToList(add), *first, others, at)?,
        }
    }
    Ok(())
}

/// One of those who keep a list proposes an act, and as many others agree as it takes.
fn agree_on(
    batch: &mut Batch<'_>,
    proposed: Deed,
    first: Pseudonym,
    others: &[Pseudonym],
    at: Moment,
) -> Result<(), Exit> {
    let act = ProposeAct { member: first, body: None, proposed: proposed.clone() };
    batch.append(&Act::ProposeAct(act), ACTOR, "", "", at)?;
    for member in others {
        let waiting = batch.state().powers.proposed().find(|(_, one)| one.deed == proposed).map(|(number, _)| number);
        let Some(number) = waiting else {
            break;
        };
        let act = AgreeToAct { member: *member, number, agree: true };
        batch.append(&Act::AgreeToAct(act), ACTOR, "", "", at)?;
    }
    Ok(())
}

/// A few members give a newcomer the attention that gets them onto the ballot.
pub(super) fn attention(batch: &mut Batch<'_>, decision: &str, candidate: &str, at: Moment) -> Result<(), Exit> {
    for voter in weighty(batch.state()).into_iter().take(12) {
        let Some(member) = batch.state().members.pseudonym(voter) else {
            continue;
        };
        let share_ppm = 40_000.min(free(batch.state(), voter));
        if share_ppm == 0 {
            continue;
        }
        let act = Nominate {
            member,
            decision: decision.to_owned(),
            candidate: candidate.to_owned(),
            share_ppm,
            against: false,
        };
        batch.append(&Act::Nominate(act), ACTOR, "", "", at)?;
    }
    Ok(())
}

pub(super) fn free(state: &State, voter: MemberIndex) -> u32 {
    1_000_000 - state.members.placed_ppm(voter)
}

fn place_item(
    batch: &mut Batch<'_>,
    voter: MemberIndex,
    id: &str,
    share_ppm: u32,
    against: bool,
    at: Moment,
) -> Result<(), Exit> {
    let state = batch.state();
    let Some(decision) = state.decision_place(ISSUES) else {
        return Ok(());
    };
    let issues = state.decisions.get(decision);
    let place = issues.and_then(|issues| issues.item_place(id));
    let open = issues.and_then(|issues| issues.item(id)).is_some_and(|item| item.closed_at.is_none());
    let already = state.ballots_on(voter, decision).any(|ballot| Some(ballot.item()) == place);
    let Some(member) = state.members.pseudonym(voter).filter(|_| open && !already && free(state, voter) >= share_ppm)
    else {
        return Ok(());
    };
    let act =
        CastBallot { member, decision: ISSUES.to_owned(), item: Some(id.to_owned()), share_ppm, scores: None, against };
    batch.append(&Act::CastBallot(act), ACTOR, "", "", at)?;
    Ok(())
}

/// Everyone takes their support for an issue back.
fn take_back(batch: &mut Batch<'_>, id: &str, at: Moment) -> Result<(), Exit> {
    let state = batch.state();
    let Some(decision) = state.decision_place(ISSUES) else {
        return Ok(());
    };
    let place = state.decisions.get(decision).and_then(|issues| issues.item_place(id));
    let supporters: Vec<Pseudonym> = state
        .members
        .indices()
        .filter(|voter| state.ballots_on(*voter, decision).any(|ballot| Some(ballot.item()) == place))
        .filter_map(|voter| state.members.pseudonym(voter))
        .collect();
    for member in supporters {
        let act = CastBallot {
            member,
            decision: ISSUES.to_owned(),
            item: Some(id.to_owned()),
            share_ppm: 0,
            scores: None,
            against: false,
        };
        batch.append(&Act::CastBallot(act), ACTOR, "", "", at)?;
    }
    Ok(())
}

fn item_is_low(state: &State, id: &str) -> bool {
    let item = state.decision(ISSUES).and_then(|issues| issues.item(id));
    item.is_some_and(|item| item.low_since.is_some())
}

/// Votes for the office: at first everyone keeps the founder, later some prefer somebody else.
fn vote_office(batch: &mut Batch<'_>, voter: MemberIndex, month: i32, at: Moment) -> Result<(), Exit> {
    let favourite = |name: &'static str, score: u32| BTreeMap::from([(name, score)]);
    let scores = match month {
        m if m < OFFICE_FILLED + NOMINATION_MONTHS => return Ok(()),
        m if m < FIRST_CONTEST + NOMINATION_MONTHS => favourite(FOUNDER, 900_000),
        m if m < FIRST_CONTEST_ENDS + NOMINATION_MONTHS && !voter.0.is_multiple_of(3) => {
            BTreeMap::from([(FIRST_CHALLENGER, 900_000), (FOUNDER, 300_000)])
        }
        m if m < SECOND_CONTEST + NOMINATION_MONTHS => favourite(FOUNDER, 900_000),
        _ if voter.0 % 9 < 5 => BTreeMap::from([(SECOND_CHALLENGER, 1_000_000), (FOUNDER, 800_000)]),
        _ => BTreeMap::from([(FOUNDER, 1_000_000), (SECOND_CHALLENGER, 500_000)]),
    };
    let mut named = BTreeMap::new();
    for (name, score) in scores {
        named.insert(member(batch, name, at)?.to_string(), score);
    }
    cast(batch, voter, OFFICE, named, 250_000, at)
}

fn vote_conduct(batch: &mut Batch<'_>, voter: MemberIndex, month: i32, at: Moment) -> Result<(), Exit> {
    let (first, second) = (engine::digest::hex(FIRST_TEXT.as_bytes()), engine::digest::hex(SECOND_TEXT.as_bytes()));
    let scores = match month {
        m if m < CONDUCT_PROPOSED + NOMINATION_MONTHS => return Ok(()),
        m if m < CONDUCT_CHALLENGED + NOMINATION_MONTHS => BTreeMap::from([(first, 800_000)]),
        _ if voter.0 % 7 < 4 => BTreeMap::from([(second, 1_000_000), (first, 400_000)]),
        _ => BTreeMap::from([(first, 1_000_000), (second, 500_000)]),
    };
    cast(batch, voter, CONDUCT, scores, 150_000, at)
}

pub(super) fn cast(
    batch: &mut Batch<'_>,
    voter: MemberIndex,
    decision: &str,
    scores: BTreeMap<String, u32>,
    share_ppm: u32,
    at: Moment,
) -> Result<(), Exit> {
    let state = batch.state();
    let standing = |name: &str| {
        let known = state.decision(decision);
        let candidate = known.and_then(|known| known.candidate(known.candidate_by_name(name)?));
        candidate.is_some_and(|candidate| candidate.standing != engine::chamber::Standing::Out)
    };
    let scores: BTreeMap<String, u32> = scores.into_iter().filter(|(name, _)| standing(name)).collect();
    let placed: u32 = state
        .decision_place(decision)
        .map(|place| state.ballots_on(voter, place).filter(|b| !b.side.is_nomination()).map(|b| b.share_ppm).sum())
        .unwrap_or(0);
    let share_ppm = share_ppm.min(free(state, voter) + placed);
    let Some(member) = state.members.pseudonym(voter).filter(|_| !scores.is_empty() && share_ppm > 0) else {
        return Ok(());
    };
    let act = CastBallot {
        member,
        decision: decision.to_owned(),
        item: None,
        share_ppm,
        scores: Some(scores),
        against: false,
    };
    batch.append(&Act::CastBallot(act), ACTOR, "", "", at)?;
    Ok(())
}
