//! The graph of contributions: who made which items when, and how items are linked. It computes nothing.

use super::parameters::{MOST_WEIGHT_MICRO, Parameters};
use super::shares::Shares;

/// People are the numbers below `people`, weeks those below `weeks`, and items are known by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    pub people: u32,
    pub weeks: u32,
    pub items: Vec<Item>,
    /// Further authors of items, each by its item and the person; no author is named twice. They share what the item pays evenly.
    pub with: Vec<(u32, u32)>,
    pub links: Vec<Link>,
    pub attributions: Vec<Attribution>,
}

/// One thing that somebody made, in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    /// None where a program made it: credit flows through it to other items alone.
    pub author: Option<u32>,
    pub week: u32,
    /// Micro-credits that this item mints, where it is not as much as its kind does.
    pub mint_micro: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Commit,
    /// A commit with two parents or more.
    Merge,
    Review,
    Issue,
    Document,
}

/// A link between two items, such as from a commit to its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub kind: LinkKind,
    pub from: u32,
    pub to: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// From a commit to one that it builds on.
    Parent,
    /// From a review to an item that was reviewed.
    Review,
    /// From any item to one that it names.
    Mention,
}

/// A part of a person's pay-out that goes to another person's week instead, from a week on and until the pair is named anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    pub from: u32,
    pub to: u32,
    pub week: u32,
    pub share_ppm: u32,
}

/// The reason why credit is not computed, with the places that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A probability is out of its bounds, or they sum to more than one.
    Probability,
    /// A weight of a kind is out of its bounds.
    Weight,
    TooManyPeople,
    /// There is no week, or there are too many.
    Weeks,
    TooManyItems,
    TooManyLinks,
    /// Attributions times weeks are too many: their people have a node for each week.
    TooManyAttributed,
    /// The item's author is nobody, its week is outside, or it mints too much.
    Item(u32),
    /// An end of the link is no item, or both are one.
    Link(u32),
    /// Both ends are one person, one is nobody, the week is outside, or the part is more than the whole.
    Attribution(u32),
    /// This person gives more than their whole pay-out in some week.
    Overshared(u32),
    /// All items together mint too much.
    Minted,
    /// Credit was minted and nobody is reached.
    Unpaid,
    /// An item is linked to one of a later week.
    Later {
        from: u32,
        to: u32,
    },
    /// A commit is among its own ancestors.
    Circle(u32),
}

pub const MOST_PEOPLE: u32 = 100_000;
/// Some 96 years.
pub const MOST_WEEKS: u32 = 5_000;
pub const MOST_ITEMS: usize = 1_000_000;
pub const MOST_LINKS: usize = 4_000_000;
/// Attributions times weeks.
pub const MOST_ATTRIBUTED_WEEKS: u64 = 1_000_000;
/// Nine million credits, so that a sum in millionths of a millionth stays below 2^63.
pub const MOST_MINTED_MICRO: u64 = 9_000_000_000_000;
const ONE_PPM: u32 = 1_000_000;

impl Graph {
    /// Micro-credits that an item mints.
    pub(super) fn mint_micro(parameters: &Parameters, item: &Item) -> u64 {
        item.mint_micro.unwrap_or_else(|| parameters.mint_micro(item.kind))
    }

    /// All micro-credits that are minted; saturates.
    pub(super) fn minted_micro(&self, parameters: &Parameters) -> u64 {
        self.items.iter().fold(0, |sum, item| Self::mint_micro(parameters, item).saturating_add(sum))
    }

