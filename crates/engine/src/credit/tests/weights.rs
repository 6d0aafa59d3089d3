//! Weights of the clause: credit is worked out by them, and by those of the day on which it was proposed until it is decided.

use std::sync::Arc;

use charter::{ClauseKind, CreditFlow};

use super::super::contributions::{Contribution, Strikes};
use super::super::{Kind, Parameters, worked_anew};
use super::coop::{credit_of, house, list, propose_act, strike_act, strikes, usual};
use crate::act::{ProposeCredit, StrikeCredit};
use crate::digest::hex;
use crate::rules::brought::MAX_RULES;
use crate::tests::{Coop, by, m, rule};
use crate::{Act, Rule};

/// A commit mints 2, and nothing goes from a commit to the one that it builds on.
fn other() -> CreditFlow {
    let usual = CreditFlow::USUAL;
    let [author, _, review, mention] = usual.links_micro;
    CreditFlow { mint_micro: [2_000_000, 0, 250_000, 0, 0], links_micro: [author, (0, 0), review, mention], ..usual }
}

/// Puts other weights into the clause that is in force.
fn amend(house: &mut Coop, flow: CreditFlow) {
    let rules = Arc::make_mut(&mut house.state.rules);
    let kinds = rules.constitution.clauses.iter_mut().map(|clause| &mut clause.kind);
    for kind in kinds {
        if let ClauseKind::Commitment(commitment) = kind {
            commitment.credit = flow;
        }
    }
}

/// The proposal, worked out by these weights.
fn propose_by(flow: CreditFlow) -> ProposeCredit {
    let credit = list().rows(&Strikes::default(), &Parameters::of(&flow)).unwrap();
    ProposeCredit { credit, ..propose_act(&list()) }
}

#[test]
fn the_usual_flow_of_a_clause_is_the_table_of_the_page() {
    let mint = super::super::Mint { merge_micro: 0, ..Parameters::USUAL.mint };
    assert_eq!(usual(), Parameters { mint, ..Parameters::USUAL });
    assert!(usual().check().is_ok());
}

#[test]
fn credit_is_worked_out_by_the_clause() {
    let mut house = house("accept", &[10, 10]);
    amend(&mut house, other());
    let refused = house.submit(&Act::ProposeCredit(propose_by(CreditFlow::USUAL)));
    assert_eq!(rule(refused), Rule::CreditDiffers, "the numbers of the usual weights");
    house.act(Act::ProposeCredit(propose_by(other())));
    house.run_until("2025-03-01");
    let given: Vec<i64> = propose_by(other()).credit.iter().map(|row| i64::try_from(row.micro).unwrap()).collect();
    assert_eq!([1, 2].map(|member| credit_of(&house, member)).to_vec(), given);
    assert_ne!(propose_by(other()).credit, propose_by(CreditFlow::USUAL).credit);
    assert_eq!(house.state.credit.accepted.values().next().unwrap().parameters, Parameters::of(&other()));
}

/// A proposal is decided by the rules under which it was made, rows and strikes, whichever are in force by then.
#[test]
fn rules_that_change_meanwhile_leave_a_proposal_as_it_is() {
    let text = "strike commit 00000003\n";
    let mut houses = [(); 2].map(|()| {
        let mut house = house("accept", &[10, 10]);
        house.act(Act::ProposeCredit(propose_act(&list())));
        house
    });
    amend(&mut houses[1], other());
    let strange = StrikeCredit {
        credit: list().rows(&Strikes { items: [3].into(), ..Strikes::default() }, &Parameters::of(&other())).unwrap(),
        ..strike_act(&houses[1], 1, &list(), text)
    };
    assert_eq!(rule(by(&mut houses[1], 1, &Act::StrikeCredit(strange))), Rule::CreditDiffers);
    for house in &mut houses {
        strikes(house, 1, &list(), text);
        house.run_until("2025-03-01");
    }
    let of = |house: &Coop| [1, 2].map(|member| credit_of(house, member));
    assert_eq!(of(&houses[0]), of(&houses[1]));
    assert!(of(&houses[0])[1] > 0);
    let parameters = houses[1].state.credit.accepted.values().next().unwrap().parameters;
    assert_eq!(parameters, usual(), "edges are explained by what it was worked out with");
    // The next period goes by the new ones.
    let mut next = list();
    next.period = ("2025-02-01".to_owned(), "2025-03-01".to_owned());
    let credit = next.rows(&Strikes::default(), &Parameters::of(&other())).unwrap();
    houses[1].act(Act::ProposeCredit(ProposeCredit { credit, ..propose_act(&next) }));
}

