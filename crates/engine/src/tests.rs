//! A small co-op for tests: rules from a few words, members by number, one line for an act. Rules are built by
//! hand, so that these tests say what the engine does with them and not how they are read.

use std::sync::Arc;

use std::collections::BTreeMap;

use charter::{
    Amendment, Class, Clause, ClauseKind, Constitution, Counting, Delegation, Fork, Formula, Grant, Kernel, Rules,
    Scope, Terms, TreasuryShare,
};
use quantity::{Currency, Moment, Rhythm, Span, Table, Zone};

use crate::act::{
    AddToList, AdmitMember, Amount, CastBallot, EndMembership, Found, Nominate, OpenItem, ProposeDocument,
    RecordSupport, ResignSeat, ReverseSupport, Stand, WithdrawCandidacy,
};
use crate::chamber::{Candidate, Decision, Election, Standing};
use crate::count::Seats;
use crate::{Act, Actor, Context, NotDone, Outcome, Pseudonym, Refusal, Rule, State, apply, change, update};
use crate::{CandidateId, DecisionId};

/// One whole weight or vote.
pub(crate) const ONE: u64 = 1_000_000;
pub(crate) const DAY: u64 = 86_400;

pub(crate) fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub(crate) fn m(number: u64) -> Pseudonym {
    Pseudonym(number)
}

/// The rules of a test co-op: classes as `name: formula` (`name [list]: formula`, `name sqrt: formula`).
pub(crate) struct Setup {
    pub classes: Vec<&'static str>,
    pub clauses: Vec<Clause>,
    pub cap_ppm: Option<u32>,
    pub floor_micro: u64,
    pub updates: &'static str,
    pub zone: &'static str,
    pub edition: charter::Edition,
}

impl Setup {
    /// Weight is what one ever gave, in dollars; updates are on Mondays at one o'clock.
    pub(crate) fn new(clauses: Vec<Clause>) -> Self {
        Setup {
            classes: vec!["patrons: donated(ever) / 1 USD"],
            clauses,
            cap_ppm: None,
            floor_micro: 0,
            updates: "weekly on monday at 01:00",
            zone: "UTC",
            edition: charter::Edition::ONE,
        }
    }

