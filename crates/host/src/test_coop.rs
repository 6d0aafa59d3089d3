//! A test co-op: a co-op's rules with made-up members in memory, whose time goes forward when somebody says so. It has no file, so that
//! nothing of it can reach another co-op's log, and nothing is left of it.

use std::collections::BTreeSet;

use charter::{Kernel, SupportKind, SupportUnit};
use engine::act::{Act, Amount, RecordSupport, Sides};
use engine::edition::newest_closed;
use engine::{Actor, Pseudonym};
use quantity::{Moment, month_index, month_start};

use crate::batch::Batch;
use crate::coop::Coop;
use crate::directory::Person;
use crate::error::Error;
use crate::founding::Charter;

/// As many members are made up.
const MEMBERS: u32 = 12;
/// They have given for so many months when it begins.
const MONTHS_BEFORE: i32 = 3;
/// They give on this day of each month, counted from 0.
const PAY_DAY: i64 = 4;
const DAY_US: i64 = 86_400_000_000;
/// Its time goes so far beyond its founding, days: ten years.
const MOST_DAYS: i64 = 3_660;
/// In whose name everything is done: it is marked as made up.
const ACTOR: Actor = Actor::Demonstration;

impl Charter {
    /// The same rules for a test co-op: under the newest closed edition.
    ///
    /// # Errors
    /// As [`Charter::read`].
    pub fn for_test(kernel: String, constitution: String) -> Result<Charter, Error> {
        Charter::read_under(kernel, constitution, newest_closed())
    }
}

/// Founds a test co-op at `now`: twelve members `member-001` and so on, on the lists that its classes read, who have given for three months
/// what its classes count; and runs its first update.
///
/// # Errors
/// An act that the rules refuse, or a fault.
pub fn found_test(charter: Charter, now: Moment) -> Result<Coop, Error> {
    let mut coop = Coop::in_memory(charter, true, now)?;
    coop.all_or_nothing(|batch| {
        let mut members = Vec::new();
        for number in 1..=MEMBERS {
            let person = Person { name: format!("member-{number:03}"), ..Person::default() };
            members.push(batch.member_for(&person, ACTOR, now)?);
        }
        let lists: Vec<String> =
            batch.state().rules.kernel.classes.iter().filter_map(|class| class.list.clone()).collect();
        for (place, member) in members.iter().enumerate() {
            // Where there is one list, some are on none, as newcomers are.
            let list = if lists.len() == 1 && place % 3 == 2 { None } else { lists.get(place % lists.len().max(1)) };
            if let Some(list) = list {
                batch.put_on_list(list, *member, ACTOR, now)?;
            }
        }
        let zone = batch.state().rules.kernel.zone.clone();
        let this = month_index(now, &zone);
        for month in this.saturating_sub(MONTHS_BEFORE)..=this {
            let day = pay_day(batch, month);
            if day <= now {
                give(batch, month, (day, now))?;
            }
        }
        batch.run_next_update(now)
    })?;
    Ok(coop)
}

/// Moves a test co-op's time forward to `until`: every update that is due runs, and its members give each month.
///
/// # Errors
/// A time beyond ten years after its founding, or a fault.
pub fn forward(batch: &mut Batch<'_>, until: Moment) -> Result<(), Error> {
    let began = batch.state().founding.at;
    if until.0 > began.0.saturating_add(MOST_DAYS.saturating_mul(DAY_US)) {
        return Err(Error::Usage("a test co-op lives for ten years: throw it away, and make another".to_owned()));
    }
    let zone = batch.state().rules.kernel.zone.clone();
    for month in month_index(batch.state().time, &zone)..=month_index(until, &zone) {
        let day = pay_day(batch, month);
        if batch.state().time < day && day <= until {
            give(batch, month, (day, day))?;
        }
    }
    batch.run_due(until)?;
    Ok(())
}

fn pay_day(batch: &Batch<'_>, month: i32) -> Moment {
    let begin = month_start(month, &batch.state().rules.kernel.zone);
    Moment(begin.0.saturating_add(PAY_DAY.saturating_mul(DAY_US)))
}

/// The kinds of support that its classes count.
fn counted(kernel: &Kernel) -> BTreeSet<SupportKind> {
    kernel.classes.iter().flat_map(|class| &class.weight.sources).filter_map(charter::Source::kind).collect()
}