#[test]
fn weights_are_in_the_hash_of_a_proposal() {
    let hash = |flow: CreditFlow| {
        let mut house = house("accept", &[10, 10]);
        amend(&mut house, flow);
        // Without a list at hand the rows of the entry hold, so that the weights alone differ.
        let act = ProposeCredit { contributions_text: None, ..propose_act(&list()) };
        house.act(Act::ProposeCredit(act));
        house.state.hash()
    };
    let usual = CreditFlow::USUAL;
    let mut all = vec![
        usual,
        CreditFlow { seed_ppm: 100_001, ..usual },
        CreditFlow { pay_out_ppm: 400_001, ..usual },
        CreditFlow { week_forward_ppm: 100_001, ..usual },
        CreditFlow { week_back_ppm: 100_001, ..usual },
    ];
    for place in 0..5 {
        let mut flow = usual;
        flow.mint_micro[place] += 1;
        all.push(flow);
    }
    for place in 0..4 {
        let (mut forward, mut back) = (usual, usual);
        forward.links_micro[place].0 += 1;
        back.links_micro[place].1 += 1;
        all.extend([forward, back]);
    }
    let hashes: Vec<_> = all.into_iter().map(hash).collect();
    for (place, one) in hashes.iter().enumerate() {
        assert!(!hashes[..place].contains(one), "{place}");
    }
}

#[test]
fn the_past_under_other_weights_is_worked_out_anew() {
    let mut house = house("accept", &[10, 10]);
    amend(&mut house, other());
    let text = "strike commit 00000003\n";
    let proposed = worked_anew(&house.state, &Act::ProposeCredit(propose_act(&list()))).unwrap();
    assert_eq!(proposed, Act::ProposeCredit(propose_by(other())));
    house.act(proposed);
    let struck = worked_anew(&house.state, &Act::StrikeCredit(strike_act(&house, 1, &list(), text))).unwrap();
    assert!(by(&mut house, 1, &struck).is_ok());
    let lost = ProposeCredit { contributions_text: None, ..propose_act(&list()) };
    assert_eq!(
        worked_anew(&house.state, &Act::ProposeCredit(lost)),
        None,
        "without a list its numbers are all there is"
    );
}

#[test]
fn a_list_is_as_long_as_rules_at_most() {
    let mut house = house("accept", &[10, 10]);
    let mut long = list();
    // Some 70 bytes a line: few enough lines, and too many bytes.
    let item = |place: u32| Contribution {
        kind: Kind::Commit,
        id: format!("{place:060}"),
        week: 0,
        authors: vec![0],
        new: true,
        links: Vec::new(),
    };
    long.items.extend((0..15_000).map(item));
    let text = long.text();
    assert!(text.len() > MAX_RULES && long.items.len() < 20_000);
    let act = ProposeCredit {
        contributions: hex(text.as_bytes()),
        contributions_text: Some(text.into()),
        ..propose_act(&list())
    };
    let refused = house.submit(&Act::ProposeCredit(act));
    assert_eq!(rule(refused), Rule::TooMany);
}

#[test]
fn links_have_the_kind_of_what_they_join() {
    let item = |kind, id: &str, authors: &[u32], links: &[u32]| Contribution {
        kind,
        id: id.to_owned(),
        week: 0,
        authors: authors.to_vec(),
        new: true,
        links: links.to_vec(),
    };
    let mut list = list();
    list.items = vec![
        item(Kind::Issue, "7", &[1], &[]),
        item(Kind::Commit, "aaaaaaaa", &[0], &[0]),
        item(Kind::Merge, "bbbbbbbb", &[1], &[1]),
        item(Kind::Review, "11", &[1], &[2]),
    ];
    let kinds: Vec<_> = list.graph(&Strikes::default()).links.iter().map(|link| link.kind).collect();
    use super::super::LinkKind::{Mention, Parent, Review};
    assert_eq!(kinds, [Mention, Parent, Review], "a commit names an issue, builds on a commit, and a review reviews");
    // The issue mints nothing and its author has part of the commit that names it.
    let rows = list.rows(&Strikes::default(), &usual()).unwrap();
    assert!(rows.iter().any(|row| row.member == m(2) && row.micro > 0));
    let struck = Strikes { items: [3].into(), ..Strikes::default() };
    assert!(list.rows(&struck, &usual()).unwrap().iter().any(|row| row.member == m(2) && row.micro > 0));
    // Two reviews of one's own commit: neither mints.
    list.items.push(item(Kind::Review, "12", &[0], &[1]));
    list.items.push(item(Kind::Review, "13", &[0, 1], &[1]));
    assert_eq!(list.explained(&Strikes::default(), &usual()).unwrap().credits.minted_micro, 2_000_000);
}
