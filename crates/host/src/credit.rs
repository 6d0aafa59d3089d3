//! A history becomes the list of contributions that credit of a period comes of: people by the identities of the register, bots left out,
//! co-authors named. It decides nothing: the engine works out what a list comes to. Source: `docs/spec/credit.md`.

use std::collections::{BTreeMap, BTreeSet};

use bridges::Lineage;
use engine::Pseudonym;
use engine::book::Day;
use engine::credit::contributions::{Contribution, Contributions};
use engine::credit::{Kind, sunday_of, week_of};
use quantity::{Moment, Zone};

use crate::batch::Batch;
use crate::error::Error;
use crate::inbox::person_of;

/// Contributions before the period are on its list where it leads to them in so many steps.
pub const STEPS: usize = 10;
/// They are dated no earlier than so many weeks before the period's first.
const WEEKS_BEFORE: i64 = 520;
/// As many digits of a commit's id stand on a list where no other commit begins so.
const DIGITS: usize = 12;

/// A list, and how many people and commits of the period it is about.
#[derive(Debug)]
pub struct Listed {
    pub list: Contributions,
    /// Commits of the period.
    pub new: usize,
    /// People who made some of them and are in no register, by name.
    pub unknown: Vec<String>,
}

impl Batch<'_> {
    /// The list of a period, from its first instant to the first one after it.
    ///
    /// # Errors
    /// A fault.
    pub fn contributions(&mut self, lineage: &Lineage, period: (Moment, Moment)) -> Result<Listed, Error> {
        let origin = self.origin("commit");
        let mut members = Vec::new();
        for identity in &lineage.people {
            let known = self.known(&person_of(identity, false, origin.clone()))?;
            members.push(known.map(|member| self.state().holder(member)));
        }
        let zone = self.state().rules.kernel.zone.clone();
        Ok(listed(lineage, &members, period, &zone))
    }
}

fn listed(lineage: &Lineage, members: &[Option<Pseudonym>], period: (Moment, Moment), zone: &Zone) -> Listed {
    let chosen = chosen(lineage, period);
    let order = in_order(lineage, &chosen);
    let is_new = |place: u32| is_of(lineage, place, period);
    let week = |place: &u32| lineage.commits.get(*place as usize).and_then(|one| one.made).map(|(_, at)| week_of(at));
    let new: Vec<u32> = order.iter().copied().filter(|place| is_new(*place)).collect();
    let last = new.iter().filter_map(week).max().unwrap_or_else(|| week_of(period.0));
    let least = new.iter().filter_map(week).min().unwrap_or(last).saturating_sub(WEEKS_BEFORE);
    let first = order.iter().filter_map(week).min().unwrap_or(last).clamp(least, last);
    let mut people = People::new(lineage, &order, members);
    let ids = ids(lineage, &order);
    let places: BTreeMap<u32, u32> = order.iter().copied().zip(0..).collect();
    let mut items = Vec::new();
    for (place, id) in order.iter().zip(ids) {
        let Some(commit) = lineage.commits.get(*place as usize) else { continue };
        let week = week(place).unwrap_or(last).clamp(first, last).saturating_sub(first);
        let mut links: Vec<u32> = commit.parents.iter().filter_map(|parent| places.get(parent).copied()).collect();
        links.sort_unstable();
        let authors = commit.made.into_iter().map(|(author, _)| author).chain(commit.with.iter().copied());
        items.push(Contribution {
            kind: if commit.parents.len() > 1 { Kind::Merge } else { Kind::Commit },
            id,
            week: u32::try_from(week).unwrap_or(0),
            authors: people.places(authors),
            new: is_new(*place),
            links,
        });
    }
    let day = |at: Moment| Day::of(at, zone).to_string();
    let list = Contributions {
        period: (day(period.0), day(period.1)),
        week: Day::of(sunday_of(first), &Zone::utc()).to_string(),
        people: people.list,
        items,
    };
    Listed { list, new: new.len(), unknown: unknown(lineage, &new, members) }
}

/// Whether somebody made a commit within a period.
fn is_of(lineage: &Lineage, place: u32, (from, until): (Moment, Moment)) -> bool {
    let made = lineage.commits.get(place as usize).and_then(|commit| commit.made);
    made.is_some_and(|(_, at)| from <= at && at < until)
}

