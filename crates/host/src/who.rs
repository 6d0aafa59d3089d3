//! Pairs of members who may be one person, since two places say something alike of them: kept beside the log, and asked one at a time.
//! Nothing is decided here: an answer becomes an act. Source: `docs/spec/people.md`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use charter::Power;
use engine::act::{AnswerJoin, JoinMembers, TakeBackJoin};
use engine::{Act, Actor, Edition, Pseudonym};
use quantity::Moment;
use rochdale_log::Store;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;
use crate::directory::{Called, Evidence, Origin, Person};
use crate::error::Error;
use crate::snapshot::Snapshot;

/// Where pairs are kept beside the log.
const WHO: &str = "who";
/// The record that says how many there are.
const COUNT: &[u8] = b"count";
/// The most pairs that are kept, answered ones too.
const MOST_PAIRS: u64 = 10_000;
/// The most pairs that one newcomer brings.
const MOST_OF_ONE: usize = 5;

/// Two members who may be one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaybeOne {
    /// The one who is longer in the register.
    #[schemars(with = "String")]
    pub one: Pseudonym,
    /// The other.
    #[schemars(with = "String")]
    pub other: Pseudonym,
    /// The thing that two places say alike of them.
    pub by: Evidence,
}

/// An answer to the question whether two members are one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// They are one person.
    Same,
    /// They are two: never asked again.
    Two,
    /// Others are asked first.
    Later,
}

/// A pair as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    by: Evidence,
    /// When it was found or put off, microseconds since 1970.
    at_us: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<Answer>,
}

/// Whether names are ids in the files of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameNames {
    /// A name that two places have proposes that two members are one person.
    #[default]
    Ask,
    /// As it is said with the files, a name, a handle and an address is one person in all of them.
    OnePerson,
}

/// The name of a pair's record.
fn record_of(one: Pseudonym, other: Pseudonym) -> String {
    let (one, other) = if one < other { (one, other) } else { (other, one) };
    format!("{one}:{other}")
}

fn pair_of(name: &str) -> Option<(Pseudonym, Pseudonym)> {
    let (one, other) = name.split_once(':')?;
    Some((one.parse().ok()?, other.parse().ok()?))
}

/// Whether a record of pairs can be read, and of whom it is; `None` where it cannot.
pub(crate) fn readable(name: &str, json: &[u8]) -> Option<Vec<Pseudonym>> {
    if name.as_bytes() == COUNT {
        return std::str::from_utf8(json).ok()?.parse::<u64>().ok().map(|_| Vec::new());
    }
    let (one, other) = pair_of(name)?;
    serde_json::from_slice::<Kept>(json).ok().map(|_| vec![one, other])
}

