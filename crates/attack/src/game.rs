//! One course: a copy of a co-op that goes on in time, and the acts that attackers hand in.

use std::collections::BTreeMap;

use charter::{Counting, SupportKind};
use engine::act::{Act, AgreeToAct, CastBallot, Deed, ProposeAct, ProposeOption, Stand};
use engine::chamber::Decision;
use engine::intent::{self, NewShare};
use engine::{Actor, Context, Due, Edition, MemberIndex, NotDone, Outcome, Pseudonym, State, digest};
use quantity::{Broken, Moment, PPM, ensure};

use crate::ground::{CONSTITUTION, admission, gift, kinds};
use crate::rhythm::{Giving, Rhythm};

/// Seconds of a day.
const DAY_S: u32 = 86_400;

/// Kinds of support that are money which somebody parts with; a pledge is a promise.
const PAID: &[SupportKind] =
    &[SupportKind::Donation, SupportKind::Purchase, SupportKind::Dues, SupportKind::Loan, SupportKind::ShareCapital];

/// Attackers' gifts.
#[derive(Default)]
pub(crate) struct Given {
    /// Money, minor units.
    pub(crate) minor: i64,
    /// Its records by their sources, minor units.
    pub(crate) records: Vec<(String, i64)>,
}

/// A co-op that goes on under attack.
pub(crate) struct Game {
    pub(crate) state: State,
    /// The time of the next act.
    pub(crate) now: Moment,
    began: Moment,
    threads: usize,
    fresh: u64,
    /// The gifts that the co-op's people go on making.
    rhythm: Rhythm,
}

/// Rules for a constitution inside the constitution that has none yet: they give no power, so they fit wherever they are.
const FIRST_RULES: &str = "# Rules\n\n```charter\nranking \"wishes\" {\n    close-after \"90 days\"\n}\n```";

impl Game {
    /// Goes on from a state, a minute later.
    pub(crate) fn on(state: State, threads: usize) -> Game {
        let now = state.time.plus_seconds(60);
        // Numbers that neither the co-op nor an earlier course of it has used.
        let fresh = u64::try_from(now.0).unwrap_or(0);
        let rhythm = Rhythm::of(&state, now);
        Game { state, now, began: now, threads, fresh, rhythm }
    }

    /// Whole days since it began.
    pub(crate) fn days(&self) -> u64 {
        self.now.seconds_since(self.began).checked_div(u64::from(DAY_S)).unwrap_or(0)
    }

    /// A text that no log has yet: the source of a record, or the end of a document.
    pub(crate) fn fresh(&mut self, what: &str) -> String {
        self.fresh = self.fresh.saturating_add(1);
        format!("attack/{what}/{}", self.fresh)
    }

    /// Hands an act in; `None` where the rules refuse it.
    pub(crate) fn hand_in(&mut self, actor: Actor, act: &Act) -> Result<Option<Vec<Outcome>>, Broken> {
        self.run_due(self.now)?;
        match engine::apply(&mut self.state, act, &Context::of(actor, self.now)) {
            Ok(outcomes) => Ok(Some(outcomes)),
            Err(NotDone::Refused(_)) => Ok(None),
            Err(NotDone::Broken(broken)) => Err(broken),
        }
    }

    /// As the desk, which may do everything: for what the co-op's people do every day, and for acts of members in a mass.
    pub(crate) fn desk(&mut self, act: &Act) -> Result<Option<Vec<Outcome>>, Broken> {
        self.hand_in(Actor::Operator, act)
    }

    /// Some who sit on an office or body hand in an act of it: the first alone, or where that is refused all of them together.
    pub(crate) fn by_seats(&mut self, office: &str, seats: &[Pseudonym], act: &Act) -> Result<(), Broken> {
        let Some((first, others)) = seats.split_first() else {
            return Ok(());
        };
        let proposed = Deed::of(act).filter(|_| self.state.editions.current >= Edition::TWO && !others.is_empty());
        let Some(proposed) = proposed else {
            self.hand_in(Actor::Member(*first), act)?;
            return Ok(());
        };
        let body = Some(office.to_owned());
        let act = Act::ProposeAct(ProposeAct { member: *first, body, proposed });
        let came = self.hand_in(Actor::Member(*first), &act)?.unwrap_or_default();
        let number = came.iter().find_map(|outcome| match outcome {
            Outcome::ActProposed(what) => Some(what.number),
            _ => None,
        });
        for member in others.iter().filter(|_| number.is_some()) {
            let act = AgreeToAct { member: *member, number: number.unwrap_or_default(), agree: true };
            self.hand_in(Actor::Member(*member), &Act::AgreeToAct(act))?;
        }
        Ok(())
    }

