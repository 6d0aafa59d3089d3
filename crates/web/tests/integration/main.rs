//! The server on co-ops in memory, asked as browsers and programs ask.

#![allow(clippy::expect_used, reason = "helpers of tests are tests")]

mod acts;
mod adoption;
mod api;
mod doors;
mod first_run;
mod house;
mod invited;
mod powers;
mod record;
mod routes;
mod rules;
mod site;
mod tokens;
