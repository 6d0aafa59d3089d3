//! The edition of the program's rules under which a document is read. The engine knows which editions there are, and which
//! of them are closed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An edition of the program's rules, numbered from 1. Later editions compare as greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Edition(u16);

/// A log that names no edition has the first.
impl Default for Edition {
    fn default() -> Self {
        Edition::ONE
    }
}

impl Edition {
    /// The first edition, which a log has that names none.
    pub const ONE: Edition = Edition(1);
    /// Named sections in the state's hash, and whatever `mechanisms` marks as edition 2.
    pub const TWO: Edition = Edition(2);
    /// Living doors: records and people come in while a server runs.
    pub const THREE: Edition = Edition(3);
    /// Mechanisms of time and money: commitments, supplies, pools, releases, credit.
    pub const FOUR: Edition = Edition(4);
    /// People: acts signed by devices, joining and leaving, and what others may see.
    pub const FIVE: Edition = Edition(5);

    /// The edition in whose words a text is read that belongs to no log: the newest closed one.
    pub const USUAL: Edition = Edition::FOUR;

    /// Returns the edition with this number, known or not; `None` for 0.
    #[must_use]
    pub const fn numbered(number: u16) -> Option<Edition> {
        if number == 0 { None } else { Some(Edition(number)) }
    }

    /// Returns the edition's number, from 1.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edition {}", self.0)
    }
}
