//! Tests of `cap`.
