//! How rules change: texts that take over (`adoption`), kernels that are proposed (`amendment`) and assented to (`assent`),
//! and how long members have had weight (`tenure`).

mod adoption;
pub mod amendment;
pub(crate) mod assent;
pub mod brought;
pub mod tenure;
pub(crate) mod texts;

pub use adoption::Assented;
pub(crate) use adoption::{Keys, without_place};
