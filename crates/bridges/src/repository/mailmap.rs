//! A `.mailmap`: which names and addresses in a history belong to which person (gitmailmap(5)).

use std::collections::BTreeMap;

/// The name and address that replace others; none leaves the commit's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Replacement {
    pub name: Option<String>,
    pub email: Option<String>,
}

/// Replacements by the commit's address, and by its name too where the line gives one; in lower case.
#[derive(Debug, Default)]
pub(super) struct Mailmap {
    by_email: BTreeMap<String, Replacement>,
    by_both: BTreeMap<(String, String), Replacement>,
}

impl Mailmap {
    /// Reads the file; a line of another form says nothing, as in git.
    pub(super) fn parse(text: &str) -> Self {
        let mut mailmap = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let Some((first, rest)) = name_and_email(line) else {
                continue;
            };
            match name_and_email(rest) {
                None => mailmap.add(None, first.email, Replacement { name: first.name, email: None }),
                Some((commit, _)) => {
                    let replacement = Replacement { name: first.name, email: Some(first.email) };
                    mailmap.add(commit.name, commit.email, replacement);
                }
            }
        }
        mailmap
    }

    /// Returns the name and address of the person who commits as these.
    pub(super) fn resolve(&self, name: &str, email: &str) -> (String, String) {
        let key = email.to_lowercase();
        let both = (key.clone(), name.to_lowercase());
        let found = self.by_both.get(&both).or_else(|| self.by_email.get(&key));
        let found = found.cloned().unwrap_or_default();
        let name = found.name.unwrap_or_else(|| name.to_owned());
        (name, found.email.unwrap_or_else(|| email.to_owned()))
    }

    /// A later line adds to an earlier one for the same person.
    fn add(&mut self, name: Option<String>, email: String, new: Replacement) {
        let email = email.to_lowercase();
        let entry = match name {
            Some(name) => self.by_both.entry((email, name.to_lowercase())).or_default(),
            None => self.by_email.entry(email).or_default(),
        };
        entry.name = new.name.or(entry.name.take());
        entry.email = new.email.or(entry.email.take());
    }
}

struct Named {
    name: Option<String>,
    email: String,
}

/// Returns the first `Name <address>` of a text, and what follows it.
fn name_and_email(text: &str) -> Option<(Named, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (email, rest) = rest.split_once('>')?;
    let name = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
    Some((Named { name, email: email.trim().to_owned() }, rest))
}
