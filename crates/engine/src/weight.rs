//! Weight: the classes' formulas over what members gave, then scaling, floor and cap. Not votes (`tally`).
//!
//! A weight is a pure function of the rules, the register, the records with a date up to the instant, and the
//! instant. Columns kept between updates ([`Sources`]) are a cache: thrown away, they come back the same.

mod ahead;
mod behind;
mod cut;
mod given;
mod sources;
mod standing;
mod sums;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

use charter::{Class, Edition, Formula, Kernel, Pico, Source};
use quantity::{Broken, Moment, cap_level, ensure, give_way, root_u128, split};

use crate::id::{ClassId, MemberIndex};
use crate::register::Members;
use crate::support::silence::Held;
pub use ahead::weight_ahead;
pub use behind::Behind;
pub use cut::Cut;
pub use given::Given;
use sources::Last;
pub use sources::{Carried, Counted, Sources, carried, counted};
pub(crate) use standing::Members as Set;
pub use standing::Standing;
pub use sums::{ClassSums, Sums};

/// One class's columns, micro-weights by member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassWeights {
    /// The formula's result, rounded down; no less than the weight that is held.
    pub earned: Arc<Vec<u64>>,
    /// The weights that it holds while a source is silent; `None` where none is.
    pub held: Option<Held>,
    /// How the class's own cap cut it; `None` where it has none.
    pub cut: Option<Cut>,
    /// After the class's own cap and its scaling. Shared with `earned` where there is neither.
    pub scaled: Arc<Vec<u64>>,
    /// After floor and cap: what counts. Shared with `scaled` where neither changes anything.
    pub weight: Arc<Vec<u64>>,
    /// How many are in the class: those on its list, or, without a list, those who earned something.
    pub count: u64,
}

/// Every member's weight at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// When.
    pub at: Moment,
    /// In the kernel's order.
    pub classes: Vec<ClassWeights>,
    /// The whole weight of each member, micro-weights.
    pub member: Vec<u64>,
    /// The most that one member may have, where edition 1's cap binds; micro-weights.
    pub cap_level: Option<u64>,
    /// How the cap over all weight cut it; `None` under edition 1, and where the kernel has none.
    pub cut: Option<Cut>,
    /// The part of it that founders have as such, by member; `None` where that is nothing. Micro-weights.
    pub founding: Option<Arc<Vec<u64>>>,
    /// The sum over members, micro-weights.
    pub total: u128,
}

impl Weights {
    /// The weights of all members and of each class, each with its sum.
    pub(crate) fn columns(&self) -> Vec<(&[u64], u128)> {
        let mut columns: Vec<(&[u64], u128)> = vec![(&self.member, self.total)];
        columns.extend(self.classes.iter().map(|class| {
            let whole = class.weight.iter().map(|micro| u128::from(*micro)).sum();
            (class.weight.as_slice(), whole)
        }));
        columns
    }

    /// One member's weight, micro-weights.
    #[must_use]
    pub fn of(&self, member: MemberIndex) -> u64 {
        self.member.get(member.place()).copied().unwrap_or(0)
    }

    /// The part of a member's weight that they have as a founder, micro-weights.
    #[must_use]
    pub fn as_founder(&self, member: MemberIndex) -> u64 {
        self.founding.as_ref().and_then(|column| column.get(member.place())).copied().unwrap_or(0)
    }

