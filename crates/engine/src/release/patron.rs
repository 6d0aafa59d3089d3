//! Who is a patron, and how much came in: the money that members gave and do not get back, as far as a class counts it.

use charter::{Class, Every, Release, SupportKind, Until, patron_kinds};
use quantity::{CalendarUnit, Moment, Period, Reach};

use super::raised::Raised;
use crate::id::MemberIndex;
use crate::state::State;
use crate::support::SupportRow;
use crate::support::silence::Heard;

impl State {
    /// Whether a member has support at an instant: of what they gave in this period, or in the last full one, as much is left as the clause asks
    /// for. While a source is silent, who had support when it was last heard keeps it. A clause that the rules have no more asks for
    /// a cent, by the month.
    #[must_use]
    pub fn is_patron(&self, clause: &str, member: MemberIndex, at: Moment) -> bool {
        if !self.members.is_active(member) {
            return false;
        }
        let release = self.release_clause(clause);
        let every = release.map_or(Every::Month, Release::patrons_for);
        let least = i128::from(release.map_or(1, Release::least_gift));
        let gave = |asked: Moment| {
            let (from, this) = bounds(self, every, Reach::Last(1), asked);
            let within = |from: Moment, row: &SupportRow| row.counted_at >= from && row.counted_at <= asked;
            let in_last = self.left_of(member, at, |row| within(from, row) && row.counted_at < this);
            in_last >= least || self.left_of(member, at, |row| within(this, row)) >= least
        };
        gave(at) || self.silent_for_patrons(at).any(|heard| gave(heard.at) && !self.is_refunded(member, heard.at, at))
    }

    /// The sources that are silent at an instant, and for which it is held who has support: a class that holds weight meanwhile reads a
    /// kind of theirs that makes patrons.
    pub fn silent_for_patrons(&self, at: Moment) -> impl Iterator<Item = &Heard> {
        let kernel = &self.rules.kernel;
        let kinds = patron_kinds(kernel);
        let is_held = move |heard: &&Heard| {
            let brings = |kind: &SupportKind| heard.kinds.contains(kind) && kinds.has(*kind);
            let reads = |class: &Class| {
                let mut read = class.weight.sources.iter().filter_map(charter::Source::kind);
                class.holds_while_silent && read.any(|kind| brings(&kind))
            };
            heard.holds_at(at) && kernel.classes.iter().any(reads)
        };
        self.silences.sources().map(|(_, heard)| heard).filter(is_held)
    }

    /// The rest at an instant of a member's gifts that make patrons, minor units: of those that `counts` names.
    fn left_of(&self, member: MemberIndex, at: Moment, counts: impl Fn(&SupportRow) -> bool) -> i128 {
        let rows = self.patron_kinds().filter_map(|kind| self.support.rows(kind));
        let known = |row: &SupportRow| row.known_at <= at && row.counted_at <= at;
        let of = rows.map(|rows| {
            let own = rows.of(member);
            let counted = own.iter().map(|(_, row)| *row).filter(|row| known(row) && counts(row));
            counted.map(|row| i128::from(row.amount)).sum::<i128>()
        });
        of.sum()
    }

    /// Whether any of a member's gifts that make patrons was given back after `since`, as is known at an instant.
    fn is_refunded(&self, member: MemberIndex, since: Moment, at: Moment) -> bool {
        let mut rows = self.patron_kinds().filter_map(|kind| self.support.rows(kind));
        let back = |row: &SupportRow| row.amount < 0 && row.known_at > since && row.known_at <= at;
        rows.any(|rows| rows.of(member).iter().any(|(_, row)| back(row)))
    }

    /// The money that came in by an instant of what the condition of a release asks for, minor units, less what was given back by then: over the
    /// last full period, or in all. A day asks for nothing.
    #[must_use]
    pub fn raised_for(&self, clause: &str, at: Moment) -> i128 {
        self.raised_by(clause, at).map_or(0, |raised| raised.sum)
    }

    /// The same with what it was worked out from, to go on from at the next update.
    pub(super) fn raised_by(&self, clause: &str, at: Moment) -> Option<Raised> {
        let window = match self.release_clause(clause)?.patrons_until {
            Until::Support(sum) => bounds(self, sum.every, Reach::Last(1), at),
            Until::Raised(_) => (Moment(i64::MIN), Moment(i64::MAX)),
            Until::Day(_) => return None,
        };
        Some(self.raised.now(clause, &self.support, self.patron_kinds(), (window, at)))
    }

    fn patron_kinds(&self) -> impl Iterator<Item = SupportKind> {
        let kinds = patron_kinds(&self.rules.kernel);
        SupportKind::ALL.into_iter().filter(move |kind| kinds.has(*kind))
    }
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
