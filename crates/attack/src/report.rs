//! The results of attacks: who could take what, with how many people and how much money, in how long.

use serde::Serialize;

use crate::ground::Ground;

/// The harm of an attack that gets through, from the least to the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// Others wait, or cannot propose.
    Delay,
    /// Others' votes count for less.
    Say,
    /// A decision that nobody takes back is theirs.
    Decision,
    /// An office, a seat or a text is theirs.
    Seat,
    /// Money of the co-op is theirs.
    Money,
    /// The constitution or the kernel is theirs.
    Rules,
}

/// One course that was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Members of the co-op who take part.
    pub members: u64,
    /// People who join for it.
    pub newcomers: u64,
    /// Their costs, minor units.
    pub cost_minor: i64,
    /// Their gain, minor units: the money they leave with beyond all that they ever gave.
    pub taken_minor: i64,
    /// Their part of all weight, parts per million.
    pub weight_ppm: u32,
    /// Days until it got through; `null` where it did not within the time that was played.
    pub days: Option<u64>,
}

/// One attack on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// Its name in `docs/spec/attacks.md`.
    pub attack: &'static str,
    /// A decision's path, `kernel`, `treasury` or `register`.
    pub target: String,
    /// The harm if it gets through.
    pub harm: Harm,
    /// The cheapest course that got through, or the dearest that did not.
    pub cheapest: Tried,
    /// Whether it got through.
    pub through: bool,
    /// The result in plain words.
    pub says: String,
    /// Every course that was played, in order.
    pub tried: Vec<Tried>,
}

/// Answers to the whole catalogue, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Members with weight.
    pub members: u64,
    /// Money in the co-op's accounts, minor units.
    pub balance_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// The edition of the program's rules.
    pub edition: u16,
    /// The attacks, the worst first.
    pub attacks: Vec<Attack>,
}

impl Attack {
    /// Picks the cheapest course that got through, and words it.
    pub(crate) fn new(
        attack: &'static str,
        target: impl Into<String>,
        harm: Harm,
        tried: Vec<Tried>,
        says: impl FnOnce(&Tried, &[Tried]) -> String,
    ) -> Option<Attack> {
        let ease = |one: &&Tried| (one.members.saturating_add(one.newcomers), one.cost_minor, one.days);
        let through = tried.iter().filter(|one| one.days.is_some()).min_by_key(ease);
        let cheapest = through.or(tried.last())?.clone();
        let says = says(&cheapest, &tried);
        Some(Attack { attack, target: target.into(), harm, through: through.is_some(), cheapest, says, tried })
    }

    /// The order of a report: attacks that few can make come first, then those that harm most.
    fn badness(&self, members: u64) -> (bool, u8, Harm, std::cmp::Reverse<u64>) {
        let people = self.cheapest.members.saturating_add(self.cheapest.newcomers);
        let tenths = people.saturating_mul(10).checked_div(members.max(1)).unwrap_or(0);
        // One person, up to a tenth, up to a quarter, up to a half, more.
        let ease = match (people, tenths) {
            (0..=1, _) => 4,
            (_, 0) => 3,
            (_, 1..=2) => 2,
            (_, 3..=4) => 1,
            _ => 0,
        };
        (self.through, ease, self.harm, std::cmp::Reverse(self.cheapest.days.unwrap_or(u64::MAX)))
    }
}

impl Report {
    pub(crate) fn new(ground: &Ground, mut attacks: Vec<Attack>) -> Report {
        let members = ground.voters();
        attacks.sort_by_key(|attack| std::cmp::Reverse(attack.badness(members)));
        Report {
            members,
            balance_minor: ground.balance_minor(),
            currency: ground.state.rules.kernel.currency.code().to_owned(),
            edition: ground.state.editions.current.number(),
            attacks,
        }
    }
}
