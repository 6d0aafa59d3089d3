//! Credit as members see it: what is proposed and what each option would change, and a member's own, edge by edge. Lists of contributions are
//! texts beside the log; where one is not kept here, sums are shown and no edges.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::credit::contributions::{Contributions, Strikes, word_of};
use engine::credit::proposal::{Accepted, Rows, sum};
use engine::credit::wish::Wish;
use engine::credit::{Explained, Origin, Parameters};
use engine::{Act, MemberIndex, Pseudonym, digest};
use quantity::{Moment, format_micro};
use schemars::JsonSchema;
use serde::Serialize;
use words::credit;

use crate::names::decision_href;
use crate::{Sight, say};

/// The page of all credit.
#[derive(Serialize, JsonSchema, Debug, Clone, Default)]
pub struct CreditView {
    /// The commitment that accepts it; none where the rules have none.
    pub decision: Option<String>,
    pub href: Option<String>,
    pub proposed: Option<ProposedCredit>,
    /// Latest period first.
    pub accepted: Vec<AcceptedCredit>,
    /// The periods in which the reader has or would have some, latest first.
    pub mine: Vec<OwnPeriod>,
}

/// Credit that waits for a deadline.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ProposedCredit {
    /// The period's first day.
    pub period: String,
    pub words: String,
    /// SHA-256 of the list of contributions, hex.
    pub contributions: String,
    /// The list is kept here.
    pub has_list: bool,
    /// Micro-credits of all members.
    pub micro: u64,
    pub credit: String,
    /// The members with the most.
    pub members: Vec<CreditRow>,
    /// How many more there are, in words.
    pub more: Option<String>,
    /// The options, with the changes that each would make.
    pub options: Vec<CreditOption>,
}

/// A member's credit of a period.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CreditRow {
    pub member: String,
    pub href: String,
    pub micro: u64,
    pub credit: String,
}

/// An option on credit that is proposed.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CreditOption {
    pub id: String,
    pub line: String,
    pub href: String,
    /// The credit that is left, in a sentence.
    pub left: String,
    /// Micro-credits of all members by it.
    pub micro: u64,
    /// Whom it takes most from and gives most to.
    pub changes: Vec<CreditChange>,
}

/// A change for one member.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CreditChange {
    pub member: String,
    pub before: String,
    pub after: String,
}

/// A period that was decided.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct AcceptedCredit {
    /// The period's first day.
    pub period: String,
    pub words: String,
    pub micro: u64,
}

/// A period with credit of one's own.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct OwnPeriod {
    pub period: String,
    pub words: String,
    pub href: String,
    pub micro: u64,
    pub credit: String,
}

/// A member's own credit of a period, edge by edge.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct OwnCredit {
    pub period: String,
    pub words: String,
    /// Micro-credits.
    pub micro: u64,
    pub credit: String,
    /// It waits for a deadline.
    pub proposed: bool,
    /// Why there are no edges.
    pub no_edges: Option<String>,
    /// This page's contributions, the greatest part first. All of them sum to the whole.
    pub made: Vec<MadeView>,
    /// How many contributions there are.
    pub count: usize,
    /// Of how many contributions the page begins after.
    pub begin: usize,
    pub next: Option<usize>,
    pub previous: Option<usize>,
}

/// A contribution, with what came through it.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MadeView {
    /// For example `commit 1a2b3c4d5e6f`.
    pub name: String,
    pub micro: u64,
    pub credit: String,
    /// Whence, the greatest part first; they sum to it.
    pub from: Vec<CameView>,
}

/// An edge along which credit came.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct CameView {
    pub words: String,
    pub micro: u64,
    pub credit: String,
}

/// As many members and periods as a page shows.
const SHOWN: usize = 50;
/// As many contributions as a page explains.
const MADE: usize = 20;
/// As many edges of one contribution; the last of them is all others together.
const EDGES: usize = 10;
/// As many members as an option's changes name.
const CHANGES: usize = 5;

/// Returns the page of all credit; `None` where the rules accept none and nothing ever was.
#[must_use]
pub fn credit(sight: &Sight<'_>) -> Option<CreditView> {
    let state = sight.state;
    let decision = state.credit_decision().map(|(path, _)| path.to_owned());
    if decision.is_none() && state.credit.is_empty() {
        return None;
    }
    let accepted = state.credit.accepted.iter().rev().take(SHOWN);
    Some(CreditView {
        href: decision.as_deref().map(decision_href),
        decision,
        proposed: proposed_credit(sight),
        accepted: accepted.map(|(from, one)| accepted_view(sight, Moment(*from), one)).collect(),
        mine: mine(sight),
    })
}

