//! The part of the co-op that a decision is about: weight in the classes of its service counts alone, or more than other weight. From
//! edition 3 on. Classes say which service they are of (`kernel/class`).

#[cfg(test)]
mod tests;

use super::reader::Reader;
use crate::code;
use crate::document::Fields;
use crate::effect::{EffectKind, Effects};
use crate::kernel::{Counting, Kernel};
use crate::nearest::suggest;
use crate::phrase;
use crate::words;

/// The most times that weight in a matter's own classes counts: more would leave others no say.
const MOST_WEIGHS: u32 = 3;

/// The part of the co-op that a decision is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Domain {
    pub service: String,
    /// The classes of it that vote here, in the kernel's order.
    pub classes: Vec<String>,
    /// Weight in them counts so many times; 1 where it counts alone.
    pub weighs: u32,
}

/// Reads `service "food"`, by which the classes of food alone vote, or `service "food" weighs=2`. `votes` are the classes that vote by the
/// other fields, and become those that vote.
pub(super) fn read(
    reader: &mut Reader,
    found: &Fields,
    votes: &mut Vec<String>,
    counting: Option<Counting>,
) -> Option<Option<Domain>> {
    let Some(field) = found.get("service") else {
        return Some(None);
    };
    field.no_braces(&mut reader.mistakes);
    let value = field.only_text(&mut reader.mistakes)?;
    let weighs = field.number_beside("weighs", 2..=MOST_WEIGHS, &mut reader.mistakes)?;
    let service = phrase::service(value, &mut reader.mistakes)?;
    let of_service = reader.kernel.classes.iter().filter(|class| class.service.as_deref() == Some(&service));
    let mut classes: Vec<String> = of_service.map(|class| class.name.clone()).collect();
    if classes.is_empty() {
        let known: Vec<&str> = reader.kernel.classes.iter().filter_map(|class| class.service.as_deref()).collect();
        let why = format!("no class of the kernel is of the service `{service}`");
        return reader.mistakes.refuse(code::UNKNOWN_SERVICE, &value.at, why, suggest(&service, &known));
    }
    match weighs {
        None => {
            found.clash(&["electorate"], "service", &mut reader.mistakes);
            *votes = reader.jurisdiction.within(classes.clone(), &value.at, &mut reader.mistakes);
        }
        Some(_) => {
            if reader.kernel.is_held_by_classes() {
                let why = "`weighs` changes nothing where classes have a part of the votes";
                return reader.mistakes.refuse(code::WEIGHS_NOTHING, &field.name.at, why, "leave `weighs` out");
            }
            if counting == Some(Counting::OneMember) {
                let why = "`weighs` changes nothing where everyone counts as one";
                return reader.mistakes.refuse(
                    code::WEIGHS_NOTHING,
                    &field.name.at,
                    why,
                    "leave `weighs` out, or count by weight",
                );
            }
            classes.retain(|class| votes.is_empty() || votes.contains(class));
            if classes.is_empty() {
                let why = format!("no class of `{service}` votes here");
                return reader.mistakes.refuse(
                    code::WEIGHS_NOTHING,
                    &value.at,
                    why,
                    "name one in `electorate`, or leave `service` out",
                );
            }
        }
    }
    Some(Some(Domain { service, classes, weighs: weighs.unwrap_or(1) }))
}

/// Says how the part of the co-op that it is about counts.
pub(super) fn meaning(domain: &Domain) -> String {
    let service = words::plain(&domain.service);
    let who = words::all_of(&domain.classes.iter().map(|class| words::plain(class)).collect::<Vec<String>>());
    match domain.weighs {
        1 => format!("It is about {service}: what members weigh as {who} counts here, and nothing else."),
        times => format!("It is about {service}: what members weigh as {who} counts {times} times here."),
    }
}

/// Adds the effects of another part of the co-op that a decision is about.
pub(super) fn compare(from: Option<&Domain>, to: Option<&Domain>, thing: &str, effects: &mut Effects) {
    if from.map(|one| (&one.service, one.weighs)) == to.map(|one| (&one.service, one.weighs)) {
        return;
    }
    let sentence = match (from, to) {
        (_, Some(Domain { service, weighs: 1, .. })) => {
            format!("On the {thing}, only what was given to {} would give weight.", words::plain(service))
        }
        (_, Some(Domain { service, weighs, .. })) => {
            format!("On the {thing}, weight of what was given to {} would count {weighs} times.", words::plain(service))
        }
        (Some(Domain { service, .. }), None) => {
            format!("On the {thing}, what was given to {} would count like all else.", words::plain(service))
        }
        (None, None) => return,
    };
    effects.add(EffectKind::Electorate, sentence);
}

impl Kernel {
    /// Returns the services that its classes are of or name in their formulas, each once, in order.
    pub fn services(&self) -> Vec<&str> {
        let of_classes = self.classes.iter().filter_map(|class| class.service.as_deref());
        let of_sums =
            self.classes.iter().flat_map(|class| class.weight.sources.iter().filter_map(|source| source.service()));
        let all: std::collections::BTreeSet<&str> = of_classes.chain(of_sums).collect();
        all.into_iter().collect()
    }
}
