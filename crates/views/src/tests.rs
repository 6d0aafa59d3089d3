//! What readers are told, field by field, of a small co-op built from acts.

mod election;
mod lists;
mod log;
mod power;
mod reports;
mod rules;
mod say;
mod weight;
mod world;
