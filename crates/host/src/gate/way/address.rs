//! A mail address as a way in: whoever reads its mail comes in by a link.

use serde::{Deserialize, Serialize};

/// The most addresses of one member.
pub(super) const MOST_ADDRESSES: usize = 3;
/// The most bytes of an address (RFC 5321, 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

/// An address, proven by a link that was sent there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// As its member writes it.
    pub address: String,
}

impl Address {
    /// Whether two texts are one address.
    pub(super) fn is_same(one: &str, other: &str) -> bool {
        one.trim().to_lowercase() == other.trim().to_lowercase()
    }

    /// Capitals tell no two mailboxes apart here.
    pub(super) fn key(&self) -> String {
        format!("address:{}", self.address.to_lowercase())
    }
}

/// An address in a form that mail programs take: one `@`, a host with a dot or `localhost`, and nothing that ends a header.
#[must_use]
pub fn checked_address(typed: &str) -> Option<Address> {
    let typed = typed.trim();
    let (local, host) = typed.rsplit_once('@')?;
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let bad = |letter: char| "@<>()[]\\,;:\"".contains(letter);
    let hosted = host == "localhost" || host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    let fits = typed.len() <= LONGEST_ADDRESS && local.len() <= 64;
    let whole = plain(local) && plain(host) && !local.contains(bad) && !host.contains(bad) && hosted && fits;
    whole.then(|| Address { address: typed.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_mail_program_takes_is_an_address() {
        for good in ["member-001@example.org", " a+b@c.d ", "x@localhost"] {
            assert!(checked_address(good).is_some(), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in ["", "a", "@b.c", "a@", "a@b", "a@b.", "a b@c.d", "a@b.c\r\nBcc: x@y.z", "<a@b.c>", "a@b@c.d", &long]
        {
            assert!(checked_address(bad).is_none(), "{bad}");
        }
        let key = |typed: &str| checked_address(typed).unwrap().key();
        assert_eq!(key("A@B.org"), key("a@b.ORG"));
    }
}
