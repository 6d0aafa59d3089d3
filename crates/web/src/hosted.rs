//! The server's own desk: views of a shared co-op, and acts handed in to it. Pages and the JSON API stand in front of it.

use std::collections::BTreeMap;

use engine::act::{Act, BookEntry, CastBallot};
use engine::ballot::Ballot;
use engine::book::{BookPeriod, Day};
use engine::decision::Matter;
use engine::weight::{Sources, weigh};
use engine::{Actor, Context, Pseudonym, State};
use host::{Coop, Error, ServerClock, Shared, Submission, Submitted, clock, decode_act};
use quantity::Moment;
use serde_json::{Value, json};
use views::{
    BookReport, CoopSummary, DecisionCard, DecisionView, HomeView, LogView, MemberView,
    MembersView, MoneyView, MyPageView, PreviewView, RankingView, Side, Sight, StandingsReport,
    WalkInView, WeightsReport,
};

use crate::desk::{BallotDraft, Desk, ItemDraft, ShareMove};
use crate::trouble::Trouble;

/// A desk on a co-op.
#[derive(Debug)]
pub struct HostDesk {
    shared: Shared,
    demonstration: bool,
    walk_in: bool,
}

/// Entries on one page of the log or of the book.
const PAGE: usize = 50;

impl HostDesk {
    /// A desk on a co-op by the machine's clock.
    #[must_use]
    pub fn new(coop: Coop, walk_in: bool) -> Self {
        HostDesk {
            shared: Shared::new(coop, ServerClock::Machine),
            demonstration: false,
            walk_in,
        }
    }

    /// A desk on a demonstration: its time goes on from where its log ends, and its next update can be run at once.
    #[must_use]
    pub fn demonstration(coop: Coop) -> Self {
        let clock = ServerClock::From {
            log: coop.state().time,
            machine: clock::now(),
        };
        HostDesk {
            shared: Shared::new(coop, clock),
            demonstration: true,
            walk_in: true,
        }
    }

    /// Runs what is due; called every second by the server.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn run_due(&self) -> Result<u64, Error> {
        self.shared.run_due()
    }

    fn see<T>(
        &self,
        me: Option<&str>,
        look: impl FnOnce(&Sight<'_>) -> Option<T>,
    ) -> Result<T, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let now = self.shared.now().max(coop.state().time);
        let me = me.and_then(|text| text.parse().ok());
        look(&sight(&coop, coop.state(), now, me, self.walk_in)).ok_or(Trouble::Absent)
    }

    /// The state after the next update if these acts came before it.
    fn ahead(
        &self,
        me: &str,
        acts: Vec<Act>,
        show: impl FnOnce(&Sight<'_>, &State) -> Option<PreviewView>,
    ) -> Result<PreviewView, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let who = pseudonym(me)?;
        let now = self.shared.now().max(coop.state().time);
        let mut state = coop.state().clone();
        let context = Context {
            time: now.min(Moment(state.next_due().moment().0.saturating_sub(1))),
            actor: Actor::Member(who),
        };
        for act in &acts {
            engine::apply(&mut state, act, &context)
                .map_err(|refusal| Trouble::Refused(views::refusal(&refusal)))?;
        }
        let after = engine::preview(&state, None)
            .map_err(|refusal| Trouble::Refused(views::refusal(&refusal)))?;
        show(
            &sight(&coop, coop.state(), now, Some(who), self.walk_in),
            &after,
        )
        .ok_or(Trouble::Absent)
    }

    /// Hands acts of one member in, all of them or none: tried on a copy first.
    fn hand_in(&self, me: &str, acts: Vec<Act>) -> Result<(), Trouble> {
        let who = pseudonym(me)?;
        let mut coop = self.shared.write();
        let now = self.shared.now();
        let mut batch = coop.batch().map_err(down)?;
        for act in &acts {
            match batch.append(act, Actor::Member(who), "", "", now) {
                Ok(_) => {}
                Err(Error::Refused(refusal)) => {
                    batch.abort().map_err(down)?;
                    return Err(Trouble::Refused(views::refusal(&refusal)));
                }
                Err(error) => return Err(down(error)),
            }
        }
        batch.commit().map_err(down)
    }

    /// The acts that make a member's ballots on an election what the draft says: what shrinks comes first.
    fn ballot_acts(
        &self,
        me: &str,
        decision: &str,
        draft: &BallotDraft,
    ) -> Result<Vec<Act>, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let (state, member) = (coop.state(), pseudonym(me)?);
        let standing = standing_ballots(state, member, decision);
        let mut acts = Vec::new();
        for (against, share_ppm, scores) in [
            (false, draft.for_share_ppm, &draft.for_scores_ppm),
            (true, draft.against_share_ppm, &draft.against_scores_ppm),
        ] {
            let stands = standing
                .iter()
                .any(|ballot| ballot.side.is_against() == against);
            if share_ppm == 0 && !stands {
                continue;
            }
            let scores = (share_ppm > 0).then(|| scores.clone());
            acts.push(Act::CastBallot(CastBallot {
                member,
                decision: decision.to_owned(),
                item: None,
                share_ppm,
                scores,
                against,
            }));
        }
        let candidates_move = acts.len() == 2 && !standing.is_empty();
        if candidates_move {
            // A candidate may go from one ballot to the other only through neither.
            let empty = |against| {
                Act::CastBallot(CastBallot {
                    member,
                    decision: decision.to_owned(),
                    item: None,
                    share_ppm: 0,
                    scores: None,
                    against,
                })
            };
            acts.retain(|act| !matches!(act, Act::CastBallot(cast) if cast.share_ppm == 0));
            acts.splice(0..0, [empty(false), empty(true)]);
        }
        Ok(acts)
    }
}

