//! Terms: how the outcome of an election changes. The constitution's own election has them, and so has every clause with
//! an outcome that settles.

use quantity::{Rhythm, Span};
use serde::{Deserialize, Serialize};

use super::{Allowance, Counting};
use crate::document::{Fields, Mistakes};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::facts::DecisionFacts;
use crate::phrase;
use crate::vocabulary::{Known, RHYTHMS, field};
use crate::words;

/// The things that the time of a change depends on beside S.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) edition: Edition,
    pub(crate) counting: Counting,
    pub(crate) allowance: Allowance,
}

/// As many decisions as weight is spread over where no co-op is at hand.
const DECISIONS_UNSAID: u64 = 8;

/// Tenths of S that an undisputed change takes with a third of all weight, spread evenly over so many decisions: a part of the weight has
/// the root of it in votes where votes are roots, and as much elsewhere.
fn tenths_longer(counting: Counting, decisions: u64) -> u64 {
    match counting {
        // Half up: thirty times the root.
        Counting::Quadratic => decisions.saturating_mul(3_600).isqrt().saturating_add(1).div_euclid(2),
        Counting::Linear | Counting::Approval | Counting::OneMember => decisions.saturating_mul(30),
    }
}

/// How the outcome of a decision changes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// How long a unanimous electorate takes to change the outcome.
    pub settles_in: Span,
    /// The attention that a nominee needs, in parts per million of the capacity.
    pub nominated_by_ppm: u32,
    /// When a full bucket takes over; `None` means at every update.
    pub changes: Option<Rhythm>,
}

pub(crate) const SETTLES_IN: Known =
    field("settles-in", "how long a unanimous electorate takes to change the outcome").span();
pub(crate) const NOMINATED_BY: Known =
    field("nominated-by", "the attention that a newcomer needs, of all votes over one period").percent();
pub(crate) const CHANGES: Known =
    field("changes", "when a full bucket takes over; at every update unless said").values(RHYTHMS);

pub(crate) const DEFAULT_NOMINATED_BY_PPM: u32 = 20_000;
/// The candidates of an election, as its terms call them.
pub(crate) const NEW_MEMBER: &str = "A newcomer";
pub(crate) const NEW_TEXT: &str = "A new text";

/// Reads the attention that a newcomer needs; the inner `None` where the clause does not say.
pub(crate) fn nominated_by(found: &Fields, mistakes: &mut Mistakes) -> Option<Option<u32>> {
    found.optional("nominated-by", mistakes, |value, mistakes| phrase::ratio_ppm(value, 100..=500_000, mistakes))
}

impl Terms {
    /// Reads the fields that every election has. `settles-in` is needed where there is no default.
    pub(crate) fn read(found: &Fields, default: Option<&Terms>, mistakes: &mut Mistakes) -> Option<Terms> {
        if default.is_none() && found.get("settles-in").is_none() {
            found.missing("settles-in", "settles-in \"14 days\"", mistakes);
        }
        let settles_in = found.optional("settles-in", mistakes, phrase::span);
        let nominated_by = nominated_by(found, mistakes);
        let changes = found.optional("changes", mistakes, phrase::rhythm);
        let usual = default.map_or(DEFAULT_NOMINATED_BY_PPM, |terms| terms.nominated_by_ppm);
        let (settles_in, nominated_by, changes) = (settles_in?, nominated_by?, changes?);
        Some(Terms {
            settles_in: settles_in.or(default.map(|terms| terms.settles_in))?,
            nominated_by_ppm: nominated_by.unwrap_or(usual),
            changes: changes.or(default.and_then(|terms| terms.changes)),
        })
    }

