//! A member's own pledge: what they say, and how far gifts bear it out.

use charter::{Source, SupportKind};
use engine::Edition;
use quantity::{Reach, format_decimal};
use serde::Serialize;
use words::pledge;

use crate::{Sight, say};

/// The page of one's own pledge.
#[derive(Serialize, Debug, Clone)]
pub struct PledgeView {
    /// The pledge of now, as it is typed; empty where nothing.
    pub typed: String,
    /// The pledge in words, and since when; none where nothing.
    pub stands: Option<String>,
    /// How far gifts bear it out.
    pub backed: Option<String>,
    /// Whether a class reads promises at all.
    pub is_read: bool,
    /// The currency's code.
    pub currency: &'static str,
    /// Its digits after the point.
    pub digits: u32,
}

/// Returns the page of the reader's own pledge; `None` for others, and before edition 3.
#[must_use]
pub fn own_pledge(sight: &Sight<'_>) -> Option<PledgeView> {
    let me = sight.me_index().filter(|_| sight.state.editions.current >= Edition::THREE)?;
    let kernel = &sight.state.rules.kernel;
    let money = |minor: i64| say::money(minor, kernel.currency).text;
    let own = sight.state.support.own_pledges.of(me);
    let backed = sight.state.support.backed(me, sight.now, &kernel.zone).map(|backed| match backed.minor {
        0 => pledge::NOT_BACKED.to_owned(),
        minor => pledge::backed(money(minor), sight.day(backed.until)),
    });
    Some(PledgeView {
        typed: own.map_or_else(String::new, |own| format_decimal(own.minor, kernel.currency.digits())),
        stands: own.map(|own| pledge::stands(money(own.minor), sight.day(own.since))),
        backed,
        is_read: reads_promises(sight),
        currency: kernel.currency.code(),
        digits: u32::from(kernel.currency.digits()),
    })
}

/// Whether a class of the kernel reads promises.
pub(crate) fn reads_promises(sight: &Sight<'_>) -> bool {
    let promise = |source: &Source| matches!(source, Source::Support { kind: SupportKind::Pledge, period } if matches!(period.reach, Reach::Next(_)));
    sight.state.rules.kernel.classes.iter().any(|class| class.weight.sources.iter().any(promise))
}
