//! One call to the forge, as it came in.

use serde_json::{Map, Value};

/// A request, read as a whole.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: String,
    /// The path as it was sent, escapes and all.
    pub path: String,
    /// Names and values behind the `?`, without escapes.
    pub query: Vec<(String, String)>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Call {
    /// Returns a call of a test's own making.
    #[must_use]
    pub fn new(method: &str, address: &str, token: &str, body: &Value) -> Call {
        let (path, query) = split(address);
        let headers = vec![("authorization".to_owned(), format!("Bearer {token}"))];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        Call {
            method: method.to_owned(),
            path,
            query,
            headers: if token.is_empty() { Vec::new() } else { headers },
            body,
        }
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a name behind the `?`.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The token that the caller shows, in any of the forms that the three forges take.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        if let Some(token) = self.header("private-token") {
            return Some(token);
        }
        let shown = self.header("authorization")?;
        ["Bearer ", "bearer ", "token ", "Token "].iter().find_map(|form| shown.strip_prefix(form)).or(Some(shown))
    }

    /// The body as an object; empty where there is none. GitLab's clients send forms at times, which count as text.
    pub fn fields(&self) -> Option<Map<String, Value>> {
        if self.body.is_empty() {
            return Some(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Some(fields),
            _ if self.header("content-type").is_some_and(|kind| kind.contains("form")) => {
                let text = String::from_utf8_lossy(&self.body);
                Some(pairs(&text).into_iter().map(|(name, value)| (name, Value::String(value))).collect())
            }
            _ => None,
        }
    }

    /// The steps of the path below `base`, without escapes.
    pub fn steps(&self, base: &str) -> Option<Vec<String>> {
        let rest = self.path.strip_prefix(base)?;
        Some(rest.split('/').filter(|step| !step.is_empty()).map(plain).collect())
    }
}

/// Splits an address into its path and what is asked behind the `?`.
pub fn split(address: &str) -> (String, Vec<(String, String)>) {
    match address.split_once('?') {
        Some((path, query)) => (path.to_owned(), pairs(query)),
        None => (address.to_owned(), Vec::new()),
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (plain(&name.replace('+', " ")), plain(&value.replace('+', " ")))
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// Undoes percent escapes.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
