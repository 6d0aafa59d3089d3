//! A template's story: the acts of members over simulated months, played in a co-op, and the expected results.
//! `docs/spec/templates.md` defines the format. It counts nothing itself.

mod act;
mod credit;
mod expect;
mod pool;
mod read;
mod release;
#[cfg(test)]
mod tests;
mod waits;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use charter::Edition;
use engine::act::{Found, TakeBackAct};
use engine::{Act, Actor, Pseudonym};
use host::{Batch, Charter, Coop, Error, Person};
use quantity::{Currency, Moment};
use serde_json::json;

use crate::exit::Exit;
use act::Deed;
pub use read::{Story, Table};

/// A place where a story and the program disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The story's file and line, such as `story.md:12`.
    pub at: String,
    /// The subject of the line, its value, and the counted one.
    pub words: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.words)
    }
}

/// Builds the story of the template `name` in `folder` and opens the co-op that comes of it.
///
/// # Errors
/// No such template, or a story that does not hold.
pub fn build(name: &str, folder: &Path) -> Result<Coop, Exit> {
    let template = charter::template(name).ok_or_else(|| {
        let known = charter::templates().join(", ");
        Exit::input(format!("there is no template `{name}`: one of {known}"))
    })?;
    let story = of_template(template)?;
    let charter = filled(&story, template)?;
    host::init(folder, &charter, true)?;
    let mut coop = Coop::open(folder, story.founded)?;
    match play(&story, &mut coop)?.first() {
        None => Ok(coop),
        Some(difference) => Err(Exit::world(difference.to_string())),
    }
}

fn of_template(template: charter::Template) -> Result<Story, Exit> {
    let file = match template.edition {
        Edition::ONE => format!("templates/{}/story.md", template.name),
        edition => format!("templates/edition-{}/{}/story.md", edition.number(), template.name),
    };
    Story::read(&file, template.story)
}

/// Returns the template's documents with the names that the story gives.
fn filled(story: &Story, template: charter::Template) -> Result<Charter, Exit> {
    let currency =
        Currency::parse(&story.currency).ok_or_else(|| Exit::world(format!("`{}` is no currency", story.currency)))?;
    let filled = template.fill(&story.name, currency);
    Ok(Charter::read_under(filled.kernel, filled.constitution, template.edition)?)
}

/// Plays a story in a new co-op and returns every place where they disagree.
///
/// # Errors
/// A sentence that cannot be read, or a fault.
pub fn play(story: &Story, coop: &mut Coop) -> Result<Vec<Difference>, Exit> {
    let mut stage = Stage::open(story, coop)?;
    let mut differences = Vec::new();
    for table in &story.tables {
        match &table.about {
            read::About::Acts => stage.act_out(coop, table, &mut differences)?,
            read::About::Expected { until, what } => {
                stage.until(coop, *until)?;
                differences.extend(expect::compare(&stage, coop, table, what, *until));
                if *what == read::What::Outcomes {
                    stage.told = *until;
                }
            }
        }
    }
    Ok(differences)
}

/// The members and documents that the story has named so far.
#[derive(Debug)]
struct Stage<'a> {
    story: &'a Story,
    members: BTreeMap<String, Pseudonym>,
    /// Names of documents by hash.
    documents: BTreeMap<String, String>,
    /// The source of what each member gave last.
    gifts: BTreeMap<String, String>,
    /// The founding act.
    founding: Found,
    /// The end of the outcomes compared so far.
    told: Moment,
}

/// As many members as a story may have.
const MOST_MEMBERS: usize = 10_000;

/// The name in stories for the documents that a co-op is founded on.
const FOUNDING: &str = "founding";

/// Checks the state's invariants: stories are small, so the whole state is checked after each of their rows.
fn in_order(batch: &Batch<'_>) -> Result<(), Exit> {
    batch.state().check().map_err(|broken| Exit::world(format!("a mistake in this program: {broken}")))
}

impl<'a> Stage<'a> {
    fn open(story: &'a Story, coop: &mut Coop) -> Result<Self, Exit> {
        let mut batch = coop.batch()?;
        batch.run_due(story.founded)?;
        let mut documents = BTreeMap::new();
        for (name, text) in &story.documents {
            documents.insert(batch.put_document(text)?, name.clone());
        }
        batch.commit()?;
        let founding = coop.state().founding.act.clone();
        for hash in [&founding.kernel, &founding.constitution] {
            documents.insert(hash.clone(), FOUNDING.to_owned());
        }
        let (members, gifts) = (BTreeMap::new(), BTreeMap::new());
        Ok(Stage { story, members, gifts, documents, founding, told: story.founded })
    }

    fn until(&self, coop: &mut Coop, until: Moment) -> Result<(), Exit> {
        let mut batch = coop.batch()?;
        batch.run_due(until)?;
        in_order(&batch)?;
        Ok(batch.commit()?)
    }