    /// Lets days go by.
    pub(crate) fn wait_days(&mut self, days: i64) -> Result<(), Broken> {
        self.now = self.now.plus_seconds(days.saturating_mul(i64::from(DAY_S)));
        self.run_due(self.now)
    }

    /// Goes on to the next update or change time, a minute after it.
    pub(crate) fn next_due(&mut self) -> Result<(), Broken> {
        self.now = self.now.max(self.state.next_due().moment().plus_seconds(60));
        self.run_due(self.now)
    }

    /// Goes on to the next update, a minute after it.
    pub(crate) fn next_update(&mut self) -> Result<(), Broken> {
        self.now = self.now.max(self.state.next_update.plus_seconds(60));
        self.run_due(self.now)
    }

    /// Goes on until something holds, at most so many days; the days since the beginning when it does.
    pub(crate) fn until(
        &mut self,
        most_days: u64,
        mut holds: impl FnMut(&Game) -> bool,
    ) -> Result<Option<u64>, Broken> {
        loop {
            if holds(self) {
                return Ok(Some(self.days()));
            }
            if self.days() >= most_days {
                return Ok(None);
            }
            self.next_due()?;
        }
    }

    fn run_due(&mut self, until: Moment) -> Result<(), Broken> {
        loop {
            let due = self.state.next_due();
            if self.rhythm.next().is_some_and(|at| at < due.moment() && at <= until) {
                self.go_on_giving()?;
                continue;
            }
            if due.moment() > until {
                return Ok(());
            }
            let came = match due {
                Due::Update(moment) => engine::update(&mut self.state, moment, self.threads),
                Due::Change(moment) => engine::change(&mut self.state, moment),
            };
            match came {
                Ok(_) => {}
                Err(NotDone::Broken(broken)) => return Err(broken),
                // An update that is due is never refused; if it were, waiting would not end.
                Err(NotDone::Refused(refusal)) => {
                    ensure!(false, "what was due is refused: {refusal}");
                }
            }
        }
    }

    /// Members give what they usually give at this time of the month or year. Those who left give nothing.
    fn go_on_giving(&mut self) -> Result<(), Broken> {
        let Some(at) = self.rhythm.next() else {
            return Ok(());
        };
        let zone = self.state.rules.kernel.zone.clone();
        let present = std::mem::replace(&mut self.now, at.max(self.state.time));
        for Giving { who, kind, amount, .. } in self.rhythm.take(&zone) {
            let act = gift(self, who, kind, amount);
            let context = Context::of(Actor::Operator, self.now);
            if let Err(NotDone::Broken(broken)) = engine::apply(&mut self.state, &act, &context) {
                return Err(broken);
            }
        }
        self.now = present;
        Ok(())
    }

    /// Nothing of a kind is recorded any more.
    pub(crate) fn silence(&mut self, kind: SupportKind) {
        self.rhythm.silence(kind);
    }

    /// People who are not in the register.
    pub(crate) fn strangers(&mut self, count: u64) -> Vec<Pseudonym> {
        let mut people = Vec::new();
        for _ in 0..count {
            self.fresh = self.fresh.saturating_add(1);
            people.push(Pseudonym(self.fresh));
        }
        people.retain(|who| self.state.members.index(*who).is_none());
        people
    }

    /// So many people join, let in by the desk.
    pub(crate) fn newcomers(&mut self, count: u64) -> Result<Vec<Pseudonym>, Broken> {
        let mut people = Vec::new();
        for member in self.strangers(count) {
            if self.desk(&admission(member))?.is_some() {
                people.push(member);
            }
        }
        Ok(people)
    }

    /// Each gives so much of every kind that the formulas read, in the kind's unit.
    pub(crate) fn give(&mut self, people: &[Pseudonym], amount: i64) -> Result<Given, Broken> {
        let kinds = kinds(&self.state.rules.kernel);
        let mut given = Given::default();
        for who in people {
            for kind in &kinds {
                let act = gift(self, *who, *kind, amount);
                if self.desk(&act)?.is_none() || !PAID.contains(kind) {
                    continue;
                }
                given.minor = given.minor.saturating_add(amount);
                if let Act::RecordSupport(record) = act {
                    given.records.push((record.source, amount));
                }
            }
        }
        Ok(given)
    }

