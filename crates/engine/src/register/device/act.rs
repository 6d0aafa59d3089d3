//! Devices are enrolled, confirmed and revoked; and what every act is asked of the signature under it.

use super::{Device, MOST_AHEAD_US, MOST_CONFIRMATIONS, MOST_DEVICES, after_the_wait};
use crate::act::{Act, ConfirmDevice, EnrolDevice, RevokeDevice, SignOnly};
use crate::context::{Actor, Context, Signed, member};
use crate::edition::FIVE;
use crate::id::MemberIndex;
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::state::State;

impl State {
    /// Whether an act may have the signature that it has, or none: docs/spec/devices.md, What every act is asked.
    pub(crate) fn check_signature(&self, act: &Act, context: &Context) -> Result<(), Refusal> {
        match &context.signed {
            Some(signed) => self.may_sign(act, signed, context),
            None => self.may_be_unsigned(act, context),
        }
    }

    fn may_sign(&self, act: &Act, signed: &Signed, context: &Context) -> Result<(), Refusal> {
        let Actor::Member(who) = context.actor else {
            let why = "a device signs in its member's name, and this act is handed in by somebody else";
            return Err(Refusal::new(Rule::UnknownDevice, why, "hand it in as the member"));
        };
        if self.editions.current < FIVE {
            let why = format!("signatures come with {FIVE}, and this log is under {}", self.editions.current);
            return Err(Refusal::new(Rule::ActOfLaterEdition, why, "hand it in without one"));
        }
        let zone = &self.rules.kernel.zone;
        if context.time >= signed.until {
            let why = format!("it was signed for before {}", zone.written(signed.until));
            return Err(Refusal::new(Rule::SignatureExpired, why, "load the page again, and sign anew"));
        }
        if signed.until.0.saturating_sub(context.time.0) > MOST_AHEAD_US {
            let why = format!("it is signed for until {}, more than a day from now", zone.written(signed.until));
            return Err(Refusal::new(Rule::SignedAhead, why, "look at the clock of this device, and sign anew"));
        }
        if signed.is_by_itself() && matches!(act, Act::EnrolDevice(_)) {
            return Ok(());
        }
        let device = self.devices.get(signed.device).filter(|one| self.members.pseudonym(one.member) == Some(who));
        let Some(device) = device else {
            let why = format!("entry {} enrolled no device of {who}", signed.device);
            return Err(Refusal::new(Rule::UnknownDevice, why, "enrol this device first: `enrol_device`"));
        };
        if let Some(at) = device.revoked {
            let why = format!("device {} was revoked at {}", signed.device, zone.written(at));
            return Err(Refusal::new(Rule::DeviceRevoked, why, "sign with another device, or enrol a new one"));
        }
        if device.acts_from > context.time {
            let why = format!("device {} signs from {} on", signed.device, zone.written(device.acts_from));
            return Err(Refusal::new(Rule::DeviceWaits, why, "confirm it with an older device of yours, or wait"));
        }
        if signed.turn <= device.turn {
            let why =
                format!("turn {} of device {} is not after its last, {}", signed.turn, signed.device, device.turn);
            return Err(Refusal::new(Rule::StaleTurn, why, "sign anew with a higher turn"));
        }
        Ok(())
    }

    /// Nobody hands an act in without a signature in the name of somebody who takes part by signed acts only.
    fn may_be_unsigned(&self, act: &Act, context: &Context) -> Result<(), Refusal> {
        // A lost device is stopped without it.
        if self.devices.is_empty() || matches!(act, Act::RevokeDevice(_)) {
            return Ok(());
        }
        let named = match context.actor {
            Actor::Member(who) | Actor::Desk(who) => Some(who),
            Actor::Operator | Actor::Bridge | Actor::Demonstration => act.own_member(),
        };
        match named.and_then(|who| self.members.index(who)).filter(|who| self.devices.is_sign_only(*who)) {
            None => Ok(()),
            Some(_) => {
                let why =
                    format!("{} takes part by signed acts only", named.map_or_else(String::new, |who| who.to_string()));
                Err(Refusal::new(Rule::SignatureMissing, why, "sign it with a device of the member"))
            }
        }
    }

    /// Notes a device's turn. To be asked after the act that it signed.
    pub(crate) fn note_turn(&mut self, context: &Context) {
        if let Some(signed) = context.signed.filter(|signed| !signed.is_by_itself()) {
            self.devices.change(signed.device, |device| device.turn = signed.turn);
        }
    }
}

/// The signature of an act that asks for one of an acting device.
fn signed_by(context: &Context, what: &str) -> Result<u64, Refusal> {
    context.signed.filter(|signed| !signed.is_by_itself()).map(|signed| signed.device).ok_or_else(|| {
        Refusal::new(Rule::SignatureMissing, format!("{what} is signed by a device that signs already"), SIGN)
    })
}

const SIGN: &str = "hand it in from such a device";

