//! One co-op, open: its log replayed into a state in memory, acts taken one batch at a time by one writer, updates run
//! when they are due, profiles kept beside the log. It decides nothing: every yes and no comes from the engine.

mod batch;
mod behind;
mod beside;
pub mod bridge;
pub mod clock;
mod codec;
mod coop;
pub mod credit;
mod device;
mod directory;
mod dry_run;
mod edition;
mod error;
pub mod file;
mod first_run;
mod follow;
mod fork;
mod founding;
pub mod gate;
mod history;
pub mod inbox;
mod json;
mod keys;
mod library;
pub mod mail;
pub mod move_in;
pub mod outbox;
mod past;
mod receipt;
mod records;
mod register;
mod replay;
mod rules;
mod shared;
mod signed;
mod snapshot;
mod sources;
mod stored;
mod test_coop;
mod texts;
mod title;
mod verify;
mod who;
mod writable;
mod writer;
mod written;

pub use batch::{Accepted, Batch};
pub use codec::{ActLine, MAX_KEY, booked, decode_act};
pub use coop::{Coop, Receipt, Submission, Submitted, data_file};
pub use device::{MOST_SINCE, Standing, ToSign};
pub use directory::{Called, Evidence, Origin, Person, Profile};
pub use dry_run::{Proposal, Trial, dry_run};
pub use edition::Way;
pub use error::{Error, Misread};
pub use first_run::{Founder, found, is_free, write_missing_documents};
pub use follow::{follow, state_at};
pub use fork::{
    Compared, Forked, FromCheckpoint, Signed, Went, fork, verify_against, verify_from_checkpoint, verify_signed,
};
pub use founding::{Charter, edition_of_folder, init, random_key as fresh_secret};
pub use history::{BookMark, History};
pub use json::read_json;
pub use receipt::{Received, ReceivedAct, verify_receipt};
pub use register::Registered;
pub use replay::Wrong;
pub use rules::{Version, diff_to_force, notes, rules_diff};
pub use shared::{ServerClock, Shared};
pub use snapshot::Snapshot;
pub use sources::is_keyed;
pub use stored::SNAPSHOT_EVERY;
pub use test_coop::{forward, found_test};
pub use title::{MOST_TITLE, item_title};
pub use verify::{
    Enrolled, ForkedFrom, Grades, OperatorsWord, Placed, Trusted, Verified, verify_copy, verify_file, verify_store,
};
pub use who::{Answer, MaybeOne};
pub use writable::Writable;
pub use written::Written;
