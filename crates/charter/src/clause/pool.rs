//! Pools: money that members share out among projects.

pub(super) mod income;
mod meaning;
mod read;
#[cfg(test)]
mod tests;

use quantity::Span;

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE, Sides};
use super::reader::Reader;
use crate::document::{Fields, Node};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::kernel::{ALLOWANCE, Kernel, VOTES};
use crate::named::{Named, named};
use crate::phrase::Every;
use crate::vocabulary::{Known, field};
use crate::words;

pub use income::{Feed, Income};

/// A pool of money and how it is shared out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pool {
    pub fed_by: Vec<Feed>,
    pub matching: Matching,
    /// The kernel's lists whose members count as one group each, with [`Matching::Connected`] from edition 4 on.
    pub groups: Vec<String>,
    /// How often it is shared out.
    pub every: Every,
    pub own_projects: OwnProjects,
    pub order: FundingOrder,
    /// How fast conviction follows votes; `None` is a quarter of the cycle.
    pub conviction_half_life: Option<Span>,
}

/// The sum that a pool adds to the pledges for a project.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Matching {
    /// The square of the sum of the roots, less the pledges.
    Quadratic,
    /// As quadratic, all matches cut alike when the pool does not suffice.
    Scaled,
    /// As quadratic, less for each pair who often give to the same projects.
    Pairwise {
        /// M, minor units: two members add less than twice this; 0 under editions that keep the clause alone.
        m_minor: i64,
    },
    /// As quadratic, between groups of members who belong together.
    Connected,
    /// As quadratic, and no project gets more of the pool than this, in parts per million.
    Capped {
        cap_ppm: u32,
    },
    Nothing,
}

named! {
    /// Whether members can pledge to, and place weight on, projects of their own.
    pub enum OwnProjects {
        Excluded = "excluded" "nobody supports their own project",
        Allowed = "allowed",
    }
}

named! {
    /// The fate of the list when the next project cannot be paid in full.
    pub enum FundingOrder {
        /// The list stops there.
        Strict = "strict" "the first that cannot be paid stops the list",
        /// The next one that can be is paid.
        Skip = "skip" "it is passed over",
    }
}

impl Matching {
    /// One of each; a cap is 0 until it is read.
    const ALL: [Matching; 6] = [
        Matching::Quadratic,
        Matching::Scaled,
        Matching::Pairwise { m_minor: 0 },
        Matching::Connected,
        Matching::Capped { cap_ppm: 0 },
        Matching::Nothing,
    ];

    /// Returns the word for it in a document.
    pub fn name(self) -> &'static str {
        match self {
            Matching::Quadratic => "quadratic",
            Matching::Scaled => "scaled",
            Matching::Pairwise { .. } => "pairwise",
            Matching::Connected => "connected",
            Matching::Capped { .. } => "capped",
            Matching::Nothing => "none",
        }
    }
}

const MATCHES: &[(&str, &str)] =
    &[("quadratic", ""), ("scaled", ""), ("pairwise", ""), ("connected", ""), ("capped", ""), ("none", "")];
const EVERY: Known = field("every", "the cycle in which projects are funded").values(Every::WORDS);
const OWN: Known = field("self", "whether members may support their own project").values(OwnProjects::WORDS);
const ORDER: Known =
    field("order", "`skip` passes over a project that cannot be paid in full").values(FundingOrder::WORDS);
impl Kind for Pool {
    const FIELDS: &'static [Known] = &[
        field("fed-by", "where its money comes from, such as `20% of donations`").repeats(),
        field("match", "how gifts of members are matched").values(MATCHES),
        field("cap", "with `match \"capped\"`: the most that one project gets").percent(),
        field(
            "pairwise",
            "with `match \"pairwise\"`: half of the most that two members add together, such as `25 USD`",
        )
        .since(Edition::FOUR),
        field("groups", "with `match \"connected\"`: lists of the kernel whose members count together")
            .since(Edition::FOUR),
        EVERY,
        OWN,
        ORDER,
        field("conviction-half-life", "how slowly votes that stand gain force").span().since(Edition::FOUR),
        ELECTORATE,
        SERVICE,
        VOTES,
        ALLOWANCE,
        DELEGATION,
    ];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Pool> {
        read::read(reader, found)
    }

    fn answers(&self) -> Answers<'_> {
        let waits = self.fed_by.iter().any(|feed| !feed.of.is_recorded());
        let kept = waits.then_some("feeds it with invoices or a surplus not yet");
        Answers { title: "The pool “{}”", since: Some(Edition::FOUR), kept, ..PLAIN }
    }

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let feeds = meaning::feeds(self).into_iter();
        let feeds = feeds.map(|feed| format!("{} goes into it.", words::sentence(&feed)));
        feeds.chain(meaning::sharing(self, kernel)).collect()
    }

    fn compare(&self, from: Option<&Pool>, sides: Sides, thing: &str, effects: &mut Effects) {
        flows(from, Some(self), thing, effects);
        let old = from.map(|from| meaning::sharing(from, sides.from)).unwrap_or_default();
        effects.add_sentences(EffectKind::Flow, &format!("the {thing}"), &old, &meaning::sharing(self, sides.to));
    }

    fn end(&self, thing: &str, effects: &mut Effects) {
        flows(Some(self), None, thing, effects);
    }
}

/// Adds the feeds of a pool, where they would differ.
fn flows(from: Option<&Pool>, to: Option<&Pool>, thing: &str, effects: &mut Effects) {
    // The order of feeds has no meaning.
    let sorted = |pool: Option<&Pool>| {
        let mut feeds = pool.map(meaning::feeds).unwrap_or_default();
        feeds.sort();
        feeds
    };
    let (old, new) = (sorted(from), sorted(to));
    if old == new {
        return;
    }
    let all = |feeds: &[String]| if feeds.is_empty() { "nothing".to_owned() } else { words::all_of(feeds) };
    let instead = if from.is_some() { format!(", instead of {}", all(&old)) } else { String::new() };
    let new = words::sentence(&all(&new));
    effects.add(EffectKind::Flow, format!("{new} would go into the {thing}{instead}."));
}
