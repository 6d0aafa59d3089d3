//! Constitutions: the clauses that define every other decision, checked against the kernel and the constitutions above.

mod set;

use crate::clause::{self, Clause, Layer, MOST_ABOVE, Reader};
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Node};
use crate::edition::Edition;
use crate::kernel::{Kernel, SET, Setting};

const MOST_CLAUSES: usize = 5_000;

/// A checked constitution.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constitution {
    pub clauses: Vec<Clause>,
    /// The values that it gives to parameters of the kernel; since edition 3.
    pub settings: Vec<Setting>,
    /// Notes on things that are allowed and worth knowing, such as a clause that is kept and not carried out.
    pub notes: Vec<Diagnostic>,
    /// Places of clauses in the order of their names.
    by_name: Vec<u32>,
}

/// Everything above a constitution, against which it is checked.
#[derive(Clone, Debug)]
pub struct Above<'a> {
    pub kernel: &'a Kernel,
    /// The `constitution` clauses from the root down to the one whose document this is; none for the root's own.
    pub clauses: Vec<&'a Clause>,
}

impl<'a> Above<'a> {
    /// Returns the kernel alone, which is all there is above the root constitution.
    pub fn root(kernel: &'a Kernel) -> Above<'a> {
        Above { kernel, clauses: Vec::new() }
    }

    /// Adds a `constitution` clause, for the document of that clause.
    pub fn below(&self, clause: &'a Clause) -> Above<'a> {
        let mut clauses = self.clauses.clone();
        clauses.push(clause);
        Above { kernel: self.kernel, clauses }
    }
}

pub(crate) use set::meaning as explain_settings;

impl Constitution {
    /// Puts clauses together; of several with one name, the first is found by it.
    pub fn new(clauses: Vec<Clause>, notes: Vec<Diagnostic>) -> Constitution {
        let mut by_name: Vec<u32> = (0_u32..).zip(&clauses).map(|(place, _)| place).collect();
        by_name.sort_by_key(|place| clauses.get(*place as usize).map(|clause| &clause.name));
        Constitution { clauses, settings: Vec::new(), notes, by_name }
    }

    /// Returns the values that it gives to parameters, each with its name.
    pub fn values(&self) -> Vec<(String, String)> {
        self.settings.iter().map(|setting| (setting.name.clone(), setting.value.clone())).collect()
    }

    /// Returns the clause with this name.
    pub fn clause(&self, name: &str) -> Option<&Clause> {
        let named = |place: &u32| self.clauses.get(*place as usize);
        let first =
            self.by_name.partition_point(|place| named(place).is_some_and(|clause| clause.name.as_str() < name));
        self.by_name.get(first).and_then(named).filter(|clause| clause.name == name)
    }
}

/// Reads and checks a co-op's own constitution.
///
/// # Errors
/// Every mistake, in the order of their places.
pub fn read_constitution(text: &str, kernel: &Kernel) -> Result<Constitution, Vec<Diagnostic>> {
    read_constitution_below(text, &Above::root(kernel))
}

/// Reads a constitution and checks it against everything above it.
///
/// # Errors
/// Every mistake, in the order of their places.
pub fn read_constitution_below(text: &str, above: &Above<'_>) -> Result<Constitution, Vec<Diagnostic>> {
    let edition = above.kernel.edition;
    let mut words = clause::words();
    words.extend((edition >= Edition::THREE).then_some(SET));
    let (nodes, mut mistakes) = document::read_sound(text, &words, edition)?;
    let is_set = |node: &Node| edition >= Edition::THREE && node.name.text == SET;
    let (sets, nodes): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(is_set);
    let settings = set::read_all(&sets, above, &mut mistakes);
    let bound = set::bound(above, &settings);
    let kernel = bound.as_ref().unwrap_or(above.kernel);
    mistakes.know_numbers(kernel.parameters.iter().map(|one| (one.name.clone(), one.value.clone())).collect());
    let layers = above.clauses.iter();
    let layers = layers.map(|it| Layer { name: &it.name, electorate: &it.electorate, grant: it.grant() });
    let layers: Vec<Layer> = layers.collect();
    let mut reader = Reader::new(kernel, &layers, mistakes);
    let mut clauses = Vec::new();
    if layers.len() > MOST_ABOVE {
        let why = format!("more than {MOST_ABOVE} constitutions are above this one");
        reader.mistakes.report(code::NESTED_TOO_DEEP, &(0..0), why, None);
    }
    for (index, node) in nodes.iter().enumerate() {
        if reader.mistakes.is_full() {
            break;
        }
        if index == MOST_CLAUSES {
            let why = format!("a constitution has {MOST_CLAUSES} clauses at most");
            let help = "let a constitution inside it have some of them";
            reader.mistakes.report(code::TOO_MANY, &node.name.at, why, help);
            break;
        }
        clauses.extend(clause::read(&mut reader, node));
    }
    clause::check_lists(&mut reader, &clauses, &nodes);
    clause::check_pools(&mut reader, &clauses);
    set::note_unused(&sets, &mut reader);
    let Reader { mistakes, mut notes, .. } = reader;
    notes.extend(mistakes.nearly_marked());
    notes.sort();
    if mistakes.is_empty() {
        Ok(Constitution { settings, ..Constitution::new(clauses, notes) })
    } else {
        Err(mistakes.all())
    }
}