fn kept(store: &mut dyn Store, coop: &str) -> Result<BTreeMap<(Pseudonym, Pseudonym), Kept>, Error> {
    let mut all = BTreeMap::new();
    store.scan(coop, WHO, &mut |name, json| {
        let pair = std::str::from_utf8(name).ok().and_then(pair_of);
        if let (Some(pair), Ok(kept)) = (pair, serde_json::from_slice(json)) {
            all.insert(pair, kept);
        }
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

impl Snapshot {
    /// The pairs that wait for an answer, the ones that were put off last.
    ///
    /// # Errors
    /// A fault.
    pub fn maybe_one(&self) -> Result<Vec<MaybeOne>, Error> {
        let (state, all) = (self.state(), self.beside.look(kept)?);
        let mut open: Vec<(i64, MaybeOne)> = Vec::new();
        for ((one, other), kept) in all {
            let indices = state.members.index(one).zip(state.members.index(other));
            let Some((first, second)) = indices.filter(|_| kept.said.is_none()) else { continue };
            let is_open = |member| state.members.is_active(member) && state.joins.of(member).is_none();
            if is_open(first) && is_open(second) && !state.joins.are_two(first, second) {
                let (one, other) = if first < second { (one, other) } else { (other, one) };
                open.push((kept.at_us, MaybeOne { one, other, by: kept.by }));
            }
        }
        open.sort_by_key(|(at, pair)| (*at, state.members.index(pair.one), state.members.index(pair.other)));
        Ok(open.into_iter().map(|(_, pair)| pair).collect())
    }
}

impl Batch<'_> {
    /// Takes names, handles and addresses of the files that follow for ids, wherever they are from.
    pub fn take_names_for_people(&mut self) {
        self.names = SameNames::OnePerson;
    }

    /// The members who share an address or a name with somebody whom nobody knows.
    pub(crate) fn alike(&mut self, person: &Person) -> Result<BTreeMap<Pseudonym, Evidence>, Error> {
        let mut alike = BTreeMap::new();
        if !self.keeps_places_apart() {
            return Ok(alike);
        }
        let coop = &mut *self.coop;
        let mut found = coop.identities.alike(&mut *coop.store, &coop.now.id, person)?;
        if let Called::One(member) = coop.now.directory.called(&person.name) {
            found.push((member, Evidence::Name));
        }
        for (member, by) in found {
            let known = alike.entry(member).or_insert(by);
            *known = by.min(*known);
        }
        Ok(alike)
    }

    /// Keeps the question whether a newcomer is one with these.
    pub(crate) fn propose_who(&mut self, member: Pseudonym, alike: BTreeMap<Pseudonym, Evidence>) -> Result<(), Error> {
        let members = &self.state().members;
        let is_organisation = |one: Pseudonym| members.index(one).is_some_and(|index| members.is_organisation(index));
        let own = is_organisation(member);
        let alike: Vec<_> =
            alike.into_iter().filter(|(other, _)| is_organisation(*other) == own).take(MOST_OF_ONE).collect();
        if alike.is_empty() {
            return Ok(());
        }
        let at_us = self.state().time.0;
        for (other, by) in alike {
            if self.put_new_pair((member, other), &Kept { by, at_us, said: None })? {
                self.proposed = self.proposed.saturating_add(1);
            }
        }
        Ok(())
    }

    /// Keeps a pair that was not there, and returns whether there was room.
    fn put_new_pair(&mut self, pair: (Pseudonym, Pseudonym), kept: &Kept) -> Result<bool, Error> {
        let coop = &mut *self.coop;
        let text = coop.store.get(&coop.now.id, WHO, COUNT)?;
        let count: u64 = text.and_then(|text| std::str::from_utf8(&text).ok()?.parse().ok()).unwrap_or(0);
        if count >= MOST_PAIRS {
            return Ok(false);
        }
        self.put_pair(pair, kept)?;
        self.put(WHO, COUNT, count.saturating_add(1).to_string().as_bytes())?;
        Ok(true)
    }

    fn put_pair(&mut self, (one, other): (Pseudonym, Pseudonym), kept: &Kept) -> Result<(), Error> {
        let json = serde_json::to_vec(kept).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(WHO, record_of(one, other).as_bytes(), &json)
    }

    /// Answers whether two members are one person. Returns the act that was handed in, if the answer is one.
    ///
    /// # Errors
    /// A refusal, somebody who may not answer, or a fault.
    pub fn answer_who(
        &mut self,
        one: Pseudonym,
        other: Pseudonym,
        answer: Answer,
        actor: Actor,
        now: Moment,
    ) -> Result<Option<Act>, Error> {
        let state = self.state();
        if state.editions.current < Edition::THREE {
            return Err(Error::Usage(
                "members are joined from edition 3 on: go on under it first, with `rochdale edition`".to_owned(),
            ));
        }
        let side = actor.member().filter(|who| [one, other].contains(who));
        let admits = actor.member().is_none_or(|who| state.holds_power(who, Power::Admit).next().is_some());
        if side.is_none() && !admits {
            return Err(Error::Usage("one of the two answers, or somebody who may admit members".to_owned()));
        }
        let coop = &mut *self.coop;
        let known = coop.store.get(&coop.now.id, WHO, record_of(one, other).as_bytes())?;
        let known: Option<Kept> = known.and_then(|json| serde_json::from_slice(&json).ok());
        let act = match answer {
            Answer::Same => Some(self.joining((one, other), side, actor, now)?),
            Answer::Two => self.parting((one, other), side, actor, now),
            Answer::Later => None,
        };
        if let Some(act) = &act {
            self.append(act, actor, "", "", now)?;
        }
        if let Some(kept) = known {
            let said = (answer != Answer::Later).then_some(answer);
            let at_us = if said.is_none() { self.last_asked()?.saturating_add(1).max(now.0) } else { now.0 };
            self.put_pair((one, other), &Kept { said, at_us, ..kept })?;
        } else if answer == Answer::Two && act.is_none() {
            // Without room the question is asked when it comes up; nothing else depends on it.
            self.put_new_pair((one, other), &Kept { by: Evidence::Name, at_us: now.0, said: Some(answer) })?;
        }
        Ok(act)
    }

    /// When the pair was found or put off that is asked last.
    fn last_asked(&mut self) -> Result<i64, Error> {
        let coop = &mut *self.coop;
        let all = kept(&mut *coop.store, &coop.now.id)?;
        Ok(all.values().map(|kept| kept.at_us).max().unwrap_or(0))
    }

    /// The act by which somebody says that two are one: the record of whom the co-op knows itself stays, and else the older one.
    fn joining(
        &mut self,
        (one, other): (Pseudonym, Pseudonym),
        side: Option<Pseudonym>,
        actor: Actor,
        now: Moment,
    ) -> Result<Act, Error> {
        let (from, into) = self.direction(one, other)?;
        if let Some(member) = side {
            return Ok(Act::AnswerJoin(AnswerJoin { member, from, into, yes: true }));
        }
        let ask_both = self.is_claimed(one)? || self.is_claimed(other)?;
        let act = Act::JoinMembers(JoinMembers { from, into, ask_both });
        Ok(match actor.member() {
            Some(who) => engine::intent::by_power(self.state(), who, act, now),
            None => act,
        })
    }

    fn direction(&mut self, one: Pseudonym, other: Pseudonym) -> Result<(Pseudonym, Pseudonym), Error> {
        let state = self.state();
        let index = |who: Pseudonym| {
            state.members.index(who).ok_or_else(|| Error::Usage(format!("nobody in the register is {who}")))
        };
        let (first, second) = (index(one)?, index(other)?);
        if state.joins.of(first).is_some_and(|join| join.into == second) {
            return Ok((one, other));
        }
        if state.joins.of(second).is_some_and(|join| join.into == first) {
            return Ok((other, one));
        }
        let has_others = |who| state.joins.joined_into(who).next().is_some();
        let acts = |who| state.acts_themselves(who);
        let own = (!has_others(first), !acts(first));
        let others = (!has_others(second), !acts(second));
        let one_rank = (own, !self.is_claimed(one)?, self.is_elsewhere(one)?, first);
        let other_rank = (others, !self.is_claimed(other)?, self.is_elsewhere(other)?, second);
        Ok(if one_rank < other_rank { (other, one) } else { (one, other) })
    }

    fn is_elsewhere(&mut self, member: Pseudonym) -> Result<bool, Error> {
        Ok(self.profile(member)?.is_some_and(|profile| profile.is_elsewhere()))
    }

    /// The act by which a join that waits is stopped.
    fn parting(
        &self,
        (one, other): (Pseudonym, Pseudonym),
        side: Option<Pseudonym>,
        actor: Actor,
        now: Moment,
    ) -> Option<Act> {
        let state = self.state();
        let (first, second) = (state.members.index(one)?, state.members.index(other)?);
        let waits = |from, into| state.joins.of(from).is_some_and(|join| join.into == into);
        let (from, into) = match (waits(first, second), waits(second, first)) {
            (true, _) => (one, other),
            (_, true) => (other, one),
            _ => return None,
        };
        let act = Act::TakeBackJoin(TakeBackJoin { from });
        Some(match (side, actor.member()) {
            (Some(member), _) => Act::AnswerJoin(AnswerJoin { member, from, into, yes: false }),
            (None, Some(who)) => engine::intent::by_power(state, who, act, now),
            (None, None) => act,
        })
    }

    /// Whether somebody signs in as a member or has, by an invitation, a browser or a token: then a join of theirs needs their yes.
    fn is_claimed(&mut self, member: Pseudonym) -> Result<bool, Error> {
        let sessions = self.sessions()?.into_iter().any(|(_, session)| session.member == member);
        let tokens = self.tokens()?.into_iter().any(|(_, token)| token.member == Some(member));
        let invited = |one: &crate::gate::Invitation| one.member == member && one.used_us.is_some();
        let founds = self.first_founder()? == Some(member);
        Ok(sessions || tokens || founds || self.invitations()?.iter().any(|(_, one)| invited(one)))
    }

    /// Erases the pairs of somebody of whom nothing is kept any more.
    pub(crate) fn forget_pairs(&mut self, member: Pseudonym) -> Result<(), Error> {
        let coop = &mut *self.coop;
        let all = kept(&mut *coop.store, &coop.now.id)?;
        for (one, other) in all.into_keys().filter(|(one, other)| *one == member || *other == member) {
            self.delete(WHO, record_of(one, other).as_bytes())?;
        }
        Ok(())
    }

    /// Whether two places that say alike make nobody one. Before edition 3 nobody could be joined by hand, and an address, a handle or a
    /// name joined from anywhere: so it stays there.
    pub(crate) fn keeps_places_apart(&self) -> bool {
        self.names == SameNames::Ask && self.state().editions.current >= Edition::THREE
    }

    /// Where the people of a record from elsewhere are known.
    pub(crate) fn origin(&self, place: &str) -> Origin {
        if self.keeps_places_apart() { Origin::Elsewhere(place.to_owned()) } else { Origin::Coop }
    }
}

#[cfg(test)]
mod tests;
