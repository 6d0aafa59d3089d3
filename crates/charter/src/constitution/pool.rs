//! Pools: money that members share out among projects.

use std::collections::BTreeMap;

use quantity::{PPM, parse_decimal};

use super::Every;
use crate::code;
use crate::document::{Fields, Mistakes, Value};
use crate::nearest::{list, suggest};
use crate::phrase;

pub(super) const FIELDS: &[&str] = &["match", "cap", "every", "self", "order", "electorate", "votes", "delegation"];
pub(super) const MANY: &[&str] = &["fed-by"];

/// A pool of money and how it is shared out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pool {
    pub fed_by: Vec<Feed>,
    pub matching: Matching,
    /// How often it is shared out.
    pub every: Every,
    pub own_projects: OwnProjects,
    pub order: FundingOrder,
}

/// A part of what the co-op takes in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Feed {
    /// In parts per million, above 0.
    pub part_ppm: u32,
    pub of: Income,
}

/// What a pool can be fed by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Income {
    Donations,
    Dues,
    Purchases,
    Invoices,
    /// All of the above.
    All,
    /// What is left of a period's income after its costs.
    Surplus,
}

/// What a pool adds to the pledges for a project.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Matching {
    /// The square of the sum of the roots, less the pledges.
    Quadratic,
    /// As quadratic, all matches cut alike when the pool does not suffice.
    Scaled,
    /// As quadratic, less for each pair who often give to the same projects.
    Pairwise,
    /// As quadratic, between groups of members who belong together.
    Connected,
    /// As quadratic, and no project gets more of the pool than this, in parts per million.
    Capped {
        cap_ppm: u32,
    },
    Nothing,
}

/// Whether members can pledge to, and place weight on, projects of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnProjects {
    Excluded,
    Allowed,
}

/// What happens when the next project cannot be paid in full.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FundingOrder {
    /// The list stops there.
    Strict,
    /// The next one that can be is paid.
    Skip,
}

/// How much of each kind of income all pools of a constitution get, in parts per million.
#[derive(Default)]
pub(super) struct Fed(BTreeMap<Income, u64>);

/// Reads a pool; `fed` holds what the pools before it get.
pub(super) fn read(found: &Fields, fed: &mut Fed, mistakes: &mut Mistakes) -> Option<Pool> {
    let fed_by = feeds(found, fed, mistakes);
    let matching = found.or("match", Matching::Quadratic, mistakes, |value, mistakes| {
        let known = Matching::ALL.map(Matching::name);
        let chosen = phrase::choice(value, &known, mistakes)?;
        let mut all = Matching::ALL.into_iter();
        all.find(|matching| matching.name() == chosen)
    });
    let cap = found
        .optional("cap", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM.saturating_sub(1), mistakes));
    let every = found.or("every", Every::Month, mistakes, phrase::every);
    let own_projects = found.or("self", OwnProjects::Excluded, mistakes, |value, mistakes| {
        let chosen = phrase::choice(value, &["excluded", "allowed"], mistakes)?;
        Some(match chosen.as_str() {
            "allowed" => OwnProjects::Allowed,
            _ => OwnProjects::Excluded,
        })
    });
    let order = found.or("order", FundingOrder::Strict, mistakes, |value, mistakes| {
        let chosen = phrase::choice(value, &["strict", "skip"], mistakes)?;
        Some(match chosen.as_str() {
            "skip" => FundingOrder::Skip,
            _ => FundingOrder::Strict,
        })
    });
    let matching = match (matching, cap) {
        (Some(Matching::Capped { .. }), Some(Some(cap_ppm))) => Some(Matching::Capped { cap_ppm }),
        (Some(Matching::Capped { .. }), Some(None)) => {
            found.missing("cap", "cap \"20%\"", mistakes);
            None
        }
        (Some(Matching::Capped { .. }) | None, _) => None,
        (Some(other), _) => {
            found.needs("cap", "`match \"capped\"`", mistakes);
            Some(other)
        }
    };
    Some(Pool { fed_by: fed_by?, matching: matching?, every: every?, own_projects: own_projects?, order: order? })
}

