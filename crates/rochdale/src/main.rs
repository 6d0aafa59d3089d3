//! `rochdale`.
fn main() {}
