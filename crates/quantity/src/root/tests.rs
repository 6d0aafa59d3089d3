//! Tests of `root`.
