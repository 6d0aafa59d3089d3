//! An act by a power, apart from who does it.

use crate::act::{Act, Deed, Pseudonym};

impl Deed {
    /// The deed of an act that powers give; `None` for every other act.
    #[must_use]
    pub fn of(act: &Act) -> Option<Deed> {
        Some(match act {
            Act::AdmitMember(act) => Deed::AdmitMember(act.clone()),
            Act::AddToList(act) => Deed::AddToList(act.clone()),
            Act::RemoveFromList(act) => Deed::RemoveFromList(act.clone()),
            Act::OpenItem(act) => Deed::OpenItem(act.clone()),
            Act::CloseItem(act) => Deed::CloseItem(act.clone()),
            Act::BookEntry(act) => Deed::BookEntry(act.clone()),
            Act::TakeBackAct(act) => Deed::TakeBackAct(act.clone()),
            Act::RecordSupport(act) => Deed::RecordSupport(act.clone()),
            Act::ReverseSupport(act) => Deed::ReverseSupport(act.clone()),
            Act::JoinMembers(act) => Deed::JoinMembers(act.clone()),
            Act::TakeBackJoin(act) => Deed::TakeBackJoin(act.clone()),
            Act::PublishRelease(act) => Deed::PublishRelease(act.clone()),
            Act::WithdrawRelease(act) => Deed::WithdrawRelease(act.clone()),
            Act::ExpelMember(act) => Deed::ExpelMember(act.clone()),
            Act::RefuseApplication(act) => Deed::RefuseApplication(act.clone()),
            _ => return None,
        })
    }

    /// The act.
    #[must_use]
    pub fn act(&self) -> Act {
        match self.clone() {
            Deed::AdmitMember(act) => Act::AdmitMember(act),
            Deed::AddToList(act) => Act::AddToList(act),
            Deed::RemoveFromList(act) => Act::RemoveFromList(act),
            Deed::OpenItem(act) => Act::OpenItem(act),
            Deed::CloseItem(act) => Act::CloseItem(act),
            Deed::BookEntry(act) => Act::BookEntry(act),
            Deed::TakeBackAct(act) => Act::TakeBackAct(act),
            Deed::RecordSupport(act) => Act::RecordSupport(act),
            Deed::ReverseSupport(act) => Act::ReverseSupport(act),
            Deed::JoinMembers(act) => Act::JoinMembers(act),
            Deed::TakeBackJoin(act) => Act::TakeBackJoin(act),
            Deed::PublishRelease(act) => Act::PublishRelease(act),
            Deed::WithdrawRelease(act) => Act::WithdrawRelease(act),
            Deed::ExpelMember(act) => Act::ExpelMember(act),
            Deed::RefuseApplication(act) => Act::RefuseApplication(act),
        }
    }

    /// The act's name in the log.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Deed::AdmitMember(_) => "admit_member",
            Deed::AddToList(_) => "add_to_list",
            Deed::RemoveFromList(_) => "remove_from_list",
            Deed::OpenItem(_) => "open_item",
            Deed::CloseItem(_) => "close_item",
            Deed::BookEntry(_) => "book_entry",
            Deed::TakeBackAct(_) => "take_back_act",
            Deed::RecordSupport(_) => "record_support",
            Deed::ReverseSupport(_) => "reverse_support",
            Deed::JoinMembers(_) => "join_members",
            Deed::TakeBackJoin(_) => "take_back_join",
            Deed::PublishRelease(_) => "publish_release",
            Deed::WithdrawRelease(_) => "withdraw_release",
            Deed::ExpelMember(_) => "expel_member",
            Deed::RefuseApplication(_) => "refuse_application",
        }
    }

    /// The list that it changes.
    #[must_use]
    pub fn list(&self) -> Option<&str> {
        match self {
            Deed::AddToList(act) => Some(&act.list),
            Deed::RemoveFromList(act) => Some(&act.list),
            _ => None,
        }
    }

    /// The member whom it admits, puts on a list, takes off one, or records something of.
    #[must_use]
    pub fn member(&self) -> Option<Pseudonym> {
        match self {
            Deed::AdmitMember(act) => Some(act.member),
            Deed::AddToList(act) => Some(act.member),
            Deed::RemoveFromList(act) => Some(act.member),
            Deed::RecordSupport(act) => Some(act.member),
            Deed::JoinMembers(act) => Some(act.from),
            Deed::TakeBackJoin(act) => Some(act.from),
            Deed::RefuseApplication(act) => Some(act.applicant),
            Deed::ExpelMember(act) => Some(act.accused),
            _ => None,
        }
    }

    /// Reports whether it is done to the register or a list, and so takes effect later.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self, Deed::AdmitMember(_) | Deed::AddToList(_) | Deed::RemoveFromList(_) | Deed::ExpelMember(_))
    }

    /// Reports whether it records support or takes some back.
    #[must_use]
    pub fn records_support(&self) -> bool {
        matches!(self, Deed::RecordSupport(_) | Deed::ReverseSupport(_))
    }
}

/// A deed in its JSON form, which leaves fields out: a stored state has none that name themselves.
pub(super) mod as_json {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::act::Deed;

    pub(crate) fn serialize<S: Serializer>(deed: &Deed, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&serde_json::to_string(deed).map_err(serde::ser::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Deed, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
