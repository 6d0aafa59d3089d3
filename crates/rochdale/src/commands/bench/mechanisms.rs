//! One update of the same crowd with the same number of ballots: on offices alone, on an office and a ranking as in `update`, and with every
//! mechanism of edition 4 in use beside them. By processor time, in one run, in turns.

use std::time::Duration;

use engine::act::{
    Act, AdmitMember, AskPool, BringItem, CastBallot, CreditRow, Found, GiveToPool, HoldMoney, PledgeToProject,
    ProposeCredit, ProposeOption, PublishRelease, ReleaseFile, RequestMoney, Stand,
};
use engine::{Actor, Context, Edition, Pseudonym, State};
use host::Charter;
use quantity::Moment;

use super::peers::processor_time;
use super::{Spread, crowd, line, update};
use crate::exit::Exit;

const MEMBERS: u64 = 100_000;
const BALLOTS_EACH: u64 = 20;
/// Offices of the crowd that votes on nothing else.
const OFFICES: u64 = 20;
/// Candidates of each office, or options, projects and requests.
const CHOICES: u64 = 20;
const ROUNDS: usize = 15;
/// Updates before those that are measured: columns are filled in them.
const BEFORE: usize = 4;
/// Requests that have passed, each with a fifth of all members behind it.
const PASSED: u64 = 5;
/// Members who have pledged to a project.
const PLEDGED: u64 = 20_000;
/// Members who have accepted credit.
const CREDITED: u64 = 2_000;

const KERNEL: &str = r#"# Kernel

```charter
kernel {
    name "bench"
    purpose "Measure an update"
    currency "USD"
    time-zone "UTC"
    class "patrons" { weight "min(donated(last month), pledged(next month)) / 1 USD" }
    class "makers" { weight "credit(last year)" }
    votes "quadratic"
    constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
}
```
"#;

/// Nothing of these comes to an end within the updates that are measured, so that no ballot comes free.
const MECHANISMS: &str = r#"office "maintainer" settles-in="14 days"
ranking "issues" brought-by="powers"
ranking "help" { brought-by "members"; supply "2000 hours per year"; order "conviction" }
commitment "budget" deadline="2099-12-31"
commitment "credit" every="month" accepts="credit"
pool "commons" { fed-by "20% of donations"; every "year" }
commitment "grants" of="commons" { spending-limit "25%"; least-conviction "0.01%"; conviction-half-life "90 days" }
release "binaries" { patrons-until "99000000 USD per month" }
"#;

/// A crowd and the rules under which it votes.
struct Crowd {
    state: State,
    time: Moment,
    spread: Spread,
}

/// Measures all three.
pub fn run() -> Result<(), Exit> {
    // The one that can fail comes first.
    let all = everything()?;
    let mut crowds = [offices()?, office_and_ranking()?, all];
    for crowd in &mut crowds {
        (0..BEFORE).try_for_each(|_| update::next(crowd, 1))?;
    }
    let ballots = crowds.each_ref().map(|crowd| crowd.ballots.len().to_string());
    line("ballots: on 20 offices, on an office and a ranking, with every mechanism", &ballots.join(", "))?;
    let mut times: Vec<[Duration; 3]> = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = [Duration::ZERO; 3];
        for (crowd, spent) in crowds.iter_mut().zip(&mut round) {
            update::changes(crowd)?;
            let begin = processor_time();
            update::next(crowd, 1)?;
            *spent = processor_time().saturating_sub(begin);
        }
        times.push(round);
    }
    let [offices, ranking, all] = [0, 1, 2].map(|place| times.iter().map(|round| round[place]).collect::<Vec<_>>());
    for (what, spent) in [("20 offices", &offices), ("an office and a ranking", &ranking), ("every mechanism", &all)] {
        line(&format!("update with {what}, processor time"), &super::ms(super::median(spent.clone())))?;
    }
    line("every mechanism ÷ elections alone (limit 1.3)", &spread_of(&all, &offices))?;
    line("every mechanism ÷ an office and a ranking", &spread_of(&all, &ranking))
}

/// The ratios of rounds: their middle, the least and the greatest.
fn spread_of(ours: &[Duration], theirs: &[Duration]) -> String {
    let mut ratios: Vec<u128> =
        ours.iter().zip(theirs).map(|(own, other)| own.as_nanos() * 100 / other.as_nanos().max(1)).collect();
    ratios.sort_unstable();
    let shown =
        |place: usize| ratios.get(place).map_or_else(String::new, |one| format!("{}.{:02}", one / 100, one % 100));
    format!("{} ({} to {})", shown(ratios.len() / 2), shown(0), shown(ratios.len().saturating_sub(1)))
}

