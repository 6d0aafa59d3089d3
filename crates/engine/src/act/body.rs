//! The bodies of acts, field by field as they are written in the log. The properties of each kind of act are in the table above.

use std::collections::BTreeMap;
use std::sync::Arc;

use charter::Edition;
use quantity::{Moment, Zone};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::form::{iso, iso_or_none, numbered, words_or_none};
use super::{ExpelMember, JoinMembers, Pseudonym, PublishRelease, RefuseApplication, TakeBackJoin, WithdrawRelease};

/// An act that only tests have.
#[cfg(test)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeUp {
    /// Who.
    pub member: Pseudonym,
}

/// The first entry: which rules the co-op starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// SHA-256 of the kernel's text, hex.
    pub kernel: String,
    /// SHA-256 of the constitution's text, hex.
    pub constitution: String,
    /// Ballots of this co-op are there to show how it works.
    pub demonstration: bool,
    /// The edition under which the log begins; edition 1 is left out.
    #[serde(default, with = "numbered", skip_serializing_if = "is_first")]
    pub edition: Edition,
    /// The edition is still open: its rules may still change, and then this log replays no more.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "is_not")]
    pub open: bool,
    /// The log that this one goes on from, for a co-op made by a fork.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forked_from: Option<Pointer>,
}

impl Found {
    /// The founding of a co-op on two texts, by their SHA-256, under edition 1.
    #[must_use]
    pub fn on(kernel: &str, constitution: &str, demonstration: bool) -> Found {
        let (kernel, constitution) = (kernel.to_owned(), constitution.to_owned());
        Found { kernel, constitution, demonstration, edition: Edition::ONE, open: false, forked_from: None }
    }
}

/// A signed pointer into another log, at the entry by which a fork was completed there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    /// The old co-op's id.
    pub coop: String,
    /// The fork's name there.
    pub fork: String,
    /// The place of its `complete_fork` in the old log, from 1.
    pub entry: u64,
    /// The hash of the entry, hex.
    pub hash: String,
    /// The Ed25519 public key that the entry names, hex.
    pub key: String,
    /// The signed checkpoint of the old log as it ended with that entry: the note's text.
    pub checkpoint: String,
    /// The audit path of that entry in the checkpoint's tree, from the leaf up, hex.
    pub proof: Vec<String>,
}

/// An update: the counted moment, and the state after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// The instant that is counted.
    #[serde(with = "iso")]
    pub moment: Moment,
    /// Hash of the state after the update, hex.
    pub state: String,
    /// How many outcomes the update had.
    pub outcomes: u64,
    /// SHA-256 over the outcomes' words, hex: binds what was published.
    pub published: String,
}

/// A change time between updates, and the state after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The change time.
    #[serde(with = "iso")]
    pub moment: Moment,
    /// Hash of the state after it, hex.
    pub state: String,
    /// How many outcomes it had.
    pub outcomes: u64,
    /// SHA-256 over the outcomes' words, hex.
    pub published: String,
}

/// A person or organisation joins. Name and addresses stay outside the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmitMember {
    /// The pseudonym given to the newcomer.
    pub member: Pseudonym,
    /// An organisation, not a person.
    #[serde(default)]
    pub organisation: bool,
    /// A founder, from edition 2 on.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "is_not")]
    pub founder: bool,
    /// The day on which they joined before the register was kept here, `YYYY-MM-DD`, from edition 3 on. It gives no weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_on: Option<String>,
    /// The last day of somebody who has left already, from edition 3 on: they come into the register as a former member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<String>,
}

/// A member leaves: ballots go, weight goes, what was given stays on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndMembership {
    /// Who leaves.
    pub member: Pseudonym,
}

/// A member goes on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddToList {
    /// The list's name, as a class of the kernel has it.
    pub list: String,
    /// Who.
    pub member: Pseudonym,
}

/// A member comes off a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveFromList {
    /// The list's name.
    pub list: String,
    /// Who.
    pub member: Pseudonym,
}

/// An amount with what it counts: exactly one of `currency` and `unit` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Minor units of the currency, seconds, or micro-credits.
    pub amount: i64,
    /// ISO 4217 code, for money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// `second` (hours, compute), `micro-credit` (contributions) or `unit` (things that are counted).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A member gave something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSupport {
    /// Who gave.
    pub member: Pseudonym,
    /// `donation`, `pledge`, `purchase`, `dues`, `hours`, `contribution`, `compute`, `loan`, `share-capital`.
    pub kind: String,
    /// How much, above zero.
    pub amount: Amount,
    /// When it was given, an instant; never after the log's time.
    #[serde(default, with = "iso_or_none", skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Moment>,
    /// In its place, from edition 2 on: a day of the co-op's zone, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_on: Option<String>,
    /// The fact outside that this records, at most 128 characters; a second record of one source is refused.
    pub source: String,
    /// Counts as this many equal monthly parts (largest remainder), the first at `given_at`. 1 to 120.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub parts: u32,
    /// For a pledge: a later one of the same series takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// For a pledge: calendar months it lasts, its own included. 1 to 120, default 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_months: Option<u32>,
    /// The accounts between which the money moved, from edition 2 on: both sides come into the book with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub book: Option<Sides>,
    /// The part of the co-op that it was given to, such as `food`, from edition 3 on; at most 40 characters. Not for a pledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl RecordSupport {
    /// When it was given, a day being its first moment in the zone; `None` where it says neither or both, or no day.
    #[must_use]
    pub fn given(&self, zone: &Zone) -> Option<Moment> {
        given(self.given_at, self.given_on.as_deref(), zone)
    }
}

