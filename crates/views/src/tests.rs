//! The views of a small co-op built from acts, field by field.

mod election;
mod founders;
mod kept;
mod lists;
mod log;
mod power;
mod reports;
mod rules;
mod say;
mod sources;
mod weight;
mod world;
