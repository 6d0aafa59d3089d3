//! Any text as a formula: evaluated and traced on the least, the greatest and common values, or refused.
#![no_main]

use charter::{Formula, Pico, Scope};
use libfuzzer_sys::fuzz_target;
use quantity::Currency;

const VALUES: [Pico; 6] = [0, 1, -1, 500_000_000_000_000, Pico::MAX, Pico::MIN];

fuzz_target!(|text: &str| charter_fuzz::within_limit(|| {
    let classes = ["patrons".to_owned(), "contributors".to_owned()];
    let scope = Scope { currency: Currency::parse("USD").expect("a currency"), classes: &classes };
    match Formula::parse(text, &scope) {
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in mistakes {
                assert!(text.get(mistake.at.clone()).is_some(), "{mistake:?}");
            }
        }
        Ok(formula) => {
            for first in 0..VALUES.len() {
                let turned = VALUES.iter().cycle().skip(first);
                let values: Vec<Pico> = turned.take(formula.sources.len()).copied().collect();
                formula.weight(&values);
                let trace = formula.trace(&values);
                assert!(!trace.is_empty());
            }
            assert!(formula.is_same(&formula));
        }
    }
}));
