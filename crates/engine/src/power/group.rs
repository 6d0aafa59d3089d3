//! Those who act together: the seats of a body, those on a list, or all members.

use charter::{Clause, Power};
use imbl::OrdSet;
use serde::{Deserialize, Serialize};

use crate::act::{Act, Deed, Pseudonym};
use crate::apply::authority::covers;
use crate::chamber::{Decision, Kind};
use crate::edition::Edition;
use crate::id::{DecisionId, MemberIndex};
use crate::state::State;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Group {
    /// An office or a body.
    Seat(DecisionId),
    /// Those on a list.
    List(String),
    /// All members, for a list with nobody on it, and for the register.
    Members,
}

impl State {
    /// How many seats of an office or body must agree to an act of it. Under edition 1 one is enough.
    #[must_use]
    pub fn seats_to_act(&self, decision: &Decision) -> u32 {
        if self.editions.current < Edition::TWO {
            return 1;
        }
        self.rules.clause(&decision.name).map_or(1, Clause::seats_to_act)
    }

    /// How many seats of an office or body must agree to this act of it. To record support one is enough unless the clause says
    /// `acts-by`.
    #[must_use]
    pub fn seats_for(&self, decision: &Decision, act: &Act) -> u32 {
        if act.records_support() {
            return self.rules.clause(&decision.name).map_or(1, Clause::seats_to_record);
        }
        self.seats_to_act(decision)
    }

    /// Whether a member's own word is this act of an office or body: one seat is enough, or nobody holds any and they are a founder.
    #[must_use]
    pub fn acts_alone(&self, decision: &Decision, who: Pseudonym, act: &Act) -> bool {
        self.seats_for(decision, act) <= 1 || !decision.seats_member(who)
    }

    /// The name of a group in outcomes: a decision's path, `list NAME`, or `members`.
    #[must_use]
    pub fn group_name(&self, by: &Group) -> String {
        match by {
            Group::Seat(place) => self.decisions.get(*place).map(|one| one.name.clone()).unwrap_or_default(),
            Group::List(list) => format!("list {list}"),
            Group::Members => "members".to_owned(),
        }
    }

    /// Whether a member is one of those who act.
    #[must_use]
    pub fn is_among(&self, by: &Group, who: MemberIndex) -> bool {
        match by {
            Group::Seat(place) => {
                let pseudonym = self.members.pseudonym(who);
                let decision = self.decisions.get(*place).filter(|one| one.is_open());
                decision.zip(pseudonym).is_some_and(|(decision, who)| decision.seats_member(who))
            }
            Group::List(list) => self.members.list(list).is_some_and(|on| on.contains(&who)),
            Group::Members => self.members.is_active(who),
        }
    }

    /// How many of them there are: seats, taken or free, or heads.
    #[must_use]
    pub fn group_size(&self, by: &Group) -> usize {
        match by {
            Group::Seat(place) => self.decisions.get(*place).map_or(0, |one| one.seats().holders.len()),
            Group::List(list) => self.members.list(list).map_or(0, OrdSet::len),
            Group::Members => self.members.active_count(),
        }
    }

    /// How many of them must agree to a deed.
    #[must_use]
    pub fn needed(&self, by: &Group, deed: &Deed) -> usize {
        match by {
            Group::Seat(place) => {
                let seats = self.decisions.get(*place).map_or(1, |one| self.seats_for(one, &deed.act()));
                usize::try_from(seats).unwrap_or(usize::MAX)
            }
            Group::List(_) | Group::Members => (self.group_size(by) / 2).saturating_add(1),
        }
    }

    /// Those who agreed and are still among those who act.
    pub(super) fn still(&self, by: &Group, agreed: &OrdSet<MemberIndex>) -> OrdSet<MemberIndex> {
        agreed.iter().copied().filter(|who| self.is_among(by, *who)).collect()
    }

    /// Whether an act changes a list that those on it keep, which no power reaches.
    pub(crate) fn is_kept_by_heads(&self, act: &Act) -> bool {
        let list = match act {
            Act::AddToList(act) => &act.list,
            Act::RemoveFromList(act) => &act.list,
            _ => return false,
        };
        self.rules.kernel.is_kept_by_members(list)
    }

    /// Whether those on a list act for it: the kernel says so, or of every body that may keep lists no more than half of the
    /// seats are filled.
    #[must_use]
    pub fn heads_keep(&self, list: &str) -> bool {
        if self.editions.current < Edition::TWO || self.members.list(list).is_none() {
            return false;
        }
        self.rules.kernel.is_kept_by_members(list) || self.is_vacant(Power::KeepList)
    }

