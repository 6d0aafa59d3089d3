//! The gate: who somebody is. Sessions, invitations, tokens, the founder of a first run, and how often somebody may be wrong. Not what
//! they may do, which the engine says; nor how an id travels, which is the web's.
//!
//! Ways in, sessions and invitations are kept beside the log, never in it, and of each code only its hash. Their times are the
//! machine's, not the log's. Source: `docs/spec/gate.md`.

mod admission;
mod code;
mod invitation;
mod link;
mod opening;
mod question;
mod session;
mod token;
mod tries;
mod way;

pub use admission::Unasked;
pub(crate) use admission::is_founder_by_days;
pub use admission::{
    INVITATION_DAYS, MOST_INVITATION_DAYS, NotInvited, Unnamed, check_name, check_names, invitation_id, may_invite,
};
pub(crate) use code::from_hex;
pub use code::{FreshId, code_hash, new_code};
pub use invitation::{Invitation, Standing, announced_admission, is_awaited};
pub(crate) use invitation::{record, records};
pub(crate) use link::Link;
pub use link::{Fetches, MOST_FETCHES};
pub use opening::{FirstFounding, NotFounder};
pub use question::Questions;
pub use session::{
    FRESH_US, Half, Halves, LONGEST_US, MOST_BROWSERS, NoPlace, OwnSession, Proof, SECOND_US, Session, Sessions,
};
pub use token::{MOST_TOKEN_DAYS, NoToken, Scopes, TOKEN_DAYS, TOKEN_START, Token, Uses};
pub use tries::{Tried, Tries, network};
pub use way::{
    Account, Address, Change, Factor, Former, Fresh, Kind, LINK_US, MOST_LETTERS, MOST_LETTERS_OF_PASSKEY, MailLink,
    NoWay, PERIOD_S, Passkey, Password, Purpose, RecoveryCodes, SHORTEST, SHORTEST_ALONE, Seed, Shown, Spent, Totp,
    UNDO_US, Unfit, Way, Ways, What, asking_browser, checked_address, fresh_codes,
};
pub(crate) use way::{WAY_KEYS, WAYS};
