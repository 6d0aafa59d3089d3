//! Tasks are carried out by a thread of their own, one call after the other. Each looks at the forge first: is it done already, by a
//! call whose answer was lost or by somebody there? The writer never waits for a forge.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bridges::forge::{Forge, NoAnswer, NotRead, NotWritten, Reach, Reason};
use quantity::Moment;

use super::{Call, MOST_TRIES, Outlet, Standing, Task};
use crate::bridge::{Bridge, NoBridge, Running, Vault};
use crate::error::Error;
use crate::shared::Shared;
use crate::snapshot::Snapshot;

/// So often it looks whether something is due.
const BEAT: Duration = Duration::from_secs(1);
/// The most tasks of one look.
const MOST_AT_A_LOOK: usize = 20;
/// The time between two tasks of one bridge, microseconds. GitHub asks for a second between writes; a task writes up to three times.
const PACE_US: i64 = 3_000_000;
/// The time until the second try, microseconds; it doubles with each further one.
const FIRST_WAIT_US: i64 = 2_000_000;
/// The longest time between two tries, microseconds: six hours.
const LONGEST_WAIT_US: i64 = 21_600_000_000;

/// How a task went.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Went {
    /// It is carried out; with a word where it was done before, or is needless.
    Done(Option<&'static str>),
    /// It is needless.
    Dropped(&'static str),
    /// It is tried again, by itself.
    Later(String),
    /// The forge asks for a pause of so many seconds; that is no try.
    Rest(u32),
    /// It is given up.
    Failed(String),
}

/// Carries tasks out from now on, on a thread of its own, for as long as somebody serves the co-op. A call that is under way at the end
/// of the process is found done at the next start.
///
/// # Errors
/// The machine gives no thread.
pub fn start(coop: &Arc<Shared>, vault: Vault) -> std::io::Result<()> {
    // It does not keep the co-op open: the last to leave stores a snapshot.
    let coop = Arc::downgrade(coop);
    let carry = move || {
        while let Some(coop) = coop.upgrade() {
            // A fault stays where it is shown already: the co-op cannot be written.
            let _ = look(&coop, &vault, coop.now());
            drop(coop);
            std::thread::park_timeout(BEAT);
        }
    };
    std::thread::Builder::new().name("outbox".to_owned()).spawn(carry).map(|_| ())
}

/// Carries out what is due; how many tasks were tried.
///
/// # Errors
/// A fault of the co-op.
pub(super) fn look(coop: &Arc<Shared>, vault: &Vault, now: Moment) -> Result<usize, Error> {
    if coop.health().is_err() {
        return Ok(0);
    }
    let present = coop.read();
    let tasks = present.outbox()?;
    if tasks.is_empty() {
        return Ok(0);
    }
    let (bridges, outlets) = (present.bridges()?, present.outlets()?);
    let mut tried = 0;
    // Of one bridge one task at a look, where it is far away; and after a trouble the others of that bridge wait too.
    let mut resting: BTreeSet<String> = BTreeSet::new();
    // Tasks of one issue go in their order.
    let mut earlier: BTreeSet<(String, u64)> = BTreeSet::new();
    for task in tasks {
        let first = earlier.insert((task.bridge.clone(), task.issue));
        if tried >= MOST_AT_A_LOOK {
            break;
        }
        let due = task.standing == Standing::Waiting && task.next_us <= now.0;
        if !due || !first || resting.contains(&task.bridge) {
            continue;
        }
        let bridge = bridges.iter().find(|(id, _)| *id == task.bridge).map(|(_, bridge)| bridge);
        let outlet = outlets.iter().find(|(id, _)| *id == task.bridge).map(|(_, outlet)| outlet);
        let (Some(bridge), Some(outlet)) = (bridge, outlet.filter(|outlet| goes(&task, outlet))) else {
            settle(coop, &task, Went::Dropped(words::outbox::NOT_SINCE), now)?;
            continue;
        };
        if outlet.rest_us > now.0 || bridge.state != Running::Going {
            resting.insert(task.bridge.clone());
            continue;
        }
        let went = match needless(&present, &task) {
            Some(why) => Went::Dropped(why),
            None => carried_out(&present, bridge, vault, &task),
        };
        tried += 1;
        if bridge.reach() != Reach::Loopback || matches!(went, Went::Later(_) | Went::Rest(_)) {
            resting.insert(task.bridge.clone());
        }
        settle(coop, &task, went, now)?;
    }
    Ok(tried)
}

/// Whether somebody still wants it to go out.
fn goes(task: &Task, outlet: &Outlet) -> bool {
    match task.call {
        Call::Close | Call::Reopen => outlet.close,
        Call::Support => outlet.comment || outlet.label,
    }
}

/// Why a task is needless by what the log says now.
fn needless(present: &Snapshot, task: &Task) -> Option<&'static str> {
    let item = present.state().decision(&task.decision).and_then(|ranking| ranking.item(&task.item));
    let open = item.is_some_and(|item| item.closed_at.is_none());
    match task.call {
        Call::Close if open => Some(words::outbox::OPEN_AGAIN_HERE),
        Call::Reopen | Call::Support if !open => Some(words::outbox::CLOSED_HERE),
        _ => None,
    }
}

