//! A pool as a reader sees it: its money, the projects that ask, what each has and lacks, and what would be paid if the cycle ended now.

use ::words::numbers::{MEMBERS, PROJECTS};
use ::words::pool as words;
use engine::chamber::pool::{End, Now, Past, Pooled, Project};
use engine::chamber::{Decision, Pool};
use engine::{DecisionId, ItemId, MemberIndex};
use quantity::format_decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::names::{decision_href, decision_title, document_href};
use crate::{Amount, DecisionKind, ItemBallot, Share, Sight, Votes, ballot, say};

/// The gift that the page speaks of, in whole units of the currency.
const ONE_MORE: i64 = 10;
/// How many projects and past cycles a page shows.
const SHOWN: usize = 100;
const CYCLES: usize = 12;

/// The page of a pool.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Pool")]
pub struct PoolView {
    /// The decision's name.
    pub name: String,
    /// As people say it.
    pub title: String,
    pub kind: DecisionKind,
    /// Its page.
    pub href: String,
    /// The rule in plain words, a sentence each.
    pub rules: Vec<String>,
    /// When it is shared out, and what would be paid.
    pub outlook: String,
    /// The commitment that says how, and its option that is ahead.
    pub directed: Option<Directed>,
    /// All that stands in the way of that, a sentence each.
    pub notes: Vec<String>,
    /// The end of the running cycle.
    pub until: crate::Moment,
    /// All that came in, went out and is left, in the order of the page.
    pub money: Vec<MoneyRow>,
    /// Projects that ask, in the order in which they would be paid; then the others.
    pub projects: Vec<ProjectView>,
    /// How slowly conviction follows votes.
    pub follows: String,
    /// The reader's part; none for a visitor who is nobody.
    pub mine: Option<MyMoney>,
    /// Past cycles, the latest first.
    pub past: Vec<PastCycle>,
    /// The currency's code.
    pub currency: &'static str,
    /// Its digits after the point.
    pub digits: u32,
}

/// The commitment by which members direct a pool.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct Directed {
    /// In words, with the place of the link.
    pub words: String,
    pub href: String,
}

/// A line of a pool's money.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MoneyRow {
    pub words: String,
    pub amount: Amount,
}

/// The reader's money and room.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MyMoney {
    /// The money that is held for them, in words.
    pub words: String,
    /// Something of it is pledged to nothing.
    pub has_free: bool,
    /// The share that they could still place.
    pub free: Share,
    /// How much of their weight can go here, in words.
    pub room: String,
    /// Projects of their own that ask.
    pub own: Vec<OwnProject>,
}

/// A project of the reader's own.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct OwnProject {
    /// SHA-256 of its text, hex.
    pub id: String,
    /// Its line.
    pub line: String,
}

/// A project that asks.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ProjectView {
    /// SHA-256 of its text, hex: its name on ballots.
    pub id: String,
    /// Its first line.
    pub line: String,
    /// Its page.
    pub href: String,
    /// How much it asks for, and whose it is.
    pub asks: String,
    pub goal: Amount,
    pub pledged: Amount,
    /// The match, by the clause.
    pub matched: Amount,
    /// The part that the pool would pay.
    pub due: Amount,
    /// Who pledged.
    pub givers: u64,
    /// The parts of the goal that pledges and match come to, together at most a million.
    pub pledged_ppm: u32,
    pub matched_ppm: u32,
    /// Pledges and match, in words.
    pub together: String,
    /// How much one more giver adds.
    pub one_more: Option<String>,
    pub votes: Votes,
    pub conviction: Votes,
    pub eligible: bool,
    /// It would be paid if the cycle ended now.
    pub would_be_paid: bool,
    /// The pool would be saved for it.
    pub saved_for: bool,
    /// Why it is eligible or not, and paid or not.
    pub why: String,
    /// The reader is of its own people, and cannot support it.
    pub own: bool,
    /// The reader's ballot; none for a visitor who is nobody, and on projects of their own.
    pub ballot: Option<ItemBallot>,
    /// The reader's pledge as it is typed, and in words; none for a visitor who is nobody.
    pub pledge: Option<MyPledge>,
}