    /// Everybody's weight but for what founders have as such, micro-weights.
    pub(crate) fn own(&self) -> Cow<'_, [u64]> {
        match &self.founding {
            None => Cow::Borrowed(&self.member),
            Some(founding) => {
                let own = self.member.iter().zip(founding.iter());
                Cow::Owned(own.map(|(weight, as_founder)| weight.saturating_sub(*as_founder)).collect())
            }
        }
    }

    /// Columns of one length, no longer than the register of `members`; each member has what their classes add up to, and all of
    /// them what is told.
    pub(crate) fn check(&self, members: usize) -> Result<(), Broken> {
        let known = self.member.len();
        ensure!(known <= members, "{known} of {members} members have weight");
        for class in &self.classes {
            let length = class.weight.len();
            ensure!(length == known, "a class has the weight of {length} members, of {known}");
        }
        // A thousand members at a time: their sums stay near while each class adds to them.
        let mut begin: usize = 0;
        for told in self.member.chunks(1_024) {
            let mut of_classes = [0_u64; 1_024];
            for class in &self.classes {
                let own = class.weight.get(begin..).unwrap_or_default();
                for (sum, weight) in of_classes.iter_mut().zip(own) {
                    *sum = sum.saturating_add(*weight);
                }
            }
            let agree = of_classes.iter().zip(told).all(|(sum, told)| sum == told);
            ensure!(agree, "somebody's weight is not what their classes add up to");
            begin = begin.saturating_add(told.len());
        }
        let total = self.member.iter().fold(0_u128, |sum, weight| sum.saturating_add(u128::from(*weight)));
        ensure!(total == self.total, "all weight is {total}, and {} is told", self.total);
        Ok(())
    }

    /// Returns one member's weight through the named places of the kernel's classes, micro-weights.
    #[must_use]
    pub fn of_classes(&self, member: MemberIndex, classes: &[ClassId]) -> u64 {
        classes
            .iter()
            .filter_map(|class| self.classes.get(class.place())?.weight.get(member.place()))
            .fold(0, |sum, weight| sum.saturating_add(*weight))
    }
}

/// Weighs every member at `at`. `sources` may be fresh or kept from an earlier instant: the result is the same.
#[must_use]
pub fn weigh(
    kernel: &Kernel,
    members: &Members,
    given: Given<'_>,
    sources: &mut Sources,
    at: Moment,
    threads: usize,
) -> Weights {
    let standing = given.standing;
    sources.advance(kernel, given.support, members.len(), at);
    // How many are on a list is known before any weight is, so a class's formula may count the class itself.
    let mut classes: Vec<ClassWeights> = kernel
        .classes
        .iter()
        .map(|class| ClassWeights { count: listed_count(class, members).unwrap_or(0), ..ClassWeights::default() })
        .collect();
    let mut last = std::mem::take(&mut sources.last);
    last.resize_with(kernel.classes.len(), Last::default);
    for place in &kernel.class_order {
        let (Some(class), Some(last)) = (kernel.classes.get(*place), last.get_mut(*place)) else {
            continue;
        };
        let columns = Columns::of(&class.weight, kernel, sources, |place, source| {
            let class = classes.get(place)?;
            let column = || class.scaled.iter().copied();
            let total = || column().map(u128::from).sum();
            Some(number_of(source, class.count, || column().max().unwrap_or(0), total))
        });
        let ClassWeights { earned, mut count, .. } = weigh_class(class, members, &columns, last, threads);
        let mut earned = if kernel.edition < Edition::TWO { earned } else { bounded(earned) };
        // docs/spec/support.md, Silent sources: the formula's weight, and no less than the one that is held.
        let held =
            given.silences.and_then(|silences| silences.hold(class, members, &earned, at)).map(|(held, weights)| {
                earned = weights;
                held
            });
        if held.is_some() && class.list.is_none() {
            count = earned.iter().map(|micro| u64::from(*micro > 0)).sum();
        }
        let weighed = ClassWeights { held, ..scale(class, earned, count, (standing, at)) };
        if let Some(slot) = classes.get_mut(*place) {
            *slot = weighed;
        }
    }
    sources.last = last;
    let mut weights = settle_totals(kernel, members, classes, (standing, at));
    weights.lift_founders(kernel, members, given.founders);
    weights
}

fn weigh_class(
    class: &Class,
    members: &Members,
    columns: &Columns<'_>,
    last: &mut Last,
    threads: usize,
) -> ClassWeights {
    let listed = class.list.as_deref().map(|name| members.list(name));
    let earned = match listed {
        Some(list) => {
            let mut earned = vec![0_u64; members.len()];
            let mut values = columns.constants();
            for member in list.into_iter().flatten() {
                columns.fill(member.place(), &mut values);
                if let Some(cell) = earned.get_mut(member.place()) {
                    *cell = class.weight.weight(&values);
                }
            }
            Arc::new(earned)
        }
        None => earned_by_all(class, members, columns, last, threads),
    };
    let earning = || earned.iter().map(|micro| u64::from(*micro > 0)).sum();
    let count = listed_count(class, members).unwrap_or_else(earning);
    ClassWeights { earned, count, ..ClassWeights::default() }
}

