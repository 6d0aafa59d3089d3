//! `parameters` of a file of contributions: each field may be missing, and is then as docs/spec/credit.md has it.

use engine::credit::{MOST_WEIGHT_MICRO, Mint, Pair, Parameters};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::commands::count::decimal;
use crate::exit::Exit;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    alpha: Option<Box<RawValue>>,
    beta: Option<Box<RawValue>>,
    gamma_forward: Option<Box<RawValue>>,
    gamma_back: Option<Box<RawValue>>,
    #[serde(default)]
    mint: GivenMint,
    #[serde(default)]
    author: GivenPair,
    #[serde(default)]
    parent: GivenPair,
    #[serde(default)]
    review: GivenPair,
    #[serde(default)]
    mention: GivenPair,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenMint {
    commit: Option<Box<RawValue>>,
    merge: Option<Box<RawValue>>,
    review: Option<Box<RawValue>>,
    issue: Option<Box<RawValue>>,
    document: Option<Box<RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenPair {
    forward: Option<Box<RawValue>>,
    back: Option<Box<RawValue>>,
}

impl Given {
    pub fn parameters(&self) -> Result<Parameters, Exit> {
        let usual = Parameters::USUAL;
        let pair = |name: &str, given: &GivenPair, usual: Pair| {
            Ok::<_, Exit>(Pair {
                forward_micro: micro(&given.forward, &format!("`{name}.forward`"), usual.forward_micro)?,
                back_micro: micro(&given.back, &format!("`{name}.back`"), usual.back_micro)?,
            })
        };
        let mint = |name: &str, given, usual| micro(given, &format!("`mint.{name}`"), usual);
        Ok(Parameters {
            alpha_ppm: ppm(&self.alpha, "`alpha`", usual.alpha_ppm)?,
            beta_ppm: ppm(&self.beta, "`beta`", usual.beta_ppm)?,
            gamma_forward_ppm: ppm(&self.gamma_forward, "`gamma_forward`", usual.gamma_forward_ppm)?,
            gamma_back_ppm: ppm(&self.gamma_back, "`gamma_back`", usual.gamma_back_ppm)?,
            mint: Mint {
                commit_micro: mint("commit", &self.mint.commit, usual.mint.commit_micro)?,
                merge_micro: mint("merge", &self.mint.merge, usual.mint.merge_micro)?,
                review_micro: mint("review", &self.mint.review, usual.mint.review_micro)?,
                issue_micro: mint("issue", &self.mint.issue, usual.mint.issue_micro)?,
                document_micro: mint("document", &self.mint.document, usual.mint.document_micro)?,
            },
            author: pair("author", &self.author, usual.author)?,
            parent: pair("parent", &self.parent, usual.parent)?,
            review: pair("review", &self.review, usual.review)?,
            mention: pair("mention", &self.mention, usual.mention)?,
        })
    }
}

/// Reads a weight as millionths.
pub fn micro(given: &Option<Box<RawValue>>, what: &str, usual: u64) -> Result<u64, Exit> {
    let Some(given) = given else { return Ok(usual) };
    let micro = u64::try_from(decimal(given, 6, what)?).ok().filter(|micro| *micro <= MOST_WEIGHT_MICRO);
    micro.ok_or_else(|| Exit::input(format!("{what} goes from 0 to 1000")))
}

/// Reads a probability as parts per million.
pub fn ppm(given: &Option<Box<RawValue>>, what: &str, usual: u32) -> Result<u32, Exit> {
    let Some(given) = given else { return Ok(usual) };
    let ppm = u32::try_from(decimal(given, 6, what)?).ok().filter(|ppm| *ppm <= quantity::PPM);
    ppm.ok_or_else(|| Exit::input(format!("{what} goes from 0 to 1")))
}
