//! A stand-in for a forge, for tests: stateful, on loopback, in three dialects (GitHub REST v3, Gitea and Forgejo API v1, GitLab API
//! v4), with an account at Open Collective beside it (GraphQL v2). It is not part of the product, opens no connection but to a hook on loopback, and has a clock of its own.
//!
//! [`World`] is the forge itself: its methods are what people do on its pages. [`Server`] answers calls over it, with the faults that
//! a test demands ([`Fault`]). [`Year`] lives for as many days as asked, by a seed. `tests/forge/` drives it with other people's
//! clients, so that it stays honest.

mod answer;
mod call;
mod collective;
mod control;
mod date;
mod fault;
mod gitea;
mod github;
mod gitlab;
mod hook;
mod page;
mod server;
mod sign;
mod world;
mod year;

pub use answer::Answer;
pub use call::Call;
pub use collective::{Collective, id as transaction_id};
pub use date::text as date_text;
pub use fault::{Demand, Fault};
pub use hook::{Delivery, Hook, Mischief};
pub use server::Server;
pub use sign::{base64, hmac_hex};
pub use world::{
    Access, Comment, Commit, Dialect, Event, Gone, Happening, Issue, Kind, Label, Number, Pull, Release, Repository,
    Review, Token, User, World,
};
pub use year::{Rng, Year};

/// Returns the answer to one call, as the dialect of the forge gives it, without any fault.
pub fn answer(world: &mut World, call: &Call) -> Answer {
    if call.path.starts_with("/_double/") {
        return control::answer(world, call);
    }
    if let Some(account) = world.collective.as_ref().filter(|_| call.path == collective::PATH) {
        return collective::answer(account, call);
    }
    match world.dialect {
        Dialect::GitHub => github::answer(world, call),
        Dialect::Gitea => gitea::answer(world, call),
        Dialect::GitLab => gitlab::answer(world, call),
    }
}

#[cfg(test)]
mod tests;