    fn act_out(&mut self, coop: &mut Coop, table: &Table, differences: &mut Vec<Difference>) -> Result<(), Exit> {
        let mut batch = coop.batch()?;
        for row in &table.rows {
            let at = |words: String| self.story.wrong(row.line, &words);
            let day = row.day.ok_or_else(|| at("the first row has no date".to_owned()))?;
            if day < batch.state().time {
                let time = batch.state().time;
                return Err(at(format!("the story has come to {time} already")));
            }
            let [_, who, does, ..] = row.cells.as_slice() else {
                return Err(at("a row of acts has a date, who, and what they do".to_owned()));
            };
            let expected = row.cells.get(3).map_or("", String::as_str);
            for who in act::members_named(who).map_err(at)? {
                let scene = act::Scene { stage: self, state: batch.state(), at: day, line: row.line };
                let deed = act::read(does, &who, scene).map_err(at)?;
                let refused = self.carry_out(&mut batch, &who, deed, day, row.line)?;
                if refused.as_deref().unwrap_or_default().split(' ').next() != Some(expected) {
                    let came = refused.unwrap_or_else(|| "it was accepted".to_owned());
                    let wanted = if expected.is_empty() { "accepted" } else { expected };
                    differences.push(Difference {
                        at: self.story.at(row.line),
                        words: format!("`{who} {does}`: the story says {wanted}, and {came}"),
                    });
                }
            }
            in_order(&batch)?;
        }
        Ok(batch.commit()?)
    }

    /// Hands one act in; the refusal, if the rules say no.
    fn carry_out(
        &mut self,
        batch: &mut Batch<'_>,
        who: &str,
        deed: Deed,
        at: Moment,
        line: usize,
    ) -> Result<Option<String>, Exit> {
        let actor = |name: &str, stage: &Self| match stage.members.get(name) {
            Some(member) => Actor::Member(*member),
            None => Actor::Demonstration,
        };
        let done = match deed {
            Deed::Admit { name, organisation } => {
                let by = if name == who { Actor::Demonstration } else { actor(who, self) };
                let person = Person { name: name.clone(), organisation, ..Person::default() };
                if self.members.len() >= MOST_MEMBERS && !self.members.contains_key(&name) {
                    let why = format!("a story has {MOST_MEMBERS} members at most");
                    return Err(self.story.wrong(line, &why));
                }
                let admitted = batch.member_for(&person, by, at);
                admitted.map(|member| {
                    self.members.insert(name, member);
                })
            }
            Deed::Own(json) => {
                release::keep(batch, &json, at)?;
                self.submit(batch, &json, actor(who, self), at, line)?
            }
            // A member who admits somebody proposes it where the seat acts together with others.
            Deed::Proposed(deed) if matches!(*deed, Deed::Admit { .. } | Deed::TakenBack(_)) => {
                return self.carry_out(batch, who, *deed, at, line);
            }
            Deed::Proposed(deed) => {
                let act = self.act_of(&deed, line)?;
                self.hand_in(batch, act, who, at)
            }
            Deed::Agreed { to, agree } => {
                let number = self.proposed(batch.state(), &to, line)?;
                let act = json!({"act": "agree_to_act", "member": who, "number": number, "agree": agree});
                self.submit(batch, &act, actor(who, self), at, line)?
            }
            Deed::TakenBack(deed) => {
                let number = self.announced(batch.state(), &deed, line)?;
                self.hand_in(batch, Act::TakeBackAct(TakeBackAct { number }), who, at)
            }
            Deed::Given { given, booked } => {
                let done = self.submit(batch, &given, Actor::Demonstration, at, line)?;
                if let (Ok(()), Some(source)) = (&done, given["source"].as_str()) {
                    self.gifts.insert(who.to_owned(), source.to_owned());
                }
                match booked {
                    Some(booked) if done.is_ok() => self.submit(batch, &booked, Actor::Demonstration, at, line)?,
                    _ => done,
                }
            }
            Deed::Fact(json) => self.submit(batch, &json, Actor::Demonstration, at, line)?,
            Deed::Whole { act, text } => {
                self.know_as(text);
                batch.append(&act, actor(who, self), "", "", at).map(|_| ())
            }
        };
        match done {
            Ok(()) => Ok(None),
            Err(Error::Refused(refusal)) => Ok(Some(refusal.to_string())),
            Err(error) => Err(error.into()),
        }
    }

    /// The log has a text with pseudonyms: from now on the story's name is that one's.
    fn know_as(&mut self, text: Option<(String, String)>) {
        if let Some((hash, name)) = text {
            self.documents.retain(|_, known| *known != name);
            self.documents.insert(hash, name);
        }
    }

    fn submit(
        &self,
        batch: &mut Batch<'_>,
        json: &serde_json::Value,
        actor: Actor,
        at: Moment,
        line: usize,
    ) -> Result<Result<(), Error>, Exit> {
        let resolve = &mut |name: &str| self.members.get(name).copied();
        let read = host::decode_act(json.to_string().as_bytes(), resolve)
            .map_err(|misread| self.story.wrong(line, &misread.why))?;
        Ok(batch.append(&read.act, actor, "", "", at).map(|_| ()))
    }

    /// Returns the story's name for a member or document of the log.
    fn name_of<'b>(&'b self, logged: &'b str) -> &'b str {
        let known = self.documents.get(logged).map(String::as_str);
        let is = |member: &Pseudonym| member.to_string() == logged;
        let member = self.members.iter().find(|(_, member)| is(member));
        known.or(member.map(|(name, _)| name.as_str())).unwrap_or(logged)
    }

    /// Returns the log's name for a name of the story.
    fn logged(&self, name: &str, decision: &str) -> Option<String> {
        if name == FOUNDING {
            return match decision {
                "kernel" => Some(self.founding.kernel.clone()),
                _ => Some(self.founding.constitution.clone()),
            };
        }
        let is = |hash: &&String| self.documents.get(*hash).is_some_and(|known| known == name);
        let document = || self.documents.keys().find(is).cloned();
        let member = self.members.get(name).map(ToString::to_string);
        member.or_else(document)
    }
}
