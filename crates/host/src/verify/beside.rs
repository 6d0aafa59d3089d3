//! Everything beside a log, compared with the log where that binds it: names, titles, texts, the founder and the demonstration's
//! mark; and otherwise counted, since it is the operator's word. The log itself is not looked at.
//! Source: `docs/spec/store.md`.

mod gate;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use bridges::Mapping;
use engine::act::{Act, Deed};
use engine::{Edition, Pseudonym, State};
use rochdale_log::{Entry, Hash, Store, commitment, decode, document_hash};
use serde::Deserialize;

use super::files::{self, each};
use crate::bridge::{Bridge, Outside, Seen, Waiting};
use crate::codec::read_body;
use crate::directory::{Profile, by_path, item_named};
use crate::error::Error;
use crate::inbox::{FILE_SOURCES, FileSource, is_readable};
use crate::records::{CARD, NAME, NARRATION, SOURCES, SPACES, opening_of_card, opening_of_name, opening_of_narration};
use crate::replay::Wrong;
use crate::sources::{SOURCE, binding, keyed};

/// How much in a log and beside it is the word of the operator of the server alone, and nobody can check it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct OperatorsWord {
    /// Acts that the operator handed in for a member, as the log says: `desk`.
    pub acts: u64,
    /// Mail addresses of members.
    pub addresses: u64,
    /// Handles of members at a forge, and other names that sources have for them.
    pub other_names: u64,
    /// Records that a fork has copied: under which source of theirs they are recognised here.
    pub copied_sources: u64,
    /// Items with a title, a link or labels that no entry binds.
    pub titles: u64,
    /// Texts that no entry names. No page shows one.
    pub texts: u64,
    /// Invitations.
    pub invitations: u64,
    /// Sessions of browsers.
    pub sessions: u64,
    /// Tokens of programs.
    pub tokens: u64,
    /// Ways in of members.
    pub ways: u64,
    /// Letters to members that wait or have failed.
    pub letters: u64,
    /// Reports of imports.
    pub reports: u64,
    /// Bridges to forges.
    pub bridges: u64,
    /// Tasks of the outbox that wait.
    pub tasks: u64,
    /// Members' own links to releases.
    pub links: u64,
    /// Uploads that no act has named yet.
    pub uploads: u64,
}

impl OperatorsWord {
    /// Whether the log binds everything.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == OperatorsWord::default()
    }
}

/// Compares everything beside the log of `coop` with it; how much of it is the operator's word.
///
/// # Errors
/// The first difference: the entry that binds another value, or the record that belongs to nothing.
pub(super) fn compare(
    store: &mut dyn Store,
    coop: &str,
    state: &State,
    texts: &BTreeMap<String, String>,
) -> Result<OperatorsWord, Error> {
    let bound = bound(store, coop, texts)?;
    let mut records = Compared { store, coop, state, bound, word: OperatorsWord::default() };
    records.spaces()?;
    records.texts(texts)?;
    let openings = records.openings()?;
    records.sources(&openings)?;
    records.narrations(&openings)?;
    let profiles = records.names(&openings)?;
    records.identities(&profiles)?;
    records.pairs(&profiles)?;
    records.meta()?;
    records.cards(&openings)?;
    records.gate()?;
    records.inbox()?;
    records.bridges()?;
    records.word.uploads = files::compare(records.store, coop, state)?;
    files::signatures(records.store, coop, state)?;
    records.word.links = files::links(records.store, coop, state)?;
    Ok(records.word)
}

/// The values that entries bind, each with the place of the entry.
#[derive(Debug, Default)]
struct Bound {
    names: BTreeMap<Pseudonym, (u64, Hash)>,
    /// By decision and item: the last entry that binds one counts.
    cards: BTreeMap<(String, String), (u64, Hash)>,
    first_member: Option<Pseudonym>,
    /// By source: the last entry that binds one counts.
    narrations: BTreeMap<String, (u64, Hash)>,
    /// The key of sources.
    sources: Option<(u64, Hash)>,
    /// The first entry that binds another key of sources than an earlier one does.
    second_key: Option<u64>,
    /// How many texts no entry names.
    unnamed: u64,
}

