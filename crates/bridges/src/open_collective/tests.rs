//! The rules of `docs/spec/import.md`, on a small file and on a real project's records.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use crate::{Fact, Kind, What, open};

fn facts(path: &Path) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut source = open(Kind::OpenCollectiveCsv, path, &mut |_, _| {}).unwrap();
    source
        .facts(&mut |fact| {
            facts.push(fact);
            ControlFlow::Continue(())
        })
        .unwrap();
    facts
}

fn fixture() -> Vec<Fact> {
    facts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/open-collective.csv"))
}

/// One line for each fact, in words.
fn told(fact: &Fact) -> String {
    let what = match &fact.what {
        What::Support { person, kind, amount, months, pledge_series, stands_months, .. } => format!(
            "{kind} {amount} by {} ({}) x{months} {} {stands_months}",
            person.name,
            person.handle.as_deref().unwrap_or_default(),
            pledge_series.as_deref().unwrap_or("-"),
        ),
        What::Reversal { of, amount } => format!("reversal {amount} of {}", short(&of[0])),
        What::Booking { narration, postings, .. } => {
            let postings = postings.iter().map(|p| format!(" {}={}", p.account, p.minor));
            format!("{narration}:{}", postings.collect::<String>())
        }
        other => format!("{other:?}"),
    };
    format!("{} {what}", short(&fact.source))
}

fn short(source: &str) -> &str {
    source.strip_prefix("open-collective:a00000").unwrap()
}

#[test]
fn each_kind_of_row_gives_its_facts_oldest_first() {
    let told: Vec<String> = fixture().iter().map(told).collect();
    let expected = [
        "03 donation 800 by member-002 (member-002) x1 - 0",
        "03:pledge pledge 800 by member-002 (member-002) x1 monthly 2",
        "03:book contribution: assets:open-collective=686 income:contributions=-800 \
         expenses:payment-processor-fees=64 expenses:host-fees=50",
        "04 donation 10000 by member-003 (member-003) x12 - 0",
        "04:pledge pledge 834 by member-003 (member-003) x1 yearly 12",
        "04:book contribution: assets:open-collective=8680 income:contributions=-10000 \
         expenses:payment-processor-fees=320 expenses:taxes=500 expenses:host-fees=500",
        "05 donation 20000 by Member, \"004\" (member-004) x1 - 0",
        "05:book contribution: assets:open-collective=20000 income:contributions=-20000",
        "02:book host fee: assets:open-collective=-20 expenses:host-fees=20",
        "01 donation 200 by member-001 (member-001) x1 - 0",
        "01:pledge pledge 200 by member-001 (member-001) x1 monthly 2",
        "01:book contribution: assets:open-collective=164 income:contributions=-200 \
         expenses:payment-processor-fees=36",
        "06:book expense: assets:open-collective=-2650 expenses:paid=2500 \
         expenses:payment-processor-fees=150",
        "07:book contribution given: assets:open-collective=-1000 expenses:contributions-given=1000",
        "08 reversal 200 of 01",
        "08:pledge reversal 200 of 01:pledge",
        "08:book refund of a contribution: assets:open-collective=-200 income:contributions=200",
        "09:book payment processor fee covered: assets:open-collective=36 income:refunded-fees=-36",
        "10:book refund of a host fee: assets:open-collective=20 income:refunded-fees=-20",
        "11 reversal 10000 of 04",
        "11:pledge reversal 834 of 04:pledge",
        "11:book refund of a contribution: assets:open-collective=-10000 income:contributions=10000",
        "12:book other expense: assets:open-collective=-100 expenses:other=100",
    ];
    assert_eq!(told, expected);
}

#[test]
fn bookings_balance_and_sources_are_unique() {
    let facts = fixture();
    let mut sources: Vec<&str> = facts.iter().map(|fact| fact.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    assert_eq!(sources.len(), facts.len());
    for fact in &facts {
        if let What::Booking { postings, .. } = &fact.what {
            assert_eq!(postings.iter().map(|posting| posting.minor).sum::<i64>(), 0, "{fact:?}");
        }
    }
}

#[test]
fn no_name_reaches_the_book() {
    for fact in fixture() {
        if let What::Booking { .. } = fact.what {
            assert!(!format!("{:?}", fact.what).to_lowercase().contains("member"), "{fact:?}");
        }
    }
}

/// The real project publishes the net result of each year together with the records that the demo ships.
#[test]
fn a_real_project_comes_out_to_the_cent() {
    let facts = facts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/transactions.csv"));
    let mut years: BTreeMap<String, i64> = BTreeMap::new();
    for fact in &facts {
        if let What::Booking { postings, .. } = &fact.what {
            let assets = postings.iter().filter(|posting| posting.account.starts_with("assets:"));
            *years.entry(fact.at.to_string()[..4].to_owned()).or_default() +=
                assets.map(|posting| posting.minor).sum::<i64>();
        }
    }
    let net = [10_092, 19_007, 8_167, 106_457, 325_265, 217_378, 60_207, -9_303, -20_099];
    assert_eq!(years.values().copied().collect::<Vec<_>>(), net);
    assert_eq!(net.iter().sum::<i64>(), 717_171);

    let count = |test: fn(&What) -> bool| facts.iter().filter(|fact| test(&fact.what)).count();
    assert_eq!(count(|what| matches!(what, What::Booking { .. })), 1_776);
    assert_eq!(count(|what| matches!(what, What::Support { kind: "donation", .. })), 968);
    assert_eq!(count(|what| matches!(what, What::Support { kind: "pledge", .. })), 943);
    assert_eq!(count(|what| matches!(what, What::Support { months: 12, .. })), 8);
    assert_eq!(count(|what| matches!(what, What::Reversal { .. })), 4);
}
