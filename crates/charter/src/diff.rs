//! What other rules would change for members: effects, not lines. Nothing where only prose, layout or order differs. Whose
//! weight changes by how much is worked out where members are known.

mod clause;
mod kernel;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::explain::words;
use crate::{Clause, Constitution, Kernel, Rules};

/// One thing that would be different.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Effect {
    /// A decision's path, a class, or `kernel`.
    pub about: String,
    pub kind: EffectKind,
    /// What would be different for members, in a full sentence.
    pub sentence: String,
}

/// What an effect is on. A closed list, for pages that group or mark effects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EffectKind {
    /// A decision would begin.
    Opens,
    /// A decision would end.
    Closes,
    /// How long a change takes, who can stand, when it happens.
    Settles,
    /// Who votes.
    Electorate,
    /// How weight becomes votes.
    Counting,
    /// What a holder may do.
    Powers,
    Seats,
    /// How support becomes weight.
    Weight,
    /// How the kernel changes.
    Amendment,
    /// What members who leave together take along.
    Fork,
    /// Where money, hours or files go.
    Flow,
    /// When items of a ranking close.
    Closing,
    /// The co-op's name, purpose, currency, or clock.
    Identity,
}

/// What would change if `to` were in force instead of `from`: the kernel first, then the constitution, then those below.
///
/// ```
/// use charter::{Rules, read_constitution, read_kernel};
/// let kernel = read_kernel(r#"kernel { name "x"; purpose "y"; currency "USD"; class "p" { weight "1" }
///     constitution { settles-in "30 days"; updates "hourly" } }"#).unwrap();
/// let rules = |days| {
///     let text = format!("office \"maintainer\" {{ settles-in \"{days} days\" }}");
///     Rules::new(kernel.clone(), read_constitution(&text, &kernel).unwrap())
/// };
/// let effects = charter::diff(&rules(14), &rules(21));
/// assert_eq!(effects[0].sentence, "A change of the maintainer would take 21 days instead of 14 days, if everyone agreed.");
/// ```
pub fn diff(from: &Rules, to: &Rules) -> Vec<Effect> {
    let mut effects = kernel::effects(&from.kernel, &to.kernel);
    let sides = Sides { from: &from.kernel, to: &to.kernel };
    sides.constitutions(Some(&from.constitution), Some(&to.constitution), "", &mut effects);
    let paths: BTreeSet<&String> = from.below.keys().chain(to.below.keys()).collect();
    for path in paths {
        let (before, after) = (in_force(from, path), in_force(to, path));
        sides.constitutions(before, after, path, &mut effects);
    }
    effects
}

/// The constitution at a path whose clause still is one.
fn in_force<'r>(rules: &'r Rules, path: &str) -> Option<&'r Constitution> {
    rules.above(path)?;
    rules.constitution_at(path)
}

/// The kernels that two constitutions stand under.
struct Sides<'k> {
    from: &'k Kernel,
    to: &'k Kernel,
}

impl Sides<'_> {
    fn constitutions(
        &self,
        from: Option<&Constitution>,
        to: Option<&Constitution>,
        path: &str,
        effects: &mut Vec<Effect>,
    ) {
        let before = from.map_or(&[][..], |constitution| &constitution.clauses);
        let after = to.map_or(&[][..], |constitution| &constitution.clauses);
        for clause in before {
            let path = words::path(path, &clause.name);
            let same = to.and_then(|to| to.clause(&clause.name));
            match same.filter(|same| is_same_kind(clause, same)) {
                Some(same) => self.clause(clause, same, &path, effects),
                None => self.closes(clause, &path, effects),
            }
        }
        for clause in after {
            let path = words::path(path, &clause.name);
            let same = from.and_then(|from| from.clause(&clause.name));
            if !same.is_some_and(|same| is_same_kind(clause, same)) {
                self.opens(clause, &path, effects);
            }
        }
    }
}

fn is_same_kind(one: &Clause, other: &Clause) -> bool {
    std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind)
}

/// Collects what is said about one thing.
struct Teller<'e> {
    about: &'e str,
    effects: &'e mut Vec<Effect>,
}

impl Teller<'_> {
    fn tell(&mut self, kind: EffectKind, sentence: String) {
        let about = self.about.to_owned();
        self.effects.push(Effect { about, kind, sentence });
    }

    /// Sentences of the one that are not in the other.
    fn tell_sentences(&mut self, kind: EffectKind, of: &str, from: &[String], to: &[String]) {
        let that = |sentence: &String| lower(sentence.trim_end_matches('.'));
        for gone in from.iter().filter(|sentence| !to.contains(sentence)) {
            self.tell(kind, format!("For {of} it would no longer hold that {}.", that(gone)));
        }
        for new in to.iter().filter(|sentence| !from.contains(sentence)) {
            self.tell(kind, format!("For {of} it would hold that {}.", that(new)));
        }
    }
}

/// With a small letter, to stand inside a sentence.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