/// Makes the calls of a task.
fn carried_out(present: &Snapshot, bridge: &Bridge, vault: &Vault, task: &Task) -> Went {
    let forge = match bridge.forge(&task.bridge, vault) {
        Ok(forge) => forge,
        // The key may be put back.
        Err(why @ NoBridge::Failed(_)) => return Went::Later(why.to_string()),
        Err(why) => return Went::Later(why.to_string()),
    };
    let mark = task.mark(present.id());
    let written = match task.call {
        Call::Close => turn(&forge, task, &mark, true),
        Call::Reopen => turn(&forge, task, &mark, false),
        Call::Support => say(&forge, task, &mark),
    };
    match written {
        Ok(word) => Went::Done(word),
        Err(NotWritten::NotRead(NotRead::NoAnswer(NoAnswer::Limited(seconds)))) => Went::Rest(seconds),
        Err(why @ (NotWritten::Gone | NotWritten::Refused(..))) => Went::Failed(why.to_string()),
        Err(NotWritten::NotRead(why @ NotRead::NoAnswer(NoAnswer::Address(_)))) => Went::Failed(why.to_string()),
        Err(why) => Went::Later(why.to_string()),
    }
}

/// Closes or opens an issue, with its comment before. Nothing is turned twice: a comment that is there already was written by a try
/// whose answer was lost, and then the issue's history says whether it was turned too.
fn turn(forge: &Forge, task: &Task, mark: &str, close: bool) -> Result<Option<&'static str>, NotWritten> {
    let turned = forge.is_open(task.issue)? != close;
    let comment = forge.find_marked(task.issue, mark)?;
    match (turned, comment) {
        (true, Some(_)) => Ok(None),
        // Somebody there was faster, and knows why.
        (true, None) if close => Ok(Some(words::outbox::CLOSED_THERE)),
        (true, None) => Ok(Some(words::outbox::OPEN_THERE)),
        (false, Some(comment)) if forge.was_turned(task.issue, close, comment.at)? => {
            Ok(Some(words::outbox::TURNED_SINCE))
        }
        (false, comment) => {
            if comment.is_none() {
                forge.comment(task.issue, &format!("{}\n\n{mark}", task.words))?;
            }
            match close {
                true => forge.close(task.issue, Reason::NotPlanned)?,
                false => forge.reopen(task.issue)?,
            }
            Ok(None)
        }
    }
}

/// Writes the comment and the label on an issue's support, or renews them.
fn say(forge: &Forge, task: &Task, mark: &str) -> Result<Option<&'static str>, NotWritten> {
    if !task.words.is_empty() {
        let words = format!("{}\n\n{mark}", task.words);
        match forge.find_marked(task.issue, mark)? {
            Some(comment) if comment.body.trim() == words.trim() => {}
            Some(comment) => forge.rewrite(task.issue, comment.id, &words)?,
            None => forge.comment(task.issue, &words)?,
        }
    }
    forge.relabel(task.issue, bridges::forge::LABEL, task.label.as_deref())?;
    Ok(None)
}

/// Notes how a task went.
fn settle(coop: &Arc<Shared>, task: &Task, went: Went, now: Moment) -> Result<(), Error> {
    let number = task.number;
    coop.write(move |batch| {
        // Somebody may have dropped it meanwhile, or a later outcome replaced it.
        let Some(mut task) = batch.task(number)?.filter(|task| task.standing == Standing::Waiting) else {
            return Ok::<(), Error>(());
        };
        let pause = |batch: &mut crate::Batch<'_>, until: i64| {
            let Some(mut outlet) = batch.outlet(&task.bridge)? else { return Ok(()) };
            outlet.rest_us = outlet.rest_us.max(until);
            batch.put_outlet(&task.bridge, &outlet)
        };
        let near = batch.bridge(&task.bridge)?.is_some_and(|bridge| bridge.reach() == Reach::Loopback);
        match &went {
            Went::Rest(seconds) => {
                let until = now.0.saturating_add(i64::from(*seconds).saturating_mul(1_000_000));
                pause(batch, until)?;
            }
            _ if !near => pause(batch, now.0.saturating_add(PACE_US))?,
            _ => {}
        }
        match went {
            Went::Done(word) => {
                (task.standing, task.why) = (Standing::Done, word.map(str::to_owned));
                batch.end_task(&mut task, now)
            }
            Went::Dropped(why) => {
                (task.standing, task.why) = (Standing::Dropped, Some(why.to_owned()));
                batch.end_task(&mut task, now)
            }
            Went::Failed(why) => {
                (task.standing, task.why, task.tries) = (Standing::Failed, Some(why), task.tries.saturating_add(1));
                batch.end_task(&mut task, now)
            }
            Went::Rest(_) => Ok(()),
            Went::Later(why) => {
                (task.why, task.tries) = (Some(why), task.tries.saturating_add(1));
                if task.tries >= MOST_TRIES {
                    task.standing = Standing::Failed;
                    return batch.end_task(&mut task, now);
                }
                let doubled = FIRST_WAIT_US.saturating_mul(1_i64 << (task.tries - 1).min(20));
                task.next_us = now.0.saturating_add(doubled.min(LONGEST_WAIT_US));
                batch.put_task(&task)
            }
        }
    })
}
