//! How long it takes to fill each page at 10,000 members and 100,000 ballots: `cargo run --release -p views --example pages`.
//! Prints the median and the 99th percentile of each function in microseconds. A benchmark, not a test: nothing is asserted.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark reads a clock, and stops where something is wrong"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use engine::act::{
    AddToList, AdmitMember, Amount, BookEntry, CastBallot, Found, OpenItem, Posting, RecordSupport, Stand,
};
use engine::{Act, Actor, Context, Pseudonym, State, apply, update};
use quantity::Moment;
use views::{Directory, ItemCard, LogHead, Sight, UpdatePoint};

const KERNEL: &str = include_str!("../../../demo/kernel.md");
const CONSTITUTION: &str = include_str!("../../../demo/constitution.md");
const MEMBERS: u64 = 10_000;
const ITEMS: u64 = 500;
const ROUNDS: usize = 1_000;

// flat: one timed call for each page.
fn main() {
    let world = world();
    let state = &world.state;
    let directory = Directory { names: &world.names, items: &world.items, documents: &BTreeMap::new() };
    let weighty = state.weights.member.iter().filter(|weight| **weight > 0).count();
    println!(
        "{} members ({weighty} with weight), {} ballots, {} records, {} updates",
        state.members.len(),
        state.ballots.len(),
        state.support.len(),
        state.updates
    );
    let sight = |me: u64| Sight {
        state,
        history: &world.history,
        directory,
        now: state.time,
        me: Some(Pseudonym(me)),
        walk_in: true,
    };
    time("coop_summary", |me| drop(black_box(views::coop_summary(&sight(me)))));
    time("home", |me| drop(black_box(views::home(&sight(me)))));
    time("my_page", |me| drop(black_box(views::my_page(&sight(me)))));
    time("decision_cards", |me| drop(black_box(views::decision_cards(&sight(me)))));
    time("decision", |me| drop(black_box(views::decision(&sight(me), "maintainer"))));
    time("ranking", |me| drop(black_box(views::ranking(&sight(me), "issues"))));
    time("money", |me| drop(black_box(views::money(&sight(me), views::MoneyPage::default()))));
    time("members", |me| drop(black_box(views::members(&sight(me), "", None))));
    time("members, searched", |me| drop(black_box(views::members(&sight(me), "member-00", None))));
    time("member", |me| drop(black_box(views::member(&sight(me), Pseudonym(me)))));
    time("walk_in", |me| drop(black_box(views::walk_in(&sight(me), "", None))));
    time("standings_report", |me| drop(black_box(views::standings_report(&sight(me), "issues"))));
    time("weights_report", |_| {
        let (kernel, whom) = (&state.rules.kernel, views::Whom::WithWeight);
        drop(black_box(views::weights_report(
            kernel,
            &state.members,
            &state.weights,
            directory,
            state.weights.at,
            whom,
        )));
    });
    let head = LogHead { entries: 1, entry_hash: String::new(), state_hash: None, state_at: None };
    time("status_report", |me| drop(black_box(views::status_report(&sight(me), &head))));
    time("preview_of", |me| drop(black_box(views::preview_of(&sight(me), state, "maintainer"))));
}

fn time(name: &str, mut page: impl FnMut(u64)) {
    let mut took: Vec<u128> = (0..ROUNDS as u64)
        .map(|round| {
            let begin = Instant::now();
            page(1 + round * 37 % MEMBERS);
            begin.elapsed().as_micros()
        })
        .collect();
    took.sort_unstable();
    println!("{name:20} p50 {:>7} us   p99 {:>7} us", took[ROUNDS / 2], took[ROUNDS * 99 / 100]);
}

struct World {
    state: State,
    history: Vec<UpdatePoint>,
    names: BTreeMap<Pseudonym, String>,
    items: BTreeMap<(String, String), ItemCard>,
}

