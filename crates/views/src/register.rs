//! The register as of a day: who is a member, since when and by which entry, with offices, lists, shares and loans.
//! Source: `docs/spec/register.md`, The register.

use std::collections::BTreeMap;

use charter::SupportKind;
use engine::book::Day;
use engine::{MemberIndex, Pseudonym};
use quantity::{Moment, format_micro};
use schemars::JsonSchema;
use serde::Serialize;
use words::register;

use crate::{Sight, say};

/// By what somebody came into the register, or went from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A founder, admitted by the operator.
    Founder,
    /// Admitted by this right, as the log says it.
    Admitted(String),
    /// An announced admission of this office, body or all members took effect.
    Announced(String),
    /// An application through this class was accepted.
    Asked(String),
    /// They left by their own act.
    Left,
    /// Their notice was over.
    Notice,
    /// They left together with others, with this fork.
    Fork(String),
    /// They were expelled, after a hearing.
    Expelled,
    /// Their record went into another's.
    Joined,
}

/// An entry that changed somebody's place in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its place in the log.
    pub entry: u64,
    /// When.
    pub at: Moment,
    /// By what.
    pub ground: Ground,
}

/// A stay on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The list.
    pub list: String,
    /// Since when, and the entry.
    pub from: (Moment, u64),
    /// Until when, and the entry; `None` while it lasts.
    pub until: Option<(Moment, u64)>,
}

/// Everything that a log says of one membership's time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// The entry by which it began.
    pub joined: Option<Mark>,
    /// The entry by which it ended.
    pub left: Option<Mark>,
    /// Stays on lists, in the order in which they began.
    pub stays: Vec<Stay>,
}

/// The lives of members by their place in the register.
pub type Lives = BTreeMap<MemberIndex, Life>;

/// `rochdale register --json` and `GET /api/v1/register`.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Register")]
pub struct RegisterReport {
    /// The co-op's name.
    pub coop: String,
    /// RFC 3339: the last moment of the day.
    pub at: String,
    /// The day, `YYYY-MM-DD`, in the co-op's zone.
    pub day: String,
    /// The last entry of the log by then.
    pub entry: u64,
    /// Minor units of this currency.
    pub currency: String,
    /// Members on that day, in the order of their numbers.
    pub members: Vec<RegisterRow>,
}

/// One member of the register.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct RegisterRow {
    /// The number, from 1. It is never given again.
    pub number: u64,
    /// The pseudonym.
    pub member: String,
    /// The name shown; the pseudonym where it was erased.
    pub name: String,
    /// Addresses, where the reader may see them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// An organisation, not a person.
    pub organisation: bool,
    /// `YYYY-MM-DD`: the day of joining, also one from before the register was kept here.
    pub joined: String,
    /// Why, in words.
    pub joined_by: String,
    /// The entry that made them a member; none where the log does not say.
    pub joined_entry: Option<u64>,
    /// `YYYY-MM-DD`: the last day of the membership; none for who stays.
    pub left: Option<String>,
    /// Why, in words.
    pub left_by: Option<String>,
    /// The entry that ended it.
    pub left_entry: Option<u64>,
    /// `YYYY-MM-DD`: since when the membership rests.
    pub rests_since: Option<String>,
    /// Offices and seats, by their paths.
    pub offices: Vec<String>,
    /// Classes by list, and classes without a list in which they have weight.
    pub classes: Vec<String>,
    /// Lists, and since when.
    pub lists: Vec<ListStay>,
    /// Weight at the last update by then, micro-weights.
    pub weight: u64,
    /// Share capital paid in and not paid back, minor units.
    pub shares_minor: i64,
    /// Loans given and not paid back, minor units.
    pub loans_minor: i64,
}

/// A stay on a list.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ListStay {
    pub list: String,
    /// `YYYY-MM-DD`; none where the log does not say.
    pub since: Option<String>,
    /// The entry.
    pub since_entry: Option<u64>,
    /// `YYYY-MM-DD`; none while it lasts.
    pub until: Option<String>,
}

