//! Tokens, by which programs come in: kept beside the log by the hash of what the program has. A token is a member's, or the
//! operator's, for at most a year. It never does more than whoever gave it may: that is asked again at each use, of the engine.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::code::code_hash;
use super::invitation::{record, records};
use crate::batch::Batch;
use crate::error::Error;
use crate::inbox::Kinds;
use crate::shared::Shared;
use crate::snapshot::Snapshot;

/// Every token begins so, which scanners of leaked secrets know.
pub const TOKEN_START: &str = "rochdale_";
/// The days for which a token is good by default.
pub const TOKEN_DAYS: u32 = 90;
/// The longest, days.
pub const MOST_TOKEN_DAYS: u32 = 365;
/// The most open tokens of one member, and of the operator.
const MOST_OF_ONE: usize = 20;
/// The most open tokens of everybody.
const MOST_OPEN: usize = 10_000;
/// The longest name of a token, characters.
const MOST_LETTERS: usize = 60;
/// The time for which one that has ended is still listed, microseconds: 90 days.
const KEPT_US: i64 = 90 * DAY_US;
/// The last use is noted to about so long, microseconds: 10 minutes.
const USED_US: i64 = 600_000_000;
const DAY_US: i64 = 86_400_000_000;

const TOKENS: &str = "token";

/// The uses of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopes {
    /// To read what its giver may.
    #[serde(default)]
    pub read: bool,
    /// To hand in acts as its giver.
    #[serde(default)]
    pub act: bool,
    /// To record these kinds.
    #[serde(default)]
    pub record: Option<Kinds>,
}

impl Scopes {
    /// Whether it may be used for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Scopes::default()
    }
}

/// A token, without what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The name that its giver and reports call it by.
    pub name: String,
    /// Whose it is; none is the operator's.
    pub member: Option<Pseudonym>,
    /// Its uses.
    pub scopes: Scopes,
    /// When it was made, microseconds since 1970.
    pub made_us: i64,
    /// It is good before this time, microseconds since 1970.
    pub until_us: i64,
    /// When it was last used, to about ten minutes.
    pub used_us: Option<i64>,
    /// When somebody ended it.
    pub ended_us: Option<i64>,
}

impl Token {
    /// Whether it is good at `now`, by what it says itself.
    #[must_use]
    pub fn is_open(&self, now: Moment) -> bool {
        self.ended_us.is_none() && now.0 < self.until_us
    }
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// A wish that cannot be had, and why, in words.
    #[error("{0}")]
    Asked(String),
    /// A refusal or a fault.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl Snapshot {
    /// Every token that is kept, with its hash.
    ///
    /// # Errors
    /// A fault.
    pub fn tokens(&self) -> Result<Vec<(String, Token)>, Error> {
        self.beside.look(|store, coop| records(store, coop, TOKENS))
    }

    /// Returns the token that a program has, with its hash, where it is good at `now`: neither ended nor over, and its member still
    /// in the register.
    ///
    /// # Errors
    /// A fault.
    pub fn token(&self, secret: &str, now: Moment) -> Result<Option<(String, Token)>, Error> {
        if !secret.starts_with(TOKEN_START) {
            return Ok(None);
        }
        // The secret is random and long: whoever has its hash cannot come by it, and a look-up by hash tells no letter of it.
        let hash = code_hash(secret);
        let found: Option<Token> = self.beside.look(|store, coop| record(store, coop, TOKENS, &hash))?;
        let good = |token: &Token| token.is_open(now) && token.member.is_none_or(|member| self.is_member(member));
        Ok(found.filter(good).map(|token| (hash, token)))
    }
}

