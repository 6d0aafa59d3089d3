//! The kernel's fields in plain English.

use quantity::PPM;

use super::{DecisionFacts, Facts, of_clause, words};
use crate::{Amendment, Class, Counting, Kernel, Part, TreasuryShare};

/// How much of a member's weight counts.
pub(super) fn members(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(cap) = kernel.cap_ppm {
        sentences.push(format!("Nobody holds more than {} of all weight.", words::percent(cap)));
        sentences.extend(facts.map(|facts| cap_today(cap, facts)));
    }
    if kernel.floor_micro > 0 {
        let floor = words::exactly(kernel.floor_micro);
        sentences.push(format!("A member of any class weighs {floor} at least."));
    }
    sentences
}

/// What the cap does now.
fn cap_today(cap_ppm: u32, facts: &Facts) -> String {
    let members = u64::try_from(facts.weights_micro.len()).unwrap_or(u64::MAX);
    // No more members than caps go into the whole: only where all weigh the same, nobody is further above it.
    let most_alike = u64::from(PPM.checked_div(cap_ppm).unwrap_or(0));
    if cap_ppm < PPM && (1..=most_alike).contains(&members) {
        let (members, more) = (words::count(members, "member"), most_alike.saturating_add(1));
        return format!("With {members} all weigh the same because of it; from {more} on they can differ.");
    }
    match facts.capped {
        0 => "Today nobody weighs less because of it.".to_owned(),
        1 => "Today one member weighs less because of it.".to_owned(),
        capped => format!("Today {capped} members weigh less because of it."),
    }
}

/// How weight becomes votes, a sentence.
pub fn explain_votes(kernel: &Kernel) -> String {
    format!("Unless a clause says otherwise, {}.", counting(kernel.counting, kernel))
}

/// How weight becomes votes, as part of a sentence.
pub(crate) fn counting(counting: Counting, kernel: &Kernel) -> &'static str {
    let by_class = kernel.classes.iter().any(Class::is_held);
    match counting {
        Counting::Quadratic => {
            "votes are the root of the weight placed, so that four times the weight is twice the votes"
        }
        Counting::Linear => "votes are the weight placed",
        Counting::Approval => "votes are the weight placed, for whoever is approved of",
        Counting::OneMember if by_class => "every member of a class counts the same",
        Counting::OneMember => "every member counts the same",
    }
}

/// How the constitution changes, and when everything is counted.
pub(super) fn constitution(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let here = facts.and_then(|facts| facts.decisions.get("constitution"));
    let mut sentences = explain_root(kernel, here);
    sentences.push(explain_updates(kernel));
    if let Some(powers) = &kernel.grant.powers {
        let given = of_clause::powers(powers, kernel);
        sentences.push(match given.is_empty() {
            true => "The constitution cannot give any powers.".to_owned(),
            false => {
                format!("Whom the constitution names can be allowed to {}, and nothing else.", words::all_of(&given))
            }
        });
        sentences.extend(of_clause::together(powers));
    }
    sentences
}

/// The constitution's own election, a sentence each.
pub fn explain_root(kernel: &Kernel, here: Option<&DecisionFacts>) -> Vec<String> {
    let mut sentences = vec![of_clause::CONSTITUTION.to_owned(), of_clause::voting(&[], kernel.counting, kernel)];
    let change = "another constitution would be in force";
    let newcomer = of_clause::NEW_TEXT;
    sentences.extend(of_clause::terms(&kernel.constitution, (change, newcomer), here));
    sentences
}

/// `Votes are counted every Monday at 01:00 (UTC).`
pub fn explain_updates(kernel: &Kernel) -> String {
    format!("Votes are counted {} ({}).", words::rhythm(&kernel.updates), kernel.zone.name())
}

/// How the kernel changes.
pub(super) fn amend(kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let Amendment::Held { of_weight, of_each_class, span } = kernel.amend else {
        return vec![amendment(kernel.amend)];
    };
    let mut sentences = vec![amendment(kernel.amend)];
    sentences.push(format!("Falling below that, even for one count, begins the {} anew.", words::days(span)));
    if let Some(facts) = facts {
        sentences.extend(heaviest(of_weight, facts));
        sentences.extend(of_each_class.and_then(|part| each_class(part, facts)));
    }
    sentences
}

/// How the kernel changes, a sentence each.
pub fn explain_amendment(kernel: &Kernel) -> Vec<String> {
    amend(kernel, None)
}

/// How the kernel changes, in one sentence.
pub(crate) fn amendment(amend: Amendment) -> String {
    match amend {
        Amendment::Never => {
            "The kernel never changes: whoever wants another one leaves together with others.".to_owned()
        }
        Amendment::Held { of_weight, of_each_class, span } => {
            let each = of_each_class
                .map(|part| format!(", and with {} of the weight of each class,", words::part(part)))
                .unwrap_or_default();
            format!(
                "The kernel changes when members with {}all weight{each} assent to the same text for {} without a break.",
                match of_weight.numerator == of_weight.denominator {
                    true => String::new(),
                    false => format!("{} of ", words::part(of_weight)),
                },
                words::days(span)
            )
        }
    }
}

/// How many of the heaviest members could change the kernel together.
fn heaviest(part: Part, facts: &Facts) -> Option<String> {
    let mut weights = facts.weights_micro.clone();
    weights.sort_unstable_by(|a, b| b.cmp(a));
    let total: u128 = weights.iter().copied().map(u128::from).sum();
    let mut sum = 0_u128;
    let needed = weights.iter().position(|weight| {
        sum = sum.saturating_add(u128::from(*weight));
        part.is_reached(sum, total)
    })?;
    let (sum, total) = (words::micro(sum), words::micro(total));
    Some(match needed {
        0 => format!("Today one member alone has that much: {sum} of {total}."),
        others => format!(
            "Today the {} heaviest members together have that much: {sum} of {total}.",
            others.saturating_add(1)
        ),
    })
}

fn each_class(part: Part, facts: &Facts) -> Option<String> {
    let needs = facts.classes.iter().filter(|(_, class)| class.total_micro > 0);
    let needs: Vec<String> = needs
        .map(|(name, class)| {
            let needed = class
                .total_micro
                .saturating_mul(u128::from(part.numerator))
                .div_ceil(u128::from(part.denominator.max(1)));
            format!("{} of the {}", words::micro(needed), words::plain(name))
        })
        .collect();
    (!needs.is_empty()).then(|| format!("Of each class that is a weight of {} today.", words::all_of(&needs)))
}

/// What members who leave together take along.
pub fn explain_fork(kernel: &Kernel) -> Vec<String> {
    let fork = &kernel.fork;
    // What somebody gave is a member's: without the register it stays behind.
    let ledger = fork.register && fork.ledger;
    let parts = [
        (fork.register, "the register of those who go"),
        (ledger, "the records of what they gave"),
        (fork.rules, "the rules as a text to start from"),
    ];
    let taken: Vec<String> = parts.into_iter().filter(|(taken, _)| *taken).map(|(_, words)| words.to_owned()).collect();
    let taken = match taken.is_empty() {
        true => "Members who leave together take no records along.".to_owned(),
        false => format!("Members who leave together take along {}.", words::all_of(&taken)),
    };
    let treasury = match fork.treasury {
        TreasuryShare::ByWeight => "Of the money they take the same part as they hold of all weight.",
        TreasuryShare::ByHead => "Of the money they take the same part as they are of all members.",
        TreasuryShare::Nothing => "The money stays where it is.",
    };
    vec![taken, treasury.to_owned()]
}
