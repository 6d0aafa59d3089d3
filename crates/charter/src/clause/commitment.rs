//! Commitments: decisions that cannot be taken back, by a day, in a cycle, or as requests come.

mod credit;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use quantity::{Moment, PPM, Span};

use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE, Sides};
use super::reader::Reader;
use super::{Clause, ClauseKind, OwnProjects};
use crate::code;
use crate::document::{Fields, Mistakes, Node, Value};
use crate::edition::Edition;
use crate::effect::{EffectKind, Effects};
use crate::kernel::{ALLOWANCE, DEFAULT_NOMINATED_BY_PPM, Kernel, NOMINATED_BY, VOTES, nominated_by};
use crate::named::{Named, named};
use crate::phrase::{self, Every, MoneyPer};
use crate::vocabulary::{Known, field};
use crate::words;

pub use credit::CreditFlow;

/// Fields that only a commitment with an end has.
const OF_AN_END: [&str; 7] = ["accepts", "credit", "default", "freeze", "quorum", "nominated-by", "may-add"];
const TENTH_PPM: u32 = 100_000;
/// The half-life of requests where the clause names none, seconds.
const WEEK_S: u64 = 7 * 86_400;

/// A decision that is taken once and never undone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commitment {
    pub due: Due,
    /// How fast conviction follows votes; `None` is a quarter of the cycle, or of the time up to the deadline.
    pub conviction_half_life: Option<Span>,
    /// Proposals that are computed and that it accepts, in place of options in members' own words.
    pub accepts: Option<Accepts>,
    /// How credit is minted and flows, where it accepts credit.
    pub credit: CreditFlow,
    /// The pool that it shares out, in place of anything else that options say.
    pub shares_out: Option<SharesOut>,
}

/// A commitment's cycle is that of a pool, and its options say how the pool is shared out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharesOut {
    /// The pool, a clause of the same constitution.
    pub of: String,
    /// The most common money that one decision adds to the pool, minor units; 0 where none is added.
    pub may_add_minor: i64,
}

named! {
    /// The proposals that a commitment accepts.
    pub enum Accepts {
        Credit = "credit" "the credit of the last full period, which members strike from",
    }
}

/// The options of a commitment that accepts credit which need no further words.
pub const ACCEPT: &str = "accept";
pub const NOTHING: &str = "nothing";
/// The defaults of a commitment that shares out a pool.
pub const FUND_IN_ORDER: &str = "fund in order";
pub const FUND_NOTHING: &str = "fund nothing";

/// When a commitment is decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// At the end of every period.
    Every(Every, Ballot),
    /// Once, at the end of a day in the co-op's time zone.
    Deadline(Moment, Ballot),
    /// Requests for money pass one by one, each when its conviction suffices.
    Continuous {
        /// A request for more of the pool than this can never pass, in parts per million.
        spending_limit_ppm: u32,
        /// The part of all votes that the least request needs, in parts per million.
        least_conviction_ppm: u32,
        /// The pool that pays, a clause of the same constitution; `None` where the clause is kept alone.
        of: Option<String>,
        /// Whether those whom a request pays vote on it.
        own_requests: OwnProjects,
    },
}

/// How a commitment with an end chooses between its options.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ballot {
    /// The option that wins where no other does.
    pub default: String,
    /// The last part of the time, in which no option enters, in parts per million.
    pub freeze_ppm: u32,
    /// The conviction that an option needs, in parts per million of the capacity.
    pub quorum_ppm: u32,
    /// The attention that an option needs to come on the ballot, in parts per million of the capacity.
    pub nominated_by_ppm: u32,
}

