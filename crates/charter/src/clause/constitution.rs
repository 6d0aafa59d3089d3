//! Constitutions inside a constitution: documents that define decisions themselves, within what is granted to them.

use super::jurisdiction::MOST_ABOVE;
use super::kind::{Answers, DELEGATION, ELECTORATE, Kind, PLAIN, SERVICE, Sides};
use super::reader::Reader;
use crate::code;
use crate::document::{Fields, Node};
use crate::effect::{EffectKind, Effects};
use crate::kernel::{
    ALLOWANCE, CHANGES, CONSTITUTION, GIVES, GIVES_UP_TO, Grant, Kernel, NOMINATED_BY, SETTLES_IN, Terms, VOTES,
};
use crate::vocabulary::Known;

/// A document that defines decisions itself, within what is granted to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InnerConstitution {
    pub terms: Terms,
    pub grant: Grant,
}

impl Kind for InnerConstitution {
    const FIELDS: &'static [Known] =
        &[SETTLES_IN, NOMINATED_BY, CHANGES, ELECTORATE, SERVICE, VOTES, ALLOWANCE, GIVES, GIVES_UP_TO, DELEGATION];

    fn read(reader: &mut Reader, node: &Node, found: &Fields) -> Option<InnerConstitution> {
        let powers = Some(reader.powers(found));
        // Terms that it does not say are those of the co-op's own constitution.
        let terms = Terms::read(found, Some(&reader.kernel.constitution), &mut reader.mistakes)?;
        if reader.depth == MOST_ABOVE {
            let why = format!("constitutions nest more than {MOST_ABOVE} deep");
            reader.mistakes.report(code::NESTED_TOO_DEEP, &node.name.at, why, None);
        }
        Some(InnerConstitution { terms, grant: Grant { powers } })
    }

    fn answers(&self) -> Answers<'_> {
        Answers {
            title: "A constitution of the {}",
            change: "another constitution of the {} would be in force",
            terms: Some(&self.terms),
            grant: Some(&self.grant),
            ..PLAIN
        }
    }

    fn meaning(&self, kernel: &Kernel) -> Vec<String> {
        let mut sentences = vec![CONSTITUTION.to_owned()];
        sentences.extend(self.grant.meaning("it", kernel));
        sentences
    }

    fn compare(&self, from: Option<&InnerConstitution>, sides: Sides, thing: &str, effects: &mut Effects) {
        let old: Vec<String> = from.map(|from| from.grant.compared(sides.from)).into_iter().collect();
        let of = format!("the constitution of the {thing}");
        effects.add_sentences(EffectKind::Powers, &of, &old, &[self.grant.compared(sides.to)]);
    }
}
