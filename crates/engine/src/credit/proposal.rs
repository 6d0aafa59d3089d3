//! Credit in a co-op: the proposal that a commitment is about, what members want to strike from it, and the periods that are decided. Not how
//! it is worked out. Source: `docs/spec/credit.md`, *In a co-op*.

use std::sync::Arc;

use charter::{Accepts, ClauseKind, CreditFlow, Due, Every, NOTHING};
use imbl::OrdMap;
use quantity::{Broken, Moment, Period, Reach, ensure};
use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::act::Pseudonym;
use crate::book::Day;
use crate::chamber::Taken;
use crate::digest::Collect;
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::state::State;
use crate::support::SupportRow;

/// Members' micro-credits, in the order of their pseudonyms.
pub type Rows = Arc<Vec<(MemberIndex, u64)>>;

/// Credit that waits for a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The path of the commitment.
    pub decision: String,
    /// The period: its first instant, and the first one after it.
    pub period: (Moment, Moment),
    /// SHA-256 of the list of contributions, hex.
    pub contributions: String,
    /// When it was proposed.
    pub at: Moment,
    /// How credit flowed by the rules of then, and for all options.
    pub parameters: Parameters,
    /// The credit that each member would get.
    pub rows: Rows,
    /// By the SHA-256, hex, of an option that members put up: what each member would get by it.
    pub options: OrdMap<String, Rows>,
}

/// A period that was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The first instant after it.
    pub until: Moment,
    /// When it was decided.
    pub at: Moment,
    /// SHA-256 of the list of contributions, hex.
    pub contributions: String,
    /// How credit flowed by the rules under which it was proposed.
    pub parameters: Parameters,
    /// SHA-256, hex, of the option that was taken; `None` where it was accepted as proposed.
    pub option: Option<String>,
    /// How many members got any.
    pub members: u64,
    /// Micro-credits of all of them together.
    pub micro: u64,
}

/// The proposal that stands, and every period that was decided, by its first instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoopCredit {
    pub proposal: Option<Proposal>,
    pub accepted: OrdMap<i64, Accepted>,
}

/// Micro-credits of everybody in some rows.
#[must_use]
pub fn sum(rows: &[(MemberIndex, u64)]) -> u64 {
    rows.iter().fold(0, |sum, (_, micro)| sum.saturating_add(*micro))
}

impl CoopCredit {
    /// Nothing was ever proposed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.proposal.is_none() && self.accepted.is_empty()
    }

    /// Whether some of a period was decided.
    pub(super) fn overlaps(&self, (from, until): (Moment, Moment)) -> bool {
        self.accepted.iter().any(|(begins, other)| *begins < until.0 && from < other.until)
    }

    /// docs/spec/updates.md, Named sections, `credit`.
    pub(crate) fn collect(&self, into: &mut Collect) {
        into.number(i32::from(self.proposal.is_some()));
        if let Some(one) = &self.proposal {
            into.text(&one.decision).number(one.period.0.0).number(one.period.1.0);
            into.text(&one.contributions).number(one.at.0);
            one.parameters.collect(into);
            collect_rows(&one.rows, into);
            into.wide(one.options.len() as u128);
            for (option, rows) in &one.options {
                into.text(option);
                collect_rows(rows, into);
            }
        }
        into.wide(self.accepted.len() as u128);
        for (from, one) in &self.accepted {
            into.number(*from).number(one.until.0).number(one.at.0).text(&one.contributions);
            one.parameters.collect(into);
            into.text(one.option.as_deref().unwrap_or_default()).number(one.members).number(one.micro);
        }
    }

    pub(crate) fn check(&self) -> Result<(), Broken> {
        let ends: Vec<(i64, i64)> = self.accepted.iter().map(|(from, one)| (*from, one.until.0)).collect();
        ensure!(
            ends.iter().zip(ends.iter().skip(1)).all(|(one, next)| one.1 <= next.0),
            "credit of a day was decided twice"
        );
        Ok(())
    }
}

fn collect_rows(rows: &Rows, into: &mut Collect) {
    into.wide(rows.len() as u128);
    for (member, micro) in rows.iter() {
        into.number(*member).number(*micro);
    }
}

impl State {
    /// The path of the commitment that accepts credit, where the rules in force have one and this edition carries it out.
    #[must_use]
    pub fn credit_decision(&self) -> Option<(&str, Every)> {
        self.credit_clause().map(|(path, every, _)| (path, every))
    }

    /// How credit that is proposed now flows; as usual where nothing accepts any.
    #[must_use]
    pub fn credit_parameters(&self) -> Parameters {
        let flow = self.credit_clause().map_or(CreditFlow::USUAL, |(_, _, flow)| flow);
        Parameters::of(&flow)
    }

