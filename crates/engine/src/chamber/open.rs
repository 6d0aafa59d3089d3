//! Which decisions a kernel and a constitution open.

use charter::{Clause, Constitution, Kernel};
use quantity::Moment;

use super::{CONSTITUTION, CandidateName, Chamber, Decision, Election, Favour, Kind, Layer, ROOT};
use crate::count::SeatKind;
use crate::id::ClassId;

/// The decisions that a kernel and a constitution open, the constitution's own election first.
pub(crate) fn open_all(kernel: &Kernel, constitution: &Constitution, in_force: &str, at: Moment) -> Vec<Decision> {
    let mut own = Election::new(SeatKind::Document, 1, kernel.constitution.clone(), at);
    own.enter_holder(CandidateName::Document(in_force.to_owned()), at);
    let root = Decision {
        name: ROOT.to_owned(),
        layer: Layer::Kernel,
        opened_at: at,
        closed_at: None,
        holds_rules: true,
        updates: 0,
        electorate: Vec::new(),
        favour: None,
        counting: kernel.counting,
        allowance: kernel.allowance_of(kernel.counting),
        capacity: 0,
        factors: Vec::new(),
        parts_key: None,
        chamber: Chamber::Election(own),
    };
    let clauses = constitution.clauses.iter();
    let clauses = clauses.filter_map(|clause| open(kernel, clause, clause.name.clone(), CONSTITUTION, at));
    std::iter::once(root).chain(clauses).collect()
}

/// The decision that a clause opens; `None` for a clause that the edition keeps and does not carry out.
pub(crate) fn open(kernel: &Kernel, clause: &Clause, path: String, layer: Layer, at: Moment) -> Option<Decision> {
    let chamber = Chamber::open(Kind::of(kernel.edition, clause)?, kernel, clause, at)?;
    Some(Decision {
        name: path,
        layer,
        opened_at: at,
        closed_at: None,
        holds_rules: clause.grant().is_some(),
        updates: 0,
        electorate: electorate(kernel, clause),
        favour: favour(kernel, clause),
        counting: clause.counting,
        allowance: clause.allowance,
        capacity: 0,
        factors: Vec::new(),
        parts_key: None,
        chamber,
    })
}

/// Places of the classes that a clause names, in the order in which it names them.
pub(crate) fn electorate(kernel: &Kernel, clause: &Clause) -> Vec<ClassId> {
    let place = |name: &String| kernel.classes.iter().position(|class| &class.name == name).map(ClassId::at);
    clause.electorate.iter().filter_map(place).collect()
}

/// The classes whose weight counts several times in the decision of a clause.
pub(crate) fn favour(kernel: &Kernel, clause: &Clause) -> Option<Favour> {
    let domain = clause.domain.as_ref().filter(|domain| domain.weighs > 1)?;
    let place = |name: &String| kernel.classes.iter().position(|class| &class.name == name).map(ClassId::at);
    Some(Favour { classes: domain.classes.iter().filter_map(place).collect(), times: domain.weighs })
}
