//! OpenID Connect: the code flow, with what a provider said of itself kept for an hour.

use std::collections::BTreeMap;

use bridges::forge::Verb;
use quantity::Moment;
use serde::Deserialize;

use super::config::{self, By, Config};
use super::keys::{self, Named};
use super::query;
use super::token::{Question, Unchecked};
use super::{Answer, Asked, Identity, Issuer, Issuers, LONGEST_REPLY, Refused, unreached};
use crate::base64url::basic;

/// A description of a provider holds for so long, microseconds: an hour.
const HOLDS_US: i64 = 3_600_000_000;
/// A key that is not known is asked for after so long at the earliest, microseconds: a minute.
const ASKS_AGAIN_US: i64 = 60_000_000;

/// Descriptions and keys of providers, by `iss`; one for each of the list at most.
#[derive(Debug, Default)]
pub(super) struct Known {
    configs: BTreeMap<String, (Moment, Config)>,
    keys: BTreeMap<String, (Moment, Vec<Named>)>,
}

/// Whether something that was said `then` is younger than `age` microseconds. A clock that went back makes it old.
fn is_younger(then: Moment, now: Moment, age: i64) -> bool {
    (0..age).contains(&now.0.saturating_sub(then.0))
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Issuers {
    /// The provider's description of itself.
    pub(super) fn config(&self, id: &str, now: Moment) -> Result<Config, Refused> {
        let kept = self.known().configs.get(id).filter(|(at, _)| is_younger(*at, now, HOLDS_US)).cloned();
        if let Some((_, config)) = kept {
            return Ok(config);
        }
        let config = Config::read(id, &self.get(&config::address(id))?, self.reach)?;
        self.known().configs.insert(id.to_owned(), (now, config.clone()));
        Ok(config)
    }

    /// The provider's keys. Where the token names one that is not among them, they are asked for anew, though not every time.
    fn keys(&self, id: &str, config: &Config, token: &Unchecked<'_>, now: Moment) -> Result<Vec<Named>, Refused> {
        let kept = self.known().keys.get(id).cloned();
        if let Some((at, keys)) = kept {
            let age = if token.finds_key(&keys) { HOLDS_US } else { ASKS_AGAIN_US };
            if is_younger(at, now, age) {
                return Ok(keys);
            }
        }
        let keys = keys::read(&self.get(&config.keys)?)?;
        self.known().keys.insert(id.to_owned(), (now, keys.clone()));
        Ok(keys)
    }

    pub(super) fn finish_openid(
        &self,
        issuer: &Issuer,
        id: &str,
        asked: &Asked,
        answer: &Answer,
        now: Moment,
    ) -> Result<Identity, Refused> {
        let config = self.config(id, now)?;
        let is_named = answer.issuer.as_deref().map_or(!config.names_itself, |named| named == id);
        if !is_named {
            return Err(Refused::OtherIssuer(id.to_owned()));
        }
        let reply = self.redeem(issuer, config.by, &config.token, asked, answer.code()?)?;
        let tokens: Tokens = serde_json::from_slice(&reply).map_err(|_| Refused::Unreadable("id_token"))?;
        let token = Unchecked::read(&tokens.id_token)?;
        let keys = self.keys(id, &config, &token, now)?;
        let question =
            Question { issuer: id, client: &issuer.client, nonce: &asked.nonce, now_s: now.0.div_euclid(1_000_000) };
        let account = token.check(&keys, &question)?;
        Ok(Identity { issuer: id.to_owned(), account })
    }

    /// Hands in the code, with the word that only this server knows; the reply.
    pub(super) fn redeem(
        &self,
        issuer: &Issuer,
        by: By,
        address: &str,
        asked: &Asked,
        code: &str,
    ) -> Result<Vec<u8>, Refused> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", asked.back.as_str()),
            ("code_verifier", asked.verifier.as_str()),
        ];
        let client = issuer.client.as_str();
        let mut head = None;
        match (&issuer.secret, by) {
            (Some(secret), By::Basic) => {
                let pair = format!("{}:{}", query::escaped(client), query::escaped(secret.show()));
                head = Some(format!("Basic {}", basic(pair.as_bytes())));
            }
            (Some(secret), By::Form) => form.extend([("client_id", client), ("client_secret", secret.show())]),
            (None, _) => form.push(("client_id", client)),
        }
        let mut headers = vec![("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
        headers.extend(head.as_deref().map(|head| ("authorization", head)));
        let body = query::text(&form);
        let reply = self.http.call(Verb::Post, address, &headers, Some(body.as_bytes())).map_err(unreached)?;
        within(reply.status, reply.body)
    }

    fn get(&self, address: &str) -> Result<Vec<u8>, Refused> {
        let reply = self.http.call(Verb::Get, address, &[("accept", "application/json")], None).map_err(unreached)?;
        within(reply.status, reply.body)
    }
}

/// Returns the body of an answer that is one.
pub(super) fn within(status: u16, body: Vec<u8>) -> Result<Vec<u8>, Refused> {
    if status != 200 {
        return Err(Refused::Unreached(format!("it answered {status}")));
    }
    if body.len() > LONGEST_REPLY {
        return Err(Refused::Unreached("its answer is too long".to_owned()));
    }
    Ok(body)
}
