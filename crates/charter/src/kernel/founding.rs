//! The founding period: the powers that founders have until members have elected somebody.

use crate::code;
use crate::document::{Field, Mistakes};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::vocabulary::{Known, field};

/// Nothing else ends the period, so that nobody has to agree on a date before there is anybody.
const UNTIL: &str = "until admit is held";

pub(super) const FOUNDING: Known = field("founding", "what founders may do before members have elected anybody")
    .fields(&[field("powers", "until when they have the powers of offices and bodies that nobody holds")
        .values(&[(UNTIL, "until somebody who may admit members is seated")])])
    .since(Edition::TWO);

/// `founding { powers until "admit is held" }`
pub(super) fn read(field: &Field, mistakes: &mut Mistakes) -> Option<bool> {
    let found = field.fields(FOUNDING.fields, mistakes);
    let Some(powers) = found.get("powers") else {
        // Anything else in the braces is reported already.
        if field.properties.is_empty() && field.children.is_empty() {
            found.missing("powers", "powers until \"admit is held\"", mistakes);
        }
        return None;
    };
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
    if !kernel.founders_hold_powers {
        return Vec::new();
    }
    [
        "Until somebody who may admit members is seated for the first time, founders have the powers of the offices and bodies that nobody holds.",
        "They are bound by the same limits, and the log names each use as theirs.",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rules;
    use crate::kernel::tests::{kernel_with as kernel, rules_with as rules};

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
        assert!(told(BLOCK, Edition::ONE).contains("`kernel` has no field `founding`"));
    }
}
