//! Pools: reading, the ends of ranges, and feeds.

use super::{Feed, FundingOrder, Income, Matching, OwnProjects, Pool};
use crate::clause::ClauseKind;
use crate::clause::tests::{codes, codes_before_four, codes_below, granting_under, kind};
use crate::phrase::Every;

#[test]
fn a_pool_is_fed_and_shared_out() {
    let feed = |part_ppm, of| Feed { part_ppm, of };
    assert_eq!(
        kind("pool \"p\""),
        ClauseKind::Pool(Pool {
            fed_by: Vec::new(),
            matching: Matching::Quadratic,
            groups: Vec::new(),
            every: Every::Month,
            own_projects: OwnProjects::Excluded,
            order: FundingOrder::Strict,
            conviction_half_life: None,
        })
    );
    assert_eq!(
        kind(
            "pool \"p\" { fed-by \"20% of donations\"; fed-by \"0.5% of surplus\"; match \"capped\"; cap \"25%\"; every \"quarter\"; self \"allowed\"; order \"skip\" }"
        ),
        ClauseKind::Pool(Pool {
            fed_by: vec![feed(200_000, Income::Donations), feed(5_000, Income::Surplus)],
            matching: Matching::Capped { cap_ppm: 250_000 },
            groups: Vec::new(),
            every: Every::Quarter,
            own_projects: OwnProjects::Allowed,
            order: FundingOrder::Skip,
            conviction_half_life: None,
        })
    );
    for name in ["quadratic", "scaled", "pairwise", "connected", "none"] {
        let kernel = granting_under("", crate::Edition::THREE);
        let read = crate::read_constitution(&format!("pool \"p\" match=\"{name}\""), &kernel).unwrap();
        let ClauseKind::Pool(pool) = &read.clauses[0].kind else {
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
fn income_feeds_the_pools_of_the_co_op_alone() {
    let team = "constitution \"team\" { may \"spend\" }";
    assert_eq!(codes_below(&["pool \"p\" { fed-by \"20% of dues\" }"]), "");
    assert_eq!(codes_below(&[team, "pool \"p\""]), "");
    let fed = "pool \"p\" { fed-by \"20% of dues\"; fed-by \"5% of surplus\" }";
    assert_eq!(codes_below(&[team, fed]), "C049 C049");
}

/// A kernel of edition 4 with a list.
fn under_four() -> crate::Kernel {
    let text = "kernel { name x; purpose y; currency USD; class p { weight \"1\" }; class b list=\"board\" { weight \"1\" }; constitution { settles-in \"1 day\"; updates \"daily at 01:00\" } }";
    crate::read_kernel_under(text, crate::Edition::FOUR).unwrap_or_else(|found| panic!("{found:?}"))
}

#[test]
fn edition_4_carries_pools_out() {
    let kernel = under_four();
    let mistakes = |fields: &str| match crate::read_constitution(&format!("pool \"p\" {{ {fields} }}"), &kernel) {
        Ok(read) => {
            assert!(read.clauses[0].opens(crate::Edition::FOUR) && !read.clauses[0].opens(crate::Edition::THREE));
            read.notes.iter().map(|note| note.code).collect::<Vec<_>>().join(" ")
        }
        Err(found) => found.iter().map(|found| found.code).collect::<Vec<_>>().join(" "),
    };
    for (fields, wanted) in [
        ("", ""),
        ("match \"pairwise\"; pairwise \"25 USD\"; conviction-half-life \"7 days\"", ""),
        ("match \"pairwise\"", "C007"),
        ("pairwise \"25 USD\"", "C052"),
        ("match \"pairwise\"; pairwise \"25 EUR\"", "C019"),
        ("match \"connected\"; groups \"board\"", ""),
        ("match \"connected\"", "C007"),
        ("match \"connected\"; groups \"bord\"", "C103"),
        ("match \"connected\"; groups \"board\" \"board\"", "C013"),
        ("groups \"board\"", "C052"),
        ("delegation \"allowed\"", "C104"),
        ("delegation \"allowed\"; self \"allowed\"", "C015"),
        ("fed-by \"5% of surplus\"; fed-by \"5% of invoices\"", "C105 C105"),
        ("every \"week\"", "C095"),
    ] {
        assert_eq!(mistakes(fields), wanted, "{fields}");
    }
    for fields in ["pairwise \"25 USD\"", "groups \"board\"", "conviction-half-life \"7 days\""] {
        assert_eq!(
            codes_before_four(&format!("pool \"p\" {{ {fields} }}")),
            "C006",
            "earlier editions have no such field"
        );
    }
}

#[test]
fn a_pool_says_what_it_does() {
    let kernel = under_four();
    let text = "pool \"p\" { match \"pairwise\"; pairwise \"25 USD\" }";
    let read = crate::read_constitution(text, &kernel).unwrap();
    let said = crate::explain_constitution(&read, &kernel, None);
    let said: Vec<&String> = said.iter().flat_map(|one| &one.sentences).collect();
    assert!(said.iter().any(|said| said.contains("add less than 50.00 USD to all of them")), "{said:?}");
    assert!(said.iter().any(|said| said.contains("charged once its project is funded")), "{said:?}");
}
