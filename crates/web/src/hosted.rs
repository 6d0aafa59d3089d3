//! The server's own desk: views of a shared co-op, and acts handed in to it. Pages and the JSON API stand in front of it.

mod acts;
mod entries;
mod power;
mod rules;

use engine::book::{BookPeriod, Day};
use engine::weight::{Sources, weigh};
use engine::{Act, Actor, Context, Pseudonym, State};
use host::{Coop, Error, ServerClock, Shared, Submission, Submitted, clock, decode_act};
use quantity::Moment;
use serde_json::{Value, json};
use std::sync::Mutex;
use views::Whom;
use views::{
    BookReport, ClosedDecision, ConstitutionView, CoopSummary, DecisionCard, DecisionView, DocumentView, ForkDraft,
    ForksView, HomeView, KernelView, LogView, MemberView, MembersView, MoneyView, MyPageView, PowerView, PreviewView,
    ProposedKernel, RankingView, RulesCheck, RulesDraft, RulesReport, RulesText, Sight, StandingsReport, WalkInView,
    WeightsReport,
};

use crate::desk::{BallotDraft, Deed, Desk, ForkStep, ItemDraft, ShareMove, Step, Tried};
use crate::trouble::Trouble;

/// A desk on a co-op.
#[derive(Debug)]
pub struct HostDesk {
    pub(crate) shared: Shared,
    demonstration: bool,
    walk_in: bool,
    /// Held by whoever tries rules on the past.
    trying: Mutex<()>,
}

impl HostDesk {
    /// A desk on a co-op by the machine's clock.
    #[must_use]
    pub fn new(coop: Coop, walk_in: bool) -> Self {
        let shared = Shared::new(coop, ServerClock::Machine);
        HostDesk { shared, demonstration: false, walk_in, trying: Mutex::default() }
    }

    /// A desk on a demonstration: its time goes on from where its log ends, and its next update can be run at once.
    #[must_use]
    pub fn demonstration(coop: Coop) -> Self {
        let clock = ServerClock::From { log: coop.state().time, machine: clock::now() };
        HostDesk { shared: Shared::new(coop, clock), demonstration: true, walk_in: true, trying: Mutex::default() }
    }

    /// Runs what is due; called every second by the server.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn run_due(&self) -> Result<u64, Error> {
        self.shared.run_due()
    }

    /// Looks at the newest committed state.
    pub(crate) fn see<T>(
        &self,
        me: Option<&str>,
        look: impl FnOnce(&Sight<'_>, &Coop) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let coop = self.shared.read().map_err(down)?;
        let me = me.and_then(|text| text.parse().ok());
        let sight = Sight { me, walk_in: self.walk_in, ..coop.sight(self.now(&coop)) };
        look(&sight, &coop)
    }

    fn now(&self, coop: &Coop) -> Moment {
        self.shared.now().max(coop.state().time)
    }

    /// What the next update would publish on these decisions if these acts of one member came before it.
    fn ahead(&self, me: &str, acts: &[Act], on: &[String]) -> Result<Vec<PreviewView>, Trouble> {
        self.see(Some(me), |sight, _| {
            let state = tried(sight, pseudonym(me)?, acts)?;
            let views = on.iter().map(|decision| views::preview_of(sight, sight.state, &state, decision));
            views.collect::<Option<Vec<_>>>().ok_or(Trouble::Absent)
        })
    }

    /// The same on one decision.
    fn ahead_on(&self, me: &str, acts: &[Act], decision: &str) -> Result<PreviewView, Trouble> {
        let mut views = self.ahead(me, acts, &[decision.to_owned()])?;
        views.pop().ok_or(Trouble::Absent)
    }

    /// Hands acts of one member in, all of them or none. The texts that they bring are kept with them.
    fn hand_in(&self, me: &str, acts: &[Act]) -> Result<(), Trouble> {
        let who = pseudonym(me)?;
        if acts.len() > 1 {
            // Taking back half a batch means reading the log again: what would be refused is found on a copy first.
            self.see(Some(me), |sight, _| tried(sight, who, acts).map(|_| ()))?;
        }
        let mut coop = self.shared.write();
        let now = self.shared.now();
        let mut batch = coop.batch().map_err(down)?;
        for act in acts {
            match batch.append(act, Actor::Member(who), "", "", now) {
                Ok(_) => {}
                Err(Error::Refused(refusal)) => {
                    batch.abort().map_err(down)?;
                    return Err(refused(refusal));
                }
                Err(error) => return Err(down(error)),
            }
        }
        batch.commit().map_err(down)
    }
}