/// Every `fed-by`; `None` where one is wrong.
fn feeds(found: &Fields, fed: &mut Fed, mistakes: &mut Mistakes) -> Option<Vec<Feed>> {
    let mut feeds: Vec<Feed> = Vec::new();
    let mut sound = true;
    for field in found.all("fed-by") {
        if mistakes.is_full() {
            break;
        }
        let Some((value, read)) = field.text(mistakes).and_then(|value| Some((value, feed(value, mistakes)?))) else {
            sound = false;
            continue;
        };
        if feeds.iter().any(|earlier| earlier.of == read.of) {
            let why = format!("this pool is fed by {} already", read.of.name());
            let help = Some("write one part of it".to_owned());
            mistakes.tell(code::NAME_TAKEN, &value.at, why, help);
        } else {
            fed.add(read, value, mistakes);
            feeds.push(read);
        }
    }
    sound.then_some(feeds)
}

/// `20% of donations`.
fn feed(value: &Value, mistakes: &mut Mistakes) -> Option<Feed> {
    let words = phrase::words(&value.text);
    let [(part, at), ("of", _), (source, place)] = words.as_slice() else {
        let why = format!("`{}` does not say which part of what feeds the pool", value.text);
        let help = Some("write it as in `20% of donations`".to_owned());
        mistakes.tell(code::BAD_FEED, &value.at, why, help);
        return None;
    };
    let ppm = part.strip_suffix('%').and_then(|number| parse_decimal(number, 4).ok());
    let part_ppm = ppm.and_then(|ppm| u32::try_from(ppm).ok()).filter(|ppm| (1..=PPM).contains(ppm));
    if part_ppm.is_none() {
        let why = format!("`{part}` is not a percentage above 0% to 100%");
        mistakes.tell(code::BAD_FEED, &value.place(at), why, None);
    }
    let of = Income::ALL.into_iter().find(|income| income.name() == *source);
    if of.is_none() {
        let known = Income::ALL.map(Income::name);
        let why = format!("`{source}` is none of {}", list(&known));
        let help = suggest(source, &known);
        mistakes.tell(code::UNKNOWN_CHOICE, &value.place(place), why, help);
    }
    Some(Feed { part_ppm: part_ppm?, of: of? })
}

impl Fed {
    /// Adds a feed; all pools together get no more of a kind of income than there is.
    fn add(&mut self, feed: Feed, value: &Value, mistakes: &mut Mistakes) {
        let fed = self.0.entry(feed.of).or_default();
        *fed = fed.saturating_add(u64::from(feed.part_ppm));
        let of = |income: Income| self.0.get(&income).copied().unwrap_or(0);
        let kinds = Income::ALL.into_iter().filter(|kind| ![Income::All, Income::Surplus].contains(kind));
        let most = match feed.of {
            Income::Surplus => of(Income::Surplus),
            Income::All => of(Income::All).saturating_add(kinds.map(of).max().unwrap_or(0)),
            one => of(one).saturating_add(of(Income::All)),
        };
        if most > u64::from(PPM) {
            let why = format!("with this, pools get more than all {}", feed.of.name());
            let help = Some("lower this part, or another pool's".to_owned());
            mistakes.tell(code::MORE_THAN_ALL, &value.at, why, help);
        }
    }
}

impl Income {
    pub const ALL: [Income; 6] =
        [Income::Donations, Income::Dues, Income::Purchases, Income::Invoices, Income::All, Income::Surplus];

    /// The word for it in a document.
    pub fn name(self) -> &'static str {
        match self {
            Income::Donations => "donations",
            Income::Dues => "dues",
            Income::Purchases => "purchases",
            Income::Invoices => "invoices",
            Income::All => "income",
            Income::Surplus => "surplus",
        }
    }
}

impl Matching {
    /// One of each; a cap is 0 until it is read.
    const ALL: [Matching; 6] = [
        Matching::Quadratic,
        Matching::Scaled,
        Matching::Pairwise,
        Matching::Connected,
        Matching::Capped { cap_ppm: 0 },
        Matching::Nothing,
    ];

    /// The word for it in a document.
    pub fn name(self) -> &'static str {
        match self {
            Matching::Quadratic => "quadratic",
            Matching::Scaled => "scaled",
            Matching::Pairwise => "pairwise",
            Matching::Connected => "connected",
            Matching::Capped { .. } => "capped",
            Matching::Nothing => "none",
        }
    }
}