/// The two sides of money that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sides {
    /// The account that it went to.
    pub to: String,
    /// The account that it came from.
    pub from: String,
}

/// The length of `YYYY-MM-DD`, which no instant has.
const DAY: usize = 10;

fn given(at: Option<Moment>, on: Option<&str>, zone: &Zone) -> Option<Moment> {
    match (at, on) {
        (Some(at), None) => Some(at),
        (None, Some(day)) if day.len() == DAY => Moment::parse_at_start_of_day(day, zone).ok(),
        _ => None,
    }
}

/// Something given was taken back, wholly or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReverseSupport {
    /// The source of the record that is taken back.
    pub of: String,
    /// How much, in the record's unit; all that is left when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// When it was taken back, an instant; counts from then on.
    #[serde(default, with = "iso_or_none", skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Moment>,
    /// In its place, from edition 2 on: a day of the co-op's zone, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_on: Option<String>,
    /// The fact outside that this records.
    pub source: String,
}

impl ReverseSupport {
    /// When it was taken back, a day being its first moment in the zone; `None` where it says neither or both, or no day.
    #[must_use]
    pub fn given(&self, zone: &Zone) -> Option<Moment> {
        given(self.given_at, self.given_on.as_deref(), zone)
    }
}

/// A source of records was heard: whatever it had to say is recorded, or it had nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceHeard {
    /// The source's name, such as `open-collective/hledger`; at most 128 bytes.
    pub source: String,
    /// The kinds of support that it brings, each once.
    pub kinds: Vec<String>,
    /// It is expected again so many days later at the latest: 1 to 366.
    pub every_days: u32,
}

/// A member places a share of their weight on one decision. A share of 0 takes the ballot back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CastBallot {
    /// Whose ballot.
    pub member: Pseudonym,
    /// The decision's name.
    pub decision: String,
    /// On a ranking: the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Parts per million of the member's weight, 0 to 1,000,000.
    pub share_ppm: u32,
    /// On an election: candidate → score, 0 to 1,000,000 (10 points).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<BTreeMap<String, u32>>,
    /// The against ballot of an election; a vote against the item of a ranking.
    #[serde(default)]
    pub against: bool,
}

/// A member gives a nominee attention, which is not support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nominate {
    /// Whose share.
    pub member: Pseudonym,
    /// The election.
    pub decision: String,
    /// The nominee.
    pub candidate: String,
    /// Parts per million of the member's weight; 0 takes it back.
    pub share_ppm: u32,
    /// Against letting the nominee in.
    #[serde(default)]
    pub against: bool,
}

/// A member offers to hold an office or a seat and becomes a nominee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stand {
    /// Who offers.
    pub member: Pseudonym,
    /// The office or body.
    pub decision: String,
}

/// A member puts a document up; it becomes a nominee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeDocument {
    /// Who proposes.
    pub member: Pseudonym,
    /// The document election, or `kernel`.
    pub decision: String,
    /// SHA-256 of the text, hex: the candidate's name from now on.
    pub document: String,
    /// The text, where it holds rules. It is kept beside the log, which has only its hash: the reader of the log attaches it.
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// A member agrees to another kernel, or takes that back. It takes no share of their weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assent {
    /// Who.
    pub member: Pseudonym,
    /// SHA-256 of the proposed kernel's text, hex.
    pub document: String,
    /// `false` takes it back.
    pub assent: bool,
}

/// A candidate or nominee takes their name back; their proposer does it for a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawCandidacy {
    /// Who withdraws.
    pub member: Pseudonym,
    /// The election, or `kernel`.
    pub decision: String,
    /// For a document: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// A holder gives the seat back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResignSeat {
    /// Who resigns.
    pub member: Pseudonym,
    /// The office or body.
    pub decision: String,
}

/// An item comes on a ranking, or comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenItem {
    /// The ranking.
    pub decision: String,
    /// The item's id there: 1 to 64 of letters, digits, `.`, `_`, `-`, `#`, `/`.
    pub item: String,
    /// From edition 4 on: how much of the ranking's supply it asks for, in `second`, `unit` or the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// An item leaves a ranking from outside (closed in the forge).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseItem {
    /// The ranking.
    pub decision: String,
    /// The item.
    pub item: String,
}

/// A seat of a body, or somebody on a list that acts by its members, proposes an act of theirs, and agrees to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeAct {
    /// Who proposes it.
    pub member: Pseudonym,
    /// The body whose act it shall be; left out where those on the list act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The act: its kind in the field `act`, and its fields.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub proposed: Deed,
}

