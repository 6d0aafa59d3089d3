//! A formula's value, explained line by line.

/// One line of an explanation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceLine {
    /// 0 for the whole, one more for each part of a part.
    pub depth: u8,
    /// What it is, such as `donated last month`.
    pub words: String,
    /// What it comes to, such as `12.00 USD`, `3 hours`, `2.5`, `yes`.
    pub value: String,
}
