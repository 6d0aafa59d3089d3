//! The register in the order of weight, as one text that is searched without a look at each member.

use engine::MemberIndex;
use memchr::memmem::Finder;
use quantity::give_way;

use crate::members::{curve, heaviest_first};
use crate::{CurvePoint, Sight, say};

/// The register as the last update left it. Members who joined later come after all others; those who left keep their
/// places, and are not shown.
#[derive(Debug)]
pub(crate) struct Register {
    /// Heaviest first, on equal weight the earlier one.
    order: Vec<MemberIndex>,
    /// How long the register was, and how many had left.
    known: usize,
    former: usize,
    /// The number of those with weight.
    pub(crate) weighty: u64,
    pub(crate) curve: Vec<CurvePoint>,
    /// Names in lower case and pseudonyms, in the order of weight.
    text: String,
    ends: Vec<Ends>,
}

/// Where a member's name and pseudonym end in the text. The pseudonym begins where the name ends.
#[derive(Clone, Copy, Debug)]
struct Ends {
    name: usize,
    pseudonym: usize,
}

/// Members who match a search, heaviest first.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// Nothing is searched.
    Everyone {
        register: &'a Register,
        newcomers: usize,
        active: usize,
    },
    Matching(Vec<MemberIndex>),
}

impl Register {
    pub(super) fn of(sight: &Sight<'_>) -> Register {
        let all = heaviest_first(sight);
        let members = &sight.state.members;
        let mut text = String::with_capacity(all.len().saturating_mul(BYTES_EACH));
        let mut ends = Vec::with_capacity(all.len());
        for (turn, (_, index)) in all.iter().enumerate() {
            give_way(turn.saturating_mul(16).saturating_add(15));
            let member = members.pseudonym(*index);
            if let Some(name) = member.and_then(|member| sight.directory.names.get(&member)) {
                text.push_str(&name.to_lowercase());
            }
            let name = text.len();
            if let Some(member) = member {
                text.push_str(&member.to_string());
            }
            ends.push(Ends { name, pseudonym: text.len() });
        }
        Register {
            weighty: say::whole(all.partition_point(|(weight, _)| *weight > 0)),
            curve: curve(&all),
            order: all.into_iter().map(|(_, index)| index).collect(),
            known: members.len(),
            former: members.len().saturating_sub(members.active_count()),
            text,
            ends,
        }
    }

    /// Returns the members whose name or pseudonym holds the words, in any case.
    pub(crate) fn find(&self, sight: &Sight<'_>, query: &str) -> Found<'_> {
        let members = &sight.state.members;
        let wanted = query.trim().to_lowercase();
        if wanted.is_empty() {
            let newcomers = members.len().saturating_sub(self.known);
            return Found::Everyone { register: self, newcomers, active: members.active_count() };
        }
        let mut found = self.matching(&wanted);
        found.extend((self.known..members.len()).map(MemberIndex::at).filter(|index| {
            members.pseudonym(*index).is_some_and(|member| {
                let name = sight.directory.names.get(&member);
                let named = name.is_some_and(|name| name.to_lowercase().contains(&wanted));
                named || member.to_string().contains(&wanted)
            })
        }));
        // Nobody comes back under the same index, so equal numbers mean that nobody has left since.
        if members.len().saturating_sub(members.active_count()) != self.former {
            found.retain(|index| members.is_active(*index));
        }
        Found::Matching(found)
    }

    fn matching(&self, wanted: &str) -> Vec<MemberIndex> {
        let (bytes, finder) = (self.text.as_bytes(), Finder::new(wanted));
        let mut rows = self.ends.iter().zip(&self.order).peekable();
        let mut found = Vec::new();
        let mut from: usize = 0;
        while let Some(at) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
            let at = from.saturating_add(at);
            while rows.next_if(|(ends, _)| ends.pseudonym <= at).is_some() {}
            let Some((ends, index)) = rows.peek() else { break };
            let end = if at < ends.name { ends.name } else { ends.pseudonym };
            // Words that begin in one text and end in the next are in neither.
            from = if at.saturating_add(wanted.len()) <= end {
                found.push(**index);
                ends.pseudonym
            } else {
                at.saturating_add(1)
            };
        }
        found
    }

    /// Returns the member at a place of the order, a newcomer after all others.
    fn at(&self, place: usize) -> MemberIndex {
        let newcomer = || MemberIndex::at(self.known.saturating_add(place.saturating_sub(self.order.len())));
        self.order.get(place).copied().unwrap_or_else(newcomer)
    }
}

/// Room for a name and a pseudonym.
const BYTES_EACH: usize = 32;

impl Found<'_> {
    /// Returns how many members match.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Found::Everyone { active, .. } => say::whole(*active),
            Found::Matching(found) => say::whole(found.len()),
        }
    }

    /// Returns the number of places, those of members who have left included.
    pub(crate) fn places(&self) -> usize {
        match self {
            Found::Everyone { register, newcomers, .. } => register.order.len().saturating_add(*newcomers),
            Found::Matching(found) => found.len(),
        }
    }

    /// Returns the members at some places.
    pub(crate) fn between(&self, first: usize, end: usize) -> Vec<MemberIndex> {
        match self {
            Found::Everyone { register, .. } => {
                (first..end.min(self.places())).map(|place| register.at(place)).collect()
            }
            Found::Matching(found) => found.get(first..end.min(found.len())).unwrap_or_default().to_vec(),
        }
    }
}