impl Batch<'_> {
    /// Every token that is kept, with its hash.
    pub(crate) fn tokens(&mut self) -> Result<Vec<(String, Token)>, Error> {
        let coop = &mut *self.coop;
        records(&mut *coop.store, &coop.now.id, TOKENS)
    }

    /// Makes a token for `days`; what opens it is kept nowhere, and shown this once.
    ///
    /// # Errors
    /// A name, scopes or days that no token has, too many that are open, or a fault.
    pub fn make_token(
        &mut self,
        name: &str,
        member: Option<Pseudonym>,
        scopes: Scopes,
        days: u32,
        now: Moment,
    ) -> Result<String, NoToken> {
        let name = checked(name, member, &scopes, days).map_err(NoToken::Asked)?;
        if member.is_some_and(|member| !self.coop.now.is_member(member)) {
            return Err(NoToken::Asked("a token is a member's, or the operator's".to_owned()));
        }
        let (mut open, mut own) = (0, 0);
        let kept: Vec<(String, Token)> = records(&mut *self.coop.store, &self.coop.now.id, TOKENS)?;
        for (hash, token) in kept {
            if token.is_open(now) {
                (open, own) = (open + 1, own + usize::from(token.member == member));
                if token.member == member && token.name == name {
                    return Err(NoToken::Asked(format!(
                        "a token is called `{name}` already: end it first, or choose another name"
                    )));
                }
            } else if now.0.saturating_sub(token.ended_us.unwrap_or(token.until_us)) > KEPT_US {
                self.delete(TOKENS, hash.as_bytes())?;
            }
        }
        if own >= MOST_OF_ONE || open >= MOST_OPEN {
            return Err(NoToken::Asked(format!("{MOST_OF_ONE} tokens are the most for one: end some first")));
        }
        let secret = format!("{TOKEN_START}{}", super::FreshId::new()?.id);
        let until_us = now.0.saturating_add(DAY_US.saturating_mul(days.into()));
        let token = Token { name, member, scopes, made_us: now.0, until_us, used_us: None, ended_us: None };
        self.put_token(&code_hash(&secret), &token)?;
        Ok(secret)
    }

    /// Ends the open token whose hash begins with `start`, for good; its name. `of` is whose it must be; `None` where the operator
    /// ends anybody's. Nothing where there is no such token, or there are several.
    ///
    /// # Errors
    /// A fault.
    pub fn end_token(&mut self, start: &str, of: Option<Pseudonym>, now: Moment) -> Result<Option<String>, Error> {
        let kept: Vec<(String, Token)> = records(&mut *self.coop.store, &self.coop.now.id, TOKENS)?;
        let is_meant = |hash: &str, token: &Token| {
            let is_theirs = of.is_none() || token.member == of;
            token.is_open(now) && is_theirs && !start.is_empty() && hash.starts_with(start)
        };
        let mut found = kept.into_iter().filter(|(hash, token)| is_meant(hash, token));
        let (Some((hash, mut token)), None) = (found.next(), found.next()) else { return Ok(None) };
        token.ended_us = Some(now.0);
        self.put_token(&hash, &token)?;
        Ok(Some(token.name))
    }

    fn put_token(&mut self, hash: &str, token: &Token) -> Result<(), Error> {
        let json = serde_json::to_vec(token).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(TOKENS, hash.as_bytes(), &json)
    }
}

fn checked(name: &str, member: Option<Pseudonym>, scopes: &Scopes, days: u32) -> Result<String, String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let letters = name.chars().count();
    if letters == 0 || letters > MOST_LETTERS || name.chars().any(bridges::is_refused_in_name) {
        return Err(format!("the name of a token has 1 to {MOST_LETTERS} letters that can be seen"));
    }
    if scopes.is_empty() {
        return Err("say what the token is for: to read, to act, or to record".to_owned());
    }
    if member.is_none() && (scopes.act || scopes.read) {
        return Err("a token of the operator records, and does nothing else: name the member whose it is".to_owned());
    }
    if days == 0 || days > MOST_TOKEN_DAYS {
        return Err(format!("a token is good for 1 to {MOST_TOKEN_DAYS} days"));
    }
    Ok(name)
}

/// The last uses of tokens that storage does not know yet.
#[derive(Debug, Default)]
pub struct Uses(Mutex<BTreeMap<String, i64>>);

