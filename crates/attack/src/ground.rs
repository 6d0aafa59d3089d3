//! The co-op that is attacked: a real one as it stands, or one of equal members that is made for it.

use std::collections::BTreeMap;

use charter::{Allowance, Kernel, Rules, Source, SupportKind, SupportUnit};
use engine::act::{Act, AddToList, AdmitMember, Amount, BookEntry, CastBallot, Found, Posting, RecordSupport, Stand};
use engine::chamber::{Decision, ROOT};
use engine::{MemberIndex, Pseudonym, State, digest};
use quantity::{Broken, Moment, PPM};

use crate::game::Game;

/// Months over which equal members give before they are attacked, so that all are of standing everywhere.
const MONTHS: i64 = 8;
/// One in so many votes: what a settled co-op can count on.
const ONE_IN: usize = 3;

/// A co-op, with everybody's weight counted.
#[derive(Clone, Debug)]
pub struct Ground {
    pub(crate) state: State,
}

impl Ground {
    /// A real co-op as it stands. Its log is not touched: every course is played on a copy.
    #[must_use]
    pub fn of(state: &State) -> Ground {
        Ground { state: state.clone() }
    }

    /// A co-op of equal members under these rules: each gives the same of everything that the formulas read for eight months, a
    /// third of them votes, the first of them hold the offices, and `balance_minor` is in the bank.
    ///
    /// # Errors
    /// An invariant of the engine that does not hold.
    pub fn equal_members(
        rules: Rules,
        texts: (&str, &str),
        members: u32,
        balance_minor: i64,
        threads: usize,
    ) -> Result<Ground, Broken> {
        let (kernel, constitution) = (digest::hex(texts.0.as_bytes()), digest::hex(texts.1.as_bytes()));
        let edition = rules.kernel.edition;
        let found = Found { edition, open: true, ..Found::on(&kernel, &constitution, true) };
        let state = State::found(rules, found, FOUNDED).with_texts(texts.0, texts.1);
        let mut game = Game::on(state, threads);
        settle(&mut game, members, balance_minor)?;
        Ok(Ground { state: game.state })
    }

    /// The same co-op with a document in force and counted once: `None` where it cannot be.
    ///
    /// # Errors
    /// An invariant of the engine that does not hold.
    pub fn with_document(&self, decision: &str, text: &str, threads: usize) -> Result<Option<Ground>, Broken> {
        let mut state = self.state.clone();
        let at = state.time;
        if state.put_in_force(decision, text, at).is_err() {
            return Ok(None);
        }
        let mut game = Game::on(state, threads);
        game.next_update()?;
        Ok(Some(Ground { state: game.state }))
    }

    /// Members with weight at the last update.
    pub fn voters(&self) -> u64 {
        let with_weight = |member: &MemberIndex| self.state.weights.of(*member) > 0;
        u64::try_from(self.state.members.indices().filter(with_weight).count()).unwrap_or(u64::MAX)
    }

    /// Money on the co-op's own accounts, minor units.
    pub(crate) fn balance_minor(&self) -> i64 {
        let balances = self.state.book.balances(None);
        let own = balances.iter().filter(|(name, _)| name.starts_with("assets:") || name.starts_with("liabilities:"));
        own.fold(0_i64, |sum, (_, minor)| sum.saturating_add(*minor)).max(0)
    }

    /// Open elections, the constitution's own first.
    pub(crate) fn elections(&self) -> impl Iterator<Item = &Decision> {
        let open = self.state.open_decisions().map(|(_, decision)| decision);
        open.filter(|decision| decision.has_seats())
    }
}

/// 1 January 2026, 00:00 UTC.
const FOUNDED: Moment = Moment(1_767_225_600_000_000);

