//! A forge's OAuth 2.0: no token says who it is, so the forge is asked for the account's number with a token that was just got. The
//! token is dropped at once, and kept nowhere.

use bridges::forge::{Dialect, Verb};
use serde::Deserialize;

use super::config::By;
use super::openid::within;
use super::{Answer, Asked, Identity, Issuer, Issuers, Refused, unreached};

/// The longest token of a forge, bytes.
const LONGEST_TOKEN: usize = 4_096;

/// The right to read who somebody is, and nothing else. At GitHub that is no scope at all.
pub(super) const fn scope(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Github => None,
        Dialect::Gitlab => Some("read_user"),
        Dialect::Gitea => Some("read:user"),
    }
}

pub(super) fn authorization(dialect: Dialect, at: &str) -> String {
    match dialect {
        Dialect::Github | Dialect::Gitea => format!("{at}/login/oauth/authorize"),
        Dialect::Gitlab => format!("{at}/oauth/authorize"),
    }
}

fn token(dialect: Dialect, at: &str) -> String {
    match dialect {
        Dialect::Github | Dialect::Gitea => format!("{at}/login/oauth/access_token"),
        Dialect::Gitlab => format!("{at}/oauth/token"),
    }
}

fn user(dialect: Dialect, at: &str) -> String {
    match dialect {
        Dialect::Github if at == "https://github.com" => "https://api.github.com/user".to_owned(),
        Dialect::Github => format!("{at}/api/v3/user"),
        Dialect::Gitea => format!("{at}/api/v1/user"),
        Dialect::Gitlab => format!("{at}/api/v4/user"),
    }
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Option<String>,
    token_type: Option<String>,
    error: Option<String>,
}

/// The account's own number. Its name may become another's.
#[derive(Deserialize)]
struct User {
    id: u64,
}

impl Issuers {
    pub(super) fn finish_forge(
        &self,
        issuer: &Issuer,
        dialect: Dialect,
        at: &str,
        asked: &Asked,
        answer: &Answer,
    ) -> Result<Identity, Refused> {
        // A forge that says who it is says so rightly.
        if answer.issuer.as_deref().is_some_and(|named| named.trim_end_matches('/') != at) {
            return Err(Refused::OtherIssuer(at.to_owned()));
        }
        let reply = self.redeem(issuer, By::Form, &token(dialect, at), asked, answer.code()?)?;
        let tokens: Tokens = serde_json::from_slice(&reply).map_err(|_| Refused::Unreadable("access_token"))?;
        // GitHub says no with 200.
        if tokens.error.is_some() {
            return Err(Refused::Unreached("it does not take the code".to_owned()));
        }
        let is_bearer = tokens.token_type.is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
        let is_word = |token: &String| {
            (1..=LONGEST_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let token = tokens.access_token.filter(|token| is_bearer && is_word(token));
        let bearer = format!("Bearer {}", token.ok_or(Refused::Unreadable("access_token"))?);
        let headers = [("accept", "application/json"), ("authorization", bearer.as_str())];
        let reply = self.http.call(Verb::Get, &user(dialect, at), &headers, None).map_err(unreached)?;
        let reply = within(reply.status, reply.body)?;
        let user: User = serde_json::from_slice(&reply).map_err(|_| Refused::Unreadable("id"))?;
        if user.id == 0 {
            return Err(Refused::Unreadable("id"));
        }
        let host = at.split_once("://").map_or(at, |(_, rest)| rest);
        Ok(Identity { issuer: host.to_ascii_lowercase().replace(':', "_"), account: user.id.to_string() })
    }
}