/// The reader's pledge to a project.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct MyPledge {
    /// As it is typed; empty where nothing.
    pub typed: String,
    /// In words; none where nothing.
    pub words: Option<String>,
}

/// A past cycle.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct PastCycle {
    pub at: crate::Moment,
    /// The sums that were paid and left.
    pub words: String,
    /// The option by which members directed it, and the page of its text; none where it was shared out in order.
    pub directed: Option<Directed>,
    /// Each funded project with its sum.
    pub funded: Vec<MoneyRow>,
    /// The project that it was saved for.
    pub saved: Option<String>,
}

/// Returns the page of a pool; `None` for another kind of decision or where there is none of this name.
#[must_use]
pub fn pool(sight: &Sight<'_>, name: &str) -> Option<PoolView> {
    let place = sight.state.decision_place(name)?;
    let decision = sight.state.decisions.get(place)?;
    let pool = decision.pool()?;
    let now = sight.state.pool_now(place, sight.now.max(sight.state.time))?;
    let kernel = &sight.state.rules.kernel;
    Some(PoolView {
        name: name.to_owned(),
        title: decision_title(name),
        kind: DecisionKind::Pool,
        href: decision_href(name),
        rules: sight.rules(decision),
        outlook: outlook(sight, pool, &now),
        directed: directed(sight, place),
        notes: notes(sight, decision, pool, &now),
        until: sight.moment(pool.until()),
        money: money(sight, place, pool),
        projects: projects(sight, place, decision, pool, &now),
        follows: words::follows(say::about_days(pool.half_life_us() / quantity::MICRO)),
        mine: mine(sight, place, decision, pool),
        past: pool.past().iter().rev().take(CYCLES).map(|past| past_cycle(sight, place, pool, past)).collect(),
        currency: kernel.currency.code(),
        digits: u32::from(kernel.currency.digits()),
    })
}

fn minor(minor: u64) -> i64 {
    i64::try_from(minor).unwrap_or(i64::MAX)
}

fn amount(sight: &Sight<'_>, minor: i64) -> Amount {
    say::money(minor, sight.state.rules.kernel.currency)
}

fn asking(count: usize) -> String {
    if count == 1 { words::ONE_ASKS.to_owned() } else { words::some_ask(count) }
}

fn outlook(sight: &Sight<'_>, pool: &Pool, now: &Now) -> String {
    let pledged = now
        .funded
        .iter()
        .filter_map(|place| now.of(*place))
        .fold(0_i64, |sum, one| sum.saturating_add(minor(one.pledged)));
    let all = minor(now.paid_minor).saturating_add(pledged);
    let paid = match now.funded.len() {
        0 => words::PAYS_NOTHING.to_owned(),
        count => words::pays(amount(sight, all).text, say::count(say::whole(count), PROJECTS)),
    };
    words::shares(sight.when(pool.until()), paid)
}

fn directed(sight: &Sight<'_>, place: DecisionId) -> Option<Directed> {
    let (_, by) = sight.state.shares_out(place)?;
    let leading = by.commitment()?.leading(by.capacity)?;
    let words = words::directed(decision_title(&by.name), sight.in_words(by, leading));
    Some(Directed { words, href: decision_href(&by.name) })
}

fn notes(sight: &Sight<'_>, decision: &Decision, pool: &Pool, now: &Now) -> Vec<String> {
    let mut notes = Vec::new();
    if now.added > 0 {
        notes.push(words::would_add(amount(sight, minor(now.added)).text));
    }
    if let Some(place) = now.saving_for {
        notes.push(words::saved_for(line_at(sight, decision, place)));
    }
    if now.passes_over {
        notes.push(words::PASSES_OVER.to_owned());
    }
    if now.beyond {
        notes.push(words::BEYOND.to_owned());
    }
    if pool.sums.left() < 0 {
        notes.push(words::OVERDRAWN.to_owned());
    }
    notes
}

