//! The settings of a flow of credit: probabilities, and the weights of kinds of items and links. Each has the default that
//! docs/spec/credit.md names, and bounds.

use charter::CreditFlow;
use serde::{Deserialize, Serialize};

use super::graph::{Kind, LinkKind, Wrong};
use crate::digest::Collect;

/// Probabilities in parts per million, weights in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// α: from everything back to the seed.
    pub alpha_ppm: u32,
    /// β: from a person's week to the person.
    pub beta_ppm: u32,
    /// γ: from a person's week to their next one.
    pub gamma_forward_ppm: u32,
    /// γ: to the one before.
    pub gamma_back_ppm: u32,
    pub mint: Mint,
    pub author: Pair,
    pub parent: Pair,
    pub review: Pair,
    pub mention: Pair,
}

/// Micro-credits that one item of a kind mints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mint {
    pub commit_micro: u64,
    pub merge_micro: u64,
    pub review_micro: u64,
    pub issue_micro: u64,
    pub document_micro: u64,
}

/// The weights of a link in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    pub forward_micro: u64,
    pub back_micro: u64,
}

/// α and β are at least this: credit that neither leaves nor is paid would flow for ever.
pub const LEAST_LEAVING_PPM: u32 = 10_000;
/// Each γ is at most this, so that a tail halves at least from week to week.
pub const MOST_GAMMA_PPM: u32 = 400_000;
/// The greatest weight and the greatest mint: a thousand.
pub const MOST_WEIGHT_MICRO: u64 = 1_000_000_000;

const ONE_PPM: u32 = 1_000_000;

impl Parameters {
    pub const USUAL: Self = Self {
        alpha_ppm: 100_000,
        beta_ppm: 400_000,
        gamma_forward_ppm: 100_000,
        gamma_back_ppm: 100_000,
        mint: Mint {
            commit_micro: 1_000_000,
            merge_micro: 1_000_000,
            review_micro: 1_000_000,
            issue_micro: 0,
            document_micro: 0,
        },
        author: Pair { forward_micro: 500_000, back_micro: 1_000_000 },
        parent: Pair { forward_micro: 1_000_000, back_micro: 250_000 },
        review: Pair { forward_micro: 1_000_000, back_micro: 250_000 },
        mention: Pair { forward_micro: 1_000_000, back_micro: 0 },
    };

    /// The parameters that a commitment that accepts credit says.
    #[must_use]
    pub fn of(flow: &CreditFlow) -> Parameters {
        let [commit_micro, merge_micro, review_micro, issue_micro, document_micro] = flow.mint_micro;
        let [author, parent, review, mention] =
            flow.links_micro.map(|(forward_micro, back_micro)| Pair { forward_micro, back_micro });
        Parameters {
            alpha_ppm: flow.seed_ppm,
            beta_ppm: flow.pay_out_ppm,
            gamma_forward_ppm: flow.week_forward_ppm,
            gamma_back_ppm: flow.week_back_ppm,
            mint: Mint { commit_micro, merge_micro, review_micro, issue_micro, document_micro },
            author,
            parent,
            review,
            mention,
        }
    }

    /// docs/spec/updates.md, Named sections, `credit`.
    pub(super) fn collect(&self, into: &mut Collect) {
        for ppm in [self.alpha_ppm, self.beta_ppm, self.gamma_forward_ppm, self.gamma_back_ppm] {
            into.number(ppm);
        }
        let Mint { commit_micro, merge_micro, review_micro, issue_micro, document_micro } = self.mint;
        for micro in [commit_micro, merge_micro, review_micro, issue_micro, document_micro] {
            into.number(micro);
        }
        for Pair { forward_micro, back_micro } in [self.author, self.parent, self.review, self.mention] {
            into.number(forward_micro).number(back_micro);
        }
    }

    /// # Errors
    /// A probability or a weight is out of its bounds.
    pub(super) fn check(&self) -> Result<(), Wrong> {
        let leaving = LEAST_LEAVING_PPM..=ONE_PPM;
        let most_gamma = self.gamma_forward_ppm.max(self.gamma_back_ppm);
        if !leaving.contains(&self.alpha_ppm) || !leaving.contains(&self.beta_ppm) || most_gamma > MOST_GAMMA_PPM {
            return Err(Wrong::Probability);
        }
        // Each is at most a million, so that the sum of four stays far below 2^32.
        if self.leaving_a_week_ppm() > ONE_PPM {
            return Err(Wrong::Probability);
        }
        let pairs = [self.author, self.parent, self.review, self.mention];
        let weights = pairs.iter().flat_map(|pair| [pair.forward_micro, pair.back_micro]);
        let Mint { commit_micro, merge_micro, review_micro, issue_micro, document_micro } = self.mint;
        let mints = [commit_micro, merge_micro, review_micro, issue_micro, document_micro];
        if weights.chain(mints).any(|weight| weight > MOST_WEIGHT_MICRO) {
            return Err(Wrong::Weight);
        }
        Ok(())
    }

    fn leaving_a_week_ppm(&self) -> u32 {
        [self.alpha_ppm, self.beta_ppm, self.gamma_forward_ppm, self.gamma_back_ppm]
            .into_iter()
            .fold(0, u32::saturating_add)
    }

    /// The part that goes from a person's week to their items.
    pub(super) fn week_to_items_ppm(&self) -> u32 {
        ONE_PPM.saturating_sub(self.leaving_a_week_ppm())
    }

    /// The part that goes from an item to people and other items.
    pub(super) fn item_to_all_ppm(&self) -> u32 {
        ONE_PPM.saturating_sub(self.alpha_ppm)
    }

    pub(super) fn mint_micro(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Commit => self.mint.commit_micro,
            Kind::Merge => self.mint.merge_micro,
            Kind::Review => self.mint.review_micro,
            Kind::Issue => self.mint.issue_micro,
            Kind::Document => self.mint.document_micro,
        }
    }

    pub(super) fn link(&self, kind: LinkKind) -> Pair {
        match kind {
            LinkKind::Parent => self.parent,
            LinkKind::Review => self.review,
            LinkKind::Mention => self.mention,
        }
    }
}
