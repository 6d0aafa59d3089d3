//! Lists of contributions from a history.

use bridges::{Identity, Lineage, LinkedCommit};
use engine::Pseudonym;
use engine::credit::Parameters;
use engine::credit::contributions::{Contributions, Strikes};
use quantity::{Moment, Zone};

use super::listed;

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn commit(id: &str, made: Option<(u32, &str)>, with: &[u32], parents: &[u32]) -> LinkedCommit {
    let made = made.map(|(author, day)| (author, at(&format!("{day}T12:00:00Z"))));
    LinkedCommit { id: id.repeat(10), made, with: with.to_vec(), parents: parents.to_vec() }
}

#[test]
fn a_month_of_a_history_is_listed_with_what_it_builds_on() {
    let name = |name: &str| Identity { name: name.to_owned(), ..Identity::default() };
    let lineage = Lineage {
        people: vec![name("one"), name("two"), name("two at work"), name("a stranger")],
        commits: vec![
            // By id, as histories are read: the newest first here.
            commit("aaaa", Some((1, "2025-03-20")), &[2, 3], &[3]),
            commit("bbbb", Some((0, "2025-02-27")), &[], &[]),
            commit("cccc", Some((3, "2025-04-01")), &[], &[0]),
            commit("dddd", Some((2, "2025-03-02")), &[], &[1, 4]),
            commit("eeee", None, &[], &[]),
        ],
        notes: Vec::new(),
    };
    let (one, two) = (Pseudonym(7), Pseudonym(5));
    let members = [Some(one), Some(two), Some(two), None];
    let period = (at("2025-03-01T00:00:00Z"), at("2025-04-01T00:00:00Z"));
    let listed = listed(&lineage, &members, period, &Zone::utc());
    let text = listed.list.text();
    let wanted = format!(
        "rochdale contributions 1\nperiod 2025-03-01 2025-04-01\nweek 2025-02-23\nperson {two}\nperson {one}\nperson -\n\
         commit bbbbbbbbbbbb 0 1 old -\ncommit eeeeeeeeeeee 3 - old -\nmerge dddddddddddd 1 0 new 0,1\ncommit aaaaaaaaaaaa 3 0,2 new 2\n"
    );
    assert_eq!(text, wanted);
    assert_eq!(Contributions::parse(&text).unwrap(), listed.list);
    assert_eq!((listed.new, listed.unknown), (2, vec!["a stranger".to_owned()]));
    // One commit minted 1; the merge mints nothing.
    let usual = Parameters::of(&charter::CreditFlow::USUAL);
    assert_eq!(listed.list.explained(&Strikes::default(), &usual).unwrap().credits.minted_micro, 1_000_000);
}
