//! Reads a constitution against everything above it and tells every mistake in it.

use std::collections::BTreeSet;

use super::jurisdiction::{Jurisdiction, belongs_above};
use super::pool::Fed;
use super::power::{Given, powers};
use super::{
    Above, Amount, Body, Clause, ClauseKind, Constitution, Delegation, Document, GivenPower, Grant, InnerConstitution,
    MoneyPer, Office, Power, Ranking, Supply,
};
use super::{commitment, pool, release, supply};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Field, Fields, Mistakes, Node, Value, fields};
use crate::kernel::{own_name, terms, votes};
use crate::nearest::{nearest, suggest};
use crate::phrase;
use crate::{Class, Counting};

const CLAUSES: [&str; 8] = ["office", "body", "document", "constitution", "ranking", "commitment", "pool", "release"];
/// What elections have besides the fields of their own kind.
const ELECTION: [&str; 6] = ["electorate", "votes", "settles-in", "nominated-by", "changes", "delegation"];
const RANKING: &[&str] = &["of", "electorate", "votes", "close-after", "supply", "skip", "delegation"];
/// Decisions that every co-op has: no clause of its own constitution can have their names.
const RESERVED: [&str; 2] = ["constitution", "kernel"];

const MOST_SEATS: u32 = 100;
const MOST_CLAUSES: usize = 5_000;
/// How many constitutions may stand above one.
const MOST_ABOVE: usize = 16;

/// Whether clauses are called so.
pub(crate) fn is_clause(word: &str) -> bool {
    CLAUSES.contains(&word)
}

/// Reads and checks a co-op's own constitution; on failure every mistake, in the order of their places.
pub fn read_constitution(text: &str, kernel: &crate::Kernel) -> Result<Constitution, Vec<Diagnostic>> {
    read_constitution_below(text, &Above::root(kernel))
}

/// Reads a constitution and checks it against everything above it; on failure every mistake.
pub fn read_constitution_below(text: &str, above: &Above<'_>) -> Result<Constitution, Vec<Diagnostic>> {
    let (nodes, mistakes) = document::read_sound(text, &CLAUSES)?;
    let mut reader = Reader {
        above,
        jurisdiction: Jurisdiction::new(above),
        fed: Fed::default(),
        taken: BTreeSet::new(),
        mistakes,
        notes: Vec::new(),
    };
    let mut clauses = Vec::new();
    if above.clauses.len() > MOST_ABOVE {
        let why = format!("more than {MOST_ABOVE} constitutions stand above this one");
        reader.mistakes.tell(code::NESTED_TOO_DEEP, &(0..0), why, None);
    }
    for (index, node) in nodes.iter().enumerate() {
        if reader.mistakes.is_full() {
            break;
        }
        if index == MOST_CLAUSES {
            let why = format!("a constitution has {MOST_CLAUSES} clauses at most");
            let help = Some("let a constitution inside it have some of them".to_owned());
            reader.mistakes.tell(code::TOO_MANY, &node.name.at, why, help);
            break;
        }
        clauses.extend(reader.clause(node));
    }
    let Reader { mistakes, mut notes, .. } = reader;
    notes.sort();
    if mistakes.is_empty() { Ok(Constitution { clauses, notes }) } else { Err(mistakes.all()) }
}

struct Reader<'a, 't> {
    above: &'a Above<'a>,
    jurisdiction: Jurisdiction<'a>,
    fed: Fed,
    taken: BTreeSet<String>,
    mistakes: Mistakes<'t>,
    notes: Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    fn clause(&mut self, node: &Node) -> Option<Clause> {
        let word = match CLAUSES.iter().find(|known| **known == node.name.text) {
            Some(known) => known,
            None => self.unknown(node)?,
        };
        let name = own_name(node, "clause", &mut self.taken, &mut self.mistakes);
        if let (true, Some(value)) = (self.above.clauses.is_empty(), node.values.first())
            && RESERVED.contains(&value.text.as_str())
        {
            let why = format!("every co-op has a decision `{}` already", value.text);
            let help = Some("give the clause another name".to_owned());
            self.mistakes.tell(code::NAME_TAKEN, &value.at, why, help);
        }
        let (known, many) = known_fields(word);
        let found = fields(node, &known, many, &mut self.mistakes);
        let electorate = self.electorate(&found);
        let counting = match found.get("votes") {
            Some(field) => votes(field, &mut self.mistakes),
            None => Some(self.above.kernel.counting),
        };
        self.note_root(&found, &electorate, counting);
        let delegation = self.delegation(&found);
        let kind = self.kind(word, node, &found);
        let line = self.mistakes.line(node.name.at.start);
        Some(Clause { name: name?, kind: kind?, electorate, counting: counting?, delegation: delegation?, line })
    }

