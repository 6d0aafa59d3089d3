//! Two reports side by side: the difference that other rules make to the answers.

use crate::report::{Attack, Report};

/// One attack under the rules of now and under others; `None` where one of them has no such target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its name in `docs/spec/attacks.md`.
    pub attack: &'static str,
    /// Its target.
    pub target: String,
    /// Its result under the rules of now, in words.
    pub now: Option<String>,
    /// Its result under the others.
    pub then: Option<String>,
    /// Whether it gets through under the others and not now.
    pub opens: bool,
}

impl Compared {
    /// Whether the results differ.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.now != self.then
    }
}

/// Pairs the attacks of two reports: those that other rules open first, then the others that differ, then the rest.
#[must_use]
pub fn compare(now: &Report, then: &Report) -> Vec<Compared> {
    let same = |one: &Attack, other: &Attack| one.attack == other.attack && one.target == other.target;
    let mut pairs: Vec<Compared> = Vec::new();
    for after in &then.attacks {
        let before = now.attacks.iter().find(|before| same(before, after));
        pairs.push(Compared {
            attack: after.attack,
            target: after.target.clone(),
            now: before.map(|before| before.says.clone()),
            then: Some(after.says.clone()),
            opens: after.through && !before.is_some_and(|before| before.through),
        });
    }
    for before in now.attacks.iter().filter(|before| !then.attacks.iter().any(|after| same(before, after))) {
        let (attack, target, now) = (before.attack, before.target.clone(), Some(before.says.clone()));
        pairs.push(Compared { attack, target, now, then: None, opens: false });
    }
    pairs.sort_by_key(|pair| (!pair.opens, !pair.differs()));
    pairs
}
