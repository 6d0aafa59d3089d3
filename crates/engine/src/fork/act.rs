//! Members announce a fork, say that they go, and the operator completes it.

use charter::{Diagnostic, Edition, Kernel, read_constitution, read_kernel_under};
use imbl::OrdSet;
use quantity::Moment;

use crate::act::{AnnounceFork, CompleteFork, JoinFork};
use crate::context::{Context, member};
use crate::digest::hex;
use crate::fork::share::booked_out;
use crate::fork::{CompletedFork, MAX_OPEN, OpenFork};
use crate::id::{DecisionId, MemberIndex};
use crate::outcome::Outcome;
use crate::refusal::{Refusal, Rule};
use crate::register::act::leave;
use crate::rules::texts::is_hex;
use crate::state::State;

/// The longest name of a fork: it is part of an account's name.
const MAX_NAME: usize = 40;

/// `room` says whether the texts fit beside those of the same day.
// flat: the ladder of checks of one act.
pub(crate) fn announce(
    state: &mut State,
    act: &AnnounceFork,
    context: &Context,
    room: Result<(), Refusal>,
) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    if !is_name(&act.fork) {
        let why = format!("`{}` is not a fork's name", act.fork);
        let instead = format!("use at most {MAX_NAME} lower-case letters, digits and single hyphens, a letter first");
        return Err(Refusal::new(Rule::NameNotAllowed, why, instead));
    }
    if !is_hex(&act.kernel) || !is_hex(&act.constitution) {
        return Err(Refusal::new(
            Rule::NameNotAllowed,
            "the kernel or the constitution is not named by its SHA-256 in lower-case hex",
            "give the 64 hex digits of each text's SHA-256",
        ));
    }
    // Those who go stay under the edition that they leave.
    let edition = state.editions.current;
    let kernel = text(act.kernel_text.as_deref(), &act.kernel).map(|text| read_kernel_under(text, edition));
    // The ladder goes in the order of the rules' numbers: the currency (R044) before texts that are missing (R048).
    if let Some(Ok(kernel)) = &kernel {
        same_currency(state, kernel)?;
    }
    if state.forks.open().len() >= MAX_OPEN {
        return Err(Refusal::new(Rule::TooMany, format!("{MAX_OPEN} forks are announced"), "go with one of them"));
    }
    room?;
    let constitution = text(act.constitution_text.as_deref(), &act.constitution);
    let (Some(kernel), Some(constitution)) = (kernel, constitution) else {
        return Err(Refusal::new(
            Rule::TextMissing,
            "the text of the kernel or of the constitution is missing, or it is another than the hash names",
            "hand both texts in with the act",
        ));
    };
    let kernel = kernel.map_err(|mistakes| does_not_check("kernel", &mistakes))?;
    read_constitution(constitution, &kernel).map_err(|mistakes| does_not_check("constitution", &mistakes))?;
    // docs/spec/fork.md: the name of a completed fork stays taken, that of a withdrawn one is free again.
    let forks = &state.forks;
    if forks.open_named(&act.fork).is_some() || forks.completed_named(&act.fork).is_some() {
        return Err(Refusal::new(
            Rule::ForkNameTaken,
            format!("there is or was a fork `{}`", act.fork),
            "choose another name, or go with it if it is open",
        ));
    }
    goes_nowhere(state, who)?;
    rules_may_go(state, act)?;
    let then = (edition > Edition::ONE).then(|| state.parts_of_now());
    state.forks.announce(act, who, context.time, then);
    Ok(vec![Outcome::ForkAnnounced { fork: act.fork.clone() }])
}

pub(crate) fn join(state: &mut State, act: &JoinFork) -> Result<Vec<Outcome>, Refusal> {
    let who = member(state, act.member)?;
    let fork = open(state, &act.fork)?;
    if act.going {
        goes_nowhere(state, who)?;
        state.forks.join(&act.fork, who);
        return Ok(vec![Outcome::Recorded]);
    }
    if !fork.going.contains(&who) {
        return Err(Refusal::new(
            Rule::NotGoing,
            format!("{} does not go with `{}`", act.member, act.fork),
            "nothing needs to be done",
        ));
    }
    let withdrawn = state.forks.stay(who);
    let outcome = withdrawn.map_or(Outcome::Recorded, |fork| Outcome::ForkWithdrawn { fork });
    Ok(vec![outcome])
}

