//! A state as it is kept on storage, so that a start need not begin with the first entry. Its keeper binds it by a hash: what is
//! read here is not checked against the log.
//!
//! Rules are kept as their texts and read again; what only finds something is made anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use charter::{Constitution, Rules, read_kernel_under};
use imbl::{OrdMap, OrdSet};
use quantity::{Moment, Table};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::apply::handed_in::HandedIn;
use crate::ballot::Ballots;
use crate::book::Book;
use crate::chamber::pool::Held;
use crate::chamber::{Decision, Parts};
use crate::credit::CoopCredit;
use crate::digest::Mix;
use crate::due::Queue;
use crate::edition::Editions;
use crate::fork::Forks;
use crate::id::{DecisionId, MemberIndex};
use crate::power::Powers;
use crate::register::application::Applications;
use crate::register::device::Devices;
use crate::register::founders::Founders;
use crate::register::hearing::Hearings;
use crate::register::join::Joins;
use crate::register::leaving::Leavings;
use crate::register::{Members, Roll};
use crate::release::{Releases, Sums};
use crate::rules::amendment::Amending;
use crate::rules::brought::Brought;
use crate::rules::tenure::Tenure;
use crate::state::{Counted, Founding, State};
use crate::support::silence::Silences;
use crate::support::{Claims, Support};
use crate::weight::{Sources, Standing, Weights};

/// Declares the fields that are kept, once for writing and once for reading.
macro_rules! kept {
    ($($field:ident: $type:ty,)*) => {
        #[derive(Serialize)]
        struct Writing<'a> {
            $($field: &'a $type,)*
        }

        #[derive(Deserialize)]
        struct Reading {
            $($field: $type,)*
        }

        impl State {
            /// Writes the state for [`State::deserialize`]. The form is this program's own: another version need not read it.
            ///
            /// # Errors
            /// Those of the serializer.
            pub fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                Writing { $($field: &self.$field,)* }.serialize(to)
            }
        }

        impl Reading {
            fn under(self, rules: Rules) -> State {
                State {
                    $($field: self.$field,)*
                    rules: Arc::new(rules),
                    waits: Queue::default(),
                    by_path: OrdMap::new(),
                    stood: OrdSet::new(),
                    tried: BTreeSet::new(),
                }
            }
        }
    };
}

kept! {
    founding: Arc<Founding>,
    time: Moment,
    members: Members,
    founders: Founders,
    counted_by: Arc<Vec<(String, String)>>,
    support: Support,
    silences: Silences,
    weights: Arc<Weights>,
    weighed: Roll,
    decisions: Table<DecisionId, Decision, 1>,
    editions: Editions,
    amendment: Amending,
    powers: Powers,
    tenure: Tenure,
    forks: Forks,
    ballots: Ballots,
    book: Book,
    updates: u64,
    last_update: Option<Moment>,
    next_update: Moment,
    changes_done: Moment,
    brought: Brought,
    handed_in: HandedIn,
    sources: Arc<Sources>,
    standing: Arc<Standing>,
    ballot_digest: Mix,
    recent: Arc<Vec<Moment>>,
    parts: Arc<Parts>,
    refunded: OrdSet<MemberIndex>,
    recorded: OrdMap<u64, DecisionId>,
    claims: Claims,
    joins: Joins,
    devices: Devices,
    hearings: Hearings,
    leavings: Leavings,
    applications: Applications,
    releases: Releases,
    raised: Sums,
    held: Held,
    credit: CoopCredit,
    moved: Counted,
}

impl State {
    /// Whether the state can be kept: the texts of the rules in force are at hand, and none are only tried.
    #[must_use]
    pub fn can_be_kept(&self) -> bool {
        self.amendment.text.is_some() && self.rules_under(&self.rules.kernel).is_ok() && self.tried.is_empty()
    }

    /// Reads a state that [`State::serialize`] has written.
    ///
    /// # Errors
    /// Those of the deserializer, and rules that do not check.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<State, D::Error> {
        let read = Reading::deserialize(from)?;
        let unread = || D::Error::custom("the rules that were kept do not check");
        let text = read.amendment.text.clone().ok_or_else(unread)?;
        let kernel = read_kernel_under(&text, read.editions.current).map_err(|_| unread())?;
        let mut state = read.under(Rules::new(kernel.clone(), Constitution::new(Vec::new(), Vec::new())));
        state.index_anew();
        let mut rules = state.rules_under(&kernel).map_err(|_| unread())?;
        // A constitution that has come into force since the last update has set values by which nothing was counted yet.
        rules.kernel.count_by(&state.counted_by);
        state.rules = Arc::new(rules);
        state.wait_anew();
        Ok(state)
    }
}

/// A founding act in its JSON form, which leaves fields out.
pub(crate) mod as_json {
    use super::*;
    use crate::act::Found;

    pub(crate) fn serialize<S: Serializer>(act: &Found, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&serde_json::to_string(act).map_err(serde::ser::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Found, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
