//! The kernel's page, and kernels that are proposed.

use charter::Amendment;
use engine::rules::amendment::{KERNEL, Place, Proposal};
use quantity::Moment;
use serde::Serialize;
use words::kernel;

use crate::edition::{EditionView, edition};
use crate::{Candidate, EffectWords, RulesText, Share, Sight, say};

/// The kernel's page.
#[derive(Serialize, Debug, Clone)]
pub struct KernelView {
    pub in_force: RulesText,
    /// The conditions for changing it, a sentence each.
    pub amend: Vec<String>,
    pub proposals: Vec<AmendmentView>,
    /// The number of texts for which a member's assent counts, a sentence; from edition 2 on.
    pub latest: Option<String>,
    /// The reader may propose another one.
    pub may_propose: bool,
    /// The edition of the program's rules.
    pub edition: EditionView,
}

/// A proposed kernel.
#[derive(Serialize, Debug, Clone)]
pub struct AmendmentView {
    /// SHA-256 of the text, hex.
    pub document: Candidate,
    /// Its whole text.
    pub href: String,
    /// Who proposed it, and when.
    pub words: String,
    /// Of all weight, as of the last update.
    pub assent: Share,
    /// Of the weight of each class, where the kernel asks for that too.
    pub classes: Vec<ClassAssent>,
    /// The heads behind it, where the kernel counts any, and what it lacks for its place; a sentence each.
    pub keys: Vec<String>,
    /// The missing assent, or the date on which it takes effect.
    pub outlook: String,
    pub effects: Vec<EffectWords>,
    /// Whether the reader assents; none for a visitor who is nobody.
    pub mine: Option<bool>,
    /// The reader proposed it and may take it back.
    pub may_withdraw: bool,
}

/// A proposed kernel beside its meaning.
#[derive(Serialize, Debug, Clone)]
pub struct ProposedKernel {
    pub proposal: AmendmentView,
    pub text: RulesText,
    /// The conditions for putting it in force, by the kernel in force, a sentence each.
    pub amend: Vec<String>,
}

/// The part of one class that assents.
#[derive(Serialize, Debug, Clone)]
pub struct ClassAssent {
    pub class: String,
    pub share: Share,
}

/// Returns the kernel's page.
#[must_use]
pub fn kernel(sight: &Sight<'_>) -> KernelView {
    let kernel = &sight.state.rules.kernel;
    let document = &sight.state.amendment.in_force;
    let plain = charter::explain_kernel(kernel, Some(&sight.facts()));
    let since = sight.kernel_since();
    let text = sight.rules_text(document, words::document::in_force_since(sight.day(since)), &plain, "");
    let proposals = &sight.state.amendment.proposals;
    KernelView {
        in_force: RulesText { kept: kernel.notes.iter().map(|note| say::sentence(&note.why)).collect(), ..text },
        amend: charter::explain_amendment(kernel),
        proposals: proposals.iter().map(|proposal| sight.amendment(proposal)).collect(),
        latest: (sight.state.editions.current > engine::edition::ONE).then(|| words::kernel::LATEST_THREE.to_owned()),
        may_propose: sight.me_index().is_some() && kernel.amend != Amendment::Never,
        edition: edition(sight),
    }
}

/// Returns a kernel that is proposed, with its text; `None` where none of this hash is.
#[must_use]
pub fn proposed_kernel(sight: &Sight<'_>, document: &str) -> Option<ProposedKernel> {
    let proposal = sight.state.amendment.proposal(document)?;
    let kernel = charter::read_kernel_under(&proposal.text, sight.state.editions.current).ok()?;
    let facts = sight.kept.facts_under(sight, document, &kernel);
    let plain = charter::explain_kernel(&kernel, Some(&facts));
    let view = sight.amendment(proposal);
    let notes = kernel.notes.iter().map(|note| say::sentence(&note.why));
    Some(ProposedKernel {
        text: RulesText { kept: notes.collect(), ..sight.rules_text(document, view.words.clone(), &plain, "") },
        proposal: view,
        amend: charter::explain_amendment(&sight.state.rules.kernel),
    })
}

impl Sight<'_> {
    /// Returns the moment since which the kernel has been in force.
    fn kernel_since(&self) -> Moment {
        self.kept.lately(self).kernel_since.unwrap_or(self.state.founding.at)
    }

    fn amendment(&self, proposal: &Proposal) -> AmendmentView {
        let counted = self.kept.counted(self);
        let assents = counted.assents(self.state, &proposal.document, &proposal.assents);
        let held = self.state.assented(&assents, &counted.sums);
        let by_class = matches!(self.state.rules.kernel.amend, Amendment::Held { of_each_class: Some(_), .. });
        let me = self.me_index();
        let name = engine::chamber::CandidateName::Document(proposal.document.clone());
        let proposer = self.state.members.pseudonym(proposal.proposer);
        let proposer = proposer.map_or_else(String::new, |who| self.directory.name(who));
        let classes = held.classes.iter().filter(|_| by_class).map(|(class, weight, whole)| ClassAssent {
            class: class.clone(),
            share: Share::from_ppm(say::ppm(*weight, *whole)),
        });
        AmendmentView {
            document: self.named(&name),
            href: format!("/constitution/kernel/{}", proposal.document),
            words: kernel::proposed_by(proposer, self.day(proposal.since)),
            assent: Share::from_ppm(say::ppm(held.weight, held.whole)),
            classes: classes.collect(),
            keys: self.keys(proposal),
            outlook: self.amendment_outlook(proposal),
            effects: self.effects_of(KERNEL, &proposal.text),
            mine: me.map(|me| proposal.assents.contains(&me)),
            may_withdraw: me.is_some_and(|me| self.state.may_withdraw_kernel(proposal, me)),
        }
    }

    fn keys(&self, proposal: &Proposal) -> Vec<String> {
        let heads = proposal.heads.as_ref().map(|heads| kernel::heads(heads.part, heads.whole));
        let waits = (proposal.place == Place::Waits).then(|| kernel::WAITS.to_owned());
        let leaves = proposal.leaves_at().map(|at| kernel::leaves(self.day(at)));
        heads.into_iter().chain(waits).chain(leaves).collect()
    }

    fn amendment_outlook(&self, proposal: &Proposal) -> String {
        match self.state.amendment_due(proposal) {
            Some(at) => kernel::takes_effect(self.day(at)),
            None if self.state.weights.total == 0 => kernel::NO_ASSENT_COUNTS.to_owned(),
            None => kernel::LACKS_ASSENT.to_owned(),
        }
    }
}