/// Ten years of history: each member gives ten times, and places ten ballots.
fn world() -> World {
    let kernel = charter::read_kernel(KERNEL).unwrap();
    let constitution = charter::read_constitution(CONSTITUTION, &kernel).unwrap();
    let found = Found::on(&"11".repeat(32), &"22".repeat(32), true);
    let begin = Moment::parse("2016-01-01").unwrap();
    let mut state = State::found(charter::Rules::new(kernel, constitution), found, begin);
    let (mut history, mut names, mut items) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    members(&mut state, &mut names);
    for item in 0..ITEMS {
        act(&mut state, Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: item.to_string() }));
        let card = ItemCard { title: format!("Something that people want, number {item}"), ..ItemCard::default() };
        items.insert(("issues".to_owned(), item.to_string()), card);
    }
    let weeks = 520;
    for week in 0..weeks {
        let due = state.next_due().moment();
        let outcomes = update(&mut state, due, 2).unwrap();
        history.push(UpdatePoint::of(&state, &outcomes));
        week_of_support(&mut state, week);
        if week == weeks - 10 {
            ballots(&mut state);
        }
        // In the last weeks everyone gives, so that everyone has weight.
        if week >= weeks - 6 && week % 2 == 0 {
            everyone_gives(&mut state, week);
        }
    }
    World { state, history, names, items }
}

fn act(state: &mut State, act: Act) {
    let context = Context { time: state.time, actor: Actor::Operator };
    apply(state, &act, &context).unwrap();
}

fn members(state: &mut State, names: &mut BTreeMap<Pseudonym, String>) {
    for number in 1..=MEMBERS {
        let member = Pseudonym(number);
        act(state, Act::AdmitMember(AdmitMember { member, organisation: false }));
        names.insert(member, format!("member-{number:05}"));
        if number <= 200 {
            act(state, Act::AddToList(AddToList { list: "contributor-list".to_owned(), member }));
        }
    }
}

fn week_of_support(state: &mut State, week: u64) {
    for turn in 0..200 {
        let member = 1 + (week * 200 + turn) % MEMBERS;
        let (kind, amount) = match turn % 4 {
            0 => ("pledge", 500),
            1 if member <= 200 => ("contribution", 1_000_000),
            _ => ("donation", 500 + (member as i64 * 7) % 5_000),
        };
        give(state, member, kind, amount, &format!("s:{week}:{turn}"));
    }
    let postings = vec![
        Posting { account: "assets:bank".to_owned(), minor: 10_000 },
        Posting { account: "expenses:host-fees".to_owned(), minor: 1_000 },
        Posting { account: "income:contributions".to_owned(), minor: -11_000 },
    ];
    let (at, source, narration) = (state.time, format!("b:{week}"), "contribution".to_owned());
    act(state, Act::BookEntry(BookEntry { at, source, narration, currency: "USD".to_owned(), postings }));
}

fn everyone_gives(state: &mut State, week: u64) {
    for member in 1..=MEMBERS {
        give(state, member, "donation", 500 + (member as i64 * 13) % 3_000, &format!("e:{week}:{member}"));
        give(state, member, "pledge", 1_000, &format!("p:{week}:{member}"));
    }
}

fn give(state: &mut State, member: u64, kind: &str, amount: i64, source: &str) {
    let unit = (kind == "contribution").then(|| "micro-credit".to_owned());
    let currency = unit.is_none().then(|| "USD".to_owned());
    let given = RecordSupport {
        member: Pseudonym(member),
        kind: kind.to_owned(),
        amount: Amount { amount, currency, unit },
        given_at: state.time,
        source: source.to_owned(),
        parts: 1,
        series: None,
        stands_months: (kind == "pledge").then_some(60),
    };
    act(state, Act::RecordSupport(given));
}

fn ballots(state: &mut State) {
    for number in 1..=20 {
        let (member, decision) = (Pseudonym(number), "maintainer".to_owned());
        act(state, Act::Stand(Stand { member, decision }));
    }
    for number in 1..=MEMBERS {
        let member = Pseudonym(number);
        let scores = BTreeMap::from([
            (Pseudonym(1 + number % 20).to_string(), 1_000_000),
            (Pseudonym(1 + number % 3).to_string(), 500_000),
        ]);
        let cast = |item: Option<String>, share_ppm, scores| CastBallot {
            member,
            decision: if item.is_some() { "issues" } else { "maintainer" }.to_owned(),
            item,
            share_ppm,
            scores,
            against: false,
        };
        act(state, Act::CastBallot(cast(None, 100_000, Some(scores))));
        for turn in 0..9 {
            let issues = state.decision("issues").unwrap().items();
            let item = &issues[((number * 9 + turn * 31) % issues.len() as u64) as usize];
            let (id, closed) = (item.id.clone(), item.closed_at.is_some());
            if closed {
                act(state, Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: id.clone() }));
            }
            act(state, Act::CastBallot(cast(Some(id), 50_000, None)));
        }
    }
}
