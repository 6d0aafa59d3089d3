//! A class in plain English, with an example: the weight of a member who gives as people commonly give.

use quantity::{CalendarUnit, PPM, Period, Reach, half_power, mul_div};

use super::{Class, KeptBy, door};
use crate::edition::Edition;
use crate::facts::Facts;
use crate::formula::{Pico, Source};
use crate::kernel::meaning::cap_words;
use crate::kernel::{Counting, Kernel};
use crate::support::SupportKind;
use crate::words;

const PICO: Pico = 1_000_000_000_000;
const MICRO_IN_PICO: Pico = 1_000_000;
/// The months for which the example has gone on.
const MONTHS: u32 = 12;
const YEAR_US: u64 = 365 * 86_400_000_000;

const LATE: &str = "Others enter these records, perhaps late: half of what the period before had counts at least, a quarter of the one before that, and so on to a thirty-second.";

const OWN_PLEDGE: &str = "Members enter their pledge themselves. It counts as far as they donated as much in this calendar month or the last one.";

const SILENT: &str = "While a source of these records is later than expected, members keep the weight that they had when it was last heard, for 60 days.";

pub(crate) fn meaning(class: &Class, kernel: &Kernel, facts: Option<&Facts>) -> Vec<String> {
    let name = words::plain(&class.name);
    let mut sentences = vec![match &class.list {
        Some(list) => format!("Every member on {} belongs to the {name}.", words::list(list)),
        None if class.weight.sources.is_empty() => {
            format!("Everyone in the register belongs to the {name}.")
        }
        None => format!("Every member with weight by this rule belongs to the {name}."),
    }];
    if class.kept_by == KeptBy::Members {
        sentences.push("Those on the list keep it: more than half of them put a member on it or take one off, and while nobody is on it, more than half of all members do.".to_owned());
    }
    if !class.weight.sources.is_empty() {
        sentences.push(format!("Weight in it is {}.", weight_words(class)));
    }
    if class.weight.sources.iter().any(|source| matches!(source.whole(), Source::Falling { .. })) {
        sentences.push(LATE.to_owned());
    }
    if let Some(service) = &class.service {
        sentences.push(format!(
            "Only what was given to {} counts, unless the formula names another service.",
            words::plain(service)
        ));
    }
    if let Some(affirmed) = class.affirmed {
        sentences.extend(affirmed.sentences(&name));
    }
    let promised = |source: &Source| matches!(source, Source::Support { kind: SupportKind::Pledge, period } if matches!(period.reach, Reach::Next(_)));
    if kernel.edition >= Edition::THREE && class.weight.sources.iter().any(promised) {
        sentences.push(OWN_PLEDGE.to_owned());
    }
    if class.holds_while_silent {
        sentences.push(SILENT.to_owned());
    }
    sentences.extend(door::sentences(class, kernel.currency));
    sentences.extend(example(class, kernel, facts));
    if let Some(cap) = class.cap_ppm {
        sentences.extend(cap_words(&words::percent(cap), "the weight in this class"));
    }
    sentences.extend(control(class));
    sentences.extend(today(class, facts));
    sentences
}

/// Returns the formula in words.
pub(super) fn weight_words(class: &Class) -> String {
    let zeros = vec![0; class.weight.sources.len()];
    let whole = class.weight.trace(&zeros).into_iter().next();
    let formula = whole.map_or_else(|| class.weight.text().to_owned(), |line| line.words);
    let root = if class.scale_root { "the square root of: " } else { "" };
    format!("{root}{formula}")
}

/// Says how much of the votes the class has, whatever it weighs.
fn control(class: &Class) -> Option<String> {
    let control = class.control_ppm.map(|ppm| {
        let ppm = words::percent(ppm);
        let from = match class.control_from {
            0 | 1 => ", however many its members are".to_owned(),
            from => format!(" once {from} of its members have weight, and below that in proportion"),
        };
        format!("The class has {ppm} of the votes in every decision that it may vote in{from}.")
    });
    control.or_else(|| {
        let ppm = words::percent(class.at_most_ppm?);
        Some(format!("The class has at most {ppm} of the votes in every decision that others vote in too."))
    })
}

