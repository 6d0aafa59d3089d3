//! A collective that is read while it is written to: nothing is missed and nothing comes twice, whatever becomes of calls, cursors and
//! dates; and a file of the same transactions meets them.

use std::sync::Arc;

use bridges::FarEnd;
use bridges::forge::Reach;
use engine::edition::Edition;
use forge_double::{Collective, Demand, Dialect as Spoken, Fault, Server, World as Outside};

use super::super::*;
use super::*;
use crate::coop::tests::{KERNEL, at};
use crate::inbox::{Door, Handed, Import, Kinds, LogTime, Newcomers, Recording, Report, bring, open_handed};
use crate::{Charter, Coop, ServerClock, Shared, Writable};

const DAY: i64 = 86_400_000_000;

fn now() -> Moment {
    at("2026-01-05T12:00:00Z")
}

/// A co-op with a bridge to a collective of the double.
struct World {
    coop: Arc<Shared>,
    vault: Vault,
    id: String,
    site: Server,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(fill: impl FnOnce(&mut Collective)) -> World {
        let constitution =
            "```charter\nranking \"issues\" of=\"forge\" { close-after \"90 days\" floor=\"0.5 votes\" }\n```\n";
        let charter = Charter::read_under(KERNEL.to_owned(), constitution.to_owned(), Edition::THREE).unwrap();
        let coop = Coop::in_memory(charter, false, at("2025-01-01T00:00:00Z")).unwrap();
        let coop = Arc::new(Shared::new(coop, ServerClock::From { log: now(), machine: crate::clock::now() }));
        let mut account = Collective::new("our-coop");
        account.token = "fixture-token".to_owned();
        fill(&mut account);
        let mut site = Outside::new(Spoken::GitHub);
        (site.collective, site.now) = (Some(account), now().0 / 1_000_000);
        let (folder, site) = (tempfile::tempdir().unwrap(), Server::start(site).unwrap());
        let vault = Vault::of(folder.path(), coop.read().id());
        let address = format!("{}/our-coop", site.url());
        let settings = BridgeSettings::of(&address, Some(FarEnd::OpenCollective), Reach::Loopback).unwrap();
        let mut writer = Writable::Served(Arc::clone(&coop));
        let by = (Bringer::default(), now());
        let made = add(&mut writer, &vault, settings, (Some("fixture-token"), None), by).unwrap();
        assert_eq!((made.hook, made.secret), (None, None), "nothing is signed there");
        set_running(&mut writer, &made.id, Running::Going, now()).unwrap();
        World { coop, vault, id: made.id, site, _folder: folder }
    }

