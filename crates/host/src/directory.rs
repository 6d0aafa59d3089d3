//! Who is who: profiles beside the log, and the ways a person is known outside. Never part of an entry.

mod by_name;
mod keys;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use engine::chamber::Decision;
use engine::{Pseudonym, State};
use imbl::OrdMap;
use rochdale_log::Store;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use views::ItemCard;

pub use by_name::Called;

use crate::error::Error;
use crate::library::Library;
use crate::records::OF_CARD;
use by_name::ByName;
use keys::{is_another_account, is_forge, said};
pub(crate) use keys::{keys, name_key, shared_key};

/// A person or organisation as some outside source knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// The name, as written there.
    pub name: String,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// The account's name at a forge.
    pub handle: Option<String>,
    /// The account's own id elsewhere, which never becomes another's: a handle may.
    pub id: Option<String>,
    /// An organisation, not a person.
    pub organisation: bool,
    /// Where they are known as that.
    pub origin: Origin,
}

/// Where somebody is known by what a record says of them. Nothing that two places say alike makes two people one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the co-op's own files, and by whoever admits members.
    #[default]
    Coop,
    /// At another place, such as `open-collective`: people there have ids of its own.
    Elsewhere(String),
}

/// By whom a member was first named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Known {
    /// By the co-op.
    Coop,
    /// By records from elsewhere: their name says nothing in the co-op's own files.
    Elsewhere,
}

/// The data of a member that is kept beside the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name shown.
    pub name: String,
    /// Mail addresses, lower case.
    #[serde(default)]
    pub emails: Vec<String>,
    /// The account's name at a forge, lower case.
    #[serde(default)]
    pub handle: Option<String>,
    /// The other keys by which imports recognise the member, such as `name:…` and `handle:…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// By whom they were first named; `None` for members of earlier versions, to whom an address or a handle joins from anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) known: Option<Known>,
}

impl Profile {
    /// Whether the co-op's own files say nothing of this name.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.known == Some(Known::Elsewhere)
    }

    /// The key of the member's own name.
    pub(crate) fn name_key(&self) -> String {
        name_key(&self.name)
    }

    /// Every key by which the member is recognised, as far as it is noted here.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> + '_ {
        let emails = self.emails.iter().map(|email| format!("email:{}", fold(email)));
        let handle = self.handle.iter().map(|handle| format!("handle:{}", fold(handle)));
        let name = (!self.is_elsewhere()).then(|| self.name_key());
        emails.chain(handle).chain(name).chain(self.also.iter().cloned())
    }
}

/// The names that are shown of members, and an index of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    shown: OrdMap<Pseudonym, String>,
    by_name: ByName,
}

impl Names {
    fn note(&mut self, member: Pseudonym, name: String) {
        self.by_name.note(member, self.shown.get(&member).map(String::as_str), &name);
        self.shown.insert(member, name);
    }

    fn forget(&mut self, member: Pseudonym) {
        if let Some(name) = self.shown.remove(&member) {
            self.by_name.forget(member, &name);
        }
    }
}

/// The names of members and items, in memory as stored beside the log; and the texts, which are looked up there. Copies share
/// what they have in common.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    names: Names,
    items: OrdMap<(String, String), ItemCard>,
    documents: Arc<Library>,
}

impl Directory {
    pub(crate) fn empty(documents: Arc<Library>) -> Directory {
        Directory { names: Names::default(), items: OrdMap::new(), documents }
    }

    /// Takes the names of members, and reads what is kept of the items of `state` again.
    pub(crate) fn load(&mut self, store: &mut dyn Store, coop: &str, state: &State, names: Names) -> Result<(), Error> {
        let mut fresh = Directory::empty(Arc::clone(&self.documents));
        fresh.names = names;
        let decisions = by_path(state);
        let bound = bound_cards(store, coop)?;
        // A newer card than the one that an entry binds comes last.
        for space in ["item", "retitled"] {
            store.scan(coop, space, &mut |name, json| {
                let card = serde_json::from_slice::<ItemCard>(json).unwrap_or_default();
                let name = String::from_utf8_lossy(name);
                if let Some((decision, item)) = item_named(&decisions, &name) {
                    let card = ItemCard { bound: space == "item" && bound.contains(&*name), ..card };
                    fresh.note_item(decision, item, card);
                }
                ControlFlow::Continue(())
            })?;
        }
        *self = fresh;
        Ok(())
    }

