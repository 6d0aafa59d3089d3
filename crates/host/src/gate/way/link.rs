//! Links by mail: the reader of an address's mail comes in by one, adds the address by one, or undoes that it was removed. A link has
//! 128 bits, is good once, and only the newest of its purpose. It is for the browser that asked; in another one the reader types the six
//! digits that the asking browser shows.

use engine::Pseudonym;
use quantity::Moment;
use serde::{Deserialize, Serialize};

use super::super::code::{is_same, random};
use super::{Address, Change, Kind, NoWay, WAY_KEYS, Way, Ways, What, checked_address};
use crate::batch::Batch;
use crate::error::Error;
use crate::gate::{code_hash, new_code};
use crate::snapshot::Snapshot;

/// The time for which a link is good, microseconds: 10 minutes.
pub const LINK_US: i64 = 600_000_000;
/// The time in which the removal of an address can be undone, microseconds: 7 days.
pub const UNDO_US: i64 = 7 * DAY_US;
/// The time for which something that changed is told to an address that is gone, microseconds: 30 days.
const FORMER_US: i64 = 30 * DAY_US;
const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
/// The most letters with links in an hour that a member has sent.
const MOST_AN_HOUR: usize = 5;
/// The most wrong digits of one link; then it is gone.
const MOST_DIGITS: u32 = 5;
/// The most links of one member that can be open.
const MOST_LINKS: usize = 8;

/// A link by mail, without what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLink {
    /// SHA-256 of the token, hexadecimal.
    hash: String,
    /// Its purpose.
    pub purpose: Purpose,
    /// Good before this, microseconds since 1970.
    until_us: i64,
    /// SHA-256 of the secret of the browser that asked; empty for a link that asks for none.
    browser: String,
    /// SHA-256 of the token's hash and six digits.
    digits: String,
    /// How often digits were wrong.
    wrong: u32,
}

/// The purpose of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To come in.
    SignIn,
    /// To add an address, by a member who is signed in.
    Add(String),
    /// To take the removal of an address back; it signs nobody in.
    Undo(String),
}

/// An address that was a way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    address: String,
    /// When it was added, microseconds since 1970: put back, it is as old as it was.
    added_us: i64,
    until_us: i64,
}

impl Former {
    /// The address of a way that is removed, where it was one for seven days: one that a thief has just added must not put itself back.
    pub(super) fn of(way: &Way, now: Moment) -> Option<Former> {
        let Kind::Address(one) = &way.kind else { return None };
        let is_old = now.0.saturating_sub(way.added_us) >= UNDO_US;
        let until_us = now.0.saturating_add(FORMER_US);
        is_old.then(|| Former { address: one.address.clone(), added_us: way.added_us, until_us })
    }
}

/// The proof that a browser shows to use a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The secret that the asking browser keeps.
    Browser(String),
    /// The digits that it shows.
    Digits(String),
    /// Nothing, which is enough to undo something.
    Nothing,
}

/// How a link came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It is used up: whose it was, and what for.
    Done(Pseudonym, Purpose),
    /// The digits are others, or the browser is.
    Wrong,
    /// It is over, was used, or is none.
    Gone,
    /// The address could not be added.
    No(NoWay),
}

/// The secret of a browser and its digits, as it keeps and shows them.
///
/// # Errors
/// A machine without random numbers.
pub fn asking_browser() -> Result<(String, String), Error> {
    let number = u64::from_be_bytes(random::<8>()?) % 1_000_000;
    Ok((new_code()?, format!("{number:06}")))
}

fn digits_of(hash: &str, digits: &str) -> String {
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    code_hash(&format!("{hash}/{digits}"))
}

impl MailLink {
    /// Whether the browser with this secret asked for it.
    #[must_use]
    pub fn is_of(&self, browser: &str) -> bool {
        !self.browser.is_empty() && is_same(&self.browser, &code_hash(browser))
    }
}

impl Ways {
    /// The addresses among the ways.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.ways
            .iter()
            .filter_map(|way| if let Kind::Address(one) = &way.kind { Some(one.address.as_str()) } else { None })
    }

    /// Opens a link in the place of the one that there is for the same; `None` after as many as there may be in an hour.
    fn open_link(
        &mut self,
        purpose: Purpose,
        (browser, digits): (&str, &str),
        now: Moment,
    ) -> Result<Option<String>, Error> {
        self.asked_us.retain(|asked| (0..HOUR_US).contains(&now.0.saturating_sub(*asked)));
        let is_undo = matches!(purpose, Purpose::Undo(_));
        if !is_undo && self.asked_us.len() >= MOST_AN_HOUR {
            return Ok(None);
        }
        let same = |one: &Purpose| match (one, &purpose) {
            (Purpose::Undo(one), Purpose::Undo(other)) => one == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        };
        self.links.retain(|link| now.0 < link.until_us && !same(&link.purpose));
        if self.links.len() >= MOST_LINKS {
            self.links.remove(0);
        }
        let token = new_code()?;
        let hash = code_hash(&token);
        let browser = if is_undo { String::new() } else { code_hash(browser) };
        let until_us = now.0.saturating_add(if is_undo { UNDO_US } else { LINK_US });
        let digits = digits_of(&hash, digits);
        if !is_undo {
            self.asked_us.push(now.0);
        }
        self.links.push(MailLink { hash, purpose, until_us, browser, digits, wrong: 0 });
        Ok(Some(token))
    }
}