    fn bridge(&self) -> Bridge {
        self.coop.read().bridge(&self.id).unwrap().unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut Bridge)) {
        let mut bridge = self.bridge();
        change(&mut bridge);
        let id = self.id.clone();
        self.coop.write(move |batch| batch.put_bridge(&id, &bridge)).unwrap();
    }

    fn read_at(&self, now: Moment) -> Result<Polled, NoBridge> {
        poll(&mut Writable::Served(Arc::clone(&self.coop)), &self.vault, &self.id, now)
    }

    fn poll_at(&self, now: Moment) -> u64 {
        let mut recorded = 0;
        for _ in 0..50 {
            let polled = self.read_at(now).unwrap();
            recorded += polled.recorded;
            if !polled.more {
                return recorded;
            }
        }
        panic!("it comes to no end");
    }

    fn poll(&self) -> u64 {
        self.poll_at(now())
    }

    fn write(&self, write: impl FnOnce(&mut Collective)) {
        write(self.site.world().collective.as_mut().unwrap());
    }

    fn calls(&self) -> usize {
        self.site.world().calls.len()
    }

    fn entries(&self) -> u64 {
        self.coop.read().head().seq
    }

    fn members(&self) -> usize {
        self.coop.read().state().members.len()
    }

    /// The export of the same transactions as a file.
    fn bring_file(&self) -> Report {
        let mut text = "datetime,shortId,description,type,kind,isRefund,shortRefundId,amount,paymentProcessorFee,netAmount,currency,oppositeAccountSlug,oppositeAccountName,orderFrequency\n".to_owned();
        for node in &self.site.world().collective.as_ref().unwrap().transactions {
            let word = |part: &serde_json::Value| part.as_str().unwrap_or_default().to_owned();
            let short = |part: &serde_json::Value| word(part).chars().take(8).collect::<String>();
            let cents = |name: &str| node[name]["valueInCents"].as_i64().unwrap();
            let money = |cents: i64| {
                format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
            };
            let refund = if node["isRefund"] == true { "REFUND" } else { "" };
            let (who, amount, net) = (
                word(&node["oppositeAccount"]["slug"]),
                money(cents("amountInHostCurrency")),
                money(cents("netAmountInHostCurrency")),
            );
            text += &format!(
                "{},{},{},{},{},{refund},{},{amount},0,{net},USD,{who},{who},{}\n",
                &word(&node["createdAt"])[..19],
                short(&node["id"]),
                word(&node["description"]),
                word(&node["type"]),
                word(&node["kind"]),
                short(&node["refundTransaction"]["id"]),
                word(&node["order"]["frequency"]),
            );
        }
        let handed = Handed { name: "transactions.csv".to_owned(), bytes: text.into_bytes() };
        let mut sources = [open_handed(&self.coop.read(), &handed, None, None).unwrap()];
        let import = Import {
            door: Door::Page,
            by: Bringer::default(),
            time: LogTime::Now(self.coop.now()),
            newcomers: Newcomers::Doubted,
            kinds: Kinds::All,
            recording: Recording::Bridge,
            every: None,
        };
        self.coop.write(move |batch| bring(batch, &mut sources, &import, &mut || ())).unwrap()
    }
}

/// Some of everything: gifts of three kinds, a refund, an expense.
fn some(account: &mut Collective) {
    account.gift(1, "member-001", 1_000, "MONTHLY", "2025-12-01T10:00:00.250Z");
    account.gift(2, "member-002", 12_000, "YEARLY", "2025-12-01T10:00:00.900Z");
    account.gift(3, "member-003", 700, "ONETIME", "2025-12-02T10:00:00Z");
    account.refund(4, 3, "member-003", 700, "2025-12-03T10:00:00Z");
    account.expense(5, "member-004", 2_500, "2025-12-04T10:00:00Z");
}

#[test]
fn gifts_refunds_and_expenses_come_in_once() {
    let world = World::new(some);
    let said = tested(&world.coop.read(), &world.vault, &world.id).unwrap();
    assert!(said[0].contains("answers for `our-coop`") && said[1].starts_with("5 transactions"), "{said:?}");
    let mut writer = Writable::Served(Arc::clone(&world.coop));
    let (entries, dry) = (world.entries(), dry_run(&mut writer, &world.vault, &world.id, now()).unwrap());
    assert_eq!((dry.report.taken.recorded, dry.more, dry.total, world.entries()), (11, false, Some(5), entries));
    // Three gifts and two pledges, one gift taken back, five bookings.
    assert_eq!(world.poll(), 11);
    assert_eq!(world.members(), 3, "who gives is a member; who is paid is none");
    let entries = world.entries();
    let report = world.coop.read();
    let given: Vec<_> = (1..=3).map(|number| format!("open-collective:{number:08x}")).collect();
    let recorded = world.coop.write(move |batch| {
        given
            .iter()
            .map(|source| batch.recorded(source).map(|one| one.map(|one| (one.amount, one.at))))
            .collect::<Result<Vec<_>, _>>()
    });
    let second = at("2025-12-01T10:00:00Z");
    assert_eq!(recorded.unwrap()[..2], [Some((1_000, second)), Some((12_000, second))], "the CSV has whole seconds");
    drop(report);
    let calls = world.calls();
    assert_eq!((world.poll(), world.entries(), world.calls() - calls), (0, entries, 1));
    assert_eq!(world.bridge().heard.left_out, 0);
}