/// Reads `every`, `deadline` or the two numbers of a continuous commitment, and the fields that go with each.
fn read(found: &Fields, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Commitment> {
    let half_life = found.optional("conviction-half-life", mistakes, phrase::span);
    let cycle = found.optional("every", mistakes, phrase::named);
    let day = found.optional("deadline", mistakes, |value, mistakes| phrase::day(value, &kernel.zone, mistakes));
    let limit =
        found.optional("spending-limit", mistakes, |value, mistakes| phrase::ratio_ppm(value, 1..=PPM, mistakes));
    // 100 % would divide by zero: the threshold is limit ÷ (1 − √least).
    let least = found.optional("least-conviction", mistakes, |value, mistakes| {
        phrase::ratio_ppm(value, 1..=PPM.saturating_sub(1), mistakes)
    });
    let of = found.optional("of", mistakes, |value, _| Some(value.text.clone()));
    let own = found.or("self", OwnProjects::Excluded, mistakes, phrase::named);
    // Fields of all three ways are read even where they clash, so that each mistake is reported.
    let accepts = found.optional("accepts", mistakes, phrase::named);
    let credit = credit::read(found, mistakes);
    let may_add =
        found.optional("may-add", mistakes, |value, mistakes| phrase::money(value, kernel.currency, mistakes));
    let usual = match (accepts.flatten(), found.get("every").is_some() && found.get("of").is_some()) {
        (Some(Accepts::Credit), _) => Defaults::OfCredit,
        (None, true) => Defaults::OfPool,
        (None, false) => Defaults::OwnWords,
    };
    let ballot = ballot(found, usual, mistakes);
    let (spends, has_least) = (found.get("spending-limit").is_some(), found.get("least-conviction").is_some());
    // The first field that is present decides the way; fields of the others clash with it (charter.md, `commitment`).
    if found.get("every").is_some() {
        found.clash(&["deadline", "spending-limit", "least-conviction", "self"], "every", mistakes);
        if found.get("of").is_some() {
            found.clash(&["accepts"], "of", mistakes);
        } else {
            found.needs("may-add", "`of`", mistakes);
        }
    } else if found.get("deadline").is_some() {
        found.clash(&["spending-limit", "least-conviction", "of", "self", "may-add"], "deadline", mistakes);
    } else if !spends && !has_least {
        let help = "write `every \"quarter\"`, `deadline \"2027-03-31\"`, or `spending-limit` and `least-conviction`";
        let why = "this commitment does not say when it is decided";
        mistakes.report(code::FIELD_MISSING, &found.owner.at, why, help);
    } else {
        found.clash(&OF_AN_END, "spending-limit", mistakes);
        if !has_least {
            found.needs("spending-limit", "`least-conviction`", mistakes);
        }
        if !spends {
            found.needs("least-conviction", "`spending-limit`", mistakes);
        }
        // Without an end there is no cycle whose quarter could be the half-life.
        if found.get("conviction-half-life").is_none() && kernel.edition < Edition::FOUR {
            found.missing("conviction-half-life", "conviction-half-life \"7 days\"", mistakes);
        }
    }
    let (of, may_add) = (of?, may_add?);
    let shares_out = of.clone().filter(|_| found.get("every").is_some());
    let shares_out = shares_out.map(|of| SharesOut { of, may_add_minor: may_add.unwrap_or(0) });
    let due = match (cycle?, day?, limit?, least?) {
        (Some(every), None, None, None) => Due::Every(every, ballot?),
        (None, Some(day), None, None) => Due::Deadline(day, ballot?),
        (None, None, Some(spending_limit_ppm), Some(least_conviction_ppm)) => {
            Due::Continuous { spending_limit_ppm, least_conviction_ppm, of, own_requests: own? }
        }
        _ => return None,
    };
    let continuous = matches!(due, Due::Continuous { .. }).then(|| Span::from_seconds(WEEK_S));
    let conviction_half_life = half_life?.or(continuous);
    Some(Commitment { due, conviction_half_life, accepts: accepts?, credit: credit?, shares_out })
}

/// The lines that a default can be.
#[derive(Clone, Copy)]
enum Defaults {
    OwnWords,
    OfCredit,
    OfPool,
}

impl Defaults {
    /// Those that there are, the usual one first; any other line too where there are none.
    fn lines(self) -> &'static [&'static str] {
        match self {
            Defaults::OwnWords => &[],
            Defaults::OfCredit => &[ACCEPT, NOTHING],
            Defaults::OfPool => &[FUND_IN_ORDER, FUND_NOTHING],
        }
    }

    fn read(self, value: &Value, mistakes: &mut Mistakes) -> Option<String> {
        let (code, of) = match self {
            Defaults::OfCredit => (code::BAD_CREDIT_DEFAULT, "credit"),
            Defaults::OfPool => (code::BAD_POOL_DEFAULT, "a pool"),
            Defaults::OwnWords => return phrase::line(value, 100, mistakes),
        };
        if self.lines().contains(&value.text.as_str()) {
            return Some(value.text.clone());
        }
        let why = format!("`{}` is nothing that a commitment does with {of} unless members vote", value.text);
        let lines: Vec<String> = self.lines().iter().map(|line| format!("`default \"{line}\"`")).collect();
        mistakes.report(code, &value.at, why, format!("write {}", lines.join(" or ")));
        None
    }
}

