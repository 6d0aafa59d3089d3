//! A report of a completed fork, for the operator who ran it.

use std::ops::ControlFlow;

use engine::act::Act;
use engine::fork::{CompletedFork, Extract};
use rochdale_log::hash_entry;

use super::build::support;
use crate::codec::read_body;
use crate::error::Error;
use crate::snapshot::Snapshot;
use crate::written::Written;

/// A completed fork.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Forked {
    /// Its name in the old co-op.
    pub fork: String,
    /// The old co-op's id.
    pub from: String,
    /// The new co-op's id.
    pub coop: String,
    /// The place of `complete_fork` in the old log.
    pub entry: u64,
    /// The hash of the entry.
    pub hash: String,
    /// Who went, in order of admission.
    pub went: Vec<Went>,
    /// How many records of support went along.
    pub records: u64,
    /// The money that went along.
    pub treasury: Treasury,
    /// The new co-op's folder.
    pub folder: String,
    /// It had been done before: this is the report of then.
    pub again: bool,
}

/// One who went.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Went {
    /// The pseudonym, in both logs.
    pub member: String,
    /// The name, where it is kept.
    pub name: Option<String>,
}

/// Money that went along, and how it was worked out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Treasury {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// By what it was divided, as the kernel says it: `by weight of those who go`, `by head`, `none`.
    pub by: String,
    /// The divided sum, minor units.
    pub of: i64,
    /// The part of those who went: micro-weights, or members.
    pub part: u128,
    /// The same of all.
    pub whole: u128,
    /// The part and the whole when the fork was announced, from edition 2 on: the lesser share counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<(u128, u128)>,
    /// The sum that they gave, less what they have back or are owed, where that is a limit; minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<i64>,
}

pub(super) fn report(old: &Snapshot, name: &str, folder: &Written, again: bool) -> Result<Forked, Error> {
    let state = old.state().clone();
    let from = old.id().to_owned();
    let (Some(fork), Some(mut extract)) = (state.forks.completed_named(name), Extract::new(&state, name)) else {
        return Err(Error::Usage(format!("no fork `{name}` was completed")));
    };
    // The state keeps neither places of entries nor acts, so the log is read.
    let (mut entry, mut hash, mut records, mut failed) = (0, String::new(), 0, None);
    let mut each = |seq, bytes: &[u8]| {
        match support(bytes) {
            // docs/spec/fork.md, What goes along: records are copied in the old log's order, and are counted in it too.
            Ok(Some(act)) => records += u64::from(extract.copy(act).is_some()),
            Ok(None) if completes(bytes, name) => {
                (entry, hash) = (seq, hash_entry(bytes).to_string());
            }
            Ok(None) => {}
            Err(error) => {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    };
    old.beside.look(|store, coop| Ok(store.read(coop, 1, &mut each)?))?;
    // The walk itself reports faults of the store alone, so a misread entry is reported after it.
    if let Some(error) = failed {
        return Err(error);
    }
    // Names are kept beside the log, and an erased one is absent.
    let pseudonyms = fork.went.iter().filter_map(|index| state.members.pseudonym(*index));
    let went =
        pseudonyms.map(|member| Went { member: member.to_string(), name: old.directory().names.get(&member).cloned() });
    Ok(Forked {
        fork: name.to_owned(),
        from,
        coop: fork.coop.clone(),
        entry,
        hash,
        went: went.collect(),
        records,
        treasury: treasury(fork, state.book.currency.code()),
        folder: folder.display().to_string(),
        again,
    })
}

fn treasury(fork: &CompletedFork, currency: &str) -> Treasury {
    let share = &fork.share;
    Treasury {
        by: fork.treasury.name().to_owned(),
        amount: share.minor,
        currency: currency.to_owned(),
        of: share.balance_minor,
        part: share.part,
        whole: share.whole,
        announced: share.then,
        given: share.given_minor,
    }
}

fn completes(bytes: &[u8], name: &str) -> bool {
    let entry = rochdale_log::decode(bytes).ok();
    let entry = entry.filter(|entry| entry.kind == "complete_fork");
    let act = entry.and_then(|entry| read_body(&entry.kind, entry.body).ok());
    matches!(act, Some(Act::CompleteFork(act)) if act.fork == name)
}