    /// Whether the members act for the register: of every office and body that may admit no more than half of the seats are filled,
    /// and no founder acts for those that are vacant.
    #[must_use]
    pub fn members_admit(&self) -> bool {
        let by_founders = self.founding_lasts() && self.founders().next().is_some();
        self.editions.current >= Edition::TWO && !by_founders && self.is_vacant(Power::Admit)
    }

    /// Whether the rules give a power to offices and bodies, and none of them can act. Where no rule gives it, the operator acts.
    fn is_vacant(&self, power: Power) -> bool {
        let mut holders = self.open_decisions().map(|(_, one)| one).filter(|one| self.gives(one, power));
        let can_act = |one: &Decision| one.seated().count().saturating_mul(2) > one.seats().holders.len();
        holders.next().is_some_and(|first| !can_act(first)) && !holders.any(can_act)
    }

    /// Whether those on a list, or the members, may do an act as things are: in place of seats that nobody fills, or because the
    /// kernel says that they keep the list.
    pub(super) fn heads_may(&self, by: &Group, deed: &Deed) -> bool {
        match deed {
            Deed::AdmitMember(act) => !act.founder && self.members_admit(),
            // An act that they announced is theirs to take back.
            Deed::TakeBackAct(_) => true,
            deed => deed.list().is_some_and(|list| self.heads_keep(list) && self.heads_of(list) == *by),
        }
    }

    /// Those who act for a list: the ones on it, or all members while nobody is.
    #[must_use]
    pub fn heads_of(&self, list: &str) -> Group {
        let is_empty = self.members.list(list).is_none_or(OrdSet::is_empty);
        if is_empty { Group::Members } else { Group::List(list.to_owned()) }
    }

    /// The decision whose candidates can hold an announced act up: that of the seat; or the one that a list feeds, which is, of the
    /// offices and bodies on which its class votes, the one that settles most slowly, the first of equals, and the constitution's own
    /// where there is none. The register feeds them all.
    pub(super) fn watched(&self, by: &Group, deed: &Deed) -> DecisionId {
        if let Group::Seat(place) = by {
            return *place;
        }
        let kernel = &self.rules.kernel;
        let reads =
            |list: &str, clause: &Clause| kernel.reads(list).any(|class| clause.electorate.contains(&class.name));
        let feeds =
            |clause: &Clause| clause.electorate.is_empty() || deed.list().is_none_or(|list| reads(list, clause));
        let seats = self.open_decisions().filter(|(_, one)| matches!(one.kind(), Kind::Office | Kind::Body));
        let fed = seats.filter(|(_, one)| self.rules.clause(&one.name).is_some_and(feeds));
        let slowest = fed.min_by_key(|(place, one)| {
            let settles = one.terms().map_or(0, |terms| terms.settles_in.seconds());
            (std::cmp::Reverse(settles), *place)
        });
        slowest.map_or(DecisionId::ROOT, |(place, _)| place)
    }

    /// The office or body through which a member takes an announced act back: the one that announced it, or one above it.
    pub(crate) fn taker(&self, who: Pseudonym, number: u64) -> Option<&Decision> {
        let held = self.stood_for(who).filter_map(|place| self.decisions.get(place));
        // An act that does not wait is told to those who may announce some: the ladder says that it does not.
        let is_gone = self.powers.announced_act(number).is_none();
        let announces = |one: &Decision| self.gives(one, Power::Admit) || self.gives(one, Power::KeepList);
        let may = |one: &Decision| if is_gone { announces(one) } else { self.may_take_back(one, number) };
        let held = held.filter(|one| one.is_open() && one.seats_member(who) && may(one));
        held.min_by_key(|one| self.seats_to_act(one) > 1)
    }

    /// Whether an office or body may take an announced act back: its own, or one of a seat further down, with the same power.
    pub(crate) fn may_take_back(&self, decision: &Decision, number: u64) -> bool {
        let Some(announced) = self.powers.announced_act(number) else {
            return false;
        };
        let Group::Seat(place) = announced.by else {
            return false;
        };
        let Some(by) = self.decisions.get(place) else {
            return false;
        };
        let holder = |path: &str| path.rsplit_once('/').map(|(above, _)| format!("{above}/")).unwrap_or_default();
        let (own, theirs) = (holder(&decision.name), holder(&by.name));
        let is_above = theirs.len() > own.len() && theirs.starts_with(&own);
        by.name == decision.name || (is_above && covers(self, decision, &announced.deed.act()))
    }

    /// Whether a body may do an act, once enough of its seats agree.
    pub(super) fn body_may(&self, decision: &Decision, act: &Act) -> bool {
        match act {
            Act::TakeBackAct(act) => self.may_take_back(decision, act.number),
            act => covers(self, decision, act) && !act.names_founder(),
        }
    }
}
