//! Fading by halves: 2^-(age ÷ half-life) in 64-bit fixed point, and running values that fade by it.
//!
//! This page defines the result, and no mathematics library does, so that anybody can compute the same bits.
//! All numbers are non-negative integers, `//` and `>>` round down, and nothing exceeds 128 bits:
//!
//! ```python
//! from math import isqrt
//!
//! def table(j):                         # floor(2**(70 - j/64)), j in 0..64: the 64th root by six square roots
//!     n = 1 << (70 * 64 - j)
//!     for _ in range(6): n = isqrt(n)
//!     return n
//!
//! LN2 = 0xB17217F7D1CF79AB              # floor(ln 2 × 2**64)
//!
//! def half_power(age, half_life):       # both in microseconds, 0 .. 2**64 - 1
//!     if age == 0: return 1 << 63
//!     if half_life == 0: return 0
//!     q, r = divmod(age, half_life)     # whole halvings
//!     if q >= 64: return 0
//!     f = -(-(r << 61) // half_life)    # the rest in 2**-61 of a halving, rounded up
//!     if f == 1 << 61: q, f = q + 1, 0
//!     j, g = f >> 55, f & ((1 << 55) - 1)
//!     x = ((g << 9) * LN2) >> 64        # g × ln 2, scale 2**70, below 0.0109
//!     h = 1 << 63                       # (1 - e**-x) ÷ x by its series, scale 2**63
//!     for k in (8, 7, 6, 5, 4, 3, 2): h = (1 << 63) - ((x * h) >> 70) // k
//!     e = (x * h) >> 63                 # 1 - e**-x, scale 2**70
//!     t = table(j)
//!     v = t - ((e * (t >> 7)) >> 63) - (8 if g else 0)
//!     return v >> (7 + q)
//! ```
//!
//! Proof of the bounds. Rounding f up costs less than ln 2 × 2^-61. From f on, v is never above the exact
//! value and less than 2^-66 below it: the roundings lift it by less than 6 × 2^-70 and lower it by less than 5,
//! and the constant 8 turns that into "never above" (the series is cut at x^9 ÷ 9! < 2^-77). The last shift
//! costs less than 2^-63. Together: below by less than 2^-60, never above. Two neighbouring f differ by at
//! least 2^-62.6, far more than v can be wrong, so the result never rises with age.

use crate::{Moment, mul_div};
use serde::{Deserialize, Serialize};

/// Computes 2^-(age ÷ half-life) with 63 fractional bits (1.0 is 2^63), both times in microseconds.
///
/// The result is rounded toward zero: it is never above the exact value and less than 2^-60 below it. It is exact at
/// whole halvings up to 63, and never rises with age. A half-life of 0 gives 0 at once, but 1.0 at age 0. The module's
/// page has the specification, bit for bit.
///
/// ```
/// use quantity::half_power;
/// assert_eq!(half_power(0, 10), 1 << 63);
/// assert_eq!(half_power(30, 10), 1 << 60);
/// ```
pub fn half_power(age_us: u64, half_life_us: u64) -> u64 {
    if age_us == 0 {
        return ONE;
    }
    let (Some(whole), Some(rest)) = (age_us.checked_div(half_life_us), age_us.checked_rem(half_life_us)) else {
        return 0;
    };
    if whole >= 64 {
        return 0;
    }
    // `f` of the page: the part of a halving, rounded up.
    let steps = (u128::from(rest) << 61).div_ceil(u128::from(half_life_us)) as u64;
    // All 61 bits set and one more is a whole halving; the carry arrives in `whole` by itself.
    let whole = whole.saturating_add(steps >> 61);
    let fraction = steps & ((1 << 61) - 1);
    let below = fraction & ((1 << 55) - 1);

    // `t`, `x` and `h` of the page: the table's value, and the series between two of its places.
    let start = POWERS.get((fraction >> 55) as usize).copied().unwrap_or(1 << 70);
    let x = (u128::from(below << 9).wrapping_mul(LN_2)) >> 64;
    let one = u128::from(ONE);
    let series = [8_u128, 7, 6, 5, 4, 3, 2].into_iter().fold(one, |h, k| {
        let term = (x.wrapping_mul(h) >> 70).checked_div(k).unwrap_or(0);
        one.wrapping_sub(term)
    });
    // `v` of the page: the bias keeps it below the exact value.
    let fallen = x.wrapping_mul(series) >> 63;
    let bias = if below == 0 { 0 } else { 8 };
    let value = start.wrapping_sub(fallen.wrapping_mul(start >> 7) >> 63).wrapping_sub(bias);
    value.wrapping_shr((whole as u32).wrapping_add(7)) as u64
}

/// A value that halves with every half-life, as of a moment.
///
/// It fades from one record to the next and is evaluated when it is needed. So it depends only on its own records, and
/// not on the number of evaluations in between.
///
/// ```
/// use quantity::{Faded, Moment};
/// let half_life_us = 10;
/// let given = Faded::default().plus(100).at(Moment(10), half_life_us).plus(5);
/// assert_eq!(given.pico(), 55_000_000_000_000);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Faded {
    /// The value at that moment, with 60 fractional bits, in the unit of the amounts.
    pub value: i128,
    /// The moment.
    pub at: Moment,
}

impl Faded {
    /// Returns the value as of `t`, rounded toward zero; unchanged when `t` is not after [`Faded::at`].
    ///
    /// ```
    /// use quantity::{Faded, Moment};
    /// let now = Faded { value: 8 << 60, at: Moment(0) };
    /// assert_eq!(now.at(Moment(30), 10).value, 1 << 60);
    /// assert_eq!(now.at(Moment(-5), 10), now);
    /// ```
    pub fn at(self, t: Moment, half_life_us: u64) -> Faded {
        if t <= self.at {
            return self;
        }
        let power = half_power(t.micros_since(self.at), half_life_us);
        Faded { value: scale(self.value, power), at: t }
    }

