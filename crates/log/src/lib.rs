//! The log: the byte form of an entry, the chain of hashes that binds entries in order, and the stores that keep them.
//!
//! It is not the rules: an entry's body is opaque canonical JSON here, and whether an act is allowed is decided in `engine`.
//! `docs/spec/log.md` describes the same bytes for those who write a verifier in another language.
//!
//! ```
//! use rochdale_log::{ChainCheck, EntryHead, Hash, encode};
//!
//! let head = EntryHead {
//!     coop: "hledger", seq: 1, prev: Hash::ZERO, time_us: 1_483_228_800_000_000, kind: "member_admitted/1",
//!     rules: Hash::ZERO, actor: "member-001", authority: "secretary", nonce: "", key: "",
//! };
//! let mut line = Vec::new();
//! encode(&head, br#"{"member":"member-002"}"#, &[], &mut line)?;
//! let mut check = ChainCheck::new("hledger");
//! assert!(check.next(&line).is_ok());
//! # Ok::<(), rochdale_log::TooLong>(())
//! ```

mod canonical;
mod chain;
mod entry;
mod file;
mod hash;
mod merkle;
mod note;
mod store;

pub use canonical::{BadForm, MAX_DEPTH, check_body};
pub use chain::{Broken, ChainAudit, ChainCheck, Head, Why, verify_chain};
pub use entry::{BadEntry, Entry, EntryHead, FORMAT_VERSION, MAX_ENTRY_BYTES, TooLong, decode, encode};
pub use file::{BadLine, Line, read_line, write_document};
pub use hash::{BadHash, Hash, commitment, document_hash, hash_entry};
pub use merkle::{Tree, includes_last};
pub use note::{BadKey, BadNote, Checkpoint, PublicKey, Signer, base64};
pub use store::{EachEntry, EachRecord, Fault, Memory, Outage, Sqlite, Store};
