//! The register: members, their classes and weights, and the concentration of weight.

use std::collections::BTreeMap;

use engine::chamber::CandidateName;
use engine::{MemberIndex, Pseudonym};
use quantity::give_way;
use schemars::JsonSchema;
use serde::Serialize;
use words::members;
use words::numbers::{self, DECISIONS};

use crate::classes::{classes, classes_of};
use crate::kept::register::Found;
use crate::names::{decision_href, decision_title};
use crate::{ClassSlice, Moment, Share, Sight, Weight, WeightExplained, explain, say};

/// The members page.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Members")]
pub struct MembersView {
    /// Announced admissions and changes of lists.
    pub waits: crate::WaitsView,
    /// Everyone in the register.
    pub total: u64,
    /// Those of them to whom the last update gave weight.
    pub weighty: u64,
    /// The number that match the search; `total` without one.
    pub found: u64,
    pub classes: Vec<ClassSummary>,
    /// From (0, 0) to (1,000,000, 1,000,000), heaviest members first.
    pub curve: Vec<CurvePoint>,
    /// For example `the heaviest tenth of members hold 46 % of all weight`.
    pub curve_words: String,
    /// The searched words.
    pub query: String,
    /// Heaviest first.
    pub rows: Vec<MemberRow>,
    /// The cursor of the page after this one.
    pub next: Option<String>,
    /// The cursor of the page before this one; empty string for the first page.
    pub previous: Option<String>,
}

/// One class.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ClassSummary {
    pub slice: ClassSlice,
    /// How its weight is earned, one sentence.
    pub earned_words: String,
}

/// A point of the weight curve.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CurvePoint {
    /// The heaviest this many of all members …
    pub members_ppm: u32,
    /// … hold this much of all weight.
    pub weight_ppm: u32,
}

/// One line of the register.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MemberRow {
    /// The pseudonym.
    pub member: String,
    /// The name shown.
    pub name: String,
    /// Names and places in the kernel.
    pub classes: Vec<ClassSlice>,
    pub weight: Weight,
    pub share: Share,
    /// Offices held, by title.
    pub offices: Vec<String>,
}

/// One member's page.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Member")]
pub struct MemberView {
    /// The pseudonym.
    pub member: String,
    /// The name shown.
    pub name: String,
    /// Since the admission.
    pub since: Moment,
    /// Offices held, by title and address.
    pub offices: Vec<(String, String)>,
    pub weight: WeightExplained,
}

/// Picking whom to act as, where the server allows it.
#[derive(Serialize, Debug, Clone)]
pub struct WalkInView {
    pub query: String,
    /// Members with weight first.
    pub rows: Vec<WalkInRow>,
    /// How many match.
    pub found: u64,
    pub next: Option<String>,
}

/// One member to pick.
#[derive(Serialize, Debug, Clone)]
pub struct WalkInRow {
    pub member: String,
    pub name: String,
    /// For example `patron · weight 50.00 · votes on 3 decisions`.
    pub words: String,
}

const PAGE: usize = 50;
const WALK_IN_PAGE: usize = 24;
const CURVE_STEPS: usize = 40;

/// Returns the members page. `cursor` is a row's number, as [`MembersView::next`] gives it. Order, curve and the number with
/// weight are those of the last update; members who have left since are in no row.
#[must_use]
pub fn members(sight: &Sight<'_>, query: &str, cursor: Option<&str>) -> MembersView {
    let register = sight.kept.register(sight);
    let total = say::whole(sight.state.members.active_count());
    let found = register.find(sight, query);
    let page = page(&found, cursor, PAGE);
    let offices = offices(sight);
    let rows = sight.active(&page.members).filter_map(|index| {
        let member = sight.state.members.pseudonym(index)?;
        let weight = sight.state.weights.of(index);
        Some(MemberRow {
            member: member.to_string(),
            name: sight.directory.name(member),
            classes: classes_of(sight, index),
            weight: Weight::from_micro(weight),
            share: Share::from_ppm(say::ppm(u128::from(weight), sight.state.weights.total)),
            offices: offices
                .get(&member)
                .map_or_else(Vec::new, |held| held.iter().map(|(title, _)| title.clone()).collect()),
        })
    });
    MembersView {
        waits: crate::power::waits::announced_only(sight),
        total,
        weighty: register.weighty.min(total),
        rows: rows.collect(),
        found: found.count(),
        classes: class_summaries(sight),
        curve_words: curve_words(&register.curve),
        curve: register.curve.clone(),
        query: query.to_owned(),
        next: page.next,
        previous: page.previous,
    }
}

/// Returns when a member joined: on the day that an earlier register has, or else when they were admitted here.
#[must_use]
pub fn joined(sight: &Sight<'_>, index: MemberIndex) -> Option<quantity::Moment> {
    let day = sight.state.members.days(index).joined_on.map(|day| day.to_string());
    let at = day.and_then(|day| quantity::Moment::parse_at_start_of_day(&day, sight.zone()).ok());
    at.or_else(|| sight.state.members.since(index))
}

/// One member's page; `None` if the register never held them.
#[must_use]
pub fn member(sight: &Sight<'_>, member: Pseudonym) -> Option<MemberView> {
    let index = sight.state.members.index(member)?;
    Some(MemberView {
        member: member.to_string(),
        name: sight.directory.name(member),
        since: sight.moment(joined(sight, index)?),
        offices: offices(sight).remove(&member).unwrap_or_default(),
        weight: explain(sight, member)?,
    })
}

