//! English.

pub mod api;
pub mod ballot;
pub mod constitution;
pub mod document;
pub mod dry_run;
pub mod edition;
pub mod editor;
pub mod fork;
pub mod founding;
pub mod home;
pub mod invitation;
pub mod kernel;
pub mod log;
pub mod me;
pub mod members;
pub mod names;
pub mod numbers;
pub mod outlook;
pub mod power;
pub mod preview;
pub mod ranking;
pub mod refusal;
pub mod rules;
pub mod time;
pub mod weight;
