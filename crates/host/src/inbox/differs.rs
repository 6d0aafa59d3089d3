//! Records that are known, and say something else now than the log does. Where a rule says which act follows (an item that is
//! closed or opened outside, a new title), that act is done; what is listed here has no such rule.

use bridges::{By, Fact, Unit, What};
use engine::Pseudonym;
use quantity::{Moment, Zone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::taken::{Taken, amount_words};
use super::{day_of, person_of};
use crate::batch::Batch;
use crate::directory::fold;
use crate::error::Error;

/// A record that differs from the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Differs {
    /// Its file's name.
    pub file: String,
    /// Its line.
    pub line: u64,
    /// How it differs.
    pub how: Difference,
}

/// A thing that is one in the log, and another where the record comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Difference {
    /// How much was given: minor units, seconds or micro-credits.
    Amount {
        /// In the log.
        here: i64,
        /// In the record.
        there: i64,
        /// A currency's code, `second` or `micro-credit`.
        unit: String,
    },
    /// The kind of support.
    Kind {
        /// In the log.
        here: String,
        /// In the record.
        there: String,
    },
    /// When it was given, as ISO 8601 with the offset of the co-op's zone.
    Date {
        /// In the log.
        here: String,
        /// In the record.
        there: String,
    },
    /// Who gave it.
    Giver {
        /// In the log.
        #[schemars(with = "String")]
        here: Pseudonym,
        /// Whom the record means.
        #[schemars(with = "String")]
        there: Pseudonym,
    },
    /// A member of the register has another name there.
    Name {
        /// Who.
        #[schemars(with = "String")]
        member: Pseudonym,
    },
    /// A member of the register is a person in one and an organisation in the other.
    Organisation {
        /// Who.
        #[schemars(with = "String")]
        member: Pseudonym,
        /// Whether the log has an organisation.
        here: bool,
    },
    /// A member of the register joined on another day there.
    Joined {
        /// Who.
        #[schemars(with = "String")]
        member: Pseudonym,
        /// In the log, a day.
        here: String,
        /// In the record, a day.
        there: String,
    },
    /// A member of the register has another last day there, or none in one of the two.
    Left {
        /// Who.
        #[schemars(with = "String")]
        member: Pseudonym,
        /// In the log, a day.
        here: Option<String>,
        /// In the record, a day.
        there: Option<String>,
    },
    /// An item that its support has closed here is open there.
    OpenThere {
        /// The ranking.
        decision: String,
        /// The item.
        item: String,
    },
    /// An item that somebody has closed here is open there, as it was before.
    StaysClosed {
        /// The ranking.
        decision: String,
        /// The item.
        item: String,
    },
    /// An item that somebody has opened here is closed there, as it was before.
    StaysOpen {
        /// The ranking.
        decision: String,
        /// The item.
        item: String,
    },
}

impl Differs {
    /// Returns it in words, without a full stop. `name` says whom a pseudonym is of.
    pub fn words(&self, name: &dyn Fn(Pseudonym) -> String) -> String {
        let how = match &self.how {
            Difference::Amount { here, there, unit } => {
                format!("it is {} here and {} there", amount_words(*here, unit), amount_words(*there, unit))
            }
            Difference::Kind { here, there } => format!("it is `{here}` here and `{there}` there"),
            Difference::Date { here, there } => format!("it is dated {here} here and {there} there"),
            Difference::Giver { here, there } => {
                format!("it is of `{}` here and of `{}` there", name(*here), name(*there))
            }
            Difference::Name { member } => format!("`{}` has another name there", name(*member)),
            Difference::Organisation { member, here: true } => {
                format!("`{}` is an organisation here and a person there", name(*member))
            }
            Difference::Organisation { member, here: false } => {
                format!("`{}` is a person here and an organisation there", name(*member))
            }
            Difference::Joined { member, here, there } => {
                format!("`{}` joined on {here} here and on {there} there", name(*member))
            }
            Difference::Left { member, here: Some(here), there: Some(there) } => {
                format!("`{}` left on {here} here and on {there} there", name(*member))
            }
            Difference::Left { member, here: Some(here), there: None } => {
                format!("`{}` left on {here} here and is a member there", name(*member))
            }
            Difference::Left { member, there, .. } => format!(
                "`{}` is a member here and left on {} there (no import ends a membership: that is an act of its own)",
                name(*member),
                there.as_deref().unwrap_or("a day")
            ),
            Difference::OpenThere { decision, item } => {
                format!("item {item} of `{decision}` was closed here by its support and is open there")
            }
            Difference::StaysClosed { decision, item } => {
                format!("item {item} of `{decision}` was closed here by a decision and is open there, as it was before")
            }
            Difference::StaysOpen { decision, item } => {
                format!(
                    "item {item} of `{decision}` was opened here by a decision and is closed there, as it was before"
                )
            }
        };
        format!("{}:{}: {how}", self.file, self.line)
    }
}