    /// Money that some ever gave, less what came back, minor units.
    pub(crate) fn gave_minor(&self, people: &[Pseudonym]) -> i64 {
        let index = |who: &Pseudonym| self.state.members.index(*who);
        let rows = people.iter().filter_map(index).flat_map(|member| {
            let kinds = PAID.iter().filter_map(|kind| self.state.support.rows(*kind));
            kinds.flat_map(move |rows| rows.of(member))
        });
        rows.fold(0_i64, |sum, (_, row)| sum.saturating_add(row.amount))
    }

    /// The part of all weight at the last update that some hold, parts per million.
    pub(crate) fn weight_ppm(&self, people: &[Pseudonym]) -> u32 {
        let index = |who: &Pseudonym| self.state.members.index(*who);
        let own: u128 = people.iter().filter_map(index).map(|one| u128::from(self.state.weights.of(one))).sum();
        let ppm = own.saturating_mul(u128::from(PPM)).checked_div(self.state.weights.total);
        u32::try_from(ppm.unwrap_or(0)).unwrap_or(PPM)
    }

    /// Members with weight, the heaviest first, without those who hold a decision.
    pub(crate) fn heaviest(&self, but_holders_of: Option<&str>) -> Vec<Pseudonym> {
        let decision = but_holders_of.and_then(|name| self.state.decision(name));
        let free = |who: &Pseudonym| !decision.is_some_and(|decision| decision.seats_member(*who));
        let weight = |member: MemberIndex| self.state.weights.of(member);
        let mut all: Vec<MemberIndex> = self.state.members.indices().filter(|member| weight(*member) > 0).collect();
        // The last admitted first among equals: the first hold the offices of a co-op that is made up.
        all.sort_by_key(|member| (std::cmp::Reverse(weight(*member)), std::cmp::Reverse(*member)));
        all.into_iter().filter_map(|member| self.state.members.pseudonym(member)).filter(free).collect()
    }

    /// As few of the heaviest as hold a part of all weight.
    pub(crate) fn coalition(&self, part_ppm: u32, but_holders_of: Option<&str>) -> Vec<Pseudonym> {
        let mut people = self.heaviest(but_holders_of);
        let wanted = part_of(self.state.weights.total, part_ppm);
        let mut sum: u128 = 0;
        let enough = people.iter().position(|who| {
            let index = self.state.members.index(*who);
            sum = sum.saturating_add(index.map_or(0, |one| u128::from(self.state.weights.of(one))));
            sum >= wanted
        });
        people.truncate(enough.map_or(people.len(), |place| place.saturating_add(1)));
        people
    }

    /// Takes back every ballot of somebody.
    pub(crate) fn take_back(&mut self, who: Pseudonym) -> Result<(), Broken> {
        let Some(index) = self.state.members.index(who) else {
            return Ok(());
        };
        let named = |(_, ballot): (u32, &engine::ballot::Ballot)| {
            let decision = self.state.decisions.get(ballot.decision).filter(|one| one.is_open())?;
            Some(NewShare { ballot: intent::ballot_name(decision, ballot)?, share_ppm: 0 })
        };
        let moves: Vec<NewShare> = self.state.ballots.of(&self.state.members, index).filter_map(named).collect();
        for act in intent::move_shares(&self.state, who, &moves).unwrap_or_default() {
            self.desk(&act)?;
        }
        Ok(())
    }

    /// Puts up a candidate of the attackers: the first of them, or a text; `None` where the rules refuse it.
    pub(crate) fn put_up(&mut self, people: &[Pseudonym], decision: &str) -> Result<Option<String>, Broken> {
        let Some(first) = people.first().copied() else {
            return Ok(None);
        };
        if self.state.decision(decision).is_some_and(Decision::elects_documents) {
            return self.put_up_text(first, decision);
        }
        let act = Act::Stand(Stand { member: first, decision: decision.to_owned() });
        Ok(self.desk(&act)?.map(|_| first.to_string()))
    }

