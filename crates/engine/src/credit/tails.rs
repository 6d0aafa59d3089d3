//! Weeks in which a person made nothing, in closed form: what flows through a run of them, back out of it, and stays in each. A run leads
//! from one week with items to another, or to the end of all weeks, where the flow that has nowhere to go stays in the last one.
//!
//! A run's first week returns a(k) = γb ÷ (1 − γf × a(k − 1)) of what enters it, which solves the rows of the run from its near end; all else
//! follows from it. Parts are of 2^64, rounded down.

use super::parameters::Parameters;

/// Runs that are longer let nothing through: a part at least halves from week to week, since no γ is above 0.4.
const REACH: usize = 128;

/// Values by the length of a run, from 0 to [`REACH`].
#[derive(Debug)]
pub struct Tails {
    between: Vec<Between>,
    end: Vec<Ends>,
}

/// A run between two weeks with items.
#[derive(Clone, Copy, Debug, Default)]
pub struct Between {
    /// From the week before the run to the week after it, and the other way round.
    pub through: u64,
    pub through_back: u64,
    /// From either back to itself.
    pub back: u64,
    /// The parts that the last week of a run of this length has of the week before the run, and of the week after it.
    pub of_before: u64,
    pub of_after: u64,
}

/// A run to the end of all weeks: the first week of it has such a part of the week beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends {
    /// At the last week of all.
    pub last: u64,
    /// At the first one.
    pub first: u64,
}

impl Tails {
    pub fn of(parameters: &Parameters) -> Self {
        let forward = part_of_ppm(u64::from(parameters.gamma_forward_ppm));
        let back = part_of_ppm(u64::from(parameters.gamma_back_ppm));
        let mut run = Between { through: forward, through_back: back, ..Between::default() };
        let mut between = vec![run];
        let mut ends = Ends { last: over(forward, forward), first: over(back, back) };
        let mut end = vec![Ends::default()];
        for _ in 0..REACH {
            let of_after = over(back, run.back);
            run = Between {
                through: times(forward, over(run.through, run.back)),
                through_back: times(back, over(run.through_back, run.back)),
                back: times(forward, of_after),
                of_before: over(run.through, run.back),
                of_after,
            };
            between.push(run);
            end.push(ends);
            ends = Ends { last: over(forward, times(back, ends.last)), first: over(back, times(forward, ends.first)) };
        }
        Self { between, end }
    }

    /// The values of a run of `length` weeks between two weeks with items.
    pub fn between(&self, length: u32) -> Between {
        self.between.get((length as usize).min(REACH)).copied().unwrap_or_default()
    }

    /// The values of a run of `length` weeks to an end; those of no week are 0.
    pub fn end(&self, length: u32) -> Ends {
        self.end.get((length as usize).min(REACH)).copied().unwrap_or_default()
    }

    /// The flow through each week of a run between two, from the last week of it to the first, with how far it is from the week before the run.
    pub fn inside(&self, before: u128, after: u128, length: u32) -> Vec<(u32, u128)> {
        let reach = REACH as u32;
        let mut inside = Vec::new();
        let mut next = after;
        let mut at = length;
        while at > 0 {
            let run = self.between(at);
            let flow = share(before, run.of_before).saturating_add(share(next, run.of_after));
            inside.push((at, flow));
            next = flow;
            // Nothing reaches the middle of a long run from either end.
            if flow == 0 && at > reach {
                at = reach.saturating_add(1);
            }
            at = at.saturating_sub(1);
        }
        inside.retain(|(_, flow)| *flow > 0);
        inside
    }
}

/// A number of millionths as a part of 2^64.
pub fn part_of_ppm(ppm: u64) -> u64 {
    let part = (u128::from(ppm) << 64).checked_div(1_000_000).unwrap_or(0);
    u64::try_from(part).unwrap_or(u64::MAX)
}

/// a × part, rounded down. `a` is a flow below 2^112.
pub fn share(a: u128, part: u64) -> u128 {
    let part = u128::from(part);
    let (high, low) = (a >> 64, a & u128::from(u64::MAX));
    // INVARIANT: high is below 2^48, low and part below 2^64, so that neither product nor the sum overflows.
    high.wrapping_mul(part).wrapping_add(low.wrapping_mul(part) >> 64)
}

/// a × b of two parts, rounded down.
fn times(a: u64, b: u64) -> u64 {
    (u128::from(a).wrapping_mul(u128::from(b)) >> 64) as u64
}

/// part ÷ (1 − returned), rounded down.
fn over(part: u64, returned: u64) -> u64 {
    let rest = (1_u128 << 64).saturating_sub(u128::from(returned));
    let quotient = (u128::from(part) << 64).checked_div(rest).unwrap_or(0);
    u64::try_from(quotient).unwrap_or(u64::MAX)
}
