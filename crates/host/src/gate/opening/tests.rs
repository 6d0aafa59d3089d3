//! A founding is for the holder of the code, and happens once.

use super::*;

const NOW: Moment = Moment(1_750_000_000_000_000);
const FROM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[test]
fn the_right_code_works_whatever_came_from_there_before() {
    let folder = tempfile::tempdir().unwrap();
    let (first, code) = FirstFounding::open(folder.path()).unwrap();
    assert_eq!(first.check(&code, FROM, NOW), Ok(()));
    for _ in 0..20 {
        assert_eq!(first.check("0123", FROM, NOW), Err(NotFounder::Wrong));
    }
    assert_eq!(first.check("0123", FROM, NOW), Err(NotFounder::TooOften));
    assert_eq!(first.check(&code, FROM, NOW), Ok(()));
}

#[test]
fn a_co_op_is_founded_once_and_its_founder_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let (first, _) = FirstFounding::open(&home).unwrap();
    let template = charter::template("club").unwrap();
    let filled = template.fill("a club", quantity::Currency::parse("EUR").unwrap());
    let charter = Charter::read(filled.kernel, filled.constitution).unwrap();
    let nobody = Founder { name: "member-001".to_owned(), lists: vec!["made-up".to_owned()] };
    let fresh = FreshId::new().unwrap();
    assert!(first.found(&charter, &nobody, Some((&fresh, NOW)), NOW).is_err());
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0, "nothing is left, and the founder tries again");

    let founder = Founder { name: "member-001".to_owned(), lists: Vec::new() };
    let (coop, session) = first.found(&charter, &founder, Some((&fresh, NOW)), NOW).unwrap().unwrap();
    assert_eq!(coop.sessions().unwrap(), [(fresh.hash.clone(), session.clone())]);
    assert_eq!(coop.founder().unwrap(), Some(session.member));
    assert!(first.found(&charter, &founder, Some((&fresh, NOW)), NOW).unwrap().is_none());
}
