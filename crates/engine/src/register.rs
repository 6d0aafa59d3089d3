//! The register: members as columns, pseudonyms outside and dense indices inside. Not profiles (they stay beside the log).

pub(crate) mod act;
pub mod application;
pub mod device;
pub(crate) mod founders;
pub mod hearing;
pub mod join;
pub mod leaving;

use imbl::ordmap::DiffItem;
use imbl::{OrdMap, OrdSet};
use quantity::{Broken, Column, Moment, ensure};
use serde::{Deserialize, Serialize};

use crate::act::Pseudonym;
use crate::book::Day;
use crate::digest::Collect;
use crate::id::MemberIndex;

/// The end of a chain of ballots.
pub const NONE: u32 = u32::MAX;

/// The register's columns. All have one length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    pseudonyms: Column<Pseudonym>,
    #[serde(skip)]
    by_pseudonym: OrdMap<Pseudonym, MemberIndex>,
    organisation: Column<bool>,
    since: Column<Moment>,
    placed: Column<Placed>,
    roll: Roll,
    /// Days of memberships that began before the register was kept here.
    days: OrdMap<MemberIndex, Days>,
}

/// The days of a membership that began before the register was kept here, as the register before it had them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The day of joining.
    pub joined_on: Option<Day>,
    /// The last day, of somebody who had left by then.
    pub left_on: Option<Day>,
}

/// Who is a member, and who is on which list, at one moment: all that an electorate is asked for. A copy of it costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// How many there ever were.
    count: usize,
    ended: OrdMap<MemberIndex, Moment>,
    /// Those whose membership rests.
    resting: OrdSet<MemberIndex>,
    lists: OrdMap<String, OrdSet<MemberIndex>>,
}

impl Roll {
    /// Whether the member is one.
    #[must_use]
    pub fn is_active(&self, member: MemberIndex) -> bool {
        member.place() < self.count && !self.ended.contains_key(&member)
    }

    /// Whether the member is one whose membership does not rest.
    #[must_use]
    pub fn takes_part(&self, member: MemberIndex) -> bool {
        self.is_active(member) && !self.resting.contains(&member)
    }

    /// Who is on a list, in order of admission; `None` when no class reads such a list.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&OrdSet<MemberIndex>> {
        self.lists.get(name)
    }
}

/// One member's ballots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placed {
    /// The row of the newest ballot, from which the chain goes on; [`NONE`] without one.
    pub first: u32,
    /// How many stand.
    pub ballots: u32,
    /// Parts per million of the member's weight that stand on them.
    pub ppm: u32,
}

const NOTHING_PLACED: Placed = Placed { first: NONE, ballots: 0, ppm: 0 };

impl Members {
    /// Who is a member and on which list.
    #[must_use]
    pub fn roll(&self) -> &Roll {
        &self.roll
    }

