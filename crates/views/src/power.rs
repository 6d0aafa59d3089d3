//! The powers of holders of offices and seats, the rest of their limits, and the forms in which they use them.

pub(crate) mod waits;

use charter::{Every, Power};
use engine::act::OpenItem;
use engine::book::AccountKind;
use engine::chamber::{Decision, Kind};
use engine::{Act, Actor, Context, Edition, Pseudonym, SpendingLimit};
use serde::Serialize;
use words::power;

use crate::names::{decision_href, decision_title, kind_of};
use crate::ranking::supply::quantity;
use crate::{Amount, DecisionKind, Quantity, Sight, say};

/// An office that the reader holds, or a body that they sit on, with powers.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct HeldOffice {
    /// Its path.
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    /// Its page.
    pub href: String,
    /// Nobody holds it: founders have its powers, while the founding period lasts.
    pub is_vacant: bool,
    /// In the order of the rules.
    pub powers: Vec<HeldPower>,
    /// The limits on its spending, the narrowest first; empty where it may not spend, or without limit.
    pub limits: Vec<LimitView>,
}

/// One power of an office.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct HeldPower {
    pub name: String,
    /// After `may`: `admit members`.
    pub words: String,
    /// The words of the link to the form.
    pub action: String,
    /// The form; none for powers that are used elsewhere, as in a forge.
    pub href: Option<String>,
}

/// A limit on spending, and the sum spent in the current calendar period.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct LimitView {
    pub most: Amount,
    pub spent: Amount,
    pub left: Amount,
    /// For the spender: `480.00 of 500.00 USD of this month are left`.
    pub left_words: String,
    /// For everybody, a sentence: `Of the 500.00 USD of this month 20.00 USD are spent.`
    pub spent_words: String,
}

/// The page of one power.
#[derive(Serialize, Debug, Clone)]
pub struct PowerView {
    /// As the rules write it, for example `keep-list`.
    pub power: String,
    /// The offices and bodies that give it to the reader; empty for others, who get no form.
    pub held: Vec<HeldOffice>,
    /// Lists that the reader keeps together with the others on them, as titles.
    pub kept: Vec<String>,
    /// Whether all members act together here, since no more than half of the seats with this power are filled.
    pub by_members: bool,
    /// Whether their act is proposed or announced, and not done at once.
    pub waits: bool,
    /// Every office and body that the rules give it to: title and address.
    pub given: Vec<(String, String)>,
    pub form: PowerForm,
}

/// The choices in a power's forms.
#[derive(Serialize, Debug, Clone)]
pub enum PowerForm {
    Admit,
    KeepList(ListForm),
    CloseIssue(ItemForm),
    /// On a page of its own: `/record`.
    Record,
    Spend(SpendForm),
}

/// Members on lists.
#[derive(Serialize, Debug, Clone, Default)]
pub struct ListForm {
    pub lists: Vec<Choice>,
    /// The searched words.
    pub query: String,
    /// The number of members that match.
    pub found: u64,
    /// The first of them.
    pub members: Vec<MemberChoice>,
}

/// A member, and the lists that they are on.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct MemberChoice {
    pub member: String,
    pub name: String,
    /// Lists that they are on, as titles.
    pub on: Vec<String>,
}

/// Items of rankings.
#[derive(Serialize, Debug, Clone, Default)]
pub struct ItemForm {
    /// The rankings that the reader looks after.
    pub rankings: Vec<Choice>,
    /// Some that are open there, oldest first: id and title.
    pub open: Vec<Choice>,
    /// The supplies that those rankings hand out, by their names.
    pub supplies: Vec<(String, Quantity)>,
}

/// Money out.
#[derive(Serialize, Debug, Clone, Default)]
pub struct SpendForm {
    /// ISO 4217.
    pub currency: String,
    /// Digits after the point.
    pub digits: u32,
    /// Accounts of the book that money can come from, by name.
    pub from: Vec<String>,
    /// Accounts of the book that it can go to, by name.
    pub to: Vec<String>,
    /// Today in the co-op's zone, for example `2025-12-29`.
    pub today: String,
}

/// One of several.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value that is handed in.
    pub name: String,
    /// The text that is shown.
    pub title: String,
}

/// Members, items or accounts that a form offers; others are found by name or typed.
const OFFERED: usize = 100;

/// Returns the offices that a member holds and the bodies that they sit on, as far as these have powers, in the order
/// of decisions; then those whose powers they have as a founder.
pub(super) fn held(sight: &Sight<'_>, who: Pseudonym) -> Vec<HeldOffice> {
    let open = sight.state.open_decisions().map(|(_, decision)| decision);
    let held = open.filter(move |decision| decision.seats_member(who)).chain(sight.state.held_as_founder(who));
    held.map(|decision| office(sight, decision)).filter(|office| !office.powers.is_empty()).collect()
}

