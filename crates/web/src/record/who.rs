//! Who may record, for pages and for the API. The rules are asked by the host (`host::inbox::may_record`), and by nothing else.

use host::Snapshot;
use host::inbox::{Bringer, Kinds, Right, may_record};
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
}

impl Visitor {
    /// The sender of the request as one who may record.
    pub(crate) fn recorder(&self) -> Result<Recorder, Trouble> {
        self.see(|sight, coop| recorder(self, sight, coop))
    }
}

/// The sender as one who may record; the refusal of the rules where they may not. A token may no more than whose it is.
pub(crate) fn recorder(visitor: &Visitor, sight: &Sight<'_>, coop: &Snapshot) -> Result<Recorder, Trouble> {
    let Some(bearer) = &visitor.bearer else {
        let desk = (visitor.app.door == Door::WalkIn).then_some(Right::Desk);
        let Some(me) = sight.me else {
            // A program there needs no member to record, since whoever reaches the server is its operator.
            desk.ok_or(Trouble::Nobody)?;
            return Ok(Recorder { by: Bringer::default(), kinds: Kinds::All, right: desk });
        };
        let right = may_record(sight.state, me, desk, coop.founder()?, sight.now)?;
        return Ok(Recorder { by: Bringer { member: Some(me), token: None }, kinds: Kinds::All, right: Some(right) });
    };
    let kinds = bearer.records().ok_or(Trouble::OutOfScope)?.clone();
    let by = Bringer { member: bearer.member(), token: Some(bearer.name().to_owned()) };
    let right = match bearer.member() {
        Some(member) => Some(may_record(sight.state, member, None, coop.founder()?, sight.now)?),
        None => None,
    };
    Ok(Recorder { by, kinds, right })
}
