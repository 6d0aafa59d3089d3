//! A clause of a constitution in plain English: the powers of its holder, who votes, and how its outcome changes. Each kind
//! adds the sentences on its own fields.

use super::kind::Answers;
use super::{Clause, Delegation, domain};
use crate::facts::DecisionFacts;
use crate::kernel::{Kernel, NEW_MEMBER, NEW_TEXT, Pace, Power, powers_in_words, voting};
use crate::phrase::Every;
use crate::words;

/// Explains a clause, one sentence for each point; with facts, it adds the numbers of the co-op at hand.
pub fn explain_clause(clause: &Clause, kernel: &Kernel, here: Option<&DecisionFacts>) -> Vec<String> {
    let (answers, thing) = (clause.kind.answers(), words::plain(&clause.name));
    let mut sentences = Vec::new();
    sentences.extend(may(&answers, &thing, kernel));
    sentences.extend(limits(clause, kernel));
    sentences.extend(clause.kind.meaning(kernel));
    if answers.is_voted_on {
        sentences.push(voting(&clause.electorate, (clause.counting, clause.allowance), kernel));
        sentences.extend(clause.domain.as_ref().map(domain::meaning));
    }
    if let Some(terms) = answers.terms {
        let newcomer = if answers.seats > 0 { NEW_MEMBER } else { NEW_TEXT };
        sentences.extend(terms.meaning(
            (&answers.change.replace("{}", &thing), newcomer),
            Pace { edition: kernel.edition, counting: clause.counting, allowance: clause.allowance },
            here,
        ));
    }
    sentences.extend(clause.kind.order(kernel));
    if clause.delegation == Delegation::Allowed {
        sentences.push("A member may let another member vote here for them, and end that at any time.".to_owned());
    }
    sentences.extend(kept(clause, kernel));
    sentences.extend(here.and_then(|here| holders(clause, here)));
    sentences
}

/// Says what its holder may do.
fn may(answers: &Answers, thing: &str, kernel: &Kernel) -> Option<String> {
    let powers = powers_in_words(answers.powers, kernel);
    let seats = answers.is_shared.then(|| format!("has {}", words::count(u64::from(answers.seats), "seat")));
    let may = (!powers.is_empty()).then(|| format!("may {}", words::all_of(&powers)));
    let parts: Vec<String> = seats.into_iter().chain(may).collect();
    (!parts.is_empty()).then(|| format!("The {thing} {}.", parts.join(" and ")))
}

/// Returns the part of a clause that this version keeps and does not carry out.
fn kept(clause: &Clause, kernel: &Kernel) -> Option<String> {
    if !clause.opens(kernel.edition) {
        return Some("This version keeps the clause and does not carry it out yet.".to_owned());
    }
    let delegates = clause.delegation == Delegation::Allowed;
    let answers = clause.kind.answers();
    let is_carried_out = answers.kept_until.is_some_and(|since| since <= kernel.edition);
    let part = match (answers.kept.filter(|_| !is_carried_out), delegates) {
        (Some(part), true) => format!("{part}, and counts no votes for others"),
        (Some(part), false) => part.to_owned(),
        (None, true) => "counts no votes for others yet".to_owned(),
        (None, false) => return None,
    };
    Some(format!("This version {part}."))
}

/// Explains a limit on spending.
fn limits(clause: &Clause, kernel: &Kernel) -> Option<String> {
    let spend = clause.power(Power::Spend)?;
    let Some(limit) = spend.limit else {
        return Some("Its spending has no limit but the money that is there.".to_owned());
    };
    let every = limit.every.name();
    let begins = match limit.every {
        Every::Day => "at midnight",
        Every::Week => "on Monday",
        Every::Month => "on the first",
        Every::Quarter => "on the first day of the quarter",
        Every::Year => "on 1 January",
    };
    let all = if clause.kind.answers().is_shared { "All payments of its members" } else { "All its payments" };
    Some(format!(
        "{all} in one calendar {every} add up to {} at most; what is left over lapses, and the count begins anew {begins} ({}).",
        words::money(limit.amount_minor, kernel.currency),
        kernel.zone.name()
    ))
}

fn holders(clause: &Clause, here: &DecisionFacts) -> Option<String> {
    let seats = match clause.seats() {
        0 => return None,
        seats => u64::from(seats),
    };
    let holders = here.holders.as_deref()?;
    let held = u64::try_from(holders.len()).unwrap_or(u64::MAX);
    let free = match (held, seats.saturating_sub(held)) {
        (0, 1) => return Some("Today nobody holds it.".to_owned()),
        (0, _) => return Some("Today all seats are free.".to_owned()),
        (_, 0) => String::new(),
        (_, free) => {
            format!(", and {} free", if free == 1 { "one seat is".to_owned() } else { format!("{free} seats are") })
        }
    };
    let verb = if held == 1 { "holds it" } else { "hold seats" };
    let verb = if held == 1 && seats > 1 { "holds a seat" } else { verb };
    Some(format!("Today {} {verb}{free}.", words::all_of(holders)))
}