impl Crowd {
    /// Members with a year of support.
    fn found(clauses: &str) -> Result<Crowd, Exit> {
        let time = crowd::moment("2025-01-01T00:00:00Z")?;
        let constitution = format!("# Rules\n\n```charter\n{clauses}```\n");
        let charter = Charter::read_under(KERNEL.to_owned(), constitution, Edition::FOUR)?;
        let founding = Found { edition: Edition::FOUR, open: true, ..Found::on("", "", false) };
        let mut crowd = Crowd { state: State::found(charter.rules, founding, time), time, spread: Spread(1_844) };
        for number in 0..MEMBERS {
            let (member, organisation) = (Pseudonym(number), false);
            let admitted = AdmitMember { member, organisation, founder: false, joined_on: None, left_on: None };
            crowd.act(Act::AdmitMember(admitted))?;
            let cents = 100 + crowd.spread.next(9_900);
            for act in self::crowd::year_of_support(member, number, cents)? {
                crowd.act(act)?;
            }
        }
        Ok(crowd)
    }

    fn act(&mut self, act: Act) -> Result<(), Exit> {
        let done = engine::apply(&mut self.state, &act, &Context::of(Actor::Operator, self.time));
        done.map(|_| ()).map_err(|no| Exit::world(no.to_string()))
    }

    /// A ballot of every member on a decision: with scores for three of its candidates, or for one of its items.
    fn vote(&mut self, decision: &str, choices: &[String], has_scores: bool) -> Result<(), Exit> {
        for number in 0..MEMBERS {
            let choice = |crowd: &mut Crowd| {
                let place = usize::try_from(crowd.spread.next(choices.len() as u64)).unwrap_or(0);
                choices.get(place).cloned().unwrap_or_default()
            };
            let (item, scores) = if has_scores {
                (None, Some((0..3).map(|_| (choice(self), 500_000)).collect()))
            } else {
                (Some(choice(self)), None)
            };
            let share_ppm = 20_000 + u32::try_from(self.spread.next(20_000)).unwrap_or(0);
            let against = !has_scores && self.spread.next(8) == 0;
            let (member, decision) = (Pseudonym(number), decision.to_owned());
            self.act(Act::CastBallot(CastBallot { member, decision, item, share_ppm, scores, against }))?;
        }
        Ok(())
    }

    /// Candidates of an office.
    fn candidates(&mut self, office: &str) -> Result<Vec<String>, Exit> {
        (0..5)
            .try_for_each(|one| self.act(Act::Stand(Stand { member: Pseudonym(one), decision: office.to_owned() })))?;
        Ok((0..5).map(|one| Pseudonym(one).to_string()).collect())
    }

    /// So many votes of everybody for issues, each on one of fifty.
    fn issues(&mut self, rounds: u64) -> Result<(), Exit> {
        for round in 0..rounds {
            let items: Vec<String> = (0..50).map(|item| (item + 50 * round).to_string()).collect();
            (0..50).try_for_each(|item| self.act(crowd::open_item(item + 50 * round)))?;
            self.vote("issues", &items, false)?;
        }
        Ok(())
    }
}

/// Every ballot is on an office, with three scores.
fn offices() -> Result<State, Exit> {
    let names: Vec<String> = (0..OFFICES).map(|number| format!("office-{number}")).collect();
    let clauses: String = names.iter().map(|name| format!("office \"{name}\" settles-in=\"14 days\"\n")).collect();
    let mut crowd = Crowd::found(&clauses)?;
    for name in names {
        let candidates = crowd.candidates(&name)?;
        crowd.vote(&name, &candidates, true)?;
    }
    Ok(crowd.state)
}

/// As `update` has it: a ballot of each on an office, the others on items.
fn office_and_ranking() -> Result<State, Exit> {
    let mut crowd =
        Crowd::found("office \"maintainer\" settles-in=\"14 days\"\nranking \"issues\" brought-by=\"powers\"\n")?;
    let candidates = crowd.candidates("maintainer")?;
    crowd.vote("maintainer", &candidates, true)?;
    crowd.issues(BALLOTS_EACH - 1)?;
    Ok(crowd.state)
}

/// A ballot of each on an office and on options, the others on items, requests for hours, projects and requests for money.
fn everything() -> Result<State, Exit> {
    let mut crowd = Crowd::found(MECHANISMS)?;
    for number in 0..CHOICES {
        let (member, organisation) = (Pseudonym(MEMBERS + number), false);
        let admitted = AdmitMember { member, organisation, founder: false, joined_on: None, left_on: None };
        crowd.act(Act::AdmitMember(admitted))?;
    }
    crowd.money()?;
    crowd.credit()?;
    let passing = crowd.asked("small", PASSED, |member, text, hash| {
        let (decision, people) = ("grants".to_owned(), Vec::new());
        Act::RequestMoney(RequestMoney { member, decision, request: hash, amount: crowd::usd(1), people, text })
    })?;
    crowd.vote("grants", &passing, false)?;
    update::next(&mut crowd.state, 1)?;
    update::next(&mut crowd.state, 1)?;
    crowd.time = crowd.state.time;
    let standing = crowd.state.ballots.len();
    if standing != 0 {
        return Err(Exit::world(format!("{standing} ballots are left on requests that should have passed")));
    }
    crowd.choices()?;
    Ok(crowd.state)
}

