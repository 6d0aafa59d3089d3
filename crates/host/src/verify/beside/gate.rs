//! Invitations, sessions, tokens and ways in, compared with the register: each is of somebody in it. Who may come in is the operator's word.

use std::collections::BTreeSet;

use engine::Pseudonym;

use super::{Compared, beside, readable};
use crate::error::Error;
use crate::gate::{Invitation, Session, Token, WAY_KEYS, WAYS, Ways, is_awaited};
use crate::mail::{Letter, MAIL};

impl Compared<'_> {
    pub(super) fn gate(&mut self) -> Result<(), Error> {
        let mut of: Vec<(&str, String, Pseudonym)> = Vec::new();
        let (mut invitations, mut sessions) = (0, 0);
        self.each("invitation", &mut |name, json| {
            let invitation: Invitation = readable("invitation", name, json)?;
            let both = [Some(invitation.member), invitation.by].into_iter().flatten();
            of.extend(both.map(|member| ("invitation", name.to_owned(), member)));
            invitations += 1;
            Ok(())
        })?;
        self.each("session", &mut |name, json| {
            let session: Session = readable("session", name, json)?;
            of.push(("session", name.to_owned(), session.member));
            sessions += 1;
            Ok(())
        })?;
        let mut tokens = 0;
        self.each("token", &mut |name, json| {
            let token: Token = readable("token", name, json)?;
            of.extend(token.member.map(|member| ("token", name.to_owned(), member)));
            tokens += 1;
            Ok(())
        })?;
        let mut ways = 0;
        let mut found: BTreeSet<(String, Pseudonym)> = BTreeSet::new();
        self.each(WAYS, &mut |name, json| {
            let own: Ways = readable("way", name, json)?;
            let member: Pseudonym = name.parse().map_err(|_| beside(format!("the way `{name}` is of nobody")))?;
            of.push(("way", name.to_owned(), member));
            ways += own.ways.len() as u64;
            found.extend(own.keys().map(|key| (key, member)));
            Ok(())
        })?;
        // Of both sides: else an address could find another member than the one who proved it.
        self.each(WAY_KEYS, &mut |name, json| {
            let member: Pseudonym = readable("way-key", name, json)?;
            let is_theirs = found.remove(&(name.to_owned(), member));
            if is_theirs { Ok(()) } else { Err(beside(format!("the way-key `{name}` is of no way of {member}"))) }
        })?;
        if let Some((key, member)) = found.into_iter().next() {
            return Err(beside(format!("a way of {member} is not found by its way-key `{key}`")));
        }
        (self.word.invitations, self.word.sessions, self.word.tokens) = (invitations, sessions, tokens);
        self.word.ways = ways;
        let mut letters = 0;
        self.each(MAIL, &mut |name, json| {
            if name.bytes().all(|byte| byte.is_ascii_digit()) {
                let _: Letter = readable("letter", name, json)?;
                letters += 1;
            }
            Ok(())
        })?;
        self.word.letters = letters;
        // Somebody who has asked to join, or whose admission is announced, can have a link; the link lets them in once they have joined.
        let is_invited = |space: &str, member| space == "invitation" && is_awaited(self.state, member);
        let is_known = |space: &str, member| self.is_member(member) || is_invited(space, member);
        match of.into_iter().find(|(space, _, member)| !is_known(space, *member)) {
            Some((space, name, member)) => {
                Err(beside(format!("the {space} `{name}` is of {member}, who is no member")))
            }
            None => Ok(()),
        }
    }
}