fn money(sight: &Sight<'_>, place: DecisionId, pool: &Pool) -> Vec<MoneyRow> {
    let sums = &pool.sums;
    let row = |words: &str, minor: i64| MoneyRow { words: words.to_owned(), amount: amount(sight, minor) };
    let mut rows = vec![row(words::CAME_IN, sums.fed), row(words::GIVEN, sums.given)];
    if sums.added != 0 {
        rows.push(row(words::ADDED, sums.added));
    }
    rows.push(row(words::PAID, sums.paid));
    if sums.forked != 0 {
        rows.push(row(words::FORKED, sums.forked));
    }
    rows.push(row(words::LEFT, sums.left()));
    rows.push(row(words::HELD, minor(pool.pledged())));
    rows.push(row(words::OWED, sight.state.owed_by_pool(place)));
    rows
}

fn projects(sight: &Sight<'_>, place: DecisionId, decision: &Decision, pool: &Pool, now: &Now) -> Vec<ProjectView> {
    let mut order: Vec<ItemId> = now.order.clone();
    order.extend(now.projects.iter().map(|one| one.place).filter(|item| !now.order.contains(item)));
    let rows = order.into_iter().take(SHOWN);
    rows.filter_map(|item| project(sight, place, decision, pool.project(item)?, now.of(item)?, now)).collect()
}

fn project(
    sight: &Sight<'_>,
    place: DecisionId,
    decision: &Decision,
    project: &Project,
    one: &Pooled,
    now: &Now,
) -> Option<ProjectView> {
    let item = decision.item_at(one.place)?;
    let me = sight.me_index();
    let excluded = decision.pool().is_some_and(|pool| pool.terms.excludes_own);
    let own = excluded && me.is_some_and(|me| project.is_own(me));
    let currency = sight.state.rules.kernel.currency;
    let added = one.matched.min(project.goal_minor.saturating_sub(one.pledged));
    let ppm = |part: u64| say::ppm(u128::from(part.min(project.goal_minor)), u128::from(project.goal_minor));
    let pledged_ppm = ppm(one.pledged);
    let more = ONE_MORE.saturating_mul(10_i64.saturating_pow(u32::from(currency.digits())));
    let adds = sight.state.one_more_adds(decision, one.place, more.unsigned_abs());
    let (pledged, matched) = (amount(sight, minor(one.pledged)), amount(sight, minor(one.matched)));
    let givers = say::whole(project.pledges.len());
    let pledge = |me: MemberIndex| project.pledges.get(&me).copied();
    Some(ProjectView {
        id: item.id.to_string(),
        line: line(sight, &item.id),
        href: document_href(&decision.name, &item.id),
        asks: words::asks_for(amount(sight, minor(project.goal_minor)).text, people(sight, project)),
        goal: amount(sight, minor(project.goal_minor)),
        together: words::pledged_and_match(&pledged.text, say::count(givers, MEMBERS), &matched.text),
        pledged,
        matched,
        due: amount(sight, minor(one.due)),
        givers,
        pledged_ppm,
        matched_ppm: ppm(added).min(quantity::PPM.saturating_sub(pledged_ppm)),
        one_more: adds.map(|adds| words::one_more(amount(sight, more).text, amount(sight, minor(adds)).text)),
        votes: say::votes(item.total),
        conviction: say::votes(project.conviction.rounded()),
        eligible: one.eligible,
        would_be_paid: now.funded.contains(&one.place),
        saved_for: now.saving_for == Some(one.place),
        why: why(sight, project, one, now),
        own,
        ballot: me.filter(|_| !own).map(|me| ballot::item_field(ballot::own_item(sight, me, place, one.place))),
        pledge: me.map(|me| MyPledge {
            typed: pledge(me).map_or_else(String::new, |pledged| format_decimal(minor(pledged), currency.digits())),
            words: pledge(me).map(|pledged| words::my_pledge_of(amount(sight, minor(pledged)).text)),
        }),
    })
}