/// Returns the register as of the day of `sight.now`. The sight's state is that of the log at that moment; `entry` is its last one.
/// Former members are in it where `former` says so. `addresses` are asked for each member.
#[must_use]
pub fn register(
    sight: &Sight<'_>,
    (lives, entry): (&Lives, u64),
    former: bool,
    addresses: &mut dyn FnMut(Pseudonym) -> Vec<String>,
) -> RegisterReport {
    let members = &sight.state.members;
    let day = Day::of(sight.now, sight.zone());
    let (shares, loans) = (sums(sight, SupportKind::ShareCapital), sums(sight, SupportKind::Loan));
    let row = |index: MemberIndex| {
        let member = members.pseudonym(index)?;
        let life = lives.get(&index);
        let joined = joined_on(sight, index)?;
        let left = left_on(sight, index, life);
        let stays = left.is_none_or(|left| left >= day);
        if joined > day || !(stays || former) {
            return None;
        }
        let mut row = row(sight, (index, member), life);
        row.joined = joined.to_string();
        row.left = left.map(|left| left.to_string());
        row.shares_minor = shares.get(&index).copied().unwrap_or(0);
        row.loans_minor = loans.get(&index).copied().unwrap_or(0);
        row.addresses = addresses(member);
        Some(row)
    };
    RegisterReport {
        coop: sight.state.rules.kernel.name.clone(),
        at: sight.now.to_string(),
        day: day.to_string(),
        entry,
        currency: sight.state.rules.kernel.currency.code().to_owned(),
        members: members.indices().filter_map(row).collect(),
    }
}

/// The day of joining, of the co-op's zone.
fn joined_on(sight: &Sight<'_>, index: MemberIndex) -> Option<Day> {
    let members = &sight.state.members;
    members.days(index).joined_on.or_else(|| members.since(index).map(|at| Day::of(at, sight.zone())))
}

/// The last day of a membership that has ended, or whose last day is over.
fn left_on(sight: &Sight<'_>, index: MemberIndex, life: Option<&Life>) -> Option<Day> {
    let members = &sight.state.members;
    let notice = sight.state.leavings.notice(index).filter(|notice| notice.ends < sight.now);
    let days = || members.days(index).left_on;
    let ended = || members.ended(index).or_else(|| life?.left.as_ref().map(|mark| mark.at));
    notice.map(|notice| notice.last_day).or_else(days).or_else(|| {
        let ended = ended().filter(|_| !members.is_active(index));
        ended.map(|at| Day::of(at, sight.zone()))
    })
}

fn row(sight: &Sight<'_>, (index, member): (MemberIndex, Pseudonym), life: Option<&Life>) -> RegisterRow {
    let (state, zone) = (sight.state, sight.zone());
    let day = |at: Moment| Day::of(at, zone).to_string();
    let seats = state.open_decisions().filter(|(_, one)| one.seats_member(member));
    let classes = state.rules.kernel.classes.iter().enumerate();
    let belongs = |(place, class): &(usize, &charter::Class)| match &class.list {
        Some(list) => state.members.list(list).is_some_and(|on| on.contains(&index)),
        None => {
            state.weights.classes.get(*place).is_some_and(|own| own.weight.get(index.place()).is_some_and(|w| *w > 0))
        }
    };
    let joined = life.and_then(|life| life.joined.as_ref());
    let left = life.and_then(|life| life.left.as_ref()).filter(|_| !state.members.is_active(index));
    let before = state.members.days(index);
    let stays = life.map_or(&[][..], |life| &life.stays);
    RegisterRow {
        number: say::whole(index.place()).saturating_add(1),
        member: member.to_string(),
        name: sight.directory.name(member),
        addresses: Vec::new(),
        organisation: state.members.is_organisation(index),
        joined: String::new(),
        joined_by: match (before.joined_on, joined) {
            (Some(_), _) => register::BEFORE.to_owned(),
            (None, Some(mark)) => by(&mark.ground),
            (None, None) => String::new(),
        },
        joined_entry: joined.map(|mark| mark.entry),
        left: None,
        left_by: match (before.left_on, left) {
            (Some(_), _) => Some(register::BEFORE.to_owned()),
            (None, left) => left.map(|mark| by(&mark.ground)),
        },
        left_entry: left.map(|mark| mark.entry),
        rests_since: state.leavings.pause(index).map(|pause| day(pause.since)),
        offices: seats.map(|(_, one)| one.name.clone()).collect(),
        classes: classes.filter(belongs).map(|(_, class)| class.name.clone()).collect(),
        lists: stays
            .iter()
            .map(|stay| ListStay {
                list: stay.list.clone(),
                since: Some(day(stay.from.0)),
                since_entry: Some(stay.from.1),
                until: stay.until.map(|(at, _)| day(at)),
            })
            .collect(),
        weight: state.weights.of(index),
        shares_minor: 0,
        loans_minor: 0,
    }
}

