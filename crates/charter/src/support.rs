//! Kinds of support that a member can give, each with its unit. The records themselves are the engine's.

use crate::edition::Edition;
use crate::named::{Meaning, named};

named! {
    /// A kind of support. The order is the order of the log's numbers and never changes.
    pub enum SupportKind {
        Donation = "donation",
        /// A promised next payment.
        Pledge = "pledge",
        Purchase = "purchase",
        Dues = "dues",
        Hours = "hours",
        /// A credited unit of work.
        Contribution = "contribution",
        /// Machine time.
        Compute = "compute",
        Loan = "loan",
        ShareCapital = "share-capital",
        /// A part of what contributions minted, as a commitment accepted it: nobody records it. From edition 4 on.
        Credit = "credit",
    }
}

/// The unit in which a kind's amount is an integer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SupportUnit {
    /// Minor units of the co-op's currency.
    Money,
    /// Seconds, of work or of machine time.
    Seconds,
    /// Millionths of a credit, which has no dimension.
    MicroCredits,
}

/// The kinds as rules name several records of one, with their meaning for editors.
pub(crate) const MANY: &[Meaning] = &[
    ("donations", "after `record`: what members give"),
    ("pledges", "after `record`: what members promise to pay next"),
    ("purchases", "after `record`: what members buy"),
    ("dues", "after `record`: what members pay in dues"),
    ("hours", "after `record`: the time that members give"),
    ("contributions", "after `record`: credited units of work"),
    ("compute", "after `record`: machine time"),
    ("loans", "after `record`: what members lend"),
    ("share-capital", "after `record`: what members pay in for shares"),
    ("credit", "after `record`: members' credit, which is proposed and which a commitment accepts"),
];

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SupportKinds(u16);

impl SupportKinds {
    /// Returns none of them.
    pub const NONE: SupportKinds = SupportKinds(0);

    /// Returns the set with one more kind.
    #[must_use]
    pub fn with(self, kind: SupportKind) -> SupportKinds {
        SupportKinds(self.0 | bit(kind))
    }

    /// Reports whether a kind is among them.
    #[must_use]
    pub fn has(self, kind: SupportKind) -> bool {
        self.0 & bit(kind) != 0
    }

    /// Reports whether none is.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns them in the order of the kinds.
    pub fn iter(self) -> impl Iterator<Item = SupportKind> {
        SupportKind::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<SupportKind> for SupportKinds {
    fn from_iter<I: IntoIterator<Item = SupportKind>>(kinds: I) -> SupportKinds {
        kinds.into_iter().fold(SupportKinds::NONE, SupportKinds::with)
    }
}

fn bit(kind: SupportKind) -> u16 {
    1_u16.checked_shl(kind as u32).unwrap_or(0)
}

impl SupportKind {
    /// Returns the word for several records of it, as rules have it: `purchases`.
    #[must_use]
    pub fn many(self) -> &'static str {
        MANY.get(self as usize).map_or("", |(word, _)| *word)
    }

    /// Returns the kind with exactly this word for several of it, where an edition has it.
    pub(crate) fn of_many(word: &str, edition: Edition) -> Option<SupportKind> {
        SupportKind::known(edition).find(|kind| kind.many() == word)
    }

    /// Returns the kinds that an edition has, in their order.
    pub fn known(edition: Edition) -> impl Iterator<Item = SupportKind> {
        let since = move |kind: &SupportKind| *kind != SupportKind::Credit || edition >= Edition::FOUR;
        SupportKind::ALL.into_iter().filter(since)
    }

    /// Returns the kinds of which somebody records what a member gave, in their order: credit comes of a commitment alone.
    pub fn recorded() -> impl Iterator<Item = SupportKind> {
        SupportKind::ALL.into_iter().filter(|kind| *kind != SupportKind::Credit)
    }

    /// Returns the kind of this name that somebody records.
    #[must_use]
    pub fn parse_recorded(name: &str) -> Option<SupportKind> {
        SupportKind::recorded().find(|kind| kind.name() == name)
    }

    /// Says how a member has given it, as in `donated last month`.
    pub(crate) fn given(self) -> &'static str {
        match self {
            SupportKind::Donation => "donated",
            SupportKind::Pledge => "pledged",
            SupportKind::Purchase => "purchased",
            SupportKind::Dues => "paid in dues",
            SupportKind::Hours => "worked",
            SupportKind::Contribution => "contributed",
            SupportKind::Compute => "computed",
            SupportKind::Loan => "lent",
            SupportKind::ShareCapital => "held in share capital",
            SupportKind::Credit => "was credited with",
        }
    }

    /// Returns the unit of the kind's amounts.
    pub fn unit(self) -> SupportUnit {
        match self {
            SupportKind::Hours | SupportKind::Compute => SupportUnit::Seconds,
            SupportKind::Contribution | SupportKind::Credit => SupportUnit::MicroCredits,
            SupportKind::Donation
            | SupportKind::Pledge
            | SupportKind::Purchase
            | SupportKind::Dues
            | SupportKind::Loan
            | SupportKind::ShareCapital => SupportUnit::Money,
        }
    }
}

/// The longest name of a service, in characters.
pub const LONGEST_SERVICE: usize = 40;
pub(crate) const SERVICE_NAMES: &str =
    "write lower-case letters, digits and single hyphens inside, 40 at most, as in `food`";

/// Whether a part of what a co-op does may be called so: lower-case letters and digits of ASCII with single hyphens inside, a letter first.
///
/// ```
/// assert!(charter::is_service("food") && charter::is_service("night-shift-2"));
/// assert!(!charter::is_service("Food") && !charter::is_service("food-") && !charter::is_service(""));
/// ```
#[must_use]
pub fn is_service(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    name.len() <= LONGEST_SERVICE
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.split('-').all(|part| !part.is_empty() && part.chars().all(plain))
}
