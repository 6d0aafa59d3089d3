//! One member's weight, line by line: records, decay, scaling, cap.

use charter::{Class, Kernel, Pico, Source, SupportKind, SupportUnit, TraceLine};
use engine::support::Support;
use engine::support::silence::Held;
use engine::weight::{ClassWeights, Counted, Sources, Sums, Weights, carried, counted, values_of};
use engine::{MemberIndex, Pseudonym, State};
use quantity::{Binds, split};
use schemars::JsonSchema;
use serde::Serialize;
use words::numbers::{self, HOURS, RECORDS};
use words::weight;

use crate::classes::is_in;
use crate::{Moment, Share, Sight, Weight, say};

/// The sources of a member's weight.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct WeightExplained {
    /// The pseudonym.
    pub member: String,
    /// The update that counted it.
    pub counted_at: Option<Moment>,
    /// One part for each class the member is in, in the kernel's order.
    pub classes: Vec<ClassWeightExplained>,
    /// Set if the kernel caps members and this member reached the cap.
    pub cap: Option<CapLine>,
    /// Set if the member weighs more as a founder, from edition 3 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub founding: Option<FoundingLine>,
    /// After everything.
    pub total: Weight,
    /// Of all weight in the co-op.
    pub share: Share,
}

/// One class's part.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ClassWeightExplained {
    /// Its name.
    pub class: String,
    pub class_index: u32,
    /// The class's formula, as written in the kernel.
    pub formula: String,
    /// The formula's working, outermost first.
    pub lines: Vec<WeightLine>,
    /// The formula's result.
    pub earned: Weight,
    /// After the class's own cap and the kernel's `scale`; the same as `earned` where there is neither.
    pub scaled: Weight,
    /// After the cap on members.
    pub capped: Weight,
}

/// One step of the working.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct WeightLine {
    /// For example `donated in November 2025: 2 records`.
    pub words: String,
    /// For example `50.00 USD`.
    pub value: String,
    /// The depth of the step in the formula, from 0.
    pub depth: u32,
}

/// The cap on members, and the weight that it took away.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CapLine {
    /// For example `no member holds more than 20 % of all weight`.
    pub words: String,
    pub before: Weight,
    pub after: Weight,
}

/// The weight that the founding period adds.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct FoundingLine {
    /// For example `as a founder, until 30 June 2026 at the latest`.
    pub words: String,
    /// The weight that it adds to the member's own.
    pub weight: Weight,
}

/// The most days that have a line each; the others share one.
const TOLD: usize = 24;
/// One in a formula's fixed point.
const PICO: i128 = 1_000_000_000_000;
/// The most that each part of a fading sum may lose to rounding.
const ROUNDING: i128 = 1_000_000;

/// Returns the sources of the weight of the last update; `None` if the register never held the member.
#[must_use]
pub fn explain(sight: &Sight<'_>, member: Pseudonym) -> Option<WeightExplained> {
    let sums = &sight.kept.counted(sight).sums;
    explain_at(sight, member, (&sight.state.weights, sums), sight.state.sources())
}

/// As [`explain`], for weights, their sums and what formulas read at another instant (weights and sources from one call of
/// `engine::weight::weigh`).
#[must_use]
pub fn explain_at(
    sight: &Sight<'_>,
    member: Pseudonym,
    (weights, sums): (&Weights, &Sums),
    sources: &Sources,
) -> Option<WeightExplained> {
    let state = sight.state;
    let kernel = &state.rules.kernel;
    let index = state.members.index(member)?;
    let own = state.support.only(index);
    let telling = Telling { sight, kernel, weights, sums, sources, index, own };
    // docs/spec/support.md, From support to weight: founders' weight comes last, evenly over all classes.
    let as_founder = weights.as_founder(index);
    let parts = split(i64::try_from(as_founder).unwrap_or(i64::MAX), &vec![1; kernel.classes.len()]);
    let part_in = |class: u32| parts.get(class as usize).and_then(|part| u64::try_from(*part).ok()).unwrap_or(0);
    let known = (0_u32..).zip(kernel.classes.iter().zip(&weights.classes));
    let mut classes: Vec<ClassWeightExplained> = known
        .filter_map(|(class_index, (class, weighed))| {
            let cell = |column: &[u64]| Weight::from_micro(column.get(index.place()).copied().unwrap_or(0));
            let earned = cell(&weighed.earned);
            // A class that the member is not in would be a line of zeros.
            is_in(state, class, index, earned.weight_micro).then(|| ClassWeightExplained {
                class: class.name.clone(),
                class_index,
                formula: class.weight.with_values(),
                lines: telling.lines_to_the_cap(class, weighed, earned.weight_micro),
                earned,
                scaled: cell(&weighed.scaled),
                capped: Weight::from_micro(cell(&weighed.weight).weight_micro.saturating_sub(part_in(class_index))),
            })
        })
        .collect();
    // Floor and cap act on the whole weight and not on a class (docs/spec/support.md, From support to weight).
    let total = weights.of(index);
    let own = total.saturating_sub(as_founder);
    floor_line(state, &mut classes, own);
    Some(WeightExplained {
        member: member.to_string(),
        // Before the first update nothing was counted, so there is no instant to name.
        counted_at: (!weights.member.is_empty()).then(|| sight.moment(weights.at)),
        cap: cap_line(kernel, weights, &classes, (index, own)),
        founding: (as_founder > 0).then(|| FoundingLine {
            words: weight::as_founder(sight.day(state.founding_weight_ends().unwrap_or(weights.at))),
            weight: Weight::from_micro(as_founder),
        }),
        classes,
        total: Weight::from_micro(total),
        share: Share::from_ppm(say::ppm(u128::from(total), weights.total)),
    })
}

