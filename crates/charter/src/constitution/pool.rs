//! Pools: money that members share out among projects.

use super::Every;

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

impl Income {
    pub const ALL: [Income; 6] = [
        Income::Donations,
        Income::Dues,
        Income::Purchases,
        Income::Invoices,
        Income::All,
        Income::Surplus,
    ];

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
