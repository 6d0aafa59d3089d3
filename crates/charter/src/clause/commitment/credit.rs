//! The weights of a flow of credit, as a commitment that accepts it may set them. Bounds and usual values are those of
//! `docs/spec/credit.md`, *The flow*; a merge mints nothing there, since whoever presses the button would have as much as who wrote what
//! is merged.

use quantity::{MICRO, PPM, format_micro, parse_decimal};

use crate::code;
use crate::document::{Field, Fields, Mistakes, Value};
use crate::edition::Edition;
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

/// How credit is minted and flows: probabilities in parts per million, weights in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditFlow {
    /// Of everything that flows, what returns to the seed.
    pub seed_ppm: u32,
    /// Of a person's week, what is paid out to them.
    pub pay_out_ppm: u32,
    /// Of a person's week, what goes to their next one.
    pub week_forward_ppm: u32,
    /// Of a person's week, what goes to the one before.
    pub week_back_ppm: u32,
    /// Micro-credits that a contribution of each kind mints: commits, merges, reviews, issues and documents.
    pub mint_micro: [u64; 5],
    /// The weights of each link, there and back: of authors, parents, reviews and mentions.
    pub links_micro: [(u64, u64); 4],
}

/// The kinds of contributions that may mint.
const MINTS: [&str; 5] = ["commit", "merge", "review", "issue", "document"];
/// The kinds of links.
const LINKS: [&str; 4] = ["author", "parent", "review", "mention"];
/// The place of `author` among the links.
const AUTHOR: usize = 0;
/// The greatest weight, and the most that one contribution mints: a thousand.
const MOST_WEIGHT_MICRO: u64 = 1_000_000_000;
/// The least of seed and pay-out: credit that neither leaves nor is paid would flow for ever.
const LEAST_LEAVING_PPM: u32 = 10_000;
/// The most that goes to one week beside.
const MOST_BESIDE_PPM: u32 = 400_000;

impl CreditFlow {
    /// The flow of a commitment that says nothing of it.
    pub const USUAL: CreditFlow = CreditFlow {
        seed_ppm: 100_000,
        pay_out_ppm: 400_000,
        week_forward_ppm: 100_000,
        week_back_ppm: 100_000,
        mint_micro: [MICRO, 0, MICRO, 0, 0],
        links_micro: [(500_000, MICRO), (MICRO, 250_000), (MICRO, 250_000), (MICRO, 0)],
    };
}

impl Default for CreditFlow {
    fn default() -> CreditFlow {
        CreditFlow::USUAL
    }
}

const WEIGHT: &[(&str, &str)] = &[("1", ""), ("0.5", ""), ("0.25", ""), ("0", "")];
const PAIR: &[Known] = &[
    field("forward", "the weight of the link in its own direction").values(WEIGHT),
    field("back", "the weight of the link against its direction").values(WEIGHT),
];
const WEEKS: &[Known] = &[
    field("forward", "the part that goes to the next week").percent(),
    field("back", "the part that goes to the week before").percent(),
];
const MINT: &[Known] = &[
    field("commit", "credit that a commit mints; 1 unless said").values(WEIGHT),
    field("merge", "credit that a merge mints; none unless said").values(WEIGHT),
    field("review", "credit that a review mints; 1 unless said").values(WEIGHT),
    field("issue", "credit that an issue mints; none unless said").values(WEIGHT),
    field("document", "credit that a document mints; none unless said").values(WEIGHT),
];
const FIELDS: &[Known] = &[
    field("mint", "how much credit each new contribution mints, by its kind").fields(MINT),
    field("author", "between who made something and what they made").fields(PAIR),
    field("parent", "from a commit to the commits that it builds on").fields(PAIR),
    field("review", "from a review to what was reviewed").fields(PAIR),
    field("mention", "from a contribution to one that it names").fields(PAIR),
    field("seed", "the part of all that flows that returns to where credit is minted").percent(),
    field("pay-out", "the part of a person's week that is paid out to them").percent(),
    field("week", "the parts of a person's week that go to the weeks beside it").fields(WEEKS),
];

