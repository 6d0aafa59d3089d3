//! The wish that an option says about the credit that is proposed: everything, nothing, or lines that strike people and contributions.

use charter::{ACCEPT, NOTHING};

use super::Parameters;
use super::contributions::{Contributions, Strikes};
use crate::act::{CreditRow, Pseudonym};
use crate::refusal::{Refusal, Rule};

/// The most lines of one option that strike something.
pub const MOST_STRIKES: usize = 500;

/// The wish that an option says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// All as it is proposed.
    Accept,
    Nothing,
    /// All but what these lines strike, each of two words after `strike`.
    Strike(Vec<(String, String)>),
}

impl Wish {
    /// Reads an option's text: `accept`, `nothing`, or at least one line that begins with `strike`. Other lines are talk.
    ///
    /// # Errors
    /// R142, with the line.
    pub fn read(text: &str) -> Result<Wish, Refusal> {
        let unreadable = |why: String| {
            let instead = "write lines such as `strike member m_…` or `strike commit 1a2b3c4`, or `accept` or `nothing` alone in the first line";
            Refusal::new(Rule::StrikeUnreadable, why, instead)
        };
        let first = text.lines().next().unwrap_or_default().trim();
        let mut strikes = Vec::new();
        for (number, line) in (1_usize..).zip(text.lines()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["strike", kind, name] => strikes.push(((*kind).to_owned(), (*name).to_owned())),
                ["strike", ..] => {
                    return Err(unreadable(format!("line {number} strikes nothing that has a kind and a name")));
                }
                _ => {}
            }
        }
        match (first, strikes.is_empty()) {
            (ACCEPT, true) => Ok(Wish::Accept),
            (NOTHING, true) => Ok(Wish::Nothing),
            (ACCEPT | NOTHING, false) => Err(unreadable(format!("it says `{first}`, and strikes something too"))),
            (_, true) => Err(unreadable("it strikes nothing".to_owned())),
            _ if strikes.len() > MOST_STRIKES => Err(unreadable(format!(
                "it strikes {} people and contributions, and {MOST_STRIKES} are the most",
                strikes.len()
            ))),
            _ => Ok(Wish::Strike(strikes)),
        }
    }

    /// The people and contributions of a list that it strikes.
    ///
    /// # Errors
    /// R142: a line names nobody and nothing on it.
    pub fn strikes(&self, list: &Contributions) -> Result<Strikes, Refusal> {
        let mut found = Strikes::default();
        let Wish::Strike(lines) = self else {
            return Ok(found);
        };
        for (kind, name) in lines {
            let member = name.parse::<Pseudonym>().ok().filter(|_| kind == "member");
            let member = member.filter(|member| list.people.contains(&Some(*member)));
            match (member, list.named(kind, name)) {
                (Some(member), _) => {
                    found.members.insert(member);
                }
                (None, Some(item)) => {
                    found.items.insert(item);
                }
                (None, None) => {
                    let why =
                        format!("`strike {kind} {name}` names nobody and nothing that is proposed, or more than one");
                    let instead = "name a member by their pseudonym, and a contribution by its kind and its name or the first seven signs of it";
                    return Err(Refusal::new(Rule::StrikeUnreadable, why, instead));
                }
            }
        }
        Ok(found)
    }

    /// The credit that is left of a list.
    ///
    /// # Errors
    /// R142, or R140 where the list comes to nothing.
    pub fn rows(&self, list: &Contributions, parameters: &Parameters) -> Result<Vec<CreditRow>, Refusal> {
        if *self == Wish::Nothing {
            return Ok(Vec::new());
        }
        let strikes = self.strikes(list)?;
        list.rows(&strikes, parameters).map_err(|wrong| not_worked_out(&format!("{wrong:?}")))
    }
}

/// The refusal of a list that credit cannot be worked out from.
pub(super) fn not_worked_out(why: &str) -> Refusal {
    let why = format!("no credit comes of the list of contributions: {why}");
    Refusal::new(Rule::ListUnreadable, why, "make the list anew: `rochdale credit propose`")
}
