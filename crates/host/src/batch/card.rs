//! Cards of items: title, link and labels, kept beside the log, and bound by the entry that opens or closes the item.

use engine::act::Act;
use engine::{Actor, Edition};
use quantity::Moment;
use rochdale_log::commitment;
use views::ItemCard;

use super::{Accepted, Batch};
use crate::error::Error;
use crate::founding::random_key;
use crate::records::{CARD, opening_of_card};

impl Batch<'_> {
    /// As [`Batch::append`], for an act that opens or closes an item, with what is shown of it: the entry binds the card, and both
    /// are kept, or neither. An act on something else keeps no card.
    ///
    /// # Errors
    /// As [`Batch::append`].
    pub fn append_item(&mut self, act: &Act, card: &ItemCard, actor: Actor, time: Moment) -> Result<Accepted, Error> {
        self.append_card(act, card, actor, ("", ""), time)
    }

    /// As [`Batch::append_item`], with a key and a nonce.
    pub(super) fn append_card(
        &mut self,
        act: &Act,
        card: &ItemCard,
        actor: Actor,
        handed_in: (&str, &str),
        time: Moment,
    ) -> Result<Accepted, Error> {
        let (decision, item) = match act {
            Act::OpenItem(open) => (&open.decision, &open.item),
            Act::CloseItem(close) => (&close.decision, &close.item),
            Act::BringItem(bring) => (&bring.decision, &bring.item),
            _ => return self.append_bound(act, actor, handed_in, time, &[]),
        };
        let json = serde_json::to_vec(card).map_err(|error| Error::Usage(error.to_string()))?;
        let key = random_key()?;
        let accepted = self.append_bound(act, actor, handed_in, time, &[(CARD, commitment(&key, CARD, &json))])?;
        self.put("opening", opening_of_card(decision, item).as_bytes(), &key)?;
        self.delete("retitled", format!("{decision}/{item}").as_bytes())?;
        self.keep_card("item", decision, item, &ItemCard { bound: true, ..card.clone() })?;
        Ok(accepted)
    }

    /// Keeps what is shown of an item beside the log. No entry binds it: [`Batch::append_item`] does that.
    ///
    /// # Errors
    /// A fault.
    pub fn put_item(&mut self, decision: &str, item: &str, card: &ItemCard) -> Result<(), Error> {
        let (coop, opening) = (&mut *self.coop, opening_of_card(decision, item));
        // A card that an entry binds stays as it is, beside the newer one. From edition 2 on only such cards are in `item`: an item
        // that was opened by its number alone gets its title here.
        let beside = coop.now.state.founding.act.edition >= Edition::TWO
            || coop.store.get(&coop.now.id, "opening", opening.as_bytes())?.is_some();
        self.keep_card(
            if beside { "retitled" } else { "item" },
            decision,
            item,
            &ItemCard { bound: false, ..card.clone() },
        )
    }

    fn keep_card(&mut self, space: &str, decision: &str, item: &str, card: &ItemCard) -> Result<(), Error> {
        let json = serde_json::to_vec(card).map_err(|error| Error::Usage(error.to_string()))?;
        self.put(space, format!("{decision}/{item}").as_bytes(), &json)?;
        self.coop.now.directory.note_item(decision, item, card.clone());
        Ok(())
    }
}
