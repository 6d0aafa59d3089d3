//! A file of contributions becomes a graph.

use std::collections::BTreeMap;

use engine::credit::{Attribution, Graph, Item, Kind, Link, LinkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::parameters::{Given, micro, ppm};
use super::{Named, kind_word, link_word};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    people: Vec<String>,
    commits: Vec<Commit>,
    #[serde(default)]
    reviews: Vec<Review>,
    #[serde(default)]
    issues: Vec<Other>,
    #[serde(default)]
    documents: Vec<Other>,
    #[serde(default)]
    attributions: Vec<Shared>,
    weeks: u32,
    #[serde(default)]
    parameters: Given,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commit {
    id: String,
    author: String,
    week: u32,
    #[serde(default)]
    parents: Vec<String>,
    #[serde(default)]
    mentions: Vec<String>,
    mint: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    id: String,
    author: String,
    week: u32,
    of: Vec<String>,
    #[serde(default)]
    mentions: Vec<String>,
    mint: Option<Box<RawValue>>,
}

/// An issue or a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    id: String,
    author: String,
    week: u32,
    #[serde(default)]
    mentions: Vec<String>,
    mint: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    from: String,
    to: String,
    #[serde(default)]
    week: u32,
    share: Box<RawValue>,
}

/// An item of any kind, before names are places.
struct Written {
    id: String,
    kind: Kind,
    author: String,
    week: u32,
    mint: Option<Box<RawValue>>,
    links: [(LinkKind, Vec<String>); 2],
}

pub fn named(input: Input) -> Result<Named, Exit> {
    let parameters = input.parameters.parameters()?;
    let people = sorted(input.people.clone(), "`people`")?;
    let person = |id: &str| people.binary_search_by(|one| one.as_str().cmp(id)).ok().map(|place| place as u32);
    let shared = attributions(&input.attributions, &person)?;
    let weeks = input.weeks;
    let mut written = written(input);
    written.sort_by(|one, other| one.id.cmp(&other.id));
    let items = sorted(written.iter().map(|one| one.id.clone()).collect(), "the items of the file")?;
    let places: BTreeMap<&str, u32> = items.iter().map(String::as_str).zip(0..).collect();
    let mut graph = Graph {
        people: people.len() as u32,
        weeks,
        items: Vec::new(),
        with: Vec::new(),
        links: Vec::new(),
        attributions: shared,
    };
    for (place, one) in (0..).zip(&written) {
        let called = format!("{} `{}`", kind_word(one.kind), one.id);
        let author = person(&one.author)
            .ok_or_else(|| Exit::input(format!("{called}: its author `{}` is not in `people`", one.author)))?;
        if one.week >= weeks {
            return Err(Exit::input(format!("{called}: week {} is not below `weeks`, which is {weeks}", one.week)));
        }
        let mint_micro = one.mint.as_ref().map(|_| micro(&one.mint, &format!("{called}: `mint`"), 0)).transpose()?;
        graph.items.push(Item { kind: one.kind, author: Some(author), week: one.week, mint_micro });
        for (kind, names) in &one.links {
            for (number, name) in names.iter().enumerate() {
                let word = link_word(*kind);
                let wrong = |why: &str| Exit::input(format!("{called}: its {word} `{name}` {why}"));
                let to = *places.get(name.as_str()).ok_or_else(|| wrong("is not in the file"))?;
                let is_commit = written.get(to as usize).is_some_and(|to| kind_word(to.kind) == "commit");
                if *kind == LinkKind::Parent && !is_commit {
                    return Err(wrong("is no commit"));
                }
                if to == place {
                    return Err(wrong("is itself"));
                }
                if names.iter().take(number).any(|before| before == name) {
                    return Err(wrong("is named twice"));
                }
                graph.links.push(Link { kind: *kind, from: place, to });
            }
        }
    }
    let named = Named { graph, parameters, people, items, notes: Vec::new() };
    named.graph.check_order().map_err(|wrong| named.say(wrong))?;
    Ok(named)
}

fn written(input: Input) -> Vec<Written> {
    let none = || (LinkKind::Parent, Vec::new());
    let commits = input.commits.into_iter().map(|commit| {
        let Commit { id, author, week, parents, mentions, mint } = commit;
        let kind = if parents.len() > 1 { Kind::Merge } else { Kind::Commit };
        Written { id, kind, author, week, mint, links: [(LinkKind::Parent, parents), (LinkKind::Mention, mentions)] }
    });
    let reviews = input.reviews.into_iter().map(|review| {
        let Review { id, author, week, of, mentions, mint } = review;
        let links = [(LinkKind::Review, of), (LinkKind::Mention, mentions)];
        Written { id, kind: Kind::Review, author, week, mint, links }
    });
    let issues = input.issues.into_iter().map(|issue| (Kind::Issue, issue));
    let documents = input.documents.into_iter().map(|document| (Kind::Document, document));
    let others = issues.chain(documents).map(|(kind, other)| {
        let Other { id, author, week, mentions, mint } = other;
        Written { id, kind, author, week, mint, links: [none(), (LinkKind::Mention, mentions)] }
    });
    commits.chain(reviews).chain(others).collect()
}

fn attributions(shared: &[Shared], person: &dyn Fn(&str) -> Option<u32>) -> Result<Vec<Attribution>, Exit> {
    let mut attributions = Vec::new();
    for (number, one) in (1_u64..).zip(shared) {
        let known = |id: &str| {
            person(id).ok_or_else(|| Exit::input(format!("attribution {number}: `{id}` is not in `people`")))
        };
        let share = Some(one.share.clone());
        let share_ppm = ppm(&share, &format!("attribution {number}: `share`"), 0)?;
        attributions.push(Attribution { from: known(&one.from)?, to: known(&one.to)?, week: one.week, share_ppm });
    }
    Ok(attributions)
}

/// Names in their order, each once.
fn sorted(mut names: Vec<String>, of: &str) -> Result<Vec<String>, Exit> {
    names.sort();
    match names.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(pair) => Err(Exit::input(format!("{of} have `{}` twice", pair.first().map_or("", String::as_str)))),
        None => Ok(names),
    }
}