    pub(crate) fn read(&self) -> views::Directory<'_> {
        views::Directory { names: &self.names.shown, items: &self.items, documents: &*self.documents }
    }

    pub(crate) fn note_name(&mut self, member: Pseudonym, name: &str) {
        self.names.note(member, name.to_owned());
    }

    /// Nothing is kept of somebody any more.
    pub(crate) fn forget(&mut self, member: Pseudonym) {
        self.names.forget(member);
    }

    /// Returns the members whose name is shown as `name`, without a walk along all names.
    pub(crate) fn called(&self, name: &str) -> Called {
        self.names.by_name.find(name, |member| self.names.shown.get(&member).map(String::as_str))
    }

    pub(crate) fn note_item(&mut self, decision: &str, item: &str, card: ItemCard) {
        self.items.insert((decision.to_owned(), item.to_owned()), card.safe());
    }
}

/// The names under which cards are kept that an entry binds.
fn bound_cards(store: &mut dyn Store, coop: &str) -> Result<BTreeSet<String>, Error> {
    let mut bound = BTreeSet::new();
    // They come before those of members, of whom there may be many.
    store.scan(coop, "opening", &mut |name, _| match name.strip_prefix(OF_CARD) {
        Some(card) => {
            bound.insert(String::from_utf8_lossy(card).into_owned());
            ControlFlow::Continue(())
        }
        None => ControlFlow::Break(()),
    })?;
    Ok(bound)
}

/// Reads the names of members. They need nothing of the state, so that a start reads both at once.
pub(crate) fn names_of(store: &mut dyn Store, coop: &str) -> Result<Names, Error> {
    let mut names = Names::default();
    store.scan(coop, "profile", &mut |name, json| {
        let pseudonym = std::str::from_utf8(name).ok().and_then(|text| text.parse().ok());
        if let (Some(member), Ok(profile)) = (pseudonym, serde_json::from_slice::<Profile>(json)) {
            names.note(member, profile.name);
        }
        ControlFlow::Continue(())
    })?;
    Ok(names)
}

/// Every decision that ever was, by its path.
pub(crate) fn by_path(state: &State) -> BTreeMap<&str, Vec<&Decision>> {
    let mut all: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in state.decisions.rows().iter() {
        all.entry(&decision.name).or_default().push(decision);
    }
    all
}

/// The ranking's path and the item's id in the name under which a card is kept. Both may hold a `/`: the ranking that has such
/// an item decides where one ends.
pub(crate) fn item_named<'a>(decisions: &BTreeMap<&str, Vec<&Decision>>, name: &'a str) -> Option<(&'a str, &'a str)> {
    let parts = |(at, _): (usize, &str)| Some((name.get(..at)?, name.get(at + 1..)?));
    let mut all = name.match_indices('/').filter_map(parts);
    let has = |(path, item): &(&str, &str)| {
        let mut own = decisions.get(path).into_iter().flatten();
        own.any(|list| list.item_place(item).is_some())
    };
    all.clone().find(has).or_else(|| all.next())
}

/// By what a record was found to be of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The pseudonym itself.
    Pseudonym,
    /// An e-mail address.
    Address,
    /// The short name at a source.
    Handle,
    /// The name alone.
    Name,
}

/// How many names are kept in memory while importing.
const CACHED: usize = 100_000;

/// Names to pseudonyms, looked up in the store and remembered.
#[derive(Debug, Default)]
pub(crate) struct Identities {
    cache: BTreeMap<String, Pseudonym>,
    /// People as a source gives them, each with a member who is known by all of it: records of one giver come again and again,
    /// and nothing of them has to be looked up or noted.
    met: BTreeMap<Person, Pseudonym>,
    /// Texts of tables, each with the one member whom it means.
    texts: BTreeMap<String, Pseudonym>,
}

impl Identities {
    pub(crate) fn forget(&mut self) {
        self.cache.clear();
        self.met.clear();
        self.texts.clear();
    }

    /// The member who was met as exactly this person.
    pub(crate) fn met(&self, person: &Person) -> Option<Pseudonym> {
        self.met.get(person).copied()
    }

