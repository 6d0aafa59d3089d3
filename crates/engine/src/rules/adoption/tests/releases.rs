//! Other rules take over at an update at which a release opens.

use super::*;
use crate::act::{Nominate, PublishRelease, ReleaseFile};

fn clause(sum: u32) -> String {
    rules(&format!("release \"binaries\" {{ patrons-until \"{sum} USD per month\" }}"))
}

#[test]
fn releases_open_before_other_rules_take_over() {
    let (kernel, first) = (kernel(HELD), clause(300));
    let read = read_kernel_under(&kernel, Edition::FOUR).unwrap();
    let act = Found::on(&hex(kernel.as_bytes()), &hex(first.as_bytes()), false);
    let act = Found { edition: Edition::FOUR, open: true, ..act };
    let own = Rules::new(read.clone(), read_constitution(&first, &read).unwrap());
    let mut coop = Setup::new(Vec::new()).found();
    coop.state = State::found(own, act, at("2025-01-01")).with_texts(&kernel, &first);
    // 300 USD in January, and as much in February.
    let mut coop = coop.with_weights(&[100, 100, 100]);
    coop.run_until("2025-02-01");
    for member in 1..=3 {
        coop.give(member, "donation", 10_000, "2025-02-01");
    }
    let more = clause(500);
    propose(&mut coop, "constitution", &more);
    let (decision, candidate) = ("constitution".to_owned(), hex(more.as_bytes()));
    coop.act(Act::Nominate(Nominate { member: m(1), decision, candidate, share_ppm: 900_000, against: false }));
    coop.next();
    support(&mut coop, "constitution", &more, 100_000);
    let told = loop {
        let mut ahead = coop.clone();
        if ahead.next().iter().any(|told| told.starts_with("rules-changed")) {
            let file = ReleaseFile {
                name: "a".to_owned(),
                bytes: 1,
                sha256: "00".repeat(32),
                media: "application/zip".to_owned(),
            };
            let (release, version) = ("binaries".to_owned(), "1.0".to_owned());
            coop.act(Act::PublishRelease(PublishRelease { release, version, files: vec![file] }));
            break coop.next();
        }
        assert!(coop.state.time < at("2025-03-24"), "it takes over in February or March");
        coop.next();
    };
    assert_eq!(told[0], "release-opened binaries 1.0");
    assert!(told.iter().any(|told| told.starts_with("rules-changed")), "{told:?}");
    let release = coop.state.release_clause("binaries").unwrap();
    assert!(matches!(release.patrons_until, charter::Until::Support(sum) if sum.amount_minor == 50_000));
}
