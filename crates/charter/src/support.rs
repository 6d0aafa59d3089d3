//! Kinds of support that a member can give, each with its unit. The records themselves are the engine's.

use crate::named::named;

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

impl SupportKind {
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
        }
    }

    /// Returns the unit of the kind's amounts.
    pub fn unit(self) -> SupportUnit {
        match self {
            SupportKind::Hours | SupportKind::Compute => SupportUnit::Seconds,
            SupportKind::Contribution => SupportUnit::MicroCredits,
            SupportKind::Donation
            | SupportKind::Pledge
            | SupportKind::Purchase
            | SupportKind::Dues
            | SupportKind::Loan
            | SupportKind::ShareCapital => SupportUnit::Money,
        }
    }
}