    /// Notes that a member is known by all that is said of `person`.
    pub(crate) fn meet(&mut self, person: &Person, member: Pseudonym) {
        if self.met.len() >= CACHED {
            self.met.clear();
        }
        self.met.insert(person.clone(), member);
    }

    /// Notes that several members are called `name`: a person who was met by it alone is now nobody in particular.
    pub(crate) fn share(&mut self, store: &mut dyn Store, name: &str) -> Result<(), Error> {
        self.met.clear();
        self.texts.clear();
        Ok(store.put("identity", shared_key(name).as_bytes(), b"yes")?)
    }

    /// The member that a key such as `email:…` belongs to.
    pub(crate) fn known(&mut self, store: &mut dyn Store, coop: &str, key: &str) -> Result<Option<Pseudonym>, Error> {
        if let Some(pseudonym) = self.cache.get(key) {
            return Ok(Some(*pseudonym));
        }
        let mut found = store.get(coop, "identity", key.as_bytes())?;
        if found.is_none() && !key.is_ascii() {
            // Earlier versions kept names as they were written, which on some systems is letter by letter and accent by accent.
            let apart: String = key.nfd().collect();
            found = store.get(coop, "identity", apart.as_bytes())?;
        }
        let pseudonym = found.and_then(|text| std::str::from_utf8(&text).ok()?.parse().ok());
        if let Some(pseudonym) = pseudonym {
            self.remember(key.to_owned(), pseudonym);
        }
        Ok(pseudonym)
    }

    pub(crate) fn note(&mut self, store: &mut dyn Store, key: String, pseudonym: Pseudonym) -> Result<(), Error> {
        store.put("identity", key.as_bytes(), pseudonym.to_string().as_bytes())?;
        // A text that meant one member may now mean two.
        self.texts.clear();
        self.remember(key, pseudonym);
        Ok(())
    }

    fn remember(&mut self, key: String, pseudonym: Pseudonym) {
        if self.cache.len() >= CACHED {
            self.cache.clear();
        }
        self.cache.insert(key, pseudonym);
    }

    /// The member that a person is, if known: by mail address, then by handle, then by name. A name alone joins two
    /// records only while they do not both have mail addresses, or both handles, which then differ: two people may share
    /// a name, and every guest of some sources is called the same.
    ///
    /// # Errors
    /// A name alone that several members have, or a fault.
    pub(crate) fn find(
        &mut self,
        store: &mut dyn Store,
        coop: &str,
        person: &Person,
    ) -> Result<Option<Pseudonym>, Error> {
        if let Origin::Elsewhere(_) = &person.origin {
            return self.find_elsewhere(store, coop, person);
        }
        let own = keys(person).into_iter().filter(|key| !key.starts_with("name:"));
        let (handles, emails): (Vec<String>, Vec<String>) = own.partition(|key| key.starts_with("handle:"));
        for key in handles.iter().chain(&emails) {
            let Some(pseudonym) = self.known(store, coop, key)? else { continue };
            if key.starts_with("handle:") || is_same(person, &profile(store, coop, pseudonym)?.unwrap_or_default()) {
                return Ok(Some(pseudonym));
            }
        }
        let Some(pseudonym) = self.known(store, coop, &name_key(&person.name))? else {
            return Ok(None);
        };
        // A source with one column for people gives its text as name and handle alike: it may be either.
        let handle = person.handle.as_deref().filter(|handle| fold(handle) != fold(&person.name));
        if person.emails.is_empty() && handle.is_none() {
            return self.only(store, coop, &person.name, pseudonym);
        }
        let profile = profile(store, coop, pseudonym)?.unwrap_or_default();
        let shares = person.emails.iter().any(|email| profile.emails.contains(&fold(email)));
        let differs = (!person.emails.is_empty() && !profile.emails.is_empty() && !shares)
            || (handle.is_some() && profile.handle.is_some())
            // From edition 3 on a number and a name are two people, or one who is asked.
            || (handle.is_some_and(|own| own.starts_with('#')) && profile.known.is_some() && !shares);
        Ok((!differs).then_some(pseudonym))
    }

