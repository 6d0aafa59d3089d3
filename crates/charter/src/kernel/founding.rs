//! The founding period: the powers that founders have until members have elected somebody.

use crate::code;
use crate::document::{Field, Mistakes};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::phrase;
use crate::vocabulary::{Known, field};
use crate::words;

/// Nothing else ends the powers, so that nobody has to agree on a date before there is anybody.
const UNTIL: &str = "until admit is held";
/// The support that ends founders' weight. The first cent of one member must not take the say of all others away.
const SUPPORT: &str = "support of 2 members";
/// The most that the weight of a founder may be set to, so that it stays a beginning beside what members give.
const MOST_FOUNDING_WEIGHT: u32 = 1_000;
const MICRO: u64 = 1_000_000;

pub(super) const FOUNDING: Known =
    field("founding", "what founders may do before members have elected anybody").fields(FIELDS).since(Edition::TWO);
const FIELDS: &[Known] = &[
    field("weight", "the least that each founder weighs until members have weight of their own").since(Edition::THREE),
    field("until", "when that weight ends")
        .values(&[(SUPPORT, "once two members have had weight of their own at three updates in a row")])
        .since(Edition::THREE),
    field("powers", "until when they have the powers of offices and bodies that nobody holds")
        .values(&[(UNTIL, "until somebody who may admit members is seated")]),
];

/// The powers and the weight that a kernel gives founders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Founding {
    /// The powers of vacant seats.
    pub(super) powers: bool,
    /// The least that each of them weighs, micro-weights; 0 for nothing.
    pub(super) weight_micro: u64,
}

/// `founding { weight 1; until "support of 2 members"; powers until "admit is held" }`
pub(super) fn read(field: &Field, mistakes: &mut Mistakes) -> Option<Founding> {
    let found = field.fields(FOUNDING.fields, mistakes);
    let weight = match found.get("weight") {
        Some(weight) => {
            weight.whole(1..=MOST_FOUNDING_WEIGHT, mistakes).map(|weight| MICRO.saturating_mul(weight.into()))
        }
        None => Some(0),
    };
    let until = found.optional("until", mistakes, |value, mistakes| phrase::choice(value, &[SUPPORT], mistakes));
    match (found.get("weight"), found.get("until")) {
        (Some(_), None) => found.missing("until", "until \"support of 2 members\"", mistakes),
        (None, Some(_)) => found.needs("until", "`weight`", mistakes),
        _ => {}
    }
    let powers = match found.get("powers") {
        Some(powers) => powers_last(powers, mistakes),
        None if found.get("weight").is_some() => Some(false),
        None => {
            // Anything else in the braces is reported already.
            if field.properties.is_empty() && field.children.is_empty() {
                found.missing("powers", "powers until \"admit is held\"", mistakes);
            }
            None
        }
    };
    until?;
    Some(Founding { powers: powers?, weight_micro: weight? })
}

/// `powers until "admit is held"`
fn powers_last(powers: &Field, mistakes: &mut Mistakes) -> Option<bool> {
    powers.nothing_else(&[], mistakes);
    let values = powers.texts(mistakes);
    let first = values.first()?;
    // One phrase, of one text or of several.
    let words = values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(" ");
    if words != UNTIL {
        let why = format!("`powers` does not last `{words}`");
        return mistakes.refuse(code::UNKNOWN_CHOICE, &first.at, why, "write `powers until \"admit is held\"`");
    }
    Some(true)
}

