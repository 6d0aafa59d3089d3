//! The operator's list of issuers, a file of JSON. Secrets are in files of their own beside it, never in the list and never in a
//! co-op's data file.

use std::fmt;

use bridges::forge::{Dialect, Reach, checked};
use serde::Deserialize;

/// The most issuers of a list.
pub const MOST_ISSUERS: usize = 12;
/// The longest list, and the longest secret's file, bytes.
pub const LONGEST_LIST: u64 = 65_536;
/// The longest of a name, a title, an id of a client, and a secret, bytes.
const LONGEST_WORD: usize = 300;

/// The issuers of a server.
#[derive(Debug, Default)]
pub struct List {
    pub(super) issuers: Vec<Issuer>,
    pub(super) reach: Reach,
}

/// An issuer.
#[derive(Debug)]
pub struct Issuer {
    /// Its name in addresses: small letters, digits and `-`.
    pub name: String,
    /// Its name on pages.
    pub title: String,
    /// How it is asked.
    pub kind: Kind,
    pub(super) client: String,
    pub(super) secret: Option<Secret>,
}

/// How an issuer is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By OpenID Connect.
    OpenId {
        /// Its `iss`, to the letter.
        issuer: String,
    },
    /// By a forge's OAuth 2.0.
    Forge {
        /// The forge's interface.
        dialect: Dialect,
        /// Its address, without a slash at the end.
        at: String,
    },
}

/// A client's secret. It shows itself to nobody.
pub struct Secret(String);

impl Secret {
    pub(super) fn show(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("…")
    }
}

/// Why a list is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoList {
    /// It is no JSON of a list's form.
    #[error("the list of issuers cannot be read: {0}")]
    Json(String),
    /// An issuer is wrong; its place in the list, from 1, and why.
    #[error("issuer {place} of the list: {why}")]
    Issuer {
        /// From 1.
        place: usize,
        /// In words.
        why: String,
    },
    /// There are too many.
    #[error("a server has {MOST_ISSUERS} issuers at most")]
    TooMany,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    title: Option<String>,
    kind: String,
    /// The `iss` of an OpenID provider.
    issuer: Option<String>,
    /// The address of a forge.
    at: Option<String>,
    client: String,
    secret_file: Option<String>,
}

