//! Releases. Each test is a sentence of `docs/spec/releases.md`.

use charter::{Clause, ClauseKind, Every, GivenPower, MoneyPer, Power, Until};

use crate::edition::{FOUR, THREE};
use crate::tests::{Coop, Setup, at, body, by, document, m, office, read, rule};
use crate::{Actor, Context, Outcome, Refusal, Rule};

const HASH: &str = "00000000000000000000000000000000000000000000000000000000000000aa";

fn release(name: &str, until: Until) -> Clause {
    let kind = ClauseKind::Release(charter::Release { patrons: None, patrons_until: until });
    Clause { kind, name: name.to_owned(), ..document(name, 14) }
}

fn monthly(minor: i64) -> Until {
    Until::Support(MoneyPer { amount_minor: minor, every: Every::Month })
}

fn with_power(mut clause: Clause) -> Clause {
    let powers = vec![GivenPower::plain(Power::Release)];
    match &mut clause.kind {
        ClauseKind::Office(office) => office.powers = powers,
        ClauseKind::Body(body) => body.powers = powers,
        _ => {}
    }
    clause
}

/// Nine members; the first holds an office that releases, and updates are daily. Support is what one donates.
fn house_until(until: Until) -> Coop {
    let clauses = vec![with_power(office("maintainer", 14)), release("binaries", until)];
    let mut house = Setup { edition: FOUR, updates: "daily at 01:00", ..Setup::new(clauses) }.found();
    house.admit(1..=9);
    house.enter(&[1], "maintainer");
    house.seat(&[1], "maintainer");
    house
}

fn house() -> Coop {
    house_until(monthly(40_000))
}