/// A copy of the state in which these acts of one member are done, or the first refusal.
pub(crate) fn tried(sight: &Sight<'_>, who: Pseudonym, acts: &[Act]) -> Result<State, Trouble> {
    let mut state = sight.state.clone();
    let due = state.next_due().moment();
    let time = sight.now.min(Moment(due.0.saturating_sub(1)));
    let actor = Actor::Member(who);
    for act in acts {
        engine::apply(&mut state, act, &Context { time, actor }).map_err(refused)?;
    }
    Ok(state)
}

pub(crate) fn pseudonym(text: &str) -> Result<Pseudonym, Trouble> {
    text.parse().map_err(|_| Trouble::Nobody)
}

pub(crate) fn refused(refusal: engine::Refusal) -> Trouble {
    Trouble::Refused(views::refusal(&refusal))
}

/// A fault of the world: the operator reads why in the server's own log.
pub(crate) fn down(error: Error) -> Trouble {
    tracing::error!(%error, "the co-op cannot be used");
    Trouble::Unready
}

fn moment(text: &str, coop: &Coop) -> Result<Moment, Trouble> {
    let zone = &coop.state().rules.kernel.zone;
    Moment::parse_at_end_of_day(text, zone).map_err(|why| Trouble::bad("at", why))
}

/// A member by pseudonym or by the name shown, which only one may have.
fn named(coop: &Coop, name: &str) -> Result<Pseudonym, Trouble> {
    let known = |member: &Pseudonym| coop.state().members.index(*member).is_some();
    if let Some(member) = name.parse().ok().filter(known) {
        return Ok(member);
    }
    let names = coop.directory().names.iter();
    let mut called = names.filter(|(_, shown)| *shown == name);
    match (called.next(), called.next()) {
        (Some((member, _)), None) => Ok(*member),
        (Some(_), Some(_)) => {
            let words = format!("several members are called `{name}`: give the pseudonym");
            Err(Trouble::bad("member", words))
        }
        (None, _) => Err(Trouble::Absent),
    }
}

impl Desk for HostDesk {
    fn coop(&self, me: Option<&str>) -> Result<CoopSummary, Trouble> {
        self.see(me, |sight, _| Ok(views::coop_summary(sight)))
    }

    fn home(&self, me: Option<&str>) -> Result<HomeView, Trouble> {
        self.see(me, |sight, _| Ok(views::home(sight)))
    }

    fn my_page(&self, me: &str) -> Result<MyPageView, Trouble> {
        self.see(Some(me), |sight, _| views::my_page(sight).ok_or(Trouble::Nobody))
    }

    fn decisions(&self) -> Result<Vec<DecisionCard>, Trouble> {
        self.see(None, |sight, _| Ok(views::decision_cards(sight)))
    }

    fn decision(&self, name: &str, me: Option<&str>) -> Result<DecisionView, Trouble> {
        self.see(me, |sight, _| views::decision(sight, name).ok_or(Trouble::Absent))
    }

    fn closed_decision(&self, name: &str) -> Result<ClosedDecision, Trouble> {
        self.see(None, |sight, _| views::closed_decision(sight, name).ok_or(Trouble::Absent))
    }

    fn constitution(&self, path: &str, me: Option<&str>) -> Result<ConstitutionView, Trouble> {
        self.see(me, |sight, _| views::constitution(sight, path).ok_or(Trouble::Absent))
    }

    fn kernel(&self, me: Option<&str>) -> Result<KernelView, Trouble> {
        self.see(me, |sight, _| Ok(views::kernel(sight)))
    }

    fn proposed_kernel(&self, document: &str, me: Option<&str>) -> Result<ProposedKernel, Trouble> {
        self.see(me, |sight, _| views::proposed_kernel(sight, document).ok_or(Trouble::Absent))
    }

    fn rules_draft(&self, decision: &str, from: Option<&str>, me: Option<&str>) -> Result<RulesDraft, Trouble> {
        self.see(me, |sight, _| views::rules_draft(sight, decision, from).ok_or(Trouble::Absent))
    }

    fn check_rules(&self, decision: &str, text: &str) -> Result<RulesCheck, Trouble> {
        self.see(None, |sight, _| rules::check(sight, decision, text))
    }