    /// Returns the value with an amount added at the same moment (taken away when negative); saturates.
    ///
    /// ```
    /// use quantity::Faded;
    /// assert_eq!(Faded::default().plus(-2).value, -2 << 60);
    /// ```
    pub fn plus(self, amount: i64) -> Faded {
        let amount = i128::from(amount) << 60;
        Faded { value: self.value.saturating_add(amount), at: self.at }
    }

    /// Returns the value in units of 10^-12, rounded toward zero; saturates.
    ///
    /// ```
    /// use quantity::Faded;
    /// assert_eq!(Faded::default().plus(3).pico(), 3_000_000_000_000);
    /// ```
    pub fn pico(self) -> i128 {
        mul_div(self.value, 1_000_000_000_000, 1 << 60)
    }
}

/// 1.0, as [`half_power`] says it.
pub(crate) const ONE: u64 = 1 << 63;

/// ⌊ln 2 × 2^64⌋
const LN_2: u128 = 0xb172_17f7_d1cf_79ab;

/// value × power ÷ 2^63 toward zero, by halves of the value.
fn scale(value: i128, power: u64) -> i128 {
    let (magnitude, power) = (value.unsigned_abs(), u128::from(power));
    // INVARIANT: power ≤ 2^63 and the high half ≤ 2^63, so that every term stays inside 127 bits.
    let high = (magnitude >> 64).wrapping_mul(power) << 1;
    let low = (magnitude & u128::from(u64::MAX)).wrapping_mul(power) >> 63;
    let scaled = high.wrapping_add(low).cast_signed();
    if value < 0 { scaled.wrapping_neg() } else { scaled }
}

/// ⌊2^(70 − j ÷ 64)⌋
static POWERS: [u128; 64] = [
    0x0040_0000_0000_0000_0000,
    0x003f_4f83_033d_21b0_5d21,
    0x003e_a0ec_b6dc_8a80_ce9f,
    0x003d_f437_dcc2_b44e_ee3f,
    0x003d_495f_4549_21b3_0b1e,
    0x003c_a05d_cf16_7fec_4e7a,
    0x003b_f92e_66f7_36bd_72d1,
    0x003b_53cc_07b6_650a_e118,
    0x003a_b031_b9f7_490e_4bb4,
    0x003a_0e5a_940f_12f7_1a1e,
    0x0039_6e41_b9df_20d2_2a07,
    0x0038_cfe2_5caf_a296_9442,
    0x0038_3337_bb0a_a538_4441,
    0x0037_983d_2097_83a4_48f7,
    0x0036_feed_e5f6_bc8d_d54f,
    0x0036_6745_709e_2bf5_ed7f,
    0x0035_d13f_32b5_a75a_bd0e,
    0x0035_3cd6_aaf3_fb7e_87d6,
    0x0034_aa07_647c_4ab9_1684,
    0x0034_18cc_f6bb_cac9_6535,
    0x0033_8923_0547_e120_38f8,
    0x0032_fb05_3fbc_9c9f_173d,
    0x0032_6e6f_619b_8bc9_e8a0,
    0x0031_e35d_322a_ee6c_5730,
    0x0031_59ca_8455_41b6_b74f,
    0x0030_d1b3_3689_25d9_01c8,
    0x0030_4b13_3299_9c25_159f,
    0x002f_c5e6_6d9e_9cc4_20ba,
    0x002f_4228_e7d6_030d_afaa,
    0x002e_bfd6_ac84_cf91_7edd,
    0x002e_3eeb_d1d8_bee7_ba46,
    0x002d_bf64_78ca_345d_e441,
    0x002d_413c_ccfe_7799_2116,
    0x002c_c471_04aa_4449_224f,
    0x002c_48fd_6074_ab09_63e1,
    0x002b_cede_2b5a_4290_dd37,
    0x002b_560f_ba90_a852_b192,
    0x002a_de8e_6d6a_4fb4_cdd9,
    0x002a_6856_ad3a_9f03_be15,
    0x0029_f364_ed3a_594d_5a67,
    0x0029_7fb5_aa6c_544e_3a87,
    0x0029_0d45_6b82_79a0_2783,
    0x0028_9c10_c0c3_125a_0626,
    0x0028_2c14_43ee_5c53_f086,
    0x0027_bd4c_9824_6844_6b68,
    0x0027_4fb6_69cb_3fed_d437,
    0x0026_e34e_6e75_5395_4e28,
    0x0026_7811_64c8_2dfe_9939,
    0x0026_0dfc_1463_6e2a_5bd1,
    0x0025_a50b_4dc8_0616_8012,
    0x0025_3d3b_ea3f_bdc2_584b,
    0x0024_d68a_cbc4_f9ba_4af4,
    0x0024_70f4_dcea_c470_cd83,
    0x0024_0c77_10c5_19ac_771d,
    0x0023_a90e_62d1_7354_f00b,
    0x0023_46b7_d6df_96ea_796d,
    0x0022_e570_78fa_a2f5_b9be,
    0x0022_8535_5d52_5bbf_6682,
    0x0022_2603_a024_b6a1_49d7,
    0x0021_c7d8_65a7_a344_040e,
    0x0021_6ab0_d9f3_121e_c531,
    0x0021_0e8a_30eb_3790_1186,
    0x0020_b361_a62b_0ae8_75cf,
    0x0020_5934_7cef_00c1_dcde,
];

#[cfg(test)]
mod tests;