fn note(taken: &mut Taken, file: &str, fact: &Fact, how: Difference) {
    taken.differs(Differs { file: file.to_owned(), line: fact.place.line, how });
}

/// Compares a record of support with what the log has under the key `known`.
pub(super) fn of_support(
    batch: &mut Batch<'_>,
    file: &str,
    fact: &Fact,
    known: &str,
    taken: &mut Taken,
) -> Result<(), Error> {
    let What::Support { person, kind, amount, unit, .. } = &fact.what else { return Ok(()) };
    // A booking of an earlier version gives nothing to compare.
    let Some(recorded) = batch.recorded(known)? else { return Ok(()) };
    let unit = match unit {
        Unit::Money(currency) => currency.code(),
        Unit::Seconds => "second",
        Unit::MicroCredits => "micro-credit",
    };
    if recorded.kind.name() != *kind {
        let how = Difference::Kind { here: recorded.kind.name().to_owned(), there: (*kind).to_owned() };
        note(taken, file, fact, how);
    }
    if recorded.amount != *amount {
        note(taken, file, fact, Difference::Amount { here: recorded.amount, there: *amount, unit: unit.to_owned() });
    }
    let zone = &batch.state().rules.kernel.zone;
    if !is_same_time(fact, recorded.at, zone) {
        let (here, there) = (zone.written(recorded.at), zone.written(fact.at));
        note(taken, file, fact, Difference::Date { here, there });
    }
    // Who is meant is asked without noting anything of them, and a text that means nobody for certain says nothing.
    let there = match fact.by {
        By::Coop => batch.find_in_table(&person.name).ok().flatten(),
        By::Outside | By::Author => batch.known(&person_of(person, false, batch.origin_of(fact)))?,
    };
    // A join moves records, and what the outside says of whose they are stays as it is.
    let holder = |who: Pseudonym| batch.state().holder(who);
    let (here, there) = (batch.state().members.pseudonym(recorded.member).map(holder), there.map(holder));
    if let (Some(here), Some(there)) = (here, there)
        && here != there
    {
        note(taken, file, fact, Difference::Giver { here, there });
    }
    Ok(())
}

/// Earlier editions dated a day by the start of it in universal time.
fn is_same_time(fact: &Fact, recorded: Moment, zone: &Zone) -> bool {
    let day = |zone: &Zone, at: Moment| {
        let day = zone.civil(at);
        (day.year, day.month, day.day)
    };
    let utc = Zone::utc();
    match fact.on {
        Some(_) => day(zone, recorded) == day(zone, fact.at) || day(&utc, recorded) == day(zone, fact.at),
        None => recorded == fact.at,
    }
}

/// Compares a row of the register with the member whom it means.
pub(super) fn of_member(
    batch: &mut Batch<'_>,
    file: &str,
    fact: &Fact,
    member: Pseudonym,
    taken: &mut Taken,
) -> Result<(), Error> {
    let What::Member { person, organisation, left_on, .. } = &fact.what else { return Ok(()) };
    let profile = batch.profile(member)?.unwrap_or_default();
    if fold(&profile.name) != fold(&person.name) {
        note(taken, file, fact, Difference::Name { member });
    }
    let members = &batch.state().members;
    let here = members.index(member).is_some_and(|index| members.is_organisation(index));
    if here != *organisation {
        note(taken, file, fact, Difference::Organisation { member, here });
    }
    let state = batch.state();
    let Some(index) = state.members.index(member) else { return Ok(()) };
    let (days, is_member) = (state.members.days(index), state.members.is_active(index));
    let joined = fact.on.clone().unwrap_or_else(|| day_of(fact.at, &state.rules.kernel.zone));
    if let Some(here) = days.joined_on.map(|day| day.to_string()).filter(|here| *here != joined) {
        note(taken, file, fact, Difference::Joined { member, here, there: joined });
    }
    // A last day that lies ahead is no difference yet, and one who left here has no day of the register before it.
    let today = day_of(state.time, &state.rules.kernel.zone);
    let (here, there) = (days.left_on.map(|day| day.to_string()), left_on.clone().filter(|day| *day < today));
    if here != there && (is_member || here.is_some()) {
        note(taken, file, fact, Difference::Left { member, here, there });
    }
    Ok(())
}

/// Notes an item that is one thing here and another there.
pub(super) fn of_item(taken: &mut Taken, file: &str, fact: &Fact, how: Difference) {
    note(taken, file, fact, how);
}