fn bound(store: &mut dyn Store, coop: &str, texts: &BTreeMap<String, String>) -> Result<Bound, Error> {
    let mut bound = Bound::default();
    let mut unnamed: BTreeSet<&[u8]> = texts.keys().map(String::as_bytes).collect();
    store.read(coop, 1, &mut |seq, bytes| {
        if !unnamed.is_empty() {
            let parts = bytes.split(|byte| *byte == b'"').filter(|part| part.len() == 64);
            parts.for_each(|part| {
                unnamed.remove(part);
            });
        }
        // Most entries bind nothing, and are not read again.
        if bound.first_member.is_some() && bytes.ends_with(NOTHING_BOUND) {
            return ControlFlow::Continue(());
        }
        if let Ok(entry) = decode(bytes) {
            bound.note(seq, &entry);
        }
        ControlFlow::Continue(())
    })?;
    bound.unnamed = unnamed.len() as u64;
    Ok(bound)
}

/// The end of an entry without commitments (docs/spec/log.md).
const NOTHING_BOUND: &[u8] = b"\"commitments\":{}}";

impl Bound {
    fn note(&mut self, seq: u64, entry: &Entry<'_>) {
        if let Some((_, hash)) = entry.commitments.iter().find(|(name, _)| name == SOURCES) {
            self.second_key = self.second_key.or(self.sources.map(|_| seq));
            self.sources = self.sources.or(Some((seq, *hash)));
        }
        if !matches!(
            &*entry.kind,
            "admit_member" | "apply_to_join" | "propose_act" | "open_item" | "bring_item" | "close_item" | "book_entry"
        ) {
            return;
        }
        let of = |field: &str| entry.commitments.iter().find(|(name, _)| name == field).map(|(_, hash)| (seq, *hash));
        match read_body(&entry.kind, entry.body) {
            Ok(Act::AdmitMember(act)) => {
                self.first_member = self.first_member.or(Some(act.member));
                self.names.extend(of(NAME).map(|bound| (act.member, bound)));
            }
            Ok(Act::ApplyToJoin(act)) => self.names.extend(of(NAME).map(|bound| (act.member, bound))),
            Ok(Act::ProposeAct(act)) => match act.proposed {
                Deed::AdmitMember(act) => self.names.extend(of(NAME).map(|bound| (act.member, bound))),
                Deed::BookEntry(act) => self.narrations.extend(of(NARRATION).map(|bound| (act.source, bound))),
                _ => {}
            },
            Ok(Act::BookEntry(act)) => self.narrations.extend(of(NARRATION).map(|bound| (act.source, bound))),
            Ok(Act::OpenItem(act)) => self.cards.extend(of(CARD).map(|bound| ((act.decision, act.item), bound))),
            Ok(Act::BringItem(act)) => self.cards.extend(of(CARD).map(|bound| ((act.decision, act.item), bound))),
            Ok(Act::CloseItem(act)) => self.cards.extend(of(CARD).map(|bound| ((act.decision, act.item), bound))),
            _ => {}
        }
    }
}

/// Takes a record, by name and value.
pub(super) type EachNamed<'a> = dyn FnMut(&str, &[u8]) -> Result<(), Error> + 'a;

type Openings = BTreeMap<String, [u8; 32]>;
type Profiles = BTreeMap<Pseudonym, Profile>;

struct Compared<'a> {
    store: &'a mut dyn Store,
    coop: &'a str,
    state: &'a State,
    bound: Bound,
    word: OperatorsWord,
}

