//! How rules change: texts that take over (`adoption`), kernels that are proposed (`amendment`) and assented to (`assent`).

mod adoption;
pub mod amendment;
pub(crate) mod assent;
pub mod brought;
pub(crate) mod texts;

pub use adoption::Assented;
pub(crate) use adoption::{is_held, without_place};
