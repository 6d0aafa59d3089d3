//! Faults that a test demands of the forge.

use crate::answer::Answer;
use crate::call::Call;
use crate::world::{Dialect, World};

/// The way in which a call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call is carried out, and its answer never comes: the connection ends.
    LostAnswer,
    /// The answer ends in the middle of its body; the call is carried out.
    HalfAnswer,
    /// The connection ends before the call is carried out.
    Unheard,
    /// The answer comes so many milliseconds late.
    Slow(u64),
    /// 500 before the call is carried out.
    Broken,
    /// 502 after it was carried out: the proxy in front gave up.
    BrokenAfter,
    /// A secondary limit: this status (403 or 429), with `Retry-After` in seconds or without.
    Secondary {
        /// 403 or 429.
        status: u16,
        /// Seconds; `None` where the forge does not say.
        retry_after: Option<u64>,
    },
    /// The hourly limit is used up, until so many seconds from now.
    Spent(i64),
    /// The body is a page of HTML, as a proxy's login would be.
    NoJson,
}

/// A fault for the next calls that it fits.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The way in which it goes wrong.
    pub fault: Fault,
    /// How often; each call that it fits uses one.
    pub times: u32,
    /// Only calls by this method; empty for all.
    pub method: String,
    /// Only paths with this in them; empty for all.
    pub path: String,
}

impl Demand {
    /// `fault` for the next call that writes.
    #[must_use]
    pub fn next_write(fault: Fault) -> Demand {
        Demand { fault, times: 1, method: "write".to_owned(), path: String::new() }
    }

    /// `fault` for the next call.
    #[must_use]
    pub fn next(fault: Fault) -> Demand {
        Demand { fault, times: 1, method: String::new(), path: String::new() }
    }

    fn fits(&self, call: &Call) -> bool {
        let method = match self.method.as_str() {
            "" => true,
            "write" => call.method != "GET",
            method => call.method == method,
        };
        method && self.times > 0 && call.path.contains(&self.path)
    }
}

/// Takes the fault that meets this call, if one does: a demanded one first, then one by chance.
pub fn take(world: &mut World, call: &Call) -> Option<Fault> {
    if call.path.starts_with("/_double/") {
        return None;
    }
    if let Some(demand) = world.demands.iter_mut().find(|demand| demand.fits(call)) {
        demand.times -= 1;
        return Some(demand.fault);
    }
    let (rng, per_mille) = world.chance.as_mut()?;
    if rng.below(1_000) >= *per_mille {
        return None;
    }
    let faults = [
        Fault::LostAnswer,
        Fault::HalfAnswer,
        Fault::Unheard,
        Fault::Broken,
        Fault::BrokenAfter,
        Fault::Secondary { status: 403, retry_after: Some(1) },
        Fault::Secondary { status: 429, retry_after: None },
        Fault::NoJson,
    ];
    let chosen = usize::try_from(rng.below(faults.len() as u64)).unwrap_or(0);
    faults.get(chosen).copied()
}

/// The answer of a fault that stands in the call's way; `None` where the call is carried out.
pub fn refuse(world: &World, fault: Fault) -> Option<Answer> {
    let message = |text: &str| serde_json::json!({ "message": text });
    match fault {
        Fault::Broken => Some(Answer::json(500, &message("Server Error"))),
        Fault::NoJson => Some(Answer {
            status: 200,
            headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
            body: "<!doctype html><title>Sign in</title>".to_owned(),
        }),
        Fault::Secondary { status, retry_after } => {
            let text = match world.dialect {
                Dialect::GitHub => {
                    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
                }
                Dialect::Gitea | Dialect::GitLab => "Retry later",
            };
            let answer = Answer::json(status, &message(text));
            Some(match retry_after {
                Some(seconds) => answer.with("Retry-After", seconds),
                None => answer,
            })
        }
        Fault::Spent(seconds) => {
            let text = "API rate limit exceeded for user ID 1.";
            let answer = Answer::json(if world.dialect == Dialect::GitHub { 403 } else { 429 }, &message(text));
            let (limit, left, reset) = names_of_limit(world.dialect);
            Some(answer.with(limit, 5_000).with(left, 0).with(reset, world.now.saturating_add(seconds)))
        }
        Fault::LostAnswer | Fault::HalfAnswer | Fault::Unheard | Fault::Slow(_) | Fault::BrokenAfter => None,
    }
}

/// The headers by which a forge tells its limit, the calls that are left, and when it is whole again.
pub fn names_of_limit(dialect: Dialect) -> (&'static str, &'static str, &'static str) {
    match dialect {
        Dialect::GitHub | Dialect::Gitea => ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
        Dialect::GitLab => ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"),
    }
}
