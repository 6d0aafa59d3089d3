//! A history, and what its forge says of issues and reviews, become the list of contributions that credit of a period comes of: people by the
//! identities of the register, programs left out, co-authors named. It decides nothing: the engine works out what a list comes to. Source:
//! `docs/spec/credit.md`.

mod pieces;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use bridges::{ForgeWork, Identity, Lineage};
use engine::Pseudonym;
use engine::book::Day;
use engine::credit::contributions::{Contribution, Contributions};
use engine::credit::{Kind, sunday_of, week_of};
use quantity::{Moment, Zone};

use crate::batch::Batch;
use crate::error::Error;
use crate::inbox::person_of;
use pieces::{Makers, Piece, Work, host_of};

/// Contributions before the period are on its list where it leads to them in so many steps.
pub const STEPS: usize = 10;
/// They are dated no earlier than so many weeks before the period's first.
const WEEKS_BEFORE: i64 = 520;
/// As many digits of a commit's id stand on a list where no other commit begins so.
const DIGITS: usize = 12;

/// A list, and how many people and contributions of the period it is about.
#[derive(Debug)]
pub struct Listed {
    pub list: Contributions,
    /// Contributions of the period.
    pub new: usize,
    /// People who made some of them and are in no register, by name.
    pub unknown: Vec<String>,
    /// Reviews that are on no list: of what is not in the repository, after it came in, or of one's own.
    pub left_out: usize,
}

impl Batch<'_> {
    /// The list of a period, from its first instant to the first one after it.
    ///
    /// # Errors
    /// A fault.
    pub fn contributions(
        &mut self,
        lineage: &Lineage,
        forge: &ForgeWork,
        period: (Moment, Moment),
    ) -> Result<Listed, Error> {
        let makers = Makers::of(lineage, forge);
        let host = host_of(forge);
        let mut members = Vec::new();
        for (place, identity) in makers.people.iter().enumerate() {
            // An account is known where the forge's own bridge brought it: by its changes and reviews, or by its commits.
            let places = match (&host, place >= makers.accounts) {
                (Some(host), true) => vec![host.as_str(), "commit"],
                _ => vec!["commit"],
            };
            members.push(self.known_at(identity, &places)?);
        }
        let work = Work::new(lineage, forge, makers, &members);
        let zone = self.state().rules.kernel.zone.clone();
        Ok(listed(&work, &members, period, &zone))
    }

    fn known_at(&mut self, identity: &Identity, places: &[&str]) -> Result<Option<Pseudonym>, Error> {
        for place in places {
            let origin = self.origin(place);
            if let Some(member) = self.known(&person_of(identity, false, origin))? {
                return Ok(Some(self.state().holder(member)));
            }
        }
        Ok(None)
    }
}

