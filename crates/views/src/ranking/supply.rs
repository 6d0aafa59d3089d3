//! The supply of a ranking: when each request is likely to be served, and what past periods served. Nothing is decided here.

use engine::ItemId;
use engine::chamber::{Asked, Decision, Item, Outlook, Serving, Unit, Wait};
use quantity::{CalendarUnit, format_micro};
use schemars::JsonSchema;
use serde::Serialize;
use words::numbers::{self, HOURS, UNITS};
use words::ranking;

use crate::names::{decision_href, decision_title, served_href};
use crate::{Sight, say};

/// An amount of something scarce.
#[derive(Serialize, JsonSchema, Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// How many of the unit.
    pub amount: u64,
    /// `second`, `unit`, or the code of the currency, whose minor units are counted.
    pub unit: String,
    /// For example `1.5 hours`.
    pub text: String,
}

/// The supply of a ranking.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Supply")]
pub struct SupplyView {
    /// The amount that is handed out, and when next, in a sentence.
    pub words: String,
    /// The whole of one period.
    pub whole: Quantity,
    /// `day`, `week`, `month`, `quarter` or `year`.
    pub every: String,
    /// A request for more than is left is passed over; else serving stops there.
    pub skips: bool,
    /// The next update that serves.
    pub next: Option<crate::Moment>,
    /// The requests that the last period served.
    pub last: Option<ServingView>,
    /// The page of all periods.
    pub href: String,
}

/// How much an item asks for, and when it is likely to be served.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Request")]
pub struct RequestView {
    /// How much it asks for; none where it does not say so, and is never served.
    pub asked: Option<Quantity>,
    /// The sum that requests before it in the order ask for.
    pub before: Option<Quantity>,
    /// The update that would serve it if nothing changed.
    pub at: Option<crate::Moment>,
    /// The same in a sentence.
    pub words: String,
}

/// The requests that the first update of a period served.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Serving")]
pub struct ServingView {
    pub at: crate::Moment,
    /// The whole supply then.
    pub whole: Quantity,
    /// How much of it was handed out; the rest was lost.
    pub used: Quantity,
    /// The same in a sentence.
    pub words: String,
    /// In the order in which they were served, the first 100.
    pub items: Vec<ServedItem>,
    /// How many more there were.
    pub more: u64,
}

/// A request that was served.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct ServedItem {
    /// Its id.
    pub item: String,
    /// Its title.
    pub title: String,
    pub href: Option<String>,
    /// The log does not bind the title and the link: they are the word of the operator of the server.
    pub operators_word: bool,
    /// How much it had.
    pub asked: Quantity,
}

/// A page of what past periods of a ranking served.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Served")]
pub struct ServedView {
    /// The ranking's name.
    pub name: String,
    /// As people say it.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Latest first.
    pub servings: Vec<ServingView>,
    /// The cursor of the page after; none on the last.
    pub next: Option<String>,
}

/// Periods on one page.
const PERIODS: usize = 12;
/// Served requests of one period on a page.
const SERVED: usize = 100;

/// Returns what past periods of a ranking served, a page of them, empty where it has no supply and never had one; `None` without a decision of this name.
#[must_use]
pub fn served(sight: &Sight<'_>, name: &str, begin: usize) -> Option<ServedView> {
    let decision = sight.state.decision(name)?;
    let servings = decision.servings();
    let end = begin.saturating_add(PERIODS);
    let next = (end < servings.len()).then(|| end.to_string());
    Some(ServedView {
        name: name.to_owned(),
        title: decision_title(name),
        href: decision_href(name),
        servings: servings.skip(begin).take(PERIODS).map(|one| serving(sight, decision, one)).collect(),
        next,
    })
}

