//! Outcomes reach the double once each, in every dialect, whatever becomes of calls and answers; and nothing else reaches it.

mod year;

use std::sync::Arc;

use bridges::forge::{Dialect, Reach};
use engine::act::{Act, AddToList, AdmitMember, CastBallot, CloseItem, OpenItem};
use forge_double::{Dialect as Spoken, Fault, Happening, Kind, Number, Rng, Server, World};
use views::ItemCard;

use super::carry::look;
use super::*;
use crate::bridge::{Bridge, BridgeSettings, Cursors, Heard, Running, Vault, fresh};
use crate::coop::tests::{KERNEL, at};
use crate::inbox::Bringer;
use crate::{Charter, Coop, ServerClock, Shared};

const CONSTITUTION: &str = r#"```charter
ranking "issues" of="forge" { close-after "90 days" floor="0.5 votes" }
```
"#;
const ALL: [(Dialect, Spoken); 3] =
    [(Dialect::Github, Spoken::GitHub), (Dialect::Gitea, Spoken::Gitea), (Dialect::Gitlab, Spoken::GitLab)];
const BOT: &str = "rochdale-bot";

/// A co-op with a bridge to the double, and as many issues there and items here.
struct House {
    coop: Arc<Shared>,
    vault: Vault,
    id: String,
    forge: Server,
    now: Moment,
    _folder: tempfile::TempDir,
}

/// A bridge to the double's first repository.
fn bridge_to(forge: &Server, dialect: Dialect, vault: &Vault, id: &str, now: Moment) -> Bridge {
    let mut settings =
        BridgeSettings::of(&format!("{}/coop-001/tool", forge.url()), Some(dialect.into()), Reach::Loopback).unwrap();
    settings.list = Some("forge".to_owned());
    Bridge {
        settings,
        state: Running::Going,
        by: Bringer::default(),
        made_us: now.0,
        token: Some(vault.sealed(id, "token", "forge-token").unwrap()),
        secret: vault.sealed(id, "secret", "secret").unwrap(),
        secret_before: None,
        cursors: Cursors::default(),
        asks: std::collections::BTreeMap::new(),
        heard: Heard::default(),
    }
}

impl House {
    fn new(dialect: (Dialect, Spoken), issues: u64, sends: (bool, bool, bool)) -> House {
        House::under(dialect, issues, sends, CONSTITUTION)
    }

    fn under(
        (dialect, spoken): (Dialect, Spoken),
        issues: u64,
        sends: (bool, bool, bool),
        constitution: &str,
    ) -> House {
        let now = at("2026-01-05T12:00:00Z");
        let charter = Charter::read(KERNEL.to_owned(), constitution.to_owned()).unwrap();
        let coop = Coop::in_memory(charter, false, now).unwrap();
        let coop = Arc::new(Shared::new(coop, ServerClock::From { log: now, machine: crate::clock::now() }));
        let mut world = World::new(spoken);
        world.now = now.0 / 1_000_000;
        world.repository("coop-001", "tool");
        for number in 1..=issues {
            world.open_issue(0, "member-001", &format!("Issue {number}"), "It leaks.");
        }
        let forge = Server::start(world).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (vault, (id, _)) = (Vault::of(folder.path(), coop.read().id()), fresh().unwrap());
        let bridge = bridge_to(&forge, dialect, &vault, &id, now);
        let made = id.clone();
        coop.write(move |batch| {
            batch.make_bridge(&made, &bridge)?;
            batch.choose_outlet(&made, sends, 7, None, now)?;
            for number in 1..=issues {
                let (decision, item) = ("issues".to_owned(), number.to_string());
                let card = ItemCard { title: format!("Issue {number}"), ..ItemCard::default() };
                batch.append_item(
                    &Act::OpenItem(OpenItem { decision, item, amount: None }),
                    &card,
                    engine::Actor::Bridge,
                    now,
                )?;
            }
            Ok::<(), NoBridge>(())
        })
        .unwrap();
        House { coop, vault, id, forge, now, _folder: folder }
    }

    /// Lets so many days pass, on both sides; updates run.
    fn pass(&mut self, days: i64) {
        self.now = Moment(self.now.0 + days * 86_400_000_000);
        let now = self.now;
        self.forge.world().now = now.0 / 1_000_000;
        self.coop.write(move |batch| batch.run_until(now, now)).unwrap();
    }

    fn act(&self, act: Act, actor: engine::Actor) {
        let now = self.now;
        self.coop.write(move |batch| batch.append(&act, actor, "", "", now)).unwrap();
    }

    fn item(&self, number: u64, open: bool, actor: engine::Actor) {
        let (decision, item) = ("issues".to_owned(), number.to_string());
        match open {
            true => self.act(Act::OpenItem(OpenItem { decision, item, amount: None }), actor),
            false => self.act(Act::CloseItem(CloseItem { decision, item }), actor),
        }
    }

    fn support(&self, member: u64, item: u64, share_ppm: u32) {
        self.votes(member, item, share_ppm).unwrap();
    }

    fn votes(&self, member: u64, item: u64, share_ppm: u32) -> Result<(), Error> {
        let ballot = CastBallot {
            member: Pseudonym(member),
            decision: "issues".to_owned(),
            item: Some(item.to_string()),
            share_ppm,
            scores: None,
            against: false,
        };
        let (act, now) = (Act::CastBallot(ballot), self.now);
        let actor = engine::Actor::Member(Pseudonym(member));
        self.coop.write(move |batch| batch.append(&act, actor, "", "", now).map(|_| ()))
    }

    fn member(&self, member: u64) {
        let member = Pseudonym(member);
        self.act(
            Act::AdmitMember(AdmitMember {
                member,
                organisation: false,
                founder: false,
                joined_on: None,
                left_on: None,
            }),
            engine::Actor::Operator,
        );
        self.act(Act::AddToList(AddToList { list: "member-list".to_owned(), member }), engine::Actor::Operator);
    }

    /// Looks until nothing waits but what is held, an hour apart.
    fn carry(&mut self) {
        for _ in 0..200 {
            look(&self.coop, &self.vault, self.now).unwrap();
            if self.waiting().iter().all(|task| task.standing == Standing::Held) {
                return;
            }
            self.now = Moment(self.now.0 + 3_600_000_000);
            self.forge.world().now = self.now.0 / 1_000_000;
        }
        panic!("still waiting: {:?}", self.waiting());
    }

    fn waiting(&self) -> Vec<Task> {
        self.coop.read().outbox().unwrap()
    }

    fn ended(&self) -> Vec<Task> {
        self.coop.read().outbox_ended().unwrap()
    }

    /// How often the bot closed and opened an issue, and its comments on it.
    fn done_there(&self, number: u64) -> (usize, usize, Vec<String>) {
        let world = self.forge.world();
        let place = Number { repository: 0, kind: Kind::Issue, number };
        let own = world.repositories[0].events.iter().filter(|event| event.at == place && event.actor == BOT);
        let closed = own.clone().filter(|event| matches!(event.what, Happening::Closed(_))).count();
        let opened = own.filter(|event| event.what == Happening::Reopened).count();
        let comments = world.issue(place).unwrap().comments.iter().filter(|comment| comment.author == BOT);
        (closed, opened, comments.map(|comment| comment.body.clone()).collect())
    }
}

#[test]
fn outcomes_are_carried_out_once_whatever_becomes_of_answers() {
    for (seed, dialect) in (1..).zip(ALL) {
        let mut house = House::new(dialect, 8, (true, false, false));
        house.forge.world().chance = Some((Rng::new(seed), 300));
        house.pass(100);
        assert_eq!(house.waiting().len(), 8, "an update closed them");
        assert!(house.waiting().iter().all(|task| task.entry > 1 && task.tries == 0));
        house.carry();
        for number in 1..=8 {
            let (closed, opened, comments) = house.done_there(number);
            assert_eq!((closed, opened, comments.len()), (1, 0, 1), "{dialect:?} {number}: {comments:?}");
            assert!(comments[0].contains("its votes were not above 0.5") && comments[0].contains("<!-- rochdale:"));
        }
        for number in 1..=8 {
            house.item(number, true, engine::Actor::Operator);
        }
        house.carry();
        for number in 1..=8 {
            let (closed, opened, comments) = house.done_there(number);
            assert_eq!((closed, opened, comments.len()), (1, 1, 2), "{dialect:?} {number}: {comments:?}");
        }
        assert!(house.ended().iter().all(|task| task.standing == Standing::Done), "{:?}", house.ended());
        let faults = house.forge.world().calls.iter().filter(|(_, _, status)| *status >= 400).count();
        assert!(faults > 3, "the double was no trouble");
    }
}

#[test]
fn somebody_at_the_forge_has_the_last_word() {
    for dialect in ALL {
        let mut house = House::new(dialect, 2, (true, false, false));
        house.item(1, false, engine::Actor::Operator);
        let first = |fault| forge_double::Demand { fault, times: 1, method: "write".to_owned(), path: String::new() };
        // The comment comes through, and the closing, whose answer is lost; then somebody there opens the issue again.
        house.forge.world().demands.push(forge_double::Demand { times: 1, ..first(Fault::Slow(1)) });
        house.forge.world().demands.push(first(Fault::LostAnswer));
        look(&house.coop, &house.vault, house.now).unwrap();
        assert_eq!(house.waiting()[0].tries, 1, "{dialect:?}: {:?}", house.waiting());
        let place = Number { repository: 0, kind: Kind::Issue, number: 1 };
        house.forge.world().reopen(place, "member-002");
        house.carry();
        assert_eq!(house.done_there(1).0, 1, "{dialect:?}");
        assert!(house.forge.world().issue(place).unwrap().open, "{dialect:?}: it stays open");
        assert_eq!(house.ended()[0].why.as_deref(), Some(words::outbox::TURNED_SINCE));
        // Of one that is closed there already nothing is said.
        house.forge.world().close(Number { number: 2, ..place }, "member-002", None);
        house.item(2, false, engine::Actor::Operator);
        house.carry();
        assert_eq!(house.done_there(2), (0, 0, Vec::new()));
        assert_eq!(house.ended()[0].why.as_deref(), Some(words::outbox::CLOSED_THERE));
    }
}

#[test]
fn outcomes_that_a_bridge_brought_go_nowhere() {
    let mut house = House::new(ALL[0], 3, (true, true, true));
    house.item(1, false, engine::Actor::Bridge);
    house.item(1, true, engine::Actor::Bridge);
    assert!(house.waiting().is_empty());
    // Closed and opened again here before anything went out: both are needless.
    house.item(2, false, engine::Actor::Operator);
    house.item(2, true, engine::Actor::Operator);
    house.carry();
    assert_eq!(house.done_there(2), (0, 0, Vec::new()));
    // Outcomes from before somebody chose are not carried out: an import replays years.
    let id = house.id.clone();
    let later = Moment(house.now.0 + 400 * 86_400_000_000);
    house
        .coop
        .write(move |batch| {
            let outlet = Outlet { since_us: later.0, ..batch.outlet(&id)?.unwrap() };
            batch.put_outlet(&id, &outlet)
        })
        .unwrap();
    house.pass(100);
    assert!(house.waiting().is_empty(), "{:?}", house.waiting());
}

#[test]
fn an_update_that_closes_many_asks_first() {
    let many = MOST_CLOSED_AT_ONCE as u64 + 1;
    let mut house = House::new(ALL[1], many, (true, false, false));
    house.pass(100);
    house.carry();
    assert_eq!(house.waiting().len() as u64, many);
    assert!(house.forge.world().repositories[0].issues.iter().all(|issue| issue.open), "nobody said go");
    let now = house.now;
    assert_eq!(house.coop.write(move |batch| batch.let_all_go(now)).unwrap() as u64, many);
    house.carry();
    assert!(house.forge.world().repositories[0].issues.iter().all(|issue| !issue.open));
}

#[test]
fn words_on_support_are_renewed_and_not_repeated() {
    for dialect in ALL {
        let mut house = House::new(dialect, 3, (false, true, true));
        for member in 1..=3 {
            house.member(member);
        }
        house.support(1, 1, 1_000_000);
        house.pass(7);
        house.carry();
        let (_, _, comments) = house.done_there(1);
        assert_eq!(comments.len(), 1, "{dialect:?}");
        assert!(comments[0].starts_with("Number 1 of 3 on the list of a co-op, with 1.0 votes"), "{comments:?}");
        assert!(house.done_there(2).2.is_empty(), "an issue that nobody supports is left in peace");
        let labels = |house: &House| {
            let world = house.forge.world();
            let own = world.repositories[0].issues[0].labels.clone();
            own.iter().map(|id| world.label(0, *id).unwrap().name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(labels(&house), ["rochdale: top 10"], "{dialect:?}");
        // Every week another vote: one comment, whose words are new.
        house.support(2, 1, 1_000_000);
        house.pass(7);
        house.carry();
        let (_, _, comments) = house.done_there(1);
        assert!(comments.len() == 1 && comments[0].contains("2.0 votes"), "{dialect:?}: {comments:?}");
        // Nothing has changed: nothing is called.
        house.pass(7);
        assert!(house.waiting().is_empty());
        house.support(1, 1, 0);
        house.support(2, 1, 0);
        house.pass(7);
        house.carry();
        assert!(labels(&house).is_empty() && house.done_there(1).2[0].contains("0.0 votes"), "{dialect:?}");
    }
}

#[test]
fn troubles_wait_and_refusals_are_listed() {
    let mut house = House::new(ALL[2], 3, (true, false, false));
    let place = |number| Number { repository: 0, kind: Kind::Issue, number };
    house.forge.world().delete(place(1), "member-002");
    house.item(1, false, engine::Actor::Operator);
    house.carry();
    assert_eq!(house.ended()[0].standing, Standing::Failed);
    assert!(house.ended()[0].why.as_deref().unwrap().contains("not in the repository any more"));
    // A pause that the forge asks for is no try, and holds the whole bridge.
    house.item(2, false, engine::Actor::Operator);
    house
        .forge
        .world()
        .demands
        .push(forge_double::Demand::next(Fault::Secondary { status: 429, retry_after: Some(120) }));
    look(&house.coop, &house.vault, house.now).unwrap();
    let calls = house.forge.world().calls.len();
    look(&house.coop, &house.vault, Moment(house.now.0 + 100_000_000)).unwrap();
    assert_eq!((house.waiting()[0].tries, house.forge.world().calls.len()), (0, calls));
    house.now = Moment(house.now.0 + 130_000_000);
    house.carry();
    assert_eq!(house.done_there(2).0, 1);
    // A token that is taken back: tried less and less often, then given up; and tried again once somebody says so.
    house.forge.world().tokens.clear();
    house.item(3, false, engine::Actor::Operator);
    house.carry();
    let failed = house.ended()[0].clone();
    assert_eq!((failed.standing, failed.tries), (Standing::Failed, MOST_TRIES));
    assert!(failed.why.as_deref().unwrap().contains("refuses the token"), "{failed:?}");
    house.forge.world().token("forge-token", BOT, forge_double::Access::Write);
    let now = house.now;
    assert!(house.coop.write(move |batch| batch.retry_task(failed.number, now)).unwrap().is_some());
    house.carry();
    assert_eq!(house.done_there(3).0, 1);
    let now = house.now;
    assert!(house.coop.write(move |batch| batch.drop_task(failed.number, "x", now)).unwrap().is_none(), "it ended");
}
