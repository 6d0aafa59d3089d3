//! A member's own ways in, and what changed of them.

include!("way.words");

/// A deed, for a sentence about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A way was added, or took the place of an older one.
    Added,
    /// A way was removed.
    Removed,
    /// A code or a link was used.
    Used,
    /// A passkey was used whose counter did not go on.
    WentBack,
    /// Everything was ended.
    Ended,
}

/// The name of a kind of way.
#[must_use]
pub fn kind(name: &str) -> &'static str {
    match name {
        "password" => PASSWORD,
        "totp" => TOTP,
        "recovery_codes" => RECOVERY_CODES,
        "address" => ADDRESS,
        "passkey" => PASSKEY,
        "account" => ISSUER,
        _ => ANOTHER,
    }
}

/// The sentence about a change.
#[must_use]
pub fn changed(deed: Deed, name: &str) -> String {
    match (deed, name) {
        (Deed::Added, "token") => TOKEN_MADE.to_owned(),
        (Deed::Used, "link") => LINK_USED.to_owned(),
        (Deed::Used, "recovery_codes") => CODE_USED.to_owned(),
        (Deed::Added, _) => added(kind(name)),
        (Deed::Removed, _) => removed(kind(name)),
        (Deed::Used, _) => used(kind(name)),
        (Deed::WentBack, _) => WENT_BACK.to_owned(),
        (Deed::Ended, _) => ENDED.to_owned(),
    }
}
