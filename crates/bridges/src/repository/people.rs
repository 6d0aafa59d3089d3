//! The people of a history: one for each address that the mailmap leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::mailmap::Mailmap;
use crate::Identity;
use crate::text::cleaned_name;

/// All people met so far.
#[derive(Debug, Default)]
pub(super) struct People {
    /// By the address, or by the name where there is none.
    numbers: BTreeMap<(String, String), u32>,
    met: Vec<Person>,
    identities: Vec<Identity>,
}

#[derive(Debug, Default)]
struct Person {
    /// The number of commits with each name.
    names: BTreeMap<String, u64>,
    /// Addresses as the commits have them and as the mailmap does.
    emails: BTreeSet<String>,
}

impl People {
    /// Returns the number of the person who commits as these.
    pub(super) fn meet(&mut self, mailmap: &Mailmap, name: &str, email: &str) -> u32 {
        let (own_name, own_email) = mailmap.resolve(name, email);
        let own_name = cleaned_name(&own_name);
        let own_email = address(&own_email);
        let nameless = if own_email.is_empty() { own_name.clone() } else { String::new() };
        let next = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry((own_email.clone(), nameless)).or_insert(next);
        if number == next {
            self.met.push(Person::default());
        }
        if let Some(person) = self.met.get_mut(number as usize) {
            *person.names.entry(own_name).or_default() += 1;
            person.emails.extend([own_email, address(email)]);
            person.emails.remove("");
        }
        number
    }

    /// Settles each identity: the name on most commits, and the addresses that nobody else has.
    pub(super) fn settle(&mut self) {
        let mut shared: BTreeMap<&str, u64> = BTreeMap::new();
        for email in self.met.iter().flat_map(|person| &person.emails) {
            *shared.entry(email).or_default() += 1;
        }
        let own = |person: &Person| -> Vec<String> {
            let emails = person.emails.iter();
            emails.filter(|email| shared.get(email.as_str()) == Some(&1)).cloned().collect()
        };
        self.identities = self
            .met
            .iter()
            .map(|person| {
                let names = person.names.iter().rev().filter(|(name, _)| !name.is_empty());
                let name = names.max_by_key(|(_, commits)| **commits).map(|(name, _)| name.clone());
                let name = name.or_else(|| person.emails.first().cloned());
                let name = name.unwrap_or_else(|| "unnamed".to_owned());
                Identity { name, emails: own(person), handle: None, id: None }
            })
            .collect();
    }

    /// Returns how many have been met: their numbers are below it.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.met.len()).unwrap_or(u32::MAX)
    }

    /// Returns the identity of the person with this number.
    pub(super) fn identity(&self, number: u32) -> Identity {
        self.identities.get(number as usize).cloned().unwrap_or_default()
    }
}

fn address(email: &str) -> String {
    cleaned_name(email).to_lowercase()
}