pub(super) fn office(sight: &Sight<'_>, decision: &Decision) -> HeldOffice {
    let kernel = &sight.state.rules.kernel;
    let clause = sight.state.rules.clause(&decision.name);
    let powers = clause.map_or(&[][..], |clause| clause.powers());
    let powers = powers.iter().map(|power| {
        let (name, action) = (power.power.name(), action(power.power, kernel.edition));
        HeldPower {
            name: name.to_owned(),
            words: charter::explain_power(power, kernel),
            action: action.unwrap_or_default().to_owned(),
            href: action.map(|_| href(power.power)),
        }
    });
    HeldOffice {
        name: decision.name.clone(),
        title: decision_title(&decision.name),
        kind: kind_of(decision),
        href: decision_href(&decision.name),
        is_vacant: decision.seated().next().is_none(),
        powers: powers.collect(),
        limits: limits(sight, decision),
    }
}

/// The page with the form of a power.
fn href(power: Power) -> String {
    match power {
        Power::Record => "/record".to_owned(),
        Power::Release => "/releases".to_owned(),
        Power::Expel => "/hearings".to_owned(),
        power => format!("/powers/{}", power.name()),
    }
}

/// Of powers that have a form.
fn action(power: Power, edition: Edition) -> Option<&'static str> {
    match power {
        Power::Admit => Some(power::ADMIT),
        Power::KeepList => Some(power::KEEP_LIST),
        Power::CloseIssue => Some(power::CLOSE_ISSUE),
        Power::Record => Some(power::RECORD),
        Power::Spend => Some(power::SPEND),
        Power::Expel => Some(words::hearing::TITLE),
        Power::Release if edition >= Edition::FOUR => Some(words::release::MANAGE),
        Power::Merge | Power::Moderate | Power::Publish | Power::Release => None,
    }
}

/// Returns the limits on the spending of an office or body now; empty where it may not spend, or without limit.
pub(super) fn limits(sight: &Sight<'_>, decision: &Decision) -> Vec<LimitView> {
    if !sight.state.gives(decision, Power::Spend) {
        return Vec::new();
    }
    let limits = sight.state.spending_limits(&decision.name, sight.now);
    let limits = limits.iter().map(|limit| limit_view(sight, decision, limit));
    limits.collect()
}

fn limit_view(sight: &Sight<'_>, decision: &Decision, limit: &SpendingLimit) -> LimitView {
    let currency = sight.state.rules.kernel.currency;
    let money = |minor| say::money(minor, currency);
    let number = |minor: i64| {
        let digits = u32::from(currency.digits());
        crate::decimal(i128::from(minor), digits, digits)
    };
    let (most, left) = (money(limit.limit.amount_minor), money(limit.left_minor()));
    let spent = money(limit.spent_minor);
    let period = match limit.limit.every {
        Every::Day => power::TODAY,
        Every::Week => power::THIS_WEEK,
        Every::Month => power::THIS_MONTH,
        Every::Quarter => power::THIS_QUARTER,
        Every::Year => power::THIS_YEAR,
    };
    let whose = match limit.scope.as_str() {
        path if path == decision.name => String::new(),
        "" => power::FOR_ALL.to_owned(),
        path => power::for_all_of(say::plain(path)),
    };
    LimitView {
        left_words: power::left(number(left.amount_minor), &most.text, period, &whose),
        spent_words: power::spent(&most.text, &whose, period, &spent.text),
        most,
        spent,
        left,
    }
}

/// Returns the page of a power as the reader has it; `query` is part of the name of a member. `None` for a visitor who
/// is nobody, and where the power has no form.
#[must_use]
pub fn power(sight: &Sight<'_>, power: &str, query: &str) -> Option<PowerView> {
    let who = sight.me.filter(|_| sight.me_index().is_some())?;
    let power = Power::parse(power)?;
    let form = match power {
        Power::Admit => PowerForm::Admit,
        Power::KeepList => PowerForm::KeepList(list_form(sight, query)),
        Power::CloseIssue => PowerForm::CloseIssue(item_form(sight, who)),
        Power::Record => PowerForm::Record,
        Power::Spend => PowerForm::Spend(spend_form(sight)),
        Power::Expel | Power::Merge | Power::Moderate | Power::Publish | Power::Release => return None,
    };
    let mut through = sight.state.holds_power(who, power).peekable();
    let kept = if power == Power::KeepList { kept(sight) } else { Vec::new() };
    let by_members = power == Power::Admit && sight.state.members_admit();
    let later = matches!(power, Power::Admit | Power::KeepList);
    let by_seat = through.peek().is_some_and(|first| {
        let careful = sight.state.editions.current >= Edition::TWO;
        let clause = sight.state.rules.clause(&first.name);
        let seats = clause.map_or(1, |clause| match power {
            Power::Record => clause.seats_to_record(),
            _ => clause.seats_to_act(),
        });
        careful && first.seats_member(who) && (later || seats > 1)
    });
    // With the power of a vacant seat a founder acts at once, also on a list whose members keep it meanwhile.
    let together = through.peek().is_none() && (!kept.is_empty() || by_members);
    let open = sight.state.open_decisions().map(|(_, decision)| decision);
    let given = open.filter(|decision| sight.state.gives(decision, power));
    Some(PowerView {
        power: power.name().to_owned(),
        waits: by_seat || together,
        kept,
        by_members,
        held: through.map(|decision| office(sight, decision)).collect(),
        given: given.map(|decision| (decision_title(&decision.name), decision_href(&decision.name))).collect(),
        form,
    })
}

