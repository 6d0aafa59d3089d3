//! The invariants of every state, asserted. `docs/spec` gives the reason for each; here it is only compared.

use std::collections::BTreeSet;

use charter::Rules;
use quantity::{Broken, PPM, ensure};

use crate::act::Pseudonym;
use crate::ballot::{HasScores, bytes_of, taken};
use crate::chamber::{Decision, Layer};
use crate::digest::Mix;
use crate::id::MemberIndex;
use crate::state::State;

impl State {
    /// Compares everything in the state that must agree with something else in it: shares with ballots, sums with their
    /// parts, seats with candidates, digests with what they are of, decisions with the rules. It walks through all of
    /// it; for tests and tools.
    ///
    /// # Errors
    /// The first that does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        self.check_counted()?;
        self.book.check()?;
        self.members.check()?;
        self.check_founders()?;
        self.check_powers()?;
        self.tenure.check(self.members.len())?;
        self.support.check()?;
        self.claims.check(self.members.len())?;
        self.joins.check(&self.members)?;
        self.devices.check(self.members.len())?;
        self.applications.check(&self.members)?;
        self.leavings.check(&self.members)?;
        self.hearings.check(&self.members)?;
        self.releases.check()?;
        self.credit.check()?;
        self.check_ballots()?;
        self.standing.check()?;
        self.check_layers()?;
        let open_forks = self.forks.open();
        ensure!(
            open_forks.iter().all(|fork| fork.going.iter().all(|member| self.members.is_active(*member))),
            "somebody goes with a fork who is no member"
        );
        let proposals = &self.amendment.proposals;
        ensure!(
            proposals.iter().all(|one| one.assents.iter().all(|member| self.members.is_active(*member))),
            "somebody assents to a kernel who is no member"
        );
        let announced = self.editions.announced.as_ref();
        ensure!(announced.is_none_or(|one| one.edition > self.editions.current), "an earlier edition is announced");
        Ok(())
    }

    /// Checks the counts of an update, in one walk over members and decisions: cheap enough for every update.
    pub(crate) fn check_counted(&self) -> Result<(), Broken> {
        self.weights.check(self.members.len())?;
        self.decisions.rows().iter().try_for_each(Decision::check)?;
        self.book.check_sums()
    }

    /// The whole check after an act of a test. A test that fills something to the brim hands in thousands of acts: then
    /// updates alone are followed by one.
    #[cfg(test)]
    pub(crate) fn check_small(&self) -> Result<(), Broken> {
        let size = self.ballots.len() + self.support.len() + self.decisions.len() + self.members.len();
        if size < 200 { self.check() } else { Ok(()) }
    }

    /// Checks the shares of the member who acts: never more than their whole weight, whatever a ladder let through.
    pub(crate) fn check_own(&self, who: Option<Pseudonym>) -> Result<(), Broken> {
        let placed = who.and_then(|who| self.members.index(who)).map_or(0, |index| self.members.placed_ppm(index));
        ensure!(placed <= PPM, "a member has placed {placed} millionths of their weight");
        Ok(())
    }

    /// Ballots stand on open decisions, on what is there, within their member's weight, and are what their digest is of.
    fn check_ballots(&self) -> Result<(), Broken> {
        let mut digest = Mix::default();
        let mut standing: usize = 0;
        for member in self.members.indices() {
            let (mut placed, mut count) = (0_u32, 0_u32);
            for (row, ballot) in self.ballots.of(&self.members, member) {
                ensure!(ballot.member == member, "row {row} is chained to member {member} and is another's ballot");
                let decision = self.decisions.get(ballot.decision).filter(|decision| decision.is_open());
                ensure!(decision.is_some(), "ballot {row} is on a decision that is not open");
                // A nominating ballot and a ballot on a ranking have one target; the others on elections have scores.
                let scored = self.has_scores(row) == HasScores::Yes;
                let scores: Vec<_> = if scored { self.ballots.scores(ballot).collect() } else { Vec::new() };
                let mut targets =
                    scores.iter().map(|score| score.candidate.0).chain((!scored).then_some(ballot.target));
                let known = decision.map_or(0, Decision::target_count);
                ensure!(targets.all(|target| (target as usize) < known), "ballot {row} is on nobody and nothing");
                let opposite = self.ballots.opposite(&self.members, ballot).filter(|_| scored);
                let noted = self.ballots.opposites().get(row as usize).copied().unwrap_or(0);
                let opposite = opposite.map_or(0, |(_, other)| other.share_ppm);
                ensure!(noted == opposite, "ballot {row} has {opposite} on the other side, and {noted} is noted");
                digest.add(&bytes_of(ballot, &scores));
                placed = placed.saturating_add(taken(ballot.allowance, ballot.share_ppm));
                let same = decision.is_some_and(|decision| decision.allowance == ballot.allowance);
                ensure!(same, "ballot {row} has another allowance than its decision");
                let here = self.placed_for(member, ballot.decision);
                ensure!(here <= PPM, "member {member} has placed {here} millionths on one decision");
                count = count.saturating_add(1);
            }
            // Acts read these noted sums instead of adding ballots up, so both must agree.
            let told = self.members.placed_ppm(member);
            ensure!(placed == told, "member {member} has placed {placed} millionths, and {told} are noted");
            ensure!(placed <= PPM, "member {member} has placed {placed} millionths");
            let noted = self.members.placed(member).ballots;
            ensure!(noted == count, "member {member} has {count} ballots, and {noted} are noted");
            ensure!(count == 0 || self.members.is_active(member), "the former member {member} has ballots");
            standing = standing.saturating_add(count as usize);
        }
        // A ballot that no member's chain reaches would escape the checks above.
        let rows = self.ballots.rows().iter().filter(|ballot| ballot.member != MemberIndex::NOBODY).count();
        ensure!(
            standing == rows && standing == self.ballots.len(),
            "{standing} ballots are chained, {rows} stand and {} are counted",
            self.ballots.len()
        );
        // The digest is kept as ballots come and go (docs/spec/updates.md, The state hash); here it was made anew.
        ensure!(digest == self.ballot_digest, "the digest of ballots is of others");
        Ok(())
    }

    /// Each open decision is the only one of its path, and stands below an open one that holds rules.
    fn check_layers(&self) -> Result<(), Broken> {
        let mut open = BTreeSet::new();
        for (place, decision) in self.open_decisions() {
            let name = decision.name.as_str();
            ensure!(open.insert(name), "two open decisions are called `{name}`");
            ensure!(self.by_path.get(name) == Some(&place), "`{name}` is not found by its path");
            let stands = decision.candidates().iter().filter_map(|one| one.name.member());
            for member in stands {
                ensure!(self.stood.contains(&(member, place)), "{member} is not known to stand for `{name}`");
            }
            if let Layer::Of(above) = decision.layer {
                let holds = self.decisions.get(above).is_some_and(|above| above.is_open() && above.holds_rules);
                ensure!(above < place && holds, "`{name}` is defined by what holds no rules");
            }
        }
        ensure!(
            open.len() == self.by_path.len(),
            "{} decisions are open, {} are known by path",
            open.len(),
            self.by_path.len()
        );
        self.check_waits()?;
        let Rules { below, .. } = &*self.rules;
        for path in below.keys() {
            let held = self.decision(path).filter(|decision| decision.holds_rules).and_then(Decision::in_force);
            ensure!(held.is_some(), "rules of `{path}` are in force, and no text is");
        }
        Ok(())
    }
}
