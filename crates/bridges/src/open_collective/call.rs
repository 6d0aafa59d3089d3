//! Calls of Open Collective's interface, with a personal token where there is one. How long to wait after a limit is part of the
//! answer; nothing is waited for.

use std::fmt;

use quantity::Moment;

use super::graphql::{Page, question, read};
use super::site::Collective;
use crate::forge::{Answer, Http, LONGEST_ANSWER, NoAnswer, NoForge, Reach, Verb, checked_token};

/// An account at Open Collective that can be asked.
#[derive(Clone)]
pub struct Teller {
    /// The account.
    pub collective: Collective,
    token: Option<String>,
    http: Http,
}

impl fmt::Debug for Teller {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Teller").field("collective", &self.collective).finish_non_exhaustive()
    }
}

/// Why Open Collective could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// The address is none that may be called.
    #[error("{0}")]
    Address(String),
    /// It asks for less: nothing is called before so many seconds have gone by.
    #[error("Open Collective asks to be left alone for {0} seconds: too many calls (a personal token allows more)")]
    Limited(u32),
    /// The token is not good, or not good for this.
    #[error(
        "Open Collective refuses the token{}: make a personal token there with the scopes `account` and `transactions`, and enter it here",
        words(.0)
    )]
    Token(String),
    /// There is no such account, or not for this token.
    #[error("Open Collective knows no such collective, or shows it to nobody without a token that may read it")]
    NoAccount,
    /// The site refuses the question, in its own words.
    #[error("Open Collective refuses{}", words(.0))]
    Refused(String),
    /// Another status.
    #[error("Open Collective answers with {0}")]
    Status(u16),
    /// The answer is not what the interface promises.
    #[error("the answer cannot be read: is it Open Collective?")]
    Unread,
    /// There is no answer.
    #[error("Open Collective {0}")]
    NoAnswer(String),
}

/// The site's own words, in brackets.
fn words(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(" ({said})") }
}

impl From<NoAnswer> for NotRead {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Address(why) => Self::Address(why),
            NoAnswer::Limited(seconds) => Self::Limited(seconds),
            NoAnswer::Slow => Self::NoAnswer("did not answer in time".to_owned()),
            NoAnswer::TooLong => Self::NoAnswer(format!("answers with more than {} MiB", LONGEST_ANSWER >> 20)),
            NoAnswer::Unreached(why) => Self::NoAnswer(format!("cannot be reached: {why}")),
        }
    }
}

impl Teller {
    /// Makes a caller for an account, with a personal token where there is one.
    ///
    /// # Errors
    /// The token cannot be one.
    pub fn new(collective: Collective, token: Option<&str>, reach: Reach) -> Result<Self, NoForge> {
        let token = token.map(str::trim).filter(|token| !token.is_empty());
        if let Some(token) = token {
            checked_token(token)?;
        }
        Ok(Self { collective, token: token.map(str::to_owned), http: Http::new(reach) })
    }

    /// Asks for one page of transactions that were written at `since` or later, the oldest first; and how many seconds to wait before
    /// the next call, where the site allows no more for now.
    ///
    /// # Errors
    /// As [`NotRead`].
    pub fn transactions(
        &self,
        since: Option<Moment>,
        offset: u32,
        limit: u32,
        now: Moment,
    ) -> Result<(Page, Option<u32>), NotRead> {
        let mut headers = vec![("accept", "application/json"), ("content-type", "application/json")];
        headers.extend(self.token.as_deref().map(|token| ("personal-token", token)));
        let body = question(&self.collective.slug, since, offset, limit).to_string();
        let answer = self.http.call(Verb::Post, &self.collective.api, &headers, Some(body.as_bytes()))?;
        let wait = answer.wait(now);
        match answer {
            Answer { status: 200, body, .. } => Ok((read(&body)?, wait)),
            // A question that cannot be carried out has its reason in the body.
            Answer { status: 400, body, .. } => Err(match read(&body) {
                Err(why) => why,
                Ok(_) => NotRead::Status(400),
            }),
            Answer { status: 401 | 403, .. } => Err(NotRead::Token(String::new())),
            Answer { status: 404, .. } => Err(NotRead::Unread),
            Answer { status, .. } => Err(NotRead::Status(status)),
        }
    }
}
