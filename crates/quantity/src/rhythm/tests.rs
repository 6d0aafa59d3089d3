//! Tests of `rhythm`.
