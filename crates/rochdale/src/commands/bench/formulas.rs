//! Every class's formula of every template over 1,000,000 members, on one core: the evaluation from a member's support
//! to their weight, and nothing else of an update.

use charter::{Class, Pico, Source, SupportUnit};

use super::{Spread, line, median, ms, timed};
use crate::exit::Exit;

const MEMBERS: usize = 1_000_000;
const RUNS: usize = 5;
/// One of a plain number.
const ONE: Pico = 1_000_000_000_000;

pub fn run() -> Result<(), Exit> {
    let currency = quantity::Currency::parse("USD").ok_or_else(|| Exit::world("no currency"))?;
    line("members", &MEMBERS.to_string())?;
    let mut slowest = std::time::Duration::ZERO;
    for name in charter::templates() {
        let template = charter::template(name).ok_or_else(|| Exit::world("no template"))?;
        let filled = template.fill("bench", currency);
        let kernel = charter::read_kernel(&filled.kernel)
            .map_err(|_| Exit::world(format!("the template `{name}` has mistakes")))?;
        for class in &kernel.classes {
            let columns = columns(class);
            let times = (0..RUNS).map(|_| timed(|| std::hint::black_box(evaluate(class, &columns))));
            let (sums, times): (Vec<u128>, Vec<_>) = times.unzip();
            let time = median(times);
            slowest = slowest.max(time);
            let sum = sums.first().copied().unwrap_or(0) / u128::from(quantity::MICRO);
            line(&format!("{name}, {}", class.name), &format!("{} (weights sum to {sum})", ms(time)))?;
        }
    }
    line("slowest, limit 150 ms", &ms(slowest))
}

/// Returns the sum of each source of a formula, by member: sums that real members have, and different ones for each.
fn columns(class: &Class) -> Vec<Vec<Pico>> {
    let mut spread = Spread(1_844);
    let column = |source: &Source| {
        let (most, step) = match source.whole() {
            Source::Support { kind, .. } | Source::Falling { kind, .. } | Source::Faded { kind, .. } => {
                match kind.unit() {
                    SupportUnit::Money => (50_000, ONE),
                    SupportUnit::Seconds => (720_000, ONE),
                    SupportUnit::MicroCredits => (90_000_000, ONE / 1_000_000),
                }
            }
            Source::Of { .. } | Source::Count(_) => (1_000_000, ONE),
            Source::Highest(_) | Source::Total(_) => (1_000_000_000, ONE / 1_000_000),
        };
        let whole = matches!(source, Source::Count(_) | Source::Highest(_) | Source::Total(_));
        let of_class = Pico::from(spread.next(most)) * step;
        let mut value = || Pico::from(spread.next(most)) * step;
        let cells = (0..MEMBERS).map(|_| if whole { of_class } else { value() });
        cells.collect()
    };
    class.weight.sources.iter().map(column).collect()
}

/// Evaluates everyone's weight into a column, as an update does; the sum of it.
fn evaluate(class: &Class, columns: &[Vec<Pico>]) -> u128 {
    let mut values = vec![0; columns.len()];
    let mut weights = vec![0_u64; MEMBERS];
    for (member, weight) in weights.iter_mut().enumerate() {
        for (value, column) in values.iter_mut().zip(columns) {
            *value = column.get(member).copied().unwrap_or(0);
        }
        *weight = class.weight.weight(&values);
    }
    weights.iter().map(|weight| u128::from(*weight)).sum()
}
