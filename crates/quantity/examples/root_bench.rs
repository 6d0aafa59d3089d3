//! Measures the square root of votes against the standard library's, and checks it against it on the way.
//!
//! `cargo run --release -p quantity --example root_bench` prints nanoseconds per root; with `--every` it first
//! checks the root at both edges of every square of 64 bits (half a minute).
#![expect(clippy::disallowed_methods, reason = "a benchmark reads a clock")]

use std::hint::black_box;
use std::time::Instant;

use quantity::{PPM, half_power, root_u64, votes};

const COUNT: usize = 2_000_000;

fn main() {
    if std::env::args().any(|argument| argument == "--every") {
        check_every_square();
    }
    let ballots: Vec<(u64, u32)> = (0..COUNT as u64)
        .map(|i| {
            let mixed = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (mixed >> 24, (mixed % u64::from(PPM)) as u32)
        })
        .collect();
    measure("votes (table, one Newton step)", || ballots.iter().map(|(weight, share)| votes(*weight, *share)).sum());
    measure("u64::isqrt", || {
        let root = |(weight, share): &(u64, u32)| weight.wrapping_mul(u64::from(*share)).isqrt();
        ballots.iter().map(root).sum()
    });
    measure("root_u64, each after the other", || {
        ballots.iter().fold(0, |last, (weight, _)| u64::from(root_u64(weight.wrapping_shl(20) ^ (last & 0xff))))
    });
    measure("half_power", || ballots.iter().map(|(age, _)| half_power(*age, 31_536_000_000_000) >> 32).sum());
}

fn measure(name: &str, work: impl Fn() -> u64) {
    let best = (0..9)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .min();
    let nanoseconds = best.unwrap_or_default().as_nanos() as usize * 100 / COUNT;
    println!("{name:32} {}.{:02} ns", nanoseconds / 100, nanoseconds % 100);
}

fn check_every_square() {
    for root in 0..=u32::MAX {
        let square = u64::from(root) * u64::from(root);
        assert_eq!(root_u64(square), root, "at the square of {root}");
        assert_eq!(root_u64(square + 2 * u64::from(root)), root, "before the square after {root}");
    }
    println!("every root of 64 bits is exact");
}