fn ballot(found: &Fields, defaults: Defaults, mistakes: &mut Mistakes) -> Option<Ballot> {
    let usual = defaults.lines().first().copied().unwrap_or("do nothing");
    let default = found.or("default", usual.to_owned(), mistakes, |value, mistakes| defaults.read(value, mistakes));
    let freeze_ppm =
        found.or("freeze", TENTH_PPM, mistakes, |value, mistakes| phrase::ratio_ppm(value, 0..=500_000, mistakes));
    let quorum_ppm =
        found.or("quorum", TENTH_PPM, mistakes, |value, mistakes| phrase::ratio_ppm(value, 0..=PPM, mistakes));
    let nominated_by_ppm = nominated_by(found, mistakes).map(|said| said.unwrap_or(DEFAULT_NOMINATED_BY_PPM));
    Some(Ballot {
        default: default?,
        freeze_ppm: freeze_ppm?,
        quorum_ppm: quorum_ppm?,
        nominated_by_ppm: nominated_by_ppm?,
    })
}

/// The fewest updates of a cycle that give conviction time to tell votes that stand from late ones.
const FEWEST_UPDATES: u64 = 8;

/// Notes a cycle in which conviction is counted too rarely to tell.
pub(super) fn note_few_updates(reader: &mut Reader, found: &Fields, every: Every) {
    let Some(field) = found.get("every") else {
        return;
    };
    let days = match every {
        Every::Day => 1_u64,
        Every::Week => 7,
        Every::Month => 28,
        Every::Quarter => 90,
        Every::Year => 365,
    };
    let updates = days.saturating_mul(86_400).checked_div(reader.kernel.updates.usual_seconds()).unwrap_or(0);
    if reader.kernel.edition >= Edition::FOUR && updates < FEWEST_UPDATES {
        let counts = words::count(updates, "update");
        let why = format!(
            "a {} can have as few as {counts}, and conviction hardly tells late votes from others",
            every.name()
        );
        let help = format!("choose a longer cycle, or more frequent `updates`: {FEWEST_UPDATES} or more in a cycle");
        reader.note(code::FEW_UPDATES, &field.name.at.clone(), why, help);
    }
}

/// Credit is of a whole co-op, and of whole months: one clause accepts it, in the outermost constitution.
fn check_credit(reader: &mut Reader, found: &Fields, commitment: &Commitment) {
    let Some(field) = found.get("accepts").filter(|_| commitment.accepts.is_some()) else {
        return;
    };
    let at = field.name.at.clone();
    if !matches!(commitment.due, Due::Every(Every::Month | Every::Quarter | Every::Year, _)) {
        let why = "credit is accepted after whole months, and this commitment is not decided after such";
        let help = "write `every \"month\"`, `\"quarter\"` or `\"year\"`";
        reader.mistakes.report(code::BAD_CREDIT_CYCLE, &at, why, help);
    }
    let why = match (reader.depth > 0, std::mem::replace(&mut reader.accepts_credit, true)) {
        (true, _) => "credit weighs in the whole co-op, and a constitution inside another accepts none",
        (false, true) => "another commitment accepts credit already",
        (false, false) => return,
    };
    let help = "let one commitment of the co-op's own constitution accept it";
    reader.mistakes.report(code::CREDIT_ELSEWHERE, &at, why, help);
}

/// A commitment that names a pool, and where.
pub(super) struct Asked {
    at: Range<usize>,
    of: String,
    /// The cycle in which it shares the pool out; `None` where it takes requests.
    shares_out: Option<Every>,
}