#[test]
fn a_file_and_the_interface_meet_in_either_order() {
    let world = World::new(some);
    let first = world.bring_file().taken;
    assert_eq!((first.recorded, first.known), (11, 0));
    let (entries, members) = (world.entries(), world.members());
    assert_eq!(world.poll(), 0);
    let told = world.entries() - entries;
    assert_eq!((told, world.members()), (1, members), "that the source was heard, and nothing else");
    let world = World::new(some);
    assert_eq!(world.poll(), 11);
    let (entries, members) = (world.entries(), world.members());
    let second = world.bring_file().taken;
    assert_eq!((second.recorded, second.known, second.differ), (0, 11, 0), "{second:?}");
    assert_eq!((world.entries(), world.members()), (entries, members));
}

#[test]
fn pages_late_ones_and_those_of_one_instant_are_all_read() {
    let world = World::new(|account| {
        account.most = 100;
        for number in 0..700_u32 {
            let (hour, minute) = (number / 60, number % 60);
            account.gift(number, "member-001", 100, "ONETIME", &format!("2025-12-01T{hour:02}:{minute:02}:00Z"));
        }
        // More than a page in one instant.
        for number in 700..950 {
            account.gift(number, "member-002", 100, "ONETIME", "2025-12-02T00:00:00Z");
        }
    });
    assert_eq!(world.poll(), 1_900, "a gift and its booking each");
    // In the same instant, half an hour before it, and three weeks before it.
    world.write(|account| {
        account.gift(2_000, "member-003", 100, "ONETIME", "2025-12-02T00:00:00Z");
        account.gift(2_001, "member-003", 100, "ONETIME", "2025-12-01T23:30:00Z");
        account.gift(2_002, "member-003", 100, "ONETIME", "2025-11-10T00:00:00Z");
    });
    assert_eq!(world.poll(), 4);
    assert_eq!(world.poll_at(Moment(now().0 + DAY)), 2, "what was written under an earlier date is found within a day");
    let (entries, calls) = (world.entries(), world.calls());
    assert_eq!((world.poll_at(Moment(now().0 + DAY + 1)), world.entries()), (0, entries));
    assert!(world.calls() - calls <= 4, "in the present it reads what is new");
    assert_eq!(world.bridge().heard.left_out, 0);
}

#[test]
fn a_lost_cursor_and_a_lost_answer_record_nothing_twice() {
    let world = World::new(|account| {
        account.most = 100;
        (0..420).for_each(|number| account.gift(number, "member-001", 100, "ONETIME", "2025-12-02T00:00:00Z"));
    });
    let faults =
        [Fault::LostAnswer, Fault::HalfAnswer, Fault::Unheard, Fault::Broken, Fault::BrokenAfter, Fault::NoJson];
    let (before, mut recorded) = (world.bridge(), 0);
    for fault in faults {
        // Every other reading goes wrong; what the ones between them brought is kept.
        world.site.world().demands.push(Demand::next(fault));
        assert!(world.read_at(now()).is_err(), "{fault:?}");
        assert!(world.bridge().heard.trouble.is_some());
        recorded += world.read_at(now()).map(|polled| polled.recorded).unwrap();
    }
    recorded += world.poll();
    assert_eq!((recorded, world.bridge().heard.trouble), (840, None));
    let entries = world.entries();
    for _ in 0..3 {
        // As if the batch were stored and the cursors not; and as if what was read were forgotten too.
        world.change(|bridge| bridge.cursors = before.cursors.clone());
        assert_eq!((world.poll(), world.entries()), (0, entries));
        let id = world.id.clone();
        world
            .coop
            .write(move |batch| {
                let far = Ledger { newest_us: Some(i64::MAX), ..Ledger::default() };
                forget(batch, &id, &far, Moment(i64::MAX))
            })
            .unwrap();
    }
}

