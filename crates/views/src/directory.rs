//! Names, titles and texts beside the log, borrowed from the host, which keeps them. They are never part of a decision.

use std::collections::BTreeMap;

use engine::Pseudonym;
use serde::{Deserialize, Serialize};

/// The names of members, items and documents.
#[derive(Debug, Clone, Copy)]
pub struct Directory<'a> {
    /// The name shown for each member; erased names are absent.
    pub names: &'a BTreeMap<Pseudonym, String>,
    /// Cards of items, by decision and item.
    pub items: &'a BTreeMap<(String, String), ItemCard>,
    /// Texts by their hash.
    pub documents: &'a BTreeMap<String, DocumentCard>,
}

/// The shown part of a ranking's item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCard {
    /// Its title.
    pub title: String,
    /// Its page, `https` only.
    #[serde(default)]
    pub url: Option<String>,
    /// Its labels.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// A document that an entry names by its hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentCard {
    /// Its first heading, or the beginning of its text.
    pub title: String,
    /// Markdown.
    pub text: String,
}

impl<'a> Directory<'a> {
    /// Returns the member's name, or the pseudonym where there is none.
    #[must_use]
    pub fn name(self, member: Pseudonym) -> String {
        self.names.get(&member).cloned().unwrap_or_else(|| member.to_string())
    }

    /// Returns the card of an item.
    #[must_use]
    pub fn item(self, decision: &str, item: &str) -> Option<&'a ItemCard> {
        self.items.get(&(decision.to_owned(), item.to_owned()))
    }

    /// Returns the name of an item: its title, or its id.
    #[must_use]
    pub fn item_title(self, decision: &str, item: &str) -> String {
        let card = self.item(decision, item).filter(|card| !card.title.is_empty());
        card.map_or_else(|| item.to_owned(), |card| card.title.clone())
    }

    /// Returns the card of a document, by its hash.
    #[must_use]
    pub fn document(self, hash: &str) -> Option<&'a DocumentCard> {
        self.documents.get(hash)
    }

    /// Returns the name of a candidate: a member's name, a document's title, or the candidate's own text.
    #[must_use]
    pub fn candidate(self, name: &engine::chamber::CandidateName) -> String {
        match name {
            engine::chamber::CandidateName::Member(member) => self.name(*member),
            engine::chamber::CandidateName::Document(hash) => {
                self.document(hash).map_or_else(|| hash.chars().take(12).collect(), |card| card.title.clone())
            }
        }
    }

    /// As [`Directory::candidate`], for the text that outcomes and ballots use.
    #[must_use]
    pub fn candidate_text(self, name: &str) -> String {
        match name.parse() {
            Ok(member) => self.name(member),
            Err(_) => self.document(name).map_or_else(|| name.to_owned(), |card| card.title.clone()),
        }
    }
}

impl ItemCard {
    /// Returns the card without an address that is not `https`: a page must not link to any address in a file.
    #[must_use]
    pub fn safe(mut self) -> ItemCard {
        self.url = self.url.filter(|url| url.starts_with("https://"));
        self
    }
}

impl DocumentCard {
    /// Returns a text under its first heading.
    #[must_use]
    pub fn of(text: &str) -> DocumentCard {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let heading = lines().find_map(|line| line.strip_prefix("# ")).or_else(|| lines().next());
        let title = heading.unwrap_or(words::document::UNTITLED).chars().take(80).collect();
        DocumentCard { title, text: text.to_owned() }
    }
}