impl Snapshot {
    /// The link that a token opens, and whose it is, where it is still good.
    ///
    /// # Errors
    /// A fault.
    pub fn mail_link(&self, token: &str, now: Moment) -> Result<Option<(Pseudonym, MailLink)>, Error> {
        let hash = code_hash(token);
        let Some(member) = self.way_of(&link_key(&hash))? else { return Ok(None) };
        let links = self.ways_in(member)?.links;
        let found = links.into_iter().find(|link| link.hash == hash && now.0 < link.until_us);
        Ok(found.filter(|_| self.is_member(member)).map(|link| (member, link)))
    }
}

/// The key by which a link finds its member.
pub(super) fn link_key(hash: &str) -> String {
    format!("link:{hash}")
}

impl Ways {
    /// The keys of the links that there are.
    pub(super) fn link_keys(&self) -> impl Iterator<Item = String> {
        self.links.iter().map(|link| link_key(&link.hash))
    }
}

impl Batch<'_> {
    /// Writes a letter with a link by which `typed`, an address, lets its member in; nothing where it lets nobody in.
    ///
    /// # Errors
    /// A fault.
    pub fn mail_sign_in(&mut self, typed: &str, asking: (&str, &str), now: Moment) -> Result<(), Error> {
        let Some(address) = checked_address(typed) else { return Ok(()) };
        let Some(member) = self.found_by(&address.key())? else { return Ok(()) };
        let to = self.ways_in(member)?.addresses().find(|own| Address::is_same(own, typed)).map(str::to_owned);
        let Some(to) = to.filter(|_| self.coop.now.is_member(member)) else { return Ok(()) };
        self.mail_link_to(member, &to, Purpose::SignIn, asking, now)?;
        Ok(())
    }

    /// Writes a letter with a link by which a member adds this address. The member has proven who they are.
    ///
    /// # Errors
    /// A fault.
    pub fn mail_add(
        &mut self,
        fresh: super::Fresh,
        address: &Address,
        asking: (&str, &str),
        now: Moment,
    ) -> Result<Result<(), NoWay>, Error> {
        if fresh.first && self.ways_in(fresh.member)?.lets_in() {
            return Ok(Err(NoWay::Stale));
        }
        let purpose = Purpose::Add(address.address.clone());
        let is_sent = self.mail_link_to(fresh.member, &address.address, purpose, asking, now)?;
        Ok(if is_sent { Ok(()) } else { Err(NoWay::Often) })
    }

    fn mail_link_to(
        &mut self,
        member: Pseudonym,
        to: &str,
        purpose: Purpose,
        asking: (&str, &str),
        now: Moment,
    ) -> Result<bool, Error> {
        let Some(settings) = self.mail()? else { return Ok(false) };
        let mut ways = self.ways_in(member)?;
        let before: Vec<String> = ways.link_keys().collect();
        let Some(token) = ways.open_link(purpose.clone(), asking, now)? else { return Ok(false) };
        self.put_links(member, &before, &ways)?;
        let link = format!("{}/mail/{token}", settings.address);
        let (coop, name) = self.names_for_letters(member);
        let (subject, text, until_us) = match &purpose {
            Purpose::SignIn => {
                (words::mail::sign_in_subject(&coop), words::mail::sign_in(&name, &coop, &link), LINK_US)
            }
            Purpose::Add(_) => (words::mail::add_subject(&coop), words::mail::add(&name, &coop, &link), LINK_US),
            Purpose::Undo(_) => (words::mail::undo_subject(&coop), words::mail::undo(&name, &coop, &link), UNDO_US),
        };
        self.write_letter(to, &subject, text, (now, Moment(now.0.saturating_add(until_us))))?;
        Ok(true)
    }

    /// Uses a link up with what the browser shows of itself. `me` is the member who is signed in there, which adding an address asks for.
    ///
    /// # Errors
    /// A fault.
    pub fn spend_link(
        &mut self,
        token: &str,
        shown: &Shown,
        me: Option<Pseudonym>,
        now: Moment,
    ) -> Result<Spent, Error> {
        let hash = code_hash(token);
        let member = self.found_by(&link_key(&hash))?;
        let Some(member) = member.filter(|member| self.coop.now.is_member(*member)) else { return Ok(Spent::Gone) };
        let mut ways = self.ways_in(member)?;
        let before: Vec<String> = ways.link_keys().collect();
        let Some(at) = ways.links.iter().position(|link| link.hash == hash && now.0 < link.until_us) else {
            return Ok(Spent::Gone);
        };
        let Some(link) = ways.links.get_mut(at) else { return Ok(Spent::Gone) };
        let is_right = match (shown, &link.purpose) {
            (_, Purpose::Undo(_)) => true,
            (_, Purpose::Add(_)) if me != Some(member) => false,
            (Shown::Browser(secret), _) => link.is_of(secret),
            (Shown::Digits(digits), _) => is_same(&link.digits, &digits_of(&hash, digits)),
            (Shown::Nothing, _) => false,
        };
        if !is_right {
            link.wrong = link.wrong.saturating_add(1);
            if link.wrong >= MOST_DIGITS {
                ways.links.remove(at);
            }
            self.put_links(member, &before, &ways)?;
            return Ok(Spent::Wrong);
        }
        let link = ways.links.remove(at);
        self.put_links(member, &before, &ways)?;
        if let Purpose::Add(typed) | Purpose::Undo(typed) = &link.purpose {
            let Some(address) = checked_address(typed) else { return Ok(Spent::Gone) };
            let since = ways.former.iter().find(|former| former.address == *typed).map(|former| former.added_us);
            match self.add_kind(member, Kind::Address(address), now)? {
                Ok(id) => self.date_back(member, &id, since)?,
                Err(why) => return Ok(Spent::No(why)),
            }
        } else {
            self.note_use(member, now)?;
        }
        Ok(Spent::Done(member, link.purpose))
    }

    /// Dates a way back to when it was added first.
    fn date_back(&mut self, member: Pseudonym, id: &str, since_us: Option<i64>) -> Result<(), Error> {
        let Some(since_us) = since_us else { return Ok(()) };
        let mut ways = self.ways_in(member)?;
        ways.ways.iter_mut().filter(|way| way.id == id).for_each(|way| way.added_us = since_us);
        self.put_ways(member, &ways)
    }

    /// Notes that somebody came in by an address.
    fn note_use(&mut self, member: Pseudonym, now: Moment) -> Result<(), Error> {
        let mut ways = self.ways_in(member)?;
        let addresses = ways.ways.iter_mut().filter(|way| matches!(way.kind, Kind::Address(_)));
        addresses.for_each(|way| way.used_us = Some(now.0));
        self.put_ways(member, &ways)
    }

    /// Keeps the links of a member, and the keys by which they find their member.
    fn put_links(&mut self, member: Pseudonym, before: &[String], ways: &Ways) -> Result<(), Error> {
        let after: Vec<String> = ways.link_keys().collect();
        for gone in before.iter().filter(|key| !after.contains(*key)) {
            self.delete(WAY_KEYS, code_hash(gone).as_bytes())?;
        }
        for new in after.iter().filter(|key| !before.contains(*key)) {
            self.put_json(WAY_KEYS, &code_hash(new), &member)?;
        }
        self.put_ways(member, ways)
    }

    /// After a change: tells the addresses that are there, and those that were within 30 days; and one that was removed can undo that.
    pub(super) fn tell_by_mail(
        &mut self,
        member: Pseudonym,
        removed: Option<Former>,
        now: Moment,
    ) -> Result<(), Error> {
        let mut ways = self.ways_in(member)?;
        let Some(change) = ways.changes.last().cloned() else { return Ok(()) };
        ways.former.retain(|former| now.0 < former.until_us);
        if let Some(former) = &removed {
            ways.former.retain(|one| one.address != former.address);
            ways.former.push(former.clone());
        }
        let own: Vec<String> = ways.addresses().map(str::to_owned).collect();
        ways.former.retain(|former| !own.contains(&former.address));
        if self.mail()?.is_none() {
            return if removed.is_some() { self.put_ways(member, &ways) } else { Ok(()) };
        }
        self.put_ways(member, &ways)?;
        let (coop, name) = self.names_for_letters(member);
        let text = words::mail::changed(&name, &coop, sentence(&change));
        let former = ways.former.iter().map(|former| former.address.clone());
        let removed = removed.map(|former| former.address);
        let all = own.into_iter().chain(former).filter(|to| Some(to) != removed.as_ref());
        let until = Moment(now.0.saturating_add(UNDO_US));
        for to in all.collect::<Vec<_>>() {
            self.write_letter(&to, &words::mail::changed_subject(&coop), text.clone(), (now, until))?;
        }
        match removed {
            Some(address) => {
                self.mail_link_to(member, &address, Purpose::Undo(address.clone()), ("", ""), now)?;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

fn sentence(change: &Change) -> String {
    let deed = match change.what {
        What::Added => words::way::Deed::Added,
        What::Removed => words::way::Deed::Removed,
        What::Used => words::way::Deed::Used,
        What::WentBack => words::way::Deed::WentBack,
        What::Ended => words::way::Deed::Ended,
    };
    words::way::changed(deed, &change.kind)
}