#[test]
fn a_limit_is_obeyed_before_and_after_it_is_reached() {
    let world = World::new(|account| {
        account.most = 10;
        for number in 0..60 {
            let at = format!("2025-12-02T{:02}:{:02}:00Z", number / 30, number % 30 * 2);
            account.gift(number, "member-001", 100, "ONETIME", &at);
        }
    });
    // Three calls an hour: the reading ends by itself with the third, and goes on when the site says so.
    (world.site.world().hourly, world.site.world().used) = (3, (0, now().0 / 1_000_000));
    let polled = world.read_at(now()).unwrap();
    assert_eq!((polled.recorded, polled.more), (56, true), "the last of a page is read again with the next");
    let heard = world.bridge().heard;
    assert_eq!((heard.next_us - now().0, heard.trouble), (3_600_000_000, None));
    world.site.world().hourly = 5_000;
    world.site.world().demands.push(Demand::next(Fault::Secondary { status: 429, retry_after: Some(90) }));
    let why = world.read_at(now()).unwrap_err();
    assert_eq!(why.limited(), Some(90));
    assert!(why.to_string().contains("left alone for 90 seconds"), "{why}");
    assert_eq!(world.bridge().heard.next_us - now().0, 90_000_000);
    assert_eq!(world.poll(), 64);
}

#[test]
fn a_token_that_is_none_and_an_account_that_is_none_are_told_apart() {
    let world = World::new(some);
    let set = |token| {
        set_token(&mut Writable::Served(Arc::clone(&world.coop)), &world.vault, &world.id, token, now()).unwrap()
    };
    for token in [None, Some("another")] {
        set(token);
        let why = world.read_at(now()).unwrap_err();
        assert!(why.to_string().contains("refuses the token") && !why.is_nowhere(), "{why}");
    }
    set(Some("fixture-token"));
    world.write(|account| account.slug = "elsewhere".to_owned());
    assert!(world.read_at(now()).unwrap_err().is_nowhere());
    let mut writer = Writable::Served(Arc::clone(&world.coop));
    let why = renew_secret(&mut writer, &world.vault, &world.id, None, now()).unwrap_err();
    assert!(why.to_string().contains("no webhooks"), "{why}");
}

#[test]
fn an_account_is_known_by_its_id_and_a_slug_that_is_taken_over_joins_nobody() {
    let world = World::new(|account| account.gift(1, "member-001", 100, "ONETIME", "2025-12-01T00:00:00Z"));
    world.poll();
    world.write(|account| {
        account.gift(2, "member-009", 100, "ONETIME", "2025-12-02T00:00:00Z");
        account.gift(3, "member-001", 100, "ONETIME", "2025-12-03T00:00:00Z");
        // The first account is called otherwise now, and another one took its slug.
        account.transactions[1]["oppositeAccount"]["id"] = "acc-member-001".into();
        account.transactions[2]["oppositeAccount"]["id"] = "acc-another".into();
    });
    assert_eq!((world.poll(), world.members()), (4, 2));
    let givers = world.coop.write(|batch| {
        (1..=3).map(|number| batch.giver(&format!("open-collective:{number:08x}"))).collect::<Result<Vec<_>, _>>()
    });
    let givers = givers.unwrap();
    assert!(givers[0] == givers[1] && givers[0] != givers[2] && givers[2].is_some(), "{givers:?}");
}

#[test]
fn odd_ones_are_left_out_once_and_what_is_to_come_is_waited_for() {
    let world = World::new(|account| {
        some(account);
        account.gift(6, "member-005", 100, "ONETIME", "2025-12-05T00:00:00Z");
        account.transactions[5]["amountInHostCurrency"]["currency"] = "???".into();
        // Its date is a minute ahead of this server's clock, and its refund's gift is nowhere.
        account.gift(7, "member-006", 100, "ONETIME", "2026-01-05T12:01:00Z");
        account.refund(8, 99, "member-007", 100, "2025-12-06T00:00:00Z");
    });
    assert_eq!(world.poll(), 12, "the refund is booked");
    assert_eq!(world.bridge().heard.left_out, 2);
    assert_eq!((world.poll(), world.bridge().heard.left_out), (0, 2), "told once");
    assert_eq!(world.poll_at(at("2026-01-05T12:02:00Z")), 2);
    // Said otherwise there, it is a difference, and told as one.
    world.write(|account| account.transactions[0]["amountInHostCurrency"]["valueInCents"] = 900.into());
    let mut writer = Writable::Served(Arc::clone(&world.coop));
    world.change(|bridge| bridge.cursors.ledger = None);
    let dry = dry_run(&mut writer, &world.vault, &world.id, now()).unwrap();
    assert_eq!((dry.report.taken.recorded, dry.report.taken.differ), (0, 2), "the gift and its pledge");
}

