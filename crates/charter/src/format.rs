//! The one canonical layout of a document (`docs/spec/format.md`). Prose is kept byte for byte; only what
//! stands in its `charter` blocks is laid out anew. It looks at form alone: rules may be wrong.

use crate::Diagnostic;
use crate::document;

/// The document in its canonical layout.
///
/// # Errors
/// Every mistake of form: a document that is too long (before or after), has no rules, or cannot be read.
///
/// ```
/// let mistakes = charter::format("office \"maintainer").unwrap_err();
/// assert_eq!(mistakes[0].code, "C003");
/// let laid_out = charter::format("office   \"x\" {settles-in #\"14 days\"# }").unwrap();
/// assert_eq!(laid_out, "office \"x\" { settles-in \"14 days\" }\n");
/// ```
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    document::lay_out(text)
}
