//! Why an act or an update was not done: the rules say no, or this program is wrong.

use std::fmt;

use quantity::Broken;

use crate::refusal::Refusal;

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The rules say no, and the state is as it was.
    Refused(Refusal),
    /// An invariant does not hold. The state is not to be used any further.
    Broken(Broken),
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotDone::Refused(refusal) => refusal.fmt(f),
            NotDone::Broken(broken) => write!(f, "a mistake in this program: {broken}"),
        }
    }
}

impl std::error::Error for NotDone {}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        NotDone::Refused(refusal)
    }
}

impl From<Broken> for NotDone {
    fn from(broken: Broken) -> Self {
        NotDone::Broken(broken)
    }
}

#[cfg(test)]
impl NotDone {
    /// The refusal that a test expects.
    #[track_caller]
    pub(crate) fn refused(self) -> Refusal {
        match self {
            NotDone::Refused(refusal) => refusal,
            NotDone::Broken(broken) => panic!("{broken}"),
        }
    }
}
