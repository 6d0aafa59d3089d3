//! Weights by hand for each kind of rule, refunds and pledges month by month, and caches against fresh columns.

use crate::id::ItemId;
use charter::SupportKind;
use proptest::prelude::*;
use quantity::{Faded, month_index, months_later};

use super::*;
use crate::act::Act;
use crate::tests::{Coop, ONE, Setup};

/// Weights in whole units and millionths at the first update after a moment, to be read as decimals.
#[track_caller]
fn expect(coop: &mut Coop, until: &str, weights: &[f64]) {
    coop.run_until(until);
    let next = coop.state.next_update;
    coop.next();
    let micro: Vec<u64> = weights.iter().map(|w| (w * 1e6).round() as u64).collect();
    assert_eq!(coop.weights(), micro, "at {next}");
    for (place, weight) in micro.iter().enumerate() {
        let parts = coop.state.weights.classes.iter().map(|class| class.weight[place]);
        assert_eq!(parts.sum::<u64>(), *weight, "the classes of member {place} at {next}");
    }
}

#[test]
fn one_member_one_vote() {
    let mut coop = Setup::classes(&["members: 1"]).found();
    coop.admit(1..=3).leave(2);
    expect(&mut coop, "2025-01-02", &[1.0, 0.0, 1.0]);
    coop.admit(4..=4);
    assert_eq!(coop.state.weights.of(MemberIndex(3)), 0, "a newcomer has weight from the next update on");
    expect(&mut coop, "2025-01-07", &[1.0, 0.0, 1.0, 1.0]);
}

#[test]
fn what_is_given_earns_weight_and_fades() {
    let mut coop = Setup::classes(&["patrons: faded(donated, half-life 365 days) / 1 USD"]).found();
    coop.admit(1..=3);
    coop.give(1, "donation", 10_000, "2024-01-07T01:00:00Z");
    coop.give(2, "donation", 10_000, "2023-01-07T01:00:00Z");
    coop.give(2, "donation", 2_500, "2024-01-07T01:00:00Z");
    expect(&mut coop, "2025-01-01", &[50.0, 25.0 + 12.5, 0.0]);
    // 35 days later both have faded by the same part: 2^-(35/365) of what they were.
    let part = 2_f64.powf(-35.0 / 365.0);
    let now = |whole: f64| (whole * part * 1e6).floor() / 1e6;
    expect(&mut coop, "2025-02-05", &[now(50.0), now(37.5), 0.0]);
}

#[test]
fn roots_once_by_scale_or_by_formula() {
    for class in ["patrons sqrt: donated(ever) / 1 USD", "patrons: sqrt(donated(ever) / 1 USD)"] {
        let mut coop = Setup::classes(&[class]).found().with_weights(&[100, 3, 0]);
        expect(&mut coop, "2025-01-02", &[10.0, 1.732_050, 0.0]);
    }
}

#[test]
fn a_cap_cuts_to_a_part_of_what_remains() {
    let capped = |dollars: &[i64], cap_ppm| {
        let setup = Setup { cap_ppm: Some(cap_ppm), ..Setup::new(Vec::new()) };
        let mut coop = setup.found().with_weights(dollars);
        coop.next();
        coop.weights().iter().map(|micro| micro / ONE).collect::<Vec<_>>()
    };
    // 60 of 100 at a cap of a half: 40 of 80.
    assert_eq!(capped(&[60, 25, 15], 500_000), [40, 25, 15]);
    // A fifth of what remains: two at L, L = (2 L + 60) ÷ 5, so L = 20.
    assert_eq!(capped(&[500, 100, 15, 15, 15, 15], 200_000), [20, 20, 15, 15, 15, 15]);
    // Four members cannot each have at most a fifth: they are made equal.
    assert_eq!(capped(&[500, 100, 7, 3], 200_000), [3, 3, 3, 3]);
    assert_eq!(capped(&[500], 200_000), [500], "one alone is equal to themselves");
    assert_eq!(capped(&[], 200_000), [] as [u64; 0]);
}

