//! A decision's rules in plain words, a sentence each.

use charter::{ClauseKind, Counting, Every, MoneyPer, Power};
use engine::decision::{Decision, Matter, Ranking};
use engine::settle::SeatKind;
use quantity::{Currency, Span};

use super::{Sight, say};
use crate::{Amount, Share, decimal};

impl Sight<'_> {
    pub(super) fn rules(&self, decision: &Decision) -> Vec<String> {
        let mut rules = Vec::new();
        let thing = say::plain(&decision.name);
        rules.extend(self.powers_words(decision, &thing));
        rules.extend(kind_words(decision));
        rules.push(self.voters_words(decision));
        match &decision.matter {
            Matter::Election(election) => {
                let settles = election.terms.settles_in;
                let tenfold = Span::from_seconds(settles.seconds().saturating_mul(10));
                rules.push(format!(
                    "If everyone agreed, the outcome would change after {settles}; with a lead of a tenth of all votes, after {tenfold}."
                ));
                let share = Share::from_ppm(election.terms.nominated_by_ppm);
                rules.push(format!("A newcomer becomes a candidate with the attention of {} of all votes over one period.", share.text));
                let when = election
                    .terms
                    .changes
                    .map(|rhythm| format!("A full bucket takes over {}.", rhythm_words(&rhythm)));
                rules.extend(when);
            }
            Matter::Ranking(ranking) => rules.extend(closing_words(ranking)),
        }
        let updates = &self.state.rules.kernel.updates;
        rules.push(format!(
            "Votes are counted {} ({}).",
            rhythm_words(updates),
            self.zone().name()
        ));
        rules
    }

    /// Who may spend, a sentence each; one sentence where nobody may.
    pub(super) fn spending_words(&self) -> Vec<String> {
        let clauses = self.state.rules.constitution.clauses.iter();
        let may = clauses.flat_map(|clause| {
            let spending = clause.powers().iter().filter(|power| power.name == "spend");
            spending.map(|power| {
                format!(
                    "The {} may {}.",
                    say::plain(&clause.name),
                    self.power_words(power)
                )
            })
        });
        let words: Vec<String> = may.collect();
        if words.is_empty() {
            return vec!["No office has been given the power to spend: payments are recorded here, and not decided here.".to_owned()];
        }
        words
    }

    fn powers_words(&self, decision: &Decision, thing: &str) -> Option<String> {
        let clause = self.state.rules.clause(&decision.name)?;
        let powers: Vec<String> = clause
            .powers()
            .iter()
            .map(|power| self.power_words(power))
            .collect();
        let who = match &clause.kind {
            ClauseKind::Body { seats, .. } => format!(
                "The {thing} has {} and",
                say::count(u64::from(*seats), "seat")
            ),
            _ => format!("The {thing}"),
        };
        (!powers.is_empty()).then(|| format!("{who} may {}.", say::all_of(&powers)))
    }

    fn power_words(&self, power: &Power) -> String {
        let name = match power.name.as_str() {
            "close-issue" => "close issues".to_owned(),
            "keep-list" => self.lists_words(),
            other => say::plain(other),
        };
        match &power.limit {
            None => name,
            Some(MoneyPer {
                amount_minor,
                every,
            }) => {
                let amount = money(*amount_minor, self.state.rules.kernel.currency);
                format!("{name} up to {} a {}", amount.text, every_words(*every))
            }
        }
    }

    /// `keep the contributor list`: the lists that classes read.
    fn lists_words(&self) -> String {
        let classes = self.state.rules.kernel.classes.iter();
        let lists: Vec<String> = classes
            .filter_map(|class| class.list.as_deref())
            .map(|list| format!("the {}", say::plain(list)))
            .collect();
        match lists.is_empty() {
            true => "keep lists of members".to_owned(),
            false => format!("keep {}", say::all_of(&lists)),
        }
    }

    fn voters_words(&self, decision: &Decision) -> String {
        let classes = &self.state.rules.kernel.classes;
        let names: Vec<String> = decision
            .electorate
            .iter()
            .filter_map(|place| Some(say::plain(&classes.get(*place)?.name)))
            .collect();
        let who = if names.is_empty() {
            "Every member with weight".to_owned()
        } else {
            format!("Members who are {}", say::all_of(&names))
        };
        let how = match decision.counting {
            Counting::Quadratic => {
                "votes are the root of the weight placed, so that four times the weight is twice the votes"
            }
            Counting::Linear => "votes are the weight placed",
            Counting::Approval => "votes are the weight placed, for whoever is approved of",
            Counting::OneMember => "every member counts the same",
        };
        format!("{who} may vote; {how}.")
    }
}

fn kind_words(decision: &Decision) -> Option<String> {
    let words = match decision.election()?.kind {
        SeatKind::Office => {
            "Whoever has held the most votes for long enough holds the office; voted below zero for long enough, they lose it."
        }
        SeatKind::Body => {
            "Those who have held the most votes for long enough hold the seats; voted below zero, they lose them."
        }
        SeatKind::Document => {
            "The document that has held the most votes for long enough is in force. It can be replaced, not emptied."
        }
    };
    Some(words.to_owned())
}

fn closing_words(ranking: &Ranking) -> Vec<String> {
    let mut words = vec!["Items are ordered by standing votes, for less against; on equal votes the older comes first.".to_owned()];
    words.extend(ranking.close_after_s.map(|seconds| {
        let floor = decimal(i128::from(ranking.floor_micro), 6, 2);
        format!("An item whose votes stay at {floor} or under for {} is closed, and the weight on it comes back.", days(seconds))
    }));
    words
}

/// Days, because that is how people count towards a closing.
pub(super) fn days(seconds: u64) -> String {
    if seconds.is_multiple_of(86_400) {
        say::count(seconds / 86_400, "day")
    } else {
        Span::from_seconds(seconds).to_string()
    }
}

/// `every Monday at 01:00`.
fn rhythm_words(rhythm: &quantity::Rhythm) -> String {
    let words = rhythm.to_string();
    match words
        .strip_prefix("weekly on ")
        .and_then(|rest| rest.split_once(' '))
    {
        Some((day, at)) => format!("every {} {at}", say::sentence(day)),
        None => words,
    }
}

fn every_words(every: Every) -> &'static str {
    match every {
        Every::Day => "day",
        Every::Week => "week",
        Every::Month => "month",
        Every::Quarter => "quarter",
        Every::Year => "year",
    }
}

pub(super) fn money(minor: i64, currency: Currency) -> Amount {
    Amount::from_minor(minor, currency.code(), u32::from(currency.digits()))
}
