//! Who is meant by a record. In the co-op's own files a doubt stops the import, and every line in doubt is reported; records
//! from elsewhere are kept apart where they only share a name with a member.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use bridges::{By, Fact, Identity, What};
use engine::Pseudonym;
use quantity::Moment;

use super::{Named, NotTaken, OffList, Taken, admitting, person_of};
use crate::batch::Batch;
use crate::directory::{Evidence, Origin, Person, fold};
use crate::error::Error;

/// The most lines in doubt that are reported.
const SHOWN: usize = 20;
/// The most answers that are remembered.
const REMEMBERED: usize = 100_000;

/// Whether a row may name somebody whom nobody knows yet, where that is more likely a slip of the pen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newcomers {
    /// Dues of somebody who is in no register, or a name in the register with an address that is new, are mistakes.
    #[default]
    Doubted,
    /// They are new members.
    Welcome,
}

/// The people that the co-op's own files of one import name.
#[derive(Default)]
struct Register {
    /// Everybody whom a register of this import names, folded.
    names: BTreeSet<String>,
    emails: BTreeSet<String>,
}

/// Checks whom the co-op's own files mean, before anything of them is taken.
pub(super) fn check(batch: &mut Batch<'_>, sources: &mut [Named], newcomers: Newcomers) -> Result<(), NotTaken> {
    // Without members there is nobody to mistake anybody for; a number means somebody of the register all the same.
    let newcomers = if batch.state().members.is_empty() { Newcomers::Welcome } else { newcomers };
    if newcomers == Newcomers::Welcome && !batch.keeps_places_apart() && batch.state().members.is_empty() {
        return Ok(());
    }
    let mut register = Register::default();
    each_own(sources, &mut |_, fact| {
        if let What::Member { person, .. } = &fact.what {
            register.names.insert(fold(&person.name));
            register.names.extend(person.handle.iter().map(|handle| fold(handle)));
            register.emails.extend(person.emails.iter().map(|email| fold(email)));
        }
        Ok(())
    })?;
    let mut doubts = Doubts { batch, register, newcomers, found: Vec::new(), more: 0, seen: BTreeMap::new() };
    each_own(sources, &mut |file, fact| doubts.look(file, &fact).map_err(|why| NotTaken::Failed(Box::new(why))))?;
    doubts.answer()
}

/// Hands out the facts of files that the co-op wrote itself.
fn each_own(sources: &mut [Named], each: &mut dyn FnMut(&str, Fact) -> Result<(), NotTaken>) -> Result<(), NotTaken> {
    for Named { name, source } in sources.iter_mut().filter(|named| named.source.written_by() == By::Coop) {
        let mut failed = None;
        source.facts(&mut |fact| match each(name, fact) {
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                failed = Some(why);
                ControlFlow::Break(())
            }
        })?;
        if let Some(why) = failed {
            return Err(why);
        }
    }
    Ok(())
}

struct Doubts<'a, 'b> {
    batch: &'a mut Batch<'b>,
    register: Register,
    newcomers: Newcomers,
    found: Vec<String>,
    more: u64,
    /// The answer for each text that was looked up.
    seen: BTreeMap<String, Option<String>>,
}

impl Doubts<'_, '_> {
    fn look(&mut self, file: &str, fact: &Fact) -> Result<(), Error> {
        let doubt = match &fact.what {
            What::Support { person, kind, .. } => {
                let text = fold(&person.name);
                let key = format!("{kind}:{text}");
                match self.seen.get(&key) {
                    Some(doubt) => doubt.clone(),
                    None => {
                        let doubt = self.of_payer(person, kind)?;
                        if self.seen.len() == REMEMBERED {
                            self.seen.clear();
                        }
                        self.seen.insert(key, doubt.clone());
                        doubt
                    }
                }
            }
            What::Member { person, .. } => self.of_row(person)?,
            _ => None,
        };
        if let Some(why) = doubt {
            if self.found.len() < SHOWN {
                self.found.push(format!("{file}:{}:{}: {why}", fact.place.line, fact.place.column));
            } else {
                self.more += 1;
            }
        }
        Ok(())
    }

    /// A text in a table of support: a name, an address, a handle or a pseudonym.
    fn of_payer(&mut self, person: &Identity, kind: &str) -> Result<Option<String>, Error> {
        let known = match self.batch.find_in_table(&person.name) {
            Ok(known) => known,
            Err(Error::Usage(why)) => return Ok(Some(why)),
            Err(why) => return Err(why),
        };
        let text = fold(&person.name);
        let number = format!("#{}", text.trim_start_matches('#'));
        let names = &self.register.names;
        let in_file = names.contains(&text) || names.contains(&number) || self.register.emails.contains(&text);
        if known.is_none() && !in_file && is_number(&person.name) && self.batch.keeps_places_apart() {
            return Ok(Some(format!(
                "nobody in the register has the number `{}` (bring the register first)",
                person.name
            )));
        }
        let is_strange = known.is_none() && !in_file && kind == "dues";
        if !is_strange || self.newcomers == Newcomers::Welcome {
            return Ok(None);
        }
        // A walk along everybody: only for those that are shown.
        let near = if self.found.len() < SHOWN { self.batch.nearest_name(&person.name)? } else { None };
        let near = near.map(|name| format!("; the nearest name is `{name}`")).unwrap_or_default();
        Ok(Some(format!(
            "nobody in the register is called `{}`{near} (correct it, bring the register first, or say `--new-members`)",
            person.name
        )))
    }

