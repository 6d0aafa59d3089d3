//! Commitments, pools, releases and supplies: what is read, and at which ends their ranges hold.

use quantity::{Moment, Zone};

use super::*;

fn kind(text: &str) -> ClauseKind {
    let read = read(text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    read.clauses[0].kind.clone()
}

fn codes(text: &str) -> String {
    let found = read(text).err().unwrap_or_default();
    let codes: Vec<&str> = found.iter().map(|d| d.code).collect();
    codes.join(" ")
}

#[test]
fn a_commitment_has_a_cycle_a_day_or_two_numbers() {
    let ballot = |default: &str, freeze_ppm, quorum_ppm| Ballot { default: default.to_owned(), freeze_ppm, quorum_ppm };
    assert_eq!(
        kind("commitment \"c\" every=\"quarter\""),
        ClauseKind::Commitment(Commitment {
            due: Due::Every(Every::Quarter, ballot("do nothing", 100_000, 100_000)),
            conviction_half_life: None,
        })
    );
    let day = Moment::parse_at_end_of_day("2027-03-31", &Zone::utc()).unwrap();
    assert_eq!(
        kind(
            "commitment \"c\" { deadline \"2027-03-31\"; default \"wait\"; freeze \"0%\"; quorum \"100%\"; conviction-half-life \"1 week\" }"
        ),
        ClauseKind::Commitment(Commitment {
            due: Due::Deadline(day, ballot("wait", 0, 1_000_000)),
            conviction_half_life: Span::parse("1 week"),
        })
    );
    assert_eq!(
        kind("commitment \"c\" { spending-limit \"20%\"; least-conviction \"2.5%\"; conviction-half-life \"7 days\" }"),
        ClauseKind::Commitment(Commitment {
            due: Due::Continuous { spending_limit_ppm: 200_000, least_conviction_ppm: 25_000 },
            conviction_half_life: Span::parse("7 days"),
        })
    );
    let continuous = "spending-limit \"20%\"; least-conviction \"2.5%\"";
    for (fields, wanted) in [
        ("", "C007"),
        ("every \"quarter\"; deadline \"2027-03-31\"", "C051"),
        ("every \"quarter\"; spending-limit \"20%\"", "C051"),
        ("deadline \"2027-03-31\"; least-conviction \"20%\"", "C051"),
        ("spending-limit \"20%\"; conviction-half-life \"1 day\"", "C052"),
        ("least-conviction \"20%\"; conviction-half-life \"1 day\"", "C052"),
        (continuous, "C007"),
        ("every \"month\"; freeze \"50.0001%\"", "C014"),
        ("every \"month\"; freeze \"50%\"", ""),
        ("every \"month\"; quorum \"100.1%\"", "C014"),
        ("every \"fortnight\"", "C033"),
        ("every \"month\"; default \"\"", "C014"),
        ("deadline \"2027-02-29\"", "C056"),
        ("deadline \"2027-03-31T10:00:00Z\"", "C056"),
        ("spending-limit \"0%\"; least-conviction \"100%\"; conviction-half-life \"1 day\"", "C014 C014"),
        ("spending-limit \"20%\"; least-conviction \"2%\"; conviction-half-life \"1 day\"; quorum \"5%\"", "C051"),
    ] {
        let text = format!("commitment \"c\" {{ {fields} }}");
        assert_eq!(codes(&text), wanted, "{fields}");
    }
}

#[test]
fn a_pool_is_fed_and_shared_out() {
    let feed = |part_ppm, of| Feed { part_ppm, of };
    assert_eq!(
        kind("pool \"p\""),
        ClauseKind::Pool(Pool {
            fed_by: Vec::new(),
            matching: Matching::Quadratic,
            every: Every::Month,
            own_projects: OwnProjects::Excluded,
            order: FundingOrder::Strict,
        })
    );
    assert_eq!(
        kind(
            "pool \"p\" { fed-by \"20% of donations\"; fed-by \"0.5% of surplus\"; match \"capped\"; cap \"25%\"; every \"quarter\"; self \"allowed\"; order \"skip\" }"
        ),
        ClauseKind::Pool(Pool {
            fed_by: vec![feed(200_000, Income::Donations), feed(5_000, Income::Surplus)],
            matching: Matching::Capped { cap_ppm: 250_000 },
            every: Every::Quarter,
            own_projects: OwnProjects::Allowed,
            order: FundingOrder::Skip,
        })
    );
    for name in ["quadratic", "scaled", "pairwise", "connected", "none"] {
        let ClauseKind::Pool(pool) = kind(&format!("pool \"p\" match=\"{name}\"")) else {
            panic!("{name} makes no pool");
        };
        assert_eq!(pool.matching.name(), name);
    }
    for (fields, wanted) in [
        ("match \"capped\"", "C007"),
        ("cap \"20%\"", "C052"),
        ("match \"capped\"; cap \"100%\"", "C014"),
        ("match \"cappd\"; cap \"20%\"", "C033"),
        ("fed-by \"0% of dues\"", "C054"),
        ("fed-by \"100% of dues\"", ""),
        ("fed-by \"101% of dues\"", "C054"),
        ("fed-by \"dues\"", "C054"),
        ("fed-by \"1% of due\"; fed-by \"x of y\"", "C033 C054 C033"),
        ("fed-by \"1% of dues\"; fed-by \"1% of dues\"", "C013"),
        ("fed-by \"60% of dues\"; fed-by \"50% of income\"", "C055"),
        ("fed-by \"60% of surplus\"; fed-by \"50% of income\"", ""),
        ("fed-by \"50% of dues\"; fed-by \"60% of invoices\"; fed-by \"40% of income\"", ""),
        ("fed-by \"50% of dues\"; fed-by \"60% of invoices\"; fed-by \"41% of income\"", "C055"),
    ] {
        assert_eq!(codes(&format!("pool \"p\" {{ {fields} }}")), wanted, "{fields}");
    }
    let two = |one: &str, other: &str| codes(&format!("pool \"p\" fed-by=\"{one}\"\npool \"q\" fed-by=\"{other}\""));
    assert_eq!(two("50% of dues", "50% of dues"), "");
    assert_eq!(two("50% of dues", "50.0001% of dues"), "C055");
}

#[test]
fn a_release_opens_by_support_by_what_was_raised_or_by_day() {
    let until = |text: &str| kind(&format!("release \"r\" {{ patrons-until \"{text}\" }}"));
    let release = |patrons_until| ClauseKind::Release(Release { patrons_until });
    let limit = MoneyPer { amount_minor: 40_000, every: Every::Month };
    assert_eq!(until("400 USD per month"), release(Until::Support(limit)));
    assert_eq!(until("5000 USD"), release(Until::Raised(500_000)));
    let day = Moment::parse_at_end_of_day("2027-03-31", &Zone::utc()).unwrap();
    assert_eq!(until("2027-03-31"), release(Until::Day(day)));
    for (text, wanted) in [
        ("400 EUR per month", "C019"),
        ("400 XYZ", "C018"),
        ("-400 USD", "C040"),
        ("0 USD", "C040"),
        ("0.001 USD", "C040"),
        ("400 USD per fortnight", "C026"),
        ("400", "C040"),
        ("2027-3-31", "C056"),
        ("99999999999999999999 USD", "C040"),
    ] {
        let text = format!("release \"r\" {{ patrons-until \"{text}\" }}");
        assert_eq!(codes(&text), wanted, "{text}");
    }
    assert_eq!(codes("release \"r\""), "C007");
    assert_eq!(codes("release \"r\" { patrons-until \"5 USD\"; votes \"linear\" }"), "C006");
}

#[test]
fn a_supply_is_money_time_or_a_count() {
    let supply = |fields: &str| match kind(&format!("ranking \"r\" {{ {fields} }}")) {
        ClauseKind::Ranking(ranking) => ranking.supply,
        other => panic!("{other:?}"),
    };
    let of = |amount, every, too_large| Some(Supply { amount, every, too_large });
    let stops = TooLarge::Stops;
    assert_eq!(supply(""), None);
    assert_eq!(supply("supply \"8 hours per month\""), of(Amount::Seconds(28_800), Every::Month, stops));
    assert_eq!(
        supply("supply \"1.5 hours per day\"; skip \"yes\""),
        of(Amount::Seconds(5_400), Every::Day, TooLarge::IsSkipped)
    );
    assert_eq!(supply("supply \"5 USD per year\"; skip \"no\""), of(Amount::Money(500), Every::Year, stops));
    assert_eq!(supply("supply \"5 places per week\""), of(Amount::Count(5), Every::Week, stops));
    for (fields, wanted) in [
        ("skip \"yes\"", "C052"),
        ("supply \"8 hours\"", "C040"),
        ("supply \"0 hours per month\"", "C040"),
        ("supply \"-1 hours per month\"", "C040"),
        ("supply \"0 places per month\"", "C040"),
        ("supply \"1.5 places per month\"", "C040"),
        ("supply \"8 huors per month\"", "C020"),
        ("supply \"8 EUR per month\"", "C019"),
        ("supply \"8 hours per mont\"", "C026"),
        ("supply \"99999999999999999999 hours per day\"", "C040"),
        ("supply \"8 hours per day\"; skip \"maybe\"", "C033"),
    ] {
        assert_eq!(codes(&format!("ranking \"r\" {{ {fields} }}")), wanted, "{fields}");
    }
}

#[test]
fn what_is_kept_and_not_carried_out_is_noted() {
    let found = read(
        "release \"r\" patrons-until=\"5 USD\"\nranking \"a\" { skip \"no\"; supply \"5 USD per day\" }\noffice \"o\" { settles-in \"1 day\"; delegation \"allowed\" }\noffice \"p\" { settles-in \"1 day\"; delegation \"none\" }\npool \"q\"\ncommitment \"c\" every=\"year\"",
    )
    .unwrap();
    let notes: Vec<String> = found.notes.iter().map(|d| format!("{} {} {}", d.line, d.code, d.words)).collect();
    assert_eq!(
        notes,
        ["1 C015 release", "2 C015 skip", "2 C015 supply", "3 C015 delegation", "5 C015 pool", "6 C015 commitment"]
    );
    assert_eq!(found.clauses[2].delegation, Delegation::Allowed);
    assert_eq!(found.clauses[3].delegation, Delegation::Nobody);
}
