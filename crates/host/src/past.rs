//! Weight as of a date: the register, its lists and the rules as the log had them then, and every record of support that is dated up to
//! then, whenever it came into the log. Source: `docs/spec/commands.md`, *status, weights, standings, book*.

use std::ops::ControlFlow;

use engine::State;
use engine::support::Support;
use quantity::Moment;
use rochdale_log::{Head, Store, decode};

use crate::error::Error;
use crate::follow::{EachBytes, Reader, state_at, stored, walk};
use crate::replay::Replay;
use crate::texts::texts_of;

/// The acts and updates after which a log no longer says who was there when it began.
const MOVES_ON: [&str; 5] = ["update", "change", "end_membership", "remove_from_list", "complete_fork"];

/// Returns the state by which weights as of `at` are worked out: that of the log, with `support`, which may have come later. Before the
/// founding there is no register yet, and records may be older than the log: then the first register counts, as it was filled
/// before anything counted it and before anybody left. `None` for a log without entries.
pub(crate) fn weighed_at(
    store: &mut dyn Store,
    coop: &str,
    at: Moment,
    support: &Support,
    threads: usize,
) -> Result<Option<State>, Error> {
    let state = match state_at(store, coop, at, threads)? {
        Some((state, _, _)) => Some(state),
        None => first_register(store, coop, threads)?,
    };
    Ok(state.map(|mut state| {
        state.support = support.clone();
        state
    }))
}

fn first_register(store: &mut dyn Store, coop: &str, threads: usize) -> Result<Option<State>, Error> {
    let mut documents = texts_of(store, coop);
    let mut replay = Replay::new(threads, &mut documents);
    let mut all = stored(store, coop, 1);
    let mut first =
        |each: EachBytes<'_>| all(&mut |bytes| if moves_on(bytes) { ControlFlow::Break(()) } else { each(bytes) });
    let mut reader = Reader::after(coop, Head::default());
    walk(&mut reader, &mut first, Moment(i64::MAX), &mut |entry| replay.carry_out(entry).map(|_| ()))?;
    Ok(replay.finish().map(|(state, _, _)| state))
}

fn moves_on(bytes: &[u8]) -> bool {
    // An entry that cannot be read is for the reader to name.
    decode(bytes).is_ok_and(|entry| MOVES_ON.contains(&&*entry.kind))
}
