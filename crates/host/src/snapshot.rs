//! A co-op as it is committed: what every reader sees, for as long as they hold it. It never changes, and copies share what
//! they have in common.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{Pseudonym, State};
use quantity::Moment;
use rochdale_log::{Hash, Head};
use views::{Kept, Sight};

use crate::beside::Beside;
use crate::directory::{Called, Directory, Identities, fold};
use crate::error::Error;
use crate::history::History;
use crate::records::IMPORTED_UNTIL;

/// As many members of one name as a message lists.
const MOST_NAMED: usize = 10;

/// A co-op at the end of some entry. Records beside the log that are not kept in memory are read as they are now.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) id: Arc<str>,
    pub(crate) state: State,
    pub(crate) history: History,
    /// All that pages say about everybody, of this state.
    pub(crate) kept: Arc<Kept>,
    pub(crate) directory: Directory,
    pub(crate) head: Head,
    /// INVARIANT: the rules in force before the next entry, as it names them.
    pub(crate) rules: Hash,
    pub(crate) founded: bool,
    pub(crate) demonstration: bool,
    pub(crate) beside: Arc<Beside>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.id).field("head", &self.head).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Returns the state. Before the founding it is an empty co-op with the rules of its folder.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the results of updates so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Names, titles and texts beside the log.
    #[must_use]
    pub fn directory(&self) -> views::Directory<'_> {
        self.directory.read()
    }

    /// Returns the members whose name is shown as `name`, to the letter. An index answers, however many members there are.
    #[must_use]
    pub fn called(&self, name: &str) -> Called {
        self.directory.called(name)
    }

    /// Returns the sight at `now` of a reader who is nobody.
    #[must_use]
    pub fn sight(&self, now: Moment) -> Sight<'_> {
        let (state, history, directory) = (&self.state, self.history.points(), self.directory());
        Sight { state, kept: &self.kept, history, directory, now, me: None, walk_in: false }
    }

    /// Where the log ends.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The last entry that is published: that of the last update, since ballots cast between updates are not published. Before the
    /// first update it is the founding; 0 before that.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.history.counted().max(1).min(self.head.seq)
    }

    /// The co-op's id in the log.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether its first entry is written.
    #[must_use]
    pub fn is_founded(&self) -> bool {
        self.founded
    }

    /// Whether the log ends with records that were imported under their own dates, so that it is old by nature.
    #[must_use]
    pub fn is_as_imported(&self) -> bool {
        let until = self.beside.look(|store, coop| Ok(store.get(coop, "meta", IMPORTED_UNTIL)?));
        until.ok().flatten().is_some_and(|until| until == self.head.seq.to_string().as_bytes())
    }

    /// Whether the register holds this member now.
    #[must_use]
    pub fn is_member(&self, member: Pseudonym) -> bool {
        let members = &self.state.members;
        let index = members.index(member);
        index.is_some_and(|index| members.is_active(index))
    }

    /// As [`Coop::find_member`](crate::Coop::find_member).
    ///
    /// # Errors
    /// Several members have that name, or a fault.
    pub fn find_member(&self, name: &str) -> Result<Option<Pseudonym>, Error> {
        if let Ok(pseudonym) = name.parse::<Pseudonym>() {
            return Ok(self.state.members.index(pseudonym).map(|_| pseudonym));
        }
        let found = self.beside.look(|store, coop| Identities::default().named(store, coop, name));
        self.named(name, found)
    }

    /// The member who is called `name`, of those whom the co-op knows itself (`found`) and those from elsewhere; a record that was joined is
    /// the one that stays.
    pub(crate) fn named(
        &self,
        name: &str,
        found: Result<Option<Pseudonym>, Error>,
    ) -> Result<Option<Pseudonym>, Error> {
        let is_alone = |member: Pseudonym| match self.called(name) {
            Called::Nobody => true,
            Called::One(other) => other == member,
            Called::Several => false,
        };
        match found {
            Ok(Some(member)) if is_alone(member) => return Ok(Some(self.state.holder(member))),
            Ok(_) | Err(Error::Usage(_)) => {}
            Err(why) => return Err(why),
        }
        let wanted = fold(name);
        let names = self.directory().names.iter().filter(|(_, shown)| fold(shown) == wanted);
        let mut called: BTreeSet<Pseudonym> = names.map(|(member, _)| self.state.holder(*member)).collect();
        called.extend(found.iter().flatten().map(|member| self.state.holder(*member)));
        if called.iter().any(|member| self.is_member(*member)) {
            called.retain(|member| self.is_member(*member));
        }
        if called.len() < 2 {
            return Ok(called.pop_first());
        }
        let some: Vec<String> = called.iter().take(MOST_NAMED).map(ToString::to_string).collect();
        let more = if called.len() > MOST_NAMED { " and others" } else { "" };
        Err(Error::Usage(format!(
            "several members are called `{name}`: give an e-mail address or the pseudonym, one of {}{more}",
            some.join(", ")
        )))
    }

    /// The exact bytes of one entry.
    ///
    /// # Errors
    /// A fault.
    pub fn entry(&self, seq: u64) -> Result<Option<Vec<u8>>, Error> {
        self.beside.look(|store, coop| Ok(store.entry(coop, seq)?))
    }
}
