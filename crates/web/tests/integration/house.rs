//! Co-ops in memory, as busy as pages can show: built from acts, served as `rochdale demo` serves one.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use engine::act::{Act, AddToList, BookEntry, CastBallot, JoinFork, Nominate, OpenItem, Posting, Stand};
use engine::{Actor, Edition, Pseudonym, intent};
use host::{Batch, Charter, Coop, Person, Shared};
use quantity::Moment;
use rochdale_log::{Head, Memory, Outage, Store as _};
use serde_json::Value;
use views::ItemCard;
use web::{App, Door, router};

use crate::site::{Answer, get, post, send, walk_in};

/// Text that must never reach a page unescaped.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'&";

pub const KERNEL: &str = r#"# Our kernel

```charter
kernel {
    name "Toad Lane"
    purpose "Show every page"
    currency "USD"
    time-zone "UTC"
    class "members" list="member-list" {
        weight "1"
    }
    class "friends" {
        weight "0.5"
    }
    votes "quadratic"
    constitution {
        settles-in "2 days"
        updates "daily at 01:00"
    }
    amend "2/3 of weight for 100 days"
    fork carries="register ledger rules" treasury="by head"
}
```
"#;

/// Begins with a line break, which browsers drop behind the tag of a text area.
pub const CONSTITUTION: &str = r#"
# How we decide

Nothing here does anything: </textarea><script>alert(1)</script>

```charter
office "maintainer" {
    settles-in "2 days"
    may "close-issue"
}
office "treasurer" {
    settles-in "2 days"
    may "spend" up-to="500 USD per month"
}
office "registrar" {
    settles-in "2 days"
    may "admit" "keep-list"
}
document "code-of-conduct" {
    settles-in "2 days"
}
ranking "issues" of="forge" {
    close-after "900 days" floor="0.5 votes"
}
constitution "docs-team" {
    settles-in "2 days"
}
```
"#;

/// The constitution of the founding: it has an archivist, whom the constitution above no longer knows.
fn first_constitution() -> String {
    format!("{CONSTITUTION}\n```charter\noffice \"archivist\" {{ settles-in \"2 days\" }}\n```\n")
}

/// A kernel that is proposed.
pub fn next_kernel() -> String {
    KERNEL.replace("2/3 of weight", "1/2 of weight")
}

/// Two texts for the code of conduct: one that tries to do something, and one that is long.
pub const SHORT: &str = "# Be kind\n\nBe kind. <script>alert(1)</script>\"'&\n\n- one\n- two\n";
pub fn long() -> String {
    format!("# At length\n\n{}", "A paragraph.\n\n".repeat(200))
}

pub fn hash(text: &str) -> String {
    engine::digest::hex(text.as_bytes())
}

