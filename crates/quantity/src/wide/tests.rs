//! Tests of `wide`.
