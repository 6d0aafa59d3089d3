//! The part of the co-op that something was given to, and the decisions that are about it.

use super::*;
use crate::MemberIndex;
use crate::act::{Amount, ClaimSupport, RecordSupport, ReverseSupport};
use crate::chamber::Decision;
use crate::edition::{THREE, TWO};

const CLASSES: &str = r#"class "eaters" { weight "purchased(ever) / 1 USD"; service "food" }
    class "makers" { weight "hours(ever) / 1 hour"; service "compute" }
    class "givers" { weight "(donated(ever) - donated(ever, of food)) / 1 USD" }"#;
const CLAUSES: &str = "office \"cook\" { settles-in \"14 days\"; service \"food\" }\n\
    office \"rack\" { settles-in \"14 days\"; service \"compute\" weighs=2 }\n\
    office \"till\" { settles-in \"14 days\" }";

fn coop(classes: &str, clauses: &str, edition: Edition) -> Coop {
    let kernel = kernel("").replace("class \"patrons\" { weight \"donated(ever) / 1 USD\" }", classes);
    let constitution = rules(clauses);
    let mut coop = Setup::new(Vec::new()).found();
    let read = read_kernel_under(&kernel, edition).unwrap_or_else(|why| panic!("{why:?}"));
    let own = read_constitution(&constitution, &read).unwrap_or_else(|why| panic!("{why:?}"));
    let mut act = Found::on(&hex(kernel.as_bytes()), &hex(constitution.as_bytes()), false);
    (act.edition, act.open) = (edition, edition == THREE);
    coop.state = State::found(Rules::new(read, own), act, at("2025-01-01")).with_texts(&kernel, &constitution);
    coop.admit(1..=4);
    coop
}

/// Records something that was given to a service, and returns its source.
fn serve(coop: &mut Coop, member: u64, kind: &str, amount: i64, service: &str) -> String {
    let act = of(coop, member, kind, amount, service);
    let source = act.source.clone();
    coop.act(Act::RecordSupport(act));
    source
}

fn of(coop: &mut Coop, member: u64, kind: &str, amount: i64, service: &str) -> RecordSupport {
    RecordSupport { service: Some(service.to_owned()), ..coop.support(member, kind, amount, "2025-01-01") }
}

/// Member 1 bought food for 100 USD and 50 USD of nothing in particular; member 2 worked 64 hours for compute; member 3 gave 30 USD,
/// of which 10 to food; member 4 bought tools for 500 USD.
fn served() -> Coop {
    let mut coop = coop(CLASSES, CLAUSES, THREE);
    serve(&mut coop, 1, "purchase", 10_000, "food");
    coop.give(1, "purchase", 5_000, "2025-01-01");
    serve(&mut coop, 2, "hours", 64 * 3_600, "compute");
    coop.give(3, "donation", 2_000, "2025-01-01");
    serve(&mut coop, 3, "donation", 1_000, "food");
    serve(&mut coop, 4, "purchase", 50_000, "tools");
    coop.next();
    coop
}

fn votes(coop: &Coop, decision: &str) -> [u64; 4] {
    let decision: &Decision = coop.decision(decision);
    [0, 1, 2, 3].map(|member| coop.state.votes_for_share(decision, MemberIndex(member), 1_000_000))
}

#[test]
fn what_was_given_to_a_service_counts_in_its_classes_alone() {
    let coop = served();
    assert_eq!(coop.weights(), [100_000_000, 64_000_000, 20_000_000, 0]);
    // Of the cook eaters alone decide: √100 votes. Of the rack all, and 64 weigh 128: √128. Of the till all as they are.
    assert_eq!(votes(&coop, "cook"), [10_000_000, 0, 0, 0]);
    assert_eq!(votes(&coop, "rack"), [10_000_000, 11_313_708, 4_472_135, 0]);
    assert_eq!(votes(&coop, "till"), [10_000_000, 8_000_000, 4_472_135, 0]);
    let capacity = |name: &str| coop.decision(name).capacity;
    assert_eq!(["cook", "rack", "till"].map(capacity), [10_000_000, 25_785_843, 22_472_135]);
}

#[test]
fn an_update_counts_what_a_page_foresees() {
    let mut coop = served();
    coop.enter(&[1, 2], "rack");
    coop.vote(2, "rack", 500_000, &[(2, 1_000_000)]);
    coop.next();
    let place = coop.decision("rack").candidate_by_name(&m(2).to_string()).unwrap();
    // √(half of 128).
    assert_eq!(coop.decision("rack").votes(place), Some(8_000_000));
    coop.state.check().unwrap();
}

