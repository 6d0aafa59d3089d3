//! Commits of a history that was written anew: a rebase gives the same work other ids. Credit for it is given once, by author
//! and author's date.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bridges::{Fact, Kind, What};
use charter::SupportKind;
use engine::{MemberIndex, Pseudonym};
use quantity::Moment;

use super::{Named, NotTaken};
use crate::batch::Batch;

/// The credits that the log had before an import and that no commit of the files claims by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Credits {
    free: BTreeMap<(MemberIndex, Moment), u32>,
}

impl Credits {
    /// Counts them; none where no file is a repository, or where every commit in it is known.
    pub(super) fn of(batch: &mut Batch<'_>, sources: &mut [Named]) -> Result<Credits, NotTaken> {
        let mut repositories = sources.iter_mut().filter(|named| named.source.kind() == Kind::Git).peekable();
        let Some(rows) = batch.state().support.rows(SupportKind::Contribution) else { return Ok(Credits::default()) };
        if repositories.peek().is_none() {
            return Ok(Credits::default());
        }
        let mut free: BTreeMap<(MemberIndex, Moment), u32> = BTreeMap::new();
        for (_, row) in rows.from(0).filter(|(_, row)| row.amount > 0) {
            *free.entry((row.member, row.counted_at)).or_default() += 1;
        }
        for Named { source, .. } in repositories {
            let mut failed = None;
            let read = source.facts(&mut |fact| match batch.giver(&fact.source) {
                Ok(by_id) => {
                    if let Some(count) = by_id.and_then(|member| free.get_mut(&(member, fact.at))) {
                        *count = count.saturating_sub(1);
                    }
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            });
            match failed {
                Some(error) => return Err(NotTaken::Failed(Box::new(error))),
                None => read?,
            }
        }
        free.retain(|_, count| *count > 0);
        Ok(Credits { free })
    }

    /// Reports whether the log has this commit's credit under another id, and takes that credit from those left.
    pub(super) fn has(&mut self, batch: &Batch<'_>, fact: &Fact, member: Pseudonym) -> bool {
        let is_commit =
            matches!(&fact.what, What::Support { kind: "contribution", .. }) && fact.source.starts_with("commit:");
        if !is_commit || self.free.is_empty() {
            return false;
        }
        let index = batch.state().members.index(member);
        let left = index.and_then(|index| self.free.get_mut(&(index, fact.at)));
        let Some(left) = left.filter(|left| **left > 0) else { return false };
        *left -= 1;
        true
    }
}