/// The most that a formula gives one member since edition 2, micro-weights: 72 billion weights. So all that a member has in as many
/// classes as a kernel may have is below 2^62, and no sum of it is cut anywhere.
const MOST_EARNED: u64 = 1 << 56;

/// Cuts what formulas gave to the most that they give.
fn bounded(mut earned: Arc<Vec<u64>>) -> Arc<Vec<u64>> {
    if earned.iter().any(|micro| *micro > MOST_EARNED) {
        let cells: &mut Vec<u64> = Arc::make_mut(&mut earned);
        cells.iter_mut().for_each(|micro| *micro = (*micro).min(MOST_EARNED));
    }
    earned
}

/// The class's own cap, then its scaling.
fn scale(class: &Class, earned: Arc<Vec<u64>>, count: u64, (standing, at): (&Standing, Moment)) -> ClassWeights {
    let cut = class.cap_ppm.map(|cap| Cut::of(&earned, standing.newcomers(&class.name, at, &earned), cap));
    let mut scaled = Arc::clone(&earned);
    if let Some(cut) = cut.as_ref().filter(|cut| !cut.is_none()) {
        let left: &mut Vec<u64> = Arc::make_mut(&mut scaled);
        cut.apply(left);
    }
    if class.scale_root {
        scaled = Arc::new(scaled.iter().map(|micro| root_of_weight(*micro)).collect());
    }
    ClassWeights { earned, held: None, cut, scaled, weight: Arc::default(), count }
}

/// Returns the columns that caps look back on, by name, with their weights before the cap.
pub(crate) fn noted<'a>(
    kernel: &'a Kernel,
    members: &Members,
    weights: &'a Weights,
    all: &'a mut Vec<u64>,
) -> Vec<(&'a str, &'a [u64])> {
    let classes = kernel.classes.iter().zip(&weights.classes).filter(|(class, _)| class.cap_ppm.is_some());
    let mut columns: Vec<(&str, &[u64])> =
        classes.map(|(class, weighed)| (class.name.as_str(), weighed.earned.as_slice())).collect();
    match &weights.cut {
        // Weight of founders as such comes after the cap: it makes nobody one of standing.
        Some(cut) if cut.is_none() && weights.founding.is_none() => columns.push((ALL, &weights.member)),
        Some(_) => {
            *all = sums::before_cap(kernel, members, weights);
            columns.push((ALL, all));
        }
        None => {}
    }
    columns
}

/// The name of the column of all weight: no class is called so.
const ALL: &str = "";

/// Returns the formula's result for everyone. Where its inputs for a member are those of the previous instant, the earlier result
/// holds: the formula knows nothing else. Where it does so for all, the column of then is shared.
fn earned_by_all(
    class: &Class,
    members: &Members,
    columns: &Columns<'_>,
    last: &mut Last,
    threads: usize,
) -> Arc<Vec<u64>> {
    // Numbers of whole classes are in every member's formula, so another one makes all earlier results stale.
    let (constants, count) = (columns.constants(), members.len());
    let former = members.former().count();
    // Somebody who rests had 0 while they did, whatever their formula gives.
    let same = last.constants == constants && members.resting().eq(last.resting.iter().copied());
    let known = if same { last.earned.len() } else { 0 };
    let as_before = known == count && last.former == former;
    if as_before && !columns.any_changed(count) {
        return Arc::clone(&last.earned);
    }
    // The column is taken out first: it is copied only where the earlier weights still share it.
    let mut earned = std::mem::take(&mut last.earned);
    let cells = Arc::make_mut(&mut earned);
    cells.resize(count, 0);
    // Each thread has cells of its own, so the number of threads cannot change a result.
    let threads = threads.min(count / MEMBERS_OF_A_THREAD);
    let chunk = count.div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (place, cells) in cells.chunks_mut(chunk).enumerate() {
            let mut values = constants.clone();
            let begin = place.saturating_mul(chunk);
            let work = move || {
                for (member, cell) in (begin..).zip(cells) {
                    give_way(member);
                    if member >= known || columns.changed(member) {
                        columns.fill(member, &mut values);
                        *cell = class.weight.weight(&values);
                    }
                }
            };
            if threads <= 1 {
                work();
            } else {
                scope.spawn(work);
            }
        }
    });
    // docs/spec/support.md, From support to weight, 1: former members have none, whatever they gave.
    for member in members.former().chain(members.resting()) {
        if let Some(cell) = cells.get_mut(member.place()) {
            *cell = 0;
        }
    }
    let resting = members.resting().collect();
    *last = Last { constants, earned: Arc::clone(&earned), former, resting };
    earned
}

