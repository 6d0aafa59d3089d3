//! Any text laid out: refused for its form, or laid out once and for all with the same meaning and the same mistakes.
#![no_main]

use charter::{Constitution, Diagnostic, Kernel};
use charter_fuzz::{KERNEL, meaning};
use libfuzzer_sys::fuzz_target;

type Found = Vec<(&'static str, String)>;

fn codes(found: Vec<Diagnostic>) -> Found {
    found.into_iter().map(|one| (one.code, one.why)).collect()
}

fn as_kernel(text: &str) -> Result<String, Found> {
    charter::read_kernel(text).map(|kernel: Kernel| meaning(&kernel)).map_err(codes)
}

fn as_constitution(text: &str) -> Result<String, Found> {
    let read = charter::read_constitution(text, &KERNEL);
    read.map(|rules: Constitution| meaning(&rules)).map_err(codes)
}

fuzz_target!(|text: &str| {
    std::sync::LazyLock::force(&KERNEL);
    charter_fuzz::within_limit(|| match charter::format(text) {
        Err(mistakes) => charter_fuzz::sound(&mistakes),
        Ok(laid_out) => {
            assert_eq!(charter::format(&laid_out).as_ref(), Ok(&laid_out));
            assert_eq!(as_kernel(text), as_kernel(&laid_out));
            assert_eq!(as_constitution(text), as_constitution(&laid_out));
        }
    });
});
