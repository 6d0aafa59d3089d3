//! A period's contributions as one text, which is kept beside the log: who made what, what each builds on, and which of it is new. Everybody
//! with the text works out the same credit. Source: `docs/spec/credit.md`, *The list of contributions*.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Explained, Graph, Item, Kind, Link, LinkKind, Parameters, Wrong};
use crate::act::{CreditRow, Pseudonym};

/// The most contributions of a list.
pub const MOST_LISTED: usize = 20_000;
/// The most people of a list.
pub const MOST_LISTED_PEOPLE: usize = 5_000;
/// The longest name of a contribution, bytes.
const LONGEST_ID: usize = 64;
/// The most authors of a contribution, and links of one.
const MOST_OF_ONE: usize = 100;

/// A list of contributions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contributions {
    /// The first day of the period, and the first day after it, such as `2025-03-01`.
    pub period: (String, String),
    /// The Sunday on which week 0 begins.
    pub week: String,
    /// Who made them; `None` is somebody who is in no register.
    pub people: Vec<Option<Pseudonym>>,
    /// Each after those that it leads to.
    pub items: Vec<Contribution>,
}

/// One contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub kind: Kind,
    /// Its name: the first digits of a commit, or the forge's number. No other of its kind has it.
    pub id: String,
    /// The week that it was made in, from week 0.
    pub week: u32,
    /// Who made it, as places of people, each once; nobody where a program did.
    pub authors: Vec<u32>,
    /// It is of the period, and mints.
    pub new: bool,
    /// The places of contributions before it that it builds on, reviews or names.
    pub links: Vec<u32>,
}

/// A line that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// From 1.
    pub line: usize,
    pub why: String,
}

/// People and contributions that are taken out before credit is worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strikes {
    /// Nothing of theirs mints, and nothing pays them.
    pub members: BTreeSet<Pseudonym>,
    /// Places of contributions that neither mint nor pay.
    pub items: BTreeSet<u32>,
}

const FIRST_LINE: &str = "rochdale contributions 1";