impl Compared<'_> {
    /// Takes every record of a space, by name and value.
    fn each(&mut self, space: &str, take: &mut EachNamed<'_>) -> Result<(), Error> {
        each(self.store, self.coop, space, take)
    }

    fn is_member(&self, member: Pseudonym) -> bool {
        self.state.members.index(member).is_some()
    }

    fn spaces(&mut self) -> Result<(), Error> {
        let spaces = self.store.spaces(self.coop)?;
        match spaces.iter().find(|space| !SPACES.contains(&space.as_str())) {
            Some(space) => Err(beside(format!("the space `{space}` is not Rochdale's"))),
            None => Ok(()),
        }
    }

    fn texts(&mut self, texts: &BTreeMap<String, String>) -> Result<(), Error> {
        self.word.texts = self.bound.unnamed;
        match texts.iter().find(|(hash, text)| document_hash(text.as_bytes()).to_string() != **hash) {
            Some((hash, _)) => Err(beside(format!("the text kept as {hash} is another one"))),
            None => Ok(()),
        }
    }

    fn openings(&mut self) -> Result<Openings, Error> {
        let mut openings = Openings::new();
        self.each("opening", &mut |name, key| {
            let key = <[u8; 32]>::try_from(key);
            let key = key.map_err(|_| beside(format!("the key `{name}` of a commitment is not 32 bytes long")))?;
            openings.insert(name.to_owned(), key);
            Ok(())
        })?;
        let names = self.bound.names.keys().map(|member| opening_of_name(*member));
        let cards = self.bound.cards.keys().map(|(decision, item)| opening_of_card(decision, item));
        let sources = self.bound.sources.map(|_| SOURCES.to_owned());
        let narrations = self.bound.narrations.keys().map(|source| opening_of_narration(source));
        let known: BTreeSet<String> = names.chain(cards).chain(sources).chain(narrations).collect();
        match openings.keys().find(|name| !known.contains(*name)) {
            Some(name) => Err(beside(format!("there is a key `{name}`, and no entry has its commitment"))),
            None => Ok(openings),
        }
    }

    /// The key of sources is the one that an entry binds, and each source that is kept has under it a hash that the log has.
    fn sources(&mut self, openings: &Openings) -> Result<(), Error> {
        if let Some(seq) = self.bound.second_key {
            return Err(other(seq, "it binds a second key of sources".to_owned()));
        }
        let key = openings.get(SOURCES);
        if let Some((seq, bound)) = self.bound.sources
            && key.map(binding) != Some(bound)
        {
            let is = if key.is_some() { "is not the one that it binds" } else { "is missing, and it binds one" };
            return Err(other(seq, format!("the key of sources {is}")));
        }
        let state = self.state;
        let mut aliases: BTreeMap<String, String> = BTreeMap::new();
        self.each("alias", &mut |keyed, form| {
            let form = String::from_utf8_lossy(form).into_owned();
            if !state.support.knows(&form) {
                return Err(beside(format!("`{keyed}` is said to be `{form}`, which no entry has")));
            }
            aliases.insert(keyed.to_owned(), form);
            Ok(())
        })?;
        self.word.copied_sources = aliases.len() as u64;
        let mut unknown: BTreeSet<String> = BTreeSet::new();
        self.each("source", &mut |name, plain| {
            let hash = std::str::from_utf8(plain).ok().and_then(|plain| Some(keyed(key?, SOURCE, plain)));
            if hash.as_deref() != Some(name) {
                return Err(beside(format!("the source kept of `{name}` is another one")));
            }
            // A payment that somebody has proposed is recorded once enough agree.
            if !state.support.knows(name) && !aliases.contains_key(name) {
                unknown.insert(name.to_owned());
            }
            Ok(())
        })?;
        self.proposed(unknown)
    }

    /// The words of bookings are those that their entries bind.
    fn narrations(&mut self, openings: &Openings) -> Result<(), Error> {
        let bound = std::mem::take(&mut self.bound.narrations);
        let mut kept = BTreeSet::new();
        self.each("narration", &mut |source, words| {
            let nothing = || beside(format!("there is a narration of `{source}`, and no entry binds it"));
            let (seq, bound) = bound.get(source).ok_or_else(nothing)?;
            let key = openings.get(&opening_of_narration(source));
            if key.map(|key| commitment(key, NARRATION, words)) != Some(*bound) {
                return Err(other(*seq, format!("the narration kept of `{source}` is not the one that it binds")));
            }
            kept.insert(source.to_owned());
            Ok(())
        })?;
        let mut left = bound.keys().filter(|source| !kept.contains(*source));
        match left.find(|source| openings.contains_key(&opening_of_narration(source))) {
            Some(source) => Err(beside(format!("the narration of `{source}` is missing, and its key is there"))),
            None => Ok(()),
        }
    }

    /// Each of these sources stands in some entry.
    fn proposed(&mut self, mut unknown: BTreeSet<String>) -> Result<(), Error> {
        if unknown.is_empty() {
            return Ok(());
        }
        self.store.read(self.coop, 1, &mut |_, bytes| {
            for part in bytes.split(|byte| *byte == b'"').filter_map(|part| std::str::from_utf8(part).ok()) {
                unknown.remove(part);
            }
            if unknown.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        match unknown.first() {
            Some(name) => Err(beside(format!("there is a source of `{name}`, which no entry has"))),
            None => Ok(()),
        }
    }

    /// Each name is the one that the entry binds by which its member joined.
    fn names(&mut self, openings: &Openings) -> Result<Profiles, Error> {
        let mut profiles = Profiles::new();
        let mut addresses = 0;
        let state = self.state;
        // Somebody whose admission is proposed or announced has a name, and is no member yet.
        let named = self.bound.names.keys().copied();
        let awaited: BTreeSet<Pseudonym> = named.filter(|member| state.members.index(*member).is_none()).collect();
        self.each("profile", &mut |name, json| {
            let profile: Profile = readable("profile", name, json)?;
            let is_known = |member: &Pseudonym| state.members.index(*member).is_some() || awaited.contains(member);
            let member = name.parse::<Pseudonym>().ok().filter(is_known);
            let member = member.ok_or_else(|| beside(format!("`{name}` has a name and is no member")))?;
            addresses += profile.emails.len() as u64;
            profiles.insert(member, profile);
            Ok(())
        })?;
        self.word.addresses = addresses;
        for (member, profile) in &profiles {
            let Some((seq, bound)) = self.bound.names.get(member) else {
                return Err(beside(format!("{member} has a name that no entry binds")));
            };
            let key = openings.get(&opening_of_name(*member));
            if key.map(|key| commitment(key, NAME, profile.name.as_bytes())) != Some(*bound) {
                return Err(other(*seq, format!("the name kept of {member} is not the one that it binds")));
            }
        }
        let erased = |member: &&Pseudonym| !profiles.contains_key(*member);
        let left =
            self.bound.names.keys().filter(erased).find(|member| openings.contains_key(&opening_of_name(**member)));
        match left {
            Some(member) => Err(beside(format!("the name of {member} is missing, and its key is there"))),
            None => Ok(profiles),
        }
    }

    /// The ways by which people are recognised, and the profiles, say the same of each other.
    fn identities(&mut self, profiles: &Profiles) -> Result<(), Error> {
        let mut claims: BTreeMap<String, Vec<Pseudonym>> = BTreeMap::new();
        for (member, profile) in profiles {
            for key in profile.keys() {
                claims.entry(key).or_default().push(*member);
            }
        }
        let mut other_names = 0;
        let mut pointed: BTreeMap<String, Pseudonym> = BTreeMap::new();
        let mut shared: Vec<String> = Vec::new();
        self.each("identity", &mut |key, value| {
            if let Some(name) = key.strip_prefix("shared:") {
                shared.push(format!("name:{name}"));
                return Ok(());
            }
            let member = std::str::from_utf8(value).ok().and_then(|text| text.parse::<Pseudonym>().ok());
            let member = member.filter(|member| profiles.contains_key(member));
            let member = member.ok_or_else(|| beside(format!("`{key}` points to nobody who has a name")))?;
            match claims.get(key) {
                Some(own) if !own.contains(&member) => {
                    return Err(beside(format!("`{key}` points to {member}, and is somebody else's")));
                }
                None if key.starts_with("email:") => {
                    return Err(beside(format!("`{key}` points to {member}, who has no such address")));
                }
                _ => {}
            }
            let own = profiles.get(&member).is_some_and(|profile| key == profile.name_key());
            other_names += u64::from(!own && !key.starts_with("email:"));
            pointed.insert(key.to_owned(), member);
            Ok(())
        })?;
        self.word.other_names = other_names;
        if let Some(key) = claims.keys().find(|key| !pointed.contains_key(*key)) {
            return Err(beside(format!("`{key}` of a member points to nobody")));
        }
        // Before other names were noted with the profile, somebody could have one of which only the table of identities knew.
        let alone = |key: &&String| {
            let own = pointed.get(*key).and_then(|member| profiles.get(member));
            own.is_none_or(|own| own.name_key() == **key) && claims.get(*key).is_none_or(|own| own.len() < 2)
        };
        if let Some(key) = shared.iter().find(alone) {
            return Err(beside(format!("`{key}` is said to be several members' name, and is not")));
        }
        let names = profiles.values().filter(|profile| !profile.is_elsewhere()).map(Profile::name_key);
        let twice = names.fold(BTreeMap::new(), |mut all: BTreeMap<String, u32>, key| {
            *all.entry(key).or_default() += 1;
            all
        });
        match twice.iter().find(|(key, count)| **count > 1 && !shared.contains(key)) {
            Some((key, _)) => Err(beside(format!("`{key}` is several members' name, and is not said to be shared"))),
            None => Ok(()),
        }
    }

    /// Pairs who may be one person are of members, or of those whose admission waits.
    fn pairs(&mut self, profiles: &Profiles) -> Result<(), Error> {
        let state = self.state;
        self.each("who", &mut |name, json| {
            let pair = crate::who::readable(name, json);
            let pair = pair.ok_or_else(|| beside(format!("the pair `{name}` of members cannot be read")))?;
            let is_known = |member: &Pseudonym| state.members.index(*member).is_some() || profiles.contains_key(member);
            match pair.iter().find(|member| !is_known(member)) {
                Some(member) => Err(beside(format!("{member} may be one with another, and is no member"))),
                None => Ok(()),
            }
        })
    }

    fn meta(&mut self) -> Result<(), Error> {
        let founding = self.state.founding.act.clone();
        let first = self.bound.first_member;
        let mut demonstration = false;
        let mut edition = None;
        self.each("meta", &mut |name, value| {
            let value = String::from_utf8_lossy(value);
            match name {
                "demonstration" => demonstration = true,
                "edition" => edition = Some(value.into_owned()),
                "founder" if first.map(|member| member.to_string()).as_deref() != Some(&*value) => {
                    return Err(beside(format!("`{value}` is said to be the founder, and is not the first member")));
                }
                "founder" | "made-by" | "imported-until" => {}
                _ => return Err(beside(format!("the space `meta` has a record `{name}`, which is not Rochdale's"))),
            }
            Ok(())
        })?;
        if demonstration != founding.demonstration {
            let is = if demonstration { "is" } else { "is not" };
            let why = format!("the data file says that this {is} a demonstration, and it says otherwise");
            return Err(other(1, why));
        }
        let told = (founding.edition != Edition::ONE).then(|| founding.edition.number().to_string());
        if edition != told {
            let edition = edition.as_deref().unwrap_or("1");
            return Err(other(1, format!("the data file says that the log begins under edition {edition}")));
        }
        Ok(())
    }

    /// Titles, links and labels of items are those that their entries bind; before edition 2 there were none that did.
    fn cards(&mut self, openings: &Openings) -> Result<(), Error> {
        let decisions = by_path(self.state);
        let strict = self.state.founding.act.edition >= Edition::TWO;
        let cards = std::mem::take(&mut self.bound.cards);
        let is_item = |decision: &str, item: &str| {
            decisions.get(decision).into_iter().flatten().any(|list| list.item_place(item).is_some())
        };
        let mut titles = 0;
        let mut kept = BTreeSet::new();
        self.each("item", &mut |name, json| {
            let _: views::ItemCard = readable("item", name, json)?;
            let nothing = || beside(format!("`{name}` has a title, and is no item of a ranking"));
            let (decision, item) = item_named(&decisions, name).ok_or_else(nothing)?;
            if !is_item(decision, item) {
                return Err(nothing());
            }
            let place = (decision.to_owned(), item.to_owned());
            match cards.get(&place) {
                Some((seq, bound)) => {
                    let key = openings.get(&opening_of_card(decision, item));
                    if key.map(|key| commitment(key, CARD, json)) != Some(*bound) {
                        let why = format!("the title, link or labels kept of `{name}` are not those that it binds");
                        return Err(other(*seq, why));
                    }
                }
                None if strict => return Err(beside(format!("`{name}` has a title that no entry binds"))),
                None => titles += 1,
            }
            kept.insert(place);
            Ok(())
        })?;
        self.each("retitled", &mut |name, json| {
            let _: views::ItemCard = readable("retitled", name, json)?;
            // Beside the card that an entry binds, or of an item that was opened without one.
            let place = item_named(&decisions, name).filter(|(decision, item)| is_item(decision, item));
            let place = place.map(|(decision, item)| (decision.to_owned(), item.to_owned()));
            if place.is_none_or(|place| cards.contains_key(&place) && !kept.contains(&place)) {
                return Err(beside(format!("`{name}` has a newer title, and is no item that can have one")));
            }
            titles += 1;
            Ok(())
        })?;
        self.word.titles = titles;
        let left = cards.keys().filter(|place| !kept.contains(*place));
        match left.into_iter().find(|(decision, item)| openings.contains_key(&opening_of_card(decision, item))) {
            Some((decision, item)) => {
                Err(beside(format!("the title of `{decision}/{item}` is missing, and its key is there")))
            }
            None => Ok(()),
        }
    }
}

impl Compared<'_> {
    /// Reports and mappings say nothing that the log binds; they can be read.
    fn inbox(&mut self) -> Result<(), Error> {
        let mut reports = 0;
        self.each("import", &mut |name, json| {
            reports += u64::from(name.bytes().all(|byte| byte.is_ascii_digit()));
            if is_readable(name, json) { Ok(()) } else { Err(beside(format!("the import `{name}` cannot be read"))) }
        })?;
        self.word.reports = reports;
        self.each("mapping", &mut |name, json| readable::<Mapping>("mapping", name, json).map(|_| ()))?;
        self.each(FILE_SOURCES, &mut |name, json| readable::<FileSource>(FILE_SOURCES, name, json).map(|_| ()))?;
        let mut tasks = 0;
        for space in ["outbox", "outbox-ended", "outlet", "said"] {
            self.each(space, &mut |name, json| {
                tasks += u64::from(space == "outbox");
                match crate::outbox::is_readable(space, name, json) {
                    true => Ok(()),
                    false => Err(beside(format!("the {space} `{name}` cannot be read"))),
                }
            })?;
        }
        self.word.tasks = tasks;
        Ok(())
    }

    /// Bridges, and what they know of their forges, say nothing that the log binds; each is of a bridge, and can be read.
    fn bridges(&mut self) -> Result<(), Error> {
        let mut ids = BTreeSet::new();
        self.each("bridge", &mut |name, json| {
            ids.insert(name.to_owned());
            readable::<Bridge>("bridge", name, json).map(|_| ())
        })?;
        self.word.bridges = ids.len() as u64;
        let of = |space: &str, name: &str| match name.split_once('/').filter(|(id, _)| ids.contains(*id)) {
            Some(_) => Ok(()),
            None => Err(beside(format!("the {space} `{name}` is of no bridge"))),
        };
        self.each("delivery", &mut |name, _| of("delivery", name))?;
        self.each("outside", &mut |name, json| {
            of("outside", name).and_then(|()| readable::<Outside>("outside", name, json).map(|_| ()))
        })?;
        self.each("seen", &mut |name, json| {
            of("seen", name).and_then(|()| readable::<Seen>("seen", name, json).map(|_| ()))
        })?;
        self.each("waiting", &mut |name, json| {
            of("waiting", name).and_then(|()| readable::<Waiting>("waiting", name, json).map(|_| ()))
        })
    }
}

pub(super) fn readable<T: for<'a> Deserialize<'a>>(space: &str, name: &str, json: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(json).map_err(|_| beside(format!("the {space} `{name}` cannot be read")))
}

pub(super) fn beside(why: String) -> Error {
    Error::Usage(format!("beside the log: {why}"))
}

fn other(seq: u64, why: String) -> Error {
    Wrong { seq, why }.into()
}