    /// Says how long a change takes, who or what can stand, and when it happens.
    pub(crate) fn meaning(
        &self,
        (change, newcomer): (&str, &str),
        pace: Pace,
        here: Option<&DecisionFacts>,
    ) -> Vec<String> {
        let mut sentences = vec![format!(
            "If everyone agreed, {change} after {}; with a lead of a tenth of all votes, after {}.",
            words::days(self.settles_in),
            words::days(words::tenfold(self.settles_in))
        )];
        sentences.extend(self.how_long(pace, here));
        let capacity = here.map(|here| here.capacity_micro).filter(|capacity| *capacity > 0);
        if let Some(capacity) = capacity {
            let (all, tenth) = (words::micro(capacity), words::micro(capacity.div_euclid(10)));
            sentences.push(format!("Today all votes here are {all}, so that a tenth is a lead of {tenth}."));
        }
        let by = words::percent(self.nominated_by_ppm);
        let votes = capacity.map(|capacity| {
            let needed = capacity.saturating_mul(u128::from(self.nominated_by_ppm)).div_euclid(1_000_000);
            format!(", today {} votes,", words::micro(needed))
        });
        sentences.push(format!(
            "{newcomer} with {by} of all votes{} from one count to the next is on the ballot; each one that is on it already makes that a tenth more.",
            votes.unwrap_or_default()
        ));
        let when = self.changes.map(|rhythm| format!("A full bucket takes over {}.", words::rhythm(&rhythm)));
        sentences.extend(when);
        sentences
    }

    /// Says how long a part of all votes takes, from edition 2 on: capacity is divided by nothing there, so that it follows from S alone.
    fn how_long(&self, pace: Pace, here: Option<&DecisionFacts>) -> Vec<String> {
        if pace.edition < Edition::TWO {
            return Vec::new();
        }
        let times = |tenths: u64| {
            let tenth = self.settles_in.seconds().saturating_mul(tenths);
            words::about(Span::from_seconds(tenth.div_euclid(10)))
        };
        // A quarter of the weight is half of the votes where votes are roots.
        let quarter = if pace.counting == Counting::Quadratic { times(20) } else { times(40) };
        // Without a co-op at hand it is divided over as many as many co-ops have.
        let (over, decisions) = match here.map(|here| here.sharing) {
            Some(sharing) => (sharing, format!("the {sharing} decisions that share one weight today")),
            None => (DECISIONS_UNSAID, "eight decisions".to_owned()),
        };
        let spread = (pace.allowance == Allowance::Shared && over > 1).then(|| {
            let longer = times(tenths_longer(pace.counting, over));
            format!(", and {longer} where it is spread evenly over {decisions}")
        });
        let quarter_of_votes = here.filter(|here| here.capacity_micro > 0).map(|here| {
            let votes = words::micro(here.capacity_micro.div_euclid(4));
            format!(", today {votes} votes")
        });
        vec![
            format!("If everyone gave it a quarter of their weight, it would take {quarter}."),
            format!(
                "With a third of all weight voting, and nobody against, it takes {} where all of it is placed here{}.",
                times(30),
                spread.unwrap_or_default()
            ),
            format!(
                "Those with a quarter of all votes{}, all placed here and unanswered, could do it in {}.",
                quarter_of_votes.unwrap_or_default(),
                times(40)
            ),
        ]
    }

    /// Adds the effects of other terms.
    pub(crate) fn compare(&self, from: &Terms, thing: &str, effects: &mut Effects) {
        if from.settles_in != self.settles_in {
            let (new, old) = (words::days(self.settles_in), words::days(from.settles_in));
            let sentence = format!("A change of the {thing} would take {new} instead of {old}, if everyone agreed.");
            effects.add(EffectKind::Settles, sentence);
        }
        if from.nominated_by_ppm != self.nominated_by_ppm {
            let (new, old) = (words::percent(self.nominated_by_ppm), words::percent(from.nominated_by_ppm));
            let sentence = format!(
                "To stand for the {thing}, a newcomer would need the attention of {new} of all votes instead of {old}."
            );
            effects.add(EffectKind::Settles, sentence);
        }
        if from.changes != self.changes {
            let (new, old) = (self.changes_when(), from.changes_when());
            let sentence = format!("A full bucket would take over the {thing} {new} instead of {old}.");
            effects.add(EffectKind::Settles, sentence);
        }
    }

    /// Says when a full bucket takes over.
    pub(crate) fn changes_when(&self) -> String {
        self.changes.map_or_else(|| "at every count".to_owned(), |rhythm| words::rhythm(&rhythm))
    }
}