/// Returns the lists that those on them keep, the reader among them.
fn kept(sight: &Sight<'_>) -> Vec<String> {
    let lists = sight.state.rules.kernel.classes.iter().filter_map(|class| class.list.as_deref());
    let mut kept: Vec<String> = Vec::new();
    for list in lists.filter(|list| sight.state.heads_keep(list)) {
        let heads = sight.state.heads_of(list);
        let title = say::plain(list);
        if sight.me_index().is_some_and(|me| sight.state.is_among(&heads, me)) && !kept.contains(&title) {
            kept.push(title);
        }
    }
    kept
}

fn list_form(sight: &Sight<'_>, query: &str) -> ListForm {
    let classes = sight.state.rules.kernel.classes.iter();
    let mut lists: Vec<Choice> =
        classes.filter_map(|class| class.list.clone()).map(|name| Choice { title: say::plain(&name), name }).collect();
    lists.dedup();
    let (found, members) = members(sight, query, &lists);
    ListForm { query: query.to_owned(), found, members, lists }
}

/// Returns how many members match, and the first of them with the lists that they are on.
fn members(sight: &Sight<'_>, query: &str, lists: &[Choice]) -> (u64, Vec<MemberChoice>) {
    let register = &sight.state.members;
    let found = sight.kept.register(sight).find(sight, query);
    let first = found.between(0, OFFERED);
    let members = first.iter().filter(|index| register.is_active(**index)).filter_map(|index| {
        let member = register.pseudonym(*index)?;
        let on = lists.iter().filter(|list| {
            let standing = register.list(&list.name);
            standing.is_some_and(|standing| standing.contains(index))
        });
        Some(MemberChoice {
            member: member.to_string(),
            name: sight.directory.name(member),
            on: on.map(|list| list.title.clone()).collect(),
        })
    });
    (found.count(), members.collect())
}

/// Returns today in the co-op's zone.
pub(crate) fn today(sight: &Sight<'_>) -> String {
    let today = sight.zone().civil(sight.now);
    format!("{:04}-{:02}-{:02}", today.year, today.month, today.day)
}

fn item_form(sight: &Sight<'_>, who: Pseudonym) -> ItemForm {
    let context = Context::of(Actor::Member(who), sight.now);
    let reached = |decision: &&Decision| {
        let (decision, item) = (decision.name.clone(), String::new());
        let act = Act::OpenItem(OpenItem { decision, item, amount: None });
        sight.state.authority(&act, &context).is_some()
    };
    let decisions = sight.state.open_decisions().map(|(_, decision)| decision);
    let rankings = decisions.filter(|decision| decision.kind() == Kind::Ranking);
    let rankings: Vec<&Decision> = rankings.filter(reached).collect();
    let open = rankings.iter().flat_map(|decision| {
        let open = decision.open_items();
        open.map(|item| Choice {
            name: item.id.to_string(),
            title: sight.directory.item_title(&decision.name, &item.id),
        })
    });
    let supplies = rankings.iter().filter_map(|list| Some((list.name.clone(), quantity(sight, list.supply()?.whole))));
    ItemForm {
        open: open.take(OFFERED).collect(),
        supplies: supplies.collect(),
        rankings: rankings
            .iter()
            .map(|decision| Choice { name: decision.name.clone(), title: decision_title(&decision.name) })
            .collect(),
    }
}

fn spend_form(sight: &Sight<'_>) -> SpendForm {
    let currency = sight.state.rules.kernel.currency;
    let accounts = |wanted: &[AccountKind]| {
        let all = sight.state.book.accounts().iter();
        let of_kind = all.filter(|account| AccountKind::of(account).is_some_and(|kind| wanted.contains(&kind)));
        let mut names: Vec<String> = of_kind.take(OFFERED).map(ToString::to_string).collect();
        names.sort();
        names
    };
    SpendForm {
        currency: currency.code().to_owned(),
        digits: u32::from(currency.digits()),
        from: accounts(&[AccountKind::Assets, AccountKind::Liabilities]),
        to: accounts(&[AccountKind::Expenses]),
        today: today(sight),
    }
}