/// Every member gives most of what counts: some of them more, and some nothing of a kind.
fn give(batch: &mut Batch<'_>, month: i32, (given_at, at): (Moment, Moment)) -> Result<(), Error> {
    let kernel = &batch.state().rules.kernel;
    let (kinds, currency) = (counted(kernel), kernel.currency.code().to_owned());
    let members: Vec<Pseudonym> =
        batch.state().members.indices().filter_map(|index| batch.state().members.pseudonym(index)).collect();
    for (place, member) in members.into_iter().take(MEMBERS as usize).enumerate() {
        for (number, kind) in kinds.iter().enumerate() {
            if (place + number) % 4 == 3 {
                continue;
            }
            let share = i64::try_from(place % 4).unwrap_or(0) + 1;
            let source = format!("test/{month}/{place}/{}", kind.name());
            let act = record(member, *kind, share, (&currency, source, given_at));
            batch.append(&act, ACTOR, "", "", at)?;
        }
    }
    Ok(())
}

/// A record of so many shares of what is usual: ten units of money, four hours, one credit.
fn record(
    member: Pseudonym,
    kind: SupportKind,
    share: i64,
    (currency, source, given_at): (&str, String, Moment),
) -> Act {
    let (amount, unit) = match kind.unit() {
        SupportUnit::Money => (1_000, None),
        SupportUnit::Seconds => (4 * 3_600, Some("second")),
        SupportUnit::MicroCredits => (1_000_000, Some("micro-credit")),
    };
    let money = (kind.unit() == SupportUnit::Money).then(|| currency.to_owned());
    let from = match kind {
        SupportKind::Donation => Some("income:donations"),
        SupportKind::Purchase => Some("income:sales"),
        SupportKind::Dues => Some("income:dues"),
        SupportKind::Loan => Some("liabilities:member-loans"),
        SupportKind::ShareCapital => Some("equity:member-shares"),
        SupportKind::Pledge
        | SupportKind::Hours
        | SupportKind::Contribution
        | SupportKind::Compute
        | SupportKind::Credit => None,
    };
    Act::RecordSupport(RecordSupport {
        service: None,
        member,
        kind: kind.name().to_owned(),
        amount: Amount { amount: amount * share, currency: money, unit: unit.map(str::to_owned) },
        given_at: Some(given_at),
        given_on: None,
        source,
        parts: 1,
        series: None,
        stands_months: (kind == SupportKind::Pledge).then_some(2),
        book: from.map(|from| Sides { to: "assets:bank".to_owned(), from: from.to_owned() }),
    })
}

#[cfg(test)]
mod tests {
    use quantity::Currency;

    use super::*;
    use crate::coop::tests::at;

    /// Each template makes one: members have weight at once, and give as time goes on.
    #[test]
    fn every_template_has_a_test_co_op_whose_time_goes_forward() {
        let now = at("2026-03-20T12:00:00Z");
        for name in charter::templates() {
            let template = charter::template(name).unwrap();
            let filled = template.fill("Test", Currency::parse("EUR").unwrap());
            let charter = Charter::for_test(filled.kernel, filled.constitution).unwrap();
            let kinds = counted(&charter.rules.kernel);
            let mut coop = found_test(charter, now).unwrap();
            let state = coop.state();
            assert_eq!((state.members.active_count(), state.editions.current), (12, newest_closed()), "{name}");
            assert!(state.founding.act.demonstration && state.updates == 1, "{name}");
            let weighed = state.members.indices().filter(|member| state.weights.of(*member) > 0).count();
            assert!(weighed > 3, "{name}: {weighed} have weight");
            let (entries, month) = (coop.head().seq, Moment(state.time.0 + 31 * DAY_US));
            coop.all_or_nothing(|batch| forward(batch, month)).unwrap();
            assert!(coop.state().time > at("2026-04-01T00:00:00Z"), "{name}");
            assert!(kinds.is_empty() || coop.head().seq > entries + 9, "{name}");
        }
    }

    #[test]
    fn its_time_ends_after_ten_years() {
        let now = at("2026-03-20T12:00:00Z");
        let filled = charter::template("worker").unwrap().fill("Test", Currency::parse("EUR").unwrap());
        let charter = Charter::for_test(filled.kernel, filled.constitution).unwrap();
        let mut coop = found_test(charter, now).unwrap();
        let late = Moment(now.0 + 3_661 * DAY_US);
        let why = coop.all_or_nothing(|batch| forward(batch, late)).unwrap_err();
        assert!(why.to_string().contains("ten years"), "{why}");
    }
}
