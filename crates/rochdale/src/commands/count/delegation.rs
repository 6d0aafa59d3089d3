//! Delegation: who votes for whom, along the chains of one decision.

use std::collections::BTreeMap;

use engine::ballot::delegation::{Scope, follow};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::{print, print_json, table};
use crate::exit::Exit;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    members: Vec<Name>,
    delegations: Vec<Delegation>,
    voters: Vec<Name>,
    /// The path of the decision; without it every delegation is about it.
    decision: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delegation {
    from: Name,
    to: Option<Name>,
    #[serde(default = "everything")]
    scope: String,
}

/// A name, or a number that stands for one.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(u64),
}

impl Name {
    fn text(&self) -> String {
        match self {
            Name::Text(text) => text.clone(),
            Name::Number(number) => number.to_string(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Name::Text(text) => json!(text),
            Name::Number(number) => json!(number),
        }
    }
}

fn everything() -> String {
    "everything".to_owned()
}

pub fn run(input: Input, json: bool) -> Result<(), Exit> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, member) in input.members.iter().enumerate() {
        if places.insert(member.text(), place).is_some() {
            return Err(Exit::input(format!("`members` names `{}` twice", member.text())));
        }
    }
    let place = |name: &Name, what: &str| {
        let known = places.get(&name.text()).copied();
        known.ok_or_else(|| Exit::input(format!("{what} `{}`, who is not among the members", name.text())))
    };
    let mut votes = vec![false; input.members.len()];
    for voter in &input.voters {
        if let Some(votes) = votes.get_mut(place(voter, "`voters` names")?) {
            *votes = true;
        }
    }
    let names = narrowest(&input, place)?;
    let ends = follow(&names, &votes);
    let mut weight: BTreeMap<usize, u64> =
        (0..votes.len()).filter(|member| votes[*member]).map(|voter| (voter, 0)).collect();
    for voter in ends.iter().flatten() {
        *weight.entry(*voter).or_default() += 1;
    }
    let text = |place: usize| input.members.get(place).map(Name::text).unwrap_or_default();
    if json {
        let value =
            |voter: Option<usize>| voter.and_then(|voter| input.members.get(voter)).map_or(Value::Null, Name::json);
        let delegate: serde_json::Map<String, Value> =
            ends.iter().enumerate().map(|(member, voter)| (text(member), value(*voter))).collect();
        let weight: serde_json::Map<String, Value> =
            weight.iter().map(|(voter, members)| (text(*voter), json!(members))).collect();
        return print_json(&json!({ "delegate": delegate, "weight": weight }));
    }
    let mut rows = vec![["member", "names", "votes for them"].map(str::to_owned).to_vec()];
    for (member, voter) in ends.iter().enumerate() {
        let named = names.get(member).copied().flatten().map_or("–".to_owned(), text);
        rows.push(vec![text(member), named, voter.map_or("nobody".to_owned(), text)]);
    }
    let told: String =
        weight.iter().map(|(voter, members)| format!("{}: votes for {members}\n", text(*voter))).collect();
    print(&format!("{}{told}", table(&rows)))
}

/// The member whom each one names by their narrowest delegation that is about the decision.
fn narrowest(input: &Input, place: impl Fn(&Name, &str) -> Result<usize, Exit>) -> Result<Vec<Option<usize>>, Exit> {
    // The depth of the narrowest so far, and whom it names.
    let mut known: Vec<Option<(usize, Option<usize>)>> = vec![None; input.members.len()];
    for (number, delegation) in (1_u64..).zip(&input.delegations) {
        let what = format!("delegation {number} names");
        let from = place(&delegation.from, &what)?;
        let to = delegation.to.as_ref().map(|to| place(to, &what)).transpose()?;
        let scope = Scope::read(&delegation.scope);
        if input.decision.as_ref().is_some_and(|decision| !scope.covers(decision)) {
            continue;
        }
        let Some(own) = known.get_mut(from) else { continue };
        match own {
            Some((depth, _)) if *depth > scope.depth() => {}
            Some((depth, _)) if *depth == scope.depth() => {
                return Err(Exit::input(format!(
                    "delegation {number}: `{}` delegates twice as narrowly: name one, or give the path of the `decision`",
                    delegation.from.text()
                )));
            }
            _ => *own = Some((scope.depth(), to)),
        }
    }
    Ok(known.into_iter().map(|named| named.and_then(|(_, to)| to)).collect())
}