    /// A row of the register with a new address under a member's name: the same person who moved, or another one.
    fn of_row(&mut self, person: &Identity) -> Result<Option<String>, Error> {
        if person.emails.is_empty() || self.newcomers == Newcomers::Welcome {
            return Ok(None);
        }
        let own = person_of(person, false, Origin::Coop);
        if self.batch.known(&own)?.is_some() {
            return Ok(None);
        }
        if let Some(other) = self.batch.known_by_keys(&own)?
            && own.handle.is_none()
        {
            let name = self.batch.name_of(other);
            return Ok(Some(format!(
                "`{name}` is a member with this address and another name (the same person: give both a column `number`; somebody else who has it too: say `--new-members`)"
            )));
        }
        let Some(namesake) = self.batch.known_by_name(&person.name)? else { return Ok(None) };
        let profile = self.batch.profile(namesake)?.unwrap_or_default();
        let is_listed = profile.emails.iter().any(|email| self.register.emails.contains(email));
        if profile.emails.is_empty() || is_listed {
            return Ok(None);
        }
        Ok(Some(format!(
            "somebody called `{}` is a member with another address (the same person: write that address in a column `formerly`; somebody else: give both a row, or say `--new-members`)",
            person.name
        )))
    }

    fn answer(mut self) -> Result<(), NotTaken> {
        if self.found.is_empty() {
            return Ok(());
        }
        if self.more > 0 {
            self.found.push(format!("and {} more", self.more));
        }
        Err(NotTaken::Unclear(self.found))
    }
}

/// Whether a text in a table is a member's number, and no name.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
}

/// Returns by what a person is known here, where that is still to be noted. It is asked before they are met.
pub(super) fn evidence(batch: &mut Batch<'_>, person: &Person, taken: &mut Taken) -> Result<Option<Evidence>, Error> {
    if taken.is_first_met(person) { batch.evidence(person) } else { Ok(None) }
}

/// Returns the member whom a record of support means; a newcomer is admitted.
pub(super) fn member_for(
    batch: &mut Batch<'_>,
    person: &Person,
    by: By,
    at: Moment,
    taken: &mut Taken,
) -> Result<Pseudonym, Error> {
    let before = batch.state().members.len();
    let met = match by {
        // A table's text may be anything that people call a member.
        By::Coop => Person {
            name: person.name.clone(),
            emails: vec![person.name.clone()],
            handle: Some(person.name.clone()),
            ..Person::default()
        },
        By::Outside | By::Author => person.clone(),
    };
    let evidence = evidence(batch, &met, taken)?;
    let member = found(batch, person, by, at, taken)?;
    if batch.state().members.len() == before {
        evidence.into_iter().for_each(|evidence| taken.note_joined(evidence));
    }
    Ok(member)
}

fn found(batch: &mut Batch<'_>, person: &Person, by: By, at: Moment, taken: &mut Taken) -> Result<Pseudonym, Error> {
    if by == By::Coop {
        return match batch.find_in_table(&person.name)? {
            Some(member) => Ok(member),
            // The row of the register that comes later in the same import has the number, and the name.
            None if is_number(&person.name) && batch.keeps_places_apart() => {
                let number = format!("#{}", person.name.trim_start_matches('#'));
                let person = Person { name: number.clone(), handle: Some(number), ..Person::default() };
                batch.member_for(&person, admitting(batch, at), at)
            }
            None => batch.member_for(person, admitting(batch, at), at),
        };
    }
    if person.origin != Origin::Coop {
        let before = batch.state().members.len();
        let member = batch.member_for(person, admitting(batch, at), at)?;
        if batch.state().members.len() > before && batch.shares_name(member, &person.name)? {
            taken.keep_apart(member, person.handle.as_ref().or(person.emails.first()).cloned());
        }
        return Ok(member);
    }
    // Givers and authors choose the name that the record shows, so that it joins nobody who has another id there.
    let has_id =
        !person.emails.is_empty() || person.handle.as_deref().is_some_and(|own| fold(own) != fold(&person.name));
    if !has_id || batch.known_by_keys(person)?.is_some() {
        return batch.member_for(person, admitting(batch, at), at);
    }
    if batch.known_by_name(&person.name)?.is_none() {
        return batch.member_for(person, admitting(batch, at), at);
    }
    let newcomer = batch.newcomer(person, admitting(batch, at), at)?;
    taken.keep_apart(newcomer, person.handle.as_ref().or(person.emails.first()).cloned());
    Ok(newcomer)
}

/// Says who is on a list that the registers of this import name and, by them, is not on it.
pub(super) fn off_lists(batch: &mut Batch<'_>, sources: &mut [Named]) -> Result<Vec<OffList>, NotTaken> {
    let failed = |why| NotTaken::Failed(Box::new(why));
    let mut named: BTreeMap<String, BTreeSet<Pseudonym>> = BTreeMap::new();
    each_own(sources, &mut |_, fact| {
        if let What::Member { person, lists, .. } = &fact.what
            && !lists.is_empty()
        {
            let person = person_of(person, false, Origin::Coop);
            let known = batch.known_by_keys(&person).map_err(failed)?;
            let member = match known {
                Some(member) => Some(member),
                None => batch.known_by_name(&person.name).map_err(failed)?,
            };
            for list in lists {
                named.entry(list.clone()).or_default().extend(member.map(|member| batch.state().holder(member)));
            }
        }
        Ok(())
    })?;
    let mut off_lists = Vec::new();
    for (list, named) in named {
        let members = &batch.state().members;
        let on = members.list(&list).into_iter().flatten();
        let off: Vec<Pseudonym> =
            on.filter_map(|index| members.pseudonym(*index)).filter(|member| !named.contains(member)).collect();
        if !off.is_empty() {
            let count = off.len() as u64;
            off_lists.push(OffList { list, count, first: off.into_iter().take(SHOWN).collect() });
        }
    }
    Ok(off_lists)
}