pub fn at(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

/// A server on a co-op.
pub struct House {
    pub server: Router,
    pub coop: Arc<Shared>,
    /// Pseudonyms, `member-001` first.
    pub members: Vec<String>,
}

impl House {
    pub fn serve(coop: Coop, members: &[Pseudonym], door: Door) -> House {
        let coop = Arc::new(Shared::demonstration(coop));
        let server = router(App::new(Arc::clone(&coop), door));
        House { server, coop, members: members.iter().map(ToString::to_string).collect() }
    }

    /// A co-op that has every page: elections with holders, challengers and nominees, texts, items, money, rules that changed,
    /// and members who are about to leave.
    pub fn busy() -> House {
        House::busy_behind(Door::WalkIn)
    }

    pub fn busy_behind(door: Door) -> House {
        let (coop, members) = busy();
        House::serve(coop, &members, door)
    }

    /// The first page of the log after the next update: what came since the last one is not published before.
    pub async fn published_log(&mut self) -> String {
        let now = self.coop.now();
        self.coop.write(move |batch| batch.run_next_update(now)).expect("counted");
        self.page("/log", "").await
    }

    /// A co-op that was founded just now, by one member.
    pub fn first_day() -> House {
        let mut coop = empty(KERNEL, CONSTITUTION);
        let member = coop.all_or_nothing(|batch| admit(batch, "member-001"));
        House::serve(coop, &[member.expect("admitted")], Door::WalkIn)
    }

    /// A co-op whose storage has gone.
    pub fn down() -> House {
        let mut store = Memory::new();
        store.begin("c_down", &Head::default()).expect("begun");
        store.commit(&Head::default()).expect("kept");
        store.fail_next_commit(Outage::ForGood);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("kernel.md"), KERNEL).expect("written");
        std::fs::write(folder.path().join("constitution.md"), CONSTITUTION).expect("written");
        let start = at("2025-01-02T00:00:00Z");
        let coop = Coop::with_store(Box::new(store), Some(folder.path()), start).expect("a co-op");
        let house = House::serve(coop, &[], Door::WalkIn);
        let lost = house.coop.write(|batch| admit(batch, "member-001"));
        lost.expect_err("nobody knows whether it was kept");
        house
    }

    /// Walks in as one of the members, from 1; the cookie.
    pub async fn member(&mut self, number: usize) -> String {
        walk_in(&mut self.server, &self.members[number - 1]).await
    }

    pub async fn get(&mut self, path: &str, cookie: &str) -> Answer {
        send(&mut self.server, get(path, cookie)).await
    }

    pub async fn post(&mut self, path: &str, cookie: &str, form: &str) -> Answer {
        send(&mut self.server, post(path, cookie, form)).await
    }

    /// A page that is there.
    pub async fn page(&mut self, path: &str, cookie: &str) -> String {
        let answer = self.get(path, cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
        answer.text
    }

    /// Sends a form; where it leads.
    pub async fn done(&mut self, path: &str, cookie: &str, form: &str) -> String {
        let answer = self.post(path, cookie, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form} {}", answer.text);
        answer.headers["location"].to_str().expect("ASCII").to_owned()
    }

    /// How many entries the log has.
    pub fn entries(&self) -> u64 {
        self.coop.read().head().seq
    }

    /// The acts of the entries after so many, as their bodies have them, with their kinds.
    pub fn acts_after(&self, entries: u64) -> Vec<Value> {
        let coop = self.coop.read();
        let acts = (entries + 1..=coop.head().seq).map(|seq| {
            let bytes = coop.entry(seq).expect("read").expect("an entry");
            let entry = rochdale_log::decode(&bytes).expect("an entry");
            let mut act: Value = serde_json::from_slice(entry.body).expect("JSON");
            act["act"] = Value::from(&*entry.kind);
            act
        });
        acts.collect()
    }
}

/// A co-op of edition 1, whose office keeps a list alone.
pub fn empty(kernel: &str, constitution: &str) -> Coop {
    let rules = Charter::read_under(kernel.to_owned(), constitution.to_owned(), Edition::ONE).expect("rules");
    Coop::in_memory(rules, true, at("2025-01-02T00:00:00Z")).expect("a co-op")
}

/// Rules under which every member weighs one.
pub const OF_EQUALS: &str = r#"# Kernel
```charter
kernel {
    name "trial"
    purpose "Try what members decide"
    currency "USD"
    time-zone "UTC"
    class "members" {
        weight "1"
    }
    votes "linear"
    constitution {
        settles-in "30 days"
        updates "weekly on monday at 01:00"
    }
    amend "2/3 of weight for 180 days"
}
```
"#;

/// Three members who weigh one each, in a co-op of 2 January 2025 with this constitution.
pub fn three_equals(constitution: &str, edition: Edition) -> (Coop, Vec<Pseudonym>) {
    let rules = Charter::read_under(OF_EQUALS.to_owned(), constitution.to_owned(), edition).expect("rules");
    let mut coop = Coop::in_memory(rules, true, at("2025-01-02T00:00:00Z")).expect("a co-op");
    let admitted = (1..=3)
        .map(|number| coop.all_or_nothing(|batch| admit(batch, &format!("member-00{number}"))).expect("admitted"));
    let members = admitted.collect();
    (coop, members)
}

pub fn admit(batch: &mut Batch<'_>, name: &str) -> Result<Pseudonym, host::Error> {
    let person = Person { name: name.to_owned(), ..Person::default() };
    let now = batch.state().time;
    batch.member_for(&person, Actor::Operator, now)
}

/// Hands an act in for whom it is of.
pub fn hand_in(coop: &mut Coop, act: &Act) {
    let now = coop.state().time;
    let done = coop.all_or_nothing(|batch| batch.append(act, Actor::Operator, "", "", now));
    done.unwrap_or_else(|no| panic!("{act:?}: {no}"));
}

/// Runs the updates of so many days.
pub fn run(coop: &mut Coop, days: i64) {
    let until = Moment(coop.state().time.0 + days * 86_400_000_000);
    coop.update_until(until, until).expect("counted");
}

pub fn stand(member: Pseudonym, decision: &str) -> Act {
    Act::Stand(Stand { member, decision: decision.to_owned() })
}

pub fn nominate(member: Pseudonym, decision: &str, candidate: &str, share_ppm: u32) -> Act {
    let (decision, candidate) = (decision.to_owned(), candidate.to_owned());
    Act::Nominate(Nominate { member, decision, candidate, share_ppm, against: false })
}

pub fn vote(member: Pseudonym, decision: &str, candidate: &str, share_ppm: u32) -> Act {
    Act::CastBallot(CastBallot {
        member,
        decision: decision.to_owned(),
        item: None,
        share_ppm,
        scores: (share_ppm > 0).then(|| [(candidate.to_owned(), 1_000_000)].into()),
        against: false,
    })
}

pub fn place(member: Pseudonym, item: &str, share_ppm: u32) -> Act {
    Act::CastBallot(CastBallot {
        member,
        decision: "issues".to_owned(),
        item: Some(item.to_owned()),
        share_ppm,
        scores: None,
        against: false,
    })
}

fn book(at: Moment, source: u32, narration: &str, account: &str, minor: i64) -> Act {
    let posting = |account: &str, minor| Posting { account: account.to_owned(), minor };
    Act::BookEntry(BookEntry {
        at,
        source: format!("test:{source}"),
        narration: Some(narration.to_owned()),
        currency: "USD".to_owned(),
        postings: vec![posting("assets:bank", minor), posting(account, -minor)],
    })
}

/// Puts one member in each office, by the votes of six; those get their shares back.
fn seat(coop: &mut Coop, members: &[Pseudonym], offices: &[(&str, usize)]) {
    for (office, holder) in offices {
        let holder = members[*holder - 1];
        hand_in(coop, &stand(holder, office));
        hand_in(coop, &nominate(holder, office, &holder.to_string(), 150_000));
    }
    run(coop, 4);
    for (office, holder) in offices {
        for member in &members[..6] {
            hand_in(coop, &vote(*member, office, &members[*holder - 1].to_string(), 150_000));
        }
    }
    run(coop, 8);
}

/// A text takes the place of the constitution.
fn adopt(coop: &mut Coop, members: &[Pseudonym], text: &str) {
    hand_in(coop, &intent::propose(members[0], "constitution", text));
    for member in &members[..6] {
        hand_in(coop, &nominate(*member, "constitution", &hash(text), 100_000));
    }
    run(coop, 4);
    for member in &members[..6] {
        hand_in(coop, &nominate(*member, "constitution", &hash(text), 0));
        hand_in(coop, &vote(*member, "constitution", &hash(text), 250_000));
    }
    run(coop, 8);
    for member in &members[..6] {
        hand_in(coop, &vote(*member, "constitution", &hash(text), 0));
    }
    run(coop, 1);
}

fn busy() -> (Coop, Vec<Pseudonym>) {
    let mut coop = empty(KERNEL, &first_constitution());
    let mut members = Vec::new();
    for number in 1..=7 {
        let member = coop.all_or_nothing(|batch| admit(batch, &format!("member-00{number}"))).expect("admitted");
        hand_in(&mut coop, &Act::AddToList(AddToList { list: "member-list".to_owned(), member }));
        members.push(member);
    }
    let hostile = coop.all_or_nothing(|batch| admit(batch, HOSTILE)).expect("admitted");
    run(&mut coop, 1);
    seat(&mut coop, &members, &[("archivist", 6)]);
    adopt(&mut coop, &members, CONSTITUTION);
    seat(&mut coop, &members, &[("maintainer", 1), ("treasurer", 2), ("registrar", 4)]);

    // A challenger and a nominee for the maintainer; texts for the code of conduct.
    hand_in(&mut coop, &stand(members[4], "maintainer"));
    hand_in(&mut coop, &nominate(members[4], "maintainer", &members[4].to_string(), 50_000));
    for text in [SHORT, &long()] {
        hand_in(&mut coop, &intent::propose(members[2], "code-of-conduct", text));
        hand_in(&mut coop, &nominate(members[5], "code-of-conduct", &hash(text), 50_000));
    }
    for (item, title) in [("220", HOSTILE), ("275", "Faster search")] {
        let (decision, item) = ("issues".to_owned(), item.to_owned());
        hand_in(&mut coop, &Act::OpenItem(OpenItem { decision, item: item.clone(), amount: None }));
        let card =
            ItemCard { title: title.to_owned(), url: Some("javascript:alert(1)".to_owned()), ..ItemCard::default() };
        coop.all_or_nothing(|batch| batch.put_item("issues", &item, &card)).expect("kept");
    }
    hand_in(&mut coop, &place(members[5], "220", 40_000));
    hand_in(&mut coop, &place(members[6], "275", 40_000));
    let day = coop.state().time;
    hand_in(&mut coop, &book(day, 1, "gifts", "income:gifts", 100_000));
    hand_in(&mut coop, &book(day, 2, HOSTILE, "expenses:hosting", -2_500));
    run(&mut coop, 4);

    // Rules that may come, and members who may go.
    hand_in(&mut coop, &intent::propose(members[0], "kernel", &next_kernel()));
    hand_in(&mut coop, &intent::announce_fork(members[4], "blue", KERNEL, CONSTITUTION));
    hand_in(&mut coop, &Act::JoinFork(JoinFork { member: members[5], fork: "blue".to_owned(), going: true }));
    hand_in(&mut coop, &stand(hostile, "maintainer"));
    hand_in(&mut coop, &nominate(hostile, "maintainer", &hostile.to_string(), 10_000));
    members.push(hostile);
    (coop, members)
}
