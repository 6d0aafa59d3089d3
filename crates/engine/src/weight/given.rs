//! Everything that weights are worked out from beside the rules and the register, and founders' weight, which comes last.

use std::sync::Arc;

use charter::Kernel;
use imbl::OrdSet;
use quantity::split;

use crate::id::MemberIndex;
use crate::register::Members;
use crate::support::Support;
use crate::support::silence::Silences;
use crate::weight::{Standing, Weights};

/// Members' gifts, and everything that updates have noted of them.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The records.
    pub support: &'a Support,
    /// Who had weight when.
    pub standing: &'a Standing,
    /// Sources of records, some of them silent.
    pub silences: Option<&'a Silences>,
    /// Those who founded the co-op, while that gives them weight.
    pub founders: Option<&'a OrdSet<MemberIndex>>,
}

impl<'a> Given<'a> {
    /// Records alone: nothing was noted, and nobody founded anything.
    pub(crate) fn records(support: &'a Support, standing: &'a Standing) -> Given<'a> {
        Given { support, standing, silences: None, founders: None }
    }
}

impl Weights {
    /// Lifts each founder to the kernel's founding weight. It comes after floor and cap, so that it changes nobody else's weight, and
    /// is divided evenly over all classes by largest remainder, so that founders count in every electorate and under fixed control.
    pub(super) fn lift_founders(&mut self, kernel: &Kernel, members: &Members, founders: Option<&OrdSet<MemberIndex>>) {
        let least = kernel.founding_weight_micro;
        let active = founders.into_iter().flatten().filter(|founder| members.roll().takes_part(**founder));
        let lacks = |founder: &MemberIndex| {
            let own = self.member.get(founder.place())?;
            Some((*founder, least.checked_sub(*own).filter(|lacking| *lacking > 0)?))
        };
        let lifted: Vec<(MemberIndex, u64)> = active.filter_map(lacks).collect();
        if lifted.is_empty() {
            return;
        }
        let evenly = vec![1; self.classes.len()];
        let mut column = vec![0; self.member.len()];
        for (founder, lacking) in lifted {
            for cell in self.member.get_mut(founder.place()).into_iter().chain(column.get_mut(founder.place())) {
                *cell = cell.saturating_add(lacking);
            }
            let parts = split(i64::try_from(lacking).unwrap_or(i64::MAX), &evenly);
            for (class, part) in self.classes.iter_mut().zip(parts) {
                if let Some(cell) = Arc::make_mut(&mut class.weight).get_mut(founder.place()) {
                    *cell = cell.saturating_add(u64::try_from(part).unwrap_or(0));
                }
            }
            self.total = self.total.saturating_add(u128::from(lacking));
        }
        self.founding = Some(Arc::new(column));
    }
}