    /// A person of another place: by the id that they have there. Members of earlier versions are found by an address, a handle or a
    /// name from anywhere, as those versions did.
    fn find_elsewhere(
        &mut self,
        store: &mut dyn Store,
        coop: &str,
        person: &Person,
    ) -> Result<Option<Pseudonym>, Error> {
        if let Some(pseudonym) = self.by_keys(store, coop, person)? {
            // A handle that its account gave up, and that another one took, joins nobody.
            let other = is_another_account(person, &profile(store, coop, pseudonym)?.unwrap_or_default());
            return Ok((!other).then_some(pseudonym));
        }
        // The register's column `handle` is the account at a forge, by the co-op's own word.
        if let (Origin::Elsewhere(place), Some(handle)) = (&person.origin, &person.handle)
            && is_forge(place)
            && let Some(pseudonym) = self.known(store, coop, &format!("handle:{}", fold(handle)))?
        {
            return Ok(Some(pseudonym));
        }
        let anywhere = Person { origin: Origin::Coop, ..person.clone() };
        let has_id =
            !person.emails.is_empty() || person.handle.as_deref().is_some_and(|own| fold(own) != fold(&person.name));
        let found = match self.by_keys(store, coop, &anywhere)? {
            Some(pseudonym) => Some(pseudonym),
            None if has_id => None,
            None => self.known(store, coop, &name_key(&person.name))?,
        };
        let Some(pseudonym) = found else { return Ok(None) };
        let profile = profile(store, coop, pseudonym)?.unwrap_or_default();
        if profile.known.is_some() {
            return Ok(None);
        }
        if has_id { Ok(Some(pseudonym)) } else { self.only(store, coop, &person.name, pseudonym) }
    }

    /// The members who share an address or a name with a person whom nobody knew, a few of each; by what.
    pub(crate) fn alike(
        &mut self,
        store: &mut dyn Store,
        coop: &str,
        person: &Person,
    ) -> Result<Vec<(Pseudonym, Evidence)>, Error> {
        let mut found = Vec::new();
        for email in person.emails.iter().map(|email| fold(email)) {
            let own = [format!("email:{email}")];
            let elsewhere = PLACES_WITH_ADDRESSES.map(|place| format!("at:{place}:email:{email}"));
            for key in own.iter().chain(&elsewhere) {
                found.extend(self.known(store, coop, key)?.map(|member| (member, Evidence::Address)));
            }
        }
        found.extend(self.known(store, coop, &name_key(&person.name))?.map(|member| (member, Evidence::Name)));
        Ok(found)
    }

    /// The member whom the co-op calls `name`: by a mail address, or a name of nobody else that it knows itself.
    ///
    /// # Errors
    /// Several members have that name, or a fault.
    pub(crate) fn named(&mut self, store: &mut dyn Store, coop: &str, name: &str) -> Result<Option<Pseudonym>, Error> {
        if let Some(pseudonym) = self.known(store, coop, &format!("email:{}", fold(name)))? {
            return Ok(Some(pseudonym));
        }
        match self.known(store, coop, &name_key(name))? {
            Some(pseudonym) => self.only(store, coop, name, pseudonym),
            None => Ok(None),
        }
    }

    /// The member whom a text in a table of the co-op's own means: by a mail address, a handle, or a name of nobody else.
    ///
    /// # Errors
    /// Several members have that name, or it is the name of one and the handle of another; or a fault.
    pub(crate) fn called(&mut self, store: &mut dyn Store, coop: &str, name: &str) -> Result<Option<Pseudonym>, Error> {
        if let Some(pseudonym) = self.texts.get(name) {
            return Ok(Some(*pseudonym));
        }
        let folded = fold(name);
        if let Some(pseudonym) = self.known(store, coop, &format!("email:{folded}"))? {
            return Ok(Some(pseudonym));
        }
        // A member's number is a handle that begins with a sign of its own.
        let mut by_handle = self.known(store, coop, &format!("handle:{folded}"))?;
        if by_handle.is_none() {
            by_handle = self.known(store, coop, &format!("handle:#{folded}"))?;
        }
        let by_name = match self.known(store, coop, &name_key(name))? {
            Some(pseudonym) => self.only(store, coop, name, pseudonym)?,
            None => None,
        };
        match (by_handle, by_name) {
            (Some(one), Some(other)) if one != other => Err(Error::Usage(format!(
                "`{name}` is the name of one member and the handle of another: give an e-mail address, or the pseudonym ({other} has the name, {one} the handle)"
            ))),
            (by_handle, by_name) => {
                let found = by_name.or(by_handle);
                if let Some(pseudonym) = found.filter(|_| self.texts.len() < CACHED) {
                    self.texts.insert(name.to_owned(), pseudonym);
                }
                Ok(found)
            }
        }
    }