    fn kind(&mut self, word: &str, node: &Node, found: &Fields) -> Option<ClauseKind> {
        let kernel = self.above.kernel;
        let mistakes = &mut self.mistakes;
        match word {
            "office" => {
                let powers = self.powers(found);
                let terms = terms(found, None, &mut self.mistakes)?;
                Some(ClauseKind::Office(Office { terms, powers }))
            }
            "body" => self.body(found),
            "document" => terms(found, None, mistakes).map(|terms| ClauseKind::Document(Document { terms })),
            "constitution" => {
                let powers = Some(self.powers(found));
                let terms = terms(found, Some(&kernel.constitution), &mut self.mistakes)?;
                if self.above.clauses.len() == MOST_ABOVE {
                    let why = format!("constitutions nest more than {MOST_ABOVE} deep");
                    let at = &node.name.at;
                    self.mistakes.tell(code::NESTED_TOO_DEEP, at, why, None);
                }
                let grant = Grant { powers };
                Some(ClauseKind::Constitution(InnerConstitution { terms, grant }))
            }
            "ranking" => self.ranking(found),
            "commitment" => {
                let commitment = commitment::read(found, kernel, mistakes);
                self.note(node);
                commitment.map(ClauseKind::Commitment)
            }
            "pool" => {
                let pool = pool::read(found, &mut self.fed, mistakes);
                if !self.above.clauses.is_empty() {
                    self.income(found);
                }
                self.note(node);
                pool.map(ClauseKind::Pool)
            }
            _ => {
                let release = release::read(found, kernel, mistakes);
                self.note(node);
                release.map(ClauseKind::Release)
            }
        }
    }