impl Crowd {
    /// Asks for something in the name of members without weight, each by a text of its own; returns the texts' hashes.
    fn asked(
        &mut self,
        word: &str,
        count: u64,
        act: impl Fn(Pseudonym, Option<std::sync::Arc<str>>, String) -> Act,
    ) -> Result<Vec<String>, Exit> {
        let texts = (0..count).map(|number| (Pseudonym(MEMBERS + number), format!("{word} {number}")));
        let mut hashes = Vec::new();
        for (member, text) in texts.collect::<Vec<_>>() {
            let hash = engine::digest::hex(text.as_bytes());
            self.act(act(member, Some(text.into()), hash.clone()))?;
            hashes.push(hash);
        }
        Ok(hashes)
    }

    /// Money is held, given to the pool, and pledged.
    fn money(&mut self) -> Result<(), Exit> {
        let hold = |number: u64, cents: i64, at: Moment| {
            let (member, amount) = (Pseudonym(number), crowd::usd(cents));
            let (source, account) = (format!("held:{number}"), "assets:bank".to_owned());
            Act::HoldMoney(HoldMoney { member, amount, at, source, account })
        };
        self.act(hold(MEMBERS, 10_000_000, self.time))?;
        let (member, decision) = (Pseudonym(MEMBERS), "commons".to_owned());
        self.act(Act::GiveToPool(GiveToPool { member, decision, amount: crowd::usd(10_000_000) }))?;
        let projects = self.asked("project", CHOICES, |member, text, hash| {
            let (decision, people, goal) = ("commons".to_owned(), Vec::new(), crowd::usd(100_000_000));
            Act::AskPool(AskPool { member, decision, project: hash, goal, people, text })
        })?;
        for (number, project) in (0..PLEDGED).zip(projects.iter().cycle()) {
            let cents = 100 + i64::try_from(self.spread.next(9_900)).unwrap_or(0);
            self.act(hold(number, cents, self.time))?;
            let (member, decision, project) = (Pseudonym(number), "commons".to_owned(), project.clone());
            self.act(Act::PledgeToProject(PledgeToProject { member, decision, project, amount: crowd::usd(cents) }))?;
        }
        Ok(())
    }

    /// Credit of December is proposed, and accepted at the end of January: where nobody votes, the default is.
    fn credit(&mut self) -> Result<(), Exit> {
        let micro = |crowd: &mut Crowd| 1_000 + crowd.spread.next(5_000_000);
        let credit = (0..CREDITED).map(|number| CreditRow { member: Pseudonym(number), micro: micro(self) }).collect();
        // As in a replay that has lost the list: its rows hold.
        let (contributions, contributions_text) = (engine::digest::hex(b"list"), None);
        let (decision, period) = ("credit".to_owned(), "2024-12-01".to_owned());
        self.act(Act::ProposeCredit(ProposeCredit { decision, period, contributions, contributions_text, credit }))
    }

    /// Everything that is voted on, and the ballots.
    fn choices(&mut self) -> Result<(), Exit> {
        let candidates = self.candidates("maintainer")?;
        self.vote("maintainer", &candidates, true)?;
        let options = self.asked("option", 5, |member, text, option| {
            Act::ProposeOption(ProposeOption { member, decision: "budget".to_owned(), option, text, plan: None })
        })?;
        self.vote("budget", &options, true)?;
        self.issues(6)?;
        let hours = Some(engine::act::Amount { amount: 360_000, currency: None, unit: Some("second".to_owned()) });
        let help: Vec<String> = (0..CHOICES).map(|number| number.to_string()).collect();
        for (number, item) in (0..).zip(&help) {
            let (member, decision, item) = (Pseudonym(MEMBERS + number), "help".to_owned(), item.clone());
            let title = Some(format!("help {number}").into());
            self.act(Act::BringItem(BringItem { member, decision, item, amount: hours.clone(), title }))?;
        }
        let projects: Vec<String> =
            (0..CHOICES).map(|number| engine::digest::hex(format!("project {number}").as_bytes())).collect();
        let requests = self.asked("large", CHOICES, |member, text, hash| {
            let (decision, people, amount) = ("grants".to_owned(), Vec::new(), crowd::usd(9_000_000));
            Act::RequestMoney(RequestMoney { member, decision, request: hash, amount, people, text })
        })?;
        for (decision, all) in [("help", &help), ("commons", &projects), ("grants", &requests)] {
            for some in all.chunks(5) {
                self.vote(decision, some, false)?;
            }
        }
        for version in 0..10 {
            let file = ReleaseFile {
                name: "tool.zip".to_owned(),
                bytes: 1,
                sha256: engine::digest::hex(b"x"),
                media: "application/zip".to_owned(),
            };
            let (release, version, files) = ("binaries".to_owned(), version.to_string(), vec![file]);
            self.act(Act::PublishRelease(PublishRelease { release, version, files }))?;
        }
        Ok(())
    }
}