/// The ground in words.
fn by(ground: &Ground) -> String {
    match ground {
        Ground::Founder => register::FOUNDER.to_owned(),
        Ground::Admitted(by) => register::admitted(by),
        Ground::Announced(by) => register::announced(by),
        Ground::Asked(class) => register::asked(say::plain(class)),
        Ground::Left => register::LEFT.to_owned(),
        Ground::Notice => register::NOTICE.to_owned(),
        Ground::Fork(name) => register::fork(say::plain(name)),
        Ground::Expelled => register::EXPELLED.to_owned(),
        Ground::Joined => register::JOINED.to_owned(),
    }
}

/// The sum that each member has paid in of a kind, less what was paid back; minor units.
fn sums(sight: &Sight<'_>, kind: SupportKind) -> BTreeMap<MemberIndex, i64> {
    let mut sums: BTreeMap<MemberIndex, i64> = BTreeMap::new();
    for (_, row) in sight.state.support.rows(kind).into_iter().flat_map(|rows| rows.from(0)) {
        let sum = sums.entry(row.member).or_default();
        *sum = sum.saturating_add(row.amount);
    }
    sums
}

/// The report as rows of text: a head, and a row for each member. For tables and CSV.
#[must_use]
pub fn register_rows(report: &RegisterReport, currency: quantity::Currency) -> Vec<Vec<String>> {
    let head = [
        "number",
        "member",
        "name",
        "addresses",
        "organisation",
        "joined",
        "joined_by",
        "entry",
        "left",
        "left_by",
        "left_entry",
        "rests_since",
        "offices",
        "classes",
        "lists",
        "weight",
        "shares",
        "loans",
    ];
    let money = |minor: i64| quantity::format_decimal(minor, currency.digits());
    let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
    let entry = |entry: Option<u64>| entry.map_or_else(String::new, |entry| entry.to_string());
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(report.members.iter().map(|row| {
        let stay = |stay: &ListStay| match (&stay.since, &stay.until) {
            (Some(since), Some(until)) => register::listed_until(&stay.list, since, until),
            (Some(since), None) => register::listed(&stay.list, since),
            _ => stay.list.clone(),
        };
        vec![
            row.number.to_string(),
            row.member.clone(),
            row.name.clone(),
            row.addresses.join(" "),
            if row.organisation { "yes" } else { "" }.to_owned(),
            row.joined.clone(),
            row.joined_by.clone(),
            entry(row.joined_entry),
            or_none(&row.left),
            or_none(&row.left_by),
            entry(row.left_entry),
            or_none(&row.rests_since),
            row.offices.join(" "),
            row.classes.join(" "),
            row.lists.iter().map(stay).collect::<Vec<_>>().join("; "),
            format_micro(i128::from(row.weight)),
            money(row.shares_minor),
            money(row.loans_minor),
        ]
    }));
    rows
}
