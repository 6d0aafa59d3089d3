//! `rochdale standings`: where decisions stand.

use quantity::{Moment, Zone};
use views::{CommitmentStanding, PoolView, RequestsView, StandingsReport, Votes};

use crate::commands::{AsOf, as_of, print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Standings {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: std::path::PathBuf,
    /// One decision only
    #[arg(value_name = "DECISION")]
    decision: Option<String>,
    /// As the log stood at this date
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Print JSON: one object for one decision, else an array
    #[arg(long)]
    json: bool,
}

impl Standings {
    pub fn run(self) -> Result<(), Exit> {
        let mut coop = read(&self.dir)?;
        let AsOf { state, history, at, .. } = as_of(&mut coop, self.at.as_deref())?;
        let kept = views::Kept::of(&state, history.points());
        let sight = views::Sight { state: &state, kept: &kept, history: history.points(), ..coop.sight(at) };
        let names: Vec<&str> = match &self.decision {
            Some(name) => vec![name],
            None => state.open_decisions().map(|(_, decision)| decision.name.as_str()).collect(),
        };
        let mut reports = Vec::new();
        for name in names {
            let Some(report) = views::standings_report(&sight, name, 0..usize::MAX) else {
                let known: Vec<String> =
                    state.open_decisions().map(|(_, decision)| format!("`{}`", decision.name)).collect();
                return Err(Exit::no(format!("there is no decision `{name}`: there are {}", known.join(", "))));
            };
            reports.push(report);
        }
        match (self.json, self.decision.is_some(), reports.first()) {
            (true, true, Some(only)) => print_json(only),
            (true, _, _) => print_json(&reports),
            _ => print(
                &reports
                    .iter()
                    .map(|report| table(&rows(report, &state.rules.kernel.zone)))
                    .collect::<Vec<_>>()
                    .join("\n"),
            ),
        }
    }
}

/// Returns when a commitment is decided and what would be taken, or what was.
fn ends(report: &StandingsReport, commitment: &CommitmentStanding, local: &dyn Fn(&str) -> String) -> String {
    let name = |option: &String| {
        let known = report.candidates.iter().find(|one| one.candidate == *option);
        known.map_or_else(|| option.clone(), |one| one.name.clone())
    };
    match (&commitment.deadline, &commitment.if_it_ended_now, commitment.taken.last()) {
        (Some(deadline), Some(now), _) => format!("ends at {}, `{}` if it ended now", local(deadline), name(now)),
        (_, _, Some(taken)) => format!("decided at {}, `{}`", local(&taken.at), taken.name),
        _ => "its day had passed before it began".to_owned(),
    }
}

/// Returns requests for money as lines for people.
fn request_rows(report: &StandingsReport, requests: &RequestsView) -> Vec<Vec<String>> {
    let mut rows = vec![vec![format!("{} (requests): {}", report.decision, requests.outlook)]];
    for one in &requests.requests {
        let needs =
            one.needs.as_ref().map_or("cannot pass".to_owned(), |needs| format!("needs more than {}", needs.text));
        rows.push(vec![
            format!("  {} {}", one.id.get(..12).unwrap_or(&one.id), one.line),
            one.amount.text.clone(),
            format!("conviction {}", one.conviction.text),
            needs,
            one.outlook.clone(),
        ]);
    }
    let passed = requests.passed.iter();
    rows.extend(passed.map(|one| vec![format!("  passed {}: {}", one.at.day, one.line), one.amount.text.clone()]));
    rows
}

/// Returns a pool's money and projects as lines for people.
fn pool_rows(report: &StandingsReport, pool: &PoolView) -> Vec<Vec<String>> {
    let mut rows = vec![vec![format!("{} (pool): {}", report.decision, pool.outlook)]];
    rows.extend(pool.notes.iter().map(|note| vec![format!("  {note}")]));
    rows.extend(pool.money.iter().map(|row| vec![format!("  {}: {}", row.words, row.amount.text)]));
    for one in &pool.projects {
        rows.push(vec![
            format!("  {} {}", one.id.get(..12).unwrap_or(&one.id), one.line),
            format!("{} of {} and {} matched", one.pledged.text, one.goal.text, one.matched.text),
            format!("conviction {}", one.conviction.text),
            one.why.clone(),
        ]);
    }
    rows
}

/// Returns a decision's standings as lines for people.
fn rows(report: &StandingsReport, zone: &Zone) -> Vec<Vec<String>> {
    let local = |at: &str| Moment::parse(at).map_or_else(|_| at.to_owned(), |at| zone.written(at));
    let votes = |micro: i64| Votes::from_micro(micro).text;
    let name = |holder: &String| {
        let candidate = report.candidates.iter().find(|c| c.candidate == *holder);
        candidate.map_or_else(|| holder.clone(), |candidate| candidate.name.clone())
    };
    // A heading names the holders, and ranks below it are indented.
    let holders = if report.holders.is_empty() {
        "nobody".to_owned()
    } else {
        report.holders.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    if let Some(requests) = &report.requests {
        return request_rows(report, requests);
    }
    if let Some(pool) = &report.pool {
        return pool_rows(report, pool);
    }
    let title = if report.kind == "ranking" {
        format!("{} (ranking)", report.decision)
    } else if let Some(commitment) = &report.commitment {
        format!("{} (commitment): {}", report.decision, ends(report, commitment, &local))
    } else {
        format!("{} ({}): {holders}", report.decision, report.kind)
    };
    let mut rows = vec![vec![title]];
    // A decision has candidates and nominees, or items; the other lists are empty.
    for candidate in &report.candidates {
        if let Some(conviction) = candidate.conviction {
            let conviction = votes(i64::try_from(conviction).unwrap_or(i64::MAX));
            let default = report.commitment.as_ref().is_some_and(|one| one.default == candidate.candidate);
            rows.push(vec![
                format!("  {}{}", candidate.name, if default { " (default)" } else { "" }),
                format!("{} votes", votes(candidate.votes)),
                format!("conviction {conviction}"),
            ]);
            continue;
        }
        let full = candidate.bucket_size.max(1);
        let outlook = candidate.full_at.as_deref().map_or_else(String::new, |at| format!("full at {}", local(at)));
        rows.push(vec![
            format!("  {}", candidate.name),
            format!("{} votes", votes(candidate.votes)),
            format!("bucket {} %", candidate.bucket * 100 / full),
            outlook,
        ]);
    }
    for nominee in &report.nominees {
        rows.push(vec![
            format!("  {} (nominee)", nominee.name),
            format!("attention {} %", nominee.level * 100 / nominee.level_size.max(1)),
        ]);
    }
    for item in &report.items {
        let closes = item.closes_at.as_deref().map_or_else(String::new, |at| format!("closes at {}", local(at)));
        let asks = item.request.as_ref().map_or_else(String::new, |request| request.words.clone());
        let title = format!("  {} {}", item.item, item.title);
        let conviction = item.conviction.map(|micro| format!("conviction {}", votes(micro)));
        let row = [title, format!("{} votes", votes(item.votes))].into_iter().chain(conviction);
        rows.push(row.chain([[asks, closes].join("")]).collect());
    }
    rows
}
