//! English.

pub mod edition;
pub mod home;
