//! The expectations of a story beside the results: every cell of a table.

use engine::chamber::{Decision, Standing};
use engine::{Outcome, State};
use host::Coop;
use quantity::Moment;

use super::read::{Table, What};
use super::{Difference, Stage, credit, pool};

/// Compares a table with the co-op and returns every cell that differs.
pub(super) fn compare(stage: &Stage<'_>, coop: &Coop, table: &Table, what: &What, until: Moment) -> Vec<Difference> {
    if *what == What::Outcomes {
        return outcomes(stage, coop, table, until);
    }
    let mut differences = Vec::new();
    for row in &table.rows {
        let [name, wanted @ ..] = row.cells.as_slice() else {
            continue;
        };
        for (head, wanted) in table.heads.iter().skip(1).zip(wanted) {
            let found = match what {
                What::Releases(clause) => super::release::cell(stage, coop.state(), clause, name, head, until),
                what => cell(stage, coop.state(), what, name, head, wanted),
            };
            let found = found.unwrap_or_else(|| "there is none".to_owned());
            let same = match what {
                What::Seats => sorted(wanted) == sorted(&found),
                _ => *wanted == found,
            };
            if !same {
                let words = format!("{head} of {name}: the story says {wanted}, and the count says {found}");
                differences.push(Difference { at: stage.story.at(row.line), words });
            }
        }
    }
    differences
}

/// Returns the value of a cell, printed as exactly as `wanted` is; `None` where there is none.
fn cell(stage: &Stage<'_>, state: &State, what: &What, name: &str, head: &str, wanted: &str) -> Option<String> {
    let member = || state.members.index(*stage.members.get(name)?);
    match what {
        What::Weight => {
            let member = member()?;
            let micro = if head == "weight" {
                state.weights.of(member)
            } else {
                let class = state.rules.kernel.classes.iter().position(|class| class.name == head)?;
                state.weights.of_classes(member, &[engine::ClassId::at(class)])
            };
            Some(printed(i128::from(micro), 6, wanted))
        }
        What::Free => {
            let free = 1_000_000 - i128::from(state.members.placed_ppm(member()?));
            Some(printed(free, 4, wanted))
        }
        What::Capacity => {
            let micro = i128::try_from(state.decision(name)?.capacity).ok()?;
            Some(printed(micro, 6, wanted))
        }
        What::Seats => Some(holders(stage, state.decision(name)?)),
        What::Votes(decision) => votes(stage, state, state.decision(decision)?, name, head, wanted),
        What::Money(decision) => {
            let digits = u32::from(state.rules.kernel.currency.digits());
            Some(printed(pool::money(state, decision, name)?, digits, wanted))
        }
        What::Credit => Some(printed(credit::cell(stage, state, name, head)?, 6, wanted)),
        What::Outcomes | What::Releases(_) => None,
    }
}

/// Seats of a body have no order that matters.
fn sorted(names: &str) -> Vec<&str> {
    let mut names: Vec<&str> = names.split(", ").collect();
    names.sort_unstable();
    names
}

fn holders(stage: &Stage<'_>, decision: &Decision) -> String {
    let names: Vec<String> = decision
        .holders()
        .into_iter()
        .map(|holder| match holder {
            Some(name) => stage.name_of(&name.to_string()).to_owned(),
            None => "nobody".to_owned(),
        })
        .collect();
    names.join(", ")
}

fn votes(
    stage: &Stage<'_>,
    state: &State,
    decision: &Decision,
    name: &str,
    head: &str,
    wanted: &str,
) -> Option<String> {
    if decision.pool().is_some() || decision.requests().is_some() {
        let project = stage.logged(name, "")?;
        if decision.item(&project)?.closed_at.is_some() {
            return Some("closed".to_owned());
        }
        let found = pool::of_project(state, decision, &project, head);
        let (value, scale) = found.or_else(|| pool::of_request(state, decision, &project, head))?;
        return Some(printed(value, scale, wanted));
    }
    if decision.lists_items() {
        let item = decision.item(name)?;
        return match item.closed_at {
            Some(_) => Some("closed".to_owned()),
            None => Some(printed(item.total, 6, wanted)),
        };
    }
    let default = decision.commitment().filter(|_| name == "default").map(|one| one.default_name());
    let place = decision.candidate_by_name(&default.or_else(|| stage.logged(name, &decision.name))?)?;
    let candidate = decision.candidate(place)?;
    Some(match (head, candidate.standing) {
        (_, Standing::Out) => "out".to_owned(),
        ("conviction", Standing::Candidate) => printed(decision.commitment()?.conviction(place).rounded(), 6, wanted),
        ("votes", Standing::Nominee) => printed(candidate.attention, 6, wanted),
        ("votes", Standing::Candidate) => printed(decision.votes(place)?, 6, wanted),
        ("bucket", Standing::Nominee) => "nominee".to_owned(),
        ("bucket", Standing::Candidate) if decision.holds(place) => "holds".to_owned(),
        ("bucket", Standing::Candidate) => {
            let ppm = decision.bucket(place).checked_mul(1_000_000)?.checked_div(decision.bucket_size())?;
            printed(i128::try_from(ppm).ok()?, 4, wanted)
        }
        _ => return None,
    })
}

