//! Income that feeds pools. Each feed is a part of one kind of income, and all pools of a constitution together get no more
//! than there is.

use std::collections::BTreeMap;

use quantity::{PPM, parse_decimal};

use crate::code;
use crate::document::{Mistakes, Value};
use crate::named::{Named, named};
use crate::nearest::{list, suggest};
use crate::phrase;
use crate::support::SupportKind;

/// A part of the co-op's income.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Feed {
    /// In parts per million, above 0.
    pub part_ppm: u32,
    pub of: Income,
}

named! {
    /// A kind of income that can feed a pool.
    pub enum Income {
        Donations = "donations",
        Dues = "dues",
        Purchases = "purchases",
        Invoices = "invoices",
        /// All of the above.
        All = "income",
        /// The rest of a period's income after its costs.
        Surplus = "surplus",
    }
}

impl Income {
    /// Whether a record of support is such income: nobody records invoices and surpluses yet.
    pub fn is_recorded(self) -> bool {
        !matches!(self, Income::Invoices | Income::Surplus)
    }

    /// Whether what members give by a kind of support is income of this kind.
    pub fn takes_in(self, kind: SupportKind) -> bool {
        match self {
            Income::Donations => kind == SupportKind::Donation,
            Income::Dues => kind == SupportKind::Dues,
            Income::Purchases => kind == SupportKind::Purchase,
            Income::All => matches!(kind, SupportKind::Donation | SupportKind::Dues | SupportKind::Purchase),
            Income::Invoices | Income::Surplus => false,
        }
    }
}

/// The part of each kind of income that all pools of a constitution get, in parts per million.
#[derive(Default)]
pub(crate) struct Fed(BTreeMap<Income, u64>);

/// Reads `20% of donations`.
pub(super) fn feed(value: &Value, mistakes: &mut Mistakes) -> Option<Feed> {
    let words = phrase::words(&value.text);
    let [(part, at), ("of", _), (source, place)] = words.as_slice() else {
        let why = format!("`{}` does not say which part of what feeds the pool", value.text);
        return mistakes.refuse(code::BAD_FEED, &value.at, why, "write it as in `20% of donations`");
    };
    let ppm = part.strip_suffix('%').and_then(|number| parse_decimal(number, 4).ok());
    let part_ppm = ppm.and_then(|ppm| u32::try_from(ppm).ok()).filter(|ppm| (1..=PPM).contains(ppm));
    if part_ppm.is_none() {
        let why = format!("`{part}` is not a percentage above 0% to 100%");
        mistakes.report(code::BAD_FEED, &value.place(at), why, None);
    }
    let of = Income::parse(source);
    if of.is_none() {
        let known = Income::names();
        let why = format!("`{source}` is none of {}", list(&known));
        let help = suggest(source, &known);
        mistakes.report(code::UNKNOWN_CHOICE, &value.place(place), why, help);
    }
    Some(Feed { part_ppm: part_ppm?, of: of? })
}

impl Fed {
    /// Adds a feed; all pools together get no more of a kind of income than there is.
    pub(super) fn add(&mut self, feed: Feed, value: &Value, mistakes: &mut Mistakes) {
        let fed = self.0.entry(feed.of).or_default();
        *fed = fed.saturating_add(u64::from(feed.part_ppm));
        let of = |income: Income| self.0.get(&income).copied().unwrap_or(0);
        let kinds = Income::ALL.into_iter().filter(|kind| ![Income::All, Income::Surplus].contains(kind));
        let most = match feed.of {
            Income::Surplus => of(Income::Surplus),
            Income::All => of(Income::All).saturating_add(kinds.map(of).max().unwrap_or(0)),
            one => of(one).saturating_add(of(Income::All)),
        };
        if most > u64::from(PPM) {
            let why = format!("with this, pools get more than all {}", feed.of.name());
            mistakes.report(code::MORE_THAN_ALL, &value.at, why, "lower this part, or another pool's");
        }
    }
}