fn today(class: &Class, facts: Option<&Facts>) -> Option<String> {
    let facts = facts?.classes.get(&class.name)?;
    let members = words::count(facts.members, "member");
    if facts.total_micro == 0 {
        return Some(format!("Today it has {members}, and no weight."));
    }
    let total = words::micro(facts.total_micro);
    let highest = words::micro(u128::from(facts.highest_micro));
    Some(format!("Today it has {members} with {total} weight in all; the heaviest has {highest}."))
}

/// Works out what one member weighs; `None` where that depends on facts of the co-op that are not known.
fn example(class: &Class, kernel: &Kernel, facts: Option<&Facts>) -> Option<String> {
    let sources = &class.weight.sources;
    let values: Option<Vec<Pico>> = sources.iter().map(|source| value(source, class, kernel, facts)).collect();
    let weight = class.weight.weight(&values?);
    let weight = if class.scale_root { quantity::votes(weight, PPM) } else { weight };
    // The example gives each kind of support that the formula reads, once.
    let mut given: Vec<SupportKind> = Vec::new();
    for source in sources {
        given.extend(source.kind().filter(|kind| !given.contains(kind)));
    }
    // Facts of the co-op change, so such an example holds for today only.
    let today = if sources.iter().any(is_of_class) { "Today a" } else { "A" };
    let who = if given.is_empty() {
        format!("{today} member of the class")
    } else {
        let gifts: Vec<String> = given.iter().map(|kind| gift(*kind, kernel)).collect();
        let lasts = given.iter().any(|kind| !is_once(*kind));
        let fades = |source: &Source| matches!(source.whole(), Source::Faded { kind, .. } if !is_once(*kind));
        let lasting = match lasts {
            true if sources.iter().any(fades) => ", 12 times evenly over a year until now,",
            true => ", for a year now,",
            false => "",
        };
        format!("{today} member who {}{lasting}", words::all_of(&gifts))
    };
    if weight == 0 {
        return Some(format!("{who} weighs nothing."));
    }
    let votes = votes(weight, kernel)
        .map(|votes| format!(": that is {} when all of it is placed on one decision", votes_words(votes)));
    Some(format!("{who} weighs {}{}.", words::micro(u128::from(weight)), votes.unwrap_or_default()))
}

/// Reports whether a source depends on the co-op, and not on the member's own gifts.
fn is_of_class(source: &Source) -> bool {
    matches!(source, Source::Count(_) | Source::Highest(_) | Source::Total(_))
}

/// Returns the votes of a weight; `None` where classes have control, because they then depend on everyone else's.
fn votes(weight_micro: u64, kernel: &Kernel) -> Option<u64> {
    if kernel.is_held_by_classes() {
        return None;
    }
    Some(match kernel.counting {
        Counting::Quadratic => quantity::votes(weight_micro, PPM),
        Counting::Linear | Counting::Approval => weight_micro,
        Counting::OneMember => quantity::MICRO,
    })
}

fn votes_words(votes_micro: u64) -> String {
    match votes_micro {
        quantity::MICRO => "1 vote".to_owned(),
        votes => format!("{} votes", words::micro(u128::from(votes))),
    }
}

/// Says what the example gives: `donates 5.00 USD a month`.
fn gift(kind: SupportKind, kernel: &Kernel) -> String {
    let money = words::money(amount(kind, kernel), kernel.currency);
    match kind {
        SupportKind::Donation => format!("donates {money} a month"),
        SupportKind::Pledge => format!("pledges {money} a month"),
        SupportKind::Purchase => format!("buys for {money} a month"),
        SupportKind::Dues => format!("pays {money} of dues a month"),
        SupportKind::Hours => "works 10 hours a month".to_owned(),
        SupportKind::Contribution => "makes one contribution a month".to_owned(),
        SupportKind::Credit => "gets 1 credit a month".to_owned(),
        SupportKind::Compute => "gives 10 hours of machine time a month".to_owned(),
        SupportKind::Loan => format!("has lent {money}"),
        SupportKind::ShareCapital => format!("holds {money} of share capital"),
    }
}

