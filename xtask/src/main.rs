//! Style checks.
fn main() {}
