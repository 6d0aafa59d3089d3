//! Forks: the share that members who leave together may take with them.

use quantity::Currency;

use crate::code;
use crate::document::{Field, Mistakes, Value};
use crate::edition::Edition;
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
    /// Those who go take no more money than they have given.
    pub given_at_most: bool,
    /// Support that counts as given, besides donations, dues, loans and shares.
    pub counted: Counted,
    /// From so much of all weight that other rules move on, in parts per million, they are said to be tantamount to a fork.
    pub tantamount_ppm: u32,
}

/// Support that counts as money given, besides donations, dues, loans and shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counted {
    /// Purchases count.
    pub purchases: bool,
    /// The sum that an hour counts as, minor units; 0 where hours do not count.
    pub hour_minor: i64,
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
    field("counts", "what counts as given, besides donations, dues, loans and shares")
        .values(&[("purchases", "what members bought")])
        .since(Edition::TWO),
    field("hour", "the sum that an hour given counts as").since(Edition::TWO),
    field("tantamount", "other rules that move more of all weight than this are said to be tantamount to a fork")
        .percent()
        .since(Edition::THREE),
]);
pub(super) const RESERVES: Known =
    field("reserves", "the part of the money that no fork divides").percent().since(Edition::TWO);
/// A fifth of all weight that other rules move is as much as leaves where a fifth of a co-op does.
const TANTAMOUNT_PPM: u32 = 200_000;
const CARRIES: [&str; 3] = ["register", "ledger", "rules"];
/// The words after a share that limit it.
const AT_MOST: &str = ", what they gave at most";

/// A fork takes everything unless the kernel says otherwise; from edition 2 on no more money than those who go gave.
pub(super) const fn usual(edition: Edition) -> Fork {
    Fork {
        register: true,
        ledger: true,
        rules: true,
        treasury: TreasuryShare::ByWeight,
        given_at_most: edition.number() >= Edition::TWO.number(),
        counted: Counted { purchases: false, hour_minor: 0 },
        tantamount_ppm: TANTAMOUNT_PPM,
    }
}

/// Reads a share, and from edition 2 on whether it is limited to what was given.
fn treasury(value: &Value, edition: Edition, mistakes: &mut Mistakes) -> Option<(TreasuryShare, bool)> {
    let limited = value.text.strip_suffix(AT_MOST).filter(|_| edition >= Edition::TWO);
    let share = limited.and_then(TreasuryShare::parse).filter(|share| *share != TreasuryShare::Nothing);
    match share {
        Some(share) => Some((share, true)),
        None => phrase::named(value, mistakes).map(|share| (share, false)),
    }
}

/// `fork carries="…" treasury="…" counts="purchases" hour="20 USD"`
pub(super) fn read(
    field: &Field,
    edition: Edition,
    currency: Option<Currency>,
    mistakes: &mut Mistakes,
) -> Option<Fork> {
    let known: Vec<Known> = FORK.fields.iter().copied().filter(|known| known.since <= edition).collect();
    let found = field.fields(&known, mistakes);
    let carries = found.or("carries", CARRIES.to_vec(), mistakes, |value, mistakes| {
        let words = phrase::words(&value.text);
        let unknown = || words.iter().filter(|(word, _)| !CARRIES.contains(word));
        for (word, at) in unknown() {
            let why = format!("a fork cannot carry `{word}`");
            mistakes.report(code::UNKNOWN_CHOICE, &value.place(at), why, suggest(word, &CARRIES));
        }
        unknown().next().is_none().then(|| words.iter().map(|(word, _)| *word).collect())
    });
    let absent = usual(edition);
    let absent = (absent.treasury, absent.given_at_most);
    let treasury = found.or("treasury", absent, mistakes, |value, mistakes| self::treasury(value, edition, mistakes));
    let purchases = found
        .or("counts", false, mistakes, |value, mistakes| phrase::choice(value, &["purchases"], mistakes).map(|_| true));
    // Without a currency that is known the sum has no unit, and the currency's own mistake is reported.
    let hour = found.or("hour", 0, mistakes, |value, mistakes| match currency {
        Some(currency) => phrase::money(value, currency, mistakes),
        None => Some(0),
    });
    let tantamount = found.or("tantamount", TANTAMOUNT_PPM, mistakes, |value, mistakes| {
        phrase::ratio_ppm(value, 10_000..=1_000_000, mistakes)
    });
    let carries = carries?;
    let (treasury, given_at_most) = treasury?;
    Some(Fork {
        register: carries.contains(&"register"),
        ledger: carries.contains(&"ledger"),
        rules: carries.contains(&"rules"),
        treasury,
        given_at_most,
        counted: Counted { purchases: purchases?, hour_minor: hour? },
        tantamount_ppm: tantamount?,
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
    let mut sentences = vec![taken, treasury.to_owned()];
    if fork.treasury != TreasuryShare::Nothing {
        sentences.extend(limits(kernel));
    }
    if kernel.edition >= Edition::THREE {
        let part = words::percent(fork.tantamount_ppm);
        sentences.push(format!("Other rules that move more than {part} of all weight from some members to others are said to be tantamount to a fork."));
    }
    sentences
}

/// Says what limits the money that goes along, from edition 2 on.
fn limits(kernel: &Kernel) -> Vec<String> {
    let (fork, mut sentences) = (&kernel.fork, Vec::new());
    if kernel.edition < Edition::TWO {
        return sentences;
    }
    sentences.push(
        "Of the part that they are when they announce it and the one that they are when they leave, the lesser counts."
            .to_owned(),
    );
    if kernel.reserves_ppm > 0 {
        let part = words::percent(kernel.reserves_ppm);
        sentences.push(format!("{part} of the money is a reserve that nobody divides."));
    }
    if fork.given_at_most {
        let mut given = vec!["donations".to_owned(), "dues".to_owned(), "loans".to_owned(), "shares".to_owned()];
        given.extend(fork.counted.purchases.then(|| "purchases".to_owned()));
        if fork.counted.hour_minor > 0 {
            let hour = words::money(fork.counted.hour_minor, kernel.currency);
            given.push(format!("hours at {hour} each"));
        }
        let given = words::all_of(&given);
        sentences.push(format!(
            "They take no more than they gave ({given}), less what went back to them, was paid to them or is owed to them."
        ));
    }
    sentences
}