fn listed(work: &Work, members: &[Option<Pseudonym>], period: (Moment, Moment), zone: &Zone) -> Listed {
    let chosen = chosen(work, period);
    let order = in_order(work, &chosen);
    let is_new = |place: u32| is_of(work, place, period);
    let week = |place: &u32| work.pieces.get(*place as usize).and_then(|one| one.at).map(week_of);
    let new: Vec<u32> = order.iter().copied().filter(|place| is_new(*place)).collect();
    let last = new.iter().filter_map(week).max().unwrap_or_else(|| week_of(period.0));
    let least = new.iter().filter_map(week).min().unwrap_or(last).saturating_sub(WEEKS_BEFORE);
    let first = order.iter().filter_map(week).min().unwrap_or(last).clamp(least, last);
    let mut people = People::new(work, &order, members);
    let ids = ids(work, &order);
    let places: BTreeMap<u32, u32> = order.iter().copied().zip(0..).collect();
    let mut items = Vec::new();
    for (place, id) in order.iter().zip(ids) {
        let Some(piece) = work.pieces.get(*place as usize) else { continue };
        let week = week(place).unwrap_or(last).clamp(first, last).saturating_sub(first);
        let mut links: Vec<u32> = piece.links.iter().filter_map(|to| places.get(to).copied()).collect();
        links.sort_unstable();
        items.push(Contribution {
            kind: piece.kind,
            id,
            week: u32::try_from(week).unwrap_or(0),
            authors: people.places(piece.authors.iter().copied()),
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
    Listed { list, new: new.len(), unknown: unknown(work, &new, members), left_out: work.left_out }
}

/// Whether somebody made a contribution within a period.
fn is_of(work: &Work, place: u32, (from, until): (Moment, Moment)) -> bool {
    let made = work.pieces.get(place as usize).and_then(|piece| piece.at);
    made.is_some_and(|at| from <= at && at < until)
}

/// The contributions of a period, and those that they lead to.
fn chosen(work: &Work, period: (Moment, Moment)) -> BTreeSet<u32> {
    let all = 0..u32::try_from(work.pieces.len()).unwrap_or(u32::MAX);
    let mut edge: Vec<u32> = all.filter(|place| is_of(work, *place, period)).collect();
    let mut chosen: BTreeSet<u32> = edge.iter().copied().collect();
    for _ in 0..STEPS {
        let links = edge.iter().filter_map(|place| work.pieces.get(*place as usize)).flat_map(|one| &one.links);
        let further: BTreeSet<u32> = links.copied().filter(|to| !chosen.contains(to)).collect();
        chosen.extend(&further);
        edge = further.into_iter().collect();
    }
    chosen
}

/// Each contribution after those that it leads to, of those that could come next the one with the lowest place.
fn in_order(work: &Work, chosen: &BTreeSet<u32>) -> Vec<u32> {
    let links = |place: u32| {
        let links = work.pieces.get(place as usize).map(|piece| piece.links.as_slice());
        links.unwrap_or_default().iter().copied().filter(|to| chosen.contains(to))
    };
    let mut behind: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut left: BTreeMap<u32, usize> = BTreeMap::new();
    for place in chosen {
        left.insert(*place, links(*place).count());
        links(*place).for_each(|to| behind.entry(to).or_default().push(*place));
    }
    let mut free: BTreeSet<u32> = left.iter().filter(|(_, left)| **left == 0).map(|(place, _)| *place).collect();
    let mut order = Vec::new();
    while let Some(place) = free.pop_first() {
        order.push(place);
        for one in behind.get(&place).into_iter().flatten() {
            let Some(left) = left.get_mut(one) else { continue };
            *left = left.saturating_sub(1);
            if *left == 0 {
                free.insert(*one);
            }
        }
    }
    order
}

/// The first digits of each commit's id, all of them where another commit of the list begins so; the forge's number of all else.
fn ids(work: &Work, order: &[u32]) -> Vec<String> {
    let short = |piece: &Piece| match piece.kind {
        Kind::Commit | Kind::Merge => piece.id.get(..DIGITS).unwrap_or(&piece.id).to_owned(),
        _ => piece.id.clone(),
    };
    let pieces: Vec<&Piece> = order.iter().filter_map(|place| work.pieces.get(*place as usize)).collect();
    let is_commit = |piece: &Piece| matches!(piece.kind, Kind::Commit | Kind::Merge);
    let mut begins: BTreeMap<String, usize> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| is_commit(piece)) {
        let count = begins.entry(short(piece)).or_default();
        *count = count.saturating_add(1);
    }
    let is_several = |piece: &Piece| is_commit(piece) && begins.get(&short(piece)).is_some_and(|count| *count > 1);
    pieces.into_iter().map(|piece| if is_several(piece) { piece.id.clone() } else { short(piece) }).collect()
}

/// The names of those who made new contributions and are in no register.
fn unknown(work: &Work, new: &[u32], members: &[Option<Pseudonym>]) -> Vec<String> {
    let made = new.iter().filter_map(|place| work.pieces.get(*place as usize));
    let people = made.flat_map(|piece| piece.authors.iter().copied());
    let unknown = people.filter(|person| members.get(*person as usize).copied().flatten().is_none());
    let names: BTreeSet<&str> =
        unknown.filter_map(|person| work.people.get(person as usize)).map(|one| one.name.as_str()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// People of a list: members by pseudonym, then those whom no register knows.
struct People {
    list: Vec<Option<Pseudonym>>,
    /// By the person of the work.
    place: BTreeMap<u32, u32>,
}

impl People {
    fn new(work: &Work, order: &[u32], members: &[Option<Pseudonym>]) -> People {
        let pieces = order.iter().filter_map(|place| work.pieces.get(*place as usize));
        let made: BTreeSet<u32> = pieces.flat_map(|piece| piece.authors.iter().copied()).collect();
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

    /// The places of some of the people, each once.
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