/// Returns a number rounded to as many decimals as `wanted` has, away from zero at the half; with its percent sign.
fn printed(value: i128, scale: u32, wanted: &str) -> String {
    let percent = if wanted.ends_with('%') { "%" } else { "" };
    let digits = wanted.trim_end_matches('%');
    let places = digits.rsplit_once('.').map_or(0, |(_, decimals)| decimals.len());
    let text = views::decimal(value, scale, u32::try_from(places).unwrap_or(scale).min(scale));
    text.replace('\u{2212}', "-") + percent
}

/// Compares every outcome since the last such table: none may be missing or additional. Within a day the order is
/// free.
fn outcomes(stage: &Stage<'_>, coop: &Coop, table: &Table, until: Moment) -> Vec<Difference> {
    let points = coop.history().points().iter();
    let mut came: Vec<String> = points
        .filter(|point| point.at > stage.told && point.at <= until)
        .flat_map(|point| point.outcomes.iter().map(|outcome| (point.at, outcome)))
        // A bucket that passes a quarter is told to members and decides nothing.
        .filter(|(_, outcome)| !matches!(outcome, Outcome::ChallengerGains { .. }))
        .map(|(at, outcome)| format!("{} {}", day(at), worded(stage, outcome)))
        .collect();
    let mut differences = Vec::new();
    for row in &table.rows {
        let wanted = row.cells.join(" ");
        match came.iter().position(|found| *found == wanted) {
            Some(place) => {
                came.remove(place);
            }
            None if wanted == "- nothing" => {}
            None => differences
                .push(Difference { at: stage.story.at(row.line), words: format!("`{wanted}` did not come about") }),
        }
    }
    let last = table.rows.last().map_or(0, |row| row.line);
    differences.extend(came.into_iter().map(|found| Difference {
        at: stage.story.at(last),
        words: format!("`{found}` came about, and the story does not tell it"),
    }));
    differences
}

fn day(at: Moment) -> String {
    at.to_string().chars().take(10).collect()
}

/// Returns an outcome in a sentence, with the story's names. `docs/spec/updates.md` lists the log's words.
fn worded(stage: &Stage<'_>, outcome: &Outcome) -> String {
    let words = outcome.to_string();
    let named: Vec<&str> = words.split(' ').map(|word| stage.name_of(word)).collect();
    match *named.as_slice() {
        ["candidate-entered", decision, who] => format!("{who} is on the ballot for {decision}"),
        ["candidate-left", decision, who] => format!("{who} leaves the ballot for {decision}"),
        ["nominee-dropped", decision, who] => format!("{who} drops out of {decision}"),
        ["seat-taken", decision, who, "from", "nobody"] => format!("{who} takes {decision}"),
        ["seat-taken", decision, who, "from", other] => {
            format!("{who} takes {decision} from {other}")
        }
        ["seat-vacated", decision, "from", who] => format!("{who} loses {decision}"),
        ["item-closed", decision, item, ..] => format!("{item} closes on {decision}"),
        ["commitment-taken", decision, _, "by", "default", ..] => format!("the default is taken for {decision}"),
        ["commitment-taken", decision, option, ..] => format!("{option} is taken for {decision}"),
        ["item-served", decision, item, ..] => format!("{item} is served on {decision}"),
        ["project-funded", decision, project, _, from_pool, _, pledged, ..] => {
            format!("{project} is funded by {decision}: {from_pool} and {pledged}")
        }
        ["project-closed", decision, project, ..] => format!("{project} leaves {decision}"),
        ["pool-saves", decision, project, ..] => format!("{decision} is saved for {project}"),
        ["pool-shared", decision, _, _, _, paid, _, left] => format!("{decision} pays {paid}, {left} are left"),
        ["pool-directed", decision, _, _, option, _, added] => {
            format!("{decision} is shared out by {option}: {added} come in")
        }
        ["request-passed", decision, request, minor, ..] => format!("{request} passes on {decision}: {minor}"),
        ["request-closed", decision, request, ..] => format!("{request} leaves {decision}"),
        ["credit-accepted", decision, period, _, members, _, micro] => {
            format!("{decision} accepts {micro} of {members} for {period}")
        }
        ["release-opened", release, version] => format!("{version} of {release} opens to everyone"),
        ["decision-opened", decision] => format!("{decision} opens"),
        ["decision-closed", decision, ..] => format!("{decision} closes"),
        ["share-freed", decision, who, ppm] => {
            let share = views::Share::from_ppm(ppm.parse().unwrap_or(0)).text;
            format!("{who} has {} back from {decision}", share.replace(' ', ""))
        }
        ["document-no-longer-checks", decision, what] => {
            format!("{what} no longer fits as {decision}")
        }
        ["rules-changed", _] => "the rules change".to_owned(),
        ["amendment-adopted", what] => format!("{what} is the kernel"),
        ["act-took-effect", ..] => waited(&named, ["joins", "goes on", "comes off"]),
        ["act-lapsed", ..] => waited(&named, ["does not join", "does not go on", "does not come off"]),
        _ => named.join(" "),
    }
}

/// Returns an outcome of an act that waited, with words for an admission, a list's new member and one whom it loses.
fn waited(named: &[&str], [joins, goes_on, comes_off]: [&str; 3]) -> String {
    match named {
        [.., "admit_member", who] => format!("{who} {joins}"),
        [.., "add_to_list", list, who] => format!("{who} {goes_on} {list}"),
        [.., "remove_from_list", list, who] => format!("{who} {comes_off} {list}"),
        [_, _, "list", by, ..] | [_, _, by, ..] => format!("an act of {by} lapses"),
        _ => named.join(" "),
    }
}
