//! Measures the square root of votes against the standard library's, and checks it against it on the way.
//!
//! `cargo run --release -p quantity --example root_bench` prints nanoseconds per root; with `--every` it first
//! checks the root at both edges of every square of 64 bits, one by one and in columns (two minutes; `script/nightly` does it).
#![expect(clippy::disallowed_methods, reason = "a benchmark reads a clock")]

use std::hint::black_box;
use std::time::Instant;

use quantity::{PPM, half_power, root_u64, votes, votes_each};

const COUNT: usize = 2_000_000;
const LEAF: usize = 256;

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
    let (weights, shares): (Vec<u64>, Vec<u32>) = ballots.iter().copied().unzip();
    measure("votes_each, leaf by leaf", || {
        let (mut votes, mut sum) = ([0; LEAF], 0_u64);
        for (weights, shares) in weights.chunks(LEAF).zip(shares.chunks(LEAF)) {
            votes_each(weights, shares, &mut votes);
            sum = votes.iter().take(weights.len()).fold(sum, |sum, votes| sum.wrapping_add(*votes));
        }
        sum
    });
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
    let (mut squares, mut lasts, mut found) = ([0; LEAF], [0; LEAF], [0; LEAF]);
    let ones = [1; LEAF];
    for begin in (0..=u32::MAX).step_by(LEAF) {
        for ((square, last), place) in squares.iter_mut().zip(&mut lasts).zip(0..) {
            let root = u64::from(begin + place);
            (*square, *last) = (root * root, root * root + 2 * root);
            assert_eq!(u64::from(root_u64(*square)), root, "at the square of {root}");
            assert_eq!(u64::from(root_u64(*last)), root, "before the square after {root}");
        }
        for edges in [squares, lasts] {
            votes_each(&edges, &ones, &mut found);
            let exact = found.iter().zip(u64::from(begin)..).all(|(found, root)| *found == root);
            assert!(exact, "in a column from the square of {begin} on");
        }
    }
    println!("every root of 64 bits is exact");
}