struct Telling<'a> {
    sight: &'a Sight<'a>,
    kernel: &'a Kernel,
    weights: &'a Weights,
    sums: &'a Sums,
    sources: &'a Sources,
    index: MemberIndex,
    /// This member's support.
    own: Support,
}

impl Telling<'_> {
    /// Returns the formula's working, a line for weight that is held, and one for the class's own cap where it took something.
    fn lines_to_the_cap(&self, class: &Class, weighed: &ClassWeights, earned: u64) -> Vec<WeightLine> {
        let mut lines = self.lines(class);
        let by_formula = |held: &Held| held.formula.get(self.index.place()).copied().unwrap_or(0);
        if let Some(held) = weighed.held.as_ref().filter(|held| by_formula(held) < earned) {
            let words = words::sources::held_weight(self.sight.day(held.since), self.sight.day(held.until));
            lines.push(WeightLine { words, value: quantity::format_micro(i128::from(earned)), depth: 0 });
        }
        let cut =
            weighed.cut.as_ref().map(|cut| (cut, cut.left(self.index, earned))).filter(|(_, left)| *left < earned);
        if let (Some((cut, left)), Some(cap)) = (cut, class.cap_ppm) {
            let share = Share::from_ppm(cap).text;
            let words = match cut.level.binds {
                Binds::Tenth => weight::class_cap_or_tenth(share),
                Binds::Cap | Binds::None => weight::class_cap(share),
            };
            let words = told_to(cut.is_newcomer(self.index), words);
            lines.push(WeightLine { words, value: quantity::format_micro(i128::from(left)), depth: 0 });
        }
        lines
    }

    /// Returns the formula's working; under each source that it names, the records.
    fn lines(&self, class: &Class) -> Vec<WeightLine> {
        let values = values_of(class, self.kernel, self.sources, (self.weights, self.sums), self.index);
        let mut lines = Vec::new();
        for TraceLine { depth, words, value } in class.weight.trace(&values) {
            let depth = u32::from(depth);
            let mut named = class.weight.sources.iter().zip(&values);
            let read = named.find(|(source, _)| kind_of(source).is_some() && source.words() == words);
            match read {
                None => lines.push(WeightLine { words, value, depth }),
                Some((source, sum)) => {
                    let records = counted(source, self.kernel, &self.own, self.weights.at);
                    let count = say::count(say::whole(records.len()), RECORDS);
                    lines.push(WeightLine { words: weight::records(words, count), value: value.clone(), depth });
                    lines.extend(self.carried_line(source, value, depth.saturating_add(1)));
                    lines.extend(self.records(source, &records, *sum, depth.saturating_add(1)));
                }
            }
        }
        lines
    }

    /// Returns a line where an earlier period counts for one that has fewer records.
    fn carried_line(&self, source: &Source, value: String, depth: u32) -> Option<WeightLine> {
        let carried = carried(source, self.kernel, &self.own, self.weights.at).filter(|carried| carried.times > 0)?;
        let part = Share::from_ppm(quantity::PPM.checked_shr(u32::from(carried.times)).unwrap_or(0)).text;
        let last = quantity::Moment(carried.to.0.saturating_sub(1));
        let words = weight::carried(part, self.sight.day(carried.from), self.sight.day(last));
        Some(WeightLine { words, value, depth })
    }

    /// Lists the newest first, then the older ones together. Records made after the count are shown and taken off again, so
    /// that the lines add up to the counted sum.
    fn records(&self, source: &Source, records: &[Counted], sum: Pico, depth: u32) -> Vec<WeightLine> {
        let kind = kind_of(source);
        let line = |words: String, worth: Pico| WeightLine { words, value: self.value(kind, worth), depth };
        let worth = |records: &[Counted]| records.iter().fold(0_i128, |sum, record| sum.saturating_add(record.worth));
        let days: Vec<&[Counted]> = records.chunk_by(|a, b| self.told_as_one(a, b)).collect();
        let newest = days.iter().rev().take(TOLD);
        let mut lines: Vec<WeightLine> = newest.map(|day| line(self.record_words(source, day), worth(day))).collect();
        let older = days.get(..days.len().saturating_sub(TOLD)).unwrap_or_default();
        let earlier: usize = older.iter().map(|day| day.len()).sum();
        if earlier > 0 {
            let sum = older.iter().fold(0_i128, |sum, day| sum.saturating_add(worth(day)));
            lines.push(line(weight::earlier(earlier), sum));
        }
        let apart = sum.saturating_sub(worth(records));
        let rounding = ROUNDING.saturating_mul(i128::try_from(records.len()).unwrap_or(i128::MAX));
        if apart.saturating_abs() > rounding {
            lines.push(line(weight::AFTER_THE_COUNT.to_owned(), apart));
        }
        lines
    }

    /// Returns whether two records share a line: support of one day does; each pledge has its own.
    fn told_as_one(&self, a: &Counted, b: &Counted) -> bool {
        let day = |record: &Counted| engine::book::Day::of(record.given_at, &self.kernel.zone);
        a.until.is_none() && b.until.is_none() && (a.amount < 0) == (b.amount < 0) && day(a) == day(b)
    }

    fn record_words(&self, source: &Source, records: &[Counted]) -> String {
        let Some(first) = records.first() else {
            return String::new();
        };
        let day = self.sight.day(first.given_at);
        let many = say::count(say::whole(records.len()), RECORDS);
        match (source.whole(), first.until) {
            (Source::Faded { kind, .. }, _) => {
                let unit = match kind.unit() {
                    SupportUnit::MicroCredits => ROUNDING,
                    SupportUnit::Money | SupportUnit::Seconds => PICO,
                };
                let amounts = records.iter().map(|record| i128::from(record.amount));
                let given = amounts.fold(0_i128, i128::saturating_add).saturating_mul(unit);
                weight::faded(day, self.value(Some(*kind), given))
            }
            (_, Some(until)) => weight::promised(day, self.sight.day(until)),
            _ if first.amount < 0 => weight::taken_back(day),
            _ if records.len() > 1 => weight::records(day, many),
            _ => day,
        }
    }

    fn value(&self, kind: Option<SupportKind>, worth: Pico) -> String {
        let plain = || quantity::format_micro(worth.checked_div(ROUNDING).unwrap_or(0));
        match kind.map(SupportKind::unit) {
            Some(SupportUnit::Money) => {
                let minor = i64::try_from(worth.checked_div(PICO).unwrap_or(0)).unwrap_or(i64::MAX);
                say::money(minor, self.kernel.currency).text
            }
            Some(SupportUnit::Seconds) => {
                let hours = quantity::format_micro(worth.checked_div(ROUNDING.saturating_mul(3_600)).unwrap_or(0));
                numbers::count(&hours, HOURS)
            }
            Some(SupportUnit::MicroCredits) | None => plain(),
        }
    }
}