/// So many formulas cost more than a thread that is begun for them.
const MEMBERS_OF_A_THREAD: usize = if cfg!(test) { 1 } else { 8_192 };

/// How many are on a class's list; `None` where it has none.
fn listed_count(class: &Class, members: &Members) -> Option<u64> {
    let list = members.list(class.list.as_deref()?);
    Some(list.map_or(0, |list| u64::try_from(list.len()).unwrap_or(u64::MAX)))
}

/// √ of a weight as a weight, rounded down to the micro-weight.
fn root_of_weight(micro: u64) -> u64 {
    root_u128(u128::from(micro).saturating_mul(1_000_000))
}

/// Floor, then cap; where one of them changes a member's sum, their classes are changed in proportion.
fn settle_totals(
    kernel: &Kernel,
    members: &Members,
    mut classes: Vec<ClassWeights>,
    (standing, at): (&Standing, Moment),
) -> Weights {
    // The steps are 3 to 6 of docs/spec/support.md, From support to weight: first the sum over a member's classes.
    let mut member: Vec<u64> = vec![0; members.len()];
    for class in &classes {
        for (sum, scaled) in member.iter_mut().zip(class.scaled.iter()) {
            *sum = sum.saturating_add(*scaled);
        }
    }
    // The floor lifts members on a list that a class reads, or with any weight, and nobody else (step 4).
    let on_lists = || {
        let lists = kernel.classes.iter().map(|class| class.list.as_deref());
        lists.map(|list| list.and_then(|name| members.list(name)))
    };
    if kernel.floor_micro > 0 {
        for index in on_lists().flatten().flatten() {
            if let Some(sum) = member.get_mut(index.place()) {
                *sum = (*sum).max(kernel.floor_micro);
            }
        }
        for sum in member.iter_mut().filter(|sum| **sum > 0) {
            *sum = (*sum).max(kernel.floor_micro);
        }
    }
    // The cap comes after the floor and may cut below it (step 5).
    let (mut level, mut cut) = (None, None);
    if kernel.edition < Edition::TWO {
        level = kernel.cap_ppm.and_then(|cap| cap_level(&member, cap));
        for sum in &mut member {
            *sum = (*sum).min(level.unwrap_or(u64::MAX));
        }
    } else {
        cut = kernel.cap_ppm.map(|cap| Cut::of(&member, standing.newcomers(ALL, at, &member), cap));
        if let Some(cut) = &cut {
            cut.apply(&mut member);
        }
    }
    // Columns are shared with the scaled ones until a member's cell has to differ.
    for class in &mut classes {
        class.weight = Arc::clone(&class.scaled);
    }
    // Without a floor, and where the cap cuts nobody, everyone has what their classes add up to.
    let as_scaled = kernel.floor_micro == 0 && level.is_none() && cut.as_ref().is_none_or(Cut::is_none);
    let differing = if as_scaled { 0 } else { member.len() };
    for (place, weight) in member.iter().enumerate().take(differing) {
        let scaled = classes.iter().filter_map(|class| class.scaled.get(place));
        if scaled.fold(0_u64, |sum, scaled| sum.saturating_add(*scaled)) == *weight {
            continue;
        }
        // A member's classes sum to their weight: elections of one class count the weight left in it (step 6).
        let listed: Vec<bool> =
            on_lists().map(|list| list.is_some_and(|list| list.contains(&MemberIndex::at(place)))).collect();
        divide(&mut classes, &listed, place, *weight);
    }
    let total = member.iter().map(|micro| u128::from(*micro)).sum();
    Weights { at, classes, member, cap_level: level, cut, founding: None, total }
}

