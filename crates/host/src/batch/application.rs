//! People who ask to join: a pseudonym and a name beside the log for each, and a link that lets them in once they are members.

use engine::act::{Act, ApplyToJoin};
use engine::{Actor, Context};
use quantity::Moment;
use rochdale_log::commitment;

use super::{Batch, By};
use crate::codec::actor_text;
use crate::directory::{Called, Origin, Person};
use crate::founding::random_key;
use crate::gate::{INVITATION_DAYS, Unasked};
use crate::records::NAME;

/// Where an applicant is known by the name that they wrote: it says nothing in the co-op's own files.
const PLACE: &str = "application";

impl Batch<'_> {
    /// Hands in the application of somebody who is no member, under a pseudonym that is drawn here. Returns the code of a link that
    /// shows how it stands, and that lets them in once they are a member. `at` is the present of the log, `now` that of the machine.
    ///
    /// # Errors
    /// A name that somebody has or that cannot be one, a refusal, or a fault.
    pub fn ask_to_join(
        &mut self,
        name: &str,
        (class, organisation): (&str, bool),
        (at, now): (Moment, Moment),
    ) -> Result<String, Unasked> {
        crate::gate::check_name(name).map_err(Unasked::Unusable)?;
        if !matches!(self.coop.now.directory.called(name), Called::Nobody) {
            return Err(Unasked::NameTaken);
        }
        let at = self.time(at);
        self.run_due(at)?;
        let member = self.fresh_pseudonym()?;
        let act = Act::ApplyToJoin(ApplyToJoin { member, class: class.to_owned(), organisation });
        let person = Person {
            name: name.to_owned(),
            organisation,
            origin: Origin::Elsewhere(PLACE.to_owned()),
            ..Person::default()
        };
        let context = Context::of(Actor::Member(member), at);
        let authority = self.coop.now.state.authority(&act, &context).unwrap_or_default();
        let key = random_key()?;
        let bound = commitment(&key, NAME, person.name.as_bytes());
        let by = By {
            actor: &actor_text(context.actor, &authority),
            authority: &authority,
            key: "",
            nonce: "",
            signed: None,
        };
        let edition = self.coop.now.state.editions.current;
        self.encode(&act, &by, at, &[(NAME, bound)], edition)?;
        let outcomes = engine::apply(&mut self.coop.now.state, &act, &context);
        let outcomes = self.done(outcomes)?;
        self.torn = true;
        self.push(&act, "", at)?;
        self.queue_act(&act, &outcomes, context.actor, at)?;
        self.keep_name(member, &person, &key)?;
        Ok(self.invite(member, None, INVITATION_DAYS, now)?)
    }
}

#[cfg(test)]
mod tests;