impl Uses {
    /// Notes that a token is used at `now`, where that says more than what is known of it.
    pub fn note(&self, hash: &str, token: &Token, now: Moment) {
        if token.used_us.is_none_or(|used| now.0.saturating_sub(used) >= USED_US) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), now.0);
        }
    }

    /// Writes them down, if there are any. May wait for the disk.
    ///
    /// # Errors
    /// A fault: these uses are not noted, and the next one is.
    pub fn save(&self, coop: &Shared) -> Result<(), Error> {
        let used = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return Ok(());
        }
        coop.write(move |batch| {
            for (hash, at) in &used {
                let kept: Option<Token> = record(&mut *batch.coop.store, &batch.coop.now.id, TOKENS, hash)?;
                if let Some(token) = kept {
                    batch.put_token(hash, &Token { used_us: Some(*at), ..token })?;
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coop::tests::{at, charter};
    use crate::{Coop, Person, ServerClock};

    const NOW: &str = "2025-01-02T10:00:00Z";

    fn coop() -> (Coop, Pseudonym) {
        let now = at(NOW);
        let mut coop = Coop::in_memory(charter(), false, now).unwrap();
        let mut batch = coop.batch().unwrap();
        let person = Person { name: "member-001".to_owned(), ..Person::default() };
        let member = batch.member_for(&person, engine::Actor::Operator, now).unwrap();
        batch.commit().unwrap();
        (coop, member)
    }

    fn made(
        coop: &mut Coop,
        name: &str,
        member: Option<Pseudonym>,
        scopes: Scopes,
        days: u32,
    ) -> Result<String, String> {
        let mut batch = coop.batch().unwrap();
        let made = batch.make_token(name, member, scopes, days, at(NOW)).map_err(|why| why.to_string());
        batch.commit().unwrap();
        made
    }

    fn reading() -> Scopes {
        Scopes { read: true, ..Scopes::default() }
    }

    #[test]
    fn a_token_is_kept_by_its_hash_and_good_until_its_end() {
        let (mut coop, member) = coop();
        let secret = made(&mut coop, "  my   till ", Some(member), reading(), 2).unwrap();
        assert_eq!((secret.len(), &secret[..9]), (9 + 64, TOKEN_START));
        let good =
            |coop: &Coop, secret: &str, now: Moment| coop.committed().token(secret, now).unwrap().map(|one| one.1.name);
        assert_eq!(good(&coop, &secret, at(NOW)).as_deref(), Some("my till"));
        for wrong in ["", "rochdale_", &secret[9..], &secret[..40], &format!("{secret}0")] {
            assert_eq!(good(&coop, wrong, at(NOW)), None, "{wrong}");
        }
        assert_eq!(good(&coop, &secret, at("2025-01-04T10:00:00Z")), None, "its time is over");
        let kept = coop.committed().tokens().unwrap();
        let json = serde_json::to_string(&kept[0].1).unwrap();
        assert!(kept[0].0 == code_hash(&secret) && !json.contains(&secret[9..]));
        let mut batch = coop.batch().unwrap();
        assert_eq!(batch.end_token(&kept[0].0[..16], Some(Pseudonym(1)), at(NOW)).unwrap(), None, "another's");
        assert_eq!(batch.end_token(&kept[0].0[..16], Some(member), at(NOW)).unwrap().as_deref(), Some("my till"));
        batch.commit().unwrap();
        assert_eq!(good(&coop, &secret, at(NOW)), None);
    }

    #[test]
    fn a_token_ends_with_its_giver_s_membership() {
        let (mut coop, member) = coop();
        let secret = made(&mut coop, "till", Some(member), reading(), 2).unwrap();
        let mut batch = coop.batch().unwrap();
        let leaves = engine::Act::EndMembership(engine::act::EndMembership { member });
        batch.append(&leaves, engine::Actor::Member(member), "", "", at(NOW)).unwrap();
        batch.commit().unwrap();
        assert_eq!(coop.committed().token(&secret, at(NOW)).unwrap(), None);
    }

    #[test]
    fn only_tokens_that_mean_something_are_made() {
        let (mut coop, member) = coop();
        let mut why = |name: &str, member, scopes, days| made(&mut coop, name, member, scopes, days).unwrap_err();
        assert!(why("", Some(member), reading(), 2).starts_with("the name of a token"));
        assert!(why("a\u{200b}b", Some(member), reading(), 2).starts_with("the name of a token"));
        assert!(why("till", Some(member), Scopes::default(), 2).starts_with("say what the token is for"));
        assert!(why("till", None, reading(), 2).starts_with("a token of the operator records"));
        assert!(why("till", Some(member), reading(), 0).contains("1 to 365 days"));
        assert!(why("till", Some(member), reading(), 366).contains("1 to 365 days"));
        assert!(why("till", Some(Pseudonym(9)), reading(), 2).starts_with("a token is a member's"));
        made(&mut coop, "till", Some(member), reading(), 2).unwrap();
        assert!(made(&mut coop, "till", Some(member), reading(), 2).unwrap_err().contains("already"));
        for number in 1..MOST_OF_ONE {
            made(&mut coop, &format!("till {number}"), Some(member), reading(), 2).unwrap();
        }
        assert!(
            made(&mut coop, "one more", Some(member), reading(), 2).unwrap_err().contains("20 tokens are the most")
        );
    }

    #[test]
    fn the_last_use_is_noted_to_about_ten_minutes() {
        let (mut coop, member) = coop();
        let secret = made(&mut coop, "till", Some(member), reading(), 2).unwrap();
        let shared = Shared::new(coop, ServerClock::Machine);
        let uses = Uses::default();
        let use_at = |now: Moment| {
            let (hash, token) = shared.read().token(&secret, now).unwrap().unwrap();
            uses.note(&hash, &token, now);
            uses.save(&shared).unwrap();
            shared.read().tokens().unwrap()[0].1.used_us
        };
        let now = at(NOW);
        assert_eq!(use_at(now), Some(now.0));
        assert_eq!(use_at(Moment(now.0 + USED_US - 1)), Some(now.0));
        assert_eq!(use_at(Moment(now.0 + USED_US)), Some(now.0 + USED_US));
    }
}
