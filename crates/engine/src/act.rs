//! The table of acts: a row for everything that can change a co-op. Not their rules (`apply`), nor their fields (`act/body.rs`).

mod application;
mod body;
mod claim;
mod credit;
mod device;
mod form;
mod hearing;
mod item;
mod join;
mod leaving;
mod option;
mod pledge;
mod pool;
mod pseudonym;
mod release;

use std::sync::Arc;

use charter::Edition;
use charter::Power::{self, Admit, CloseIssue, Expel, KeepList, Record, Release, Spend};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use application::{AnswerApplication, ApplyToJoin, RefuseApplication, WithdrawApplication};
pub use body::*;
pub use claim::{AnswerClaim, ClaimSupport, TakeBackClaim};
pub use credit::{CreditRow, ProposeCredit, StrikeCredit};
pub use device::{ConfirmDevice, EnrolDevice, RevokeDevice, SignOnly};
pub use hearing::{AnswerHearing, ExpelMember, OpenHearing};
pub use item::{BringItem, TakeBackItem};
pub use join::{AnswerJoin, JoinMembers, TakeBackJoin};
pub use leaving::{PauseMembership, ResumeMembership};
pub use option::{PoolPlan, ProposeOption, WithdrawOption};
pub use pledge::PledgeOwn;
pub use pool::{
    AskPool, GiveToPool, HoldMoney, PayBackHeld, PledgeToProject, RequestMoney, WithdrawProject, WithdrawRequest,
};
pub use pseudonym::Pseudonym;
pub use release::{PublishRelease, ReleaseFile, WithdrawRelease};

/// The right by which somebody hands an act in. The operator may hand in every act that a command does not keep to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// A member hands it in for themselves.
    Own,
    /// The holder of an office or a seat does, where its clause gives this power.
    Power(Power),
    /// A bridge brings it: a fact from outside.
    Fact,
    /// The operator alone does.
    Operator,
    /// The log makes it by itself.
    Log,
    /// This command makes it, since more belongs to it than the act.
    Command(&'static str),
}

/// The acts of those who are no members yet.
const APPLICANTS: [&str; 2] = ["apply_to_join", "withdraw_application"];

/// The properties of one kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActRow {
    /// Its name in the log, `snake_case`.
    pub kind: &'static str,
    /// Its meaning, in a sentence.
    pub about: &'static str,
    /// The first edition that has it.
    pub since: Edition,
    /// Whose it is.
    pub rights: &'static [Right],
    /// The texts that it brings along: the field with a text's SHA-256, and the field for the text itself.
    pub texts: &'static [(&'static str, &'static str)],
}

impl ActRow {
    /// Whether a right is among those of the act.
    #[must_use]
    pub fn gives(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whether members do it for themselves. Those who ask to join are none yet.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.gives(Right::Own) && !APPLICANTS.contains(&self.kind)
    }

    /// Whether its body names an edition, which may be a later one than this program knows.
    #[must_use]
    pub fn names_edition(&self) -> bool {
        matches!(self.kind, "found" | "announce_edition" | "adopt_edition")
    }

    /// Whether people and programs hand it in as an act, and no command or log makes it.
    #[must_use]
    pub fn is_handed_in(&self) -> bool {
        !self.rights.iter().any(|right| matches!(right, Right::Log | Right::Command(_)))
    }
}

