//! Effects: a sentence for each thing that other rules would change for members. Each noun adds its own.

use crate::words;

/// One thing that would be different.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Effect {
    /// A decision's path, a class, or `kernel`.
    pub about: String,
    pub kind: EffectKind,
    /// The difference for members, in a full sentence.
    pub sentence: String,
}

/// The subject of an effect. A closed list, for pages that group or mark effects.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EffectKind {
    /// A decision would begin.
    Opens,
    /// A decision would end.
    Closes,
    /// How long a change takes, who can stand, when it happens.
    Settles,
    /// The members who vote.
    Electorate,
    /// How weight becomes votes.
    Counting,
    /// The powers of a holder.
    Powers,
    Seats,
    /// How support becomes weight.
    Weight,
    /// How the kernel changes.
    Amendment,
    /// The share of members who leave together.
    Fork,
    /// Where money, hours or files go.
    Flow,
    /// When items of a ranking close.
    Closing,
    /// The co-op's name, purpose, currency, or clock.
    Identity,
}

/// Collects the effects on one thing.
pub(crate) struct Effects<'e> {
    about: &'e str,
    found: &'e mut Vec<Effect>,
}

impl<'e> Effects<'e> {
    pub(crate) fn new(about: &'e str, found: &'e mut Vec<Effect>) -> Effects<'e> {
        Effects { about, found }
    }

    pub(crate) fn add(&mut self, kind: EffectKind, sentence: impl Into<String>) {
        self.found.push(Effect { about: self.about.to_owned(), kind, sentence: sentence.into() });
    }

    /// Adds the sentences that only one side has.
    pub(crate) fn add_sentences(&mut self, kind: EffectKind, of: &str, from: &[String], to: &[String]) {
        let inside = |sentence: &String| words::lower(sentence.trim_end_matches('.'));
        for gone in from.iter().filter(|sentence| !to.contains(sentence)) {
            self.add(kind, format!("For {of} it would no longer hold that {}.", inside(gone)));
        }
        for new in to.iter().filter(|sentence| !from.contains(sentence)) {
            self.add(kind, format!("For {of} it would hold that {}.", inside(new)));
        }
    }
}
