//! Tests of `decay`.
