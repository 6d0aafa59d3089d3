//! Deeds of holders: each is one act, handed in as the member. Whether they may, the engine says.

use engine::act::{AddToList, AdmitMember, BookEntry, CloseItem, OpenItem, Posting, RemoveFromList};
use engine::{Act, Actor, Pseudonym};
use host::{Error, Person, check_name};
use quantity::{CalendarUnit, Moment, Period, Reach, Zone};
use views::ItemCard;

use super::{HostDesk, down, pseudonym, tried};
use crate::desk::Deed;
use crate::invitation::write_with;
use crate::trouble::Trouble;

impl HostDesk {
    pub(super) fn do_deed(&self, me: &str, deed: &Deed) -> Result<(), Trouble> {
        let act = match deed {
            Deed::Admit { name, organisation } => return self.admit(me, name, *organisation),
            Deed::OpenItem { .. } => return self.open_item(me, deed),
            Deed::PutOnList { list, member } => {
                Act::AddToList(AddToList { list: list.clone(), member: chosen(member)? })
            }
            Deed::TakeOffList { list, member } => {
                Act::RemoveFromList(RemoveFromList { list: list.clone(), member: chosen(member)? })
            }
            Deed::CloseItem { ranking, item } => {
                Act::CloseItem(CloseItem { decision: ranking.clone(), item: item.clone() })
            }
            Deed::Spend { .. } => Act::BookEntry(self.expense(deed)?),
        };
        self.hand_in(me, &[act])
    }

    /// Admits somebody whom nothing in the register is known by. Their name stands beside the log.
    fn admit(&self, me: &str, name: &str, organisation: bool) -> Result<(), Trouble> {
        let who = pseudonym(me)?;
        // First of all, so that only who may admit learns by which names and addresses others are known. The pseudonym is one
        // that nobody has.
        let newcomer = Act::AdmitMember(AdmitMember { member: Pseudonym(0), organisation });
        self.see(Some(me), |sight, _| tried(sight, who, &[newcomer]).map(|_| ()))?;
        check_name(name).map_err(|why| Trouble::bad("name", why))?;
        let person = Person { name: name.to_owned(), organisation, ..Person::default() };
        let now = self.shared.now();
        let mut coop = self.shared.write();
        match coop.find_member(name) {
            Ok(None) => {}
            Ok(Some(_)) | Err(Error::Usage(_)) => {
                let words = format!("`{name}` is in the register already; if this is somebody else, add to the name");
                return Err(Trouble::bad("name", words));
            }
            Err(error) => return Err(down(error)),
        }
        write_with(&mut coop, |batch| batch.member_for(&person, Actor::Member(who), now))?;
        Ok(())
    }

    /// Opens an item, and keeps its title and link beside the log: both or neither.
    fn open_item(&self, me: &str, deed: &Deed) -> Result<(), Trouble> {
        let Deed::OpenItem { ranking, item, title, link } = deed else {
            return Err(Trouble::Absent);
        };
        let who = pseudonym(me)?;
        let act = Act::OpenItem(OpenItem { decision: ranking.clone(), item: item.clone() });
        let now = self.shared.now();
        let mut coop = self.shared.write();
        let known = coop.directory().item(ranking, item);
        let card = ItemCard {
            title: title.clone(),
            url: link.clone(),
            labels: known.map_or_else(Vec::new, |card| card.labels.clone()),
        };
        write_with(&mut coop, |batch| {
            batch.append(&act, Actor::Member(who), "", "", now)?;
            batch.put_item(ranking, item, &card)
        })
    }

    fn expense(&self, deed: &Deed) -> Result<BookEntry, Trouble> {
        let Deed::Spend { minor, from, to, narration, day, source } = deed else {
            return Err(Trouble::Absent);
        };
        let posting = |account: &String, minor| Posting { account: account.clone(), minor };
        self.see(None, |sight, _| {
            let kernel = &sight.state.rules.kernel;
            Ok(BookEntry {
                at: beginning(day, &kernel.zone)?,
                source: format!("page:{source}"),
                narration: narration.clone(),
                currency: kernel.currency.code().to_owned(),
                postings: vec![posting(from, minor.saturating_neg()), posting(to, *minor)],
            })
        })
    }
}

fn chosen(member: &str) -> Result<Pseudonym, Trouble> {
    let unknown = |_| Trouble::bad("member", "choose a member of the register");
    member.parse().map_err(unknown)
}

/// The moment when a day begins in the zone.
fn beginning(day: &str, zone: &Zone) -> Result<Moment, Trouble> {
    let end = Moment::parse_at_end_of_day(day, zone).map_err(|why| Trouble::bad("day", why))?;
    let (reach, unit) = (Reach::This, CalendarUnit::Day);
    Ok(Period { reach, unit }.bounds(end, zone).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_the_zone() {
        let zone = Zone::named("Pacific/Auckland").expect("a zone");
        let began = beginning("2025-01-02", &zone).expect("a day");
        assert_eq!(began.to_string(), "2025-01-01T11:00:00Z");
    }
}
