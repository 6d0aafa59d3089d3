//! The log: the byte form of an entry, the chain of hashes that binds entries in order, and the stores that keep them.
//!
//! It knows no rules: an entry's body is opaque canonical JSON here, and `engine` decides whether an act is allowed.
//! `docs/spec/log.md` specifies the same bytes for the writers of verifiers in other languages.
//!
//! ```
//! use rochdale_log::{ChainCheck, EntryHead, Form, Hash, encode};
//!
//! let head = EntryHead {
//!     coop: "c_38wheqj84186n", seq: 1, prev: Hash::ZERO, time_us: 1_483_228_800_000_000, kind: "found",
//!     rules: "fc263baa80681c8502636a0493c49cbe87353f0faac7ec4e4aa04ccce53fd110".parse()?,
//!     actor: "operator", authority: "founder", nonce: "", key: "",
//! };
//! let body = concat!(
//!     r#"{"kernel":"7c2f712a5b31004cd31b6fe611e12219b02a73755049a698be58fdfa32a856cf","#,
//!     r#""constitution":"d1bd4299dd0e637b5634bb955202a6dc3b5e7db9444f0949772506de3932196f","demonstration":false}"#,
//! );
//! let mut line = Vec::new();
//! encode(&head, body.as_bytes(), &[], Form::One, &mut line)?;
//! let mut check = ChainCheck::new("c_38wheqj84186n");
//! check.next(&line)?;
//! // The first entry of `docs/spec/log.md`, with the hash that is given there.
//! assert_eq!(check.head().hash.to_string(), "bd87df8c5705ffb3da493cf141d569cfd3508fb25edd77360095db37b8216d3e");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod canonical;
mod chain;
mod entry;
mod file;
mod hash;
mod merkle;
mod minisign;
mod note;
pub mod private;
mod proof;
mod signed;
mod store;

pub use body::{BadBody, Body, read_body};
pub use canonical::{BadForm, MAX_DEPTH, check_body};
pub use chain::{Broken, ChainAudit, ChainCheck, Head, Why, verify_chain};
pub use entry::{BadEntry, Entry, EntryHead, Form, MAX_ENTRY_BYTES, TooLong, decode, decode_into, encode};
pub use file::{BadLine, Line, read_line, write_document};
pub use hash::{BadHash, DocumentHash, Hash, commitment, document_hash, hash_entry};
pub use merkle::{Tree, audit_path, includes, includes_last, node};
pub use minisign::{FileDigest, FileSigner};
pub use note::{BadKey, BadNote, Checkpoint, PublicKey, Signer, base64};
pub use proof::{BadProof, MAX_PROOF, Proof, Proven};
pub use signed::{BadDeviceKey, DeviceKey, STATEMENT, Signed, Statement, public_of};
pub use store::{EachEntry, EachRecord, Fault, Memory, Outage, Readers, Sqlite, Store};