#[test]
fn what_is_taken_back_leaves_its_service() {
    let mut coop = served();
    let source = serve(&mut coop, 1, "purchase", 4_400, "food");
    coop.next();
    assert_eq!(coop.weights()[0], 144_000_000);
    let back = ReverseSupport {
        of: source,
        amount: Some(2_300),
        given_at: Some(coop.state.time),
        given_on: None,
        source: "back".to_owned(),
    };
    coop.act(Act::ReverseSupport(back));
    coop.next();
    assert_eq!(coop.weights()[0], 121_000_000);
    coop.state.check().unwrap();
    // Whatever columns were kept, they come back the same.
    let mut fresh = coop.clone();
    fresh.state.sources = Arc::default();
    assert_eq!((coop.next(), coop.state.hash()), (fresh.next(), fresh.state.hash()));
}

#[test]
fn another_service_is_another_state_and_none_is_the_old_one() {
    let record = |service: Option<&str>| {
        let mut coop = coop(CLASSES, CLAUSES, THREE);
        let act = coop.support(1, "purchase", 10_000, "2025-01-01");
        coop.act(Act::RecordSupport(RecordSupport { service: service.map(str::to_owned), ..act }));
        coop.state.hash()
    };
    let all = [record(None), record(Some("food")), record(Some("tools"))];
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] == record(None));
}

#[test]
fn a_claim_keeps_its_service() {
    let mut coop = served();
    coop.act(Act::ClaimSupport(ClaimSupport {
        member: m(2),
        kind: "hours".to_owned(),
        amount: Amount { amount: 3_600, currency: None, unit: Some("second".to_owned()) },
        given_on: "2025-01-02".to_owned(),
        source: "own:1".to_owned(),
        service: Some("compute".to_owned()),
    }));
    let claim = coop.state.claims.get(1).unwrap();
    assert_eq!(coop.state.record_of(claim).service.as_deref(), Some("compute"));
}

#[test]
fn names_of_services_are_bounded() {
    let mut coop = served();
    for (kind, service, rule) in [
        ("purchase", "Food", Rule::NoSuchService),
        ("purchase", "", Rule::NoSuchService),
        ("purchase", "a-name-with-more-than-forty-characters-12", Rule::NoSuchService),
        ("pledge", "food", Rule::PledgeOfService),
    ] {
        let act = Act::RecordSupport(of(&mut coop, 1, kind, 100, service));
        refused(&coop, &act, rule);
    }
    // Three are in use: food, compute and tools.
    for number in 4..=100 {
        serve(&mut coop, 1, "purchase", 1, &format!("service-{number}"));
    }
    let act = Act::RecordSupport(of(&mut coop, 1, "purchase", 1, "one-more"));
    refused(&coop, &act, Rule::TooManyServices);
    serve(&mut coop, 1, "purchase", 1, "food");
    let mut old = self::coop("class \"patrons\" { weight \"donated(ever) / 1 USD\" }", OFFICE, TWO);
    let act = Act::RecordSupport(of(&mut old, 1, "donation", 1, "food"));
    refused(&old, &act, Rule::ActOfLaterEdition);
}

/// Friends who affirm a hundred claims of a second each, or a till, use up all names before anybody has given to `food`.
#[test]
fn nobody_uses_up_the_names_that_the_rules_name() {
    let mut coop = coop(CLASSES, CLAUSES, THREE);
    for number in 1..=100 {
        serve(&mut coop, 1, "purchase", 1, &format!("service-{number}"));
    }
    let act = Act::RecordSupport(of(&mut coop, 1, "purchase", 1, "one-more"));
    refused(&coop, &act, Rule::TooManyServices);
    serve(&mut coop, 1, "purchase", 100, "food");
    serve(&mut coop, 2, "hours", 3_600, "compute");
    coop.next();
    assert_eq!(coop.weights()[..2], [1_000_000, 1_000_000]);
    coop.state.check().unwrap();
}

/// A fourth of all weight, all of it in the matter's own class, has half of the votes where that weighs three times, which is the most.
#[test]
fn those_who_work_on_a_matter_have_no_more_than_three_times_their_part() {
    let clauses = "office \"cook\" { settles-in \"14 days\"; votes \"linear\"; service \"food\" weighs=3 }";
    let mut coop = coop(CLASSES, clauses, THREE);
    serve(&mut coop, 1, "purchase", 10_000, "food");
    for member in 2..=4 {
        serve(&mut coop, member, "hours", 100 * 3_600, "compute");
    }
    coop.next();
    assert_eq!(votes(&coop, "cook"), [300_000_000, 100_000_000, 100_000_000, 100_000_000]);
    assert_eq!(coop.decision("cook").capacity, 600_000_000);
    let read = &coop.state.rules.kernel;
    let more = read_constitution(&rules(&clauses.replace("=3", "=4")), read).unwrap_err();
    assert_eq!(more[0].code, "C014");
}
