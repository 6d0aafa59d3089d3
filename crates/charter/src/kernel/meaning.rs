//! The kernel in plain English: its classes, and its fields one by one.

use quantity::PPM;

use super::class;
use super::counting::{explain_votes, voting};
use super::fork::explain_fork;
use super::terms::{NEW_TEXT, Pace};
use super::{Kernel, acts_per, amend, editions, founding, leaving, parameter};
use crate::edition::Edition;
use crate::facts::{DecisionFacts, Explained, Facts};
use crate::words;

/// The sentence on the election of a constitution.
pub(crate) const CONSTITUTION: &str =
    "The constitution that has held the most votes for long enough is in force, and defines decisions of its own.";

/// Explains the kernel, a class or field at a time, in the order in which people ask: who has weight, how much of it
/// counts, how the rules change.
///
/// ```
/// let text = r#"kernel { name "x"; purpose "y"; currency "USD"
///     class "patrons" { weight "donated(last month) / 1 USD" }
///     constitution { settles-in "30 days"; updates "hourly" } }"#;
/// let kernel = charter::read_kernel(text).unwrap();
/// let explained = charter::explain_kernel(&kernel, None);
/// assert_eq!(explained[0].name, "patrons");
/// assert!(explained[0].sentences.iter().any(|sentence| sentence ==
///     "A member who donates 5.00 USD a month, for a year now, weighs 5.00: that is 2.23 votes when all of it is placed on one decision."));
/// ```
pub fn explain_kernel(kernel: &Kernel, facts: Option<&Facts>) -> Vec<Explained> {
    let line = kernel.classes.first().map_or(1, |class| class.line);
    let classes = kernel.classes.iter().map(|class| Explained {
        name: class.name.clone(),
        line: class.line,
        sentences: class::meaning(class, kernel, facts),
    });
    let fields = [
        ("parameters", parameter::meaning(kernel)),
        ("members", members(kernel, facts)),
        ("votes", vec![explain_votes(kernel)]),
        ("constitution", constitution(kernel, facts)),
        ("amend", amend::meaning(kernel, facts)),
        ("fork", explain_fork(kernel)),
        ("editions", editions::meaning(kernel)),
        ("founding", founding::meaning(kernel)),
        ("leaving", leaving::meaning(kernel)),
    ];
    let fields = fields.into_iter().map(|(name, sentences)| Explained { name: name.to_owned(), line, sentences });
    classes.chain(fields).filter(|explained| !explained.sentences.is_empty()).collect()
}

/// Says how much of a member's weight counts.
fn members(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(cap) = kernel.cap_ppm {
        if kernel.edition < Edition::TWO {
            sentences.push(format!("Nobody holds more than {} of all weight.", words::percent(cap)));
        } else {
            sentences.extend(cap_words(&words::percent(cap), "all weight"));
        }
        sentences.extend(facts.map(|facts| cap_today(kernel.edition, cap, facts)));
    }
    if kernel.floor_micro > 0 {
        let floor = words::exactly(kernel.floor_micro);
        sentences.push(format!("A member of any class weighs {floor} at least."));
    }
    sentences.extend(acts_per::meaning(kernel));
    sentences
}

/// Says what a cap does since edition 2.
pub(super) fn cap_words(cap: &str, of: &str) -> [String; 2] {
    [
        format!(
            "Nobody holds more than {cap} of {of}, unless that would take away more than nine tenths of it: then a tenth stays, and those who are cut hold alike."
        ),
        "Members set its level once they have had weight for 90 days, at more than half of the updates; the weight of others shrinks as that of these does.".to_owned(),
    ]
}

/// Says what the cap does today.
fn cap_today(edition: Edition, cap_ppm: u32, facts: &Facts) -> String {
    let members = facts.heaviest.members();
    // With five members at most, a cap of 20 % forces them all to the same weight.
    let most_alike = u64::from(PPM.checked_div(cap_ppm).unwrap_or(0));
    if edition < Edition::TWO && cap_ppm < PPM && (1..=most_alike).contains(&members) {
        let (members, more) = (words::count(members, "member"), most_alike.saturating_add(1));
        return format!("With {members} all weigh the same because of it; from {more} on they can differ.");
    }
    match facts.capped {
        0 => "Today nobody weighs less because of it.".to_owned(),
        1 => "Today one member weighs less because of it.".to_owned(),
        capped => format!("Today {capped} members weigh less because of it."),
    }
}

/// Says how the constitution changes, and when everything is counted.
fn constitution(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let here = facts.and_then(|facts| facts.decisions.get("constitution"));
    let mut sentences = explain_root(kernel, here);
    sentences.push(explain_updates(kernel));
    sentences.extend(kernel.grant.meaning("the constitution", kernel));
    sentences
}

/// Explains the constitution's own election.
pub fn explain_root(kernel: &Kernel, here: Option<&DecisionFacts>) -> Vec<String> {
    let mut sentences =
        vec![CONSTITUTION.to_owned(), voting(&[], (kernel.counting, kernel.allowance_of(kernel.counting)), kernel)];
    sentences.extend(kernel.constitution.meaning(
        ("another constitution would be in force", NEW_TEXT),
        Pace { edition: kernel.edition, counting: kernel.counting, allowance: kernel.allowance_of(kernel.counting) },
        here,
    ));
    sentences
}

/// Writes `Votes are counted every Monday at 01:00 (UTC).`
pub fn explain_updates(kernel: &Kernel) -> String {
    format!("Votes are counted {} ({}).", words::rhythm(&kernel.updates), kernel.zone.name())
}