    /// The member who is known by a mail address or handle of `person`.
    pub(crate) fn by_keys(
        &mut self,
        store: &mut dyn Store,
        coop: &str,
        person: &Person,
    ) -> Result<Option<Pseudonym>, Error> {
        for key in keys(person).iter().filter(|key| !key.starts_with("name:")) {
            if let Some(pseudonym) = self.known(store, coop, key)? {
                return Ok(Some(pseudonym));
            }
        }
        Ok(None)
    }

    /// By what a person is known to somebody here, if by anything: asked before they are met, who are then known by all of it.
    pub(crate) fn evidence(
        &mut self,
        store: &mut dyn Store,
        coop: &str,
        person: &Person,
    ) -> Result<Option<Evidence>, Error> {
        if person.name.parse::<Pseudonym>().is_ok() {
            return Ok(Some(Evidence::Pseudonym));
        }
        let all = keys(person);
        for (start, evidence) in [
            ("email:", Evidence::Address),
            ("id:", Evidence::Handle),
            ("handle:", Evidence::Handle),
            ("name:", Evidence::Name),
        ] {
            for key in all.iter().filter(|key| said(key).starts_with(start)) {
                if self.known(store, coop, key)?.is_some() {
                    return Ok(Some(evidence));
                }
            }
        }
        Ok(None)
    }

    /// The member who alone is called `name`.
    ///
    /// # Errors
    /// Several are, or a fault.
    pub(crate) fn only(
        &self,
        store: &mut dyn Store,
        coop: &str,
        name: &str,
        member: Pseudonym,
    ) -> Result<Option<Pseudonym>, Error> {
        let shared = store.get(coop, "identity", shared_key(name).as_bytes())?;
        match shared {
            None => Ok(Some(member)),
            Some(_) => Err(Error::Usage(format!(
                "several members are called `{name}`: give an e-mail address, a handle or a pseudonym"
            ))),
        }
    }
}

/// The member whose name or mail address is nearest to a text that is nobody's. A surname before a comma is read as one.
pub(crate) fn nearest_identity(store: &mut dyn Store, coop: &str, text: &str) -> Result<Option<Pseudonym>, Error> {
    let folded = fold(text);
    let turned = folded.split_once(',').map(|(last, first)| format!("{} {}", first.trim(), last.trim()));
    let wanted = turned.unwrap_or(folded);
    let mut best: Option<(usize, Pseudonym)> = None;
    store.scan(coop, "identity", &mut |key, value| {
        let key = std::str::from_utf8(key).unwrap_or_default();
        let known = key.strip_prefix("name:").or_else(|| key.strip_prefix("email:"));
        let member = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        if let (Some(known), Some(member)) = (known, member)
            && let Some(far) = charter::near(&wanted, known)
            && best.is_none_or(|(least, _)| far < least)
        {
            best = Some((far, member));
        }
        ControlFlow::Continue(())
    })?;
    Ok(best.map(|(_, member)| member))
}

/// Places whose people have addresses for ids.
const PLACES_WITH_ADDRESSES: [&str; 1] = ["commit"];

/// Whether a row of the register with a member's address is of that member. People who share an address have another number, or another
/// name.
fn is_same(person: &Person, profile: &Profile) -> bool {
    let has_number = profile.keys().any(|key| key.starts_with("handle:#"));
    if has_number && person.handle.as_deref().is_some_and(|handle| handle.starts_with('#')) {
        return false;
    }
    profile.known.is_none() || fold(&person.name) == fold(&profile.name)
}

/// Case and surrounding space do not make another person, nor does an accent that is written as a letter of its own.
pub(crate) fn fold(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if folded.is_ascii() { folded } else { folded.nfc().collect() }
}

/// The profile of a member.
pub(crate) fn profile(store: &mut dyn Store, coop: &str, member: Pseudonym) -> Result<Option<Profile>, Error> {
    let stored = store.get(coop, "profile", member.to_string().as_bytes())?;
    Ok(stored.and_then(|json| serde_json::from_slice(&json).ok()))
}