pub(crate) fn complete(state: &mut State, act: &CompleteFork, context: &Context) -> Result<Vec<Outcome>, Refusal> {
    if !is_coop(&act.coop) || !is_hex(&act.key) {
        return Err(Refusal::new(
            Rule::NameNotAllowed,
            "the new co-op's id or the key cannot be used",
            "complete a fork with `rochdale fork`, which makes both",
        ));
    }
    // The share is worked out before anybody leaves, by the weights and members of this moment (spec/fork.md).
    let fork = open(state, &act.fork)?;
    is_due(state, fork, context)?;
    let (going, share) = (fork.going.clone(), state.share_of(fork));
    let divided = match state.editions.current {
        Edition::ONE => Vec::new(),
        _ => state.divided(&going, share.minor),
    };
    let mut booking = booked_out(state, &act.fork, &share, context.time);
    if let Some(entry) = &mut booking {
        // docs/spec/pools.md, Forks: of what is set aside for pools the same part goes along.
        let of = share.balance_minor.saturating_add(share.reserve_minor);
        entry.postings.extend(state.fork_pools(share.minor, of));
    }
    let Some(fork) = state.forks.take_open(&act.fork) else {
        return Err(unknown(state, &act.fork));
    };
    // Lists too are noted before: a member who leaves comes off them.
    let lists = on_lists(state, &going);
    let mut outcomes = vec![Outcome::ForkCompleted {
        fork: fork.name.clone(),
        coop: act.coop.clone(),
        left: u32::try_from(going.len()).unwrap_or(u32::MAX),
        minor: share.minor,
    }];
    // docs/spec/fork.md: those who go leave like any member, so ballots go, candidacies end and seats are vacant.
    for index in &going {
        outcomes.extend(leave(state, *index, context.time));
    }
    // The share is booked by this act and not by one of its own, so both happen or neither.
    if let Some(entry) = &booking {
        let day = crate::book::Day::of(entry.at, &state.rules.kernel.zone);
        state.book.enter(day, &entry.postings);
    }
    // The kernel may change later, so its terms of now are kept with the fork.
    let carries = &state.rules.kernel.fork;
    let (register, ledger, treasury) = (carries.register, carries.ledger, carries.treasury);
    let counted = carries.counted;
    state.forks.complete(CompletedFork {
        name: fork.name,
        coop: act.coop.clone(),
        key: act.key.clone(),
        at: context.time,
        kernel: fork.kernel,
        constitution: fork.constitution,
        went: going.into_iter().collect(),
        lists,
        register,
        ledger,
        treasury,
        edition: state.editions.current,
        share,
        divided,
        counted,
        booking,
    });
    Ok(outcomes)
}

/// From edition 2 on a fork is announced for 30 days and an update, so that everybody knows of it before it takes anything.
fn is_due(state: &State, fork: &OpenFork, context: &Context) -> Result<(), Refusal> {
    let waits = |due: &Moment| state.last_update.is_none_or(|last| last < *due) || context.time < *due;
    let Some(due) = state.fork_due(fork).filter(waits) else {
        return Ok(());
    };
    Err(Refusal::new(
        Rule::ForkNotDue,
        format!("`{}` was announced at {}, and is completed at {due} at the earliest", fork.name, fork.announced_at),
        "wait for that update: others can join or answer until then",
    ))
}

fn open<'a>(state: &'a State, name: &str) -> Result<&'a OpenFork, Refusal> {
    let fork = state.forks.open_named(name);
    fork.ok_or_else(|| unknown(state, name))
}

fn unknown(state: &State, name: &str) -> Refusal {
    if state.forks.completed_named(name).is_some() {
        let why = format!("the fork `{name}` is complete");
        let instead = "join the new co-op there";
        return Refusal::new(Rule::UnknownFork, why, instead);
    }
    let names: Vec<String> = state.forks.open().iter().map(|fork| format!("`{}`", fork.name)).collect();
    let instead =
        if names.is_empty() { "announce one first".to_owned() } else { format!("there are {}", names.join(", ")) };
    Refusal::new(Rule::UnknownFork, format!("no fork `{name}` is announced"), instead)
}

fn goes_nowhere(state: &State, who: MemberIndex) -> Result<(), Refusal> {
    let Some(fork) = state.forks.of(who) else {
        return Ok(());
    };
    Err(Refusal::new(
        Rule::AlreadyGoing,
        format!("you go with `{}`", fork.name),
        "a member goes with one fork: say first that you stay",
    ))
}

fn same_currency(state: &State, kernel: &Kernel) -> Result<(), Refusal> {
    let own = state.rules.kernel.currency;
    if kernel.currency == own {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::WrongCurrency,
        format!("the new kernel counts in {}", kernel.currency.code()),
        format!("keep {}, so that money can go along", own.code()),
    ))
}

/// Where the kernel keeps its rules, a fork brings texts of its own.
fn rules_may_go(state: &State, act: &AnnounceFork) -> Result<(), Refusal> {
    let kernel_in_force = act.kernel == state.amendment.in_force;
    let constitution_in_force =
        state.document_in_force(DecisionId::ROOT).is_some_and(|document| document.name.to_string() == act.constitution);
    if state.rules.kernel.fork.rules || !(kernel_in_force || constitution_in_force) {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::RulesStayHere,
        "by this kernel the rules do not go along, and the text is one in force",
        "choose a kernel and a constitution of your own",
    ))
}

fn does_not_check(which: &str, mistakes: &[Diagnostic]) -> Refusal {
    let first = mistakes.first().map_or_else(String::new, |mistake| mistake.in_file(which)).replace('\n', " ");
    let more = match mistakes.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Refusal::new(
        Rule::DoesNotCheck,
        format!("{}{more}", first.trim_end_matches('.')),
        "mend it; `rochdale check` shows every mistake at once",
    )
}

/// The text, if it is the one with this hash.
fn text<'a>(text: Option<&'a str>, hash: &str) -> Option<&'a str> {
    text.filter(|text| hex(text.as_bytes()) == hash)
}

fn on_lists(state: &State, going: &OrdSet<MemberIndex>) -> std::collections::BTreeMap<String, Vec<MemberIndex>> {
    let lists = state.members.lists();
    lists
        .map(|(name, list)| (name.clone(), list.iter().filter(|member| going.contains(*member)).copied().collect()))
        .filter(|(_, on): &(String, Vec<MemberIndex>)| !on.is_empty())
        .collect()
}

/// As the parts of an account's name: the money goes to an account named after the fork.
fn is_name(name: &str) -> bool {
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= MAX_NAME
        && name.split('-').all(|part| !part.is_empty() && part.chars().all(sound))
}

/// `c_` and a pseudonym's thirteen characters.
fn is_coop(id: &str) -> bool {
    id.strip_prefix("c_").is_some_and(|digits| format!("m_{digits}").parse::<crate::Pseudonym>().is_ok())
}
