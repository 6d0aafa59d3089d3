//! SQLite's errors in the words of an operator.

use rusqlite::{Error, ErrorCode};

use crate::store::Fault;

/// Translates an error of SQLite into a fault.
pub(super) fn fault(error: Error) -> Fault {
    let words = words(&error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Fault::Full(words),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy(words),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch) => Fault::Damaged(words),
        Some(ErrorCode::ReadOnly) => Fault::Other("the data file cannot be written to".to_owned()),
        Some(_) => Fault::Other(format!("the data file failed: {words}")),
        // The other errors are values of a type or range that this program never writes.
        None => Fault::Damaged(words),
    }
}

/// Returns the message without the code's name and the SQL text that `rusqlite` puts around it.
fn words(error: &Error) -> String {
    match error {
        Error::SqliteFailure(_, Some(message)) => message.clone(),
        Error::SqliteFailure(code, None) => code.to_string(),
        other => other.to_string(),
    }
}
