//! Outcomes become tasks, in the transaction of the entry that they belong to. Outcomes that a bridge brought in go nowhere: the forge
//! knows them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bridges::place_of_page;
use engine::act::Act;
use engine::{Actor, Outcome};
use quantity::Moment;

use super::{
    Call, ENDED, LAST, MOST_CLOSED_AT_ONCE, MOST_SAID_AT_ONCE, MOST_WAITING, OUTBOX, OUTLET, Outlet, SAID, Said,
    Standing, Task, all, one, text,
};
use crate::batch::Batch;
use crate::bridge::Bridge;
use crate::error::Error;

const DAY_US: i64 = 86_400_000_000;

/// A bridge by which something goes out.
struct Way {
    id: String,
    place: String,
    list: String,
    outlet: Outlet,
}

impl Batch<'_> {
    /// Queues the calls that an update causes: issues whose items support has closed, and words on support that has changed.
    pub(crate) fn queue_update(&mut self, outcomes: &[Outcome], moment: Moment) -> Result<(), Error> {
        let ways = self.ways(moment)?;
        if ways.is_empty() {
            return Ok(());
        }
        let closed: Vec<(&str, &str)> = closed(outcomes).collect();
        let mut held: BTreeMap<String, usize> = BTreeMap::new();
        for (decision, item) in &closed {
            if let Some(way) = self.way_of(&ways, decision, item) {
                *held.entry(way.0.id.clone()).or_default() += 1;
            }
        }
        for (decision, item) in closed {
            let Some((way, issue)) = self.way_of(&ways, decision, item).filter(|(way, _)| way.outlet.close) else {
                continue;
            };
            let before = self.votes_before(decision, item);
            let state = &self.coop.now.state;
            let Some(ranking) = state.decision(decision) else { continue };
            let words = text::closed_by_support(state, ranking, before);
            let many = held.get(&way.id).is_some_and(|count| *count > MOST_CLOSED_AT_ONCE);
            let standing = if many { Standing::Held } else { Standing::Waiting };
            self.queue_task(way, (decision, item, issue), Call::Close, (words, None), standing, moment)?;
        }
        for way in ways.iter().filter(|way| way.outlet.comment || way.outlet.label) {
            self.queue_support(way, moment)?;
        }
        Ok(())
    }

    /// Queues the calls that an act causes: an item that somebody closed or opened.
    pub(crate) fn queue_act(&mut self, act: &Act, outcomes: &[Outcome], actor: Actor, at: Moment) -> Result<(), Error> {
        let opened = match act {
            Act::OpenItem(open) => Some((open.decision.clone(), open.item.clone())),
            _ => None,
        };
        let agreed =
            outcomes.iter().any(|outcome| matches!(outcome, Outcome::ActDone(done) if done.kind == "open_item"));
        let closes = closed(outcomes).next().is_some();
        if actor == Actor::Bridge || (opened.is_none() && !agreed && !closes) {
            return Ok(());
        }
        let ways = self.ways(at)?;
        if ways.is_empty() {
            return Ok(());
        }
        for (decision, item) in closed(outcomes) {
            let Some((way, issue)) = self.way_of(&ways, decision, item).filter(|(way, _)| way.outlet.close) else {
                continue;
            };
            let before = self.votes_before(decision, item);
            let words = text::closed_by_power(&self.coop.now.state.rules.kernel.name, before);
            self.queue_task(way, (decision, item, issue), Call::Close, (words, None), Standing::Waiting, at)?;
        }
        let mut again: Vec<(String, String)> = opened.into_iter().collect();
        if agreed {
            // The outcome of an agreement does not name the item.
            let open = self.coop.now.state.open_decisions().map(|(_, decision)| decision);
            let fresh = open.flat_map(|decision| {
                let items = decision.items().filter(|item| item.opened_at == at && item.closed_at.is_none());
                items.map(|item| (decision.name.clone(), item.id.to_string()))
            });
            again.extend(fresh);
        }
        for (decision, item) in again {
            let Some((way, issue)) = self.way_of(&ways, &decision, &item).filter(|(way, _)| way.outlet.close) else {
                continue;
            };
            let words = text::opened(&self.coop.now.state.rules.kernel.name);
            self.queue_task(way, (&decision, &item, issue), Call::Reopen, (words, None), Standing::Waiting, at)?;
        }
        Ok(())
    }

    /// The bridges by which something goes out of what came about at `moment`.
    fn ways(&mut self, moment: Moment) -> Result<Vec<Way>, Error> {
        let (store, id) = (&mut *self.coop.store, &self.coop.now.id);
        let outlets: Vec<(String, Outlet)> = all(store, id, OUTLET)?;
        let mut ways = Vec::new();
        for (bridge, outlet) in outlets {
            // Imported records bring old updates with them: those were carried out by people, long ago.
            if !outlet.is_on() || moment.0 < outlet.since_us {
                continue;
            }
            let Some(known) = one::<Bridge>(store, id, crate::bridge::BRIDGES, &bridge)? else { continue };
            let Some(list) = known.settings.list.clone() else { continue };
            ways.push(Way { id: bridge, place: known.place(), list, outlet });
        }
        Ok(ways)
    }

    /// The bridge and the issue of an item, where it came by one: its id names the place, or its page does, or only one bridge fills
    /// its ranking.
    fn way_of<'a>(&self, ways: &'a [Way], decision: &str, item: &str) -> Option<(&'a Way, u64)> {
        let ranking = self.coop.now.state.decision(decision)?;
        let list = ranking.items_of()?;
        let mut fitting = ways.iter().filter(|way| way.list == list);
        if let Some((place, number)) = item.split_once('#') {
            return fitting.find(|way| way.place == place).zip(number.parse().ok());
        }
        let number = item.parse().ok()?;
        let card = self.item(decision, item);
        let page = card.and_then(|card| card.url.as_deref()).and_then(place_of_page);
        match page {
            Some(place) => fitting.find(|way| way.place == place).map(|way| (way, number)),
            None => match (fitting.next(), fitting.next()) {
                (Some(way), None) => Some((way, number)),
                _ => None,
            },
        }
    }

    /// The votes that an item had at the last update that is on storage.
    fn votes_before(&self, decision: &str, item: &str) -> i128 {
        let known = self.coop.committed.state.decision(decision).and_then(|ranking| ranking.item(item));
        known.map_or(0, |item| item.total)
    }

    /// Queues the words on the support of issues for which they have changed, the highest places first.
    fn queue_support(&mut self, way: &Way, moment: Moment) -> Result<(), Error> {
        let wanted = self.support_of(way);
        let (store, id) = (&mut *self.coop.store, &self.coop.now.id);
        let mut said: BTreeMap<String, Said> = BTreeMap::new();
        store.scan(id, SAID, &mut |name, json| {
            let known = String::from_utf8_lossy(name).into_owned();
            said.extend(serde_json::from_slice(json).ok().map(|value| (known, value)));
            ControlFlow::Continue(())
        })?;
        let pause = i64::from(way.outlet.every_days).saturating_mul(DAY_US);
        let mut queued = 0;
        for (decision, item, issue, words, label) in wanted {
            if queued >= MOST_SAID_AT_ONCE {
                break;
            }
            let name = format!("{}/{issue}", way.id);
            let before = said.get(&name);
            let same = before.is_some_and(|before| before.words == words && before.label == label);
            let early = before.is_some_and(|before| moment.0.saturating_sub(before.at_us) < pause);
            // An issue that nobody ever supported is left in peace.
            if same || early || (before.is_none() && label.is_none()) {
                continue;
            }
            let now = Said { at_us: moment.0, words: words.clone(), label: label.clone() };
            let json = serde_json::to_vec(&now).map_err(|why| Error::Usage(why.to_string()))?;
            self.put(SAID, name.as_bytes(), &json)?;
            let label = label.filter(|_| way.outlet.label);
            let words = if way.outlet.comment { words } else { String::new() };
            self.queue_task(way, (&decision, &item, issue), Call::Support, (words, label), Standing::Waiting, moment)?;
            queued += 1;
        }
        Ok(())
    }

    /// The words and labels of all open items that came by a bridge, the highest places first.
    fn support_of(&self, way: &Way) -> Vec<(String, String, u64, String, Option<String>)> {
        let state = &self.coop.now.state;
        let mut wanted = Vec::new();
        for (_, decision) in state.open_decisions().filter(|(_, decision)| decision.items_of() == Some(&*way.list)) {
            let order = decision.item_order();
            let of = order.len();
            for (at, place) in order.into_iter().enumerate() {
                let Some(item) = decision.item_at(place) else { continue };
                let own = self.way_of(std::slice::from_ref(way), &decision.name, &item.id);
                let Some((_, issue)) = own else { continue };
                let (words, label) = text::support(item, at + 1, of, &state.rules.kernel.name);
                wanted.push((decision.name.clone(), item.id.to_string(), issue, words, label));
            }
        }
        wanted
    }

    /// Queues one task. One that waits for the same issue and is turned around, or said anew, by this one is dropped.
    fn queue_task(
        &mut self,
        way: &Way,
        (decision, item, issue): (&str, &str, u64),
        call: Call,
        (words, label): (String, Option<String>),
        standing: Standing,
        at: Moment,
    ) -> Result<(), Error> {
        let (store, id) = (&mut *self.coop.store, &self.coop.now.id);
        let waiting: Vec<(String, Task)> = all(store, id, OUTBOX)?;
        let last = store.get(id, ENDED, LAST)?.and_then(|text| String::from_utf8(text).ok()?.parse::<u64>().ok());
        let number = last.unwrap_or(0) + 1;
        let full = waiting.len() >= MOST_WAITING;
        if full && call == Call::Support {
            return Ok(());
        }
        for (_, mut old) in waiting {
            let same = (old.bridge.as_str(), old.issue) == (way.id.as_str(), issue);
            if same && (old.call == Call::Support) == (call == Call::Support) {
                (old.standing, old.why) = (Standing::Dropped, Some(words::outbox::REPLACED.to_owned()));
                self.end_task(&mut old, at)?;
            }
        }
        let mut task = Task {
            number,
            bridge: way.id.clone(),
            decision: decision.to_owned(),
            item: item.to_owned(),
            issue,
            call,
            words,
            label,
            entry: self.coop.now.head.seq,
            made_us: at.0,
            tries: 0,
            next_us: at.0,
            standing,
            why: (standing == Standing::Held).then(|| words::outbox::HELD.to_owned()),
            ended_us: None,
        };
        self.put(ENDED, LAST, number.to_string().as_bytes())?;
        if full {
            (task.standing, task.why) = (Standing::Failed, Some(words::outbox::TOO_MANY.to_owned()));
            return self.end_task(&mut task, at);
        }
        self.put_task(&task)
    }
}

fn closed(outcomes: &[Outcome]) -> impl Iterator<Item = (&str, &str)> {
    outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::ItemClosed { decision, item, .. } => Some((decision.as_str(), item.as_str())),
        _ => None,
    })
}
