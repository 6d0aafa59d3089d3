//! The first steps of those who found a co-op, until it runs by itself; and how a say is earned, for members who have none.

use engine::chamber::{CandidateName, Decision, Kind};
use serde::Serialize;
use words::first_steps as told;
use words::numbers::MEMBERS;

use crate::names::{decision_href, decision_title};
use crate::{Sight, say};

/// One step of the founders.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whether it is behind them.
    pub is_done: bool,
    /// Whether it is the first that is not.
    pub is_next: bool,
    pub title: String,
    pub words: String,
    /// The page where it is done, and the words of the link.
    pub href: String,
    pub action: String,
}

/// How a say is earned, and what a member without one can do already.
#[derive(Serialize, Debug, Clone, PartialEq, Eq)]
pub struct Earning {
    /// A class each: its name, and how it weighs, in sentences.
    pub ways: Vec<(String, Vec<String>)>,
    /// Things that they can do now: words, the page, and the words of its link.
    pub can: Vec<(String, String, String)>,
}

/// Returns the steps that a founder sees, in order; nothing for others, and once all are done.
pub(super) fn first_steps(sight: &Sight<'_>) -> Vec<Step> {
    let me = sight.me_index().filter(|me| sight.state.founders().any(|founder| founder == *me));
    let mut steps = if me.is_some() { all(sight) } else { Vec::new() };
    match steps.iter_mut().find(|step| !step.is_done) {
        Some(next) => next.is_next = true,
        None => return Vec::new(),
    }
    steps
}

fn all(sight: &Sight<'_>) -> Vec<Step> {
    let (state, kernel) = (sight.state, &sight.state.rules.kernel);
    let step = |is_done, [title, action]: [&str; 2], words: String, href: &str| Step {
        is_done,
        is_next: false,
        title: title.to_owned(),
        words,
        href: href.to_owned(),
        action: action.to_owned(),
    };
    let members = state.members.active_count();
    let mut steps = vec![
        step(true, [told::RULES, told::READ_RULES], told::RULES_HOW.to_owned(), "/constitution"),
        step(
            members > 1,
            [told::INVITE, told::INVITE_DO],
            told::invite_how(say::count(members as u64, MEMBERS)),
            if sight.walk_in { "/powers/admit" } else { "/invitations" },
        ),
    ];
    let lists: Vec<&str> = kernel.classes.iter().filter_map(|class| class.list.as_deref()).collect();
    if !lists.is_empty() {
        let is_done = lists.iter().any(|list| state.members.list(list).is_some_and(|on| !on.is_empty()));
        let title = [told::LIST, told::LIST_DO];
        steps.push(step(
            is_done,
            title,
            told::list_how(say::plain(lists.first().copied().unwrap_or_default())),
            "/powers/keep-list",
        ));
    }
    if kernel.classes.iter().any(|class| class.weight.sources.iter().any(|source| source.kind().is_some())) {
        let title = [told::RECORD, told::RECORD_DO];
        steps.push(step(!state.support.is_empty(), title, told::RECORD_HOW.to_owned(), "/record"));
    }
    let elected = |one: &&Decision| matches!(one.kind(), Kind::Office | Kind::Body);
    let elected: Vec<&Decision> = state.open_decisions().map(|(_, one)| one).filter(elected).collect();
    let vacant: Vec<&&Decision> = elected.iter().filter(|one| one.seated().count() < one.holders().len()).collect();
    let free = vacant.iter().copied().find(|one| one.candidates().is_empty());
    if let Some(first) = free.or(vacant.first().copied()).or(elected.first()) {
        let (title, is_done) = (decision_title(&first.name), free.is_none());
        let how = told::STAND_HOW.to_owned();
        steps.push(step(is_done, [&told::stand(&title), told::STAND_DO], how, &decision_href(&first.name)));
        let next = say::ahead(sight.now, state.next_update, sight.zone());
        let how = if is_done && vacant.is_empty() { told::VOTED.to_owned() } else { told::vote_how(next) };
        steps.push(step(vacant.is_empty(), [told::VOTE, told::VOTE_DO], how, "/decisions"));
    }
    steps
}

/// Returns how a say is earned, for a member who has none; `None` for others.
pub(super) fn earning(sight: &Sight<'_>) -> Option<Earning> {
    let index = sight.me_index().filter(|index| sight.state.weights.of(*index) == 0)?;
    let kernel = &sight.state.rules.kernel;
    let explained = charter::explain_kernel(kernel, None).into_iter().take(kernel.classes.len());
    let ways = explained.map(|class| (say::sentence(&say::plain(&class.name)), class.sentences)).collect();
    let link = |words: String, href: String, action: &str| (words, href, action.to_owned());
    let mut can = Vec::new();
    if sight.state.editions.current >= engine::Edition::THREE {
        can.push(link(told::CLAIM.to_owned(), "/claims".to_owned(), told::CLAIM_DO));
    }
    let open = sight.state.open_decisions().map(|(_, one)| one);
    let me = sight.state.members.pseudonym(index).map(CandidateName::Member);
    let stands = |one: &Decision| one.candidates().iter().any(|candidate| Some(&candidate.name) == me.as_ref());
    if let Some(office) = open.filter(|one| one.kind() == Kind::Office).find(|one| !stands(one)) {
        let title = decision_title(&office.name);
        can.push(link(told::stand_can(&title), decision_href(&office.name), told::STAND_DO));
    }
    can.push(link(told::FOLLOW.to_owned(), "/decisions".to_owned(), told::VOTE_DO));
    Some(Earning { ways, can })
}
