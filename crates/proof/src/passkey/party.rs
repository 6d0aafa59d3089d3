//! The address that passkeys are for: one origin, and its whole host. Never a parent of the host.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The longest host. Source: RFC 1035, 2.3.4.
const LONGEST_HOST: usize = 253;

/// An origin at which passkeys work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    origin: String,
    host: String,
}

/// Why there are no passkeys at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoParty {
    /// Browsers keep passkeys to https, and to `localhost`.
    #[error("passkeys need `https`, or `http://localhost`")]
    Plain,
    /// The host is a number.
    #[error("passkeys need a name, and not the number of a machine: `localhost` for this one")]
    Number,
    /// It is not an origin: a scheme, a host in small letters, and at most a port.
    #[error("this is not an address that passkeys can be for")]
    NoOrigin,
}

impl Party {
    /// Reads an origin, as browsers write it: `https://coop.example`, with the port where it is not the usual one.
    ///
    /// # Errors
    /// Passkeys do not work there.
    ///
    /// ```
    /// use proof::passkey::{NoParty, Party};
    /// assert_eq!(Party::of("https://coop.example:8443").unwrap().host(), "coop.example");
    /// assert_eq!(Party::of("http://127.0.0.1:1844"), Err(NoParty::Number));
    /// assert_eq!(Party::of("http://coop.example"), Err(NoParty::Plain));
    /// ```
    pub fn of(origin: &str) -> Result<Self, NoParty> {
        let (scheme, authority) = origin.split_once("://").ok_or(NoParty::NoOrigin)?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let usual = if scheme == "https" { "443" } else { "80" };
        let is_port = |port: &str| {
            port != usual && !port.starts_with('0') && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !port.is_none_or(|port| !port.is_empty() && is_port(port)) {
            return Err(NoParty::NoOrigin);
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let last = host.rsplit('.').next().unwrap_or_default();
        if bare.parse::<IpAddr>().is_ok() || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(NoParty::Number);
        }
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_label = |label: &str| !label.is_empty() && label.len() <= 63 && label.bytes().all(known);
        if host.len() > LONGEST_HOST || !host.split('.').all(is_label) {
            return Err(NoParty::NoOrigin);
        }
        match scheme {
            "https" => {}
            "http" if host == "localhost" => {}
            "http" => return Err(NoParty::Plain),
            _ => return Err(NoParty::NoOrigin),
        }
        Ok(Self { origin: origin.to_owned(), host: host.to_owned() })
    }

    /// The host: the relying party's id.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The origin, to the letter.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_to_the_letter() {
        for right in ["https://coop.example", "https://a.b.coop.example:8443", "http://localhost:1844", "https://x"] {
            assert_eq!(Party::of(right).unwrap().origin(), right);
        }
        let table = [
            ("http://coop.example", NoParty::Plain),
            ("http://x.localhost", NoParty::Plain),
            ("https://10.0.0.1", NoParty::Number),
            ("https://[::1]:8443", NoParty::Number),
            ("https://[::1]", NoParty::Number),
            ("http://127.1:80", NoParty::NoOrigin),
            ("https://0x7f.1", NoParty::Number),
            ("https://Coop.example", NoParty::NoOrigin),
            ("https://coop.example/", NoParty::NoOrigin),
            ("https://coop.example:443", NoParty::NoOrigin),
            ("http://localhost:", NoParty::NoOrigin),
            ("http://localhost:080", NoParty::NoOrigin),
            ("https://coop.example.", NoParty::NoOrigin),
            ("https://a@coop.example", NoParty::NoOrigin),
            ("https://", NoParty::NoOrigin),
            ("android:apk-key-hash:x", NoParty::NoOrigin),
            ("ftp://coop.example", NoParty::NoOrigin),
            ("null", NoParty::NoOrigin),
        ];
        for (wrong, why) in table {
            assert_eq!(Party::of(wrong), Err(why), "{wrong}");
        }
    }
}