impl List {
    /// Reads a list. `secret` gives the text of a file that a row names; calls go as far as `reach`.
    ///
    /// # Errors
    /// As [`NoList`].
    pub fn read(json: &str, reach: Reach, secret: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, NoList> {
        let rows: Vec<Row> = serde_json::from_str(json).map_err(|error| NoList::Json(error.to_string()))?;
        if rows.len() > MOST_ISSUERS {
            return Err(NoList::TooMany);
        }
        let mut issuers: Vec<Issuer> = Vec::new();
        for (before, row) in rows.into_iter().enumerate() {
            let issuer = row.issuer(reach, secret);
            let issuer = issuer.and_then(|issuer| {
                let is_same = |known: &&Issuer| known.name == issuer.name || known.kind == issuer.kind;
                match issuers.iter().find(is_same) {
                    Some(known) => Err(format!("it is the same as `{}`, by name or by address", known.name)),
                    None => Ok(issuer),
                }
            });
            issuers.push(issuer.map_err(|why| NoList::Issuer { place: before.saturating_add(1), why })?);
        }
        Ok(Self { issuers, reach })
    }
}

impl Row {
    fn issuer(self, reach: Reach, secret: &dyn Fn(&str) -> Result<String, String>) -> Result<Issuer, String> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.bytes().all(plain) {
            return Err("its `name` is 1 to 40 small letters, digits and `-`: it is part of an address".to_owned());
        }
        let title = self.title.unwrap_or_else(|| self.name.clone());
        if title.trim().is_empty() || title.len() > LONGEST_WORD || title.chars().any(char::is_control) {
            return Err("its `title` is a short text of one line".to_owned());
        }
        let is_word =
            |text: &str| (1..=LONGEST_WORD).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if !is_word(&self.client) {
            return Err("its `client` is the word by which the issuer knows this server".to_owned());
        }
        let kind = match (self.kind.as_str(), self.issuer, self.at) {
            ("openid", Some(issuer), None) => {
                checked(&issuer, reach)?;
                if issuer.contains(['?', '#']) {
                    return Err("its `issuer` has neither `?` nor `#`".to_owned());
                }
                Kind::OpenId { issuer }
            }
            ("openid", ..) => return Err("an `openid` has an `issuer`, and no `at`".to_owned()),
            (forge, None, at) => {
                let dialect = Dialect::parse(forge).ok_or_else(|| {
                    format!("`{forge}` is no kind of issuer: openid, github, gitlab or gitea (forgejo)")
                })?;
                let at = match (at, dialect) {
                    (Some(at), _) => at,
                    (None, Dialect::Github) => "https://github.com".to_owned(),
                    (None, Dialect::Gitlab) => "https://gitlab.com".to_owned(),
                    (None, Dialect::Gitea) => return Err("it needs `at`, the address of the forge".to_owned()),
                };
                checked(&at, reach)?;
                if at.ends_with('/') || at.contains(['?', '#']) {
                    return Err("its `at` is the forge's address without a slash at the end".to_owned());
                }
                Kind::Forge { dialect, at }
            }
            _ => return Err("a forge has `at`, and no `issuer`".to_owned()),
        };
        let secret = match self.secret_file {
            Some(file) => {
                let text = secret(&file).map_err(|why| format!("its `secret_file` cannot be read: {why}"))?;
                let text = text.trim();
                if !is_word(text) {
                    return Err("its `secret_file` holds one word".to_owned());
                }
                Some(Secret(text.to_owned()))
            }
            None => None,
        };
        Ok(Issuer { name: self.name, title, kind, client: self.client, secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<List, String> {
        let secret =
            |file: &str| if file == "club.secret" { Ok("s3cret\n".to_owned()) } else { Err("absent".to_owned()) };
        List::read(json, Reach::Public, &secret).map_err(|why| why.to_string())
    }

    #[test]
    fn a_list_is_read_with_the_secrets_of_its_files() {
        let list = read(
            r#"[{"name":"club","title":"The club","kind":"openid","issuer":"https://login.example.org/","client":"c","secret_file":"club.secret"},
                {"name":"hub","kind":"github","client":"d"},
                {"name":"berg","kind":"forgejo","at":"https://codeberg.org","client":"e"}]"#,
        )
        .unwrap();
        assert_eq!(list.issuers[0].kind, Kind::OpenId { issuer: "https://login.example.org/".to_owned() });
        assert_eq!(list.issuers[0].secret.as_ref().map(Secret::show), Some("s3cret"));
        assert!(!format!("{list:?}").contains("s3cret"));
        assert_eq!((list.issuers[1].title.as_str(), list.issuers[1].secret.is_none()), ("hub", true));
    }

    #[test]
    fn a_wrong_row_is_named_with_its_place() {
        let good = r#"{"name":"club","kind":"openid","issuer":"https://login.example.org","client":"c"}"#;
        let table = [
            (r#"{"name":"Club!","kind":"github","client":"c"}"#, "its `name`"),
            (r#"{"name":"x","kind":"saml","client":"c"}"#, "`saml` is no kind"),
            (r#"{"name":"x","kind":"openid","client":"c"}"#, "has an `issuer`"),
            (r#"{"name":"x","kind":"openid","issuer":"http://login.example.org","client":"c"}"#, "use `https`"),
            (r#"{"name":"x","kind":"openid","issuer":"https://10.0.0.1","client":"c"}"#, "inside a network"),
            (r#"{"name":"x","kind":"openid","issuer":"https://x.example?a","client":"c"}"#, "neither"),
            (r#"{"name":"x","kind":"gitea","client":"c"}"#, "needs `at`"),
            (r#"{"name":"x","kind":"gitea","at":"https://x.example/","client":"c"}"#, "without a slash"),
            (r#"{"name":"x","kind":"github","issuer":"https://x.example","client":"c"}"#, "no `issuer`"),
            (r#"{"name":"x","kind":"github","client":"c d"}"#, "`client`"),
            (r#"{"name":"x","kind":"github","client":"c","secret_file":"none"}"#, "absent"),
            (r#"{"name":"club","kind":"github","client":"c"}"#, "same as `club`"),
            (r#"{"name":"x","kind":"openid","issuer":"https://login.example.org","client":"c"}"#, "same as `club`"),
            (r#"{"name":"x","kind":"github","client":"c","secret":"s"}"#, "unknown field"),
        ];
        for (row, why) in table {
            let found = read(&format!("[{good},{row}]")).map(|_| ()).unwrap_err();
            assert!(found.contains(why), "{row}: {found}");
            assert!(found.contains("issuer 2") || found.contains("cannot be read"), "{found}");
        }
        let many = vec![good; MOST_ISSUERS + 1].join(",");
        assert_eq!(read(&format!("[{many}]")).map(|_| ()), Err(NoList::TooMany.to_string()));
        assert!(read("[]").is_ok() && read("{").is_err());
    }
}
