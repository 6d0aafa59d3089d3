//! What is kept and not carried out yet, in plain English: commitments, pools, releases, supplies, delegation.

use super::words;
use crate::{
    Amount, Ballot, Clause, ClauseKind, Commitment, Delegation, Due, FundingOrder, Income, Kernel, Matching,
    OwnProjects, Pool, Ranking, Release, TooLarge, Until,
};

/// Whether this version keeps the whole clause and carries nothing of it out.
pub(crate) fn is_kept(clause: &Clause) -> bool {
    matches!(clause.kind, ClauseKind::Commitment(_) | ClauseKind::Pool(_) | ClauseKind::Release(_))
}

/// What of a clause this version does not carry out.
pub(super) fn note(clause: &Clause) -> Option<String> {
    let supplies = matches!(clause.kind, ClauseKind::Ranking(Ranking { supply: Some(_), .. }));
    let delegates = clause.delegation == Delegation::Allowed;
    let part = match (supplies, delegates) {
        _ if is_kept(clause) => {
            return Some("This version keeps the clause and does not carry it out yet.".to_owned());
        }
        (true, true) => "hands nothing out by the order yet, and counts no votes for others",
        (true, false) => "hands nothing out by the order yet",
        (false, true) => "counts no votes for others yet",
        (false, false) => return None,
    };
    Some(format!("This version {part}."))
}

pub(crate) fn commitment(commitment: &Commitment, kernel: &Kernel) -> Vec<String> {
    let mut sentences = match &commitment.due {
        Due::Every(every, ballot) => ends(&format!("at the end of every {}", every.name()), ballot),
        Due::Deadline(at, ballot) => ends(&format!("once, at the end of {}", words::day(*at, &kernel.zone)), ballot),
        Due::Continuous { spending_limit_ppm, least_conviction_ppm } => vec![
            "Requests for money are decided one by one, each as soon as its conviction suffices.".to_owned(),
            format!(
                "The least request needs {} of all votes, a larger one more; one for more than {} of the pool never passes.",
                words::percent(*least_conviction_ppm),
                words::percent(*spending_limit_ppm)
            ),
        ],
    };
    sentences.push(match commitment.conviction_half_life {
        Some(span) => format!("Conviction follows votes slowly: half of the way in {}.", words::days(span)),
        None => "Conviction follows votes slowly: half of the way in a quarter of the time.".to_owned(),
    });
    sentences.push("What is decided is done once, and no later vote takes it back.".to_owned());
    sentences
}

fn ends(when: &str, ballot: &Ballot) -> Vec<String> {
    let mut sentences = vec![
        format!("It is decided {when}."),
        format!(
            "The option with the greatest conviction wins if it has {} of all votes at least; otherwise it is: {}.",
            words::percent(ballot.quorum_ppm),
            ballot.default.trim_end_matches('.')
        ),
    ];
    if ballot.freeze_ppm > 0 {
        sentences.push(format!("No option enters in the last {} of the time.", words::percent(ballot.freeze_ppm)));
    }
    sentences
}

pub(crate) fn pool(pool: &Pool) -> Vec<String> {
    let mut sentences: Vec<String> =
        feeds(pool).into_iter().map(|feed| format!("{} goes into it.", words::sentence(&feed))).collect();
    sentences.extend(sharing(pool));
    sentences
}

/// How a pool is shared out.
pub(crate) fn sharing(pool: &Pool) -> Vec<String> {
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

/// What goes into a pool: `20 % of donations`.
pub(crate) fn feeds(pool: &Pool) -> Vec<String> {
    let feed = |feed: &crate::Feed| format!("{} of {}", words::percent(feed.part_ppm), income(feed.of));
    pool.fed_by.iter().map(feed).collect()
}

fn income(income: Income) -> &'static str {
    match income {
        Income::All => "all income",
        Income::Surplus => "the surplus",
        other => other.name(),
    }
}

/// What a pool adds to pledges.
pub(crate) fn matching(matching: Matching) -> String {
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

pub(crate) fn release(release: &Release, kernel: &Kernel) -> Vec<String> {
    let until = match release.patrons_until {
        Until::Support(sum) => {
            format!(
                "support over a full {} reaches {}",
                sum.every.name(),
                words::money(sum.amount_minor, kernel.currency)
            )
        }
        Until::Raised(minor) => format!("{} have been raised in all", words::money(minor, kernel.currency)),
        Until::Day(at) => format!("{} is over", words::day(at, &kernel.zone)),
    };
    vec![format!("Only members with support may fetch its files until {until}; then everyone may, for good.")]
}

/// `8 hours are`, `1 unit is`.
pub(super) fn amount(amount: Amount, kernel: &Kernel) -> String {
    match amount {
        Amount::Money(minor) => format!("{} are", words::money(minor, kernel.currency)),
        Amount::Seconds(seconds) => match quantity::Span::from_seconds(seconds).to_string() {
            one if one.starts_with("1 ") => format!("{one} is"),
            many => format!("{many} are"),
        },
        Amount::Count(1) => "1 unit is".to_owned(),
        Amount::Count(count) => format!("{} are", words::count(count, "unit")),
    }
}

pub(super) fn too_large(too_large: TooLarge) -> &'static str {
    match too_large {
        TooLarge::Stops => "waits for the next, and so does everything behind it",
        TooLarge::IsSkipped => "is passed over",
    }
}
