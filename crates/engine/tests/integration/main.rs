//! The engine from outside: what the specification's pages say of acts and refusals, the founding period, and the templates' documents.

#![allow(clippy::unwrap_used, reason = "a helper that fails stops its test")]

mod founding;
mod seated;
mod spec;
mod templates;
