//! The credit of commits that several people made together: `Co-authored-by` in a line of its own names them.

use std::collections::BTreeMap;

use gix::ObjectId;
use quantity::split;

use super::mailmap::Mailmap;
use super::people::People;
use crate::fact::MICRO_CREDITS;

/// The trailer by which a commit names those who made it with its author.
const CO_AUTHOR: &str = "co-authored-by:";
/// The most co-authors of one commit who are read.
const MOST_CO_AUTHORS: usize = 20;

/// Who made commits together with their authors.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// Names and addresses as the messages have them.
    named: BTreeMap<ObjectId, Vec<(String, String)>>,
    /// The same as people, once the credit is shared.
    people: BTreeMap<ObjectId, Vec<u32>>,
    is_shared: bool,
}

impl Shares {
    /// Notes those whom a message names. Returns whether it names anybody.
    pub(super) fn note(&mut self, id: ObjectId, message: &[u8], is_bot: impl Fn(&str) -> bool) -> bool {
        let mut named = Vec::new();
        let mut names_any = false;
        for line in message.split(|byte| *byte == b'\n') {
            let Some((start, rest)) = line.split_at_checked(CO_AUTHOR.len()) else { continue };
            if !start.eq_ignore_ascii_case(CO_AUTHOR.as_bytes()) {
                continue;
            }
            names_any = true;
            let rest = String::from_utf8_lossy(rest);
            let (name, email) = rest.split_once('<').unwrap_or((&rest, ""));
            let (name, email) = (name.trim().to_owned(), email.trim().trim_end_matches('>').to_owned());
            let nobody = name.is_empty() && email.is_empty();
            if !nobody && !is_bot(&name) && named.len() < MOST_CO_AUTHORS {
                named.push((name, email));
            }
        }
        if !named.is_empty() {
            self.named.insert(id, named);
        }
        names_any
    }

    /// Shares the credit from here on.
    pub(super) fn share(&mut self, people: &mut People, mailmap: &Mailmap) {
        self.is_shared = true;
        for (id, named) in &self.named {
            let met = named.iter().map(|(name, email)| people.meet(mailmap, name, email)).collect();
            self.people.insert(*id, met);
        }
        people.settle();
    }

    /// Whether a commit names others whose credit could be shared with them.
    pub(super) fn names_others(&self, id: ObjectId) -> bool {
        self.named.contains_key(&id)
    }

    pub(super) const fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The parts of a commit's credit: the author first, then the others in the order of the message, each once. Largest remainder; the
    /// first have the odd millionths.
    pub(super) fn of(&self, id: ObjectId, author: u32) -> Vec<(u32, i64)> {
        let mut all = vec![author];
        for person in self.people.get(&id).into_iter().flatten() {
            if !all.contains(person) {
                all.push(*person);
            }
        }
        let parts = split(MICRO_CREDITS, &vec![1; all.len()]);
        all.into_iter().zip(parts).collect()
    }
}
