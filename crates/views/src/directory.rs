//! Names, titles and texts beside the log, borrowed from the host, which keeps them. They are never part of a decision.

use std::fmt::Debug;
use std::sync::Arc;

use engine::Pseudonym;
use engine::act::BookEntry;
use imbl::OrdMap;
use serde::{Deserialize, Serialize};

/// The names of members, items and documents.
#[derive(Debug, Clone, Copy)]
pub struct Directory<'a> {
    /// The name shown for each member; erased names are absent.
    pub names: &'a OrdMap<Pseudonym, String>,
    /// Cards of items, by decision and item.
    pub items: &'a OrdMap<(String, String), ItemCard>,
    /// Texts by their hash.
    pub documents: &'a dyn Library,
}

/// Texts by their hash, each looked up when it is asked for: a co-op has more of them than anybody reads. A hash names the
/// same text for ever, so that the answers never differ.
pub trait Library: Debug {
    /// Returns a text with its title; `None` if it is not kept.
    fn document(&self, hash: &str) -> Option<Arc<DocumentCard>>;

    /// Returns the title alone.
    fn title(&self, hash: &str) -> Option<Arc<str>>;

    /// Returns what a booking is about, by its source in the form of the log; `None` if it is not kept.
    fn narration(&self, source: &str) -> Option<String>;
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
    /// It was closed where it comes from, and not by the support that it has here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed_outside: bool,
    /// An entry binds all this. Else it is the word of the operator of the server.
    #[serde(skip)]
    pub bound: bool,
}

/// A document that an entry names by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentCard {
    /// Its first heading, or the beginning of its text.
    pub title: Arc<str>,
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
        card.map_or_else(|| self.first_line(item), |card| card.title.clone())
    }

    /// The first line of a text that is an option or a project, by its hash; the beginning of the hash where it is not kept here. Any
    /// other name is itself.
    #[must_use]
    pub fn first_line(self, hash: &str) -> String {
        const HASH: usize = 64;
        if hash.len() != HASH {
            return hash.to_owned();
        }
        let line = self.document(hash).and_then(|card| card.text.lines().next().map(str::to_owned));
        line.unwrap_or_else(|| hash.chars().take(12).collect())
    }

    /// Returns the card of a document, by its hash.
    #[must_use]
    pub fn document(self, hash: &str) -> Option<Arc<DocumentCard>> {
        self.documents.document(hash)
    }

    /// Returns what a booking is about. Edition 1 has the words in the entry; later they are beside the log, and can be erased.
    #[must_use]
    pub fn narration(self, entry: &BookEntry) -> String {
        let kept = || self.documents.narration(&entry.source);
        entry.narration.clone().or_else(kept).unwrap_or_else(|| words::money::ERASED.to_owned())
    }

    fn title(self, hash: &str) -> Option<String> {
        self.documents.title(hash).map(|title| title.as_ref().to_owned())
    }

    /// Returns the name of a candidate: a member's name, a document's title, or the candidate's own text.
    #[must_use]
    pub fn candidate(self, name: &engine::chamber::CandidateName) -> String {
        match name {
            engine::chamber::CandidateName::Member(member) => self.name(*member),
            engine::chamber::CandidateName::Document(hash) => {
                self.title(hash).unwrap_or_else(|| hash.chars().take(12).collect())
            }
        }
    }

    /// As [`Directory::candidate`], for the text that outcomes and ballots use.
    #[must_use]
    pub fn candidate_text(self, name: &str) -> String {
        match name.parse() {
            Ok(member) => self.name(member),
            Err(_) => self.title(name).unwrap_or_else(|| name.to_owned()),
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
        let title: String = heading.unwrap_or(words::document::UNTITLED).chars().take(80).collect();
        DocumentCard { title: title.into(), text: text.to_owned() }
    }
}
