//! Leaving together: the kernel's terms, and the members who go or went.

use engine::MemberIndex;

use charter::{Constitution, Rules, TreasuryShare};
use engine::chamber::{CandidateName, ROOT};
use engine::fork::{CompletedFork, OpenFork};
use engine::rules::amendment::KERNEL;
use serde::Serialize;
use words::fork;
use words::numbers::MEMBERS;

use crate::editor::checked_with;
use crate::say::money;
use crate::{Candidate, RulesCheck, RulesText, Share, Sight, facts, mistaken, rules_draft, say};

/// The page of forks.
#[derive(Serialize, Debug, Clone)]
pub struct ForksView {
    /// The things that go along with members who leave together, a sentence each.
    pub terms: Vec<String>,
    /// Worked out for today, for example `If the 3 who go left today, 120 USD of 512.30 USD would go along.`
    pub today: String,
    /// In the order of announcement.
    pub open: Vec<ForkView>,
    /// The newest first.
    pub completed: Vec<CompletedForkView>,
    /// The reader may announce one: a member who goes with none.
    pub may_announce: bool,
}

/// A fork that is announced.
#[derive(Serialize, Debug, Clone)]
pub struct ForkView {
    /// As the act names it: `blue-co-op`.
    pub name: String,
    pub title: String,
    /// The member who announced it, and the date.
    pub words: String,
    /// The first of the members who go, in the order of admission.
    pub going: Vec<Candidate>,
    pub going_total: u64,
    /// The number of those who are not listed.
    pub going_more: u64,
    /// The money that would go along today, a sentence.
    pub share_words: String,
    /// From edition 2 on: the day from which it can be completed, both shares, and the limits; a sentence each.
    pub limits: Vec<String>,
    pub kernel: ForkText,
    pub constitution: ForkText,
    /// The reader goes with it.
    pub mine: bool,
    /// The reader may go with it.
    pub may_join: bool,
}

/// A text that a fork begins with.
#[derive(Serialize, Debug, Clone)]
pub struct ForkText {
    pub title: String,
    pub href: String,
    /// SHA-256 of the text, hex.
    pub document: String,
}

/// A fork that was completed.
#[derive(Serialize, Debug, Clone)]
pub struct CompletedForkView {
    pub name: String,
    pub title: String,
    /// The date, the number of members who left, and the money that went along.
    pub words: String,
    /// The new co-op's id.
    pub coop: String,
    /// The first of the members who left, in the order of admission.
    pub went: Vec<Candidate>,
    pub went_total: u64,
    /// The number of those who are not listed.
    pub went_more: u64,
}

/// The beginning of a member's announcement of a fork.
#[derive(Serialize, Debug, Clone)]
pub struct ForkDraft {
    pub name: String,
    /// The kernel's text in force, where the kernel lets its rules go along.
    pub kernel: String,
    /// The constitution's, likewise.
    pub constitution: String,
    /// The things that go along, a sentence each.
    pub terms: Vec<String>,
}

/// The number of members who are named of each fork.
const NAMED: usize = 20;
/// The number of completed forks that are shown.
const COMPLETED: usize = 100;

/// Returns the page of forks.
#[must_use]
pub fn forks(sight: &Sight<'_>) -> ForksView {
    let forks = &sight.state.forks;
    let me = sight.me_index();
    let goes = me.is_some_and(|me| forks.of(me).is_some());
    let completed = forks.completed().iter().rev().take(COMPLETED);
    ForksView {
        terms: charter::explain_fork(&sight.state.rules.kernel),
        today: sight.today(),
        open: forks.open().iter().map(|fork| sight.open_fork(fork, me, goes)).collect(),
        completed: completed.map(|fork| sight.completed_fork(fork)).collect(),
        may_announce: me.is_some() && !goes,
    }
}

/// Returns the beginning of a member's announcement of a fork.
#[must_use]
pub fn fork_draft(sight: &Sight<'_>) -> ForkDraft {
    let kernel = &sight.state.rules.kernel;
    let text = |decision: &str| match kernel.fork.rules {
        true => rules_draft(sight, decision, None).map_or_else(String::new, |draft| draft.text),
        false => String::new(),
    };
    ForkDraft {
        name: String::new(),
        kernel: text(KERNEL),
        constitution: text(ROOT),
        terms: charter::explain_fork(kernel),
    }
}

/// Returns the checker's answers to the kernel and the constitution that a fork would begin with. A constitution is checked
/// against its kernel: where that has mistakes, the constitution has no answer.
#[must_use]
pub fn fork_check(sight: &Sight<'_>, kernel: &str, constitution: &str) -> (RulesCheck, RulesCheck) {
    let read = match charter::read_kernel_under(kernel, sight.state.editions.current) {
        Ok(read) => read,
        Err(mistakes) => return (mistaken(kernel, &mistakes), RulesCheck::default()),
    };
    let facts = facts(sight.state, &read, sight.directory);
    let rules = match charter::read_constitution(constitution, &read) {
        Ok(own) => Rules::new(read, own),
        Err(mistakes) => {
            let nothing = Constitution::new(Vec::new(), Vec::new());
            let empty = Rules::new(read, nothing);
            let kernel = checked_with(sight, (KERNEL, kernel), &empty, &facts);
            return (kernel, mistaken(constitution, &mistakes));
        }
    };
    let check = |decision, text| checked_with(sight, (decision, text), &rules, &facts);
    (check(KERNEL, kernel), check(ROOT, constitution))
}