fn sight<'a>(
    coop: &'a Coop,
    state: &'a State,
    now: Moment,
    me: Option<Pseudonym>,
    walk_in: bool,
) -> Sight<'a> {
    Sight {
        state,
        history: coop.history(),
        directory: coop.directory(),
        now,
        me,
        walk_in,
    }
}

fn standing_ballots(state: &State, member: Pseudonym, decision: &str) -> Vec<Ballot> {
    let place = state.decision_place(decision);
    let index = state.members.index(member);
    match (index, place) {
        (Some(index), Some(place)) => state
            .ballots_on(index, place)
            .filter(|ballot| !ballot.side.is_nomination())
            .copied()
            .collect(),
        _ => Vec::new(),
    }
}

fn item_act(me: &str, ranking: &str, draft: &ItemDraft) -> Result<Act, Trouble> {
    Ok(Act::CastBallot(CastBallot {
        member: pseudonym(me)?,
        decision: ranking.to_owned(),
        item: Some(draft.item.clone()),
        share_ppm: draft.share_ppm,
        scores: None,
        against: draft.side == Side::Against,
    }))
}

fn pseudonym(text: &str) -> Result<Pseudonym, Trouble> {
    text.parse().map_err(|_| Trouble::Nobody)
}

/// A fault of the world: the operator reads why in the server's own log.
fn down(error: Error) -> Trouble {
    tracing::error!(%error, "the co-op cannot be used");
    Trouble::Unready
}

fn moment(text: &str, state: &State) -> Result<Moment, Trouble> {
    Moment::parse_at_end_of_day(text, &state.rules.kernel.zone)
        .map_err(|why| Trouble::bad("at", why))
}

impl Desk for HostDesk {
    fn coop(&self, me: Option<&str>) -> Result<CoopSummary, Trouble> {
        self.see(me, |sight| Some(views::coop_summary(sight)))
    }

    fn home(&self, me: Option<&str>) -> Result<HomeView, Trouble> {
        self.see(me, |sight| Some(views::home(sight)))
    }

    fn my_page(&self, me: &str) -> Result<MyPageView, Trouble> {
        self.see(Some(me), views::my_page)
            .map_err(|_| Trouble::Nobody)
    }