fn accepted_view(sight: &Sight<'_>, from: Moment, one: &Accepted) -> AcceptedCredit {
    let (credits, members) = (format_micro(one.micro.into()), say::count(one.members, words::numbers::MEMBERS));
    AcceptedCredit {
        period: day(sight, from),
        words: credit::was_accepted(of_period(sight, from, one.until), credits, members, sight.day(one.at)),
        micro: one.micro,
    }
}

/// Returns what is proposed, and what each option would change.
#[must_use]
pub fn proposed_credit(sight: &Sight<'_>) -> Option<ProposedCredit> {
    let one = sight.state.credit_proposed()?;
    let mut rows: Vec<(MemberIndex, u64)> = one.rows.to_vec();
    rows.sort_by_key(|(member, micro)| (std::cmp::Reverse(*micro), *member));
    let members: Vec<CreditRow> = rows.iter().take(SHOWN).filter_map(|row| row_view(sight, *row)).collect();
    let more = rows.len().saturating_sub(members.len());
    let decision = sight.state.decision(&one.decision)?;
    let options = decision.commitment()?.choices().filter_map(|choice| {
        let id = choice.option.name.to_string();
        let rows = one.options.get(&id)?;
        Some(option_view(sight, &one.decision, &id, (&one.rows, rows)))
    });
    let micro = sum(&one.rows);
    Some(ProposedCredit {
        period: day(sight, one.period.0),
        words: credit::is_proposed(
            of_period(sight, one.period.0, one.period.1),
            format_micro(micro.into()),
            say::count(say::whole(one.rows.len()), words::numbers::MEMBERS),
        ),
        contributions: one.contributions.clone(),
        has_list: sight.directory.document(&one.contributions).is_some(),
        micro,
        credit: format_micro(micro.into()),
        members,
        more: (more > 0).then(|| credit::more(say::count(say::whole(more), words::numbers::MEMBERS))),
        options: options.collect(),
    })
}

fn row_view(sight: &Sight<'_>, (member, micro): (MemberIndex, u64)) -> Option<CreditRow> {
    let pseudonym = sight.state.members.pseudonym(member)?;
    Some(CreditRow {
        member: sight.directory.name(pseudonym),
        href: format!("/members/{pseudonym}"),
        micro,
        credit: format_micro(micro.into()),
    })
}

fn option_view(sight: &Sight<'_>, decision: &str, id: &str, (all, rows): (&Rows, &Rows)) -> CreditOption {
    let left = sum(rows);
    let by = |rows: &Rows| rows.iter().copied().collect::<BTreeMap<MemberIndex, u64>>();
    let (before, after) = (by(all), by(rows));
    let of = |map: &BTreeMap<MemberIndex, u64>, member: &MemberIndex| map.get(member).copied().unwrap_or(0);
    let mut members: Vec<MemberIndex> = before.keys().chain(after.keys()).copied().collect();
    members.sort_unstable();
    members.dedup();
    members.retain(|member| of(&before, member) != of(&after, member));
    members.sort_by_key(|member| (std::cmp::Reverse(of(&before, member).abs_diff(of(&after, member))), *member));
    let changes = members.iter().take(CHANGES).filter_map(|member| {
        Some(CreditChange {
            member: sight.directory.name(sight.state.members.pseudonym(*member)?),
            before: format_micro(of(&before, member).into()),
            after: format_micro(of(&after, member).into()),
        })
    });
    CreditOption {
        id: id.to_owned(),
        line: line(sight, id),
        href: format!("{}/documents/{id}", decision_href(decision)),
        left: credit::left(format_micro(left.into()), format_micro(sum(all).into())),
        micro: left,
        changes: changes.collect(),
    }
}

/// The first line of an option's text, with members' names.
fn line(sight: &Sight<'_>, id: &str) -> String {
    let card = sight.directory.document(id);
    let line = card.and_then(|card| card.text.lines().next().map(str::to_owned));
    line.map_or_else(|| id.chars().take(12).collect(), |line| in_names(sight, &line))
}

/// A line with members' names in place of their pseudonyms.
pub(crate) fn in_names(sight: &Sight<'_>, line: &str) -> String {
    let named = line.split(' ').map(|word| match word.parse::<Pseudonym>() {
        Ok(member) => sight.directory.name(member),
        Err(_) => word.to_owned(),
    });
    named.collect::<Vec<_>>().join(" ")
}