/// Returns a text of a fork that is announced: its kernel, or its constitution. `None` where there is none.
#[must_use]
pub fn fork_text(sight: &Sight<'_>, fork: &str, part: &str) -> Option<RulesText> {
    let fork = sight.state.forks.open_named(fork)?;
    let text = |document: &str| Some(sight.directory.document(document)?.text.clone());
    let kernel = charter::read_kernel_under(&text(&fork.kernel)?, sight.state.editions.current).ok()?;
    let words = fork::text_for(say::plain(&fork.name));
    match part {
        "kernel" => {
            let plain = charter::explain_kernel(&kernel, None);
            Some(sight.rules_text(&fork.kernel, words, &plain, ""))
        }
        "constitution" => {
            let constitution = text(&fork.constitution)?;
            let constitution = charter::read_constitution(&constitution, &kernel).ok()?;
            let plain = charter::explain_constitution(&constitution, &kernel, None);
            Some(sight.rules_text(&fork.constitution, words, &plain, ""))
        }
        _ => None,
    }
}

impl Sight<'_> {
    fn open_fork(&self, fork: &OpenFork, me: Option<MemberIndex>, goes: bool) -> ForkView {
        let announced_by = self.state.members.pseudonym(fork.announced_by);
        let announced_by = announced_by.map_or_else(String::new, |who| self.directory.name(who));
        let text = |document: &str, part: &str| ForkText {
            title: self.directory.candidate_text(document),
            href: format!("/fork/{}/{part}", fork.name),
            document: document.to_owned(),
        };
        ForkView {
            name: fork.name.clone(),
            title: say::title(&fork.name),
            words: fork::announced_by(announced_by, self.day(fork.announced_at)),
            going: self.members_named(fork.going.iter().copied()),
            going_total: say::whole(fork.going.len()),
            going_more: say::whole(fork.going.len().saturating_sub(NAMED)),
            share_words: self.share_words(fork),
            limits: self.limits(fork),
            kernel: text(&fork.kernel, "kernel"),
            constitution: text(&fork.constitution, "constitution"),
            mine: me.is_some_and(|me| fork.going.contains(&me)),
            may_join: me.is_some() && !goes,
        }
    }

    fn completed_fork(&self, fork: &CompletedFork) -> CompletedForkView {
        let left = say::count(say::whole(fork.went.len()), MEMBERS);
        let along = match fork.share.minor {
            0 => fork::NO_MONEY_WENT.to_owned(),
            minor => fork::money_went(self.money(minor)),
        };
        CompletedForkView {
            name: fork.name.clone(),
            title: say::title(&fork.name),
            words: fork::completed(self.day(fork.at), left, along),
            coop: fork.coop.clone(),
            went: self.members_named(fork.went.iter().copied()),
            went_total: say::whole(fork.went.len()),
            went_more: say::whole(fork.went.len().saturating_sub(NAMED)),
        }
    }

    fn members_named(&self, members: impl Iterator<Item = MemberIndex>) -> Vec<Candidate> {
        let known = members.filter_map(|member| self.state.members.pseudonym(member));
        let named = known.map(|who| self.named(&CandidateName::Member(who)));
        named.take(NAMED).collect()
    }

    /// Returns the money that would go along with one member in ten, or with those who go.
    fn today(&self) -> String {
        let kernel = &self.state.rules.kernel;
        let share = self.state.fork_share_of(&self.kept.counted(self).going(self.state, None));
        let [whole, part] = [share.balance_minor, tenth(share.balance_minor)].map(|minor| self.money(minor));
        match kernel.fork.treasury {
            TreasuryShare::Nothing => fork::all_stays(whole),
            TreasuryShare::ByHead => fork::tenth_by_head(whole, part),
            TreasuryShare::ByWeight => fork::tenth_by_weight(whole, part),
        }
    }

    fn share_words(&self, fork: &OpenFork) -> String {
        let share = match fork.then {
            Some(_) => self.kept.counted(self).share_of(self.state, fork),
            None => self.state.fork_share_of(&self.kept.counted(self).going(self.state, Some(fork))),
        };
        let (part, whole) = (self.money(share.minor), self.money(share.balance_minor));
        match fork.going.len() {
            1 => fork::if_one_left(part, whole),
            many => fork::if_many_left(many, part, whole),
        }
    }

    fn limits(&self, fork: &OpenFork) -> Vec<String> {
        let Some(due) = self.state.fork_due(fork) else {
            return Vec::new();
        };
        let share = self.kept.counted(self).share_of(self.state, fork);
        let percent = |part, whole| Share::from_ppm(say::ppm(part, whole)).brief();
        let mut limits = vec![fork::completed_from(self.day(due))];
        if let Some((part, whole)) = share.then.filter(|(_, whole)| *whole > 0) {
            limits.push(fork::lesser(percent(share.part, share.whole), percent(part, whole)));
        }
        limits.extend(share.given_minor.map(|given| fork::given_at_most(self.money(given))));
        limits.extend((share.reserve_minor > 0).then(|| fork::reserve(self.money(share.reserve_minor))));
        limits
    }

    fn money(&self, minor: i64) -> String {
        money(minor, self.state.rules.kernel.currency).text
    }
}

/// Rounded down, as the engine does.
fn tenth(minor: i64) -> i64 {
    minor.checked_div(10).unwrap_or(0)
}