fn kind_of(source: &Source) -> Option<SupportKind> {
    source.kind()
}

/// Where the kernel's floor lifts a member, the last class says so.
fn floor_line(state: &State, classes: &mut [ClassWeightExplained], total: u64) {
    let sum = classes.iter().fold(0_u64, |sum, class| sum.saturating_add(class.capped.weight_micro));
    let floor = state.rules.kernel.floor_micro;
    if let (true, Some(last)) = (total > sum && floor > 0, classes.last_mut()) {
        last.lines.push(WeightLine {
            words: weight::FLOOR.to_owned(),
            value: quantity::format_micro(i128::from(floor)),
            depth: 0,
        });
    }
}

fn cap_line(
    kernel: &Kernel,
    weights: &Weights,
    classes: &[ClassWeightExplained],
    (index, total): (MemberIndex, u64),
) -> Option<CapLine> {
    let cap = kernel.cap_ppm?;
    let before = classes.iter().fold(0_u64, |sum, class| sum.saturating_add(class.scaled.weight_micro));
    let share = Share::from_ppm(cap).text;
    let words = match &weights.cut {
        Some(cut) => {
            let words = match cut.level.binds {
                Binds::Tenth => weight::cap_or_tenth(share),
                Binds::Cap | Binds::None => weight::cap(share),
            };
            (before > total).then(|| told_to(cut.is_newcomer(index), words))
        }
        None => (before > weights.cap_level?).then(|| weight::cap(share)),
    };
    words.map(|words| CapLine { words, before: Weight::from_micro(before), after: Weight::from_micro(total) })
}

/// Adds what holds for newcomers to the words on a cap.
fn told_to(is_newcomer: bool, words: String) -> String {
    if is_newcomer { weight::cap_of_newcomer(words) } else { words }
}
