//! Devices as people see them: whose they are, since when they sign, who vouches for them, and six words for a key.

use engine::digest::hex;
use engine::register::device::Device;
use engine::{Edition, MemberIndex, Pseudonym};
use serde::Serialize;

use crate::Sight;

/// As many fellow members are named whose devices can be compared.
const MOST_FELLOWS: usize = 100;

/// As many bits as a word of the list says.
const BITS: u32 = 11;
/// As many words.
const WORDS: u32 = 6;

/// The page of a member's devices.
#[derive(Serialize, Debug, Clone)]
pub struct DevicesView {
    /// All that ever were, the newest first.
    pub mine: Vec<DeviceView>,
    /// Whether one of them signs.
    pub signs: bool,
    /// Whether the member takes part by signed acts only.
    pub sign_only: bool,
    /// Fellow members with a device, by name.
    pub fellows: Vec<Fellow>,
    /// The devices of one of them, to be compared.
    pub of: Option<(String, Vec<DeviceView>)>,
    /// A key of a browser that waits to be enrolled by this one.
    pub add: Option<Waiting>,
}

/// One device.
#[derive(Serialize, Debug, Clone)]
pub struct DeviceView {
    /// The entry that enrolled it.
    pub device: u64,
    /// The public key, hex.
    pub public: String,
    /// The six words of it.
    pub words: String,
    /// When it was enrolled.
    pub since: String,
    /// Whether it signs, waits or is revoked, in words.
    pub state: String,
    /// Who vouches for it, in words.
    pub vouched: Vec<String>,
    /// The counter of its last act.
    pub turn: u64,
    /// It waits for an older one.
    pub waits: bool,
    /// It is revoked.
    pub revoked: bool,
}

/// A fellow member with a device.
#[derive(Serialize, Debug, Clone)]
pub struct Fellow {
    /// Who.
    pub member: Pseudonym,
    /// Their name.
    pub name: String,
}

/// A key that waits to be enrolled.
#[derive(Serialize, Debug, Clone)]
pub struct Waiting {
    /// The key, hex.
    pub public: String,
    /// The six words of it.
    pub words: String,
}

/// Whether members' devices sign acts in this log.
#[must_use]
pub fn has_signatures(sight: &Sight<'_>) -> bool {
    sight.state.editions.current >= Edition::FIVE
}

/// Returns the page of the reader's devices; `None` for others, and before edition 5. `add` is a key to be enrolled, `of` a fellow
/// member.
#[must_use]
pub fn devices(sight: &Sight<'_>, coop: &str, add: &str, of: &str) -> Option<DevicesView> {
    let me = sight.me_index().filter(|_| has_signatures(sight))?;
    let state = sight.state;
    let mut mine: Vec<DeviceView> = state.devices.of(me).map(|one| view(sight, coop, one)).collect();
    mine.reverse();
    let is_key = add.len() == 64 && add.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'));
    let is_new = is_key && !state.devices.iter().any(|(_, device)| device.public == add);
    Some(DevicesView {
        mine,
        signs: state.devices.signs(me, sight.now),
        sign_only: state.devices.is_sign_only(me),
        fellows: fellows(sight, me),
        of: of.parse().ok().and_then(|who| devices_of(sight, coop, who, me)),
        add: is_new.then(|| Waiting { public: add.to_owned(), words: six_words(coop, add) }),
    })
}

/// The devices of a fellow member that are not revoked.
fn devices_of(sight: &Sight<'_>, coop: &str, who: Pseudonym, me: MemberIndex) -> Option<(String, Vec<DeviceView>)> {
    let theirs = sight.state.members.index(who).filter(|theirs| *theirs != me)?;
    let open = sight.state.devices.of(theirs).filter(|(_, device)| device.revoked.is_none());
    Some((sight.directory.name(who), open.map(|one| view(sight, coop, one)).collect()))
}

fn fellows(sight: &Sight<'_>, me: MemberIndex) -> Vec<Fellow> {
    let mut fellows: Vec<Fellow> = Vec::new();
    for (_, device) in sight.state.devices.iter().filter(|(_, one)| one.member != me && one.acts(sight.now)) {
        let Some(member) = sight.state.members.pseudonym(device.member) else { continue };
        if fellows.len() < MOST_FELLOWS && !fellows.iter().any(|known| known.member == member) {
            fellows.push(Fellow { member, name: sight.directory.name(member) });
        }
    }
    fellows.sort_by(|a, b| a.name.cmp(&b.name));
    fellows
}

fn view(sight: &Sight<'_>, coop: &str, (entry, device): (u64, &Device)) -> DeviceView {
    let state = match device.revoked {
        Some(at) => words::device::revoked_on(sight.day(at)),
        None if device.acts_from > sight.now => words::device::waits_until(sight.when(device.acts_from)),
        None => words::device::signs_since(sight.day(device.acts_from)),
    };
    let by = |by: &u64| {
        let owner = sight.state.devices.get(*by)?.member;
        let own = || words::device::OWN_OLDER.to_owned();
        if owner == device.member {
            Some(own())
        } else {
            Some(sight.directory.name(sight.state.members.pseudonym(owner)?))
        }
    };
    DeviceView {
        device: entry,
        public: device.public.clone(),
        words: six_words(coop, &device.public),
        since: sight.day(device.enrolled_at),
        state,
        vouched: device.confirmed_by.iter().filter_map(by).collect(),
        turn: device.turn,
        waits: device.revoked.is_none() && device.acts_from > sight.now,
        revoked: device.revoked.is_some(),
    }
}

/// The six words that people compare: the first 66 bits of SHA-256 over `rochdale/six-words/1`, the co-op's id and the key in hexadecimal
/// digits, a line each, as words of a list of 2,048. Source: `docs/spec/devices.md`.
#[must_use]
pub fn six_words(coop: &str, public: &str) -> String {
    let digest = hex(format!("rochdale/six-words/1\n{coop}\n{public}\n").as_bytes());
    let digits = digest.chars().take(17).filter_map(|digit| digit.to_digit(16));
    let bits = digits.fold(0_u128, |bits, digit| bits << 4 | u128::from(digit)) >> 2;
    let word = |place: u32| {
        let number = bits.checked_shr(place.saturating_mul(BITS)).unwrap_or(0) & 0x7ff;
        words::device::six_word(usize::try_from(number).unwrap_or(0))
    };
    (0..WORDS).rev().map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's `hashlib` and the list of BIP 39.
    #[test]
    fn words_are_those_of_another_program() {
        let public = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
        assert_eq!(six_words("c_38wheqj84186n", public), "elbow-tuna-session-glove-orphan-amused");
        assert_ne!(six_words("c_38wheqj84186m", public), six_words("c_38wheqj84186n", public));
    }
}
