//! Tests of `period`.
