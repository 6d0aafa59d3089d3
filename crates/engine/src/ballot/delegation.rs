//! Who votes for whom: delegations of one decision, followed to somebody who votes. Not what a delegate's ballot counts with.

/// The decisions that a delegation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope<'a> {
    /// Every decision.
    Everything,
    /// A decision, or every decision of a constitution, by path.
    Path(&'a str),
}

impl<'a> Scope<'a> {
    /// Reads `everything` or a path.
    #[must_use]
    pub fn read(text: &'a str) -> Scope<'a> {
        if text == "everything" { Scope::Everything } else { Scope::Path(text) }
    }

    /// Whether it covers a decision: the path itself, or one below it.
    #[must_use]
    pub fn covers(&self, decision: &str) -> bool {
        match self {
            Scope::Everything => true,
            Scope::Path(path) => {
                decision.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }

    /// Returns how narrow it is: the number of names in the path. Of several delegations the narrowest counts.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Scope::Everything => 0,
            Scope::Path(path) => path.split('/').count(),
        }
    }
}

/// Returns the member who votes for each member of a decision: themselves where they vote, otherwise the first along the chain of
/// delegations who does. `None` where the chain ends, or goes round in a circle, without anybody who votes.
///
/// `names` has the place of the member whom each one names, and `votes` whether they vote. It takes a step for each member.
///
/// ```
/// use engine::ballot::delegation::follow;
/// // 0 → 1 → 2, who votes; 3 and 4 name each other.
/// let ends = follow(&[Some(1), Some(2), None, Some(4), Some(3)], &[false, false, true, false, false]);
/// assert_eq!(ends, [Some(2), Some(2), Some(2), None, None]);
/// ```
#[must_use]
pub fn follow(names: &[Option<usize>], votes: &[bool]) -> Vec<Option<usize>> {
    let votes_at = |member: usize| votes.get(member).copied().unwrap_or(false);
    // Outer: looked at; inner: who votes. Somebody on the way counts as looked at, so that a circle ends.
    let mut ends: Vec<Option<Option<usize>>> = vec![None; names.len()];
    for first in 0..names.len() {
        let (mut way, mut here) = (Vec::new(), Some(first));
        let end = loop {
            let Some(member) = here else { break None };
            if votes_at(member) {
                break Some(member);
            }
            match ends.get_mut(member) {
                Some(Some(known)) => break *known,
                Some(new) => *new = Some(None),
                None => break None,
            }
            way.push(member);
            here = names.get(member).copied().flatten();
        };
        for member in way.into_iter().chain(std::iter::once(first)) {
            if let Some(cell) = ends.get_mut(member) {
                *cell = Some(end);
            }
        }
    }
    ends.into_iter().map(Option::flatten).collect()
}

#[cfg(test)]
mod tests;
