//! What a member can give, and in which unit each is counted. Not the records themselves: those are
//! the engine's.

/// A kind of support. The order is the order of the log's numbers and never changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum SupportKind {
    Donation,
    /// A promised next payment.
    Pledge,
    Purchase,
    Dues,
    Hours,
    /// A credited unit of work.
    Contribution,
    /// Machine time.
    Compute,
    Loan,
    ShareCapital,
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
    pub const ALL: [SupportKind; 9] = [
        SupportKind::Donation,
        SupportKind::Pledge,
        SupportKind::Purchase,
        SupportKind::Dues,
        SupportKind::Hours,
        SupportKind::Contribution,
        SupportKind::Compute,
        SupportKind::Loan,
        SupportKind::ShareCapital,
    ];

    /// The kind's name in logs, files and pages.
    pub fn name(self) -> &'static str {
        match self {
            SupportKind::Donation => "donation",
            SupportKind::Pledge => "pledge",
            SupportKind::Purchase => "purchase",
            SupportKind::Dues => "dues",
            SupportKind::Hours => "hours",
            SupportKind::Contribution => "contribution",
            SupportKind::Compute => "compute",
            SupportKind::Loan => "loan",
            SupportKind::ShareCapital => "share-capital",
        }
    }

    /// The kind with exactly this name.
    pub fn parse(name: &str) -> Option<SupportKind> {
        SupportKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The unit of the kind's amounts.
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
