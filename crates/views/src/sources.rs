//! Sources of records that are later than expected, for everybody: on home, on a member's page and beside every forecast.

use charter::SupportKind;
use engine::support::silence::Heard;
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use words::sources;

use crate::Sight;

/// A source that is silent, and the weight that is held because of it.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// For example `Records of donations are late: …`.
    pub words: String,
    /// When the source was last heard.
    pub heard_at: crate::Moment,
    /// When the hold ends or ended; none where no class holds weight for it.
    pub held_until: Option<crate::Moment>,
}

/// How long before its end the hold is said to end: a week.
const SOON_US: i64 = 7 * 86_400_000_000;

/// Returns a warning for each source that is later than expected now and that a class reads, in the order of their lateness.
pub(super) fn warnings(sight: &Sight<'_>) -> Vec<Warning> {
    let late = sight.state.silences.sources().map(|(_, heard)| heard).filter(|heard| heard.late_at() <= sight.now);
    let mut late: Vec<&Heard> = late.filter(|heard| is_read(sight, heard)).collect();
    late.sort_by_key(|heard| heard.late_at());
    late.into_iter().map(|heard| warning(sight, heard)).collect()
}

fn is_read(sight: &Sight<'_>, heard: &Heard) -> bool {
    let classes = sight.state.rules.kernel.classes.iter();
    let mut read = classes.flat_map(|class| &class.weight.sources).filter_map(charter::Source::kind);
    read.any(|kind| heard.kinds.contains(&kind))
}

fn warning(sight: &Sight<'_>, heard: &Heard) -> Warning {
    let is_held = sight.state.rules.kernel.classes.iter().any(|class| heard.is_held_by(class));
    let ends = heard.held_until();
    let (kinds, since, until) = (in_words(heard.kinds.iter().copied()), sight.day(heard.at), sight.day(ends));
    let words = if !is_held {
        sources::not_held(kinds, since)
    } else if sight.now >= ends {
        sources::ended(kinds, since, until)
    } else if sight.now >= Moment(ends.0.saturating_sub(SOON_US)) {
        sources::ends(kinds, since, until)
    } else {
        sources::held(kinds, since, until)
    };
    Warning { words, heard_at: sight.moment(heard.at), held_until: is_held.then(|| sight.moment(ends)) }
}

/// Names kinds of support, as in `donations, pledges and hours`.
pub(super) fn in_words(kinds: impl Iterator<Item = SupportKind>) -> String {
    let name = |kind| match kind {
        SupportKind::Donation => sources::DONATIONS,
        SupportKind::Pledge => sources::PLEDGES,
        SupportKind::Purchase => sources::PURCHASES,
        SupportKind::Dues => sources::DUES,
        SupportKind::Hours => sources::HOURS,
        SupportKind::Contribution => sources::CONTRIBUTIONS,
        SupportKind::Compute => sources::MACHINE_TIME,
        SupportKind::Loan => sources::LOANS,
        SupportKind::ShareCapital => sources::SHARES,
    };
    let names: Vec<&str> = kinds.map(name).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => sources::and(first.join(", "), last),
        names => names.concat(),
    }
}
