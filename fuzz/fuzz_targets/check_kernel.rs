//! Any text as a kernel: read, explained, compared with itself and laid out, or refused with mistakes that say where.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| charter_fuzz::within_limit(|| match charter::read_kernel(text) {
    Err(mistakes) => charter_fuzz::sound(&mistakes),
    Ok(kernel) => {
        assert!(charter::explain_kernel(&kernel, None).iter().all(|one| !one.sentences.is_empty()));
        let constitution = charter::read_constitution("", &kernel).expect("nothing is a constitution");
        let rules = charter::Rules::new(kernel, constitution);
        assert!(charter::diff(&rules, &rules).is_empty());
    }
}));
