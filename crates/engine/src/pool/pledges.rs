//! Members' pledges to projects: one sum a member and project, in the order of members. The order of gifts is forgotten.

use super::Beyond;

/// One gift of a member to a project, by their places in the caller's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gift {
    /// The project's place.
    pub project: u32,
    /// The member's place.
    pub member: u32,
    /// Minor units.
    pub minor: u64,
}

/// The most that all pledges of a pool come to, minor units. So no match overflows, with as many members as there may be.
pub const MOST_PLEDGED: u64 = 1_000_000_000_000_000_000;

/// Members' pledges, by project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pledges {
    /// Of each project: the place behind its last sum.
    ends: Vec<usize>,
    members: Vec<u32>,
    sums: Vec<u64>,
}

impl Pledges {
    /// Adds gifts up, in minor units; gifts of 0 count as none. A project that has none is matched with nothing.
    ///
    /// # Errors
    /// [`Beyond::Pledged`] where all of them are more than [`MOST_PLEDGED`].
    ///
    /// ```
    /// use engine::pool::{Gift, Pledges};
    /// let gift = |member, minor| Gift { project: 0, member, minor };
    /// let pledges = Pledges::of(1, [gift(7, 10), gift(3, 5), gift(7, 2)]).unwrap();
    /// assert_eq!((pledges.members(0), pledges.sums(0)), ([3, 7].as_slice(), [5, 12].as_slice()));
    /// ```
    pub fn of(projects: usize, gifts: impl IntoIterator<Item = Gift>) -> Result<Pledges, Beyond> {
        let key = |gift: &Gift| u64::from(gift.project) << 32 | u64::from(gift.member);
        let mut gifts: Vec<(u64, u64)> = gifts.into_iter().map(|gift| (key(&gift), gift.minor)).collect();
        gifts.sort_unstable_by_key(|(key, _)| *key);
        let mut pledges = Pledges { ends: vec![0; projects], ..Pledges::default() };
        let (mut all, mut last) = (0_u64, None);
        for (key, minor) in gifts {
            let project = (key >> 32) as usize;
            if minor == 0 || project >= projects {
                continue;
            }
            all = all.checked_add(minor).filter(|all| *all <= MOST_PLEDGED).ok_or(Beyond::Pledged)?;
            match pledges.sums.last_mut() {
                Some(sum) if last == Some(key) => *sum = sum.saturating_add(minor),
                _ => {
                    pledges.members.push(key as u32);
                    pledges.sums.push(minor);
                }
            }
            last = Some(key);
            if let Some(end) = pledges.ends.get_mut(project) {
                *end = pledges.sums.len();
            }
        }
        let mut behind = 0;
        for end in &mut pledges.ends {
            behind = behind.max(*end);
            *end = behind;
        }
        Ok(pledges)
    }

    /// Returns the number of projects.
    #[must_use]
    pub fn projects(&self) -> usize {
        self.ends.len()
    }

    /// Returns the sums of a project, minor units, one for each member who gave, in the order of members.
    #[must_use]
    pub fn sums(&self, project: usize) -> &[u64] {
        self.sums.get(self.range(project)).unwrap_or_default()
    }

    /// Returns the members who gave to a project, in their order.
    #[must_use]
    pub fn members(&self, project: usize) -> &[u32] {
        self.members.get(self.range(project)).unwrap_or_default()
    }

    /// Returns all that is pledged to a project, minor units.
    #[must_use]
    pub fn pledged(&self, project: usize) -> u64 {
        self.sums(project).iter().fold(0, |sum, minor| sum.saturating_add(*minor))
    }

    /// Returns what is matched where nobody's pledge to their own project is: the pledges without those of a project's own
    /// members. They are still pledged, and charged.
    #[must_use]
    pub fn without_own(&self, owners: &[Vec<u32>]) -> Pledges {
        let mut left = Pledges::default();
        for project in 0..self.projects() {
            let own = owners.get(project).map_or(&[][..], Vec::as_slice);
            for (member, minor) in self.members(project).iter().zip(self.sums(project)) {
                if !own.contains(member) {
                    left.members.push(*member);
                    left.sums.push(*minor);
                }
            }
            left.ends.push(left.sums.len());
        }
        left
    }

    /// The places of a project's sums among all.
    pub(super) fn range(&self, project: usize) -> std::ops::Range<usize> {
        let begin = project.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        begin..self.ends.get(project).copied().unwrap_or(begin)
    }

    /// All sums, and the member of each, project after project.
    pub(super) fn all(&self) -> (&[u32], &[u64]) {
        (&self.members, &self.sums)
    }
}
