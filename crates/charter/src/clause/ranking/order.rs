//! The order of a ranking: by votes as they stand, or by the conviction that follows these. From edition 4 on.

use quantity::Span;

use crate::document::{Fields, Mistakes};
use crate::edition::Edition;
use crate::named::{Named, named};
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

/// The measure that puts items in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemOrder {
    /// Their votes.
    Votes,
    /// Their conviction, which goes half of the way to the votes in this time.
    Conviction(Span),
}

named! {
    /// The words for it.
    pub enum By {
        Votes = "votes" "by the votes that they have",
        Conviction = "conviction" "by conviction, which follows votes slowly",
    }
}

/// Conviction goes half of the way in 30 days where the clause does not say.
const USUAL_HALF_LIFE_S: u64 = 30 * 86_400;

pub(super) const ORDER: Known =
    field("order", "what puts items in order; votes unless said").values(By::WORDS).since(Edition::FOUR);
pub(super) const HALF_LIFE: Known =
    field("conviction-half-life", "how slowly conviction follows votes").span().since(Edition::FOUR);

pub(super) fn read(found: &Fields, mistakes: &mut Mistakes) -> Option<ItemOrder> {
    let by = found.or("order", By::Votes, mistakes, phrase::named);
    let half_life = found.optional("conviction-half-life", mistakes, phrase::span);
    if by == Some(By::Votes) {
        found.needs("conviction-half-life", "`order \"conviction\"`", mistakes);
    }
    let usual = Span::from_seconds(USUAL_HALF_LIFE_S);
    let half_life = half_life?.unwrap_or(usual);
    Some(if by? == By::Conviction { ItemOrder::Conviction(half_life) } else { ItemOrder::Votes })
}

impl ItemOrder {
    pub(super) fn sentence(self) -> String {
        match self {
            ItemOrder::Votes => {
                "Items are ordered by standing votes, for less against; on equal votes the older comes first."
                    .to_owned()
            }
            ItemOrder::Conviction(half_life) => format!(
                "Items are ordered by conviction, which begins at nothing and follows votes slowly: half of the way in {}; on equal conviction the older comes first.",
                words::days(half_life)
            ),
        }
    }
}