fn body_of(version: &str, files: &str) -> String {
    format!(r#"{{"release":"binaries","version":"{version}","files":[{files}]}}"#)
}

fn file(name: &str) -> String {
    format!(r#"{{"name":"{name}","bytes":5,"sha256":"{HASH}","media":"application/zip"}}"#)
}

fn publishes(house: &mut Coop, member: u64, version: &str) -> Result<Vec<String>, Refusal> {
    by(house, member, &read("publish_release", &body_of(version, &file("tool.zip"))))
}

fn withdraws(house: &mut Coop, member: u64, version: &str) -> Result<Vec<String>, Refusal> {
    let text = format!(r#"{{"release":"binaries","version":"{version}"}}"#);
    by(house, member, &read("withdraw_release", &text))
}

fn is_open(house: &Coop, version: &str) -> bool {
    house.state.releases.get("binaries", version).unwrap().open.is_some()
}

fn is_patron(house: &Coop, member: u64, on: &str) -> bool {
    house.state.is_patron("binaries", house.state.members.index(m(member)).unwrap(), at(on))
}

#[test]
fn a_cent_less_than_the_sum_opens_nothing() {
    let mut house = house();
    assert_eq!(publishes(&mut house, 1, "1.0").unwrap(), ["release-published binaries 1.0 files 1"]);
    house.give(2, "donation", 39_999, "2025-01-01");
    assert!(house.run_until("2025-02-10").iter().all(|told| !told.starts_with("release-opened")));
    assert!(!is_open(&house, "1.0"), "399.99 no");
    // Given in January, and recorded in February.
    house.give(3, "donation", 1, "2025-01-31");
    assert_eq!(house.next(), ["release-opened binaries 1.0"]);
    assert_eq!(house.next(), [""; 0], "it is told once");
}

#[test]
fn the_month_that_runs_opens_nothing() {
    let mut house = house();
    publishes(&mut house, 1, "1.0").unwrap();
    house.give(2, "donation", 40_000, "2025-01-01");
    house.run_until("2025-01-31T23:00:00Z");
    assert!(!is_open(&house, "1.0"));
    house.run_until("2025-02-01T02:00:00Z");
    assert!(is_open(&house, "1.0"), "400.00 yes");
    house.run_until("2025-03-02");
    publishes(&mut house, 1, "1.1").unwrap();
    house.run(2);
    assert!(!is_open(&house, "1.1"), "the month before last counts for nothing");
}

#[test]
fn months_are_those_of_the_co_op_s_zone() {
    let clauses = vec![release("binaries", monthly(40_000))];
    let setup = Setup { edition: FOUR, updates: "daily at 01:00", zone: "America/New_York", ..Setup::new(clauses) };
    for (given, opens) in [("2025-02-01T04:59:59Z", true), ("2025-02-01T05:00:00Z", false)] {
        let mut house = setup.found();
        house.admit(1..=2);
        house.act(read("publish_release", &body_of("1.0", &file("a"))));
        house.run_until("2025-02-01T05:30:00Z");
        house.give(2, "donation", 40_000, given);
        house.run_until("2025-02-02");
        assert_eq!(is_open(&house, "1.0"), opens, "{given}");
    }
}

#[test]
fn a_refund_that_is_known_is_taken_off_and_a_later_one_closes_nothing() {
    let mut house = house();
    publishes(&mut house, 1, "1.0").unwrap();
    let gift = house.give(2, "donation", 40_000, "2025-01-01");
    house.run_until("2025-01-31T12:00:00Z");
    house.take_back(&gift, Some(1), "2025-01-31");
    house.run_until("2025-02-05");
    assert!(!is_open(&house, "1.0"), "a cent was given back in time");
    let more = house.give(3, "donation", 1, "2025-01-31");
    house.next();
    assert!(is_open(&house, "1.0"));
    house.take_back(&gift, None, "2025-02-05");
    house.take_back(&more, None, "2025-02-05");
    house.run(3);
    assert!(is_open(&house, "1.0"), "what is open stays open");
    // It opened under another sum than the next one needs: a later version asks anew.
    publishes(&mut house, 1, "1.1").unwrap();
    house.run(3);
    assert!(!is_open(&house, "1.1") && is_open(&house, "1.0"));
}

#[test]
fn a_version_under_a_sum_that_is_reached_opens_at_the_next_update() {
    let mut house = house();
    house.give(2, "donation", 40_000, "2025-01-01");
    house.run_until("2025-02-10");
    publishes(&mut house, 1, "2.0").unwrap();
    assert!(!is_open(&house, "2.0"));
    assert_eq!(house.next(), ["release-opened binaries 2.0"]);
}

#[test]
fn a_sum_raised_in_all_and_a_day_open_it_too() {
    let mut house = house_until(Until::Raised(500_000));
    publishes(&mut house, 1, "1.0").unwrap();
    house.give(2, "donation", 300_000, "2025-01-01");
    house.run_until("2025-03-01");
    house.give(3, "donation", 199_999, "2025-02-28");
    house.next();
    assert!(!is_open(&house, "1.0"));
    house.give(3, "donation", 1, "2025-02-28");
    house.next();
    assert!(is_open(&house, "1.0"), "the running month counts at once");

    let last = quantity::Moment::parse_at_end_of_day("2025-01-08", &quantity::Zone::utc()).unwrap();
    let mut house = house_until(Until::Day(last));
    publishes(&mut house, 1, "1.0").unwrap();
    house.run_until("2025-01-08T23:00:00Z");
    assert!(!is_open(&house, "1.0"), "the day is not over");
    house.run_until("2025-01-09T02:00:00Z");
    assert!(is_open(&house, "1.0"));
}

#[test]
fn a_patron_gave_in_this_or_the_last_full_month() {
    let mut house = house();
    house.run_until("2025-03-20");
    let gift = house.give(2, "donation", 1, "2025-01-31");
    house.give(3, "purchase", 50_000, "2025-03-01");
    house.give(4, "loan", 50_000, "2025-03-01");
    assert!(is_patron(&house, 2, "2025-01-31T12:00:00Z"), "a cent is enough");
    assert!(is_patron(&house, 2, "2025-02-28T23:59:59Z"));
    assert!(!is_patron(&house, 2, "2025-03-01"), "a month went by without anything");
    assert!(!is_patron(&house, 2, "2025-01-30"), "nor before it");
    assert!(!is_patron(&house, 3, "2025-03-10"), "no class counts purchases here");
    assert!(!is_patron(&house, 4, "2025-03-10"), "a loan comes back");
    house.take_back(&gift, None, "2025-02-10");
    assert!(is_patron(&house, 2, "2025-02-09"), "until it is given back");
    assert!(!is_patron(&house, 2, "2025-02-10"));
    house.give(5, "donation", 1, "2025-03-20");
    assert!(is_patron(&house, 5, "2025-03-20"));
    house.leave(5);
    assert!(!is_patron(&house, 5, "2025-03-20"), "who left is none");
}

#[test]
fn a_clause_by_the_year_has_patrons_by_the_year() {
    let mut house = house_until(Until::Support(MoneyPer { amount_minor: 100_000, every: Every::Year }));
    house.run_until("2025-06-01");
    house.give(2, "donation", 1, "2025-01-02");
    assert!(is_patron(&house, 2, "2026-12-31T23:00:00Z") && !is_patron(&house, 2, "2027-01-01"));
    let mut weekly = house_until(Until::Support(MoneyPer { amount_minor: 100_000, every: Every::Week }));
    weekly.give(2, "donation", 1, "2025-01-01");
    assert!(is_patron(&weekly, 2, "2025-02-28"), "and by the month where its sum is by the week");
}

/// A house whose patrons gave so much in a month or more.
fn house_from(least_minor: i64, until: Until) -> Coop {
    let mut house = house_until(until);
    let mut clauses = vec![with_power(office("maintainer", 14)), release("binaries", until)];
    if let ClauseKind::Release(release) = &mut clauses[1].kind {
        release.patrons = Some(MoneyPer { amount_minor: least_minor, every: Every::Month });
    }
    house.rules_mut().put_constitution(charter::Constitution::new(clauses, Vec::new()));
    house
}

#[test]
fn a_least_gift_makes_a_patron_and_a_cent_less_does_not() {
    let mut house = house_from(500, monthly(40_000));
    house.run_until("2025-02-20");
    house.give(2, "donation", 499, "2025-01-31");
    assert!(!is_patron(&house, 2, "2025-01-31T12:00:00Z"), "4.99 no");
    house.give(2, "donation", 499, "2025-02-01");
    assert!(!is_patron(&house, 2, "2025-02-10"), "nor 4.99 in each of two months");
    let last = house.give(2, "donation", 1, "2025-02-01");
    assert!(is_patron(&house, 2, "2025-02-10") && is_patron(&house, 2, "2025-03-31T23:00:00Z"), "5.00 yes");
    assert!(!is_patron(&house, 2, "2025-04-01"));
    house.take_back(&last, Some(1), "2025-02-11");
    assert!(is_patron(&house, 2, "2025-02-10") && !is_patron(&house, 2, "2025-02-11"), "a cent is given back");
    // Two gifts of one month are one sum.
    house.give(3, "donation", 250, "2025-02-01");
    house.give(3, "donation", 250, "2025-02-20");
    assert!(is_patron(&house, 3, "2025-02-20"));
    // Who is no patron fills the sum all the same.
    assert_eq!(house.state.raised_for("binaries", at("2025-03-01")), 999);
}

#[test]
fn three_with_a_cent_and_one_with_a_million() {
    let mut house = house_from(500, monthly(40_000));
    publishes(&mut house, 1, "1.0").unwrap();
    for member in 2..=4 {
        house.give(member, "donation", 1, "2025-01-01");
    }
    assert!((2..=4).all(|member| !is_patron(&house, member, "2025-01-02")));
    house.give(5, "donation", 100_000_000, "2025-01-01");
    assert!(
        is_patron(&house, 5, "2025-01-02") && !is_patron(&house, 5, "2025-03-01"),
        "a million is for two months too"
    );
    assert_eq!(house.run_until("2025-02-02"), ["release-opened binaries 1.0"]);
}

/// The bank brings donations, is expected every 31 days, and is heard on 4 February with the gifts of January, and then no more: it is
/// silent from 7 March on, and what it brought is held until 6 May.
fn silent() -> Coop {
    let mut house = house_from(500, monthly(40_000));
    for class in &mut house.rules_mut().kernel.classes {
        class.holds_while_silent = true;
    }
    house.run_until("2025-02-04");
    house.give(2, "donation", 500, "2025-01-20");
    house.give(3, "donation", 499, "2025-01-20");
    house.give(4, "donation", 500, "2024-12-31");
    house.act(read("source_heard", r#"{"source":"bank","kinds":["donation"],"every_days":31}"#));
    house
}

#[test]
fn who_has_support_keeps_it_while_the_source_is_silent_and_no_longer() {
    let mut house = silent();
    house.run_until("2025-05-20");
    for (on, held) in [
        ("2025-02-28T23:00:00Z", true),
        ("2025-03-01", false),
        ("2025-03-06T23:59:59Z", false),
        ("2025-03-07", true),
        ("2025-05-05T23:59:59Z", true),
        ("2025-05-06", false),
    ] {
        assert_eq!(is_patron(&house, 2, on), held, "{on}");
    }
    assert!(!is_patron(&house, 3, "2025-03-10"), "4.99 were no support before");
    assert!(!is_patron(&house, 4, "2025-03-10"), "nor was a gift of December on 4 February");
    house.leave(2);
    assert!(!is_patron(&house, 2, "2025-03-10"), "who left has none");
}

#[test]
fn a_refund_a_heard_source_and_a_class_that_fades_hold_no_support() {
    let mut house = silent();
    house.run_until("2025-03-20");
    let more = house.give(2, "donation", 100, "2025-01-21");
    assert!(is_patron(&house, 2, "2025-03-20"));
    house.take_back(&more, Some(1), "2025-03-20");
    assert!(is_patron(&house, 2, "2025-03-19") && !is_patron(&house, 2, "2025-03-20"), "anything given back ends it");

    let mut house = silent();
    house.run_until("2025-03-20");
    for class in &mut house.rules_mut().kernel.classes {
        class.holds_while_silent = false;
    }
    assert!(!is_patron(&house, 2, "2025-03-20"), "where weight fades, so does this");

    let mut house = silent();
    house.run_until("2025-03-20");
    house.act(read("source_heard", r#"{"source":"bank","kinds":["donation"],"every_days":31}"#));
    assert!(!is_patron(&house, 2, "2025-03-20"), "a source that is heard and has nothing ends it");
    house.run_until("2025-04-25");
    assert!(!is_patron(&house, 2, "2025-04-25"), "and silent once more it holds nothing of what was held");
    // Another source's silence holds nothing of gifts that it does not bring.
    house.act(read("source_heard", r#"{"source":"till","kinds":["purchase"],"every_days":1}"#));
    house.run_until("2025-04-28");
    assert!(!is_patron(&house, 2, "2025-04-28"));
}

#[test]
fn only_holders_of_the_power_publish_and_withdraw() {
    let mut house = house();
    assert_eq!(rule(publishes(&mut house, 2, "1.0")), Rule::NotAuthorised);
    publishes(&mut house, 1, "1.0").unwrap();
    assert_eq!(rule(withdraws(&mut house, 2, "1.0")), Rule::NotAuthorised);
    assert_eq!(withdraws(&mut house, 1, "1.0").unwrap(), ["release-withdrawn binaries 1.0"]);
    let act = read("publish_release", &body_of("1.1", &file("a")));
    let context = Context::of(Actor::Desk(m(1)), house.state.time);
    assert_eq!(house.state.authority(&act, &context).as_deref(), Some("desk office maintainer"));
    house.act(act);
    let bridge = Context::of(Actor::Bridge, house.state.time);
    let act = read("publish_release", &body_of("1.2", &file("a")));
    assert!(house.state.authority(&act, &bridge).is_none());
}

#[test]
fn a_body_publishes_together() {
    let clauses = vec![with_power(body("team", 3, 14)), release("binaries", monthly(40_000))];
    let mut house = Setup { edition: FOUR, ..Setup::new(clauses) }.found();
    house.admit(1..=4);
    house.enter(&[1, 2, 3], "team");
    house.seat(&[1, 2, 3], "team");
    assert_eq!(rule(publishes(&mut house, 1, "1.0")), Rule::ActsTogether);
    let inner = body_of("1.0", &file("tool.zip"));
    let text = format!(r##"{{"member":"#1","body":"team","proposed":{{"act":"publish_release",{}}}"##, &inner[1..]);
    let proposed = read("propose_act", &text);
    assert_eq!(by(&mut house, 1, &proposed).unwrap(), ["act-proposed 1 team publish_release"]);
    assert!(house.state.files_named().contains(HASH), "its bytes are kept while it waits");
    let agrees = read("agree_to_act", r##"{"member":"#2","number":1,"agree":true}"##);
    assert_eq!(
        by(&mut house, 2, &agrees).unwrap(),
        ["release-published binaries 1.0 files 1", "act-done 1 team publish_release"]
    );
    let text =
        r##"{"member":"#1","body":"team","proposed":{"act":"withdraw_release","release":"binaries","version":"1.0"}}"##;
    by(&mut house, 1, &read("propose_act", text)).unwrap();
    let agrees = read("agree_to_act", r##"{"member":"#3","number":2,"agree":true}"##);
    assert_eq!(by(&mut house, 3, &agrees).unwrap()[0], "release-withdrawn binaries 1.0");
    assert!(!house.state.files_named().contains(HASH), "and nobody's afterwards");
}

#[test]
fn what_came_out_never_changes() {
    let mut house = house();
    publishes(&mut house, 1, "1.0").unwrap();
    assert_eq!(rule(publishes(&mut house, 1, "1.0")), Rule::VersionTaken);
    withdraws(&mut house, 1, "1.0").unwrap();
    assert_eq!(rule(publishes(&mut house, 1, "1.0")), Rule::VersionTaken, "nor after it was withdrawn");
    assert_eq!(rule(withdraws(&mut house, 1, "1.0")), Rule::WithdrawnAlready);
    assert_eq!(rule(withdraws(&mut house, 1, "1.1")), Rule::UnknownVersion);
}

#[test]
fn a_withdrawn_release_opens_no_more_and_an_open_one_can_be_withdrawn() {
    let mut house = house();
    publishes(&mut house, 1, "1.0").unwrap();
    publishes(&mut house, 1, "1.1").unwrap();
    withdraws(&mut house, 1, "1.0").unwrap();
    house.give(2, "donation", 40_000, "2025-01-01");
    assert_eq!(house.run_until("2025-02-02"), ["release-opened binaries 1.1"]);
    withdraws(&mut house, 1, "1.1").unwrap();
    let gone = house.state.releases.get("binaries", "1.1").unwrap();
    assert!(gone.open.is_some() && gone.withdrawn.is_some(), "it is never for patrons alone again");
}

#[test]
fn rules_that_change_close_nothing() {
    let mut house = house();
    publishes(&mut house, 1, "1.0").unwrap();
    house.give(2, "donation", 40_000, "2025-01-01");
    house.run_until("2025-02-02");
    publishes(&mut house, 1, "1.1").unwrap();
    let clauses = vec![with_power(office("maintainer", 14))];
    house.rules_mut().put_constitution(charter::Constitution::new(clauses, Vec::new()));
    house.run(2);
    assert!(is_open(&house, "1.0"), "what opened is open");
    assert!(!is_open(&house, "1.1"), "and what had not, waits for a rule");
    assert!(is_patron(&house, 2, "2025-02-02"), "patrons still fetch it");
    assert_eq!(rule(publishes(&mut house, 1, "1.2")), Rule::NotARelease);
    assert!(withdraws(&mut house, 1, "1.1").is_ok(), "and it can be withdrawn");
}

#[test]
fn each_refusal_has_its_case() {
    let many = |count: usize| (0..count).map(|number| file(&format!("f{number}"))).collect::<Vec<_>>().join(",");
    let with = |from: &str, to: &str| file("a").replace(from, to);
    let cases = [
        (Rule::NameNotAllowed, body_of("", &file("a"))),
        (Rule::NameNotAllowed, body_of("../etc", &file("a"))),
        (Rule::NameNotAllowed, body_of(".1", &file("a"))),
        (Rule::NameNotAllowed, body_of("-1", &file("a"))),
        (Rule::NameNotAllowed, body_of(&"1".repeat(101), &file("a"))),
        (Rule::NotARelease, body_of("1", &file("a")).replace("binaries", "maintainer")),
        (Rule::NotARelease, body_of("1", &file("a")).replace("binaries", "none")),
        (Rule::FileNotAllowed, body_of("1", &file("a/b"))),
        (Rule::FileNotAllowed, body_of("1", &file(".."))),
        (Rule::FileNotAllowed, body_of("1", &file("a b"))),
        (Rule::FileNotAllowed, body_of("1", &file("ä"))),
        (Rule::FileNotAllowed, body_of("1", &file(&"a".repeat(101)))),
        (Rule::FileNotAllowed, body_of("1", &with("\"bytes\":5", "\"bytes\":0"))),
        (Rule::FileNotAllowed, body_of("1", &with("\"bytes\":5", "\"bytes\":1099511627777"))),
        (Rule::FileNotAllowed, body_of("1", &with("aa\"", "AA\""))),
        (Rule::FileNotAllowed, body_of("1", &with("00aa", "aa"))),
        (Rule::FileNotAllowed, body_of("1", &with("application/zip", "zip"))),
        (Rule::FileNotAllowed, body_of("1", &with("application/zip", "text/html"))),
        (Rule::FileNotAllowed, body_of("1", &with("application/zip", "image/svg+xml"))),
        (Rule::FileNotAllowed, body_of("1", &with("application/zip", "a/b; charset=x"))),
        (Rule::FilesOutOfRange, body_of("1", "")),
        (Rule::FilesOutOfRange, body_of("1", &many(21))),
        (Rule::FilesOutOfRange, body_of("1", &format!("{},{}", file("a"), file("A")))),
    ];
    let mut house = house();
    for (wanted, text) in cases {
        assert_eq!(rule(by(&mut house, 1, &read("publish_release", &text))), wanted, "{text}");
    }
    let most = body_of(&"1".repeat(100), &many(20)).replace("\"bytes\":5", "\"bytes\":1099511627776");
    by(&mut house, 1, &read("publish_release", &most)).unwrap();
}

#[test]
fn a_thousand_versions_are_the_most() {
    let mut house = house();
    for number in 1..=1_000 {
        house.act(read("publish_release", &body_of(&number.to_string(), &file("a"))));
    }
    assert_eq!(rule(publishes(&mut house, 1, "1001")), Rule::TooMany);
}

#[test]
fn an_earlier_edition_has_no_releases() {
    let clauses = vec![with_power(office("maintainer", 14)), release("binaries", monthly(40_000))];
    let mut house = Setup { edition: THREE, ..Setup::new(clauses) }.found();
    house.admit(1..=1);
    house.enter(&[1], "maintainer");
    house.seat(&[1], "maintainer");
    assert_eq!(rule(publishes(&mut house, 1, "1.0")), Rule::ActOfLaterEdition);
}

#[test]
fn the_state_s_hash_has_a_section_only_where_something_came_out() {
    let mut house = house();
    let before = house.state.hash();
    publishes(&mut house, 1, "1.0").unwrap();
    let published = house.state.hash();
    withdraws(&mut house, 1, "1.0").unwrap();
    assert!(before != published && published != house.state.hash());
    let outcome = Outcome::ReleaseOpened { release: "docs/talks".to_owned(), version: "1.0".to_owned() };
    assert_eq!(outcome.to_string(), "release-opened docs/talks 1.0");
}
