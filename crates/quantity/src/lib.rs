//! `quantity`: money, weight, votes, moments, calendar periods, rhythms, rounding and fixed-point decay.
//!
//! Everything here is a pure function of its arguments, in integers: the same input gives the same bits on
//! every machine. It does not know the numbers' use (`engine` does), and reads no clock.
#![cfg_attr(not(test), deny(clippy::float_arithmetic, clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod cap;
mod column;
mod conviction;
mod decay;
mod ensure;
mod id;
mod index;
mod moment;
mod money;
mod natural;
mod pace;
mod period;
mod rhythm;
mod root;
mod span;
mod split;
mod wide;
mod zone;

pub use cap::{Binds, CapLevel, Falling, Settled, cap_level};
pub use column::{Column, Cursor};
pub use conviction::Conviction;
pub use decay::{Faded, half_power};
pub use ensure::Broken;
pub use id::{Id, Table};
pub use index::Index;
pub use moment::Moment;
pub use money::{Currency, Money, format_decimal, format_micro, parse_decimal, plain_decimal};
pub use natural::Natural;
pub use pace::give_way;
pub use period::{CalendarUnit, Period, Reach, month_index, month_start, months_later};
pub use rhythm::Rhythm;
pub use root::{FineRoots, RootSum, root_u64, root_u128, votes, votes_each, votes_split, votes_split_sum};
pub use span::Span;
pub use split::split;
pub use wide::{compare_products, mul_div, mul_div_u64, mul_down};
pub use zone::{CivilDay, Zone};

/// Parts in a whole: shares, scores and caps are counted in parts per million.
pub const PPM: u32 = 1_000_000;

/// Micro-units in a unit: weight and votes are counted in micro-weights and micro-votes.
pub const MICRO: u64 = 1_000_000;