/// The field of a commitment.
pub(super) const CREDIT: Known =
    field("credit", "how credit is minted and flows, where it is not as usual").fields(FIELDS).since(Edition::FOUR);

/// Reads the field; the usual flow where it is absent.
pub(super) fn read(found: &Fields, mistakes: &mut Mistakes) -> Option<CreditFlow> {
    let usual = CreditFlow::USUAL;
    let Some(field) = found.get(CREDIT.name) else {
        return Some(usual);
    };
    if found.get("accepts").is_none() {
        found.needs(CREDIT.name, "`accepts \"credit\"`", mistakes);
    }
    let inside = field.fields(FIELDS, mistakes);
    let mint = mints(&inside, mistakes);
    let links = links(&inside, mistakes);
    let leaving = LEAST_LEAVING_PPM..=PPM;
    let part = |name: &str, usual: u32, mistakes: &mut Mistakes| {
        inside.or(name, usual, mistakes, |value, mistakes| phrase::ratio_ppm(value, leaving.clone(), mistakes))
    };
    let seed = part("seed", usual.seed_ppm, mistakes);
    let pay_out = part("pay-out", usual.pay_out_ppm, mistakes);
    let weeks = weeks(&inside, mistakes);
    let (week_forward_ppm, week_back_ppm) = weeks?;
    let read = CreditFlow {
        seed_ppm: seed?,
        pay_out_ppm: pay_out?,
        week_forward_ppm,
        week_back_ppm,
        mint_micro: mint?,
        links_micro: links?,
    };
    check(&read, field, mistakes)?;
    Some(read)
}

/// Refuses a flow that pays out more than there is, or that reaches nobody.
fn check(read: &CreditFlow, field: &Field, mistakes: &mut Mistakes) -> Option<()> {
    let at = &field.name.at;
    let parts = [read.seed_ppm, read.pay_out_ppm, read.week_forward_ppm, read.week_back_ppm];
    let all = parts.into_iter().fold(0, u32::saturating_add);
    if all > PPM {
        let why = format!("`seed`, `pay-out` and both parts of `week` take {} of a person's week", words::percent(all));
        let help = "let the four together be 100% at most: the rest goes to what they made in that week";
        return mistakes.refuse(code::CREDIT_OVERFLOWS, at, why, help);
    }
    let back = read.links_micro.get(AUTHOR).map_or(0, |(_, back)| *back);
    if back == 0 || read.mint_micro.iter().all(|micro| *micro == 0) {
        let (why, help) = if back == 0 {
            ("no credit would flow from what is made to who made it", "let `back` of `author` be above 0")
        } else {
            ("no contribution would mint any credit", "let `mint` give one kind something, as in `mint commit=\"1\"`")
        };
        return mistakes.refuse(code::CREDIT_REACHES_NOBODY, at, why.to_owned(), help);
    }
    Some(())
}

fn mints(inside: &Fields, mistakes: &mut Mistakes) -> Option<[u64; 5]> {
    let mut mint = CreditFlow::USUAL.mint_micro;
    let Some(field) = inside.get("mint") else {
        return Some(mint);
    };
    let found = field.fields(MINT, mistakes);
    let mut sound = true;
    for (micro, name) in mint.iter_mut().zip(MINTS) {
        match found.or(name, *micro, mistakes, weight) {
            Some(read) => *micro = read,
            None => sound = false,
        }
    }
    sound.then_some(mint)
}

fn links(inside: &Fields, mistakes: &mut Mistakes) -> Option<[(u64, u64); 4]> {
    let mut links = CreditFlow::USUAL.links_micro;
    let mut sound = true;
    for (pair, name) in links.iter_mut().zip(LINKS) {
        let Some(field) = inside.get(name) else { continue };
        let found = field.fields(PAIR, mistakes);
        let forward = found.or("forward", pair.0, mistakes, weight);
        let back = found.or("back", pair.1, mistakes, weight);
        match forward.zip(back) {
            Some(read) => *pair = read,
            None => sound = false,
        }
    }
    sound.then_some(links)
}