#[test]
fn a_cap_cuts_each_class_in_proportion() {
    let classes = ["patrons: donated(ever) / 1 USD", "buyers: purchased(ever) / 1 USD"];
    let setup = Setup { cap_ppm: Some(500_000), ..Setup::classes(&classes) };
    let mut coop = setup.found().with_weights(&[40, 10, 10]);
    coop.give(1, "purchase", 2_000, "2025-01-01");
    // 60 against 20: cut to 20, a third of it from purchases (largest remainder).
    expect(&mut coop, "2025-01-02", &[20.0, 10.0, 10.0]);
    let parts: Vec<u64> = coop.state.weights.classes.iter().map(|class| class.weight[0]).collect();
    assert_eq!(parts, [13_333_333, 6_666_667]);
    assert_eq!(coop.state.weights.cap_level, Some(20 * ONE));
    assert_eq!(coop.state.weights.total, 40_000_000);
}

#[test]
fn a_floor_lifts_who_belongs_to_a_class_and_nobody_else() {
    let classes = ["patrons: donated(ever) / 1 USD", "staff [staff-list]: credit(ever)", "crew [crew-list]: 0"];
    let setup = Setup { floor_micro: 5 * ONE, ..Setup::classes(&classes) };
    let mut coop = setup.found().with_weights(&[2, 9, 0, 0]);
    coop.list("staff-list", 4);
    coop.list("crew-list", 4);
    expect(&mut coop, "2025-01-02", &[5.0, 9.0, 0.0, 5.0]);
    let part = |class: usize| coop.state.weights.classes[class].weight[3];
    assert_eq!([part(0), part(1), part(2)], [0, 2_500_000, 2_500_000], "evenly over the lists one is on");
}

#[test]
fn patrons_weigh_the_lesser_of_last_and_next() {
    let mut coop = Setup::classes(&["patrons: min(donated(last month), pledged(next month)) / 1 USD"]).found();
    coop.admit(1..=3);
    for (member, donation, pledge) in [(1, 1_000, 1_000), (2, 5_000, 2_000), (3, 700, 0)] {
        coop.give(member, "donation", donation, "2024-12-15");
        if pledge > 0 {
            coop.give(member, "pledge", pledge, "2024-12-15");
        }
    }
    // Promised in December, and January has not passed unpaid.
    expect(&mut coop, "2025-01-01", &[10.0, 20.0, 0.0]);
    expect(&mut coop, "2025-01-26", &[10.0, 20.0, 0.0]);
    // January has passed without payment.
    expect(&mut coop, "2025-01-31", &[0.0, 0.0, 0.0]);
}

#[test]
fn contributors_weigh_alike_or_by_credit() {
    let mut coop = Setup::classes(&["alike [a]: 1", "credited [b]: credit(last 12 months)"]).found();
    coop.admit(1..=3);
    coop.list("a", 1);
    coop.list("b", 2);
    for member in [2, 3] {
        coop.give(member, "contribution", 2_500_000, "2024-06-01");
        coop.give(member, "contribution", 1, "2023-06-01");
    }
    expect(&mut coop, "2025-01-01", &[1.0, 2.5, 0.0]);
}

#[test]
fn a_lone_contributor_weighs_as_much_as_the_highest_patron() {
    let classes = [
        "patrons: donated(ever) / 1 USD",
        "contributors [list]: if count(contributors) == 1 then highest(patrons) else 3",
    ];
    let mut coop = Setup::classes(&classes).found().with_weights(&[40, 7, 0]);
    coop.list("list", 3);
    expect(&mut coop, "2025-01-02", &[40.0, 7.0, 40.0]);
    coop.list("list", 2);
    expect(&mut coop, "2025-01-08", &[40.0, 10.0, 3.0]);
}

#[test]
fn totals_and_counts_of_a_class() {
    let classes = ["patrons: donated(ever) / 1 USD", "board [board]: total(patrons) / count(patrons)"];
    let mut coop = Setup::classes(&classes).found().with_weights(&[40, 20, 0, 0]);
    // Every member with any weight in a class is counted, be it a cent's.
    coop.give(4, "donation", 1, "2025-01-01");
    coop.list("board", 3);
    expect(&mut coop, "2025-01-02", &[40.0, 20.0, 20.003_333, 0.01]);
}

