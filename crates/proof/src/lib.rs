//! Other people's word for who somebody is: passkeys, and issuers (OpenID Connect, and forges' OAuth). It begins a proof, and checks
//! the answer.
//!
//! It has no HTTP server and no store, and knows no member: the steps between beginning and end are handed to the gate (`host::gate`)
//! as a value, which keeps it with the browser that asked, and gives it out once. Source: `docs/spec/gate-proofs.md`.

mod base64url;
mod cbor;
mod fresh;
pub mod issuer;
mod key;
pub mod passkey;

pub use base64url::Bytes;
pub use fresh::NoRandom;