/// Returns the supply of a ranking, where it has one.
pub(super) fn supply(sight: &Sight<'_>, decision: &Decision, outlook: &Outlook) -> SupplyView {
    let terms = outlook.supply;
    let whole = quantity(sight, terms.whole);
    let every = every(terms.every);
    let next = outlook.at.first().copied();
    let words = match next {
        Some(at) => ranking::handed_out(&whole.text, every, sight.when(at)),
        None => ranking::handed_out_never_again(&whole.text, every),
    };
    SupplyView {
        words,
        whole,
        every: every.to_owned(),
        skips: terms.skips,
        next: next.map(|at| sight.moment(at)),
        last: decision.servings().next().map(|last| serving(sight, decision, last)),
        href: served_href(&decision.name),
    }
}

/// Returns how much an open item asks for, and when it would be served.
pub(crate) fn request(sight: &Sight<'_>, outlook: &Outlook, place: ItemId, item: &Item) -> RequestView {
    let unit = outlook.supply.whole.unit;
    let of = |amount| quantity(sight, Asked { unit, amount });
    let asked = outlook.supply.asked_by(item).map(of);
    let text = asked.as_ref().map(|asked| asked.text.clone()).unwrap_or_default();
    let (before, at, words) = match outlook.wait(place, item) {
        Wait::Served { at, before: 0, .. } => (Some(of(0)), Some(at), ranking::served_first(text, sight.when(at))),
        Wait::Served { at, before, .. } => {
            let before = of(before);
            let words = ranking::served_then(text, sight.when(at), &before.text);
            (Some(before), Some(at), words)
        }
        Wait::Later { before: Some(before) } => {
            let before = of(before);
            let words = ranking::served_later(text, outlook.at.len(), &before.text);
            (Some(before), None, words)
        }
        Wait::Later { before: None } => (None, None, ranking::served_far(text)),
        Wait::NoVotes => (None, None, ranking::served_not_below(text)),
        Wait::NoConviction => (None, None, ranking::served_not_disbelieved(text)),
        Wait::NoAmount => (None, None, ranking::NO_AMOUNT.to_owned()),
        Wait::TooLarge => (None, None, ranking::asks_too_much(text, quantity(sight, outlook.supply.whole).text)),
    };
    RequestView { asked, before, at: at.map(|at| sight.moment(at)), words }
}

fn serving(sight: &Sight<'_>, decision: &Decision, serving: &Serving) -> ServingView {
    let of = |amount| quantity(sight, Asked { unit: serving.whole.unit, amount });
    let (whole, used) = (of(serving.whole.amount), of(serving.used()));
    let rows = serving.served.iter().take(SERVED).filter_map(|(place, amount)| {
        let item = decision.item_at(*place)?;
        let card = sight.directory.item(&decision.name, &item.id);
        Some(ServedItem {
            item: item.id.to_string(),
            title: sight.directory.item_title(&decision.name, &item.id),
            href: card.and_then(|card| card.url.clone()),
            operators_word: card.is_some_and(|card| !card.bound),
            asked: of(*amount),
        })
    });
    let words = match serving.served.len() {
        0 => ranking::served_nobody(&whole.text),
        _ => ranking::served_of(&used.text, &whole.text),
    };
    ServingView {
        at: sight.moment(serving.at),
        words,
        whole,
        used,
        items: rows.collect(),
        more: say::whole(serving.served.len().saturating_sub(SERVED)),
    }
}

pub(crate) fn quantity(sight: &Sight<'_>, asked: Asked) -> Quantity {
    let currency = sight.state.rules.kernel.currency;
    let text = match asked.unit {
        Unit::Minor => say::money(i64::try_from(asked.amount).unwrap_or(i64::MAX), currency).text,
        Unit::Second => {
            let micro = i128::from(asked.amount).saturating_mul(1_000_000).checked_div(3_600).unwrap_or(0);
            numbers::count(&format_micro(micro), HOURS)
        }
        Unit::Unit => say::count(asked.amount, UNITS),
    };
    Quantity { amount: asked.amount, unit: asked.unit.word(currency).to_owned(), text }
}

pub(crate) fn every(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Day => numbers::DAYS.0,
        CalendarUnit::Week => numbers::WEEKS.0,
        CalendarUnit::Month => numbers::MONTHS.0,
        CalendarUnit::Quarter => ranking::QUARTER,
        CalendarUnit::Year => numbers::YEARS.0,
    }
}