/// Divides a member's weight over their classes by what they earned there (largest remainder); over the classes on
/// whose lists they are, evenly, where they earned nothing.
fn divide(classes: &mut [ClassWeights], listed: &[bool], member: usize, weight: u64) {
    let earned: Vec<u64> = classes.iter().map(|class| class.scaled.get(member).copied().unwrap_or(0)).collect();
    let parts: Vec<u64> =
        if earned.iter().all(|part| *part == 0) { listed.iter().map(|on| u64::from(*on)).collect() } else { earned };
    let amounts = split(i64::try_from(weight).unwrap_or(i64::MAX), &parts);
    for (class, amount) in classes.iter_mut().zip(amounts) {
        if let Some(cell) = Arc::make_mut(&mut class.weight).get_mut(member) {
            *cell = u64::try_from(amount).unwrap_or(0);
        }
    }
}

/// An input of a formula, resolved: a column by member, or one number of a class.
struct Columns<'a> {
    cells: Vec<Cell<'a>>,
}

enum Cell<'a> {
    /// At the instant, and at the one before.
    Column(&'a [Pico], &'a [Pico]),
    Constant(Pico),
}

/// Returns the number that a formula reads of a whole class.
fn number_of(source: &Source, count: u64, highest: impl FnOnce() -> u64, total: impl FnOnce() -> u128) -> Pico {
    let micro = |weight: u128| i128::try_from(weight).unwrap_or(i128::MAX).saturating_mul(1_000_000);
    match source {
        Source::Support { .. } | Source::Falling { .. } | Source::Faded { .. } | Source::Of { .. } => 0,
        Source::Count(_) => i128::from(count).saturating_mul(PICO),
        Source::Highest(_) => micro(u128::from(highest())),
        Source::Total(_) => micro(total()),
    }
}

impl<'a> Columns<'a> {
    /// `class` says what a source reads of the class at a place of the kernel.
    fn of(
        formula: &Formula,
        kernel: &Kernel,
        sources: &'a Sources,
        class: impl Fn(usize, &Source) -> Option<Pico>,
    ) -> Self {
        let place = |name: &String| kernel.classes.iter().position(|class| class.name == *name);
        let cells = formula.sources.iter().map(|source| match source {
            Source::Support { .. } | Source::Falling { .. } | Source::Faded { .. } | Source::Of { .. } => {
                Cell::Column(sources.column(source), sources.column_before(source))
            }
            Source::Count(name) | Source::Highest(name) | Source::Total(name) => {
                Cell::Constant(place(name).and_then(|place| class(place, source)).unwrap_or(0))
            }
        });
        Columns { cells: cells.collect() }
    }

    /// A row of values with the numbers of classes filled in.
    fn constants(&self) -> Vec<Pico> {
        self.cells.iter().map(|cell| if let Cell::Constant(value) = cell { *value } else { 0 }).collect()
    }

    fn fill(&self, member: usize, values: &mut [Pico]) {
        for (cell, value) in self.cells.iter().zip(values) {
            if let Cell::Column(column, _) = cell {
                *value = column.get(member).copied().unwrap_or(0);
            }
        }
    }

    /// Whether a column has another value for anybody than at the instant before.
    fn any_changed(&self, count: usize) -> bool {
        let shared = |cell: &Cell<'_>| match cell {
            Cell::Column(now, before) => std::ptr::eq(*now, *before),
            Cell::Constant(_) => true,
        };
        !self.cells.iter().all(shared) && (0..count).any(|member| self.changed(member))
    }

    /// Whether a column has another value for the member than at the instant before.
    fn changed(&self, member: usize) -> bool {
        self.cells.iter().any(|cell| match cell {
            Cell::Column(now, before) => now.get(member) != before.get(member),
            Cell::Constant(_) => false,
        })
    }
}

/// One in a formula's fixed point.
const PICO: Pico = 1_000_000_000_000;

/// The inputs of one class's formula for one member, in the order of its sources: the raw material of an explanation. `sums`
/// are those of `weights`.
#[must_use]
pub fn values_of(
    class: &Class,
    kernel: &Kernel,
    sources: &Sources,
    (weights, sums): (&Weights, &Sums),
    member: MemberIndex,
) -> Vec<Pico> {
    let columns = Columns::of(&class.weight, kernel, sources, |place, source| {
        let (count, sums) = (weights.classes.get(place)?.count, sums.class(place));
        let [highest, _] = sums.scaled_highest;
        Some(number_of(source, count, || highest, || sums.scaled))
    });
    let mut values = columns.constants();
    columns.fill(member.place(), &mut values);
    values
}
