//! A small co-op: rules from documents, members by number, and the views of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::act::{
    AddToList, AdmitMember, Amount, BookEntry, CastBallot, Found, Nominate, OpenItem, Posting, RecordSupport, Stand,
};
use engine::{Act, Actor, Context, Due, Pseudonym, State, apply, change, update};
use imbl::OrdMap;
use quantity::Moment;

use crate::{Directory, DocumentCard, ItemCard, Kept, Library, Sight, UpdatePoint};

pub const KERNEL: &str = r#"# Trial
```charter
kernel {
    name "trial"
    purpose "Try the views"
    currency "USD"
    time-zone "UTC"
    class "patrons" {
        weight "min(donated(last month), pledged(next month)) / 1 USD"
    }
    class "friends" {
        weight "faded(donated, half-life 1 year) / 1 USD"
    }
    class "contributors" list="contributor-list" {
        weight "if count(contributors) == 1 then highest(patrons) else contributed(last year)"
    }
    votes "quadratic"
    constitution {
        settles-in "30 days"
        updates "weekly on monday at 01:00"
    }
    amend "2/3 of weight for 180 days"
    fork carries="register ledger rules" treasury="by weight of those who go"
}
```
"#;

pub const CONSTITUTION: &str = r#"# Rules
```charter
office "maintainer" {
    settles-in "14 days"
    may "merge" "release" "close-issue"
}
body "core-team" seats=2 {
    settles-in "14 days"
    may "spend" up-to="100 USD per month"
}
document "code-of-conduct" {
    settles-in "14 days"
}
ranking "issues" of="forge" {
    close-after "90 days" floor="0.5 votes"
}
```
"#;

pub struct World {
    pub state: State,
    pub history: Vec<Arc<UpdatePoint>>,
    pub kept: Kept,
    pub names: OrdMap<Pseudonym, String>,
    items: OrdMap<(String, String), ItemCard>,
    documents: BTreeMap<String, Arc<DocumentCard>>,
    sources: u64,
}

impl Library for BTreeMap<String, Arc<DocumentCard>> {
    fn document(&self, hash: &str) -> Option<Arc<DocumentCard>> {
        self.get(hash).cloned()
    }

    fn title(&self, hash: &str) -> Option<Arc<str>> {
        self.get(hash).map(|card| Arc::clone(&card.title))
    }

    /// Words are kept here as the text under `narration:SOURCE`.
    fn narration(&self, source: &str) -> Option<String> {
        self.get(&format!("narration:{source}")).map(|card| card.text.clone())
    }
}

pub fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub fn m(number: u64) -> Pseudonym {
    Pseudonym(number)
}

impl World {
    /// Founded on Wednesday, 1 January 2025; the first update is on Monday, 6 January.
    pub fn new() -> World {
        World::with(KERNEL)
    }

    pub fn with(kernel: &str) -> World {
        World::under(kernel, engine::edition::ONE)
    }

    pub fn under(kernel: &str, edition: engine::Edition) -> World {
        let kernel = charter::read_kernel_under(kernel, edition).unwrap();
        let constitution = charter::read_constitution(CONSTITUTION, &kernel).unwrap();
        let mut act = Found::on(&"11".repeat(32), &"22".repeat(32), false);
        act.edition = edition;
        let state = State::found(charter::Rules::new(kernel, constitution), act, at("2025-01-01"));
        World {
            kept: Kept::of(&state, &[]),
            state,
            history: Vec::new(),
            names: OrdMap::new(),
            items: OrdMap::new(),
            documents: BTreeMap::new(),
            sources: 0,
        }
    }

    /// Returns the co-op most tests look at: three patrons, two contributors, two who stand, two issues; 5 updates
    /// counted.
    pub fn usual() -> World {
        let mut world = World::begun_under(engine::edition::ONE);
        world.run(5);
        world
    }

    /// Returns the same co-op under an edition, before its first update.
    pub fn begun_under(edition: engine::Edition) -> World {
        let mut world = World::under(KERNEL, edition);
        world.admit(1..=6);
        for (member, cents) in [(1, 10_000), (2, 2_500), (3, 400)] {
            world.give(member, "donation", cents, "2025-01-01");
            world.give(member, "pledge", cents, "2025-01-01");
        }
        for member in [4, 5] {
            world.act(Act::AddToList(AddToList { list: "contributor-list".to_owned(), member: m(member) }));
            world.act(Act::Stand(Stand { member: m(member), decision: "maintainer".to_owned() }));
        }
        for item in ["220", "275"] {
            world.act(Act::OpenItem(OpenItem { decision: "issues".to_owned(), item: item.to_owned(), amount: None }));
            let card = ItemCard {
                title: format!("Issue {item}"),
                url: None,
                labels: vec!["wish".to_owned()],
                ..ItemCard::default()
            };
            world.items.insert(("issues".to_owned(), item.to_owned()), card);
        }
        world.cast(1, "maintainer", 400_000, &[(4, 1_000_000)]);
        world.cast(2, "maintainer", 400_000, &[(5, 1_000_000)]);
        world.place(1, "220", 90_000);
        world
    }