#[test]
fn the_log_is_told_once_a_day_that_the_collective_was_heard() {
    let world = World::new(some);
    world.poll();
    let heard = || world.coop.read().state().silences.sources().map(|(_, heard)| heard.at).collect::<Vec<_>>();
    assert_eq!(heard().len(), 1);
    let entries = world.entries();
    world.poll();
    assert_eq!(world.entries(), entries);
    world.change(|bridge| bridge.heard.told_us = Some(now().0 - DAY));
    world.poll();
    assert_eq!(world.entries(), entries + 1);
    assert!(world.bridge().source().starts_with("open-collective/"));
}

#[test]
fn what_was_read_is_removed_with_its_bridge_and_forgotten_in_time() {
    let world = World::new(|account| {
        account.gift(1, "member-001", 100, "ONETIME", "2025-06-01T00:00:00Z");
        some(account);
    });
    world.poll();
    let seen = || {
        let mut left = 0;
        let count = &mut |_: &[u8], _: &[u8]| {
            left += 1;
            ControlFlow::Continue(())
        };
        world.coop.read().beside.look(|store, coop| Ok(store.scan(coop, SEEN, count)?)).unwrap();
        left
    };
    assert_eq!(seen(), 5, "those of the last sixty days");
    world.poll_at(Moment(now().0 + 59 * DAY));
    assert!(seen() < 5, "{}", seen());
    let id = world.id.clone();
    world.coop.write(move |batch| batch.remove_bridge(&id)).unwrap();
    assert_eq!(seen(), 0);
}

#[test]
fn an_address_alone_makes_a_bridge_that_says_what_would_come() {
    let world = World::new(some);
    let mut writer = Writable::Served(Arc::clone(&world.coop));
    remove(&mut writer, &world.id).unwrap();
    let by = || (Bringer::default(), now());
    let settings = |address: &str, reach| {
        BridgeSettings::for_address(&world.coop.read(), address, Some(FarEnd::OpenCollective), reach)
    };
    let address = format!("{}/our-coop", world.site.url());
    assert!(settings(&address, Reach::Public).unwrap_err().to_string().contains("in the clear"));
    let own = settings(&address, Reach::Loopback).unwrap();
    let arrived = arrive(&mut writer, &world.vault, own.clone(), Some("fixture-token"), by()).unwrap();
    assert_eq!(arrived.would.unwrap().report.taken.recorded, 11);
    assert_eq!(world.coop.read().bridge(&arrived.made.id).unwrap().unwrap().state, Running::New);
    let again = arrive(&mut writer, &world.vault, own.clone(), None, by()).unwrap_err();
    assert!(again.to_string().contains("is there already"), "{again}");
    remove(&mut writer, &arrived.made.id).unwrap();
    // Without the token it stays, so that one can be entered; where there is nothing it does not.
    let arrived = arrive(&mut writer, &world.vault, own, None, by()).unwrap();
    assert!(arrived.would.unwrap_err().to_string().contains("refuses the token"));
    remove(&mut writer, &arrived.made.id).unwrap();
    let nowhere = settings(&format!("{}/nobody", world.site.url()), Reach::Loopback).unwrap();
    assert!(arrive(&mut writer, &world.vault, nowhere, Some("fixture-token"), by()).unwrap_err().is_nowhere());
    assert!(world.coop.read().bridges().unwrap().is_empty());
    // A forge's issues come in because a ranking takes them.
    let forge = BridgeSettings::for_address(&world.coop.read(), "owner/name", None, Reach::Public).unwrap();
    assert_eq!((forge.address.as_str(), forge.list.as_deref()), ("https://github.com/owner/name", Some("forge")));
}