    /// Proposes another text; its name, or `None` where the rules refuse it.
    pub(crate) fn put_up_text(&mut self, who: Pseudonym, decision: &str) -> Result<Option<String>, Broken> {
        let text = self.another_text(decision);
        let act = intent::propose(who, decision, &text);
        Ok(self.desk(&act)?.map(|_| digest::hex(text.as_bytes())))
    }

    /// Puts up an option of a commitment; its name, or `None` where the rules refuse it.
    pub(crate) fn put_up_option(&mut self, who: Pseudonym, decision: &str) -> Result<Option<String>, Broken> {
        let text = self.fresh("option");
        let option = digest::hex(text.as_bytes());
        let (decision, text) = (decision.to_owned(), Some(text.into()));
        let act = Act::ProposeOption(ProposeOption { member: who, decision, option: option.clone(), text, plan: None });
        Ok(self.desk(&act)?.map(|_| option))
    }

    /// The text in force with another sentence, so that it checks; a new one where the text holds no rules, or none is in force.
    pub(crate) fn another_text(&mut self, decision: &str) -> String {
        let in_force = match decision {
            KERNEL => self.state.amendment.text.clone(),
            _ => self.state.decision(decision).and_then(|one| one.in_force()?.text.clone()),
        };
        let holds_rules = self.state.decision(decision).is_some_and(|one| one.holds_rules);
        let first = if holds_rules { FIRST_RULES } else { "# A text" };
        let fresh = self.fresh("text");
        format!("{}\n\nAnother text: {fresh}.\n", in_force.as_deref().unwrap_or(first))
    }

    /// Everything that attackers have goes to one candidate, for and, where that makes more of it, against the holders.
    pub(crate) fn all_in(&mut self, people: &[Pseudonym], decision: &str, candidate: &str) -> Result<(), Broken> {
        let Some(standing) = self.state.decision(decision) else {
            return Ok(());
        };
        let holders: BTreeMap<String, u32> =
            standing.holders().into_iter().flatten().map(|one| (one.to_string(), PPM)).collect();
        // Two roots of half a share are more than one of a whole: edition 1 has them.
        let in_two = standing.counting == Counting::Quadratic
            && self.state.editions.current == Edition::ONE
            && !holders.is_empty()
            && !holders.contains_key(candidate);
        let share_ppm = if in_two { PPM / 2 } else { PPM };
        for who in people {
            self.take_back(*who)?;
            let ballot = |against, scores| {
                let decision = decision.to_owned();
                Act::CastBallot(CastBallot {
                    member: *who,
                    decision,
                    item: None,
                    share_ppm,
                    scores: Some(scores),
                    against,
                })
            };
            self.desk(&ballot(false, BTreeMap::from([(candidate.to_owned(), PPM)])))?;
            if in_two {
                self.desk(&ballot(true, holders.clone()))?;
            }
        }
        Ok(())
    }

    /// Whether a candidate holds a decision.
    pub(crate) fn holds(&self, decision: &str, candidate: &str) -> bool {
        let decision = self.state.decision(decision);
        decision.is_some_and(|one| one.holders().into_iter().flatten().any(|holder| holder.to_string() == candidate))
    }

    /// Who holds an office.
    pub(crate) fn holder(&self, decision: &str) -> Option<String> {
        let holders = self.state.decision(decision)?.holders();
        holders.into_iter().flatten().next().map(ToString::to_string)
    }

    /// The election that decides most: of offices and bodies the one with most powers, else the constitution.
    pub(crate) fn greatest_prize(&self) -> String {
        let open = self.state.open_decisions().map(|(_, decision)| decision);
        let seats = open.filter(|one| !one.elects_documents() && one.has_seats());
        let powers = |one: &Decision| self.state.rules.clause(&one.name).map_or(0, |clause| clause.powers().len());
        // The first of equals.
        let most = seats.enumerate().max_by_key(|(place, one)| (powers(one), std::cmp::Reverse(*place)));
        most.map_or_else(|| CONSTITUTION.to_owned(), |(_, one)| one.name.clone())
    }
}

/// A part of a weight, rounded down.
fn part_of(weight: u128, part_ppm: u32) -> u128 {
    weight.saturating_mul(u128::from(part_ppm)).checked_div(u128::from(PPM)).unwrap_or(0)
}

/// The kernel's name in acts.
pub(crate) const KERNEL: &str = engine::rules::amendment::KERNEL;