impl Contributions {
    /// Reads a text.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Contributions, Unreadable> {
        let mut lines = (1_usize..).zip(text.lines());
        let mut head = |what: &str| {
            let (line, text) = lines.next().unwrap_or((1, ""));
            let wrong = || Unreadable { line, why: format!("`{what} …` is missing") };
            let rest =
                if text == what { Some("") } else { text.strip_prefix(what).and_then(|rest| rest.strip_prefix(' ')) };
            rest.map(|rest| (line, rest)).ok_or_else(wrong)
        };
        head(FIRST_LINE)?;
        let (line, period) = head("period")?;
        let (from, until) = period.split_once(' ').unwrap_or((period, ""));
        let (week_line, week) = head("week")?;
        if ![from, until].into_iter().all(is_day) {
            return Err(Unreadable { line, why: "it is not two days as in `2025-03-01 2025-04-01`".to_owned() });
        }
        if !is_day(week) {
            return Err(Unreadable { line: week_line, why: "it is not a day as in `2024-12-29`".to_owned() });
        }
        let mut read = Contributions {
            period: (from.to_owned(), until.to_owned()),
            week: week.to_owned(),
            people: Vec::new(),
            items: Vec::new(),
        };
        let mut known = Known::default();
        for (line, text) in lines {
            read.line(text, &mut known).map_err(|why| Unreadable { line, why })?;
        }
        Ok(read)
    }

    fn line(&mut self, text: &str, known: &mut Known) -> Result<(), String> {
        let mut words = text.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let first = word();
        if first == "person" {
            return self.person(word(), known);
        }
        let Some(kind) = kind_of(first) else {
            return Err("it is neither a person nor a contribution".to_owned());
        };
        let (id, week, authors, new, links) = (word(), word(), word(), word(), word());
        if words.next().is_some() || links.is_empty() {
            return Err(
                "a contribution has six words: its kind, name, week, authors, `new` or `old`, and links".to_owned()
            );
        }
        let plain = |letter: char| letter.is_ascii_graphic();
        if id.len() > LONGEST_ID || id.is_empty() || !id.chars().all(plain) {
            return Err(format!("its name has 1 to {LONGEST_ID} visible signs of ASCII"));
        }
        if !known.ids.insert((first.to_owned(), id.to_owned())) {
            return Err(format!("another {first} is called `{id}`"));
        }
        if self.items.len() >= MOST_LISTED {
            return Err(format!("a list has at most {MOST_LISTED} contributions"));
        }
        let item = Contribution {
            kind,
            id: id.to_owned(),
            week: week
                .parse()
                .ok()
                .filter(|week| *week < super::MOST_WEEKS)
                .ok_or("its week is no number that can be")?,
            authors: places(authors, self.people.len()).ok_or("its authors are not people of the list, each once")?,
            new: match new {
                "new" => true,
                "old" => false,
                _ => return Err("it is neither `new` nor `old`".to_owned()),
            },
            links: places(links, self.items.len()).ok_or("its links are not contributions before it, each once")?,
        };
        self.items.push(item);
        Ok(())
    }

    fn person(&mut self, name: &str, known: &mut Known) -> Result<(), String> {
        let person = match name {
            "-" => None,
            name => Some(name.parse::<Pseudonym>()?),
        };
        if person.is_some_and(|person| !known.people.insert(person)) {
            return Err(format!("`{name}` is on it already"));
        }
        if self.people.len() >= MOST_LISTED_PEOPLE {
            return Err(format!("a list has at most {MOST_LISTED_PEOPLE} people"));
        }
        self.people.push(person);
        Ok(())
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nperiod {} {}\nweek {}\n", self.period.0, self.period.1, self.week);
        for person in &self.people {
            match person {
                Some(person) => {
                    let _ = writeln!(text, "person {person}");
                }
                None => text.push_str("person -\n"),
            }
        }
        for item in &self.items {
            let new = if item.new { "new" } else { "old" };
            let (kind, id, week) = (word_of(item.kind), &item.id, item.week);
            let _ = writeln!(text, "{kind} {id} {week} {} {new} {}", numbers(&item.authors), numbers(&item.links));
        }
        text
    }

    /// The graph, with what is struck taken out.
    #[must_use]
    pub fn graph(&self, strikes: &Strikes) -> Graph {
        let weeks = self.items.iter().map(|item| item.week.saturating_add(1)).max().unwrap_or(1);
        let people = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        let mut graph =
            Graph { people, weeks, items: Vec::new(), with: Vec::new(), links: Vec::new(), attributions: Vec::new() };
        let is_struck = |person: &u32| {
            let person = self.people.get(*person as usize).copied().flatten();
            person.is_some_and(|person| strikes.members.contains(&person))
        };
        for (place, item) in (0..).zip(&self.items) {
            // A review of one's own is none: it neither mints nor pays, and leads nowhere.
            let is_own = self.is_own_review(item);
            let struck = is_own || strikes.items.contains(&place);
            let mut authors = item.authors.iter().copied().filter(|author| !struck && !is_struck(author));
            let author = authors.next();
            graph.with.extend(authors.map(|other| (place, other)));
            // A program's work carries on what flows to it, and mints nothing.
            let mint_micro = (author.is_none() || !item.new).then_some(0);
            graph.items.push(Item { kind: item.kind, author, week: item.week, mint_micro });
            let links = item.links.iter().filter(|_| !is_own).map(|to| Link {
                kind: self.link(item.kind, *to),
                from: place,
                to: *to,
            });
            graph.links.extend(links);
        }
        graph
    }

    /// The kind of a link from a contribution of a kind: a commit builds on a commit, a review reviews, and all else names.
    fn link(&self, from: Kind, to: u32) -> LinkKind {
        let to = self.items.get(to as usize).map(|item| item.kind);
        match (from, to) {
            (Kind::Commit | Kind::Merge, Some(Kind::Commit | Kind::Merge)) => LinkKind::Parent,
            (Kind::Review, _) => LinkKind::Review,
            _ => LinkKind::Mention,
        }
    }

    /// Whether somebody reviews what they made. A merge is made by whoever presses the button, who may be its reviewer.
    fn is_own_review(&self, item: &Contribution) -> bool {
        let reviewed = item.links.iter().filter_map(|to| self.items.get(*to as usize));
        let mut reviewed = reviewed.filter(|reviewed| reviewed.kind != Kind::Merge);
        item.kind == Kind::Review
            && reviewed.any(|reviewed| item.authors.iter().any(|author| reviewed.authors.contains(author)))
    }

    /// Works out everybody's credit.
    ///
    /// # Errors
    /// Credit was minted and reaches nobody, or a bound is passed.
    pub fn explained(&self, strikes: &Strikes, parameters: &Parameters) -> Result<Explained, Wrong> {
        Explained::of(&self.graph(strikes), parameters)
    }

    /// The members' credit, by pseudonym; nobody with none.
    ///
    /// # Errors
    /// As [`Contributions::explained`].
    pub fn rows(&self, strikes: &Strikes, parameters: &Parameters) -> Result<Vec<CreditRow>, Wrong> {
        let explained = self.explained(strikes, parameters)?;
        let paid = self.people.iter().zip(&explained.credits.people);
        let own: BTreeMap<Pseudonym, u64> =
            paid.filter_map(|(who, paid)| Some((who.as_ref().copied()?, paid.micro))).collect();
        Ok(own.into_iter().filter(|(_, micro)| *micro > 0).map(|(member, micro)| CreditRow { member, micro }).collect())
    }

    /// The one contribution whose kind is this word and whose name begins so, of at least seven signs where it is not the whole name.
    #[must_use]
    pub fn named(&self, kind: &str, id: &str) -> Option<u32> {
        let kind = kind_of(kind)?;
        let of_kind = |item: &Contribution| match kind {
            Kind::Commit | Kind::Merge => matches!(item.kind, Kind::Commit | Kind::Merge),
            kind => item.kind == kind,
        };
        let all = || (0..).zip(&self.items).filter(|(_, item)| of_kind(item));
        let begins = |item: &Contribution| {
            (id.len() >= 7 && item.id.starts_with(id)) || (item.id.len() >= 7 && id.starts_with(item.id.as_str()))
        };
        let whole = all().find(|(_, item)| item.id == id).map(|(place, _)| place);
        let mut beginning = all().filter(|(_, item)| begins(item)).map(|(place, _)| place);
        match (whole, beginning.next(), beginning.next()) {
            (Some(whole), ..) => Some(whole),
            (None, one, None) => one,
            _ => None,
        }
    }
}

