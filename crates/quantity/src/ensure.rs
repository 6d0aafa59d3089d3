//! Invariants, asserted: a program that finds itself wrong says so, and does not go on.

use std::fmt;

/// Something that the program relies on does not hold. It is the program's own mistake, never that of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The finding, with the numbers of this case; lower case, no full stop.
    pub found: String,
    /// The source file that asserts it.
    pub file: &'static str,
    /// The line there, from 1.
    pub line: u32,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.found, self.file, self.line)
    }
}

impl std::error::Error for Broken {}

/// Leaves the function with [`Broken`] unless a condition holds; the other arguments say what was found, as `format!` takes them.
///
/// ```
/// use quantity::{Broken, ensure};
/// fn half(number: u32) -> Result<u32, Broken> {
///     ensure!(number.is_multiple_of(2), "{number} is odd");
///     Ok(number / 2)
/// }
/// assert_eq!(half(6), Ok(3));
/// assert_eq!(half(7).unwrap_err().found, "7 is odd");
/// ```
#[macro_export]
macro_rules! ensure {
    ($holds:expr, $($found:tt)+) => {
        if !$holds {
            return Err($crate::Broken { found: format!($($found)+), file: file!(), line: line!() }.into());
        }
    };
}
