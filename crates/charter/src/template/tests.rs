//! Templates: each is clean, whatever name it is filled with.

use proptest::prelude::*;
use quantity::Currency;

use super::{Filled, template, templates};
use crate::{Kernel, read_constitution, read_kernel};

fn check(filled: &Filled) -> Kernel {
    let kernel =
        read_kernel(&filled.kernel).unwrap_or_else(|found| panic!("{}: {found:?}", filled.kernel));
    let constitution = read_constitution(&filled.constitution, &kernel);
    let constitution =
        constitution.unwrap_or_else(|found| panic!("{}: {found:?}", filled.constitution));
    assert!(!constitution.clauses.is_empty());
    kernel
}

#[test]
fn every_template_checks_clean_in_every_sort_of_currency() {
    for name in templates() {
        for code in ["USD", "JPY", "KWD"] {
            let filled = template(name)
                .unwrap()
                .fill("Plain", Currency::parse(code).unwrap());
            assert!(
                !filled.kernel.contains("{{") && !filled.constitution.contains("{{"),
                "{name}"
            );
            let kernel = check(&filled);
            assert_eq!(
                (kernel.name.as_str(), kernel.notes.len()),
                ("Plain", 0),
                "{name}"
            );
            assert_eq!(kernel.currency.code(), code);
        }
    }
    assert_eq!(template("none"), None);
}

#[test]
fn no_name_breaks_out_of_its_place() {
    let currency = Currency::parse("USD").unwrap();
    for name in [
        "\"; votes \"linear\" //",
        "\\",
        "{{currency}}",
        "\"{{name}}\"",
        "a\n```charter\nkernel { }\n```",
        "```charter",
        "\u{202e}kernel\u{2028}x",
        "} kernel {",
        "Föderal & Söhne",
    ] {
        for known in templates() {
            let kernel = check(&template(known).unwrap().fill(name, currency));
            assert_eq!(
                kernel.classes.len(),
                check(&template(known).unwrap().fill("x", currency))
                    .classes
                    .len()
            );
            assert_eq!(kernel.name, super::one_line(name));
        }
    }
}

proptest! {
    #[test]
    fn any_name_is_only_a_name(name in "[ -~é\u{202e}\n]{1,60}") {
        prop_assume!(!super::one_line(&name).is_empty());
        let filled = template("open-source").unwrap().fill(&name, Currency::parse("EUR").unwrap());
        prop_assert_eq!(check(&filled).name, super::one_line(&name));
    }
}