/// Checks, once every clause is read, that each pool that commitments name is one, pays the requests of one clause alone, and is shared
/// out by one clause alone, in its own cycle.
pub(crate) fn check_pools(reader: &mut Reader, clauses: &[Clause]) {
    let pool = |clause: &Clause| match &clause.kind {
        ClauseKind::Pool(pool) => Some((clause.name.clone(), pool.every)),
        _ => None,
    };
    let pools: Vec<(String, Every)> = clauses.iter().filter_map(pool).collect();
    let mut seen: BTreeSet<(String, bool)> = BTreeSet::new();
    for Asked { at, of, shares_out } in std::mem::take(&mut reader.asked) {
        let Some((_, every)) = pools.iter().find(|(name, _)| *name == of) else {
            let why = format!("this constitution has no pool `{of}`");
            let help = match pools.first() {
                Some((first, _)) => format!("name one of its own, such as `of \"{first}\"`"),
                None => format!("define it here: `pool \"{of}\"`; a constitution above shares out its own money"),
            };
            reader.mistakes.report(code::UNKNOWN_POOL, &at, why, help);
            continue;
        };
        if let Some(cycle) = shares_out.filter(|cycle| cycle != every) {
            let why =
                format!("`{of}` is shared out every {}, and this is decided every {}", every.name(), cycle.name());
            let help = format!("write `every \"{}\"` here, or `every \"{}\"` there", every.name(), cycle.name());
            reader.mistakes.report(code::POOL_CYCLE_DIFFERS, &at, why, help);
        }
        if seen.insert((of.clone(), shares_out.is_some())) {
            continue;
        }
        let (why, help) = match shares_out {
            Some(_) => ("shares out", "let one clause say how, or name another pool"),
            None => (
                "takes requests for",
                "let one clause take them all, or name another pool: two would each let as much pass",
            ),
        };
        let why = format!("another commitment {why} `{of}` already");
        reader.mistakes.report(code::POOL_ASKED_TWICE, &at, why, help);
    }
}

const EVERY: Known = field("every", "the cycle after which it is decided").values(Every::WORDS);

/// Money that it may add to a pool counts as spent (charter.md, *Jurisdiction*).
fn shares_out(reader: &mut Reader, found: &Fields, commitment: &Commitment, every: Every) {
    let (Some(shares), Some(field)) = (&commitment.shares_out, found.get("of")) else {
        return;
    };
    reader.asked.push(Asked { at: field.name.at.clone(), of: shares.of.clone(), shares_out: Some(every) });
    if let Some(field) = found.get("may-add") {
        reader.spend(MoneyPer { amount_minor: shares.may_add_minor, every }, &field.name.at);
    }
}

impl Kind for Commitment {
    const FIELDS: &'static [Known] = &[
        EVERY,
        field("deadline", "the day on which it is decided"),
        field("default", "what happens unless another option wins"),
        field("conviction-half-life", "how slowly votes that stand gain force").span(),
        field("freeze", "the last part of the cycle, in which no new option enters").percent(),
        field("quorum", "the conviction that the winner needs, of all votes").percent(),
        Known { about: "the attention that an option needs, of all votes over one period", ..NOMINATED_BY }
            .since(Edition::FOUR),
        field("accepts", "what it accepts of proposals that are computed").values(Accepts::WORDS).since(Edition::FOUR),
        credit::CREDIT,
        field("of", "the pool that it shares out, or that requests are for").since(Edition::FOUR),
        field("may-add", "the most common money that one decision adds to the pool").since(Edition::FOUR),
        field("self", "whether those whom a request pays vote on it").values(OwnProjects::WORDS).since(Edition::FOUR),
        field("spending-limit", "a request for more of the pool can never pass").percent(),
        field("least-conviction", "the part of all votes that a tiny request needs").percent(),
        ELECTORATE,
        SERVICE,
        VOTES,
        ALLOWANCE,
        DELEGATION,
    ];

    fn read(reader: &mut Reader, _: &Node, found: &Fields) -> Option<Commitment> {
        let commitment = read(found, reader.kernel, &mut reader.mistakes)?;
        if let (Due::Continuous { of: Some(of), .. }, Some(field)) = (&commitment.due, found.get("of")) {
            reader.asked.push(Asked { at: field.name.at.clone(), of: of.clone(), shares_out: None });
        }
        if let Due::Every(every, _) = commitment.due {
            note_few_updates(reader, found, every);
            shares_out(reader, found, &commitment, every);
        }
        check_credit(reader, found, &commitment);
        Some(commitment)
    }

    fn answers(&self) -> Answers<'_> {
        // Requests for money wait for pools to take it from.
        let since = (!matches!(self.due, Due::Continuous { of: None, .. })).then_some(Edition::FOUR);
        Answers { title: "The commitment “{}”", since, ..PLAIN }
    }

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let mut sentences = match &self.due {
            Due::Every(every, ballot) => ends(&format!("at the end of every {}", every.name()), ballot),
            Due::Deadline(at, ballot) => {
                ends(&format!("once, at the end of {}", words::day(*at, &kernel.zone)), ballot)
            }
            Due::Continuous { spending_limit_ppm, least_conviction_ppm, of, own_requests } => {
                let mut said = requests(*spending_limit_ppm, *least_conviction_ppm);
                if let Some(of) = of {
                    said.extend(paid(of, *own_requests));
                }
                said
            }
        };
        sentences.push(match self.conviction_half_life {
            Some(span) => format!("Conviction follows votes slowly: half of the way in {}.", words::days(span)),
            None => "Conviction follows votes slowly: half of the way in a quarter of the time.".to_owned(),
        });
        sentences.push("The decision is carried out once, and no later vote takes it back.".to_owned());
        if let Due::Every(_, ballot) | Due::Deadline(_, ballot) = &self.due
            && kernel.edition >= Edition::FOUR
        {
            match (self.accepts, &self.shares_out) {
                (Some(Accepts::Credit), _) => {
                    sentences.extend(accepted(ballot));
                    sentences.extend(credit::meaning(&self.credit));
                }
                (None, Some(shares)) => sentences.extend(sharing(ballot, shares, kernel)),
                (None, None) => sentences.extend(options(ballot)),
            }
        }
        sentences
    }

    fn compare(&self, from: Option<&Commitment>, sides: Sides, thing: &str, effects: &mut Effects) {
        let old = from.map(|from| from.meaning(sides.from)).unwrap_or_default();
        effects.add_sentences(EffectKind::Settles, &format!("the {thing}"), &old, &self.meaning(sides.to));
    }
}

