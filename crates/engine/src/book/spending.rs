//! The spending of offices and bodies, and the limits that the rules set. The money itself is in the book.

use charter::{Every, GivenPower, MoneyPer, Power};
use quantity::{Moment, Period, Reach, format_decimal};

use crate::act::BookEntry;
use crate::book::Day;
use crate::chamber::Decision;
use crate::context::Context;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

/// The office or body through which a member books what it spends: of several that may, those first that act by one seat, and
/// of these the first whose limits have room, or else the first. `None` for the entries of the server and of bridges.
pub(crate) fn office_of<'s>(state: &'s State, entry: &BookEntry, context: &Context) -> Option<&'s Decision> {
    let who = context.actor.member()?;
    let minor = entry.spends_minor()?;
    let mut held: Vec<&Decision> = state.holds_power(who, Power::Spend).collect();
    held.sort_by_key(|office| state.seats_to_act(office) > 1 && office.seats_member(who));
    let has_room = |office: &&&Decision| exceeded(state, &office.name, minor, context.time).is_none();
    held.iter().find(has_room).or(held.first()).copied()
}

/// A limit on what an office or body spends, and what of it is spent in the current period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpendingLimit {
    /// Its place in the rules: an office's, body's or constitution's path; empty for the kernel.
    pub scope: String,
    /// The most, and over which calendar period.
    pub limit: MoneyPer,
    /// Minor units in the current period, before.
    pub spent_minor: i64,
}

impl SpendingLimit {
    /// Returns the sum that can still be spent in the period, minor units: 0 or more.
    #[must_use]
    pub fn left_minor(&self) -> i64 {
        let left = self.limit.amount_minor.saturating_sub(self.spent_minor);
        left.max(0)
    }
}

impl State {
    /// Every limit that binds what an office or body spends at a moment: its own, then those of the constitutions that it
    /// stands in, from the inside out, and the kernel's. A limit binds all that is spent below it together. Empty where
    /// nothing limits it, also where it may not spend.
    #[must_use]
    pub fn spending_limits(&self, office: &str, at: Moment) -> Vec<SpendingLimit> {
        let limits = |scope: &str, powers: &[GivenPower]| {
            let spend = powers.iter().filter(|given| given.power == Power::Spend);
            let limits = spend.filter_map(|given| Some((scope.to_owned(), given.limit?)));
            limits.collect::<Vec<_>>()
        };
        let own = self.rules.clause(office);
        let mut all = own.map_or_else(Vec::new, |clause| limits(office, clause.powers()));
        let mut path = office;
        while let Some((above, _)) = path.rsplit_once('/') {
            let grant = self.rules.clause(above).and_then(charter::Clause::grant);
            let granted = grant.and_then(|grant| grant.powers.as_deref());
            all.extend(limits(above, granted.unwrap_or_default()));
            path = above;
        }
        let kernel = self.rules.kernel.grant.powers.as_deref();
        all.extend(limits("", kernel.unwrap_or_default()));
        let with_spent = all.into_iter().map(|(scope, limit)| {
            let (from, until) = period(self, limit.every, at);
            SpendingLimit { spent_minor: self.book.spent(&scope, from, until), scope, limit }
        });
        with_spent.collect()
    }
}

/// The first limit that `minor` more would exceed.
fn exceeded(state: &State, office: &str, minor: i64, at: Moment) -> Option<SpendingLimit> {
    let limits = state.spending_limits(office, at).into_iter();
    let mut beyond = limits.filter(|one| one.spent_minor.saturating_add(minor) > one.limit.amount_minor);
    beyond.next()
}

/// The first and last day of the calendar period around `at`, in the co-op's zone.
fn period(state: &State, every: Every, at: Moment) -> (Day, Day) {
    let zone = &state.rules.kernel.zone;
    let (from, after) = Period { reach: Reach::This, unit: every.unit() }.bounds(at, zone);
    let last = Moment(after.0.saturating_sub(1));
    (Day::of(from, zone), Day::of(last, zone))
}

/// Refuses what goes beyond a limit.
pub(crate) fn within_limits(state: &State, office: &str, minor: i64, context: &Context) -> Result<(), Refusal> {
    let Some(beyond) = exceeded(state, office, minor, context.time) else {
        return Ok(());
    };
    let currency = state.rules.kernel.currency;
    let money = |minor: i64| format!("{} {}", format_decimal(minor, currency.digits()), currency.code());
    let every = match beyond.limit.every {
        Every::Day => "day",
        Every::Week => "week",
        Every::Month => "month",
        Every::Quarter => "quarter",
        Every::Year => "year",
    };
    let who = match beyond.scope.as_str() {
        "" => "all offices and bodies together".to_owned(),
        path if path == office => format!("`{path}`"),
        path => format!("all of `{path}` together"),
    };
    let why = format!(
        "{who} may spend {} per {every}, {} of this {every} are spent, and this is {}",
        money(beyond.limit.amount_minor),
        money(beyond.spent_minor),
        money(minor)
    );
    let instead = format!("{} are left of this {every}", money(beyond.left_minor()));
    Err(Refusal::new(Rule::LimitExceeded, why, instead))
}