/// Reports whether it is given once, and not month by month.
fn is_once(kind: SupportKind) -> bool {
    matches!(kind, SupportKind::Loan | SupportKind::ShareCapital)
}

/// Returns what the example gives a month, or once: minor units of money, seconds, or contributions.
fn amount(kind: SupportKind, kernel: &Kernel) -> i64 {
    let units = match kind {
        SupportKind::Donation | SupportKind::Pledge | SupportKind::Dues => 5,
        SupportKind::Purchase => 50,
        SupportKind::Loan | SupportKind::ShareCapital => 100,
        SupportKind::Hours | SupportKind::Compute => return 36_000,
        SupportKind::Contribution | SupportKind::Credit => return 1,
    };
    // The unit of a currency without cents, such as the yen, is worth about a cent.
    let minor = match kernel.currency.digits() {
        0 => 100,
        digits => 10_i64.saturating_pow(u32::from(digits)),
    };
    i64::saturating_mul(units, minor)
}

/// Returns the value that the formula reads of the example.
fn value(source: &Source, of: &Class, kernel: &Kernel, facts: Option<&Facts>) -> Option<Pico> {
    let monthly = |kind: SupportKind| Pico::from(amount(kind, kernel)).saturating_mul(PICO);
    let class = |name: &String| facts?.classes.get(name);
    Some(match source {
        Source::Support { kind, .. } if is_once(*kind) => monthly(*kind),
        Source::Support { kind, period } | Source::Falling { kind, period } => {
            let (times, over) = months(*period);
            mul_div(monthly(*kind), times, over)
        }
        Source::Faded { kind, .. } if is_once(*kind) => monthly(*kind),
        Source::Faded { kind, half_life_us } => faded(monthly(*kind), *half_life_us),
        Source::Of { of: inner, .. } => value(inner, of, kernel, facts)?,
        // The example is a member of its class, even where nobody else is.
        Source::Count(name) if *name == of.name => Pico::from(class(name)?.members.max(1)).saturating_mul(PICO),
        Source::Count(name) => Pico::from(class(name)?.members).saturating_mul(PICO),
        Source::Highest(name) => Pico::from(class(name)?.highest_micro).saturating_mul(MICRO_IN_PICO),
        Source::Total(name) => {
            let total = Pico::try_from(class(name)?.total_micro).unwrap_or(Pico::MAX);
            total.saturating_mul(MICRO_IN_PICO)
        }
    })
}

/// Returns how many monthly gifts fall in a period, as a fraction: at most those of the example's year.
fn months(period: Period) -> (Pico, Pico) {
    let year = (Pico::from(MONTHS), 1);
    let count = match period.reach {
        Reach::Last(count) | Reach::Next(count) => Pico::from(count),
        Reach::This => 1,
        Reach::Ever => return year,
    };
    let (times, over) = match period.unit {
        CalendarUnit::Day => (12, 365),
        CalendarUnit::Week => (84, 365),
        CalendarUnit::Month => (1, 1),
        CalendarUnit::Quarter => (3, 1),
        CalendarUnit::Year => return year,
    };
    let times = Pico::saturating_mul(times, count);
    let within = times <= Pico::saturating_mul(over, Pico::from(MONTHS));
    if within { (times, over) } else { year }
}

/// Adds twelve gifts evenly over a year of 365 days, the last one now, each faded by its age.
fn faded(monthly: Pico, half_life_us: u64) -> Pico {
    let gifts = (0..MONTHS).map(|month| {
        let age = YEAR_US.saturating_mul(u64::from(month)).div_euclid(u64::from(MONTHS));
        mul_div(monthly, Pico::from(half_power(age, half_life_us)), 1 << 63)
    });
    gifts.fold(0, Pico::saturating_add)
}