/// Says what is accepted, and what members can put up against it.
fn accepted(ballot: &Ballot) -> [String; 4] {
    let proposed = "Credit of the last full period is proposed by who may record it; the server works it out from a list of contributions, and refuses other numbers.";
    let [enters, after] = options(ballot);
    let strikes = enters.replacen(
        "puts up an option;",
        "puts up what to strike from it, people or contributions, and it is worked out anew;",
        1,
    );
    let otherwise = match ballot.default.as_str() {
        ACCEPT => "Where nobody votes it is accepted as it was proposed.",
        _ => "Where nobody votes nobody gets any.",
    };
    [proposed.to_owned(), strikes, otherwise.to_owned(), after]
}

/// Says what options say about a pool.
fn sharing(ballot: &Ballot, shares: &SharesOut, kernel: &Kernel) -> Vec<String> {
    let [enters, after] = options(ballot);
    let mut sentences = vec![format!(
        "It says how the pool “{}” is shared out, by options with lines: `fund` one project before others, `strike` one from this cycle, or `fund nothing`.",
        shares.of
    )];
    sentences.push(match shares.may_add_minor {
        0 => "No option adds common money to the pool.".to_owned(),
        most => {
            format!("An option may `add` common money to the pool, {} at most.", words::money(most, kernel.currency))
        }
    });
    sentences.extend([enters, after]);
    sentences
}

fn requests(limit_ppm: u32, least_ppm: u32) -> Vec<String> {
    let (limit, least) = (words::percent(limit_ppm), words::percent(least_ppm));
    vec![
        "Requests for money are decided one by one, each as soon as its conviction suffices.".to_owned(),
        format!(
            "The least request needs {least} of all votes, a larger one more; one for more than {limit} of the pool never passes."
        ),
    ]
}

/// Says which pool pays, and what counts beside a request.
fn paid(of: &str, own: OwnProjects) -> [String; 3] {
    let own = match own {
        OwnProjects::Excluded => "Nobody votes on a request that would pay them.",
        OwnProjects::Allowed => "Members may vote on requests that would pay them.",
    };
    [
        format!("They are paid by the pool “{of}”."),
        "Money that the same members have let pass within four half-lives counts with a request, so that splitting it gains nothing; separate groups add up.".to_owned(),
        own.to_owned(),
    ]
}

/// Says how options come on the ballot, and what becomes of weight afterwards.
fn options(ballot: &Ballot) -> [String; 2] {
    let by = words::percent(ballot.nominated_by_ppm);
    let enters = format!(
        "Any member puts up an option; one with {by} of all votes as attention from one count to the next is on the ballot, and each one that is on it already makes that a tenth more."
    );
    [enters, "When it is decided, all weight that was placed on it comes free.".to_owned()]
}

fn ends(when: &str, ballot: &Ballot) -> Vec<String> {
    let mut sentences = vec![
        format!("It is decided {when}."),
        format!(
            "The option with the greatest conviction wins if it has {} of all votes at least; otherwise it is: {}.",
            words::percent(ballot.quorum_ppm),
            ballot.default.trim_end_matches('.')
        ),
    ];
    if ballot.freeze_ppm > 0 {
        sentences.push(format!("No option enters in the last {} of the time.", words::percent(ballot.freeze_ppm)));
    }
    sentences
}