/// Says what founders may do, where the kernel gives them anything.
pub(super) fn meaning(kernel: &Kernel) -> Vec<String> {
    let mut sentences = Vec::new();
    if kernel.founding_weight_micro > 0 {
        let weight = words::exactly(kernel.founding_weight_micro);
        sentences.push(format!("Each founder weighs {weight} at least, divided evenly over all classes."));
        sentences.push("It ends once two members have had weight of their own at three updates in a row, and 180 days after the founding at the latest.".to_owned());
    }
    if kernel.founders_hold_powers {
        sentences.push("Until somebody who may admit members is seated for the first time, founders have the powers of the offices and bodies that nobody holds.".to_owned());
        sentences.push("They are bound by the same limits, and the log names each use as theirs.".to_owned());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;
    use crate::kernel::tests::{kernel_with as kernel, rules_with as rules};

    const WHOLE: &str = "founding { weight 1; until \"support of 2 members\"; powers until \"admit is held\" }";
    const BLOCK: &str = "founding { powers until \"admit is held\" }";

    #[test]
    fn what_founders_may_do_is_read_explained_and_compared() {
        let (without, with) = (rules(""), rules(BLOCK));
        assert!(!without.kernel.founders_hold_powers && with.kernel.founders_hold_powers);
        assert!(meaning(&without.kernel).is_empty(), "without the block nothing is added");
        let explained = crate::explain_kernel(&with.kernel, None);
        let explained = explained.iter().find(|one| one.name == "founding").unwrap();
        assert_eq!(explained.sentences, meaning(&with.kernel));
        let told = |from: &Rules, to: &Rules| {
            crate::diff(from, to).into_iter().map(|effect| effect.sentence).collect::<Vec<String>>()
        };
        assert_eq!(
            told(&without, &with),
            [
                "For founders it would hold that until somebody who may admit members is seated for the first time, founders have the powers of the offices and bodies that nobody holds.",
                "For founders it would hold that they are bound by the same limits, and the log names each use as theirs.",
            ]
        );
        assert_eq!(
            told(&with, &without)[0],
            "For founders it would no longer hold that until somebody who may admit members is seated for the first time, founders have the powers of the offices and bodies that nobody holds."
        );
    }

    #[test]
    fn the_weight_of_founders_is_read_explained_and_compared() {
        let with = kernel(WHOLE, Edition::THREE).unwrap();
        assert_eq!((with.founding_weight_micro, with.founders_hold_powers), (1_000_000, true));
        let told = meaning(&with);
        assert_eq!(told[0], "Each founder weighs 1.00 at least, divided evenly over all classes.");
        assert!(told[1].starts_with("It ends once two members have had weight of their own"), "{told:?}");
        let without = kernel(BLOCK, Edition::THREE).unwrap();
        assert_eq!((without.founding_weight_micro, meaning(&without).as_slice()), (0, &told[2..]));
        let effects = crate::kernel::effects(&without, &with);
        let sentences: Vec<&str> = effects.iter().map(|effect| effect.sentence.as_str()).collect();
        assert_eq!(
            sentences[0],
            "For founders it would hold that each founder weighs 1.00 at least, divided evenly over all classes."
        );
    }

    #[test]
    fn each_mistake_names_what_is_known() {
        let told = |line: &str, edition| {
            let found = kernel(line, edition).err().unwrap_or_default();
            found.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n")
        };
        for (line, wanted) in [
            (BLOCK, ""),
            ("founding { powers \"until admit is held\" }", ""),
            ("founding { weight 1 }", "`founding` has no field `weight`; there is `powers`"),
            (
                "founding { until \"support of 2 members\"; powers until \"admit is held\" }",
                "`founding` has no field `until`; there is `powers`",
            ),
            ("founding", "`founding` has no `powers`; write `powers until \"admit is held\"`"),
            ("founding { powers }", "`powers` has no value"),
            ("founding { powers until \"2030-01-01\" }", "`powers` does not last `until 2030-01-01`"),
            ("founding { powers 14 }", "`powers` takes text"),
            ("founding { powers until \"admit is held\" up-to=\"9 USD\" }", "`powers` has no field `up-to`"),
        ] {
            let told = told(line, Edition::TWO);
            assert!(told.contains(wanted) && told.is_empty() == wanted.is_empty(), "{line}: {told}");
            assert!(!told.contains('\n'), "{line}: {told}");
        }
        for (line, wanted) in [
            (BLOCK, ""),
            (WHOLE, ""),
            ("founding { weight 1; until \"support of 2 members\" }", ""),
            ("founding { weight 1 }", "`founding` has no `until`"),
            ("founding { weight 1; powers until \"admit is held\" }", "`founding` has no `until`"),
            (
                "founding { until \"support of 2 members\"; powers until \"admit is held\" }",
                "`until` means nothing without `weight`",
            ),
            ("founding { weight 0; until \"support of 2 members\" }", "`weight` is from 1 to 1000"),
            ("founding { weight 1001; until \"support of 2 members\" }", "`weight` is from 1 to 1000"),
            (
                "founding { weight \"1\"; until \"support of 2 members\" }",
                "`weight` takes a whole number without quotes",
            ),
            ("founding { weight 1; until \"support of 1 member\" }", "support of 2 members"),
        ] {
            let told = told(line, Edition::THREE);
            assert!(told.contains(wanted) && told.is_empty() == wanted.is_empty(), "{line}: {told}");
            assert!(!told.contains('\n'), "{line}: {told}");
        }
        assert!(told(BLOCK, Edition::ONE).contains("`kernel` has no field `founding`"));
    }
}
