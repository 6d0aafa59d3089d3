//! Forks: the share that members who leave together may take with them.

use crate::code;
use crate::document::{Field, Mistakes};
use crate::kernel::Kernel;
use crate::named::{Named, named};
use crate::nearest::suggest;
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

/// The share that members who leave together may take with them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork {
    /// The entries of those who go.
    pub register: bool,
    /// The records of what those who go have given.
    pub ledger: bool,
    /// The rules, as a text to start from.
    pub rules: bool,
    pub treasury: TreasuryShare,
}

named! {
    /// How much of the money goes along.
    pub enum TreasuryShare {
        /// The same part of it as those who go hold of all weight.
        ByWeight = "by weight of those who go" "as much as of all weight they hold",
        /// The same part of it as those who go are of all members.
        ByHead = "by head" "as much as of all members they are",
        Nothing = "none" "the money stays",
    }
}

pub(super) const FORK: Known = field("fork", "what members who leave together take with them").fields(&[
    field("carries", "what goes along: register, ledger, rules").values(&[
        ("register ledger rules", "everything"),
        ("register rules", "not the ledger"),
        ("rules", "the rules alone"),
    ]),
    field("treasury", "how much of the money goes along").values(TreasuryShare::WORDS),
]);
const CARRIES: [&str; 3] = ["register", "ledger", "rules"];
/// A fork takes everything unless the kernel says otherwise.
pub(super) const DEFAULT: Fork = Fork { register: true, ledger: true, rules: true, treasury: TreasuryShare::ByWeight };

/// `fork carries="…" treasury="…"`
pub(super) fn read(field: &Field, mistakes: &mut Mistakes) -> Option<Fork> {
    let found = field.fields(FORK.fields, mistakes);
    let carries = found.or("carries", CARRIES.to_vec(), mistakes, |value, mistakes| {
        let words = phrase::words(&value.text);
        let unknown = || words.iter().filter(|(word, _)| !CARRIES.contains(word));
        for (word, at) in unknown() {
            let why = format!("a fork cannot carry `{word}`");
            mistakes.report(code::UNKNOWN_CHOICE, &value.place(at), why, suggest(word, &CARRIES));
        }
        unknown().next().is_none().then(|| words.iter().map(|(word, _)| *word).collect())
    });
    let treasury = found.or("treasury", DEFAULT.treasury, mistakes, phrase::named);
    let carries = carries?;
    Some(Fork {
        register: carries.contains(&"register"),
        ledger: carries.contains(&"ledger"),
        rules: carries.contains(&"rules"),
        treasury: treasury?,
    })
}

/// Says what members who leave together take along.
pub fn explain_fork(kernel: &Kernel) -> Vec<String> {
    let fork = &kernel.fork;
    // Records of support belong to members: without the register they stay behind.
    let ledger = fork.register && fork.ledger;
    let parts = [
        (fork.register, "the register of those who go"),
        (ledger, "the records of what they gave"),
        (fork.rules, "the rules as a text to start from"),
    ];
    let taken: Vec<String> = parts.into_iter().filter(|(taken, _)| *taken).map(|(_, words)| words.to_owned()).collect();
    let taken = match taken.is_empty() {
        true => "Members who leave together take no records along.".to_owned(),
        false => format!("Members who leave together take along {}.", words::all_of(&taken)),
    };
    let treasury = match fork.treasury {
        TreasuryShare::ByWeight => "Of the money they take the same part as they hold of all weight.",
        TreasuryShare::ByHead => "Of the money they take the same part as they are of all members.",
        TreasuryShare::Nothing => "The money stays where it is.",
    };
    vec![taken, treasury.to_owned()]
}
