//! Promises that give weight by themselves. Not an error: only a note of the checker says so.

use super::Source;
use super::parse::{Expression, What};
use crate::support::{SupportKind, SupportUnit};

/// Reports whether a promise gives weight somewhere in a part without a gift that bounds it.
pub(super) fn is_alone(part: &Expression, sources: &[Source], bounded: bool) -> bool {
    let alone = |part: &Expression| is_alone(part, sources, bounded);
    match &part.what {
        What::Number { .. } => false,
        What::Source(at) => !bounded && sources.get(*at).and_then(Source::kind) == Some(SupportKind::Pledge),
        What::Least(parts) => {
            let gift = |part: &Expression| reads_money(part, sources);
            parts.iter().enumerate().any(|(place, part)| {
                let others = parts.iter().enumerate().filter(|(other, _)| *other != place);
                is_alone(part, sources, bounded || others.map(|(_, other)| other).any(gift))
            })
        }
        What::Greatest(parts) | What::All(parts) | What::Any(parts) => parts.iter().any(alone),
        What::Root(inner) | What::Negative(inner) | What::Not(inner) => alone(inner),
        What::Sum(parts) => parts.iter().any(|(_, part)| alone(part)),
        What::Product(parts) => parts.iter().any(|(_, part)| alone(part)),
        What::Choice(choice) => [&choice.condition, &choice.then, &choice.otherwise].into_iter().any(alone),
        What::Compare(_, sides) => alone(&sides.0) || alone(&sides.1),
    }
}

/// Reports whether a part is money that was given, a part of it, or the least of several such.
fn reads_money(part: &Expression, sources: &[Source]) -> bool {
    let money = |part: &Expression| reads_money(part, sources);
    match &part.what {
        What::Source(at) => sources
            .get(*at)
            .and_then(Source::kind)
            .is_some_and(|kind| kind.unit() == SupportUnit::Money && kind != SupportKind::Pledge),
        What::Least(parts) => parts.iter().any(money),
        What::Product(parts) => parts.iter().any(|(_, part)| money(part)),
        What::Sum(parts) => parts.iter().all(|(_, part)| money(part)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quantity::Currency;

    use crate::formula::{Formula, Scope};

    #[test]
    fn a_promise_is_bounded_by_a_gift_and_by_nothing_else() {
        let alone = |text: &str| {
            let currency = Currency::parse("USD").unwrap();
            let scope = Scope { currency, classes: &[], parameters: Default::default(), edition: Default::default() };
            Formula::parse(text, &scope).unwrap().counts_promises_alone()
        };
        for bounded in [
            "min(donated(last month), pledged(next month)) / 1 USD",
            "min(purchased(ever) / 1 USD, 5 * pledged(next month) / 1 USD)",
            "sqrt(min(donated(this month) * 2, max(pledged(next month), pledged(last month))) / 1 USD)",
            "donated(last month) / 1 USD",
        ] {
            assert!(!alone(bounded), "{bounded}");
        }
        for free in [
            "pledged(next month) / 1 USD",
            "min(pledged(next month), 50 USD) / 1 USD",
            "min(pledged(next month), pledged(last month)) / 1 USD",
            "max(donated(last month), pledged(next month)) / 1 USD",
            "min(donated(last month), pledged(next month)) / 1 USD + pledged(next month) / 1 USD",
            "min(donated(ever) + 100 USD, pledged(next month)) / 1 USD",
            "if pledged(next month) > 5 USD then 1 else 0",
        ] {
            assert!(alone(free), "{free}");
        }
    }
}
