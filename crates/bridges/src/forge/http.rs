//! Calls of a forge's interface: each within its time and length, to addresses that may be reached, never on to another host. It
//! waits for nothing: how long to wait after a limit is part of its answer.

use std::time::Duration;

use ureq::config::Config;
use ureq::http::{HeaderMap, Method, Request, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::address::{Reach, checked};

/// All of a call.
const WHOLE: Duration = Duration::from_secs(30);
/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest answer, bytes.
pub const LONGEST_ANSWER: u64 = 8 << 20;
/// The longest head of an answer, bytes.
const LONGEST_HEAD: usize = 32 << 10;
/// The shortest wait after a limit, seconds: a secondary limit often does not say how long.
pub const SHORTEST_WAIT: u32 = 60;
/// The longest, seconds: what a forge says beyond that is asked again by then.
pub const LONGEST_WAIT: u32 = 86_400;

/// The name by which a server shows itself.
const AGENT: &str = concat!("rochdale/", env!("CARGO_PKG_VERSION"));

/// A caller. It keeps connections open between calls.
#[derive(Clone, Debug)]
pub struct Http {
    agent: Agent,
    reach: Reach,
}

/// The kind of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Makes something.
    Post,
    /// Changes a part of something.
    Patch,
    /// Puts something in the place of another.
    Put,
    /// Removes something.
    Delete,
}

/// An answer, whatever its status but a limit's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The address of something that has moved.
    pub location: Option<String>,
    /// How many further calls the forge allows for now, where it says so.
    pub remaining: Option<u32>,
    /// When it allows more, seconds since 1970.
    pub reset: Option<i64>,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The address is none that may be called.
    #[error("{0}")]
    Address(String),
    /// The forge asks for less: nothing is called before so many seconds have gone by.
    #[error("the forge asks to be left alone for {0} seconds: too many calls")]
    Limited(u32),
    /// The forge did not answer in time.
    #[error("the forge did not answer within {} seconds", WHOLE.as_secs())]
    Slow,
    /// It answers more than is read.
    #[error("the forge's answer is longer than {} MiB", LONGEST_ANSWER >> 20)]
    TooLong,
    /// It cannot be reached.
    #[error("the forge cannot be reached: {0}")]
    Unreached(String),
}

/// Finds the addresses of a host, and hands on none that may not be reached: the connection is made to what was looked at.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    reach: Reach,
}

/// How a refused address is told from one that is not found.
const REFUSED: &str = "its address is inside a network, which only the operator of the server may let it call";

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // One that is refused among several that are not is somebody's trick, so all are.
        match found.iter().all(|address| self.reach.allows(address.ip())) {
            true => Ok(found),
            false => Err(Error::BadUri(REFUSED.to_owned())),
        }
    }
}

impl Http {
    /// Makes a caller that reaches as far as `reach`.
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(AGENT)
            .timeout_global(Some(WHOLE))
            .timeout_connect(Some(CONNECT))
            .max_response_header_size(LONGEST_HEAD)
            .max_idle_connections(2)
            .build();
        let resolver = Guarded { inner: DefaultResolver::default(), reach };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver), reach }
    }

    /// Calls an address. A redirect is an answer like others: it is not followed.
    ///
    /// # Errors
    /// As [`NoAnswer`].
    pub fn call(
        &self,
        verb: Verb,
        address: &str,
        headers: &[(&'static str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, NoAnswer> {
        checked(address, self.reach).map_err(NoAnswer::Address)?;
        let mut request = Request::builder().method(verb.method()).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let unreached = |why: ureq::http::Error| NoAnswer::Unreached(why.to_string());
        let answered = match body {
            Some(body) => self.agent.run(request.body(body).map_err(unreached)?),
            None => self.agent.run(request.body(()).map_err(unreached)?),
        };
        let mut answered = answered.map_err(why_not)?;
        let status = answered.status().as_u16();
        let body = answered.body_mut().with_config().limit(LONGEST_ANSWER).read_to_vec();
        let head = answered.headers();
        if let Some(seconds) = wait(status, head, body.as_deref().unwrap_or_default()) {
            return Err(NoAnswer::Limited(seconds));
        }
        let location = text(head, "location").map(str::to_owned);
        let remaining = number(head, &["x-ratelimit-remaining", "ratelimit-remaining"]);
        let reset = number(head, &["x-ratelimit-reset", "ratelimit-reset"]);
        Ok(Answer { status, body: body.map_err(why_not)?, location, remaining, reset })
    }
}

impl Answer {
    /// Returns the seconds until another call is allowed, where none remains for now.
    #[must_use]
    pub fn wait(&self, now: quantity::Moment) -> Option<u32> {
        if self.remaining != Some(0) {
            return None;
        }
        let left = self.reset.map(|at| at.saturating_sub(now.0 / 1_000_000));
        let left = left.and_then(|left| u32::try_from(left).ok()).unwrap_or(SHORTEST_WAIT);
        Some(left.clamp(1, LONGEST_WAIT))
    }
}

impl Verb {
    const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Patch => Method::PATCH,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }
}

/// A fault in words that hold nothing of the request: its head has the token.
fn why_not(error: Error) -> NoAnswer {
    match error {
        Error::Timeout(_) => NoAnswer::Slow,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => NoAnswer::TooLong,
        Error::BadUri(why) if why == REFUSED => NoAnswer::Address(format!("the forge is not called: {REFUSED}")),
        Error::HostNotFound => NoAnswer::Unreached("its name is not known".to_owned()),
        Error::Io(why) => NoAnswer::Unreached(why.to_string()),
        Error::Tls(why) => NoAnswer::Unreached(why.to_owned()),
        Error::Rustls(why) => NoAnswer::Unreached(why.to_string()),
        Error::ConnectionFailed => NoAnswer::Unreached("no connection".to_owned()),
        _ => NoAnswer::Unreached("its answer is no HTTP".to_owned()),
    }
}

/// The seconds to wait where an answer is a limit's. Source: GitHub, *Best practices for using the REST API*: after a secondary limit
/// wait as `retry-after` says, else until `x-ratelimit-reset` where nothing remains, else for at least a minute.
fn wait(status: u16, head: &HeaderMap, body: &[u8]) -> Option<u32> {
    // Open Collective gives parts of a second too.
    let after = text(head, "retry-after").and_then(|text| text.trim().split('.').next()?.parse::<u32>().ok());
    let is_spent = number::<u32>(head, &["x-ratelimit-remaining"]) == Some(0);
    let limited = match status {
        429 => true,
        // Without the words it is a refusal of the token, for which waiting is no help.
        403 => after.is_some() || is_spent || says_limit(body),
        503 => after.is_some(),
        _ => false,
    };
    limited.then(|| after.unwrap_or(SHORTEST_WAIT).clamp(SHORTEST_WAIT, LONGEST_WAIT))
}

fn says_limit(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body.get(..body.len().min(2_000)).unwrap_or_default()).to_ascii_lowercase();
    ["rate limit", "secondary limit", "abuse detection"].iter().any(|words| text.contains(words))
}

fn text<'a>(head: &'a HeaderMap, name: &str) -> Option<&'a str> {
    head.get(name).and_then(|value| value.to_str().ok())
}

fn number<T: std::str::FromStr>(head: &HeaderMap, names: &[&str]) -> Option<T> {
    names.iter().find_map(|name| text(head, name)?.trim().parse().ok())
}

#[cfg(test)]
mod tests;
