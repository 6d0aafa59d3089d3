//! Pools: what a pool of money adds to what members pledge, and which projects it pays (docs/spec/pools.md). Pure sums in minor
//! units, of one sum a member and project; not the clause of a pool and its money (`chamber/pool`).

mod connected;
mod crowd;
mod cycle;
mod matching;
mod pairwise;
mod pledges;
mod sharing;
mod surplus;

pub use connected::{Groups, MOST_GROUPS, MOST_STEPS};
pub use crowd::{Crowd, crowd_match};
pub use cycle::{Asking, Cycle, Order, Paid, SAVED_CYCLES, Scaled, fund, scaled};
pub use matching::plain;
pub use pairwise::MOST_PAIRS;
pub use pledges::{Gift, MOST_PLEDGED, Pledges};
pub use sharing::{Cut, capped, shared};
pub use surplus::surplus;

/// Parts of a minor unit in which matches are worked out before they are shared or rounded: a billionth.
pub const NANO: u64 = 1_000_000_000;

/// How a pool matches what members pledge.
#[derive(Clone, Copy, Debug)]
pub enum Rule<'a> {
    /// (Σ√c)² − Σc.
    Plain,
    /// Each pair of members damped by what they have in common: M ÷ (M + Σ√(c c)), M in minor units and above 0.
    Pairwise {
        /// M.
        m_minor: u64,
    },
    /// The cluster match over groups of members.
    Connected {
        /// Who belongs together.
        groups: &'a Groups,
        /// Minor units of the one unit of money that roots are taken in: 100 where a cent is the minor unit.
        unit_minor: u64,
    },
}

/// Why a pool was not worked out. It is the caller's to prevent, and no refusal of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// All pledges together are more than [`MOST_PLEDGED`] minor units.
    Pledged,
    /// More pairs of members than [`MOST_PAIRS`] have a project in common.
    Pairs,
    /// There are more groups than [`MOST_GROUPS`].
    Groups,
    /// Groups and their givers, over all projects, take more steps than [`MOST_STEPS`].
    Steps,
}

impl Pledges {
    /// Returns how much there is to work out under a rule: pairs of members, or steps over groups; 0 under [`Rule::Plain`].
    #[must_use]
    pub fn work(&self, rule: &Rule) -> u64 {
        match rule {
            Rule::Plain => 0,
            Rule::Pairwise { .. } => pairwise::pairs(self),
            Rule::Connected { groups, .. } => connected::all_steps(self, groups),
        }
    }

    /// Returns the match of each project in billionths of a minor unit, before it is shared or capped. Exact and rounded down
    /// under [`Rule::Plain`]; to the nearest billionth under the others.
    ///
    /// # Errors
    /// [`Beyond`] where there are more pairs or groups than are worked out.
    pub fn matches_nano(&self, rule: &Rule) -> Result<Vec<u128>, Beyond> {
        match rule {
            Rule::Plain => Ok((0..self.projects()).map(|project| plain(self.sums(project), NANO)).collect()),
            Rule::Pairwise { m_minor } => pairwise::matches(self, *m_minor),
            Rule::Connected { groups, unit_minor } => connected::matches(self, groups, *unit_minor),
        }
    }
}

/// Returns billionths of a minor unit as minor units, rounded down, and at most the greatest that 64 bits hold: what a project is
/// paid is bounded by its goal.
#[must_use]
pub fn to_minor(nano: u128) -> u64 {
    u64::try_from(nano.checked_div(u128::from(NANO)).unwrap_or(0)).unwrap_or(u64::MAX)
}

/// Rounds parts of 2^-`bits` of a minor unit to the nearest billionth.
fn nearest_nano(parts: &quantity::Natural, bits: u32) -> u128 {
    let half = quantity::Natural::from(1).up(bits.saturating_sub(1));
    let nano = parts.times(&u128::from(NANO).into()).plus(&half).down(bits);
    nano.to_u128().unwrap_or(u128::MAX)
}

#[cfg(test)]
mod tests;