#[test]
fn a_refund_counts_from_its_own_date_at_the_date_of_what_it_takes_back() {
    let mut coop = Setup::classes(&["patrons: donated(last month) / 1 USD"]).found();
    coop.admit(1..=2);
    let whole = coop.give(1, "donation", 1_000, "2025-01-01");
    let part = coop.give(2, "donation", 1_000, "2025-01-01");
    expect(&mut coop, "2025-01-31", &[10.0, 10.0]);
    coop.run_until("2025-02-12");
    coop.take_back(&whole, None, "2025-02-11");
    coop.take_back(&part, Some(250), "2025-02-12");
    expect(&mut coop, "2025-02-12", &[0.0, 7.5]);
    coop.take_back(&part, Some(750), "2025-02-12");
    expect(&mut coop, "2025-02-18", &[0.0, 0.0]);
    // In March nothing was given last month, and nothing was taken back from it.
    expect(&mut coop, "2025-03-01", &[0.0, 0.0]);
}

#[test]
fn a_yearly_gift_is_twelve_monthly_ones() {
    let mut coop = Setup::classes(&["patrons: donated(last month) / 1 USD"]).found();
    coop.admit(1..=1);
    let mut gift = coop.support(1, "donation", 10_000, "2025-01-01");
    gift.parts = 12;
    let source = gift.source.clone();
    coop.act(Act::RecordSupport(gift));
    // 100 USD in twelve: four of 8.34 and eight of 8.33.
    expect(&mut coop, "2025-02-01", &[8.34]);
    expect(&mut coop, "2025-05-01", &[8.34]);
    expect(&mut coop, "2025-06-01", &[8.33]);
    // Two refunds together take back all of it, and every month is empty to the cent.
    coop.take_back(&source, Some(2_995), "2025-06-02");
    expect(&mut coop, "2025-06-10", &[5.83]);
    coop.take_back(&source, None, "2025-06-11");
    for month in ["2025-06-17", "2025-07-01", "2025-08-01", "2025-12-01", "2026-01-01", "2026-02-01"] {
        expect(&mut coop, month, &[0.0]);
    }
}

#[test]
fn what_lies_ahead_fades_in_when_its_date_comes() {
    let mut coop = Setup::classes(&["patrons: faded(donated, half-life 36500 days) / 1 USD"]).found();
    coop.admit(1..=1);
    let mut gift = coop.support(1, "donation", 1_200, "2025-01-01");
    gift.parts = 12;
    coop.act(Act::RecordSupport(gift));
    for (until, months) in [("2025-01-02", 1), ("2025-02-02", 2), ("2025-11-02", 11), ("2026-06-01", 12)] {
        coop.run_until(until);
        coop.next();
        let weight = coop.weights()[0];
        assert!((months * ONE - 100_000..=months * ONE).contains(&weight), "{until}: {weight}");
    }
}