fn weeks(inside: &Fields, mistakes: &mut Mistakes) -> Option<(u32, u32)> {
    let usual = CreditFlow::USUAL;
    let Some(field) = inside.get("week") else {
        return Some((usual.week_forward_ppm, usual.week_back_ppm));
    };
    let found = field.fields(WEEKS, mistakes);
    let part = |name: &str, usual: u32, mistakes: &mut Mistakes| {
        found.or(name, usual, mistakes, |value, mistakes| phrase::ratio_ppm(value, 0..=MOST_BESIDE_PPM, mistakes))
    };
    let forward = part("forward", usual.week_forward_ppm, mistakes);
    let back = part("back", usual.week_back_ppm, mistakes);
    forward.zip(back)
}

/// Reads a weight: a number without a unit.
fn weight(value: &Value, mistakes: &mut Mistakes) -> Option<u64> {
    let micro = parse_decimal(value.text.trim(), 6).ok().and_then(|micro| u64::try_from(micro).ok());
    micro.filter(|micro| *micro <= MOST_WEIGHT_MICRO).or_else(|| {
        let why = format!("`{}` is not a number from 0 to 1000 with six decimals at most", value.text);
        mistakes.refuse(code::BAD_CREDIT_WEIGHT, &value.at, why, "write it as in `\"0.25\"`")
    })
}

/// Says what mints, and what of the flow is not as usual.
pub(super) fn meaning(flow: &CreditFlow) -> Vec<String> {
    let usual = CreditFlow::USUAL;
    let mut sentences = vec![minting(flow)];
    let (links, usually) = (flow.links_micro.iter().zip(LINKS), usual.links_micro.iter());
    for ((pair, name), usual) in links.zip(usually) {
        if pair != usual {
            let (from, to) = match name {
                "author" => ("who made something", "what they made"),
                "parent" => ("a commit", "the commits that it builds on"),
                "review" => ("a review", "what was reviewed"),
                _ => ("a contribution", "those that it names"),
            };
            let (forward, back) = (number(pair.0), number(pair.1));
            sentences
                .push(format!("Credit flows from {from} to {to} with the weight {forward}, and back with {back}."));
        }
    }
    let parts = |flow: &CreditFlow| [flow.seed_ppm, flow.pay_out_ppm, flow.week_forward_ppm, flow.week_back_ppm];
    if parts(flow) != parts(&usual) {
        let [seed, pay_out, forward, back] = parts(flow).map(words::percent);
        sentences.push(format!(
            "Of what flows through a person's week {pay_out} is paid out to them, {seed} returns to where credit is minted, {forward} goes to their next week and {back} to the one before."
        ));
    }
    sentences
}

/// For example `A commit mints 1 credit, a review 0.5; merges, issues and documents mint none.`
fn minting(flow: &CreditFlow) -> String {
    let all = flow.mint_micro.iter().zip(MINTS);
    let (some, none): (Vec<_>, Vec<_>) = all.partition(|(micro, _)| **micro > 0);
    let mut said = Vec::new();
    for (place, (micro, name)) in some.into_iter().enumerate() {
        let article = if name == "issue" { "an" } else { "a" };
        let mints = if place == 0 { " mints" } else { "" };
        let micro = number(*micro);
        said.push(format!("{article} {name}{mints} {micro}"));
    }
    let none: Vec<String> = none.into_iter().map(|(_, name)| format!("{name}s")).collect();
    let said = words::sentence(&said.join(", "));
    if none.is_empty() { format!("{said}.") } else { format!("{said}; {} mint nothing.", words::all_of(&none)) }
}

fn number(micro: u64) -> String {
    format_micro(i128::from(micro))
}