    pub(crate) fn classes(classes: &[&'static str]) -> Self {
        Setup { classes: classes.to_vec(), ..Setup::new(Vec::new()) }
    }

    pub(crate) fn rules(&self) -> Rules {
        let named: Vec<(&str, &str)> = self.classes.iter().map(|class| class.split_once(": ").unwrap()).collect();
        let names: Vec<String> = named.iter().map(|(head, _)| head.split(' ').next().unwrap().to_owned()).collect();
        let currency = Currency::parse("USD").unwrap();
        let scope =
            Scope { currency, classes: &names, parameters: &[], edition: self.edition.max(charter::Edition::THREE) };
        let classes = named.iter().zip(&names).map(|((head, formula), name)| {
            let list = head.split_once('[').map(|(_, list)| list.trim_end_matches(']'));
            Class {
                name: name.clone(),
                list: list.map(str::to_owned),
                kept_by: charter::KeptBy::Powers,
                service: None,
                weight: Formula::parse(formula, &scope).unwrap(),
                cap_ppm: None,
                scale_root: head.ends_with(" sqrt"),
                control_ppm: None,
                control_from: 1,
                at_most_ppm: None,
                holds_while_silent: false,
                affirmed: None,
                door: charter::Door::Invitation,
                line: 1,
            }
        });
        let kernel = Kernel {
            edition: self.edition,
            name: "trial".to_owned(),
            purpose: "Try the rules".to_owned(),
            currency,
            zone: Zone::named(self.zone).unwrap(),
            classes: classes.collect(),
            parameters: Vec::new(),
            class_order: (0..names.len()).collect(),
            cap_ppm: self.cap_ppm,
            floor_micro: self.floor_micro,
            acts_per: charter::ActsPer::USUAL,
            counting: Counting::Quadratic,
            allowance: None,
            constitution: terms(30),
            updates: Rhythm::parse(self.updates).unwrap(),
            amend: Amendment::Never,
            editions_by_amend: false,
            founders_hold_powers: false,
            founding_weight_micro: 0,
            leaving: charter::Leaving::USUAL,
            grant: Grant::everything(),
            fork: Fork {
                register: true,
                ledger: true,
                rules: true,
                treasury: TreasuryShare::Nothing,
                given_at_most: false,
                counted: charter::Counted::default(),
                tantamount_ppm: 200_000,
            },
            reserves_ppm: 0,
            notes: Vec::new(),
        };
        let clauses = self.clauses.clone();
        Rules::new(kernel, Constitution::new(clauses, Vec::new()))
    }

    /// A co-op founded on Wednesday, 1 January 2025; the first update is on Monday, 6 January.
    pub(crate) fn found(&self) -> Coop {
        let act = Found::on(&"11".repeat(32), &"22".repeat(32), false);
        let open = self.edition > charter::Edition::ONE;
        let act = Found { edition: self.edition, open, ..act };
        Coop { state: State::found(self.rules(), act, at("2025-01-01")), threads: 1, sources: 0 }
    }
}

fn terms(days: u64) -> Terms {
    Terms { settles_in: Span::from_seconds(days * DAY), nominated_by_ppm: 20_000, changes: None }
}

pub(crate) fn clause(name: &str, kind: ClauseKind) -> Clause {
    Clause {
        name: name.to_owned(),
        kind,
        electorate: Vec::new(),
        counting: Counting::Quadratic,
        allowance: charter::Allowance::Shared,
        domain: None,
        delegation: Delegation::Nobody,
        line: 1,
    }
}

pub(crate) fn office(name: &str, days: u64) -> Clause {
    let (terms, powers) = (terms(days), Vec::new());
    clause(name, ClauseKind::Office(charter::Office { terms, powers }))
}

pub(crate) fn body(name: &str, seats: u32, days: u64) -> Clause {
    let (terms, powers) = (terms(days), Vec::new());
    clause(name, ClauseKind::Body(charter::Body { seats, terms, powers, acts_by: None }))
}

pub(crate) fn document(name: &str, days: u64) -> Clause {
    clause(name, ClauseKind::Document(charter::Document { terms: terms(days) }))
}

pub(crate) fn ranking(name: &str, close_days: u64, floor_micro: u64) -> Clause {
    let close_after = (close_days > 0).then(|| Span::from_seconds(close_days * DAY));
    let (brought_by, each_at_most) = (charter::BroughtBy::Powers, 5);
    let order = charter::ItemOrder::Votes;
    let ranking = charter::Ranking { brought_by, each_at_most, close_after, floor_micro, supply: None, order };
    clause(name, ClauseKind::Ranking(ranking))
}

/// The clause with a change time of its own.
pub(crate) fn changing(mut clause: Clause, rhythm: &str) -> Clause {
    match &mut clause.kind {
        ClauseKind::Office(office) => office.terms.changes = Rhythm::parse(rhythm),
        ClauseKind::Body(body) => body.terms.changes = Rhythm::parse(rhythm),
        _ => {}
    }
    clause
}

/// The clause with one class as its electorate.
pub(crate) fn only(class: &str, mut clause: Clause) -> Clause {
    clause.electorate = vec![class.to_owned()];
    clause
}

pub(crate) fn counted(counting: Counting, mut clause: Clause) -> Clause {
    clause.counting = counting;
    clause
}

/// The clause with a whole vote for everyone.
pub(crate) fn each(mut clause: Clause) -> Clause {
    clause.allowance = charter::Allowance::Each;
    clause
}

/// A co-op that acts are handed to at the log's own time.
#[derive(Clone)]
pub(crate) struct Coop {
    pub state: State,
    pub threads: usize,
    sources: u64,
}

impl Coop {
    /// The rules in force, to be changed as no act could.
    pub fn rules_mut(&mut self) -> &mut Rules {
        Arc::make_mut(&mut self.state.rules)
    }

    pub(crate) fn submit(&mut self, act: &Act) -> Result<Vec<Outcome>, Refusal> {
        let context = Context::of(Actor::Operator, self.state.time);
        apply(&mut self.state, act, &context).map_err(NotDone::refused)
    }

    /// Hands in an act that the rules must accept.
    pub(crate) fn act(&mut self, act: Act) -> Vec<String> {
        let outcomes = self.submit(&act).unwrap_or_else(|no| panic!("{act:?}: {no}"));
        words(&outcomes)
    }