/// The reader's periods, latest first.
pub(crate) fn mine(sight: &Sight<'_>) -> Vec<OwnPeriod> {
    let Some(me) = sight.me_index() else {
        return Vec::new();
    };
    let of = |from: Moment, until: Moment, micro: u64| OwnPeriod {
        period: day(sight, from),
        words: of_period(sight, from, until),
        href: format!("/credit/{}", day(sight, from)),
        micro,
        credit: format_micro(micro.into()),
    };
    let proposed = sight.state.credit_proposed().map(|one| of(one.period.0, one.period.1, own_of(&one.rows, me)));
    let accepted = sight.state.credit.accepted.iter().rev().take(SHOWN);
    let accepted = accepted.map(|(from, one)| of(Moment(*from), one.until, accepted_micro(sight, me, one.until)));
    proposed.into_iter().chain(accepted).filter(|one| one.micro > 0).collect()
}

fn own_of(rows: &Rows, me: MemberIndex) -> u64 {
    rows.iter().filter(|(member, _)| *member == me).fold(0, |sum, (_, micro)| sum.saturating_add(*micro))
}

/// Accepted micro-credits of a member: rows are dated on their period's last instant.
fn accepted_micro(sight: &Sight<'_>, me: MemberIndex, until: Moment) -> u64 {
    let rows = sight.state.support.rows(charter::SupportKind::Credit);
    let own = rows.map(|rows| rows.of(me)).unwrap_or_default();
    let of_period = own.iter().filter(|(_, row)| row.counted_at.0.saturating_add(1) == until.0);
    let sum = of_period.fold(0_i64, |sum, (_, row)| sum.saturating_add(row.amount));
    u64::try_from(sum).unwrap_or(0)
}

/// Returns the reader's own credit of the period that begins on a day, from a contribution on; `None` where there is no such period.
#[must_use]
pub fn own_credit(sight: &Sight<'_>, period: &str, begin: usize) -> Option<OwnCredit> {
    let me = sight.me_index()?;
    let proposal = sight.state.credit_proposed().filter(|one| day(sight, one.period.0) == period);
    let (from, until, micro, kept) = match proposal {
        Some(one) => {
            let kept = (one.contributions.as_str(), None, &one.parameters);
            (one.period.0, one.period.1, own_of(&one.rows, me), kept)
        }
        None => {
            let (from, one) =
                sight.state.credit.accepted.iter().find(|(from, _)| day(sight, Moment(**from)) == period)?;
            let kept = (one.contributions.as_str(), one.option.as_deref(), &one.parameters);
            (Moment(*from), one.until, accepted_micro(sight, me, one.until), kept)
        }
    };
    let made = edges(sight, me, kept, micro);
    let (made, no_edges) = match made {
        Ok(made) => (made, None),
        Err(why) => (Vec::new(), Some(why.to_owned())),
    };
    let count = made.len();
    let shown: Vec<MadeView> = made.into_iter().skip(begin).take(MADE).collect();
    let end = begin.saturating_add(shown.len());
    Some(OwnCredit {
        period: period.to_owned(),
        words: of_period(sight, from, until),
        micro,
        credit: format_micro(micro.into()),
        proposed: proposal.is_some(),
        no_edges,
        made: shown,
        count,
        begin,
        next: (end < count).then_some(end),
        previous: (begin > 0).then(|| begin.saturating_sub(MADE)),
    })
}

/// Every contribution of a member with its edges; why there is none.
fn edges(
    sight: &Sight<'_>,
    me: MemberIndex,
    (list, option, parameters): (&str, Option<&str>, &Parameters),
    micro: u64,
) -> Result<Vec<MadeView>, &'static str> {
    let text = |hash: &str| sight.directory.document(hash).map(|card| card.text.clone()).ok_or(credit::NOT_KEPT);
    let list = Contributions::parse(&text(list)?).map_err(|_| credit::NOT_KEPT)?;
    let strikes = match option {
        None => Strikes::default(),
        Some(option) => {
            let wish = Wish::read(&text(option)?).map_err(|_| credit::NOT_KEPT)?;
            if wish == Wish::Nothing {
                return Ok(Vec::new());
            }
            wish.strikes(&list).map_err(|_| credit::NOT_KEPT)?
        }
    };
    let explained = list.explained(&strikes, parameters).map_err(|_| credit::NOT_KEPT)?;
    // Whatever a joined record made is its holder's.
    let is_mine =
        |who: &Option<Pseudonym>| who.is_some_and(|who| sight.state.members.index(sight.state.holder(who)) == Some(me));
    let people = (0..).zip(&list.people).filter(|(_, who)| is_mine(who)).map(|(person, _)| person);
    let mut made: Vec<MadeView> = Vec::new();
    for person in people {
        made.extend(explained.why(person).into_iter().map(|one| made_view(sight, &list, &explained, person, one)));
    }
    made.sort_by(|a, b| (b.micro, &a.name).cmp(&(a.micro, &b.name)));
    // A join that came after the decision, or was taken back since, leaves other sums than the list has.
    let all = made.iter().fold(0_u64, |sum, one| sum.saturating_add(one.micro));
    if all == micro { Ok(made) } else { Err(credit::OTHER_SUM) }
}

