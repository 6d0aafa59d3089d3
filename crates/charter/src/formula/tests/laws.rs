//! Laws over generated formulas: nothing panics, and formulas that parse can be run and explained.

use proptest::prelude::*;

use super::{ONE, parse, value};
use crate::formula::Pico;

/// Apart by `¦`.
const TOKENS: &str = "1¦0¦0.5¦999999999999999¦USD¦EUR¦hours¦days¦per¦month¦5 USD per hour¦%¦(¦)¦(¦)¦,¦+¦-¦*¦/¦÷¦==¦<¦≥¦and¦or¦not¦if¦\
    then¦else¦min(¦max(¦sqrt(¦donated(last month)¦pledged(next month)¦hours(this year)¦credit(ever)¦count(patrons)¦\
    faded(donated, half-life 1 year)¦faded(¦half-life¦last¦12¦months¦core-team¦é¦−";

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(TOKENS.split('¦').collect::<Vec<_>>()), 0..40)
        .prop_map(|words| words.join(" "))
}

/// Well-formed formulas of plain numbers.
fn sound() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (0_u32..1_000_000).prop_map(|n| n.to_string()),
        Just("credit(ever)".to_owned()),
        Just("donated(last month) / 1 USD".to_owned()),
        Just("count(patrons)".to_owned()),
        Just("faded(hours, half-life 1 year) / 3 hours".to_owned()),
    ];
    leaf.prop_recursive(6, 60, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*", "/"]), inner.clone())
                .prop_map(|(left, sign, right)| format!("({left} {sign} ({right}))")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, max({b}, 3))")),
            inner.clone().prop_map(|inner| format!("sqrt(-({inner}))")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(if {a} > {b} and not {c} == 1 then {b} else {c})")),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_soup_of_tokens_panics(text in soup(), values in prop::collection::vec(any::<i128>(), 0..6)) {
        match parse(&text) {
            Ok(formula) => {
                formula.weight(&values);
                prop_assert!((1..=text.len()).contains(&formula.cost()));
                prop_assert!(!formula.trace(&values).is_empty());
            }
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!(text.get(mistake.at.clone()).is_some(), "{:?} in {:?}", mistake, text);
                }
            }
        }
    }

    #[test]
    fn what_is_sound_parses_and_runs(text in sound(), values in prop::collection::vec(any::<i128>(), 5)) {
        let formula = parse(&text).map_err(|mistakes| TestCaseError::fail(format!("{text}: {mistakes:?}")))?;
        let lines = formula.trace(&values);
        prop_assert_eq!(lines[0].depth, 0);
        formula.weight(&values);
    }

    #[test]
    fn a_number_reduced_away_changes_nothing(x: i64, cents in 1_i64..1_000_000) {
        let whole = Pico::from(x) * ONE;
        let by_number = value(&format!("donated(ever) / {}.{:02} USD", cents / 100, cents % 100), &[whole]);
        let by_source = value("donated(ever) / dues(ever)", &[whole, Pico::from(cents) * ONE]);
        prop_assert_eq!(by_number, by_source);
    }
}