    pub(crate) fn admit(&mut self, members: std::ops::RangeInclusive<u64>) -> &mut Self {
        for number in members {
            self.act(Act::AdmitMember(AdmitMember {
                member: m(number),
                organisation: false,
                founder: false,
                joined_on: None,
                left_on: None,
            }));
        }
        self
    }

    /// Members with weights in whole dollars, numbered from 1.
    pub(crate) fn with_weights(mut self, dollars: &[i64]) -> Self {
        for (number, weight) in (1..).zip(dollars) {
            self.admit(number..=number);
            if *weight > 0 {
                self.give(number, "donation", weight * 100, "2025-01-01");
            }
        }
        self
    }

    /// Records support and returns its source.
    pub(crate) fn give(&mut self, member: u64, kind: &str, amount: i64, on: &str) -> String {
        let act = self.support(member, kind, amount, on);
        let source = act.source.clone();
        self.act(Act::RecordSupport(act));
        source
    }

    /// A record of support with a source of its own, not handed in yet.
    pub(crate) fn support(&mut self, member: u64, kind: &str, amount: i64, on: &str) -> RecordSupport {
        self.sources += 1;
        RecordSupport {
            member: m(member),
            kind: kind.to_owned(),
            amount: amount_of(kind, amount),
            given_at: Some(at(on)),
            given_on: None,
            source: format!("test:{}", self.sources),
            parts: 1,
            series: None,
            stands_months: None,
            book: None,
            service: None,
        }
    }

    pub(crate) fn take_back(&mut self, of: &str, amount: Option<i64>, on: &str) {
        self.sources += 1;
        self.act(Act::ReverseSupport(ReverseSupport {
            of: of.to_owned(),
            amount,
            given_at: Some(at(on)),
            given_on: None,
            source: format!("test:{}", self.sources),
        }));
    }

    pub(crate) fn list(&mut self, list: &str, member: u64) {
        self.act(Act::AddToList(AddToList { list: list.to_owned(), member: m(member) }));
    }

    pub(crate) fn leave(&mut self, member: u64) -> Vec<String> {
        self.act(Act::EndMembership(EndMembership { member: m(member) }))
    }

    pub(crate) fn vote(&mut self, member: u64, decision: &str, share_ppm: u32, scores: &[(u64, u32)]) {
        self.act(Act::CastBallot(ballot(member, decision, share_ppm, scores)));
    }

    pub(crate) fn oppose(&mut self, member: u64, decision: &str, share_ppm: u32, scores: &[(u64, u32)]) {
        let against = true;
        let ballot = ballot(member, decision, share_ppm, scores);
        self.act(Act::CastBallot(CastBallot { against, ..ballot }));
    }

    pub(crate) fn place(&mut self, member: u64, decision: &str, item: &str, share_ppm: u32) {
        self.act(Act::CastBallot(on_item(member, decision, item, share_ppm)));
    }

    pub(crate) fn nominate(&mut self, member: u64, decision: &str, candidate: u64, share_ppm: u32) {
        self.act(Act::Nominate(Nominate {
            member: m(member),
            decision: decision.to_owned(),
            candidate: m(candidate).to_string(),
            share_ppm,
            against: false,
        }));
    }

    pub(crate) fn stand(&mut self, member: u64, decision: &str) {
        let decision = decision.to_owned();
        self.act(Act::Stand(Stand { member: m(member), decision }));
    }

    /// Stands and is on the ballot at once: nomination has tests of its own.
    pub(crate) fn enter(&mut self, members: &[u64], decision: &str) {
        for member in members {
            self.stand(*member, decision);
            let place = self.decision(decision).candidate_by_name(&m(*member).to_string()).unwrap();
            self.candidates_mut(decision)[place.place()].standing = Standing::Candidate;
        }
    }

    /// Puts candidates on seats at once, in order.
    pub(crate) fn seat(&mut self, members: &[u64], decision: &str) {
        for (seat, member) in members.iter().enumerate() {
            let place = self.decision(decision).candidate_by_name(&m(*member).to_string());
            self.seats_mut(decision).holders[seat] = place;
        }
    }

    pub(crate) fn propose(&mut self, member: u64, decision: &str, document: &str) {
        self.act(Act::ProposeDocument(ProposeDocument {
            member: m(member),
            decision: decision.to_owned(),
            document: document.to_owned(),
            text: None,
        }));
    }

