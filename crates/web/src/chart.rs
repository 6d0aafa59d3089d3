//! Pictures as inline SVG, drawn on the server from integers. Each comes with a title, a description and its numbers as a table.
//! No picture decides or rounds anything that people read elsewhere: floats are for places on paper only.

mod balance;
mod buckets;
mod curve;
mod fade;
mod figure;
mod flow;
mod gains;
mod opposed;
mod pen;
mod pool;
mod requests;
mod scale;
mod stack;
mod votes;

pub use balance::balance;
pub use buckets::{bucket_level, buckets, option_level};
pub use curve::curve;
pub use fade::fade;
pub use figure::{Figure, Table};
pub use flow::flow;
pub use gains::gains;
pub use opposed::{opposed, opposed_table};
pub use pool::goal;
pub use requests::needed;
pub use stack::{classes, shares};
pub use votes::votes;

#[cfg(test)]
mod tests;