    /// Tells a word that is no clause, and gives the one that is meant, so that what stands in it is looked into.
    fn unknown(&mut self, node: &Node) -> Option<&'static str> {
        let word = node.name.text.as_str();
        if belongs_above(node, &mut self.mistakes) {
            return None;
        }
        let why = format!("no clause is called `{word}`");
        let mut meant = None;
        let help = match word {
            "poll" => Some("this version has no polls: leave the clause out".to_owned()),
            "may" | "limits" => Some(format!("`{word}` stands in an office, a body or a constitution")),
            word => {
                meant = nearest(word, CLAUSES);
                suggest(word, &CLAUSES)
            }
        };
        self.mistakes.tell(code::UNKNOWN_CLAUSE, &node.name.at, why, help);
        meant
    }

    fn electorate(&mut self, found: &Fields) -> Vec<String> {
        let values: Option<Vec<&Value>> = found.get("electorate").map(|field| {
            field.nothing_else(&[], &mut self.mistakes);
            field.texts(&mut self.mistakes)
        });
        self.jurisdiction.electorate(values, &mut self.mistakes)
    }

    fn delegation(&mut self, found: &Fields) -> Option<Delegation> {
        let absent = Delegation::Nobody;
        let delegation = found.or("delegation", absent, &mut self.mistakes, |value, mistakes| {
            let chosen = phrase::choice(value, &["allowed", "none"], mistakes)?;
            Some(match chosen.as_str() {
                "allowed" => Delegation::Allowed,
                _ => Delegation::Nobody,
            })
        });
        if delegation == Some(Delegation::Allowed) {
            self.note_field(found, "delegation");
        }
        delegation
    }

    /// The powers of a clause, each of them given within what is granted above.
    fn powers(&mut self, found: &Fields) -> Vec<GivenPower> {
        let currency = Some(self.above.kernel.currency);
        let given = powers(found, currency, &mut self.mistakes);
        for given in &given {
            self.jurisdiction.give(given, &mut self.mistakes);
        }
        given.into_iter().map(|Given { power, .. }| power).collect()
    }

    fn body(&mut self, found: &Fields) -> Option<ClauseKind> {
        let powers = self.powers(found);
        let terms = terms(found, None, &mut self.mistakes);
        let Some(seats) = found.get("seats") else {
            found.missing("seats", "seats=5", &mut self.mistakes);
            return None;
        };
        let seats = seats.whole(1..=MOST_SEATS, &mut self.mistakes)?;
        Some(ClauseKind::Body(Body { seats, terms: terms?, powers }))
    }

    fn ranking(&mut self, found: &Fields) -> Option<ClauseKind> {
        let kernel = self.above.kernel;
        let mistakes = &mut self.mistakes;
        let of = found.optional("of", mistakes, |value, mistakes| phrase::choice(value, &["forge"], mistakes));
        let (mut close_after, mut floor) = (Some(None), Some(0));
        if let Some(close) = found.get("close-after") {
            close.nothing_else(&["floor"], mistakes);
            let span = close.only_text(mistakes);
            close_after = span.and_then(|value| phrase::span(value, mistakes)).map(Some);
            if let Some(value) = close.property("floor") {
                floor = phrase::micro(value, "votes", mistakes);
            }
        }
        let supply = supply::read(found, kernel, mistakes);
        if let (Some(Some(supply)), Some(field)) = (supply, found.get("supply")) {
            self.hand_out(supply, field);
        }
        for name in ["supply", "skip"] {
            self.note_field(found, name);
        }
        Some(ClauseKind::Ranking(Ranking { of: of?, close_after: close_after?, floor_micro: floor?, supply: supply? }))
    }

    /// Money that a ranking hands out is spent as much as what an office pays.
    fn hand_out(&mut self, supply: Supply, field: &Field) {
        let Amount::Money(amount_minor) = supply.amount else {
            return;
        };
        let every = supply.every;
        let given = Given {
            power: GivenPower { power: Power::Spend, limit: Some(MoneyPer { amount_minor, every }) },
            at: field.name.at.clone(),
            unreadable: false,
        };
        self.jurisdiction.give(&given, &mut self.mistakes);
    }

    /// Tells each feed from the co-op's income: a constitution inside another one has none of its own.
    fn income(&mut self, found: &Fields) {
        for field in found.all("fed-by") {
            let why = "what comes in is the co-op's, and only its own constitution feeds a pool with it";
            let help = Some("put the pool there, or leave `fed-by` out: gifts can fill it".to_owned());
            self.mistakes.tell(code::OUTSIDE_JURISDICTION, &field.name.at, why, help);
        }
    }

    /// Notes a clause whose votes are roots of weight that is a root already, where the kernel's own votes are none.
    fn note_root(&mut self, found: &Fields, electorate: &[String], counting: Option<Counting>) {
        let kernel = self.above.kernel;
        let Some(field) = found.get("votes") else {
            return;
        };
        if counting != Some(Counting::Quadratic) || kernel.counting == Counting::Quadratic {
            return;
        }
        let votes = |class: &&Class| electorate.is_empty() || electorate.contains(&class.name);
        if let Some(class) = kernel.classes.iter().filter(votes).find(|class| class.is_root()) {
            let why = format!("the weight of `{}` is a root, and its votes here are rooted again", class.name);
            let help = Some("root once: leave `votes` out here, or the root out of the weight".to_owned());
            let at = &field.name.at;
            let note = self.mistakes.diagnostic(code::ROOT_TWICE, at, why, help);
            self.notes.push(note);
        }
    }

    /// Notes a clause that is kept and not carried out.
    fn note(&mut self, node: &Node) {
        let why = format!("this version keeps a `{}` and does not carry it out yet", node.name.text);
        let at = &node.name.at;
        let note = self.mistakes.diagnostic(code::NOT_COUNTED_YET, at, why, None);
        self.notes.push(note);
    }

    /// Notes a field that is kept and not carried out.
    fn note_field(&mut self, found: &Fields, name: &str) {
        if let Some(field) = found.get(name) {
            let why = format!("this version keeps `{name}` and does not carry it out yet");
            let at = &field.name.at;
            let note = self.mistakes.diagnostic(code::NOT_COUNTED_YET, at, why, None);
            self.notes.push(note);
        }
    }
}

/// The fields of a kind of clause: those that may stand once, and those that may stand several times.
fn known_fields(word: &str) -> (Vec<&'static str>, &'static [&'static str]) {
    const POWERS: &[&str] = &["may"];
    let with = |own: &[&'static str]| ELECTION.iter().chain(own).copied().collect();
    match word {
        "office" | "constitution" => (with(&["limits"]), POWERS),
        "body" => (with(&["seats", "limits"]), POWERS),
        "document" => (with(&[]), &[]),
        "ranking" => (RANKING.to_vec(), &[]),
        "commitment" => (commitment::FIELDS.to_vec(), &[]),
        "pool" => (pool::FIELDS.to_vec(), pool::MANY),
        _ => (release::FIELDS.to_vec(), &[]),
    }
}
