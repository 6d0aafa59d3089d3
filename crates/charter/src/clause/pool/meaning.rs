//! A pool in plain English.

use super::{FundingOrder, Income, Matching, OwnProjects, Pool};
use crate::words;

/// Returns its feeds in words: `20 % of donations`.
pub(super) fn feeds(pool: &Pool) -> Vec<String> {
    let income = |income: Income| match income {
        Income::All => "all income",
        Income::Surplus => "the surplus",
        other => other.name(),
    };
    let words = pool.fed_by.iter().map(|feed| format!("{} of {}", words::percent(feed.part_ppm), income(feed.of)));
    words.collect()
}

/// Says how a pool is shared out.
pub(super) fn sharing(pool: &Pool) -> Vec<String> {
    let mut sentences = vec![format!("It is shared out every {}.", pool.every.name())];
    sentences.push(matching(pool.matching));
    sentences.push(
        match pool.order {
            FundingOrder::Strict => "Projects are paid in full, in the order of conviction for their cost, up to the first that the money does not suffice for.",
            FundingOrder::Skip => "Projects are paid in full, in the order of conviction for their cost; one that the money does not suffice for is passed over.",
        }
        .to_owned(),
    );
    sentences.push(
        match pool.own_projects {
            OwnProjects::Excluded => "Nobody can support a project of their own.",
            OwnProjects::Allowed => "Members may support projects of their own.",
        }
        .to_owned(),
    );
    sentences
}

/// Says how the pledges for a project are matched.
fn matching(matching: Matching) -> String {
    let most = "It adds to the pledges for a project the square of the sum of their roots, less the pledges: many small pledges count for more than a large one";
    match matching {
        Matching::Quadratic => format!("{most}."),
        Matching::Scaled => format!("{most}; where the money does not suffice, all are cut alike."),
        Matching::Pairwise => {
            format!("{most}; two members who often pledge to the same projects count for less together.")
        }
        Matching::Connected => format!("{most}; members of one group count together."),
        Matching::Capped { cap_ppm } => {
            format!("{most}; no project gets more than {} of the pool.", words::percent(cap_ppm))
        }
        Matching::Nothing => "It adds nothing to the pledges for a project.".to_owned(),
    }
}
