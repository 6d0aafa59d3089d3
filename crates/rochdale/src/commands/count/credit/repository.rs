//! The history of a git repository becomes a graph: its commits, merges too, with their parents, authors and weeks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bridges::{Identity, read_lineage};
use engine::credit::{Graph, Item, Kind, Link, LinkKind, Parameters, sunday_of, week_of};

use super::Named;
use super::parameters::Given;
use crate::commands::count::File;
use crate::exit::Exit;
use crate::progress::bar;

pub fn read(path: &Path, parameters: Option<&PathBuf>) -> Result<Named, Exit> {
    let parameters = match parameters {
        Some(file) => File { file: file.clone(), json: false }.read::<Given>()?.parameters()?,
        None => Parameters::USUAL,
    };
    let steps = bar(0, "reading commits");
    let read = read_lineage(path, &mut |done, all| {
        steps.set_length(all);
        steps.set_position(done);
    });
    steps.finish_and_clear();
    let lineage = read.map_err(|refused| Exit::input(refused.to_string()))?;

    // People by their ids, as everywhere: the order in which a history names them never shows.
    let ids = ids(&lineage.people);
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|one, other| ids.get(*one).cmp(&ids.get(*other)));
    let place: BTreeMap<u32, u32> = order.iter().map(|person| *person as u32).zip(0..).collect();
    let people: Vec<String> = order.iter().filter_map(|person| ids.get(*person).cloned()).collect();

    let weeks = lineage.commits.iter().filter_map(|commit| commit.made).map(|(_, at)| week_of(at));
    let (first, last) = (weeks.clone().min().unwrap_or(0), weeks.max().unwrap_or(0));
    let weeks = u32::try_from(last.saturating_sub(first).saturating_add(1)).unwrap_or(u32::MAX);
    let mut graph = Graph {
        people: people.len() as u32,
        weeks,
        items: Vec::new(),
        with: Vec::new(),
        links: Vec::new(),
        attributions: Vec::new(),
    };
    for (from, commit) in (0..).zip(&lineage.commits) {
        let kind = if commit.parents.len() > 1 { Kind::Merge } else { Kind::Commit };
        let week = commit.made.map_or(0, |(_, at)| week_of(at).saturating_sub(first));
        let author = commit.made.and_then(|(person, _)| place.get(&person).copied());
        // A program's commit carries on what flows to it, and mints nothing.
        let mint_micro = author.is_none().then_some(0);
        graph.items.push(Item { kind, author, week: u32::try_from(week).unwrap_or(u32::MAX), mint_micro });
        graph.links.extend(commit.parents.iter().map(|to| Link { kind: LinkKind::Parent, from, to: *to }));
    }
    let mut notes = vec![format!("week 0 begins on Sunday {}", day(first))];
    if weeks > engine::credit::MOST_WEEKS {
        let why = format!(
            "its commits are from weeks that begin on {} to {}, which are {weeks}: {} are the most; correct the dates that are wrong",
            day(first),
            day(last),
            engine::credit::MOST_WEEKS
        );
        return Err(Exit::input(format!("{}: {why}", path.display())));
    }
    notes.extend(lineage.notes);
    let items = lineage.commits.into_iter().map(|commit| commit.id).collect();
    Ok(Named { graph, parameters, people, items, notes })
}

fn day(week: i64) -> String {
    sunday_of(week).to_string().chars().take(10).collect()
}

/// The name of each person; where several have it, with an address, or with a number where there is none.
fn ids(people: &[Identity]) -> Vec<String> {
    let mut named: BTreeMap<&str, u32> = BTreeMap::new();
    for person in people {
        *named.entry(person.name.as_str()).or_default() += 1;
    }
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    let ids = people.iter().map(|person| {
        let alone = named.get(person.name.as_str()) == Some(&1);
        let id = match person.emails.first() {
            Some(email) if !alone => format!("{} <{email}>", person.name),
            _ => person.name.clone(),
        };
        let times = taken.entry(id.clone()).or_default();
        *times += 1;
        if *times > 1 { format!("{id} #{times}") } else { id }
    });
    ids.collect()
}