/// The kinds of support that the kernel's formulas read, each once.
pub(crate) fn kinds(kernel: &Kernel) -> Vec<SupportKind> {
    let sources = kernel.classes.iter().flat_map(|class| &class.weight.sources);
    let mut kinds: Vec<SupportKind> = sources.filter_map(Source::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// A usual month: ten of money, eight hours, eight credits.
pub(crate) fn usual(kind: SupportKind) -> i64 {
    match kind.unit() {
        SupportUnit::Money => 1_000,
        SupportUnit::Seconds => 8 * 3_600,
        SupportUnit::MicroCredits => 8_000_000,
    }
}

/// A record of support, given now.
pub(crate) fn gift(game: &mut Game, member: Pseudonym, kind: SupportKind, amount: i64) -> Act {
    let currency = game.state.rules.kernel.currency.code().to_owned();
    let amount = match kind.unit() {
        SupportUnit::Money => Amount { amount, currency: Some(currency), unit: None },
        SupportUnit::Seconds => Amount { amount, currency: None, unit: Some("second".to_owned()) },
        SupportUnit::MicroCredits => Amount { amount, currency: None, unit: Some("micro-credit".to_owned()) },
    };
    let (given_at, source) = (game.now, game.fresh("gift"));
    let (wanted, kind) = (kind, kind.name().to_owned());
    // Sums over all services count too whatever is given to one of them.
    let mut sources = game.state.rules.kernel.classes.iter().flat_map(|class| &class.weight.sources);
    let service = sources.find_map(|source| source.service().filter(|_| source.kind() == Some(wanted)));
    let service = service.map(str::to_owned);
    Act::RecordSupport(RecordSupport {
        service,
        member,
        kind,
        amount,
        given_at: Some(given_at),
        given_on: None,
        book: None,
        source,
        parts: 1,
        series: None,
        stands_months: None,
    })
}

/// An amount of the co-op's money.
pub(crate) fn money_of(state: &State, minor: i64) -> Amount {
    Amount { amount: minor, currency: Some(state.rules.kernel.currency.code().to_owned()), unit: None }
}

/// Equal members come, give, vote and sit.
fn settle(game: &mut Game, members: u32, balance_minor: i64) -> Result<(), Broken> {
    let people = game.newcomers(u64::from(members))?;
    put_on_lists(game, &people)?;
    let kinds = kinds(&game.state.rules.kernel);
    for month in 0..MONTHS {
        for who in &people {
            for kind in &kinds {
                let act = gift(game, *who, *kind, usual(*kind));
                game.desk(&act)?;
            }
        }
        if month == 0 {
            stand_and_vote(game, &people)?;
        }
        game.wait_days(30)?;
    }
    // The book holds exactly the balance that is asked for, whatever members gave.
    let held = Ground { state: game.state.clone() }.balance_minor();
    let minor = balance_minor.saturating_sub(held);
    let entry = BookEntry {
        at: game.now,
        source: game.fresh("balance"),
        narration: Some("opening balance".to_owned()),
        currency: game.state.rules.kernel.currency.code().to_owned(),
        postings: vec![
            Posting { account: "assets:bank".to_owned(), minor },
            Posting { account: "equity:opening".to_owned(), minor: minor.saturating_neg() },
        ],
    };
    game.desk(&Act::BookEntry(entry))?;
    game.next_update()
}

/// Each list has its part of the members, one after the other.
fn put_on_lists(game: &mut Game, people: &[Pseudonym]) -> Result<(), Broken> {
    let lists: Vec<String> = game.state.rules.kernel.classes.iter().filter_map(|class| class.list.clone()).collect();
    for (who, list) in people.iter().zip(lists.iter().cycle()) {
        game.desk(&Act::AddToList(AddToList { list: list.clone(), member: *who }))?;
    }
    Ok(())
}

/// The first members stand; every third votes for them and for the texts in force, with equal shares.
fn stand_and_vote(game: &mut Game, people: &[Pseudonym]) -> Result<(), Broken> {
    let ground = Ground { state: game.state.clone() };
    let mut wishes: Vec<(String, BTreeMap<String, u32>)> = Vec::new();
    let mut next = people.iter().cycle();
    for decision in ground.elections() {
        let mut scores = BTreeMap::new();
        for seat in decision.holders() {
            let candidate = match seat {
                Some(text) => text.to_string(),
                None if decision.elects_documents() => continue,
                None => {
                    let Some(who) = next.next() else { continue };
                    let act = Stand { member: *who, decision: decision.name.clone() };
                    game.desk(&Act::Stand(act))?;
                    who.to_string()
                }
            };
            scores.insert(candidate, PPM);
        }
        if !scores.is_empty() {
            wishes.push((decision.name.clone(), scores));
        }
    }
    let each = |name: &str| ground.state.decision(name).is_some_and(|one| one.allowance == Allowance::Each);
    let sharing = wishes.iter().filter(|(decision, _)| !each(decision)).count();
    let part = PPM.checked_div(u32::try_from(sharing).unwrap_or(1)).unwrap_or(PPM);
    for voter in people.iter().step_by(ONE_IN) {
        for (decision, scores) in &wishes {
            let share_ppm = if each(decision) { PPM } else { part };
            let (decision, scores) = (decision.clone(), Some(scores.clone()));
            let act = CastBallot { member: *voter, decision, item: None, share_ppm, scores, against: false };
            game.desk(&Act::CastBallot(act))?;
        }
    }
    Ok(())
}

/// Somebody joins.
pub(crate) fn admission(member: Pseudonym) -> Act {
    Act::AdmitMember(AdmitMember { member, organisation: false, founder: false, joined_on: None, left_on: None })
}

/// The path of the constitution's own election.
pub(crate) const CONSTITUTION: &str = ROOT;