    pub(crate) fn withdraw(&mut self, member: u64, decision: &str) -> Vec<String> {
        self.act(Act::WithdrawCandidacy(WithdrawCandidacy {
            member: m(member),
            decision: decision.to_owned(),
            document: None,
        }))
    }

    pub(crate) fn resign(&mut self, member: u64, decision: &str) -> Vec<String> {
        let decision = decision.to_owned();
        self.act(Act::ResignSeat(ResignSeat { member: m(member), decision }))
    }

    pub(crate) fn open(&mut self, decision: &str, item: &str) {
        self.act(Act::OpenItem(OpenItem { decision: decision.to_owned(), item: item.to_owned(), amount: None }));
    }

    /// Runs what is due next and returns its outcomes, members as `#3`.
    pub(crate) fn next(&mut self) -> Vec<String> {
        let outcomes = match self.state.next_due() {
            crate::Due::Update(at) => update(&mut self.state, at, self.threads),
            crate::Due::Change(at) => change(&mut self.state, at),
        };
        words(&outcomes.unwrap())
    }

    pub(crate) fn run(&mut self, updates: usize) -> Vec<String> {
        (0..updates).flat_map(|_| self.next()).collect()
    }

    /// Runs everything due up to a moment, and moves the log's time there.
    pub(crate) fn run_until(&mut self, until: &str) -> Vec<String> {
        let mut outcomes = Vec::new();
        while self.state.next_due().moment() <= at(until) {
            outcomes.extend(self.next());
        }
        self.state.time = at(until);
        outcomes
    }

    pub(crate) fn decision(&self, decision: &str) -> &Decision {
        self.state.decision(decision).unwrap()
    }

    pub(crate) fn election_mut(&mut self, decision: &str) -> &mut Election {
        let place = self.state.decision_place(decision).unwrap();
        self.state.decisions[place].election_mut().unwrap()
    }

    pub(crate) fn seats_mut(&mut self, decision: &str) -> &mut Seats {
        &mut self.election_mut(decision).seats
    }

    pub(crate) fn candidates_mut(&mut self, decision: &str) -> &mut [Candidate] {
        &mut self.election_mut(decision).candidates
    }

    /// Who holds each seat, by member number.
    pub(crate) fn holders(&self, decision: &str) -> Vec<Option<u64>> {
        let holders = self.decision(decision).holders();
        let number = |name: &crate::chamber::CandidateName| match name {
            crate::chamber::CandidateName::Member(member) => member.0,
            crate::chamber::CandidateName::Document(_) => panic!("a document"),
        };
        holders.into_iter().map(|seat| seat.map(number)).collect()
    }

    fn candidate(&self, decision: &str, member: u64) -> CandidateId {
        self.decision(decision).candidate_by_name(&m(member).to_string()).unwrap()
    }

    pub(crate) fn total(&self, decision: &str, member: u64) -> Option<i128> {
        self.decision(decision).seats().totals[self.candidate(decision, member).place()]
    }

    pub(crate) fn bucket(&self, decision: &str, member: u64) -> u128 {
        self.decision(decision).seats().buckets[self.candidate(decision, member).place()]
    }

    pub(crate) fn standing(&self, decision: &str, member: u64) -> Standing {
        self.decision(decision).candidates()[self.candidate(decision, member).place()].standing
    }