/// A device of a member's comes: docs/spec/devices.md, Enrolling.
pub(crate) fn enrol(state: &mut State, act: &EnrolDevice, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let is_hex = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    if act.public.len() != 64 || !act.public.chars().all(is_hex) {
        let why = "a public key is 64 hexadecimal digits in lower case";
        return Err(Refusal::new(Rule::KeyNotAllowed, why, "give the 32 bytes of an Ed25519 key"));
    }
    if state.devices.knows(&act.public) {
        let why = "this key was enrolled before, here";
        return Err(Refusal::new(Rule::KeyTaken, why, "make a fresh key for each co-op and browser"));
    }
    if state.devices.of(who).filter(|(_, one)| one.revoked.is_none()).count() >= MOST_DEVICES {
        let why = format!("{} has {MOST_DEVICES} devices", act.member);
        return Err(Refusal::new(Rule::TooMany, why, "revoke one of them first"));
    }
    let Some(signed) = context.signed else {
        let why = "the new key signs its enrolment itself, or an older device does";
        return Err(Refusal::new(Rule::SignatureMissing, why, SIGN));
    };
    if signed.is_by_itself() && state.devices.is_sign_only(who) {
        let why = format!("{} takes part by signed acts only: a device of theirs enrols the next", act.member);
        return Err(Refusal::new(Rule::SignatureMissing, why, SIGN));
    }
    let at = context.time;
    let enrolled_by = (!signed.is_by_itself()).then_some(signed.device);
    // Not the first of those that are unrevoked: a thief could revoke all of them first.
    let is_first = state.devices.of(who).next().is_none();
    let acts_from = if is_first || enrolled_by.is_some() { at } else { after_the_wait(at) };
    let device = Device {
        member: who,
        public: act.public.clone(),
        enrolled_at: at,
        acts_from,
        enrolled_by,
        confirmed_by: enrolled_by.into_iter().collect(),
        revoked: None,
        turn: 0,
    };
    state.devices.add(context.entry, device);
    Ok(vec![Outcome::DeviceEnrolled { member: act.member, device: context.entry, acts_from }])
}

/// A device vouches for another one: docs/spec/devices.md, Confirming.
pub(crate) fn confirm(state: &mut State, act: &ConfirmDevice, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let (owner, confirmed) = open_device(state, act.device)?;
    let by = signed_by(context, "a confirmation")?;
    if by == act.device {
        let why = "a device does not confirm itself";
        return Err(Refusal::new(
            Rule::ConfirmsNothing,
            why,
            "confirm it with an older device, or ask a fellow member",
        ));
    }
    if confirmed.confirmed_by.contains(&by) {
        let why = format!("device {by} has confirmed device {} already", act.device);
        return Err(Refusal::new(Rule::ConfirmsNothing, why, "nothing needs to be done"));
    }
    let is_older = owner == who && by < act.device;
    if owner == who && !is_older {
        let why = format!("device {by} was enrolled after device {}", act.device);
        return Err(Refusal::new(Rule::ConfirmsNothing, why, "confirm the newer one with the older one"));
    }
    // An older device can always let its member's next one in.
    if confirmed.confirmed_by.len() >= MOST_CONFIRMATIONS && !is_older {
        let why = format!("{MOST_CONFIRMATIONS} devices have confirmed it");
        return Err(Refusal::new(Rule::TooMany, why, "nothing needs to be done"));
    }
    let at = context.time;
    state.devices.change(act.device, |device| {
        device.confirmed_by.insert(by);
        if is_older {
            device.acts_from = device.acts_from.min(at);
        }
    });
    let confirmed = state.members.pseudonym(owner);
    Ok(confirmed
        .map(|member| Outcome::DeviceConfirmed { member, device: act.device, by: act.member })
        .into_iter()
        .collect())
}

/// A device signs nothing any more: docs/spec/devices.md, Revoking.
pub(crate) fn revoke(state: &mut State, act: &RevokeDevice, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let (owner, _) = open_device(state, act.device)?;
    if owner != who {
        let why = format!("device {} is not one of {}", act.device, act.member);
        return Err(Refusal::new(Rule::UnknownDevice, why, "members revoke their own devices"));
    }
    let at = context.time;
    state.devices.change(act.device, |device| device.revoked = Some(at));
    Ok(vec![Outcome::DeviceRevoked { member: act.member, device: act.device }])
}

/// A member takes part by signed acts only, or no longer so: docs/spec/devices.md, Signed acts only.
pub(crate) fn sign_only(state: &mut State, act: &SignOnly, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    signed_by(context, "this")?;
    if state.devices.is_sign_only(who) == act.on {
        let why =
            format!("{} {} by signed acts only", act.member, if act.on { "takes part" } else { "does not take part" });
        return Err(Refusal::new(Rule::SignOnlyAlready, why, "nothing needs to be done"));
    }
    state.devices.set_sign_only(who, act.on);
    Ok(vec![Outcome::Recorded])
}

fn open_device(state: &State, entry: u64) -> Result<(MemberIndex, &Device), Refusal> {
    let Some(device) = state.devices.get(entry) else {
        let why = format!("entry {entry} enrolled no device");
        return Err(Refusal::new(Rule::UnknownDevice, why, "see the list of devices"));
    };
    if let Some(at) = device.revoked {
        let why = format!("device {entry} was revoked at {}", state.rules.kernel.zone.written(at));
        return Err(Refusal::new(Rule::DeviceRevoked, why, "nothing needs to be done"));
    }
    Ok((device.member, device))
}
