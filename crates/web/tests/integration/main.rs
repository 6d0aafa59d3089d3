//! The server on co-ops in memory, asked as browsers and programs ask.

#![allow(clippy::expect_used, reason = "helpers of tests are tests")]

mod acts;
mod adoption;
mod api;
mod applications;
mod bridges;
mod brings;
mod commitments;
mod credit;
mod devices;
mod doors;
mod first_run;
mod founded;
mod hearings;
mod house;
mod invited;
mod issuers;
mod letters;
mod move_in;
mod outbox;
mod passkeys;
mod pools;
mod powers;
mod record;
mod register;
mod releases;
mod requests;
mod routes;
mod rules;
mod services;
mod silence;
mod site;
mod supplies;
mod test_coop;
mod till;
mod tokens;
mod ways;
mod who;