    fn decisions(&self) -> Result<Vec<DecisionCard>, Trouble> {
        self.see(None, |sight| Some(views::decision_cards(sight)))
    }

    fn decision(&self, name: &str, me: Option<&str>) -> Result<DecisionView, Trouble> {
        self.see(me, |sight| views::decision(sight, name))
    }

    fn ranking(&self, name: &str, me: Option<&str>) -> Result<RankingView, Trouble> {
        self.see(me, |sight| views::ranking(sight, name))
    }

    fn money(&self, cursor: Option<&str>) -> Result<MoneyView, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let bookings = coop.history().bookings();
        let (range, previous, next) = page(bookings.len(), cursor)?;
        let mut entries = Vec::new();
        for mark in bookings.get(range).unwrap_or_default().iter().rev() {
            let Some(bytes) = coop.entry(mark.seq).map_err(down)? else {
                continue;
            };
            let entry = rochdale_log::decode(&bytes).ok();
            if let Some(act) =
                entry.and_then(|entry| serde_json::from_slice::<BookEntry>(entry.body).ok())
            {
                entries.push(views::money_entry(
                    &sight(&coop, coop.state(), coop.state().time, None, self.walk_in),
                    &act,
                    mark,
                ));
            }
        }
        let now = self.shared.now().max(coop.state().time);
        Ok(views::money(
            &sight(&coop, coop.state(), now, None, self.walk_in),
            entries,
            next,
            previous,
        ))
    }

    fn members(&self, query: &str, cursor: Option<&str>) -> Result<MembersView, Trouble> {
        self.see(None, |sight| Some(views::members(sight, query, cursor)))
    }

    fn member(&self, member: &str) -> Result<MemberView, Trouble> {
        let who: Pseudonym = member.parse().map_err(|_| Trouble::Absent)?;
        self.see(None, |sight| views::member(sight, who))
    }

    fn log(&self, cursor: Option<&str>) -> Result<LogView, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let total = usize::try_from(coop.head().seq).unwrap_or(usize::MAX);
        let (range, previous, next) = page(total, cursor)?;
        let mut entries = Vec::new();
        for place in range.rev() {
            let seq = u64::try_from(place).unwrap_or(0).saturating_add(1);
            let Some(bytes) = coop.entry(seq).map_err(down)? else {
                continue;
            };
            let Ok(entry) = rochdale_log::decode(&bytes) else {
                continue;
            };
            let Some(Ok(act)) = Act::deserialize_body(
                &entry.kind,
                &mut serde_json::Deserializer::from_slice(entry.body),
            ) else {
                continue;
            };
            let told = views::LoggedAct {
                sequence: seq,
                at: Moment(entry.time_us),
                kind: &entry.kind,
                actor: &entry.actor,
                authority: &entry.authority,
                hash: rochdale_log::hash_entry(&bytes).to_string(),
                act: &act,
            };
            entries.push(views::log_entry(
                &sight(&coop, coop.state(), coop.state().time, None, self.walk_in),
                &told,
            ));
        }
        let end = views::LogEnd {
            entries: coop.head().seq,
            hash: coop.head().hash.to_string(),
        };
        let now = self.shared.now().max(coop.state().time);
        Ok(views::log(
            &sight(&coop, coop.state(), now, None, self.walk_in),
            &end,
            entries,
            next,
            previous,
        ))
    }

    fn walk_in(&self, query: &str, cursor: Option<&str>) -> Result<WalkInView, Trouble> {
        self.see(None, |sight| Some(views::walk_in(sight, query, cursor)))
    }

    fn preview_ballot(
        &self,
        me: &str,
        decision: &str,
        draft: &BallotDraft,
    ) -> Result<PreviewView, Trouble> {
        let acts = self.ballot_acts(me, decision, draft)?;
        self.ahead(me, acts, |sight, after| {
            views::preview_of(sight, after, decision)
        })
    }

    fn preview_item(
        &self,
        me: &str,
        ranking: &str,
        draft: &ItemDraft,
    ) -> Result<PreviewView, Trouble> {
        let act = item_act(me, ranking, draft)?;
        self.ahead(me, vec![act], |sight, after| {
            views::preview_of(sight, after, ranking)
        })
    }

    fn cast_ballot(&self, me: &str, decision: &str, draft: &BallotDraft) -> Result<(), Trouble> {
        let acts = self.ballot_acts(me, decision, draft)?;
        self.hand_in(me, acts)
    }

    fn cast_item_ballot(&self, me: &str, ranking: &str, draft: &ItemDraft) -> Result<(), Trouble> {
        let act = item_act(me, ranking, draft)?;
        self.hand_in(me, vec![act])
    }

    fn move_shares(&self, me: &str, moves: &[ShareMove]) -> Result<(), Trouble> {
        let acts = {
            let coop = self.shared.read().map_err(down)?;
            share_acts(coop.state(), pseudonym(me)?, moves)?
        };
        self.hand_in(me, acts)
    }

    fn run_next_update(&self) -> Result<(), Trouble> {
        if !self.demonstration {
            return Err(Trouble::Absent);
        }
        self.shared.run_next_update().map_err(down)
    }

    fn weights_report(
        &self,
        at: Option<&str>,
        member: Option<&str>,
    ) -> Result<WeightsReport, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let at = match at {
            Some(text) => moment(text, coop.state())?,
            None => self.shared.now().max(coop.state().time),
        };
        let mut state = coop.state().clone();
        let mut sources = Sources::default();
        state.weights = weigh(
            &state.rules.kernel,
            &state.members,
            &state.support,
            &mut sources,
            at,
            1,
        );
        let mut report = views::weights_report(&state, coop.directory(), member.is_some());
        if let Some(member) = member {
            report
                .members
                .retain(|row| row.member == member || row.name == member);
            if report.members.is_empty() {
                return Err(Trouble::Absent);
            }
        }
        Ok(report)
    }

    fn standings_report(
        &self,
        decision: &str,
        at: Option<&str>,
    ) -> Result<StandingsReport, Trouble> {
        let Some(text) = at else {
            return self.see(None, |sight| views::standings_report(sight, decision));
        };
        let mut coop = self.shared.write();
        let at = moment(text, coop.state())?;
        let (state, history) = coop.state_at(at).map_err(down)?.ok_or(Trouble::Absent)?;
        let sight = Sight {
            state: &state,
            history: &history,
            directory: coop.directory(),
            now: at,
            me: None,
            walk_in: self.walk_in,
        };
        views::standings_report(&sight, decision).ok_or(Trouble::Absent)
    }

    fn book_report(&self, by: &str, at: Option<&str>) -> Result<BookReport, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let by = match by {
            "year" => BookPeriod::Year,
            "month" => BookPeriod::Month,
            _ => return Err(Trouble::bad("by", "give `year` or `month`")),
        };
        let until = match at {
            Some(text) => Some(Day::of(
                moment(text, coop.state())?,
                &coop.state().rules.kernel.zone,
            )),
            None => None,
        };
        Ok(views::book_report(&coop.state().book, by, until))
    }

    fn submit_act(&self, me: Option<&str>, key: Option<&str>, act: &str) -> Result<Value, Trouble> {
        let who = me.map(pseudonym).transpose()?.ok_or(Trouble::Nobody)?;
        let mut line = decode_act(act.as_bytes(), &mut |_| None)
            .map_err(|misread| Trouble::bad("act", misread.to_string()))?;
        if let Some(key) = key {
            key.clone_into(&mut line.key);
        }
        if line.key.len() > 128 || line.key.chars().any(char::is_control) {
            return Err(Trouble::bad(
                "Idempotency-Key",
                "give at most 128 characters without control characters",
            ));
        }
        let submission = Submission {
            act: line.act,
            actor: Actor::Member(who),
            key: line.key,
            nonce: line.nonce,
        };
        match self.shared.submit(submission).map_err(down)? {
            Submitted::Accepted(receipt) => Ok(json!({ "receipt": receipt })),
            Submitted::Refused(refusal) => Err(Trouble::Refused(views::refusal(&refusal))),
            Submitted::KeyReused(entry) => Err(Trouble::bad(
                "Idempotency-Key",
                format!(
                    "entry {entry} has this key and is another act: give every act a key of its own"
                ),
            )),
            Submitted::Unfit(why) => Err(Trouble::bad("act", why)),
        }
    }

    fn ready(&self) -> Result<(), String> {
        self.shared
            .read()
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}