/// A seat agrees to a proposed act, or takes that back. The agreement that is enough does the act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeToAct {
    /// Who.
    pub member: Pseudonym,
    /// The proposed act's number.
    pub number: u64,
    /// `false` takes it back.
    pub agree: bool,
}

/// An announced act is taken back before it takes effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBackAct {
    /// The announced act's number.
    pub number: u64,
}

/// An act by a power, which a body does together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Deed {
    /// A person or organisation joins.
    AdmitMember(AdmitMember),
    /// A member goes on a list.
    AddToList(AddToList),
    /// A member comes off a list.
    RemoveFromList(RemoveFromList),
    /// An item comes on a ranking.
    OpenItem(OpenItem),
    /// An item leaves a ranking.
    CloseItem(CloseItem),
    /// Money is spent.
    BookEntry(BookEntry),
    /// An announced act is taken back.
    TakeBackAct(TakeBackAct),
    /// A member gave something; from edition 3 on.
    RecordSupport(RecordSupport),
    /// Something given is taken back; from edition 3 on.
    ReverseSupport(ReverseSupport),
    /// Two records are said to be one person; from edition 3 on.
    JoinMembers(JoinMembers),
    /// A join is stopped, or what it moved goes back; from edition 3 on.
    TakeBackJoin(TakeBackJoin),
    /// A version of something comes out; from edition 4 on.
    PublishRelease(PublishRelease),
    /// The files of a release are taken away; from edition 4 on.
    WithdrawRelease(WithdrawRelease),
    /// An application is refused; from edition 5 on.
    RefuseApplication(RefuseApplication),
    /// A member who was heard is expelled; from edition 5 on.
    ExpelMember(ExpelMember),
}

/// A transaction comes into the book: postings that sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookEntry {
    /// When the money moved.
    #[serde(with = "iso")]
    pub at: Moment,
    /// The fact outside that this records.
    pub source: String,
    /// The kind of movement, 1 to 128 bytes: never a person's name. From edition 2 on `None` in an entry, which binds it: the words
    /// are kept beside the log.
    #[serde(default, with = "words_or_none", skip_serializing_if = "Option::is_none")]
    pub narration: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Two to sixteen, minor units, summing to zero.
    pub postings: Vec<Posting>,
}

/// One line of a book entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    /// `assets:…`, `liabilities:…`, `equity:…`, `income:…`, `expenses:…`.
    pub account: String,
    /// Minor units; money into an account is positive.
    pub minor: i64,
}

/// A member announces a fork and goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceFork {
    /// Who announces it.
    pub member: Pseudonym,
    /// Its name: at most 40 lower-case letters, digits and single hyphens, a letter first.
    pub fork: String,
    /// SHA-256 of the new co-op's kernel, hex.
    pub kernel: String,
    /// SHA-256 of the new co-op's constitution, hex.
    pub constitution: String,
    /// The kernel's text, which is kept beside the log: the reader of the log attaches it.
    #[serde(skip)]
    pub kernel_text: Option<Arc<str>>,
    /// The constitution's text, likewise.
    #[serde(skip)]
    pub constitution_text: Option<Arc<str>>,
}

/// A member goes with a fork, or stays after all. When nobody goes any more, it is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinFork {
    /// Who.
    pub member: Pseudonym,
    /// The fork's name.
    pub fork: String,
    /// `false`: stays after all.
    pub going: bool,
}

/// Those who go leave, and their share of the money is booked out. `rochdale fork` makes it, together with the new log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompleteFork {
    /// The fork's name.
    pub fork: String,
    /// The new co-op's id.
    pub coop: String,
    /// The Ed25519 public key that signs the pointer from the new log into this one, hex.
    pub key: String,
}

/// A later edition is announced. It takes effect at the first update that is 30 days later or more, or once members have agreed
/// to it as to another kernel, where the kernel says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnounceEdition {
    /// Which.
    #[serde(with = "numbered")]
    pub edition: Edition,
    /// It is still open, and the operator says so: its rules may yet change.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "is_not")]
    pub open: bool,
    /// SHA-256 of what would have come out differently so far, hex.
    pub dry_run: String,
    /// The differences so far. They are kept beside the log, which has only their hash.
    #[serde(skip)]
    pub dry_run_text: Option<Arc<str>>,
}

/// The log goes on under a later edition from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptEdition {
    /// Which.
    #[serde(with = "numbered")]
    pub edition: Edition,
    /// It is still open, and the operator says so: its rules may yet change.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "is_not")]
    pub open: bool,
    /// SHA-256 of what would have come out differently so far, hex: of the empty text, but in a demonstration.
    pub dry_run: String,
}

fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_not(flag: &bool) -> bool {
    !*flag
}

/// A flag that is left out where it is not set.
fn said<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let set = bool::deserialize(from)?;
    if set { Ok(set) } else { Err(serde::de::Error::custom("`false` is left out")) }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first(edition: &Edition) -> bool {
    *edition == Edition::ONE
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(parts: &u32) -> bool {
    *parts == 1
}
