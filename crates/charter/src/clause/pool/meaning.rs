//! A pool in plain English.

use super::{FundingOrder, Income, Matching, OwnProjects, Pool};
use crate::edition::Edition;
use crate::kernel::Kernel;
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
pub(super) fn sharing(pool: &Pool, kernel: &Kernel) -> Vec<String> {
    let mut sentences = vec![format!("It is shared out every {}.", pool.every.name())];
    sentences.push(matching(pool, kernel));
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
    if kernel.edition >= Edition::FOUR {
        sentences.push(match pool.conviction_half_life {
            Some(span) => format!("Conviction follows votes slowly: half of the way in {}.", words::days(span)),
            None => "Conviction follows votes slowly: half of the way in a quarter of the cycle.".to_owned(),
        });
        sentences.push(
            "A pledge is charged once its project is funded, and goes back to its member where it is not.".to_owned(),
        );
    }
    sentences
}

/// Says how the pledges for a project are matched.
fn matching(pool: &Pool, kernel: &Kernel) -> String {
    let most = "It adds to the pledges for a project the square of the sum of their roots, less the pledges: many small pledges count for more than a large one";
    match pool.matching {
        Matching::Quadratic => format!("{most}."),
        Matching::Scaled => format!("{most}; where the money does not suffice, all are cut alike."),
        Matching::Pairwise { m_minor: 0 } => {
            format!("{most}; two members who often pledge to the same projects count for less together.")
        }
        Matching::Pairwise { m_minor } => format!(
            "{most}; two members who pledge to the same projects count for less together, and add less than {} to all of them.",
            words::money(m_minor.saturating_mul(2), kernel.currency)
        ),
        Matching::Connected if pool.groups.is_empty() => format!("{most}; members of one group count together."),
        Matching::Connected => {
            let groups: Vec<String> = pool.groups.iter().map(|group| format!("`{group}`")).collect();
            format!("{most}; members of one group count together, and the groups are {}.", words::all_of(&groups))
        }
        Matching::Capped { cap_ppm } => {
            format!("{most}; no project gets more than {} of the pool.", words::percent(cap_ppm))
        }
        Matching::Nothing => "It adds nothing to the pledges for a project.".to_owned(),
    }
}