/// The acts that give standing ballots new shares; those that shrink come first, so that no sum is too large on the way.
fn share_acts(state: &State, member: Pseudonym, moves: &[ShareMove]) -> Result<Vec<Act>, Trouble> {
    let Some(index) = state.members.index(member) else {
        return Err(Trouble::Nobody);
    };
    let wanted: BTreeMap<&str, u32> = moves
        .iter()
        .map(|change| (change.field.as_str(), change.share_ppm))
        .collect();
    let mut changes: Vec<(i64, Act)> = Vec::new();
    for (_, ballot) in state.ballots.of(&state.members, index) {
        let field = views::placed_field(state, ballot);
        let Some(share_ppm) = wanted
            .get(field.as_str())
            .copied()
            .filter(|share| *share != ballot.share_ppm)
        else {
            continue;
        };
        if let Some(act) = with_share(state, member, ballot, share_ppm) {
            changes.push((i64::from(share_ppm) - i64::from(ballot.share_ppm), act));
        }
    }
    changes.sort_by_key(|(growth, _)| *growth);
    Ok(changes.into_iter().map(|(_, act)| act).collect())
}

fn with_share(state: &State, member: Pseudonym, ballot: &Ballot, share_ppm: u32) -> Option<Act> {
    let decision = state.decisions.get(ballot.decision as usize)?;
    let name = decision.name.clone();
    let against = ballot.side.is_against();
    if ballot.side.is_nomination() {
        let candidate = decision
            .election()?
            .candidates
            .get(ballot.target as usize)?
            .name
            .to_string();
        return Some(Act::Nominate(engine::act::Nominate {
            member,
            decision: name,
            candidate,
            share_ppm,
            against,
        }));
    }
    let (item, scores) = match &decision.matter {
        Matter::Ranking(ranking) => (
            Some(ranking.items.get(ballot.target as usize)?.id.clone()),
            None,
        ),
        Matter::Election(election) => {
            let named = |score: engine::ballot::Score| {
                Some((
                    election
                        .candidates
                        .get(score.candidate as usize)?
                        .name
                        .to_string(),
                    score.ppm(),
                ))
            };
            (
                None,
                Some(state.ballots.scores(ballot).filter_map(named).collect()),
            )
        }
    };
    Some(Act::CastBallot(CastBallot {
        member,
        decision: name,
        item,
        share_ppm,
        scores,
        against,
    }))
}

type Page = (std::ops::Range<usize>, Option<String>, Option<String>);

/// Which of `total` things a cursor shows, newest last; the cursors of the page before and after. A cursor is the number
/// of things that are older than the page's newest, plus one.
fn page(total: usize, cursor: Option<&str>) -> Result<Page, Trouble> {
    let end = match cursor.filter(|text| !text.is_empty()) {
        None => total,
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| Trouble::bad("cursor", "the cursor is not one of this page's"))?
            .min(total),
    };
    let begin = end.saturating_sub(PAGE);
    let newer = end.saturating_add(PAGE);
    let previous = if end >= total {
        None
    } else if newer >= total {
        Some(String::new())
    } else {
        Some(newer.to_string())
    };
    let next = (begin > 0).then(|| begin.to_string());
    Ok((begin..end, previous, next))
}