    pub fn sight(&self, me: Option<u64>) -> Sight<'_> {
        Sight {
            state: &self.state,
            kept: &self.kept,
            history: &self.history,
            directory: self.directory(),
            now: self.state.time,
            me: me.map(m),
            walk_in: true,
        }
    }

    pub fn directory(&self) -> Directory<'_> {
        Directory { names: &self.names, items: &self.items, documents: &self.documents }
    }

    pub fn note_document(&mut self, hash: &str, text: &str) {
        self.documents.insert(hash.to_owned(), Arc::new(DocumentCard::of(text)));
    }

    pub fn act(&mut self, act: Act) {
        let context = Context::of(Actor::Operator, self.state.time);
        apply(&mut self.state, &act, &context).unwrap_or_else(|no| panic!("{act:?}: {no}"));
        self.keep();
    }

    /// As the host does after every commit.
    pub fn keep(&mut self) {
        if let Some(kept) = self.kept.renewed(&self.state, &self.history) {
            self.kept = kept;
        }
    }

    pub fn admit(&mut self, members: std::ops::RangeInclusive<u64>) {
        for number in members {
            self.act(Act::AdmitMember(AdmitMember {
                member: m(number),
                organisation: false,
                founder: false,
                joined_on: None,
                left_on: None,
            }));
            self.names.insert(m(number), format!("member-{number:03}"));
        }
    }

    pub fn give(&mut self, member: u64, kind: &str, amount: i64, on: &str) {
        self.sources += 1;
        let unit = (kind == "contribution").then(|| "micro-credit".to_owned());
        let currency = unit.is_none().then(|| "USD".to_owned());
        self.act(Act::RecordSupport(RecordSupport {
            service: None,
            member: m(member),
            kind: kind.to_owned(),
            amount: Amount { amount, currency, unit },
            given_at: Some(at(on)),
            given_on: None,
            source: format!("test:{}", self.sources),
            parts: 1,
            series: None,
            stands_months: (kind == "pledge").then_some(12),
            book: None,
        }));
    }

    pub fn cast(&mut self, member: u64, decision: &str, share_ppm: u32, scores: &[(u64, u32)]) {
        self.act(ballot(member, decision, share_ppm, scores));
    }

    pub fn place(&mut self, member: u64, item: &str, share_ppm: u32) {
        self.act(on_item(member, item, share_ppm));
    }

    pub fn nominate(&mut self, member: u64, candidate: u64, share_ppm: u32) {
        let (member, candidate) = (m(member), m(candidate).to_string());
        let decision = "maintainer".to_owned();
        self.act(Act::Nominate(Nominate { member, decision, candidate, share_ppm, against: false }));
    }

    pub fn book(&mut self, on: &str, narration: &str, account: &str, minor: i64) {
        self.sources += 1;
        self.act(Act::BookEntry(BookEntry {
            at: at(on),
            source: format!("test:{}", self.sources),
            narration: Some(narration.to_owned()),
            currency: "USD".to_owned(),
            postings: vec![
                Posting { account: "assets:bank".to_owned(), minor },
                Posting { account: account.to_owned(), minor: -minor },
            ],
        }));
    }

    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            let outcomes = match self.state.next_due() {
                Due::Update(at) => update(&mut self.state, at, 1),
                Due::Change(at) => change(&mut self.state, at),
            };
            self.history.push(Arc::new(UpdatePoint::of(&self.state, &outcomes.unwrap())));
        }
        self.keep();
        self.kept.warm(&self.sight(None));
    }

    pub fn run_until(&mut self, until: &str) {
        while self.state.next_due().moment() <= at(until) {
            self.run(1);
        }
        self.state.time = at(until);
    }
}

pub fn ballot(member: u64, decision: &str, share_ppm: u32, scores: &[(u64, u32)]) -> Act {
    let scores: BTreeMap<String, u32> = scores.iter().map(|(who, ppm)| (m(*who).to_string(), *ppm)).collect();
    Act::CastBallot(CastBallot {
        member: m(member),
        decision: decision.to_owned(),
        item: None,
        share_ppm,
        scores: (!scores.is_empty()).then_some(scores),
        against: false,
    })
}

pub fn on_item(member: u64, item: &str, share_ppm: u32) -> Act {
    Act::CastBallot(CastBallot {
        member: m(member),
        decision: "issues".to_owned(),
        item: Some(item.to_owned()),
        share_ppm,
        scores: None,
        against: false,
    })
}