    fn check_fork(&self, kernel: &str, constitution: &str) -> Result<(RulesCheck, RulesCheck), Trouble> {
        self.see(None, |sight, _| Ok(views::fork_check(sight, kernel, constitution)))
    }

    fn try_rules(&self, decision: &str, text: &str, from: &str) -> Result<Tried, Trouble> {
        self.try_on_the_past(decision, text, from)
    }

    fn rules_report(&self) -> Result<RulesReport, Trouble> {
        self.see(None, |sight, _| Ok(views::rules_report(sight)))
    }

    fn forks(&self, me: Option<&str>) -> Result<ForksView, Trouble> {
        self.see(me, |sight, _| Ok(views::forks(sight)))
    }

    fn fork_draft(&self) -> Result<ForkDraft, Trouble> {
        self.see(None, |sight, _| Ok(views::fork_draft(sight)))
    }

    fn fork_text(&self, fork: &str, part: &str) -> Result<RulesText, Trouble> {
        self.see(None, |sight, _| views::fork_text(sight, fork, part).ok_or(Trouble::Absent))
    }

    fn ranking(&self, name: Option<&str>, me: Option<&str>) -> Result<RankingView, Trouble> {
        self.see(me, |sight, _| {
            let name = name.map(str::to_owned).or_else(|| views::first_ranking(sight));
            let view = name.and_then(|name| views::ranking(sight, &name));
            view.ok_or(Trouble::Absent)
        })
    }

    fn document(&self, decision: &str, document: &str) -> Result<DocumentView, Trouble> {
        self.see(None, |sight, _| views::document(sight, decision, document).ok_or(Trouble::Absent))
    }

    fn money(&self, cursor: Option<&str>) -> Result<MoneyView, Trouble> {
        self.see(None, |sight, coop| entries::money(sight, coop, cursor))
    }

    fn members(&self, query: &str, cursor: Option<&str>) -> Result<MembersView, Trouble> {
        self.see(None, |sight, _| Ok(views::members(sight, query, cursor)))
    }

    fn member(&self, member: &str) -> Result<MemberView, Trouble> {
        let who: Pseudonym = member.parse().map_err(|_| Trouble::Absent)?;
        self.see(None, |sight, _| views::member(sight, who).ok_or(Trouble::Absent))
    }

    fn log(&self, cursor: Option<&str>) -> Result<LogView, Trouble> {
        self.see(None, |sight, coop| entries::log(sight, coop, cursor))
    }

    fn walk_in(&self, query: &str, cursor: Option<&str>) -> Result<WalkInView, Trouble> {
        self.see(None, |sight, _| Ok(views::walk_in(sight, query, cursor)))
    }

    fn preview_ballot(&self, me: &str, decision: &str, draft: &BallotDraft) -> Result<PreviewView, Trouble> {
        let acts = self.see(Some(me), |sight, _| acts::ballots(sight, decision, draft))?;
        self.ahead_on(me, &acts, decision)
    }

    fn preview_item(&self, me: &str, ranking: &str, draft: &ItemDraft) -> Result<PreviewView, Trouble> {
        self.ahead_on(me, &[acts::item(me, ranking, draft)?], ranking)
    }

    fn preview_shares(&self, me: &str, moves: &[ShareMove]) -> Result<Vec<PreviewView>, Trouble> {
        let acts = self.see(Some(me), |sight, _| acts::shares(sight, moves))?;
        self.ahead(me, &acts, &acts::decisions(&acts))
    }

    fn cast_ballot(&self, me: &str, decision: &str, draft: &BallotDraft) -> Result<(), Trouble> {
        let acts = self.see(Some(me), |sight, _| acts::ballots(sight, decision, draft))?;
        self.hand_in(me, &acts)
    }

    fn cast_item_ballot(&self, me: &str, ranking: &str, draft: &ItemDraft) -> Result<(), Trouble> {
        self.hand_in(me, &[acts::item(me, ranking, draft)?])
    }

    fn move_shares(&self, me: &str, moves: &[ShareMove]) -> Result<(), Trouble> {
        let acts = self.see(Some(me), |sight, _| acts::shares(sight, moves))?;
        self.hand_in(me, &acts)
    }

    fn take_step(&self, me: &str, decision: &str, step: &Step) -> Result<(), Trouble> {
        self.hand_in(me, &[acts::step(me, decision, step)?])
    }

    fn take_fork_step(&self, me: &str, step: &ForkStep) -> Result<(), Trouble> {
        self.hand_in(me, &[acts::fork_step(me, step)?])
    }

