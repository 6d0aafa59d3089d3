//! The shared part of the fuzz targets: a limit on the memory that our code takes for one input, and the rules that
//! they check against. libFuzzer's own memory is not counted, since it does not come from Rust's allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use charter::Kernel;

/// The most bytes that one input may take at once: 64 MiB.
pub const MOST_MEMORY: usize = 64 << 20;

/// The system's allocator, with a count of the bytes taken.
struct Counted;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed on to the system's allocator as it came; only numbers are kept beside it.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(now, Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

/// Runs `work`, and panics if it takes more memory at once than it may.
pub fn within_limit(work: impl FnOnce()) {
    let before = NOW.load(Relaxed);
    MOST.store(before, Relaxed);
    work();
    let taken = MOST.load(Relaxed).saturating_sub(before);
    assert!(taken <= MOST_MEMORY, "took {taken} bytes at once");
}

/// Asserts that there are mistakes, in order, each with a message and a place.
pub fn sound(mistakes: &[charter::Diagnostic]) {
    assert!(!mistakes.is_empty() && mistakes.is_sorted());
    for mistake in mistakes {
        assert!(mistake.line > 0 && mistake.column > 0 && !mistake.name.is_empty() && !mistake.why.is_empty());
    }
}

/// Returns the content of a document, without its places and layout.
pub fn meaning(rules: &impl std::fmt::Debug) -> String {
    let digits = |letter: char| letter.is_ascii_digit();
    let written = format!("{rules:?}");
    let mut meaning = String::new();
    for part in written.split_inclusive("line: ") {
        for part in part.trim_start_matches(digits).split_inclusive("column: ") {
            meaning.push_str(part.trim_start_matches(digits));
        }
    }
    // The words that a note underlines.
    let mut parts = meaning.split("words: \"");
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |all, part| all + part.split_once("why: ").map_or(part, |(_, why)| why))
}

/// The kernel that constitutions are checked against.
pub static KERNEL: LazyLock<Kernel> = LazyLock::new(|| {
    charter::read_kernel(
        r#"kernel {
            name "hledger"; purpose "Keep plain-text accounting dependable"; currency "USD"; time-zone "UTC"
            class "patrons" { weight "min(donated(last month), pledged(next month)) / 1 USD" }
            class "contributors" list="contributor-list" { weight "contributed(last year)" }
            constitution { settles-in "30 days"; updates "weekly on monday at 01:00" }
        }"#,
    )
    .expect("the fuzz targets' own kernel")
});
