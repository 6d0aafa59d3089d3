//! English.

pub mod home;
