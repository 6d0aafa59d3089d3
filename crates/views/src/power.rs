//! What holders of offices and seats may do, what is left of what they may spend, and the forms that they do it with.

use crate::{Amount, DecisionKind};
use serde::Serialize;

/// An office that the reader holds, or a body that they sit on, with powers.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct HeldOffice {
    /// Its path.
    pub name: String,
    pub title: String,
    pub kind: DecisionKind,
    /// Its page.
    pub href: String,
    /// In the order of the rules.
    pub powers: Vec<HeldPower>,
    /// What binds its spending, the narrowest first; empty where it may not spend, or without limit.
    pub limits: Vec<LimitView>,
}

/// One power of an office.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct HeldPower {
    pub name: String,
    /// After `may`: `admit members`.
    pub words: String,
    /// What the link to the form says.
    pub action: String,
    /// The form; none for powers that are used elsewhere, as in a forge.
    pub href: Option<String>,
}

/// A limit on spending, and how much of the current calendar period is spent.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct LimitView {
    pub most: Amount,
    pub spent: Amount,
    pub left: Amount,
    /// For who spends: `480.00 of 500.00 USD of this month are left`.
    pub left_words: String,
    /// For everybody, a sentence: `Of the 500.00 USD of this month 20.00 USD are spent.`
    pub spent_words: String,
}

/// The page of one power.
#[derive(Serialize, Debug, Clone)]
pub struct PowerView {
    /// As the rules write it, for example `keep-list`.
    pub power: String,
    /// Through what the reader has it; empty for others, who get no form.
    pub held: Vec<HeldOffice>,
    /// Every office and body that the rules give it to: title and address.
    pub given: Vec<(String, String)>,
    pub form: PowerForm,
}

/// What a power's forms choose from.
#[derive(Serialize, Debug, Clone)]
pub enum PowerForm {
    Admit,
    KeepList(ListForm),
    CloseIssue(ItemForm),
    Spend(SpendForm),
}

/// Members on lists.
#[derive(Serialize, Debug, Clone, Default)]
pub struct ListForm {
    pub lists: Vec<Choice>,
    /// What was searched for.
    pub query: String,
    /// How many members match.
    pub found: u64,
    /// The first of them.
    pub members: Vec<MemberChoice>,
}

/// A member, and where they stand.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct MemberChoice {
    pub member: String,
    pub name: String,
    /// Lists that they are on, as titles.
    pub on: Vec<String>,
}

/// Items of rankings.
#[derive(Serialize, Debug, Clone, Default)]
pub struct ItemForm {
    /// The rankings that the reader looks after.
    pub rankings: Vec<Choice>,
    /// Some that are open there, oldest first: id and title.
    pub open: Vec<Choice>,
}

/// Money out.
#[derive(Serialize, Debug, Clone, Default)]
pub struct SpendForm {
    /// ISO 4217.
    pub currency: String,
    /// Digits after the point.
    pub digits: u32,
    /// Accounts of the book that money can come from, by name.
    pub from: Vec<String>,
    /// Accounts of the book that it can go to, by name.
    pub to: Vec<String>,
    /// Today in the co-op's zone, for example `2025-12-29`.
    pub today: String,
}

/// One of several.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is handed in.
    pub name: String,
    /// What is shown.
    pub title: String,
}
