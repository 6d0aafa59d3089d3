//! One answer of the forge.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::sign::hex;

/// An answer, before faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP's status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// JSON, or nothing.
    pub body: String,
}

impl Answer {
    /// An answer in JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Answer {
        let headers = vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())];
        Answer { status, headers, body: body.to_string() }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: String::new() }
    }

    /// With one header more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Answer {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The body as JSON; null where there is none.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The value of a header, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// With the mark of what was answered, and 304 where the caller has it already. GitHub and GitLab do this, Gitea does not.
    #[must_use]
    pub fn marked(self, call: &Call) -> Answer {
        if call.method != "GET" || self.status != 200 {
            return self;
        }
        let mark = format!("W/\"{}\"", hex(&Sha256::digest(self.body.as_bytes())).get(..32).unwrap_or_default());
        if call.header("if-none-match") == Some(mark.as_str()) {
            let mut unchanged = self.with("ETag", &mark);
            (unchanged.status, unchanged.body) = (304, String::new());
            return unchanged;
        }
        self.with("ETag", mark)
    }
}
