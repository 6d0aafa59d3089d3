//! `engine`.
#![cfg_attr(
    not(test),
    deny(
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]