    /// How many there ever were.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pseudonyms.len()
    }

    /// Nobody has joined yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pseudonyms.is_empty()
    }

    /// How many are members now.
    #[must_use]
    pub fn active_count(&self) -> usize {
        self.len().saturating_sub(self.roll.ended.len())
    }

    /// The index of a pseudonym, also of a former member.
    #[must_use]
    pub fn index(&self, pseudonym: Pseudonym) -> Option<MemberIndex> {
        self.by_pseudonym.get(&pseudonym).copied()
    }

    /// The pseudonym at an index.
    #[must_use]
    pub fn pseudonym(&self, member: MemberIndex) -> Option<Pseudonym> {
        self.pseudonyms.get(member.place()).copied()
    }

    /// Whether the member is an organisation.
    #[must_use]
    pub fn is_organisation(&self, member: MemberIndex) -> bool {
        self.organisation.get(member.place()).copied().unwrap_or(false)
    }

    /// When the member joined.
    #[must_use]
    pub fn since(&self, member: MemberIndex) -> Option<Moment> {
        self.since.get(member.place()).copied()
    }

    /// The days of a membership that began before the register was kept here; none of one that began here.
    #[must_use]
    pub fn days(&self, member: MemberIndex) -> Days {
        self.days.get(&member).copied().unwrap_or_default()
    }

    /// Whether days of memberships are kept that began before the register was kept here.
    pub(crate) fn has_days(&self) -> bool {
        !self.days.is_empty()
    }

    pub(crate) fn note_days(&mut self, member: MemberIndex, days: Days) {
        if days != Days::default() {
            self.days.insert(member, days);
        }
    }

    /// Whether the member is one now.
    #[must_use]
    pub fn is_active(&self, member: MemberIndex) -> bool {
        self.roll.is_active(member)
    }

    /// Whether the membership of somebody rests.
    #[must_use]
    pub fn rests(&self, member: MemberIndex) -> bool {
        self.roll.resting.contains(&member)
    }

    /// Those whose membership rests.
    pub fn resting(&self) -> impl Iterator<Item = MemberIndex> + '_ {
        self.roll.resting.iter().copied()
    }

    pub(crate) fn rest(&mut self, member: MemberIndex, rests: bool) {
        if rests {
            self.roll.resting.insert(member);
        } else {
            self.roll.resting.remove(&member);
        }
    }

    /// When the membership of somebody ended; the last moment of its last day where it ended with a notice.
    #[must_use]
    pub fn ended(&self, member: MemberIndex) -> Option<Moment> {
        self.roll.ended.get(&member).copied()
    }

    pub(crate) fn ended_at(&mut self, member: MemberIndex, at: Moment) {
        self.roll.ended.insert(member, at);
    }

    /// Former members.
    pub fn former(&self) -> impl Iterator<Item = MemberIndex> + '_ {
        self.roll.ended.keys().copied()
    }

    /// Those who have left since the register was as `then`.
    pub fn left_since<'a>(&'a self, then: &'a Members) -> impl Iterator<Item = MemberIndex> + 'a {
        then.roll.ended.diff(&self.roll.ended).filter_map(|moved| match moved {
            DiffItem::Add(member, _) => Some(*member),
            DiffItem::Update { .. } | DiffItem::Remove(..) => None,
        })
    }

    /// Those who came on lists and off them since the register was as `then`: the list, the member, and whether they came on.
    #[must_use]
    pub fn listed_since(&self, then: &Members) -> Vec<(String, MemberIndex, bool)> {
        let mut moved = Vec::new();
        let none = OrdSet::new();
        for (name, list) in &self.roll.lists {
            let before = then.roll.lists.get(name).unwrap_or(&none);
            if list.ptr_eq(before) {
                continue;
            }
            moved.extend(before.iter().filter(|who| !list.contains(*who)).map(|who| (name.clone(), *who, false)));
            moved.extend(list.iter().filter(|who| !before.contains(*who)).map(|who| (name.clone(), *who, true)));
        }
        moved
    }

    /// All indices ever given out, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = MemberIndex> + Clone + use<> {
        (0..self.len()).map(MemberIndex::at)
    }

    /// Parts per million of the member's weight that stand on ballots.
    #[must_use]
    pub fn placed_ppm(&self, member: MemberIndex) -> u32 {
        self.placed(member).ppm
    }

    pub(crate) fn placed(&self, member: MemberIndex) -> Placed {
        self.placed.get(member.place()).copied().unwrap_or(NOTHING_PLACED)
    }

    pub(crate) fn placed_mut(&mut self, member: MemberIndex) -> Option<&mut Placed> {
        self.placed.get_mut(member.place())
    }

    /// Who is on a list, in order of admission; `None` when no class reads such a list.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&OrdSet<MemberIndex>> {
        self.roll.list(name)
    }

    pub(crate) fn declare_list(&mut self, name: &str) {
        self.roll.lists.entry(name.to_owned()).or_default();
    }

    pub(crate) fn list_mut(&mut self, name: &str) -> Option<&mut OrdSet<MemberIndex>> {
        self.roll.lists.get_mut(name)
    }

    /// Makes anew what finds members by their pseudonyms.
    pub(crate) fn index_anew(&mut self) {
        // In their order, neighbours are put beside each other.
        let mut all: Vec<_> = self.pseudonyms.iter().copied().zip(self.indices()).collect();
        all.sort_unstable();
        self.by_pseudonym = all.into_iter().collect();
    }

    /// Columns of one length, each pseudonym at its index, and nobody on a list who is no member.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        let columns = [self.by_pseudonym.len(), self.organisation.len(), self.since.len(), self.placed.len()];
        let members = self.len();
        ensure!(self.roll.count == members, "the roll has {} of {members} members", self.roll.count);
        ensure!(columns.iter().all(|length| *length == members), "the register has {members} members and {columns:?}");
        for (pseudonym, index) in &self.by_pseudonym {
            ensure!(self.pseudonym(*index) == Some(*pseudonym), "{pseudonym} is not at index {index}");
        }
        ensure!(self.former().all(|former| former.place() < members), "a membership has ended that never began");
        for (member, days) in &self.days {
            ensure!(member.place() < members, "days are kept of {member}, who never joined");
            ensure!(days.left_on.is_none() || !self.is_active(*member), "{member} has left and is a member");
        }
        for (name, list) in &self.roll.lists {
            ensure!(list.iter().all(|member| self.is_active(*member)), "somebody on `{name}` is no member");
        }
        Ok(())
    }

    /// Members in the state hash: how many, who of them are organisations, who has left, and the lists.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.wide(self.len() as u128);
        let organisations = || self.indices().filter(|member| self.is_organisation(*member));
        into.wide(organisations().count() as u128);
        for member in organisations() {
            into.number(member);
        }
        into.wide(self.roll.ended.len() as u128);
        for former in self.former() {
            into.number(former);
        }
        into.wide(self.roll.lists.len() as u128);
        for (name, list) in &self.roll.lists {
            into.text(name).wide(list.len() as u128);
            for member in list {
                into.number(*member);
            }
        }
    }

    /// Days in the state hash, a section of their own: those who have any, each with both as year, month and day, 0 without one.
    pub(crate) fn collect_days(&self, into: &mut Collect) {
        into.wide(self.days.len() as u128);
        for (member, days) in &self.days {
            into.number(*member);
            for day in [days.joined_on, days.left_on] {
                let day = day.unwrap_or(Day { year: 0, month: 0, day: 0 });
                into.number(day.year).number(day.month).number(day.day);
            }
        }
    }

    pub(crate) fn lists(&self) -> impl Iterator<Item = (&String, &OrdSet<MemberIndex>)> {
        self.roll.lists.iter()
    }

    pub(crate) fn admit(&mut self, pseudonym: Pseudonym, organisation: bool, at: Moment) -> MemberIndex {
        let index = MemberIndex::at(self.len());
        self.pseudonyms.push(pseudonym);
        self.by_pseudonym.insert(pseudonym, index);
        self.organisation.push(organisation);
        self.since.push(at);
        self.placed.push(NOTHING_PLACED);
        self.roll.count = self.len();
        index
    }

    /// Undoes the end of a membership. Lists are not known here.
    pub(crate) fn come_back(&mut self, member: MemberIndex) {
        self.roll.ended.remove(&member);
    }

    pub(crate) fn end(&mut self, member: MemberIndex, at: Moment) {
        self.roll.ended.insert(member, at);
        self.roll.resting.remove(&member);
        let on: Vec<String> =
            self.lists().filter(|(_, list)| list.contains(&member)).map(|(name, _)| name.clone()).collect();
        for name in on {
            if let Some(list) = self.roll.lists.get_mut(&name) {
                list.remove(&member);
            }
        }
    }
}