fn made_view(
    sight: &Sight<'_>,
    list: &Contributions,
    explained: &Explained,
    person: u32,
    one: engine::credit::Made,
) -> MadeView {
    let _ = explained;
    let mut from: Vec<CameView> = Vec::new();
    let (shown, rest) = one.from.split_at(one.from.len().min(EDGES));
    for came in shown {
        let words = match came.from {
            Origin::Minted => credit::MINTED.to_owned(),
            Origin::Person(of) if of == person => credit::OWN_WEEK.to_owned(),
            Origin::Person(of) => credit::week_of(person_name(sight, list, of)),
            Origin::Item(item) => credit::from_item(item_name(list, item), makers(sight, list, item)),
        };
        from.push(CameView { words, micro: came.micro, credit: format_micro(came.micro.into()) });
    }
    let rest = rest.iter().fold(0_u64, |sum, came| sum.saturating_add(came.micro));
    if rest > 0 {
        from.push(CameView { words: credit::OTHERS.to_owned(), micro: rest, credit: format_micro(rest.into()) });
    }
    MadeView { name: item_name(list, one.item), micro: one.micro, credit: format_micro(one.micro.into()), from }
}

/// For example `commit 1a2b3c4d5e6f`.
fn item_name(list: &Contributions, item: u32) -> String {
    list.items.get(item as usize).map_or_else(String::new, |one| format!("{} {}", word_of(one.kind), one.id))
}

fn makers(sight: &Sight<'_>, list: &Contributions, item: u32) -> String {
    let authors = list.items.get(item as usize).map(|one| one.authors.as_slice()).unwrap_or_default();
    let names: Vec<String> = authors.iter().map(|author| person_name(sight, list, *author)).collect();
    if names.is_empty() { credit::A_PROGRAM.to_owned() } else { names.join(", ") }
}

fn person_name(sight: &Sight<'_>, list: &Contributions, person: u32) -> String {
    let member = list.people.get(person as usize).copied().flatten();
    member.map_or_else(|| credit::NO_MEMBER.to_owned(), |member| sight.directory.name(member))
}

/// An option against credit that is proposed, as an act: lines may name members as they are called. `None` where nothing is proposed, or its
/// list is not kept here.
#[must_use]
pub fn strike(sight: &Sight<'_>, member: Pseudonym, text: &str) -> Option<Act> {
    let proposal = sight.state.credit_proposed()?;
    let card = sight.directory.document(&proposal.contributions)?;
    let list = Contributions::parse(&card.text).ok()?;
    let text: String = text.lines().map(|line| format!("{}\n", with_pseudonyms(sight, &list, line))).collect();
    // An option that cannot be read has no rows; the engine says why.
    let rows = match Wish::read(&text) {
        Ok(wish) => wish.rows(&list, &proposal.parameters).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    Some(Act::StrikeCredit(engine::act::StrikeCredit {
        member,
        decision: proposal.decision.clone(),
        option: digest::hex(text.as_bytes()),
        text: Some(Arc::from(text)),
        contributions: proposal.contributions.clone(),
        contributions_text: Some(Arc::from(card.text.as_str())),
        credit: rows,
    }))
}

/// `strike member NAME` with the pseudonym of the one person of the list who is called so.
fn with_pseudonyms(sight: &Sight<'_>, list: &Contributions, line: &str) -> String {
    let Some(name) = line.trim().strip_prefix(credit::STRIKE_MEMBER).map(str::trim) else {
        return line.to_owned();
    };
    let mut called = list.people.iter().flatten().filter(|who| sight.directory.name(**who) == name);
    match (called.next(), called.next()) {
        (Some(who), None) => format!("{}{who}", credit::STRIKE_MEMBER),
        _ => line.to_owned(),
    }
}

fn day(sight: &Sight<'_>, at: Moment) -> String {
    engine::book::Day::of(at, &sight.state.rules.kernel.zone).to_string()
}

fn of_period(sight: &Sight<'_>, from: Moment, until: Moment) -> String {
    credit::from_to(sight.day(from), sight.day(Moment(until.0.saturating_sub(1))))
}
