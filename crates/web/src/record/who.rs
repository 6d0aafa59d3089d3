//! Who may record, for pages and for the API. The rules are asked by the host (`host::inbox::may_record`), and by nothing else.

use charter::SupportKind;
use host::Snapshot;
use host::inbox::{Bringer, Kinds, Recording, Right, kinds_by_power, may_record};
use views::Sight;

use crate::app::Door;
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// Somebody who may record.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    pub(crate) by: Bringer,
    pub(crate) kinds: Kinds,
    /// By what right; none for the operator's own token.
    pub(crate) right: Option<Right>,
    /// In whose name.
    pub(crate) recording: Recording,
    /// The kinds of support that a form offers.
    pub(crate) offers: Vec<SupportKind>,
}

impl Recorder {
    /// Whether they set up bridges, which record every kind and put items on rankings in the server's name. An office's power is for its
    /// kinds alone, and never for what its holder gave.
    pub(crate) fn keeps_bridges(&self) -> bool {
        self.kinds == Kinds::All && self.right != Some(Right::Power)
    }
}

impl Visitor {
    /// The sender of the request as one who may record.
    pub(crate) fn recorder(&self) -> Result<Recorder, Trouble> {
        self.see(|sight, coop| recorder(self, sight, coop))
    }
}

/// The sender as one who may record; the refusal of the rules where they may not. A token may no more than whose it is.
pub(crate) fn recorder(visitor: &Visitor, sight: &Sight<'_>, coop: &Snapshot) -> Result<Recorder, Trouble> {
    let (by, kinds, desk) = match &visitor.bearer {
        None => {
            let desk = (visitor.app.door == Door::WalkIn).then_some(Right::Desk);
            (Bringer { member: sight.me, token: None }, Kinds::All, desk)
        }
        Some(bearer) => {
            let kinds = bearer.records().ok_or(Trouble::OutOfScope)?.clone();
            (Bringer { member: bearer.member(), token: Some(bearer.name().to_owned()) }, kinds, None)
        }
    };
    let Some(member) = by.member else {
        // A program at a walk-in server needs no member to record, since whoever reaches the server is its operator.
        if visitor.bearer.is_none() && desk.is_none() {
            return Err(Trouble::Nobody);
        }
        return Ok(Recorder {
            by,
            kinds,
            right: desk,
            recording: Recording::Bridge,
            offers: SupportKind::recorded().collect(),
        });
    };
    let right = may_record(sight.state, member, desk, coop.founder()?, sight.now)?;
    let offers = match right {
        Right::Power => kinds_by_power(sight.state, member, sight.now),
        Right::Founder | Right::Desk => SupportKind::recorded().collect(),
    };
    Ok(Recorder { by, kinds, right: Some(right), recording: right.recording(member), offers })
}
