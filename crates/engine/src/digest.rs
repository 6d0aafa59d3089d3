//! Digests of the state: running ones over what is large, and one over everything at an update.
//!
//! The log's chain binds every act. A state hash is there to show that two machines computed the same from it, so
//! large sets (ballots, records) are summed: each element's SHA-256 added modulo 2^64 in four lanes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The first 64 bits of SHA-256.
#[must_use]
pub fn short(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    digest.iter().take(8).fold(0, |value, byte| (value << 8) | u64::from(*byte))
}

/// SHA-256 as hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    to_hex(&Sha256::digest(bytes))
}

pub(crate) fn to_hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A digest of a set: elements can be added and taken out in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mix([u64; 4]);

impl Mix {
    /// The four lanes.
    #[must_use]
    pub fn lanes(&self) -> [u64; 4] {
        self.0
    }

    fn apply(&mut self, element: &[u8], with: impl Fn(u64, u64) -> u64) {
        let digest = Sha256::digest(element);
        for (lane, bytes) in self.0.iter_mut().zip(digest.chunks(8)) {
            let value = bytes.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte));
            *lane = with(*lane, value);
        }
    }

    pub(crate) fn add(&mut self, element: &[u8]) {
        self.apply(element, u64::wrapping_add);
    }

    pub(crate) fn take(&mut self, element: &[u8]) {
        self.apply(element, u64::wrapping_sub);
    }
}

/// The named parts of a state, each collected by itself; the hash over them does not depend on the order in which they come.
#[derive(Debug, Default)]
pub(crate) struct Sections(BTreeMap<&'static str, Collect>);

impl Sections {
    /// Adds to a section.
    pub(crate) fn add(&mut self, name: &'static str, collect: impl FnOnce(&mut Collect)) {
        collect(self.0.entry(name).or_default());
    }

    /// SHA-256, hex, over each section's name and the SHA-256 of what it collected, in the order of names.
    pub(crate) fn hash(self) -> String {
        let mut all = Collect::default();
        all.text("rochdale state 3");
        for (name, section) in self.0 {
            all.text(name);
            all.bytes(&section.finish());
        }
        to_hex(&all.finish())
    }
}

/// Collects the fields of a state in order. Numbers are little-endian, texts are preceded by their length.
#[derive(Debug, Default)]
pub(crate) struct Collect {
    hash: Sha256,
    /// Hashed once it is full: fields are many and short.
    block: Vec<u8>,
}

/// The size of a full block, bytes.
const BLOCK: usize = 8_192;

impl Collect {
    fn bytes(&mut self, bytes: &[u8]) {
        if self.block.len().saturating_add(bytes.len()) > BLOCK {
            self.flush();
        }
        if bytes.len() > BLOCK {
            self.hash.update(bytes);
        } else {
            self.block.extend_from_slice(bytes);
        }
    }

    fn flush(&mut self) {
        self.hash.update(&self.block);
        self.block.clear();
    }

    pub(crate) fn number(&mut self, value: impl Into<i128>) -> &mut Self {
        self.bytes(&value.into().to_le_bytes());
        self
    }

    /// As so many numbers.
    pub(crate) fn row<const N: usize>(&mut self, values: [i128; N]) -> &mut Self {
        self.bytes(values.map(i128::to_le_bytes).as_flattened());
        self
    }

    pub(crate) fn wide(&mut self, value: u128) -> &mut Self {
        self.bytes(&value.to_le_bytes());
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.wide(text.len() as u128);
        self.bytes(text.as_bytes());
        self
    }

    pub(crate) fn column(&mut self, values: &[u64]) -> &mut Self {
        self.wide(values.len() as u128);
        for values in values.chunks(BLOCK / 8) {
            self.flush();
            self.block.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        self
    }

    pub(crate) fn mix(&mut self, mix: &Mix) -> &mut Self {
        for lane in mix.lanes() {
            self.number(lane);
        }
        self
    }

    pub(crate) fn finish(mut self) -> [u8; 32] {
        self.flush();
        self.hash.finalize().into()
    }
}