/// Why a project is eligible or not, and paid or not, in a sentence.
fn why(sight: &Sight<'_>, project: &Project, one: &Pooled, now: &Now) -> String {
    if now.funded.contains(&one.place) {
        return words::IS_ELIGIBLE.to_owned();
    }
    if one.left_out {
        return words::LEFT_OUT.to_owned();
    }
    if one.struck {
        return words::STRUCK.to_owned();
    }
    if !one.eligible {
        let lacks = project.goal_minor.saturating_sub(one.pledged.saturating_add(one.matched));
        return words::lacks(amount(sight, minor(lacks)).text);
    }
    if !one.has_conviction {
        return words::NO_CONVICTION.to_owned();
    }
    if now.saving_for.is_some_and(|saved| saved != one.place) {
        return words::BEHIND.to_owned();
    }
    words::too_little(amount(sight, minor(one.due)).text)
}

fn people(sight: &Sight<'_>, project: &Project) -> String {
    let name = |member: &MemberIndex| sight.state.members.pseudonym(*member).map(|who| sight.directory.name(who));
    let names: Vec<String> = project.people.iter().filter_map(name).collect();
    names.join(", ")
}

fn mine(sight: &Sight<'_>, place: DecisionId, decision: &Decision, pool: &Pool) -> Option<MyMoney> {
    let me = sight.me_index()?;
    let (free, pledged) = sight.state.held_for(me);
    let share = Share::from_ppm(ballot::free_ppm(sight, me, place));
    let held = match (free, pledged) {
        (0, 0) => words::NOTHING_HELD.to_owned(),
        _ => words::held_for_you(amount(sight, minor(free)).text, amount(sight, minor(pledged)).text),
    };
    let own = pool.asking().filter(|(_, project)| project.proposer == me);
    let own = own.filter_map(|(item, _)| {
        let id = decision.item_at(item)?.id.to_string();
        Some(OwnProject { line: line(sight, &id), id })
    });
    Some(MyMoney {
        words: held,
        has_free: free > 0,
        room: words::my_share(&share.text),
        free: share,
        own: own.collect(),
    })
}

fn past_cycle(sight: &Sight<'_>, place: DecisionId, pool: &Pool, past: &Past) -> PastCycle {
    let line_at = |place_of: ItemId| {
        let decision = sight.state.decisions.get(place);
        decision.map(|decision| line_at(sight, decision, place_of)).unwrap_or_default()
    };
    let directed = past.directed.as_ref().and_then(|option| {
        let (_, by) = sight.state.shares_out(place)?;
        Some(Directed { words: words::directed_by(line(sight, option)), href: document_href(&by.name, option) })
    });
    let funded = past.funded.iter().filter_map(|place| {
        let Some(End::Funded { from_pool, pledged }) = pool.project(*place)?.end else { return None };
        let all = minor(from_pool).saturating_add(minor(pledged));
        Some(MoneyRow { words: line_at(*place), amount: amount(sight, all) })
    });
    PastCycle {
        at: sight.moment(past.at),
        words: words::past(amount(sight, minor(past.paid_minor)).text, amount(sight, past.left_minor).text),
        directed,
        funded: funded.collect(),
        saved: past.saving_for.map(|place| words::past_saved(line_at(place))),
    }
}

/// A pool's card in a sentence.
pub(crate) fn card(sight: &Sight<'_>, pool: &Pool) -> String {
    let left = amount(sight, pool.sums.left()).text;
    words::card(left, asking(pool.asking().count()), sight.when(pool.until()))
}

/// The first line of a project's text, or the beginning of its hash where it is not kept here.
pub(crate) fn line(sight: &Sight<'_>, hash: &str) -> String {
    sight.directory.first_line(hash)
}

fn line_at(sight: &Sight<'_>, decision: &Decision, place: ItemId) -> String {
    decision.item_at(place).map(|item| line(sight, &item.id)).unwrap_or_default()
}

/// The text of a project.
#[must_use]
pub fn project_text(sight: &Sight<'_>, decision: &str, project: &str) -> Option<crate::OptionText> {
    let known = sight.state.decision(decision).filter(|known| known.pool().is_some() || known.requests().is_some())?;
    known.item_place(project)?;
    let card = sight.directory.document(project);
    let below = |text: &str| text.split_once('\n').map_or(String::new(), |(_, below)| below.to_owned());
    Some(crate::OptionText {
        id: project.to_owned(),
        line: line(sight, project),
        text: card.map(|card| below(&card.text)),
    })
}