/// Declares the acts once, a row each: the enum, [`Act::TABLE`], and everything that is asked of every act alike.
macro_rules! acts {
    ($($(#[$cfg:meta])* $name:ident $kind:literal, $about:literal, since $since:ident, by [$($right:ident $(($what:tt))?),+]
        $(, brings [$($hash:ident: $text:ident),+])?;)*) => {
        /// One act. The variant's name in the log and on the wire is [`Act::kind`].
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Act { $(
            $(#[$cfg])*
            #[doc = $about]
            $name($name),
        )* }

        impl Act {
            /// Every kind of act, in the order of this file.
            pub const TABLE: &'static [ActRow] = &[$($(#[$cfg])* acts!(@row $kind, $about, $since, [$($right $(($what))?),+], [$($($hash: $text),+)?]),)*];

            /// The act's row in the table.
            #[must_use]
            pub fn row(&self) -> &'static ActRow {
                match self { $(
                    $(#[$cfg])*
                    Act::$name(_) => const { &acts!(@row $kind, $about, $since, [$($right $(($what))?),+], [$($($hash: $text),+)?]) },
                )* }
            }

            /// Whose act it is, for the acts that members do themselves.
            #[must_use]
            pub fn own_member(&self) -> Option<Pseudonym> {
                match self { $(
                    $(#[$cfg])*
                    Act::$name(_body) => None$(.or(acts!(@own _body $right)))+,
                )* }
            }

            /// The texts that the act names, each with its SHA-256, hex; `None` where a text is not attached.
            pub fn texts(&mut self) -> impl Iterator<Item = (&str, &mut Option<Arc<str>>)> {
                let all: Vec<(&str, &mut Option<Arc<str>>)> = match self { $(
                    $(#[$cfg])*
                    Act::$name(_body) => vec![$($((&_body.$hash, &mut _body.$text)),+)?],
                )* };
                all.into_iter()
            }

            /// The texts that the act brings along, each with its SHA-256, hex.
            pub fn brought(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
                let all: Vec<(&str, &Option<Arc<str>>)> = match self { $(
                    $(#[$cfg])*
                    Act::$name(_body) => vec![$($((&*_body.$hash, &_body.$text)),+)?],
                )* };
                all.into_iter().filter_map(|(hash, text)| Some((hash, text.as_ref()?)))
            }

            /// Writes the body, fields in the order of declaration.
            ///
            /// # Errors
            /// Those of the serializer.
            pub fn serialize_body<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self { $($(#[$cfg])* Act::$name(body) => body.serialize(to),)* }
            }

            /// Reads the body of the act named `kind`; `None` when no act has that name.
            pub fn deserialize_body<'de, D: Deserializer<'de>>(kind: &str, from: D) -> Option<Result<Act, D::Error>> {
                match kind {
                    $($(#[$cfg])* $kind => Some($name::deserialize(from).map(Act::$name)),)*
                    _ => None,
                }
            }
        }
    };
    (@row $kind:literal, $about:literal, $since:ident, [$($right:ident $(($what:tt))?),+], [$($hash:ident: $text:ident),*]) => {
        ActRow {
            kind: $kind,
            about: $about,
            since: crate::edition::$since,
            rights: &[$(Right::$right $(($what))?),+],
            texts: &[$((stringify!($hash), stringify!($text))),*],
        }
    };
    (@own $body:ident Own) => {
        Some($body.member)
    };
    (@own $body:ident $other:ident) => {
        None
    };
}

impl Act {
    /// The act's name in the log, `snake_case`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.row().kind
    }

    /// The row of the kind with this name.
    #[must_use]
    pub fn row_of(kind: &str) -> Option<&'static ActRow> {
        Act::TABLE.iter().find(|row| row.kind == kind)
    }

    /// The first edition that has such an act, and the word in it that earlier ones do not know.
    pub(crate) fn since(&self) -> (Edition, &'static str) {
        match self.later_field() {
            _ if self.proposes_support() => (crate::edition::THREE, "record"),
            _ if self.names_amount() => (crate::edition::FOUR, "amount"),
            _ if self.names_service() => (crate::edition::THREE, "service"),
            _ if self.later_day().is_some() => (crate::edition::THREE, self.later_day().unwrap_or_default()),
            // A body proposes what it may do itself.
            _ if self.proposed_row().is_some_and(|row| row.since > crate::edition::TWO) => {
                let row = self.proposed_row().unwrap_or(self.row());
                (row.since, row.kind)
            }
            Some(field) => (crate::edition::TWO, field),
            None => (self.row().since, self.kind()),
        }
    }

    /// The field of the act that edition 1 does not know.
    fn later_field(&self) -> Option<&'static str> {
        match self {
            Act::AdmitMember(act) if act.founder => Some("founder"),
            Act::RecordSupport(act) if act.book.is_some() => Some("book"),
            Act::RecordSupport(RecordSupport { given_on: Some(_), .. })
            | Act::ReverseSupport(ReverseSupport { given_on: Some(_), .. }) => Some("given_on"),
            _ => None,
        }
    }

    /// The row of the act that it proposes.
    fn proposed_row(&self) -> Option<&'static ActRow> {
        if let Act::ProposeAct(act) = self { Some(act.proposed.act().row()) } else { None }
    }

    /// Whether it proposes a record of support, which edition 2 knows no power for.
    fn proposes_support(&self) -> bool {
        matches!(self, Act::ProposeAct(act) if act.proposed.records_support())
    }

    /// Whether it asks for an amount of a ranking's supply, which edition 3 hands nothing out of; also where others have to agree to it.
    fn names_amount(&self) -> bool {
        match self {
            Act::BringItem(act) => act.amount.is_some(),
            Act::OpenItem(act) | Act::ProposeAct(ProposeAct { proposed: Deed::OpenItem(act), .. }) => {
                act.amount.is_some()
            }
            _ => false,
        }
    }

    /// Whether it records support of a service, which edition 2 knows nothing of.
    fn names_service(&self) -> bool {
        matches!(self, Act::RecordSupport(act) if act.service.is_some())
    }

    /// The day of a membership that it names, which edition 2 knows nothing of; also where others have to agree to it.
    fn later_day(&self) -> Option<&'static str> {
        let admission = match self {
            Act::AdmitMember(act) => act,
            Act::ProposeAct(ProposeAct { proposed: Deed::AdmitMember(act), .. }) => act,
            _ => return None,
        };
        match (&admission.joined_on, &admission.left_on) {
            (Some(_), _) => Some("joined_on"),
            (None, Some(_)) => Some("left_on"),
            (None, None) => None,
        }
    }

    /// The files whose bytes have to be kept before it is done: those of a release that comes out, or that is proposed.
    #[must_use]
    pub fn files(&self) -> &[ReleaseFile] {
        match self {
            Act::PublishRelease(act) | Act::ProposeAct(ProposeAct { proposed: Deed::PublishRelease(act), .. }) => {
                &act.files
            }
            _ => &[],
        }
    }

    /// Whether it records support or takes some back.
    pub(crate) fn records_support(&self) -> bool {
        matches!(self, Act::RecordSupport(_) | Act::ReverseSupport(_))
    }

    /// Whether somebody does it who is no member yet.
    pub(crate) fn is_of_applicant(&self) -> bool {
        APPLICANTS.contains(&self.kind())
    }

    /// Whether seats alone do it: neither founders for vacant ones, nor the operator.
    pub(crate) fn is_for_seats_alone(&self) -> bool {
        matches!(self, Act::OpenHearing(_) | Act::ExpelMember(_))
    }

    /// Whether it admits a founder.
    pub(crate) fn names_founder(&self) -> bool {
        matches!(self, Act::AdmitMember(act) if act.founder)
    }

    /// The power with which the holder of an office or seat hands this act in; `None` where no power gives it.
    #[must_use]
    pub fn power(&self) -> Option<Power> {
        let power = |right: &Right| if let Right::Power(power) = right { Some(*power) } else { None };
        let given = self.row().rights.iter().find_map(power)?;
        // Holders book what they spend, and nothing else.
        let spends = |entry: &BookEntry| entry.spends_minor().is_some();
        if let Act::BookEntry(entry) = self { spends(entry).then_some(given) } else { Some(given) }
    }
}

acts! {
    Found "found", "The first entry of every log.", since ONE, by [Command("rochdale init")];
    Update "update", "The count at an update instant.", since ONE, by [Log];
    Change "change", "A change time that is not an update.", since ONE, by [Log];
    AdmitMember "admit_member", "A person or organisation joins the register.", since ONE, by [Power(Admit), Fact];
    EndMembership "end_membership", "A member leaves.", since ONE, by [Own];
    OpenHearing "open_hearing", "A seat opens a hearing of a member.", since FIVE, by [Power(Expel)],
        brings [reason: text];
    AnswerHearing "answer_hearing", "A member who is heard answers.", since FIVE, by [Own],
        brings [answer: text];
    ExpelMember "expel_member", "Seats expel a member who was heard.", since FIVE, by [Power(Expel)];
    PauseMembership "pause_membership", "A membership rests.", since FIVE, by [Own];
    ResumeMembership "resume_membership", "A membership that rests goes on.", since FIVE, by [Own];
    ApplyToJoin "apply_to_join", "Somebody asks to join.", since FIVE, by [Own];
    AnswerApplication "answer_application", "A member vouches for an applicant, or says yes or no.", since FIVE, by [Own];
    RefuseApplication "refuse_application", "Somebody who may admit members refuses an application.", since FIVE, by [Power(Admit)];
    WithdrawApplication "withdraw_application", "An applicant takes their application back.", since FIVE, by [Own];
    AddToList "add_to_list", "A member goes on a list that a class reads.", since ONE, by [Power(KeepList), Fact];
    RemoveFromList "remove_from_list", "A member comes off a list.", since ONE, by [Power(KeepList)];
    RecordSupport "record_support", "A member gave something.", since ONE, by [Power(Record), Fact];
    ReverseSupport "reverse_support", "Something given was taken back.", since ONE, by [Power(Record), Fact];
    ClaimSupport "claim_support", "A member says that they gave time or work.", since THREE, by [Own];
    AnswerClaim "answer_claim", "A holder says yes or no to what a member claims.", since THREE, by [Own];
    TakeBackClaim "take_back_claim", "A member takes their own claim back.", since THREE, by [Own];
    PledgeOwn "pledge_own", "A member says what they mean to donate a month, or no longer.", since THREE, by [Own];
    SourceHeard "source_heard", "A source of records was heard.", since THREE, by [Fact];
    JoinMembers "join_members", "Two records of the register are said to be one person.", since THREE, by [Power(Admit)];
    AnswerJoin "answer_join", "One of the two says yes or no to a join, or asks for one.", since THREE, by [Own];
    TakeBackJoin "take_back_join", "A join is stopped, or what it moved goes back.", since THREE, by [Power(Admit)];
    EnrolDevice "enrol_device", "A device of a member's may sign for them.", since FIVE, by [Own];
    ConfirmDevice "confirm_device", "A device vouches for another one.", since FIVE, by [Own];
    RevokeDevice "revoke_device", "A device signs nothing any more.", since FIVE, by [Own];
    SignOnly "sign_only", "A member takes part by signed acts only, or no longer so.", since FIVE, by [Own];
    CastBallot "cast_ballot", "A member places a share of their weight.", since ONE, by [Own];
    Nominate "nominate", "A member gives a nominee attention.", since ONE, by [Own];
    Stand "stand", "A member offers to hold an office or a seat.", since ONE, by [Own];
    ProposeDocument "propose_document", "A member puts a document up for election.", since ONE, by [Own],
        brings [document: text];
    ProposeOption "propose_option", "A member puts up an option of a commitment.", since FOUR, by [Own],
        brings [option: text];
    WithdrawOption "withdraw_option", "A member takes back an option that they put up.", since FOUR, by [Own];
    ProposeCredit "propose_credit", "Credit of a period is proposed.", since FOUR, by [Power(Record)],
        brings [contributions: contributions_text];
    StrikeCredit "strike_credit", "A member puts up what to strike from the credit that is proposed.", since FOUR, by [Own],
        brings [option: text, contributions: contributions_text];
    Assent "assent", "A member agrees to another kernel or edition, or no longer does.", since ONE, by [Own];
    WithdrawCandidacy "withdraw_candidacy", "A candidate takes their name back.", since ONE, by [Own];
    ResignSeat "resign_seat", "A holder gives the seat back.", since ONE, by [Own];
    OpenItem "open_item", "An item comes on a ranking.", since ONE, by [Power(CloseIssue), Fact];
    CloseItem "close_item", "An item leaves a ranking.", since ONE, by [Power(CloseIssue), Fact];
    BringItem "bring_item", "A member brings an item to a ranking.", since THREE, by [Own];
    TakeBackItem "take_back_item", "A member takes back an item that they brought.", since THREE, by [Own];
    HoldMoney "hold_money", "Money came in that is held for a member.", since FOUR, by [Fact];
    PayBackHeld "pay_back_held", "Money that was held for a member was paid back.", since FOUR, by [Fact];
    GiveToPool "give_to_pool", "A member gives a pool money that is held for them.", since FOUR, by [Own];
    AskPool "ask_pool", "A member asks a pool for money for a project.", since FOUR, by [Own], brings [project: text];
    WithdrawProject "withdraw_project", "A member takes back a project that they asked for.", since FOUR, by [Own];
    PledgeToProject "pledge_to_project", "A member pledges money to a project, or takes it back.", since FOUR, by [Own];
    RequestMoney "request_money", "A member asks for money of a pool.", since FOUR, by [Own], brings [request: text];
    WithdrawRequest "withdraw_request", "A member takes back a request that they made.", since FOUR, by [Own];
    PublishRelease "publish_release", "A version of something comes out, with its files.", since FOUR, by [Power(Release)];
    WithdrawRelease "withdraw_release", "The files of a release are taken away.", since FOUR, by [Power(Release)];
    ProposeAct "propose_act", "A seat of a body proposes an act, and agrees to it.", since TWO, by [Own];
    AgreeToAct "agree_to_act", "A seat agrees to a proposed act, or no longer does.", since TWO, by [Own];
    TakeBackAct "take_back_act", "An announced admission or change of a list is taken back.", since TWO,
        by [Power(Admit), Power(KeepList)];
    BookEntry "book_entry", "A transaction comes into the book.", since ONE, by [Power(Spend), Fact];
    AnnounceFork "announce_fork", "A member says under which rules they would go.", since ONE, by [Own],
        brings [kernel: kernel_text, constitution: constitution_text];
    JoinFork "join_fork", "A member says that they go with a fork, or stay after all.", since ONE, by [Own];
    CompleteFork "complete_fork", "Those who go with a fork leave, with their share of the money.", since ONE,
        by [Operator, Command("rochdale fork")];
    AnnounceEdition "announce_edition", "The operator says that the log goes on under a later edition.", since ONE,
        by [Operator, Command("rochdale edition")], brings [dry_run: dry_run_text];
    AdoptEdition "adopt_edition", "The log goes on under a later edition that changes no answer of it.", since ONE,
        by [Operator, Command("rochdale edition")];
    #[cfg(test)]
    MadeUp "made_up", "An act that only tests have, since an edition that only tests have.", since MADE_UP, by [Own];
}
