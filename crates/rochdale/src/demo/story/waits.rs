//! Acts of a story that wait for others: found again by what they do, since a story gives them no numbers.

use engine::act::{Deed as Power, TakeBackAct};
use engine::{Act, Actor, State};
use host::{Batch, Error};
use quantity::Moment;
use serde_json::Value;

use super::Stage;
use super::act::Deed;
use crate::exit::Exit;

impl Stage<'_> {
    /// Hands in an act of a power as the pages do: proposed where the member's seat acts together with others.
    pub(super) fn hand_in(&self, batch: &mut Batch<'_>, act: Act, who: &str, at: Moment) -> Result<(), Error> {
        let (act, actor) = match self.members.get(who) {
            Some(member) => (engine::intent::by_power(batch.state(), *member, act, at), Actor::Member(*member)),
            None => (act, Actor::Demonstration),
        };
        batch.append(&act, actor, "", "", at).map(|_| ())
    }

    /// Returns the act that a sentence says. An admission is none of these: its pseudonym is drawn when it is handed in.
    pub(super) fn act_of(&self, deed: &Deed, line: usize) -> Result<Act, Exit> {
        let (Deed::Own(json) | Deed::Fact(json)) = deed else {
            return Err(self.story.wrong(line, "no power has this act"));
        };
        let resolve = &mut |name: &str| self.members.get(name).copied();
        let read = host::decode_act(json.to_string().as_bytes(), resolve);
        Ok(read.map_err(|misread| self.story.wrong(line, &misread.why))?.act)
    }

    /// Returns the number of the proposed act that does this.
    pub(super) fn proposed(&self, state: &State, deed: &Deed, line: usize) -> Result<u64, Exit> {
        let waiting = state.powers.proposed().map(|(number, one)| (number, &one.deed));
        self.number_of(waiting, state, deed, line)
    }

    /// Returns the number of the announced act that does this.
    pub(super) fn announced(&self, state: &State, deed: &Deed, line: usize) -> Result<u64, Exit> {
        let waiting = state.powers.announced().map(|(number, one)| (number, &one.deed));
        self.number_of(waiting, state, deed, line)
    }

    fn number_of<'b>(
        &self,
        mut waiting: impl Iterator<Item = (u64, &'b Power)>,
        state: &State,
        deed: &Deed,
        line: usize,
    ) -> Result<u64, Exit> {
        let found = match deed {
            Deed::Admit { name, .. } => {
                let member = self.members.get(name).copied();
                waiting.find(|(_, one)| one.list().is_none() && member.is_some() && one.member() == member)
            }
            Deed::TakenBack(inner) => {
                let number = self.announced(state, inner, line)?;
                waiting.find(|(_, one)| **one == Power::TakeBackAct(TakeBackAct { number }))
            }
            deed => {
                let wanted = Power::of(&self.act_of(deed, line)?).as_ref().map(signature);
                waiting.find(|(_, one)| wanted.as_ref() == Some(&signature(one)))
            }
        };
        found.map(|(number, _)| number).ok_or_else(|| self.story.wrong(line, "no such act waits"))
    }
}

/// An act without the moment, the source and the words that a booking has from its line.
fn signature(deed: &Power) -> Value {
    let mut json = serde_json::to_value(deed).unwrap_or_default();
    if let Value::Object(fields) = &mut json {
        fields.retain(|name, _| !["at", "source", "narration"].contains(&name.as_str()));
    }
    json
}
