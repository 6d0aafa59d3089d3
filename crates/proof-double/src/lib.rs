//! Stand-ins for those who say who somebody is, for tests: a software authenticator ([`Soft`]), an OpenID Connect provider, and the OAuth of three forges, on loopback, with a clock of its own.
//! It is not part of the product, and opens no connection.
//!
//! [`World`] is the issuer: who is signed in there, which client it knows, and how its next tokens are spoilt ([`Spoil`]). Who comes to
//! its page says yes at once. [`Server`] answers calls over it. It refuses what an issuer must refuse, and has tests of that.

mod authenticator;
mod server;
mod sign;
mod world;

pub use authenticator::{Question, Soft, attestation};
pub use server::Server;
pub use sign::{Algorithm, base64url};
pub use world::{Call, Reply, Spoil, World};

#[cfg(test)]
mod tests;
