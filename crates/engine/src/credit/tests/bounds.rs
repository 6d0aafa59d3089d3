//! Refusals, and their reasons.

use super::*;
use crate::credit::graph::{MOST_ATTRIBUTED_WEEKS, MOST_ITEMS, MOST_PEOPLE, MOST_WEEKS};
use crate::credit::parameters::{MOST_GAMMA_PPM, MOST_WEIGHT_MICRO};

fn wrong(change: impl FnOnce(&mut Graph, &mut Parameters)) -> Wrong {
    let (mut graph, mut parameters) = (example(7), Parameters::USUAL);
    change(&mut graph, &mut parameters);
    credits(&graph, &parameters).unwrap_err()
}

#[test]
fn parameters_have_bounds() {
    assert_eq!(wrong(|_, p| p.alpha_ppm = 9_999), Wrong::Probability);
    assert_eq!(wrong(|_, p| p.beta_ppm = 0), Wrong::Probability);
    assert_eq!(wrong(|_, p| p.beta_ppm = 700_001), Wrong::Probability);
    assert_eq!(wrong(|_, p| p.beta_ppm = u32::MAX), Wrong::Probability);
    assert_eq!(wrong(|_, p| p.gamma_forward_ppm = MOST_GAMMA_PPM + 1), Wrong::Probability);
    assert_eq!(wrong(|_, p| p.gamma_back_ppm = MOST_GAMMA_PPM + 1), Wrong::Probability);
    assert_eq!(wrong(|_, p| p.parent.back_micro = MOST_WEIGHT_MICRO + 1), Wrong::Weight);
    assert_eq!(wrong(|_, p| p.mint.issue_micro = MOST_WEIGHT_MICRO + 1), Wrong::Weight);
    assert_eq!(wrong(|_, p| p.author.back_micro = 0), Wrong::Unpaid);
}

#[test]
fn all_that_the_bounds_allow_is_computed() {
    let parameters = Parameters {
        alpha_ppm: 100_000,
        beta_ppm: 100_000,
        gamma_forward_ppm: MOST_GAMMA_PPM,
        gamma_back_ppm: MOST_GAMMA_PPM,
        ..Parameters::USUAL
    };
    checked(&credits(&example(4_000), &parameters).unwrap());
    let forward_alone = Parameters { gamma_back_ppm: 0, alpha_ppm: 500_000, ..parameters };
    let credits = credits(&example(300), &forward_alone).unwrap();
    checked(&credits);
    assert_eq!(credits.people[0].weeks[0].week, 0);
}

#[test]
fn graphs_have_bounds() {
    assert_eq!(wrong(|g, _| g.people = MOST_PEOPLE + 1), Wrong::TooManyPeople);
    assert_eq!(wrong(|g, _| g.weeks = 0), Wrong::Weeks);
    assert_eq!(wrong(|g, _| g.weeks = MOST_WEEKS + 1), Wrong::Weeks);
    assert_eq!(wrong(|g, _| g.weeks = 2), Wrong::Item(2));
    assert_eq!(wrong(|g, _| g.people = 1), Wrong::Item(1));
    assert_eq!(wrong(|g, _| g.items[3].mint_micro = Some(MOST_WEIGHT_MICRO + 1)), Wrong::Item(3));
    assert_eq!(wrong(|g, _| g.items.resize(MOST_ITEMS + 1, g.items[0])), Wrong::TooManyItems);
    assert_eq!(wrong(|g, _| g.links.resize(4_000_001, g.links[0])), Wrong::TooManyLinks);
    assert_eq!(wrong(|g, _| g.links[1].to = 4), Wrong::Link(1));
    assert_eq!(wrong(|g, _| g.links[1].to = g.links[1].from), Wrong::Link(1));
    let dear = |g: &mut Graph| {
        g.items.resize(9_001, g.items[0]);
        g.items.iter_mut().for_each(|item| item.mint_micro = Some(MOST_WEIGHT_MICRO));
    };
    assert_eq!(wrong(|g, _| dear(g)), Wrong::Minted);
}

#[test]
fn attributions_have_bounds() {
    let attribution = |from, to, week, share_ppm| Attribution { from, to, week, share_ppm };
    let attributed = |all: Vec<Attribution>| wrong(|g, _| g.attributions = all);
    assert_eq!(attributed(vec![attribution(0, 0, 0, 1)]), Wrong::Attribution(0));
    assert_eq!(attributed(vec![attribution(0, 2, 0, 1)]), Wrong::Attribution(0));
    assert_eq!(attributed(vec![attribution(0, 1, 7, 1)]), Wrong::Attribution(0));
    assert_eq!(attributed(vec![attribution(0, 1, 0, 1_000_001)]), Wrong::Attribution(0));
    let three = |g: &mut Graph, all: Vec<Attribution>| (g.people, g.attributions) = (3, all);
    let too_much = vec![attribution(0, 1, 0, 600_000), attribution(0, 2, 3, 500_000)];
    assert_eq!(wrong(|g, _| three(g, too_much)), Wrong::Overshared(0));
    let same = vec![attribution(0, 1, 0, 1); MOST_ATTRIBUTED_WEEKS as usize / 7 + 1];
    assert_eq!(attributed(same), Wrong::TooManyAttributed);
}

#[test]
fn nobody_is_reached() {
    assert_eq!(wrong(|g, _| g.items.iter_mut().for_each(|item| item.author = None)), Wrong::Unpaid);
    let nothing = usual(&commits(2, 1, &[]));
    assert_eq!((nothing.minted_micro, checked(&nothing)), (0, vec![0, 0]));
    let free =
        Parameters { mint: crate::credit::Mint { commit_micro: 0, ..Parameters::USUAL.mint }, ..Parameters::USUAL };
    assert_eq!(checked(&credits(&commits(1, 1, &[(0, 0, &[])]), &free).unwrap()), [0]);
}

#[test]
fn a_written_history_is_in_order() {
    assert_eq!(example(7).check_order(), Ok(()));
    let later = commits(1, 3, &[(0, 0, &[1]), (0, 2, &[])]);
    assert_eq!(later.check_order(), Err(Wrong::Later { from: 0, to: 1 }));
    // 1, 2 and 3 are a circle; 0 is an ancestor of it, and 4 comes after it.
    let circle = commits(1, 1, &[(0, 0, &[]), (0, 0, &[0, 2]), (0, 0, &[3]), (0, 0, &[0, 1]), (0, 0, &[3])]);
    assert!(matches!(circle.check_order(), Err(Wrong::Circle(1..=3))), "{:?}", circle.check_order());
    assert_eq!(commits(1, 1, &[(0, 0, &[0])]).check_order(), Err(Wrong::Circle(0)));
}