    /// # Errors
    /// A bound is passed, or something names a place that is not there.
    pub(super) fn check(&self, parameters: &Parameters) -> Result<(), Wrong> {
        if self.people > MOST_PEOPLE {
            return Err(Wrong::TooManyPeople);
        }
        if !(1..=MOST_WEEKS).contains(&self.weeks) {
            return Err(Wrong::Weeks);
        }
        if self.items.len() > MOST_ITEMS {
            return Err(Wrong::TooManyItems);
        }
        if self.links.len() > MOST_LINKS {
            return Err(Wrong::TooManyLinks);
        }
        for (place, item) in (0..).zip(&self.items) {
            let known = item.author.is_none_or(|author| author < self.people);
            let minted = item.mint_micro.is_none_or(|micro| micro <= MOST_WEIGHT_MICRO);
            if !known || item.week >= self.weeks || !minted {
                return Err(Wrong::Item(place));
            }
        }
        for (item, author) in &self.with {
            let other = self.items.get(*item as usize).and_then(|item| item.author);
            let known = other.is_some_and(|other| other != *author) && *author < self.people;
            if !known || self.with.len() > MOST_LINKS {
                return Err(Wrong::Item(*item));
            }
        }
        for (place, link) in (0..).zip(&self.links) {
            let known = |end: u32| (end as usize) < self.items.len();
            if !known(link.from) || !known(link.to) || link.from == link.to {
                return Err(Wrong::Link(place));
            }
        }
        if self.minted_micro(parameters) > MOST_MINTED_MICRO {
            return Err(Wrong::Minted);
        }
        self.check_attributions()
    }

    fn check_attributions(&self) -> Result<(), Wrong> {
        for (place, attribution) in (0..).zip(&self.attributions) {
            let Attribution { from, to, week, share_ppm } = *attribution;
            let inside = from < self.people && to < self.people && week < self.weeks;
            if !inside || from == to || share_ppm > ONE_PPM {
                return Err(Wrong::Attribution(place));
            }
        }
        if u64::from(self.weeks).saturating_mul(self.attributions.len() as u64) > MOST_ATTRIBUTED_WEEKS {
            return Err(Wrong::TooManyAttributed);
        }
        match Shares::of(self).first_beyond(u64::from(ONE_PPM)) {
            Some(person) => Err(Wrong::Overshared(person)),
            None => Ok(()),
        }
    }

    /// People who share their pay-out or get a part of somebody's, each once, in order.
    pub(super) fn attributed(&self) -> Vec<u32> {
        let mut people: Vec<u32> = self.attributions.iter().flat_map(|one| [one.from, one.to]).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// Checks that links lead to no later week, and commits to no commit that leads back. Histories of git are free of circles, and their
    /// dates are of all kinds: this is for files that somebody wrote.
    ///
    /// # Errors
    /// The first link or commit in the way.
    pub fn check_order(&self) -> Result<(), Wrong> {
        let week = |item: u32| self.items.get(item as usize).map(|item| item.week);
        for Link { from, to, .. } in self.links.iter().copied() {
            if week(to) > week(from) {
                return Err(Wrong::Later { from, to });
            }
        }
        match self.first_in_a_circle() {
            Some(item) => Err(Wrong::Circle(item)),
            None => Ok(()),
        }
    }

    /// Takes away commits whose parents are all gone until none is left to take. Each of the rest has a parent among the rest, so that a walk
    /// from parent to parent comes to one item twice.
    fn first_in_a_circle(&self) -> Option<u32> {
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); self.items.len()];
        let mut parents: Vec<Vec<u32>> = children.clone();
        for link in self.links.iter().filter(|link| link.kind == LinkKind::Parent) {
            if let Some(children) = children.get_mut(link.to as usize) {
                children.push(link.from);
            }
            if let Some(parents) = parents.get_mut(link.from as usize) {
                parents.push(link.to);
            }
        }
        let mut left: Vec<usize> = parents.iter().map(Vec::len).collect();
        let free = (0_u32..).zip(&left).filter(|(_, left)| **left == 0);
        let mut waiting: Vec<u32> = free.map(|(item, _)| item).collect();
        while let Some(item) = waiting.pop() {
            for child in children.get(item as usize).into_iter().flatten() {
                let Some(left) = left.get_mut(*child as usize) else { continue };
                *left = left.saturating_sub(1);
                if *left == 0 {
                    waiting.push(*child);
                }
            }
        }
        let is_left = |item: u32| left.get(item as usize).is_some_and(|left| *left > 0);
        let mut item = (0_u32..).zip(&left).find(|(_, left)| **left > 0).map(|(item, _)| item)?;
        let mut seen = vec![false; self.items.len()];
        while !std::mem::replace(seen.get_mut(item as usize)?, true) {
            item = parents.get(item as usize)?.iter().copied().find(|parent| is_left(*parent))?;
        }
        Some(item)
    }
}