/// Returns the members whom a visitor may act as: those with weight first.
#[must_use]
pub fn walk_in(sight: &Sight<'_>, query: &str, cursor: Option<&str>) -> WalkInView {
    let found = sight.kept.register(sight).find(sight, query);
    let page = page(&found, cursor, WALK_IN_PAGE);
    let rows = sight.active(&page.members).filter_map(|index| {
        let member = sight.state.members.pseudonym(index)?;
        Some(WalkInRow {
            member: member.to_string(),
            name: sight.directory.name(member),
            words: in_short(sight, index, sight.state.weights.of(index)),
        })
    });
    WalkInView { query: query.to_owned(), rows: rows.collect(), found: found.count(), next: page.next }
}

impl Sight<'_> {
    /// Returns those who have not left since they were put in order.
    fn active<'s>(&'s self, members: &'s [MemberIndex]) -> impl Iterator<Item = MemberIndex> + 's {
        members.iter().copied().filter(|index| self.state.members.is_active(*index))
    }
}

/// `patrons · weight 50.00 · votes on 3 decisions`.
fn in_short(sight: &Sight<'_>, member: MemberIndex, weight: u64) -> String {
    let classes: Vec<String> = classes_of(sight, member).into_iter().map(|slice| say::plain(&slice.class)).collect();
    let votes = match sight.state.decisions_counted(member).len() {
        0 => members::NO_VOTES.to_owned(),
        many => members::votes_on(say::count(say::whole(many), DECISIONS)),
    };
    let weight = match weight {
        0 => members::NO_WEIGHT.to_owned(),
        micro => members::weight(Weight::from_micro(micro).text),
    };
    let classes = (!classes.is_empty()).then(|| numbers::all_of(&classes));
    classes.into_iter().chain([weight, votes]).collect::<Vec<_>>().join(" · ")
}

/// Returns weight and index of every member; on equal weight the earlier one first.
pub(super) fn heaviest_first(sight: &Sight<'_>) -> Vec<(u64, MemberIndex)> {
    let register = &sight.state.members;
    let active = register.indices().filter(|index| register.is_active(*index));
    let mut all: Vec<(u64, MemberIndex)> = active.map(|index| (sight.state.weights.of(index), index)).collect();
    let mut turn = 0_usize;
    all.sort_unstable_by_key(|(weight, index)| {
        turn = turn.wrapping_add(1);
        give_way(turn);
        (std::cmp::Reverse(*weight), *index)
    });
    all
}

/// A page of members with the cursors of its neighbours.
struct Page {
    members: Vec<MemberIndex>,
    next: Option<String>,
    previous: Option<String>,
}

fn page(found: &Found<'_>, cursor: Option<&str>, length: usize) -> Page {
    let places = found.places();
    let first = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0).min(places);
    let end = first.saturating_add(length).min(places);
    let previous = (first > 0).then(|| match first.saturating_sub(length) {
        0 => String::new(),
        before => before.to_string(),
    });
    Page { members: found.between(first, end), next: (end < places).then(|| end.to_string()), previous }
}

/// Offices and seats by member: title and address.
fn offices(sight: &Sight<'_>) -> BTreeMap<Pseudonym, Vec<(String, String)>> {
    let mut offices: BTreeMap<Pseudonym, Vec<(String, String)>> = BTreeMap::new();
    for decision in sight.state.decisions.rows().iter() {
        for holder in decision.holders().into_iter().flatten() {
            if let CandidateName::Member(member) = holder {
                offices
                    .entry(*member)
                    .or_default()
                    .push((decision_title(&decision.name), decision_href(&decision.name)));
            }
        }
    }
    offices
}

/// Returns the parts of all weight that the heaviest members hold; empty while nobody has any.
pub(super) fn curve(all: &[(u64, MemberIndex)]) -> Vec<CurvePoint> {
    let whole: u128 = all.iter().map(|(weight, _)| u128::from(*weight)).sum();
    if whole == 0 {
        return Vec::new();
    }
    let steps = CURVE_STEPS.min(all.len());
    let mut sum: u128 = 0;
    let mut reached = 0;
    let mut points = Vec::with_capacity(steps.saturating_add(1));
    for step in 0..=steps {
        let until = all.len().saturating_mul(step).checked_div(steps).unwrap_or(0);
        let more = all.get(reached..until).unwrap_or_default();
        sum = more.iter().fold(sum, |sum, (weight, _)| sum.saturating_add(u128::from(*weight)));
        reached = until;
        let members = u128::from(say::whole(until));
        points.push(CurvePoint {
            members_ppm: say::ppm(members, u128::from(say::whole(all.len()))),
            weight_ppm: say::ppm(sum, whole),
        });
    }
    points
}

/// Describes the first point at or after a tenth: with few members it is more than a tenth, and the words say how much.
fn curve_words(curve: &[CurvePoint]) -> String {
    let Some(point) = curve.iter().find(|point| point.members_ppm >= 100_000) else {
        return members::NOBODY_HAS_WEIGHT.to_owned();
    };
    let percent = |ppm: u32| numbers::per_cent(crate::decimal(i128::from(ppm), 4, 0));
    let part = match point.members_ppm {
        100_000 => members::TENTH.to_owned(),
        more => percent(more),
    };
    members::heaviest(part, percent(point.weight_ppm))
}

fn class_summaries(sight: &Sight<'_>) -> Vec<ClassSummary> {
    let kernel = sight.state.rules.kernel.classes.iter();
    let summaries = classes(sight).into_iter().zip(kernel).map(|(slice, class)| {
        let formula = class.weight.trace(&[]).into_iter().next().map_or_else(String::new, |whole| whole.words);
        let formula = if class.scale_root { members::square_root(formula) } else { formula };
        let earned_words = match &class.list {
            Some(list) => members::earned_on_list(say::plain(list), formula),
            None => members::earned(formula),
        };
        ClassSummary { slice, earned_words }
    });
    summaries.collect()
}
