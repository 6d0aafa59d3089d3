//! `bridges`.
