//! Any text as a constitution: read, explained and compared with itself, or refused with mistakes that say where.
#![no_main]

use charter_fuzz::KERNEL;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let kernel = &*KERNEL;
    charter_fuzz::within_limit(|| match charter::read_constitution(text, kernel) {
        Err(mistakes) => charter_fuzz::sound(&mistakes),
        Ok(constitution) => {
            let explained = charter::explain_constitution(&constitution, kernel, None);
            assert_eq!(explained.len(), constitution.clauses.len());
            let rules = charter::Rules::new(kernel.clone(), constitution);
            assert!(charter::diff(&rules, &rules).is_empty());
        }
    });
});