    fn credit_clause(&self) -> Option<(&str, Every, CreditFlow)> {
        self.rules.constitution.clauses.iter().find_map(|clause| {
            let ClauseKind::Commitment(commitment) = &clause.kind else { return None };
            let Due::Every(every, _) = &commitment.due else { return None };
            let accepts = commitment.accepts == Some(Accepts::Credit) && clause.opens(self.editions.current);
            accepts.then_some((clause.name.as_str(), *every, commitment.credit))
        })
    }

    /// The proposal that the next deadline decides.
    #[must_use]
    pub fn credit_proposed(&self) -> Option<&Proposal> {
        let (decision, _) = self.credit_decision()?;
        self.credit.proposal.as_ref().filter(|one| one.decision == decision)
    }

    /// The period of credit that a day begins, where a period of the commitment does.
    #[must_use]
    pub fn credit_period(&self, every: Every, first: &str) -> Option<(Moment, Moment)> {
        let zone = &self.rules.kernel.zone;
        let from = Moment::parse_at_start_of_day(first, zone).ok()?;
        let period = Period { reach: Reach::This, unit: every.unit() }.bounds(from, zone);
        (period.0 == from).then_some(period)
    }

    /// Whether members have credit of a period already, as those who left another co-op together may.
    pub(super) fn has_credit_of(&self, (from, until): (Moment, Moment)) -> bool {
        let rows = self.support.rows(charter::SupportKind::Credit);
        let mut rows = rows.into_iter().flat_map(|rows| rows.from(0));
        rows.any(|(_, row)| from <= row.counted_at && row.counted_at < until)
    }

    /// Whether a commitment accepts credit.
    #[must_use]
    pub fn accepts_credit(&self, decision: &str) -> bool {
        self.credit_decision().is_some_and(|(path, _)| path == decision)
    }

    /// A decision was taken: credit by what it says becomes support, once. It weighs from the next update on.
    pub(crate) fn accept_credit(&mut self, place: DecisionId, taken: &Taken) -> Option<Outcome> {
        let name = self.decisions.get(place)?.name.clone();
        if !self.accepts_credit(&name) {
            return None;
        }
        let proposal = self.credit.proposal.take().filter(|one| one.decision == name)?;
        let rows = match &taken.default {
            Some(line) if **line == *NOTHING => {
                // Nobody has decided it: the period may be proposed again.
                return None;
            }
            Some(_) => Arc::clone(&proposal.rows),
            None => proposal.options.get(&taken.option).cloned().unwrap_or_default(),
        };
        let (from, until) = proposal.period;
        let last = Moment(until.0.saturating_sub(1));
        let day = Day::of(from, &self.rules.kernel.zone).to_string();
        let mut members = 0_u64;
        for (member, micro) in rows.iter() {
            let Some(pseudonym) = self.members.pseudonym(*member) else { continue };
            // docs/spec/people.md, Joining: what comes for a record that was joined is its holder's.
            let holder = self.members.index(self.holder(pseudonym)).unwrap_or(*member);
            self.give_credit(holder, pseudonym, (&day, last, taken.at), *micro);
            members = members.saturating_add(1);
        }
        let accepted = Accepted {
            until,
            at: taken.at,
            contributions: proposal.contributions,
            parameters: proposal.parameters,
            option: taken.default.is_none().then(|| taken.option.clone()),
            members,
            micro: sum(&rows),
        };
        let micro = accepted.micro;
        self.credit.accepted.insert(from.0, accepted);
        Some(Outcome::CreditAccepted { decision: name, period: day, members, micro })
    }

    /// A row of support, dated on the period's last instant and known from the decision on.
    fn give_credit(
        &mut self,
        holder: MemberIndex,
        named: Pseudonym,
        (day, last, at): (&str, Moment, Moment),
        micro: u64,
    ) {
        let mut source = format!("credit/{day}/{named}");
        // Nobody can keep credit away by a record of the same name.
        let fingerprint = loop {
            match self.support.fresh(&source) {
                Some(fresh) => break fresh,
                None => source.push('+'),
            }
        };
        let amount = i64::try_from(micro).unwrap_or(i64::MAX);
        let row = SupportRow { member: holder, amount, counted_at: last, known_at: at };
        self.support.add(fingerprint, charter::SupportKind::Credit, &[row], None);
        if let Some(named) = self.members.index(named).filter(|named| *named != holder) {
            self.joins.note_moved(named, fingerprint.number());
        }
    }
}