#[test]
fn pledges_lapse_are_replaced_and_taken_back() {
    let mut coop = Setup::classes(&["patrons: pledged(next month) / 1 USD"]).found();
    coop.admit(1..=4);
    let pledge = |coop: &mut Coop, member, amount, on: &str, series: &str, months| {
        let mut act = coop.support(member, "pledge", amount, on);
        act.series = Some(series.to_owned());
        act.stands_months = months;
        let source = act.source.clone();
        coop.act(Act::RecordSupport(act));
        source
    };
    pledge(&mut coop, 1, 1_000, "2024-12-31", "monthly", None);
    pledge(&mut coop, 2, 1_000, "2024-12-02", "monthly", None);
    pledge(&mut coop, 2, 2_000, "2024-12-01", "monthly", None);
    pledge(&mut coop, 2, 300, "2024-12-01", "yearly", Some(12));
    pledge(&mut coop, 3, 500, "2024-12-01", "monthly", Some(12));
    let taken = pledge(&mut coop, 3, 900, "2025-01-01", "monthly", None);
    let reduced = pledge(&mut coop, 4, 900, "2025-01-01", "", Some(3));
    // The later date of a series stands, not the later record; series add up.
    expect(&mut coop, "2025-01-02", &[10.0, 13.0, 9.0, 9.0]);
    coop.take_back(&taken, None, "2025-01-06T01:00:00Z");
    coop.take_back(&reduced, Some(400), "2025-01-06T01:00:00Z");
    // The pledge that it had replaced counts again.
    expect(&mut coop, "2025-01-07", &[10.0, 13.0, 5.0, 5.0]);
    // A full calendar month has passed: January for what was promised in December.
    expect(&mut coop, "2025-02-01", &[0.0, 3.0, 5.0, 5.0]);
    expect(&mut coop, "2025-04-01", &[0.0, 3.0, 5.0, 0.0]);
    expect(&mut coop, "2025-11-30", &[0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn of_two_pledges_of_one_date_the_later_record_stands() {
    let mut coop = Setup::classes(&["patrons: pledged(next month) / 1 USD"]).found();
    coop.admit(1..=1);
    coop.give(1, "pledge", 900, "2025-01-01");
    coop.give(1, "pledge", 400, "2025-01-01");
    expect(&mut coop, "2025-01-01", &[4.0]);
}

#[test]
fn a_pledge_lapses_with_the_first_instant_of_the_month() {
    let setup = Setup { updates: "monthly on 1 at 00:00", ..Setup::classes(&["patrons: pledged(next month) / 1 USD"]) };
    let mut coop = setup.found();
    coop.admit(1..=2);
    coop.give(1, "pledge", 100, "2024-12-31T23:59:59Z");
    coop.give(2, "pledge", 100, "2025-01-01");
    expect(&mut coop, "2025-01-02", &[0.0, 1.0]);
}

#[test]
fn a_later_refund_is_not_known_to_an_earlier_instant() {
    let classes = ["patrons: donated(ever) / 1 USD + pledged(next month) / 1 USD"];
    let mut coop = Setup::classes(&classes).found().with_weights(&[10]);
    let pledge = coop.give(1, "pledge", 500, "2025-01-01");
    coop.run(2);
    let first = Moment::parse("2025-01-06T01:00:00Z").unwrap();
    coop.take_back("test:1", Some(400), "2025-01-13");
    coop.take_back(&pledge, Some(200), "2025-01-13");
    let state = &coop.state;
    let weigh_at = |at| {
        let mut fresh = Sources::default();
        let weights = weigh(&state.rules.kernel, &state.members, state.given(), &mut fresh, at, 1);
        weights.of(MemberIndex(0)) / ONE
    };
    assert_eq!([weigh_at(first), weigh_at(state.next_update)], [15, 9]);
}

#[test]
fn a_pledge_promises_a_payment_a_month() {
    let classes = [
        "a: pledged(next month) / 1 USD",
        "b: pledged(next 3 months) / 1 USD",
        "c: pledged(next quarter) / 1 USD",
        "d: pledged(next year) / 1 USD",
        "e: pledged(next 2 weeks) / 1 USD",
        "f: pledged(this month) / 1 USD",
    ];
    let mut coop = Setup::classes(&classes).found();
    coop.admit(1..=1);
    coop.give(1, "pledge", 100, "2025-01-01");
    coop.next();
    let parts: Vec<u64> = coop.state.weights.classes.iter().map(|c| c.earned[0] / ONE).collect();
    assert_eq!(parts, [1, 3, 3, 12, 1, 1]);
}

#[test]
fn calendar_months_are_those_of_the_zone() {
    let setup = Setup { zone: "Asia/Tokyo", ..Setup::classes(&["patrons: donated(last month) / 1 USD"]) };
    let mut coop = setup.found();
    coop.admit(1..=2);
    // In Tokyo the first of January began at 15:00 UTC.
    coop.give(1, "donation", 100, "2024-12-31T14:59:59Z");
    coop.give(2, "donation", 100, "2024-12-31T15:00:00Z");
    expect(&mut coop, "2025-01-02", &[1.0, 0.0]);
    expect(&mut coop, "2025-02-01", &[0.0, 1.0]);
}

/// The acts of a test member, for the reference below.
#[derive(Clone, Copy, Debug)]
struct Gift {
    member: u64,
    kind: usize,
    amount: i64,
    hours_ago: i64,
    parts: u32,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Give(Gift),
    TakeBack { which: usize, per_mille: i64, hours_ago: i64 },
    Updates(usize),
}

const KINDS: [&str; 5] = ["donation", "pledge", "purchase", "contribution", "hours"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let gift = (1..5_u64, 0..KINDS.len(), 1..5_000_000_i64, 0..6_000_i64, 1..14_u32);
    let step = prop_oneof![
        5 => gift.prop_map(|(member, kind, amount, hours_ago, parts)| {
            let parts = if kind == 1 { 1 } else { parts };
            Step::Give(Gift { member, kind, amount, hours_ago, parts })
        }),
        2 => (any::<usize>(), 1..1_200_i64, 0..3_000_i64)
            .prop_map(|(which, per_mille, hours_ago)| Step::TakeBack { which, per_mille, hours_ago }),
        3 => (1..9_usize).prop_map(Step::Updates),
    ];
    prop::collection::vec(step, 1..40)
}

/// One class for each way of reading support.
const READINGS: [&str; 8] = [
    "a: faded(donated, half-life 90 days) / 1 USD",
    "b: faded(contributed, half-life 30 days)",
    "c: donated(last month) / 1 USD + purchased(ever) / 1 USD",
    "d: pledged(next month) / 1 USD",
    "e: hours(this quarter) / 1 hour + pledged(last 2 months) / 1 USD",
    "f sqrt: purchased(last 90 days) / 1 USD",
    "g: if count(a) > 1 then highest(b) else total(c)",
    "h: min(donated(last month), pledged(next month)) / 1 USD",
];

/// The rows that a history leaves, worked out anew: (member, kind, amount, date, known from).
type Row = (u64, usize, i64, Moment, Moment);

fn play(coop: &mut Coop, steps: &[Step], mut check: impl FnMut(&Coop, &[Row])) {
    let mut rows: Vec<Row> = Vec::new();
    let mut gifts: Vec<(String, Vec<usize>)> = Vec::new();
    for step in steps {
        match *step {
            Step::Give(gift) => {
                let on = coop.state.time.plus_seconds(-gift.hours_ago * 3_600);
                let mut act = coop.support(gift.member, KINDS[gift.kind], gift.amount, &on.to_string());
                act.parts = gift.parts;
                let source = act.source.clone();
                coop.act(Act::RecordSupport(act));
                let first = rows.len();
                for (month, amount) in (0..).zip(split(gift.amount, &vec![1; gift.parts as usize])) {
                    let date = months_later(on, month, &coop.state.rules.kernel.zone);
                    rows.push((gift.member, gift.kind, amount, date, date));
                }
                gifts.push((source, (first..rows.len()).collect()));
            }
            Step::TakeBack { which, per_mille, hours_ago } => {
                let Some((source, parts)) = (!gifts.is_empty()).then(|| &gifts[which % gifts.len()]) else {
                    continue;
                };
                let dates: Vec<(Moment, Moment)> = parts.iter().map(|p| (rows[*p].3, rows[*p].4)).collect();
                let record = coop.state.support.record(source).unwrap();
                let left = coop.state.support.parts_left(source, record);
                let amount = (left.iter().sum::<i64>() * per_mille / 1_000).max(1);
                if amount > left.iter().sum() {
                    continue;
                }
                let on = coop.state.time.plus_seconds(-hours_ago * 3_600);
                coop.take_back(&source.clone(), Some(amount), &on.to_string());
                let weights: Vec<u64> = left.iter().map(|l| *l as u64).collect();
                let (member, kind) = (rows[parts[0]].0, rows[parts[0]].1);
                let back = dates.iter().zip(split(amount, &weights));
                let back: Vec<Row> =
                    back.map(|((date, known), part)| (member, kind, -part, *date, on.max(*known))).collect();
                rows.extend(back);
            }
            Step::Updates(count) => {
                for _ in 0..count {
                    coop.next();
                    check(coop, &rows);
                }
            }
        }
    }
}

/// Σ amount × 2^-(age ÷ half-life), from one record to the next by date.
fn straight_fold(rows: &[Row], member: u64, kind: usize, half_life_us: u64, now: Moment) -> i128 {
    let mut own: Vec<(Moment, i64)> = rows
        .iter()
        .filter(|row| row.0 == member && row.1 == kind && row.3 <= now && row.4 <= now && row.2 != 0)
        .map(|row| (row.3, row.2))
        .collect();
    own.sort_by_key(|row| row.0);
    let mut value: Option<Faded> = None;
    for (date, amount) in own {
        let before = value.map_or(Faded { value: 0, at: date }, |v| v.at(date, half_life_us));
        value = Some(before.plus(amount));
    }
    value.map_or(0, |v| v.at(now, half_life_us).pico())
}

fn kept_are_fresh(coop: &Coop) {
    let (state, at) = (&coop.state, coop.state.last_update.unwrap());
    for threads in [1, 2, 7] {
        let mut fresh = Sources::default();
        let given = state.given();
        let weights = weigh(&state.rules.kernel, &state.members, given, &mut fresh, at, threads);
        assert_eq!(weights, *state.weights, "{threads} threads");
        for source in state.rules.kernel.classes.iter().flat_map(|class| &class.weight.sources) {
            assert_eq!(fresh.column(source), state.sources.column(source), "{source:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn kept_columns_equal_fresh_ones_on_any_number_of_threads(steps in steps()) {
        let mut coop = Setup::classes(&READINGS).found();
        coop.admit(1..=4);
        play(&mut coop, &steps, |coop, _| kept_are_fresh(coop));
    }

    #[test]
    fn kept_columns_that_fall_equal_fresh_ones(steps in steps(), more in steps()) {
        let mut coop = falling_by_half(&[
            "a: donated(last month) / 1 USD + hours(last 3 months) / 1 hour",
            "b: purchased(this quarter) / 1 USD",
        ]);
        coop.admit(1..=4);
        play(&mut coop, &steps, |coop, _| kept_are_fresh(coop));
        // Columns grow with the register.
        coop.admit(5..=6);
        coop.give(6, "donation", 700, "2025-01-01");
        coop.next();
        kept_are_fresh(&coop);
        play(&mut coop, &more, |coop, _| kept_are_fresh(coop));
    }

    #[test]
    fn faded_sums_equal_a_straight_fold(steps in steps()) {
        let mut coop = Setup::classes(&READINGS).found();
        coop.admit(1..=4);
        let day = 86_400_000_000;
        play(&mut coop, &steps, |coop, rows| {
            let now = coop.state.last_update.unwrap();
            for (kind, half_life_us, source) in [
                (0, 90 * day, Source::Faded { kind: SupportKind::Donation, half_life_us: 90 * day }),
                (3, 30 * day, Source::Faded { kind: SupportKind::Contribution, half_life_us: 30 * day }),
            ] {
                let unit = if kind == 3 { 1_000_000 } else { 1 };
                let column = coop.state.sources.column(&source);
                for member in 1..=4_u64 {
                    let expected = straight_fold(rows, member, kind, half_life_us, now) / unit;
                    assert_eq!(column[member as usize - 1], expected, "member {member} at {now}");
                }
            }
        });
    }

    #[test]
    fn sums_over_periods_equal_a_plain_sum(steps in steps()) {
        let mut coop = Setup::classes(&READINGS).found();
        coop.admit(1..=4);
        play(&mut coop, &steps, |coop, rows| {
            let (now, zone) = (coop.state.last_update.unwrap(), &coop.state.rules.kernel.zone);
            let this = month_index(now, zone);
            for member in 1..=4_u64 {
                let sum = |kind: usize, counts: &dyn Fn(Moment) -> bool| -> i128 {
                    let own = rows.iter().filter(|r| r.0 == member && r.1 == kind && r.3 <= now && r.4 <= now);
                    own.filter(|r| counts(r.3)).map(|r| i128::from(r.2)).sum()
                };
                let last = sum(0, &|date| month_index(date, zone) == this - 1);
                let cents = last + sum(2, &|_| true);
                let earned = coop.state.weights.classes[2].earned[member as usize - 1];
                assert_eq!(i128::from(earned), cents.max(0) * 10_000, "member {member} at {now}");
            }
        });
    }

    #[test]
    fn classes_sum_to_the_member(
        dollars in prop::collection::vec((0..2_000_i64, 0..300_i64), 1..30),
        cap in prop::option::of(10_000..1_000_000_u32),
        floor in 0..20_u64,
    ) {
        let classes = ["patrons: donated(ever) / 1 USD", "buyers sqrt: purchased(ever) / 1 USD", "crew [crew]: 0"];
        let setup = Setup { cap_ppm: cap, floor_micro: floor * ONE, ..Setup::classes(&classes) };
        let gifts: Vec<i64> = dollars.iter().map(|d| d.0).collect();
        let mut coop = setup.found().with_weights(&gifts);
        for (number, (_, bought)) in (1..).zip(&dollars) {
            if *bought > 0 {
                coop.give(number, "purchase", *bought, "2025-01-01");
            }
            if number % 3 == 0 {
                coop.list("crew", number);
            }
        }
        coop.next();
        let weights = &coop.state.weights;
        for (place, weight) in weights.member.iter().enumerate() {
            prop_assert_eq!(weights.classes.iter().map(|c| c.weight[place]).sum::<u64>(), *weight);
        }
        prop_assert_eq!(weights.total, weights.member.iter().map(|w| u128::from(*w)).sum::<u128>());
    }

    #[test]
    fn splitting_a_member_never_raises_a_linear_weight(cents in 1..100_000_i64, part in 0..1_000_i64) {
        let mut coop = Setup::classes(&["patrons: donated(ever) / 1 USD"]).found();
        coop.admit(1..=3);
        let first = cents * part / 1_000;
        for (member, amount) in [(1, cents), (2, first), (3, cents - first)] {
            if amount > 0 {
                coop.give(member, "donation", amount, "2025-01-01");
            }
        }
        coop.next();
        let weights = coop.weights();
        prop_assert!(weights[1] + weights[2] <= weights[0]);
    }
}

/// Formulas that divide by nothing, overflow and take roots of what is negative, at each way of counting and with
/// classes that control, are capped, or neither.
#[test]
fn hostile_formulas_go_through_an_update() {
    use charter::Counting;

    use crate::tests::{counted, office, ranking};

    const HUGE: &str = "a: 999999999999999 * 999999999999999 * donated(ever) / 1 USD";
    const NOTHING: &str = "b: 1 / (donated(ever) / 1 USD - donated(ever) / 1 USD)";
    const NEGATIVE: &str = "c: sqrt(0 - donated(ever) / 1 USD)";
    const OF_NOBODY: &str = "d [nobody]: highest(b) / count(c) + total(d2) / count(d)";
    let last = "d2: if total(b) == 0 then 999999999999 else 0 / 0";
    let all = [Counting::Quadratic, Counting::Linear, Counting::OneMember];
    for (case, counting) in (0_u32..).zip(all.into_iter().cycle().take(12)) {
        let clauses = vec![counted(counting, ranking("issues", 0, 0)), counted(counting, office("chair", 14))];
        let setup = Setup {
            clauses,
            cap_ppm: (case % 2 == 0).then_some(200_000),
            floor_micro: u64::from(case % 5) * ONE,
            ..Setup::classes(&[HUGE, NOTHING, NEGATIVE, OF_NOBODY, last])
        };
        let mut coop = setup.found();
        coop.rules_mut().kernel.class_order = vec![0, 1, 2, 4, 3];
        let classes = &mut coop.rules_mut().kernel.classes;
        for (class, ppm) in classes.iter_mut().zip([500_000, 0, 100_000, 0, 400_000]) {
            match case % 3 {
                0 => class.control_ppm = Some(ppm),
                1 => class.at_most_ppm = Some(ppm),
                _ => {}
            }
        }
        coop.open("issues", "i");
        coop.admit(1..=5);
        for member in 1..=5 {
            let most = 1_000_000_000_000_000;
            let cents = [0, 1, most, most, 100][usize::try_from(member - 1).unwrap()];
            if cents > 0 {
                coop.give(member, "donation", cents, "2025-01-01");
            }
            coop.place(member, "issues", "i", 400_000);
        }
        coop.enter(&[1, 2], "chair");
        for member in 1..=5 {
            coop.vote(member, "chair", 600_000, &[(1, 1_000_000), (2, 1)]);
        }
        coop.run(3);
        let known = coop.state.decision("issues").unwrap().clone();
        let previews = (0..5).map(|m| i128::from(coop.state.votes_for_share(&known, MemberIndex(m), 400_000)));
        assert_eq!(coop.decision("issues").item_at(ItemId(0)).unwrap().total, previews.sum::<i128>(), "case {case}");
        let weights = &coop.state.weights;
        assert_eq!(*weights.classes[1].earned, [0; 5], "x ÷ 0 is 0");
        assert_eq!(*weights.classes[2].earned, [0; 5], "a negative root is 0");
        assert_eq!(*weights.classes[3].earned, [0; 5], "nobody is on the list");
        assert_eq!(weights.classes[0].earned[2], u64::MAX, "the most that fits");
    }
}

/// A co-op in which every sum over a period falls by half.
fn falling_by_half(classes: &[&'static str]) -> Coop {
    let mut rules = Setup { edition: charter::Edition::TWO, ..Setup::classes(classes) }.rules();
    for source in rules.kernel.classes.iter_mut().flat_map(|class| &mut class.weight.sources) {
        if let Source::Support { kind, period } = *source {
            *source = Source::Falling { kind, period };
        }
    }
    let mut coop = Setup::classes(classes).found();
    *coop.rules_mut() = rules;
    coop
}

#[test]
fn late_records_fall_by_half() {
    let mut coop = falling_by_half(&["workers: hours(last month) / 1 hour"]);
    coop.admit(1..=3);
    let late = coop.give(1, "hours", 64 * 3_600, "2024-12-15");
    coop.give(2, "hours", 64 * 3_600, "2024-12-15");
    coop.give(3, "hours", 64 * 3_600, "2024-12-15");
    expect(&mut coop, "2025-01-02", &[64.0, 64.0, 64.0]);
    // January's records are late, but for one of the three.
    coop.run_until("2025-02-01");
    coop.give(2, "hours", 20 * 3_600, "2025-01-15");
    expect(&mut coop, "2025-02-01", &[32.0, 32.0, 32.0]);
    coop.give(2, "hours", 30 * 3_600, "2025-01-16");
    expect(&mut coop, "2025-02-08", &[32.0, 50.0, 32.0]);
    let own = coop.state.support.only(MemberIndex(0));
    let (source, at) = (coop.state.rules.kernel.classes[0].weight.sources[0].clone(), coop.state.weights.at);
    let told = carried(&source, &coop.state.rules.kernel, &own, at).unwrap();
    assert_eq!((told.times, told.to), (1, Moment::parse("2025-01-01").unwrap()));
    let lines = counted(&source, &coop.state.rules.kernel, &own, at);
    assert_eq!(lines.iter().map(|line| line.worth / 3_600_000_000_000_000).collect::<Vec<_>>(), [32]);
    // A refund takes back what is carried over; who leaves loses it at once.
    coop.take_back(&late, Some(32 * 3_600), "2025-02-09");
    coop.leave(3);
    expect(&mut coop, "2025-02-15", &[16.0, 50.0, 0.0]);
    expect(&mut coop, "2025-03-01", &[8.0, 25.0, 0.0]);
    expect(&mut coop, "2025-04-01", &[4.0, 12.5, 0.0]);
    expect(&mut coop, "2025-05-01", &[2.0, 6.25, 0.0]);
    expect(&mut coop, "2025-06-01", &[1.0, 3.125, 0.0]);
    // A thirty-second is the last part.
    expect(&mut coop, "2025-07-01", &[0.0, 1.562_5, 0.0]);
}