    fn power(&self, me: &str, power: &str, query: &str) -> Result<PowerView, Trouble> {
        self.see(Some(me), |sight, _| {
            sight.me.ok_or(Trouble::Nobody)?;
            views::power(sight, power, query).ok_or(Trouble::Absent)
        })
    }

    fn use_power(&self, me: &str, deed: &Deed) -> Result<(), Trouble> {
        self.do_deed(me, deed)
    }

    fn run_next_update(&self) -> Result<(), Trouble> {
        if !self.demonstration {
            return Err(Trouble::Absent);
        }
        self.shared.run_next_update().map_err(down)
    }

    fn weights_report(&self, at: Option<&str>, member: Option<&str>) -> Result<WeightsReport, Trouble> {
        self.see(None, |sight, coop| {
            let at = at.map_or(Ok(sight.now), |text| moment(text, coop))?;
            let whom = match member {
                None => Whom::WithWeight,
                Some(name) => Whom::One(named(coop, name)?),
            };
            let (kernel, members) = (&sight.state.rules.kernel, &sight.state.members);
            let sources = &mut Sources::default();
            let weights = weigh(kernel, members, &sight.state.support, sources, at, 1);
            let directory = sight.directory;
            Ok(views::weights_report(kernel, members, &weights, directory, at, whom))
        })
    }

    fn standings_report(&self, decision: &str, at: Option<&str>) -> Result<StandingsReport, Trouble> {
        let report = |sight: &Sight<'_>| views::standings_report(sight, decision);
        let Some(text) = at else {
            return self.see(None, |sight, _| report(sight).ok_or(Trouble::Absent));
        };
        let now = moment(text, &*self.shared.read().map_err(down)?)?;
        let found = self.shared.state_at(now).map_err(down)?;
        let (state, history) = found.ok_or(Trouble::Absent)?;
        let coop = self.shared.read().map_err(down)?;
        let sight = Sight { state: &state, history: history.points(), ..coop.sight(now) };
        report(&sight).ok_or(Trouble::Absent)
    }

    fn book_report(&self, by: &str, at: Option<&str>) -> Result<BookReport, Trouble> {
        self.see(None, |sight, coop| {
            let by = match by {
                "year" => BookPeriod::Year,
                "month" => BookPeriod::Month,
                _ => return Err(Trouble::bad("by", "give `year` or `month`")),
            };
            let until = at.map(|text| moment(text, coop)).transpose()?;
            let until = until.map(|at| Day::of(at, &sight.state.rules.kernel.zone));
            Ok(views::book_report(&sight.state.book, by, until))
        })
    }

    fn submit_act(&self, me: Option<&str>, key: Option<&str>, act: &str) -> Result<Value, Trouble> {
        if me.is_none() && !self.walk_in {
            // Before anything is looked up: a stranger must not learn from the answer who is in the register.
            return Err(Trouble::Nobody);
        }
        let mut line = {
            let coop = self.shared.read().map_err(down)?;
            let mut find = |name: &str| named(&coop, name).ok();
            decode_act(act.as_bytes(), &mut find).map_err(|misread| Trouble::bad("act", misread.to_string()))?
        };
        let who = match me {
            Some(me) => pseudonym(me)?,
            // Where anyone may pick whom to act as, a program picks by naming the member in the act.
            None => line.act.own_member().ok_or(Trouble::Nobody)?,
        };
        if let Some(key) = key {
            key.clone_into(&mut line.key);
        }
        if line.key.len() > host::MAX_KEY || line.key.chars().any(char::is_control) {
            let words = "give at most 128 characters without control characters";
            return Err(Trouble::bad("Idempotency-Key", words));
        }
        let actor = Actor::Member(who);
        let (act, key, nonce) = (line.act, line.key, line.nonce);
        let submitted = self.shared.submit(Submission { act, actor, key, nonce });
        match submitted.map_err(down)? {
            Submitted::Accepted(receipt) => Ok(json!(receipt)),
            Submitted::Refused(refusal) => Err(refused(refusal)),
            Submitted::KeyReused(entry) => Err(Trouble::bad(
                "Idempotency-Key",
                format!("entry {entry} has this key and is another act: give every act its own"),
            )),
        }
    }

    fn ready(&self) -> Result<(), String> {
        self.shared.read().map(|_| ()).map_err(|e| e.to_string())
    }
}