/// The commits of a period, and those that they lead to.
fn chosen(lineage: &Lineage, period: (Moment, Moment)) -> BTreeSet<u32> {
    let all = 0..u32::try_from(lineage.commits.len()).unwrap_or(u32::MAX);
    let mut edge: Vec<u32> = all.filter(|place| is_of(lineage, *place, period)).collect();
    let mut chosen: BTreeSet<u32> = edge.iter().copied().collect();
    for _ in 0..STEPS {
        let parents = edge.iter().filter_map(|place| lineage.commits.get(*place as usize)).flat_map(|one| &one.parents);
        let further: BTreeSet<u32> = parents.copied().filter(|parent| !chosen.contains(parent)).collect();
        chosen.extend(&further);
        edge = further.into_iter().collect();
    }
    chosen
}

/// Each commit after its parents, of those that could come next the one with the lowest id.
fn in_order(lineage: &Lineage, chosen: &BTreeSet<u32>) -> Vec<u32> {
    let parents = |place: u32| {
        let parents = lineage.commits.get(place as usize).map(|commit| commit.parents.as_slice());
        parents.unwrap_or_default().iter().copied().filter(|parent| chosen.contains(parent))
    };
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut left: BTreeMap<u32, usize> = BTreeMap::new();
    for place in chosen {
        left.insert(*place, parents(*place).count());
        parents(*place).for_each(|parent| children.entry(parent).or_default().push(*place));
    }
    let mut free: BTreeSet<u32> = left.iter().filter(|(_, left)| **left == 0).map(|(place, _)| *place).collect();
    let mut order = Vec::new();
    while let Some(place) = free.pop_first() {
        order.push(place);
        for child in children.get(&place).into_iter().flatten() {
            let Some(left) = left.get_mut(child) else { continue };
            *left = left.saturating_sub(1);
            if *left == 0 {
                free.insert(*child);
            }
        }
    }
    order
}

/// The first digits of each commit's id, all of them where another commit of the list begins so.
fn ids(lineage: &Lineage, order: &[u32]) -> Vec<String> {
    let id = |place: &u32| lineage.commits.get(*place as usize).map_or("", |commit| commit.id.as_str());
    let short = |id: &str| id.get(..DIGITS).unwrap_or(id).to_owned();
    let mut begins: BTreeMap<String, usize> = BTreeMap::new();
    for place in order {
        let count = begins.entry(short(id(place))).or_default();
        *count = count.saturating_add(1);
    }
    let ids = order.iter().map(|place| {
        let whole = id(place);
        if begins.get(&short(whole)) == Some(&1) { short(whole) } else { whole.to_owned() }
    });
    ids.collect()
}

/// The names of those who made new commits and are in no register.
fn unknown(lineage: &Lineage, new: &[u32], members: &[Option<Pseudonym>]) -> Vec<String> {
    let made = new.iter().filter_map(|place| lineage.commits.get(*place as usize));
    let people =
        made.flat_map(|commit| commit.made.map(|(author, _)| author).into_iter().chain(commit.with.iter().copied()));
    let unknown = people.filter(|person| members.get(*person as usize).copied().flatten().is_none());
    let names: BTreeSet<&str> =
        unknown.filter_map(|person| lineage.people.get(person as usize)).map(|one| one.name.as_str()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// People of a list: members by pseudonym, then those whom no register knows.
struct People {
    list: Vec<Option<Pseudonym>>,
    /// By the history's person.
    place: BTreeMap<u32, u32>,
}

impl People {
    fn new(lineage: &Lineage, order: &[u32], members: &[Option<Pseudonym>]) -> People {
        let commits = order.iter().filter_map(|place| lineage.commits.get(*place as usize));
        let made =
            commits.flat_map(|one| one.made.map(|(author, _)| author).into_iter().chain(one.with.iter().copied()));
        let made: BTreeSet<u32> = made.collect();
        let member = |person: &u32| members.get(*person as usize).copied().flatten();
        let known: BTreeSet<Pseudonym> = made.iter().filter_map(member).collect();
        let places: BTreeMap<Pseudonym, u32> = known.iter().copied().zip(0..).collect();
        let mut people = People { list: known.into_iter().map(Some).collect(), place: BTreeMap::new() };
        for person in made {
            let place = match member(&person).and_then(|member| places.get(&member).copied()) {
                Some(place) => place,
                None => {
                    people.list.push(None);
                    u32::try_from(people.list.len()).unwrap_or(u32::MAX).saturating_sub(1)
                }
            };
            people.place.insert(person, place);
        }
        people
    }

    /// The places of some of the history's people, each once.
    fn places(&mut self, people: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut places: Vec<u32> = Vec::new();
        for place in people.filter_map(|person| self.place.get(&person).copied()) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