    /// Weights in micro-weights, in order of admission.
    pub(crate) fn weights(&self) -> &[u64] {
        &self.state.weights.member
    }
}

pub(crate) fn amount_of(kind: &str, amount: i64) -> Amount {
    let unit = match kind {
        "hours" | "compute" => Some("second".to_owned()),
        "contribution" => Some("micro-credit".to_owned()),
        _ => None,
    };
    let currency = unit.is_none().then(|| "USD".to_owned());
    Amount { amount, currency, unit }
}

pub(crate) fn ballot(member: u64, decision: &str, share_ppm: u32, scores: &[(u64, u32)]) -> CastBallot {
    let scores: BTreeMap<String, u32> =
        scores.iter().map(|(candidate, ppm)| (m(*candidate).to_string(), *ppm)).collect();
    CastBallot {
        member: m(member),
        decision: decision.to_owned(),
        item: None,
        share_ppm,
        scores: (!scores.is_empty()).then_some(scores),
        against: false,
    }
}

pub(crate) fn on_item(member: u64, decision: &str, item: &str, share_ppm: u32) -> CastBallot {
    let item = Some(item.to_owned());
    let scores = None;
    CastBallot { item, scores, ..ballot(member, decision, share_ppm, &[]) }
}

/// An act from its name and its body in JSON, where `#3` is member 3 and `DOC7` the seventh document's hash.
pub(crate) fn read(kind: &str, body: &str) -> Act {
    let mut text = String::new();
    let mut rest = body;
    while let Some(place) = rest.find(['#', 'D']) {
        text.push_str(&rest[..place]);
        let mark = if rest[place..].starts_with("DOC") { "DOC" } else { &rest[place..=place] };
        rest = &rest[place + mark.len()..];
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        match (mark, rest[..end].parse::<u64>()) {
            ("#", Ok(number)) => text.push_str(&m(number).to_string()),
            ("DOC", Ok(number)) => text.push_str(&doc(number)),
            _ => text.push_str(&format!("{mark}{}", &rest[..end])),
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    let mut from = serde_json::Deserializer::from_str(&text);
    Act::deserialize_body(kind, &mut from).unwrap().unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// The name of a document: any 64 hex digits will do.
/// Rent that is paid from the bank, minor units.
pub(crate) fn bill(source: &str, minor: i64) -> Act {
    entry(source, &[("assets:bank", -minor), ("expenses:rent", minor)])
}

pub(crate) fn entry(source: &str, postings: &[(&str, i64)]) -> Act {
    let posting =
        |(account, minor): &(&str, i64)| crate::act::Posting { account: (*account).to_owned(), minor: *minor };
    Act::BookEntry(crate::act::BookEntry {
        at: at("2025-01-01"),
        source: source.to_owned(),
        narration: Some("rent".to_owned()),
        currency: "USD".to_owned(),
        postings: postings.iter().map(posting).collect(),
    })
}

pub(crate) fn doc(number: u64) -> String {
    format!("{number:064x}")
}

/// Outcomes in words, with members as `#3`.
pub(crate) fn words(outcomes: &[Outcome]) -> Vec<String> {
    let short = |word: &str| match word.parse::<Pseudonym>() {
        Ok(member) => format!("#{}", member.0),
        Err(_) => word.to_owned(),
    };
    let line = |outcome: &Outcome| {
        let text = outcome.to_string();
        text.split(' ').map(short).collect::<Vec<_>>().join(" ")
    };
    // Most tests ask what was decided. A challenger's gains are told and decide nothing, and have a test of their own.
    let decided = outcomes.iter().filter(|outcome| !matches!(outcome, Outcome::ChallengerGains { .. }));
    decided.map(line).collect()
}

impl std::ops::Index<DecisionId> for Table<DecisionId, Decision, 1> {
    type Output = Decision;

    fn index(&self, decision: DecisionId) -> &Decision {
        self.get(decision).unwrap()
    }
}

impl std::ops::IndexMut<DecisionId> for Table<DecisionId, Decision, 1> {
    fn index_mut(&mut self, decision: DecisionId) -> &mut Decision {
        self.get_mut(decision).unwrap()
    }
}

/// Hands in as a member; a refused act has changed nothing.
pub(crate) fn by(house: &mut Coop, member: u64, act: &Act) -> Result<Vec<String>, Refusal> {
    let context = Context::of(Actor::Member(m(member)), house.state.time);
    let before = format!("{:?}", house.state);
    apply(&mut house.state, act, &context).map(|done| words(&done)).map_err(|no| {
        assert!(format!("{:?}", house.state) == before, "{no}");
        NotDone::refused(no)
    })
}

/// The rule that refused it.
pub(crate) fn rule<T: std::fmt::Debug>(done: Result<T, Refusal>) -> Rule {
    done.expect_err("refused").rule
}

/// How many made-up cases a law is tried with, from fixed seeds: as many as `ROCHDALE_LAW_TRIES` says, 300 if it does not.
pub(crate) fn tries() -> u64 {
    std::env::var("ROCHDALE_LAW_TRIES").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// Numbers that look random and are the same for the same seed.
pub(crate) struct Luck(u64);

impl Luck {
    pub(crate) fn new(seed: u64) -> Luck {
        Luck(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    /// A number below `count`, which is not 0.
    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % count
    }
}
