//! Sources of records: those that are later than expected, for everybody, on home, on a member's page and beside every forecast; and all of
//! them, each with its state.

use charter::SupportKind;
use engine::support::silence::Heard;
use quantity::Moment;
use schemars::JsonSchema;
use serde::Serialize;
use words::sources;

use crate::{Change, Sight};

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

/// A source of records, as the page of all sources shows it.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct SourceView {
    /// Its name, as the log has it.
    pub name: String,
    /// The kinds of support that it brings, in words.
    pub kinds: String,
    /// When it was last heard.
    pub heard_at: crate::Moment,
    /// It is expected again so many days later at the latest.
    pub every_days: u32,
    /// The same in words.
    pub every: String,
    /// From then on it is later than expected.
    pub late_at: crate::Moment,
    /// Whether it is later than expected now.
    pub is_silent: bool,
    /// When the hold ends or ended, where it is silent and a class holds weight for it.
    pub held_until: Option<crate::Moment>,
    /// The state in words.
    pub words: String,
}

/// Returns every source that was ever heard: silent ones first, in the order in which they are or were expected.
#[must_use]
pub fn sources(sight: &Sight<'_>) -> Vec<SourceView> {
    let mut all: Vec<(&str, &Heard)> = sight.state.silences.sources().collect();
    all.sort_by_key(|(_, heard)| heard.late_at());
    let view = |(name, heard): (&str, &Heard)| {
        let is_silent = heard.late_at() <= sight.now;
        let told = (is_silent && is_read(sight, heard)).then(|| warning(sight, heard));
        SourceView {
            name: name.to_owned(),
            kinds: in_words(heard.kinds.iter().copied()),
            heard_at: sight.moment(heard.at),
            every_days: heard.every_days,
            every: days(heard.every_days),
            late_at: sight.moment(heard.late_at()),
            is_silent,
            held_until: told.as_ref().and_then(|warning| warning.held_until.clone()),
            words: match told {
                Some(warning) => warning.words,
                None if is_silent => sources::late_and_unread(sight.day(heard.late_at())),
                None => sources::in_time(sight.day(heard.late_at())),
            },
        }
    };
    all.into_iter().map(view).collect()
}

/// Returns each telling of a source that is silent now, as it was on its day: when it fell silent, a week before the hold ends, and when it
/// ended.
pub(super) fn tellings(sight: &Sight<'_>) -> Vec<Change> {
    let silent = sight.state.silences.sources().filter(|(_, heard)| is_read(sight, heard));
    let told = silent.flat_map(|(name, heard)| {
        let ends = heard.held_until();
        let days = [heard.late_at(), Moment(ends.0.saturating_sub(SOON_US)), ends];
        let days = days.into_iter().take(if is_held(sight, heard) { 3 } else { 1 });
        days.enumerate().filter(|(_, at)| *at <= sight.now).map(move |(step, at)| {
            let words = warning(&Sight { now: at, ..*sight }, heard).words;
            Change { at, key: format!("{name}:{step}"), words, href: "/sources".to_owned() }
        })
    });
    told.collect()
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

fn is_held(sight: &Sight<'_>, heard: &Heard) -> bool {
    sight.state.rules.kernel.classes.iter().any(|class| heard.is_held_by(class))
}

fn warning(sight: &Sight<'_>, heard: &Heard) -> Warning {
    let is_held = is_held(sight, heard);
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

/// Says a number of days.
pub(super) fn days(count: u32) -> String {
    if count == 1 { sources::ONE_DAY.to_owned() } else { sources::days(count) }
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
        SupportKind::Credit => sources::CREDIT,
    };
    let names: Vec<&str> = kinds.map(name).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => sources::and(first.join(", "), last),
        names => names.concat(),
    }
}
