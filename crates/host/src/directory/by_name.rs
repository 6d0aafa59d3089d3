//! Members by the name that is shown of them, for programs that write names. Not the names themselves, which are in the
//! directory, nor the other ways in which a person is known.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use engine::Pseudonym;
use imbl::OrdSet;

/// Each member beside the hash of their name. A name is as short as a number here, so that a start builds this as it reads
/// the names.
#[derive(Clone, Debug, Default)]
pub(super) struct ByName(OrdSet<(u64, Pseudonym)>);

/// The members who are called by a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// No member is.
    Nobody,
    /// This one alone.
    One(Pseudonym),
    /// More than one.
    Several,
}

impl ByName {
    /// Notes that `member` is called `name`, and no longer `before`.
    pub(super) fn note(&mut self, member: Pseudonym, before: Option<&str>, name: &str) {
        if let Some(before) = before {
            self.0.remove(&(hash(before), member));
        }
        self.0.insert((hash(name), member));
    }

    /// Notes that `member` is called `name` no longer.
    pub(super) fn forget(&mut self, member: Pseudonym, name: &str) {
        self.0.remove(&(hash(name), member));
    }

    /// Returns the members called `name`; `shown` gives the name of one. Two names may have one hash, and the names decide.
    pub(super) fn find<'a>(&self, name: &str, shown: impl Fn(Pseudonym) -> Option<&'a str>) -> Called {
        let hash = hash(name);
        let alike = self.0.range((hash, Pseudonym(0))..=(hash, Pseudonym(u64::MAX)));
        let mut called = alike.map(|(_, member)| *member).filter(|member| shown(*member) == Some(name));
        match (called.next(), called.next()) {
            (None, _) => Called::Nobody,
            (Some(member), None) => Called::One(member),
            (Some(_), Some(_)) => Called::Several,
        }
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const MEMBERS: u64 = 50_000;

    fn name(number: u64) -> String {
        format!("member-{number:05}")
    }

    #[test]
    fn unknown_names_are_compared_with_nobody() {
        let names: Vec<String> = (0..MEMBERS).map(name).collect();
        let mut index = ByName::default();
        for (number, name) in (0..).zip(&names) {
            index.note(Pseudonym(number), None, name);
        }
        let compared = Cell::new(0_u32);
        let shown = |member: Pseudonym| {
            compared.set(compared.get() + 1);
            names.get(usize::try_from(member.0).unwrap()).map(String::as_str)
        };
        for number in 0..20_000 {
            assert_eq!(index.find(&format!("stranger-{number}"), shown), Called::Nobody);
        }
        assert_eq!(compared.get(), 0, "names of members that were looked at");
        assert_eq!(index.find(&name(MEMBERS - 1), shown), Called::One(Pseudonym(MEMBERS - 1)));
        assert_eq!(compared.get(), 1);
    }

    #[test]
    fn a_name_finds_all_who_have_it_now() {
        let (one, other) = (Pseudonym(1), Pseudonym(2));
        let mut index = ByName::default();
        index.note(one, None, "member-001");
        index.note(other, None, "member-001");
        assert_eq!(index.find("member-001", |_| Some("member-001")), Called::Several);
        index.note(other, Some("member-001"), "member-002");
        let shown = |member| Some(if member == one { "member-001" } else { "member-002" });
        assert_eq!(index.find("member-001", shown), Called::One(one));
        assert_eq!(index.find("member-002", shown), Called::One(other));
        // Names that share a hash are told apart.
        assert_eq!(index.find("member-001", |_| Some("member-003")), Called::Nobody);
    }
}
