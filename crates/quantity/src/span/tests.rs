//! Tests of `span`.
