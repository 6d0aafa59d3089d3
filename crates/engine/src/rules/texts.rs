//! Texts of rules that are proposed: how many there may be, and whether an act brings the one that it names.

use std::sync::Arc;

use charter::Diagnostic;

use crate::act::ProposeDocument;
use crate::digest::hex;
use crate::id::MemberIndex;
use crate::refusal::{Refusal, Rule};

/// The most texts of rules that stand for one decision, or as the kernel: each is read again when what is above it changes.
pub(crate) const MAX_RULES: usize = 100;
/// How many of them one member may have proposed, so that nobody fills all places.
pub(crate) const MAX_OWN_RULES: usize = 3;
/// Whether one more text of rules can stand, beside those of these proposers.
pub(crate) fn has_place(
    decision: &str,
    who: MemberIndex,
    proposers: impl Iterator<Item = Option<MemberIndex>>,
) -> Result<(), Refusal> {
    let (mut all, mut own) = (0_usize, 0_usize);
    for proposer in proposers {
        all = all.saturating_add(1);
        own = own.saturating_add(usize::from(proposer == Some(who)));
    }
    let too_many = |why: String, instead: &str| Err(Refusal::new(Rule::TooMany, why, instead));
    if all >= MAX_RULES {
        let why = format!("{MAX_RULES} texts stand for `{decision}` already");
        return too_many(why, "support one of them, or wait until one is out");
    }
    if own >= MAX_OWN_RULES {
        let why = format!("{MAX_OWN_RULES} texts of yours stand for `{decision}` already");
        return too_many(why, "withdraw one of them first");
    }
    Ok(())
}

pub(crate) fn is_hash(document: &str) -> Result<(), Refusal> {
    if is_hex(document) {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::NameNotAllowed,
        format!("`{document}` is not a document's SHA-256 in lower-case hex"),
        "give the 64 hex digits of the text's SHA-256",
    ))
}

/// Whether a text is 32 bytes in lower-case hex, as hashes and keys are named.
pub(crate) fn is_hex(text: &str) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 64 && text.bytes().all(digit)
}

/// The text that an act brings, if it is the one that it names.
pub(crate) fn text_of(act: &ProposeDocument) -> Result<Arc<str>, Refusal> {
    match &act.text {
        Some(text) if hex(text.as_bytes()) == act.document => Ok(Arc::clone(text)),
        given => Err(text_missing(&format!("`{}` holds rules, and its text", act.decision), given.as_ref())),
    }
}

/// The refusal of an act whose text is missing, or is another one than it names.
pub(crate) fn text_missing(what: &str, given: Option<&Arc<str>>) -> Refusal {
    let why = match given {
        None => format!("{what} is missing"),
        Some(text) => format!("the text that came along is another one: its SHA-256 is {}", hex(text.as_bytes())),
    };
    Refusal::new(Rule::TextMissing, why, "hand in the text together with the act, as it stands, byte for byte")
}

/// Refuses another text than the one that an act names. Of two replays one may have a text that the other has erased: it is looked at
/// where it is at hand.
pub(crate) fn is_its_text(what: &str, text: Option<&Arc<str>>, hash: &str) -> Result<(), Refusal> {
    match text.filter(|text| hex(text.as_bytes()) != hash) {
        Some(text) => Err(text_missing(what, Some(text))),
        None => Ok(()),
    }
}

/// How many mistakes of a text a refusal tells; the others are `rochdale check`'s.
const TOLD: usize = 3;

pub(crate) fn does_not_check(what: &str, mistakes: &[Diagnostic]) -> Refusal {
    let first: Vec<String> = mistakes.iter().take(TOLD).map(ToString::to_string).collect();
    let count = match mistakes.len() {
        1 => "a mistake".to_owned(),
        more => format!("{more} mistakes"),
    };
    let mut why = format!("{what} has {count}: {}", first.join("; "));
    if mistakes.len() > TOLD {
        why.push_str("; and so on");
    }
    Refusal::new(
        Rule::DoesNotCheck,
        why.replace('\n', " "),
        "mend it and propose it again; `rochdale check` shows every mistake with its place",
    )
}
