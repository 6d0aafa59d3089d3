//! Applications are carried out at updates, and lapse there.

use charter::Door;
use imbl::Vector;
use quantity::Moment;

use super::{Application, Applied, VOUCHED_S};
use crate::act::Pseudonym;
use crate::outcome::Outcome;
use crate::state::State;

/// So many times the yes of members is as much as all heads with weight: a tenth of them is enough.
const PART_OF_HEADS: usize = 10;

impl State {
    /// Makes an applicant a member, on the list of the class.
    pub(super) fn let_in(&mut self, applicant: Pseudonym, application: &Application, at: Moment) -> Vec<Outcome> {
        self.applications.close(applicant);
        let index = self.members.admit(applicant, application.organisation, at);
        let list = self.rules.kernel.class(&application.class).and_then(|class| class.list.clone());
        if let Some(list) = list.and_then(|list| self.members.list_mut(&list)) {
            list.insert(index);
        }
        for voucher in &application.yes {
            let mut own: Vector<Moment> = self.applications.vouched.get(voucher).cloned().unwrap_or_default();
            own.push_back(at);
            self.applications.vouched.insert(*voucher, own);
        }
        let accepted = Outcome::ApplicationAccepted(Applied::of(applicant, application));
        vec![accepted, Outcome::MemberAdmitted { member: applicant }]
    }

    /// Lets in those for whom enough members vouch or vote, and ends what nobody has decided. To be asked at an update, after it
    /// was counted, so that newcomers count from the next one on.
    pub(crate) fn carry_out_applications(&mut self, at: Moment) -> Vec<Outcome> {
        if self.applications.is_empty() {
            return Vec::new();
        }
        let old = |since: &Moment| since.plus_seconds(VOUCHED_S) <= at;
        let kept = self.applications.vouched.iter().map(|(who, all)| {
            let own: Vector<Moment> = all.iter().copied().filter(|since| !old(since)).collect();
            (*who, own)
        });
        self.applications.vouched = kept.filter(|(_, own)| !own.is_empty()).collect();
        let waiting: Vec<(Pseudonym, Application)> =
            self.applications.waiting().map(|(who, one)| (who, one.clone())).collect();
        let mut outcomes = Vec::new();
        for (applicant, application) in waiting {
            let door = self.door(&application.class);
            let is_let_in = match door {
                Door::Open => true,
                Door::Vouched { members } => self.are_enough(members, &application, at),
                Door::Vote => at >= application.counted_from() && self.is_voted_in(&application),
                Door::Invitation | Door::Request | Door::Gift { .. } => false,
            };
            let is_over = match door {
                Door::Invitation => true,
                Door::Vote => at >= application.counted_from(),
                // Enough members vouch, and the seven days are not over.
                _ => at >= application.lapses_at() && application.admits_from().is_none_or(|due| at >= due),
            };
            if is_let_in {
                outcomes.extend(self.let_in(applicant, &application, at));
            } else if is_over && !self.is_about_to_be_admitted(applicant) {
                self.applications.close(applicant);
                outcomes.push(Outcome::ApplicationLapsed(Applied::of(applicant, &application)));
            }
        }
        outcomes
    }

    /// Whether so many vouch for somebody now, and did for seven days.
    fn are_enough(&self, members: u32, application: &Application, at: Moment) -> bool {
        let still = application.yes.iter().filter(|who| self.can_vouch(**who, at)).count();
        let enough = still >= usize::try_from(members).unwrap_or(usize::MAX);
        enough && application.admits_from().is_some_and(|due| at >= due)
    }

    /// Whether more members say yes than no, and a tenth of those with weight or more.
    fn is_voted_in(&self, application: &Application) -> bool {
        let heads = self.members.indices().filter(|who| self.members.is_active(*who) && self.weights.of(*who) > 0);
        let heads = heads.count();
        let counts = |who: &&crate::id::MemberIndex| self.can_answer(**who, application);
        let yes = application.yes.iter().filter(counts).count();
        let no = application.no.iter().filter(counts).count();
        yes > no && yes.saturating_mul(PART_OF_HEADS) >= heads
    }
}