/// The names that a list has so far.
#[derive(Default)]
struct Known {
    people: BTreeSet<Pseudonym>,
    ids: BTreeSet<(String, String)>,
}

/// The word for a kind of contribution.
#[must_use]
pub fn word_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Commit => "commit",
        Kind::Merge => "merge",
        Kind::Review => "review",
        Kind::Issue => "issue",
        Kind::Document => "document",
    }
}

fn kind_of(word: &str) -> Option<Kind> {
    [Kind::Commit, Kind::Merge, Kind::Review, Kind::Issue, Kind::Document]
        .into_iter()
        .find(|kind| word_of(*kind) == word)
}

/// Whether a text has the form of a day.
fn is_day(text: &str) -> bool {
    let shape = |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

/// Reads places below a bound, each once; `-` is none.
fn places(text: &str, below: usize) -> Option<Vec<u32>> {
    if text == "-" {
        return Some(Vec::new());
    }
    let mut seen = BTreeSet::new();
    let mut places = Vec::new();
    for word in text.split(',') {
        let place = word.parse::<u32>().ok().filter(|place| (*place as usize) < below && places.len() < MOST_OF_ONE)?;
        if !seen.insert(place) || word.starts_with('+') {
            return None;
        }
        places.push(place);
    }
    Some(places)
}

fn numbers(places: &[u32]) -> String {
    match places {
        [] => "-".to_owned(),
        places => places.iter().map(u32::to_string).collect::<Vec<_>>().join(","),
    }
}
