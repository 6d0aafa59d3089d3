//! Tests of `moment`.
