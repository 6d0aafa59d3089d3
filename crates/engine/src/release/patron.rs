//! Who is a patron, and how much came in: the money that members gave and do not get back, as far as a class counts it.

use charter::{Every, Release, SupportKind, Until, patron_kinds};
use quantity::{CalendarUnit, Moment, Period, Reach};

use crate::id::MemberIndex;
use crate::state::State;
use crate::support::SupportRow;

impl State {
    /// Whether a member has support at an instant: more than nothing of what they gave in this period or the last full one is left. A
    /// clause that the rules have no more asks by the month.
    #[must_use]
    pub fn is_patron(&self, clause: &str, member: MemberIndex, at: Moment) -> bool {
        if !self.members.is_active(member) {
            return false;
        }
        let every = self.release_clause(clause).map_or(Every::Month, Release::patrons_for);
        let (from, _) = bounds(self, every, Reach::Last(1), at);
        let given: i128 = self
            .patron_kinds()
            .filter_map(|kind| self.support.rows(kind))
            .map(|rows| {
                let own = rows.of(member);
                own.iter()
                    .map(|(_, row)| *row)
                    .filter(|row| counts(row, from, at))
                    .map(|row| i128::from(row.amount))
                    .sum::<i128>()
            })
            .sum();
        given > 0
    }

    /// The money that came in by an instant of what the condition of a release asks for, minor units, less what was given back by then: over the
    /// last full period, or in all. A day asks for nothing.
    #[must_use]
    pub fn raised_for(&self, release: &Release, at: Moment) -> i128 {
        let (from, to) = match release.patrons_until {
            Until::Support(sum) => bounds(self, sum.every, Reach::Last(1), at),
            Until::Raised(_) => Period::EVER.bounds(at, &self.rules.kernel.zone),
            Until::Day(_) => return 0,
        };
        let rows = self.patron_kinds().filter_map(|kind| self.support.rows(kind)).flat_map(|rows| rows.from(0));
        let within = rows.map(|(_, row)| row).filter(|row| counts(row, from, at) && row.counted_at < to);
        within.fold(0, |sum, row| sum.saturating_add(i128::from(row.amount)))
    }

    fn patron_kinds(&self) -> impl Iterator<Item = SupportKind> {
        let kinds = patron_kinds(&self.rules.kernel);
        SupportKind::ALL.into_iter().filter(move |kind| kinds.has(*kind))
    }
}

/// Whether a row counts at an instant from some instant on. A refund has the date of what it gives back, and counts once it is known.
fn counts(row: &SupportRow, from: Moment, at: Moment) -> bool {
    row.known_at <= at && row.counted_at <= at && row.counted_at >= from
}

fn bounds(state: &State, every: Every, reach: Reach, at: Moment) -> (Moment, Moment) {
    let unit = match every {
        Every::Day => CalendarUnit::Day,
        Every::Week => CalendarUnit::Week,
        Every::Month => CalendarUnit::Month,
        Every::Quarter => CalendarUnit::Quarter,
        Every::Year => CalendarUnit::Year,
    };
    Period { reach, unit }.bounds(at, &state.rules.kernel.zone)
}
