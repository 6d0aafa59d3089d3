//! The catalogue on templates and on rules that are known to fail.

use charter::{Edition, Rules, read_constitution, read_kernel_under, template};
use quantity::Currency;

use crate::{Attack, Ground, Report, attack};

/// Gifts fade, and nobody holds more than a fifth: three members with a cent held 60 % under edition 1.
const CAPPED: &str = r#"# Kernel

```charter
kernel {
    name "Capped"
    purpose "Show what a cap does"
    currency "USD"
    time-zone "UTC"
    class "givers" { weight "faded(donated, half-life 1 year) / 1 USD" }
    members { cap "20%" }
    votes "quadratic"
    constitution {
        settles-in "10 days"
        updates "weekly on monday at 01:00"
    }
    amend "2/3 of weight for 180 days"
    fork carries="register ledger rules" treasury="by weight of those who go"
}
```
"#;

const PLAIN: &str = r#"# Constitution

```charter
office "maintainer" {
    settles-in "10 days"
    may "merge" "admit"
}
```
"#;

fn tried_on(kernel: &str, constitution: &str, edition: Edition, members: u32) -> Report {
    let read = read_kernel_under(kernel, edition).expect("the kernel checks");
    let clauses = read_constitution(constitution, &read).expect("the constitution checks");
    let rules = Rules::new(read, clauses);
    let ground = Ground::equal_members(rules, (kernel, constitution), members, 1_000_000, 1).expect("it settles");
    attack(&ground, 1).expect("no invariant breaks")
}

fn named<'a>(report: &'a Report, attack: &str) -> Vec<&'a Attack> {
    report.attacks.iter().filter(|one| one.attack == attack).collect()
}

#[test]
fn the_worst_comes_first_and_each_says_its_numbers() {
    let report = tried_on(CAPPED, PLAIN, Edition::ONE, 10);
    assert_eq!((report.members, report.balance_minor), (10, 1_000_000));
    let through: Vec<bool> = report.attacks.iter().map(|one| one.through).collect();
    assert!(through.is_sorted_by(|a, b| a >= b), "{through:?}");
    for one in &report.attacks {
        assert!(!one.tried.is_empty() && one.says.ends_with('.'), "{one:?}");
        assert_eq!(one.through, one.cheapest.days.is_some(), "{one:?}");
    }
}

#[test]
fn a_course_is_the_same_each_time_and_with_any_number_of_threads() {
    let once = tried_on(CAPPED, PLAIN, Edition::ONE, 7);
    assert_eq!(once, tried_on(CAPPED, PLAIN, Edition::ONE, 7));
}

#[test]
fn a_greater_part_of_all_weight_never_takes_longer() {
    let report = tried_on(CAPPED, PLAIN, Edition::ONE, 100);
    for one in named(&report, "all-in") {
        let days = one.tried.iter().map(|tried| tried.days.unwrap_or(u64::MAX));
        assert!(days.is_sorted_by(|a, b| a >= b), "{one:?}");
    }
}

#[test]
fn every_template_is_tried_whole() {
    let usd = Currency::parse("USD").expect("USD is a currency");
    for name in charter::templates() {
        let filled = template(name).expect("it is listed").fill("Example", usd);
        let report = tried_on(&filled.kernel, &filled.constitution, Edition::USUAL, 10);
        // All-in on the constitution, another kernel and a full ballot are open to every co-op.
        for attack in ["all-in", "another-kernel", "fill-the-ballot", "dust", "great-gift", "leave-with-the-money"] {
            assert!(!named(&report, attack).is_empty(), "{name}: {attack}");
        }
    }
}
