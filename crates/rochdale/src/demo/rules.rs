//! The demonstration's members change their rules: one constitution is replaced early on, another stands at the end,
//! some assent to a kernel, and a few would rather go their own way.

use engine::MemberIndex;
use std::collections::BTreeMap;

use engine::act::{Act, Assent, JoinFork};
use engine::chamber::ROOT;
use engine::intent;
use host::Batch;
use quantity::Moment;

use super::script::{attention, cast};
use super::{ACTOR, CONSTITUTION, FIRST_YEAR, KERNEL, LAST_YEAR, SECOND_CONSTITUTION, member, weighty};
use crate::exit::Exit;

const NEXT_CONSTITUTION: &str = include_str!("../../../../demo/next-constitution.md");
const NEXT_KERNEL: &str = include_str!("../../../../demo/next-kernel.md");

/// The proposer of the second constitution, and of the texts that stand at the end.
const FOUNDER: &str = "member-001";
const REFORMER: &str = "member-082";
const FORK: &str = "ledger-lab";

/// The calendar: months counted as year × 12 + month − 1.
const SECOND_PROPOSED: i32 = FIRST_YEAR * 12 + 7;
/// So that it is in force when the last three years begin.
const THIRD_PROPOSED: i32 = (LAST_YEAR - 3) * 12 + 5;
const FOURTH_PROPOSED: i32 = LAST_YEAR * 12 + 8;
const KERNEL_PROPOSED: i32 = LAST_YEAR * 12 + 9;
const FORK_ANNOUNCED: i32 = LAST_YEAR * 12 + 10;
const NOMINATION_MONTHS: i32 = 1;
/// The share of each voter on the constitution.
const SHARE_PPM: u32 = 100_000;

/// The months in which members think about the constitution anew.
pub const TURNS: [i32; 3] = [SECOND_PROPOSED, THIRD_PROPOSED, FOURTH_PROPOSED];

/// Hands in the proposals of the beginning of a month.
pub fn month(batch: &mut Batch<'_>, month: i32, at: Moment) -> Result<(), Exit> {
    match month {
        SECOND_PROPOSED => propose(batch, FOUNDER, ROOT, SECOND_CONSTITUTION, at),
        THIRD_PROPOSED => propose(batch, FOUNDER, ROOT, CONSTITUTION, at),
        FOURTH_PROPOSED => propose(batch, REFORMER, ROOT, NEXT_CONSTITUTION, at),
        KERNEL_PROPOSED => {
            propose(batch, REFORMER, "kernel", NEXT_KERNEL, at)?;
            assent(batch, at)
        }
        FORK_ANNOUNCED => announce(batch, at),
        _ => Ok(()),
    }
}

/// Everyone wants the second, and then the third; most want the fourth.
pub fn vote(batch: &mut Batch<'_>, voter: MemberIndex, month: i32, at: Moment) -> Result<(), Exit> {
    let [second, third, fourth] = [SECOND_CONSTITUTION, CONSTITUTION, NEXT_CONSTITUTION].map(hash);
    let scores = match month {
        m if m < SECOND_PROPOSED + NOMINATION_MONTHS => return Ok(()),
        m if m < THIRD_PROPOSED + NOMINATION_MONTHS => BTreeMap::from([(second, 1_000_000)]),
        m if m < FOURTH_PROPOSED + NOMINATION_MONTHS => BTreeMap::from([(third, 1_000_000)]),
        _ if voter.0 % 5 < 4 => BTreeMap::from([(fourth, 1_000_000), (third, 650_000)]),
        _ => BTreeMap::from([(third, 1_000_000), (fourth, 200_000)]),
    };
    cast(batch, voter, ROOT, scores, SHARE_PPM, at)
}

fn hash(text: &str) -> String {
    engine::digest::hex(text.as_bytes())
}

fn propose(batch: &mut Batch<'_>, who: &str, decision: &str, text: &str, at: Moment) -> Result<(), Exit> {
    let member = member(batch, who, at)?;
    let document = batch.put_document(text)?;
    batch.append(&intent::propose(member, decision, text), ACTOR, "", "", at)?;
    if decision == ROOT {
        attention(batch, ROOT, &document, at)?;
    }
    Ok(())
}

/// Every second member with weight assents: not enough yet.
fn assent(batch: &mut Batch<'_>, at: Moment) -> Result<(), Exit> {
    let assenting = weighty(batch.state()).into_iter().step_by(2);
    for voter in assenting.collect::<Vec<MemberIndex>>() {
        let Some(member) = batch.state().members.pseudonym(voter) else {
            continue;
        };
        let act = Assent { member, document: hash(NEXT_KERNEL), assent: true };
        batch.append(&Act::Assent(act), ACTOR, "", "", at)?;
    }
    Ok(())
}

/// The two who joined last of those with weight would take the tools somewhere else, with the same rules.
fn announce(batch: &mut Batch<'_>, at: Moment) -> Result<(), Exit> {
    let members = &batch.state().members;
    let mut leaving = weighty(batch.state()).into_iter().rev();
    let mut next = || members.pseudonym(leaving.next()?);
    let (Some(first), Some(second)) = (next(), next()) else {
        return Ok(());
    };
    for text in [KERNEL, CONSTITUTION] {
        batch.put_document(text)?;
    }
    batch.append(&intent::announce_fork(first, FORK, KERNEL, CONSTITUTION), ACTOR, "", "", at)?;
    let act = JoinFork { member: second, fork: FORK.to_owned(), going: true };
    batch.append(&Act::JoinFork(act), ACTOR, "", "", at)?;
    Ok(())
}
