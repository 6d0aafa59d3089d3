//! Bridges to files: outside records become facts, a book becomes files that other tools read.
//!
//! A bridge has no rules and does not know the engine. It reads a file strictly and reports every mistake with its
//! line and column. It hands out no fact unless the whole file is right. The effect of a fact on anyone's
//! weight is decided elsewhere.
//!
//! [`open`] validates a file and returns a [`Source`], which hands out its [`Fact`]s oldest first. [`export`] writes files.

pub mod balances;
mod cell;
mod commits;
mod encoding;
pub mod export;
mod fact;
mod far_end;
mod file;
pub mod forge;
mod issues;
mod kind;
mod layout;
mod members;
mod mistake;
pub mod open_collective;
mod order;
mod repository;
mod source;
mod support;
mod table;
mod text;
mod window;

pub use encoding::as_text;
pub use fact::{By, Fact, Identity, MICRO_CREDITS, Note, Place, Posting, Unit, What};
pub use far_end::FarEnd;
pub use issues::place_of_page;
pub use issues::work::{ForgeWork, WorkChange, WorkIssue, WorkReview};
pub use kind::Kind;
pub use layout::{Layout, Mapping, Origin, columns_of, layout_of};
pub use mistake::{Mistake, Refused};
pub use repository::lineage::{Commit as LinkedCommit, Lineage, read_lineage};
pub use source::{Paper, Source, Summary, open, open_in, open_mapped, read_dues, read_register};
pub use support::accounts_of;
pub use text::{is_hidden, is_refused_in_name};
